"""Harm: warheads delivered, and hours without power that accumulate and are mended.

With n armed UAVs that reach an oblast every day, of which a share e (1 - c) hits the grid, hits not mended on day D are
e (1 - c) n (1 - q^D) / (1 - q), q = exp(-1 / T) being what a day's repair leaves; each costs h hours.
"""

import math

import numpy as np

from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.layers import LEAK, REPLICATIONS, world_of
from skyshield.evidence.verification.nights import nightly, ratio_of
from skyshield.evidence.verification.worlds import (
    make_certain_season,
    make_forces,
    make_harm,
    make_raids,
    make_world,
)

HITS, GRID_SHARE, PROTECTED, HOURS, REPAIR_DAYS, DAYS = 5, 0.1, 0.25, 0.4, 12.0, 40
DECOYS, ARMED_DECOYS, UAV_KG, DECOY_KG = 0.4, 0.3, 50.0, 5.0


def _warheads(seed: int, factor: float) -> CaseResult:
    world = world_of(LEAK * factor, n_stations=[0.0])
    world = world._replace(raids=world.raids._replace(decoy_armed=np.full_like(world.raids.decoy_armed, ARMED_DECOYS)))
    result = nightly(world, seed, REPLICATIONS)
    exact = LEAK * ((1.0 - DECOYS) * UAV_KG + DECOYS * ARMED_DECOYS * DECOY_KG)
    return ratio_of(exact, result["warhead_kg/uav"], result["launched/uav"])


def _outage(seed: int, factor: float) -> CaseResult:
    harm = make_harm(days=DAYS, energy_share=GRID_SHARE, outage_h_per_hit=HOURS, grid_protected=PROTECTED,
                     grid_repair_days=REPAIR_DAYS * factor)
    world = make_world(raids=make_raids(DAYS, season=make_certain_season(HITS), p_decoy=0.0),
                       forces=make_forces(days=DAYS, n_stations=[0.0]), harm=harm)
    left = math.exp(-1.0 / REPAIR_DAYS)
    exact = GRID_SHARE * (1.0 - PROTECTED) * HITS * HOURS * (1.0 - left**DAYS) / (1.0 - left)
    return CaseResult(exact, float(nightly(world, seed, 1)["outage_h"][-1]))


CASES: tuple[Case, ...] = (
    Case("harm_warheads", "harm",
         "warhead delivered, a UAV launched: L times 50 kg of those that are armed and 5 kg of armed decoys", _warheads,
         "the leak rate L of the own defence"),
    Case("harm_grid", "harm",
         f"hours without power on day {DAYS} of as many hits a day, mended with a mean time T: the geometric sum "
         "e (1 - c) n h (1 - q^D) / (1 - q), q = exp(-1 / T)", _outage, "the repair time T"))
