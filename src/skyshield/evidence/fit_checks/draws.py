"""Quantile functions over arrays: an outcome is a uniform put through one, so it moves smoothly with its parameters.

Two records made with the same uniforms and nearly the same parameters are nearly the same record. That is what
lets `skyshield.evidence.fit_checks.detect` tell a shift of a parameter from luck.
"""

import math

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import allocating_kernel, kernel
from skyshield.core.normal import negative_binomial_quantile, normal_quantile

_MIN_LOG = -700.0


@kernel
def quantile_of_the_rarer(u: float, n: int, p: float) -> int:
    """Return the quantile for a probability between 0 and one half."""
    log_none = n * math.log1p(-p)
    if log_none < _MIN_LOG:
        near = math.floor(n * p + math.sqrt(n * p * (1.0 - p)) * normal_quantile(u) + 1.0 / 2.0)
        return min(n, max(0, near))
    odds = p / (1.0 - p)
    mass = math.exp(log_none)
    cumulative = mass
    k = 0
    while u >= cumulative and k < n:
        mass *= odds * (n - k) / (k + 1.0)
        k += 1
        cumulative += mass
    return k


@kernel
def binomial_quantile(u: float, n: int, p: float) -> int:
    """Return the least k whose cumulative probability exceeds `u`, for n trials of probability p.

    Where the walk would start below the smallest number a double holds, the normal approximation stands in.

    Examples
    --------
    >>> [binomial_quantile(u, 2, 0.5) for u in (0.2, 0.5, 0.8)]
    [0, 1, 2]
    """
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 1.0 / 2.0:
        return n - quantile_of_the_rarer(1.0 - u, n, 1.0 - p)
    return quantile_of_the_rarer(u, n, p)


@allocating_kernel
def binomial(u: Floats, n: Integers, p: Floats) -> Integers:
    """Return binomial quantiles, i8[night], of uniforms, trials and probabilities."""
    drawn = np.empty(u.shape[0], np.int64)
    for d in range(u.shape[0]):
        drawn[d] = binomial_quantile(u[d], n[d], p[d])
    return drawn


@allocating_kernel
def negative_binomial(u: Floats, mean: Floats, size: float) -> Integers:
    """Return negative binomial quantiles, i8[night], of uniforms and means; variance ``mean + mean**2 / size``."""
    drawn = np.empty(u.shape[0], np.int64)
    for d in range(u.shape[0]):
        drawn[d] = negative_binomial_quantile(u[d], mean[d], size)
    return drawn


def beta_share(u: Floats, mean: npt.ArrayLike, rho: float) -> Floats:
    """Return beta quantiles: a share that all threats of one night have in common.

    Parameters
    ----------
    u
        Uniforms, f8[night].
    mean
        Mean share, in (0, 1).
    rho
        Intra-night correlation, in (0, 1): the variance is ``rho * mean * (1 - mean)``.

    Examples
    --------
    >>> beta_share(np.array([0.25, 0.5]), 0.5, 1 / 3).round(6).tolist()
    [0.25, 0.5]
    """
    from scipy.special import betaincinv

    size = (1.0 - rho) / rho
    share = np.asarray(mean, float)
    return np.asarray(betaincinv(share * size, (1.0 - share) * size, u), float)
