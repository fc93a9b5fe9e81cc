"""The search for the best division: its certificate on problems of every sort, another optimiser, and its bytes.

A certificate needs no second search. Stops are concave in units, so no division stops more than this one and what its
slopes promise for the best exchange of all: each line's units to the class on which they do most, lines in the order of
what a euro does, as far as limits and money go. Where next to nothing is left to stop of a class, slopes promise too
much, for they fall with the first of very many units: then what is left of that class is what an exchange can win.

Mutations tried, each caught: the inverse's lower half of the wrong sign, or without what the lines between leave;
limits and budget not coupled; a piece of the period given to a class's first line; slack taken over from the vector
before; multipliers not moved; small efforts not bought; products left to fall by themselves; steps not halved, or by
how growth counts after them.
"""

import json
import os
import subprocess
import sys
from itertools import product as cartesian
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from skyshield.core.errors import SkyShieldError
from skyshield.core.jit import kernel_sources
from skyshield.forces import aid_search
from skyshield.forces.aid import prepare_aid
from skyshield.forces.aid_lines import AidLines
from skyshield.forces.aid_rule import spread_over_lines
from support.aid import Drawn

LEVEL = 2.0**-60  # of the first euro's stops: nothing that stops less is bought
HERE = Path(__file__).parent


def made(n=20, n_lines=5, n_classes=3, seed=1):
    """Return a budget, threats, shares of the period, limits and lines, all random."""
    g = np.random.default_rng(seed)
    yields = g.uniform(0.1, 0.9, (n, n_lines, n_classes)) * (g.random((n, n_lines, n_classes)) < 0.7)
    lines = AidLines(g.uniform(1.0, 5.0, (n, n_lines)), yields, g.uniform(0.1, 1.0, yields.shape),
                     np.full((n, n_lines), np.nan), np.zeros((n, n_lines)), g.uniform(0.1, 2.0, (n, n_classes)),
                     g.uniform(0.5, 5.0, (n, n_classes)))
    return (10.0 ** g.uniform(0.0, 4.0, n), 10.0 ** g.uniform(1.0, 3.5, (n, n_classes)),
            g.uniform(0.1, 1.0, (n, n_lines)), 10.0 ** g.uniform(0.0, 5.0, (n, n_lines)), lines)


def of_vectors(problem, chosen):
    """Return the problem of some of the vectors."""
    *arrays_of, lines = problem
    return (*(array[chosen] for array in arrays_of), AidLines(**{k: v[chosen] for k, v in vars(lines).items()}))


class OneVector:
    """A vector's stops as they count, and their slopes, written down from the module's text."""

    def __init__(self, problem, v):
        self.budget, self.total, share, self.limit = (array[v] for array in problem[:4])
        lines = problem[4]
        self.price, self.h_max, self.worth = lines.price_eur[v], lines.h_max[v], lines.worth[v]
        y, reach = lines.stops_per_unit[v].T, lines.reach[v].T
        whole = (self.h_max * self.total)[:, None] * share
        self.useful = (y > 0) & (reach > 0) & (whole > 0) & (self.limit > 0)
        self.unit = np.where(self.useful, whole / np.where(self.useful, y, 1.0), 1.0)
        self.beyond = np.where(self.useful, (1 - reach) / np.where(reach > 0, reach, 1.0), 0.0)
        at_most = self.units(np.full(y.shape, 30.0)).sum(axis=0)  # no effort is larger
        self.limit = np.where(at_most > 0.0, np.minimum(self.limit, at_most), self.limit)
        edges = np.unique(np.append(share, 0.0))[::-1]
        self.length, self.works = -np.diff(edges), (share[:, None] >= edges[:-1])

    def units(self, effort):
        return np.where(self.useful, self.unit * effort * (1 + self.beyond * effort / 2), 0.0)

    def _left(self, effort):
        return np.exp(-(np.where(self.useful, effort, 0.0) @ self.works))

    def _hit(self, effort):
        """Share of each class that is stopped."""
        return -np.expm1(-self.h_max[:, None] * (1 - self._left(effort))) @ self.length

    def stops(self, effort):
        return (self.worth * self.total) @ self._hit(effort)

    def slope(self, effort):
        """Stops by effort, f8[class, line]."""
        h_max, left = self.h_max[:, None], self._left(effort)
        by_piece = (self.worth * self.total)[:, None] * h_max * left * np.exp(-h_max * (1 - left)) * self.length
        return np.where(self.useful, by_piece @ self.works.T, 0.0)

    def at_most_won(self, effort):
        """How much more could be stopped: of some classes all that is left, of the others what the slopes promise."""
        by_unit = self.slope(effort) / (self.unit * (1 + self.beyond * effort))
        left = (self.worth * self.total) * (self._hit(np.full(effort.shape, 30.0)) - self._hit(effort))
        won = []
        for all_of in cartesian([False, True], repeat=len(left)):
            by_slope = np.where(np.reshape(all_of, (-1, 1)), 0.0, by_unit)
            best, money, promised = by_slope.max(axis=0), self.budget, 0.0
            for line in np.argsort(-best / self.price):
                bought = min(self.limit[line], money / self.price[line])
                promised, money = promised + bought * best[line], money - bought * self.price[line]
            won.append(promised - (by_slope * self.units(effort)).sum() + left[list(all_of)].sum())
        return min(won)


