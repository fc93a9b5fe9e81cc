"""Channels, salvos, weapons, sensors, identification, the joint zone, the release chain, and aid.

Mutations tried, each caught: one channel for all; a salvo that stops at its first hit; the dearest weapon first; a
weapon that does not reach; rounds of one weapon taken from another; the gain of sensors applied to the tracked share;
identification asked where all is accepted; a forbidden class refused whatever it is taken for; a refusal counted under
the clause after the one to blame; the draws of identification and clearance exchanged; the release chain left out;
aid's stop after the own one counted; aid's draw shared with the own defence's.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import BLAMED, MUNITION_KINDS
from skyshield.engine import COUNTS
from skyshield.engine import tally as t
from skyshield.engine.steps.aid import draw_aid_uniforms, find_aid_stops
from skyshield.engine.world import AID_STOP, JOINT, ROUTE, SHOT
from support.worlds import (
    SEED,
    fight,
    hand_raid,
    make_aid,
    make_costs,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
    met_on,
    of_kinds,
    play_nights,
    u,
)

ROUTES = make_routes()
RULES = make_rules([[[(20_000.0, 60_000.0)]]], ROUTES.length_m)


def two_weapons(rounds=(2, 5), reach_m=(np.inf, np.inf), p_kill=(1e-300, 1e-300), **more):
    """One shooter, two weapons: the cheap one first; each counted as another munition."""
    forces = make_forces(**more)
    return of_kinds(
        forces, rounds=np.array([[rounds]], np.int64), weapon_reach_m=np.array([[reach_m]], float),
        p_kill=np.array([[[[p] * 3 for p in p_kill]]]),
        munition=np.array([[1, 2]]))


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_a_shooter_works_on_as_many_threats_as_it_has_channels(channels):
    n, raid = hand_raid(ROUTES, np.zeros(5))
    # a window of 800 s, engagements of 300 s: two after another on each channel
    fight(ROUTES, make_forces(work_s=300.0, channels=channels, max_shots=1), RULES, n, raid)
    assert raid.fate.sum() == min(5, 2 * channels)


def test_a_salvo_fires_all_its_shots_and_one_hit_is_enough():
    forces = make_forces(p_kill=0.4, max_shots=1)
    forces.salvo[:] = 3
    n, raid = hand_raid(ROUTES, np.arange(400.0) * 1e5)
    fight(ROUTES, forces, RULES, n, raid)
    draws = np.array([[u(SHOT, int(threat), k)[0] for k in range(3)] for threat in raid.threat])
    assert raid.fate.tolist() == (draws < 0.4).any(axis=1).astype(int).tolist()
    assert (raid.shots == 3).all() and (raid.engagements == 1).all()


def test_a_salvo_is_as_large_as_the_rounds_left():
    forces = make_forces(p_kill=0.0, max_shots=3, shots=4)
    forces.salvo[:] = 3
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, forces, RULES, n, raid)
    assert (raid.shots[0], raid.engagements[0]) == (4, 2)


def test_the_cheapest_weapon_that_fits_is_used_first():
    forces = two_weapons(max_shots=4)
    world = make_world(raids=make_raids(1, 1), routes=ROUTES, own=make_own(), forces=forces, rules=RULES,
                       costs=make_costs(forces, shot_eur=[1.0, 10.0]))
    result = play_nights(world, [(1, 0, 0, 0)])
    counts = dict(zip(COUNTS, result.counts[0, 0, 0].tolist(), strict=True))
    kinds = MUNITION_KINDS
    assert [counts[f"munitions/{kinds[k]}"] for k in (1, 2)] == [2, 2]
    assert result.amounts[0, 0, 0, t.COST] == pytest.approx(24.0 * 2.0 * 1_000.0 + 2 * 1.0 + 2 * 10.0)


def test_every_weapon_has_its_own_rounds():
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, two_weapons(rounds=(1, 2), max_shots=6), RULES, n, raid)
    assert raid.shots[0] == 3


def test_a_weapon_must_reach_and_be_for_the_class():
    # the shooter stands 30 km abeam of the window's beginning
    near = two_weapons(reach_m=(29_000.0, 1e9), stations=(((20_000.0, 30_000.0),),), max_shots=1, p_kill=(1.0, 1e-300))
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, near, RULES, n, raid)
    assert raid.fate[0] == 0 and raid.shots[0] == 1  # the cheap one would have killed, but it does not reach
    within = two_weapons(reach_m=(31_000.0, 1e9), stations=(((20_000.0, 30_000.0),),), max_shots=1,
                         p_kill=(1.0, 1e-300))
    fight(ROUTES, within, RULES, n, raid)
    assert raid.fate[0] == 1
    within.p_kill[0, 0, 0] = 0.0
    fight(ROUTES, within, RULES, n, raid)
    assert raid.fate[0] == 0 and raid.shots[0] == 1


def plain_world(**forces):
    return make_world(raids=make_raids(40, 1), routes=ROUTES, own=make_own(leak=0.5),
                      forces=make_forces(days=40, max_shots=1, work_s=1e-3, **forces), rules=RULES)


def pick_aim(draw, n):
    return int(draw * n)


def engaged(world):
    return engaged_on(world, 60)


def engaged_on(world, launched):
    result = play_nights(world, [(launched, 0, 0, 0)])
    assert not result.failed.any()
    return {name: result.counts[0, :, 0, k].sum() for k, name in enumerate(COUNTS)}


def test_sensors_add_a_share_of_the_tracks_that_are_lacking():
    alone = engaged(plain_world(p_track=0.4))["engaged"]
    helped = engaged(plain_world(p_track=0.4, picture_gain=np.full((1, 1, 1, 3), 0.5)))["engaged"]
    everything = engaged(plain_world())["engaged"]
    error = 4 * np.sqrt(0.25 / everything)
    assert alone / everything == pytest.approx(0.4, abs=error)
    assert helped / everything == pytest.approx(0.7, abs=error)


@pytest.mark.parametrize("gain", [(0.5, 0.0), (0.0, 0.5)])
def test_whoever_sees_more_shoots_where_another_sees_less(gain):
    both = (((0.0, 0.0), (0.0, 0.0)),)
    one, two = ({"p_track": 0.4, "picture_gain": np.array([[[[of] * 3 for of in gains]]])}
                for gains in ((0.5,), gain))
    assert engaged(plain_world(stations=both, **two))["engaged"] == engaged(plain_world(**one))["engaged"]


def test_an_allowed_threat_is_shot_at_only_if_it_is_taken_for_one():
    free = engaged(plain_world())
    asked = engaged(plain_world(p_accepted=np.array([[[0.7, 0.0, 0.0]]])))
    assert free["refused_identification"] == 0
    draws = [u(JOINT, threat, day=day)[0] for day in range(40) for threat in range(60)]
    assert asked["refused_identification"] == sum(draw >= 0.7 for draw in draws)
    assert asked["engaged"] / free["engaged"] == pytest.approx(0.7, abs=4 * np.sqrt(0.21 / free["engaged"]))


def test_a_threat_of_a_forbidden_class_is_now_and_then_shot_at():
    """With its own draw below the probability of the mistake; the others count as refused by class."""
    rules = RULES._replace(class_allowed=np.array([[0, 1, 1]], np.uint8))
    result = engaged(plain_world(p_accepted=np.array([[[0.2, 1.0, 1.0]]]))._replace(rules=rules))
    mistaken = sum(u(JOINT, threat, day=day)[0] < 0.2 for day in range(40) for threat in range(60))
    assert result["refused_class"] == 2_400 - mistaken
    assert result["refused_identification"] == 0
    assert 0 < result["engaged"] <= mistaken


def test_refusals_by_clause_add_up_to_those_of_stand_offs():
    routes = make_routes([((0.0, 0.0), (1e5, float(k))) for k in range(6)])
    rules = make_rules([[[]] * 6], routes.length_m)
    rules.refused_by[0] = [1, 2, 3, 4, 5, 6]
    world = make_world(raids=make_raids(20, 6), routes=routes, own=make_own(leak=0.5), forces=make_forces(days=20),
                       rules=rules)
    result = engaged_on(world, 60)
    each = [result[f"refused_by/{clause}"] for clause in BLAMED]
    aims = [pick_aim(u(ROUTE, threat, day=day)[1], 6) for day in range(20) for threat in range(60)]
    assert each == [aims.count(k) for k in range(6)]
    assert sum(each) == result["refused_standoff"] == 1_200


def test_what_is_left_to_ukraine_is_drawn_by_threat():
    world = plain_world(p_deconflicted=np.array([0.6]))
    result = engaged(world)
    draws = [u(JOINT, threat, day=day)[1] for day in range(40) for threat in range(60)]
    assert result["refused_deconfliction"] == sum(draw >= 0.6 for draw in draws)
    assert result["engaged"] > 0


def test_the_release_chain_delays_the_first_engagement():
    for release_s in (0.0, 100.0):
        n, raid = hand_raid(ROUTES, [0.0])
        free_s = fight(ROUTES, make_forces(work_s=60.0, release_s=release_s), RULES, n, raid)
        assert free_s[0] == pytest.approx(400.0 + release_s + 60.0)
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, make_forces(work_s=60.0, release_s=750.0), RULES, n, raid)  # the window lasts 800 s
    assert raid.shots[0] == 0


def test_a_track_by_hand_over_alone_is_released_later():
    for p_track, begins_s in ((0.6, 400.0 + 20.0), (0.4, 400.0 + 20.0 + 90.0)):  # its draw is 0.5
        n, raid = hand_raid(ROUTES, [0.0])
        forces = make_forces(work_s=60.0, release_s=20.0, handover_s=90.0)
        free_s = fight(ROUTES, forces, RULES, n, raid, p_track=p_track, p_seen=0.8)
        assert free_s[0] == pytest.approx(begins_s + 60.0)
        assert raid.opening_s[0] == pytest.approx(begins_s)
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, make_forces(), RULES, n, raid, p_track=0.3, p_seen=0.5)
    assert raid.shots[0] == 0


def test_aid_is_a_risk_of_its_own_and_divides_into_prevented_and_redundant():
    hazard = 0.8
    world = make_world(raids=make_raids(60, 1), routes=ROUTES, own=make_own(leak=0.5),
                       forces=make_forces(days=60, n_stations=[0.0]), rules=RULES,
                       aid=make_aid(days=60, hazard=hazard))
    result = engaged(world)
    n = result["launched/uav"]
    # of those Ukraine would let through, a share 1 - exp(-h) is prevented
    prevented = 0.5 * (1 - np.exp(-hazard))
    assert result["prevented/uav"] / n == pytest.approx(prevented, abs=4 * np.sqrt(0.25 / n))
    # two even hazards on one way: the earlier stop is by aid with probability h over the sum
    own = np.log(2.0)
    either = hazard / (hazard + own) * (1 - np.exp(-hazard - own))
    assert result["stopped_aid/uav"] / n == pytest.approx(either, abs=4 * np.sqrt(0.25 / n))
    assert result["redundant/uav"] == result["stopped_aid/uav"] - result["prevented/uav"]
    ended = sum(result[f"{name}/uav"] for name in ("stopped_own_hard", "stopped_own_soft", "stopped_aid", "leaked"))
    assert ended == n


def test_aid_that_does_not_work_yet_stops_nothing_and_its_draw_is_its_own():
    n, raid = hand_raid(ROUTES, np.zeros(50))
    draw_aid_uniforms(SEED, 0, 0, n, raid)
    own = make_own(n_aims=len(ROUTES.length_m))
    find_aid_stops(make_aid(hazard=2.0, ramp=0.0), own, ROUTES, met_on(own, ROUTES), 0, 0, 0, n, raid)
    assert np.isinf(raid.aid_stop_m).all()
    find_aid_stops(make_aid(hazard=2.0, ramp=0.5), own, ROUTES, met_on(own, ROUTES), 0, 0, 0, n, raid)
    expected = [-np.log(u(AID_STOP, int(threat))[0]) * 1e5 for threat in raid.threat]
    np.testing.assert_allclose(raid.aid_stop_m, [e if e < 1e5 else np.inf for e in expected])
    of_first = raid.aid_stop_m.copy()
    find_aid_stops(make_aid(2, hazard=2.0, ramp=0.5), own, ROUTES, met_on(own, ROUTES), 0, 0, 1, n, raid)
    assert raid.aid_stop_m.tolist() == of_first.tolist()  # another option's like aid meets the same luck
