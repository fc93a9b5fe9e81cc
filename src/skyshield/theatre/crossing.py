"""Where a two-leg route is inside an area of the plane."""

import functools
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats


def inside_parts(x_m: Floats, y_m: Floats, area: Any) -> tuple[Floats, Floats]:
    """Return the parts of routes that lie inside a plane polygon.

    Parameters
    ----------
    x_m, y_m
        f8[route, 3]: start, waypoint and end of each route, metres on the plane.
    area
        A shapely polygon or multipolygon on the same plane.

    Returns
    -------
    tuple of arrays
        Start and end, f8[route, part], metres along the route, ascending, padded with infinity; at
        least one part wide.

    Examples
    --------
    >>> from shapely import box
    >>> start, end = inside_parts(np.array([[0.0, 5.0, 10.0]]), np.zeros((1, 3)), box(2, -1, 7, 1))
    >>> start.tolist(), end.tolist()
    ([[2.0]], [[7.0]])
    """
    import shapely

    x, y = (np.asarray(values, np.float64).tobytes() for values in (x_m, y_m))
    start_m, end_m = _inside_parts(x, y, shapely.to_wkb(area))
    return start_m.copy(), end_m.copy()


@functools.lru_cache(maxsize=32)
def _inside_parts(x_m: bytes, y_m: bytes, area_wkb: bytes) -> tuple[Floats, Floats]:
    """Return them from plain bytes: contexts of one scenario, and options of one context, ask for the same areas."""
    import shapely

    ways = np.stack([np.frombuffer(x_m).reshape(-1, 3), np.frombuffer(y_m).reshape(-1, 3)], axis=-1)
    area = shapely.from_wkb(area_wkb)  # a copy: what is prepared belongs to one thread
    shapely.prepare(area)
    parts: list[list[tuple[float, float]]] = [[] for _ in ways]
    offset = np.zeros(len(ways))
    for leg in range(2):
        points = ways[:, leg:leg + 2]
        length = np.hypot(points[:, 1, 0] - points[:, 0, 0], points[:, 1, 1] - points[:, 0, 1])
        lines = np.asarray(shapely.linestrings(points), object)
        met = np.flatnonzero((length > 0.0) & shapely.intersects(area, lines))
        whole = shapely.contains_properly(area, lines[met])  # told at once, most are; the rest has to be cut
        for route in met[whole].tolist():
            parts[route].append((float(offset[route]), float(offset[route] + length[route])))
        cut = met[~whole]
        for route, piece in _pieces(shapely.intersection(lines[cut], area), cut, points[:, 0], offset):
            parts[route].append(piece)
        offset += length
    joined = [_join(sorted(p)) for p in parts]
    width = max(1, *(len(p) for p in joined))
    bounds_m = np.full((2, len(ways), width), np.inf)
    for route, pieces in enumerate(joined):
        for k, (a, b) in enumerate(pieces):
            bounds_m[0, route, k], bounds_m[1, route, k] = a, b
    return bounds_m[0], bounds_m[1]


def _pieces(inside: Any, routes: Any, start: Floats, offset: Floats) -> list[tuple[int, tuple[float, float]]]:
    """Return each line of what is inside with its route: its two ends, metres along the route."""
    import shapely

    pieces, of = shapely.get_parts(inside, return_index=True)
    is_line = (shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING) & (shapely.length(pieces) > 0.0)
    pieces, route = pieces[is_line], routes[of[is_line]]
    ends = [np.hypot(*(shapely.get_coordinates(shapely.get_point(pieces, k)) - start[route]).T) for k in (0, -1)]
    low, high = (offset[route] + bound(*ends) for bound in (np.minimum, np.maximum))
    return list(zip(route.tolist(), zip(low.tolist(), high.tolist(), strict=True), strict=True))


def _join(parts: list[tuple[float, float]], gap_m: float = 1.0) -> list[tuple[float, float]]:
    """Join parts that touch, as the two legs do at the waypoint."""
    joined: list[tuple[float, float]] = []
    for a, b in parts:
        if joined and a - joined[-1][1] <= gap_m:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined
