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

It is found to rounding by an interior-point method, all vectors side by side and none depending on another: Newton's
method on the conditions of the optimum with the products of slacks and multipliers driven to zero. Source for the
method: S. Boyd and L. Vandenberghe, Convex Optimization, 2004, section 11.7.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Flags, Floats
from skyshield.forces.aid_lines import AidLines

_LOWEST_LEVEL = 2.0**-40  # of the first euro's stops: what stops less than that is not bought
_CENT = 0.01  # EUR; a smaller budget is as good as none
_MOST_STEPS = 90
_MOST_EFFORT = 30.0  # no effort is larger, whatever money there is: exp(-30) of the ceiling is left
_FIRST_EFFORT = 0.1  # at most, where the search starts
_SHORTER = 8
_EVEN = 1e-3
_TO_THE_EDGE = 0.99  # how far a step goes toward the nearest limit
_CLOSED = 1e-12  # product of slack and multiplier, over the stops there are, at which the optimum counts as found
_BOUGHT = 1e-11  # of the stops there are: what adds less is not bought


class Efforts(NamedTuple):
    """What lines are at work together, most of the time first: the pieces of the period between their lead times."""

    order: Flags  # [vector, line] lines by share of the period at work, longest first
    rank: Flags  # [vector, line] a line's place in that order
    length: Floats  # [vector, 1, piece] share of the period in which the lines up to that place work, and no other


def pieces_of(share: Floats) -> Efforts:
    """Return the pieces of the period between the lines' lead times, `share` being f8[vector, line] at work."""
    order = np.argsort(-share, axis=1, kind="stable")
    at_work = np.take_along_axis(share, order, 1)
    return Efforts(order, np.argsort(order, axis=1, kind="stable"),
                   -np.diff(at_work, axis=1, append=0.0)[:, None, :])


