"""Rival forecasters of one count, and a pool whose weights follow what each has foretold so far.

An expert gives each day a probability for every value of the count from the days before (and from what the target is
given). The pool is a mixture with weights w learnt one day at a time,

    w <- (1 - eta) w + eta w p(y) / sum w p(y),

the online form of the EM step for mixture weights: no weight ever dies, so that an expert that suits a new habit of
the raids comes back within some 1 / eta days. A day without an outcome teaches nothing.

Sources: Cappé and Moulines, "On-line expectation-maximization", JRSS B 71 (2009); Herbster and Warmuth, "Tracking the
best expert", Machine Learning 32 (1998).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MEMORY_DAYS = 40.0  # 1 / eta: some six weeks, as the levels of the raids move within weeks
LEAST_SHARE = 1e-9  # of a probability, so that an expert may be wrong once


class Experts(NamedTuple):
    """Forecasters of one count.

    `log_p` f8[day, expert] is the log probability of what happened, NaN where nothing was told; `forecast(day)`
    gives f8[expert, value]; `start` f8[expert] are the weights before the first day.
    """

    names: tuple[str, ...]
    log_p: Floats
    forecast: Callable[[int], Floats]
    start: Floats


def together(parts: Sequence[Experts], shares: Sequence[float] | None = None) -> Experts:
    """Return several groups of experts as one; at the start groups have equal shares if none are given."""
    given = [1.0 / len(parts)] * len(parts) if shares is None else list(shares)

    def forecast(day: int) -> Floats:
        found = [part.forecast(day) for part in parts]
        width = max(p.shape[1] for p in found)
        return np.concatenate([np.pad(p, ((0, 0), (0, width - p.shape[1]))) for p in found])

    return Experts(tuple(name for part in parts for name in part.names),
                   np.concatenate([part.log_p for part in parts], axis=1), forecast,
                   np.concatenate([share * part.start for share, part in zip(given, parts, strict=True)]))


def pool_weights(log_p: Floats, start: Floats, memory_days: float = MEMORY_DAYS) -> Floats:
    """Return each day's weights from the days before.

    Parameters
    ----------
    log_p
        f8[day, expert].
    start
        f8[expert], summing to 1.
    memory_days
        How many days the weights remember.

    Returns
    -------
    numpy.ndarray
        f8[day + 1, expert]: the last row is for the day after the last.

    Examples
    --------
    >>> pool_weights(np.log([[0.9, 0.1]]), np.array([0.5, 0.5]), 2.0).round(6).tolist()
    [[0.5, 0.5], [0.7, 0.3]]
    """
    weights = np.empty((len(log_p) + 1, len(start)))
    weights[0] = start
    for day, told in enumerate(log_p):
        if not np.isfinite(told).all():
            weights[day + 1] = weights[day]
            continue
        p = np.exp(told - told.max()) + LEAST_SHARE
        share = weights[day] * p
        weights[day + 1] = weights[day] + (share / share.sum() - weights[day]) / memory_days
    return weights


def pooled(experts: Experts, weights: Floats, day: int) -> Floats:
    """Return the mixture's probabilities on a day, f8[value]."""
    p = weights[day] @ experts.forecast(day)
    return np.asarray(p / p.sum())
