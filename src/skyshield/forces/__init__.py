"""Forces: Ukraine's own defence as hazards, aid to it, and the coalition's fighters; money."""

from skyshield.forces.aid import AidArrays, AidPackage, prepare_aid, twin_budget_eur
from skyshield.forces.fighters import FighterArrays, FighterPackage, Member, planned_cost_per_day_eur, prepare_fighters
from skyshield.forces.money import AirPlan, PlannedCost, expected_weapons, planned_cost
from skyshield.forces.own import (
    hazard_shape,
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    west_strength,
    with_nothing,
)

__all__ = ["AidArrays", "AidPackage", "AirPlan", "FighterArrays", "FighterPackage", "Member", "PlannedCost",
           "expected_weapons", "hazard_shape", "hazard_table", "log_load_factors", "night_quantiles", "planned_cost",
           "planned_cost_per_day_eur", "prepare_aid", "prepare_fighters", "true_leak", "twin_budget_eur",
           "west_strength", "with_nothing"]
