"""Scores, calibration and intervals of the backtest against closed forms, another library and simulation.

Shown to fail once: the spread term of `crps_of_atoms` halved (CRPS cases), `beyond` one too large in `crps_of_counts`
(outcome beyond the support: a defect this test found), no lag in `long_run_variance` (its closed form), the lags of
`skill_of` set to 0 (coverage), one bin fewer convolved in `p_all_within` (brute force), the smoothed values left
unnormalised at 0 (they no longer add up to 1), the penalty of the interval score halved, a drawn value more counted
below (transforms), distances not in units of their spread (nearest nights).
"""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import binom, norm, poisson

from skyshield.evidence.backtest.alert_rules import ALERTS_NEAREST, ALERTS_REGRESSION, regression, rules_given_alerts
from skyshield.evidence.backtest.baselines import (
    BOOTSTRAP,
    GIVEN_LAUNCHES,
    PERSISTENCE_POISSON,
    UNCONDITIONAL,
    beta_binomial_size,
    rules_given_launches,
    rules_of_counts,
)
from skyshield.evidence.backtest.calibration import calibration, p_all_within
from skyshield.evidence.backtest.experts import Experts, pool_weights, pooled
from skyshield.evidence.backtest.forecasts import (
    Forecast,
    ignorance,
    interval_score,
    of_counts,
    of_sample,
    score,
    transform,
)
from skyshield.evidence.backtest.hac import long_run_variance, skill_of
from skyshield.evidence.backtest.scores import crps_of_atoms


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
def test_crps_of_counts_is_the_squared_distance_of_their_distribution(outcome: float) -> None:
    p = np.concatenate([binom.pmf(np.arange(7), 6, 0.3), np.zeros(3)])
    exact = float(np.sum((np.cumsum(p) - (np.arange(10) >= outcome)) ** 2))
    assert score(of_counts(p), outcome).crps == pytest.approx(exact, abs=1e-12)
    assert score(of_counts(p), outcome, 4.0).crps == pytest.approx(exact / 4.0, abs=1e-12)


def test_an_impossible_outcome_costs_much_but_not_infinity() -> None:
    assert 5.0 < ignorance(of_counts(np.array([1.0])), 5.0) < 40.0
    assert transform(of_counts(np.array([1.0])), 5.0, 0.5) == 1.0


@pytest.mark.parametrize("forecast", [
    of_counts(binom.pmf(np.arange(7), 6, 0.3)), of_sample(np.array([0.0, 0.0, 1.0, 4.0, 30.0])),
    of_sample(np.array([3.2, 3.2])), of_sample(np.zeros(0)), of_sample(np.array([2.0, 9.0]), np.array([3.0, 1.0]))])
def test_probabilities_behind_the_ignorance_add_up(forecast: Forecast) -> None:
    total = sum(math.exp(-ignorance(forecast, float(y))) for y in range(600))
    assert total == pytest.approx(1.0, abs=1e-3)


def test_interval_score_is_the_librarys() -> None:
    scoringrules = pytest.importorskip("scoringrules")
    values = np.arange(1.0, 101.0)
    for outcome in (1.0, 50.0, 140.0):
        expected = float(scoringrules.interval_score(outcome, 5.0, 95.0, 0.1))
        assert interval_score(of_sample(values), outcome) == pytest.approx(expected)


def test_transforms_of_a_perfect_forecast_are_uniform() -> None:
    draw = np.random.default_rng(1)
    p = binom.pmf(np.arange(4), 3, 0.4)
    values = draw.binomial(3, 0.4, 4000)
    exact = of_counts(p)
    pits = [transform(exact, float(y), u) for y, u in zip(values, draw.random(4000), strict=True)]
    assert calibration(np.array(pits)).p_value > 0.001
    assert calibration(np.array([transform(exact, float(y), 0.5) for y in values])).p_value < 0.001  # ties not broken


def test_transforms_of_samples_are_uniform_however_few_are_drawn() -> None:
    draw = np.random.default_rng(6)
    pits = [transform(of_sample(draw.binomial(3, 0.4, 9).astype(float)), float(draw.binomial(3, 0.4)), draw.random())
            for _ in range(4000)]
    assert calibration(np.array(pits)).p_value > 0.001


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


def test_rules_by_hand() -> None:
    rules = rules_of_counts(np.array([0.0, 4.0, np.nan]), 3)
    assert set(rules) == set(UNCONDITIONAL)
    crps = {name: score(rule, 2.0).crps for name, rule in rules.items()}
    assert crps["climatology_30"] == crps["climatology_90"] == 1.0
    assert crps["persistence"] == 2.0
    assert rules[PERSISTENCE_POISSON].weights[:30] == pytest.approx(poisson.pmf(np.arange(30), 4.0), abs=1e-9)
    assert rules[BOOTSTRAP].weights[1:30] == pytest.approx(poisson.pmf(np.arange(1, 30), 4.0) / 2, abs=1e-5)
    y, n = np.array([5.0, 10.0, 0.0]), np.array([10.0, 20.0, 4.0])
    given = rules_given_launches(y, n, 2, 2)
    assert set(given) == set(GIVEN_LAUNCHES)
    assert score(given["climatology_30"], 2.0).crps == score(given["persistence"], 2.0).crps == 0.0  # half of four
    for name in ("binomial", BOOTSTRAP):
        assert given[name].weights == pytest.approx(binom.pmf(np.arange(5), 4, 0.5), abs=1e-4)


def test_rules_given_alerts_use_them() -> None:
    draw = np.random.default_rng(7)
    hours = np.stack([draw.exponential(2.0, 400), draw.exponential(40.0, 400)], axis=1)
    y = draw.poisson(np.exp(-0.5 + 1.5 * np.log1p(hours[:, 0]))).astype(float)
    for loud in (0.1, 6.0):
        hours[399] = loud, 40.0
        rules = rules_given_alerts(y, hours, 399, 399)
        for name in (ALERTS_NEAREST, ALERTS_REGRESSION):
            mean = float(rules[name].values @ rules[name].weights)
            assert mean == pytest.approx(math.exp(-0.5 + 1.5 * math.log1p(loud)), rel=0.35, abs=0.5), (name, loud)
    p = regression(y[:300], np.log1p(hours[:300]), np.log1p(np.array([3.0, 10.0])), 200)
    assert float(p @ np.arange(201.0)) == pytest.approx(math.exp(-0.5 + 1.5 * math.log1p(3.0)), rel=0.1)


def test_a_rule_that_knows_no_hours_falls_back_on_the_last_days() -> None:
    y, hours = np.arange(100.0), np.ones((100, 2))
    hours[99] = np.nan
    rules = rules_given_alerts(y, hours, 99, 99)
    assert all(rule.values.tolist() == y[39:99].tolist() for rule in rules.values())


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
