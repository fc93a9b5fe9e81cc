r"""Money on one boundary: what an air option costs as planned, and in which euros.

A comparison of costs is worth nothing unless both sides count the same things. Two boundaries are kept, and an
option and its aid twin always stand on the same one:

============================  ===============================  ==========================================
part                          incremental                      fully loaded
============================  ===============================  ==========================================
fighters' flight hours        fuel and consumables             total cost of an hour: fuel, parts, people
                              (`cpfh_marginal`)                and the wear of the aircraft (`cpfh_press`)
weapons expected              their price                      their price
people and basing             allowances and running costs     the same: pay is in the total cost of an hour
                              of the base
tankers                       fuel and consumables             total cost of an hour
airborne early warning        fuel and consumables             running cost of an hour with people, and the
                                                               aircraft written off over their life
aid, a unit of a line         the unit: drone, round, burst    the unit over 1 - overhead: crews and their
                                                               training, launchers, radars, transport
============================  ===============================  ==========================================

Incremental is what a government spends beyond what it would have spent anyway. Fully loaded is what the activity
takes if nothing comes free. Neither holds the cost of what the aircraft then do not do elsewhere, of losses, or of
a war. `fighter_cpfh` ranges from one definition of a flight hour to the other, so it is on neither boundary.

Amounts are EUR at prices of `PRICE_YEAR`, US dollars being turned at `usd_per_eur`; `at_prices_of` turns them into
euros of the next year. Source: domain notes B3 to B5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.forces.abilities import Floats, Parameters, eur

Boundary = Literal["incremental", "fully_loaded"]
BOUNDARIES: tuple[Boundary, ...] = ("incremental", "fully_loaded")
PRICE_YEAR = 2025
WEAPON_PRICES = {"aim9": "aim9_price", "aim120": "aim120_price", "apkws": "apkws_price"}

_SECONDS_PER_HOUR = 3600.0
_SECONDS_PER_DAY = 86400.0


def _money(value: object) -> object:
    try:
        amount = parse_quantity(value, "EUR", "")
    except SkyShieldError as error:
        raise PydanticCustomError("quantity", "{what}; {mend}", {"what": error.what, "mend": error.mend}) from None
    if amount < 0.0:
        raise PydanticCustomError("money", "{what}; {mend}", {"what": f"is {value!r}, a negative amount",
                                                               "mend": "give an amount from 0 EUR"})
    return value


Money = Annotated[str, BeforeValidator(_money)]


@dataclass(frozen=True)
class AirPlan:
    """What an air option means to do on a day, before any raid is drawn; f8[vector] each.

    Attributes
    ----------
    aircraft
        Fighters deployed.
    flight_hours_per_day
        Of the fighters.
    weapons_per_day
        By kind, the kinds being those of `WEAPON_PRICES`; see `expected_weapons`.
    tanker_hours_per_day, early_warning_hours_per_day
        Flight hours of tankers and of airborne early warning; zero where the option has none.
    early_warning_orbits
        Orbits of airborne early warning kept up all day.
    """

    aircraft: Floats
    flight_hours_per_day: Floats
    weapons_per_day: Mapping[str, Floats] = field(default_factory=dict)
    tanker_hours_per_day: Floats | float = 0.0
    early_warning_hours_per_day: Floats | float = 0.0
    early_warning_orbits: Floats | float = 0.0


@dataclass(frozen=True)
class PlannedCost:
    """The planned cost of an air option over a period by part, EUR of `PRICE_YEAR`; f8[vector] each."""

    flight_hours_eur: Floats
    weapons_eur: Floats
    people_and_basing_eur: Floats
    tankers_eur: Floats
    early_warning_eur: Floats

    @property
    def total_eur(self) -> Floats:
        """The sum of the parts."""
        return (self.flight_hours_eur + self.weapons_eur + self.people_and_basing_eur + self.tankers_eur
                + self.early_warning_eur)


def planned_cost(plan: AirPlan, days: int, parameters: Parameters, boundary: Boundary) -> PlannedCost:
    """Return what a plan costs over a period of days, on a boundary.

    Parameters
    ----------
    plan
        What is flown, fired and deployed on each day.
    days
        Length of the period.
    parameters
        Numbers by catalogue key, SI units.
    boundary
        ``incremental``: flight hours of fighters, tankers and early warning at the price of fuel and consumables;
        weapons expected; allowances of the people deployed and running costs of the base. ``fully_loaded``: flight
        hours at their total cost, which holds people's pay and the wear of fighters and tankers; early-warning
        aircraft written off over their life; weapons, allowances and base as before, so that nothing counts twice.

    Returns
    -------
    PlannedCost
        Parts and total, EUR of `PRICE_YEAR`.

    Raises
    ------
    SkyShieldError
        If the boundary or a kind of weapon is not a known one.

    Examples
    --------
    >>> one = np.ones(1)
    >>> prices = {"usd_per_eur": one, "cpfh_marginal": 10_000 * one / 3600, "deployed_people_day": 0 * one,
    ...           "people_per_deployed_fighter": 30 * one, "basing_aircraft_day": 0 * one,
    ...           "tanker_hour_marginal": 0 * one, "aew_hour_marginal": 0 * one}
    >>> planned_cost(AirPlan(12 * one, 60 * one), 30, prices, "incremental").total_eur.round(3).tolist()
    [18000000.0]
    """
    check_boundary(boundary)
    for kind in plan.weapons_per_day:
        if kind not in WEAPON_PRICES:
            raise SkyShieldError(f"weapon {kind!r}", "has no price", f"use {', '.join(WEAPON_PRICES)}")
    loaded = boundary == "fully_loaded"
    weapons = np.zeros_like(plan.aircraft, dtype=float)
    for kind, number in plan.weapons_per_day.items():
        weapons = weapons + number * eur(parameters, WEAPON_PRICES[kind]) * days
    person = parameters["deployed_people_day"] * parameters["people_per_deployed_fighter"]
    deployed = plan.aircraft * (person + parameters["basing_aircraft_day"]) * _SECONDS_PER_DAY * days
    early_warning = plan.early_warning_hours_per_day * _hour(parameters, "aew_hour", loaded) * days
    if loaded:
        fleet = parameters["aew_per_orbit"] * eur(parameters, "aew_unit_price")
        early_warning = early_warning + (plan.early_warning_orbits * fleet * _SECONDS_PER_DAY * days
                                         / parameters["aew_life"])
    hour = eur(parameters, "cpfh_press" if loaded else "cpfh_marginal") * _SECONDS_PER_HOUR
    return PlannedCost(
        flight_hours_eur=np.asarray(plan.flight_hours_per_day * hour * days), weapons_eur=weapons,
        people_and_basing_eur=np.asarray(deployed),
        tankers_eur=np.asarray(plan.tanker_hours_per_day * _hour(parameters, "tanker_hour", loaded) * days),
        early_warning_eur=np.asarray(early_warning))


def _hour(parameters: Parameters, key: str, loaded: bool) -> Floats:
    """Return f8[vector]: an hour of tankers or early warning, EUR."""
    return eur(parameters, f"{key}_total" if loaded else f"{key}_marginal") * _SECONDS_PER_HOUR


def check_boundary(boundary: str) -> None:
    """Refuse a boundary that is not one of `BOUNDARIES`."""
    if boundary not in BOUNDARIES:
        raise SkyShieldError(f"boundary {boundary!r}", "is not a boundary of costs", f"use {' or '.join(BOUNDARIES)}")


def expected_weapons(threats_in_reach: Floats, tracked_share: Floats, p_kill: Floats, max_shots: Floats,
                     magazine: Floats) -> Floats:
    """Return the weapons a plan has to pay for: shoot, look, shoot again, while the magazine lasts.

    A threat that is shot at until it is hit, at most m times, takes (1 - (1 - p)^m) / p shots on average.

    Parameters
    ----------
    threats_in_reach, tracked_share
        f8[vector]: threats that come within reach of a patrol, and the share of them held by a track.
    p_kill, max_shots
        f8[vector]: probability that a shot hits, above 0, and shots at one threat.
    magazine
        f8[vector]: weapons that the sorties of the same time carry.

    Returns
    -------
    numpy.ndarray
        f8[vector], in the time that `threats_in_reach` and `magazine` are of.

    Examples
    --------
    >>> few, half = np.array([100.0, 100.0]), np.array([0.5, 0.5])
    >>> expected_weapons(few, half, half, np.array([2.0, 2.0]), np.array([1000.0, 60.0])).tolist()
    [75.0, 60.0]
    """
    shots = (1.0 - (1.0 - p_kill) ** max_shots) / p_kill
    return np.asarray(np.minimum(threats_in_reach * tracked_share * shots, magazine))


def at_prices_of(year: int, amount_eur: Floats, parameters: Parameters) -> Floats:
    """Return an amount in euros of `PRICE_YEAR` in euros of that year or the next.

    Raises
    ------
    SkyShieldError
        If the catalogue has no deflator for the year.

    Examples
    --------
    >>> at_prices_of(2026, np.array([100.0]), {"deflator_2026_over_2025": np.array([1.02])}).tolist()
    [102.0]
    """
    if year == PRICE_YEAR:
        return amount_eur
    if year == PRICE_YEAR + 1:
        return np.asarray(amount_eur * parameters[f"deflator_{year}_over_{PRICE_YEAR}"])
    raise SkyShieldError(f"price year {year}", "has no deflator in the catalogue",
                         f"use {PRICE_YEAR} or {PRICE_YEAR + 1}")
