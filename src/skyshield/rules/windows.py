"""Rules as arrays: for every option and route, the parts of the route where shooting is allowed.

The option's *declared* zone is its zone clause inside Ukraine's own territory; its *effective* zone is
what the clauses about distance leave of it: the stand-offs, the buffer for crewed aircraft on top of
each, and the discs round cities where debris would fall on people. Threats may be engaged inside the
effective zone only. For a route that crosses the declared zone and has no window, the clause to blame
is remembered: the first of `REFUSING_CLAUSES` that would open a window if it alone were dropped, or
`SEVERAL` if none alone would.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from skyshield.core.arrays import Booleans, Flags, Floats, Integers
from skyshield.core.vocabulary import BLAMED, REFUSING_CLAUSES
from skyshield.engine import Rules
from skyshield.rules.clauses import RulesOfEngagement
from skyshield.theatre import Theatre, built_up_area, own_plane, standoff_area, zone_polygon
from skyshield.theatre.crossing import inside_parts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


REFUSED_BY = ("none", *BLAMED)  # the name of each code
NOT_REFUSED, SEVERAL = 0, len(BLAMED)


def declared_area(theatre: Theatre, rules: RulesOfEngagement) -> "BaseGeometry":
    """Return the declared zone on the plane.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> round(declared_area(load_theatre(), RulesOfEngagement()).area / 1e6, -4)
    480000.0
    """
    return own_plane(theatre) if rules.zone is None else zone_polygon(theatre, rules.zone.zone())


def effective_area(theatre: Theatre, rules: RulesOfEngagement) -> "BaseGeometry":
    """Return the effective zone on the plane; it may be empty.

    Raises
    ------
    SkyShieldError
        If the zone cannot be built.

    Examples
    --------
    >>> from skyshield.theatre import load_theatre
    >>> theatre = load_theatre()
    >>> effective_area(theatre, RulesOfEngagement(debris="2000 km")).is_empty
    True
    """
    area = declared_area(theatre, rules)
    distances_m = {line: rules.min_distance_m(line) for line in ("russia", "front", "belarus")}
    if any(distances_m.values()):
        sea_m = 0.0 if rules.zone is None else rules.zone.zone().sea_m
        area = area.intersection(standoff_area(theatre, distances_m["russia"], distances_m["front"],
                                               distances_m["belarus"], sea_m=sea_m))
    return area.difference(built_up_area(theatre, rules.debris_m)) if rules.debris_m > 0.0 else area


def prepare_rules(rules: Sequence[RulesOfEngagement | None], classes: Sequence[str], theatre: Theatre, x_m: Floats,
                  y_m: Floats, aim_in_area: Flags) -> Rules:
    """Turn the rules of every option into windows along every route.

    Parameters
    ----------
    rules
        One entry an option; None for an option that does not shoot.
    classes
        Names of the threat classes in the engine's order.
    theatre
        The map.
    x_m, y_m
        f8[route, 3], the routes' points on the plane.
    aim_in_area
        u1[aim]: inside the scenario's protected area.

    Raises
    ------
    SkyShieldError
        If a zone cannot be built; the message names the zone, not the option.

    Examples
    --------
    A route from Russia over Chernihiv toward Kyiv; the stand-off alone closes it:

    >>> from skyshield.theatre import load_theatre
    >>> result = prepare_rules([RulesOfEngagement(standoff_russia="400 km", debris="5 km")], ("uav",), load_theatre(),
    ...                       np.array([[100e3, 50e3, 0.0]]), np.array([[380e3, 280e3, 180e3]]),
    ...                       np.ones(1, np.uint8))
    >>> bool(result.crosses_declared[0, 0]), REFUSED_BY[result.refused_by[0, 0]]
    (True, 'standoff_russia')
    """
    allowed = np.zeros((len(rules), len(classes)), np.uint8)
    declared = np.zeros((len(rules), len(x_m)), np.uint8)
    refused = np.zeros((len(rules), len(x_m)), np.int64)
    parts = [(np.full((len(x_m), 1), np.inf), np.full((len(x_m), 1), np.inf)) for _ in rules]
    first_option: dict[RulesOfEngagement, int] = {}  # rules that differ in classes or identification share geometry
    for option, rule in enumerate(rules):
        if rule is None:
            continue
        allowed[option] = [rule.target_classes is None or name in rule.target_classes for name in classes]
        same_geometry = first_option.setdefault(rule.without("target_classes").without("identification"), option)
        if same_geometry != option:
            declared[option], parts[option] = declared[same_geometry], parts[same_geometry]
            refused[option] = refused[same_geometry]
            continue
        declared[option] = _crosses(x_m, y_m, declared_area(theatre, rule))
        parts[option] = inside_parts(x_m, y_m, effective_area(theatre, rule))
        closed = (declared[option] == 1) & ~np.isfinite(parts[option][0][:, 0])
        refused[option, closed] = _refused_by(rule, theatre, x_m[closed], y_m[closed])
    width = max((start.shape[1] for start, _ in parts), default=1)
    window = np.full((2, len(rules), len(x_m), width), np.inf)
    for option, (start, end) in enumerate(parts):
        window[0, option, :, :start.shape[1]] = start
        window[1, option, :, :end.shape[1]] = end
    return Rules(allowed, window[0], window[1], declared, refused, aim_in_area)


def _crosses(x_m: Floats, y_m: Floats, area: "BaseGeometry") -> Booleans:
    return np.asarray(np.isfinite(inside_parts(x_m, y_m, area)[0][:, 0]))


def _refused_by(rule: RulesOfEngagement, theatre: Theatre, x_m: Floats, y_m: Floats) -> Integers:
    """Return i8[route]: which clause alone, dropped, would open a window on routes that have none."""
    codes = np.full(len(x_m), SEVERAL, np.int64)
    for code, clause in enumerate(REFUSING_CLAUSES, start=1):
        unresolved = np.flatnonzero(codes == SEVERAL)
        if len(unresolved) and getattr(rule, clause) is not None:
            opened = _crosses(x_m[unresolved], y_m[unresolved], effective_area(theatre, rule.without(clause)))
            codes[unresolved[opened]] = code
    return codes
