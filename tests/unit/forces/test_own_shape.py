"""Where along a route the own hazard is met, how much of it, at which hazard a stream leaks what it should, and how
leak rates vary over nights.

Mutations tried, each caught: the rivals exchanged; the terminal distance counted from the start; weights not over
their mean; the weight of the whole length, not of the held part; the last knot below 1; shapes of two routes
exchanged by padding; a table without its first point, or read off one share of the stream; routes' shares ignored;
the west's own strength read; the west not capped; a bias of claims that adds, not divides; decoys and armed
exchanged; the mean over loads not kept; beta with its two parameters exchanged; correlation as rho / (1 - rho); the
support's ends 0 and 1 kept (as the code once did: the deep stream's correlation was doubled); no share at a mean of
0.
"""

import numpy as np
import pytest
from scipy import optimize, stats
from shapely import LineString, box
from shapely.ops import substring

from skyshield.engine.steps.own import at_quantile, at_step
from skyshield.forces import (
    hazard_shape,
    hazard_table,
    log_load_factors,
    night_quantiles,
    true_leak,
    west_strength,
)
from skyshield.forces.own import ALONG_THE_WAY, HAZARD_STEP, MOST_LEAK, N_POINTS, NEAR_AIMS
from support.worlds import make_routes

HELD = box(20_000, -50_000, 150_000, 50_000)
RIVALS = [ALONG_THE_WAY, NEAR_AIMS]


def shape(routes, rival, distance_m=40_000.0, held=HELD):
    drawn = make_routes(routes)
    return drawn, *hazard_shape(drawn.x_m, drawn.y_m, held, distance_m, rival)


ROUTES = [((0.0, 0.0), (100_000.0, 0.0)), [(0.0, 0.0), (60_000.0, 80_000.0), (120_000.0, 0.0)],
          ((-50_000.0, 0.0), (10_000.0, 0.0)), ((30_000.0, 0.0), (50_000.0, 0.0))]


@pytest.mark.parametrize("rival", RIVALS)
def test_shares_rise_from_0_to_1_over_the_whole_route(rival):
    drawn, knot_m, share, weight = shape(ROUTES, rival)
    assert (share[:, 0] == 0.0).all()
    assert (share[:, -1] == 1.0).all()
    assert (np.diff(share, axis=1) >= 0.0).all()
    assert (np.diff(knot_m, axis=1) >= 0.0).all()
    assert (knot_m[:, 0] == 0.0).all()
    np.testing.assert_allclose(knot_m[:, -1], drawn.length_m)
    assert weight.mean() == pytest.approx(1.0)
    assert (weight > 0.0).all()


def lines(drawn):
    return [LineString(np.stack([x, y], axis=1)) for x, y in zip(drawn.x_m, drawn.y_m, strict=True)]


def test_along_the_way_hazard_is_that_of_the_held_kilometres():
    """Measured point by point, without the function's own pieces. A route that is nowhere held is met at its end."""
    drawn, knot_m, share, weight = shape(ROUTES, ALONG_THE_WAY)
    met_m = [path.intersection(HELD).length or 40_000.0 for path in lines(drawn)]
    np.testing.assert_allclose(weight, np.array(met_m) / np.mean(met_m))
    for route, path in enumerate(lines(drawn)):
        for s in np.linspace(0.0, path.length, 13)[1:]:
            so_far = substring(path, 0.0, s).intersection(HELD).length
            expected = so_far if path.intersects(HELD) else max(0.0, s - path.length + 40_000.0)
            assert np.interp(s, knot_m[route], share[route]) == pytest.approx(expected / met_m[route], abs=1e-9)


def test_near_aims_hazard_is_that_of_the_last_kilometres():
    drawn, knot_m, share, weight = shape(ROUTES, NEAR_AIMS)
    assert (weight == 1.0).all()
    for route, path in enumerate(lines(drawn)):
        last = min(40_000.0, path.length)
        for s in np.linspace(0.0, path.length, 13):
            expected = max(0.0, s - path.length + last) / last
            assert np.interp(s, knot_m[route], share[route]) == pytest.approx(expected, abs=1e-9)


# --- the hazard at which a stream leaks what it should --------------------------------------------------------------


def mixture(seed, vectors=5, groups=30, own_weights=True):
    g = np.random.default_rng(seed)
    share = g.dirichlet(np.full(groups, 0.5), vectors)
    weight = g.lognormal(0.0, 0.5, (vectors, groups) if own_weights else groups)
    return share, weight


