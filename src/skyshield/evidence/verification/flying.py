"""Patrols and fleets: `skyshield.forces.patrols` and the engine's days against simple arithmetic.

The figures are those of domain notes B3: two aircraft always on station, at 880 km/h; three hours on the ground between
sorties; maintenance of 3.4 hours and 0.68 hours for each hour flown; 70% of the aircraft available.
"""

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.compile.planned_flying import planned_flying
from skyshield.core.arrays import Floats
from skyshield.engine import Fleets, Forces
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import mean_of, nightly
from skyshield.evidence.verification.worlds import (
    NOBODY,
    make_fleets,
    make_forces,
    make_raids,
    make_season,
    make_world,
)
from skyshield.forces.capabilities import Effort
from skyshield.forces.patrols import Pace, effort, on_station, repair_time_days, surge_sorties_per_day

_HOUR_S, _DAY_S = 3600.0, 86400.0
_PAIR, _CRUISE_KM_H, _AVAILABLE = 2.0, 880.0, 0.7
_GROUND_H, _MAINTENANCE_H, _MAINTENANCE_PER_H = 3.0, 3.4, 0.68
_AWAY_KM, _STAY_H, _FLIGHT_H = 500.0, 1.5, 2.0
_FORCE = 120.0
_OWN_FUEL_H, _BURNT_KG_H, _FUEL_KG = 1.5, 3000.0, 72_000.0
FLEET, SHARE, FAILING, PACE, SUSTAINED = 48.0, 0.65, 0.1, 2.0, 1.0  # aircraft, available, failing, sorties a day
_PATROL_AIRCRAFT = 18.0  # ready aircraft that a patrol takes: 15.3 are ready in the long run
_WARM_UP_DAYS, _DAYS, _REPLICATIONS = 60, 260, 600


class Numbers:
    """The catalogue's central values, some of them replaced."""

    def __init__(self, **given: float) -> None:
        self._central, self._given = CentralValues(load_catalogue()), given

    def __getitem__(self, name: str) -> Floats:
        """Return f8[1], SI units."""
        return np.array([self._given[name]]) if name in self._given else self._central[name]


def patrol_effort(away_km: float, stay_h: float, pace: Pace) -> Effort:
    """Return the product's effort for a patrol at a distance, with a number of hours on station."""
    numbers = Numbers(patrol_bad_weather_days=0.0)
    transit_s = 2.0 * np.array([away_km * 1e3]) / numbers["fighter_cruise"]
    return effort(np.array([stay_h * _HOUR_S]), transit_s, pace, numbers)


def _surge_rate(flight_h: float) -> float:
    return 24.0 / (flight_h + _GROUND_H + _MAINTENANCE_H + _MAINTENANCE_PER_H * flight_h)


def _surge(_seed: int, factor: float) -> CaseResult:
    result = surge_sorties_per_day(np.array([_FLIGHT_H * factor * _HOUR_S]), Numbers())
    return CaseResult(_surge_rate(_FLIGHT_H), float(result[0]))


def _aircraft(_seed: int, factor: float) -> CaseResult:
    flight_h = _STAY_H + 2.0 * _AWAY_KM / _CRUISE_KM_H
    exact = 24.0 * _PAIR / _STAY_H / _surge_rate(flight_h) / _AVAILABLE
    return CaseResult(exact, float(patrol_effort(_AWAY_KM * factor, _STAY_H, "surge").aircraft[0] / _AVAILABLE))


def _flight_hours(_seed: int, factor: float) -> CaseResult:
    result = patrol_effort(_AWAY_KM * factor, _STAY_H, "surge")
    exact = 24.0 * _PAIR / _STAY_H * (_STAY_H + 2.0 * _AWAY_KM / _CRUISE_KM_H)
    return CaseResult(exact, float(result.sorties_per_day[0] * result.flight_time_s[0] / _HOUR_S))


def _sustained(_seed: int, factor: float) -> CaseResult:
    exact = _FORCE * _AVAILABLE / (24.0 * _PAIR / _STAY_H)
    aircraft = patrol_effort(_AWAY_KM, _STAY_H * factor, "sustained").aircraft[0]
    return CaseResult(exact, float(_FORCE * _AVAILABLE / aircraft))


