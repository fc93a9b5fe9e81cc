"""The months of a study: each begins on its start date's day of the month, or on the last day of a shorter month.

So a year has twelve of them, whatever day it starts on.
"""

import calendar
import datetime as dt

import numpy as np

from skyshield.core.arrays import Integers


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
