r"""The continuous ranked probability score of weighted values.

A forecast is a set of atoms: values with weights that sum to 1. Its continuous ranked probability score against an
outcome y is

    CRPS = integral (F(x) - 1{x >= y})^2 dx = E|X - y| - E|X - X'| / 2,

in the units of x, smaller is better; for a lone point it is the distance.

Source: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102 (2007).
"""

import numpy as np

from skyshield.core.arrays import Floats

MIN_PROBABILITY = 1e-12  # for an outcome of probability 0, so that its score is finite


def crps_of_atoms(values: Floats, weights: Floats, outcome: float) -> float:
    """Return the CRPS of weighted atoms.

    Parameters
    ----------
    values, weights
        f8[atom]; the weights sum to 1.
    outcome
        What happened.

    Examples
    --------
    >>> crps_of_atoms(np.array([0.0, 2.0]), np.array([0.5, 0.5]), 1.0)
    0.5
    >>> crps_of_atoms(np.array([3.0]), np.array([1.0]), 1.0)
    2.0
    """
    order = np.argsort(values, kind="stable")
    x, w = values[order], weights[order]
    below = np.cumsum(w)[:-1]
    spread = float(np.sum(below * (1.0 - below) * np.diff(x)))
    return float(np.sum(w * np.abs(x - outcome))) - spread
