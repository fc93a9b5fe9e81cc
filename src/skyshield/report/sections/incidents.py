"""Incidents and people, in short: what the first option puts at risk, and what no figure here can claim."""

from typing import Any

from skyshield.report.reading import Reading
from skyshield.report.sections.incidents_in_full import (
    CASUALTIES,
    INCIDENTS,
    casualty_sentence,
    counted,
    incident_table,
    kind_label,
)
from skyshield.report.tables import Table, with_interval
from skyshield.rules.legal import load_legal
from skyshield.study.clauses import columns_of

_MOST_KINDS = 3
_EXPOSED = "people_exposed_h"


def make(reading: Reading) -> dict[str, Any]:
    """Return the section; with nothing counted it says so."""
    if not counted() or reading.lead is None:
        return {"counted": counted(), "casualties": "", "table": None, "exposed": ""}
    return {"counted": True, "casualties": casualty_sentence(reading) if columns_of(CASUALTIES) else "",
            "table": _table(reading, reading.lead), "exposed": _exposed(reading, reading.lead)}


def _table(reading: Reading, lead: str) -> Table | None:
    """Return the kinds of incident that the option changes most, with the law."""
    change = reading.comparison.rows[lead]
    moved = sorted((column for column in columns_of(INCIDENTS) if change[column]["delta"]),
                   key=lambda column: -abs(change[column]["delta"] or 0.0))[:_MOST_KINDS]
    if not moved:
        return None
    full = incident_table(reading.comparison, reading.summaries, lead, reading.labels, reading.days, load_legal(),
                          moved)
    return Table("incidents-in-short", f"{reading.shorts[lead]}: the kinds of incident that it changes most, expected "
                 f"number in {reading.days} days", full.head[:-1],
                 tuple((kind_label(column.removeprefix(INCIDENTS)), *row[1:-1])
                       for column, row in zip(moved, full.rows, strict=True)), numeric=True,
                 note="Inside: the place and what is hit are among those that the article names. Kinds overlap and are "
                      "not added up.")


def _exposed(reading: Reading, lead: str) -> str:
    """Say for how many hours people of the coalition are exposed."""
    if not columns_of(_EXPOSED):
        return ""
    hours = with_interval(reading.summaries[lead][_EXPOSED], _EXPOSED, "mean")
    return (f"“{reading.shorts[lead]}” has people of the coalition over and on Ukraine for {hours} person-hours in "
            f"{reading.days} days.")
