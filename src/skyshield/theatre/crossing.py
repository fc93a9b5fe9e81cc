"""Where a two-leg route is inside an area of the plane."""

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

    area = shapely.from_wkb(shapely.to_wkb(area))  # a copy: what is prepared belongs to one thread
    shapely.prepare(area)
    parts: list[list[tuple[float, float]]] = [[] for _ in range(len(x_m))]
    offset = np.zeros(len(x_m))
    for leg in range(2):
        points = np.stack([x_m[:, leg:leg + 2], y_m[:, leg:leg + 2]], axis=-1)
        length = np.hypot(points[:, 1, 0] - points[:, 0, 0], points[:, 1, 1] - points[:, 0, 1])
        lines = np.asarray(shapely.linestrings(points), object)
        met = np.flatnonzero((length > 0.0) & shapely.intersects(area, lines))
        whole = shapely.contains_properly(area, lines[met])  # told at once, most are; the rest has to be cut
        for route in met[whole].tolist():
            parts[route].append((float(offset[route]), float(offset[route] + length[route])))
        cut = met[~whole]
        for route, inside in zip(cut.tolist(), shapely.intersection(lines[cut], area), strict=True):
            parts[route] += _pieces(inside, points[route, 0], float(offset[route]))
        offset += length
    joined = [_join(sorted(p)) for p in parts]
    width = max(1, *(len(p) for p in joined))
    bounds_m = np.full((2, len(x_m), width), np.inf)
    for route, pieces in enumerate(joined):
        for k, (a, b) in enumerate(pieces):
            bounds_m[0, route, k], bounds_m[1, route, k] = a, b
    return bounds_m[0], bounds_m[1]


def _pieces(geometry: Any, start: Floats, offset: float) -> list[tuple[float, float]]:
    import shapely

    pieces = []
    for part in shapely.get_parts(geometry):
        if part.geom_type != "LineString" or part.length == 0.0:
            continue
        ends = np.hypot(*(shapely.get_coordinates(part)[[0, -1]] - start).T)
        pieces.append((offset + float(ends.min()), offset + float(ends.max())))
    return pieces


def _join(parts: list[tuple[float, float]], gap_m: float = 1.0) -> list[tuple[float, float]]:
    """Join parts that touch, as the two legs do at the waypoint."""
    joined: list[tuple[float, float]] = []
    for a, b in parts:
        if joined and a - joined[-1][1] <= gap_m:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined
