"""Who meets whom: shares of the ring round a city, time on duty, jets, and engagements begun beside another one.

Mutations tried, each caught: a ring that is not closed; everybody guarding everything; the ring forgotten by the
permit; duty that ends when the last engagement begins, or is forgotten by the permit; the jets' ratio on missiles; a
shooter beside himself; an engagement beside one that has ended; all engagements the fighters'.
"""

import numpy as np
import pytest

from skyshield.engine import play
from skyshield.engine import tally as t
from skyshield.engine.scratch import BY_FIGHTERS, CLUSTERED
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.reach import guards
from skyshield.engine.world import JOINT
from support.worlds import (
    SEED,
    fight,
    hand_raid,
    make_fleets,
    make_forces,
    make_raids,
    make_risks,
    make_routes,
    make_rules,
    make_world,
    permitted,
    play_nights,
    u,
)

ROUTES = make_routes()
RULES = make_rules(length_m=ROUTES.length_m)


def ring(n, share, **more):
    """Place n shooters side by side, each with its share of the ring, one after another."""
    forces = make_forces((((0.0, 0.0),) * n,), max_shots=1, channels=50, **more)
    return forces._replace(ring_from=np.tile(np.arange(n) * share, (1, 1, 1)),
                           ring_share=np.full((1, 1, n), share))


@pytest.mark.parametrize(("n", "share"), [(1, 0.25), (4, 0.15), (6, 0.15), (9, 0.35), (3, 1.0), (5, 0.0)])
def test_n_shooters_of_a_share_meet_n_shares_of_the_threats(n, share):
    """Each comes in by one place of the ring, which floor(n s) or one more of them hold: on average n s."""
    where = (np.arange(2_000) + 0.5) / 2_000
    forces = ring(n, share)
    held = np.array([[guards(forces, 0, 0, slot, x) for slot in range(n)] for x in where]).sum(axis=1)
    assert held.mean() == pytest.approx(n * share, abs=1e-3 * n)
    assert set(held) <= {int(n * share + 1e-9), int(n * share - 1e-9) + 1}


def test_only_who_comes_by_a_guarded_place_is_engaged():
    n, raid = hand_raid(ROUTES, np.arange(400) * 30.0)
    raid.ring_u[:] = (np.arange(n) * 7 % n + 0.5) / n
    fight(ROUTES, ring(4, 0.15), RULES, n, raid)
    assert (raid.engagements > 0).tolist() == (raid.ring_u < 0.6).tolist()


def test_nobody_is_saturated_by_threats_that_he_does_not_guard_against():
    world = make_world(make_raids(1, 1), ROUTES, forces=ring(2, 0.3, p_kill=1.0, work_s=1.0))
    counts = play_nights(world, [(300, 0, 0, 0)]).counts[0, 0, 0]
    came = np.array([u(JOINT, threat)[2] for threat in range(300)]) < 0.6
    assert counts[t.COALITION] == counts[t.ENGAGED] == came.sum() and counts[t.SATURATED] == 0


@pytest.mark.parametrize(("departure_s", "engagements"), [(0.0, 2), (9_940.0, 2), (9_941.0, 1), (9_970.0, 1),
                                                          (9_971.0, 0), (20_000.0, 0)])
def test_nothing_is_begun_that_would_end_after_the_time_on_duty(departure_s, engagements):
    """An engagement takes 30 s and is repeated once; the shooter goes at 10,000."""
    n, raid = hand_raid(ROUTES, [departure_s])
    forces = make_forces(p_kill=0.0, work_s=30.0, on_duty_until_s=np.array([[10_000.0]]))
    fight(ROUTES, forces, RULES, n, raid)
    assert raid.engagements[0] == engagements
    assert raid.could_shoot_s[0] == (departure_s + 30.0 if engagements else np.inf)


def test_by_day_only_those_meet_a_raid_who_are_on_duty():
    """A day raid leaves from 09:00 on, 54,000 s after 18:00: patrols of the night are gone, a battery is not."""
    forces = make_forces((((0.0, 0.0),), ((0.0, 0.0),)), p_kill=1.0, channels=100, work_s=1.0,
                         on_duty_until_s=np.array([[54_000.0], [np.inf]]))
    world = make_world(make_raids(1, 1, day_raid=(1.0, 1.0)), ROUTES, forces=forces)
    assert play_nights(world, [(200, 0, 0, 0)]).counts[0, 0, :, t.COALITION].tolist() == [0, 200]
    night = world._replace(raids=make_raids(1, 1))
    assert play_nights(night, [(200, 0, 0, 0)]).counts[0, 0, :, t.COALITION].tolist() == [200, 200]


@pytest.mark.parametrize(("munition", "met"), [(0, 1.0), (1, 1.0), (2, 1.0), (3, 0.25), (4, 0.25)])
def test_guns_and_drones_hit_a_jet_less_often(munition, met):
    """Missiles and rockets do not care; the draws are the same."""
    n, raid = hand_raid(ROUTES, np.arange(4_000) * 5.0)
    raid.jet[:] = np.arange(n) % 2
    forces = make_forces(p_kill=0.8, max_shots=1, work_s=1.0, munition=np.array([[munition]]),
                         jet_kill_ratio=np.array([0.25]))
    fight(ROUTES, forces, RULES, n, raid)
    for jet, p in ((0, 0.8), (1, 0.8 * met)):
        assert abs(raid.fate[raid.jet == jet].mean() - p) < 4.0 * np.sqrt(p * (1.0 - p) / (n / 2))


def engaged(departures_s, shooters=2, channels=1, fly=False, p_kill=1.0):
    """Let shooters with 60 s of work each engage; return how many begin beside another, and how many are fighters'."""
    forces = make_forces((((0.0, 0.0),) * shooters,), work_s=60.0, p_kill=p_kill, channels=channels)
    if fly:
        forces.ready_aircraft[:] = 2.0
    n, raid = hand_raid(ROUTES, departures_s)
    scratch = permitted(ROUTES, forces, RULES, n, raid)
    engage(ROUTES, forces, SEED, 0, 0, 0, n, scratch, raid)
    return scratch.engaged[CLUSTERED], scratch.engaged[BY_FIGHTERS], raid.engagements.sum()


@pytest.mark.parametrize(("departures_s", "beside"), [
    ((0.0, 0.0), 1), ((0.0, 59.0), 1), ((0.0, 0.0, 60.0), 1), ((0.0, 30.0, 55.0), 2), ((0.0, 1_000.0, 2_000.0), 0)])
def test_an_engagement_is_beside_another_one_if_that_is_in_work_when_it_begins(departures_s, beside):
    for fly in (False, True):
        clustered, by_fighters, all_of_them = engaged(departures_s, 3, fly=fly)
        assert (clustered, by_fighters, all_of_them) == (beside, fly * len(departures_s), len(departures_s))


def test_nobody_is_beside_himself():
    assert engaged(np.zeros(5), shooters=1, channels=5)[0] == 0
    assert engaged(np.zeros(6), shooters=2, channels=3)[0] == 3  # the first shooter's three, then the other's


@pytest.mark.parametrize("fly", [False, True])
def test_what_is_begun_beside_another_one_hits_a_friend_and_every_engagement_may_cost_a_fighter(fly):
    forces = make_forces((((0.0, 0.0),) * 3,), p_kill=0.5, work_s=60.0, days=4)
    forces.ready_aircraft[:] = forces.crews[:] = 2.0 * fly
    world = make_world(make_raids(4, 1), ROUTES, forces=forces, fleets=make_fleets(aircraft=100.0))
    played = {}
    for name, more in (("all", {"p_fratricide": 1.0, "p_fratricide_cluster": 1.0}), ("alone", {"p_fratricide": 1.0}),
                       ("beside", {"p_fratricide_cluster": 1.0}), ("lost", {"lost_per_engagement": 0.5})):
        played[name] = play(world._replace(risks=make_risks(**more)), 7, 0, 3)
    friends = {name: result.amounts[..., t.FRATRICIDE] for name, result in played.items()}
    shots = played["lost"].counts[..., t.MUNITIONS]
    assert (friends["all"] == shots).all() and (friends["alone"] + friends["beside"] == shots).all()
    assert friends["alone"].sum() > 0 and friends["beside"].sum() > 0 and not friends["lost"].any()
    assert (played["lost"].amounts[..., t.LOST_ENGAGING] == 0.5 * shots * fly).all()
