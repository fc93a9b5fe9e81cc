"""What every package of a scenario says of itself, whatever forces, sensors or money it brings.

A kind of package is a class below this one. Whoever needs something of packages asks each for it and adds up: the
compiler where shooters and people stand, on which days they are there, what they see and what a day of them costs
whatever the raid; the scenario's checks which places and entries it names; reports its words. So a new kind is known
to them once it is registered (`skyshield.forces.PACKAGES`). What a package does not override is what most have:
nothing.

Three things are kept apart. A package `fires` if it has shooters; it is there on the days of its `presence`, with its
people at risk, whether it fires or not; and its `role` says under which heading an option that holds it is listed.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from skyshield.core.arrays import Flags, Floats, Parameters
from skyshield.core.vocabulary import Boundary
from skyshield.forces.aid_lines import Counts, Where
from skyshield.forces.capabilities import Placement
from skyshield.forces.members import Member
from skyshield.forces.people import Place
from skyshield.forces.places import NamedPlaces
from skyshield.theatre import Theatre

Start = Literal["before_ceasefire", "after_ceasefire"]
Role = Literal["forces", "sensors", "aid"]
ROLES: tuple[Role, ...] = ("forces", "sensors", "aid")  # an option has the first of these that one of its packages has
_FROM_PHASE: dict[Start, str | None] = {"before_ceasefire": None, "after_ceasefire": "ceasefire"}


Amount = Callable[[str, str], str]  # how a report says an entry of the catalogue, by its key and what it counts


def by_key(key: str, what: str) -> str:
    """Name a number that is drawn from the catalogue by its entry.

    Examples
    --------
    >>> by_key("skyshield_aircraft", "fighters")
    'fighters (skyshield_aircraft)'
    """
    return f"{what} ({key})"


class Deployment(NamedTuple):
    """What a package needs to know to say where it stands: whose it is, on which map, by which numbers."""

    members: Sequence[Member]
    theatre: Theatre
    parameters: Parameters  # by catalogue key, SI units, f8[vector] each


class NamedEntry(NamedTuple):
    """A key of the catalogue that a field of a package holds, and the SI unit its entry must have."""

    field: str
    key: str
    unit: str


class SensorPlacement(NamedTuple):
    """Sensors of one sort (`skyshield.forces.sensors.SENSORS`) and the places they stand at; none for a network."""

    sort: str
    places: tuple[str, ...]


class Fleet(NamedTuple):
    """Fighters of a package, f8[vector] each; those on ground alert are among the others."""

    aircraft: Floats
    crews: Floats
    alert_aircraft: Floats
    alert_crews: Floats
    surge: Floats  # patrols flown on a night that is taken for massed, over those of the pace
    rest: Floats  # the same on other nights


class AidTerms(NamedTuple):
    """On which terms a package gives money to Ukraine's own defence: see `skyshield.forces.aid`."""

    twin_of: str | None  # the option whose planned cost it spends ...
    budget_eur: float | None  # ... or this, for the period; one of the two is None
    where: Where
    boundary: Boundary
    counts: Counts
    ordered_before_days: int
    protection_share: float = 0.0  # of the budget, for protection of the grid


class ForcePackage(BaseModel, ABC):
    """A package of an option, as a scenario writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fires: ClassVar[bool] = False
    flies: ClassVar[bool] = False
    needs_agreement: ClassVar[bool] = True  # it is there when the zone's lead time is over; else at once
    role: ClassVar[Role] = "forces"
    lead_time_key: ClassVar[str] = ""  # of the catalogue, how long it takes to be there; empty: the zone's lead time
    kind: str
    start: Start = "before_ceasefire"

    @abstractmethod
    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places it names; a scenario with an unknown one is refused."""

    @abstractmethod
    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings, as a report does; `amount` says a number that is drawn from the catalogue."""

    def named_entries(self) -> tuple[NamedEntry, ...]:
        """Return the catalogue's entries it names; a scenario with an unknown one is refused."""
        return ()

    def presence(self, phases: Sequence[str], lead_days: int = 0) -> Flags:
        """Return u1[day]: it is there.

        Parameters
        ----------
        phases
            The phase that holds on each day of the period, by name.
        lead_days
            Days of the period before which nothing of a zone is there.
        """
        wanted, first = _FROM_PHASE[self.start], lead_days if self.needs_agreement else 0
        return np.array([day >= first and (wanted is None or phase == wanted) for day, phase in enumerate(phases)],
                        np.uint8)

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its shooters, in the order of their slots; empty unless it `fires`."""
        del deployment
        return []

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the places on the ground at which it has people, all day on every day of its presence."""
        del deployment
        return []

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return how many units it needs of each capability that states have, f8[vector] each.

        The names are those of `skyshield.forces.coalition.CAPABILITIES`; what an option costs is worked out elsewhere.
        """
        del deployment
        return {}

    def sensors(self, deployment: Deployment) -> tuple[SensorPlacement, ...]:
        """Return its sensors, which improve the picture of all shooters of the option."""
        del deployment
        return ()

    def standing_eur(self, boundary: Boundary, deployment: Deployment) -> dict[str, Floats]:
        """Return by line of cost what a day of its presence costs whatever the raid, f8[vector], EUR of the price year.

        What has a price and is used, such as flight hours, shots and shooters kept ready, is not in it.
        """
        del boundary, deployment
        return {}

    def fleet(self, deployment: Deployment) -> Fleet | None:
        """Return its fighters; None unless it `flies`. An option has at most one package that does."""
        del deployment
        return None

    def share_of_way_inside(self, deployment: Deployment) -> float:
        """Return how much of its fighters' way from base to station lies over Ukraine's own territory, from 0 to 1."""
        del deployment
        return 0.0

    def aid(self) -> AidTerms | None:
        """Return on which terms it gives money to Ukraine's own defence; None if it gives none."""
        return None
