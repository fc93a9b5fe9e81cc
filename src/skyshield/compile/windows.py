"""The rules of every option as windows along the routes, those of one that was seen before without working them out."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from skyshield.compile.kept import Kept
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import CLASSES
from skyshield.engine import Rules
from skyshield.raids.geography import RouteTable
from skyshield.rules import RulesOfEngagement, prepare_rules
from skyshield.scenario import Option
from skyshield.theatre import Theatre

_NO_AIMS = np.zeros(0, np.uint8)


def rules_of(options: Sequence[Option], theatre: Theatre, drawn: RouteTable, aim_in_area: Flags,
             shared: Kept[object] | None = None) -> Rules:
    """Return the rules of options, of which `shared` keeps those of each for the map and its routes.

    Parameters
    ----------
    options
        Of a scenario; one that does not shoot has no windows.
    theatre, drawn
        The map and its routes.
    aim_in_area
        u1[aim]: inside the scenario's protected area.
    shared
        Of this map alone.
    """
    rules = [option.rules if option.fires else None for option in options]
    if shared is None:
        return prepare_rules(rules, CLASSES, theatre, drawn.x_m, drawn.y_m, aim_in_area)

    every = [_of_one(rule, theatre, drawn, shared) for rule in rules]
    width = max(one.window_start_m.shape[2] for one in every)
    return Rules(np.concatenate([one.class_allowed for one in every]),
                 np.concatenate([_wide(one.window_start_m, width) for one in every]),
                 np.concatenate([_wide(one.window_end_m, width) for one in every]),
                 np.concatenate([one.crosses_declared for one in every]),
                 np.concatenate([one.refused_by for one in every]), aim_in_area)


def _of_one(rule: RulesOfEngagement | None, theatre: Theatre, drawn: RouteTable, shared: Kept[object]) -> Rules:
    """Return the rules of one option, as `prepare_rules` has them."""
    def make() -> Rules:
        return prepare_rules([rule], CLASSES, theatre, drawn.x_m, drawn.y_m, _NO_AIMS)

    return cast("Rules", shared.get(("windows", None if rule is None else rule.model_dump_json()), make))


def _wide(edges_m: Floats, width: int) -> Floats:
    """Return edges [option, route, window] with room for so many windows."""
    return np.pad(edges_m, ((0, 0), (0, 0), (0, width - edges_m.shape[2])), constant_values=np.inf)
