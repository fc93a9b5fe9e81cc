"""Reach on a route and the earliest window, against shapely's own measures and against a clock.

Mutations tried, each caught: half chord by the sum, not the difference, of squares; parts of the second leg not
offset by the first; parts not merged at the waypoint; the end of a leg not clipped; windows intersected by
min/min; a sector's edge turned round; work time forgotten; the earlier of two windows forgotten;
detour forgotten in the pace.
"""

import numpy as np
import pytest
import shapely

from skyshield.engine.scratch import new_reach
from skyshield.engine.steps.reach import earliest_in, find_reach, length_of, reach_of, reach_on_leg
from skyshield.engine.steps.route import route_raid
from skyshield.forces.capabilities import Placement
from support.worlds import hand_raid, make_forces, make_routes, make_rules, obeying, permitted


def parts_of(result):
    return [(a, b) for a, b in (result[:2], result[2:]) if a <= b]


def reached(routes, x, y, reach_m, facing=0.0, half_width=np.pi):
    """Parts of route 0 that a shooter reaches, in a sector if one is given."""
    forces = make_forces((((x, y),),))
    edges = Placement("guns", x, y, np.ones(1), facing, half_width).edges()
    forces.edge_x[0, 0], forces.edge_y[0, 0] = edges
    x_m, y_m = routes.x_m[0], routes.y_m[0]
    legs_m = (length_of(x_m[leg], y_m[leg], x_m[leg + 1], y_m[leg + 1]) for leg in range(2))
    return reach_of(x_m, y_m, *legs_m, forces.x_m[0, 0], forces.y_m[0, 0], forces.edge_x[0, 0],
                    forces.edge_y[0, 0], reach_m)


@pytest.mark.parametrize("seed", range(12))
def test_a_sector_agrees_with_bearings_measured_point_by_point(seed):
    g = np.random.default_rng(seed)
    for _ in range(12):
        points, centre, reach_m = g.uniform(-4e5, 4e5, (3, 2)), g.uniform(-3e5, 3e5, 2), g.uniform(1e5, 4e5)
        facing, half = g.uniform(-np.pi, np.pi), g.uniform(0.2, 1.5)
        parts = parts_of(reached(make_routes([[tuple(p) for p in points]]), *centre, reach_m, facing, half))
        path = shapely.LineString(points)
        along = np.linspace(0, path.length, 801)
        place = shapely.get_coordinates(shapely.line_interpolate_point(path, along)) - centre
        off = np.abs(np.angle(np.exp(1j * (np.arctan2(place[:, 1], place[:, 0]) - facing))))
        distance = np.hypot(*place.T)
        inside = np.zeros(len(along), bool)
        for a, b in parts:
            inside |= (along >= a) & (along <= b)
        clear = (np.abs(distance - reach_m) > 1e-6) & (np.abs(off - half) > 1e-9)
        assert (inside == ((distance < reach_m) & (off < half)))[clear].all()


@pytest.mark.parametrize("seed", range(12))
def test_reach_agrees_with_distances_measured_by_shapely(seed):
    """Ends lie on the circle (or are ends of the route), and points are inside exactly if near enough."""
    g = np.random.default_rng(seed)
    for _ in range(12):
        points, centre, reach_m = g.uniform(-4e5, 4e5, (3, 2)), g.uniform(-3e5, 3e5, 2), g.uniform(2e4, 3e5)
        routes = make_routes([[tuple(p) for p in points]])
        parts = parts_of(reached(routes, *centre, reach_m))
        path, middle = shapely.LineString(points), shapely.Point(centre)
        for place in (p for part in parts for p in part):
            at_end = min(abs(place), abs(place - path.length)) < 1e-6
            distance = path.interpolate(place).distance(middle)
            assert abs(distance - reach_m) < 1e-6 or (at_end and distance < reach_m + 1e-6)
        along = np.linspace(0, path.length, 501)
        distance = shapely.distance(shapely.line_interpolate_point(path, along), middle)
        inside = np.zeros(len(along), bool)
        for a, b in parts:
            inside |= (along >= a) & (along <= b)
        clear = np.abs(distance - reach_m) > 1e-6
        assert (inside == (distance < reach_m))[clear].all()


