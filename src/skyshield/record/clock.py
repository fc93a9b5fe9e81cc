"""The record's clock: Kyiv local time, with daylight saving."""

import datetime as dt
import functools
from zoneinfo import ZoneInfo

from skyshield.record.names import reading

HOUR_S = 3600.0


@functools.cache
def kyiv() -> ZoneInfo:
    """Return the time zone of the record."""
    return ZoneInfo(reading()["clock"]["zone"])


def timestamp_s(moment: dt.datetime) -> float:
    """Return seconds since 1970 UTC of a Kyiv local moment.

    An hour that occurs twice is taken as its first pass; one that is skipped as if the clock had not
    been put forward.

    Examples
    --------
    >>> import datetime as dt
    >>> spring = timestamp_s(dt.datetime(2025, 3, 30, 9)) - timestamp_s(dt.datetime(2025, 3, 29, 18))
    >>> spring / 3600
    14.0
    """
    return moment.replace(tzinfo=kyiv(), fold=0).timestamp()
