"""What options risk: war renewed, violations, incidents by treaty, and what the hazard ratios would do."""

from typing import Any

from skyshield.report.guarantees.folding import folded, phases_of, section
from skyshield.report.reading import Reading
from skyshield.report.rows import Move, moves
from skyshield.report.sections.incidents_in_full import INCIDENTS
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number, span
from skyshield.rules.legal import load_legal
from skyshield.strategy.exposure import laws

HAZARD = "log_hazard_ratio_"
KINDS = {"crossing_poland": "Crossings into Poland", "crossing_romania": "Into Romania",
         "debris_built_up": "Debris on towns in Ukraine",
         "base_struck_in_member_state": "Bases struck", "people_struck_in_ukraine": "Crews struck in Ukraine",
         "soldiers_struck_in_ukraine": "Soldiers struck"}
_TINY = 5e-4  # incidents a period below which a difference is not told


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    moved = _moved(reading)
    before = [_days_words(reading), "The hazard ratios stand at “no effect” in the headline: no option makes "
              "renewed war more or less likely, so that no result rests on an effect that is only asserted."]
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


def _days_words(reading: Reading) -> str:
    """Say how many days of war and of violations there are: one number where all options have the same."""
    phases = {one["phase"]: one["options"] for one in phases_of(reading)}
    parts = []
    for words, rows, column in (("war", reading.summaries, "war_days"),
                                ("of it renewed", phases.get("collapse"), "war_days"),
                                ("violations", reading.summaries, "violation_days")):
        if rows is not None:
            values = [rows[name][column]["mean"] or 0.0 for name in reading.ordered]
            parts.append(f"{words} {span(min(values), max(values))}")
    return f"Days in {reading.days} days, over all options: {', '.join(parts)}."


def _table(reading: Reading) -> Table | None:
    cells: dict[str, tuple[Cell, ...]] = {name: tuple(
        NOTHING if abs(value := reading.comparison.rows[name][INCIDENTS + kind]["delta"] or 0.0) < _TINY
        else number(value) for kind in KINDS) for name in reading.ordered}
    if not cells:
        return None
    return Table("at-risk-table", f"Incidents in {reading.days} days, expected number, difference to "
                 f"“{reading.baseline}”, with their standing under Article 6 of the North Atlantic Treaty",
                 ("Option", *(f"{words} ({_standing(kind)})" for kind, words in KINDS.items())),
                 folded(reading, cells), numeric=True, note="Kinds overlap and are not added up. Most rates are "
                 "assumptions.")


def _standing(kind: str) -> str:
    """Say whether Article 6 names where an incident of a kind falls."""
    place = next((one for one in load_legal().kinds if one.kind == kind), None)
    if place is None:
        return laws()["in_ukraine"].article_6
    return "inside" if place.article_6 else "outside"
