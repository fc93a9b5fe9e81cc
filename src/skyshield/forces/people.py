"""The coalition's people: who they are, how many, and whether they stand in Ukraine or outside it.

Crews are those of each battery, gun and interceptor-drone team, in shifts; a fighter has people on board over Ukraine
and others at its base. All of a place's people are at it all day while their package is there, ready or not.
Headquarters, training teams, early-warning aircraft and their crews are not counted. Which kinds of shooter have a
crew, and which entries of the catalogue say how many there are, is in `data/people.yaml`.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from skyshield.core.arrays import Floats, Parameters
from skyshield.core.files import read_yaml
from skyshield.forces.capabilities import Placement

TABLE = Path(__file__).parent / "data" / "people.yaml"
PeopleRole = Literal["crews", "soldiers", "sailors"]


@dataclass(frozen=True)
class Place:
    """A place with coalition people: position on the plane, people f8[vector].

    `crew` says that they are one shooter's: two such places at one spot are two. Others at one spot, such as those of
    two members at a base, are one place. `role` is whose they are: crews of shooters and of bases, soldiers of a ground
    force, sailors of a ship at sea. What is None stands as for all crews (the catalogue's entries on places).

    Attributes
    ----------
    footprint_m2
        f8[vector], the area on which an armed threat that comes down hits them.
    casualty_share
        f8[vector], share of the people there that a strike costs on average.
    deliberate_per_day
        f8[vector], strikes aimed at the place a day, in war.
    """

    x_m: float
    y_m: float
    people: Floats
    crew: bool = False
    role: PeopleRole = "crews"
    footprint_m2: Floats | None = None
    casualty_share: Floats | None = None
    deliberate_per_day: Floats | None = None


@dataclass(frozen=True)
class PeopleTable:
    """Who stands where, by the names of the catalogue's entries.

    Attributes
    ----------
    crews
        Entry by kind of shooter; a kind that is not in it has nobody where it stands.
    on_board, at_base
        Entries: people for each aircraft.
    """

    crews: Mapping[str, str]
    on_board: str
    at_base: str


@functools.cache
def people_table() -> PeopleTable:
    """Return the shipped table.

    Examples
    --------
    >>> people_table().crews["guns"], people_table().on_board
    ('people_per_gun', 'people_on_board')
    """
    content = read_yaml(TABLE)
    return PeopleTable(MappingProxyType(content["crews"]), content["on_board"], content["at_base"])


def crew_places(placements: Sequence[Placement], parameters: Parameters) -> list[Place]:
    """Return the places of those shooters that have a crew where they stand, in their order.

    Examples
    --------
    >>> import numpy as np
    >>> shooters = [Placement("guns", 0.0, 0.0, np.ones(1)), Placement("fighters", 0.0, 0.0, np.ones(1))]
    >>> [place.people.tolist() for place in crew_places(shooters, {"people_per_gun": np.array([8.0])})]
    [[8.0]]
    """
    crews = people_table().crews
    return [Place(one.x_m, one.y_m, parameters[crews[one.kind]], crew=True) for one in placements if one.kind in crews]
