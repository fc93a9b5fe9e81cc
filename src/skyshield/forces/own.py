r"""Ukraine's own defence as hazards along routes.

A threat that has met a weight W of its route's own hazard (0 at the start, 1 at the aim) is still alive
with probability exp(-h W). The night's hazard h gives that night's leak rate of the stream,

    exp(-h) = p,    p ~ Beta(l (1 - rho)/rho, (1 - l)(1 - rho)/rho),

with mean l (the stream's leak rate) and intra-raid correlation rho.

Every threat of a stream meets the same hazard in all. A share
`own_terminal_share` of it is met evenly over the last `own_terminal_distance` before the aim, the rest
evenly over the way above held territory. Where threats are stopped decides how many a patrol further out
finds alive, and the record does not say it: the share has no centre and is run at both ends. (With one
hazard a kilometre instead, the short routes of a stream would take up its whole leak rate and long ones
would never leak, which the record does not show.)
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.theatre.crossing import inside_parts

Floats = npt.NDArray[np.float64]



def hazard_shape(x_m: Floats, y_m: Floats, held: Any, terminal_share: float,
                 terminal_distance_m: float) -> tuple[Floats, Floats]:
    """Return knots and cumulative weights of the own hazard along routes.

    Parameters
    ----------
    x_m, y_m
        f8[route, 3], points of the routes on the plane, metres.
    held
        Ukraine's own territory as a plane polygon.
    terminal_share
        Share of the hazard met before the aim, 0 to 1.
    terminal_distance_m
        Over what distance.

    Returns
    -------
    tuple of arrays
        ``knot_m`` and ``knot_weight``, f8[route, knot]; the weight rises from 0 to 1, linearly between
        knots. A route that never crosses held territory meets all of its hazard before the aim.

    Examples
    --------
    >>> from shapely import box
    >>> x, y = np.array([[0.0, 50.0, 100.0]]), np.zeros((1, 3))
    >>> knot, weight = hazard_shape(x, y, box(20, -1, 200, 1), 0.5, 40.0)
    >>> knot.tolist(), weight.round(4).tolist()
    ([[0.0, 20.0, 60.0, 100.0]], [[0.0, 0.0, 0.25, 1.0]])
    """
    start, end = inside_parts(x_m, y_m, held)
    length = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1)).sum(axis=1)
    shapes = [_route_shape(a[np.isfinite(a)], b[np.isfinite(b)], float(whole), terminal_share, terminal_distance_m)
              for a, b, whole in zip(start, end, length, strict=True)]
    width = max(len(knot) for knot, _ in shapes)
    padded = np.zeros((2, len(shapes), width))
    for route, (knot, weight) in enumerate(shapes):
        padded[0, route], padded[1, route] = knot[-1], 1.0
        padded[0, route, :len(knot)], padded[1, route, :len(knot)] = knot, weight
    return padded[0], padded[1]


def _route_shape(start: Floats, end: Floats, length_m: float, terminal_share: float,
                 terminal_distance_m: float) -> tuple[Floats, Floats]:
    end = np.minimum(end, length_m)
    held_m = float((end - start).sum())
    share = terminal_share if held_m > 0.0 else 1.0
    last = max(0.0, length_m - terminal_distance_m)
    knot = np.unique(np.concatenate([[0.0, last, length_m], start, end]))
    over_held = np.zeros_like(knot)
    for a, b in zip(start, end, strict=True):
        over_held += np.clip(knot - a, 0.0, b - a)
    near_aim = np.clip((knot - last) / (length_m - last), 0.0, 1.0)
    weight = share * near_aim + (1.0 - share) * over_held / max(held_m, 1.0)
    weight[-1] = 1.0
    return knot, weight


def night_quantiles(mean: Floats, rho: Floats, n_quantiles: int) -> Floats:
    """Return the quantile function over nights of a share that one night has in common.

    Parameters
    ----------
    mean, rho
        f8[vector]: mean share and intra-night correlation, both in (0, 1).
    n_quantiles
        Points of the even grid from 0 to 1.

    Returns
    -------
    numpy.ndarray
        f8[vector, quantile] of a beta distribution, ascending, to be read by linear interpolation: the end
        values are not 0 and 1 but those that give the outermost cells their true means.

    Examples
    --------
    >>> night_quantiles(np.array([0.5]), np.array([1 / 3]), 3).round(6).tolist()
    [[0.0, 0.5, 1.0]]
    """
    from scipy.special import betainc, betaincinv

    size = ((1.0 - rho) / rho)[:, None]
    alpha, beta, cells = mean[:, None] * size, (1.0 - mean[:, None]) * size, n_quantiles - 1
    grid = np.asarray(betaincinv(alpha, beta, np.linspace(0.0, 1.0, n_quantiles)[None, :]), np.float64)
    # 0 and 1, the ends of the support, would make the outermost cells far too heavy: these ends keep their means
    low, high = grid[:, 1], grid[:, -2]
    below, above = (betainc(alpha + 1.0, beta, grid[:, [k]])[:, 0] for k in (1, -2))
    grid[:, 0] = np.clip(2 * cells * mean * below - low, 0.0, low)
    grid[:, -1] = np.clip(2 * cells * mean * (1.0 - above) - high, high, 1.0)
    return grid
