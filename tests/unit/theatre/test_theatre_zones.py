"""Zones at three scopes, independent stand-offs, and what is refused."""

import math

import pytest
import shapely

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import PLANE_ERROR, to_geographic
from skyshield.theatre import (
    Zone,
    border_belarus_plane,
    border_russia_plane,
    front_plane,
    load_theatre,
    occupied_plane,
    own_plane,
    plane_oblast,
    plane_point,
    standoff_area,
    ukraine_plane,
    zone_polygon,
)
from support.geodesy import geodesic_m

THEATRE = load_theatre()
SQUARE_M2 = 1e6  # what two shapes may differ by through rounding
BIG = ((22.0, 44.0), (42.0, 44.0), (42.0, 53.0), (22.0, 53.0))


def same(a: shapely.Geometry, b: shapely.Geometry) -> bool:
    return bool(a.symmetric_difference(b).area < SQUARE_M2)


def test_a_region_of_named_oblasts_is_their_union() -> None:
    zone = zone_polygon(THEATRE, Zone("region", oblasts=("Lviv", "Volyn", "Rivne")))
    areas = [plane_oblast(THEATRE, name).area for name in ("Lviv", "Volyn", "Rivne")]
    assert zone.area == pytest.approx(sum(areas), rel=1e-9)


def test_a_drawn_region_is_clipped_to_own_territory_and_nothing_else_changes() -> None:
    assert same(zone_polygon(THEATRE, Zone("region", polygon=BIG)), own_plane(THEATRE))
    inner = ((26.0, 49.0), (28.0, 49.0), (28.0, 50.0), (26.0, 50.0))
    closed = (*inner, inner[0])
    zone = zone_polygon(THEATRE, Zone("region", polygon=inner))
    assert ukraine_plane(THEATRE).contains(zone)
    assert same(zone, zone_polygon(THEATRE, Zone("region", polygon=closed)))
    backward = zone_polygon(THEATRE, Zone("region", polygon=inner[::-1]))
    assert same(zone, backward)


def test_a_zone_across_the_line_keeps_only_the_near_side() -> None:
    zone = zone_polygon(THEATRE, Zone("region", oblasts=("Zaporizhzhia",)))
    whole = plane_oblast(THEATRE, "Zaporizhzhia")
    assert 0.1 < zone.area / whole.area < 0.5
    assert zone.intersection(occupied_plane(THEATRE)).area < 1.0


@pytest.mark.parametrize("name", ["Uzhhorod", "Lviv", "Kyiv", "Odesa"])
def test_circles_have_their_radius_in_geodesic_metres(name: str) -> None:
    city = THEATRE.city(name)
    radius_m = 60_000.0
    from skyshield.theatre.zones import zone_unclipped

    circle = zone_unclipped(THEATRE, Zone("city", places=(name,), radius_m=radius_m))
    for x_m, y_m in shapely.get_coordinates(circle)[::8]:
        lon, lat = to_geographic(x_m, y_m)
        distance_m = geodesic_m(city.lon, city.lat, float(lon), float(lat))
        assert distance_m == pytest.approx(radius_m, rel=PLANE_ERROR)


def test_several_circles_are_joined_and_sites_may_be_corridors() -> None:
    names = ("Kyiv", "Lviv", "Uzhhorod")
    zone = zone_polygon(THEATRE, Zone("city", places=names, radius_m=30_000.0))
    assert len(zone.geoms) == 3
    for name in names:
        assert zone.contains(plane_point(THEATRE.city(name).lon, THEATRE.city(name).lat))
    plants = Zone("site", places=("Rivne NPP", "Uzhhorod–Lviv"), radius_m=25_000.0)
    mukachevo = THEATRE.city("Mukachevo")
    assert zone_polygon(THEATRE, plants).contains(plane_point(mukachevo.lon, mukachevo.lat))


def test_circle_area_is_that_of_a_circle() -> None:
    zone = zone_polygon(THEATRE, Zone("city", places=("Vinnytsia",), radius_m=40_000.0))
    assert zone.area == pytest.approx(math.pi * 40_000.0**2, rel=1e-3)


