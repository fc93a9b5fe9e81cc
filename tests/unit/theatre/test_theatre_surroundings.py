"""Third states and the areas round borders, the front and cities.

Mutations tried, each caught: Ukraine's outline not taken out of a third state; Belarus left out of the areas
near a border; the front's buffer taken from the control line; one radius of two cities; Crimea left out.
"""

import numpy as np
import pytest
import shapely

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_geographic
from skyshield.theatre import (
    built_up_area,
    load_theatre,
    near_border_area,
    near_front_area,
    occupied_plane,
    plane_neighbour,
    plane_point,
    third_states,
    ukraine_plane,
)
from support.geodesy import geodesic_m

THEATRE = load_theatre()
# (place, longitude, latitude, state): towns at 0.1 degree, general knowledge
TOWNS = [("Przemyśl", 22.8, 49.8, "Poland"), ("Chełm", 23.5, 51.1, "Poland"), ("Lublin", 22.6, 51.2, "Poland"),
         ("Košice", 21.3, 48.7, "Slovakia"), ("Debrecen", 21.6, 47.5, "Hungary"), ("Suceava", 26.3, 47.6, "Romania"),
         ("Tulcea", 28.8, 45.2, "Romania"), ("Chișinău", 28.8, 47.0, "Moldova"), ("Tiraspol", 29.6, 46.8, "Moldova"),
         ("Bălți", 27.9, 47.8, "Moldova"), ("Lviv", 24.0, 49.8, None), ("Izmail", 28.8, 45.4, None),
         ("Brest", 23.7, 52.1, None), ("Uzhhorod", 22.3, 48.6, None)]
# land areas in km2, general knowledge; Poland and Romania are cut by the bounds of the theatre
AREAS_KM2 = {"Moldova": 33_847, "Romania": 238_397}


@pytest.mark.parametrize(("town", "lon", "lat", "state"), TOWNS)
def test_towns_lie_in_their_state_and_in_no_other(town, lon, lat, state):
    inside = [name for name, shape in third_states(THEATRE).items() if shape.contains(plane_point(lon, lat))]
    assert inside == ([] if state is None else [state]), town


def test_states_do_not_overlap_and_leave_ukraine_alone():
    shapes = third_states(THEATRE)
    assert all(shape.is_valid for shape in shapes.values())
    together = shapely.union_all(list(shapes.values()))
    assert together.area == pytest.approx(sum(shape.area for shape in shapes.values()), abs=5e6)
    assert together.intersection(ukraine_plane(THEATRE)).area < 1.0
    for name, km2 in AREAS_KM2.items():
        assert shapes[name].area / 1e6 == pytest.approx(km2, rel=0.03)


def test_slivers_between_the_outlines_are_small():
    """What Ukraine's outline and the third states enclose together is what PROVENANCE says."""
    both = shapely.union_all([ukraine_plane(THEATRE), *third_states(THEATRE).values()])
    holes = sum(shapely.Polygon(ring).area for part in shapely.get_parts(both) for ring in part.interiors)
    assert 150e6 < holes < 350e6


def test_an_unknown_state_is_refused():
    with pytest.raises(SkyShieldError, match="did you mean 'Romania'"):
        plane_neighbour(THEATRE, "Rumania")


def _points(seed, n=400):
    west, south, east, north = ukraine_plane(THEATRE).bounds
    draw = np.random.default_rng(seed)
    return draw.uniform(west, east, n), draw.uniform(south, north, n)


def test_built_up_is_what_is_near_any_city():
    """Against geodesic distances, which the plane keeps to 0.4%."""
    x, y = _points(1)
    inside = shapely.contains_xy(built_up_area(THEATRE, 40_000.0), x, y)
    lon, lat = to_geographic(x, y)
    near = np.array([min(geodesic_m(a, b, c.lon, c.lat) for c in THEATRE.cities)
                     for a, b in zip(lon, lat, strict=True)])
    clear = np.abs(near - 40_000.0) > 400.0
    assert inside[clear].any() and not inside[clear].all()
    assert (inside[clear] == (near[clear] < 40_000.0)).all()
    assert built_up_area(THEATRE, 0.0).is_empty


@pytest.mark.parametrize("distance_m", [20_000.0, 80_000.0])
def test_near_a_border_is_by_distance_from_either_line(distance_m):
    x, y = _points(2)
    near = np.minimum(*(shapely.distance(shapely.LineString([plane_point(*p) for p in line]), shapely.points(x, y))
                        for line in (THEATRE.border_russia, THEATRE.border_belarus)))
    clear = np.abs(near - distance_m) > 50.0
    inside = shapely.contains_xy(near_border_area(THEATRE, distance_m), x, y)
    assert inside.any()
    assert (inside[clear] == (near < distance_m)[clear]).all()


def test_near_the_front_holds_crimea_and_the_footholds():
    area = near_front_area(THEATRE, 10_000.0)
    assert area.contains(plane_point(34.1, 44.9))
    assert all(area.contains(plane_point(*point)) for line in THEATRE.footholds for point in line)
    assert area.covers(occupied_plane(THEATRE))
    assert not area.contains(plane_point(30.5, 50.4))
