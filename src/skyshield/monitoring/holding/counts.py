"""Counts that vary more than Poisson's: the negative binomial.

Y ~ NB(r, p) has P(Y = y) = Γ(y + r) / (Γ(r) y!) p^r (1 - p)^y, mean m = r (1 - p) / p and variance m + m² / r. The
size r says how much counts vary beyond chance: r → ∞ is Poisson. Over an exposure e the size is r e, so that sums of
windows are of the same kind. Source: Johnson, Kemp and Kotz, Univariate Discrete Distributions, 3rd ed., chapter 5.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats

POISSON = math.inf


class Moments(NamedTuple):
    """Mean and size of counts per unit of exposure; `size` is infinite where they vary no more than Poisson's.

    `mean_error` is the standard error of the mean under this size.
    """

    mean: float
    size: float
    mean_error: float


def moments(count: Floats, exposure: Floats) -> Moments:
    """Return mean and size by the method of moments.

    With m the counts over the exposure, the size is m / (φ - 1), where φ = Σ (y - m e)² / (m e) / (n - 1) is the index
    of dispersion.

    Parameters
    ----------
    count, exposure
        Shape (n,), at least two; exposure over 0.

    Examples
    --------
    >>> found = moments(np.array([0.0, 2.0, 4.0, 10.0]), np.ones(4))
    >>> found.mean, round(found.size, 3), round(found.mean_error, 3)
    (4.0, 1.091, 2.16)
    """
    mean = float(count.sum() / exposure.sum())
    if mean <= 0:
        return Moments(0.0, POISSON, 0.0)
    expected = mean * exposure
    index = float(((count - expected) ** 2 / expected).sum() / (len(count) - 1))
    size = mean / (index - 1) if index > 1 else POISSON
    return Moments(mean, size, math.sqrt(mean * (1 + mean / size) / float(exposure.sum())))


def at_most(y: Floats, mean: float, size: float) -> Floats:
    """Return P(Y ≤ y), 0 below 0.

    Examples
    --------
    >>> at_most(np.array([-1.0, 0.0]), 4.0, 2.0).round(6).tolist()
    [0.0, 0.111111]
    """
    from scipy.special import betainc, gammaincc

    whole = np.floor(y)
    inside = np.maximum(whole, 0)
    values = gammaincc(inside + 1, mean) if math.isinf(size) else betainc(size, inside + 1, size / (size + mean))
    return np.where(whole < 0, 0.0, values)


def more_than(y: Floats, mean: float, size: float) -> Floats:
    """Return P(Y > y), 1 below 0, without the loss of digits of 1 - P(Y ≤ y).

    Examples
    --------
    >>> more_than(np.array([-1.0, 0.0]), 4.0, 2.0).round(6).tolist()
    [1.0, 0.888889]
    """
    from scipy.special import betainc, gammainc

    whole = np.floor(y)
    inside = np.maximum(whole, 0)
    values = gammainc(inside + 1, mean) if math.isinf(size) else betainc(inside + 1, size, mean / (size + mean))
    return np.where(whole < 0, 1.0, values)


def probability(y: Floats, mean: float, size: float) -> Floats:
    """Return P(Y = y), 0 for what is no whole number from 0 up.

    Examples
    --------
    >>> probability(np.array([0.0, 0.5, 1.0]), 4.0, 2.0).round(6).tolist()
    [0.111111, 0.0, 0.148148]
    """
    from scipy.special import gammaln, xlogy

    valid = (y >= 0) & (y == np.floor(y))
    inside = np.where(valid, y, 0.0)
    if math.isinf(size):
        log = xlogy(inside, mean) - mean - gammaln(inside + 1)
    else:
        log = (gammaln(inside + size) - gammaln(size) - gammaln(inside + 1)
               - size * math.log1p(mean / size) + xlogy(inside, mean / (size + mean)))
    return np.where(valid, np.exp(log), 0.0)
