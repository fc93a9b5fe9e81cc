"""Air-raid alerts by oblast: what tells a quiet night from a night nobody reported.

Read from intervals (`region`, `started_at`, `finished_at`) in UTC, one row per alert, already merged
over the districts of an oblast. An alert is not a hit, and countrywide alerts for aircraft that may
carry a missile count like any other. Merging districts chained neighbouring alerts into one of
months in the oblasts at the front, so an interval over 24 h is dropped and counted as dropped: the
figures are sound in the west and the centre only.
"""

import csv
import datetime as dt
import functools
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import LIMIT_ROWS, MIB, read_bytes
from skyshield.record.names import reading
from skyshield.record.nights import HOUR_S, timestamp_s

COLUMNS = ("region", "started_at", "finished_at")
_GZIP = b"\x1f\x8b"
_WRITE_IT = "write it as 2025-10-01T18:30:00Z"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Alerts:
    """Alert intervals in the order of the file, those over the limit left out.

    Attributes
    ----------
    region
        Oblast of each interval, text, shape (n,).
    start, end
        datetime64[s], UTC, shape (n,).
    dropped
        How many intervals were over the limit, by oblast.
    sha256
        Of the file's text, unpacked; empty if it was not read from a file.
    """

    region: npt.NDArray[np.str_]
    start: npt.NDArray[np.datetime64]
    end: npt.NDArray[np.datetime64]
    dropped: tuple[tuple[str, int], ...]
    sha256: str = ""

    @property
    def n_dropped(self) -> int:
        """How many intervals were dropped in all."""
        return sum(count for _, count in self.dropped)


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

    date: npt.NDArray[np.datetime64]
    oblasts: tuple[str, ...]
    night_h: Floats
    day_h: Floats


def read_alerts(path: str | os.PathLike[str]) -> Alerts:
    r"""Read alert intervals from a CSV file, plain or packed with gzip.

    Parameters
    ----------
    path
        A file of at most 64 MiB, packed and unpacked, with the columns in `COLUMNS`; times carry
        their zone (``Z`` or an offset).

    Returns
    -------
    Alerts

    Raises
    ------
    SkyShieldError
        Exit code 2 with file, line and column: a broken or oversized package, a missing column, a
        time without zone, an alert that ends before it starts.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("region,started_at,finished_at\n"
    ...         "Lvivska oblast,2031-05-01T20:00:00Z,2031-05-01T21:30:00Z\n"
    ...         "Sumska oblast,2031-05-01T20:00:00Z,2031-05-04T21:30:00Z\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "alerts.csv")
    ...     _ = file.write_text(text)
    ...     alerts = read_alerts(file)
    >>> alerts.region.tolist(), alerts.dropped
    (['Lvivska oblast'], (('Sumska oblast', 1),))
    """
    limit_s = reading()["limits"]["alert_h"] * HOUR_S
    regions: list[str] = []
    spans: list[tuple[int, int]] = []
    dropped: dict[str, int] = {}
    text = _text(path)
    for where, cells in _rows(text, str(path)):
        region = " ".join(cells["region"].split())
        if not region:
            raise SkyShieldError(f"{where}: region", "is empty", "name the oblast")
        start = _utc_s(f"{where}: started_at", cells["started_at"])
        end = _utc_s(f"{where}: finished_at", cells["finished_at"])
        if end < start:
            raise SkyShieldError(f"{where}: finished_at", "the alert ends before it starts",
                                 "mend one of the two times")
        if end - start > limit_s:
            dropped[region] = dropped.get(region, 0) + 1
            continue
        regions.append(region)
        spans.append((start, end))
    if not spans and not dropped:
        raise SkyShieldError(str(path), "has a header but no rows", "give a file with at least one alert")
    times = np.array(spans, np.int64).reshape(-1, 2).astype("datetime64[s]")
    return Alerts(np.array(regions, np.str_), times[:, 0], times[:, 1], tuple(sorted(dropped.items())),
                  hashlib.sha256(text.encode()).hexdigest())


