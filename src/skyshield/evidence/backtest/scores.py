r"""Scores of a forecast distribution: CRPS, logarithmic score and the randomised probability integral transform.

A forecast is a set of atoms: values with weights that sum to 1. Its continuous ranked probability score against an
outcome y is

    CRPS = integral (F(x) - 1{x >= y})^2 dx = E|X - y| - E|X - X'| / 2,

in the units of x, smaller is better; for a lone point it is the distance. For a count with probabilities p the
logarithmic score is -log p(y), and the transform is F(y - 1) + u p(y) with an addressed uniform u: uniform on (0, 1)
under a perfect forecast.

Sources: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102 (2007); Czado,
Gneiting and Held, "Predictive model assessment for count data", Biometrics 65 (2009).
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


def crps_of_counts(p: Floats, outcome: float) -> float:
    """Return the CRPS of a count whose probabilities are p[0], p[1], and so on.

    Examples
    --------
    >>> crps_of_counts(np.array([0.5, 0.0, 0.5]), 1.0)
    0.5
    """
    cumulative = np.cumsum(p)
    reached = np.arange(len(p)) >= outcome
    excess = max(0.0, outcome - len(p))  # where all is counted and nothing has happened yet
    return float(np.sum((cumulative - reached) ** 2) + excess)


def log_score(p: Floats, outcome: float) -> float:
    """Return minus the log probability of an outcome.

    Examples
    --------
    >>> round(log_score(np.array([0.25, 0.75]), 1.0), 6)
    0.287682
    """
    p_outcome = p[int(outcome)] if outcome < len(p) else 0.0
    return -float(np.log(max(p_outcome, MIN_PROBABILITY)))


def pit(p: Floats, outcome: float, tie_breaker: float) -> float:
    """Return the randomised probability integral transform of a count.

    Examples
    --------
    >>> pit(np.array([0.5, 0.5]), 1.0, 0.5)
    0.75
    """
    y = int(outcome)
    if y >= len(p):
        return 1.0
    return float(min(1.0, p[:y].sum() + tie_breaker * p[y]))
