r"""The search behind the rule that divides money over lines of aid (`aid_rule`), one vector after the other.

Maximise stops over efforts S_lc >= 0 of the lines on the classes, under a limit on each line and a budget. A cell is a
line on a class on which it is of use; what constrains is a row, the lines' limits in order and last the budget. Stops
are counted in the most that could be had, limits and the budget in themselves. Newton's method on the conditions of the
optimum, with the products of slacks and multipliers driven to zero: S. Boyd and L. Vandenberghe, Convex Optimization,
2004, section 11.7. Steps of efforts are relative, x = dS / S, and with z the multipliers of the rows after the step

    (E F E + D) x + V z = r,    V' x - (slack / multiplier) z = -target / multiplier,

solved for the changes of z, which grow small, so that no digits are lost. E are the efforts, F what stops fall by,
D > 0 what units bend by and what the efforts' own multipliers add, V what a relative growth takes of each row. F
couples the cells of a class alone: with the lines in the order in which they begin to work, and f_p what piece p of the
period adds, F_ij is the sum of f_p over p >= max(i, j). So it costs

    sum_p f_p m_p^2 / 2 + sum_i D_i x_i^2 / 2,    m_p the sum of E_i x_i over i <= p,

and the inverse of each class's block is known from two sums along the lines: from the last backward what is still to be
lost of m, and from the first forward how free m is,

    Q_k = f_k + P_k+1,    P_k = Q_k D_k / (D_k + Q_k E_k^2),    1 / V_k+1 = f_k + 1 / (V_k + E_k^2 / D_k).

No sum here has terms of both signs, so every entry of the inverse is good to rounding, however small D is. What is left
is the matrix of the rows, V' (E F E + D)^-1 V + slack / multiplier. (The sums are those of linear
systems with quadratic cost: D. Bertsekas, Dynamic Programming and Optimal Control, volume 1, 4th edition, 2017.)
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel

_FIRST_EFFORT = 0.1
MOST_STEPS = 90
_CLOSED = 1e-12  # of the stops there are: how near to the conditions of the optimum it counts as found
_TO_THE_EDGE = 0.99  # how far a step goes toward the nearest limit
_LONG, _SHARP, _SOFT = 0.9, 0.05, 0.3  # after a long step products aim at a small part of what they are
_EVEN, _SHORTENED, _SHORTER = 1e-3, 0.7, 8  # no product far below the others: steps are shortened so often by so much
_LAG, _STRAY, _HALVED = 0.01, 30.0, 30  # products and unevenness fall together: a step is halved so often at most
_BOUGHT = 1e-11  # of the stops there are: an effort that adds less is not bought
_TINY = float(np.finfo(float).tiny)


class Division(NamedTuple):
    """What is to be divided, over vectors."""

    order: Integers  # [vector, place] lines by when they begin to work, the first first
    stops: Floats  # [vector, class, place] threats, as they count, of the piece of the period from that beginning on
    h_max: Floats  # [vector, class]
    unit: Floats  # [vector, class, line] units that the first effort takes; 0 where the line is of no use
    beyond: Floats  # [vector, class, line] what units grow by besides, by half the square of the effort
    limit: Floats  # [vector, line] units
    cost: Floats  # [vector, line] of a unit, of the budget
    least: Floats  # [vector, line] stops of a unit below which it is not bought


class Found(NamedTuple):
    """What the search fills."""

    effort: Floats  # [vector, class, line]
    left: Floats  # [vector] of the budget
    price: Floats  # [vector] stops that one more budget would buy
    n_steps: Integers  # [vector]


class _Cells(NamedTuple):
    """The cells of a vector, those of a class side by side in the order of its lines."""

    line: Integers
    first: Integers  # [class + 1] the cells of a class are those from first[class] on
    unit: Floats
    beyond: Floats
    stops: Floats  # of the pieces of the period from the line's beginning to that of the next one in the class
    effort: Floats
    multiplier: Floats
    gain: Floats  # slope of stops by effort
    falls: Floats  # f
    by_limit: Floats  # what a relative growth takes of the limit
    by_budget: Floats
    bend: Floats  # by how much more the units grow, by half the square of the growth
    own: Floats  # D
    pivot: Floats  # 1 / (D + Q E^2)
    later: Floats  # Q E / (D + Q E^2): what a growth of an earlier line takes from this one
    earlier: Floats  # what a growth of a later line takes from this one
    passed: Floats  # D / (D + Q E^2): what a line leaves for those beyond it
    diagonal: Floats  # of the inverse
    right: Floats  # r, less V times the multipliers: those of before, then those after the step
    spread: Floats  # the inverse times a column
    change: Floats  # x
    of_multiplier: Floats  # change of the multiplier


class _Rows(NamedTuple):
    """What constrains a vector."""

    slack: Floats  # [row]
    multiplier: Floats
    of_slack: Floats  # change of the slack, but for the square of the step
    of_multiplier: Floats
    curved: Floats  # what slack falls by besides, by the square of the step
    right: Floats
    matrix: Floats  # [row, row], its lower half


class Room(NamedTuple):
    """Where the search works."""

    cells: _Cells
    rows: _Rows


def room_for(n_classes: int, n_lines: int) -> Room:
    """Return room to search in."""
    cells = {name: np.empty(n_classes * n_lines) for name in _Cells._fields}
    integers = {"line": np.empty(n_classes * n_lines, np.int64), "first": np.empty(n_classes + 1, np.int64)}
    rows = {name: np.empty(n_lines + 1) for name in _Rows._fields}
    return Room(_Cells(**(cells | integers)),  # type: ignore[arg-type]
                _Rows(**(rows | {"matrix": np.empty((n_lines + 1, n_lines + 1))})))


@kernel
def _list_cells(vector: int, division: Division, cells: _Cells) -> int:
    """List the cells of a vector; return their number."""
    n = 0
    for of in range(division.unit.shape[1]):
        cells.first[of] = n
        for place in range(division.order.shape[1]):
            line = division.order[vector, place]
            if division.unit[vector, of, line] > 0.0:
                cells.line[n] = line
                cells.unit[n] = division.unit[vector, of, line]
                cells.beyond[n] = division.beyond[vector, of, line]
                cells.stops[n] = 0.0
                n += 1
            if n > cells.first[of]:
                cells.stops[n - 1] += division.stops[vector, of, place]
    cells.first[division.unit.shape[1]] = n
    return n


@kernel
def _find_gain(vector: int, length: float, division: Division, cells: _Cells) -> None:
    """Find the slope of stops by each effort after a step of a length, and what each piece makes it fall by."""
    for of in range(division.unit.shape[1]):
        h_max, together = division.h_max[vector, of], 0.0
        for k in range(cells.first[of], cells.first[of + 1]):
            together += cells.effort[k] * (1.0 + length * cells.change[k])
            cells.gain[k] = cells.falls[k] = 0.0
            if cells.stops[k] > 0.0:
                left = math.exp(-together)
                cells.gain[k] = cells.stops[k] * h_max * left * math.exp(-h_max * (1.0 - left))
                cells.falls[k] = cells.gain[k] * (1.0 + h_max * left)
        for k in range(cells.first[of + 1] - 2, cells.first[of] - 1, -1):  # from a piece on
            cells.gain[k] += cells.gain[k + 1]


@kernel
def _find_uses(vector: int, n_cells: int, length: float, division: Division, cells: _Cells) -> None:
    for k in range(n_cells):
        line, effort = cells.line[k], cells.effort[k] * (1.0 + length * cells.change[k])
        units = cells.unit[k] * effort
        cells.bend[k] = units * cells.beyond[k] * effort
        growth = units + cells.bend[k]
        cells.by_limit[k] = growth / division.limit[vector, line]
        cells.by_budget[k] = growth * division.cost[vector, line]


@kernel
def _start(vector: int, n_cells: int, division: Division, cells: _Cells, rows: _Rows) -> None:
    """Begin with small efforts, half of each limit at most, and multipliers under which none should be larger."""
    n_lines = division.limit.shape[1]
    size = 2.0 * division.unit.shape[1] * n_lines
    for k in range(n_cells):
        line = cells.line[k]
        a = min(division.limit[vector, line], 1.0 / division.cost[vector, line]) / size / cells.unit[k]
        effort = 2.0 * a / (1.0 + math.sqrt(1.0 + 2.0 * cells.beyond[k] * a))  # the root of a = S + beyond S^2 / 2
        cells.effort[k] = min(effort, _FIRST_EFFORT)
    cells.change[:n_cells] = 0.0
    _find_gain(vector, 0.0, division, cells)
    _find_uses(vector, n_cells, 0.0, division, cells)
    rows.slack[:] = 1.0
    rows.multiplier[:] = 0.0
    least = _TINY
    for k in range(n_cells):
        line, gain = cells.line[k], cells.gain[k] * cells.effort[k]
        row = line if cells.by_limit[k] >= cells.by_budget[k] else n_lines
        need = 2.0 * gain / max(cells.by_limit[k], cells.by_budget[k])
        rows.multiplier[row] = max(rows.multiplier[row], need)
        least = max(least, need * _EVEN)
        units = cells.unit[k] * cells.effort[k] * (1.0 + cells.beyond[k] * cells.effort[k] / 2.0)
        rows.slack[line] -= units / division.limit[vector, line]
        rows.slack[n_lines] -= units * division.cost[vector, line]
    for row in range(n_lines + 1):
        rows.multiplier[row] = max(rows.multiplier[row], least)
    for k in range(n_cells):
        held = cells.by_limit[k] * rows.multiplier[cells.line[k]] + cells.by_budget[k] * rows.multiplier[n_lines]
        cells.multiplier[k] = (held - cells.gain[k] * cells.effort[k]) / cells.effort[k]


@kernel
def _slack(row: int, length: float, rows: _Rows) -> float:
    """Return what a row leaves over after a step of a length."""
    slack: float = rows.slack[row] + length * (rows.of_slack[row] - length * rows.curved[row])
    least: float = rows.slack[row] * (1.0 - _TO_THE_EDGE) / 2.0
    return max(slack, least)


@kernel
def _products(n_cells: int, length: float, cells: _Cells, rows: _Rows) -> tuple[float, float]:
    """Return the least product of slack and multiplier after a step of a length, and their mean."""
    least, total = math.inf, 0.0
    for k in range(n_cells):
        product = (cells.effort[k] * (1.0 + length * cells.change[k])
                   * (cells.multiplier[k] + length * cells.of_multiplier[k]))
        least, total = min(least, product), total + product
    for row in range(rows.slack.shape[0]):
        product = _slack(row, length, rows) * (rows.multiplier[row] + length * rows.of_multiplier[row])
        least, total = min(least, product), total + product
    return least, total / (n_cells + rows.slack.shape[0])


@kernel
def _find_inverse(division: Division, cells: _Cells) -> None:
    """Find the inverse of each class's block: its diagonal, and -earlier_i passed_i+1 ... passed_j-1 later_j."""
    for of in range(division.unit.shape[1]):
        begin, end = cells.first[of], cells.first[of + 1]
        lost = 0.0  # P
        for k in range(end - 1, begin - 1, -1):
            effort, own = cells.effort[k], cells.own[k]
            lost += cells.falls[k]
            pivot = own + lost * effort * effort
            cells.pivot[k] = 1.0 / pivot
            cells.later[k] = lost * effort * cells.pivot[k]
            cells.passed[k] = own * cells.pivot[k]
            lost *= cells.passed[k]
            cells.earlier[k] = lost  # until the next loop
        free = 0.0  # V
        for k in range(begin, end):
            effort = cells.effort[k]
            of_both = 1.0 / (1.0 + cells.earlier[k] * free)
            cells.diagonal[k] = cells.pivot[k] + cells.later[k] * cells.later[k] * free * of_both
            cells.earlier[k] = effort * cells.pivot[k] * of_both
            free += effort * effort / cells.own[k]
            free /= 1.0 + cells.falls[k] * free


