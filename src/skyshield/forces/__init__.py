"""Forces: Ukraine's own defence as hazards and aid to it, and the coalition's shooters, sensors and money."""

from skyshield.forces.abilities import eur
from skyshield.forces.aid import AidArrays, AidPackage, prepare_aid, twin_budget_eur
from skyshield.forces.fighters import (
    FighterArrays,
    FighterPackage,
    Member,
    places_xy,
    planned_cost_per_day_eur,
    prepare_fighters,
)
from skyshield.forces.money import AirPlan, PlannedCost, planned_cost
from skyshield.forces.own import (
    hazard_shape,
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    west_strength,
    with_nothing,
)
from skyshield.forces.package import ForcePackage
from skyshield.forces.people import Place, base_places, share_of_way_inside
from skyshield.forces.sensors import SensorPackage
from skyshield.forces.shooters import STANDS, ShooterArrays, near_slots, prepare_shooters

# every kind of package that a scenario may hold
PACKAGES: tuple[type[ForcePackage], ...] = (*STANDS, SensorPackage, AidPackage)

__all__ = ["PACKAGES", "AidArrays", "AidPackage", "AirPlan", "FighterArrays", "FighterPackage", "ForcePackage",
           "Member", "Place", "PlannedCost", "SensorPackage", "ShooterArrays", "base_places", "eur", "hazard_shape",
           "hazard_table", "log_load_factors", "near_slots", "night_quantiles", "places_xy", "planned_cost",
           "planned_cost_per_day_eur", "prepare_aid", "prepare_fighters", "prepare_shooters", "share_of_way_inside",
           "true_leak", "twin_budget_eur", "west_strength", "with_nothing"]