@st.composite
def problems(draw):
    """Problems with few lines and classes, nothing or all the money, no limit or no units, any reach, any begin."""
    seed = draw(st.integers(0, 2**32))
    budget, total, share, limit, lines = made(*(draw(st.integers(1, most)) for most in (3, 6, 3)), seed)
    g = np.random.default_rng(seed)

    def one_of(array, *others):
        """Return an array as it is, with some of its numbers replaced by one, or times another."""
        kind, number = draw(st.sampled_from([("some", 0.0), ("as it is", 1.0), *others]))
        if kind == "some":
            return np.where(g.random(array.shape) < 0.2, number, array)
        return np.full(array.shape, number) if kind == "all" else array * number

    lines = AidLines(**{**vars(lines), "reach": one_of(lines.reach, ("all", 1.0), ("some", 1.0), ("times", 1e-5))})
    return (one_of(budget, ("times", 1e-5), ("times", 1e6)), one_of(total, ("times", 100.0)),
            one_of(share, ("all", 1.0), ("some", 1.0)),
            one_of(limit, ("all", 1e9), ("all", 0.0), ("times", 1e-3)), lines)


STEEP = (np.array([3.5891429e8]), np.array([[71971.42200624, 26875.4369056]]), np.ones((1, 2)), np.full((1, 2), 1e9),
         AidLines(np.array([[1.42714218, 1.2731785]]), np.array([[[0.13456064, 0.24480528], [0.0, 0.18301442]]]),
                  np.array([[[0.25294906, 0.97833937], [0.20176708, 0.38466199]]]), np.full((1, 2), np.nan),
                  np.zeros((1, 2)), np.array([[1.58468793, 1.57653676]]), np.array([[1.97979212, 1.35924347]])))
FLAT = (np.array([4.03e6]), np.array([[922.0, 774.0]]), np.ones((1, 1)), np.full((1, 1), 1e9),
        AidLines(np.array([[4.67]]), np.array([[[0.453, 0.775]]]), np.array([[[1.0, 0.208]]]), np.full((1, 1), np.nan),
                 np.zeros((1, 1)), np.array([[0.301, 1.32]]), np.array([[2.3, 1.95]])))
LONG = (np.array([3293720.0]), np.array([[43.571, 282.49]]), np.array([[0.54015, 0.27533, 0.34296, 0.17941, 0.9379]]),
        np.array([[14594.0, 128.27, 0.0, 23203.0, 26441.0]]),
        AidLines(np.array([[3.2346, 1.3669, 1.2142, 3.455, 4.0899]]),
                 np.array([[[0.0, 0.35266], [0.33275, 0.4547], [0.0, 0.2328], [0.25934, 0.10806], [0.55235, 0.19905]]]),
                 np.array([[[0.76918, 1.0], [0.31895, 1.0], [0.5623, 0.34408], [1.0, 0.56105], [1.0, 0.22365]]]),
                 np.full((1, 5), np.nan), np.zeros((1, 5)), np.array([[0.51801, 1.5521]]),
                 np.array([[1.4546, 2.0663]])))


@settings(max_examples=80, deadline=None)
@given(problem=problems())
@example(problem=STEEP)  # the budget was used up to its last part before the efforts were even: not found in 90 steps
@example(problem=FLAT)  # an effort fell from where nothing is left to stop to where much is: lost for good
@example(problem=LONG)  # an effort was to grow fourfold, which made it less even by itself: halved for ever
def test_no_division_stops_more(problem):
    hold_no_division_stops_more(problem)


@pytest.mark.slow
@settings(max_examples=20000, deadline=None)
@given(problem=problems())
def test_no_division_stops_more_in_many_problems(problem):
    hold_no_division_stops_more(problem)


