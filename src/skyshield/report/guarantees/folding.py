"""What the sections of the page share: names of phases, and one row for options with the same cells."""

from collections.abc import Mapping, Sequence
from typing import Any

from skyshield.report.reading import Reading
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING

PHASES = {"war": "War", "ceasefire": "Ceasefire", "violation": "Violations", "collapse": "War renewed",
          "in_a_few_years": "In a few years"}
Row = tuple[Cell, ...]


def section(before: Sequence[str] = (), drawn: Sequence[Any] = (), tables: Sequence[Table | None] = (),
            listed: Sequence[Cell] = (), after: Sequence[str] = (), in_full: str = "") -> dict[str, Any]:
    """Return what the page's template shows."""
    return {"before": list(before), "drawn": list(drawn), "tables": [one for one in tables if one is not None],
            "listed": list(listed), "after": list(after), "in_full": in_full}


def folded(reading: Reading, cells: Mapping[str, Row]) -> tuple[Row, ...]:
    """Return a row an option, those with the same cells in one; aid stays apart from forces."""
    groups: dict[tuple[bool, Row], list[str]] = {}
    for name, row in cells.items():
        groups.setdefault((reading.options[name].role == "aid", row), []).append(name)
    return tuple((joined([reading.shorts[name] for name in names]), *row) for (_, row), names in groups.items())


def joined(shorts: Sequence[str]) -> str:
    """Return the names of options that share a row.

    Examples
    --------
    >>> joined(["Ships"]), joined(["10,000 soldiers", "15,000 soldiers"])
    ('Ships', '10,000 soldiers; 15,000 soldiers')
    """
    return "; ".join(shorts)


def phases_of(reading: Reading) -> list[dict[str, Any]]:
    """Return the phases of a study, the whole period alone where there is but one."""
    if reading.view.phases:
        return reading.view.phases
    return [{"phase": reading.scenario.phases[0].name, "options": reading.summaries,
             "paired": reading.comparison.rows}]


def phase_order(phases: Sequence[Mapping[str, Any]]) -> str:
    """Return the names of phases as heads of cells that hold a number for each, as `together` writes them."""
    return "/".join(phase_label(one["phase"]).lower() for one in phases)


def together(values: Sequence[str]) -> str:
    """Return numbers in one cell, a dash where none of them is there.

    Examples
    --------
    >>> together(["1.2", "–", "3"]), together(["–", "–"])
    ('1.2/–/3', '–')
    """
    return NOTHING if all(value == NOTHING for value in values) else "/".join(values)


def phase_label(name: str) -> str:
    """Return the name of a phase in a table."""
    return PHASES[name]
