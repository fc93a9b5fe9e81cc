"""What the unknowns do: each number without a centre moved alone to its ends, for every option."""

from typing import Any

from skyshield.report import tables
from skyshield.report.reading import Reading
from skyshield.report.sections.drivers import MOST_DRIVERS, moved_entries, tornado


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if the study moves nothing."""
    if reading.alone or not reading.view.moves:
        return None
    drawn = [tornado(reading, family.first, f"figure-unknowns-{family.first}") for family in reading.families
             if not _in_report(reading, family.names)]
    return {"figures": [figure for figure in drawn if figure is not None],
            "members": [f"{family.label}: {family.members}." for family in reading.families if family.members],
            "arms": tables.arms(reading.view, reading.families)}


def _in_report(reading: Reading, names: tuple[str, ...]) -> bool:
    """Return whether the report's own picture of these options holds all their entries."""
    return reading.lead in names and len(moved_entries(reading, names[0])[0]) <= MOST_DRIVERS