@kernel
def _spread(column: Floats, division: Division, cells: _Cells) -> None:
    """Fill `spread` with the inverse times a column."""
    for of in range(division.unit.shape[1]):
        begin, end = cells.first[of], cells.first[of + 1]
        met = 0.0
        for k in range(end - 1, begin - 1, -1):
            cells.spread[k] = cells.diagonal[k] * column[k] - cells.earlier[k] * met
            met = met * cells.passed[k] + cells.later[k] * column[k]
        met = 0.0
        for k in range(begin, end):
            cells.spread[k] -= cells.later[k] * met
            met = met * cells.passed[k] + cells.earlier[k] * column[k]


@kernel
def _find_matrix(n_cells: int, division: Division, cells: _Cells, rows: _Rows) -> None:
    """Find the matrix of the rows."""
    matrix, budget = rows.matrix, rows.slack.shape[0] - 1
    matrix[:] = 0.0
    for row in range(budget + 1):
        matrix[row, row] = rows.slack[row] / rows.multiplier[row]
    _spread(cells.by_budget, division, cells)
    for k in range(n_cells):
        line = cells.line[k]
        matrix[line, line] += cells.by_limit[k] * cells.diagonal[k] * cells.by_limit[k]
        matrix[budget, line] += cells.by_limit[k] * cells.spread[k]
        matrix[budget, budget] += cells.by_budget[k] * cells.spread[k]
    for of in range(division.unit.shape[1]):
        for i in range(cells.first[of], cells.first[of + 1]):
            line, taken = cells.line[i], cells.by_limit[i] * cells.earlier[i]
            for j in range(i + 1, cells.first[of + 1]):
                other = cells.line[j]
                matrix[max(line, other), min(line, other)] -= taken * cells.later[j] * cells.by_limit[j]
                taken *= cells.passed[j]


