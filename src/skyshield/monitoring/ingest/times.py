"""Moments as files write them: RFC 3339, or local time of a named zone.

An hour that the clock repeats in autumn is taken as its first pass, and its error widened by the repetition; an hour
that the clock leaves out in spring never was.
"""

import dataclasses
import datetime as dt
import functools
import math
import re
from zoneinfo import ZoneInfo

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.observation.model import tables

AUTUMN_HOUR = "autumn_hour"
MISSING_SPRING = "is in the hour that the clock leaves out in spring"
# The standard deviation of a uniform distribution is its width over the square root of twelve.
UNIFORM = math.sqrt(12)

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?)? ?([Zz]|[+-]\d\d:[0-5]\d)?",
                     re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Moment:
    """Seconds since 1970 UTC, whether only a date was given, and how far the true moment may be later."""

    time_s: float
    date_only: bool = False
    repeated_s: float = 0.0


@functools.cache
def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is none of that name.

    Examples
    --------
    >>> zone_of("Europe/Kyiv").key
    'Europe/Kyiv'
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SkyShieldError("--zone", f"is {shown(name)}, which is no time zone", "write it as Europe/Kyiv") from None


@functools.cache
def earliest_s() -> float:
    """Return the moment before which no time is believed."""
    return dt.datetime.fromisoformat(tables()["limits"]["earliest"]).timestamp()


def moment(column: str, text: str, zone: ZoneInfo | None, date_allowed: bool = False) -> Moment:
    """Read a moment.

    Parameters
    ----------
    column
        For messages.
    text
        RFC 3339 (``2015-02-14T22:00:00Z``), also with a space for the T, without seconds, or without a zone.
    zone
        Fills a time without one; None refuses it.
    date_allowed
        Whether a date alone, which is its 00:00, will do.

    Raises
    ------
    RowError
        ``zone_missing`` or ``time_impossible``.

    Examples
    --------
    >>> moment("time", "2015-02-15 00:00:00", zone_of("Europe/Kyiv")).time_s
    1423951200.0
    >>> moment("time", "2015-10-25T03:30:00", zone_of("Europe/Kyiv")).repeated_s
    3600.0
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise RowError(Code.TIME_IMPOSSIBLE, column, f"is {shown(text)}, write it as 2015-02-14T22:00:00Z")
    day, hour, minute, second, offset = found.groups()
    if hour is None and not date_allowed:
        raise RowError(Code.TIME_IMPOSSIBLE, column, f"is {shown(text)}, a date without a time")
    try:
        local = dt.datetime.fromisoformat(f"{day}T{(hour or '0').zfill(2)}:{minute or '00'}:{second or '00'}")
        aware = None if offset is None else local.replace(tzinfo=_offset(offset))
    except ValueError:
        raise RowError(Code.TIME_IMPOSSIBLE, column, f"is {shown(text)}, which never was") from None
    if aware is not None:
        return _checked(column, text, Moment(aware.timestamp(), hour is None))
    if zone is None:
        raise RowError(Code.ZONE_MISSING, column, f"is {shown(text)}, which has no zone")
    return _checked(column, text, _local(column, text, local, zone, hour is None))


def _offset(text: str) -> dt.tzinfo:
    if text in "Zz":
        return dt.UTC
    return dt.datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo or dt.UTC


def _local(column: str, text: str, local: dt.datetime, zone: ZoneInfo, date_only: bool) -> Moment:
    first, second = (local.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1))
    if first == second:
        return Moment(first, date_only)
    if first > second:
        raise RowError(Code.TIME_IMPOSSIBLE, column, f"is {shown(text)}, which {MISSING_SPRING}")
    return Moment(first, date_only, second - first)


def _checked(column: str, text: str, found: Moment) -> Moment:
    if found.time_s < earliest_s():
        raise RowError(Code.TIME_IMPOSSIBLE, column, f"is {shown(text)}, before {tables()['limits']['earliest']}")
    return found


def next_day_s(text: str, column: str, zone: ZoneInfo) -> float:
    """Return the end of the day of a date: the next day's 00:00.

    Examples
    --------
    >>> next_day_s("2015-02-14", "date_end", zone_of("Europe/Kyiv"))
    1423951200.0
    """
    moment(column, text, zone, date_allowed=True)
    try:
        day = dt.datetime.fromisoformat(text.strip()[:len("2015-02-14")]) + dt.timedelta(days=1)
        return day.replace(tzinfo=zone).timestamp()
    except OverflowError:  # the calendar ends with the year 9999
        raise RowError(Code.TIME_FUTURE, column, f"is {shown(text)}, at the end of the calendar") from None


def checked_window(start_s: float, end_s: float | None, now_s: float, dated: bool = False) -> None:
    """Refuse a window that ends before it starts, one that lies ahead, and unless it is `dated` one not over yet.

    Raises
    ------
    RowError
        ``time_impossible`` or ``time_future``.
    """
    if end_s is not None and end_s < start_s:
        raise RowError(Code.TIME_IMPOSSIBLE, "time_end", "is before the start")
    if start_s > now_s or (end_s is not None and end_s > now_s and not dated):
        raise RowError(Code.TIME_FUTURE, "time" if start_s > now_s else "time_end", "is later than the intake")
