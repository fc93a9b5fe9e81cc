"""Areas of possible incidents: near a border, near the front, above cities, in a third state.

All are shapes on the plane. Distances are from the drawn lines and places, so each boundary is known to
within the error of its line (`Theatre.geometry_error_m`); that of a circle round a city to within the
error of a place. A city is its point at 0.1 degree, not its streets: the radius has to cover both.
"""

import functools
from typing import TYPE_CHECKING

from skyshield.theatre.model import Theatre
from skyshield.theatre.plane import (
    CACHE_SIZE,
    border_belarus_plane,
    border_russia_plane,
    front_plane,
    plane_neighbour,
    plane_point,
)
from skyshield.theatre.zones import QUADRANT_SEGMENTS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@functools.lru_cache(maxsize=CACHE_SIZE * 4)
def built_up_area(theatre: Theatre, radius_m: float) -> "BaseGeometry":
    """Return everything within `radius_m` of any city of the theatre; nothing if it is 0.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> around = built_up_area(load_theatre(), 10_000.0)
    >>> around.contains(plane_point(24.0, 49.8)), around.contains(plane_point(24.0, 50.0))
    (True, False)
    """
    from shapely import union_all

    if radius_m <= 0.0:
        return union_all([])
    return union_all([plane_point(city.lon, city.lat).buffer(radius_m, quad_segs=QUADRANT_SEGMENTS)
                      for city in theatre.cities])


def near_border_area(theatre: Theatre, distance_m: float) -> "BaseGeometry":
    """Return everything within a distance of the border with Russia or Belarus, on either side of it.

    The border with Russia ends at the Azov coast. Russia and Belarus themselves, farther than the
    distance from the border, are not in it: nobody shoots there.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> near_border_area(load_theatre(), 20_000.0).contains(plane_point(31.3, 51.5))
    False
    """
    from shapely import union_all

    return union_all([line(theatre).buffer(distance_m, quad_segs=QUADRANT_SEGMENTS)
                      for line in (border_russia_plane, border_belarus_plane)])


def near_front_area(theatre: Theatre, distance_m: float) -> "BaseGeometry":
    """Return occupied territory, Crimea included, the footholds and everything within a distance of them.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> near_front_area(load_theatre(), 70_000.0).contains(plane_point(30.7, 46.5))
    True
    """
    return front_plane(theatre).buffer(distance_m, quad_segs=QUADRANT_SEGMENTS)


def third_states(theatre: Theatre) -> dict[str, "BaseGeometry"]:
    """Return the third states by name: those that border Ukraine in the west, on the plane.

    Their land only: territorial seas are not drawn. A border with Ukraine is within
    ``geometry_error_m.neighbour`` of the true one in 95 of 100 places.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> list(third_states(load_theatre()))
    ['Hungary', 'Moldova', 'Poland', 'Romania', 'Slovakia']
    """
    return {state.name: plane_neighbour(theatre, state.name) for state in theatre.neighbours}
