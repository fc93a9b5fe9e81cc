"""Intra-raid correlation by maximum likelihood."""

import math

import numpy as np
import pytest
from scipy.special import betaln, expit

from skyshield.evidence.fit_checks.dispersion import intra_raid_correlation


def beta_binomial(g, n, share, rho):
    size = (1 - rho) / rho
    return g.binomial(n, g.beta(share * size, (1 - share) * size))


@pytest.mark.parametrize("rho", [0.03, 0.15, 0.55])
def test_known_correlation_comes_back(rho):
    g = np.random.default_rng(4)
    n = g.integers(2, 60, 20_000)
    result = intra_raid_correlation(n, beta_binomial(g, n, np.full(len(n), 0.7), rho))
    assert result == pytest.approx(rho, rel=0.05)  # some 4 standard errors


def test_what_the_terms_explain_is_not_correlation():
    g = np.random.default_rng(5)
    n = g.integers(20, 60, 4000)
    group = g.integers(0, 2, 4000)
    stopped = beta_binomial(g, n, np.where(group, 0.9, 0.5), 0.02)
    raw = intra_raid_correlation(n, stopped)
    given = intra_raid_correlation(n, stopped, np.eye(2)[group])
    assert raw > 0.15
    assert given == pytest.approx(0.02, rel=0.1)


def test_it_is_the_highest_likelihood_on_a_grid():
    n, k = np.array([1, 2, 5, 9, 3, 8]), np.array([0, 2, 1, 7, 3, 2])

    def log_likelihood(share, rho):
        size = (1 - rho) / rho
        return (betaln(k + share * size, n - k + (1 - share) * size) - betaln(share * size, (1 - share) * size)).sum()

    shares, rhos = np.linspace(0.2, 0.8, 121), expit(np.linspace(-5, 1, 241))
    values = np.array([[log_likelihood(s, r) for r in rhos] for s in shares])
    best = rhos[np.unravel_index(values.argmax(), values.shape)[1]]
    assert intra_raid_correlation(n, k) == pytest.approx(best, rel=0.03)


def test_raids_of_none_do_not_count():
    n, k = [0, 4, 4, 4, 0, 4], [0, 4, 0, 2, 0, 3]
    assert intra_raid_correlation(n, k) == pytest.approx(intra_raid_correlation([4] * 4, [4, 0, 2, 3]))


@pytest.mark.parametrize(("n", "k"), [
    ([], []), ([3, 3], [1, 2]), ([3, 3, 0, 0], [1, 2, 0, 0]), ([3] * 9, [0] * 9), ([3] * 9, [3] * 9)])
def test_what_cannot_be_told_is_nan(n, k):
    assert math.isnan(intra_raid_correlation(n, k))
