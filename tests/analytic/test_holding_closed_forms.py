"""Closed forms of "is it holding": all sets of changes by hand, run lengths by other ways, sums that must be one.

Mutations tried, each caught: the prior's change left out of the last gap; b + Σy written b + Σy + 1; P(any) of one gap
too many; h reached only from above; the head start ignored; falls solved as rises; exposure left out of the size; a
segment's mean rate without its prior.
"""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from skyshield.monitoring.holding.changes import (
    forwards,
    negative_binomial_segments,
    poisson_segments,
    posterior_of,
    with_prior,
)
from skyshield.monitoring.holding.counts import at_most, moments, more_than, probability
from skyshield.monitoring.holding.run_length import limit_for, reference_value, run_length
from skyshield.monitoring.holding.settings import settings

COUNTS = np.array([5.0, 7.0, 1.0, 0.0])
# mean, k, h, size, start, run length: Lucas 1985 for Poisson; the last two are the issue's
LUCAS = [(1.88, 2, 6, math.inf, 0, 37.20), (1.88, 2, 6, math.inf, 3, 29.19), (2.4, 3, 10, math.inf, 0, 548.36),
         (4, 6, 20, 2, 0, 504.19)]


def test_the_four_counts_of_the_issue():
    found = posterior_of(COUNTS, np.ones(4), np.full(3, 0.1), 2.0)
    assert found.p_gap.round(4).tolist() == [0.0578, 0.3083, 0.1869]
    assert round(found.p_none, 4) == 0.4982


def by_hand(count, exposure, q, size):
    """Return P(gap) , P(any change at gaps i..j) and the log evidence by going through all sets of changes."""
    n = len(count)
    segments = negative_binomial_segments(count, exposure, size, 1.0, 1.0)
    weights = {}
    for flags in itertools.product((False, True), repeat=n - 1):
        cuts = [0, *(i + 1 for i, flag in enumerate(flags) if flag), n]
        log = sum(segments[cut] for cut in itertools.pairwise(cuts))
        weights[flags] = math.exp(log + sum(math.log(p if flag else 1 - p) for flag, p in zip(flags, q, strict=True)))
    total = sum(weights.values())
    p_gap = [sum(w for flags, w in weights.items() if flags[i]) / total for i in range(n - 1)]
    p_any = {(i, j): sum(w for flags, w in weights.items() if any(flags[i - 1:j])) / total
             for i in range(1, n) for j in range(i, n)}
    return p_gap, p_any, math.log(total)


def test_the_recursion_is_the_sum_over_all_sets():
    generator = np.random.default_rng(np.random.Philox(3))
    count = generator.poisson(4.0, 8).astype(float)
    exposure, q = generator.uniform(0.3, 2.0, 8), generator.uniform(0.05, 0.6, 7)
    p_gap, p_any, evidence = by_hand(count, exposure, q, 1.7)
    found = posterior_of(count, exposure, q, 1.7)
    assert found.p_gap == pytest.approx(p_gap, abs=1e-12)
    assert found.log_evidence == pytest.approx(evidence, abs=1e-10)
    table = found.p_any()
    for (i, j), p in p_any.items():
        assert table[i, j] == pytest.approx(p, abs=1e-12), (i, j)


def test_the_rate_is_the_mean_over_all_sets():
    found = posterior_of(COUNTS, np.ones(4), np.full(3, 0.1), 2.0)
    segments = negative_binomial_segments(COUNTS, np.ones(4), 2.0, 1.0, 1.0)
    total, rate = 0.0, np.zeros(4)
    for flags in itertools.product((0, 1), repeat=3):
        cuts = [0, *(i + 1 for i, flag in enumerate(flags) if flag), 4]
        weight = math.exp(sum(segments[cut] for cut in itertools.pairwise(cuts))) * 0.1 ** sum(flags) * 0.9 ** (
            3 - sum(flags))
        total += weight
        for i, j in itertools.pairwise(cuts):
            rate[i:j] += weight * 2.0 * (1 + COUNTS[i:j].sum()) / (2.0 * (j - i))
    assert found.rate == pytest.approx(rate / total, abs=1e-10)


def test_a_segment_is_the_integral_over_its_rate():
    count, exposure, size = np.array([3.0, 0.0, 6.0]), np.array([1.0, 0.5, 2.0]), 1.3
    value, _ = integrate.quad(lambda p: math.prod(
        stats.nbinom.pmf(y, size * e, p) for y, e in zip(count, exposure, strict=True)), 0, 1)
    found = negative_binomial_segments(count, exposure, size, 1.0, 1.0)
    assert found[0, 3] == pytest.approx(math.log(value), abs=1e-8)
    assert np.isneginf(found[2, 2]) and np.isneginf(found[3, 1])
    rate, _ = integrate.quad(lambda m: math.prod(stats.poisson.pmf(y, m * e) for y, e in zip(
        count, exposure, strict=True)) * stats.gamma.pdf(m, 2.0, scale=1 / 0.7), 0, 60)
    assert poisson_segments(count, exposure, 2.0, 0.7)[0, 3] == pytest.approx(math.log(rate), abs=1e-8)


