"""For the annex: who dominates whom, every phase, every measure of the interests, and what each option needs."""

from typing import Any

from skyshield.catalogue import measure_of
from skyshield.report.guarantees import prevented
from skyshield.report.guarantees.folding import folded, phase_label, section
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import below
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import NOTHING, listing, number
from skyshield.strategy.feasible import WORDS
from skyshield.strategy.interests import days_by_phase, load_interests
from skyshield.strategy.reading import label_of
from skyshield.study.told import is_zero

_MILLION = 1e6


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None of a study without a page of the guarantees."""
    if not reading.has_guarantees:
        return None
    return section(tables=[_dominated(reading), *prevented.tables(reading), _launched(reading), *_interests(reading),
                           _needs(reading)])


def _dominated(reading: Reading) -> Table | None:
    rows = [(reading.shorts[name], listing([reading.shorts[one] for one in by]))
            for name, by in reading.view.dominated.items() if name in reading.shorts]
    if not rows:
        return None
    return Table("dominated", "Dominated options", ("Option", "By"), tuple(rows), note="Worse in the area and in the "
                 "country: the 95% interval of the difference lies below zero in every arm. In the arms with all "
                 "unknowns together each option meets the cheapest and the strongest of those that beat it everywhere "
                 "else, so more may dominate it than are named.")


def _launched(reading: Reading) -> Table | None:
    """Return how many threats are launched on a day of each phase: options that shoot move it by what they provoke."""
    if not reading.view.phases:
        return None
    days = days_by_phase(reading.view)
    cells: dict[str, tuple[Cell, ...]] = {name: tuple(
        number((one["options"][name]["launched"]["mean"] or 0.0) / lasts) if (lasts := days[one["phase"]][name])
        else NOTHING for one in reading.view.phases) for name in (reading.comparison.to, *reading.ordered)}
    return Table("launched-by-day", "Threats launched on a day of each phase, means", (
        "Option", *(phase_label(one["phase"]) for one in reading.view.phases)), folded(reading, cells), numeric=True,
        note="Whoever is at war on a day meets the same raids; means differ where options are at war on other days.")


def _interests(reading: Reading) -> list[Table]:
    """Return by interest options × measures: the difference over the whole period with its interval."""
    labels = {interest.name: interest.label for interest in reading.theatre.interests}
    tables = []
    for one in load_interests():
        columns = [column for column, _ in one.measures]
        level: tuple[Cell, ...] = tuple(_cell(reading.summaries[reading.comparison.to][column], column, "mean")
                                        for column in columns)
        cells: dict[str, tuple[Cell, ...]] = {name: tuple(
            _cell(reading.comparison.rows[name][column], column, "delta") for column in columns)
            for name in reading.ordered}
        tables.append(Table(
            f"interest-{one.name}", f"{labels[one.name]}: the level with “{reading.shorts[reading.comparison.to]}” in "
            f"{reading.days} days, then differences to it on the same raids, 95% of the expected outcome below",
            ("Option", *(f"{label_of(column)} ({measure_of(column).shown})" for column in columns)),
            ((f"{reading.shorts[reading.comparison.to]}, level", *level), *folded(reading, cells)), numeric=True))
    return tables


def _cell(row: dict[str, Any], column: str, middle: str) -> Cell:
    return NOTHING if is_zero(row) else below(with_interval(row, column, middle))


def _needs(reading: Reading) -> Table | None:
    rows: list[tuple[Cell, ...]] = []
    for name in reading.ordered:
        for capability, one in reading.feasible[name]["capabilities"].items():
            scale = _MILLION if capability == "money_eur_a_year" else 1.0
            unit = ", EUR million" if scale != 1.0 else ""
            high = "any number" if one["have_high"] is None else number(one["have_high"] / scale)
            rows.append((reading.shorts[name], f"{WORDS[capability]}{unit}",
                         f"{number(one['need_low'] / scale)} to {number(one['need_high'] / scale)}",
                         f"{number(one['have_low'] / scale)} to {high}", one["answer"]))
    if not rows:
        return None
    return Table("feasible", "What each option needs, and what the states behind it could give", (
        "Option", "Capability", "Needed", "There is", "Enough?"), tuple(rows), note="There is: from what states that "
        "have said yes give at the least to what all that have not refused give at the most. Grade K.")
