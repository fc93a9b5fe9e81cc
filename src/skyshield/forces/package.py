"""What every package of a scenario has in common, whatever forces, sensors or money it brings.

A kind of package is a class below this one. The scenario's union of packages, its checks and the report's words ask a
package for what they need, so that a new kind is known to them once it is registered (`skyshield.forces.PACKAGES`).
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Start = Literal["before_ceasefire", "after_ceasefire"]


class NamedPlaces(NamedTuple):
    """Names that a field of a package holds, and where they must be known: see `places_xy`."""

    field: str
    names: tuple[str, ...]
    sort: str


class ForcePackage(BaseModel, ABC):
    """A package of an option, as a scenario writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shoots: ClassVar[bool] = True
    kind: str
    start: Start = "before_ceasefire"

    @abstractmethod
    def named_places(self) -> tuple[NamedPlaces, ...]:
        """Return the places it names; a scenario with an unknown one is refused."""

    @abstractmethod
    def in_words(self) -> str:
        """Say what it brings, as a report does."""
