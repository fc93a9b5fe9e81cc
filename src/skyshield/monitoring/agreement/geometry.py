"""Where a place lies to a line or a zone, in metres, with what the coarse drawing leaves open.

The nearest point of a line is found on the theatre's plane; the distance to it is the geodesic on
WGS 84. The plane stretches distances by at most 0.4%, which moves the nearest point by at most some
0.004 of the distance along the line and the geodesic by less than a metre in 25 km. The side is that of
the nearest piece of the line, walked from its first point.

Source: Karney, Algorithms for geodesics, Journal of Geodesy 87 (2013), pp. 43-55; PROJ ``geod``.
"""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.geodesy import to_geographic, to_plane

if TYPE_CHECKING:
    from pyproj import Geod
    from shapely.geometry.base import BaseGeometry

_TIE_M = 1e-3


class Offset(NamedTuple):
    """Distance to a line in metres, and on which side of it: 1 left, -1 right, walked from its first point."""

    distance_m: float
    side: int


@functools.cache
def _geod() -> "Geod":
    from pyproj import Geod

    return Geod(ellps="WGS84")


def geodesic_m(lon_deg: float, lat_deg: float, to_lon_deg: float, to_lat_deg: float) -> float:
    """Return the geodesic between two places in metres.

    Examples
    --------
    >>> round(geodesic_m(37.8, 48.0, 37.8, 49.0))
    111200
    """
    return float(_geod().inv(lon_deg, lat_deg, to_lon_deg, to_lat_deg)[2])


@functools.lru_cache(maxsize=64)
def _plane_points(points: tuple[tuple[float, float], ...]) -> Floats:
    degrees = np.asarray(points, float)
    return np.column_stack(to_plane(degrees[:, 0], degrees[:, 1]))


def offset_from_line(lon_deg: float, lat_deg: float, points: Sequence[tuple[float, float]]) -> Offset:
    """Return how far a place is from a line, and on which side.

    Parameters
    ----------
    lon_deg, lat_deg
        The place in degrees.
    points
        The line's points in degrees, at least two.

    Examples
    --------
    >>> offset = offset_from_line(37.0, 48.0, [(38.0, 49.0), (38.0, 47.0)])
    >>> round(offset.distance_m, -2), offset.side
    (74600.0, -1)
    """
    line = _plane_points(tuple(points))
    place = np.array([float(value) for value in to_plane(lon_deg, lat_deg)])
    start, piece = line[:-1], np.diff(line, axis=0)
    length = np.hypot(piece[:, 0], piece[:, 1])
    to_place = place - start
    share = np.clip((to_place * piece).sum(axis=1) / np.maximum(length, _TIE_M) ** 2, 0.0, 1.0)
    nearest = start + share[:, None] * piece
    apart = np.hypot(*(place - nearest).T)
    across = (piece[:, 0] * to_place[:, 1] - piece[:, 1] * to_place[:, 0]) / np.maximum(length, _TIE_M)
    # At a corner two pieces are equally near: the one that the place lies more beside has the right side.
    tied = np.flatnonzero(apart <= apart.min() + _TIE_M)
    best = tied[np.argmax(np.abs(across[tied]))]
    lon, lat = to_geographic(nearest[best, 0], nearest[best, 1])
    return Offset(geodesic_m(lon_deg, lat_deg, float(lon), float(lat)), 1 if across[best] > 0.0 else -1)


@functools.lru_cache(maxsize=64)
def _ring(points: tuple[tuple[float, float], ...]) -> "BaseGeometry":
    from shapely import Polygon

    return Polygon(_plane_points(points))


@functools.lru_cache(maxsize=64)
def _oblasts(names: tuple[str, ...]) -> tuple["BaseGeometry", float]:
    from shapely import union_all

    from skyshield.theatre import load_theatre, plane_oblast

    theatre = load_theatre()
    return union_all([plane_oblast(theatre, name) for name in names]), theatre.geometry_error_m.oblast


def inside_polygon(lon_deg: float, lat_deg: float, points: Sequence[tuple[float, float]],
                   error_m: float) -> bool | None:
    """Return whether a place lies in a polygon; None within `error_m` of its edge.

    Examples
    --------
    >>> square = [(37.0, 47.0), (39.0, 47.0), (39.0, 49.0), (37.0, 49.0)]
    >>> [inside_polygon(lon, 48.0, square, 10e3) for lon in (36.0, 37.05, 38.0)]
    [False, None, True]
    """
    return _inside(lon_deg, lat_deg, _ring(tuple(points)), error_m)


def inside_oblasts(lon_deg: float, lat_deg: float, names: Sequence[str], more_m: float = 0.0) -> bool | None:
    """Return whether a place lies in any of the oblasts; None within the theatre's error, and `more_m`, of their edge.

    Examples
    --------
    >>> inside_oblasts(37.8, 48.0, ["Donetsk", "Luhansk"]), inside_oblasts(30.5, 50.4, ["Donetsk"])
    (True, False)
    """
    area, error_m = _oblasts(tuple(names))
    return _inside(lon_deg, lat_deg, area, error_m + more_m)


def _inside(lon_deg: float, lat_deg: float, area: "BaseGeometry", error_m: float) -> bool | None:
    from shapely import Point

    place = Point(*(float(value) for value in to_plane(lon_deg, lat_deg)))
    if area.boundary.distance(place) <= error_m:
        return None
    return bool(area.contains(place))
