"""Forces: Ukraine's own defence as hazards and aid to it, and the coalition's shooters, sensors and money."""

from skyshield.forces.abilities import eur
from skyshield.forces.aid import AidArrays, AidPackage, prepare_aid, twin_budget_eur
from skyshield.forces.fighters import FighterArrays, FighterPackage, Member, fleet, prepare_fighters
from skyshield.forces.money import BOUNDARIES, PRICE_YEAR, Prices, price_list, sensor_day_eur
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
from skyshield.forces.sensors import SensorPackage
from skyshield.forces.shooters import STANDS, ShooterArrays, near_slots, prepare_shooters

# every kind of package that a scenario may hold
PACKAGES: tuple[type[ForcePackage], ...] = (*STANDS, SensorPackage, AidPackage)

__all__ = ["BOUNDARIES", "PACKAGES", "PRICE_YEAR", "AidArrays", "AidPackage", "FighterArrays", "FighterPackage",
           "ForcePackage", "Member", "Prices", "SensorPackage", "ShooterArrays", "eur", "fleet", "hazard_shape",
           "hazard_table", "log_load_factors", "near_slots", "night_quantiles", "prepare_aid", "prepare_fighters",
           "prepare_shooters", "price_list", "sensor_day_eur", "true_leak", "twin_budget_eur", "west_strength",
           "with_nothing"]
