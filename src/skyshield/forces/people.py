"""The coalition's people: who they are, how many, and whether they stand in Ukraine or outside it.

Crews are those of each battery, gun and interceptor-drone team, in shifts; a fighter has people on board over Ukraine
and `people_per_deployed_fighter` at its base. All of a place's people are at it all day while the option's forces are
there, ready or not. Headquarters, training teams, early-warning aircraft and their crews are not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from skyshield.core.arrays import Floats, Parameters
from skyshield.forces.fighters import FighterPackage, Member, places_xy
from skyshield.theatre import Theatre, own_plane

# Kinds of shooter with a crew where they stand, and the entry that says how many; fighters have none at their station.
CREWS: Mapping[str, str] = MappingProxyType({
    "irist": "people_per_battery", "nasams": "people_per_battery", "patriot": "people_per_patriot_battery",
    "guns": "people_per_gun", "drone_teams": "people_per_drone_team"})


@dataclass(frozen=True)
class Place:
    """A place with coalition people: position on the plane, people f8[vector], whether it is an air base."""

    x_m: float
    y_m: float
    people: Floats
    base: bool


def base_places(package: FighterPackage | None, members: Sequence[Member], theatre: Theatre,
                parameters: Parameters) -> list[Place]:
    """Return the bases of the members that take part in an option's fighters, with their people."""
    active = [member for member in members if member.active]
    if package is None or not active:
        return []
    aircraft = parameters[package.aircraft] if isinstance(package.aircraft, str) else float(package.aircraft)
    x, y = places_xy(theatre, [member.base for member in active], "base")
    people = aircraft * parameters["people_per_deployed_fighter"]
    at: dict[tuple[float, float], Floats] = {}
    for k, member in enumerate(active):
        here = float(x[k]), float(y[k])
        at[here] = at.get(here, 0.0 * people) + member.aircraft_share * people
    return [Place(*here, number, True) for here, number in at.items()]


def share_of_way_inside(theatre: Theatre, members: Sequence[Member], x_m: Floats, y_m: Floats) -> float:
    """Return how much of the way from the members' bases to the served places lies over Ukraine's own territory.

    Weighted by aircraft, as the way itself is (`fighters.mean_transit_m`); 0 without members.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> x, y = places_xy(load_theatre(), ["Lviv"], "place")
    >>> member = Member(name="one", base="Rzeszów", aircraft_share=1.0)
    >>> round(share_of_way_inside(load_theatre(), [member], x, y), 2)
    0.46
    """
    import shapely

    active = [member for member in members if member.active]
    if not active:
        return 0.0
    bx, by = places_xy(theatre, [member.base for member in active], "base")
    weight = np.array([member.aircraft_share for member in active])[:, None]
    ends = np.stack([np.stack(np.broadcast_arrays(bx[:, None], x_m), axis=-1),
                     np.stack(np.broadcast_arrays(by[:, None], y_m), axis=-1)], axis=-1)
    way = shapely.linestrings(ends.reshape(-1, 2, 2))
    held = shapely.length(shapely.intersection(way, own_plane(theatre))).reshape(len(active), -1)
    whole = shapely.length(way).reshape(len(active), -1)
    return float((weight * held).sum() / (weight * whole).sum())
