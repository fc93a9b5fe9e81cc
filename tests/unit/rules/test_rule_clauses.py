"""The clauses on identification, debris and crewed aircraft, and which clause a closed route is put down to.

Windows are compared with points along random routes, each judged by its own distance from cities and lines, not
by the areas the program builds.

Mutations tried, each caught: the buffer kept only where there is a stand-off; the buffer in place of the
stand-off instead of on top; the buffer left out for Belarus; debris as intersection; debris applied to the
declared zone; debris read as the buffer's distance; `identification` read as a share of 100; the last clause
instead of the first to blame; `several` read as none; blame put on routes that do not cross the zone; geometry
shared between options that differ in debris.
"""

import itertools

import numpy as np
import pytest
import shapely

from skyshield.core.vocabulary import REFUSING_CLAUSES
from skyshield.rules import REFUSED_BY, RulesOfEngagement, ZoneClause, declared_area, effective_area, prepare_rules
from skyshield.rules import windows as codes
from skyshield.theatre import load_theatre, own_plane, plane_point, ukraine_plane
from skyshield.theatre.plane import border_belarus_plane, border_russia_plane, front_plane

NO_AIMS = np.zeros(0, np.uint8)
CLASSES = ("uav", "cruise", "ballistic")
THEATRE = load_theatre()
LINES = {"russia": border_russia_plane(THEATRE), "front": front_plane(THEATRE),
         "belarus": border_belarus_plane(THEATRE)}
CITIES = shapely.MultiPoint([plane_point(city.lon, city.lat) for city in THEATRE.cities])
WIDE = ZoneClause(scope="region", oblasts=("Lviv", "Volyn", "Rivne", "Zhytomyr", "Kyiv", "Kyiv City", "Vinnytsia",
                                           "Chernihiv", "Odesa", "Cherkasy", "Poltava"))
FULL = RulesOfEngagement(zone=WIDE, standoff_russia="100 km", standoff_front="60 km", standoff_belarus="20 km",
                         debris="15 km", crewed_buffer="30 km")
ROUNDING_M = 1e-3
NEAR_M = 30.0  # chords of a circle fall short of it by up to 0.01% of its radius


def random_routes(seed, n=150):
    west, south, east, north = ukraine_plane(THEATRE).bounds
    draw = np.random.default_rng(seed)
    return draw.uniform(west, east, (n, 3)), draw.uniform(south, north, (n, 3))


def distances(points):
    """Distances of points from the three lines and from the nearest city."""
    return {name: shapely.distance(shape, points) for name, shape in (*LINES.items(), ("city", CITIES))}


def judged(rules, points, away):
    """Which points the clauses allow, and which are too near a limit to tell: from distances alone."""
    area = declared_area(THEATRE, rules)
    shapely.prepare(area)
    allowed = shapely.contains(area, points)
    unclear = shapely.dwithin(area.boundary, points, NEAR_M)
    text = {"russia": rules.standoff_russia, "front": rules.standoff_front, "belarus": rules.standoff_belarus}
    limits = {line: km(asked) + km(rules.crewed_buffer) for line, asked in text.items()}
    for name, limit_m in (*limits.items(), ("city", km(rules.debris))):
        if limit_m > 0.0:
            allowed &= away[name] >= limit_m
            unclear |= np.abs(away[name] - limit_m) < NEAR_M
    return allowed, unclear


def km(text):
    return 0.0 if text is None else float(text.removesuffix(" km")) * 1_000.0


def along(x, y, n=120):
    """Points along each route and their distances from its start."""
    paths = shapely.linestrings(np.stack([x, y], axis=-1))
    at = np.linspace(0.0, 1.0, n) * shapely.length(paths)[:, None]
    return shapely.line_interpolate_point(paths[:, None], at), at


def in_windows(result, option, at):
    start, end = result.window_start_m[option][:, None, :], result.window_end_m[option][:, None, :]
    return ((at[:, :, None] >= start - ROUNDING_M) & (at[:, :, None] <= end + ROUNDING_M)).any(axis=2)


@pytest.mark.parametrize("rules", [
    FULL, *(FULL.without(clause) for clause in REFUSING_CLAUSES), RulesOfEngagement(debris="40 km"),
    RulesOfEngagement(crewed_buffer="80 km"), RulesOfEngagement(standoff_front="50 km", crewed_buffer="25 km")],
    ids=["full", *REFUSING_CLAUSES, "debris alone", "buffer alone", "buffer on one stand-off"])
def test_windows_are_where_every_clause_allows(rules):
    x, y = random_routes(1)
    result = prepare_rules([rules], CLASSES, THEATRE, x, y, NO_AIMS)
    points, at = along(x, y)
    allowed, unclear = judged(rules, points, distances(points))
    inside = in_windows(result, 0, at)
    assert allowed.any() and not allowed.all()
    assert unclear.mean() < 0.02
    assert (inside == allowed)[~unclear].all()


@pytest.mark.parametrize("clause", ["debris", "crewed_buffer"])
def test_adding_a_clause_never_opens_a_window_and_dropping_it_restores(clause):
    x, y = random_routes(2)
    without = FULL.without(clause)
    widths = ["5 km", "30 km", "90 km"]
    rules = [without, *(without.model_copy(update={clause: width}) for width in widths)]
    rules.append(rules[-1].without(clause))
    result = prepare_rules(rules, CLASSES, THEATRE, x, y, NO_AIMS)
    _, at = along(x, y, 400)
    inside = [in_windows(result, option, at) for option in range(len(rules))]
    for loose, tight in itertools.pairwise(inside[:-1]):
        assert not (tight & ~loose).any()
        assert (loose & ~tight).any()
    for arrays in (result.window_start_m, result.window_end_m, result.refused_by, result.crosses_declared):
        assert (arrays[0] == arrays[-1]).all()
    assert (result.crosses_declared == result.crosses_declared[0]).all()  # the declared zone knows no such clause


