r"""Money on two boundaries: one list of cost lines, and what a unit of each costs.

A comparison of costs is worth nothing unless both sides count the same things. What an option plans to spend and what
it spends are added up from the same lines, `COST_LINES`, at the same prices: the plan at central values with the
quantities that are planned, the spending at the vector's prices with what was flown and fired. And an option and its
aid twin always stand on the same boundary:

======================  ==================================  ========================================================
line                    incremental                         fully loaded
======================  ==================================  ========================================================
`flight_hours`          fuel and consumables                total cost of an hour: fuel, parts, people and the wear
                        (`fighter_hour_marginal`)           of the aircraft (`fighter_hour_total`)
`weapons`               their price                         their price
`people_and_basing`     allowances and running costs        the same: pay is in the total cost of an hour;
                        of the base; soldiers of a ground   soldiers with the share of those who relieve them
                        force beyond what they cost at home
`tankers`               fuel and consumables                total cost of an hour
`sensors`               airborne early warning: fuel and    running cost of an hour with people, and the aircraft
                        consumables; aerostats: upkeep;     written off over their life; aerostats and acoustic
                        ground radar: running costs         sensors written off; ground radar by the day
`ground_units`          running costs of a day ready;       the whole cost of a day ready, with a share of the price
                        ships: of days at sea; shelters:    of the unit; ships: of every hull, at sea or not;
                        their price, written off            shelters: the same
`losses`                aircraft expected to be lost, at    the same
                        the price of another
`aid`                   the units: rounds, bursts, drones   the units over 1 - overhead: launchers, guns and light
                        with their share of crew and        aircraft with their crews, transport, administration
                        radar; protection of the grid
======================  ==================================  ========================================================

Incremental is what a government spends beyond what it would have spent anyway. Fully loaded is what the activity
takes if nothing comes free. Neither holds the cost of what the aircraft then do not do elsewhere, or of a war. Losses
are accidents, aircraft shot down and fratricide: the expected numbers of the incidents times a price, so that a loss
that is unlikely costs little every day.

Amounts are EUR at prices of `PRICE_YEAR`, US dollars being turned at `usd_per_eur`; the report says what to multiply
them by for euros of the next year. Source: domain notes B3 to B5.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.errors import SkyShieldError
from skyshield.core.units import parse_quantity
from skyshield.core.vocabulary import BOUNDARIES, Boundary
from skyshield.forces.capabilities import eur

PRICE_YEAR = 2025

_SECONDS_PER_HOUR = 3600.0
_SECONDS_PER_DAY = 86400.0


def _money(value: object) -> object:
    try:
        amount = parse_quantity(value, "EUR", "")
    except SkyShieldError as error:
        raise PydanticCustomError("quantity", "{what}; {remedy}",
                                  {"what": error.what, "remedy": error.remedy}) from None
    if amount < 0.0:
        raise PydanticCustomError("money", "{what}; {remedy}", {"what": f"is {value!r}, a negative amount",
                                                               "remedy": "give an amount from 0 EUR"})
    return value


Money = Annotated[str, BeforeValidator(_money)]


@dataclass(frozen=True)
class Prices:
    """What a unit costs on a boundary, EUR of `PRICE_YEAR`; f8[vector] each.

    Attributes
    ----------
    flight_hour_eur, tanker_hour_eur
        Of a fighter and of a tanker.
    fighter_day_eur
        People and basing of a deployed fighter.
    fighter_lost_eur, friendly_lost_eur
        Another fighter for one of the coalition's own, and for one of Ukraine's.
    early_warning_lost_eur, tanker_lost_eur
        Another aircraft for one that is lost.
    ground_share
        Share of what a ground-based unit kept ready costs a day that counts.
    """

    flight_hour_eur: Floats
    tanker_hour_eur: Floats
    fighter_day_eur: Floats
    fighter_lost_eur: Floats
    friendly_lost_eur: Floats
    early_warning_lost_eur: Floats
    tanker_lost_eur: Floats
    ground_share: Floats


def price_list(parameters: Parameters, boundary: Boundary) -> Prices:
    """Return the prices that do not depend on the kind of shooter or sensor.

    Parameters
    ----------
    parameters
        Numbers by catalogue key, SI units.
    boundary
        ``incremental`` or ``fully_loaded``, see the table at the top.

    Raises
    ------
    SkyShieldError
        If the boundary is not a known one.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> class References:
    ...     def __getitem__(self, name):
    ...         return np.array([load_catalogue()[name].reference_si])
    >>> [float(price_list(References(), one).flight_hour_eur[0].round()) for one in BOUNDARIES]
    [30973.0, 11062.0]
    """
    check_boundary(boundary)
    loaded = boundary == "fully_loaded"
    person = parameters["deployed_people_day"] * parameters["people_per_deployed_fighter"]
    share = parameters["ground_unit_running_share"]
    return Prices(
        hour_eur(parameters, "fighter_hour", loaded), hour_eur(parameters, "tanker_hour", loaded),
        (person + parameters["basing_aircraft_day"]) * _SECONDS_PER_DAY, eur(parameters, "fighter_price"),
        eur(parameters, "ukrainian_fighter_price"), eur(parameters, "aew_unit_price"), eur(parameters, "tanker_price"),
        np.ones_like(share) if loaded else share)


def hour_eur(parameters: Parameters, key: str, loaded: bool) -> Floats:
    """Return f8[vector]: an hour of fighters, tankers or early warning, EUR."""
    return np.asarray(eur(parameters, f"{key}_total" if loaded else f"{key}_marginal") * _SECONDS_PER_HOUR)


def check_boundary(boundary: str) -> None:
    """Refuse a boundary that is not one of `BOUNDARIES`."""
    if boundary not in BOUNDARIES:
        raise SkyShieldError(f"boundary {boundary!r}", "is not a boundary of costs", f"use {' or '.join(BOUNDARIES)}")


def expected_engagements(p_kill: Floats, salvo: Floats, most: Floats) -> Floats:
    """Return how many engagements a threat takes on average: shoot, look, shoot again, at most `most` times.

    With q = 1 - (1 - p)^n the probability that a salvo of n shots hits, m engagements at most are
    (1 - (1 - q)^m) / q on average.

    Parameters
    ----------
    p_kill, salvo, most
        Probability that a shot hits, above 0; shots in an engagement; engagements of one threat.

    Examples
    --------
    >>> expected_engagements(np.array([0.5, 0.5]), np.array([1.0, 2.0]), np.array([2.0, 2.0])).tolist()
    [1.5, 1.25]
    """
    hit = 1.0 - (1.0 - p_kill) ** salvo
    return np.asarray((1.0 - (1.0 - hit) ** most) / hit)
