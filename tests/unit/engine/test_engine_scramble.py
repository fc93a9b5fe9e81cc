"""Pairs on ground alert: where they meet a threat, how late they are, and what a sortie costs.

A slow model steps a clock. Mutations tried, each caught: the threat's position at the order instead of at the meeting;
the alert time left out; the first leg only; the way home forgotten; a pair that waits in the air for ever; no
turnaround; weapons renewed in the air; a sortie counted for every shot; a sortie in vain not counted.
"""

import numpy as np
import pytest

from skyshield.engine import AMOUNTS
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.scramble import meeting_m, point_on_route
from support.worlds import (
    EVERYWHERE,
    SEED,
    fight,
    hand_raid,
    make_fleets,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
    of_kinds,
    permitted,
    play_nights,
)

ROUTES = make_routes()  # 100 km at 50 m/s: 2,000 s
RULES = make_rules(length_m=ROUTES.length_m)


def pairs(places=((0.0, 50_000.0),), alert_s=600.0, dash_m_s=250.0, sortie_s=5_400.0, turnaround_s=10_800.0, **more):
    forces = make_forces((places,), relief_s=turnaround_s, sorties_per_day=np.zeros((1, 1, len(places))), **more)
    return forces._replace(alert_time_s=np.full((1, 1), alert_s), dash_speed_m_s=np.full((1, 1), dash_m_s),
                           alert_sortie_s=np.full((1, 1), sortie_s))


@pytest.mark.parametrize("seed", range(60))
def test_the_meeting_is_the_first_moment_a_clock_finds(seed):
    g = np.random.default_rng(seed)
    points = g.uniform(-1e5, 1e5, (3, 2))
    if seed % 10 == 0:
        points[1] = points[0]
    px, py = points.T.copy()
    x, y = g.uniform(-1e5, 1e5, 2)
    ratio = g.choice([0.5, 0.9, 1.0, 1.3, 5.0])
    length = np.hypot(*np.diff(points, axis=0).T).sum()
    leave_m, from_m = g.uniform(-5e4, 0.8 * length), g.uniform(0, 0.5 * length)
    result = meeting_m(px, py, x, y, leave_m, ratio, from_m)
    at = np.linspace(from_m, length, 200_001)
    there = np.array([point_on_route(px, py, z) for z in (at[::2000])])
    assert np.hypot(np.diff(there[:, 0]), np.diff(there[:, 1])).max() <= np.diff(at[::2000]).max() * (1 + 1e-9)
    first = np.hypot(px[1] - px[0], py[1] - py[0])
    z0, z1 = np.minimum(at, first), np.maximum(at - first, 0.0)
    second = np.hypot(px[2] - px[1], py[2] - py[1])
    a, b = (z0 / first if first else 0.0 * at), z1 / second
    way_x = px[0] + a * (px[1] - px[0]) + b * (px[2] - px[1])
    way_y = py[0] + a * (py[1] - py[0]) + b * (py[2] - py[1])
    met = (at >= leave_m) & (ratio * (at - leave_m) >= np.hypot(way_x - x, way_y - y))
    expected = at[met.argmax()] if met.any() else np.inf
    assert result == expected or abs(result - expected) <= 2 * (at[1] - at[0])


def opening(forces, departure_s=0.0, work_s=60.0, **raid):
    n, raid = hand_raid(ROUTES, [departure_s], **raid)
    permitted(ROUTES, forces, RULES, n, raid)
    return raid.opening_s[0], raid.could_shoot_s[0] - work_s


def test_a_pair_comes_after_order_alert_and_flight():
    """Base on the route's start: the chase at 250 m/s of a threat at 50 m/s that has 600 + 40 s head start."""
    forces = pairs(((0.0, 0.0),), release_s=40.0)
    opens, could = opening(forces)
    assert opens == 40.0  # nobody can know earlier that it will be met, a pair in the air might be near
    assert could == pytest.approx(640.0 * 250.0 / 200.0)
    # abeam of where the threat is at some moment: 30 km to fly to the point at 40 km needs 120 s, off at 640 s
    _, could = opening(pairs(((40_000.0, 30_000.0),), release_s=40.0))
    assert could > 760.0
    z = 50.0 * could
    assert 250.0 * (could - 640.0) == pytest.approx(np.hypot(z - 40_000.0, 30_000.0))


@pytest.mark.parametrize(("change", "met"), [
    ({}, True), ({"alert_s": 1_500.0}, True), ({"alert_s": 1_800.0}, False), ({"dash_m_s": 60.0}, True),
    ({"dash_m_s": 40.0}, False), ({"sortie_s": 300.0}, False), ({"reach_m": 45_000.0}, True),
    ({"reach_m": 20_000.0}, False)])
def test_who_is_too_late_too_slow_or_too_far_is_not_sent(change, met):
    forces = pairs(((40_000.0, 30_000.0),), **{"reach_m": EVERYWHERE, **change})
    n, raid = hand_raid(ROUTES, [0.0])
    scratch_free = fight(ROUTES, forces, RULES, n, raid)
    assert bool(raid.fate[0]) == met
    assert np.isfinite(scratch_free[0]) == met


