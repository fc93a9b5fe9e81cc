"""Observations as GeoJSON: a FeatureCollection whose properties are the native columns, read feature by feature.

A point is the place. Of a line, a polygon or several of them the middle of the smallest circle about all points is the
place, and half the circle's radius its error on each axis, to which `position_error_m` adds in squares. Coordinates are
longitude, latitude in WGS 84. Numbers keep the text in which they stand, so that none is rounded or overflows unseen.

Source: RFC 7946, The GeoJSON Format; RFC 8259 for what JSON is.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.monitoring.ingest.cells import optional_number, position
from skyshield.monitoring.ingest.context import Context
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.ingest.native import read_native
from skyshield.monitoring.ingest.places import about
from skyshield.monitoring.ingest.stream import Row, checked_cells, opened
from skyshield.monitoring.observation.model import NATIVE_COLUMNS, Observation, tables

GEOJSON = "geojson"
GEOMETRY = "geometry"
"""The cell that holds the coordinates of anything but a point."""
_PLACE = ("lon", "lat")
_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\r\n]*")


class _Number(str):
    """A number as it stands in the file."""

    __slots__ = ()


class _Twice(dict[str, Any]):
    """An object that names a member more than once."""

    twice = ""


class Part(NamedTuple):
    """A feature, or a member of the collection beside the features: line, name of the member, value, text."""

    line: int
    name: str
    value: Any
    text: str


def is_json(path: Path) -> bool:
    """Tell whether a file begins like a JSON object."""
    with opened(path) as stream:
        return stream.read(_CHUNK).removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def check_geojson(path: Path) -> None:
    """Read a file to its end before a feature of it is taken in.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is no JSON, no FeatureCollection, in another reference system, or if no feature of it has the
        properties that an observation needs.
    """
    table = tables()[GEOJSON]
    kind, n_features, fitting = None, 0, False
    for part in _parts(path):
        if part.name == "type":
            kind = part.value
        elif part.name == "crs":
            _check_crs(f"{path}: line {part.line}", part.value)
        elif part.name == "":
            n_features += 1
            properties = part.value.get("properties") if isinstance(part.value, dict) else None
            fitting = fitting or (isinstance(properties, dict) and set(table["header"]) <= set(properties))
    if kind != table["collection"]:
        raise SkyShieldError(str(path), f"is no {table['collection']} of GeoJSON", "give one with a list of features")
    if n_features and not fitting:
        raise SkyShieldError(f"{path}: properties", "are those of no known format",
                             f"an observation's properties name: {', '.join(table['header'])}")


def _check_crs(where: str, value: Any) -> None:
    """Refuse a collection that says that its places are in another reference system."""
    if value is None:
        return
    properties = value.get("properties") if isinstance(value, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if name not in tables()[GEOJSON]["reference_systems"]:
        raise SkyShieldError(f"{where}: crs", f"is {shown(str(name))}, not longitude and latitude of WGS 84",
                             "save the file in WGS 84 (EPSG:4326)")


def geojson_rows(path: Path) -> Iterator[Row]:
    """Yield the line on which a feature begins, its text, and its cells or why they cannot be used."""
    for part in _parts(path):
        if part.name == "":
            try:
                yield part.line, [part.text], checked_cells(_cells(part.value).items())
            except RowError as fault:
                yield part.line, [part.text], fault


def _cells(feature: Any) -> dict[str, str]:
    """Return the properties of a feature as cells, with its place."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise RowError(Code.CODE_UNKNOWN, "type", "is not that of a feature")
    if isinstance(feature, _Twice):  # nobody could tell which one holds
        raise RowError(Code.CELL_COUNT, "", f"names {shown(feature.twice)} twice")
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise RowError(Code.CODE_UNKNOWN, "properties", "are no object")
    cells = {}
    for name, value in (properties or {}).items():
        if name not in NATIVE_COLUMNS or name in _PLACE:
            raise RowError(Code.CODE_UNKNOWN, "properties", f"name {shown(name)}, which is no column of the native "
                           "format" + (" beside the geometry" if name in _PLACE else ""))
        cells[name] = _cell(name, value)
    if not cells.get("record_id") and feature.get("id") is not None:
        cells["record_id"] = _cell("id", feature["id"])
    return cells | _place_cells(feature.get(GEOMETRY))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return str(value)
    raise RowError(Code.CODE_UNKNOWN, name, "is a list or an object, not a value")


def _place_cells(geometry: Any) -> dict[str, str]:
    """Return the cells of a point, or the coordinates of anything else in one cell."""
    if not isinstance(geometry, dict):
        raise RowError(Code.NUMBER_INVALID, GEOMETRY, "is missing")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    depths: Mapping[str, int] = tables()[GEOJSON]["geometries"]
    if not isinstance(kind, str) or kind not in depths:
        raise RowError(Code.CODE_UNKNOWN, f"{GEOMETRY}: type", f"is {shown(str(kind))}, not one of {', '.join(depths)}")
    points = list(_points(coordinates, depths[kind]))
    if not points:
        raise RowError(Code.NUMBER_INVALID, GEOMETRY, "has no coordinates")
    if depths[kind] == 0:
        return dict(zip(_PLACE, points[0], strict=True))
    return {GEOMETRY: f"{kind} " + " ".join(",".join(point) for point in points)}


