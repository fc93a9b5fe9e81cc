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
from collections.abc import Callable, Collection, Sequence
from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from skyshield.core.arrays import Flags, Floats, Parameters
from skyshield.core.vocabulary import Boundary
from skyshield.forces.aid_lines import Counts, Where
from skyshield.forces.capabilities import Placement
from skyshield.forces.members import Member
from skyshield.forces.montreux import Ship
from skyshield.forces.people import Place
from skyshield.forces.places import NamedPlaces
from skyshield.theatre import Theatre

Start = Literal["before_ceasefire", "at_ceasefire", "after_ceasefire", "in_a_few_years"]
Role = Literal["forces", "sensors", "aid"]
ROLES: tuple[Role, ...] = ("forces", "sensors", "aid")  # an option has the first of these that one of its packages has
_IN_PHASES: dict[str, tuple[str, ...]] = {"at_ceasefire": ("ceasefire", "in_a_few_years"),
                                          "after_ceasefire": ("ceasefire", "in_a_few_years"),
                                          "in_a_few_years": ("in_a_few_years",)}


START_WORDS = {"before_ceasefire": "while the war goes on", "at_ceasefire": "from the first day of a ceasefire",
               "after_ceasefire": "once a ceasefire holds", "in_a_few_years": "in a few years"}
# what members must have for a package: soldiers are the pool that relieves them too, frigates and minehunters hulls
CAPABILITIES = ("fighters", "soldiers", "irist_batteries", "nasams_batteries", "patriot_batteries", "guns",
                "drone_teams", "early_warning_aircraft", "tankers", "frigates", "minehunters", "money_eur_a_year")
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


class Shelter(NamedTuple):
    """Places in shelters for soldiers, and the share of a strike's casualties that one saves; f8[vector] each."""

    people: Floats
    saved: Floats


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
    needs_agreement: ClassVar[bool] = True  # it is there when a lead time is over; else at once
    lead_time_key: ClassVar[str] = ""  # the catalogue's entry for that lead time; none for the zone's
    role: ClassVar[Role] = "forces"
    kind: str
    start: Start | Annotated[int, Field(ge=1, strict=True)] = "before_ceasefire"

    @abstractmethod
    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places it names; a scenario with an unknown one is refused."""

    @abstractmethod
    def in_words(self, amount: Amount = by_key) -> str:
        """Say what it brings, as a report does; `amount` says a number that is drawn from the catalogue."""

    def named_entries(self) -> tuple[NamedEntry, ...]:
        """Return the catalogue's entries it names; a scenario with an unknown one is refused."""
        return ()

    def presence(self, phases: Sequence[str], lead_days: int = 0, decided_before_days: int = 0) -> Flags:
        """Return u1[day]: it is there.

        What starts before a ceasefire is there once its lead time since the decision is over, for good. What starts at
        a ceasefire is got ready before it, and is there from its first day on; what starts after it has its lead time
        counted from that day; both, and what starts in a few years, leave if the calendar has war again. With a number
        it is there from that day on, counted from 1.

        Parameters
        ----------
        phases
            The phase that the calendar has on each day of the period, by name.
        lead_days
            Days from the decision, or the ceasefire, until it is there; 0 if it needs no agreement.
        decided_before_days
            Days from the decision to the first day.
        """
        lead_days = lead_days if self.needs_agreement else 0
        ready, barred, run = max(0, lead_days - decided_before_days), self.absent_in(), 0
        result = np.zeros(len(phases), np.uint8)
        for day, phase in enumerate(phases):
            if isinstance(self.start, int):
                there = day >= self.start - 1
            elif self.start == "before_ceasefire":
                there = day >= ready
            else:
                run = run + 1 if phase in _IN_PHASES[self.start] else 0
                there = run > lead_days if self.start == "after_ceasefire" else run > 0 and day >= ready
            result[day] = there and phase not in barred
        return result

    def when(self) -> str:
        """Say when it starts, its lead time apart.

        Examples
        --------
        >>> from skyshield.forces.guns import GunPackage
        >>> GunPackage(kind="guns", places=("Lviv",), start=90).when()
        'from day 90 on'
        """
        return f"from day {self.start} on" if isinstance(self.start, int) else START_WORDS[self.start]

    def absent_in(self) -> frozenset[str]:
        """Return the phases in which it cannot be there, whatever its start."""
        return frozenset()

    def start_missing(self, phases: Collection[str], days: int) -> str:
        """Return in words the start that never comes in a period of so many days with these phases; empty if it does.

        Examples
        --------
        >>> from skyshield.forces.guns import GunPackage
        >>> GunPackage(kind="guns", places=("Lviv",), start="at_ceasefire").start_missing({"war"}, 30)
        'at_ceasefire'
        """
        if isinstance(self.start, int):
            return f"on day {self.start}" if self.start > days else ""
        wanted = _IN_PHASES.get(self.start, ())
        return self.start if wanted and not set(wanted) & set(phases) else ""

    def placements(self, deployment: Deployment) -> list[Placement]:
        """Return its shooters, in the order of their slots; empty unless it `fires`."""
        del deployment
        return []

    def people(self, deployment: Deployment) -> list[Place]:
        """Return the places on the ground at which it has people, all day on every day of its presence."""
        del deployment
        return []

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

    def needs(self, deployment: Deployment) -> dict[str, Floats]:
        """Return what members must have for it, f8[vector] by capability (`CAPABILITIES`)."""
        del deployment
        return {}

    def deters(self, deployment: Deployment) -> dict[str, Floats]:
        """Return what of it may move the hazard of renewed war, f8[vector] from 0 to 1 by name: zone, force, naval."""
        return {"zone": np.ones_like(deployment.parameters["usd_per_eur"])} if self.fires else {}

    def warships(self) -> tuple[Ship, ...]:
        """Return the ships it has in the Black Sea at one time that fall under the Convention of Montreux."""
        return ()

    def shelter(self, deployment: Deployment) -> Shelter | None:
        """Return the shelters it brings for soldiers; None if it brings none."""
        del deployment
        return None
