"""What each route flies over: pieces between borders, with the oblast and who holds the ground.

A piece lies in one oblast, over the Black Sea near Ukraine's own coast, or elsewhere: abroad, over the open sea, behind
the control line. All legs are cut by all borders at once, which is some fifty times as quick as one area at a time.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.theatre.model import Theatre
from skyshield.theatre.plane import own_plane, plane_oblast, sea_near_coast

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

NOWHERE = -1
OTHER, OWN, SEA = range(3)  # what a piece flies over
_SHORTEST_M = 100.0  # a shorter piece is joined to its neighbour
_LEGS_AT_ONCE = 64


@dataclass(frozen=True)
class RoutePieces:
    """Pieces of routes.

    Attributes
    ----------
    knot_m
        f8[route, piece + 1], where the pieces begin and end along the route, metres; a route with fewer pieces repeats
        its length.
    ground
        i8[route, piece]: `OTHER`, `OWN` or `SEA`.
    oblast
        i8[route, piece]: index into the oblasts, whoever holds them; `NOWHERE` over the sea and abroad.
    """

    knot_m: Floats
    ground: Integers
    oblast: Integers


def route_pieces(theatre: Theatre, x_m: Floats, y_m: Floats, sea_reach_m: float, before_end_m: float) -> RoutePieces:
    """Return the pieces of two-leg routes.

    Parameters
    ----------
    theatre
        Its oblasts, all of them, are what `RoutePieces.oblast` counts.
    x_m, y_m
        f8[route, 3], start, waypoint and end on the plane, metres.
    sea_reach_m
        How far from Ukraine's own coast the sea is `SEA`.
    before_end_m
        There is a knot so far before the end of each route as well.

    Examples
    --------
    >>> from skyshield.core.geodesy import to_plane
    >>> from skyshield.theatre import load_theatre
    >>> theatre = load_theatre()
    >>> x, y = to_plane([30.7, 30.7, 30.7], [46.0, 46.7, 47.0])
    >>> pieces = route_pieces(theatre, x[None], y[None], 100e3, 20e3)
    >>> [theatre.oblasts[k].name if k >= 0 else "sea" for k in pieces.oblast[0]]
    ['sea', 'Odesa', 'Odesa']
    """
    import shapely

    areas = [plane_oblast(theatre, oblast.name) for oblast in theatre.oblasts]
    own, sea = own_plane(theatre), sea_near_coast(theatre, sea_reach_m)
    length_m = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1))
    edges = np.concatenate([_edges(area) for area in (*areas, own, sea)])
    crossings = [_crossings(x_m[:, leg:leg + 2], y_m[:, leg:leg + 2], edges) for leg in range(2)]
    knot_m = _knots(crossings, length_m, before_end_m)
    x, y = _places((knot_m[:, 1:] + knot_m[:, :-1]) / 2.0, x_m, y_m, length_m)
    points = np.asarray(shapely.points(x.ravel(), y.ravel()), object)
    oblast = np.full(len(points), NOWHERE)
    met, of_area = shapely.STRtree(areas).query(points, "intersects")
    oblast[met] = of_area
    ground = np.where(_in(own, points), OWN, np.where(_in(sea, points), SEA, OTHER))
    return RoutePieces(knot_m, ground.reshape(x.shape), oblast.reshape(x.shape))


def _edges(area: "BaseGeometry") -> Floats:
    """Return f8[edge, end, axis]: the edges of an area's outlines."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(area))
    coordinates = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.stack([points[:-1], points[1:]], axis=1) for points in coordinates])


def _crossings(x_m: Floats, y_m: Floats, edges: Floats) -> list[Floats]:
    """Return for each leg f8[leg, end] where it crosses edges, as shares of its length in no order."""
    start = np.stack([x_m[:, 0], y_m[:, 0]], axis=1)
    along = np.stack([np.diff(x_m, axis=1)[:, 0], np.diff(y_m, axis=1)[:, 0]], axis=1)
    edge = edges[:, 1] - edges[:, 0]
    result: list[Floats] = []
    for first in range(0, len(start), _LEGS_AT_ONCE):
        way, origin = along[first:first + _LEGS_AT_ONCE, None], start[first:first + _LEGS_AT_ONCE, None]
        apart = edges[None, :, 0] - origin
        turn = way[..., 0] * edge[:, 1] - way[..., 1] * edge[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            of_leg = (apart[..., 0] * edge[:, 1] - apart[..., 1] * edge[:, 0]) / turn
            of_edge = (apart[..., 0] * way[..., 1] - apart[..., 1] * way[..., 0]) / turn
            met = (of_leg > 0.0) & (of_leg < 1.0) & (of_edge >= 0.0) & (of_edge <= 1.0)
        result += [share[crossed] for share, crossed in zip(of_leg, met, strict=True)]
    return result


def _knots(crossings: list[list[Floats]], length_m: Floats, before_end_m: float) -> Floats:
    """Return f8[route, knot], ascending from 0 to the route's length; `length_m` is f8[route, leg]."""
    knots = []
    for first, second, (a, b) in zip(*crossings, length_m, strict=True):
        inner = np.sort(np.concatenate([first * a, a + second * b, [a + b - before_end_m]]))
        inner = inner[(inner > _SHORTEST_M) & (inner < a + b - _SHORTEST_M)]
        knots.append(np.concatenate([[0.0], inner[np.diff(inner, prepend=-np.inf) > _SHORTEST_M], [a + b]]))
    width = max(len(knot) for knot in knots)
    return np.stack([np.pad(knot, (0, width - len(knot)), constant_values=knot[-1]) for knot in knots])


def _places(at_m: Floats, x_m: Floats, y_m: Floats, length_m: Floats) -> tuple[Floats, Floats]:
    """Return the positions on the plane of f8[route, position] along routes."""
    first = length_m[:, :1]
    share = np.where(at_m < first, at_m / np.maximum(first, 1.0), (at_m - first) / np.maximum(length_m[:, 1:], 1.0))
    leg = (at_m >= first).astype(int)

    def on_leg(points: Floats) -> Floats:
        start, end = np.take_along_axis(points, leg, axis=1), np.take_along_axis(points, leg + 1, axis=1)
        return np.asarray(start + share * (end - start))

    return on_leg(x_m), on_leg(y_m)


def _in(area: "BaseGeometry", points: npt.NDArray[np.object_]) -> Booleans:
    """Return whether points lie in an area."""
    import shapely

    shapely.prepare(area)
    return np.asarray(shapely.intersects(area, points))
