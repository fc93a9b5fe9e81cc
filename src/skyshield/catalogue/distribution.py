r"""Inverse distribution functions of catalogue entries.

pert
    A beta distribution on [low, high] with shape α = 1 + λ(c - low)/(high - low),
    β = 1 + λ(high - c)/(high - low) and λ = 4, so its mean is (low + 4c + high)/6 and its mode the
    central value c. Source: Malcolm, Roseboom, Clark and Fazar, Operations Research 7(5), 1959.
quantiles
    Low, central and high are the 5%, 50% and 95% quantiles. On a scale g the distribution is two
    halves of a normal joined at the median: g(x) = g(c) + z (g(high) - g(c))/z₉₅ above it and
    g(c) + z (g(c) - g(low))/z₉₅ below. The scale is the logit for a share strictly inside (0, 1),
    the logarithm for other positive quantities and the identity where low is zero or less.
constant
    One value.
interval
    Two ends and nothing between them: it has no inverse and is never sampled.
"""

from collections.abc import Callable

import numpy as np

from skyshield.core.arrays import Floats

PERT, QUANTILES, INTERVAL, CONSTANT = "pert", "quantiles", "interval", "constant"
DISTRIBUTIONS = (PERT, QUANTILES, INTERVAL, CONSTANT)
PERT_LAMBDA = 4.0
UPPER_QUANTILE = 0.95


def pert_ppf(u: Floats, low: float, central: float, high: float) -> Floats:
    """Return PERT quantiles at the probabilities `u`; low < high, low ≤ central ≤ high.

    Examples
    --------
    >>> pert_ppf(np.array([0.0, 0.5, 1.0]), 0.0, 5.0, 10.0).tolist()
    [0.0, 5.0, 10.0]
    """
    from scipy.special import betaincinv

    width = high - low
    alpha = 1.0 + PERT_LAMBDA * (central - low) / width
    beta = 1.0 + PERT_LAMBDA * (high - central) / width
    return np.asarray(low + width * betaincinv(alpha, beta, u), np.float64)


def two_piece_ppf(u: Floats, low: float, central: float, high: float, is_share: bool) -> Floats:
    """Return quantiles of the two-piece normal whose 5, 50 and 95% points are low < central < high.

    Examples
    --------
    >>> [round(x, 6) for x in two_piece_ppf(np.array([0.05, 0.5, 0.95]), 0.1, 0.2, 0.5, True).tolist()]
    [0.1, 0.2, 0.5]
    """
    from scipy.special import expit, logit, ndtri

    forward: Callable[[float], float]
    inverse: Callable[[Floats], Floats]
    if is_share and low > 0.0 and high < 1.0:
        forward, inverse = logit, expit
    elif low > 0.0:
        forward, inverse = np.log, np.exp
    else:
        forward, inverse = float, np.asarray
    middle = forward(central)
    z = ndtri(u) / ndtri(UPPER_QUANTILE)
    steps = np.where(z > 0.0, z * (forward(high) - middle), z * (middle - forward(low)))
    return np.asarray(inverse(middle + steps), np.float64)
