"""Outcomes given the raids, fitted to counts made with known numbers."""

import numpy as np
import pytest
from scipy import stats

from skyshield.calibrate import outcomes
from skyshield.calibrate.observations import Observations
from skyshield.calibrate.posterior import load_blocks

N = 600


def observations(**columns):
    """Return nights in which only the given columns say anything."""
    zero = np.zeros(N, np.int64)
    empty = dict.fromkeys(Observations._fields, zero) | {
        "reported": np.ones(N, np.uint8), "west_alert_h": np.full(N, np.nan), "west_kills": np.full(N, np.nan),
        "date": np.arange(N).astype("datetime64[D]")}
    return Observations(**(empty | columns))


def holds(posterior, name, truth):
    """Tell whether the 99.9% interval of a parameter holds the truth, and is no wider than it should be."""
    low, high = np.quantile(posterior.draws[:, posterior.names.index(name)], [0.0005, 0.9995])
    return low <= truth <= high and high - low < 4 * abs(truth) + 1


def test_cruise_stops():
    rng = np.random.default_rng(1)
    launched = rng.integers(0, 40, N)
    share = rng.beta(0.7 * 5.0, 0.3 * 5.0, N)  # rho 1/6
    result = outcomes.cruise_stops(load_blocks()["cruise_stops"], observations(
        cruise=launched, cruise_stopped=rng.binomial(launched, share)), 2000, 4000)
    assert holds(result, "cruise_intercept", 0.7)
    assert holds(result, "rho_cruise", 1 / 6)
    assert not holds(result, "cruise_intercept", 0.6)


def test_the_ballistic_hurdle_tells_the_product_better_than_its_parts():
    rng = np.random.default_rng(2)
    launched = rng.integers(0, 12, N)
    covered = rng.random(N) < 1 / (1 + np.exp(1.5 - 0.9 * np.log(np.maximum(launched, 1))))
    stopped = np.where(covered, rng.binomial(launched, rng.beta(0.45 * 4, 0.55 * 4, N)), 0)
    result = outcomes.ballistic_stops(load_blocks()["ballistic_stops"], observations(
        ballistic=launched, ballistic_stopped=stopped), 2000, 4000)
    for name, truth in (("ballistic_cover_intercept", -1.5), ("ballistic_cover_slope", 0.9),
                        ("ballistic_stop_covered", 0.45), ("rho_ballistic_covered", 0.2)):
        assert holds(result, name, truth), name
    column = {name: result.draws[:, k] for k, name in enumerate(result.names)}
    cover = 1 / (1 + np.exp(-column["ballistic_cover_intercept"] - column["ballistic_cover_slope"] * np.log(4)))
    assert np.corrcoef(cover, column["ballistic_stop_covered"])[0, 1] < -0.3  # the ridge


def test_kills_in_the_west_by_alerts():
    rng = np.random.default_rng(3)
    hours, missiles = rng.exponential(2.0, N), rng.poisson(5, N)
    mean = np.exp(-1.0 + 1.5 * np.log1p(hours) + 0.02 * missiles)
    kills = rng.negative_binomial(0.8, 0.8 / (0.8 + mean)).astype(float)
    kills[::10] = np.nan
    data = observations(west_kills=kills, west_alert_h=hours, cruise=missiles)
    data = data._replace(uav=rng.poisson(100, N))
    result, scores = outcomes.west_alerts(load_blocks()["west_alerts"], data, 1000, 2000)
    by_alerts = "west_kills_log_score_alerts"
    for name, truth in (("west_alert_intercept", -1.0), ("west_alert_slope", 1.5), ("west_missile_slope", 0.02),
                        ("west_alert_size", 0.8)):
        assert holds(result, name, truth), name
    shuffled = observations(west_kills=kills, west_alert_h=rng.permutation(hours), cruise=missiles)
    without = outcomes.west_alerts(load_blocks()["west_alerts"], shuffled, 1000, 2000)[1]
    assert without[by_alerts] < scores[by_alerts] - 50
    rivals = {scores["west_kills_log_score_constant"], scores["west_kills_log_score_raid_size"]}
    assert len(rivals) == 2 and max(rivals) < scores[by_alerts] - 50


def test_a_pooled_share_is_as_doubtful_as_its_nights_differ():
    total = np.full(40, 100.0)
    even, uneven = np.full(40, 30.0), np.where(np.arange(40) % 2, 60.0, 0.0)
    normal = np.random.default_rng(5).standard_normal(4000)
    close, wide = (outcomes.pooled_share(numerator, total, normal) for numerator in (even, uneven))
    assert np.median(close) == pytest.approx(0.3, rel=1e-6)
    assert np.median(wide) == pytest.approx(0.3, rel=0.02)
    assert wide.std() == pytest.approx(0.3 / np.sqrt(40), rel=0.1)
    assert outcomes.pooled_share(even[:1], total[:1], normal) is None


def test_a_frequency_of_nothing_is_small_but_not_zero():
    draws = outcomes.frequency(0, 100, np.random.default_rng(6).standard_normal(1000))
    assert 0 < np.median(draws) < 0.01


def test_weighted_shares_add_up_and_follow_the_weights():
    by_place = np.array([[3.0, 1.0], [0.0, 4.0]])
    shares = outcomes.weighted_shares(by_place, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert shares.tolist() == [[0.75, 0.25], [0.375, 0.625]]


@pytest.mark.parametrize("n", [17, 60])
def test_pooled_shares_hold_the_truth_as_often_as_they_say(n):
    """Nights of very different sizes: with a normal and plain residuals some 88 of 100 held it at n = 17."""
    rng = np.random.default_rng(12)
    even = stats.norm.ppf((np.arange(200) + 0.5) / 200)
    held = []
    for _ in range(600):
        total = np.where(rng.random(n) < 0.2, 450.0, 100.0)
        numerator = rng.binomial(total.astype(int), rng.beta(0.4 * 49, 0.6 * 49, n)).astype(float)
        rank = (outcomes.pooled_share(numerator, total, even) < 0.4).mean()
        held.append([abs(rank - 0.5) <= 0.25, abs(rank - 0.5) <= 0.475])
    for share, level in zip(np.mean(held, axis=0), (0.5, 0.95), strict=True):
        assert share == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 600))
