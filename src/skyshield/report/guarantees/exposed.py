"""Whom options expose: people by role and law, strikes expected, casualties with their chances over the period."""

from typing import Any

from skyshield.report.guarantees.folding import folded, joined, phase_order, phases_of, section, together
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.sections.incidents_in_full import CASUALTIES, percent
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, number

# Roles by where they stand under Article 6 of the North Atlantic Treaty, see `skyshield.strategy.exposure.laws`.
LAW = {"outside": ("aircrew_over_ukraine", "crews_in_ukraine", "soldiers_in_ukraine"),
       "inside": ("bases_in_member_states",), "open": ("sailors_at_sea",)}
STRIKES = ("people_struck_in_ukraine", "soldiers_struck_in_ukraine", "base_struck_in_member_state", "ship_struck")
_HOURS_A_DAY = 24.0
_CHANCE = ("p_ten", "p_ten_env_lo", "p_ten_env_hi")


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    there = [name for name in reading.ordered if reading.summaries[name]["people_exposed_h"]["mean"]
             or any(_people(reading, name, side) for side in LAW)]
    nobody = [reading.shorts[name] for name in reading.ordered if name not in there]
    aid = all(reading.options[name].role == "aid" for name in reading.ordered if name not in there)
    after = [f"Nobody of the coalition is there with {'aid' if aid else '; '.join(nobody)}."] if nobody else []
    if not there:
        return section(after=after)
    return section(drawn=[_figure(reading, there)],
                   tables=[_table(reading, there)], after=after, in_full="incidents-in-full")


def _people(reading: Reading, name: str, side: str) -> float:
    """Return how many people are at risk at a time, the mean over the period."""
    return float(sum(reading.summaries[name][f"people_by_role_h/{role}"]["mean"] or 0.0 for role in LAW[side])
                 / (_HOURS_A_DAY * reading.days))


def _casualties(rows: Any, side: str) -> float:
    return float(sum(rows[f"casualties_by_role/{role}"]["mean"] or 0.0 for role in LAW[side]))


def _strikes(rows: Any) -> float:
    return float(sum(rows[f"incidents/{kind}"]["mean"] or 0.0 for kind in STRIKES))


def _by_law(values: dict[str, float]) -> Cell:
    return "/".join(number(value) for value in values.values()) if any(values.values()) else NOTHING


def _table(reading: Reading, there: list[str]) -> Table:
    cells: dict[str, tuple[Cell, ...]] = {}
    phases = phases_of(reading)
    for name in there:
        own = reading.summaries[name]
        told = own[CASUALTIES]
        cells[name] = (_by_law({side: _people(reading, name, side) for side in LAW}), number(_strikes(own)),
                       _by_law({side: _casualties(own, side) for side in LAW}),
                       together([number(one["options"][name][CASUALTIES]["mean"]) for one in phases]),
                       percent(told["p_any"]), percent(told["p_ten"]))
    return Table("exposed-people", f"People of the coalition at risk at a time, strikes on them and casualties in "
                 f"{reading.days} days", ("Option", "People, outside/inside/open", "Strikes expected",
                                         "Casualties, outside/inside/open", f"Casualties, {phase_order(phases)}",
                                         "Periods with any",
                                         "With ten or more"), folded(reading, cells), numeric=True,
                 note="Outside, inside, open: in Ukraine, at bases in member states, at sea, under Article 6 of the "
                      "North Atlantic Treaty; at sea its words do not settle it. People: the mean over all days, those "
                      "before they come among them.")


def _figure(reading: Reading, there: list[str]) -> Figure:
    """Draw the share of periods with ten casualties or more."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in there:
        told = reading.summaries[name][CASUALTIES]
        groups.setdefault((reading.colours[name], *(percent(told[key]) for key in _CHANCE)), []).append(name)
    rows = []
    for names in groups.values():
        told = reading.summaries[names[0]][CASUALTIES]
        rows.append(Row(joined([reading.shorts[name] for name in names]), reading.colours[names[0]], {
            "mean": told["p_ten"], "lo": None, "hi": None, "mcse": None, "env_lo": told["p_ten_env_lo"],
            "env_hi": told["p_ten_env_hi"]}, "mean", percent=True))
    most = max(there, key=lambda name: reading.summaries[name][CASUALTIES]["p_ten"] or 0.0)
    return intervals("figure-guarantees-casualties", rows,
                     f"“{reading.shorts[most]}” has ten casualties or more in "
                     f"{percent(reading.summaries[most][CASUALTIES]['p_ten'])} of periods",
                     f"Share of periods of {reading.days} days with ten casualties of the coalition or more")