@pytest.mark.parametrize("seed", range(4))
def test_no_clause_opens_a_window_whatever_the_others(seed):
    """Random rule sets: each clause added to each leaves at most the windows there were."""
    x, y = random_routes(10 + seed, 60)
    draw = np.random.default_rng(seed)
    held = {clause: f"{draw.integers(5, 150)} km" for clause in REFUSING_CLAUSES if draw.random() < 0.6}
    base = RulesOfEngagement(zone=WIDE if draw.random() < 0.5 else None, **held)
    rules = [base, *(base.model_copy(update={clause: f"{km(held.get(clause)) / 1_000.0 + 20.0} km"})
                     for clause in REFUSING_CLAUSES)]
    result = prepare_rules(rules, CLASSES, THEATRE, x, y, NO_AIMS)
    _, at = along(x, y, 300)
    before = in_windows(result, 0, at)
    for option in range(1, len(rules)):
        assert not (in_windows(result, option, at) & ~before).any()
        assert effective_area(THEATRE, rules[option]).difference(effective_area(THEATRE, base)).area < 1.0


def test_identification_is_a_confidence_and_moves_no_window():
    x, y = random_routes(3, 40)
    result = prepare_rules([FULL, FULL.model_copy(update={"identification": 0.95}),
                            RulesOfEngagement(identification=1), None], CLASSES, THEATRE, x, y, NO_AIMS)
    assert [RulesOfEngagement(identification=q).id_confidence for q in (None, 0.95, 1)] == [0.0, 0.95, 1.0]
    assert (result.window_start_m[0] == result.window_start_m[1]).all()
    assert (result.refused_by[0] == result.refused_by[1]).all()
    assert FULL.model_copy(update={"identification": 0.95}).without("identification") == FULL
    for wrong in (-0.01, 1.01, float("nan"), True, "0.9", None.__class__):
        with pytest.raises(ValueError, match="identification"):
            RulesOfEngagement(identification=wrong)


def test_the_blame_is_that_of_a_recomputation():
    """By points along each route: the first clause without which some point is allowed."""
    x, y = random_routes(4, 250)
    tight = [FULL.model_copy(update={"standoff_russia": "250 km"}), FULL.model_copy(update={"debris": "60 km"}),
             FULL.model_copy(update={"standoff_belarus": "150 km", "standoff_russia": None}),
             FULL.model_copy(update={"standoff_front": "250 km", "debris": None}),
             FULL.model_copy(update={"crewed_buffer": "120 km"})]
    result = prepare_rules(tight, CLASSES, THEATRE, x, y, NO_AIMS)
    points, _ = along(x, y, 300)
    away, met = distances(points), set()
    for option, rules in enumerate(tight):
        crosses = shapely.contains(declared_area(THEATRE, rules), points).any(axis=1)
        opens = {None: judged(rules, points, away)[0].any(axis=1)}
        for clause in REFUSING_CLAUSES:
            opens[clause] = judged(rules.without(clause), points, away)[0].any(axis=1)
        expected = np.full(len(x), codes.SEVERAL)
        for code, clause in reversed(list(enumerate(REFUSING_CLAUSES, start=1))):
            expected[opens[clause]] = code
        expected[opens[None] | ~crosses] = codes.NOT_REFUSED
        # a part shorter than the points' distance, some 6 km at most, can be missed by the points
        assert (result.refused_by[option] == expected).mean() > 0.98
        met |= {int(code) for code in result.refused_by[option]}
    held = {code for code, clause in enumerate(REFUSED_BY) if getattr(FULL, clause, None) is not None}
    assert met == {codes.NOT_REFUSED, *held, codes.SEVERAL} and len(held) == 5


def test_codes_carry_their_names():
    assert (REFUSED_BY[codes.NOT_REFUSED], REFUSED_BY[codes.SEVERAL]) == ("none", "several")
    assert REFUSED_BY[1:-1] == REFUSING_CLAUSES


def test_only_closed_routes_that_cross_the_zone_are_blamed():
    x, y = random_routes(5, 300)
    nothing = FULL.model_copy(update={"standoff_russia": "1900 km", "standoff_front": "1900 km"})
    result = prepare_rules([FULL, nothing, nothing.without("standoff_front"), RulesOfEngagement(zone=WIDE), None],
                           CLASSES, THEATRE, x, y, NO_AIMS)
    closed = (result.crosses_declared == 1) & ~np.isfinite(result.window_start_m[:, :, 0])
    assert ((result.refused_by != codes.NOT_REFUSED) == closed).all()
    assert result.refused_by.dtype == np.int64
    assert set(result.refused_by[1][closed[1]].tolist()) == {codes.SEVERAL}
    assert REFUSED_BY.index("standoff_russia") in result.refused_by[2]
    assert not result.refused_by[3].any()
    assert not result.refused_by[4].any()


def test_the_effective_zone_keeps_clear_of_cities_and_in_held_territory():
    area = effective_area(THEATRE, FULL)
    assert area.distance(CITIES) == pytest.approx(15_000.0, rel=2e-4)
    assert area.difference(own_plane(THEATRE)).area < 1.0
    assert effective_area(THEATRE, RulesOfEngagement(zone=WIDE)).equals(declared_area(THEATRE, FULL))
