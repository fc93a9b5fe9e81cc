"""Forces: Ukraine's own defence as hazards, and the coalition's shooters and sensors."""

from skyshield.forces.abilities import eur
from skyshield.forces.batteries import BatteryPackage
from skyshield.forces.drone_teams import DroneTeamPackage
from skyshield.forces.fighters import FighterArrays, FighterPackage, Member, planned_cost_per_day_eur, prepare_fighters
from skyshield.forces.guns import GunPackage
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

__all__ = ["BatteryPackage", "DroneTeamPackage", "FighterArrays", "FighterPackage", "GunPackage", "Member",
           "SensorPackage", "ShooterArrays", "eur", "hazard_shape", "hazard_table", "log_load_factors", "near_slots",
           "night_quantiles", "planned_cost_per_day_eur", "prepare_fighters", "prepare_shooters", "true_leak",
           "west_strength", "with_nothing"]
