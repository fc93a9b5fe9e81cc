"""The interval over parameter vectors, the Monte Carlo error and the spread, on a normal model with a known answer.

x[v, r] = mu + tau a_v + sigma e_vr: lo and hi are the quantiles of N(mu, tau^2), mcse is sigma / sqrt(K R), and one
period spreads as N(mu, tau^2 + sigma^2). Mutations tried, each caught: no shrinking; shrinking by the ratio, not its
root; the within-variance not divided by the replications; mcse with the between-variance in it; a spread of vector
means; failed replications counted.
"""

import numpy as np
import pytest
from scipy import stats

from skyshield.study.summary import summarise
from skyshield.study.told import WITHIN_NOISE

MU, TAU, SIGMA = 40.0, 3.0, 10.0
Z = stats.norm.ppf(0.975)


def sample(vectors, replications, seed=5, tau=TAU, sigma=SIGMA):
    g = np.random.default_rng(seed)
    return MU + tau * g.standard_normal((vectors, 1)) + sigma * g.standard_normal((vectors, replications))


def valid(x):
    return np.ones(x.shape, bool)


def quantile_error(sd, n, level=0.025):
    return np.sqrt(level * (1 - level) / n) / stats.norm.pdf(Z) * sd


@pytest.mark.parametrize("replications", [2, 5, 20])
def test_the_interval_is_that_of_the_expected_outcome(replications):
    vectors = 200_000 // replications
    x = sample(vectors, replications)
    result = summarise(x, valid(x))
    noisy = np.sqrt(TAU**2 + SIGMA**2 / replications)
    # error of a quantile of the noisy means, plus that of the two variances in the shrinking
    error = np.hypot(quantile_error(noisy, vectors) * TAU / noisy, Z * noisy**2 / TAU / np.sqrt(2 * vectors))
    assert abs(result["lo"] - (MU - Z * TAU)) < 4 * error
    assert abs(result["hi"] - (MU + Z * TAU)) < 4 * error
    naive = MU + Z * noisy
    assert abs(naive - (MU + Z * TAU)) > 6 * error  # without shrinking this case would fail
    assert result["mean"] == pytest.approx(MU, abs=4 * np.sqrt(noisy**2 / vectors))
    assert result["mcse"] == pytest.approx(SIGMA / np.sqrt(x.size),
                                           rel=4 / np.sqrt(2 * x.size * (1 - 1 / replications)))
    single = np.hypot(TAU, SIGMA)
    spread_error = quantile_error(single, x.size) * np.sqrt(1 + (replications - 1) * TAU**2 / single**2)
    assert abs(result["spread_lo"] - (MU - Z * single)) < 4 * spread_error
    assert abs(result["spread_hi"] - (MU + Z * single)) < 4 * spread_error


def test_more_replications_shrink_the_error_and_not_the_interval():
    every = sample(200, 2_000)
    widths, errors = [], []
    for replications in (20, 200, 2_000):
        result = summarise(every[:, :replications], valid(every[:, :replications]))
        widths.append(result["hi"] - result["lo"])
        errors.append(result["mcse"])
    # the true width for 200 vectors; a quantile of 200 values has an error of about 10%
    truth = 2 * Z * TAU
    assert all(abs(width - truth) < 0.4 * truth for width in widths)
    assert abs(widths[2] - widths[1]) < 0.1 * truth
    assert errors[1] / errors[0] == pytest.approx(1 / np.sqrt(10), rel=0.02)
    assert errors[2] / errors[1] == pytest.approx(1 / np.sqrt(10), rel=0.02)


def test_no_difference_between_vectors_is_no_interval():
    """tau = 0: what is left of the interval is a small part of the naive one, and the mean's error is unharmed."""
    left = []
    for seed in range(40):
        x = sample(200, 10, seed, tau=0.0)
        result = summarise(x, valid(x))
        width = 0.0 if result["lo"] is None else result["hi"] - result["lo"]
        assert (width == 0.0) == (result.get("reason") == WITHIN_NOISE)
        left.append(width / (2 * Z * SIGMA / np.sqrt(10)))
    assert np.median(left) < 0.3
    assert min(left) == 0.0


def test_the_estimator_recovers_small_studies_on_average():
    """The shrunk variance, not the quantiles: its expectation over many studies of K = 30, R = 3 is tau squared."""
    tau, sigma, variances = 5.0, 5.0, []
    for seed in range(600):
        x = sample(30, 3, seed, tau, sigma)
        result = summarise(x, valid(x))
        means = x.mean(axis=1)
        lo, hi = np.quantile(means, [0.025, 0.975])
        variances.append(((result["hi"] - result["lo"]) / (hi - lo)) ** 2 * means.var(ddof=1))
    assert abs(np.mean(variances) - tau**2) < 4 * np.std(variances) / np.sqrt(len(variances))


def test_failed_replications_count_nowhere():
    x = sample(50, 8)
    good = np.ones(x.shape, bool)
    good[:, 6:] = False
    good[3] = False
    spoiled = np.where(good, x, 1e12)
    result = summarise(spoiled, good)
    kept = np.delete(x, 3, axis=0)[:, :6]
    assert result == summarise(kept, valid(kept))


@pytest.mark.parametrize(("shape", "missing"), [
    ((1, 5), {"lo", "hi"}), ((5, 1), {"mcse"}), ((1, 1), {"lo", "hi", "mcse"})])
def test_what_the_size_does_not_allow_is_none(shape, missing):
    x = sample(*shape)
    result = summarise(x, valid(x))
    assert {name for name, value in result.items() if value is None} == missing
    assert set(summarise(x, ~valid(x)).values()) == {None}


def test_unequal_replications_are_weighed_by_vector():
    x = np.array([[0.0, 0.0, 3.0], [10.0, 10.0, np.nan]])
    good = np.array([[True, True, True], [True, True, False]])
    result = summarise(np.nan_to_num(x, nan=-99.0), good)
    assert result["mean"] == 5.5
    assert result["mcse"] == pytest.approx(np.sqrt(3.0 / 3 + 0.0) / 2)
