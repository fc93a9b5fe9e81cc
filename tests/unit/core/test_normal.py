"""Quantiles in kernels against scipy's."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from skyshield.core.normal import negative_binomial_quantile, normal_quantile, poisson_quantile


def test_normal_quantiles_into_both_tails():
    u = np.concatenate([10.0 ** -np.arange(1, 10), 1 - 10.0 ** -np.arange(1, 9), np.linspace(0.01, 0.99, 99)])
    assert [normal_quantile(v) for v in u] == pytest.approx(ndtri(u), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(("mean", "size"), [(90, 9), (300, 0.8), (0.3, 0.2), (2000, 3), (5, 1000)])
def test_negative_binomial_quantiles(mean, size):
    u = np.random.default_rng(1).random(300)
    assert [negative_binomial_quantile(v, mean, size) for v in u] == stats.nbinom.ppf(u, size, size / (size + mean)
                                                                                        ).astype(int).tolist()


def test_a_walk_that_cannot_start_is_taken_by_the_normal():
    draws = [negative_binomial_quantile(v, 20_000.0, 5_000.0) for v in (0.1, 0.5, 0.9)]
    exact = stats.nbinom.ppf([0.1, 0.5, 0.9], 5_000, 0.2)
    assert draws == pytest.approx(exact, rel=2e-3)


def test_a_mean_of_nothing_gives_nothing():
    assert negative_binomial_quantile(0.999, 0.0, 1.0) == 0


@pytest.mark.parametrize("mean", [1e-6, 0.03, 0.7, 5.0, 60.0, 600.0])
def test_poisson_quantiles(mean):
    for p in (1e-9, 0.001, 0.03, 0.4, 0.5, 0.9, 0.999, 1.0 - 1e-9):
        n = poisson_quantile(p, mean)
        assert stats.poisson.cdf(n, mean) > p * (1.0 - 1e-9)
        assert n == 0 or stats.poisson.cdf(n - 1, mean) <= p * (1.0 + 1e-9)


def test_poisson_quantiles_at_their_ends():
    assert poisson_quantile(0.9, 0.0) == poisson_quantile(0.9, -1.0) == 0
    assert poisson_quantile(0.975, 2_000.0) == pytest.approx(stats.poisson.ppf(0.975, 2_000.0), abs=2)
    assert poisson_quantile(1.0 - 2.0**-33, 0.01) < 10
