"""A series of counts over windows of time, as it is judged and as a CSV file gives it."""

import datetime as dt
import math
import os
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Booleans, Days, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_csv
from skyshield.monitoring.holding.settings import DAY_S, settings

COLUMNS = ("from", "to", "count", "exposure")
WEEK_DAYS = 7
DAY_0 = 3
"""Day 0, 1 January 1970, was a Thursday: so many days after a Monday."""
_PRECISION = 9
_SEAM_S = 60
"""Windows that end so shortly before the next, as at 23:59:59, leave no time unwatched."""
_LARGEST = 1e9
_MIDNIGHT = dt.time()


@dataclass(frozen=True)
class Series:
    """Counts over windows that follow each other, without overlap; windows may be missing between them.

    Attributes
    ----------
    start, end
        datetime64[s], shape (n,): first moment of each window, and first moment after it.
    count
        Whole numbers from 0 up, shape (n,).
    exposure
        How much was watched: over 0, shape (n,).
    where
        For messages.
    rounding
        What rounding to whole counts has added in all.
    """

    start: Days
    end: Days
    count: Floats
    exposure: Floats
    where: str = "series"
    rounding: float = 0.0

    def __len__(self) -> int:
        return len(self.count)

    def only(self, kept: Booleans) -> "Series":
        """Return the windows that are kept."""
        return Series(self.start[kept], self.end[kept], self.count[kept], self.exposure[kept], self.where,
                      self.rounding)

    def within(self, first: np.datetime64 | None, last: np.datetime64 | None) -> "Series":
        """Return the windows that lie from the day `first` to the day `last`, both included."""
        kept = np.ones(len(self), bool)
        if first is not None:
            kept &= self.start >= first.astype("datetime64[s]")
        if last is not None:
            kept &= self.end <= last.astype("datetime64[s]") + np.timedelta64(DAY_S, "s")
        return self.only(kept)


def whole(counts: Floats) -> Floats:
    """Return counts rounded to whole numbers, halves to the even one; what was spread over days may be a part of one.

    Examples
    --------
    >>> whole(np.array([0.5, 1.5, 2.4999999999, 2.6])).tolist()
    [0.0, 2.0, 2.0, 3.0]
    """
    return np.round(np.round(counts, _PRECISION))


def day_text(moment: np.datetime64) -> str:
    """Return a day, with its time where that is not midnight.

    Examples
    --------
    >>> day_text(np.datetime64("2015-02-09T00:00:00")), day_text(np.datetime64("2015-02-09T06:30:00"))
    ('2015-02-09', '2015-02-09T06:30:00')
    """
    text = str(moment.astype("datetime64[s]"))
    return text.removesuffix("T00:00:00")


def read_series(path: str | os.PathLike[str]) -> Series:
    r"""Read a series from a CSV file with the columns ``from, to, count, exposure``.

    Where both ends are dates, `to` is the last day of the window; a file in which most windows begin on the date that
    the one before names as its `to` is read as one whose `to` is the first day after. Times carry their zone and
    become UTC. An exposure of 0 says that nobody watched; the window is returned as it is.

    Raises
    ------
    SkyShieldError
        Exit code 2 with file and line: a column is missing, a count is negative or no number, an exposure is negative
        or is 0 beside a count, windows overlap or are not in order, there are fewer than two.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "from,to,count,exposure\n2031-05-05,2031-05-11,4,1\n2031-05-12,2031-05-18,0,0.5\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "series.csv")
    ...     _ = file.write_text(text)
    ...     series = read_series(file)
    >>> series.count.tolist(), str(series.end[0])
    ([4.0, 0.0], '2031-05-12T00:00:00')
    """
    starts: list[dt.datetime] = []
    ends: list[dt.datetime] = []
    counts: list[float] = []
    exposures: list[float] = []
    dates_only = True
    lines: list[int] = []
    for line, cells in read_csv(path, COLUMNS).rows:
        where = f"{path}: line {line}"
        for column, into in (("from", starts), ("to", ends)):
            moment, is_date = _moment(f"{where}: {column}", cells[column])
            dates_only &= is_date
            into.append(moment)
        counts.append(_number(f"{where}: count", cells["count"], least=0.0))
        exposures.append(_number(f"{where}: exposure", cells["exposure"], least=0.0))
        if exposures[-1] == 0 and counts[-1] > 0:
            raise SkyShieldError(f"{where}: exposure", "is 0, and somebody counted", "give the exposure, or no count")
        lines.append(line)
    if not lines:
        raise SkyShieldError(str(path), "has a header but no rows", "give at least two windows")
    start, end = np.array(starts, "datetime64[s]"), np.array(ends, "datetime64[s]")
    if dates_only and not _meets_next(start, end):
        end = end + np.timedelta64(DAY_S, "s")
    _check_order(path, lines, start, end)
    seam = start[1:] - end[:-1]
    end[:-1] = np.where(seam <= np.timedelta64(_SEAM_S, "s"), start[1:], end[:-1])
    if len(lines) == 1:
        raise SkyShieldError(str(path), "has one window, which cannot change", "give at least two")
    count = np.array(counts)
    return Series(start, end, whole(count), np.array(exposures), str(path), float(whole(count).sum() - count.sum()))