@pytest.mark.parametrize("seed", range(6))
def test_parts_that_touch_at_the_waypoint_are_one(seed):
    g = np.random.default_rng(seed)
    for _ in range(50):
        points = g.uniform(-4e5, 4e5, (3, 2))
        routes = make_routes([[tuple(p) for p in points]])
        near_waypoint = points[1] + g.normal(0, 1e4, 2)
        parts = parts_of(reached(routes, *near_waypoint, 8e4))
        assert len(parts) == 1
        assert parts[0][0] < np.hypot(*(points[1] - points[0])) < parts[0][1]


def test_two_parts_where_the_waypoint_is_out_of_reach():
    routes = make_routes([[(0.0, 0.0), (100.0, 100.0), (200.0, 0.0)]])
    parts = parts_of(reached(routes, 100.0, 0.0, 80.0))
    assert len(parts) == 2
    assert parts[0][1] < np.hypot(100, 100) < parts[1][0]
    assert parts[0][1] - parts[0][0] == pytest.approx(parts[1][1] - parts[1][0])
    assert parts[0][0] + parts[1][1] == pytest.approx(2 * np.hypot(100, 100))


def test_nothing_in_reach_of_a_far_point_a_tangent_or_a_leg_without_length():
    routes = make_routes([((0.0, 0.0), (100.0, 0.0))])
    assert parts_of(reached(routes, 50.0, 200.0, 100.0)) == []
    assert parts_of(reached(routes, 300.0, 0.0, 100.0)) == []
    assert parts_of(reached(routes, 50.0, 100.0, 100.0)) == []
    a, b = reach_on_leg(5.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 100.0)
    assert a > b


def test_the_whole_route_in_reach():
    routes = make_routes([[(0.0, 0.0), (60.0, 80.0), (160.0, 80.0)]])
    assert parts_of(reached(routes, 50.0, 50.0, 1e6)) == [(0.0, 200.0)]


def scanned(world, raid, from_s, work_s, step_s=0.5):
    """Try every moment of a clock: work may begin where every moment of it is allowed and in reach."""
    routes, forces, rules = world
    path = shapely.LineString(np.stack([routes.x_m[0], routes.y_m[0]], axis=1))
    clock = raid.departure_s[0] + np.arange(0, path.length * raid.pace_s_m[0] + step_s, step_s)
    along = (clock - raid.departure_s[0]) / raid.pace_s_m[0]
    station = shapely.Point(forces.x_m[0, 0], forces.y_m[0, 0])
    good = shapely.distance(shapely.line_interpolate_point(path, along), station) <= forces.reach_m[0, 0, 0, 0]
    allowed = np.zeros(len(clock), bool)
    for a, b in zip(rules.window_start_m[0, 0], rules.window_end_m[0, 0], strict=True):
        allowed |= (along >= a) & (along <= b)
    bad = np.concatenate([[0], np.cumsum(~(good & allowed & (along <= path.length)))])
    steps = round(work_s / step_s)
    for k in np.flatnonzero(clock >= from_s - 1e-9):
        if k + steps < len(clock) and bad[k + steps + 1] == bad[k]:
            return clock[k]
    return np.inf


@pytest.mark.parametrize("seed", range(30))
def test_earliest_window_agrees_with_a_clock(seed):
    g = np.random.default_rng(seed)
    points = g.uniform(-1.2e5, 1.2e5, (3, 2))
    routes = make_routes([[tuple(p) for p in points]], detour=g.uniform(1.0, 1.4), speed_m_s=g.uniform(40, 60))
    cuts = np.sort(g.uniform(0, routes.length_m[0], 4))
    rules = make_rules([[[(cuts[0], cuts[1]), (cuts[2], cuts[3])]]], routes.length_m)
    forces = make_forces(((tuple(g.uniform(-1e5, 1e5, 2)),),), reach_m=g.uniform(4e4, 1.2e5))
    n, raid = hand_raid(routes, [g.uniform(0, 1e4)])
    assert route_raid(routes, 0, n, raid)
    reach = new_reach(forces, rules.window_start_m.shape[2])
    find_reach(rules, routes, forces, 0, reach)
    for work_s in (1.0, 240.0):
        for from_s in (-np.inf, *g.uniform(0, 1.2e4, 3)):
            result = earliest_in(reach, 0, 0, raid.departure_s[0], raid.pace_s_m[0], 0.0, from_s, work_s)
            expected = scanned((routes, forces, rules), raid, from_s, work_s)
            assert result == expected or abs(result - expected) <= 2.0


