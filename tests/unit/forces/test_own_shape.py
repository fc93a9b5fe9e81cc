"""Where along a route the own hazard is met, and how its leak rate varies over nights.

Mutations tried, each caught: the terminal share complemented; the terminal distance counted from the start; held
territory not normalised; the last knot below 1; shapes of two routes exchanged by padding; beta with its two
parameters exchanged; correlation as rho / (1 - rho); the support's ends 0 and 1 kept (as the code once did: the
deep stream's correlation was doubled).
"""

import numpy as np
import pytest
from scipy import stats
from shapely import LineString, box
from shapely.ops import substring

from skyshield.engine.steps.own import at_quantile
from skyshield.forces import hazard_shape, night_quantiles
from support.worlds import make_routes

HELD = box(20_000, -50_000, 150_000, 50_000)


def shape(routes, share, distance_m=40_000.0, held=HELD):
    drawn = make_routes(routes)
    return drawn, *hazard_shape(drawn.x_m, drawn.y_m, held, share, distance_m)


ROUTES = [((0.0, 0.0), (100_000.0, 0.0)), [(0.0, 0.0), (60_000.0, 80_000.0), (120_000.0, 0.0)],
          ((-50_000.0, 0.0), (10_000.0, 0.0)), ((30_000.0, 0.0), (50_000.0, 0.0))]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_weights_rise_from_0_to_1_over_the_whole_route(share):
    drawn, knot_m, weight = shape(ROUTES, share)
    assert (weight[:, 0] == 0.0).all()
    assert (weight[:, -1] == 1.0).all()
    assert (np.diff(weight, axis=1) >= 0.0).all()
    assert (np.diff(knot_m, axis=1) >= 0.0).all()
    assert (knot_m[:, 0] == 0.0).all()
    np.testing.assert_allclose(knot_m[:, -1], drawn.length_m)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_weight_is_the_share_of_held_way_and_of_the_last_distance(share):
    """Measured point by point, without the function's own pieces."""
    drawn, knot_m, weight = shape(ROUTES, share)
    for route in range(len(ROUTES)):
        path = LineString(np.stack([drawn.x_m[route], drawn.y_m[route]], axis=1))
        whole = path.intersection(HELD).length
        for s in np.linspace(0.0, path.length, 13)[1:]:
            so_far = substring(path, 0.0, s).intersection(HELD).length
            near = max(0.0, s - max(0.0, path.length - 40_000.0)) / min(40_000.0, path.length)
            expected = share * near + (1 - share) * so_far / whole if whole > 0.0 else near
            assert np.interp(s, knot_m[route], weight[route]) == pytest.approx(expected, abs=1e-9)


def test_more_terminal_share_means_later_stops():
    _, knot_low, low = shape(ROUTES, 0.1)
    _, knot_high, high = shape(ROUTES, 0.9)
    for route in range(2):
        for s in np.linspace(0.0, 9e4, 19):
            assert np.interp(s, knot_high[route], high[route]) <= np.interp(s, knot_low[route], low[route]) + 1e-12


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
