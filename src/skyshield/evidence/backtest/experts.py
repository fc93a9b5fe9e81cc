"""Competing forecasters of one count, and a pool whose weights follow their past performance.

An expert gives each day a probability for every value of the count from the days before (and from what the target is
given). The pool is a mixture with weights w learnt one day at a time,

    w <- (1 - eta) w + eta w p(y) / sum w p(y),

the online form of the EM step for mixture weights: no weight reaches zero, so that an expert that suits a new regime
of the raids recovers within some 1 / eta days. A day without an outcome changes nothing. An expert without a forecast
for a day (NaN) keeps its weight and that day is left to the others.

Sources: Cappé and Moulines, "On-line expectation-maximization", JRSS B 71 (2009); Herbster and Warmuth, "Tracking the
best expert", Machine Learning 32 (1998).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.scores import MIN_PROBABILITY

MEMORY_DAYS = 40.0  # 1 / eta: some six weeks, as the levels of the raids move within weeks
MIN_SHARE = 1e-9  # of a probability, so that an expert may be wrong once


class Experts(NamedTuple):
    """Forecasters of one count.

    `log_p` f8[day, expert] is the log probability of the outcome, NaN where it is not reported; `forecast(day)`
    gives f8[expert, value]; `start` f8[expert] are the weights before the first day.
    """

    names: tuple[str, ...]
    log_p: Floats
    forecast: Callable[[int], Floats]
    start: Floats


def combine(parts: Sequence[Experts], shares: Sequence[float] | None = None) -> Experts:
    """Return several groups of experts as one; at the start groups have equal shares if none are given."""
    start_shares = [1.0 / len(parts)] * len(parts) if shares is None else list(shares)

    def forecast(day: int) -> Floats:
        forecasts = [part.forecast(day) for part in parts]
        width = max(p.shape[1] for p in forecasts)
        return np.concatenate([np.pad(p, ((0, 0), (0, width - p.shape[1]))) for p in forecasts])

    return Experts(tuple(name for part in parts for name in part.names),
                   np.concatenate([part.log_p for part in parts], axis=1), forecast,
                   np.concatenate([share * part.start for share, part in zip(start_shares, parts, strict=True)]))


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
    for day, log_densities in enumerate(log_p):
        weights[day + 1] = weights[day]
        available = np.isfinite(log_densities)
        if not available.any():
            continue
        p = np.exp(log_densities[available] - log_densities[available].max()) + MIN_SHARE
        available_weights = weights[day, available]
        share = available_weights * p
        weights[day + 1, available] += (share / share.sum() * available_weights.sum() - available_weights) / memory_days
    return weights


def pooled(experts: Experts, weights: Floats, day: int) -> Floats:
    """Return the mixture's probabilities on a day, f8[value], from the experts that have a forecast."""
    rows = experts.forecast(day)
    available = np.isfinite(rows).all(axis=1)
    p = weights[day, available] @ rows[available]
    return np.asarray(p / p.sum())


def one_expert(name: str, forecast: Callable[[int], Floats], y: Floats, first: int, last: int) -> Experts:
    """Return an expert from its forecast f8[value] of any day, without one where that is NaN and before `first`.

    Parameters
    ----------
    name
        Of the expert.
    forecast
        From the index of a day to its probabilities.
    y
        f8[day], the outcome, NaN where not reported.
    first, last
        Indices of the days on which it is scored.
    """
    forecasts: dict[int, Floats] = {}

    def cached_forecast(day: int) -> Floats:
        if day not in forecasts:
            forecasts[day] = forecast(day)[None, :] if day >= first else np.full((1, 1), np.nan)
        return forecasts[day]

    log_p = np.full((len(y), 1), np.nan)
    for day in range(max(0, first), min(last + 1, len(y))):
        if np.isfinite(y[day]):
            log_p[day] = log_probability(cached_forecast(day), y[day])
    return Experts((name,), log_p, cached_forecast, np.ones(1))


def log_probability(rows: Floats, outcome: float) -> Floats:
    """Return the log probability that each row gives an outcome, NaN where it has no forecast.

    Examples
    --------
    >>> log_probability(np.array([[0.0, 1.0], [np.nan, np.nan]]), 1.0).tolist()
    [0.0, nan]
    """
    if outcome >= rows.shape[1]:
        return np.where(np.isfinite(rows).all(axis=1), np.log(MIN_PROBABILITY), np.nan)
    return np.asarray(np.log(np.maximum(rows[:, int(outcome)], MIN_PROBABILITY)))
