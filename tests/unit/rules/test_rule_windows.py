"""Clauses as windows along routes: what a clause takes, another cannot give back.

Mutations tried, each caught: the front's stand-off given Russia's distance; union for intersection with the zone;
a clause that is absent read as the default; the class order reversed; declared zone cut by the stand-offs;
Belarus forgotten.
"""

import numpy as np
import pytest
import shapely

from skyshield.core.errors import SkyShieldError
from skyshield.rules import RulesOfEngagement, ZoneClause, prepare_rules
from skyshield.scenario import load
from skyshield.theatre import load_theatre, own_plane
from skyshield.theatre.plane import border_belarus_plane, border_russia_plane, front_plane

NO_AIMS = np.zeros(0, np.uint8)
CLASSES = ("uav", "cruise", "ballistic")
REGION = load("skyshield").option("region").rules


@pytest.fixture(scope="module")
def theatre():
    return load_theatre()


@pytest.fixture(scope="module")
def routes(theatre):
    """Bent routes from launch areas to cities, and some at random across the country."""
    from support.studies import context

    result = context()
    keep = np.random.default_rng(1).permutation(len(result.drawn.x_m))[:120]
    return result.drawn.x_m[keep], result.drawn.y_m[keep]


def windows(rules, theatre, routes):
    result = prepare_rules(rules, CLASSES, theatre, *routes, NO_AIMS)
    return [[[(a, b) for a, b in zip(start, end, strict=True) if np.isfinite(a)]
             for start, end in zip(result.window_start_m[o], result.window_end_m[o], strict=True)]
            for o in range(len(rules))], result


def within(inner, outer, slack_m=2.0):
    """Whether every inner part lies in an outer part (parts within 1 m are joined, hence the slack)."""
    return all(any(c - slack_m <= a and b <= d + slack_m for c, d in outer) for a, b in inner)


def common(left, right):
    """Parts in both."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d)]


def total(parts):
    return sum(b - a for a, b in parts)


def test_looser_stand_offs_and_larger_zones_never_take_windows(theatre, routes):
    small = RulesOfEngagement(zone=ZoneClause(scope="region", oblasts=("Lviv", "Vinnytsia")), standoff_front="50 km")
    anywhere = REGION.without("zone")
    rules = [anywhere, anywhere.model_copy(update={"standoff_russia": "100 km"}), anywhere.without("standoff_russia"),
             anywhere.model_copy(update={"standoff_front": "50 km"}), anywhere.without("standoff_front"), REGION, small,
             small.model_copy(update={"zone": ZoneClause(scope="region", oblasts=("Lviv", "Vinnytsia", "Kyiv"))})]
    result, _ = windows(rules, theatre, routes)
    gained = {}
    for tight, loose in ((0, 1), (1, 2), (0, 3), (3, 4), (5, 0), (6, 7)):
        for before, after in zip(result[tight], result[loose], strict=True):
            assert within(before, after)
        gained[tight, loose] = sum(map(total, result[loose])) - sum(map(total, result[tight]))
    assert all(metres > 1_000.0 for metres in gained.values()), gained


def test_stand_offs_are_independent(theatre, routes):
    """The windows under both are those common to each alone."""
    both = RulesOfEngagement(standoff_russia="200 km", standoff_front="100 km", standoff_belarus="50 km")
    alone = [RulesOfEngagement(**{name: getattr(both, name)})
             for name in ("standoff_russia", "standoff_front", "standoff_belarus")]
    result, _ = windows([both, *alone], theatre, routes)
    for route in range(len(routes[0])):
        expected = result[1][route]
        for other in result[2:]:
            expected = common(expected, other[route])
        assert total(result[0][route]) == pytest.approx(total(expected), abs=5.0)
        assert within(result[0][route], expected)
    sums = [sum(map(total, of_rules)) for of_rules in result]
    assert sums[0] < min(sums[1:])
    assert len({round(s) for s in sums}) == 4


@pytest.mark.parametrize("line", ["russia", "front", "belarus"])
def test_windows_keep_their_distance_and_stay_in_held_territory(theatre, routes, line):
    """Each stand-off alone: some window comes as near as allowed, none nearer (chords: 0.01% of the radius)."""
    result, _ = windows([RulesOfEngagement(**{f"standoff_{line}": "60 km"})], theatre, routes)
    held = own_plane(theatre).buffer(2.0)
    border = {"russia": border_russia_plane, "front": front_plane, "belarus": border_belarus_plane}[line](theatre)
    nearest = []
    for path, parts in zip(shapely.linestrings(np.stack(routes, axis=-1)), result[0], strict=True):
        for a, b in parts:
            points = shapely.line_interpolate_point(path, np.linspace(a, b, 9))
            assert shapely.contains(held, points).all()
            nearest.append(shapely.distance(points, border).min())
    assert len(nearest) > 50
    assert min(nearest) == pytest.approx(60_000.0, abs=10.0)


def test_the_declared_zone_is_the_zone_before_stand_offs(theatre, routes):
    far = REGION.model_copy(update={"standoff_russia": "1500 km"})
    result, arrays = windows([REGION, far, None], theatre, routes)
    assert result[1] == [[]] * len(routes[0])
    assert (arrays.crosses_declared[0] == arrays.crosses_declared[1]).all()
    assert arrays.crosses_declared[0].any()
    assert not arrays.crosses_declared[2].any()
    assert not arrays.class_allowed[2].any()
    assert result[2] == [[]] * len(routes[0])


def test_class_clauses_follow_the_engines_order(theatre, routes):
    two = REGION.model_copy(update={"target_classes": ("ballistic", "uav")})
    rules = [REGION, two, REGION.without("target_classes")]
    _, arrays = windows(rules, theatre, (routes[0][:3], routes[1][:3]))
    assert arrays.class_allowed.tolist() == [[1, 0, 0], [1, 0, 1], [1, 1, 1]]


def test_an_unknown_clause_and_a_distance_out_of_bounds_are_refused():
    with pytest.raises(SkyShieldError, match="is not a clause"):
        REGION.without("standoff")
    for text in ("-1 km", "2001 km", "5 h", "far"):
        with pytest.raises(ValueError, match="standoff_front"):
            RulesOfEngagement(standoff_front=text)
    with pytest.raises(ValueError, match="twice"):
        RulesOfEngagement(target_classes=("uav", "uav"))
