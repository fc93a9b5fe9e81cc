"""A ledger's records as columns: where and when, how exact, by whom, and which of them copy another."""

import dataclasses
import datetime as dt
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.geodesy import to_plane
from skyshield.monitoring.ingest.times import UNIFORM
from skyshield.monitoring.joining.settings import default_errors, settings
from skyshield.monitoring.ledger.records import Record
from skyshield.monitoring.ledger.tree import leaf_hash
from skyshield.monitoring.observation.model import COVERAGE, EVENT, tables

_M_PER_DEG = 40_008_000.0 / 360.0  # along a meridian
_NUMBER = "#"


@dataclasses.dataclass(frozen=True)
class Watch:
    """When and where a source watched: seconds, metres on the plane; no reach is everywhere."""

    start_s: float
    end_s: float
    x_m: float
    y_m: float
    reach_m: float


@dataclasses.dataclass(frozen=True)
class Table:
    """Records of events in the order of the ledger; arrays are [record].

    Attributes
    ----------
    number, line
        In the ledger, and in the file it came from (-1 if from none).
    ident
        The first digits of the leaf's hash.
    time_s, x_m, y_m, error_s, error_m
        Seconds since 1970 UTC, metres on the plane, one standard deviation (per axis) as stated or by the method.
    source, act, method
        Places in `sources`, `acts`, `methods`; -1 for no act.
    copy_of
        The record that it copies, -1 for none.
    derives_from
        The source that it copies, where the record does not say which of its records; -1 for none.
    floor_m, floor_s
        What the rounding of its source adds to its errors.
    watches
        By source, for those that have records of coverage.
    """

    number: Integers
    line: Integers
    ident: Integers
    time_s: Floats
    x_m: Floats
    y_m: Floats
    error_s: Floats
    error_m: Floats
    source: Integers
    act: Integers
    method: Integers
    copy_of: Integers
    derives_from: Integers
    floor_m: Floats
    floor_s: Floats
    sources: tuple[str, ...]
    acts: tuple[str, ...]
    methods: tuple[str, ...]
    watches: Mapping[int, tuple[Watch, ...]]


