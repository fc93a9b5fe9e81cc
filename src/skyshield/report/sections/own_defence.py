"""Ukraine's own defence by region, at both ends of where threats may be stopped and at the reference between."""

from typing import Any

from skyshield.bounds.defence import ENDS, defence_of
from skyshield.report.reading import Reading
from skyshield.report.tables import Table

VECTORS = 60
_NAMES = {"0": "near aims alone (ω = 0)",
          "reference": "at the reference share along the way", "1": "along the way alone (ω = 1)"}
_COLUMNS = ("share", "leak", "leak_arrivals", "kills_share")
_HEAD = ("Region", "Bound for it", "Leak of these", "Leak of arrivals", "Stopped there, of launches")


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    content = defence_of(reading.view.resolved, vectors=VECTORS)
    told = content["fit"]
    return {"tables": [_table(name, content) for name in ENDS],
            "told": {side: f"{told[key]['lo']:.1%} to {told[key]['hi']:.1%}"
                     for side, key in (("west", "west_kills_share"), ("south", "south_kills_share"))}}


def _table(name: str, content: dict[str, Any]) -> Table:
    """Return the regions at one end or at the reference."""
    solved = content["solved"][name]
    rows = tuple((region.capitalize(), *(f"{row[key]:.1%}" for key in _COLUMNS))
                 for region, row in content["omega"][name].items())
    note = (f"Asked for ω = {solved['asked']:.2f} on average; {solved['met']} of {solved['vectors']} vectors have a "
            f"solution there, the others stand at the largest ω that has one, {solved['lowest']:.2f} at the least.")
    return Table(f"own-defence-{name}", f"Deep stream of massed nights, hazard {_NAMES[name]}", _HEAD, rows,
                 numeric=True, note=note)