def test_the_way_home_must_fit_into_the_sortie():
    """One minute of work at the meeting and as long a way back as out."""
    forces = pairs(((0.0, 0.0),), release_s=0.0)
    _, could = opening(forces)
    out_s = could - 600.0
    for spare_s, met in ((-1.0, False), (1.0, True)):
        n, raid = hand_raid(ROUTES, [0.0])
        fight(ROUTES, pairs(((0.0, 0.0),), sortie_s=2 * out_s + 60.0 + spare_s), RULES, n, raid)
        assert bool(raid.fate[0]) == met


def fought(forces, n, raid, rules=RULES, routes=ROUTES):
    """Fight, and return the scratch: scrambles, ends of sorties, places."""
    scratch = permitted(routes, forces, rules, n, raid)
    engage(routes, forces, SEED, 0, 0, 0, n, scratch, raid)
    return scratch


def test_a_pair_in_the_air_goes_on_to_the_next_threat_and_is_turned_round_after_its_sortie():
    """Threats every 200 s for hours: one sortie fights while it lasts; the next comes three hours after."""
    n, raid = hand_raid(ROUTES, 200.0 * np.arange(150))
    forces = pairs(((50_000.0, 10_000.0),), sortie_s=3_000.0)
    scratch = fought(forces, n, raid)
    shot = np.sort((raid.departure_s + raid.shot_m * raid.pace_s_m)[raid.shots > 0])
    gaps = np.diff(shot)
    assert scratch.scrambles[0] == 1 + (gaps > 10_800.0).sum() >= 2
    assert (gaps[gaps < 10_800.0] < 3_000.0).all()
    sorties = np.split(shot, np.flatnonzero(gaps > 10_800.0) + 1)
    assert all(len(one) > 3 and one[-1] - one[0] < 3_000.0 for one in sorties)
    # turnaround and alert time lie between the end of a sortie and the next shot
    assert (gaps[gaps > 10_800.0] > 10_800.0 + 600.0).all()


def test_weapons_are_those_of_the_sortie():
    n, raid = hand_raid(ROUTES, np.zeros(9))
    scratch = fought(pairs(((50_000.0, 10_000.0),), shots=4), n, raid)
    assert raid.shots.sum() == 4
    assert scratch.scrambles[0] == 1
    # after the turnaround it has them again
    n, raid = hand_raid(ROUTES, np.concatenate([np.zeros(9), np.full(9, 20_000.0)]))
    scratch = fought(pairs(((50_000.0, 10_000.0),), shots=4), n, raid)
    assert (raid.shots[:9].sum(), raid.shots[9:].sum(), scratch.scrambles[0]) == (4, 4, 2)


def test_nobody_foresees_what_becomes_of_a_threat():
    """Stopped before the order's alert has run out: nobody flies. Stopped on the way: a sortie in vain."""
    forces = pairs(((40_000.0, 30_000.0),))
    for stop_s, flown, free in ((550.0, 0, False), (720.0, 1, True)):
        n, raid = hand_raid(ROUTES, [0.0], own_stop_m=50.0 * stop_s)
        scratch = fought(forces, n, raid)
        assert raid.shots[0] == 0
        assert scratch.scrambles[0] == flown
        assert np.isfinite(scratch.free_s[0, 0]) == free
        if free:
            assert scratch.free_s[0, 0] == stop_s
            assert 0.0 < np.hypot(scratch.at_x_m[0] - 40_000.0, scratch.at_y_m[0] - 30_000.0) <= 250.0 * 120.0
    # a patrol over the threat would have shot it at once
    n, raid = hand_raid(ROUTES, [0.0], own_stop_m=50.0 * 720.0)
    fight(ROUTES, make_forces(), RULES, n, raid)
    assert raid.fate[0] == 1


def test_a_pair_waits_its_turn_for_a_threat_that_will_not_live():
    """The far threat comes first and dies before the pair could be there; the near one is met first all the same."""
    routes = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 40_000.0), (100_000.0, 40_000.0))])
    rules = make_rules(length_m=routes.length_m)
    forces = pairs(((50_000.0, 50_000.0),), reach_m=100_000.0)
    shot_s = []
    for far in (True, False):
        n, raid = hand_raid(routes, [0.0, 50.0], route=np.array([0, 1]), own_stop_m=np.array([39_000.0, np.inf]),
                            tracked=np.array([far, 1]))
        fought(forces, n, raid, rules, routes)
        assert raid.shots.tolist() == [0, 1]
        shot_s.append(raid.departure_s[1] + raid.shot_m[1] * raid.pace_s_m[1])
    assert shot_s[0] == shot_s[1]


