"""The months of a study: each begins on its start date's day of the month, or on the last day of a shorter month.

So a year has twelve of them, whatever day it starts on. The engine adds days up by month; of the months a study keeps
the measures of `MONTHLY`, in the headline and where the own defence's mixture stands at an end
(`skyshield.study.plan.keeps_months`). Of all other arms it keeps what they come to over the period.
"""

import calendar
import datetime as dt
import functools

import numpy as np

from skyshield.core.arrays import Integers
from skyshield.core.vocabulary import AMOUNTS, COUNTS

# Told by month where the engine counts them. A measure with keys, such as munitions by kind, is added up over them.
MONTHLY = ("prevented_zone", "prevented_armed_zone", "prevented_armed", "leaked_armed", "leaked_zone", "munitions",
           "cost_eur", "flight_hours")
# Told by phase, where a scenario has more than one, of the same arms.
BY_PHASE = ("launched", "prevented_armed_zone", "prevented_armed", "leaked_armed", "leaked_zone", "casualties",
            "casualties_by_role", "war_days", "ceasefire_days", "violation_days", "cost_eur", "flight_hours",
            "people_exposed_h", "people_by_role_h", "incidents", "alert_person_hours", "outage_h", "port_days",
            "rail_h", "npp_offsite_power_days", "alert_h_kyiv", "alert_h_corridors")
_WHOLE = ("casualties_by_role", "people_by_role_h", "incidents")  # by phase, not added up over their keys
_MEASURES = (*COUNTS, *AMOUNTS)


def month_starts(start: dt.date, days: int) -> Integers:
    """Return i8[month]: the first day, counted from 0, of every month that `days` days reach into.

    Examples
    --------
    >>> month_starts(dt.date(2026, 3, 1), 30).tolist(), month_starts(dt.date(2026, 1, 31), 90).tolist()
    ([0], [0, 28, 59, 89])
    >>> len(month_starts(dt.date(2026, 3, 15), 365))
    12
    """
    starts = []
    for month in range(days):
        year, index = divmod(start.year * 12 + start.month - 1 + month, 12)
        last = calendar.monthrange(year, index + 1)[1]
        day = (dt.date(year, index + 1, min(start.day, last)) - start).days
        if day >= days:
            break
        starts.append(day)
    return np.array(starts, np.int64)


def month_of_day(start: dt.date, days: int) -> Integers:
    """Return i8[day]: which month, counted from 0, each day belongs to.

    Examples
    --------
    >>> month_of_day(dt.date(2026, 2, 27), 31).tolist()[-4:]
    [0, 1, 1, 1]
    """
    return np.searchsorted(month_starts(start, days), np.arange(days), side="right").astype(np.int64) - 1


def monthly_columns() -> dict[str, list[int]]:
    """Return measure -> the places of its columns among counts and amounts, of those of `MONTHLY` that are counted.

    Examples
    --------
    >>> columns = monthly_columns()
    >>> len(columns["cost_eur"]), len(columns["munitions"]) > 1
    (1, True)
    """
    return _columns(MONTHLY)


@functools.cache
def phase_columns() -> dict[str, list[int]]:
    """Return the same of those that are told by phase; some of these by their keys.

    Examples
    --------
    >>> columns = phase_columns()
    >>> len(columns["launched"]), len(columns["incidents/accident"])
    (3, 1)
    """
    added_up = _columns(tuple(name for name in BY_PHASE if name not in _WHOLE))
    whole = {column: [k] for k, column in enumerate(_MEASURES) if column.partition("/")[0] in _WHOLE}
    return added_up | whole


def _columns(names: tuple[str, ...]) -> dict[str, list[int]]:
    columns = {name: [k for k, column in enumerate(_MEASURES) if column.partition("/")[0] == name] for name in names}
    return {name: places for name, places in columns.items() if places}
