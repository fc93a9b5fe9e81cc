"""What is told of a day: events by area and act, against the day before, per hour watched, with what is apart.

A day ends at 19:30 of the place on its date and begins at 19:30 the evening before: 24 hours, or 23 or 25 when clocks
change. An event counts on the day in which its moment lies. Exercises are listed apart and never counted. Hours watched
are those of every watcher that a coverage record names, added up; without such a record they are not known, and a rate
is not told.
"""

import dataclasses
import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.agreement.check import read_time
from skyshield.monitoring.attribution.assess import Described
from skyshield.monitoring.attribution.words import tables
from skyshield.monitoring.commission.watched import Watched
from skyshield.monitoring.daily.areas import areas_of, cells_of
from skyshield.monitoring.observation.model import COVERAGE, RESTRICTION

HOUR_S = 3600.0
NO_ACT = ""


@dataclasses.dataclass(frozen=True)
class Window:
    """A day and its two ends in seconds since 1970 UTC, the last without."""

    day: dt.date
    start_s: float
    end_s: float

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end_s - self.start_s) / HOUR_S

    def holds(self, time_s: float) -> bool:
        """Tell whether a moment lies in it."""
        return self.start_s <= time_s < self.end_s


@dataclasses.dataclass(frozen=True)
class Row:
    """Events of one area and act, `NO_ACT` where no record names one; `act` is None for all acts of the area.

    `hours_watched` is None where no coverage record says who watched.
    """

    area: str
    act: str | None
    events: int
    before: int
    hours_watched: float | None
    hours_before: float | None

    @property
    def change(self) -> int:
        """Events more than the day before."""
        return self.events - self.before

    @property
    def per_hour(self) -> float | None:
        """Events per hour watched."""
        return self.events / self.hours_watched if self.hours_watched else None


@dataclasses.dataclass(frozen=True)
class Restriction:
    """What kept watchers from seeing in an area: how many records tell it, and for how many hours in all."""

    area: str
    restriction: str
    records: int
    hours: float


@dataclasses.dataclass(frozen=True)
class Placed:
    """An event of the day with its area and its cell of the map."""

    of: Described
    area: str
    cell: tuple[int, int]


@dataclasses.dataclass(frozen=True)
class Day:
    """All that is told of a day.

    Attributes
    ----------
    window
        From when to when.
    rows
        By area: first of all acts, then of each.
    restrictions
        By area.
    events, exercises
        Earliest first.
    records
        Observations of the day, of every kind.
    agreement, size, root, origin
        Of the ledger that was read.
    """

    window: Window
    rows: tuple[Row, ...]
    restrictions: tuple[Restriction, ...]
    events: tuple[Placed, ...]
    exercises: tuple[Placed, ...]
    records: int
    agreement: str
    size: int
    root: str
    origin: str

    @property
    def totals(self) -> tuple[Row, ...]:
        """The row of all acts of each area."""
        return tuple(row for row in self.rows if row.act is None)

    @property
    def before(self) -> int:
        """Events of the day before."""
        return sum(row.before for row in self.totals)

    @property
    def unwatched(self) -> tuple[str, ...]:
        """Areas of which no record says that anybody watched."""
        return tuple(row.area for row in self.totals if not row.hours_watched)


def window_of(day: dt.date) -> Window:
    """Return the day that ends at the cut-off on a date.

    Examples
    --------
    >>> [window_of(dt.date(2015, month, day)).hours for month, day in ((2, 14), (3, 29), (10, 25))]
    [24.0, 23.0, 25.0]
    >>> dt.datetime.fromtimestamp(window_of(dt.date(2015, 2, 15)).end_s, dt.UTC).isoformat()
    '2015-02-15T17:30:00+00:00'
    """
    rule = tables()["daily_report"]
    at, zone = dt.time.fromisoformat(rule["cut_off"]), zoneinfo.ZoneInfo(rule["zone"])
    start, end = (dt.datetime.combine(date, at, zone).timestamp() for date in (day - dt.timedelta(days=1), day))
    return Window(day, start, end)


def read_day(text: str, now_s: float) -> Window:
    """Read a day that is over.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is no day or not over yet.
    """
    try:
        day = dt.date.fromisoformat(text)
        window = window_of(day)
        before = window_of(day - dt.timedelta(days=1))
    except (ValueError, OverflowError, OSError):
        raise SkyShieldError("--day", f"{text[:60]!r} is no day", "write it like 2015-02-15") from None
    if window.end_s > now_s or before.end_s > window.end_s:
        raise SkyShieldError("--day", f"{day} is not over, it ends at {tables()['daily_report']['cut_off']} Kyiv time",
                             "name an earlier day")
    return window


