"""Engagements: one patrol serves one threat at a time, with the weapons of its relief, and foresees nothing.

Mutations tried, each caught: free time of a patrol never set; weapons spent on an aborted engagement; weapons never
renewed; a relief that begins a rounding late (as it once did); weapons never used up; weapons renewed by a mere look
ahead; shots not limited; a dead threat shot at again; ``<=`` a kill for ``>``; own stop ignored as the end; the draw
without its slot or its shot; fates not cleared between options.
"""

import numpy as np
import pytest

from skyshield.engine.steps.engage import renewal_number
from skyshield.engine.world import SHOT
from support.reference import reference_engage
from support.worlds import fight, hand_raid, make_forces, make_routes, make_rules, make_world, u

ROUTES = make_routes()  # 100 km at 50 m/s: 2,000 s
WINDOW = make_rules([[[(20_000.0, 50_000.0)]]], ROUTES.length_m)  # 400 s to 1,000 s after departure


def at_once(n, **more):
    return hand_raid(ROUTES, np.zeros(n), **more)


@pytest.mark.parametrize(("work_s", "patrols", "expected"), [
    (60.0, 1, 10), (60.0, 2, 20), (60.0, 3, 30), (59.0, 1, 10), (61.0, 1, 9), (300.0, 1, 2), (601.0, 1, 0)])
def test_a_patrol_serves_one_threat_at_a_time(work_s, patrols, expected):
    n, raid = at_once(50)
    forces = make_forces((((0.0, 0.0),) * patrols,), work_s=work_s)
    fight(ROUTES, forces, WINDOW, n, raid)
    assert raid.fate.sum() == raid.shots.sum() == expected
    assert raid.fate[:expected].all()  # those that came first, in order of id


def test_the_patrol_that_can_begin_first_takes_the_threat():
    n, raid = at_once(1)
    forces = make_forces((((90_000.0, 0.0), (40_000.0, 0.0)),), reach_m=15_000.0)
    free_s = fight(ROUTES, forces, make_rules(length_m=ROUTES.length_m), n, raid)
    assert raid.fate[0] == 1
    assert free_s[1] == 25_000.0 / 50.0 + 60.0  # in reach from 25 km on
    assert free_s[0] < 0.0


@pytest.mark.parametrize(("relief_s", "expected"), [
    (1e9, [0, 1, 2]), (500.0, [0, 1, 2, 3, 6, 7, 8]), (1_000.0, [0, 1, 2, 6, 7, 8]), (150.0, list(range(10)))])
def test_weapons_are_those_of_the_relief(relief_s, expected):
    """Three weapons a relief; threat k can be begun at 400 + 100 k seconds only, reliefs come at multiples."""
    n, raid = hand_raid(ROUTES, 100.0 * np.arange(10))
    short = make_rules([[[(20_000.0, 23_500.0)]]], ROUTES.length_m)
    fight(ROUTES, make_forces(work_s=60.0, shots=3, relief_s=relief_s), short, n, raid)
    assert np.flatnonzero(raid.shots).tolist() == expected


def test_a_relief_begins_at_its_own_moment():
    """k times a length, divided by it, may come to a little less than k."""
    lengths_s = np.random.default_rng(4).uniform(600.0, 30_000.0, 400)
    numbers = [(k, renewal_number(k * r, r), renewal_number(np.nextafter(k * r, -np.inf), r))
               for r in (*lengths_s, 8110.3464, 3761.7615649361196) for k in range(1, 40)]
    assert all(at == k and before in (k - 1, k) for k, at, before in numbers)
    assert sum(before == k - 1 for k, _, before in numbers) > len(numbers) / 2
    assert any(np.floor(k * r / r) < k for r in lengths_s for k in range(1, 40))
    assert renewal_number(5_000.0, np.inf) == 0


def test_a_look_at_a_later_relief_renews_no_weapons():
    """Patrol 0 fires its only weapon at threat 0; threat 1, which patrol 1 takes, would reach it a relief later."""
    routes = make_routes([((0.0, 0.0), (40_000.0, 0.0)), ((90_000.0, 0.0), (0.0, 0.0))])
    forces = make_forces((((10_000.0, 0.0), (80_000.0, 0.0)),), reach_m=5_000.0, work_s=60.0, shots=1, relief_s=1_000.0,
                         max_shots=1)
    n, raid = hand_raid(routes, [0.0, 100.0, 200.0, 1_000.0], route=[0, 1, 0, 0])
    free_s = fight(routes, forces, make_rules(length_m=routes.length_m), n, raid)
    assert raid.shots.tolist() == [1, 1, 0, 1]  # threat 3 comes after the relief
    assert free_s.tolist() == [1_160.0, 260.0]


def test_shoot_look_shoot_up_to_the_doctrine_and_the_window():
    for max_shots in (1, 2, 5):
        n, raid = at_once(1)
        fight(ROUTES, make_forces(p_kill=0.0, max_shots=max_shots), WINDOW, n, raid)
        assert raid.shots[0] == max_shots
        assert raid.fate[0] == 0
    n, raid = at_once(1)
    fight(ROUTES, make_forces(p_kill=0.0, max_shots=5, work_s=250.0), WINDOW, n, raid)
    assert raid.shots[0] == 2  # the window of 600 s holds two


