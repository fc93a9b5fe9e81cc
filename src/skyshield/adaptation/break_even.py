r"""Where along an adaptation of the attacker an option's benefit is gone.

For each parameter vector the benefit b(x), its shrunk mean as in `compare`, is joined by straight lines between the
points that were played. The break-even x* is the first place from the lowest value up where it falls from above zero
to zero. A straight line between two points is monotone: nothing is read into the gap.

A vector may have no such place. Then either its benefit stays above zero (x* lies above what was played) or is not
above zero where the axis begins (x* lies below). Both count in the interval, as lying above or below everything;
an end of the interval that falls there is told as ``above`` or ``below`` and has no number. The shares of vectors in
either state describe the vectors that the study played. They are no probabilities: a vector is a case that the
evidence does not exclude, and how often such cases are drawn follows from the stated distributions.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from skyshield.adaptation.sweep import AVOIDED, Sweep
from skyshield.core.arrays import Floats
from skyshield.study.summary import expected_outcomes

ABOVE, BELOW = "above", "below"
_TAILS = (0.025, 0.975)
_DIGITS = 6  # of a place on an axis, so that it reads the same on every platform


def crossing(x: Sequence[float], benefit: Sequence[float] | Floats) -> float:
    """Return the first x at which a benefit falls to zero, inf if it stays above, -inf if it is not above at the start.

    Parameters
    ----------
    x
        Ascending.
    benefit
        At each x.

    Examples
    --------
    >>> crossing((0.0, 0.5, 1.0), (3.0, 1.0, -1.0)), crossing((0.0, 1.0), (2.0, 1.0)), crossing((0.0, 1.0), (0.0, 1.0))
    (0.75, inf, -inf)
    """
    if not benefit[0] > 0.0:
        return -math.inf
    for k in range(1, len(x)):
        if not benefit[k] > 0.0:
            share = benefit[k - 1] / (benefit[k - 1] - benefit[k])
            return float(x[k - 1] + share * (x[k] - x[k - 1]))
    return math.inf


def break_even(x: Sequence[float], benefit: Floats) -> dict[str, Any]:
    """Return the break-even of the mean benefit with its interval over vectors.

    Parameters
    ----------
    x
        Values of the adaptation that were played, ascending.
    benefit
        f8[vector, value]: the expected benefit of each vector at each value.

    Returns
    -------
    dict
        ``value``, ``lo``, ``hi`` (None where beyond what was played), the same with ``_is`` (``above``, ``below`` or
        None), ``vectors``, and the shares of vectors ``share_crossing``, ``share_stays_above_zero`` and
        ``share_never_above_zero``: of the vectors played, no probabilities.

    Examples
    --------
    >>> result = break_even((0.0, 1.0), np.array([[1.0, -1.0], [3.0, -1.0], [4.0, 1.0]]))
    >>> result["value"], result["lo"], result["hi"], result["hi_is"], round(result["share_crossing"], 3)
    (0.888889, 0.5, None, 'above', 0.667)
    """
    benefit = benefit[~np.isnan(benefit).any(axis=1)]
    if not len(benefit):
        raise ValueError("no vector has a sound replication")
    places = np.sort([crossing(x, row) for row in benefit])
    low, high = np.quantile(places, _TAILS[0], method="lower"), np.quantile(places, _TAILS[1], method="higher")
    result: dict[str, Any] = {}
    one = len(places) == 1
    for name, place in (("value", crossing(x, benefit.mean(axis=0))), ("lo", low), ("hi", high)):
        inside = math.isfinite(place) and not (one and name != "value")
        result[name] = round(float(place), _DIGITS) if inside else None
        result[f"{name}_is"] = None if math.isfinite(place) else ABOVE if place > 0.0 else BELOW
    return result | {"from": float(x[0]), "to": float(x[-1]), "vectors": len(places),
                     "share_crossing": float(np.isfinite(places).mean()),
                     "share_stays_above_zero": float((places == math.inf).mean()),
                     "share_never_above_zero": float((places == -math.inf).mean())}


def benefit_along(sweep: Sweep, option: str, axis: str, outcome: str = AVOIDED) -> tuple[list[float], Floats]:
    """Return the values of an axis that were played and f8[vector, value], the expected outcome of each vector there.

    Replications that failed at any point are left out at every point, so that vectors stay comparable along the axis.
    """
    valid = sweep.valid()
    points = sweep.axes[axis]
    return ([float(getattr(sweep.points[p], axis)) for p in points],
            np.stack([expected_outcomes(sweep.outcome(option, outcome, p), valid) for p in points], axis=1))


def break_evens(sweep: Sweep, outcomes: Sequence[str]) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
    """Return option -> axis -> outcome -> `break_even`; empty for an option if no vector has a sound replication."""
    if not sweep.valid().any():
        return {option: {} for option in sweep.options}
    return {option: {axis: {outcome: break_even(*benefit_along(sweep, option, axis, outcome)) for outcome in outcomes}
                     for axis in sweep.axes if len(sweep.axes[axis]) > 1} for option in sweep.options}
