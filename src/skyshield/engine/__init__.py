"""The engine: raid-days on arrays, no files, no YAML, no tables."""

from skyshield.engine.check import check_world
from skyshield.engine.day import play
from skyshield.engine.tally import AMOUNTS, COUNTS, STAGES, Tally
from skyshield.engine.world import (
    Aid,
    Costs,
    Fleets,
    Forces,
    Marks,
    OwnDefence,
    People,
    Raids,
    Relief,
    Response,
    Risks,
    Routes,
    Rules,
    Season,
    World,
)

__all__ = ["AMOUNTS", "COUNTS", "STAGES", "Aid", "Costs", "Fleets", "Forces", "Marks", "OwnDefence", "People", "Raids",
           "Relief", "Response", "Risks", "Routes", "Rules", "Season", "Tally", "World", "check_world", "play"]
