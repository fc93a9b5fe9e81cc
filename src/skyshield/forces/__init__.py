"""Forces: Ukraine's own defence as hazards and aid to it, and the coalition's shooters, sensors and money."""

from skyshield.forces.abilities import eur
from skyshield.forces.aid import AidArrays, AidPackage, prepare_aid, twin_budget_eur
from skyshield.forces.batteries import BatteryPackage
from skyshield.forces.drone_teams import DroneTeamPackage
from skyshield.forces.fighters import FighterArrays, FighterPackage, Member, planned_cost_per_day_eur, prepare_fighters
from skyshield.forces.guns import GunPackage
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
from skyshield.forces.sensors import SensorPackage
from skyshield.forces.shooters import ShooterArrays, near_slots, prepare_shooters

__all__ = ["AidArrays", "AidPackage", "AirPlan", "BatteryPackage", "DroneTeamPackage", "FighterArrays",
           "FighterPackage", "GunPackage", "Member", "PlannedCost", "SensorPackage", "ShooterArrays", "eur",
           "hazard_shape", "hazard_table", "log_load_factors", "near_slots", "night_quantiles", "planned_cost",
           "planned_cost_per_day_eur", "prepare_aid", "prepare_fighters", "prepare_shooters", "true_leak",
           "twin_budget_eur", "west_strength", "with_nothing"]
