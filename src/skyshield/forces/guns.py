"""Guns round cities and sites: short reach, cheap, one threat at a time."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.capabilities import Capabilities, Placement, Weapon, by_class, day_eur, eur, horizon_m, ring_share
from skyshield.forces.package import Amount, Deployment, ForcePackage, by_key
from skyshield.forces.people import Place, crew_places
from skyshield.forces.places import NamedPlaces, places_xy

_SECONDS_PER_DAY = 86400.0


class GunPackage(ForcePackage):
    """Guns: how many at each place."""

    fires: ClassVar[bool] = True
    kind: Literal["guns"]
    places: Annotated[tuple[str, ...], Field(min_length=1, max_length=32)]
    per_place: Annotated[int, Field(ge=1, le=32, strict=True)] = 1

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places they stand at."""
        return (NamedPlaces("places", self.places, "place"),)

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its guns, place by place."""
        x, y = places_xy(deployment.theatre, self.places, "place")
        parameters = deployment.parameters
        share = ring_share(parameters["gun_range"], parameters["approach_ring_radius"])
        return [Placement("guns", float(a), float(b), parameters["gun_availability"],
                          ring_from=np.mod(ring * share, 1.0), ring_share=share)
                for a, b in zip(x, y, strict=True) for ring in range(self.per_place)]

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the crew of each, where it stands."""
        return crew_places(self.placements(deployment), deployment.parameters)

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return its guns."""
        return {"guns": np.full_like(deployment.parameters["gun_availability"], self.per_place * len(self.places))}

    def deters(self, deployment: Deployment) -> dict[str, Floats]:
        """Return nothing: guns guard a place and make no zone."""
        del deployment
        return {}

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return f"guns, {self.per_place} at each place"


def capabilities(parameters: Parameters) -> Capabilities:
    """Return what a gun can do: UAVs only, within a few kilometres."""
    rounds = parameters["gun_engagements_per_load"]
    return Capabilities(
        n_channels=np.ones_like(rounds), engagement_time_s=parameters["gun_engagement_time"],
        renewal_time_s=parameters["gun_reload_time"],
        weapons=(Weapon("gun", rounds, parameters["gun_range"], by_class(parameters, "gun_pk_in_reach", None, None),
                        eur(parameters, "gun_engagement_cost"), parameters["gun_stock"],
                        parameters["gun_resupply"] * _SECONDS_PER_DAY),),
        p_track=parameters["gun_track_probability"], track_rho=parameters["battery_track_rho"],
        sees_m=horizon_m(parameters, "radar_mast_height"), day_cost_eur=day_eur(parameters, "gun_day_cost"),
        cued_by_sound=True)
