"""Yardsticks and verdicts by hand: known catalogue numbers, plain arithmetic."""

import numpy as np
import pytest

from skyshield.bounds import yardsticks
from skyshield.bounds.verdicts import by_leakers
from skyshield.bounds.yardsticks import Range
from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import MAX_GAP
from skyshield.raids.expected import massed_share
from skyshield.raids.fit import COLUMNS, Fit, embedded_fit


def known(linear=(100, 200, 400), mixture=(300, 600, 1200), bias=(0.0, 0.5), reference="low"):
    data = load_catalogue().to_dict()
    table = data["subjects"]["raids"]
    for key, values in (("addressable_leakers_linear", linear), ("addressable_leakers_mixture", mixture)):
        table[key] |= dict(zip(("low", "central", "high"), values, strict=True))
    table["claim_bias"] |= {"low": bias[0], "high": bias[1], "reference": reference}
    return Catalogue.from_dict(data)


def row(delta, lo, hi):
    return {"delta": delta, "lo": lo, "hi": hi}


def test_addressable_leakers_scaled_to_the_period_and_the_bias():
    result = yardsticks.yardsticks(known(), 73)
    assert [(s.key.rpartition("_")[2], s.bias) for s in result] == [
        ("linear", 0.0), ("mixture", 0.0), ("linear", 0.5), ("mixture", 0.5)]
    assert result[0].per_year == Range(100.0, 200.0, 400.0)
    assert result[3].per_year == Range(600.0, 1200.0, 2400.0)
    assert result[3].per_period.central == pytest.approx(1200.0 * 73 / 365.25)


def test_shipped_yardsticks_are_those_of_the_record():
    first, second, *_ = yardsticks.yardsticks(load_catalogue(), 30)
    assert (first.per_year.central, second.per_year.central) == (530.0, 1080.0)


def test_the_headlines_own_end_comes_first():
    assert yardsticks.yardsticks(known(reference="high"), 30)[0].bias == 0.5


def test_a_bias_of_one_is_refused():
    with pytest.raises(SkyShieldError, match="keep it below 1"):
        yardsticks.yardsticks(known(bias=(0.0, 1.0)), 30)


def test_cost_at_perfect_performance_turns_the_range_over():
    assert Range(100.0, 200.0, 400.0).under(2000.0) == Range(5.0, 10.0, 20.0)


def fitted(**columns):
    """A fit of so many rows; what is not named is zero."""
    rows = np.zeros((len(next(iter(columns.values()))), len(COLUMNS)))
    for name, values in columns.items():
        rows[:, COLUMNS.index(name)] = values
    return Fit(COLUMNS, rows, ("a", "b"), "", None, "", "")


def logit(p):
    return np.log(p / (1 - p))


def test_deep_stream_by_hand():
    fit = fitted(massed_average=[logit(0.25)] * 2, massed_slope=[0.0] * 2, massed_deep_average=[300.0, 300.0],
                 massed_deep_sigma=[0.0, np.sqrt(2 * np.log(2.0))], routine_deep_ratio=[0.1] * 2,
                 front_average=[80.0] * 2, leak_deep=[0.04, 0.04])
    first, second = (0.04 * (0.25 * median + 0.75 * 8.0) * 365.25 for median in (300.0, 600.0))
    result = yardsticks.deep_leakers_per_year(fit, 0.0)
    assert result.central == pytest.approx((first + second) / 2)
    assert (result.low, result.high) == (pytest.approx(first + 0.025 * (second - first)),
                                         pytest.approx(first + 0.975 * (second - first)))
    assert yardsticks.deep_leakers_per_year(fit, 0.5).central == pytest.approx(first + second)


@pytest.mark.parametrize(("intercept", "slope"), [(-2.2, 0.9), (-1.0, 0.0), (-3.0, 1.5), (0.5, -0.7)])
def test_massed_nights_come_as_often_as_in_the_game(intercept, slope):
    rng = np.random.default_rng(3)
    gap, massed, n = 1, 0, 200_000
    for u in rng.random(n):
        hit = u < 1 / (1 + np.exp(-intercept - slope * np.log(gap)))
        massed += hit
        gap = 1 if hit else min(gap + 1, MAX_GAP)
    expected = float(massed_share({"massed_average": np.array([intercept]), "massed_slope": np.array([slope])})[0])
    assert massed / n == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / n))


def test_the_shipped_fit_agrees_with_the_yardsticks():
    sticks = yardsticks.yardsticks(load_catalogue(), 30)
    assert yardsticks.agrees(yardsticks.deep_leakers_per_year(embedded_fit(), 0.0), sticks)


def test_a_scenario_that_fixes_the_bias_is_measured_by_it():
    result = yardsticks.yardsticks(known(), 73, {"claim_bias": 0.2})
    assert [s.bias for s in result] == [0.2, 0.2, 0.0, 0.0, 0.5, 0.5]
    assert result[0].per_year.central == pytest.approx(200.0 / 0.8)


@pytest.mark.parametrize(("values", "inside", "reason"), [
    ((1.0, 0.5, 2.0), True, "below_least"),      # 12 (6 to 24) a year against 100 at the least
    ((9.0, 5.0, 15.0), True, "above_least"),     # up to 183
    ((20.0, 10.0, 40.0), True, "above_centre"),  # up to 487
    ((90.0, 50.0, 120.0), False, "above_most"),  # up to 1,461 against 1,200
    ((-1.0, -2.0, -0.5), False, "more_arrive"),
])
def test_verdicts(values, inside, reason):
    verdict = by_leakers(row(*values), 30, yardsticks.yardsticks(known(), 30))
    assert (verdict.inside, verdict.reason) == (inside, reason)


def test_verdict_figures_by_hand():
    verdict = by_leakers(row(20.0, 10.0, 40.0), 30, yardsticks.yardsticks(known(), 30))
    assert verdict.per_year == Range(pytest.approx(121.75), pytest.approx(243.5), pytest.approx(487.0))
    assert verdict.percent_of_centres == pytest.approx((121.75, 243.5 / 6.0))
    assert (verdict.limits.low, verdict.limits.centres, verdict.limits.high) == (100.0, (200.0, 600.0), 1200.0)


def test_outside_is_judged_at_the_headlines_claim_bias():
    high_end = yardsticks.yardsticks(known(reference="high"), 30)
    assert by_leakers(row(90.0, 50.0, 120.0), 30, high_end).inside


def test_the_model_is_judged_too():
    sticks = yardsticks.yardsticks(known(), 30)
    assert yardsticks.agrees(Range(500.0, 700.0, 900.0), sticks)
    assert not yardsticks.agrees(Range(1300.0, 1500.0, 1900.0), sticks)
    assert not yardsticks.agrees(Range(500.0, None, 900.0), sticks)