@pytest.mark.parametrize("own_weights", [True, False])
def test_a_table_gives_the_hazard_of_a_leak_rate(own_weights):
    """Read as the engine reads it, at points between its own: the leak rate is right within 0.05%."""
    share, weight = mixture(1, own_weights=own_weights)
    table = hazard_table(share, weight)
    assert table.shape == (5, N_POINTS)
    for vector in range(5):
        of = weight[vector] if own_weights else weight
        for p in (0.999, 0.9, 0.5, 0.28, 0.044, 0.003):
            hazard = at_step(table[vector], HAZARD_STEP, -np.log(p))
            exact = optimize.brentq(lambda h, q=share[vector], w=of, p=p: q @ np.exp(-h * w) - p, 0.0, 1e4)
            assert share[vector] @ np.exp(-hazard * of) == pytest.approx(p, rel=5e-4)
            assert hazard == pytest.approx(exact, rel=1e-2)
        assert (np.diff(table[vector]) > 0.0).all()
        assert table[vector, 0] == 0.0


def test_equal_weights_make_the_hazard_what_it_is_called():
    table = hazard_table(np.array([[0.2, 0.8]]), np.ones(2))
    for p in (0.99, 0.28, 1e-3, 1e-7):
        assert np.exp(-at_step(table[0], HAZARD_STEP, -np.log(p))) == pytest.approx(p, rel=1e-9)
    doubled = hazard_table(np.array([[0.2, 0.8]]), np.full((1, 2), 2.0))
    np.testing.assert_allclose(doubled, table / 2, rtol=1e-3)


def test_a_group_nothing_flies_to_does_not_matter():
    share, weight = mixture(2)
    wider = np.insert(share, 3, 0.0, axis=1), np.insert(weight, 3, 0.01, axis=1)
    np.testing.assert_allclose(hazard_table(*wider), hazard_table(share, weight), rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("p_west", [0.02, 0.05, 0.3, 0.8])
def test_the_wests_strength_gives_the_west_its_leak_rate(p_west):
    g = np.random.default_rng(4)
    share, strength = g.dirichlet([1, 1, 3, 3, 3], 40), g.lognormal(0.0, 0.4, (40, 5))
    share[:, 1] = g.uniform(0.02, 0.1, 40)
    share /= share.sum(axis=1, keepdims=True)
    p_leak = g.uniform(0.03, 0.1, 40)
    result = west_strength(share, strength, 1, p_leak, np.full(40, p_west))
    assert (result == west_strength(share, np.insert(np.delete(strength, 1, 1), 1, 99.0, axis=1), 1, p_leak,
                                    np.full(40, p_west))).all()
    strength[:, 1] = result
    table = hazard_table(share, strength)
    for vector in range(40):
        hazard = at_step(table[vector], HAZARD_STEP, -np.log(p_leak[vector]))
        most = 0.9 * p_leak[vector] / share[vector, 1]
        assert np.exp(-hazard * result[vector]) == pytest.approx(min(p_west, most), rel=5e-3)
        assert share[vector] @ np.exp(-hazard * strength[vector]) == pytest.approx(p_leak[vector], rel=2e-3)
    assert (0.9 * p_leak / share[:, 1] < p_west).any() == (p_west == 0.8)  # the cap is met, and only there


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
    decoy, armed = np.exp(log_load_factors(decoys, np.full(3, ratio))).T
    np.testing.assert_allclose(decoys * decoy + (1 - decoys) * armed, 1.0)
    np.testing.assert_allclose(decoy / armed, ratio)


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


@pytest.mark.parametrize("by_vector", [False, True])
def test_a_vectors_table_does_not_know_of_the_others(by_vector):
    g = np.random.default_rng(2)
    share, weight = g.dirichlet(np.ones(30), 40), g.uniform(0.2, 3.0, (40, 30))
    weight = weight if by_vector else weight[0]
    whole = hazard_table(share, weight)
    for n in (1, 3, 17):
        assert hazard_table(share[:n], weight[:n] if by_vector else weight).tobytes() == whole[:n].tobytes()


def test_a_vectors_strength_of_the_west_does_not_know_of_the_others():
    g = np.random.default_rng(6)
    share, strength = g.dirichlet(np.ones(4), 40), g.uniform(0.01, 3.0, (40, 4))
    p_leak, p_west = g.uniform(0.01, 0.2, 40), g.uniform(0.02, 0.3, 40)
    whole = west_strength(share, strength, 1, p_leak, p_west)
    for n in (1, 3, 17):
        assert west_strength(share[:n], strength[:n], 1, p_leak[:n], p_west[:n]).tobytes() == whole[:n].tobytes()
