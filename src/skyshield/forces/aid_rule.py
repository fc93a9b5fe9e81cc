r"""The rule that divides money over the lines of aid: each euro goes where it stops most threats at the margin.

The lines that work on a class share one ceiling. With S_lc the effort of line l on class c, and T the sum of the
efforts of the lines at work at the time,

    hazard added  d_c = h_max_c (1 - exp(-T)) <= h_max_c,    stops of a threat that aid meets  G(T) = 1 - exp(-d_c),

and an effort of S takes

    x_lc = (h_max_c demand_c share_l / y_lc) (S + q_lc S^2 / 2),    q_lc = (1 - reach_lc) / reach_lc,

units: linear at first, so that the first unit stops y_lc threats whatever ceiling and reach are, and dearer beyond the
threats that come within the line's reach. `share_l` is the share of the period in which the line works. Stops are
concave in the efforts and units convex, so stops are concave in units and in money: the best division is the one at
which one more euro stops as many threats on every line and class that is bought, fewer on what is not, and more on a
line only if it is at its limit.

It is found to rounding by an interior-point method, each vector by itself: see `aid_search`.
"""

from typing import NamedTuple, TypeVar

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import FAILED, SkyShieldError
from skyshield.forces.aid_lines import AidLines

Array = TypeVar("Array", Floats, Integers)

_LOWEST_LEVEL = 2.0**-60  # of the first euro's stops: what stops less than that is not bought
_CENT = 0.01  # EUR; a smaller budget is as good as none
_MOST_EFFORT = 30.0  # no effort is larger, whatever money there is: exp(-30) of the ceiling is left


class Pieces(NamedTuple):
    """The pieces of the period between lead times: in each, the lines up to a place in the order are at work."""

    order: Integers  # [vector, line] lines by share of the period at work, longest first
    length: Floats  # [vector, 1, piece] share of the period that a piece is


def pieces_of(share: Floats) -> Pieces:
    """Return the pieces of the period between the lines' lead times, `share` being f8[vector, line] at work."""
    order = np.argsort(-share, axis=1, kind="stable")
    at_work = np.take_along_axis(share, order, 1)
    return Pieces(order, -np.diff(at_work, axis=1, append=0.0)[:, None, :])


def together(effort: Floats, pieces: Pieces) -> Floats:
    """Return f8[vector, class, piece]: the efforts of the lines at work in each piece of the period, added up."""
    return np.cumsum(np.take_along_axis(effort, pieces.order[:, None, :], 2), axis=2)


def added_hazard(efforts: Floats, h_max: Floats) -> Floats:
    """Return h_max (1 - exp(-efforts)): what efforts f8[vector, class, ...] add together.

    Examples
    --------
    >>> added_hazard(np.array([[0.0, 50.0]]), np.array([[0.3, 0.3]])).tolist()
    [[0.0, 0.3]]
    """
    return np.asarray(h_max.reshape(*h_max.shape, *(1,) * (efforts.ndim - h_max.ndim)) * -np.expm1(-efforts))


