"""What options risk: war renewed, violations, incidents by treaty, and what the hazard ratios would do."""

from typing import Any

from skyshield.report.guarantees.folding import folded, phases_of, section
from skyshield.report.reading import Reading
from skyshield.report.rows import Move, moves
from skyshield.report.sections.incidents_in_full import INCIDENTS, kind_label
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number
from skyshield.rules.legal import load_legal
from skyshield.study.clauses import columns_of

HAZARD = "log_hazard_ratio_"
_DAYS = ("war_days", "violation_days")
_TINY = 5e-4  # incidents a period below which a difference is not told


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    moved = _moved(reading)
    before = ["The hazard ratios stand at “no effect” in the headline: no option makes renewed war more or less likely, "
              "so that no result rests on an effect that is only asserted."]
    if moved:
        before.append("The picture moves each ratio alone to its ends, for the option that it changes most.")
    figure = _figure(reading, moved) if moved else None
    return section(before=before, drawn=[figure] if figure else (), tables=[_table(reading)],
                   in_full="incidents-in-full")


def _moved(reading: Reading) -> list[tuple[str, int]]:
    """Return the arms that move a hazard ratio, and the option that each changes most."""
    found = []
    for one in reading.view.moves:
        if any(name.startswith(HAZARD) for name in one.values):
            name = max(reading.ordered, key=lambda option, arm=one.arm: _shift(reading, option, arm))
            if _shift(reading, name, one.arm) > 0.0:
                found.append((name, one.arm))
    return found


def _shift(reading: Reading, option: str, arm: int) -> float:
    rows = reading.view.arms[option]
    return abs((rows[arm]["delta"] or 0.0) - (rows[0]["delta"] or 0.0))


def _figure(reading: Reading, moved: list[tuple[str, int]]) -> Figure | None:
    """Draw where the ratios take the option that they change most."""
    name = max(moved, key=lambda one: _shift(reading, *one))[0]
    rows: dict[str, list[tuple[str, Any]]] = {}
    for one in reading.view.moves:
        if any(key.startswith(HAZARD) for key in one.values) and _shift(reading, name, one.arm) > 0.0:
            rows.setdefault(one.label, []).append((f"{one.end} end", reading.view.arms[name][one.arm]))
    headline = reading.view.arms[name][0]
    far = max((row["delta"] or 0.0 for of in rows.values() for _, row in of),
              key=lambda value: abs(value - (headline["delta"] or 0.0)))
    return moves("figure-guarantees-hazard", [Move(label, tuple(of)) for label, of in rows.items()], headline,
                 reading.colours[name], f"If guarantees move the hazard of renewed war, “{reading.shorts[name]}” keeps "
                 f"{number(far)} armed threats from their aims in the area instead of {number(headline['delta'])}",
                 f"Armed threats bound for the area kept from their aims, {reading.measured}; a threat that a longer "
                 "peace keeps from being launched counts as none")


def _table(reading: Reading) -> Table:
    renewed = next((one["options"] for one in phases_of(reading) if one["phase"] == "collapse"), None)
    cells: dict[str, tuple[Cell, ...]] = {}
    for name in reading.ordered:
        own = reading.summaries[name]
        back = NOTHING if renewed is None else number(renewed[name]["war_days"]["mean"])
        cells[name] = (*(number(own[column]["mean"]) for column in _DAYS[:1]), back, number(own[_DAYS[1]]["mean"]),
                       _changed(reading, name, True), _changed(reading, name, False))
    return Table("at-risk-table", f"Days of war and of violations in {reading.days} days, and the incident that each "
                 "option changes most, expected number by Article 6 of the North Atlantic Treaty",
                 ("Option", "Days of war", "Of it renewed", "Days of violations", "Incident inside Article 6",
                  "Incident outside it"), folded(reading, cells),
                 note="With no effect on the hazard the days are those of the baseline. Incidents: the difference to "
                      f"“{reading.baseline}” and its kind; kinds overlap and are not added up. Most rates are "
                      "assumptions.")


def _changed(reading: Reading, name: str, inside: bool) -> Cell:
    kinds = {place.kind for place in load_legal().kinds if bool(place.article_6) == inside}
    rows = reading.comparison.rows[name]
    there = [column for column in columns_of(INCIDENTS) if column.removeprefix(INCIDENTS) in kinds
             and abs(rows[column]["delta"] or 0.0) > _TINY]
    if not there:
        return NOTHING
    most = max(there, key=lambda column: abs(rows[column]["delta"]))
    return f"{number(rows[most]['delta'])}: {kind_label(most.removeprefix(INCIDENTS)).lower()}"


