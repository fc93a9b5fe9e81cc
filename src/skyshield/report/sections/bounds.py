"""Bounds before simulation: what any zone in the rear could add at most, and whether each headline respects it."""

from typing import Any

from skyshield.bounds.yardsticks import DAYS_PER_YEAR, Yardstick, at_headline
from skyshield.report.alike import alike, label_of
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.sections.interests import lost
from skyshield.report.sections.yardsticks import Worked, worked_out
from skyshield.report.svg import BASELINE, Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import SOME, number, range_text
from skyshield.report.verdicts import NO_ZONE, READINGS
from skyshield.study.told import scaled_row

INSIDE, OUTSIDE = "inside", "outside"
STOPPED = "prevented_zone"  # what the leakers there are to prevent are held against: decoys too


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    worked = worked_out(reading)
    judged = worked.verdicts
    table = None if judged is None else _statuses(reading, judged.table)
    return {"days": worked.days, "own_sentence": worked.own_sentence, "own": range_text(worked.own),
            "all_leakers": range_text(worked.all_leakers, SOME),
            "outside": () if judged is None else judged.outside,
            "all_inside": table is not None and all(cell in (INSIDE, NO_ZONE) for row in table.rows
                                                     for cell in row[1:]),
            "table": table,
            "figure": _figure(reading, worked), "lost": lost(reading)[:1]}


def _statuses(reading: Reading, full: Table) -> Table:
    """Return what each yardstick says in a word, options of which all say the same in one row."""
    rows = dict(zip(reading.comparison.rows, full.rows, strict=True))
    words = {name: tuple(_first_word(cell) for cell in row[2:]) for name, row in rows.items()}
    aid = {name for name, option in reading.options.items() if option.role == "aid"}
    groups = alike(reading.ordered, lambda a, b: words[a] == words[b] and (a in aid) == (b in aid))
    return Table("yardsticks-in-short", "The headline of each option against three yardsticks",
                 ("Option", "Leakers there are to prevent", "Interests its rules leave", "Least cost of each"),
                 tuple((_names(reading, group, aid), *words[group[0]]) for group in groups))


def _names(reading: Reading, group: tuple[str, ...], aid: set[str]) -> str:
    if len(group) > 1 and set(group) <= aid:
        return label_of(group, reading.labels, aid).partition(":")[0]
    return "; ".join(reading.shorts[name] for name in group)


def _first_word(cell: Cell) -> str:
    """Return a verdict without its reasons."""
    for status in (INSIDE, OUTSIDE):
        if f">{status}<" in str(cell):
            return status
    return str(cell)


def _figure(reading: Reading, worked: Worked) -> Figure | None:
    """Draw the leakers there are to prevent in a year beside each headline taken to a year."""
    sticks = at_headline(worked.sticks)
    if not sticks or worked.days <= 0.0 or reading.lead is None:
        return None
    per_year = DAYS_PER_YEAR / worked.days
    rows = [Row(f"There to prevent: {READINGS[stick.key].lower()}", BASELINE, _as_row(stick)) for stick in sticks]
    for name in dict.fromkeys((reading.lead, reading.strongest or reading.lead)):
        row = reading.comparison.rows[name][STOPPED]
        row = {key: value for key, value in row.items() if key in ("delta", "lo", "hi", "mcse", "se", "reason")}
        rows.append(Row(reading.shorts[name], reading.colours[name], scaled_row(row, 1.0 / per_year)))
    lead = reading.comparison.rows[reading.lead][STOPPED]["delta"] or 0.0
    centres = [stick.per_year.central for stick in sticks if stick.per_year.central]
    shares = " or ".join(f"{number(100.0 * lead * per_year / centre)}%" for centre in centres)
    return intervals("figure-bounds", rows,
                     f"“{reading.shorts[reading.lead]}” prevents {shares} of the leakers there are to prevent, by how "
                     "the record is read",
                     "UAVs of the deep stream that get through in the whole country, and threats that the option and "
                     "the strongest one prevent in the protected area, decoys too; a year of war",
                     "The grey bars run from the lowest to the highest figure of a reading; the readings differ in how "
                     "they tell front-line traffic from the deep stream.")


def _as_row(stick: Yardstick) -> dict[str, float | None]:
    return {"delta": stick.per_year.central, "lo": stick.per_year.low, "hi": stick.per_year.high, "mcse": None}
