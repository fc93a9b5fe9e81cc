"""At which hazard a stream leaks what it should, and how leak rates vary over nights.

Mutations tried, each caught: a table without its first point, or read off one share of the stream; routes' shares
ignored; straight lines between the hazards tried; a bias of claims that adds, not divides; decoys and armed
exchanged; the mean over loads not kept; beta with its two parameters exchanged; correlation as rho / (1 - rho); the
support's ends 0 and 1 kept (as the code once did: the deep stream's correlation was doubled); no share at a mean of
0.
"""

import numpy as np
import pytest
from scipy import optimize, stats

from skyshield.engine.steps.own import at_quantile, at_step
from skyshield.forces import hazard_table, log_load_factors, night_quantiles, true_leak
from skyshield.forces.own import HAZARD_STEP, MOST_LEAK, N_POINTS


def mixture(seed, vectors=5, groups=30):
    g = np.random.default_rng(seed)
    return g.dirichlet(np.full(groups, 0.5), vectors), g.lognormal(0.0, 0.5, (vectors, groups))


def test_a_table_gives_the_hazard_of_a_leak_rate():
    """Read as the engine reads it, at points between its own: the leak rate is right within 0.05%."""
    share, weight = mixture(1)
    table = hazard_table(share, weight)
    assert table.shape == (5, N_POINTS)
    for vector in range(5):
        of = weight[vector]
        for p in (0.999, 0.9, 0.5, 0.28, 0.044, 0.003):
            hazard = at_step(table[vector], HAZARD_STEP, -np.log(p))
            exact = optimize.brentq(lambda h, q=share[vector], w=of, p=p: q @ np.exp(-h * w) - p, 0.0, 1e4)
            assert share[vector] @ np.exp(-hazard * of) == pytest.approx(p, rel=5e-4)
            assert hazard == pytest.approx(exact, rel=1e-2)
        at_points = [optimize.brentq(lambda h, k=k, q=share[vector], w=of: np.log(q @ np.exp(-h * w)) + k * HAZARD_STEP,
                                     0.0, 200.0, xtol=1e-12) for k in (1, 17, 80, 192)]
        np.testing.assert_allclose(table[vector, [1, 17, 80, 192]], at_points, rtol=2e-6)
        assert (np.diff(table[vector]) > 0.0).all()
        assert table[vector, 0] == 0.0


def test_equal_weights_make_the_hazard_what_it_is_called():
    table = hazard_table(np.array([[0.2, 0.8]]), np.ones((1, 2)))
    for p in (0.99, 0.28, 1e-3, 1e-7):
        assert np.exp(-at_step(table[0], HAZARD_STEP, -np.log(p))) == pytest.approx(p, rel=1e-9)
    doubled = hazard_table(np.array([[0.2, 0.8]]), np.full((1, 2), 2.0))
    np.testing.assert_allclose(doubled, table / 2, rtol=1e-3)


def test_a_group_nothing_flies_to_does_not_matter():
    share, weight = mixture(2)
    wider = np.insert(share, 3, 0.0, axis=1), np.insert(weight, 3, 0.01, axis=1)
    np.testing.assert_allclose(hazard_table(*wider), hazard_table(share, weight), rtol=2e-3, atol=1e-4)


def test_claims_are_corrected_for_those_that_got_through():
    g = np.random.default_rng(6)
    true, bias = g.uniform(0.01, 0.9, 50), g.uniform(0.0, 0.5, 50)
    n = 400_000
    leaked = g.binomial(n, true)
    claimed_leak = (leaked - g.binomial(leaked, bias)) / n
    np.testing.assert_allclose(true_leak(claimed_leak, bias), true, atol=5e-3)
    assert true_leak(np.array([0.7]), np.array([0.5])).tolist() == [MOST_LEAK]


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_loads_keep_the_mean_and_have_their_ratio(ratio):
    decoys = np.array([0.3, 0.38, 0.5])
    decoy, armed, armed_decoy = np.exp(log_load_factors(decoys, np.full(3, ratio))).T
    np.testing.assert_allclose(decoys * decoy + (1 - decoys) * armed, 1.0)
    np.testing.assert_allclose(decoy / armed, ratio)
    assert armed_decoy.tolist() == decoy.tolist()


# --- nights ---------------------------------------------------------------------------------------------------------

STREAMS = [  # what, mean, correlation: the catalogue's centres and the corners that strain a grid
    ("front", 0.28, 0.03), ("deep", 0.044, 0.03), ("deep, low ends", 0.023, 0.015), ("cruise", 0.18, 0.16),
    ("cruise, low", 0.05, 0.2), ("ballistic", 0.76, 0.55), ("ballistic, high", 0.95, 0.8), ("track", 0.8, 0.1),
    ("track, low ends", 0.6, 0.02)]


@pytest.mark.parametrize(("what", "mean", "rho"), STREAMS, ids=[s[0] for s in STREAMS])
def test_the_grid_the_engine_reads_has_the_mean_and_the_correlation(what, mean, rho):
    """What `at_quantile` makes of the grid, integrated: mean within 0.1%, correlation within 1%."""
    grid = night_quantiles(np.array([mean]), np.array([rho]), 257)[0]
    middle = (np.arange(400_000) + 0.5) / 400_000
    read = np.interp(middle, np.linspace(0, 1, 257), grid)
    assert all(at_quantile(grid, middle[k]) == pytest.approx(read[k], abs=1e-12) for k in (0, 7, 200_000, -1))
    assert read.mean() == pytest.approx(mean, rel=1e-3)
    assert read.var() / (mean * (1 - mean)) == pytest.approx(rho, rel=1e-2)
    assert (np.diff(grid) >= 0.0).all()
    assert grid[0] >= 0.0
    assert grid[-1] <= 1.0
    size = (1 - rho) / rho
    inner = np.linspace(0, 1, 257)[1:-1]
    np.testing.assert_allclose(grid[1:-1], stats.beta.ppf(inner, mean * size, (1 - mean) * size), atol=1e-9)


def test_every_vector_has_its_own_distribution():
    mean, rho = np.array([0.1, 0.5, 0.5]), np.array([0.05, 0.05, 0.3])
    grid = night_quantiles(mean, rho, 65)
    for v in range(3):
        assert (grid[v] == night_quantiles(mean[v:v + 1], rho[v:v + 1], 65)[0]).all()
    assert np.ptp(grid[2]) > np.ptp(grid[1])


def test_a_mean_of_nothing_or_all_is_every_nights():
    grid = night_quantiles(np.array([0.0, 1.0, 0.2]), np.full(3, 0.1), 33)
    assert (grid[0] == 0.0).all()
    assert (grid[1] == 1.0).all()
    assert (grid[2] == night_quantiles(np.array([0.2]), np.array([0.1]), 33)[0]).all()


def test_a_vectors_table_does_not_know_of_the_others():
    g = np.random.default_rng(2)
    share, weight = g.dirichlet(np.ones(30), 40), g.uniform(0.2, 3.0, (40, 30))
    whole = hazard_table(share, weight)
    for n in (1, 3, 17):
        assert hazard_table(share[:n], weight[:n]).tobytes() == whole[:n].tobytes()