def together(effort: Floats, pieces: Efforts) -> Floats:
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
    """
    unit = _units_per_effort(demand, share, lines)
    useful = np.isfinite(unit) & (limit > 0.0)[:, None, :]
    problem = _Problem(np.where(useful, unit, 1.0), useful, _beyond_reach(lines), demand, share, limit,
                       np.maximum(budget_eur, _CENT), lines)
    effort, level = problem.solve()
    effort = np.where(budget_eur[:, None, None] > 0.0, effort, 0.0)
    return problem.units(effort).transpose(0, 2, 1), effort, level


def _units_per_effort(demand: Floats, share: Floats, lines: AidLines) -> Floats:
    """Return f8[vector, class, line]: units that the first effort takes, infinite where none is of use."""
    yields, reach = lines.stops_per_unit.transpose(0, 2, 1), lines.reach.transpose(0, 2, 1)
    whole = (lines.h_max * demand)[:, :, None] * share[:, None, :]
    works = (yields > 0.0) & (reach > 0.0) & (whole > 0.0)
    return np.where(works, whole / np.where(works, yields, 1.0), np.inf)


def _beyond_reach(lines: AidLines) -> Floats:
    reach = lines.reach.transpose(0, 2, 1)
    return np.where(reach > 0.0, (1.0 - reach) / np.where(reach > 0.0, reach, 1.0), 0.0)


def _effort(units: Floats, unit: Floats, beyond: Floats) -> Floats:
    """Return the effort that units make: the root of units / unit = S + beyond S^2 / 2."""
    a = units / unit
    return np.asarray(2.0 * a / (1.0 + np.sqrt(1.0 + 2.0 * beyond * a)))


class _Problem:
    """Maximise stops over efforts f8[vector, class, line] that are not negative, under limits and a budget."""

    def __init__(self, unit: Floats, useful: Flags, beyond: Floats, demand: Floats, share: Floats, limit: Floats,
                 budget_eur: Floats, lines: AidLines) -> None:
        most = np.where(useful, unit * _MOST_EFFORT * (1.0 + beyond * _MOST_EFFORT / 2.0), 0.0).sum(axis=1)
        self._unit, self._useful, self._beyond, self._limit = unit, useful, beyond, np.where(limit > 0.0, np.where(most > 0.0, np.minimum(limit, most), 1.0), 1.0)
        self._price, self._h = lines.price_eur[:, None, :], lines.h_max[:, :, None]
        self._pieces = pieces_of(share)
        worth = (lines.worth * demand)[:, :, None]
        first = np.where(useful, lines.worth[:, :, None] * lines.stops_per_unit.transpose(0, 2, 1), 0.0) / self._price
        self._lowest = first.max(axis=(1, 2)) * _LOWEST_LEVEL
        ceiling = (worth * -np.expm1(-self._h) * useful.any(axis=2)[:, :, None]).sum(axis=(1, 2))
        by_limit = (limit * (first * self._price).max(axis=1)).sum(axis=1)
        by_budget = budget_eur * first.max(axis=(1, 2))
        self._budget = budget_eur
        self._scale = np.maximum(np.minimum.reduce([ceiling, by_budget, by_limit]), np.finfo(float).tiny)
        self._stops = worth * self._pieces.length / self._scale[:, None, None]  # of each piece, over the scale

    def units(self, effort: Floats) -> Floats:
        """Return f8[vector, class, line]."""
        return np.where(self._useful, self._unit * effort * (1.0 + self._beyond * effort / 2.0), 0.0)

    def solve(self) -> tuple[Floats, Floats]:
        """Return the best efforts and the stops of one more euro, f8[vector]."""
        n, shape = len(self._unit), self._unit.shape
        effort = self._inside()
        slack = self._slack(effort)
        of_effort, of_limit = self._multipliers(effort)
        n_products = self._useful.sum(axis=(1, 2)) + slack.shape[1]
        open_ = np.ones(n, bool)
        last = np.zeros(n)
        for _ in range(_MOST_STEPS):
            product = ((effort * of_effort * self._useful).sum(axis=(1, 2)) + (slack * of_limit).sum(axis=1)) / n_products
            sharp = np.where(last > 0.9, 0.05, 0.3)
            step = self._newton(effort, slack, of_effort, of_limit, product * sharp)
            length = step.length
            for _ in range(_SHORTER):
                new = self._moved(effort, of_effort, slack, of_limit, step, length)
                length = np.where(self._central(*new), length, length * 0.7)
            length = np.where(open_, length, 0.0)
            effort, of_effort, slack, of_limit = self._moved(effort, of_effort, slack, of_limit, step, length)
            last = length
            open_ &= product > _CLOSED
            if not open_.any():
                break
        alone, _ = self._gain(np.zeros_like(effort))  # what an effort would stop if nothing else did
        effort = np.where(self._useful & (effort * alone > _BOUGHT), effort, 0.0)
        level = np.where(of_limit[:, -1] > slack[:, -1], of_limit[:, -1] * self._scale / self._budget + self._lowest, 0.0)
        return effort, level

    def _multipliers(self, effort: Floats) -> tuple[Floats, Floats]:
        """Return multipliers with which efforts inside the limits meet the conditions but for the products."""
        n = len(effort)
        gain = np.where(self._useful, self._gain(effort)[0], 0.0) * effort
        unit = np.where(self._useful, self._unit * effort * (1.0 + self._beyond * effort), 0.0)
        by_limit, by_budget = unit / self._limit[:, None, :], unit * self._price / self._budget[:, None, None]
        by_line = by_limit >= by_budget
        need = 2.0 * gain / np.where(self._useful, np.maximum(by_limit, by_budget), 1.0)
        of_limit = np.concatenate([np.where(by_line, need, 0.0).max(axis=1),
                                   np.where(by_line, 0.0, need).reshape(n, -1).max(axis=1)[:, None]], axis=1)
        of_limit = np.maximum(of_limit, of_limit.max(axis=1)[:, None] * _EVEN)
        held = by_limit * of_limit[:, None, :-1] + by_budget * of_limit[:, -1, None, None]
        return np.where(self._useful, (held - gain) / effort, 0.0), of_limit

    def _moved(self, effort: Floats, of_effort: Floats, slack: Floats, of_limit: Floats, step: "_Step",
               length: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        by_limit, by_cell = length[:, None], length[:, None, None]
        left = slack - by_limit * (step.used + by_limit * step.curved)
        return (effort * (1.0 + by_cell * step.effort), of_effort + by_cell * step.of_effort,
                np.maximum(left, slack * (1.0 - _TO_THE_EDGE) / 2), of_limit + by_limit * step.of_limit)

    def _central(self, effort: Floats, of_effort: Floats, slack: Floats, of_limit: Floats) -> Floats:
        n = len(slack)
        cells = np.where(self._useful, effort * of_effort, np.nan).reshape(n, -1)
        products = np.concatenate([cells, slack * of_limit], axis=1)
        return np.nanmin(products, axis=1) >= _EVEN * np.nanmean(products, axis=1)

    def _inside(self) -> Floats:
        """Return efforts inside all limits: half of each, in equal parts."""
        part = 0.5 / self._unit.shape[1] / self._unit.shape[2]
        units = np.minimum(self._limit[:, None, :], (self._budget[:, None, None] / self._price)) * part
        return np.where(self._useful, np.minimum(_effort(units, self._unit, self._beyond), _FIRST_EFFORT), 1.0)

    def _slack(self, effort: Floats) -> Floats:
        """Return f8[vector, line + 1]: what each limit, and last the budget, has left over, as a share of it."""
        units = self.units(effort)
        spent = (units * self._price).sum(axis=(1, 2)) / self._budget
        return 1.0 - np.concatenate([units.sum(axis=1) / self._limit, spent[:, None]], axis=1)

    def _gain(self, effort: Floats) -> tuple[Floats, Floats]:
        """Return the slope of stops by effort, and how fast it falls: by class between lines, both over the scale."""
        met = together(np.where(self._useful, effort, 0.0), self._pieces)
        slope = self._stops * self._h * np.exp(-met - self._h * -np.expm1(-met))
        falls = slope * (1.0 + self._h * np.exp(-met))
        later = np.cumsum(slope[..., ::-1], axis=2)[..., ::-1], np.cumsum(falls[..., ::-1], axis=2)[..., ::-1]
        rank = self._pieces.rank
        pair = np.maximum(rank[:, :, None], rank[:, None, :]).reshape(len(rank), 1, -1)
        first = np.take_along_axis(later[0], np.broadcast_to(rank[:, None, :], effort.shape), 2)
        second = np.take_along_axis(later[1], np.broadcast_to(pair, (*effort.shape[:2], pair.shape[2])), 2)
        return first, second.reshape(*effort.shape, effort.shape[2])

    def _newton(self, effort: Floats, slack: Floats, of_effort: Floats, of_limit: Floats, target: Floats) -> "_Step":
        """Return the step toward the point at which all products of slack and multiplier are `target`."""
        n, n_classes, n_lines = effort.shape
        size = n_classes * n_lines
        gain, falls = self._gain(effort)
        unit = np.where(self._useful, self._unit * effort, 0.0)  # all by relative change of the effort from here
        more, bend = unit * (1.0 + self._beyond * effort), unit * self._beyond * effort
        by_limit = more / self._limit[:, None, :]
        by_budget = more * self._price / self._budget[:, None, None]
        lowest = (self._lowest / self._scale)[:, None, None] * self._price
        hold = (of_limit[:, None, :-1] / self._limit[:, None, :]
                + of_limit[:, -1, None, None] * self._price / self._budget[:, None, None] + lowest)
        there = np.where(self._useful, effort, 0.0)
        matrix = np.zeros((n, size + n_lines + 1, size + n_lines + 1))
        for c in range(n_classes):
            at = slice(c * n_lines, (c + 1) * n_lines)
            matrix[:, at, at] = falls[:, c] * there[:, c, :, None] * there[:, c, None, :]
            cells, rows = np.arange(at.start, at.stop), np.arange(size, size + n_lines)
            matrix[:, cells, rows] = matrix[:, rows, cells] = by_limit[:, c]
        matrix[:, -1, :size] = matrix[:, :size, -1] = by_budget.reshape(n, size)
        diagonal, rows = np.arange(size), np.arange(size, size + n_lines + 1)
        matrix[:, diagonal, diagonal] += (bend * hold + of_effort * there + ~self._useful).reshape(n, size)
        matrix[:, rows, rows] = -slack / of_limit
        right = (gain * there - lowest * more + target[:, None, None] * self._useful).reshape(n, size)
        right = np.concatenate([right, -target[:, None] / of_limit], axis=1)
        found = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
        change, d_limit = found[:, :size].reshape(effort.shape), found[:, size:] - of_limit
        d_effort = np.where(self._useful, target[:, None, None] / effort - of_effort * (1.0 + change), 0.0)
        used = np.concatenate([(by_limit * change).sum(axis=1), (by_budget * change).sum(axis=(1, 2))[:, None]], axis=1)
        squared = bend * change**2 / 2.0
        curved = np.concatenate([(squared / self._limit[:, None, :]).sum(axis=1),
                                 (squared * self._price).sum(axis=(1, 2))[:, None] / self._budget[:, None]], axis=1)
        return _Step(change, d_effort, d_limit, used, curved, self._length(change, d_effort / np.where(of_effort > 0, of_effort, 1.0),
                                                             d_limit / of_limit, slack, used, curved))

    @staticmethod
    def _length(change: Floats, of_effort: Floats, of_limit: Floats, slack: Floats, used: Floats,
                curved: Floats) -> Floats:
        """Return f8[vector]: how far a step can go, at most 1, with everything staying above zero."""
        n = len(slack)
        shrinks = -np.concatenate([change.reshape(n, -1), of_effort.reshape(n, -1), of_limit], axis=1).min(axis=1)
        room = slack * _TO_THE_EDGE
        pull = used + np.sqrt(np.maximum(used**2 + 4.0 * curved * room, 0.0))
        ratio = (pull / (2.0 * room)).max(axis=1)
        return np.asarray(1.0 / np.maximum.reduce([shrinks / _TO_THE_EDGE, ratio, np.ones(n)]))


class _Step(NamedTuple):
    effort: Floats  # relative
    of_effort: Floats
    of_limit: Floats
    used: Floats
    curved: Floats
    length: Floats
