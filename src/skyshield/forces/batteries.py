"""Ground-based missile batteries, on Ukrainian soil or on a neighbour's reaching in.

A battery has channels (threats it can engage at a time), ready rounds, a time to reload, and a reach around its
place: the smaller of its missiles' reach and the radar horizon of its mast. A Patriot battery looks into a sector; the
others all round. Positions are cities and bases at the theatre's coarse grid, never real sites.
"""

import math
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.capabilities import Capabilities, Placement, Weapon, by_class, day_eur, eur, horizon_m
from skyshield.forces.package import Amount, Deployment, ForcePackage, by_key
from skyshield.forces.people import Place, crew_places
from skyshield.forces.places import NamedPlaces, places_xy

_SECONDS_PER_DAY = 86400.0
SYSTEMS = ("irist", "nasams", "patriot")
_NAMES = {"irist": "IRIS-T SLM", "nasams": "NASAMS", "patriot": "Patriot"}
_COMPASS = {"east": 0.0, "north-east": 1.0, "north": 2.0, "north-west": 3.0, "west": 4.0, "south-west": 5.0,
            "south": 6.0, "south-east": 7.0}
Facing = Literal["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"]


class BatteryPackage(ForcePackage):
    """Batteries of one system: how many at each place, and where they look if they look into a sector."""

    fires: ClassVar[bool] = True
    kind: Literal["batteries"]
    system: Literal["irist", "nasams", "patriot"]
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=32)]
    per_place: Annotated[int, Field(ge=1, le=16, strict=True)] = 1
    stand: Literal["city", "base"] = "city"
    facing: Facing = "east"

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places they stand at."""
        return (NamedPlaces("places", self.places, "base" if self.stand == "base" else "place"),)

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its batteries, place by place."""
        parameters = deployment.parameters
        x, y = places_xy(deployment.theatre, self.places, "base" if self.stand == "base" else "place")
        ready = parameters["battery_availability"]
        half = float(parameters["patriot_sector"][0]) / 2.0 if self.system == "patriot" else math.pi
        facing = _COMPASS[self.facing] * math.pi / 4.0
        return [Placement(self.system, float(a), float(b), ready, facing, half)
                for a, b in zip(x, y, strict=True) for _ in range(self.per_place)]

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the crew of each, where it stands."""
        return crew_places(self.placements(deployment), deployment.parameters)

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return its batteries."""
        batteries = len(self.places) * self.per_place
        return {f"{self.system}_batteries": np.full_like(deployment.parameters["battery_availability"], batteries)}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return f"{_NAMES[self.system]} batteries, {self.per_place} at each place"


def _battery(parameters: Parameters, weapon: Weapon, day_cost: str) -> Capabilities:
    return Capabilities(
        n_channels=parameters["battery_channels"], engagement_time_s=parameters["battery_engagement_time"],
        renewal_time_s=parameters["battery_reload_time"], weapons=(weapon,),
        p_track=parameters["battery_track_probability"], track_rho=parameters["battery_track_rho"],
        sees_m=horizon_m(parameters, "radar_mast_height"), day_cost_eur=day_eur(parameters, day_cost))


def _supply(parameters: Parameters, system: str) -> tuple[Floats, Floats]:
    """Return f8[vector] each: rounds at the start of a campaign, and rounds a day."""
    return parameters[f"{system}_stock"], parameters[f"{system}_resupply"] * _SECONDS_PER_DAY


def irist(parameters: Parameters) -> Capabilities:
    """Return what an IRIS-T SLM battery can do: UAVs and cruise missiles, 40 km, all round."""
    return _battery(parameters, Weapon("sam", parameters["irist_ready_rounds"], parameters["irist_range"],
                                       by_class(parameters, "irist_pk", "irist_pk", None),
                                       parameters["irist_missile"], *_supply(parameters, "irist")), "battery_day_cost")


def nasams(parameters: Parameters) -> Capabilities:
    """Return what a NASAMS battery can do: UAVs and cruise missiles, 25 to 40 km, all round."""
    return _battery(parameters, Weapon("sam", parameters["nasams_ready_rounds"], parameters["nasams_range"],
                                       by_class(parameters, "nasams_pk", "nasams_pk", None),
                                       eur(parameters, "nasams_missile_price"), *_supply(parameters, "nasams")),
                    "battery_day_cost")


def patriot(parameters: Parameters) -> Capabilities:
    """Return what a Patriot battery can do: all classes, into a sector, ballistic missiles at a shorter reach.

    Both ways of firing take from one magazine.
    """
    far = Weapon("sam", parameters["patriot_ready_rounds"], parameters["patriot_range_aircraft"],
                 by_class(parameters, "patriot_pk_cruise", "patriot_pk_cruise", None), eur(parameters, "pac3mse_price"),
                 *_supply(parameters, "patriot"))
    near = replace(far, reach_m=parameters["patriot_range_ballistic"],
                   p_kill=by_class(parameters, None, None, "patriot_pk_ballistic"))
    return replace(_battery(parameters, far, "patriot_day_cost"), weapons=(far, near))