class _Columns:
    """What is gathered, record by record."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, float, float, float, float, float, int, int, int]] = []
        self.sources: dict[str, int] = {}
        self.copies: list[tuple[int, str]] = []
        self.named: dict[str, list[int]] = {}
        self.watches: list[tuple[int, float, float, float, float, float | None]] = []
        self.acts = {name: place for place, name in enumerate(tables()["acts"])}
        self.methods = {name: place for place, name in enumerate(tables()["methods"])}

    def add(self, record: Record) -> None:
        content = json.loads(record.leaf)
        kind = content.get("kind", EVENT)
        if kind not in (EVENT, COVERAGE) or not isinstance(content.get("lon"), float | int):
            return
        source = self.sources.setdefault(content["source"], len(self.sources))
        end_s = _end_s(content, record.time_s)
        if kind == COVERAGE:
            self.watches.append((source, record.time_s, end_s, content["lon"], content["lat"], content.get("reach_m")))
            return
        place = len(self.rows)
        error_m, error_s = _errors(content, end_s - record.time_s)
        digits = settings()["id_digits"]
        self.rows.append((
            record.number, content.get("line", -1), int(leaf_hash(record.leaf).hex()[:digits], 16),
            (record.time_s + end_s) / 2, content["lon"], content["lat"], error_s, error_m, source,
            self.acts.get(content.get("act"), -1), self.methods[content["method"]]))
        if "record_id" in content:
            self.named.setdefault(content["record_id"], []).append(place)
        if "derived_from" in content:
            self.copies.append((place, content["derived_from"]))


def _end_s(content: Mapping[str, Any], start_s: float) -> float:
    if "time_end" not in content:
        return start_s
    return max(start_s, dt.datetime.fromisoformat(content["time_end"]).timestamp())


def _errors(content: Mapping[str, Any], width_s: float) -> tuple[float, float]:
    """Return the errors of place and time: as stated, else of the window or the method; at least 1 m and 1 s."""
    usual_m, usual_s = default_errors(content["method"])
    error_m, error_s = content.get("position_error_m"), content.get("time_error_s")
    if error_s is None:
        error_s = width_s / UNIFORM if width_s > 0 else usual_s
    return max(1.0, usual_m if error_m is None else error_m), max(1.0, error_s)


def read_records(records: Iterable[Record]) -> Table:
    """Return the records of events that a ledger holds, as columns.

    Records of coverage become `Table.watches`; other kinds are left out.
    """
    found = _Columns()
    for record in records:
        found.add(record)
    rows = np.array(found.rows, dtype=np.dtype([
        ("number", "i8"), ("line", "i8"), ("ident", "i8"), ("time_s", "f8"), ("lon", "f8"), ("lat", "f8"),
        ("error_s", "f8"), ("error_m", "f8"), ("source", "i8"), ("act", "i8"), ("method", "i8")]))
    x_m, y_m = to_plane(rows["lon"], rows["lat"])
    copy_of, derives_from = _copies(found, rows["time_s"], rows["number"])
    floor_m, floor_s = _rounding(rows, len(found.sources))
    sources = tuple(found.sources)
    return Table(rows["number"], rows["line"], rows["ident"], rows["time_s"].copy(), x_m, y_m,
                 rows["error_s"].copy(), rows["error_m"].copy(), rows["source"].copy(), rows["act"].copy(),
                 rows["method"].copy(), copy_of, derives_from, floor_m, floor_s, sources, tuple(found.acts),
                 tuple(found.methods), _watches(found))


def _watches(found: _Columns) -> dict[int, tuple[Watch, ...]]:
    result: dict[int, tuple[Watch, ...]] = {}
    for source, start_s, end_s, lon, lat, reach_m in found.watches:
        x_m, y_m = to_plane(lon, lat)
        watch = Watch(start_s, end_s, float(x_m), float(y_m), np.inf if reach_m is None else reach_m)
        result[source] = (*result.get(source, ()), watch)
    return result


def _copies(found: _Columns, time_s: Floats, number: Integers) -> tuple[Integers, Integers]:
    """Return for each record the original that it copies, and the source whose record it copies, or -1."""
    original = np.full(len(time_s), -1, np.int64)
    derives = np.full(len(time_s), -1, np.int64)
    by_number = {f"{_NUMBER}{value}": place for place, value in enumerate(number.tolist())} if any(
        name.startswith(_NUMBER) for _, name in found.copies) else {}
    first_of: dict[str, int] = {}
    for place, name in found.copies:
        others = [other for other in found.named.get(name, ()) if other != place]
        if name in by_number and by_number[name] != place:
            original[place] = by_number[name]
        elif others:
            original[place] = min(others, key=lambda other: (abs(time_s[other] - time_s[place]), other))
        elif name in found.sources:
            derives[place] = found.sources[name]
        elif first_of.setdefault(name, place) != place:
            original[place] = first_of[name]
    return _roots(original), derives


def _roots(original: Integers) -> Integers:
    """Return the first original of each copy; records that copy each other in a ring copy its earliest."""
    result = original.copy()
    for place in np.flatnonzero(original >= 0):
        way = [int(place)]
        while original[way[-1]] >= 0 and original[way[-1]] not in way:
            way.append(int(original[way[-1]]))
        ring = original[way[-1]] >= 0
        root = min(way[way.index(int(original[way[-1]])):]) if ring else way[-1]
        result[place] = -1 if root == place else root
    return result


def _rounding(rows: np.ndarray[Any, Any], sources: int) -> tuple[Floats, Floats]:
    """Return what rounding adds to the error of each record of place and time: a uniform error of one step's width.

    A source rounds if nearly all of its records lie on a grid; the coarsest such grid counts.
    """
    floor_m, floor_s = np.zeros(len(rows)), np.zeros(len(rows))
    order = np.argsort(rows["source"], kind="stable")
    bounds = np.searchsorted(rows["source"][order], np.arange(sources + 1))
    for low, high in itertools.pairwise(bounds.tolist()):
        own = order[low:high]
        if len(own) >= settings()["records_for_prior"]:
            lat = rows["lat"][own]
            step = _grid((rows["lon"][own], lat), settings()["grids_deg"])
            east = np.cos(np.radians(lat))
            floor_m[own] = step * _M_PER_DEG * np.sqrt((1 + east * east) / 2) / UNIFORM
            floor_s[own] = _grid((rows["time_s"][own],), settings()["grids_s"]) / UNIFORM
    return floor_m, floor_s


def _grid(values: Sequence[Floats], steps: Sequence[float]) -> float:
    """Return the coarsest of the steps on whose multiples nearly all values lie, 0 for none."""
    share, exact = settings()["on_grid"], 1e-6
    for step in steps:
        on = np.ones(len(values[0]), bool)
        for column in values:
            parts = column / step
            on &= np.abs(parts - np.round(parts)) < exact
        if on.mean() >= share and all(len(np.unique(column)) > 1 for column in values):
            return step
    return 0.0
