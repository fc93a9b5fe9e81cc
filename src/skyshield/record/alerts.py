"""Air-raid alerts by oblast: they distinguish a quiet night from a night that nobody reported.

Two forms are read. Intervals by oblast (`region`, `started_at`, `finished_at`), already merged over the
districts; and the official siren file (`oblast`, `raion`, `hromada`, `level`, …), one row per alert of
an oblast, a raion or a hromada, where an oblast counts as under alert while any part of it is. Since
December 2025 most alerts are given by raion, so hours from then on are those of the part longest under
alert; `coverage` gives how many rest on parts alone. Times carry their zone. Oblasts are named as in the
first form, whatever the spelling of a file.

An alert is not a hit. Countrywide alerts for aircraft that may carry a missile are read like any other; hours that
stand for UAVs leave them out (`skyshield.record.countrywide`).
Merging districts beforehand chained neighbouring alerts into one of months in the oblasts at the front, and
an alert nobody ended lasts for ever: an interval over 24 h is dropped and counted as dropped. The
figures are reliable in the west and the centre only. An alert without an end was still on when the file
was written; it is left out and counted.
"""

import datetime as dt
import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Booleans, Days, Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_csv
from skyshield.record.clock import HOUR_S, timestamp_s
from skyshield.record.names import oblast_of, reading

REGION, OBLAST = "region", "oblast"
COLUMNS = (f"{REGION}|{OBLAST}", "started_at", "finished_at")
_WRITE_IT = "write it as 2025-10-01T18:30:00Z"


@dataclass(frozen=True)
class Alerts:
    """Alert intervals in the order of the file, those over the limit and those without an end left out.

    Attributes
    ----------
    region
        Oblast of each interval, text, shape (n,); a name that is no oblast's stays as written.
    start, end
        datetime64[s], UTC, shape (n,).
    dropped
        How many intervals were over the limit, by oblast.
    sha256
        Of the bytes parsed, unpacked; empty if it was not read from a file.
    oblast_wide
        bool, shape (n,): whether the interval is one of the whole oblast and not of a part of it.
    n_unended
        How many alerts had no end.
    path
        The file's name, for messages.
    """

    region: npt.NDArray[np.str_]
    start: Days
    end: Days
    dropped: tuple[tuple[str, int], ...]
    sha256: str = ""
    oblast_wide: Booleans | None = None
    n_unended: int = 0
    path: str = "alerts"

    @property
    def n_dropped(self) -> int:
        """How many intervals were dropped in all."""
        return sum(count for _, count in self.dropped)

    @property
    def n_of_parts(self) -> int:
        """How many intervals are of a raion or a hromada."""
        return 0 if self.oblast_wide is None else int((~self.oblast_wide).sum())


@dataclass(frozen=True)
class AlertHours:
    """Hours under alert by operational day.

    Attributes
    ----------
    date
        datetime64[D], every day the alerts span, shape (n,).
    oblasts
        Names, k of them.
    night_h, day_h
        Hours in the night (18:00 to 09:00 Kyiv) and in the day part, shape (n, k).
    """

    date: Days
    oblasts: tuple[str, ...]
    night_h: Floats
    day_h: Floats


