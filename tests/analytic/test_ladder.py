"""The ladder's closed forms: the oracles, every vertex of small chains, the interval against its own coverage.

Tried to fail: 1 - exp without the time; the remainder poured into the highest value for the least; a target that is
left again; the weight on answered events alone; the tails exchanged. Each fails at least one test.
"""

import itertools

import numpy as np
import pytest
from scipy.stats import beta

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.ladder import (
    expected_for,
    jeffreys,
    jeffreys_over,
    overlap,
    p_of,
    p_up,
    poured,
    reach_bounds,
)

LOWER = [[0.9, 0.01, 0.0], [0.2, 0.5, 0.02], [0.0, 0.0, 1.0]]
UPPER = [[0.99, 0.1, 0.0], [0.4, 0.75, 0.1], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize(("rates", "q", "time", "exact"), [
    ([0.15], [0.05], 12, 0.086069), ([0.15], [0.262], 12, 0.375997),
    ([0.1, 0.2], [0.5, 0.25], 10, 0.632121),  # expectations add up: 1 - 1/e
    ([3.0], [0.0], 12, 0.0), ([], [], 12, 0.0), ([1.0], [1.0], 0, 0.0)])
def test_at_least_one_rung_up(rates, q, time, exact):
    assert p_up(rates, q, time) == pytest.approx(exact, abs=5e-7)


@pytest.mark.parametrize(("answered", "events", "low", "high", "tolerance"), [
    (0, 6, 0.0, 0.330, 5e-4), (0, 8, 0.0, 0.262, 5e-4), (0, 12, 0.0, 0.185, 5e-4),
    (0, 1, 0.0, 0.85, 5e-3), (0, 2, 0.0, 0.67, 5e-3), (0, 3, 0.0, 0.54, 5e-3), (0, 4, 0.0, 0.44, 5e-3),
    (8, 160, 0.0239, 0.0921, 5e-5), (1, 1, 0.147, 1.0, 5e-4), (0, 0, 0.0, 1.0, 0.0)])
def test_what_events_leave_open(answered, events, low, high, tolerance):
    assert jeffreys(answered, events) == pytest.approx((low, high), abs=tolerance)


def test_the_interval_is_the_posterior_of_a_power_prior():
    for weight in (0.1, 0.5, 1.0):
        posterior = beta(0.5 + 3 * weight, 0.5 + 17 * weight)
        assert jeffreys(3, 20, weight) == pytest.approx(posterior.interval(0.95))


def test_no_weight_leaves_everything_and_more_weight_less():
    assert jeffreys(0, 160, 0.0) == jeffreys(160, 160, 0.0) == (0.0, 1.0)
    highs = [jeffreys(0, 8, weight)[1] for weight in np.linspace(0.05, 1.0, 20)]
    assert highs == sorted(highs, reverse=True)
    low, high = jeffreys_over(8, 160, (0.2, 0.5))
    for weight in np.linspace(0.2, 0.5, 7):
        assert low - 1e-12 <= jeffreys(8, 160, weight)[0] and jeffreys(8, 160, weight)[1] <= high + 1e-12


@pytest.mark.parametrize("p", [0.02, 0.1, 0.5])
def test_it_covers_about_as_often_as_it_says(p):
    n = 160
    chance = [float(np.exp(_log_binomial(n, s, p))) for s in range(n + 1)]
    covered = sum(chance[s] for s in range(n + 1) if jeffreys(s, n)[0] <= p <= jeffreys(s, n)[1])
    assert 0.9 < covered < 0.99


def _log_binomial(n, s, p):
    from scipy.stats import binom

    return binom.logpmf(s, n, p)


@pytest.mark.parametrize(("steps", "low", "high", "tolerance"), [
    (2, 0.0002, 0.01, 1e-12), (12, 0.00449531, 0.222589, 5e-7), (0, 0.0, 0.0, 0.0), (1, 0.0, 0.0, 0.0)])
def test_bounds_of_the_chain(steps, low, high, tolerance):
    assert reach_bounds(LOWER, UPPER, 0, 2, steps) == pytest.approx((low, high), abs=tolerance)


def test_who_starts_there_is_there():
    assert reach_bounds(LOWER, UPPER, 2, 2, 0) == (1.0, 1.0)
    leaves = [[0.5, 0.5], [1.0, 0.0]]  # the target is left again: to have been there is what counts
    assert reach_bounds(leaves, leaves, 0, 1, 3) == pytest.approx((0.875, 0.875))


def vertices(low, high):
    """Return every vertex of the rows between bounds that add up to 1: all but one entry at a bound."""
    n, found = len(low), []
    for free in range(n):
        for ends in itertools.product(*[((low[j], high[j]) if j != free else (None,)) for j in range(n)]):
            rest = 1.0 - sum(end for end in ends if end is not None)
            if low[free] - 1e-12 <= rest <= high[free] + 1e-12:
                found.append([rest if end is None else end for end in ends])
    return np.array(found)


@pytest.mark.parametrize("seed", range(12))
def test_every_vertex_in_every_step(seed):
    """Another chain in each step, each at every vertex: the extreme of all products is what value iteration finds."""
    rng = np.random.default_rng(seed)
    n, steps, target = 3, 3, 2
    middle = rng.dirichlet(np.ones(n), size=n)
    low, high = middle * rng.uniform(0.3, 1.0, (n, n)), np.minimum(1.0, middle * rng.uniform(1.0, 2.0, (n, n)))
    rows = [vertices(low[i], high[i]) for i in range(n)]
    rows[target] = np.eye(n)[[target]]
    policies = [np.array(chain) for chain in itertools.product(*rows)]
    reached = {tuple(np.eye(n)[target])}  # every vector of values that some sequence of vertices gives
    for _ in range(steps):
        reached = {tuple((policy @ np.array(value)).round(14)) for policy in policies for value in reached}
    every = np.array(sorted(reached))
    for start in range(2):
        assert reach_bounds(low.tolist(), high.tolist(), start, target, steps) == pytest.approx(
            (every[:, start].min(), every[:, start].max()), abs=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_each_row_is_the_linear_program(seed):
    from scipy.optimize import linprog

    rng = np.random.default_rng(100 + seed)
    n = 6
    middle, value = rng.dirichlet(np.ones(n)), rng.uniform(size=n)
    low, high = middle * 0.4, np.minimum(1.0, middle * 1.7)
    for sign in (1, -1):
        exact = linprog(sign * value, A_eq=np.ones((1, n)), b_eq=[1.0], bounds=list(zip(low, high, strict=True))).fun
        row = poured(low[None], high[None], np.argsort(sign * value))[0]
        assert row.sum() == pytest.approx(1.0) and (row >= low).all() and (row <= high + 1e-12).all()
        assert sign * row @ value == pytest.approx(exact, abs=1e-9)


def test_a_chain_with_one_way_up_is_the_poisson_formula():
    rate = 0.0075
    up = p_of(rate)
    row = [[1.0 - up, up], [0.0, 1.0]]
    assert reach_bounds(row, row, 0, 1, 12) == pytest.approx((p_up([0.15], [0.05], 12),) * 2, abs=1e-12)


def test_small_things():
    assert p_of(expected_for(0.3)) == pytest.approx(0.3)
    assert overlap((0.0, 0.1), (0.05, 0.2)) and not overlap((0.3, 0.4), (0.1, 0.2))


@pytest.mark.parametrize(("call", "words"), [
    (lambda: p_up([1.0], [], 1), "q: has 0 values for 1 rates"),
    (lambda: p_up([-1.0], [0.1], 1), "rates: -1 cannot be"), (lambda: p_up([1.0], [1.1], 1), "q: 1.1 cannot be"),
    (lambda: p_up([1.0], [float("nan")], 1), "q: nan cannot be"),
    (lambda: p_up([1.0], [0.1], float("inf")), "months: inf cannot be"),
    (lambda: jeffreys(3, 2), "3 answered of 2 cannot be"), (lambda: jeffreys(1, 2, 1.5), "weight of events: is 1.5"),
    (lambda: reach_bounds([[1.0]], [[1.0, 0.0]], 0, 0, 1), "upper: is not a square table"),
    (lambda: reach_bounds([], [], 0, 0, 1), "lower: is not a square table"),
    (lambda: reach_bounds([[1.0]], [[1.0, 0.0], [0.0, 1.0]], 0, 0, 1), "upper: has 2 rows, lower 1"),
    (lambda: reach_bounds([[0.9]], [[0.8]], 0, 0, 1), "row 0, column 0: bounds 0.9 to 0.8 cannot be"),
    (lambda: reach_bounds([[0.6, 0.6], [0, 1]], [[0.7, 0.7], [0, 1]], 0, 1, 1), "row 0: cannot add up to 1"),
    (lambda: reach_bounds([[0.1, 0.1], [0, 1]], [[0.3, 0.3], [0, 1]], 0, 1, 1), "row 0: cannot add up to 1"),
    (lambda: reach_bounds(LOWER, UPPER, 3, 2, 1), "from: 3 is no state; give 0 to 2"),
    (lambda: reach_bounds(LOWER, UPPER, 0, -1, 1), "to: -1 is no state"),
    (lambda: reach_bounds(LOWER, UPPER, 0, 2, -1), "steps: is -1")])
def test_what_cannot_be(call, words):
    with pytest.raises(SkyShieldError) as refused:
        call()
    assert words in str(refused.value)
