r"""Ukraine's own defence as hazards along routes.

A threat on a route of weight w meets w h of hazard in all, h being the night's; with a share W of it met it is still
alive with probability exp(-h w W). A night's leak rate of a stream is

    p ~ Beta(l (1 - rho)/rho, (1 - l)(1 - rho)/rho),

with mean l (the stream's leak rate) and correlation rho within a raid. h is the hazard at which the stream as a
whole leaks p,

    sum_r q_r exp(-h w_r) = p,

q_r being the shares of the stream's routes. So both of two rival models of where threats are stopped, between which the
record does not decide, have the same mean leak rate:

- along the way: the same hazard for every kilometre over held territory. w is the length flown over it: long routes
  meet more hazard and leak less.
- near aims: defended aim points. All hazard is met evenly over the last kilometres before the aim, with a strength that
  differs between regions, exp(u), u ~ N(0, tau^2), and in the west is what gives the west its own leak rate.

What is claimed as stopped may have got through: of a share b of leakers that are claimed, a leak rate of l follows from
a claimed one of (1 - b) l.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.theatre.crossing import inside_parts

ALONG_THE_WAY, NEAR_AIMS = 0, 1
MOST_LEAK = 0.99
N_POINTS = 193
HAZARD_STEP = 0.0625
_N_TRIES = 1000  # points of the grid of hazards that a table is inverted on
_MOST_WEST = 0.9  # of a stream's leakers
_HALVINGS = 60


def hazard_shape(x_m: Floats, y_m: Floats, held: Any, terminal_distance_m: float,
                 rival: int) -> tuple[Floats, Floats, Floats]:
    """Return where on its way each route meets its own hazard, and how much.

    Parameters
    ----------
    x_m, y_m
        f8[route, 3], points of the routes on the plane, metres.
    held
        Ukraine's own territory as a plane polygon.
    terminal_distance_m
        Distance before an aim over which its defence is met, metres.
    rival
        `ALONG_THE_WAY` or `NEAR_AIMS`.

    Returns
    -------
    tuple of arrays
        ``knot_m`` and ``knot_weight``, f8[route, knot]: the share of the route's hazard met by then, from 0 to 1,
        linearly between knots; and ``weight``, f8[route], the hazard of the route over the mean of all routes.
        A route that never crosses held territory meets its hazard before the aim.

    Examples
    --------
    >>> from shapely import box
    >>> x, y = np.array([[0.0, 50.0, 100.0]]), np.zeros((1, 3))
    >>> knot, share, weight = hazard_shape(x, y, box(20, -1, 200, 1), 40.0, ALONG_THE_WAY)
    >>> knot.tolist(), share.tolist(), weight.tolist()
    ([[0.0, 20.0, 100.0]], [[0.0, 0.0, 1.0]], [1.0])
    >>> hazard_shape(x, y, box(20, -1, 200, 1), 40.0, NEAR_AIMS)[0].tolist()
    [[0.0, 60.0, 100.0]]
    """
    start, end = inside_parts(x_m, y_m, held)
    length = np.hypot(np.diff(x_m, axis=1), np.diff(y_m, axis=1)).sum(axis=1)
    shapes = []
    for a, b, whole in zip(start, end, length, strict=True):
        parts = [(float(c), float(min(d, whole))) for c, d in zip(a, b, strict=True) if np.isfinite(c)]
        if rival == NEAR_AIMS or not parts:
            parts = [(max(0.0, float(whole) - terminal_distance_m), float(whole))]
        shapes.append(_met_on(parts, float(whole)))
    width = max(len(knot) for knot, _, _ in shapes)
    knot_m, share = np.zeros((2, len(shapes), width))
    for route, (knot, met, _) in enumerate(shapes):
        knot_m[route], share[route] = knot[-1], 1.0
        knot_m[route, :len(knot)], share[route, :len(knot)] = knot, met
    met_m = np.array([whole for _, _, whole in shapes])
    return knot_m, share, np.ones(len(shapes)) if rival == NEAR_AIMS else met_m / met_m.mean()


def _met_on(parts: list[tuple[float, float]], length_m: float) -> tuple[Floats, Floats, float]:
    """Return knots, cumulative share and length of the parts of a route on which it meets hazard."""
    knot = np.unique(np.concatenate([[0.0, length_m], *parts]))
    met = sum((np.clip(knot - a, 0.0, b - a) for a, b in parts), np.zeros_like(knot))
    share = met / met[-1]
    share[-1] = 1.0
    return knot, share, float(met[-1])


def hazard_table(share: Floats, weight: Floats) -> Floats:
    """Return the hazard at which a stream leaks a given share, over an even grid of -log of that share.

    Parameters
    ----------
    share
        f8[vector, group]: shares of a stream's routes, adding up to 1.
    weight
        f8[vector, group] or f8[group]: their weights, positive.

    Returns
    -------
    numpy.ndarray
        f8[vector, point]: h at ``-log p = 0, HAZARD_STEP, ...``, `N_POINTS` of them; each vector's from its own
        numbers alone, whatever the others are.

    Examples
    --------
    >>> even = hazard_table(np.array([[0.3, 0.7]]), np.ones(2))
    >>> bool(np.allclose(even[0], HAZARD_STEP * np.arange(N_POINTS)))
    True
    """
    wanted = HAZARD_STEP * np.arange(N_POINTS)
    with np.errstate(divide="ignore"):
        if weight.ndim == 1:
            hazard = _tries(wanted[-1] / weight.min())
            # not a matrix product, whose rounding may depend on how many vectors there are
            mean = -np.log(np.einsum("vr,rh->vh", share, np.exp(-np.outer(weight, hazard))))
            result = [(hazard, row) for row in mean]
        else:
            tried = [_tries(wanted[-1] / of.min()) for of in weight]
            result = [(hazard, -np.log(np.einsum("r,rh->h", row, np.exp(-np.outer(of, hazard)))))
                      for hazard, row, of in zip(tried, share, weight, strict=True)]
    return np.stack([np.interp(wanted, np.concatenate([[0.0], np.minimum(row[1:], 2.0 * wanted[-1])]), hazard)
                     for hazard, row in result])


def _tries(most: float) -> Floats:
    """Return the hazards that are tried, from 0 to one at which less leaks than the last share asked for."""
    return np.asarray(np.expm1(np.log1p(most) / _N_TRIES * np.arange(_N_TRIES + 1)))


def west_strength(share: Floats, strength: Floats, west: int, p_leak: Floats, p_west: Floats) -> Floats:
    """Return the strength of the west's defence at which the west leaks `p_west` and the stream as a whole `p_leak`.

    Parameters
    ----------
    share
        f8[vector, region]: where the stream goes.
    strength
        f8[vector, region]: strengths of the other regions; the west's own is not read.
    west
        Which region is the west.
    p_leak, p_west
        f8[vector]. The west is given at most nine tenths of the stream's leakers: where the rate asked for would be
        more, it gets the rate at which it has that many.

    Examples
    --------
    >>> share, strength = np.array([[0.5, 0.5]]), np.ones((1, 2))
    >>> west_strength(share, strength, 0, np.array([0.1]), np.array([0.1])).round(6).tolist()
    [1.0]
    """
    others = share.copy()
    others[:, west] = 0.0
    p_west = np.minimum(p_west, _MOST_WEST * p_leak / np.maximum(share[:, west], 1e-12))
    wanted = p_leak - share[:, west] * p_west
    low, high = np.zeros_like(p_leak), np.ones_like(p_leak)

    def leaks(hazard: Floats) -> Floats:
        return np.asarray((others * np.exp(-hazard[:, None] * strength)).sum(axis=1))

    while (above := leaks(high) > wanted).any():
        high = np.where(above, 2.0 * high, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = leaks(middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return -np.log(p_west) / high


def true_leak(claimed: Floats, claim_bias: Floats) -> Floats:
    """Return the leak rate of which `claimed` is told, if a share `claim_bias` of leakers is claimed as stopped.

    Examples
    --------
    >>> true_leak(np.array([0.1, 0.8]), np.array([0.5, 0.5])).tolist()
    [0.2, 0.99]
    """
    return np.minimum(MOST_LEAK, claimed / (1.0 - claim_bias))


def log_load_factors(decoy_share: Floats, decoy_leak_ratio: Floats) -> Floats:
    """Return f8[vector, load]: log of the leak rate of decoys (0) and armed UAVs (1) over that of all UAVs.

    Examples
    --------
    >>> np.exp(log_load_factors(np.array([0.5]), np.array([3.0]))).round(9).tolist()
    [[1.5, 0.5]]
    """
    armed = 1.0 / (1.0 - decoy_share + decoy_share * decoy_leak_ratio)
    return np.log(np.stack([decoy_leak_ratio * armed, armed], axis=1))


def zero_inflated(grid: Floats, p_any: Floats) -> Floats:
    """Return the quantile function of a share that is nothing with probability ``1 - p_any``, and else as given.

    Parameters
    ----------
    grid
        f8[vector, quantile], as `night_quantiles` returns it.
    p_any
        f8[vector], in (0, 1].

    Returns
    -------
    numpy.ndarray
        f8[vector, quantile]; its mean is `p_any` times the mean of `grid`, to be read by linear interpolation.

    Examples
    --------
    >>> zero_inflated(np.full((1, 5), 0.4), np.array([0.5])).round(6).tolist()
    [[0.0, 0.0, 0.32, 0.32, 0.32]]
    """
    even = np.linspace(0.0, 1.0, grid.shape[1])
    result = grid.copy()
    for vector in np.flatnonzero(p_any < 1.0):
        inside = (even - (1.0 - p_any[vector])) / p_any[vector]
        result[vector] = np.where(inside >= 0.0, np.interp(inside, even, grid[vector]), 0.0)
        wanted = p_any[vector] * np.trapezoid(grid[vector], even)
        result[vector] *= wanted / max(float(np.trapezoid(result[vector], even)), np.finfo(float).tiny)
    return np.minimum(result, 1.0)


def _beta_quantiles(alpha: Floats, beta: Floats, share: Floats) -> Floats:
    """Return f8[vector, quantile], half of the vectors in a thread each: scipy leaves the interpreter meanwhile."""
    from scipy.special import betaincinv

    parts = np.array_split(np.arange(len(alpha)), 2)
    with ThreadPoolExecutor(len(parts)) as pool:
        return np.concatenate(list(pool.map(lambda part: betaincinv(alpha[part], beta[part], share[None, :]), parts)))


def night_quantiles(mean: Floats, rho: Floats, n_quantiles: int) -> Floats:
    """Return the quantile function over nights of a share that one night has in common.

    Parameters
    ----------
    mean, rho
        f8[vector]: mean share, from 0 to 1, and correlation within a night, in (0, 1).
    n_quantiles
        Points of the even grid from 0 to 1.

    Returns
    -------
    numpy.ndarray
        f8[vector, quantile] of a beta distribution, ascending, to be read by linear interpolation: the end
        values are not 0 and 1 but those that give the outermost cells their true means. A mean of 0 or 1 is
        that share every night.

    Examples
    --------
    >>> night_quantiles(np.array([0.5, 0.0]), np.array([1 / 3, 1 / 3]), 3).round(6).tolist()
    [[0.0, 0.5, 1.0], [0.0, 0.0, 0.0]]
    """
    from scipy.special import betainc

    certain = (mean <= 0.0) | (mean >= 1.0)
    inner = np.where(certain, 1 / 2, mean)
    size = ((1.0 - rho) / rho)[:, None]
    alpha, beta, cells = inner[:, None] * size, (1.0 - inner[:, None]) * size, n_quantiles - 1
    grid = _beta_quantiles(alpha, beta, np.linspace(0.0, 1.0, n_quantiles))
    # 0 and 1, the ends of the support, would make the outermost cells far too heavy: these ends keep their means
    low, high = grid[:, 1], grid[:, -2]
    below, above = (betainc(alpha + 1.0, beta, grid[:, [k]])[:, 0] for k in (1, -2))
    grid[:, 0] = np.clip(2 * cells * inner * below - low, 0.0, low)
    grid[:, -1] = np.clip(2 * cells * inner * (1.0 - above) - high, high, 1.0)
    return np.where(certain[:, None], mean[:, None], grid)