def read_alerts(path: str | os.PathLike[str]) -> Alerts:
    r"""Read alert intervals from a CSV file, plain or packed with gzip.

    Parameters
    ----------
    path
        A file of at most 64 MiB, packed and unpacked, with the columns ``region`` or ``oblast``, ``started_at`` and
        ``finished_at``; with ``oblast`` may go ``raion``, ``hromada`` and ``level``. Times carry their zone (``Z`` or
        an offset).

    Returns
    -------
    Alerts

    Raises
    ------
    SkyShieldError
        Exit code 2 with file, line and column: a broken or oversized package, a missing column, a
        time without zone, an alert that ends before it starts, a level nobody knows.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("region,started_at,finished_at\n"
    ...         "Львівська область,2031-05-01T20:00:00Z,2031-05-01T21:30:00Z\n"
    ...         "Sumska oblast,2031-05-01T20:00:00Z,2031-05-04T21:30:00Z\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "alerts.csv")
    ...     _ = file.write_text(text, "utf-8")
    ...     alerts = read_alerts(file)
    >>> alerts.region.tolist(), alerts.dropped
    (['Lvivska oblast'], (('Sumska oblast', 1),))
    """
    table = read_csv(path, COLUMNS, reading()["missing_values"], limit_bytes=reading()["limits"]["alert_bytes"])
    limit_s = reading()["limits"]["alert_h"] * HOUR_S
    column = REGION if REGION in table.columns else OBLAST
    regions: list[str] = []
    spans: list[tuple[int, int]] = []
    oblast_wide: list[bool] = []
    dropped: dict[str, int] = {}
    n_unended = 0
    for line, cells in table.rows:
        where = f"{path}: line {line}"
        written = " ".join(cells[column].split())
        if not written:
            raise SkyShieldError(f"{where}: {column}", "is empty", "name the oblast")
        region = oblast_of(written) or written
        is_oblast_wide = _is_oblast_wide(where, cells)
        start = _utc_s(f"{where}: started_at", cells["started_at"])
        if not cells["finished_at"].strip():
            n_unended += 1
            continue
        end = _utc_s(f"{where}: finished_at", cells["finished_at"])
        if end < start:
            raise SkyShieldError(f"{where}: finished_at", "the alert ends before it starts",
                                 "mend one of the two times")
        if end - start > limit_s:
            dropped[region] = dropped.get(region, 0) + 1
            continue
        regions.append(region)
        spans.append((start, end))
        oblast_wide.append(is_oblast_wide)
    if not spans and not dropped:
        raise SkyShieldError(str(path), f"has {n_unended:,} alerts without an end and no other" if n_unended else
                             "has a header but no rows", "give a file with at least one alert that ended")
    times = np.array(spans, np.int64).reshape(-1, 2).astype("datetime64[s]")
    return Alerts(np.array(regions, np.str_), times[:, 0], times[:, 1], tuple(sorted(dropped.items())), table.sha256,
                  np.array(oblast_wide, bool), n_unended, str(path))


def _is_oblast_wide(where: str, cells: dict[str, str]) -> bool:
    """Return whether an alert is of a whole oblast: by its level, else by what it names below the oblast."""
    level = cells.get("level", "").strip().casefold()
    levels = reading()["alert_levels"]
    if level and level not in levels:
        raise SkyShieldError(f"{where}: level", f"is {level!r}", f"use {', '.join(levels)}, or leave it empty")
    if level:
        return bool(level == levels[0])
    return not any(cells.get(name, "").strip() for name in levels[1:])