def hold_no_division_stops_more(problem):
    units, effort, level = spread_over_lines(*problem)
    assert np.isfinite(units).all() and (units >= 0.0).all()
    for v in range(len(units)):
        one = OneVector(problem, v)
        assert one.units(effort[v]) == pytest.approx(units[v].T, rel=1e-12)
        assert not units[v].T[~one.useful].any()
        assert (units[v].sum(axis=1) <= one.limit * (1 + 1e-9)).all()
        spent = (units[v].sum(axis=1) * one.price).sum()
        if one.budget == 0.0:
            assert not units[v].any()
            continue
        budget = max(one.budget, 0.01)
        assert spent <= budget * (1 + 1e-9)
        most = (one.worth * one.total * -np.expm1(-one.h_max)).sum()
        first = (one.slope(np.zeros_like(effort[v])) / one.unit).max(axis=0) / one.price
        scale = min(most, first.max() * budget)
        assert one.at_most_won(effort[v]) <= 1e-7 * scale + LEVEL * first.max() * budget
        assert level[v] == 0.0 or spent == pytest.approx(budget, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_another_optimiser_comes_to_the_same(seed):
    """Scipy's, by sequential quadratic programs from a start of its own."""
    problem = made(1, 4, 2, seed)
    one, (units, effort, _) = OneVector(problem, 0), spread_over_lines(*problem)
    shape, scale = effort[0].shape, one.stops(effort[0])

    def left(flat):
        by_line = one.units(flat.reshape(shape)).sum(axis=0)
        return np.append(1 - by_line / one.limit, 1 - (by_line * one.price).sum() / one.budget)

    other = minimize(lambda s: -one.stops(s.reshape(shape)) / scale, np.full(effort[0].size, 1e-3),
                     jac=lambda s: -one.slope(s.reshape(shape)).ravel() / scale, bounds=[(0.0, 30.0)] * effort[0].size,
                     constraints={"type": "ineq", "fun": left}, method="SLSQP", options={"ftol": 1e-14, "maxiter": 500})
    found = other.x.reshape(shape)
    assert left(other.x).min() > -1e-6
    assert one.stops(found) == pytest.approx(scale, rel=1e-6)
    assert one.units(found) == pytest.approx(units[0].T, rel=1e-3, abs=1e-3 * units[0].max())


@pytest.mark.parametrize("chosen", [slice(0, 1), slice(7, 8), slice(3, 15), slice(None, None, -1), [4, 4, 0]])
def test_a_vector_is_the_same_alone_and_among_others(chosen):
    problem = made()
    together, alone = spread_over_lines(*problem), spread_over_lines(*of_vectors(problem, chosen))
    for whole, part in zip(together, alone, strict=True):
        assert np.ascontiguousarray(whole[chosen]).tobytes() == np.ascontiguousarray(part).tobytes()


def test_every_vector_is_found_long_before_the_last_step(monkeypatch):
    steps = []

    def counted(division, room, found):
        divide(division, room, found)
        steps.append(found.n_steps.copy())

    divide = aid_search.divide
    monkeypatch.setattr(aid_search, "divide", counted)
    demand = np.tile(np.multiply.outer([0.5, 0.3, 0.2], [5000.0, 120.0, 80.0]), (200, 1, 1))
    for budget in (1e4, 1e6, 1e8, 4e8, 1e10, 1e18):
        for days, before in ((30, 0), (30, 365), (365, 0)):
            prepare_aid(budget, days, demand * days / 30, np.ones(3, np.uint8), Drawn(200), ordered_before_days=before)
    assert len(steps) == 18 and np.concatenate(steps).max() < aid_search.MOST_STEPS / 2
    assert np.concatenate(steps).mean() < 25.0
    assert len(set(np.concatenate(steps).tolist())) > 5  # each ends by itself


def test_a_search_that_does_not_end_is_said(monkeypatch):
    def never(division, room, found):
        divide(division, room, found)
        found.n_steps[1] = aid_search.MOST_STEPS

    divide = aid_search.divide
    monkeypatch.setattr(aid_search, "divide", never)
    with pytest.raises(SkyShieldError, match="no best division was found in 90 steps for 1 of 3 vectors") as error:
        spread_over_lines(*made(3))
    assert error.value.exit_code == 1


def test_the_search_is_a_kernel_source():
    assert Path(aid_search.__file__) in kernel_sources()


PLAIN = """
import json, sys
sys.path[:0] = [{tests!r}, {here!r}]
import skyshield.forces.aid_rule
at_first = "numba" in sys.modules
from test_aid_search import aid_search, made, spread_over_lines
json.dump({{"at_first": at_first, "jitted": hasattr(aid_search.divide, "py_func"),
           "found": [array.tolist() for array in spread_over_lines(*made(6))]}}, sys.stdout)
"""


def test_the_kernel_as_plain_python():
    """The same numbers, and no compiler before it is needed."""
    script = PLAIN.format(tests=str(HERE.parents[1]), here=str(HERE))
    plain = json.loads(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True,
                                      env={**os.environ, "NUMBA_DISABLE_JIT": "1"}).stdout)
    assert not plain["at_first"] and not plain["jitted"]
    for compiled, array in zip(spread_over_lines(*made(6)), plain["found"], strict=True):
        np.testing.assert_allclose(compiled, array, rtol=1e-9, atol=1e-12)


def test_the_inverse_of_a_class_block():
    """Against numpy's, of the matrix written down whole."""
    g, n = np.random.default_rng(3), 6
    division = aid_search.Division(*(np.ones((1, 1, n)) for _ in aid_search.Division._fields))
    cells = aid_search.room_for(1, n).cells
    cells.first[:] = 0, n
    for array in (cells.effort, cells.own, cells.falls, cells.right):
        array[:] = g.uniform(0.1, 2.0, n)
    matrix = np.diag(cells.own)
    for i, j in np.ndindex(n, n):
        matrix[i, j] += cells.effort[i] * cells.effort[j] * cells.falls[max(i, j):].sum()
    aid_search._find_inverse(division, cells)
    aid_search._spread(cells.right, division, cells)
    assert cells.diagonal == pytest.approx(np.diag(np.linalg.inv(matrix)), rel=1e-12)
    assert cells.spread == pytest.approx(np.linalg.solve(matrix, cells.right), rel=1e-11)