def test_a_kill_ends_the_engagement():
    n, raid = at_once(3)
    fight(ROUTES, make_forces(max_shots=5), WINDOW, n, raid)
    assert raid.shots.tolist() == [1, 1, 1]


def test_an_engagement_is_lost_but_no_weapon_when_the_own_defence_is_first():
    """One weapon; the first threat falls to the own defence 30 s into the engagement, the second is shot."""
    stop_m = np.array([21_500.0, np.inf])
    n, raid = at_once(2, own_stop_m=stop_m)
    free_s = fight(ROUTES, make_forces(shots=1), WINDOW, n, raid)
    assert raid.shots.tolist() == [0, 1]
    assert raid.fate.tolist() == [0, 1]
    assert free_s[0] == 430.0 + 60.0  # busy until the first fell, then at work on the second


@pytest.mark.parametrize(("stop_m", "shots"), [(19_000.0, 0), (22_999.0, 0), (23_001.0, 1), (50_000.0, 1)])
def test_a_threat_is_shot_only_if_the_own_defence_has_not_stopped_it_before(stop_m, shots):
    n, raid = at_once(1, own_stop_m=stop_m)
    fight(ROUTES, make_forces(), WINDOW, n, raid)
    assert raid.shots[0] == raid.fate[0] == shots


def test_nobody_shoots_what_is_not_tracked_not_allowed_or_not_manned():
    n, raid = at_once(4, tracked=np.array([1, 0, 1, 1]), kind=np.array([0, 0, 1, 0]))
    only_uav = WINDOW._replace(class_allowed=np.array([[1, 0, 0]], np.uint8))
    fight(ROUTES, make_forces(), only_uav, n, raid)
    assert raid.shots.tolist() == [1, 0, 0, 1]
    fight(ROUTES, make_forces(), only_uav, n, raid, manned=[0])
    assert raid.shots.tolist() == [0, 0, 0, 0]
    assert raid.fate.tolist() == [0, 0, 0, 0]


def test_the_draw_of_a_shot_belongs_to_threat_patrol_and_shot():
    n, raid = at_once(40)
    forces = make_forces((((0.0, 0.0), (1.0, 0.0)),), p_kill=0.5, max_shots=2, work_s=10.0)
    fight(ROUTES, forces, make_rules([[[(20_000.0, 20_500.0)]]], ROUTES.length_m), n, raid)
    # ten seconds of window: each of the two patrols begins once
    assert raid.shots.tolist() == [1, 1] + [0] * 38
    for i in range(2):
        assert raid.fate[i] == (u(SHOT, int(raid.threat[i]), i << 8)[0] < 0.5)
    n, raid = at_once(200)
    one = make_forces(p_kill=0.3, max_shots=3, work_s=1.0)
    fight(ROUTES, one, WINDOW, n, raid)
    for i in range(n):
        hits = [u(SHOT, int(raid.threat[i]), shot)[0] < 0.3 for shot in range(3)]
        expected = hits.index(True) + 1 if any(hits) else 3
        assert (raid.shots[i], raid.fate[i]) == (expected, int(any(hits)))


def busy_world(seed, n=40, **more):
    """Bent routes crossing the reach of three patrols at random, half of the threats doomed anyway."""
    g = np.random.default_rng(seed)
    routes = make_routes([[tuple(p) for p in g.uniform(-2e5, 2e5, (3, 2))] for _ in range(6)])
    stations = [tuple(p) for p in g.uniform(-1.5e5, 1.5e5, (3, 2))]
    forces = make_forces((stations,), reach_m=80e3, work_s=300.0, p_kill=0.6, **more)
    world = make_world(routes=routes, forces=forces)
    route = g.integers(0, 6, n)
    stop_m = np.where(g.random(n) < 0.5, np.inf, g.random(n) * routes.length_m[route])
    return world, *hand_raid(routes, g.uniform(0, 6_000, n), route=route, own_stop_m=stop_m)


@pytest.mark.parametrize("seed", range(10))
def test_alone_in_the_sky_every_threat_meets_what_the_slow_model_says(seed):
    """One threat at a time: no queue, so order cannot matter."""
    world, n, raid = busy_world(seed, n=1)
    fight(world.routes, world.forces, world.rules, n, raid)
    fate, shots, _ = reference_engage(world, raid, n)
    assert (raid.fate.tolist(), raid.shots.tolist()) == (fate, shots)


@pytest.mark.parametrize("weapons", [{}, {"shots": 4, "relief_s": 3_000.0}], ids=["many", "few"])
def test_engagements_follow_time_as_in_the_slow_model(weapons):
    differing = []
    for seed in range(25):
        world, n, raid = busy_world(seed, **weapons)
        fight(world.routes, world.forces, world.rules, n, raid)
        fate, shots, _ = reference_engage(world, raid, n)
        if (raid.fate.tolist(), raid.shots.tolist()) != (fate, shots):
            differing.append(seed)
    assert differing == []
