"""Quantile functions against SciPy's."""

import numpy as np
import pytest
from scipy.stats import beta, binom, nbinom

from skyshield.evidence.fit_checks.draws import beta_share, binomial, binomial_quantile, negative_binomial

GRID = np.concatenate([np.linspace(0.001, 0.999, 211), [1e-6, 1 - 1e-6]])


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (7, 0.5), (90, 0.28), (400, 0.044), (800, 0.96), (2000, 0.05)])
def test_binomial(n, p):
    result = binomial(GRID, np.full(len(GRID), n), np.full(len(GRID), p))
    assert np.array_equal(result, binom.ppf(GRID, n, p))


def test_binomial_of_more_than_a_double_can_start_from_is_near():
    exact = binom.ppf(GRID[:-2], 4000, 0.5)
    result = binomial(GRID[:-2], np.full(len(GRID) - 2, 4000), np.full(len(GRID) - 2, 0.5))
    assert np.abs(result - exact).max() <= 1


@pytest.mark.parametrize(("n", "p", "k"), [(0, 0.5, 0), (5, 0.0, 0), (5, 1.0, 5)])
def test_binomial_at_its_ends(n, p, k):
    assert binomial_quantile(0.5, n, p) == k


def test_negative_binomial():
    result = negative_binomial(GRID, np.full(len(GRID), 12.0), 0.8)
    assert np.array_equal(result, nbinom.ppf(GRID, 0.8, 0.8 / 12.8))


def test_beta_share():
    assert beta_share(GRID, 0.2, 0.1) == pytest.approx(beta.ppf(GRID, 0.2 * 9, 0.8 * 9))
