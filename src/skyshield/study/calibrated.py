r"""An arm of one replication a vector told with the help of the headline's many: a regression estimator.

An arm plays the headline's first replication of each vector, on the same raids; the headline plays R of them. How far
the headline's first happen to lie from all R is known, and what the arm has in common with the headline is off by the
same. With x_v1 the headline's first of vector v, x_v its mean and y_v the arm's,

    told_v = y_v - b (x_v1 - x_v),    b = cov(x_1, y) / var(x_1) over vectors,

kept within what the arm itself was seen to do, so that no arm prevents less than nothing. Of an arm that is a multiple
of the headline it tells just that multiple of the headline's means. What noise the headline's means still hold,
s_v^2 / R, the told ones hold b^2 times. What the line does not explain, sigma^2 a vector, is how the arm moves vectors
apart and noise of its own, which one replication cannot tell from each other: so sigma^2 / K in the variance of the
mean over K vectors is the most that the arm's own noise may add. It stays however many replications the headline plays.

Source: Lavenberg, Welch, "A perspective on the use of control variables to increase the efficiency of Monte Carlo
simulations", Management Science 27, 1981.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats


class Calibrated(NamedTuple):
    """What an arm is told to be.

    Attributes
    ----------
    means, noise
        f8[..., vector]: each vector's mean, and the variance of the noise in it that is the headline's.
    own
        f8[...]: the most that the arm's own noise adds to the variance of the mean over vectors; NaN of two or fewer.
    """

    means: Floats
    noise: Floats
    own: Floats


def calibrated(arm: Floats, first: Floats, means: Floats, noise: Floats) -> Calibrated:
    """Tell an arm with the help of the headline.

    Parameters
    ----------
    arm, first
        f8[..., vector]: the arm, and the headline on the same raids.
    means, noise
        f8[..., vector]: the headline's means over all its replications, and the variance of the noise in each.

    Examples
    --------
    >>> first, means = np.array([1.0, 4.0, 4.0]), np.array([2.0, 3.0, 4.0])
    >>> told = calibrated(0.5 * first, first, means, np.full(3, 0.2))
    >>> told.means.tolist(), told.noise.tolist(), told.own.tolist()
    ([1.0, 1.5, 2.0], [0.05, 0.05, 0.05], 0.0)
    """
    n = first.shape[-1]
    off = first - first.mean(axis=-1, keepdims=True)
    variance = (off**2).sum(axis=-1)
    moved = arm - arm.mean(axis=-1, keepdims=True)
    covariance = (off * moved).sum(axis=-1)
    shape = covariance.shape
    slope = np.divide(covariance, variance, out=np.zeros(shape), where=variance > 0.0)[..., None]
    told = np.clip(arm - slope * (first - means), arm.min(axis=-1, keepdims=True), arm.max(axis=-1, keepdims=True))
    unexplained = ((moved - slope * off) ** 2).sum(axis=-1)
    own = unexplained / (n - 2) / n if n > 2 else np.full(shape, np.nan)
    return Calibrated(told, slope**2 * noise, own)
