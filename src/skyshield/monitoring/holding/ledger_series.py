"""What a ledger says in time: events, who watched, what kept them from seeing, and exercises apart.

One record is one event; `killed` gives the deaths. An event with a `time_end` is spread over its window, one without
whose error is over a day over the width of that error (√12 standard deviations) about its time. Left out: air-raid
alerts, which are warnings; records that say they are derived from another one of the ledger; exercises, which are
listed; records that a later one corrects or withdraws.

Exposure is hours watched: of each sensor (else source) the time of its coverage records less that of the restrictions
that blind it (cloud, night, jamming, access denied, failure; of its own name, or of nobody's), added over sensors. A
ledger without coverage records gives every window the same exposure: nobody knows who watched.
"""

import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.settings import DAY_S, settings
from skyshield.monitoring.ingest.times import UNIFORM
from skyshield.monitoring.ledger.records import records
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.observation.model import COVERAGE, EVENT, RESTRICTION

Progress = Callable[[int, int], None]
_ROWS_TOLD = 1 << 14
Span = tuple[float, float]


@dataclass(frozen=True)
class LedgerEvents:
    """Events of a ledger and who watched; times in seconds since 1970 UTC.

    Attributes
    ----------
    start_s, end_s, killed
        Of each event that counts, shape (n,).
    watched
        Times watched by each sensor, what blinded it taken off; None if the ledger has no coverage records.
    exercises
        Time, source and number in the ledger of each exercise.
    copies, alerts
        How many records were left out as copies and as alerts.
    sources
        Names of the sources of the events.
    without_deaths
        How many events give no number of deaths.
    """

    start_s: Floats
    end_s: Floats
    killed: Floats
    watched: tuple[tuple[Span, ...], ...] | None
    exercises: tuple[tuple[float, str, int], ...]
    copies: int
    alerts: int
    sources: tuple[str, ...]
    without_deaths: int


@dataclass
class _Reading:
    start_s: "array[float]" = field(default_factory=lambda: array("d"))
    end_s: "array[float]" = field(default_factory=lambda: array("d"))
    killed: "array[float]" = field(default_factory=lambda: array("d"))
    derived: dict[int, str] = field(default_factory=dict)
    coverage: dict[str, list[Span]] = field(default_factory=dict)
    blind: dict[str | None, list[Span]] = field(default_factory=dict)
    exercises: list[tuple[float, str, int]] = field(default_factory=list)
    alerts: int = 0
    sources: set[str] = field(default_factory=set)


def read_ledger(folder: str | Path, source: str | None = None, progress: Progress | None = None) -> LedgerEvents:
    """Read the events of a ledger, or those of one of its sources.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no ledger, the ledger no events or the source is not in it; 3 if the machine
        refuses.
    """
    place = Path(folder)
    reading = _Reading()
    for number, leaf in _leaves(place, progress):
        if source is None or leaf.get("source") == source:
            _take(reading, number, leaf)
    if not reading.start_s:
        raise SkyShieldError(str(folder), "holds no event" if source is None else f"holds no event of {source!r}",
                             "take some in with 'skyshield monitor ingest'" if source is None else "check the name")
    originals = _originals(place, set(reading.derived.values())) if reading.derived else set()
    copies = [number for number, of in reading.derived.items() if of in originals]
    kept = np.ones(len(reading.start_s), bool)
    kept[copies] = False
    start, end, killed = (np.array(of)[kept] for of in (reading.start_s, reading.end_s, reading.killed))
    return LedgerEvents(start, end, np.nan_to_num(killed), _watched(reading) if reading.coverage else None,
                        tuple(reading.exercises), len(copies), reading.alerts, tuple(sorted(reading.sources)),
                        int(np.isnan(killed).sum()))


