"""What a scenario may say but probably does not mean.

Two lists. `doubtful` is said by every command that reads a scenario to play it: a distance or a radius that the map
cannot tell from none, a city left out of the oblast around it, circles that hold the whole country, a zone that has no
ground in common with the protected area, two options that are one. `second_look` is for who writes the scenario:
places that an option's own rules leave without a shot, which a report tells anyway, and labels too long for a chart.

What the map can tell is the error of its lines and places (`Theatre.geometry_error_m`), not a number of this file.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from skyshield.core.units import parse_quantity
from skyshield.forces import ForcePackage, places_xy
from skyshield.rules import RulesOfEngagement, ZoneClause, declared_area, effective_area
from skyshield.scenario.model import Option, Scenario
from skyshield.theatre import Theatre, own_plane, plane_oblast, zone_polygon

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LONGEST_LABEL = 60  # letters that fit beside a bar of a chart
_KM = 1000.0
_MOST = 1 / 2


@dataclass(frozen=True)
class Finding:
    """Something a careful reader would ask about."""

    where: str
    what: str
    remedy: str


def doubtful(scenario: Scenario, theatre: Theatre) -> list[Finding]:
    """Return what is probably not meant, for everyone who plays the scenario."""
    own = scenario.without_dropped()  # options that price a clause repeat what the others say
    found = list(_of_zone(scenario.protected_area, theatre, "protected_area"))
    for option in own.options:
        where = f"options.{option.name}"
        found += _small_distances(option.rules, theatre, f"{where}.rules")
        if option.rules.zone is not None:
            found += _of_zone(option.rules.zone, theatre, f"{where}.rules.zone")
            found += _elsewhere(scenario, option, theatre, where)
    return [*found, *_twice(own)]


def second_look(scenario: Scenario, theatre: Theatre) -> list[Finding]:
    """Return what who writes the scenario may want to change, though it is played as it stands."""
    found: list[Finding] = []
    for option in scenario.options:
        where = f"options.{option.name}"
        found += _places_without_a_shot(option, theatre, where)
        if len(option.label) > LONGEST_LABEL and option.short is None:
            remedy = "shorten it, or give a short one too"
            found.append(Finding(f"{where}.label", f"has {len(option.label)} letters, more than {LONGEST_LABEL}, so "
                                 "charts break it", remedy))
    return found


def enclosed_left_out(clause: ZoneClause, theatre: Theatre) -> list[tuple[str, str]]:
    """Return the pairs of an oblast that a zone names and one that lies within it and is not named.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> enclosed_left_out(ZoneClause(scope="region", oblasts=("Kyiv", "Lviv")), load_theatre())
    [('Kyiv', 'Kyiv City')]
    """
    return [(outer, inner) for outer, inner in _enclosed(theatre)
            if outer in clause.oblasts and inner not in clause.oblasts]


@functools.lru_cache(maxsize=4)
def _enclosed(theatre: Theatre) -> tuple[tuple[str, str], ...]:
    """Return the pairs of an oblast and one that lies within its outer line."""
    import shapely

    shapes = {oblast.name: plane_oblast(theatre, oblast.name) for oblast in theatre.oblasts}
    filled = {name: shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])
              for name, shape in shapes.items()}
    return tuple((outer, inner) for outer in shapes for inner, shape in shapes.items()
                 if inner != outer and filled[outer].intersection(shape).area > _MOST * shape.area)


def _small_distances(rules: RulesOfEngagement, theatre: Theatre, where: str) -> Iterator[Finding]:
    """Yield a finding for each distance that the map cannot tell from none."""
    error = theatre.geometry_error_m
    lines = {"standoff_russia": error.border_russia, "standoff_front": error.control_line,
             "standoff_belarus": error.border_belarus, "crewed_buffer": min(error), "debris": min(error)}
    for clause, known_m in lines.items():
        written = getattr(rules, clause)
        if written is not None and 0.0 < (distance_m := parse_quantity(written, "m", clause)) < known_m:
            yield Finding(f"{where}.{clause}", _blurred(written, distance_m, known_m), _instead(written))


def _blurred(written: str, distance_m: float, known_m: float) -> str:
    in_km = "" if written.endswith(" km") else f", that is {distance_m / _KM:g} km"
    return f"is {written}{in_km}, less than the {known_m / _KM:g} km to which the map is known"


def _instead(written: str) -> str:
    number, _, unit = written.partition(" ")
    meant = f"write {number} km if that is meant" if unit.strip() in ("m", "metre", "metres", "meter", "meters") \
        else "check number and unit"
    return f"{meant}, or leave it out"


def _of_zone(clause: ZoneClause, theatre: Theatre, where: str) -> Iterator[Finding]:
    for outer, inner in enclosed_left_out(clause, theatre):
        yield Finding(f"{where}.oblasts", f"has {outer} oblast without {inner}, which lies in its middle and counts by "
                      "itself", f"add {inner}, or leave it as it is if the city is not meant")
    radius_m = clause.zone().radius_m
    if radius_m is None:
        return
    if radius_m < theatre.geometry_error_m.place:
        yield Finding(f"{where}.radius", _blurred(str(clause.radius), radius_m, theatre.geometry_error_m.place),
                      _instead(str(clause.radius)).replace("leave it out", "draw larger circles"))
    elif own_plane(theatre).difference(zone_polygon(theatre, clause.zone())).area <= 0.0:
        yield Finding(f"{where}.radius", f"is {clause.radius}, so that the circles hold all that Ukraine holds",
                      "make it smaller, or leave the zone out")


def _elsewhere(scenario: Scenario, option: Option, theatre: Theatre, where: str) -> Iterator[Finding]:
    area = zone_polygon(theatre, scenario.protected_area.zone())
    if option.fires and declared_area(theatre, option.rules).intersection(area).area <= 0.0:
        yield Finding(f"{where}.rules.zone", "has no ground in common with the protected area, in which threats are "
                      "counted", "move the zone or the protected area")


def _twice(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for each option that another one before it equals in all but its words."""
    for k, option in enumerate(scenario.options):
        for before in scenario.options[:k]:
            if (option.packages, option.rules, option.budget) == (before.packages, before.rules, before.budget):
                yield Finding(f"options.{option.name}", f"is {before.name} under another name, so both come out alike",
                              "change what is to differ, or leave one out")
                break


