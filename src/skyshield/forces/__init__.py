"""Forces: Ukraine's own defence as hazards, and the coalition's fighters."""

from skyshield.forces.fighters import FighterArrays, FighterPackage, Member, planned_cost_per_day_eur, prepare_fighters
from skyshield.forces.own import (
    hazard_shape,
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    west_strength,
    with_nothing,
)

__all__ = ["FighterArrays", "FighterPackage", "Member", "hazard_shape", "hazard_table", "log_load_factors",
           "night_quantiles", "planned_cost_per_day_eur", "prepare_fighters", "true_leak", "west_strength",
           "with_nothing"]