def _meets_next(start: Days, end: Days) -> bool:
    """Return whether most windows end on the date on which the next begins."""
    meets = end[:-1] == start[1:]
    return bool(2 * meets.sum() > len(meets))


def _check_order(path: str | os.PathLike[str], lines: list[int], start: Days, end: Days) -> None:
    backwards = np.flatnonzero(end <= start)
    if len(backwards):
        raise SkyShieldError(f"{path}: line {lines[backwards[0]]}: to", "is not after 'from'", "mend one of the two")
    wrong = np.flatnonzero(start[1:] < end[:-1])
    if len(wrong):
        i = int(wrong[0])
        what = "is before the window above" if start[i + 1] < start[i] else "overlaps the window above"
        raise SkyShieldError(f"{path}: line {lines[i + 1]}: from", what, "give windows in order, each after the other")


def _moment(where: str, text: str) -> tuple[dt.datetime, bool]:
    """Read a date, or a time with its zone as UTC; whether it is a date alone."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        is_date = "T" not in text.upper() and ":" not in text
        if not is_date and moment.tzinfo is None:
            raise SkyShieldError(where, f"is {text.strip()!r}, a time without a zone",
                                 "write it as 2015-02-14T22:00:00Z")
        return (moment if is_date else moment.astimezone(dt.UTC).replace(tzinfo=None)), is_date
    except (ValueError, OverflowError):
        raise SkyShieldError(where, f"is {text.strip()!r}, no date that exists", "write it as 2015-02-14") from None


def _number(where: str, text: str, least: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < least or value > _LARGEST:
        raise SkyShieldError(where, f"is {text.strip()!r}", f"give a number from {least:g} to {_LARGEST:g}")
    return value


def by_week(series: Series) -> Series:
    """Return a series of days as one of weeks from Monday on; only days that are there count.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a window lies in two weeks.
    """
    monday = _monday(series.start)
    if (monday != _monday(series.end - np.timedelta64(1, "s"))).any():
        raise SkyShieldError(series.where, "has windows that lie in two weeks", "leave out --by, or begin on Mondays")
    first, place = np.unique(monday, return_inverse=True)
    count, exposure = (np.asarray(np.bincount(place, of, len(first)), np.float64)
                       for of in (series.count, series.exposure))
    start: Days = first.astype("datetime64[s]")
    end: Days = start + np.timedelta64(WEEK_DAYS * DAY_S, "s")
    return Series(start, end, count, exposure, series.where, series.rounding)


def _monday(moment: Days) -> Days:
    day = moment.astype("datetime64[D]")
    since_monday = (day.astype(np.int64) + DAY_0) % WEEK_DAYS
    return np.asarray(day - since_monday.astype("timedelta64[D]"), "datetime64[D]")


def as_asked(series: Series, by: str | None) -> Series:
    """Return a series that was read in the windows that are asked for.

    Raises
    ------
    SkyShieldError
        Exit code 2 if its windows are longer than those.
    """
    if by is None:
        return series
    if by == "week":
        return by_week(series)
    longest = float((series.end - series.start).astype(np.int64).max())
    if longest > DAY_S:
        raise SkyShieldError("--by", f"is day, and the longest window has {longest / DAY_S:g} days",
                             "leave out --by, the windows are those of the file")
    return series


def enough(series: Series) -> Series:
    """Return the series if it can be judged.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it has fewer than two windows or more than the recursion takes.
    """
    most = settings()["changes"]["most_windows"]
    if len(series) < 2:
        raise SkyShieldError(series.where, f"has {len(series)} windows that somebody watched in this time",
                             "give at least two")
    if len(series) > most:
        raise SkyShieldError(series.where, f"has {len(series):,} windows, over {most:,}", "take --by week or a part")
    return series
