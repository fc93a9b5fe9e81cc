"""The five interests with and without each option by phase, and what each group of countries gains."""

from typing import Any

from markupsafe import Markup

from skyshield.catalogue import measure_of
from skyshield.report.guarantees.folding import folded, phase_order, phases_of, section, together
from skyshield.report.reading import Reading
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number
from skyshield.strategy.interests import load_interests
from skyshield.strategy.ledgers import load_beneficiaries
from skyshield.strategy.reading import label_of
from skyshield.study.told import error_of, is_zero, scaled_row

# Of each interest the measure that the page tells; the crossings are those into Romania, where most of them are.
SHOWN = {"embassies": "alert_h_kyiv", "incursions": "incidents/crossing_romania", "travellers": "alert_h_corridors",
         "ports": "port_days", "energy": "outage_h"}
HEADS = {"embassies": "alert in Kyiv by night", "incursions": "crossings into Romania",
         "travellers": "alert on corridors by night", "ports": "work lost", "energy": "without power"}
_MOST = 3
_LEAST_SHARE = 0.01  # of the level, below which a change is not told


def make(reading: Reading) -> dict[str, Any]:
    """Return the section of the interests."""
    phases = phases_of(reading)
    labels = {interest.name: interest.label for interest in reading.theatre.interests}
    shown = [SHOWN[one.name] for one in load_interests()]
    without = tuple(together([number(_scaled(one["options"][reading.view.resolved.baseline][column]["mean"], column))
                              for one in phases]) for column in shown)
    cells: dict[str, tuple[Cell, ...]] = {name: tuple(together([
        _change(one["paired"][name][column]["delta"], one["options"][reading.view.resolved.baseline][column]["mean"],
                column) for one in phases]) for column in shown) for name in reading.ordered}
    heads = tuple(f"{labels[one.name]}: {HEADS[one.name]} ({measure_of(SHOWN[one.name]).shown})"
                  for one in load_interests())
    table = Table("five", f"First what the interests face with “{reading.baseline}”, then the change that an option "
                  f"makes; by phase: {phase_order(phases)}", ("Option", *heads),
                  ((f"“{reading.baseline}”, level", *without), *folded(reading, cells)), numeric=True, dense=True,
                  note="Below zero is a gain; a dash is less than 1% of the level. Damage that war left counts on in "
                       "a ceasefire until it is mended. Intervals and all measures: skyshield strategy ledgers.")
    return section(tables=[table])


def _scaled(value: float | None, column: str) -> float | None:
    return None if value is None else value / measure_of(column).scale


def _change(delta: float | None, level: float | None, column: str) -> str:
    """Return a change, a dash where it is less than one in a hundred of the level."""
    if delta is None or abs(delta) < _LEAST_SHARE * abs(level or 0.0) or delta == 0.0:
        return NOTHING
    return number(_scaled(delta, column))


def make_groups(reading: Reading) -> dict[str, Any]:
    """Return the section of the groups of countries."""
    table = load_beneficiaries()
    shown = _chosen(reading)
    groups: dict[str, list[str]] = {}
    for group in table.groups:
        for one in group.measures:
            groups.setdefault(one.measure, []).append(group.name.replace("_", " "))
    rows: list[tuple[Cell, ...]] = []
    for column, names in groups.items():
        cells = tuple(_cell(reading, name, column) for name in shown)
        rows.append((Markup("{} <small>({})</small>").format(label_of(column), measure_of(column).shown),
                     ", ".join(names), *cells))
    return section(tables=[Table(
        "gains", f"What other countries would gain, {reading.measured}; below zero is a gain", (
            "Measure", "Counts for", *(reading.shorts[name] for name in shown)), tuple(rows),
        note="Of each kind of option the one that keeps most from its aim in the country. All else: skyshield strategy "
             "ledgers.")])


def _cell(reading: Reading, name: str, column: str) -> Cell:
    row = scaled_row(reading.comparison.rows[name][column], measure_of(column).scale)
    return NOTHING if is_zero(row) else number(row["delta"], error=error_of(row))


def _chosen(reading: Reading) -> list[str]:
    """Return of each colour, that is of each kind of option, the one that keeps most from its aim."""
    best: dict[str, str] = {}
    rows = reading.comparison.rows
    for name in reading.ordered:
        colour = reading.colours[name]
        kept = rows[name]["prevented_armed"]["delta"] or 0.0
        if colour not in best or kept > (rows[best[colour]]["prevented_armed"]["delta"] or 0.0):
            best[colour] = name
    return list(best.values())[:_MOST]