def _tankers(_seed: int, factor: float) -> CaseResult:
    numbers = Numbers(cap_on_station=2.0 * _HOUR_S, fighter_endurance=3.0 * _HOUR_S, cap_on_station_least=0.0,
                      cap_on_station_refuelled=4.0 * _HOUR_S, fighter_fuel_per_hour=_BURNT_KG_H / _HOUR_S,
                      fighters_per_station=_PAIR)
    on_station_s, _ = on_station(np.array([(3.0 - _OWN_FUEL_H) * _HOUR_S]), np.array([_FUEL_KG * factor]), numbers)
    return CaseResult(_OWN_FUEL_H / (1.0 - _FUEL_KG / (24.0 * _PAIR * _BURNT_KG_H)), float(on_station_s[0] / _HOUR_S))


def _fleet(factor: float, patrol_aircraft: float) -> tuple[Fleets, Forces]:
    """Return a fleet that flies more than it can keep up, and a patrol that takes `patrol_aircraft` ready aircraft."""
    repair = repair_time_days(Numbers(fighter_availability=SHARE, fighter_failure_probability=FAILING,
                                      fighter_sorties_per_MC_day=SUSTAINED / _DAY_S))
    fleets = make_fleets(aircraft=FLEET, p_available=SHARE, p_failure=FAILING * factor,
                         repair_time_days=float(repair[0]))
    one = np.ones((1, 1, 1))
    forces = make_forces(days=_DAYS, ready_aircraft=patrol_aircraft * one, crews=one,
                         sorties_per_day=PACE * patrol_aircraft * one, flight_time_h=one)
    return fleets, forces


def _long_run_sorties_per_day() -> float:
    """Return sorties a day of the whole fleet at its pace, in the steady state of failures and repairs."""
    return FLEET * PACE * SUSTAINED * SHARE / (SUSTAINED * SHARE + PACE * (1.0 - SHARE))


def _fleet_plan(_seed: int, factor: float) -> CaseResult:
    fleets, forces = _fleet(factor, 10.0 * FLEET)
    longer, shorter = (planned_flying(fleets, forces, 0, days).sorties_per_day * days for days in (_DAYS, _DAYS - 1))
    return CaseResult(_long_run_sorties_per_day(), longer - shorter)


def _fleet_played(seed: int, factor: float) -> CaseResult:
    patrol_aircraft = _long_run_sorties_per_day() / PACE / 0.9
    fleets, forces = _fleet(factor, patrol_aircraft)
    season = make_season(front_mean=NOBODY, routine_deep_ratio=0.0)
    world = make_world(raids=make_raids(_DAYS, season=season), forces=forces, fleets=fleets)
    sorties = nightly(world, seed, _REPLICATIONS)["sorties"].reshape(_REPLICATIONS, _DAYS)[:, _WARM_UP_DAYS:]
    return mean_of(_long_run_sorties_per_day(), sorties.mean(axis=1), sorties.size)


CASES: tuple[Case, ...] = (
    Case("patrol_surge_rate", "patrol arithmetic",
         "sorties a day of a ready aircraft at a surge, two hours each: 24 / (2 + 3 + 3.4 + 0.68 x 2)", _surge,
         "the flight time of a sortie"),
    Case("patrol_aircraft", "patrol arithmetic",
         "aircraft of a patrol 500 km away, 1.5 h on station, at a surge, 70% available: 48 / 1.5 over the surge rate",
         _aircraft, "the distance"),
    Case("patrol_flight_hours", "patrol arithmetic",
         "flight hours a day of the same patrol: 48 / 1.5 x (1.5 + 1000 / 880)", _flight_hours, "the distance"),
    Case("patrol_sustained", "patrol arithmetic",
         "patrols that 120 fighters keep up for long, one sortie a day of each available one: 84 / 32", _sustained,
         "the time on station"),
    Case("patrol_tankers", "patrol arithmetic",
         "hours on station with tankers' fuel B: t / (1 - B / (24 m c)), t being those on own fuel", _tankers,
         "the fuel B that tankers give"),
    Case("fleet_plan", "patrol arithmetic",
         "sorties a day that a plan has once as many aircraft fail as are mended: A r f q / (f q + r (1 - q))",
         _fleet_plan, "the share of sorties after which an aircraft is out of use"),
    Case("fleet_played", "patrol arithmetic",
         "the same, drawn by the engine day by day: a patrol is manned with the share that the fleet keeps up",
         _fleet_played, "the share of sorties after which an aircraft is out of use"))
