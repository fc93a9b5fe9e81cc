"""The formats of files that can be taken in, and how one is told from its header."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.cap import CAP, cap_rows, check_cap, is_xml, read_cap
from skyshield.monitoring.ingest.context import Context
from skyshield.monitoring.ingest.geojson import GEOJSON, check_geojson, geojson_rows, is_json, read_geojson
from skyshield.monitoring.ingest.native import check_columns, read_native
from skyshield.monitoring.ingest.osce import OSCE, read_osce
from skyshield.monitoring.ingest.public import read_acled, read_alert, read_firms, read_raid, read_ucdp
from skyshield.monitoring.ingest.stream import Block, Row, read_blocks, read_header
from skyshield.monitoring.observation.model import Observation, tables

NATIVE, RAIDS = "native", "raids"
READERS: Mapping[str, Callable[[Mapping[str, str], Context], Observation]] = {
    NATIVE: read_native, "ucdp": read_ucdp, "acled": read_acled, RAIDS: read_raid, "alerts": read_alert,
    "firms": read_firms, CAP: read_cap, OSCE: read_osce, GEOJSON: read_geojson}
_TABLES = tuple(name for name in READERS if name not in (CAP, GEOJSON))


def parts_of(path: Path, asked: str | None) -> tuple[str, tuple[str, ...], Iterator[Block | list[Row]]]:
    """Return the format of a file, its columns if it is a table, and its rows in parts, read as they are asked for.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is refused whole.
    """
    if is_xml(path):
        if asked not in (None, CAP):
            raise SkyShieldError(str(path), f"is XML, not {asked}", "leave --format out")
        check_cap(path)
        return CAP, (), _in_parts(cap_rows(path))
    if asked == CAP:
        raise SkyShieldError(str(path), "is not XML", "give alerts of CAP 1.2, or leave --format out")
    if is_json(path):
        if asked not in (None, GEOJSON):
            raise SkyShieldError(str(path), f"is JSON, not {asked}", "leave --format out")
        check_geojson(path)
        return GEOJSON, (), _in_parts(geojson_rows(path))
    if asked == GEOJSON:
        raise SkyShieldError(str(path), "is not JSON", "give a FeatureCollection of GeoJSON, or leave --format out")
    columns = read_header(path)
    return format_of(str(path), columns, asked), columns, read_blocks(path, columns)


def _in_parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while part := list(itertools.islice(rows, tables()["limits"]["batch_rows"])):
        yield part


def format_of(where: str, columns: tuple[str, ...], asked: str | None) -> str:
    """Return the format of a file by its header, or the one asked for if the header is its.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the header is not that of the format asked for; without one asked for, if the header is
        that of no format or of several. Also if a column has no name or a name stands twice.

    Examples
    --------
    >>> format_of("x.csv", ("region", "started_at", "finished_at", "n_subalerts"), None)
    'alerts'
    """
    fitting = [name for name in _TABLES if set(tables()[name]["header"]) <= set(columns)]
    if asked is not None and asked not in fitting:
        lacking = [name for name in tables()[asked]["header"] if name not in columns]
        raise SkyShieldError(f"{where}: header", f"lacks {', '.join(lacking)} of the format {asked}",
                             "name the columns in the first line, between commas")
    if not fitting:
        raise SkyShieldError(f"{where}: header", "is that of no known format",
                             f"the first line of an observation file names: {', '.join(tables()[NATIVE]['header'])}")
    if asked is None and len(fitting) > 1:
        raise SkyShieldError(f"{where}: header", f"is that of {' and of '.join(fitting)}", "say which with --format")
    found = asked or fitting[0]
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice is not None or "" in columns:
        raise SkyShieldError(f"{where}: header", f"names {twice!r} twice" if twice else "has a column without a name",
                             "give each column a name of its own")
    if found == NATIVE:
        check_columns(where, columns)
    return found
