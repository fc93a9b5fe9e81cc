"""Bulletins gathered by operational day and part.

The operational day runs from 18:00 to 18:00 Kyiv time and is named by the date it ends on; its
night is 18:00 to 09:00, its day part 09:00 to 18:00. A bulletin belongs to the date of its
``time_end`` as written and to the part that holds most of its window; a tie goes to the part the
window ends in. Windows of bulletins are not times of arrival.

Exposure is the length of clock that UAV bulletins speak of, in real hours (a night in which the
clock is put forward is an hour shorter): the union of the windows of a date, so that a second
bulletin over the same hours adds nothing. Where the parts of a date overlap, the shared hours are
the night's. A date without a row has exposure 0: nobody spoke, which is not the same as no raid.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Booleans, Days, Floats, Integers
from skyshield.record.clock import HOUR_S, timestamp_s
from skyshield.record.names import CLASSES, reading
from skyshield.record.reader import Record, Row

Interval = tuple[float, float]


@dataclass(frozen=True)
class Nights:
    """Integers by operational day and part, one element per (date, part) that has a row.

    `date` is datetime64[D], `part` is ``night`` or ``day``; counts are int64, cells without a value as 0;
    `exposure_h` is in hours, float64. The flags ``…_launches_reported`` say whether every row of the class gives a
    number launched, ``…_stops_reported`` whether what was stopped too (UAVs: see `rows_without_losses`), so that what
    got through is known and not an empty cell.
    All have the shape (n,) and are ordered by date, night first.
    """

    date: Days
    part: npt.NDArray[np.str_]
    uav_launched: Integers
    uav_destroyed: Integers
    uav_lost: Integers
    uav_still: Integers
    cruise_launched: Integers
    cruise_destroyed: Integers
    ballistic_launched: Integers
    ballistic_destroyed: Integers
    mixed_launched: Integers
    mixed_destroyed: Integers
    exposure_h: Floats
    uav_launches_reported: Booleans
    uav_stops_reported: Booleans
    cruise_launches_reported: Booleans
    cruise_stops_reported: Booleans
    ballistic_launches_reported: Booleans
    ballistic_stops_reported: Booleans
    mixed_launches_reported: Booleans
    mixed_stops_reported: Booleans


@dataclass(frozen=True)
class Daily:
    """Launches by operational day, every day from the first to the last, days without a row as 0.

    `uav_day_part` is the share of `uav` launched in the day part, as a count. Shapes (n,).
    """

    date: Days
    uav: Integers
    cruise: Integers
    ballistic: Integers
    mixed: Integers
    uav_day_part: Integers
    exposure_h: Floats


def window_s(row: Row) -> Interval:
    """Return a row's window as seconds since 1970 UTC; never of negative length."""
    start = timestamp_s(row.start)
    return start, max(start, timestamp_s(row.end))


def part_of(start: dt.datetime, end: dt.datetime) -> str:
    """Return which part of the operational day holds most of a window (Kyiv local times).

    Examples
    --------
    >>> import datetime as dt
    >>> part_of(dt.datetime(2025, 10, 1, 8), dt.datetime(2025, 10, 1, 15))
    'day'
    >>> part_of(dt.datetime(2025, 9, 30, 20, 30), dt.datetime(2025, 10, 1, 9, 30))
    'night'
    """
    clock = reading()["clock"]
    day_from, day_to = dt.timedelta(hours=clock["day_from_h"]), dt.timedelta(hours=clock["night_from_h"])
    total_s = timestamp_s(end) - timestamp_s(start)
    day_s = 0.0
    midnight = dt.datetime(start.year, start.month, start.day)
    while midnight <= end:
        day_s += max(0.0, (min(end, midnight + day_to) - max(start, midnight + day_from)).total_seconds())
        midnight += dt.timedelta(days=1)
    if total_s > 0 and 2 * day_s != total_s:
        return "day" if 2 * day_s > total_s else "night"
    since_midnight = end - dt.datetime(end.year, end.month, end.day)
    if total_s > 0:
        return "day" if day_from < since_midnight <= day_to else "night"
    return "day" if day_from <= since_midnight < day_to else "night"


def union_h(windows: Iterable[Interval]) -> float:
    """Return the hours covered by windows given in seconds, overlaps counted once.

    Examples
    --------
    >>> union_h([(0.0, 7200.0), (3600.0, 10800.0), (3600.0, 3600.0)])
    3.0
    """
    covered, reached = 0.0, -np.inf
    for start, end in sorted(windows):
        covered += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return covered / HOUR_S