def test_every_class_has_its_own_reach_and_none_that_is_never_allowed():
    """Past a post 50 km on, reached from 20 km before it as a UAV, from 40 km as a cruise missile, at 50 m/s."""
    routes = make_routes()
    rules = make_rules(length_m=routes.length_m, classes=[[1, 1, 0]])
    forces = obeying(make_forces((((50_000.0, 0.0),),)), rules)
    forces.reach_m[0, 0, 0] = 20_000.0, 40_000.0, 30_000.0
    reach = new_reach(forces, rules.window_start_m.shape[2])
    find_reach(rules, routes, forces, 0, reach)
    result = [earliest_in(reach, 0, kind, 0.0, 0.02, 0.0, -np.inf, 60.0) for kind in range(3)]
    assert result == [600.0, 200.0, np.inf]
    assert reach.first.tolist()[:4] == [0, 1, 2, 2]


def test_no_option_has_the_spans_of_another():
    """Near lists of made worlds have gaps: each option's first entry must not begin where an earlier option did."""
    routes = make_routes()
    rules = make_rules(length_m=routes.length_m, options=2)
    forces = obeying(make_forces((((20_000.0, 0.0),), ((80_000.0, 0.0),)), reach_m=10_000.0), rules)
    reach = new_reach(forces, rules.window_start_m.shape[2])
    find_reach(rules, routes, forces, 0, reach)
    result = [[earliest_in(reach, int(forces.near_first[option, 0]), kind, 0.0, 0.02, 0.0, -np.inf, 60.0)
               for kind in range(3)] for option in range(2)]
    assert result == [[200.0] * 3, [1_400.0] * 3]


def test_opening_is_the_earliest_over_manned_slots_only():
    routes = make_routes()
    forces = make_forces((((20_000.0, 0.0), (70_000.0, 0.0)),), reach_m=10_000.0, work_s=60.0)
    rules = make_rules(length_m=routes.length_m)
    n, raid = hand_raid(routes, [1_000.0])
    for manned, opening_s in (((1, 1), 1_200.0), ((0, 1), 2_200.0), ((0, 0), np.inf)):
        permitted(routes, forces, rules, n, raid, manned=manned)
        assert raid.opening_s[0] == opening_s


def test_refusals_name_the_clause():
    routes = make_routes()
    n, raid = hand_raid(routes, [0.0, 0.0], kind=np.array([0, 1]))
    manned = [1]
    rules = make_rules(length_m=routes.length_m, classes=[[1, 0, 0]])
    permitted(routes, make_forces(), rules, n, raid, manned=manned)
    assert raid.refused.tolist() == [0, 1]
    assert np.isfinite(raid.opening_s).tolist() == [True, False]
    nowhere = make_rules([[[]]], routes.length_m, classes=[[1, 0, 0]])
    permitted(routes, make_forces(), nowhere, n, raid, manned=manned)
    assert raid.refused.tolist() == [2, 1]
    permitted(routes, make_forces(), nowhere, n, raid, manned=[0])
    assert raid.refused.tolist() == [0, 0]  # with nobody on patrol no clause holds anyone back
    not_crossed = nowhere._replace(crosses_declared=np.zeros((1, 1), np.uint8))
    permitted(routes, make_forces(), not_crossed, n, raid, manned=manned)
    assert raid.refused.tolist() == [0, 0]


@pytest.mark.parametrize(("field", "value"), [("speed_m_s", 0.0), ("speed_m_s", np.nan), ("detour", -1.0)])
def test_a_pace_that_is_none_is_refused(field, value):
    routes = make_routes(**{field: value})
    n, raid = hand_raid(make_routes(), [0.0])
    assert not route_raid(routes, 0, n, raid)
