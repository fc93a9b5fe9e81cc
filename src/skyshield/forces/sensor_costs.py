"""What one unit of each sort of sensor costs a day, EUR of the price year: an orbit, an aerostat, a radar, the network.

The boundaries are those of `skyshield.forces.money`; `loaded` asks for the fully loaded one, and the other is the
incremental.
"""

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.capabilities import day_eur, eur
from skyshield.forces.money import hour_eur

_SECONDS_PER_HOUR = 3600.0
_SECONDS_PER_DAY = 86400.0


def _flying_eur(parameters: Parameters, loaded: bool) -> Floats:
    """Return f8[vector]: flying one orbit of airborne early warning for a day."""
    hours = parameters["aew_hours_per_orbit_day"] * _SECONDS_PER_DAY / _SECONDS_PER_HOUR
    return np.asarray(hours * hour_eur(parameters, "aew_hour", loaded))


def airborne_early_warning(parameters: Parameters, loaded: bool) -> Floats:
    """Return f8[vector]: an orbit kept up, fully loaded with its aircraft written off over their life."""
    running = _flying_eur(parameters, loaded)
    fleet = parameters["aew_per_orbit"] * eur(parameters, "aew_unit_price")
    return np.asarray(running + fleet * _SECONDS_PER_DAY / parameters["aew_life"] if loaded else running)


def aerostat(parameters: Parameters, loaded: bool) -> Floats:
    """Return f8[vector]: the upkeep of one, fully loaded with its price written off over its life."""
    upkeep = parameters["aerostat_upkeep_share"] * _flying_eur(parameters, True)
    written_off = eur(parameters, "aerostat_price") * _SECONDS_PER_DAY / parameters["aerostat_life"]
    return np.asarray(upkeep + written_off if loaded else upkeep)


def ground_radar(parameters: Parameters, loaded: bool) -> Floats:
    """Return f8[vector]: one radar, or the share of it that is spent on running it."""
    day = day_eur(parameters, "ground_radar_day_cost")
    return day if loaded else np.asarray(day * parameters["ground_unit_running_share"])


def acoustic(parameters: Parameters, loaded: bool) -> Floats:
    """Return f8[vector]: the network's sensors written off; incremental nothing, for it is Ukraine's and there."""
    network = parameters["acoustic_sensors_national"] * eur(parameters, "acoustic_sensor_price")
    return np.asarray(network * _SECONDS_PER_DAY / parameters["acoustic_sensor_life"] * float(loaded))