def _leaves(folder: Path, progress: Progress | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number and content of the records that hold."""
    with Ledger.open(folder, write=False) as ledger:
        size = ledger.checkpoint().size
        for record in records(ledger):
            if progress is not None and record.number % _ROWS_TOLD == 0:
                progress(record.number, size)
            try:
                content = record.content()
            except ValueError:
                raise SkyShieldError(f"{folder}: entry {record.number}", "is not JSON",
                                     "see 'skyshield monitor verify'") from None
            if isinstance(content, dict):
                yield record.number, content


def _originals(folder: Path, wanted: set[str]) -> set[str]:
    """Return those names of records that the ledger holds."""
    return {leaf["record_id"] for _, leaf in _leaves(folder) if leaf.get("record_id") in wanted}


def _take(reading: _Reading, number: int, leaf: dict[str, Any]) -> None:
    kind = leaf.get("kind")
    if kind not in (EVENT, COVERAGE, RESTRICTION) or not isinstance(leaf.get("time"), str):
        return
    start_s = _seconds(leaf["time"])
    end_s = _seconds(leaf["time_end"]) if "time_end" in leaf else start_s
    source = str(leaf.get("source", ""))
    if kind == EVENT:
        if leaf.get("exercise"):
            reading.exercises.append((start_s, source, number))
        elif str(leaf.get("text", "")).startswith(settings()["alert_text"]):
            reading.alerts += 1
        else:
            _take_event(reading, leaf, start_s, end_s, source)
    elif kind == COVERAGE:
        reading.coverage.setdefault(str(leaf.get("sensor", source)), []).append((start_s, end_s))
    elif leaf.get("restriction") in settings()["blinding"]:
        sensor = leaf.get("sensor")
        reading.blind.setdefault(None if sensor is None else str(sensor), []).append((start_s, end_s))


def _take_event(reading: _Reading, leaf: dict[str, Any], start_s: float, end_s: float, source: str) -> None:
    width_s = float(leaf.get("time_error_s", 0.0)) * UNIFORM
    if end_s <= start_s and width_s > DAY_S:
        start_s, end_s = start_s - width_s / 2, start_s + width_s / 2
    if "derived_from" in leaf:
        reading.derived[len(reading.start_s)] = str(leaf["derived_from"])
    reading.start_s.append(start_s)
    reading.end_s.append(end_s)
    reading.killed.append(float(leaf["killed"]) if "killed" in leaf else math.nan)
    reading.sources.add(source)


def _seconds(text: str) -> float:
    return float(np.datetime64(text.removesuffix("Z")).astype("datetime64[us]").astype(np.int64)) / 1e6


def _watched(reading: _Reading) -> tuple[tuple[Span, ...], ...]:
    everybody = reading.blind.get(None, [])
    return tuple(tuple(_less(_union(spans), _union([*everybody, *reading.blind.get(sensor, [])])))
                 for sensor, spans in sorted(reading.coverage.items()))


def _union(spans: list[Span]) -> list[Span]:
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        elif end > start:
            result.append((start, end))
    return result


def _less(spans: list[Span], taken: list[Span]) -> list[Span]:
    result, at = [], 0
    for span_start, end in spans:
        start = span_start
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        i = at
        while i < len(taken) and taken[i][0] < end:
            if taken[i][0] > start:
                result.append((start, taken[i][0]))
            start = max(start, taken[i][1])
            i += 1
        if start < end:
            result.append((start, end))
    return result


def hours_watched(watched: tuple[tuple[Span, ...], ...], start_s: Floats, end_s: Floats) -> Floats:
    """Return the hours watched in each window, added over sensors, shape (n,).

    Examples
    --------
    >>> hours_watched((((0.0, 7200.0),), ((3600.0, 7200.0),)), np.array([0.0]), np.array([7200.0])).tolist()
    [3.0]
    """
    hour_s = 3600.0
    total = np.zeros(len(start_s))
    for spans in watched:
        if spans:
            knots = np.array(spans).ravel()
            gained = np.array([[0.0, end - start] for start, end in spans]).ravel()
            until = np.cumsum(gained)
            total += np.interp(end_s, knots, until) - np.interp(start_s, knots, until)
    return np.round(total / hour_s, 6)