@kernel
def _solve(matrix: Floats, right: Floats, solution: Floats) -> None:
    """Solve for a positive matrix, of which the lower half is given and destroyed."""
    n = right.shape[0]
    for j in range(n):
        solution[j] = right[j]
    for j in range(n):
        inverse = 1.0 / matrix[j, j]
        for i in range(j + 1, n):
            if matrix[i, j] != 0.0:
                factor = matrix[i, j] * inverse
                for other in range(j + 1, i + 1):
                    matrix[i, other] -= factor * matrix[other, j]
                solution[i] -= factor * solution[j]
        matrix[j, j] = inverse
    for j in range(n - 1, -1, -1):
        total = solution[j]
        for i in range(j + 1, n):
            total -= matrix[i, j] * solution[i]
        solution[j] = total * matrix[j, j]


@kernel
def _uneven(vector: int, n_cells: int, length: float, division: Division, room: Room) -> tuple[float, float]:
    """Return how far a relative growth of an effort is from stopping what it costs, after a step of a length.

    And how far if growth counts as it did before, so that a short step makes it smaller. Fills what the next step needs
    to know of the efforts.
    """
    cells, rows, budget, uneven, as_before = room.cells, room.rows, room.rows.slack.shape[0] - 1, 0.0, 0.0
    _find_gain(vector, length, division, cells)
    _find_uses(vector, n_cells, length, division, cells)
    of_budget = rows.multiplier[budget] + length * rows.of_multiplier[budget]
    for k in range(n_cells):
        line, growth = cells.line[k], 1.0 + length * cells.change[k]
        effort = cells.effort[k] * growth
        of_limit = rows.multiplier[line] + length * rows.of_multiplier[line]
        least = division.least[vector, line] * division.limit[vector, line]
        costs = cells.by_limit[k] * (of_limit + least) + cells.by_budget[k] * of_budget
        own = (cells.multiplier[k] + length * cells.of_multiplier[k]) * effort
        off = abs(cells.gain[k] * effort - costs + own)
        uneven, as_before = max(uneven, off), max(as_before, off / growth)
    return uneven, as_before


