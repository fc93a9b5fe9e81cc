r"""An arm of few replications told with the help of the headline's many: calibration by exponential tilting.

An arm plays the headline's first R' replications of each vector, on the same raids; the headline plays R of them. How
far the headline's first R' happen to lie from all R is known, and what the arm has in common with the headline is off
by the same. So the arm's replications are weighted,

    w_vr ~ exp(lambda z_vr),    sum_r w_vr = 1 for each vector,

where z is the headline's deviation from its mean within the vector, in units of its spread there, and lambda the one
number for which the weighted headline has the mean of all its replications. Weights are above zero, so whatever is
told of the arm lies within what the arm itself was seen to do: no threats prevented below zero.

To first order this is regression on the headline. With sigma^2 the arm's variance within vectors and r its correlation
there with the headline, both over the R' replications, the variance of the arm's mean over K vectors is

    sigma^2 ((1 - r^2) / R' + r^2 / R) / K.

It falls as R grows, never rises, and ends at the floor sigma^2 (1 - r^2) / (R' K) that the arm's own replications set.

Source: Deville, Sarndal, "Calibration estimators in survey sampling", J. Am. Stat. Assoc. 87, 1992 (the multiplicative
method).
"""

import numpy as np

from skyshield.core.arrays import Booleans, Floats

_MOST = 4.0  # of lambda: where no weights reach the mean, the steepest of these come nearest
_STEPS = 24


def tilted_weights(x: Floats, valid: Booleans, target: Floats) -> Floats:
    """Return the weights of replications that give a headline its mean.

    Parameters
    ----------
    x
        f8[..., vector, replication] of the headline: the replications that are weighted.
    valid
        [vector, replication]: those that count; every vector has one.
    target
        f8[...]: the mean over vectors that the weighted means shall have.

    Returns
    -------
    array
        f8[..., vector, replication], 1 in total for each vector.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0], [2.0, 6.0]])
    >>> weights = tilted_weights(x, np.ones((2, 2), bool), np.array(3.5))
    >>> bool((weights > 0.0).all()), round(float((weights * x).sum(axis=1).mean()), 9)
    (True, 3.5)
    """
    number = valid.sum(axis=1)
    mean = np.where(valid, x, 0.0).sum(axis=-1) / number
    off = np.where(valid, x - mean[..., None], 0.0)
    spread = np.sqrt((off**2).sum(axis=(-2, -1)) / max(1, int((number - 1).sum())))
    varies = spread > 0.0
    unit = np.where(varies, spread, 1.0)
    z, wanted = off / unit[..., None, None], (target - mean.mean(axis=-1)) / unit
    low, high = np.full(spread.shape, -_MOST), np.full(spread.shape, _MOST)
    steepness = np.zeros(spread.shape)
    for _ in range(_STEPS):  # Newton's steps, halving where one leads out of the bracket
        weights = _weights(steepness, z, valid)
        means = (weights * z).sum(axis=-1)
        excess = means.mean(axis=-1) - wanted
        slope = ((weights * z**2).sum(axis=-1) - means**2).mean(axis=-1)
        low, high = np.where(excess < 0.0, steepness, low), np.where(excess < 0.0, high, steepness)
        step = steepness - np.divide(excess, slope, out=np.zeros_like(slope), where=slope > 0.0)
        inside = (step >= low) & (step <= high)
        steepness = np.where(varies, np.where(inside, step, (low + high) / 2.0), 0.0)
    return _weights(steepness, z, valid)


def _weights(steepness: Floats, z: Floats, valid: Booleans) -> Floats:
    """Return the weights of one steepness a column."""
    power = np.where(valid, steepness[..., None, None] * z, -np.inf)
    weights = np.exp(power - power.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
