"""Rules as arrays: for every option and route, the parts of the route where shooting is allowed.

The option's *declared* zone is its zone clause inside Ukraine's own territory; its *effective* zone is
what the stand-offs leave of it. Threats may be engaged inside the effective zone only; those that cross
the declared zone alone are remembered as refused by the stand-offs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.rules.clauses import RulesOfEngagement
from skyshield.theatre import Theatre, own_plane, standoff_area, zone_polygon
from skyshield.theatre.crossing import inside_parts

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class RuleArrays:
    """Rules of all options; the axes are those of `skyshield.engine.world.Rules`."""

    class_allowed: Flags
    window_start_m: Floats
    window_end_m: Floats
    crosses_declared: Flags


def prepare_rules(rules: Sequence[RulesOfEngagement | None], classes: Sequence[str], theatre: Theatre, x_m: Floats,
                  y_m: Floats) -> RuleArrays:
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

    Raises
    ------
    SkyShieldError
        If a zone cannot be built; the message names the zone, not the option.
    """
    allowed = np.zeros((len(rules), len(classes)), np.uint8)
    declared = np.zeros((len(rules), len(x_m)), np.uint8)
    parts = [(np.full((len(x_m), 1), np.inf), np.full((len(x_m), 1), np.inf)) for _ in rules]
    for option, rule in enumerate(rules):
        if rule is None:
            continue
        allowed[option] = [rule.target_classes is None or name in rule.target_classes for name in classes]
        area = own_plane(theatre) if rule.zone is None else zone_polygon(theatre, rule.zone.zone())
        declared[option] = np.isfinite(inside_parts(x_m, y_m, area)[0][:, 0])
        kept = area.intersection(standoff_area(
            theatre, russia_m=rule.standoff_m("russia"), front_m=rule.standoff_m("front"),
            belarus_m=rule.standoff_m("belarus")))
        parts[option] = inside_parts(x_m, y_m, kept)
    width = max((start.shape[1] for start, _ in parts), default=1)
    window = np.full((2, len(rules), len(x_m), width), np.inf)
    for option, (start, end) in enumerate(parts):
        window[0, option, :, :start.shape[1]] = start
        window[1, option, :, :end.shape[1]] = end
    return RuleArrays(allowed, window[0], window[1], declared)