def test_the_evidence_of_all_short_series_adds_up_to_one():
    total = 0.0
    for pair in itertools.product(range(50), repeat=2):
        weights = with_prior(negative_binomial_segments(np.array(pair, float), np.ones(2), 3.0, 8.0, 2.0),
                             np.array([0.3]))
        total += math.exp(forwards(weights)[-1])
    assert total == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(("mean", "k", "h", "size", "start", "expected"), LUCAS)
def test_published_run_lengths(mean, k, h, size, start, expected):
    found = run_length(mean, k, h, size, start)
    assert round(found.arl, 2) == expected
    assert found.exact


def test_a_poisson_chart_claims_far_more():
    assert run_length(4, 6, 20).arl == pytest.approx(1.6e7, rel=0.05)


def test_one_state_is_a_geometric_wait():
    assert run_length(2.0, 1, 1, 3.0).arl == pytest.approx(1 / stats.nbinom.sf(1, 3.0, 3 / 5), rel=1e-12)
    assert run_length(2.0, 1, 1, 3.0, side="down").arl == pytest.approx(1 / stats.nbinom.pmf(0, 3.0, 3 / 5), rel=1e-12)


@pytest.mark.parametrize("side", ["up", "down"])
def test_run_lengths_are_those_of_plain_elimination(side):
    mean, size, k, h = 2.5, 1.5, 2.5, 6.0
    states = np.arange(12) / 2
    y = np.arange(4000.0)
    p = stats.nbinom.pmf(y, size, size / (size + mean))
    moves = np.zeros((12, 12))
    for i, s in enumerate(states):
        after = np.maximum(0.0, s + (y - k if side == "up" else k - y))
        for j, to in enumerate(states):
            moves[i, j] = p[after == to].sum()
    for start in (0.0, 2.5):
        plain = np.linalg.solve(np.eye(12) - moves, np.ones(12))[round(2 * start)]
        assert run_length(mean, k, h, size, start, side).arl == pytest.approx(plain, rel=1e-9)


@pytest.mark.parametrize(("side", "k", "h"), [("up", 280.0, 900.0), ("down", 140.0, 800.0)])
def test_classes_and_plain_solutions_are_near_to_the_exact_chain(side, k, h, monkeypatch):
    tables = settings()
    found = []
    for most_states, most_solved in ((2000, 2000), (300, 2000), (300, 300)):
        monkeypatch.setattr("skyshield.monitoring.holding.run_length.settings", lambda changed=tables["chart"] | {
            "most_states": most_states, "most_solved": most_solved}: tables | {"chart": changed})
        found.append(run_length(200.0, k, h, 4.0, side=side))
    assert [one.exact for one in found] == [True, True, False]
    assert found[1].arl == pytest.approx(found[0].arl, rel=1e-6)
    assert math.log(found[2].arl) == pytest.approx(math.log(found[0].arl), rel=0.01)


def test_long_runs_keep_their_digits():
    lengths = np.log([run_length(4, 6, h, 2).arl for h in (100, 150, 200, 250)])
    assert np.diff(lengths) == pytest.approx(np.full(3, np.diff(lengths).mean()), rel=1e-3)  # Wald: grows as exp(θ h)


def test_the_limit_is_the_least_that_lasts():
    h = limit_for(504.0, 4, 6, 2)
    assert h == 20
    assert run_length(4, 6, h - 1, 2).arl < 504.0 <= run_length(4, 6, h, 2).arl


def test_k_lies_where_both_rates_are_as_likely():
    k = 2.0 * math.log((2 + 8) / (2 + 4)) / math.log(8 * (2 + 4) / (4 * (2 + 8)))
    assert reference_value(4.0, 2.0) == pytest.approx(k, rel=0.1)
    one, other = (stats.nbinom.logpmf(np.array([5, 6]), 2, 2 / (2 + m)) for m in (4.0, 8.0))
    assert (other - one)[0] < 0 < (other - one)[1] and 5 < k < 6


def test_counts_are_a_distribution():
    y = np.arange(3000.0)
    assert probability(y, 7.0, 0.8).sum() == pytest.approx(1.0, abs=1e-12)
    assert (probability(y, 7.0, 0.8) * y).sum() == pytest.approx(7.0, abs=1e-9)
    assert at_most(y[:50], 7.0, 0.8) == pytest.approx(stats.nbinom.cdf(y[:50], 0.8, 0.8 / 7.8), abs=1e-12)
    assert at_most(y[:50], 7.0, math.inf) + more_than(y[:50], 7.0, math.inf) == pytest.approx(np.ones(50))
    assert probability(y[:50], 7.0, 1e9) == pytest.approx(probability(y[:50], 7.0, math.inf), abs=1e-6)


def test_moments_under_any_exposure():
    generator = np.random.default_rng(np.random.Philox(5))
    exposure = generator.uniform(0.5, 2.0, 200_000)
    count = generator.negative_binomial(3.0 * exposure, 3.0 / (3.0 + 4.0)).astype(float)
    found = moments(count, exposure)
    assert found.mean == pytest.approx(4.0, rel=0.03)
    assert found.size == pytest.approx(3.0, rel=0.03)
