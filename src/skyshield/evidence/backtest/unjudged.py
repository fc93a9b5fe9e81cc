"""Days of a window on which a target cannot be judged, and why: named, never taken for quiet."""

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
