r"""The arithmetic of patrols: what keeping one up for a day takes.

A patrol of m aircraft (a pair) that is never without cover for h hours a day, 24 or those of the night, takes, with t
hours on station in a sortie,

    s = m h / t

sorties a day of F = t + 2 d / v flight hours each, d being the way from the base and v the cruise speed. An aircraft
that is ready flies at most

    f_s = 24 / (F + turnaround + maintenance),   maintenance = a + b F

sorties a day: RAND's model of a surge. What is kept up for long is far less, a number f of the catalogue from long-run
practice, weather included; so on a day fit for flying it is f over the share w of patrols that weather leaves, and
never more than the surge. With either rate a patrol takes s / rate ready aircraft, of which a force of A aircraft has
q A if a share q is available. Crews limit it too: each flies so many sorties and so many hours a day.

On its own fuel a patrol stays on station for t_0 = min(`cap_on_station`, `fighter_endurance` - 2 d / v). A tanker that
gives B kg a day to a patrol whose m aircraft burn c kg an hour lets it stay longer: a sortie on station for t takes
c (t - t_0) from the tanker for each aircraft, so that

    B = h m c (1 - t_0 / t)

up to `cap_on_station_refuelled`. Each hour beyond t_0 is counted as a tanker's, the reserve as well. Where own fuel
leaves less than `cap_on_station_least`, nobody flies without a tanker that can refuel him in full.

Sources: domain notes B3 (Stillion and Orletsky, MR-1028, appendix B; Operation Deny Flight).
"""

from typing import Literal

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.capabilities import Effort

Pace = Literal["sustained", "surge"]
Posture = Literal["demand_led", "round_the_clock"]
DAY_S = 24 * 3600.0
NIGHT_S = 15 * 3600.0  # from 18:00 to 09:00

_SECONDS_PER_DAY = 86400.0


def surge_sorties_per_day(flight_time_s: Floats, parameters: Parameters) -> Floats:
    """Return the most sorties a day that a ready aircraft flies.

    Parameters
    ----------
    flight_time_s
        f8[vector], of one sortie.
    parameters
        Numbers by catalogue key, SI units.

    Returns
    -------
    numpy.ndarray
        f8[vector]. Source: RAND MR-1028, which met Desert Storm within a tenth.

    Examples
    --------
    >>> rand = {"sortie_turnaround": 3 * 3600.0, "sortie_maintenance_fixed": 3.4 * 3600.0,
    ...         "sortie_maintenance_per_flight_hour": 0.68}
    >>> round(float(surge_sorties_per_day(np.array(2 * 3600.0), rand)), 2)
    2.46
    """
    maintenance_s = (parameters["sortie_maintenance_fixed"]
                     + parameters["sortie_maintenance_per_flight_hour"] * flight_time_s)
    return np.asarray(_SECONDS_PER_DAY / (flight_time_s + parameters["sortie_turnaround"] + maintenance_s))


def weather_mean(parameters: Parameters) -> Floats:
    """Return f8[vector]: the share of patrols that weather leaves, on average over days."""
    return np.asarray(1.0 - parameters["patrol_bad_weather_days"] * (1.0 - parameters["patrol_bad_weather_flown"]))


def sorties_per_aircraft_day(pace: Pace, flight_time_s: Floats, parameters: Parameters) -> Floats:
    """Return f8[vector]: sorties that a ready aircraft flies on a day fit for flying."""
    surge = surge_sorties_per_day(flight_time_s, parameters)
    if pace == "surge":
        return surge
    sustained = parameters["fighter_sorties_per_MC_day"] * _SECONDS_PER_DAY / weather_mean(parameters)
    return np.asarray(np.minimum(sustained, surge))


def effort(on_station_s: Floats, transit_s: Floats, pace: Pace, parameters: Parameters,
           cover_s: float = DAY_S) -> Effort:
    """Return what one patrol takes that is kept up for a day.

    Parameters
    ----------
    on_station_s
        f8[vector], of one sortie; 0 where the patrol is not flown.
    transit_s
        f8[vector], there and back.
    pace
        ``sustained`` or ``surge``.
    parameters
        Numbers by catalogue key, SI units.
    cover_s
        How much of the day it is on station.

    Examples
    --------
    >>> one, hour = np.ones(1), np.full(1, 3600.0)
    >>> numbers = {"fighters_per_station": 2 * one, "sortie_turnaround": 3 * hour,
    ...            "sortie_maintenance_fixed": 3.4 * hour, "sortie_maintenance_per_flight_hour": 0.68 * one,
    ...            "crew_sorties_per_day": one / 86400, "crew_flight_hours_per_day": one / 8}
    >>> result = effort(1.5 * hour, hour, "surge", numbers)
    >>> [round(float(x[0]), 2) for x in (result.sorties_per_day, result.aircraft, result.crews)]
    [32.0, 14.13, 32.0]
    """
    flown = on_station_s > 0.0
    flight_time_s = np.where(flown, on_station_s + transit_s, 0.0)
    sorties = np.where(flown, parameters["fighters_per_station"] * cover_s
                       / np.where(flown, on_station_s, 1.0), 0.0)
    of_a_crew = np.minimum(parameters["crew_sorties_per_day"] * _SECONDS_PER_DAY,
                           parameters["crew_flight_hours_per_day"] * _SECONDS_PER_DAY
                           / np.where(flown, flight_time_s, 1.0))
    return Effort(on_station_s, flight_time_s, sorties,
                  sorties / sorties_per_aircraft_day(pace, flight_time_s, parameters), sorties / of_a_crew)


def on_station(transit_s: Floats, fuel_kg: Floats, parameters: Parameters,
               cover_s: float = DAY_S) -> tuple[Floats, Floats]:
    """Return how long a sortie stays on station, and what the patrol takes from tankers in a day.

    Parameters
    ----------
    transit_s
        f8[vector], there and back.
    fuel_kg
        f8[vector], what tankers can give this patrol in a day.
    parameters
        Numbers by catalogue key, SI units.
    cover_s
        How much of the day the patrol is on station.

    Returns
    -------
    tuple of arrays
        f8[vector] seconds, 0 where no patrol is flown, and f8[vector] kilograms, at most `fuel_kg`.

    Examples
    --------
    >>> hour = np.full(1, 3600.0)
    >>> numbers = {"cap_on_station": 2 * hour, "fighter_endurance": 3 * hour, "cap_on_station_refuelled": 4 * hour,
    ...            "cap_on_station_least": hour / 2, "fighters_per_station": np.full(1, 2.0),
    ...            "fighter_fuel_per_hour": np.full(1, 1.0)}
    >>> [float(on_station(1.5 * hour, np.full(1, kg), numbers)[0][0]) / 3600 for kg in (0.0, 86400.0, 1e9)]
    [1.5, 3.0, 4.0]
    """
    on_own_fuel = parameters["fighter_endurance"] - transit_s
    own = np.minimum(parameters["cap_on_station"], on_own_fuel)
    longest = np.maximum(parameters["cap_on_station"], parameters["cap_on_station_refuelled"])
    burnt = parameters["fighters_per_station"] * parameters["fighter_fuel_per_hour"] * cover_s
    full = burnt * (1.0 - own / longest)
    flown = own >= parameters["cap_on_station_least"]
    part = np.where(flown & (fuel_kg < full), fuel_kg / burnt, 0.0)
    alone = np.where(flown, own / (1.0 - part), 0.0)
    helped = (fuel_kg > 0.0) & (fuel_kg >= full)
    return np.where(helped, longest, alone), np.where(helped, full, np.where(flown, part * burnt, 0.0))


def tanker_fuel_per_day_kg(tankers: float, parameters: Parameters) -> Floats:
    """Return f8[vector]: what a number of tankers can give away in a day."""
    spared = tankers * parameters["tankers_available"]
    return np.asarray(spared * parameters["tanker_sorties_per_day"] * _SECONDS_PER_DAY
                      * parameters["tanker_offload_per_sortie"])


def tanker_time_s(fuel_kg: Floats, parameters: Parameters) -> Floats:
    """Return f8[vector]: flight time of the tanker sorties that give away so much fuel."""
    return np.asarray(fuel_kg / parameters["tanker_offload_per_sortie"] * parameters["tanker_sortie_time"])


def repair_time_days(parameters: Parameters) -> Floats:
    """Return f8[vector]: mean time out of use after a failure, so that the sustained pace keeps the availability.

    With a failure after a share b of sorties and f sorties a day of each ready aircraft, b f q fail and (1 - q) / T are
    mended of one aircraft a day; the two are equal at T = (1 - q) / (b f q).
    """
    q = parameters["fighter_availability"]
    failing = (parameters["fighter_failure_probability"] * parameters["fighter_sorties_per_MC_day"] * _SECONDS_PER_DAY
               * q)
    return np.asarray((1.0 - q) / failing)
