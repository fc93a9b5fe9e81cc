"""Packages that no scenario ships: made up to show what a package may be."""

import dataclasses
from typing import ClassVar

import numpy as np

from skyshield.compile.world import prepare_context
from skyshield.forces import ForcePackage, Place, places_xy
from support.studies import resolved


class Plain(ForcePackage):
    """Overrides nothing that it need not."""

    kind: str = "plain"

    def named_places(self):
        """Return none: nothing checks them."""
        return ()

    def in_words(self, amount=None):
        """Say what it brings."""
        return "nothing"


class Contingent(Plain):
    """Soldiers at one place, with a price, who shoot at nothing: never registered."""

    kind: str = "contingent"
    place: str = "Lviv"
    soldiers: ClassVar[float] = 500.0
    day_eur: ClassVar[float] = 1e5

    def in_words(self, amount=None):
        """Say what it brings."""
        return f"{self.soldiers:.0f} soldiers"

    def people(self, deployment):
        """Return the soldiers at their place."""
        x, y = places_xy(deployment.theatre, [self.place], "place")
        return [Place(float(x[0]), float(y[0]), np.full_like(deployment.parameters["people_per_gun"], self.soldiers))]

    def standing_eur(self, boundary, deployment):
        """Return the same on both boundaries."""
        return {"people_and_basing": np.full_like(deployment.parameters["people_per_gun"], self.day_eur)}


def with_unregistered(scenario, **packages):
    """Return the context of a scenario with more packages, by option, that need not be registered."""
    options = tuple(option.model_copy(update={"packages": (*option.packages, *packages.get(option.name, ()))})
                    for option in scenario.options)
    return dataclasses.replace(prepare_context(resolved(scenario)),
                               scenario=scenario.model_copy(update={"options": options}))