def patrol_and_pair(order=(0, 1), patrol_s=400.0, pair_s=400.0):
    """A patrol (kind 0) and a pair (kind 1) at one place, in that order; each engagement takes so long."""
    place = (((40_000.0, 30_000.0), (40_000.0, 30_000.0)),)
    forces = make_forces(place, work_s=patrol_s, max_shots=1, relief_s=10_800.0)
    two = of_kinds(forces, shooter_kind=np.array([order]), munition=np.zeros((2, 1), np.int64), **{
        name: np.concatenate([getattr(forces, name)] * 2, axis=1) for name in (
            "n_channels", "engagement_time_s", "rounds", "weapon_reach_m", "p_kill", "p_track")})
    return forces, two._replace(
        alert_time_s=np.array([[0.0, 600.0]]), dash_speed_m_s=np.array([[np.inf, 250.0]]),
        alert_sortie_s=np.array([[0.0, 5_400.0]]), engagement_time_s=np.array([[patrol_s, pair_s]]))


def test_a_pair_that_flew_for_another_threat_may_come_sooner_than_was_thought():
    """The third threat is left to the patrol, free at 900 s; by then the pair, first in order, is in the air nearby."""
    n, raid = hand_raid(ROUTES, [0.0, 0.0, 500.0])
    scratch = fought(patrol_and_pair((1, 0), patrol_s=900.0, pair_s=60.0)[1], n, raid)
    assert scratch.fired[:, 0].tolist() == [1, 2]
    assert (raid.departure_s + raid.shot_m * raid.pace_s_m)[2] == pytest.approx(960.0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_could_shoot_first_is_known_in_any_order(order):
    n, raid = hand_raid(ROUTES, [0.0])
    permitted(ROUTES, patrol_and_pair(order)[1], RULES, n, raid)
    assert (raid.opening_s[0], raid.could_shoot_s[0]) == (0.0, 400.0)


def test_a_patrol_is_sooner_and_a_pair_takes_what_patrols_cannot():
    forces, two = patrol_and_pair()
    n, raid = hand_raid(ROUTES, [0.0])
    assert fought(two, n, raid).scrambles.tolist() == [0, 0]
    n, raid = hand_raid(ROUTES, np.zeros(8))
    scratch = fought(two, n, raid)
    assert scratch.scrambles.tolist() == [0, 1]
    alone = hand_raid(ROUTES, np.zeros(8))[1]
    fought(forces, n, alone)  # two patrols
    one = hand_raid(ROUTES, np.zeros(8))[1]
    fight(ROUTES, two, RULES, n, one, manned=[1, 0])
    assert one.fate.sum() < raid.fate.sum() < alone.fate.sum()


def test_sorties_and_hours_count_only_when_a_pair_flies():
    forces = pairs(((50_000.0, 10_000.0),), days=3)
    world = make_world(make_raids(3, 1), ROUTES, make_own(), forces, RULES, fleets=make_fleets(aircraft=10.0,
                                                                                              alert_aircraft=2.0))
    result = play_nights(world, [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0)])
    amounts = dict(zip(AMOUNTS, result.amounts[0, :, 0].T, strict=True))
    assert amounts["sorties"].tolist() == [0.0, 2.0, 0.0]
    assert amounts["flight_hours"].tolist() == [0.0, 3.0, 0.0]  # two aircraft, an hour and a half each


def manned_pairs(days=3_000, **fleet):
    """Nights on which each of three pairs flies: every night has threats enough."""
    forces = pairs(((50_000.0, 10_000.0),) * 3, days=days, work_s=900.0, turnaround_s=1e6)
    world = make_world(make_raids(days, 1), ROUTES, make_own(), forces, RULES, fleets=make_fleets(
        **{"aircraft": 10.0, "alert_aircraft": 6.0, **fleet}))
    return play_nights(world, [(12, 0, 0, 0)]).amounts[0, :, 0, AMOUNTS.index("sorties")] / 2.0


def test_pairs_are_ready_as_far_as_the_fleet_and_the_weather_go():
    assert (manned_pairs(days=50) == 3.0).all()
    result = manned_pairs(days=2_000, aircraft=3.4)
    assert set(np.unique(result)) == {1.0, 2.0}
    assert abs(result.mean() - 1.7) < 4 * np.sqrt(0.21 / len(result))
    bad = manned_pairs(days=2_000, p_bad_weather=1.0, bad_weather_flown=0.5)
    assert abs(bad.mean() - 1.5) < 4 * np.sqrt(0.25 / len(bad))


@pytest.mark.parametrize(("fewer", "more"), [(1, 2), (2, 4)])
def test_in_slack_another_pair_only_helps(fewer, more):
    """Threats far apart in time, sorties turned round at once: a threat stopped by fewer pairs is stopped by more."""
    places = ((-60_000.0, 40_000.0), (70_000.0, 30_000.0), (-50_000.0, -80_000.0), (40_000.0, -60_000.0))

    def fates(number):
        routes = make_routes([[(0.0, 0.0), tuple(p), tuple(q)] for p, q in zip(
            *np.random.default_rng(4).uniform(-1.5e5, 1.5e5, (2, 6, 2)), strict=True)])
        route = np.arange(300) % 6
        n, raid = hand_raid(routes, 20_000.0 * np.arange(300), route=route)
        forces = pairs(places[:number], reach_m=60_000.0, turnaround_s=60.0)
        fight(routes, forces, make_rules(length_m=routes.length_m), n, raid)
        return raid.fate

    assert (fates(more) >= fates(fewer)).all()
    assert fates(more).sum() > fates(fewer).sum() > 0
