"""What becomes of a stream bound for each region: leaked, stopped by place, and how that moves with the own defence.

Pieces of routes are walked one after the other (`forces.regional`), with derivatives by the logarithms of the hazard
and of the strengths of west and south.
"""

import math

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel

LEAKED, STOPPED_WEST, STOPPED_SOUTH, REACHED_WEST = range(4)
N_OUTCOMES = 4
VALUE, BY_HAZARD, BY_WEST, BY_SOUTH = range(4)


@kernel
def alive_after(hazard: float, met: float, by_west: float, by_south: float) -> tuple[float, float, float, float]:
    """Return the share alive after so much was met, and its derivatives."""
    alive = math.exp(-hazard * met)
    scale = -hazard * alive
    return alive, scale * met, scale * by_west, scale * by_south


@kernel
def walk_routes(first: Integers, place: Integers, along: Floats, near_aim: Floats, region: Integers, weight: Floats,
                hazard: float, omega: float, strength: Floats, west: int, south: int, outcomes: Floats) -> None:
    """Fill `outcomes` [region bound for, outcome, value or derivative].

    Parameters
    ----------
    first
        i8[route + 1], the pieces of a route are those from first[route] on.
    place, along, near_aim
        [piece], as in `RouteHazard`; a place after the regions is the sea, which counts for the south.
    region
        i8[route], bound for.
    weight
        f8[route], share of the threats bound for its region.
    hazard, omega
        Of the night; share of hazard along the way.
    strength
        f8[place].
    west, south
        Which regions these are.
    outcomes
        f8[region, outcome, 4].
    """
    outcomes[:] = 0.0
    sea = strength.shape[0] - 1
    for route in range(region.shape[0]):
        bound_for, share = region[route], weight[route]
        if share == 0.0:
            continue
        met, by_west, by_south, alive = 0.0, 0.0, 0.0, 1.0
        d_hazard, d_west, d_south = 0.0, 0.0, 0.0
        reached, is_current = False, True  # `alive` and its derivatives are those of `met`
        at_aim = (1.0 - omega) * strength[bound_for]
        for piece in range(first[route], first[route + 1]):
            where = place[piece]
            in_west, in_south = where == west, where in (south, sea)
            if (in_west or in_south) and not is_current:
                alive, d_hazard, d_west, d_south = alive_after(hazard, met, by_west, by_south)
            if in_west and not reached:
                reached = True
                for k, value in enumerate((alive, d_hazard, d_west, d_south)):
                    outcomes[bound_for, REACHED_WEST, k] += share * value
            way, aim = omega * along[piece] * strength[where], near_aim[piece] * at_aim
            met += way + aim
            if in_west:
                by_west += way
            elif in_south:
                by_south += way
            if bound_for == west:
                by_west += aim
            elif bound_for == south:
                by_south += aim
            is_current = in_west or in_south
            if not is_current:
                continue
            before, before_hazard, before_west, before_south = alive, d_hazard, d_west, d_south
            alive, d_hazard, d_west, d_south = alive_after(hazard, met, by_west, by_south)
            outcome = STOPPED_WEST if in_west else STOPPED_SOUTH
            outcomes[bound_for, outcome, VALUE] += share * (before - alive)
            outcomes[bound_for, outcome, BY_HAZARD] += share * (before_hazard - d_hazard)
            outcomes[bound_for, outcome, BY_WEST] += share * (before_west - d_west)
            outcomes[bound_for, outcome, BY_SOUTH] += share * (before_south - d_south)
        if not is_current:
            alive, d_hazard, d_west, d_south = alive_after(hazard, met, by_west, by_south)
        for k, value in enumerate((alive, d_hazard, d_west, d_south)):
            outcomes[bound_for, LEAKED, k] += share * value


@kernel
def walk_vectors(first: Integers, place: Integers, along: Floats, near_aim: Floats, region: Integers, weight: Floats,
                 hazard: Floats, omega: Floats, strength: Floats, west: int, south: int, outcomes: Floats) -> None:
    """Fill `outcomes` [vector, region, outcome, 4]; `weight` is [vector, route], the others by vector as well."""
    for vector in range(hazard.shape[0]):
        walk_routes(first, place, along, near_aim, region, weight[vector], hazard[vector], omega[vector],
                    strength[vector], west, south, outcomes[vector])
