"""The theatre on the plane: shapely shapes in metres on `skyshield.core.geodesy`'s plane.

Ukraine is the union of its 27 oblasts; occupied territory is what lies behind the control line,
Crimea included; Ukraine's own territory is the rest. The footholds along the Russian border (Sumy,
northern Kharkiv) are lines without area: they belong to the front from which distance is kept, and
their few hundred km² stay with Ukraine's own territory. Distances on the plane are within 0.4% of
geodesic ones over the theatre.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from skyshield.core.geodesy import to_plane
from skyshield.theatre.model import Rings, Theatre, unknown

if TYPE_CHECKING:
    from shapely import LineString, Point
    from shapely.geometry.base import BaseGeometry

CACHE_SIZE = 8
_BLACK_SEA_DEG = (28.0, 43.0, 38.0, 47.0)  # west, south, east, north of what is looked at


def plane_line(points: Iterable[tuple[float, float]]) -> "LineString":
    """Return a line given in degrees as a line in metres; edges are straight on the plane.

    Examples
    --------
    >>> round(plane_line([(30.5, 50.5), (24.0, 49.8)]).length / 1000, -1)
    470.0
    """
    import numpy as np
    from shapely import LineString

    degrees = np.asarray(tuple(points), float)
    return LineString(np.column_stack(to_plane(degrees[:, 0], degrees[:, 1])))


def plane_point(lon_deg: float, lat_deg: float) -> "Point":
    """Return a position in degrees as a point in metres."""
    from shapely import Point

    x_m, y_m = to_plane(lon_deg, lat_deg)
    return Point(float(x_m), float(y_m))


@functools.lru_cache(maxsize=CACHE_SIZE * 32)
def plane_neighbour(theatre: Theatre, name: str) -> "BaseGeometry":
    """Return a third state in metres, without what Ukraine's own outline already holds.

    The two outlines are from different sources; where they overlap Ukraine's stands, and between them
    lie slivers of a few hundred km² in all that belong to neither.

    Raises
    ------
    SkyShieldError
        If no third state bears the name.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> round(plane_neighbour(load_theatre(), "Moldova").area / 1e6, -3)
    33000.0
    """
    return _union(theatre.neighbour(name).polygons).difference(ukraine_plane(theatre))


@functools.lru_cache(maxsize=CACHE_SIZE * 32)
def plane_oblast(theatre: Theatre, name: str) -> "BaseGeometry":
    """Return an oblast as a polygon or multipolygon in metres.

    Raises
    ------
    SkyShieldError
        If no oblast bears the name; close names are offered.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> round(plane_oblast(load_theatre(), "Zhytomyr").area / 1e6, -3)
    30000.0
    """
    names = [o.name for o in theatre.oblasts]
    if name not in names:
        raise unknown("oblast", name, names, where="zone")
    return _union(theatre.oblast(name).polygons)


def _union(polygons: Sequence[Rings]) -> "BaseGeometry":
    from shapely import Polygon, union_all

    rings = [[plane_line(ring).coords for ring in rings] for rings in polygons]
    return union_all([Polygon(outer, holes) for outer, *holes in rings])


@functools.lru_cache(maxsize=CACHE_SIZE)
def ukraine_plane(theatre: Theatre) -> "BaseGeometry":
    """Return Ukraine within its recognised borders (land only), Crimea included."""
    from shapely import union_all

    return union_all([plane_oblast(theatre, o.name) for o in theatre.oblasts])


@functools.lru_cache(maxsize=CACHE_SIZE)
def behind_control_line(theatre: Theatre) -> "BaseGeometry":
    """Return everything behind the control line: occupied Ukraine with the sea and Russia beside it."""
    from shapely import Polygon

    return Polygon(plane_line((*theatre.control_line, *theatre.closing[1:])).coords)


@functools.lru_cache(maxsize=CACHE_SIZE)
def occupied_plane(theatre: Theatre) -> "BaseGeometry":
    """Return the part of Ukraine behind the control line, Crimea included.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> theatre = load_theatre()
    >>> occupied_plane(theatre).contains(plane_point(34.1, 44.9))
    True
    """
    return ukraine_plane(theatre).intersection(behind_control_line(theatre))


@functools.lru_cache(maxsize=CACHE_SIZE)
def front_plane(theatre: Theatre) -> "BaseGeometry":
    """Return what a stand-off from the front is measured from: occupied territory and the footholds.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> sumy = plane_point(34.8, 50.9)
    >>> front_plane(load_theatre()).distance(sumy) < occupied_plane(load_theatre()).distance(sumy)
    True
    """
    from shapely import union_all

    return union_all([occupied_plane(theatre), *(plane_line(line) for line in theatre.footholds)])


@functools.lru_cache(maxsize=CACHE_SIZE)
def own_plane(theatre: Theatre) -> "BaseGeometry":
    """Return Ukraine's own territory: Ukraine without what lies behind the control line."""
    return ukraine_plane(theatre).difference(behind_control_line(theatre))


@functools.lru_cache(maxsize=CACHE_SIZE)
def sea_near_coast(theatre: Theatre, reach_m: float) -> "BaseGeometry":
    """Return the Black Sea as far as `reach_m` from Ukraine's own coast, without what lies behind the control line."""
    from shapely import box, union_all

    west, south, east, north = _BLACK_SEA_DEG
    x, y = to_plane([west, east], [south, north])
    land = [ukraine_plane(theatre), *(plane_neighbour(theatre, state.name) for state in theatre.neighbours)]
    near: BaseGeometry = own_plane(theatre).buffer(reach_m).intersection(box(x[0], y[0], x[1], y[1]))
    return near.difference(union_all([*land, behind_control_line(theatre)]))


@functools.lru_cache(maxsize=CACHE_SIZE)
def border_russia_plane(theatre: Theatre) -> "LineString":
    """Return the recognised land border with Russia, from Belarus to the Sea of Azov."""
    return plane_line(theatre.border_russia)


@functools.lru_cache(maxsize=CACHE_SIZE)
def border_belarus_plane(theatre: Theatre) -> "LineString":
    """Return the border with Belarus, from Poland to Russia."""
    return plane_line(theatre.border_belarus)


@functools.lru_cache(maxsize=CACHE_SIZE)
def control_line_plane(theatre: Theatre) -> "LineString":
    """Return the control line, from the sea off Kinburn to the Russian border."""
    return plane_line(theatre.control_line)
