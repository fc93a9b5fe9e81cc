"""The inspection games against their closed forms, linear programs and recursions.

Tried to fail: α without f in the threshold; coverage without the violator's loss; the binomial sum to m - 1. Each fails
a test.
"""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from skyshield.monitoring.inspection.recursive import recursive_content, value_terms
from skyshield.monitoring.inspection.sectors import Sector, spread_teams
from skyshield.monitoring.inspection.threshold import RocPoint, best_point, beta_min

AMOUNT = st.floats(0.0, 10.0).map(lambda number: round(number, 6))


@pytest.mark.parametrize(("numbers", "exact"), [
    ((1.0, 3.0, 0.5, 0.1), 0.2625), ((1.0, 3.0, 0.5, 0.0), 0.25), ((2.0, 2.0, 0.0, 0.3), 0.5),
    ((1.0, 0.0, 1.0, 0.5), 1.5), ((0.0, 5.0, 1.0, 0.0), 0.0), ((0.0, 0.0, 0.0, 1.0), 0.0)])
def test_the_threshold(numbers, exact):
    assert beta_min(*numbers) == pytest.approx(exact, abs=1e-15)


@given(d=AMOUNT, b=AMOUNT, f=AMOUNT, alpha=st.floats(0.0, 1.0), beta=st.floats(0.0, 1.0))
def test_keeping_it_is_best_exactly_above_the_threshold(d, b, f, alpha, beta):
    violating, keeping = (1 - beta) * d - beta * b, -alpha * f
    if abs(violating - keeping) > 1e-9:
        assert (violating <= keeping) == (beta >= beta_min(d, b, f, alpha))


@pytest.mark.parametrize("f", [1.0, 4.0, 12.0])
def test_the_best_false_alarm_has_the_slope_f_over_b_and_d(f):
    """β = sqrt(α) has slope 1/(2 sqrt(α)), so that the best α is ((b + d)/(2 f))²."""
    curve = [RocPoint(k / 100_000, (k / 100_000) ** 0.5) for k in range(100_001)]
    best = best_point(curve, 1.0, 3.0, f)
    assert best.alpha == pytest.approx(min(1.0, (4.0 / (2 * f)) ** 2), abs=1e-4)


def by_program(sectors, teams):
    """The least v with d - cβ(b + d) <= v, Σc <= teams, 0 <= c <= 1."""
    n = len(sectors)
    rows = [[*(-one.beta * (one.b + one.d) if s == k else 0.0 for k in range(n)), -1.0]
            for s, one in enumerate(sectors)]
    rows.append([*([1.0] * n), 0.0])
    done = linprog([*([0.0] * n), 1.0], A_ub=rows, b_ub=[*(-one.d for one in sectors), teams],
                   bounds=[*([(0.0, 1.0)] * n), (0.0, None)], method="highs")
    assert done.status == 0
    return done.fun


def test_three_sectors_of_the_design():
    sectors = [Sector(d, 3.0, 0.8) for d in (1.0, 2.0, 3.0)]
    found = spread_teams(sectors, 1.0)
    assert found.teams_needed == pytest.approx(1.4375, abs=1e-12)
    assert np.round(found.coverage, 3).tolist() == [0.135, 0.358, 0.507]
    assert found.value == pytest.approx(by_program(sectors, 1.0), abs=1e-9)
    assert spread_teams(sectors, 1.4375).value == 0.0 < spread_teams(sectors, 1.43).value


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(AMOUNT, AMOUNT, st.floats(0.0, 1.0)), min_size=1, max_size=6), st.floats(0.0, 6.0))
def test_teams_over_sectors_are_a_linear_program(rows, teams):
    sectors = [Sector(*row) for row in rows]
    found = spread_teams(sectors, teams)
    assert found.value == pytest.approx(by_program(sectors, teams), abs=1e-6)
    assert np.all((found.coverage >= 0) & (found.coverage <= 1)) and found.coverage.sum() <= teams + 1e-9
    worth = [one.d - c * one.beta * (one.b + one.d) for one, c in zip(sectors, found.coverage, strict=True)]
    assert max(worth) <= found.value + 1e-7  # coverages of nearly useless teams round
    unstoppable = [k + 1 for k, one in enumerate(sectors) if one.d > one.beta * (one.b + one.d) * (1 + 1e-12)]
    assert list(found.not_deterrable) == unstoppable and (found.teams_needed is None) == bool(unstoppable)


@cache
def by_games(n: int, m: int) -> Fraction:
    """Solve the 2 by 2 game of each period: rows inspect or not, columns violate or not, as the violator's gain."""
    if m == 0:
        return Fraction(1)
    if n == m:
        return Fraction(0)
    a, b, c, d = Fraction(-1), by_games(n - 1, m - 1), Fraction(1), by_games(n - 1, m)
    assert a < c and b >= d  # no saddle point: both mix
    return (a * d - b * c) / (a + d - b - c)


@pytest.mark.parametrize("n", range(1, 13))
def test_inspections_over_time_are_their_recursion(n):
    for m in range(n + 1):
        assert Fraction(*value_terms(n, m)) == by_games(n, m)


def test_ten_periods_and_three_inspections():
    content = recursive_content(10, 3)
    assert content["fraction"] == "84/176" and content["value"] == pytest.approx(84 / 176)
    x = content["inspect_first"]  # a violation now is worth the value
    assert -x + (1 - x) == pytest.approx(content["value"])
    assert recursive_content(1000, 999)["value"] > 0.0
