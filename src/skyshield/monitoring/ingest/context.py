"""What the reader of a row knows besides the row."""

import dataclasses
from zoneinfo import ZoneInfo

from skyshield.monitoring.ingest.times import AUTUMN_HOUR, Moment, checked_window, moment


@dataclasses.dataclass(frozen=True)
class Context:
    """The name of the source, the zone of times without one (None: refused), and the time of the intake."""

    source: str
    zone: ZoneInfo | None
    now_s: float


def window(context: Context, start: Moment, end_s: float | None,
           error_s: float | None, dated: bool = False) -> tuple[float, float | None, float | None, tuple[str, ...]]:
    """Return start, end and error of a time, checked, and its flags.

    The end of a window given by its date (`dated`) may lie ahead, on the day of intake. An hour that
    occurs twice adds the repetition to the error.
    """
    checked_window(start.time_s, end_s, context.now_s, dated)
    if not start.repeated_s:
        return start.time_s, end_s, error_s, ()
    return start.time_s, end_s, (error_s or 0.0) + start.repeated_s, (AUTUMN_HOUR,)


def end_of(context: Context, column: str, text: str | None) -> float | None:
    """Return the moment of an end, at its second pass where the clock repeats the hour; None where there is none."""
    if not text:
        return None
    found = moment(column, text, context.zone)
    return found.time_s + found.repeated_s
