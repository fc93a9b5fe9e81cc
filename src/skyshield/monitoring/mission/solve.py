r"""The best whole numbers of units, with a bound that is proven.

One means, and no limit that mixes: a unit at a time where it adds most (greedy), exact because each unit adds less than
the one before. Otherwise:

1. Columns. A column is one sector with its numbers of units. The linear program over columns (Dantzig and Wolfe 1960)
   has prices of the resources; `pricing.search` finds each sector's best column at these prices, until none is missing.
2. Bound. For any prices λ ≥ 0 no plan is worth more than Σ_s max_n (w_s f_s(n) - λ u n) + λ L. As few resources join
   many sectors, it lies close to the best plan (Shapley and Folkman, in I. Ekeland and R. Temam, "Convex Analysis and
   Variational Problems", 1976).
3. Plan. A whole-number program over the columns, then units added while any fits.
4. Proof. Where the gap is wider than asked, all columns that a better plan could use are listed: their height at the
   prices is within the gap of their sector's bound. A whole-number program over these closes it.

Nothing depends on a clock: the searches end by counts.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.mission.pricing import search
from skyshield.monitoring.mission.problem import Problem, fits, roomy, value

GAP_ASKED = 2e-3  # a fifth of what the design promises
_ROUNDS = 80
_PRICED = 1e-4  # of the value: how far the columns' program may stay under its bound
_SEARCHED = 2e-5  # of the value: how far each round's searches may be off, together
_NODES = 200
_WHOLE_GAP = 1e-3  # of the value: where the whole-number program over columns may stop
_NEAR = 1e-3  # of the value: columns farther under their sector's best are left out of the first plan
_LISTED = 4_000  # columns of one sector
_ALL_LISTED = 60_000
_TINY = 1e-12

Progress = Callable[[int, int], None] | None


@dataclass(frozen=True)
class Plan:
    """Numbers of units with their worth and a bound of any plan's.

    Attributes
    ----------
    units
        i8[sector, means].
    value, bound
        Σ w f of these units, and what no plan under the limits exceeds.
    """

    units: Integers
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


def solve(problem: Problem, progress: Progress = None) -> Plan:
    """Return the best plan found, with its bound.

    Parameters
    ----------
    problem
        With every number of units bounded by `most`.
    progress
        Told the round and how many there can be.

    Examples
    --------
    >>> import numpy as np
    >>> q = np.array([0.1, 0.2, 0.3])
    >>> one = np.ones((3, 1))
    >>> plan = solve(Problem(one[:, 0], one, -np.log1p(-q)[:, None, None], np.ones((1, 1)), np.array([9.0]),
    ...                      np.full((3, 1), 9)))
    >>> plan.units[:, 0].tolist(), round(plan.value, 4), plan.gap
    ([1, 4, 4], 1.4503, 0.0)
    """
    if problem.most.shape[1] == 1:
        units = fill_up(problem, np.zeros_like(problem.most))
        worth = value(problem, units)
        return Plan(units, worth, worth)
    return _by_columns(problem, progress)


def fill_up(problem: Problem, units: Integers) -> Integers:
    """Add a unit at a time where it adds most for what it takes, while any fits.

    What a unit takes is its largest share of what is left of a limit. With one means that is the same everywhere.
    """
    units = units.copy()
    room = roomy(problem.limit) - problem.use @ units.sum(axis=0)
    left = problem.p * np.exp(-np.einsum("sck,sk->sc", problem.rate, units.astype(np.float64)))
    stops = -np.expm1(-problem.rate)
    gain = problem.weight[:, None] * np.einsum("sc,sck->sk", left, stops)
    while True:
        possible = np.all(problem.use <= room[:, None], axis=0)
        takes = np.max(problem.use / np.maximum(room, _TINY)[:, None], axis=0, initial=_TINY)
        score = np.where(possible & (units < problem.most) & (gain > _TINY), gain / takes, 0.0)
        place = int(np.argmax(score))
        s, k = divmod(place, units.shape[1])
        if score[s, k] <= 0:
            return units
        units[s, k] += 1
        room -= problem.use[:, k]
        left[s] *= np.exp(-problem.rate[s, :, k])
        gain[s] = problem.weight[s] * (left[s] @ stops[s])


class _Columns:
    """The columns found so far, each once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sector: list[int] = []
        self.units: list[Integers] = []
        self._known: set[tuple[int, ...]] = set()

    def add(self, sector: int, units: Integers) -> bool:
        """Keep a column; return whether it is new and not empty."""
        key = (sector, *map(int, units))
        if key in self._known or not units.any():
            return False
        self._known.add(key)
        self.sector.append(sector)
        self.units.append(units.copy())
        return True

    def table(self) -> tuple[Integers, Integers, Floats]:
        """Return the columns' sectors, their units [column, means] and their worth."""
        sector, units = np.array(self.sector), np.array(self.units)
        met = np.einsum("jck,jk->jc", self.problem.rate[sector], units.astype(np.float64))
        worth = self.problem.weight[sector] * np.einsum("jc,jc->j", self.problem.p[sector], -np.expm1(-met))
        return sector, units, worth


    def near(self, prices: Floats, tops: Floats, within: float) -> "_Columns":
        """Return the columns whose height at these prices is at most `within` under their sector's bound."""
        sector, units, worth = self.table()
        heights = worth - units @ (prices @ self.problem.use)
        result = _Columns(self.problem)
        for place in np.flatnonzero(heights >= tops[sector] - within):
            result.add(int(sector[place]), units[place])
        return result


