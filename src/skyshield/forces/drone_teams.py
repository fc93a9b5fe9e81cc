"""Interceptor-drone teams: a launch every few minutes, a stock for the night, few kills a sortie."""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Parameters
from skyshield.forces.capabilities import Capabilities, Placement, Weapon, by_class, day_eur, eur
from skyshield.forces.fighters import Member, places_xy
from skyshield.forces.package import ForcePackage, NamedPlaces
from skyshield.theatre import Theatre

_SECONDS_PER_DAY = 86400.0


class DroneTeamPackage(ForcePackage):
    """Interceptor-drone teams: how many at each place."""

    kind: Literal["drone_teams"]
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=32)]
    per_place: Annotated[int, Field(ge=1, le=64, strict=True)] = 1

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places they stand at."""
        return (NamedPlaces("places", self.places, "place"),)

    def in_words(self) -> str:
        """Say what it brings."""
        return f"interceptor-drone teams, {self.per_place} at each place"


def placements(package: DroneTeamPackage, members: Sequence[Member], theatre: Theatre,
               parameters: Parameters) -> list[Placement]:
    """Return the teams of a package, place by place."""
    del members
    x, y = places_xy(theatre, package.places, "place")
    return [Placement("drone_teams", float(a), float(b), parameters["team_availability"])
            for a, b in zip(x, y, strict=True) for _ in range(package.per_place)]


def capabilities(parameters: Parameters) -> Capabilities:
    """Return what a team can do: UAVs only; its drones are guided to them, so no radar of its own bounds its reach."""
    reach = parameters["team_reach"]
    return Capabilities(
        n_channels=np.ones_like(reach), engagement_time_s=parameters["team_engagement_time"],
        renewal_time_s=np.full_like(reach, _SECONDS_PER_DAY),
        weapons=(Weapon("interceptor_drone", parameters["team_drones_per_night"], reach,
                        by_class(parameters, "intercept_drone_kill_per_sortie", None, None),
                        eur(parameters, "intercept_drone_price"), parameters["team_stock"],
                        parameters["team_resupply"] * _SECONDS_PER_DAY),),
        p_track=parameters["team_track_probability"], track_rho=parameters["battery_track_rho"],
        sees_m=np.repeat(reach[:, None], 3, axis=1), day_cost_eur=day_eur(parameters, "team_day_cost"),
        cued_by_sound=True)