def rows_without_losses(record: Record) -> list[Row]:
    """Return the UAV rows whose losses to jamming are unknown and not none.

    All, if the file has no such column; else those with an empty cell in a month in which losses are counted
    separately, that is rows with some hold at least `losses_apart_share` of the UAVs launched. In any other month
    bulletins count losses as destroyed or not at all, and nothing is unknown.
    """
    uav = [row for row in record.kept if row.threat_class == CLASSES[0]]
    if not record.losses_reported:
        return uav
    launched, apart = Counter[str](), Counter[str]()
    for row in uav:
        launched[row.month] += row.launched or 0
        apart[row.month] += (row.launched or 0) if row.lost else 0
    min_share = reading()["limits"]["losses_apart_share"]
    return [row for row in uav if row.lost is None and apart[row.month] >= max(1.0, min_share * launched[row.month])]


def nightly(record: Record) -> Nights:
    """Gather the rows that count by operational day and part.

    Parameters
    ----------
    record
        What `read_record` returned.

    Returns
    -------
    Nights
        Only the (date, part) pairs with a row; empty cells count as 0.
    """
    groups: dict[tuple[dt.date, str], dict[str, int]] = {}
    windows: dict[tuple[dt.date, str], list[Interval]] = {}
    without_stops: set[tuple[tuple[dt.date, str], str]] = set()
    without_launches: set[tuple[tuple[dt.date, str], str]] = set()
    without_losses = set(map(id, rows_without_losses(record)))
    for row in record.kept:
        key = row.date, part_of(row.start, row.end)
        if row.launched is None:
            without_launches.add((key, row.threat_class))
        if row.launched is None or row.destroyed is None or id(row) in without_losses:
            without_stops.add((key, row.threat_class))
        sums = groups.setdefault(key, {})
        for name, value in (("launched", row.launched), ("destroyed", row.destroyed), ("lost", row.lost),
                            ("still", row.still_attacking)):
            column = f"{row.threat_class}_{name}"
            sums[column] = sums.get(column, 0) + (value or 0)
        if row.threat_class == CLASSES[0]:
            windows.setdefault(key, []).append(window_s(row))
    keys = sorted(groups, key=lambda key: (key[0], key[1] == "day"))
    exposure_h = []
    for date, part in keys:
        night = windows.get((date, "night"), [])
        if part == "night":
            exposure_h.append(union_h(night))
        else:
            exposure_h.append(union_h(night + windows.get((date, part), [])) - union_h(night))
    columns: dict[str, Any] = {field.name: np.array([groups[key].get(field.name, 0) for key in keys], np.int64)
                               for field in fields(Nights) if field.type == Integers}
    columns |= {f"{name}_{what}_reported": np.array([(key, name) not in rows for key in keys], bool)
                for name in CLASSES for what, rows in (("launches", without_launches), ("stops", without_stops))}
    return Nights(date=np.array([date for date, _ in keys], "datetime64[D]"),
                  part=np.array([part for _, part in keys], "<U5"),
                  exposure_h=np.array(exposure_h, np.float64), **columns)


def daily(nights: Nights) -> Daily:
    """Sum the parts to one element per operational day, days without a row included.

    Parameters
    ----------
    nights
        What `nightly` returned.

    Returns
    -------
    Daily
        Every date from the first to the last; empty if `nights` is.

    Examples
    --------
    >>> import numpy as np
    >>> none = np.zeros(2, np.int64)
    >>> two = Nights(np.array(["2031-05-01", "2031-05-03"], "datetime64[D]"), np.array(["night", "day"]),
    ...              np.array([30, 5]), *[none] * 9, np.array([13.0, 6.0]), *[none == 0] * 8)
    >>> days = daily(two)
    >>> days.uav.tolist(), days.uav_day_part.tolist(), days.exposure_h.tolist()
    ([30, 0, 5], [0, 0, 5], [13.0, 0.0, 6.0])
    """
    if nights.date.size == 0:
        date = nights.date
    else:
        date = np.arange(nights.date.min(), nights.date.max() + np.timedelta64(1, "D"))
    day_index = (nights.date - date[0]).astype(np.int64) if date.size else np.zeros(0, np.int64)

    def sum_by_day(values: Integers) -> Integers:
        total = np.zeros(date.size, np.int64)
        np.add.at(total, day_index, values)
        return total

    exposure_h = np.zeros(date.size)
    np.add.at(exposure_h, day_index, nights.exposure_h)
    return Daily(date=date, uav=sum_by_day(nights.uav_launched), cruise=sum_by_day(nights.cruise_launched),
                 ballistic=sum_by_day(nights.ballistic_launched), mixed=sum_by_day(nights.mixed_launched),
                 uav_day_part=sum_by_day(np.where(nights.part == "day", nights.uav_launched, 0)),
                 exposure_h=exposure_h)