def _by_columns(problem: Problem, progress: Progress) -> Plan:
    columns = _first_columns(problem)
    if not columns.sector:
        return Plan(np.zeros_like(problem.most), 0.0, 0.0)
    bound, prices, tops = np.inf, np.zeros(len(problem.limit)), np.zeros(len(problem.weight))
    for done in range(_ROUNDS):
        if progress is not None:
            progress(done, _ROUNDS)
        reached, duals = _linear(problem, columns)
        heights, bests = _priced(problem, duals, _SEARCHED * reached / len(problem.weight))
        here = float(heights.sum() + duals @ roomy(problem.limit))
        if here < bound:
            bound, prices, tops = here, duals, heights
        new = [columns.add(s, bests[s]) for s in range(len(bests))]
        if bound - reached <= _PRICED * bound or not any(new):
            break
    units = _whole(problem, columns.near(prices, tops, _NEAR * bound), _WHOLE_GAP)[0]
    plan = Plan(units, value(problem, units), bound)
    if plan.gap > GAP_ASKED:
        plan = _proven(problem, plan, prices, tops)
    return Plan(plan.units, plan.value, max(plan.bound, plan.value))


def _first_columns(problem: Problem) -> _Columns:
    """Return one means alone, in doubling numbers, and a plan made a unit at a time."""
    columns = _Columns(problem)
    n_sectors, n_means = problem.most.shape
    for s in range(n_sectors):
        for k in range(n_means):
            number = 1
            while number <= problem.most[s, k]:
                units = np.zeros(n_means, np.int64)
                units[k] = number
                columns.add(s, units)
                number *= 2
    for s, units in enumerate(fill_up(problem, np.zeros_like(problem.most))):
        columns.add(s, units)
    return columns


def _priced(problem: Problem, prices: Floats, tolerance: float) -> tuple[Floats, Integers]:
    """Return bounds f8[sector] of the heights at the resources' prices, and the best units found."""
    each = prices @ problem.use
    nothing = np.empty((0, problem.most.shape[1]), np.int64)
    heights, bests = np.zeros(len(problem.weight)), np.zeros_like(problem.most)
    for s in range(len(heights)):
        _, heights[s], _ = search(problem.weight[s], problem.p[s], problem.rate[s], each, problem.most[s], tolerance,
                                  0.0, nothing, bests[s])
    return heights, bests


