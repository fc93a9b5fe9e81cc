"""The forces, the aid and the money of every option, as the engine's arrays.

A plan costs what it takes at central values, before any raid is drawn, on two boundaries: fully loaded and incremental
(`skyshield.forces.money`). An aid twin's budget is the planned cost of its twin for the same period.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.engine import Aid, Forces
from skyshield.engine.tally import CLASSES, MUNITION_KINDS
from skyshield.engine.world import BALLISTIC_STREAM, CRUISE_STREAM, N_STREAMS
from skyshield.forces import (
    AidPackage,
    AirPlan,
    FighterPackage,
    SensorPackage,
    eur,
    near_slots,
    planned_cost,
    prepare_aid,
    prepare_fighters,
    prepare_shooters,
    twin_budget_eur,
)
from skyshield.forces.money import BOUNDARIES, Boundary
from skyshield.raids import Destinations, expected_launches
from skyshield.rules import acceptance
from skyshield.scenario import Option, Package
from skyshield.study.ground import Ground, quantiles_of_nights
from skyshield.study.parameters import CentralValues, ParameterTable

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

_HOUR_S = 3600.0
_HOURS_PER_DAY = 24.0
CERTAIN_CLASSES = tuple(name == "ballistic" for name in CLASSES)  # told by speed alone


def compile_forces(ground: Ground, table: ParameterTable) -> Forces:
    """Return the shooters of every option."""
    scenario, theatre, catalogue = ground.scenario, ground.theatre, ground.catalogue
    packages = [o.packages for o in scenario.options]
    found = prepare_shooters(packages, scenario.members, theatre, table, MUNITION_KINDS,
                             lambda mean, rho: ground.once(quantiles_of_nights, mean, rho))
    flights = prepare_fighters([_fighters(of_option) for of_option in packages], scenario.members, theatre, table)
    near_first, near_slot = near_slots(found, ground.drawn.x_m, ground.drawn.y_m)
    arrays: dict[str, Any] = {field.name: getattr(found, field.name) for field in fields(found)}
    salvo = np.ones((len(table.fit_row), len(CLASSES)), np.int64)
    salvo[:, CLASSES.index("ballistic")] = np.rint(table["shots_per_ballistic"])
    p_accepted, release_time_s = _identification(scenario.options, ground.rules.class_allowed, table)
    planned = np.array([[planned_per_day_eur(ground, option, boundary) for boundary in reversed(BOUNDARIES)]
                        for option in scenario.options])
    return Forces(
        **arrays, near_first=near_first, near_slot=near_slot, salvo=salvo,
        max_engagements=np.array([int(catalogue["fighter_max_shots_per_threat"].reference_si)]),
        p_accepted=p_accepted, p_deconflicted=1.0 - table["deconfliction_loss_probability"],
        release_time_s=release_time_s, flight_time_per_sortie_h=flights.flight_time_per_sortie_h,
        cost_per_flight_hour_eur=eur(table, "fighter_cpfh") * _HOUR_S, planned_cost_per_day_eur=planned,
        active=np.stack([_days(ground, option, option.shoots) for option in scenario.options]))


def _identification(options: Sequence[Option], class_allowed: Flags, table: ParameterTable) -> tuple[Floats, Floats]:
    """Return f8[vector, option, class] how often a track may be shot at, f8[vector, option] after how long."""
    n = len(table.fit_row)
    accepted = np.ones((n, len(options), class_allowed.shape[1]))
    release_s = np.repeat(table["release_time"][:, None], len(options), axis=1)
    confusion = table["class_confusion_night"]
    for k, option in enumerate(options):
        confidence = option.rules.id_confidence
        if not option.shoots:
            continue
        prior = table["allowed_share_of_tracks"] if confidence > 0.0 else confusion
        accepted[:, k] = acceptance(confusion, class_allowed[k].astype(bool).tolist(), CERTAIN_CLASSES, confidence,
                                    prior)
        if confidence > 0.0:
            release_s[:, k] += table["identification_time"]
    return accepted, release_s


def _fighters(packages: Sequence[Package]) -> FighterPackage | None:
    return next((package for package in packages if isinstance(package, FighterPackage)), None)


def _aid(option: Option) -> AidPackage | None:
    return next((package for package in option.packages if isinstance(package, AidPackage)), None)


def _days(ground: Ground, option: Option, there: bool) -> Flags:
    """Return u1[day]: the option's forces are there, or its money is spent."""
    days = range(1, ground.scenario.days + 1)
    if not (there and option.packages):
        return np.zeros(ground.scenario.days, np.uint8)
    wanted = "war" if option.packages[0].start == "before_ceasefire" else "ceasefire"
    return np.array([wanted == "war" or ground.scenario.phase_of_day(day) == wanted for day in days], np.uint8)


