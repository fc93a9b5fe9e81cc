"""Events in time as counts of windows, and the silences between them.

An event with a window of its own (an imprecise date, a night's raid) is spread evenly over it; the counts of windows
are then rounded to whole numbers, halves to the even one. Windows are days or weeks from Monday on of the local
calendar (Kyiv), where each day is as long as another.
"""

import datetime as dt
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.series import DAY_0, WEEK_DAYS, Series, whole
from skyshield.monitoring.holding.settings import DAY_S
from skyshield.record.clock import kyiv

DAYS_OF = {"day": 1, "week": WEEK_DAYS}
_MOST_WINDOWS = 1 << 20


class Silence(NamedTuple):
    """A time without an event, in seconds since 1970 UTC."""

    start_s: float
    end_s: float


def local_s(time_s: Floats) -> Floats:
    """Return Kyiv local clock readings, as seconds since 1970 of a clock without zone, shape (n,).

    Examples
    --------
    >>> local_s(np.array([1423951200.0])).tolist()  # 14 February 2015, 22:00 UTC
    [1423958400.0]
    """
    hour_s = 3600
    if not len(time_s):
        return time_s.copy()
    first = int(time_s.min() // hour_s)
    hours, place = np.unique((time_s // hour_s).astype(np.int64), return_inverse=True)
    offset = np.array([_offset_s(int(hour) * hour_s) for hour in hours]) if len(hours) < _MOST_WINDOWS else np.array(
        [_offset_s((first + i) * hour_s) for i in range(int(hours[-1]) - first + 1)])[hours - first]
    return np.asarray(time_s + offset[place], np.float64)


def _offset_s(time_s: int) -> float:
    offset = dt.datetime.fromtimestamp(time_s, kyiv()).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def day_of(time_s: float) -> np.datetime64:
    """Return the day of a local clock reading.

    Examples
    --------
    >>> str(day_of(1423958400.0))
    '2015-02-15'
    """
    return np.datetime64(int(time_s // DAY_S), "D")


def counts(start_s: Floats, end_s: Floats, weight: Floats, by: str, first: np.datetime64, last: np.datetime64,
           where: str) -> Series:
    """Return events as counts of windows that cover the days `first` to `last`.

    A window that these days cut has the exposure that is left of it.

    Parameters
    ----------
    start_s, end_s, weight
        Local clock readings and what each event counts for, shape (n,); `end_s` is `start_s` for a moment.
    by
        ``day`` or ``week``.

    Examples
    --------
    >>> day = np.datetime64("2031-05-05")  # a Monday
    >>> at = np.array([0.0, 6.5]) * 86400 + day.astype("datetime64[s]").astype(float)
    >>> counts(at, at + np.array([0.0, 86400.0]), np.ones(2), "week", day, day + 13, "events").count.tolist()
    [2.0, 0.0]
    """
    step = DAYS_OF[by]
    begin = int(first.astype("datetime64[D]").astype(np.int64))
    finish = int(last.astype("datetime64[D]").astype(np.int64)) + 1
    if finish <= begin:
        raise SkyShieldError(where, f"has no time from {first} to {last}", "give a last day after the first")
    origin = begin - (begin + DAY_0) % WEEK_DAYS if by == "week" else begin
    n = -(-(finish - origin) // step)
    if n > _MOST_WINDOWS:
        raise SkyShieldError(where, f"has {n:,} windows", "take a part of it")
    edges = origin + step * np.arange(n + 1)
    total = np.zeros(n)
    for place, part in _parts(start_s / DAY_S, end_s / DAY_S, weight, float(begin), float(finish), origin, step):
        total += np.bincount(place, part, n)
    exposure = (np.minimum(edges[1:], finish) - np.maximum(edges[:-1], begin)) / step
    days = edges.astype("datetime64[D]").astype("datetime64[s]")
    return Series(days[:-1], days[1:], whole(total), exposure, where,
                  float(whole(total).sum() - total.sum()))


def _parts(start: Floats, end: Floats, weight: Floats, begin: float, finish: float, origin: int,
           step: int) -> list[tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Floats]]:
    """Return windows and weights: first of moments, then of each window in turn that spread events touch."""
    moment = end <= start
    inside = moment & (start >= begin) & (start < finish)
    result = [(((start[inside] - origin) // step).astype(np.int64), weight[inside])]
    start, end, weight = start[~moment], end[~moment], weight[~moment]
    density = weight / (end - start)
    start, end = np.maximum(start, begin), np.minimum(end, finish)
    kept = end > start
    start, end, density = start[kept], end[kept], density[kept]
    while len(start):
        place = ((start - origin) // step).astype(np.int64)
        until = np.minimum(end, origin + step * (place + 1))
        result.append((place, density * (until - start)))
        more = end > until
        start, end, density = until[more], end[more], density[more]
    return result


def silences(start_s: Floats, end_s: Floats, first_s: float, last_s: float, least_s: float) -> list[Silence]:
    """Return the times from `first_s` to `last_s` in which nothing was on, of at least `least_s`, the longest first.

    A time before the first or after the last event is no silence: nobody knows whether it was watched.

    Examples
    --------
    >>> silences(np.array([0.0, 5.0, 30.0]), np.array([10.0, 6.0, 31.0]), 0.0, 99.0, 1.0)
    [Silence(start_s=10.0, end_s=30.0)]
    """
    kept = (end_s >= first_s) & (start_s <= last_s)
    order = np.argsort(start_s[kept], kind="stable")
    start, reached = start_s[kept][order], np.maximum.accumulate(end_s[kept][order])
    if not len(start):
        return []
    begin, until = np.maximum(reached[:-1], first_s), np.minimum(start[1:], last_s)
    found = [Silence(float(a), float(b)) for a, b in zip(begin, until, strict=True) if b - a >= least_s]
    return sorted(found, key=lambda one: (one.start_s - one.end_s, one.start_s))
