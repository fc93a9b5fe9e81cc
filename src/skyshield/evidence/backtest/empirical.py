"""Experts that use only the past values of a count, weighted by age.

Each past value has the weight 2^(-age / half-life) and is smoothed: zero stays zero, a value
v > 0 becomes a normal of standard deviation `SPREAD` v (at least `MIN_SPREAD`) on the whole numbers from 1 up, and a
broad component of small weight covers values not observed yet. The analogues also weigh past days by their similarity
to tonight: days since the last large value, and the size of the last one.
"""

import math
from collections.abc import Sequence

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.experts import Experts, log_probability

HALF_LIVES_DAYS = (15.0, 30.0, 60.0, 120.0)
SPREAD = 0.15
MIN_SPREAD = 0.5
BROAD_SHARE = 0.03  # of the forecast: values not observed recently
BROAD_SCALE = 3.0  # times the largest recent value
GROWTH = 2.0  # the counts forecast go up to this many times the largest observed
MIN_TOP = 30
LARGE_TIMES_MEDIAN = 2.0  # a large value is above this many medians of the last `RECENT_DAYS` days
RECENT_DAYS = 90
SIMILARITY_SCALE = 0.35  # of the covariate: log(1 + days since the last large value), scaled log hours
MIN_SIMILARITY = 0.01  # of the least similar day
WARM_UP = 20


def max_count(values: Floats) -> int:
    """Return the largest count that forecasts cover, from the values reported so far."""
    reported = values[np.isfinite(values)]
    return max(MIN_TOP, math.ceil(GROWTH * float(reported.max()))) if len(reported) else MIN_TOP


def smoothing_kernel(top: int) -> Floats:
    """Return the smoothed distribution f8[value, count] of each past value from 0 to `top`.

    Examples
    --------
    >>> float(smoothing_kernel(40)[0, 0]), bool(smoothing_kernel(40)[9, 9] > smoothing_kernel(40)[9, 12] > 0.0)
    (1.0, True)
    """
    from scipy.special import ndtr

    count = np.arange(top + 1.0)
    scale = np.maximum(SPREAD * count, MIN_SPREAD)[:, None]
    p = ndtr((count[None, :] + 0.5 - count[:, None]) / scale) - ndtr((count[None, :] - 0.5 - count[:, None]) / scale)
    p[0], p[1:, 0] = 0.0, 0.0
    p[0, 0] = 1.0
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def broad_distribution(largest: float, top: int) -> Floats:
    """Return a broad distribution over counts, geometric, its mean set by the largest recent value."""
    mean = max(1.0, BROAD_SCALE * largest / 2.0)
    p = (mean / (1.0 + mean)) ** np.arange(top + 1.0)
    return np.asarray(p / p.sum())


def days_since_large(values: Floats) -> Floats:
    """Return, before each day, the days since the last large value, f8[day + 1].

    Examples
    --------
    >>> days_since_large(np.array([1.0, 1.0, 9.0, 1.0])).tolist()
    [1.0, 2.0, 3.0, 1.0, 2.0]
    """
    since = np.ones(len(values) + 1)
    for day, value in enumerate(values):
        recent = values[max(0, day - RECENT_DAYS):day + 1]
        recent = recent[np.isfinite(recent)]
        is_large = (math.isfinite(value) and len(recent) > 1
                    and value > LARGE_TIMES_MEDIAN * max(float(np.median(recent)), 1.0))
        since[day + 1] = 1.0 if is_large else since[day] + 1.0
    return since


def _similarity(past: Floats, today: float) -> Floats:
    """Return weights of past days by similarity of the covariate; equal where today's is not known."""
    if not math.isfinite(today):
        return np.ones(len(past))
    return np.asarray(np.exp(-0.5 * (np.nan_to_num(past - today, nan=np.inf) / SIMILARITY_SCALE) ** 2) + MIN_SIMILARITY)


def empirical(values: Floats, first: int, last: int, covariate: Floats | None = None,
              half_lives_days: Sequence[float] = HALF_LIVES_DAYS) -> Experts:
    """Return the experts, forecasting the days `first` to `last` (indices, `last` included).

    Parameters
    ----------
    values
        f8[day]: the count, NaN where it was not reported. The forecast of a day uses the days before.
    first, last
        `log_p` is NaN outside.
    covariate
        f8[day] or longer: known before the day's raids; with it past days are also weighted by similarity,
        but not where the day's own is NaN.
    half_lives_days
        One expert each.
    """
    n = len(values)
    kernels: dict[int, Floats] = {}
    cached: dict[int, Floats] = {}

    def forecast(day: int) -> Floats:
        if day in cached:
            return cached[day]
        past = values[:day]
        reported = np.isfinite(past)
        top = max_count(past)
        age = (day - np.arange(day))[reported]
        past_counts = past[reported].astype(np.int64)
        if top not in kernels:
            kernels[top] = smoothing_kernel(top)
        kernel = kernels[top]
        rows = np.zeros((len(half_lives_days), top + 1))
        similarity = np.ones(len(past_counts))
        if covariate is not None:
            similarity = _similarity(covariate[:day][reported], float(covariate[day]))
        broad = broad_distribution(float(past_counts[-RECENT_DAYS:].max()) if len(past_counts) else 1.0, top)
        for k, half_life in enumerate(half_lives_days):
            mass = np.zeros(top + 1)
            np.add.at(mass, past_counts, 0.5 ** (age / half_life) * similarity)
            used = np.flatnonzero(mass)
            rows[k] = broad if len(used) == 0 else (
                (1.0 - BROAD_SHARE) * (mass[used] @ kernel[used]) / mass.sum() + BROAD_SHARE * broad)
        cached[day] = rows
        return rows

    log_p = np.full((n, len(half_lives_days)), np.nan)
    for day in range(max(first, WARM_UP), min(last + 1, n)):
        if math.isfinite(values[day]):
            log_p[day] = log_probability(forecast(day), values[day])
    kind = "empirical" if covariate is None else "analogue"
    equal = np.full(len(half_lives_days), 1.0 / len(half_lives_days))
    return Experts(tuple(f"{kind}_{h:g}" for h in half_lives_days), log_p, forecast, equal)
