"""The engine: raid-days on arrays, no files, no YAML, no tables."""

from skyshield.engine.day import play
from skyshield.engine.tally import AMOUNTS, COUNTS, STAGES, Tally
from skyshield.engine.world import Aid, Costs, Forces, OwnDefence, Raids, Relief, Response, Routes, Rules, Season, World

__all__ = ["AMOUNTS", "COUNTS", "STAGES", "Aid", "Costs", "Forces", "OwnDefence", "Raids", "Relief", "Response",
           "Routes", "Rules", "Season", "Tally", "World", "play"]
