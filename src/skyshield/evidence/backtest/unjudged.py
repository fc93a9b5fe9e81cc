"""Days of a window on which a target cannot be judged, and why: named, never taken for quiet."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skyshield.evidence.backtest.series import Series
from skyshield.evidence.backtest.targets import TARGETS

NO_BULLETIN = "no bulletin tells how many UAVs were launched"
NOTHING_LAUNCHED = "nothing was launched"
NO_STOPS = "launches or stops are not told"
NO_PLACES = "no bulletin tells of places hit"
NO_AREAS = "kills there are not numbered"


class Unjudged(NamedTuple):
    """A day that a target is not judged on."""

    date: str
    why: str


def unjudged_days(name: str, series: Series, first: int, last: int) -> tuple[Unjudged, ...]:
    """Return the days from `first` to `last`, indices, on which a target cannot be judged.

    Examples
    --------
    >>> days = np.arange(np.datetime64("2031-05-01"), np.datetime64("2031-05-03"))
    >>> series = Series(days, *[np.array([1.0, np.nan])] * 16)
    >>> unjudged_days("uav_launched", series, 0, 1)
    (Unjudged(date='2031-05-02', why='no bulletin tells how many UAVs were launched'),)
    """
    outcome = TARGETS[name].outcome(series)
    return tuple(Unjudged(str(series.date[day]), _why(name, series, day)) for day in range(first, last + 1)
                 if not np.isfinite(outcome[day]))


def spans(dates: Sequence[str]) -> str:
    """Return days in words, consecutive ones by their first and last.

    Examples
    --------
    >>> spans(["2031-05-01", "2031-05-02", "2031-05-03", "2031-05-07"])
    '2031-05-01 to 2031-05-03, 2031-05-07'
    """
    runs: list[list[np.datetime64]] = []
    for day in np.array(dates, "datetime64[D]"):
        if runs and day - runs[-1][-1] == np.timedelta64(1, "D"):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def sentences(unjudged: Mapping[str, Sequence[Mapping[str, str]]]) -> list[str]:
    """Return, for each reason, which targets are not judged on which days.

    Parameters
    ----------
    unjudged
        By target, the days with ``date`` and ``why``.

    Examples
    --------
    >>> sentences({"a": [{"date": "2031-05-01", "why": "lost"}], "b": [{"date": "2031-05-01", "why": "lost"}]})
    ['a, b: lost (days: 1): 2031-05-01']
    """
    reasons: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, days in unjudged.items():
        for why in dict.fromkeys(one["why"] for one in days):
            reasons.setdefault((why, tuple(one["date"] for one in days if one["why"] == why)), []).append(name)
    return [f"{', '.join(names)}: {why} (days: {len(days)}): {spans(days)}" for (why, days), names in reasons.items()]


def _why(name: str, series: Series, day: int) -> str:
    if name in ("cruise_leaked", "ballistic_leaked"):
        return NO_BULLETIN if np.isnan(series.uav[day]) else NO_STOPS
    if name == "hit_locations":
        return NO_PLACES
    if np.isnan(series.uav[day]):
        return NO_BULLETIN
    if TARGETS[name].given_launches and series.uav[day] < 1.0:
        return NOTHING_LAUNCHED
    return NO_AREAS if TARGETS[name].given_alerts else NO_STOPS
