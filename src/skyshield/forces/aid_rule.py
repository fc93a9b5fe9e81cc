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

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.forces.aid_lines import AidLines

_LOWEST_LEVEL = 2.0**-60  # of the first euro's stops: what stops less than that is not bought
_CENT = 0.01  # EUR; a smaller budget is as good as none
_MOST_EFFORT = 30.0  # no effort is larger, whatever money there is: exp(-30) of the ceiling is left
_BOUGHT = 1e-11  # of the stops there are: an effort that adds less is not bought

# the search: how it starts, steps and ends
_FIRST_EFFORT = 0.1
_MOST_STEPS = 90
_CLOSED = 1e-12  # of the stops there are: how near to the conditions of the optimum it counts as found
_TO_THE_EDGE = 0.99  # how far a step goes toward the nearest limit
_LONG, _SHARP, _SOFT = 0.9, 0.05, 0.3  # after a long step products aim at a small part of what they are
_EVEN, _SHORTENED, _SHORTER = 1e-3, 0.7, 8  # no product far below the others: steps are shortened so often by so much


class Pieces(NamedTuple):
    """The pieces of the period between lead times: in each, the lines up to a place in the order are at work."""

    order: Integers  # [vector, line] lines by share of the period at work, longest first
    rank: Integers  # [vector, line] a line's place in that order
    length: Floats  # [vector, 1, piece] share of the period that a piece is


def pieces_of(share: Floats) -> Pieces:
    """Return the pieces of the period between the lines' lead times, `share` being f8[vector, line] at work."""
    order = np.argsort(-share, axis=1, kind="stable")
    at_work = np.take_along_axis(share, order, 1)
    return Pieces(order, np.argsort(order, axis=1, kind="stable"),
                   -np.diff(at_work, axis=1, append=0.0)[:, None, :])


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


class _Point(NamedTuple):
    """Efforts with what limits leave over, and the multipliers of both."""

    effort: Floats  # [vector, class, line]
    slack: Floats  # [vector, line + 1] share of each limit, and last of the budget, that is left over
    of_effort: Floats  # [vector, class, line]
    of_slack: Floats  # [vector, line + 1]


class _Step(NamedTuple):
    """Changes of a point; that of the effort is relative."""

    change: _Point
    curved: Floats  # [vector, line + 1] what slack falls by besides, by the square of the step
    uneven: Floats  # [vector] how far a relative growth of an effort is from stopping what it costs, before the step


