"""What the unknowns do: each number that nobody knows moved alone to its ends, for every option."""

from dataclasses import replace
from typing import Any

from skyshield.report import tables
from skyshield.report.alike import alike
from skyshield.report.reading import Reading
from skyshield.report.sections.drivers import MOST_DRIVERS, moved_entries, tornado
from skyshield.report.svg import Figure
from skyshield.report.text import listing, number


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if the study moves nothing."""
    if reading.alone or not reading.view.moves:
        return None
    groups = alike([family.first for family in reading.families], lambda one, other: _same(reading, one, other))
    known = {name for family in reading.families for name in family.names if reading.lead in family.names}
    shown = [group for group in groups if known & set(group) and _in_report(reading, group[0])]
    drawn = [_drawn(reading, group) for group in groups if group not in shown]
    in_report = [f"The report's own picture holds for {listing([f'“{reading.labels[name]}”' for name in group])}."
                 for group in shown]
    return {"figures": [figure for figure in drawn if figure is not None],
            "members": in_report + [f"{family.label}: {family.members}." for family in reading.families
                                    if family.members],
            "arms": tables.arms(reading.view, reading.families)}


def _drawn(reading: Reading, group: tuple[str, ...]) -> Figure | None:
    """Draw one picture for options of which the same would be drawn."""
    first, *others = group
    figure = tornado(reading, first, f"figure-unknowns-{first}")
    if figure is None or not others:
        return figure
    names = listing([f"“{reading.labels[name]}”" for name in others])
    return replace(figure, note=f"The same picture holds for {names}. {figure.note}".strip())


def _same(reading: Reading, one: str, other: str) -> bool:
    """Return whether the pictures of two options would be the same, their title apart."""
    def shown(name: str) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        moving, _ = moved_entries(reading, name)
        return [(move.label, [(where, [number(row.get(key)) for key in ("delta", "lo", "hi")])
                              for where, row in move.ends]) for move in moving]

    headline = [number(reading.view.arms[name][0]["delta"]) for name in (one, other)]
    return (reading.colours[one] == reading.colours[other] and headline[0] == headline[1]
            and shown(one) == shown(other))


def _in_report(reading: Reading, name: str) -> bool:
    """Return whether the report's picture, if it is of this option, holds all its entries."""
    return len(moved_entries(reading, name)[0]) <= MOST_DRIVERS
