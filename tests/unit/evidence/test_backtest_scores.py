"""Scores, calibration and intervals of the backtest against closed forms, another library and simulation.

Shown to fail once: the spread term of `crps_of_atoms` halved (CRPS cases), `beyond` one too large in `crps_of_counts`
(outcome beyond the support: a defect this test found), no lag in `long_run_variance` (its closed form), the lags of
`skill_of` set to 0 (coverage), one bin fewer convolved in `p_all_within` (brute force).
"""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from skyshield.evidence.backtest.baselines import beta_binomial_size, score_counts, score_given_launches
from skyshield.evidence.backtest.calibration import calibration, p_all_within
from skyshield.evidence.backtest.experts import Experts, pool_weights, pooled
from skyshield.evidence.backtest.hac import long_run_variance, skill_of
from skyshield.evidence.backtest.scores import crps_of_atoms, crps_of_counts, log_score, pit


@pytest.mark.parametrize("outcome", [-1.0, 0.0, 2.5, 9.0])
def test_crps_of_atoms_is_the_librarys(outcome: float) -> None:
    scoringrules = pytest.importorskip("scoringrules")
    values = np.array([4.0, 0.0, 1.0, 1.0, 7.0])
    expected = float(scoringrules.crps_ensemble(outcome, values, estimator="nrg"))
    assert crps_of_atoms(values, np.full(5, 0.2), outcome) == pytest.approx(expected, abs=1e-12)


def test_crps_of_a_fine_normal_is_the_closed_form() -> None:
    z = norm.ppf((np.arange(20000) + 0.5) / 20000)
    y = 0.7
    exact = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / math.sqrt(math.pi)
    assert crps_of_atoms(z, np.full(20000, 1 / 20000), y) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("outcome", [0.0, 3.0, 6.0, 8.0])
def test_counts_and_atoms_agree(outcome: float) -> None:
    p = binom.pmf(np.arange(7), 6, 0.3)
    assert crps_of_counts(p, outcome) == pytest.approx(crps_of_atoms(np.arange(7.0), p, outcome), abs=1e-12)


def test_an_impossible_outcome_costs_much_but_not_infinity() -> None:
    assert 20.0 < log_score(np.array([1.0]), 5.0) < 40.0
    assert pit(np.array([1.0]), 5.0, 0.5) == 1.0


def test_transforms_of_a_perfect_forecast_are_uniform() -> None:
    draw = np.random.default_rng(1)
    p = binom.pmf(np.arange(4), 3, 0.4)
    values = draw.binomial(3, 0.4, 4000)
    pits = [pit(p, float(y), u) for y, u in zip(values, draw.random(4000), strict=True)]
    assert calibration(np.array(pits)).p_value > 0.001
    assert calibration(np.array([pit(p, float(y), 0.5) for y in values])).p_value < 0.001  # ties not broken


@pytest.mark.parametrize("distance", [0.0, 0.5, 1.0, 1.6, 2.5])
def test_the_band_is_exact(distance: float) -> None:
    n, bins = 5, 3
    cells = np.array(list(itertools.product(range(bins), repeat=n)))
    counts = np.stack([(cells == k).sum(axis=1) for k in range(bins)], axis=1)
    exact = float((np.abs(counts - n / bins).max(axis=1) <= distance + 1e-9).mean())
    assert p_all_within(n, distance, bins) == pytest.approx(exact, abs=1e-10)


def test_p_values_of_uniforms_are_no_smaller_than_they_say() -> None:
    draw = np.random.default_rng(2)
    p = np.array([calibration(draw.random(120)).p_value for _ in range(400)])
    assert (p < 0.05).mean() < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
    assert (p < 0.2).mean() > 0.05


def test_long_run_variance_of_a_moving_average() -> None:
    shocks = np.random.default_rng(3).standard_normal(200_001)
    assert long_run_variance(shocks[1:] + 0.5 * shocks[:-1], 60) == pytest.approx(2.25, rel=0.06)


def test_the_skills_interval_covers_under_dependence() -> None:
    draw, inside = np.random.default_rng(4), 0
    for _ in range(500):
        shock = draw.standard_normal(153)
        smooth = 0.2 * (shock[2:] + shock[1:-1] + shock[:-2])
        result = skill_of(0.9 + 0.05 * draw.standard_normal(151), 1.0 + smooth)
        inside += result.low <= 0.1 <= result.high
    assert 0.92 < inside / 500 < 0.99


def test_skill_of_nothing_is_no_number() -> None:
    assert math.isnan(skill_of(np.zeros(0), np.zeros(0)).value)
    assert math.isnan(skill_of(np.ones(3), np.ones(3)).low)


def test_baselines_by_hand() -> None:
    result = score_counts(np.array([0.0, 4.0, np.nan]), 2.0, 3)
    assert result == {"climatology_30": 1.0, "climatology_60": 1.0, "climatology_90": 1.0, "persistence": 2.0}
    y, n = np.array([5.0, 10.0, 0.0]), np.array([10.0, 20.0, 4.0])
    given = score_given_launches(y, n, 2.0, 2, 2)
    assert given["climatology_30"] == given["persistence"] == 0.0  # half of four
    assert given["binomial"] == pytest.approx(crps_of_counts(binom.pmf(np.arange(5), 4, 0.5), 2.0), abs=1e-4)


def test_the_size_baseline_finds_the_slope() -> None:
    draw = np.random.default_rng(5)
    n = np.rint(np.exp(draw.uniform(3.0, 7.0, 300)))
    share = 1 / (1 + np.exp(-(-1.0 - 0.8 * np.log(n / 100.0))))
    p = beta_binomial_size(draw.binomial(n.astype(int), share).astype(float), n, 400.0)
    assert float(p @ np.arange(401.0)) / 400 == pytest.approx(1 / (1 + math.exp(1.0 + 0.8 * math.log(4))), rel=0.05)


def test_the_pool_learns_who_is_right_and_lets_sleepers_be() -> None:
    log_p = np.tile(np.log([0.8, 0.1, 0.5]), (200, 1))
    log_p[:, 2] = np.nan
    weights = pool_weights(log_p, np.full(3, 1 / 3))
    assert weights[-1] == pytest.approx([2 / 3, 0.0, 1 / 3], abs=0.02)
    rows = np.array([[0.2, 0.8], [0.9, 0.1], [np.nan, np.nan]])
    experts = Experts(("a", "b", "c"), log_p, lambda day: rows, weights[0])
    assert pooled(experts, weights, 200) == pytest.approx([0.2, 0.8], abs=0.03)
