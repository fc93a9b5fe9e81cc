"""Experts that know nothing but the past values of a count, the recent ones better.

Each past value lends its weight 2^(-age / half-life) to a small spread around itself: nothing stays nothing, a value
v > 0 becomes a normal of standard deviation `SPREAD` v (at least `LEAST_SPREAD`) on the whole numbers from 1 up, and a
thin broad part covers what has not been seen. The analogues also weigh past days by how like tonight they were: days
since the last large value, and the size of the last one.
"""

import math
from collections.abc import Sequence

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.experts import Experts, log_of

HALF_LIVES_DAYS = (15.0, 30.0, 60.0, 120.0)
SPREAD = 0.15
LEAST_SPREAD = 0.5
UNSEEN_SHARE = 0.03  # of the forecast: what has not been seen lately
UNSEEN_SPREAD = 3.0  # times the largest of late
GROWTH = 2.0  # the counts forecast go up to so many times the largest seen
SMALLEST_TOP = 30
LARGE_TIMES_MEDIAN = 2.0  # a large value is above so many medians of the last `LATELY` days told
LATELY = 90
LIKENESS = 0.35  # spread of what days are compared by: log(1 + days since the last large value), scaled log hours
LEAST_LIKENESS = 0.01  # of a day that was quite unlike
WARM_UP = 20


def top_of(values: Floats) -> int:
    """Return the largest count that forecasts speak of, from the values told so far."""
    reported = values[np.isfinite(values)]
    return max(SMALLEST_TOP, math.ceil(GROWTH * float(reported.max()))) if len(reported) else SMALLEST_TOP


def spread_out(top: int) -> Floats:
    """Return the spread f8[value, count] of each past value from 0 to `top`.

    Examples
    --------
    >>> float(spread_out(40)[0, 0]), bool(spread_out(40)[9, 9] > spread_out(40)[9, 12] > 0.0)
    (1.0, True)
    """
    from scipy.special import ndtr

    count = np.arange(top + 1.0)
    scale = np.maximum(SPREAD * count, LEAST_SPREAD)[:, None]
    p = ndtr((count[None, :] + 0.5 - count[:, None]) / scale) - ndtr((count[None, :] - 0.5 - count[:, None]) / scale)
    p[0], p[1:, 0] = 0.0, 0.0
    p[0, 0] = 1.0
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def unseen(largest: float, top: int) -> Floats:
    """Return a broad distribution over counts, geometric with a mean of the largest value of late."""
    mean = max(1.0, UNSEEN_SPREAD * largest / 2.0)
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
        late = values[max(0, day - LATELY):day + 1]
        late = late[np.isfinite(late)]
        large = math.isfinite(value) and len(late) > 1 and value > LARGE_TIMES_MEDIAN * max(float(np.median(late)), 1.0)
        since[day + 1] = 1.0 if large else since[day] + 1.0
    return since


def _near(then: Floats, now: float) -> Floats:
    """Return how much past days count by likeness; all the same where today's is not known."""
    if not math.isfinite(now):
        return np.ones(len(then))
    return np.asarray(np.exp(-0.5 * (np.nan_to_num(then - now, nan=np.inf) / LIKENESS) ** 2) + LEAST_LIKENESS)


def empirical(values: Floats, first: int, last: int, like: Floats | None = None,
              half_lives_days: Sequence[float] = HALF_LIVES_DAYS) -> Experts:
    """Return the experts, forecasting the days `first` to `last` (indices, `last` included).

    Parameters
    ----------
    values
        f8[day]: the count, NaN where it was not told. What `forecast` says of a day rests on the days before.
    first, last
        `log_p` is NaN outside.
    like
        f8[day] or longer: what a day is like as known before its raids; with it past days weigh by likeness too,
        but not where the day's own is NaN.
    half_lives_days
        One expert each.
    """
    n = len(values)
    kernel_of: dict[int, Floats] = {}
    ready: dict[int, Floats] = {}

    def forecast(day: int) -> Floats:
        if day in ready:
            return ready[day]
        past = values[:day]
        reported = np.isfinite(past)
        top = top_of(past)
        age = (day - np.arange(day))[reported]
        seen = past[reported].astype(np.int64)
        if top not in kernel_of:
            kernel_of[top] = spread_out(top)
        kernel = kernel_of[top]
        rows = np.zeros((len(half_lives_days), top + 1))
        near = np.ones(len(seen)) if like is None else _near(like[:day][reported], float(like[day]))
        broad = unseen(float(seen[-LATELY:].max()) if len(seen) else 1.0, top)
        for k, half_life in enumerate(half_lives_days):
            mass = np.zeros(top + 1)
            np.add.at(mass, seen, 0.5 ** (age / half_life) * near)
            used = np.flatnonzero(mass)
            rows[k] = broad if len(used) == 0 else (
                (1.0 - UNSEEN_SHARE) * (mass[used] @ kernel[used]) / mass.sum() + UNSEEN_SHARE * broad)
        ready[day] = rows
        return rows

    log_p = np.full((n, len(half_lives_days)), np.nan)
    for day in range(max(first, WARM_UP), min(last + 1, n)):
        if math.isfinite(values[day]):
            log_p[day] = log_of(forecast(day), values[day])
    kind = "empirical" if like is None else "analogue"
    equal = np.full(len(half_lives_days), 1.0 / len(half_lives_days))
    return Experts(tuple(f"{kind}_{h:g}" for h in half_lives_days), log_p, forecast, equal)
