"""The Frictionless data package: what each table is, and name, type, unit and meaning of each of its columns."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_json
from skyshield.report.export.table import Column, DataTable
from skyshield.report.limits import holding
from skyshield.report.reading import Reading
from skyshield.study.view import StudyView
from skyshield.version import VERSION

DESCRIPTOR = "datapackage.json"
CSV, PARQUET, GEOJSON = "csv", "parquet", "geojson"
_MEDIA = {CSV: "text/csv", PARQUET: "application/vnd.apache.parquet", GEOJSON: "application/geo+json"}
_LICENCE = {"name": "Apache-2.0", "title": "Apache License 2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"}
_PLAIN = {"type": "file", "profile": "data-resource"}
_GENERATOR = "skyshield"


def field(column: Column) -> dict[str, str]:
    """Return a column as a field of a table schema.

    Examples
    --------
    >>> field(Column("cost_eur", "number", "Cost", "What it costs", "EUR"))["unit"]
    'EUR'
    """
    described = {"name": column.name, "type": column.type, "title": column.title, "description": column.description}
    return {**described, "unit": column.unit} if column.unit else described


def resource(table: DataTable, path: str, kind: str, content: bytes) -> dict[str, Any]:
    """Return a table in a file as a resource; Parquet has a schema, and its bytes alone are checked."""
    tabular = {"type": "table", "profile": "tabular-data-resource", "encoding": "utf-8"} if kind == CSV else _PLAIN
    return {"name": table.name.replace("_", "-"), "path": path, "title": table.title, "description": table.description,
            **tabular, **_file(kind, content), "schema": {"fields": [field(column) for column in table.columns]}}


def plain_resource(name: str, path: str, title: str, description: str, kind: str, content: bytes) -> dict[str, Any]:
    """Return a file that holds no table as a resource."""
    return {"name": name, "path": path, "title": title, "description": description, **_PLAIN, **_file(kind, content)}


def _file(kind: str, content: bytes) -> dict[str, Any]:
    return {"format": kind, "mediatype": _MEDIA[kind], "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def descriptor(view: StudyView, made_for: str | None, resources: Sequence[Mapping[str, Any]]) -> bytes:
    """Return ``datapackage.json`` of a study's tables.

    Parameters
    ----------
    view
        The study.
    made_for
        Name of the file that it was written beside, by which it is known again; None inside an archive.
    resources
        What it describes.
    """
    scenario, key = view.scenario, view.manifest["study_key"]
    content = {
        "profile": "data-package", "name": f"{_GENERATOR}-{scenario.name.replace('_', '-')}-{key[:12]}",
        "title": scenario.title, "description": scenario.question, "version": VERSION, "licenses": [_LICENCE],
        "sources": _sources(view), "resources": list(resources),
        "generator": {"name": _GENERATOR, "version": VERSION, "study_key": key,
                      **({} if made_for is None else {"made_for": made_for})},
        "must_be_said": view.marks, "cannot_be_claimed": holding(Reading(view))}
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _sources(view: StudyView) -> list[dict[str, str]]:
    """Return the sources of the numbers used, the record first."""
    used = {key: None for name in sorted(view.parameters) if name in view.catalogue
            for key in view.catalogue[name].source}
    record = f"{view.fit.source}; record of raids, {view.fit.window[0]} to {view.fit.window[1]}"
    return [{"title": record}, *({"title": view.catalogue.sources[key].citation} for key in used)]


def check_name(folder: Path, made_for: str) -> None:
    """Refuse to replace a descriptor that is not this program's own for the same file.

    Raises
    ------
    SkyShieldError
        If there is one.
    """
    path = folder / DESCRIPTOR
    if not path.exists():
        return
    try:
        content = read_json(path)
        generator = content.get("generator") if isinstance(content, dict) else None
    except SkyShieldError:
        generator = None
    ours = isinstance(generator, dict) and generator.get("name") == _GENERATOR
    if not ours or generator.get("made_for") != made_for:  # type: ignore[union-attr]
        what = f"describes {generator.get('made_for')}" if ours else "is not this program's"  # type: ignore[union-attr]
        raise SkyShieldError(str(path), f"is there already and {what}, and {made_for} needs one of its own beside it",
                             "choose another folder, or export a .zip, which holds all tables and describes them")
