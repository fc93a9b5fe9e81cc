"""What options risk: war renewed, violations, incidents by treaty, and what the hazard ratios would do."""

from typing import Any

from skyshield.report.guarantees.folding import folded, phases_of, section
from skyshield.report.reading import Reading
from skyshield.report.sections.incidents_in_full import INCIDENTS
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number, span
from skyshield.rules.legal import load_legal
from skyshield.strategy.exposure import laws
from skyshield.study.plan import ENDS

HAZARD = "log_hazard_ratio_"
KINDS = {"crossing_romania": "Crossings into Romania", "debris_built_up": "Debris on towns in Ukraine",
         "base_struck_in_member_state": "Bases struck", "people_struck_in_ukraine": "Crews struck in Ukraine",
         "soldiers_struck_in_ukraine": "Soldiers struck"}
_MUCH = 0.5  # of the most that a ratio changes any option
_TINY = 5e-4  # incidents a period below which a difference is not told


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    before = [_days_words(reading), "The hazard ratios stand at “no effect” in the headline: no option makes renewed "
              "war more or less likely, so that no result rests on an effect that is only asserted."]
    return section(before=before, tables=[_ratios(reading), _table(reading)], in_full="incidents-in-full")


def _ratios(reading: Reading) -> Table | None:
    """Return what each hazard ratio at its ends makes of the first option that it changes much; None if none does."""
    ends: dict[str, dict[str, int]] = {}
    for one in reading.view.moves:
        for name in one.values:
            if name.startswith(HAZARD):
                ends.setdefault(name, {})[one.end] = one.arm
    rows: list[tuple[Cell, ...]] = []
    for name, arms in ends.items():
        shifts = {option: max(_shift(reading, option, arm) for arm in arms.values()) for option in reading.ordered}
        most = max(shifts.values())
        if most > 0.0:
            option = next(one for one, shift in shifts.items() if shift >= _MUCH * most)
            told = reading.view.arms[option]
            rows.append((name.removeprefix(HAZARD).capitalize(), reading.shorts[option],
                         *(number(told[arms[end]]["delta"]) if end in arms else number(told[0]["delta"])
                           for end in ENDS), number(told[0]["delta"])))
    if not rows:
        return None
    return Table("hazard", "If guarantees move the hazard of renewed war: armed threats kept from their aims in the "
                 f"area with a ratio at its ends, {reading.measured}",
                 ("Ratio of", "Option", "Low end: less war", "High end", "Headline"), tuple(rows), numeric=True,
                 note="Threats that are never launched count as kept. Of the options that a ratio changes, the first.")


def _shift(reading: Reading, option: str, arm: int) -> float:
    rows = reading.view.arms[option]
    return float(abs((rows[arm]["delta"] or 0.0) - (rows[0]["delta"] or 0.0)))


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
