"""CSV and Parquet with their descriptor, and the archive of all tables."""

import io
from typing import TYPE_CHECKING

from skyshield.report.export import played, results, tables
from skyshield.report.export.archive import archive
from skyshield.report.export.package import (
    CSV,
    DESCRIPTOR,
    GEOJSON,
    PARQUET,
    descriptor,
    plain_resource,
    resource,
)
from skyshield.report.export.table import INTEGER, NUMBER, DataTable, text_of
from skyshield.report.export.zones import zones
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    import pyarrow as pa

ZONES = "zones.geojson"


def csv(view: StudyView, name: str) -> dict[str, bytes]:
    """Return the long table of all results, and its descriptor."""
    table = results.results(view)
    content = text_of(table.frame).encode()
    return {name: content, DESCRIPTOR: descriptor(view, name, [resource(table, name, CSV, content)])}


def parquet(view: StudyView, name: str) -> dict[str, bytes]:
    """Return the totals of every replication, and their descriptor."""
    table = played.totals(view)
    content = parquet_bytes(table)
    return {name: content, DESCRIPTOR: descriptor(view, name, [resource(table, name, PARQUET, content)])}


def package(view: StudyView, name: str) -> dict[str, bytes]:
    """Return an archive of every table as CSV, the totals as Parquet, the zones, and what describes them."""
    members: list[tuple[str, bytes]] = []
    described = []
    for table in tables.make(view, tables.PACKAGED):
        path, content = f"{table.name}.csv", text_of(table.frame).encode()
        members.append((path, content))
        described.append(resource(table, path, CSV, content))
    table, path = played.totals(view), "totals.parquet"
    content = parquet_bytes(table)
    members += [(path, content), (ZONES, zones(view))]
    described += [resource(table, path, PARQUET, content),
                  plain_resource("zones", ZONES, "Zones", "The protected area and the zones of the options, WGS 84, "
                                 "coarse to 0.01 degree", GEOJSON, members[-1][1])]
    return {name: archive([(DESCRIPTOR, descriptor(view, None, described)), *members])}


def parquet_bytes(table: DataTable) -> bytes:
    """Return a table as Parquet: columns of their types, each with its unit and what it holds as metadata."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(_arrow(table), out, compression="zstd")
    return out.getvalue()


def _arrow(table: DataTable) -> "pa.Table":
    import pyarrow as pa

    types = {NUMBER: pa.float64(), INTEGER: pa.int64()}
    schema = pa.schema([pa.field(column.name, types.get(column.type, pa.string()), metadata={
        "unit": column.unit, "title": column.title}) for column in table.columns])
    return pa.Table.from_pandas(table.frame, schema=schema, preserve_index=False).replace_schema_metadata(
        {"title": table.title, "description": table.description})