def day_of(ledger: Watched, window: Window) -> Day:
    """Return what is told of a day.

    Parameters
    ----------
    ledger
        As it was read.
    window
        The day.
    """
    before = window_of(window.day - dt.timedelta(days=1))
    near = [one for one in ledger.events if before.start_s <= one.event.time_s < window.end_s]
    lon, lat = [one.event.lon for one in near], [one.event.lat for one in near]
    placed = [Placed(*row) for row in zip(near, areas_of(lon, lat), cells_of(lon, lat), strict=True)]
    apart: list[Placed] = []
    counted: list[Placed] = []
    for one in placed:
        (apart if _exercise(one.of, ledger.leaves) else counted).append(one)
    watches = {of: _hours(ledger.leaves.values(), of) for of in (window, before)}
    return Day(window, tuple(_rows(counted, window, before, watches)), _restrictions(ledger.leaves.values(), window),
               tuple(one for one in counted if window.holds(one.of.event.time_s)),
               tuple(one for one in apart if window.holds(one.of.event.time_s)),
               sum(_overlap_s(leaf, window) is not None for leaf in ledger.leaves.values()),
               ledger.agreement.name, ledger.size, ledger.root, ledger.origin)


def _exercise(of: Described, leaves: Mapping[int, Mapping[str, Any]]) -> bool:
    return any(leaves[number].get("exercise") for number in of.event.records)


def _rows(placed: Sequence[Placed], window: Window, before: Window,
          watches: Mapping[Window, Mapping[str, float]]) -> list[Row]:
    counts = {of: Counter((one.area, one.of.event.act or NO_ACT) for one in placed if of.holds(one.of.event.time_s))
              for of in (window, before)}
    areas = sorted({area for of in counts.values() for area, _ in of}.union(*watches.values()))
    rows = []
    for area in areas:
        hours = [watches[of].get(area) for of in (window, before)]
        acts = sorted({act for of in counts.values() for at, act in of if at == area}, key=_in_order)
        total = [sum(counts[of][area, act] for act in acts) for of in (window, before)]
        rows.append(Row(area, None, *total, *hours))
        rows += [Row(area, act, counts[window][area, act], counts[before][area, act], *hours) for act in acts]
    return rows


def _in_order(act: str) -> tuple[bool, int]:
    return act == NO_ACT, int(act[1:] or 0)


def _overlap_s(leaf: Mapping[str, Any], window: Window) -> tuple[float, float] | None:
    """Return from when to when a record lies in a day, None if it does not."""
    start = read_time(leaf["time"]).timestamp()
    end = read_time(leaf["time_end"]).timestamp() if "time_end" in leaf else start
    low, high = max(start, window.start_s), min(end, window.end_s)
    return (low, high) if low < high or (start == end and window.holds(start)) else None


def _hours(leaves: Iterable[Mapping[str, Any]], window: Window) -> dict[str, float]:
    """Return the hours watched in each area, overlapping records of one watcher counted once."""
    spans: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    watches = [(leaf, span) for leaf in leaves if leaf["kind"] == COVERAGE
               and (span := _overlap_s(leaf, window)) is not None]
    areas = areas_of([leaf["lon"] for leaf, _ in watches], [leaf["lat"] for leaf, _ in watches])
    for area, (leaf, span) in zip(areas, watches, strict=True):
        spans.setdefault((area, leaf["source"], leaf.get("sensor") or ""), []).append(span)
    hours: dict[str, float] = {}
    for (area, _, _), of in spans.items():
        hours[area] = hours.get(area, 0.0) + _union_s(of) / HOUR_S
    return hours


def _union_s(spans: Sequence[tuple[float, float]]) -> float:
    """Return how long spans of time last together.

    Examples
    --------
    >>> _union_s([(0.0, 2.0), (1.0, 3.0), (5.0, 6.0)])
    4.0
    """
    total, until = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(end - max(start, until), 0.0)
        until = max(until, end)
    return total


def _restrictions(leaves: Iterable[Mapping[str, Any]], window: Window) -> tuple[Restriction, ...]:
    found = [(leaf, span) for leaf in leaves if leaf["kind"] == RESTRICTION
             and (span := _overlap_s(leaf, window)) is not None]
    areas = areas_of([leaf["lon"] for leaf, _ in found], [leaf["lat"] for leaf, _ in found])
    by: dict[tuple[str, str], list[float]] = {}
    for area, (leaf, (start, end)) in zip(areas, found, strict=True):
        by.setdefault((area, leaf["restriction"]), []).append((end - start) / HOUR_S)
    return tuple(Restriction(area, what, len(hours), sum(hours)) for (area, what), hours in sorted(by.items()))