@kernel
def _newton(vector: int, n_cells: int, target: float, division: Division, room: Room) -> None:
    """Find the step toward the point at which all products are `target`."""
    cells, rows, budget = room.cells, room.rows, room.rows.slack.shape[0] - 1
    for k in range(n_cells):
        line, effort = cells.line[k], cells.effort[k]
        least = division.least[vector, line]
        of_limit, of_budget = rows.multiplier[line], rows.multiplier[budget]
        hold = of_limit / division.limit[vector, line] + of_budget * division.cost[vector, line] + least
        own = cells.multiplier[k] * effort
        cells.own[k] = cells.bend[k] * hold + own
        worth = cells.gain[k] * effort - least * cells.by_limit[k] * division.limit[vector, line]
        costs = cells.by_limit[k] * of_limit + cells.by_budget[k] * of_budget
        cells.right[k] = worth - costs + target
    _find_inverse(division, cells)
    _find_matrix(n_cells, division, cells, rows)
    _spread(cells.right, division, cells)
    for row in range(budget + 1):
        rows.right[row] = target / rows.multiplier[row] - rows.slack[row]
    for k in range(n_cells):
        rows.right[cells.line[k]] += cells.by_limit[k] * cells.spread[k]
        rows.right[budget] += cells.by_budget[k] * cells.spread[k]
    _solve(rows.matrix, rows.right, rows.of_multiplier)
    for k in range(n_cells):
        cells.right[k] -= (cells.by_limit[k] * rows.of_multiplier[cells.line[k]]
                           + cells.by_budget[k] * rows.of_multiplier[budget])
    _spread(cells.right, division, cells)
    rows.of_slack[:] = 0.0
    rows.curved[:] = 0.0
    for k in range(n_cells):
        line, change = cells.line[k], cells.spread[k]
        cells.change[k] = change
        cells.of_multiplier[k] = target / cells.effort[k] - cells.multiplier[k] * (1.0 + change)
        rows.of_slack[line] -= cells.by_limit[k] * change
        rows.of_slack[budget] -= cells.by_budget[k] * change
        curved = cells.bend[k] * change * change / 2.0
        rows.curved[line] += curved / division.limit[vector, line]
        rows.curved[budget] += curved * division.cost[vector, line]


