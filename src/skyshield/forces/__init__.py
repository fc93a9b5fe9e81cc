"""Forces: Ukraine's own defence as hazards and aid to it, and the coalition's shooters, sensors, members and money."""

from skyshield.forces.aid import AidPackage, BoughtAid, prepare_aid, twin_budget_eur
from skyshield.forces.batteries import BatteryPackage
from skyshield.forces.capabilities import eur
from skyshield.forces.coalition import coalition
from skyshield.forces.drone_teams import DroneTeamPackage
from skyshield.forces.fighters import FighterPackage, aircraft_of
from skyshield.forces.fleets import prepare_fleets
from skyshield.forces.ground import GroundPackage, Hub
from skyshield.forces.guns import GunPackage
from skyshield.forces.members import CONTRIBUTIONS, Member, contributed
from skyshield.forces.money import PRICE_YEAR, Prices, price_list
from skyshield.forces.montreux import Finding as MontreuxFinding
from skyshield.forces.montreux import Ship, check_ships
from skyshield.forces.own import (
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    zero_inflated,
)
from skyshield.forces.package import CAPABILITIES, ROLES, AidTerms, Deployment, ForcePackage, Role, Shelter
from skyshield.forces.people import Place, people_table
from skyshield.forces.places import places_xy
from skyshield.forces.sensors import SensorPackage, sensor_day_eur
from skyshield.forces.shelters import ShelterPackage, sheltered
from skyshield.forces.ships import NavalPackage, SeaLanePackage
from skyshield.forces.shooters import Shooters, near_slots, prepare_shooters

# every kind of package that a scenario may hold
PACKAGES: tuple[type[ForcePackage], ...] = (FighterPackage, BatteryPackage, GunPackage, DroneTeamPackage, SensorPackage,
                                            AidPackage, GroundPackage, NavalPackage, SeaLanePackage, ShelterPackage)

__all__ = [
    "CAPABILITIES", "CONTRIBUTIONS", "PACKAGES", "PRICE_YEAR", "ROLES", "AidPackage", "AidTerms", "BoughtAid",
    "Deployment", "FighterPackage", "ForcePackage", "GroundPackage", "Hub", "Member", "MontreuxFinding",
    "NavalPackage", "Place", "Prices", "Role", "SeaLanePackage", "SensorPackage", "Shelter", "ShelterPackage", "Ship",
    "Shooters", "aircraft_of", "check_ships", "coalition", "contributed", "eur", "hazard_table", "log_load_factors",
    "near_slots", "night_quantiles", "people_table", "places_xy", "prepare_aid", "prepare_fleets", "prepare_shooters",
    "price_list", "sensor_day_eur", "sheltered", "true_leak", "twin_budget_eur", "zero_inflated",
]
