"""Where a name lies: the smallest circle about an oblast, a side of the country, a city, or all of them together.

A position somewhere in a circle of radius R, all places alike, has a standard deviation of R/2 on each axis.
"""

import functools
import re
from typing import TYPE_CHECKING

from skyshield.core.geodesy import to_geographic
from skyshield.record.names import comparable, oblast_of
from skyshield.theatre import Oblast, load_theatre, plane_oblast, plane_point, ukraine_plane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

COUNTRY = "ukraine"
_BETWEEN = re.compile(r"\s+and\s+|,|;")
Place = tuple[float, float, float]


@functools.cache
def _oblasts() -> dict[str, Oblast]:
    """Return the oblasts by the name that the record gives them."""
    named = {}
    for oblast in load_theatre().oblasts:
        name = oblast_of(f"{oblast.name} oblast") or oblast_of(oblast.name)
        if name is not None:
            named[name] = oblast
    return named


@functools.cache
def _cities() -> dict[str, tuple[float, float]]:
    return {comparable(city.name): (city.lon, city.lat) for city in load_theatre().cities}


@functools.lru_cache(maxsize=4096)
def place_of(names: str) -> Place | None:
    """Return longitude, latitude and error per axis (m) of what is named; None if none of the names is known.

    Names stand between ``and`` or commas: cities, oblasts in any spelling, sides of the country (``south``), or the
    country. A name that is a city's and an oblast's is the city's.

    Examples
    --------
    >>> lon, lat, error_m = place_of("Lviv oblast")
    >>> round(lon), round(lat), 40_000 < error_m < 80_000
    (24, 50, True)
    >>> place_of("south")[2] > place_of("Odesa oblast")[2], place_of("nowhere")
    (True, None)
    """
    from shapely import union_all

    theatre = load_theatre()
    shapes = []
    for part in _BETWEEN.split(names):
        name = comparable(part)
        if name == COUNTRY:
            shapes.append(ukraine_plane(theatre))
        elif name in _cities():
            shapes.append(plane_point(*_cities()[name]).buffer(theatre.geometry_error_m.place))
        elif (region := oblast_of(part)) is not None and region in _oblasts():
            shapes.append(plane_oblast(theatre, _oblasts()[region].name))
        else:
            shapes += [plane_oblast(theatre, oblast.name) for oblast in theatre.oblasts if oblast.macro_region == name]
    if not shapes:
        return None
    return about(union_all(shapes))


def about(shape: "BaseGeometry") -> Place:
    """Return the middle of the smallest circle about a shape on the plane, and the error per axis of a place in it."""
    from shapely import minimum_bounding_circle, minimum_bounding_radius

    circle = minimum_bounding_circle(shape)
    middle = (shape if circle.is_empty else circle).centroid  # no circle is about a single point
    lon, lat = to_geographic(middle.x, middle.y)
    return float(lon), float(lat), float(minimum_bounding_radius(shape)) / 2


def country() -> Place:
    """Return the place of the whole country, for what names none that is known."""
    found = place_of(COUNTRY)
    assert found is not None  # noqa: S101 - the shipped theatre holds Ukraine
    return found