def spread_over_lines(budget_eur: Floats, demand: Floats, share: Floats, limit: Floats,
                      lines: AidLines) -> tuple[Floats, Floats, Floats]:
    """Divide a budget over lines and classes.

    Parameters
    ----------
    budget_eur
        f8[vector].
    demand
        f8[vector, class]: threats of the period.
    share
        f8[vector, line]: share of the period in which each line works.
    limit
        f8[vector, line]: the most units of each line.
    lines
        Prices, yields, reach and ceilings.

    Returns
    -------
    tuple of arrays
        Units, f8[vector, line, class]; efforts, f8[vector, class, line]; and the level: latent stops (as they count)
        that one more euro would buy, f8[vector], 0 where the budget is not the constraint.

    Raises
    ------
    SkyShieldError
        If the search did not end; of a million random problems with any limits and budgets, it ended in all.
    """
    from skyshield.forces.aid_search import MOST_STEPS, Division, Found, divide, room_for  # which brings the compiler

    unit, beyond = _units_per_effort(demand, share, limit, lines), _beyond_reach(lines)
    money = np.maximum(budget_eur, _CENT)[:, None]
    worth, most_stops = _most_stops(unit, demand, limit, money, lines)
    best = (worth.max(axis=1) / lines.price_eur).max(axis=1, keepdims=True)  # stops of the first euro
    scale, lowest, cost = np.where(most_stops > 0.0, most_stops, 1.0), best * _LOWEST_LEVEL, lines.price_eur / money
    most = (unit * _MOST_EFFORT * (1.0 + beyond * _MOST_EFFORT / 2.0)).sum(axis=1)
    pieces, n = pieces_of(share), (len(budget_eur),)
    division = Division(
        order=_whole(pieces.order, n), h_max=_whole(lines.h_max, n), unit=_whole(unit, n), beyond=_whole(beyond, n),
        stops=_whole((lines.worth * demand / scale)[:, :, None] * pieces.length, n), cost=_whole(cost, n),
        limit=_whole(np.where((limit > 0.0) & (most > 0.0), np.minimum(limit, most), 1.0), n),
        least=_whole(lowest * money / scale * cost, n))
    found = Found(np.empty_like(division.unit), np.empty(n), np.empty(n), np.empty(n, np.int64))
    divide(division, room_for(*division.unit.shape[1:]), found)
    if n_lost := int((found.n_steps == MOST_STEPS).sum()):
        raise SkyShieldError("aid", f"no best division was found in {MOST_STEPS} steps for {n_lost} of {n[0]} vectors",
                             "change the budget or the limits of the lines a little, and tell us the scenario", FAILED)
    effort = np.where(budget_eur[:, None, None] > 0.0, found.effort, 0.0)
    units = unit * effort * (1.0 + beyond * effort / 2.0)
    level = np.where(found.price > found.left, found.price * (scale / money)[:, 0] + lowest[:, 0], 0.0)
    return units.transpose(0, 2, 1), effort, level


def _whole(array: Array, n: tuple[int]) -> Array:
    """Return an array over all vectors, in order, as the search takes it."""
    return np.ascontiguousarray(np.broadcast_to(array, n + array.shape[1:]))


def _most_stops(unit: Floats, demand: Floats, limit: Floats, money: Floats, lines: AidLines) -> tuple[Floats, Floats]:
    """Return the worth of a unit's first stops, f8[vector, class, line], and the most stops that can be had of all.

    The latter, f8[vector, 1], is the least of what the ceilings, the money and the limits let be stopped.
    """
    useful = unit > 0.0
    worth = np.where(useful, lines.worth[:, :, None] * lines.stops_per_unit.transpose(0, 2, 1), 0.0)
    by_ceiling = (lines.worth * demand * -np.expm1(-lines.h_max) * useful.any(axis=2)).sum(axis=1)
    by_money = (worth / lines.price_eur[:, None, :]).max(axis=(1, 2)) * money[:, 0]
    by_limit = (limit * worth.max(axis=1)).sum(axis=1)
    return worth, np.minimum.reduce([by_ceiling, by_money, by_limit])[:, None]


def _units_per_effort(demand: Floats, share: Floats, limit: Floats, lines: AidLines) -> Floats:
    """Return f8[vector, class, line]: units that the first effort takes, 0 where none is of use."""
    yields, reach = lines.stops_per_unit.transpose(0, 2, 1), lines.reach.transpose(0, 2, 1)
    whole = (lines.h_max * demand)[:, :, None] * share[:, None, :]
    works = (yields > 0.0) & (reach > 0.0) & (whole > 0.0) & (limit > 0.0)[:, None, :]
    unit = np.where(works, whole / np.where(works, yields, 1.0), 0.0)
    return np.where(np.isfinite(unit), unit, 0.0)


def _beyond_reach(lines: AidLines) -> Floats:
    reach = lines.reach.transpose(0, 2, 1)
    return np.where(reach > 0.0, (1.0 - reach) / np.where(reach > 0.0, reach, 1.0), 0.0)