def planned_per_day_eur(ground: Ground, option: Option, boundary: Boundary) -> float:
    """Return what an option plans to spend a day, at central values.

    Raises
    ------
    SkyShieldError
        If aid is the twin of an option that the scenario does not hold.
    """
    aid = _aid(option)
    if aid is not None:
        twins = {one.name: planned_per_day_eur(ground, one, boundary)
                 for one in ground.scenario.options if one.shoots}
        budget = twin_budget_eur(aid, twins, f"options.{option.name}.packages")
        return budget if aid.twin_of is not None else budget / ground.scenario.days
    central = CentralValues(ground.catalogue, ground.scenario.assumptions)
    scenario, theatre = ground.scenario, ground.theatre
    flights = prepare_fighters([_fighters(option.packages)], scenario.members, theatre, central)
    shooters = prepare_shooters([option.packages], scenario.members, theatre, central, MUNITION_KINDS,
                                lambda mean, rho: np.stack([mean, rho], axis=1))
    hours = flights.n_stations[:, 0] * flights.sorties_per_station_day * flights.flight_time_per_sortie_h[:, 0]
    orbits = sum(package.units for package in option.packages
                 if isinstance(package, SensorPackage) and package.sensor == "airborne_early_warning")
    plan = AirPlan(_aircraft(ground, option, central), hours, {},
                   early_warning_hours_per_day=orbits * central["aew_hours_per_orbit_day"] * _HOURS_PER_DAY
                   if orbits else 0.0, early_warning_orbits=float(orbits))
    ready = np.where(shooters.shooter_kind[0] >= 0, shooters.p_ready[0, 0], 0.0)
    kept_ready = float((ready * shooters.shooter_day_cost_eur[0][shooters.shooter_kind[0]]).sum())
    return float(planned_cost(plan, 1, central, boundary).total_eur[0]) + kept_ready


def _aircraft(ground: Ground, option: Option, central: CentralValues) -> Floats:
    """Return f8[1]: fighters of the members that take part."""
    package = _fighters(option.packages)
    if package is None:
        return np.zeros(1)
    share = sum(member.aircraft_share for member in ground.scenario.members if member.active)
    number = central[package.aircraft] if isinstance(package.aircraft, str) else np.full(1, float(package.aircraft))
    return share * number


def demand(table: ParameterTable, bound: Destinations, days: int) -> Floats:
    """Return f8[vector, aim, class]: threats bound for each aim in a period, before any option."""
    launched = expected_launches(table)
    bound_for = (launched[..., None] * bound.aims).sum(axis=1) * days
    streams = {"uav": range(CRUISE_STREAM), "cruise": [CRUISE_STREAM], "ballistic": [BALLISTIC_STREAM]}
    assert set(CLASSES) == set(streams) and bound_for.shape[1] == N_STREAMS  # noqa: S101
    return np.stack([bound_for[:, list(streams[name])].sum(axis=1) for name in CLASSES], axis=2)


def compile_aid(ground: Ground, table: ParameterTable, bound: Destinations) -> Aid:
    """Return what aid adds to the own defence under every option."""
    scenario, n, n_aims = ground.scenario, len(table.fit_row), len(ground.aims.oblasts)
    options, days = scenario.options, scenario.days
    hazard = np.zeros((n, len(options), n_aims, len(CLASSES)))
    ramp = np.zeros((n, len(options), len(CLASSES), days))
    cost = np.zeros((n, len(options)))
    for k, option in enumerate(options):
        package = _aid(option)
        if package is None:
            continue
        names = [one.name for one in options]
        zone = ground.aim_declared[names.index(package.twin_of)] if package.twin_of in names else np.ones(
            n_aims, np.uint8)
        budget = days * planned_per_day_eur(ground, option, package.boundary)
        bought = prepare_aid(budget, days, demand(table, bound, days), zone, table, package.where,
                             boundary=package.boundary, counts=package.counts,
                             ordered_before_days=package.ordered_before_days)
        hazard[:, k], ramp[:, k], cost[:, k] = bought.hazard, bought.ramp, bought.spent_eur / days
    funded = np.stack([_days(ground, option, True) for option in options])
    return Aid(hazard, ramp * funded[None, :, None, :], cost, funded)