def _places_without_a_shot(option: Option, theatre: Theatre, where: str) -> Iterator[Finding]:
    """Yield one finding for the places outside the option's zone, and one for those its distances put outside.

    Cities are left to the debris clause, which takes a disc round each of them wherever an option stands.
    """
    if not any(package.fires for package in option.packages):
        return
    rules = option.rules.without("debris")
    names = list(dict.fromkeys(name for package in option.packages for name in served(package)))
    left = effective_area(theatre, rules)
    if left.is_empty:  # which the check says already
        return
    beyond = _outside(names, declared_area(theatre, rules), theatre)
    if beyond:
        yield Finding(where, f"serves {_listing(beyond)}, outside its own zone, where it may not shoot",
                      "widen the zone or serve other places")
    kept_off = [name for name in _outside(names, left, theatre) if name not in beyond]
    if kept_off:
        yield Finding(where, f"serves {_listing(kept_off)}, where its own distances forbid it to shoot",
                      "lower them or serve other places")


def served(package: ForcePackage) -> tuple[str, ...]:
    """Return the places within Ukraine over which or at which the shooters of a package stand."""
    return tuple(name for named in package.named_places() if named.sort == "place"
                 for name in named.names) if package.fires else ()


def _outside(names: list[str], area: "BaseGeometry", theatre: Theatre) -> list[str]:
    """Return the places that lie outside an area by more than a place is known to."""
    import shapely

    if not names:
        return []
    x_m, y_m = places_xy(theatre, names, "place")
    apart_m = np.asarray(shapely.distance(area, shapely.points(x_m, y_m)))
    return [name for name, far in zip(names, apart_m.tolist(), strict=True) if far > theatre.geometry_error_m.place]


def _listing(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