def night_alert_hours(alerts: Alerts, oblasts: Sequence[str]) -> AlertHours:
    """Sum the hours under alert by operational day and part for some oblasts.

    Overlapping intervals of one oblast count once. An alert over 18:00 or 09:00 is cut there.

    Parameters
    ----------
    alerts
        What `read_alerts` returned.
    oblasts
        Names as they stand in the file.

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
        mine = alerts.region == name
        covered_h = np.diff(_covered_s(start_s[mine], end_s[mine], edges_s)) / HOUR_S
        night_h[:, column], day_h[:, column] = covered_h[0::2], covered_h[1::2]
    return AlertHours(date, tuple(oblasts), night_h, day_h)


def _edges(first_s: int, last_s: int) -> tuple[npt.NDArray[np.datetime64], Floats]:
    """Return the operational days that hold two moments and the 2n + 1 edges of their parts, in seconds."""
    clock = reading()["clock"]
    one_day = dt.timedelta(days=1)
    date = dt.datetime.fromtimestamp(first_s, dt.UTC).replace(tzinfo=None, hour=0, minute=0, second=0) - one_day
    dates: list[dt.datetime] = []
    edges: list[float] = []
    night_from = timestamp_s(date - one_day + dt.timedelta(hours=clock["night_from_h"]))
    while night_from <= last_s:
        day_to = timestamp_s(date + dt.timedelta(hours=clock["night_from_h"]))
        if day_to > first_s:
            dates.append(date)
            edges += [night_from, timestamp_s(date + dt.timedelta(hours=clock["day_from_h"]))]
        night_from = day_to
        date += one_day
    return np.array(dates, "datetime64[D]"), np.array([*edges, night_from])


def _covered_s(start_s: npt.NDArray[np.int64], end_s: npt.NDArray[np.int64], at_s: Floats) -> Floats:
    """Return the seconds under alert before each moment; overlapping intervals count once."""
    if start_s.size == 0:
        return np.zeros(at_s.shape)
    order = np.argsort(start_s, kind="stable")
    start, reached = start_s[order], np.maximum.accumulate(end_s[order])
    fresh = np.maximum(start, np.concatenate(([start[0]], reached[:-1])))
    knots = np.stack([fresh, reached], 1).ravel().astype(np.float64)
    gained = np.stack([np.zeros(fresh.size), reached - fresh], 1).ravel()
    return np.asarray(np.interp(at_s, knots, np.cumsum(gained)), np.float64)


def _text(path: str | os.PathLike[str]) -> str:
    """Return the file's text, unpacked within the limit."""
    limit_bytes = reading()["limits"]["alert_bytes"]
    content = read_bytes(path, limit_bytes)
    if content.startswith(_GZIP):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
                content = stream.read(limit_bytes + 1)
        except (OSError, EOFError, zlib.error):
            raise SkyShieldError(str(path), "is a broken gzip file", "fetch it again") from None
        if len(content) > limit_bytes:
            raise SkyShieldError(str(path), f"unpacks to more than {limit_bytes / MIB:g} MiB", "give a smaller file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SkyShieldError(str(path), "is not UTF-8", "save the file as UTF-8") from None
    if "\0" in text:
        raise SkyShieldError(str(path), "is binary, not text", "give a CSV file, plain or packed with gzip")
    return text


def _rows(text: str, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (file and line, cells) of a CSV text with the columns in `COLUMNS`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise SkyShieldError(f"{path}: header", f"lacks the column {', '.join(map(repr, missing))}",
                                 "add it, or check that the separator is a comma")
        for count, row in enumerate(reader, start=1):
            if not row:
                continue
            where = f"{path}: line {reader.line_num}"
            if count > LIMIT_ROWS:
                raise SkyShieldError(path, f"has more than {LIMIT_ROWS:,} rows", "give a smaller file")
            if len(row) != len(header):
                raise SkyShieldError(where, f"has {len(row)} cells, the header {len(header)}", "mend the line")
            yield where, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise SkyShieldError(f"{path}: line {reader.line_num}", f"is not CSV ({error})", "mend the line") from None


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
