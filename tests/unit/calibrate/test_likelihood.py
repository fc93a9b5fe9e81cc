"""The likelihood against sums written out, and against what a probability must be."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from skyshield.calibrate.densities import (
    leak_share,
    log_beta_binomial,
    log_missiles,
    log_negative_binomial,
    shifted,
)
from skyshield.calibrate.fit import run_filter
from skyshield.calibrate.likelihood import (
    BINS,
    DEEP_LEAK_LEVEL,
    LEAK_LEVEL,
    N_LEVELS,
    UNNUMBERED,
    Nights,
    RaidParameters,
    emission,
    filter_nights,
    split_mass,
    tonight_of,
)
from skyshield.core.vocabulary import MAX_GAP

Q = RaidParameters(-1.5, 0.6, 5.0, 4.0, 0.4, 0.8, 30.0, 0.5, 0.3, 0.06, 0.05, 0.2, 0.8, 2.5, 9.0, 0.7, 2.0, 0.4, 0.4,
                   0.7, 3.0, 6.0, 0.8, 1.5, -0.2, 0.3, 0.1, 0.1,
                   0.6, 0.1, 0.02, 1.5, 0.5)
LOG_TABLE = np.log(np.maximum(np.arange(2000), 1.0))
NO_VARIANCE = np.zeros(N_LEVELS)
NO_DISCOUNT = np.ones(N_LEVELS)


def nights(uav, leakers, cruise=None, ballistic=None, south=None, west=None):
    """Return nights of plain lists; nothing else told."""
    n = len(uav)
    column = [np.array(values if values is not None else np.full(n, filler), float)
              for values, filler in ((uav, 0), (leakers, 0), (cruise, 0), (ballistic, 0), (south, np.nan),
                                         (west, np.nan))]
    return Nights(*column)


def value(regime, data, q=Q, variance=NO_VARIANCE):
    """Return the emission of the first night."""
    tonight = tonight_of(q, np.zeros(N_LEVELS), np.asarray(variance, float))
    return emission(regime, data, 0, q, tonight, LOG_TABLE, np.empty(BINS), np.empty(BINS))


def choose(n, k):
    """Return the logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


@pytest.mark.parametrize(("n", "mean", "size"), [(0, 3.0, 0.5), (7, 3.0, 0.5), (150, 90.0, 8.0)])
def test_negative_binomial_is_scipys(n, mean, size):
    exact = stats.nbinom.logpmf(n, size, size / (size + mean))
    assert log_negative_binomial(float(n), mean, size) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize(("n", "total", "share", "rho"), [(0, 5, 0.2, 0.3), (5, 5, 0.2, 0.3), (30, 200, 0.1, 0.02)])
def test_beta_binomial_is_scipys_without_the_coefficient(n, total, share, rho):
    s = (1 - rho) / rho
    exact = stats.betabinom.logpmf(n, total, share * s, (1 - share) * s)
    assert log_beta_binomial(float(n), float(total), share, rho) + choose(total, n) == pytest.approx(exact, rel=1e-8)


def test_missiles_are_a_distribution():
    total = sum(math.exp(log_missiles(float(n), 0.7, 6.0, 1.5)) for n in range(400))
    mean = sum(n * math.exp(log_missiles(float(n), 0.7, 6.0, 1.5)) for n in range(400))
    assert (total, mean) == (pytest.approx(1.0, abs=1e-9), pytest.approx(0.7 * 6.0, rel=1e-6))


def test_a_routine_night_is_the_sum_over_its_splits():
    data = nights([9], [2])
    direct = 0.0
    for front in range(10):
        deep = 9 - front
        share, spread, *_ = leak_share(float(front), float(deep), Q.leak_front, Q.leak_deep)
        rho = Q.rho_uav * spread / (share * (1 - share))
        direct += math.exp(
            stats.nbinom.logpmf(front, Q.front_size, Q.front_size / (Q.front_size + Q.front_mean))
            + log_negative_binomial(float(deep), Q.routine_deep_ratio * Q.front_mean, Q.routine_deep_size)
            + log_beta_binomial(2.0, 9.0, share, rho) + math.log(1 - Q.cruise_p_routine)
            + math.log(1 - Q.ballistic_p_routine))
    assert value(0, data)[0] == pytest.approx(math.log(direct), rel=1e-9)


