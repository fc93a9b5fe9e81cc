"""Incidents and people, in short: what the first option puts at risk, and what no figure here can claim."""

from typing import Any

from skyshield.report.alike import alike, label_of
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.sections.incidents_in_full import (
    CASUALTIES,
    INCIDENTS,
    counted,
    incident_table,
    kind_label,
    percent,
)
from skyshield.report.svg import Figure
from skyshield.report.tables import Table, with_interval
from skyshield.report.text import number
from skyshield.rules.legal import load_legal
from skyshield.study.clauses import columns_of
from skyshield.study.summary import MASS_EVENT

_MOST_KINDS = 3
_EXPOSED = "people_exposed_h"
_CHANCE = ("p_any", "p_any_env_lo", "p_any_env_hi")


def make(reading: Reading) -> dict[str, Any]:
    """Return the section; with nothing counted it says so."""
    if not counted() or reading.lead is None:
        return {"counted": counted(), "figure": None, "table": None, "exposed": ""}
    return {"counted": True, "figure": _figure(reading) if columns_of(CASUALTIES) else None,
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
    return Table("incidents-in-short", f"{reading.labels[lead]}: the kinds of incident that it changes most, expected "
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
    return (f"“{reading.labels[lead]}” has people of the coalition over and on Ukraine for {hours} person-hours in "
            f"{reading.days} days.")


def _figure(reading: Reading) -> Figure:
    """Draw the share of periods with any casualty of the coalition, options alike in one row."""
    of = {name: reading.summaries[name][CASUALTIES] for name in reading.ordered}
    aid = {name for name, option in reading.options.items() if option.role == "aid"}
    groups = alike(reading.ordered, lambda a, b: (a in aid) == (b in aid) and all(
        number(of[a].get(key)) == number(of[b].get(key)) for key in _CHANCE))
    rows = []
    for group in groups:
        row = of[group[0]]
        shown = {"mean": row["p_any"], "lo": None, "hi": None, "mcse": None, "env_lo": row["p_any_env_lo"],
                 "env_hi": row["p_any_env_hi"]}
        rows.append(Row(label_of(group, reading.labels, aid), reading.colours[group[0]], shown, "mean", percent=True))
    most = max(of, key=lambda name: of[name]["p_any"] or 0.0)
    upper = of[most]["p_any_env_hi"]
    doubt = "" if upper is None else f", up to {percent(upper)} within what nobody knows"
    return intervals("figure-casualties", rows,
                     f"“{reading.labels[most]}” has casualties of the coalition in {percent(of[most]['p_any'])} of "
                     f"periods{doubt}",
                     f"Share of periods of {reading.days} days in which anybody of the coalition is hurt or killed; a "
                     f"mass event, {MASS_EVENT} or more at once, counts once")
