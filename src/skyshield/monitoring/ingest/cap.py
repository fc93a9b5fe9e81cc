"""Alerts of the Common Alerting Protocol 1.2, read without entities, document types or anything from outside.

A row is an area of an alert, with what its alert and its information say; information without an area is a row, too.
Polygons and circles of the protocol give the latitude first. Source: OASIS, Common Alerting Protocol Version 1.2.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from skyshield.core.errors import SkyShieldError
from skyshield.core.geodesy import to_plane
from skyshield.monitoring.ingest.cells import number, optional_code, position
from skyshield.monitoring.ingest.context import Context, window
from skyshield.monitoring.ingest.faults import Code, RowError, shown
from skyshield.monitoring.ingest.places import Place, about, place_of
from skyshield.monitoring.ingest.stream import Row, checked_cells, opened
from skyshield.monitoring.ingest.times import moment
from skyshield.monitoring.observation.model import Observation, tables

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CAP = "cap"
METRES_PER_KM = 1000.0
NOT_ACTUAL = "not_actual"
_ALERT, _INFO, _AREA = "alert", "info", "area"
_SHAPES = ("polygon", "circle")
_BETWEEN_SHAPES = "|"
_CHUNK = 1 << 16
_USED = frozenset(("identifier", "sender", "sent", "effective", "onset", *_SHAPES))


def is_xml(path: Path) -> bool:
    """Tell whether a file begins like XML."""
    with opened(path) as stream:
        return stream.read(_CHUNK).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def check_cap(path: Path) -> None:
    """Parse a file to its end before a row of it is taken in.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is no XML, declares a document type or entities, or holds no alert of version 1.2.
    """
    deque(_parsed(path), maxlen=0)


def cap_rows(path: Path) -> Iterator[Row]:
    """Yield the line on which an area ends, its fields as written, and its cells or why they cannot be used."""
    for line, fields in _parsed(path):
        row = [f"{name}: {value}" for name, value in fields.items()]
        try:
            yield line, row, checked_cells(fields.items())
        except RowError as fault:
            yield line, row, fault


class _Areas(ContentHandler):
    """Collect the fields of each area as the parser meets them."""

    def __init__(self, line: Callable[[], int | None]) -> None:
        super().__init__()
        self._line = line
        self.ready: list[tuple[int, dict[str, str]]] = []
        self.n_alerts = 0
        self._fields: dict[str, dict[str, str]] = {_ALERT: {}, _INFO: {}, _AREA: {}}
        self._open: list[str] = []
        self._text: list[str] = []
        self._n_characters = self._n_areas = 0

    def taken(self) -> list[tuple[int, dict[str, str]]]:
        """Return the areas that are ready, and forget them."""
        ready, self.ready = self.ready, []
        return ready

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the parser's name
        """Enter an element."""
        bare = name.rpartition(":")[2]
        self._open.append(bare)
        self._text, self._n_characters = [], 0
        if bare in self._fields:
            self._fields[bare] = {}
        if bare == _ALERT and tables()[CAP]["namespace"] in (value for _, value in attrs.items()):
            self.n_alerts += 1
        elif bare == _INFO:
            self._n_areas = 0

    def characters(self, content: str) -> None:
        """Keep the text of an element, one letter more than the limit at most."""
        room = tables()["limits"]["cell_characters"] + 1 - self._n_characters
        if room > 0:
            self._text.append(content[:room])
            self._n_characters += len(content)

    def endElement(self, _name: str) -> None:  # noqa: N802 - the parser's name
        """Leave an element: a field is kept, an area is a row."""
        bare = self._open.pop()
        level = self._open[-1] if self._open else ""
        if level in self._fields and bare in tables()[CAP][level]:
            text, fields = "".join(self._text), self._fields[level]
            fields[bare] = f"{fields[bare]}{_BETWEEN_SHAPES}{text}" if bare in _SHAPES and bare in fields else text
        elif bare == _AREA or (bare == _INFO and not self._n_areas):
            self._n_areas += 1
            area = self._fields[_AREA] if bare == _AREA else {}
            self.ready.append((self._line() or 0, {**self._fields[_ALERT], **self._fields[_INFO], **area}))
        self._text = []


def _parsed(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    parser = make_parser()
    areas = _Areas(parser.getLineNumber)
    parser.forbid_dtd = True
    parser.setContentHandler(areas)
    try:
        with opened(path) as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
                yield from areas.taken()
        parser.close()
    except DefusedXmlException:
        raise SkyShieldError(str(path), "declares a document type or entities", "give plain CAP 1.2 without") from None
    except SAXParseException as error:
        raise SkyShieldError(f"{path}: line {error.getLineNumber()}", f"is not XML ({error.getMessage()})",
                             "mend the file") from None
    except (ValueError, LookupError) as error:
        raise SkyShieldError(str(path), f"is in an encoding that is not read ({error})", "save it as UTF-8") from None
    yield from areas.taken()
    if not areas.n_alerts:
        raise SkyShieldError(str(path), "holds no alert of CAP 1.2", "give such alerts, or a table with a known header")


def read_cap(cells: Mapping[str, str], context: Context) -> Observation:
    """Return the observation of an area: from its onset, else when it took effect or was sent, to its expiry.

    Raises
    ------
    RowError
        What is wrong with it.
    """
    name = next((name for name in ("onset", "effective") if cells.get(name)), "sent")
    start = moment(name, cells.get(name, ""), context.zone)
    expires = moment("expires", cells["expires"], context.zone).time_s if cells.get("expires") else None
    time_s, end_s, error_s, flags = window(context, start, expires, None, dated=True)
    lon, lat, error_m = _place(cells)
    status = optional_code(cells, "status", tables()[CAP]["statuses"])
    if status is None:
        raise RowError(Code.CODE_UNKNOWN, "status", "is empty")
    exercise, actual = tables()[CAP]["exercise"], tables()[CAP]["statuses"][0]
    return Observation(
        source=context.source, time_s=time_s, time_end_s=end_s, time_error_s=error_s, lon=lon, lat=lat,
        position_error_m=error_m, method="reported", exercise=status == exercise, record_id=cells.get("identifier"),
        observer=cells.get("sender"), flags=flags if status in (actual, exercise) else (*flags, NOT_ACTUAL),
        text="; ".join(f"{key}: {value}" for key, value in cells.items() if key not in _USED) or None)


def _place(cells: Mapping[str, str]) -> Place:
    """Return the smallest circle about the polygons and circles of an area, or about what its description names."""
    from shapely import MultiPoint, Point, union_all

    shapes: list[BaseGeometry] = []
    for text in filter(None, map(str.strip, cells.get("polygon", "").split(_BETWEEN_SHAPES))):
        points = [_point("polygon", pair) for pair in text.split()]
        shapes.append(MultiPoint(list(zip(*to_plane(*zip(*points, strict=True)), strict=True))))
    for text in filter(None, map(str.strip, cells.get("circle", "").split(_BETWEEN_SHAPES))):
        pair, _, radius = text.partition(" ")
        lon, lat = _point("circle", pair)
        x_m, y_m = to_plane(lon, lat)
        limit_km = tables()["limits"]["distance_m"] / METRES_PER_KM
        shapes.append(Point(float(x_m), float(y_m)).buffer(number("circle", radius, 0, limit_km) * METRES_PER_KM))
    named = place_of(cells.get("areaDesc", ""))
    if not shapes and named is None:
        raise RowError(Code.CODE_UNKNOWN, "areaDesc", f"is {shown(cells.get('areaDesc', ''))}, and no polygon or "
                       "circle says where that is")
    return about(union_all(shapes)) if shapes or named is None else named


def _point(column: str, pair: str) -> tuple[float, float]:
    lat, _, lon = pair.partition(",")
    return position(column, lon, column, lat)
