"""Marks of routes against distances and shapes taken point by point, and the table of law.

Mutations tried, each caught: built-up radius read for the front's distance; parts of states not sorted along the
route; states numbered from one; padding given the number of a state; `crosses_none` from three of the four kinds;
the low end of an interval in place of its reference; inside and outside exchanged in the table's reader.
"""

import numpy as np
import pytest
import shapely

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.geodesy import to_plane
from skyshield.core.vocabulary import INCIDENT_KINDS
from skyshield.rules import crossing_kinds, incident_marks, incident_places, load_legal
from skyshield.rules.legal import TABLE, read_legal
from skyshield.theatre import load_theatre, plane_point, third_states
from skyshield.theatre.model import MACRO_REGIONS
from skyshield.theatre.plane import border_belarus_plane, border_russia_plane, front_plane

THEATRE, CATALOGUE = load_theatre(), load_catalogue()
STATES = third_states(THEATRE)
ROUNDING_M = 1e-3
NEAR_M = 30.0


@pytest.fixture(scope="module")
def routes():
    draw = np.random.default_rng(6)
    x, y = to_plane(draw.uniform(20.0, 40.0, (200, 3)), draw.uniform(44.0, 52.5, (200, 3)))
    return x, y


@pytest.fixture(scope="module")
def marks(routes):
    return incident_marks(THEATRE, *routes, CATALOGUE)


def points_along(routes, n=150):
    paths = shapely.linestrings(np.stack(routes, axis=-1))
    at = np.linspace(0.0, 1.0, n) * shapely.length(paths)[:, None]
    return shapely.line_interpolate_point(paths[:, None], at), at


def marked(start, end, at):
    return ((at[:, :, None] >= start[:, None, :] - ROUNDING_M)
            & (at[:, :, None] <= end[:, None, :] + ROUNDING_M)).any(axis=2)


CITIES = shapely.MultiPoint([plane_point(city.lon, city.lat) for city in THEATRE.cities])
KINDS = {"border": ([border_russia_plane(THEATRE), border_belarus_plane(THEATRE)], 20_000.0),
         "front": ([front_plane(THEATRE)], 50_000.0), "built_up": ([CITIES], 10_000.0)}


@pytest.mark.parametrize("kind", KINDS)
def test_marks_are_the_parts_within_the_reference_distance(marks, routes, kind):
    shapes, reach_m = KINDS[kind]
    points, at = points_along(routes)
    away = np.min([shapely.distance(shape, points) for shape in shapes], axis=0)
    clear = np.abs(away - reach_m) > NEAR_M
    result = marked(getattr(marks, f"{kind}_start_m"), getattr(marks, f"{kind}_end_m"), at)
    assert result.any() and not result.all()
    assert (result == (away < reach_m))[clear].all()


def test_parts_in_third_states_name_their_state_in_order(marks, routes):
    points, at = points_along(routes)
    start, end = marks.third_start_m, marks.third_end_m
    for index, shape in enumerate(STATES.values()):
        mine = marks.third_state == index
        inside = marked(np.where(mine, start, np.inf), np.where(mine, end, np.inf), at)
        clear = shapely.distance(shape.boundary, points) > NEAR_M
        assert inside.any()
        assert (inside == shapely.contains(shape, points))[clear].all()
    assert (np.isfinite(start) == (marks.third_state >= 0)).all()
    assert (np.isfinite(start).sum(axis=1) > 1).any()
    for parts in start:
        held = parts[np.isfinite(parts)]
        assert (np.diff(held) > 0).all() and np.isinf(parts[len(held):]).all()


