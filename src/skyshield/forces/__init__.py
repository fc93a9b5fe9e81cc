"""Forces: Ukraine's own defence as hazards and aid to it, and the coalition's shooters, sensors and money."""

from skyshield.forces.aid import AidPackage, BoughtAid, prepare_aid, twin_budget_eur
from skyshield.forces.capabilities import eur
from skyshield.forces.fighters import FighterPackage, Member, aircraft_of, places_xy
from skyshield.forces.fleets import prepare_fleets
from skyshield.forces.money import PRICE_YEAR, Prices, price_list
from skyshield.forces.own import (
    hazard_shape,
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    west_strength,
    zero_inflated,
)
from skyshield.forces.package import ForcePackage
from skyshield.forces.people import Place, base_places, share_of_way_inside
from skyshield.forces.sensors import SensorPackage, sensor_day_eur
from skyshield.forces.shooters import PLACEMENTS, Shooters, near_slots, prepare_shooters

# every kind of package that a scenario may hold
PACKAGES: tuple[type[ForcePackage], ...] = (*PLACEMENTS, SensorPackage, AidPackage)

__all__ = [
    "PACKAGES",
    "PRICE_YEAR",
    "AidPackage",
    "BoughtAid",
    "FighterPackage",

    "ForcePackage",
    "Member",
    "Place",
    "Prices",
    "SensorPackage",
    "Shooters",
    "aircraft_of",
    "base_places",
    "eur",
    "hazard_shape",
    "hazard_table",
    "log_load_factors",
    "near_slots",
    "night_quantiles",
    "places_xy",
    "prepare_aid",
    "prepare_fleets",
    "prepare_shooters",
    "price_list",
    "sensor_day_eur",
    "share_of_way_inside",
    "true_leak",
    "twin_budget_eur",
    "west_strength",
    "zero_inflated",
]
