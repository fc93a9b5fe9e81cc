"""Shelters for soldiers: places, their price, and what they save of a strike's casualties.

Of the people at a hub those who have a place are hurt less: the casualty share of each hub becomes f (1 - s c), s being
the share saved in a shelter and c the places over the soldiers, at most 1. A strike is as likely as before.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import Boundary
from skyshield.forces.money import check_boundary
from skyshield.forces.package import Amount, Deployment, ForcePackage, Shelter, by_key
from skyshield.forces.people import Place
from skyshield.forces.places import NamedPlaces

_SECONDS_PER_DAY = 86400.0


class ShelterPackage(ForcePackage):
    """Shelters for so many people of the ground force that is there with them."""

    lead_time_key: ClassVar[str] = "ground_deployment_time"
    kind: Literal["shelters"]
    people_sheltered: Annotated[int, Field(ge=1, le=200_000, strict=True)]

    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return none: they stand at the hubs of the force."""
        return ()

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return their price, written off over their life; nothing comes free on either boundary."""
        check_boundary(boundary)
        parameters = deployment.parameters
        a_day = parameters["shelter_place_price"] * _SECONDS_PER_DAY / parameters["shelter_life"]
        return {"ground_units": np.asarray(self.people_sheltered * a_day)}

    def shelter(self, deployment: Deployment) -> Shelter:
        """Return its places and the share of casualties they save."""
        saved = deployment.parameters["shelter_casualty_cut"]
        return Shelter(np.full_like(saved, float(self.people_sheltered)), saved)

    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings."""
        del amount
        return f"shelters for {self.people_sheltered:,} soldiers"


def sheltered(places: Sequence[Place], shelters: Sequence[Shelter | None]) -> list[Place]:
    """Return places with people as shelters leave them: those of soldiers with a smaller casualty share.

    Parameters
    ----------
    places
        Of packages that are there together.
    shelters
        What those packages say of shelters, None for those that bring none.

    Examples
    --------
    >>> half = np.array([0.5])
    >>> camp = Place(0.0, 0.0, np.array([200.0]), role="soldiers", casualty_share=0.2 * half)
    >>> sheltered([camp], [Shelter(np.array([100.0]), half), None])[0].casualty_share.round(6).tolist()
    [0.075]
    """
    there = [one for one in shelters if one is not None]
    soldiers = sum((place.people for place in places if place.role == "soldiers"), np.zeros(1))
    if not there or not np.any(soldiers > 0.0):
        return list(places)
    room = sum((one.people for one in there), np.zeros(1))
    saved = sum((one.people * one.saved for one in there), np.zeros(1)) / room
    covered = np.minimum(1.0, np.divide(room, soldiers, out=np.ones_like(room + soldiers), where=soldiers > 0.0))
    left = 1.0 - covered * saved
    return [place if place.role != "soldiers" or place.casualty_share is None
            else replace(place, casualty_share=np.asarray(place.casualty_share * left)) for place in places]