def test_a_massed_night_is_the_sum_over_its_splits_and_bins_cost_little():
    data = nights([60], [6], [12], [4], [5], [3])
    direct, weighted = 0.0, 0.0
    for front in range(60):
        deep = 60 - front
        z = (math.log(deep) - math.log(Q.massed_deep_median)) / Q.massed_deep_sigma
        share, spread, *_ = leak_share(float(front), float(deep), Q.leak_front, Q.leak_deep)
        killed = front * (1 - Q.leak_front), deep * (1 - Q.leak_deep)
        south = (killed[0] * Q.south_share_front + killed[1] * Q.south_share_deep) / sum(killed)
        p = math.exp(
            stats.nbinom.logpmf(front, Q.front_size, Q.front_size / (Q.front_size + Q.front_mean))
            + stats.norm.logpdf(math.log(deep), math.log(Q.massed_deep_median), Q.massed_deep_sigma) - math.log(deep)
            + log_beta_binomial(6.0, 60.0, share, Q.rho_uav * spread / (share * (1 - share)))
            + log_beta_binomial(5.0, 54.0, south, Q.rho_south)
            + log_missiles(3.0, Q.west_any_massed, Q.west_kills_share_massed * deep / Q.west_any_massed,
                           Q.west_kills_size_massed)
            + log_missiles(12.0, Q.cruise_p_massed, Q.cruise_mean_massed * math.exp(Q.cruise_slope * z),
                           Q.cruise_size_massed)
            + log_missiles(4.0, Q.ballistic_p_massed, Q.ballistic_mean_massed * math.exp(Q.ballistic_slope * z),
                           Q.ballistic_size_massed))
        direct += p
        weighted += p * front
    result, front, _ = value(1, data)
    assert result == pytest.approx(math.log(direct), abs=5e-3)
    assert front == pytest.approx(weighted / direct, rel=1e-2)


def test_kills_in_the_west_are_a_distribution_with_the_stated_mean():
    for regime, share in ((0, Q.west_kills_share_routine), (1, Q.west_kills_share_massed)):
        # the front stream is nearly none
        q = Q._replace(front_mean=1e-6, routine_deep_ratio=4e7)
        known, unknown = nights([40], [2]), nights([40], [2], west=[UNNUMBERED])
        total = math.exp(value(regime, known, q)[0])
        each = [math.exp(value(regime, nights([40], [2], west=[kills]), q)[0]) / total for kills in range(400)]
        assert sum(each) == pytest.approx(1.0, rel=1e-6)
        assert sum(n * p for n, p in enumerate(each)) == pytest.approx(40 * share, rel=1e-4)
        assert math.exp(value(regime, unknown, q)[0]) / total == pytest.approx(sum(each[1:]), rel=1e-6)


@pytest.mark.parametrize("regime", [0, 1])
def test_large_nights_neither_over_nor_underflow(regime):
    """Terms far beyond a double's range, against sums of logarithms."""
    q = Q._replace(front_mean=700.0, front_size=900.0, routine_deep_ratio=0.002, routine_deep_size=500.0,
                   massed_deep_median=20.0)
    t = tonight_of(q, np.zeros(N_LEVELS), NO_VARIANCE)
    mass, moment = np.empty(BINS), np.empty(BINS)
    result = split_mass(regime, 1500, t, LOG_TABLE, mass, moment) + math.log(mass.sum())
    front = np.arange(1500 + 1 - regime)
    deep = 1500 - front
    logs = stats.nbinom.logpmf(front, q.front_size, q.front_size / (q.front_size + q.front_mean))
    if regime == 0:
        mean = q.routine_deep_ratio * q.front_mean
        logs = logs + stats.nbinom.logpmf(deep, q.routine_deep_size, q.routine_deep_size / (q.routine_deep_size + mean))
    else:
        logs = logs + stats.norm.logpdf(np.log(deep), math.log(20.0), q.massed_deep_sigma) - np.log(deep)
    total = np.logaddexp.reduce(logs)
    assert result == pytest.approx(total, rel=1e-6)
    assert moment.sum() / mass.sum() == pytest.approx(np.sum(front * np.exp(logs - total)), rel=1e-6)


