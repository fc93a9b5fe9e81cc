r"""Ukraine's own defence night by night: leak rates, and the hazard that makes them.

A threat on a route of weight W (`forces.regional`) meets h W of hazard in all, h being the night's, and leaks with
probability exp(-h W). A night's leak rate of a stream is

    p ~ Beta(l (1 - rho)/rho, (1 - l)(1 - rho)/rho),

with mean l (the stream's leak rate) and correlation rho within a raid. h is the hazard at which the stream as a
whole leaks p,

    sum_r q_r exp(-h W_r) = p,

q_r being the shares of the stream's routes. So a night's leak rate is the same wherever threats are stopped.

What is claimed as stopped may have got through: of a share b of leakers that are claimed, a leak rate of l follows from
a claimed one of (1 - b) l.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.content import kept_by_content

MOST_LEAK = 0.99
N_POINTS = 193
HAZARD_STEP = 0.0625
_N_TRIES = 96  # hazards that a table is inverted between
_LEAST_WEIGHT = 1e-3
_KEPT = 16  # of some 400 kB for 200 vectors: streams of the settings that a process has met last


@kept_by_content(_KEPT)
def hazard_table(share: Floats, weight: Floats) -> Floats:
    """Return the hazard at which a stream leaks a given share, over an even grid of -log of that share.

    -log of the share is worked out with its slope at some hazards, and inverted by cubics between them (to 1e-6).

    Parameters
    ----------
    share
        f8[vector, route]: shares of a stream's routes, adding up to 1.
    weight
        f8[vector, route]: the W of their whole way, positive.

    Returns
    -------
    numpy.ndarray
        f8[vector, point]: h at ``-log p = 0, HAZARD_STEP, ...``, `N_POINTS` of them; each vector's from its own
        numbers alone, whatever the others are.

    Examples
    --------
    >>> even = hazard_table(np.array([[0.3, 0.7]]), np.ones((1, 2)))
    >>> bool(np.allclose(even[0], HAZARD_STEP * np.arange(N_POINTS)))
    True
    """
    wanted = np.asarray(HAZARD_STEP * np.arange(N_POINTS), np.float64)
    parts = np.array_split(np.arange(len(share)), min(2, len(share)))
    with ThreadPoolExecutor(len(parts)) as pool:
        tables = pool.map(lambda part: [_inverted(row, of, wanted) for row, of in zip(
            share[part], weight[part], strict=True)], parts)
        return np.stack([row for table in tables for row in table])


def _inverted(share: Floats, weight: Floats, wanted: Floats) -> Floats:
    """Return the hazards of one vector, f8[point]."""
    share, weight = share[share > 0.0] / share.sum(), weight[share > 0.0]
    most = wanted[-1] / max(weight.min(), _LEAST_WEIGHT)
    hazard = np.expm1(np.log1p(most) / (_N_TRIES - 1) * np.arange(_N_TRIES))
    alive = share * np.exp(-hazard[:, None] * (weight - weight.min()))
    mean = alive.sum(axis=1)
    value, slope = hazard * weight.min() - np.log(mean), (alive * weight).sum(axis=1) / mean
    k = np.minimum(np.searchsorted(value, wanted, side="right") - 1, _N_TRIES - 2)
    step, t = value[k + 1] - value[k], (wanted - value[k]) / (value[k + 1] - value[k])
    rest = 1.0 - t
    inverted = np.asarray((1.0 + 2.0 * t) * rest**2 * hazard[k] + t * rest**2 * step / slope[k]
                          + t**2 * (3.0 - 2.0 * t) * hazard[k + 1] - t**2 * rest * step / slope[k + 1])
    inverted[0] = 0.0
    return inverted


def true_leak(claimed: Floats, claim_bias: Floats) -> Floats:
    """Return the leak rate of which `claimed` is told, if a share `claim_bias` of leakers is claimed as stopped.

    Examples
    --------
    >>> true_leak(np.array([0.1, 0.8]), np.array([0.5, 0.5])).tolist()
    [0.2, 0.99]
    """
    return np.minimum(MOST_LEAK, claimed / (1.0 - claim_bias))


def log_load_factors(decoy_share: Floats, decoy_leak_ratio: Floats) -> Floats:
    """Return f8[vector, load]: log of a UAV's leak rate by its load over that of all; armed decoys are as decoys.

    Examples
    --------
    >>> np.exp(log_load_factors(np.array([0.5]), np.array([3.0]))).round(9).tolist()
    [[1.5, 0.5, 1.5]]
    """
    armed = 1.0 / (1.0 - decoy_share + decoy_share * decoy_leak_ratio)
    return np.log(np.stack([decoy_leak_ratio * armed, armed, decoy_leak_ratio * armed], axis=1))


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


@kept_by_content(_KEPT)
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