class _Problem:
    """Maximise stops over efforts f8[vector, class, line] that are not negative, under limits and a budget.

    Stops are counted in the most that could be had, limits and budget in themselves.
    """

    def __init__(self, unit: Floats, useful: Booleans, beyond: Floats, demand: Floats, share: Floats, limit: Floats,
                 budget_eur: Floats, lines: AidLines) -> None:
        most = np.where(useful, unit * _MOST_EFFORT * (1.0 + beyond * _MOST_EFFORT / 2.0), 0.0).sum(axis=1)
        self._unit, self._useful, self._beyond, self._budget_eur = unit, useful, beyond, budget_eur
        self._limit = np.where((limit > 0.0) & (most > 0.0), np.minimum(limit, most), 1.0)
        works = (lines.stops_per_unit > 0.0).any(axis=0).T
        self._cells = np.flatnonzero(works.ravel())
        self._h, self._pieces = lines.h_max[:, :, None], pieces_of(share)
        price = lines.price_eur[:, None, :]
        worth = np.where(useful, lines.worth[:, :, None] * lines.stops_per_unit.transpose(0, 2, 1), 0.0)
        best = (worth / price).max(axis=(1, 2))
        of_class = (lines.worth * demand)[:, :, None]
        most_stops = np.minimum.reduce([
            (of_class * -np.expm1(-self._h) * useful.any(axis=2, keepdims=True)).sum(axis=(1, 2)), best * budget_eur,
            (limit * worth.max(axis=1)).sum(axis=1)])
        self._scale = np.where(most_stops > 0.0, most_stops, 1.0)
        self._stops = of_class * self._pieces.length / self._scale[:, None, None]  # of each piece of the period
        self._lowest = best * _LOWEST_LEVEL
        self._cost = price / budget_eur[:, None, None]
        self._least = (self._lowest * budget_eur / self._scale)[:, None, None] * self._cost

    def units(self, effort: Floats) -> Floats:
        """Return f8[vector, class, line]."""
        return np.where(self._useful, self._unit * effort * (1.0 + self._beyond * effort / 2.0), 0.0)

    def solve(self) -> tuple[Floats, Floats]:
        """Return the best efforts and the stops of one more euro, f8[vector]."""
        point = self._start()
        last = np.zeros(len(point.slack))
        searching = np.ones(len(last), bool)
        for _ in range(_MOST_STEPS):
            product = np.nanmean(self._products(point), axis=1)
            aimed = np.maximum(product * np.where(last > _LONG, _SHARP, _SOFT), _CLOSED * _SHARP)
            step = self._newton(point, aimed)
            length = self._length(point, step)
            for _ in range(_SHORTER):
                products = self._products(_moved(point, step, length))
                even = np.nanmin(products, axis=1) >= _EVEN * np.nanmean(products, axis=1)
                if even.all():
                    break
                length = np.where(even, length, length * _SHORTENED)
            last = np.where(searching, length, 0.0)
            point = _moved(point, step, last)
            searching &= (product > _CLOSED) | (step.uneven > _CLOSED)
            if not searching.any():
                break
        alone, _ = self._gain(np.zeros_like(point.effort))  # what an effort would stop if nothing else did
        effort = np.where(self._useful & (point.effort * alone > _BOUGHT), point.effort, 0.0)
        left, price = point.slack[:, -1], point.of_slack[:, -1]
        return effort, np.where(price > left, price * self._scale / self._budget_eur + self._lowest, 0.0)

    def _start(self) -> _Point:
        """Return small efforts, half of each limit at most, with multipliers under which none should be larger."""
        n, n_classes, n_lines = self._unit.shape
        limit = np.minimum(self._limit[:, None, :], 1.0 / self._cost) / (2.0 * n_classes * n_lines)
        effort = np.where(self._useful, np.minimum(_effort(limit, self._unit, self._beyond), _FIRST_EFFORT), 1.0)
        units, (by_limit, by_budget) = self.units(effort), self._uses(effort)
        gain = np.where(self._useful, self._gain(effort)[0], 0.0) * effort
        need = 2.0 * gain / np.where(self._useful, np.maximum(by_limit, by_budget), 1.0)
        by_line = by_limit >= by_budget
        of_slack = np.concatenate([np.where(by_line, need, 0.0).max(axis=1),
                                   np.where(by_line, 0.0, need).reshape(n, -1).max(axis=1)[:, None]], axis=1)
        of_slack = np.maximum(of_slack, np.maximum(of_slack.max(axis=1)[:, None] * _EVEN, np.finfo(float).tiny))
        held = by_limit * of_slack[:, None, :-1] + by_budget * of_slack[:, -1, None, None]
        return _Point(effort, 1.0 - self._by_constraint(units), np.where(self._useful, (held - gain) / effort, 0.0),
                      of_slack)

    def _uses(self, effort: Floats) -> tuple[Floats, Floats]:
        """Return f8[vector, class, line] twice: what a relative growth of efforts takes of limit and budget."""
        grows = self._growth(effort)
        return grows / self._limit[:, None, :], grows * self._cost

    def _growth(self, effort: Floats) -> Floats:
        return np.where(self._useful, self._unit * effort * (1.0 + self._beyond * effort), 0.0)

    def _by_constraint(self, units: Floats) -> Floats:
        """Return f8[vector, line + 1]: units as shares of each line's limit, and last of the budget."""
        return np.concatenate([units.sum(axis=1) / self._limit, (units * self._cost).sum(axis=(1, 2))[:, None]], axis=1)

    def _products(self, point: _Point) -> Floats:
        cells = np.where(self._useful, point.effort * point.of_effort, np.nan).reshape(len(point.slack), -1)
        return np.concatenate([cells, point.slack * point.of_slack], axis=1)

    def _gain(self, effort: Floats) -> tuple[Floats, Floats]:
        """Return the slope of stops by effort, and how fast it falls, the latter between the lines of each class."""
        met = together(np.where(self._useful, effort, 0.0), self._pieces)
        slope = self._stops * self._h * np.exp(-met - self._h * -np.expm1(-met))
        falls = slope * (1.0 + self._h * np.exp(-met))
        slope, falls = (np.cumsum(one[..., ::-1], axis=2)[..., ::-1] for one in (slope, falls))  # from a piece on
        rank = self._pieces.rank
        both = np.maximum(rank[:, :, None], rank[:, None, :]).reshape(len(rank), 1, -1)
        return (np.take_along_axis(slope, np.broadcast_to(rank[:, None, :], effort.shape), 2),
                np.take_along_axis(falls, np.broadcast_to(both, (*effort.shape[:2], both.shape[2])), 2)
                .reshape(*effort.shape, effort.shape[2]))

    def _newton(self, point: _Point, target: Floats) -> _Step:
        """Return the step toward the point at which all products of slack and multiplier are `target`."""
        effort = point.effort
        n, n_classes, n_lines = effort.shape
        size, wanted = n_classes * n_lines, target[:, None, None]
        gain, falls = self._gain(effort)
        by_limit, by_budget = self._uses(effort)
        bend = np.where(self._useful, self._unit * self._beyond * effort**2, 0.0)
        hold = (point.of_slack[:, None, :-1] / self._limit[:, None, :] + point.of_slack[:, -1, None, None] * self._cost
                + self._least)
        there = np.where(self._useful, effort, 0.0)
        matrix = np.zeros((n, size + n_lines + 1, size + n_lines + 1))
        rows = np.arange(size, size + n_lines)
        for c in range(n_classes):
            cells = np.arange(c * n_lines, (c + 1) * n_lines)
            matrix[:, cells[:, None], cells] = falls[:, c] * there[:, c, :, None] * there[:, c, None, :]
            matrix[:, cells, rows] = matrix[:, rows, cells] = by_limit[:, c]
        matrix[:, -1, :size] = matrix[:, :size, -1] = by_budget.reshape(n, size)
        diagonal = np.arange(size + n_lines + 1)
        matrix[:, diagonal, diagonal] += np.concatenate(
            [(bend * hold + point.of_effort * there + ~self._useful).reshape(n, size), -point.slack / point.of_slack],
            axis=1)
        worth = gain * there - self._least * self._growth(effort)
        costs = by_limit * point.of_slack[:, None, :-1] + by_budget * point.of_slack[:, -1, None, None]
        right = worth + wanted * self._useful
        right = np.concatenate([right.reshape(n, size), -target[:, None] / point.of_slack], axis=1)
        rows = np.append(self._cells, np.arange(size, size + n_lines + 1))
        found = np.zeros_like(right)
        found[:, rows] = np.linalg.solve(matrix[:, rows[:, None], rows], right[:, rows, None])[:, :, 0]
        change = found[:, :size].reshape(effort.shape)
        slack = -np.concatenate([(by_limit * change).sum(axis=1), (by_budget * change).sum(axis=(1, 2))[:, None]],
                                axis=1)
        of_effort = np.where(self._useful, wanted / effort - point.of_effort * (1.0 + change), 0.0)
        return _Step(_Point(change, slack, of_effort, found[:, size:] - point.of_slack),
                     self._by_constraint(bend * change**2 / 2.0),
                     np.abs(worth - costs + point.of_effort * there).max(axis=(1, 2)))

    @staticmethod
    def _length(point: _Point, step: _Step) -> Floats:
        """Return f8[vector]: how far a step can go, at most 1, with everything staying above zero."""
        n, change = len(point.slack), step.change
        of_effort = change.of_effort / np.where(point.of_effort > 0.0, point.of_effort, 1.0)
        shrinks = -np.concatenate([change.effort.reshape(n, -1), of_effort.reshape(n, -1),
                                   change.of_slack / point.of_slack], axis=1).min(axis=1)
        room = point.slack * _TO_THE_EDGE
        pull = -change.slack + np.sqrt(change.slack**2 + 4.0 * step.curved * room)
        return np.asarray(1.0 / np.maximum.reduce([shrinks / _TO_THE_EDGE, (pull / (2.0 * room)).max(axis=1),
                                                   np.ones(n)]))


def _moved(point: _Point, step: _Step, length: Floats) -> _Point:
    by_limit, by_cell, change = length[:, None], length[:, None, None], step.change
    slack = point.slack + by_limit * (change.slack - by_limit * step.curved)
    return _Point(point.effort * (1.0 + by_cell * change.effort),
                  np.maximum(slack, point.slack * (1.0 - _TO_THE_EDGE) / 2.0),
                  point.of_effort + by_cell * change.of_effort, point.of_slack + by_limit * change.of_slack)