def test_doubt_about_a_level_spreads_the_prediction_as_drawing_the_level_does():
    """Predictions with a level's variance against the mean of predictions over draws of the level."""
    for level, data, regime in ((1, nights([5], [2]), 0), (2, nights([40], [6], [12]), 1),
                                (3, nights([40], [20]), 0),
                                (3, nights([40], [14]), 1),
                                (4, nights([40], [14]), 1)):
        variance = np.zeros(N_LEVELS)
        variance[level] = 0.15
        drawn = []
        for quantile in (np.arange(400) + 0.5) / 400:
            at = np.zeros(N_LEVELS)
            at[level] = math.sqrt(0.15) * stats.norm.ppf(quantile)
            drawn.append(emission(regime, data, 0, Q, tonight_of(Q, at, NO_VARIANCE), LOG_TABLE, np.empty(BINS),
                                  np.empty(BINS))[0])
        exact = np.log(np.mean(np.exp(drawn)))
        certain = value(regime, data)[0]
        assert abs(value(regime, data, variance=variance)[0] - exact) < 0.5 * abs(certain - exact)


def test_all_outcomes_of_small_routine_nights_add_up_to_one():
    total = sum(math.exp(value(0, nights([launched], [leaked]))[0] + choose(launched, leaked))
                for launched in range(120) for leaked in range(launched + 1) if launched < BINS or leaked >= 0)
    assert total == pytest.approx((1 - Q.cruise_p_routine) * (1 - Q.ballistic_p_routine), rel=2e-4)


def run(data, discount=NO_DISCOUNT, q=Q, gap=None):
    """Run the filter; return log likelihood, levels, the regime state and what was told."""
    level, state = np.zeros(N_LEVELS), np.full(MAX_GAP, 1 / MAX_GAP) if gap is None else gap.copy()
    out = np.zeros((len(data.uav), 3))
    information = np.array([1.0, 20.0, 5.0, 20.0, 20.0])
    return filter_nights(q, data, discount, level, information, state, out), level, state, out


def test_nights_untold_cost_nothing_and_regimes_settle():
    log, level, state, out = run(nights([np.nan] * 400, [np.nan] * 400))
    hazard = 1 / (1 + np.exp(-Q.massed_intercept - Q.massed_slope * np.log(np.arange(1, MAX_GAP + 1))))
    survival = np.concatenate([[1.0], np.cumprod(1 - hazard[:-1])])
    survival[-1] /= hazard[-1]
    assert log == 0.0 and not level.any() and not out.any()
    assert state == pytest.approx(survival / survival.sum(), abs=1e-9)


def test_the_filter_is_the_sum_over_regime_paths():
    data = nights([12, 45, 8, 33], [3, 4, 2, 4], [0, 7, 0, 2], [1, 3, 0, 0])
    start = 2  # two nights since the last massed one
    gap = np.zeros(MAX_GAP)
    gap[start - 1] = 1.0
    direct = 0.0
    for path in itertools.product((0, 1), repeat=4):
        since, p = start, 1.0
        for d, regime in enumerate(path):
            hazard = 1 / (1 + math.exp(-Q.massed_intercept - Q.massed_slope * math.log(since)))
            night_data = Nights(*(column[d:d + 1] for column in data))
            p *= (hazard if regime else 1 - hazard) * math.exp(value(regime, night_data)[0])
            since = 1 if regime else since + 1
        direct += p
    log, _, state, out = run(data, gap=gap)
    assert log == pytest.approx(math.log(direct), rel=1e-9)
    assert state.sum() == pytest.approx(1.0)
    assert state[0] == pytest.approx(out[-1, 0])


def test_no_level_sees_the_future():
    rng = np.random.default_rng(3)
    uav = rng.integers(4, 60, 30)
    data = nights(uav, rng.binomial(uav, 0.2))
    cut = Nights(*(column[:20] for column in data))
    discount = np.full(N_LEVELS, 0.9)
    assert run(data, discount)[3][:20].tolist() == run(cut, discount)[3].tolist()