def _rows(problem: Problem, sector: Integers, units: Integers) -> tuple[Any, Floats]:
    """Return the rows of the columns' programs, resources as shares of their limits, and their right sides."""
    from scipy.sparse import coo_array, vstack

    scale = np.maximum(problem.limit, _TINY)
    takes = (problem.use @ units.T) / scale[:, None]
    one_each = coo_array((np.ones(len(sector)), (sector, np.arange(len(sector)))),
                         shape=(len(problem.weight), len(sector)))
    return (vstack([coo_array(takes), one_each], format="csc"),
            np.concatenate([problem.limit / scale, np.ones(len(problem.weight))]))


def _linear(problem: Problem, columns: _Columns) -> tuple[float, Floats]:
    """Return the value of the linear program over the columns and the prices of the resources."""
    from scipy.optimize import linprog

    sector, units, worth = columns.table()
    rows, right = _rows(problem, sector, units)
    done = linprog(-worth, A_ub=rows, b_ub=right, method="highs")
    if done.status != 0 or done.fun is None:
        raise SkyShieldError("monitor design", f"its linear program was not solved ({done.message})",
                             "check that no number is extremely large or small beside the others")
    scale = np.maximum(problem.limit, _TINY)
    return float(-done.fun), np.maximum(0.0, -done.ineqlin.marginals[:len(scale)]) / scale


def _whole(problem: Problem, columns: _Columns, gap: float) -> tuple[Integers, float]:
    """Return a plan of whole columns, filled up, and a bound of the plans that these columns allow."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    sector, units, worth = columns.table()
    rows, right = _rows(problem, sector, units)
    with _silent():
        done = milp(-worth, integrality=np.ones(len(worth), np.int64), bounds=Bounds(0, 1),
                    constraints=LinearConstraint(rows, -np.inf, right),
                    options={"mip_rel_gap": gap, "node_limit": _NODES})
    plan = np.zeros_like(problem.most)
    if done.x is not None:
        for column in np.flatnonzero(done.x > 1 / 2):
            plan[sector[column]] = units[column]
    others = fill_up(problem, np.zeros_like(problem.most))
    plan = fill_up(problem, _within(problem, plan))
    bound = np.inf if done.mip_dual_bound is None else -float(done.mip_dual_bound)
    return (plan if value(problem, plan) >= value(problem, others) else others), bound


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep what the solver's own code writes to standard output, whatever it is told, out of it."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _within(problem: Problem, units: Integers) -> Integers:
    """Take units away, those that add least first, until every limit is kept; solvers keep them to a tolerance."""
    units = units.copy()
    while not fits(problem, units):
        here = value(problem, units)
        losses = []
        for s, k in np.argwhere(units > 0):
            units[s, k] -= 1
            losses.append((here - value(problem, units), int(s), int(k)))
            units[s, k] += 1
        _, s, k = min(losses)
        units[s, k] -= 1
    return units


def _proven(problem: Problem, plan: Plan, prices: Floats, tops: Floats) -> Plan:
    """List every column that a better plan could use and solve over these; the old bound stays if they are too many."""
    each = prices @ problem.use
    between = plan.bound - plan.value
    columns = _Columns(problem)
    found = np.empty((_LISTED, problem.most.shape[1]), np.int64)
    for s in range(len(tops)):
        best = np.zeros(problem.most.shape[1], np.int64)
        _, _, count = search(problem.weight[s], problem.p[s], problem.rate[s], each, problem.most[s],
                             _TINY, tops[s] - between, found, best)
        if count < 0 or len(columns.sector) + count > _ALL_LISTED:
            return plan
        for units in found[:count]:
            columns.add(s, units)
        columns.add(s, plan.units[s])
    units, bound = _whole(problem, columns, _WHOLE_GAP)
    worth = value(problem, units)
    if worth < plan.value:
        units, worth = plan.units, plan.value
    return Plan(units, worth, min(plan.bound, max(worth, bound)))
