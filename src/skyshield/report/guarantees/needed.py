"""What options cost and need: money on both boundaries, aircraft, soldiers, ships, months until they are there."""

from collections.abc import Mapping
from typing import Any

from skyshield.report.guarantees.folding import folded, section
from skyshield.report.reading import Reading
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number, span

_MILLION, _DAYS_A_MONTH = 1e6, 365.0 / 12.0
_MONEY = ("planned_cost_eur", "planned_incremental_cost_eur")
_UNITS = (("fighters",), ("soldiers",), ("frigates", "minehunters"),
          ("irist_batteries", "nasams_batteries", "patriot_batteries"))


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    rows = reading.comparison.rows
    cells: dict[str, tuple[Cell, ...]] = {}
    for name in (one for one in reading.ordered if reading.options[one].role != "aid"):
        found = reading.feasible[name]
        cells[name] = (*(number(value / _MILLION) if (value := rows[name][column]["delta"]) else NOTHING
                         for column in _MONEY),
                       *(_units(found["capabilities"], kinds) for kinds in _UNITS))
    return section(tables=[Table(
        "needed-money", f"Money in {reading.days} days, EUR million, and what must be found", (
            "Option", "Planned", "Incremental", "Fighters", "Soldiers, with those who relieve them",
            "Ships", "Batteries"), folded(reading, cells), numeric=True,
        note="Planned: fully loaded; incremental leaves out what is paid anyway. Aid plans what its twin plans, and "
             "needs nothing but money. The rest is needed in full, whenever it starts.")] if cells else [])


def _units(capabilities: Mapping[str, Any], kinds: tuple[str, ...]) -> Cell:
    there = [capabilities[kind] for kind in kinds if kind in capabilities]
    if not there:
        return NOTHING
    return span(sum(one["need_low"] for one in there), sum(one["need_high"] for one in there))


def months_until(found: Mapping[str, Any]) -> str:
    """Return how many months each start takes, by the lead times of what starts then.

    Examples
    --------
    >>> months_until({"starts": [{"start": "after_ceasefire", "lead_days_low": 73.0, "lead_days_high": 365.0}]})
    '2 to 12*'
    """
    parts = []
    for one in found["starts"]:
        months = [one[f"lead_days_{end}"] / _DAYS_A_MONTH for end in ("low", "high")]
        where = {"after_ceasefire": "*", "at_ceasefire": "*",
                 "in_a_few_years": " in a few years"}.get(one["start"], "")
        low, high = (round(one) for one in months)
        if months[1] > 0.0:
            parts.append(f"{low} to {high}{where}" if low != high else f"{low}{where}")
    return "; ".join(parts) or NOTHING
