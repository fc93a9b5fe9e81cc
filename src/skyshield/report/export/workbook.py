"""The workbook: a first sheet that says what it is, and a sheet for each table, numbers as numbers."""

import datetime as dt
import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skyshield.report.export import tables
from skyshield.report.export.answer import answer_of
from skyshield.report.export.table import DataTable
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

ABOUT = "about"
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
_THOUSAND = 1000.0
_NARROW, _WIDE, _PROSE = 9, 44, 110
_A4 = 9  # as the file format numbers it
_SAMPLE = 400  # rows that a column's width goes by
_WARNING, _HEAD = "#E69F00", "#DDDDDD"


def workbook(view: StudyView) -> bytes:
    """Return a study as one Excel file; the same study gives the same bytes."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                   "strings_to_numbers": False, "nan_inf_to_errors": False}) as book:
        book.set_properties({"title": view.scenario.title, "subject": view.scenario.question, "created": _CREATED,
                             "author": "SkyShield", "comments": f"study {view.manifest['study_key']}"})
        formats = {name: book.add_format(how) for name, how in _FORMATS.items()}
        first = book.add_worksheet(ABOUT)
        made = tables.make(view, tables.SHEETS)
        for table in made:
            _sheet(book.add_worksheet(table.name), table, formats)
        _about(first, view, made, formats)
    return out.getvalue()


_FORMATS: Mapping[str, dict[str, Any]] = {
    "head": {"bold": True, "bg_color": _HEAD, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16}, "bold": {"bold": True, "valign": "top"},
    "plain": {"text_wrap": True, "valign": "top"},
    "warning": {"text_wrap": True, "valign": "top", "bg_color": _WARNING},
    "thousands": {"num_format": "#,##0"}, "number": {"num_format": "General"}}


def _sheet(sheet: "Worksheet", table: DataTable, formats: Mapping[str, Any]) -> None:
    """Write a table: frozen head, filters, widths by content."""
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    _page(sheet)
    sheet.autofilter(0, 0, max(1, len(table.frame)), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, formats["head"])
        sheet.write_comment(0, place, f"{column.description}{f' ({column.unit})' if column.unit else ''}.",
                            {"author": ""})
        values = table.frame[column.name].tolist()
        longest = max([len(column.name) + 3, *(len(_shown(value)) for value in values[:_SAMPLE])])
        sheet.set_column(place, place, min(max(longest, _NARROW), _WIDE))
        for row, value in enumerate(values, 1):
            _cell(sheet, row, place, value, formats)


def _page(sheet: "Worksheet") -> None:
    """Print a sheet as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def _cell(sheet: "Worksheet", row: int, place: int, value: Any, formats: Mapping[str, Any]) -> None:
    """Write a value as what it is; nothing where it is missing."""
    if _is_missing(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, formats["thousands" if abs(value) >= _THOUSAND else "number"])
    else:
        sheet.write_string(row, place, str(value))


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


def _shown(value: Any) -> str:
    return "" if _is_missing(value) else f"{value:,.0f}" if isinstance(value, float) and abs(value) >= _THOUSAND else (
        str(value))


def _about(sheet: "Worksheet", view: StudyView, made: list[DataTable], formats: Mapping[str, Any]) -> None:
    """Write the first sheet: title, question, answer, what must be said, what each sheet is, what it cannot claim."""
    answer = answer_of(view)
    sheet.hide_gridlines(2)
    _page(sheet)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, _PROSE)
    row = 0

    def line(head: str, text: str, how: str = "plain") -> None:
        nonlocal row
        sheet.write_string(row, 0, head, formats["bold"])
        sheet.write_string(row, 1, text, formats[how])
        sheet.set_row(row, 15.0 * max(1, math.ceil(len(text) / _PROSE)))
        row += 1

    sheet.write_string(row, 0, answer.title, formats["title"])
    row += 1
    line("Question", answer.question)
    line("Answer", answer.sentence)
    line("Played", answer.played)
    for words in answer.conditions:
        line("Depends on", words)
    for mark in answer.marks:
        line("Must be said", mark, "warning")
    row += 1
    for table in made:
        line(table.name, f"{table.title}. {table.description}.")
    line("Units", "Numbers are never scaled: money in EUR, all else in the unit that its row or its column's comment "
         "names. lo and hi are 95% of the expected outcome, spread_lo and spread_hi 95% of single periods.")
    row += 1
    for limit in answer.every_limit:
        line("Cannot be claimed", limit)
    row += 1
    line("Source", answer.source)
    line("Study key", view.manifest["study_key"])