@kernel
def _length(n_cells: int, cells: _Cells, rows: _Rows) -> float:
    """Return how far a step can go, at most 1, with everything above zero and no product far below the others."""
    inverse = 1.0
    for k in range(n_cells):
        shrinks = max(-cells.change[k], -cells.of_multiplier[k] / cells.multiplier[k])
        inverse = max(inverse, shrinks / _TO_THE_EDGE)
    for row in range(rows.slack.shape[0]):
        left, falls = rows.slack[row] * _TO_THE_EDGE, -rows.of_slack[row]
        pull = (falls + math.sqrt(falls * falls + 4.0 * rows.curved[row] * left)) / (2.0 * left)
        inverse = max(inverse, pull, -rows.of_multiplier[row] / rows.multiplier[row] / _TO_THE_EDGE)
    length = 1.0 / inverse
    for _ in range(_SHORTER):
        least, mean = _products(n_cells, length, cells, rows)
        if least >= _EVEN * mean:
            break
        length *= _SHORTENED
    return length


@kernel
def _search(vector: int, n_cells: int, division: Division, room: Room) -> int:
    """Search from the start until it is found; return the number of steps.

    Slopes change by a factor of e with an effort of 1, so a long step may leave the efforts uneven: it is halved then.
    And products must not fall far ahead of the unevenness: a row that is all but used up leaves no way to even it out.
    """
    cells, rows = room.cells, room.rows
    cells.of_multiplier[:n_cells] = 0.0
    rows.of_slack[:] = 0.0
    rows.of_multiplier[:] = 0.0
    rows.curved[:] = 0.0
    length, (uneven, _) = 0.0, _uneven(vector, n_cells, 0.0, division, room)
    for step in range(MOST_STEPS):
        _, product = _products(n_cells, 0.0, cells, rows)
        found = product <= _CLOSED and uneven <= _CLOSED
        target = max(product * (_SHARP if length > _LONG else _SOFT), _CLOSED * _SHARP, _LAG * uneven)
        _newton(vector, n_cells, target, division, room)
        length = _length(n_cells, cells, rows)
        most = max(uneven, _STRAY * product)
        uneven, as_before = _uneven(vector, n_cells, length, division, room)
        for _ in range(_HALVED):
            if as_before <= most:
                break
            length *= 0.5
            uneven, as_before = _uneven(vector, n_cells, length, division, room)
        for k in range(n_cells):
            cells.effort[k] *= 1.0 + length * cells.change[k]
            cells.multiplier[k] += length * cells.of_multiplier[k]
        for row in range(rows.slack.shape[0]):
            rows.slack[row] = _slack(row, length, rows)
            rows.multiplier[row] += length * rows.of_multiplier[row]
        if found:
            return step + 1
    return MOST_STEPS


@kernel
def divide(division: Division, room: Room, found: Found) -> None:
    """Fill `found` with the best efforts of every vector, each by itself.

    Parameters
    ----------
    division
        What is to be divided.
    room
        From `room_for`.
    found
        Its arrays, of any content.
    """
    cells, budget = room.cells, room.rows.slack.shape[0] - 1
    for vector in range(division.unit.shape[0]):
        n_cells = _list_cells(vector, division, cells)
        _start(vector, n_cells, division, cells, room.rows)
        found.n_steps[vector] = _search(vector, n_cells, division, room)
        found.left[vector], found.price[vector] = room.rows.slack[budget], room.rows.multiplier[budget]
        found.effort[vector] = 0.0
        for of in range(division.unit.shape[1]):
            alone = 0.0  # what an effort would stop if nothing else did
            for k in range(cells.first[of + 1] - 1, cells.first[of] - 1, -1):
                alone += cells.stops[k] * division.h_max[vector, of]
                if cells.effort[k] * alone > _BOUGHT:
                    found.effort[vector, of, cells.line[k]] = cells.effort[k]