def night_alert_hours(alerts: Alerts, oblasts: Sequence[str], counted: Booleans | None = None) -> AlertHours:
    """Sum the hours under alert by operational day and part for some oblasts.

    Overlapping intervals of one oblast count once. An alert over 18:00 or 09:00 is cut there.

    Parameters
    ----------
    alerts
        What `read_alerts` returned.
    oblasts
        Names as they stand in the file.
    counted
        bool, one for each alert: those whose hours count; all if not given. The days are those of all alerts.

    Returns
    -------
    AlertHours

    Raises
    ------
    SkyShieldError
        Exit code 2 if an oblast has no alert in the file, which is more often a misspelling.

    Examples
    --------
    >>> import numpy as np
    >>> one = Alerts(np.array(["Lvivska oblast"]), np.array(["2031-05-01T14:00:00"], "datetime64[s]"),
    ...              np.array(["2031-05-01T16:30:00"], "datetime64[s]"), ())
    >>> hours = night_alert_hours(one, ["Lvivska oblast"])
    >>> hours.date.astype(str).tolist(), hours.night_h.ravel().tolist(), hours.day_h.ravel().tolist()
    (['2031-05-01', '2031-05-02'], [0.0, 1.5], [1.0, 0.0])
    """
    known = set(alerts.region.tolist()) | {name for name, _ in alerts.dropped}
    for name in oblasts:
        if name not in known:
            raise SkyShieldError(f"oblast {name!r}", "has no alert in the file", "write it as the file does")
    if alerts.start.size == 0:
        empty = np.zeros((0, len(oblasts)))
        return AlertHours(np.zeros(0, "datetime64[D]"), tuple(oblasts), empty, empty)
    start_s, end_s = alerts.start.astype(np.int64), alerts.end.astype(np.int64)
    date, edges_s = _edges(int(start_s.min()), int(end_s.max()))
    night_h, day_h = np.zeros((2, date.size, len(oblasts)))
    for column, name in enumerate(oblasts):
        of_oblast = (alerts.region == name) if counted is None else (alerts.region == name) & counted
        covered_h = np.diff(_covered_s(start_s[of_oblast], end_s[of_oblast], edges_s)) / HOUR_S
        night_h[:, column], day_h[:, column] = covered_h[0::2], covered_h[1::2]
    return AlertHours(date, tuple(oblasts), night_h, day_h)


def _edges(first_s: int, last_s: int) -> tuple[Days, Floats]:
    """Return the operational days that hold two moments and the 2n + 1 edges of their parts, in seconds."""
    clock = reading()["clock"]
    day_length = dt.timedelta(days=1)
    date = dt.datetime.fromtimestamp(first_s, dt.UTC).replace(tzinfo=None, hour=0, minute=0, second=0) - day_length
    dates: list[dt.datetime] = []
    edges: list[float] = []
    night_from = timestamp_s(date - day_length + dt.timedelta(hours=clock["night_from_h"]))
    while night_from <= last_s:
        day_to = timestamp_s(date + dt.timedelta(hours=clock["night_from_h"]))
        if day_to > first_s:
            dates.append(date)
            edges += [night_from, timestamp_s(date + dt.timedelta(hours=clock["day_from_h"]))]
        night_from = day_to
        date += day_length
    return np.array(dates, "datetime64[D]"), np.array([*edges, night_from])


def _covered_s(start_s: Integers, end_s: Integers, at_s: Floats) -> Floats:
    """Return the seconds under alert before each moment; overlapping intervals count once."""
    if start_s.size == 0:
        return np.zeros(at_s.shape)
    order = np.argsort(start_s, kind="stable")
    start, reached = start_s[order], np.maximum.accumulate(end_s[order])
    fresh = np.maximum(start, np.concatenate(([start[0]], reached[:-1])))
    knots = np.stack([fresh, reached], 1).ravel().astype(np.float64)
    gained = np.stack([np.zeros(fresh.size), reached - fresh], 1).ravel()
    return np.asarray(np.interp(at_s, knots, np.cumsum(gained)), np.float64)


@functools.lru_cache(maxsize=1 << 16)
def _parse_s(text: str) -> int | None:
    moment = dt.datetime.fromisoformat(text)
    return None if moment.tzinfo is None else int(moment.timestamp())


def _utc_s(where: str, text: str) -> int:
    """Read a moment with its zone as seconds since 1970 UTC."""
    limits = reading()["limits"]
    try:
        seconds = _parse_s(text.strip())
        plausible = limits["first_year"] <= int(text.strip()[:4]) <= limits["last_year"]
    except (ValueError, OverflowError):
        raise SkyShieldError(where, f"{text.strip()!r} is not a time that exists", _WRITE_IT) from None
    if seconds is None:
        raise SkyShieldError(where, f"{text.strip()!r} has no zone", _WRITE_IT)
    if not plausible:
        raise SkyShieldError(where, f"{text.strip()!r} is not in a plausible year", "mend the year")
    return seconds