def test_a_route_is_clear_only_if_it_meets_none_of_them(marks, routes):
    x, y = to_plane([[29.9, 30.0, 30.1], [23.9, 24.0, 24.1]], [[49.2, 49.2, 49.2], [49.8, 49.8, 49.8]])
    two = incident_marks(THEATRE, x, y, CATALOGUE)
    assert two.crosses_none.tolist() == [1, 0]
    assert two.third_state.tolist() == [[-1], [-1]]
    met = [np.isfinite(getattr(marks, f"{kind}_start_m")).any(axis=1)
           for kind in ("border", "front", "built_up", "third")]
    assert (marks.crosses_none == ~np.any(met, axis=0)).all()
    only_third = met[3] & ~met[0] & ~met[1] & ~met[2]
    assert only_third.any() and not marks.crosses_none[only_third].any()


def test_one_sided_kinds_move_with_their_entry(routes):
    """A distance of another entry moves its own mark and no other."""
    class Fixed:
        def __init__(self, value):
            self.reference_si = value

    usual = incident_marks(THEATRE, *routes, CATALOGUE)
    for key, kind in (("near_border_distance", "border"), ("near_front_distance", "front"),
                      ("built_up_radius", "built_up")):
        moved = incident_marks(THEATRE, *routes, {**CATALOGUE, key: Fixed(3_000.0)})
        same = [other for other in ("border", "front", "built_up", "third")
                if np.array_equal(getattr(moved, f"{other}_start_m"), getattr(usual, f"{other}_start_m"))]
        assert set(same) == {"border", "front", "built_up", "third"} - {kind}


def test_the_law_knows_every_neighbour_and_is_consistent_with_membership():
    law = load_legal()
    member = {state.state: state for state in law.states}
    assert set(member) == {"Ukraine", *STATES}
    for name in STATES:
        crossing = law.kind(f"crossing_{name.lower()}")
        assert (crossing.article_6, crossing.article_42_7) == (member[name].nato, member[name].eu)
    inside = {kind.kind for kind in law.kinds if kind.article_6 or kind.article_42_7}
    assert inside == {"crossing_poland", "crossing_romania", "crossing_slovakia", "crossing_hungary",
                      "base_struck_in_member_state", "aircraft_lost_at_bases", "support_aircraft_lost"}
    for kind in law.kinds:
        assert kind.reason.endswith(".") and kind.reason.count(". ") == 0  # one sentence
        assert set(kind.source) <= set(dict(law.sources))
    assert {key for kind in law.kinds for key in kind.source} == set(dict(law.sources))
    with pytest.raises(SkyShieldError, match="use one of engagement_near_border"):
        law.kind("invasion")


@pytest.mark.parametrize(("field", "value", "says"), [
    ("article_6", "maybe", "is 'maybe'; write inside or outside"), ("source", ["s999"], "unknown source 's999'"),
    ("colour", "red", "does not have just the fields")])
def test_a_damaged_table_is_refused(field, value, says):
    content = read_yaml(TABLE)
    content["kinds"]["embassy_struck"][field] = value
    with pytest.raises(SkyShieldError, match=says):
        read_legal(content, TABLE.name)


def test_every_third_state_has_its_incident_and_every_crossing_its_state():
    places, law = incident_places(), load_legal()
    assert set(places.entering) == {state.name for state in load_theatre().neighbours}
    assert sorted(places.entering.values()) == sorted(kind for kind in INCIDENT_KINDS if kind.startswith("crossing_"))
    assert set(places.entering) < {state.state for state in law.states}
    assert all(law.kind(kind).what == f"A threat crosses into {state}" for state, kind in places.entering.items())
    assert set(places.strays_from) <= set(MACRO_REGIONS)
    assert places.embassies_in in {oblast.name for oblast in load_theatre().oblasts}


def test_a_third_state_without_an_incident_is_said():
    without = {state: kind for state, kind in incident_places().entering.items() if state != "Moldova"}
    for wrong in (without, {**without, "Moldova": "crossing_moldavia"}):
        with pytest.raises(SkyShieldError, match=r"entering: Moldova: has no kind of incident; use one of crossing_"):
            crossing_kinds(load_theatre(), wrong)
