"""Which ending of a file is which format, and what writes it.

A new format is one line of `FORMATS` and a writer: a function from the study and the file's name to the contents of the
files it makes, by name, the named one first. Files beside the named one lie in its folder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.template import DOCUMENT, PRESENTATION, TemplateKind
from skyshield.study.view import StudyView


@dataclass(frozen=True)
class Order:
    """What is to be written.

    Attributes
    ----------
    view
        The study, compared with the option asked for.
    out
        The file.
    template
        Bytes of the user's own template, where one is given.
    """

    view: StudyView
    out: Path
    template: bytes | None = None


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    what
        What the file is, in words.
    write
        Returns the contents of the files by name.
    template
        The kind of template it takes; None if it takes none.
    described
        Whether a ``datapackage.json`` stands beside the file.
    """

    what: str
    write: Callable[[Order], Mapping[str, bytes]]
    template: TemplateKind | None = None
    described: bool = False


def _workbook(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.workbook import workbook

    return {order.out.name: workbook(order.view)}


def _csv(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.flat import csv

    return csv(order.view, order.out.name)


def _parquet(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.flat import parquet

    return parquet(order.view, order.out.name)


def _package(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.flat import package

    return package(order.view, order.out.name)


def _zones(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.zones import zones

    return {order.out.name: zones(order.view)}


def _document(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.word import document

    return {order.out.name: document(order.view, order.template)}


def _slides(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.slides import slides

    return {order.out.name: slides(order.view, order.template)}


def _png(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.pictures import pictures

    return pictures(order.view, order.out, "png")


def _svg(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.pictures import pictures

    return pictures(order.view, order.out, "svg")


def _notebook(order: Order) -> Mapping[str, bytes]:
    from skyshield.report.export.notebook import notebook

    return {order.out.name: notebook(order.view, order.out)}


FORMATS: Mapping[str, Format] = {
    "xlsx": Format("a workbook, a sheet for each table", _workbook),
    "csv": Format("all results in one table", _csv, described=True),
    "parquet": Format("totals of every replication", _parquet, described=True),
    "zip": Format("all tables, totals and zones", _package),
    "geojson": Format("the zones", _zones),
    "png": Format("every chart at slide size", _png), "svg": Format("every chart at slide size", _svg),
    "docx": Format("the answer as a document", _document, DOCUMENT),
    "pptx": Format("the answer as slides", _slides, PRESENTATION),
    "ipynb": Format("a notebook that opens the study", _notebook)}


def format_of(out: Path) -> str:
    """Return the name of the format that a file's ending asks for.

    Raises
    ------
    SkyShieldError
        If there is no such format.

    Examples
    --------
    >>> format_of(Path("study/Tables.XLSX"))
    'xlsx'
    """
    ending = out.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        what = f"has the ending .{ending}, which is no format" if ending else "has no ending, which names the format"
        raise SkyShieldError(str(out), what, f"use one of {', '.join(f'.{name}' for name in FORMATS)}")
    return ending


def with_template() -> str:
    """Return the endings of the formats that take a template.

    Examples
    --------
    >>> with_template()
    '.docx or .pptx'
    """
    return " or ".join(f".{name}" for name, one in FORMATS.items() if one.template is not None)
