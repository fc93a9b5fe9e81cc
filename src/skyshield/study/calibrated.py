r"""An arm of few replications told with the help of the headline's many: control variates.

An arm plays one replication of each vector, and of the first vectors one more, on the raids of the headline's first.
The headline plays R of each. How far the headline's first happen to lie from all R is known, and what the arm has in
common with the headline is off by the same. With y_v the mean of what the arm plays of vector v, c_v the means of the
controls on the same raids and C_v those over all R,

    told_v = y_v - b (c_v - C_v),

kept from another sign than all that the arm was seen to do, so that none prevents less than nothing. The controls are
the headline in the same column and, for a difference of two options, also the option that it is taken to: how many more
come with the option goes with how many come. Their slopes b are those of least squares within vectors, from the vectors
of which the arm plays more than one replication; with fewer than `ENOUGH` of these it is told by itself.

What the controls leave unexplained within vectors, omega^2 a replication, is the arm's own noise. With n_v the arm's
replications of a vector, the noise in told_v is

    omega^2 / n_v + s_v^2 / R,

s_v^2 being the variance of b C within the vector. As R grows it falls to the first part, the floor that the arm's own
replications set.

Source: Lavenberg, Welch, "A perspective on the use of control variables to increase the efficiency of Monte Carlo
simulations", Management Science 27, 1981.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats

ENOUGH = 8
_ALIKE = 1e-9  # of the product of two controls' squares: what they differ by is rounding


class Calibrated(NamedTuple):
    """What an arm is told to be.

    Attributes
    ----------
    means
        f8[..., vector].
    noise, own
        f8[..., vector]: the variance of the noise in each, and the part of it that is the arm's own.
    known
        Whether the noise can be told: some vector has two replications.
    """

    means: Floats
    noise: Floats
    own: Floats
    known: bool


def calibrated(arm: Floats, shared: Booleans, controls: Sequence[Floats], valid: Booleans) -> Calibrated:
    """Tell an arm with the help of the headline.

    Parameters
    ----------
    arm
        f8[..., vector, replication].
    shared
        bool[vector, replication]: which of these count; every vector has one.
    controls
        One or two f8[..., vector, replication] of the headline, the arm's replications first.
    valid
        bool[vector, replication]: which of the headline's count.

    Examples
    --------
    >>> headline = np.add.outer(np.arange(8.0), np.array([0.0, 1.0, 5.0]))
    >>> told = calibrated(3.0 * headline[:, :2], np.ones((8, 2), bool), [headline], np.ones((8, 3), bool))
    >>> bool((told.means == 3.0 * headline.mean(axis=1)).all()), told.own.max().round(9)
    (True, np.float64(0.0))
    """
    n = arm.shape[-1]
    number = shared.sum(axis=1)
    mean, off = _within(arm, shared)
    moved = [_within(control[..., :n], shared) for control in controls]
    slopes = _slopes(off, [one.off for one in moved]) if (number > 1).sum() >= ENOUGH else []
    explained: Floats | float = 0.0
    told, left = mean, off
    for slope, control, first in zip(slopes, controls, moved, strict=False):
        wide = slope[..., None]
        explained = explained + wide[..., None] * control
        told = told - wide * (first.mean - _within(control, valid).mean)
        left = left - wide[..., None] * first.off
    low, high = (np.where(some.all(axis=-1), 0.0, end)[..., None] for some, end in ((mean >= 0.0, -np.inf),
                                                                                   (mean <= 0.0, np.inf)))
    repeated = int((number - 1).sum())
    degrees = np.maximum(1, repeated - sum((slope != 0.0).astype(np.int64) for slope in slopes))
    own = ((left**2).sum(axis=(-2, -1)) / degrees)[..., None] / number
    noise = own + (_noise(np.asarray(explained), valid) if slopes else 0.0)
    return Calibrated(np.clip(told, low, high), noise, own, repeated > 0)


class _Within(NamedTuple):
    """Means [..., vector], and what single replications are off them, zero where they do not count."""

    mean: Floats
    off: Floats


def _within(x: Floats, valid: Booleans) -> _Within:
    start = x[..., :1] if valid[:, 0].all() else x[..., np.arange(len(valid)), valid.argmax(axis=1)][..., None]
    above = np.where(valid, x - start, 0.0)  # so that what is constant has no noise, not even of rounding
    mean = above.sum(axis=-1) / valid.sum(axis=1)
    return _Within(start[..., 0] + mean, np.where(valid, above - mean[..., None], 0.0))


def _noise(x: Floats, valid: Booleans) -> Floats:
    """Return f8[..., vector]: the variance of the noise in vectors' means; nothing in one of a single replication."""
    number = valid.sum(axis=1)
    squares = (_within(x, valid).off ** 2).sum(axis=-1)
    return np.asarray(squares / np.maximum(1, number - 1) / number)


def _slopes(off: Floats, controls: Sequence[Floats]) -> list[Floats]:
    """Return f8[...]: the slope of each control by least squares, zero for one that adds nothing."""
    def product(one: Floats, other: Floats) -> Floats:
        return np.asarray((one * other).sum(axis=(-2, -1)))

    first = controls[0]
    square, along = product(first, first), product(first, off)
    alone = np.divide(along, square, out=np.zeros(along.shape), where=square > 0.0)
    if len(controls) == 1:
        return [alone]
    second = controls[1]
    other, across, along_other = product(second, second), product(first, second), product(second, off)
    determinant = square * other - across**2
    both = determinant > _ALIKE * square * other
    only = np.divide(along_other, other, out=np.zeros(along.shape), where=(square <= 0.0) & (other > 0.0))
    slopes = (np.divide(along * other - along_other * across, determinant, out=alone.copy(), where=both),
              np.divide(along_other * square - along * across, determinant, out=only, where=both))
    return list(slopes)