def _points(value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the positions of coordinates that are so many lists deep; an altitude is left out."""
    if not isinstance(value, list):
        raise RowError(Code.NUMBER_INVALID, GEOMETRY, "has coordinates that are no list")
    if depth:
        for one in value:
            yield from _points(one, depth - 1)
        return
    at_most = len(("lon", "lat", "altitude"))
    if not (len(_PLACE) <= len(value) <= at_most and all(isinstance(one, _Number) for one in value)):
        raise RowError(Code.NUMBER_INVALID, GEOMETRY, "has a position that is not longitude and latitude")
    yield str(value[0]), str(value[1])


def read_geojson(cells: Mapping[str, str], context: Context) -> Observation:
    """Return the observation of a feature.

    Raises
    ------
    RowError
        What is wrong with it.

    Examples
    --------
    >>> made = read_geojson({"time": "2015-02-14T22:00:00Z", "method": "uav",
    ...                      "geometry": "LineString 38.4,48.3 38.4,48.4"}, Context("patrol 4", None, 2e9))
    >>> round(made.lat, 2), round(made.position_error_m, -2)
    (48.35, 2800.0)
    """
    text = cells.get(GEOMETRY)
    if text is None:
        return read_native(cells, context)
    from shapely import MultiPoint

    pairs = [pair.partition(",") for pair in text.split(" ")[1:]]
    points = [position("lon", lon, "lat", lat) for lon, _, lat in pairs]
    lon, lat, error_m = about(MultiPoint(list(zip(*to_plane(*zip(*points, strict=True)), strict=True))))
    own_m = optional_number(cells, "position_error_m", 0, tables()["limits"]["distance_m"]) or 0.0
    return read_native({**cells, "lon": repr(lon), "lat": repr(lat),
                        "position_error_m": repr(math.hypot(error_m, own_m))}, context)


class _Text:
    """A file as text of which only what is not yet read is held."""

    def __init__(self, stream: IO[bytes], where: str) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._where, self._buffer, self._at, self._ended = where, "", 0, False
        self.line = 1
        self._read_one = json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=self._no_number,
                                          object_pairs_hook=_object).raw_decode
        self.skip_mark()

    def skip_mark(self) -> None:
        """Pass over a byte order mark at the start."""
        self._more()
        self._buffer = self._buffer.removeprefix("\ufeff")

    def _more(self) -> bool:
        """Read on, and forget what has been passed; tell whether there was more."""
        chunk = self._stream.read(max(_CHUNK, len(self._buffer) - self._at))
        self._ended = not chunk
        self._buffer = self._buffer[self._at:] + self._decode(chunk, self._ended)
        self._at = 0
        return not self._ended

    def fail(self, what: str) -> NoReturn:
        """Refuse the file at this place."""
        raise SkyShieldError(f"{self._where}: line {self.line}", what, "mend the file")

    def _no_number(self, text: str) -> NoReturn:
        self.fail(f"is not JSON (holds {text})")

    def _pass(self, end: int) -> str:
        text = self._buffer[self._at:end]
        self.line += text.count("\n")
        self._at = end
        return text

    def next_letter(self) -> str:
        """Return the next letter that is no space, without passing it; empty at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            assert found is not None  # noqa: S101 - the pattern matches nothing, too
            self._pass(found.end())
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._ended or not self._more():
                return self._buffer[self._at:self._at + 1]

    def pass_letter(self, expected: str) -> str:
        """Pass the next letter, which must be one of those expected."""
        letter = self.next_letter()
        if not letter:
            self.fail("ends too early")
        if letter not in expected:
            self.fail(f"is not JSON ({shown(letter)} where {' or '.join(expected)} should be)")
        self._pass(self._at + 1)
        return letter

    def value(self) -> tuple[Any, str]:
        """Return the next value and its text.

        A number at the end of what has been read may go on, so a value counts only where something follows it.
        """
        most = tables()["limits"]["line_characters"]
        self.next_letter()
        while True:
            try:
                value, end = self._read_one(self._buffer, self._at)
                if end - self._at <= most and (end < len(self._buffer) or self._ended):
                    return value, self._pass(end)
            except json.JSONDecodeError as error:
                if self._ended:
                    self._pass(min(error.pos, len(self._buffer)))
                    self.fail(f"is not JSON ({error.msg.casefold()})")
            except RecursionError:
                self.fail("is nested too deep")
            if len(self._buffer) - self._at > most:
                self.fail(f"is not JSON, or one value of it takes more than {most:,} characters")
            self._more()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; one that names a member twice, itself or within, says which."""
    content = dict(pairs)
    within = next((value.twice for value in content.values() if isinstance(value, _Twice)), None)
    if within is None and len(content) == len(pairs):
        return content
    names = [name for name, _ in pairs]
    result = _Twice(content)
    result.twice = within if within is not None else next(name for name in names if names.count(name) > 1)
    return result


def _parts(path: Path) -> Iterator[Part]:
    """Yield the features (name empty) and the other members of the collection, as they stand in the file."""
    with opened(path) as stream:
        text = _Text(stream, str(path))
        text.pass_letter("{")
        seen: set[str] = set()
        more = text.next_letter() != "}"
        if not more:
            text.pass_letter("}")
        while more:
            if text.next_letter() != '"':
                text.fail("is not JSON (a name is missing)")
            name, _ = text.value()
            if name in seen:
                text.fail(f"names {shown(name)} twice")
            seen.add(name)
            text.pass_letter(":")
            if name == "features":
                yield from _features(text)
            else:
                text.next_letter()
                line = text.line
                value, written = text.value()
                yield Part(line, name or " ", value, written)
            more = text.pass_letter(",}") == ","
        if text.next_letter():
            text.fail("goes on after its end")


def _features(text: _Text) -> Iterator[Part]:
    text.pass_letter("[")
    if text.next_letter() == "]":
        text.pass_letter("]")
        return
    while True:
        text.next_letter()
        line = text.line
        value, written = text.value()
        yield Part(line, "", value, written)
        if text.pass_letter(",]") == "]":
            return
