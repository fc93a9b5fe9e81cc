"""Interceptor-drone teams: a launch every few minutes, a stock for the night, few kills a sortie."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.capabilities import Capabilities, Placement, Weapon, by_class, day_eur, eur, ring_share
from skyshield.forces.package import Amount, Deployment, ForcePackage, by_key
from skyshield.forces.people import Place, crew_places
from skyshield.forces.places import NamedPlaces, places_xy

_SECONDS_PER_DAY = 86400.0


class DroneTeamPackage(ForcePackage):
    """Interceptor-drone teams: how many at each place."""

    fires: ClassVar[bool] = True
    kind: Literal["drone_teams"]
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=32)]
    per_place: Annotated[int, Field(ge=1, le=64, strict=True)] = 1

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places they stand at."""
        return (NamedPlaces("places", self.places, "place"),)

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its teams, place by place."""
        x, y = places_xy(deployment.theatre, self.places, "place")
        parameters = deployment.parameters
        share = ring_share(parameters["team_reach"], parameters["approach_ring_radius"])
        return [Placement("drone_teams", float(a), float(b), parameters["team_availability"],
                          ring_from=np.mod(ring * share, 1.0), ring_share=share)
                for a, b in zip(x, y, strict=True) for ring in range(self.per_place)]

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the crew of each, where it stands."""
        return crew_places(self.placements(deployment), deployment.parameters)

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return its teams."""
        number = len(self.places) * self.per_place
        return {"drone_teams": np.full_like(deployment.parameters["team_availability"], number)}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return f"interceptor-drone teams, {self.per_place} at each place"


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