@pytest.mark.parametrize(("level_index", "more"), [(1, "uav"), (3, "leakers")])
def test_a_level_follows_what_it_sees(level_index, more):
    quiet, loud = (nights(*[[v] * 40 for v in pair]) for pair in (((4, 1), (9, 2)) if more == "uav"
                                                                 else ((20, 2), (20, 9))))
    discount = np.full(N_LEVELS, 0.95)
    assert run(quiet, discount)[1][level_index] < -0.05 < 0.05 < run(loud, discount)[1][level_index]
    assert run(loud)[1][level_index] == 0.0


def test_a_leak_level_moves_its_own_stream_alone():
    for index, other in ((LEAK_LEVEL, "leak_deep"), (DEEP_LEAK_LEVEL, "leak_front")):
        at, variance = np.zeros(N_LEVELS), np.zeros(N_LEVELS)
        at[index], variance[index] = 0.5, 0.2
        moved, still = tonight_of(Q, at, variance), tonight_of(Q, np.zeros(N_LEVELS), NO_VARIANCE)
        own = "leak_front" if other == "leak_deep" else "leak_deep"
        assert getattr(moved, own) == pytest.approx(shifted(getattr(Q, own), 0.5))
        assert getattr(moved, other) == getattr(still, other) == pytest.approx(getattr(Q, other))
        assert (getattr(moved, f"{own}_variance"), getattr(moved, f"{other}_variance")) == (0.2, 0.0)


@pytest.mark.parametrize(("index", "slope_of"), [(LEAK_LEVEL, 2), (DEEP_LEAK_LEVEL, 3)])
def test_a_night_moves_a_leak_level_by_the_slope_of_its_own_stream(index, slope_of):
    discount = NO_DISCOUNT.copy()
    discount[index] = 0.9
    n, leakers = 60.0, 12.0
    _, level, _, out = run(nights([n], [leakers], [12], [4]), discount)
    share, spread, *_ = terms = leak_share(out[0, 1], out[0, 2], Q.leak_front, Q.leak_deep)
    variance = n * share * (1 - share) + n * (n - 1) * Q.rho_uav * spread
    slope = n * terms[slope_of]
    expected = (leakers - n * share) * slope / variance / (0.9 * 20.0 + slope**2 / variance)
    assert level[index] == pytest.approx(expected) and expected > 0.0
    assert np.count_nonzero(level) == 1


def test_the_deep_leak_rate_stands_still_unless_it_gets_a_half_life():
    data = nights([60] * 40, [20] * 40, [12] * 40, [4] * 40)
    still, moving = (run_filter((*Q, 30.0, 30.0, 30.0, 30.0), data, *half_life) for half_life in ((), (60.0,)))
    assert still.level[DEEP_LEAK_LEVEL] == 0.0 < 0.05 < moving.level[DEEP_LEAK_LEVEL]
    assert still.level[LEAK_LEVEL] > 0.05


def test_a_shift_on_the_logit_scale():
    assert shifted(0.2, 0.0) == pytest.approx(0.2)
    assert math.log(shifted(0.2, 0.7) / (1 - shifted(0.2, 0.7))) == pytest.approx(math.log(0.25) + 0.7)


def test_the_filter_as_the_fit_calls_it_starts_the_levels_from_steady_information():
    filtered = run_filter((*Q, 30.0, 30.0, 30.0, 30.0), nights([10] * 50, [2] * 50))
    assert np.isfinite(filtered.log_likelihood) and (filtered.information > 0).all()
    assert filtered.gap.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("mean", [1e30, np.inf, np.nan])
@pytest.mark.parametrize("regime", [0, 1])
def test_absurd_parameters_are_improbable_and_touch_no_foreign_memory(regime, mean):
    """An optimiser may look there; a huge number made whole once indexed far outside an array."""
    result = value(regime, nights([400], [30]), Q._replace(front_mean=mean))[0]
    assert not result > -200


def test_half_lives_without_end_hold_the_levels_still():
    filtered = run_filter((*Q, np.inf, 1e30, np.inf, np.inf), nights([10, 12] * 20, [2] * 40))
    assert np.isfinite(filtered.log_likelihood)
    np.testing.assert_allclose(filtered.level, 0.0, atol=1e-3)