@pytest.mark.parametrize(("zone", "says"), [
    (Zone("country"), "no scope"),
    (Zone("region"), "neither or both"),
    (Zone("region", oblasts=("Lviv",), polygon=BIG), "neither or both"),
    (Zone("region", oblasts=("Lviv",), radius_m=5.0), "places or a radius"),
    (Zone("region", oblasts=("Lvov oblast",)), "no oblast is named"),
    (Zone("region", oblasts=("Vinnitsa",)), "did you mean 'Vinnytsia'"),
    (Zone("region", oblasts=("Crimea",)), "no territory under Ukraine's own control"),
    (Zone("region", polygon=((26.0, 49.0), (28.0, 50.0), (28.0, 49.0), (26.0, 50.0))),
     "crosses itself near 27.0° E 49.5° N"),
    (Zone("region", polygon=((26.0, 49.0), (28.0, 49.0), (26.0, 49.0))), "2 different vertices"),
    (Zone("region", polygon=((26.0, 49.0), (28.0, 49.0), (27.0, 49.5), (28.0, 49.0))), "crosses itself"),
    (Zone("region", polygon=((2.0, 49.0), (28.0, 49.0), (28.0, 50.0))), "outside the theatre"),
    (Zone("region", polygon=((math.nan, 49.0), (28.0, 49.0), (28.0, 50.0))), "outside the theatre"),
    (Zone("region", polygon=((20.0, 52.0), (21.0, 52.0), (21.0, 53.0))), "no territory"),
    (Zone("city", places=("Kyiv",)), "not a positive distance"),
    (Zone("city", places=("Kyiv",), radius_m=0.0), "not a positive distance"),
    (Zone("city", places=("Kyiv",), radius_m=math.inf), "not a positive distance"),
    (Zone("city", radius_m=10.0), "names no place"),
    (Zone("city", places=("Kyiv",), oblasts=("Kyiv",), radius_m=10.0), "with oblasts"),
    (Zone("city", places=("Kyyiv",), radius_m=10.0), "did you mean 'Kyiv'"),
    (Zone("city", places=("Rivne NPP",), radius_m=10.0), "no city is named"),
    (Zone("site", places=("Grid Lviv",), radius_m=10.0), "no city or site is named"),
    (Zone("city", places=("Simferopol",), radius_m=10.0), "no territory"),
])
def test_what_is_no_zone_is_refused_in_one_line(zone: Zone, says: str) -> None:
    with pytest.raises(SkyShieldError) as caught:
        zone_polygon(THEATRE, zone)
    assert says in str(caught.value)
    assert str(caught.value).startswith("zone")
    assert caught.value.exit_code == 2


def test_no_standoff_leaves_all_of_own_territory() -> None:
    for nothing in ((None, None, None), (0.0, 0.0, 0.0)):
        assert same(standoff_area(THEATRE, *nothing), own_plane(THEATRE))


def _inner_edge(area: shapely.Geometry) -> list[shapely.Point]:
    """Vertices of an area that lie well inside Ukraine's own territory."""
    own = own_plane(THEATRE)
    return [p for p in map(shapely.Point, shapely.get_coordinates(area))
            if own.contains(p) and own.boundary.distance(p) > 2_000.0]


@pytest.mark.parametrize(("argument", "line"), [
    ("russia_m", border_russia_plane), ("front_m", front_plane), ("belarus_m", border_belarus_plane)])
def test_each_boundary_lies_at_its_distance_from_its_own_line(argument: str, line) -> None:  # type: ignore[no-untyped-def]
    area = standoff_area(THEATRE, **{argument: 120_000.0})
    edge = _inner_edge(area)
    assert len(edge) > 10
    for point in edge:
        assert point.distance(line(THEATRE)) == pytest.approx(120_000.0, rel=1e-3)


@pytest.mark.parametrize("front_m", [0.0, 60_000.0, 180_000.0])
def test_one_standoff_does_not_move_the_boundary_of_another(front_m: float) -> None:
    russia, front = standoff_area(THEATRE, russia_m=150_000.0), standoff_area(THEATRE, front_m=front_m)
    both = standoff_area(THEATRE, russia_m=150_000.0, front_m=front_m)
    assert same(both, russia.intersection(front))
    moved = [p for p in _inner_edge(both) if p.distance(front_plane(THEATRE)) > front_m + 1_000.0]
    assert len(moved) > 10
    for point in moved:
        assert point.distance(border_russia_plane(THEATRE)) == pytest.approx(150_000.0, rel=1e-3)


def test_the_standoffs_differ_from_each_other() -> None:
    russia = standoff_area(THEATRE, russia_m=100_000.0)
    front = standoff_area(THEATRE, front_m=100_000.0)
    belarus = standoff_area(THEATRE, belarus_m=100_000.0)
    odesa, sumy, kovel = (plane_point(THEATRE.city(n).lon, THEATRE.city(n).lat) for n in ("Odesa", "Sumy", "Kovel"))
    assert [a.contains(odesa) for a in (russia, front, belarus)] == [True, False, True]
    assert [a.contains(sumy) for a in (russia, front, belarus)] == [False, False, True]  # a foothold is near
    assert [a.contains(kovel) for a in (russia, front, belarus)] == [True, True, False]


@pytest.mark.parametrize("argument", ["russia_m", "front_m", "belarus_m"])
def test_a_greater_distance_leaves_less(argument: str) -> None:
    near, far = (standoff_area(THEATRE, **{argument: d}) for d in (50_000.0, 200_000.0))
    assert far.area < near.area
    assert far.difference(near).area < SQUARE_M2


@pytest.mark.parametrize("distance_m", [-1.0, math.nan, math.inf])
def test_a_distance_that_is_none_is_refused(distance_m: float) -> None:
    with pytest.raises(SkyShieldError, match="russia_m"):
        standoff_area(THEATRE, russia_m=distance_m)


def test_slack_moves_a_boundary_by_itself() -> None:
    wide = standoff_area(THEATRE, russia_m=100_000.0, slack_m=(10_000.0, 0.0, 0.0))
    assert same(wide, standoff_area(THEATRE, russia_m=90_000.0))
    near = standoff_area(THEATRE, slack_m=(-10_000.0, -10_000.0, -10_000.0))
    assert same(near, standoff_area(THEATRE, front_m=10_000.0))  # only the front is there without a stand-off
    beyond = standoff_area(THEATRE, slack_m=(0.0, 10_000.0, 0.0))
    gained = beyond.difference(own_plane(THEATRE))
    assert gained.area > 1e9
    assert gained.intersection(plane_oblast(THEATRE, "Crimea")).area < 1.0  # the coast is no line of contact
