"""The engine: raid-days on arrays, no files, no YAML, no tables.

`play` and `Player` are imported when they are first used: the arrays alone do without the compiler.
"""

from typing import TYPE_CHECKING, Any

from skyshield.engine.check import check_world
from skyshield.engine.tally import AMOUNTS, COUNTS, STAGES, Tally
from skyshield.engine.world import (
    Aid,
    Costs,
    Fleets,
    Forces,
    Harm,
    Marks,
    OwnDefence,
    People,
    Raids,
    Relief,
    Renewal,
    Response,
    Risks,
    Routes,
    Rules,
    Season,
    World,
)

if TYPE_CHECKING:
    from skyshield.engine.blocks import Player, play

__all__ = ["AMOUNTS", "COUNTS", "STAGES", "Aid", "Costs", "Fleets", "Forces", "Harm", "Marks", "OwnDefence", "People",
           "Player", "Raids", "Relief", "Renewal", "Response", "Risks", "Routes", "Rules", "Season", "Tally", "World",
           "check_world", "play"]


def __getattr__(name: str) -> Any:
    if name in ("Player", "play"):
        from skyshield.engine import blocks

        return getattr(blocks, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
