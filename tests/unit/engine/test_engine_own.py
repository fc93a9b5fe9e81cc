"""The latent stop of the own defence: inverse of the cumulative hazard, addressed by threat, shared by night.

Mutations tried, each caught: the share of a segment inverted; the night
address without its stream; the stop's address without the threat; hazard applied twice; nearest grid point for
linear interpolation; a leak rate above 1 accepted.
"""

import numpy as np
import pytest

from skyshield.engine.steps.own import at_quantile, draw_own_stops, stop_position
from skyshield.engine.world import N_STREAMS, OWN_NIGHT, OWN_STOP
from support.worlds import SEED, hand_raid, make_own, make_routes, u


def random_knots(g, n=6):
    """Positions and cumulative weights with flat stretches, as territory that is not held gives."""
    knot_m = np.concatenate([[0.0], np.sort(g.uniform(0, 9e5, n))])
    gain = np.where(g.random(n) < 0.4, 0.0, g.uniform(0.01, 2.0, n))
    gain[g.integers(n)] = 1.0
    return knot_m, np.concatenate([[0.0], np.cumsum(gain)])


@pytest.mark.parametrize("seed", range(20))
def test_stop_position_inverts_the_cumulative_weight(seed):
    g = np.random.default_rng(seed)
    knot_m, weight = random_knots(g)
    for wanted in g.uniform(0, weight[-1], 50):
        position = stop_position(knot_m, weight, wanted)
        assert np.interp(position, knot_m, weight) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_stop_position_is_never_inside_a_stretch_without_hazard(seed):
    g = np.random.default_rng(seed)
    knot_m, weight = random_knots(g)
    for wanted in g.uniform(0, weight[-1], 200):
        position = stop_position(knot_m, weight, wanted)
        k = int(np.searchsorted(knot_m, position, side="right")) - 1
        assert weight[k] < weight[min(k + 1, len(weight) - 1)] or position in knot_m


def test_stop_position_at_the_ends():
    knot_m, weight = np.array([0.0, 10.0, 20.0, 30.0, 40.0]), np.array([0.0, 0.0, 1.0, 1.0, 2.0])
    assert stop_position(knot_m, weight, 0.0) == 10.0
    assert stop_position(knot_m, weight, 1.0) == 30.0
    assert stop_position(knot_m, weight, 1.5) == 35.0
    assert stop_position(knot_m, weight, np.nextafter(2.0, 0.0)) == pytest.approx(40.0)
    assert stop_position(knot_m, weight, 2.0) == np.inf
    assert stop_position(knot_m, np.zeros(5), 1e-12) == np.inf


def test_quantile_function_is_interpolated_between_its_points():
    g = np.random.default_rng(4)
    grid = np.sort(g.normal(size=33))
    # the addressed uniforms lie in [2**-33, 1 - 2**-33]
    for share in [2.0**-33, 1 - 2.0**-33, *g.random(500)]:
        expected = np.interp(share, np.linspace(0, 1, 33), grid)
        assert at_quantile(grid, share) == pytest.approx(expected, abs=1e-12)


def drawn(quantiles, n=400, streams=None, day=0, routes=None):
    routes = make_routes() if routes is None else routes
    n, raid = hand_raid(routes, np.zeros(n))
    raid.stream[:] = 0 if streams is None else streams
    sound = draw_own_stops(make_own(quantiles=quantiles), routes, SEED, 0, day, n, raid)
    return sound, raid


def test_each_threat_stops_where_its_own_draw_says():
    _, raid = drawn(np.full((N_STREAMS, 2), 0.4))
    weight = np.array([np.log(u(OWN_STOP, int(threat))[0]) / np.log(0.4) for threat in raid.threat])
    assert np.isfinite(raid.own_stop_m).any()
    assert np.isinf(raid.own_stop_m).any()
    np.testing.assert_allclose(raid.own_stop_m, np.where(weight < 1.0, weight * 100_000.0, np.inf), rtol=1e-9)


def test_the_night_is_one_draw_a_stream_and_the_streams_are_apart():
    quantiles = np.stack([np.linspace(0.05, 0.65, 65)] * N_STREAMS)
    found = {}
    for day in range(3):
        _, raid = drawn(quantiles, streams=np.repeat(range(N_STREAMS), 100), day=day)
        log_u = np.array([np.log(u(OWN_STOP, int(threat), day=day)[0]) for threat in raid.threat])
        stopped = np.isfinite(raid.own_stop_m)
        implied = np.exp(log_u[stopped] / (raid.own_stop_m[stopped] / 100_000.0))
        for stream in range(N_STREAMS):
            of_stream = implied[raid.stream[stopped] == stream]
            assert np.ptp(of_stream) < 1e-9
            expected = 0.05 + 0.6 * u(OWN_NIGHT, stream, day=day)[0]
            assert of_stream[0] == pytest.approx(expected, abs=1e-9)
            found[stream, day] = of_stream[0]
    assert len({round(p, 9) for p in found.values()}) == 3 * N_STREAMS


def test_a_leak_rate_of_one_stops_nothing_and_of_none_everything():
    _, raid = drawn(np.ones((N_STREAMS, 2)))
    assert np.isinf(raid.own_stop_m).all()
    _, raid = drawn(np.zeros((N_STREAMS, 2)))
    assert (raid.own_stop_m < 100_000.0).all()


@pytest.mark.parametrize("p_leak", [-1e-9, 1.0 + 1e-9, np.nan])
def test_a_leak_rate_that_is_no_share_is_refused(p_leak):
    quantiles = np.full((N_STREAMS, 2), 0.5)
    assert drawn(quantiles)[0]
    quantiles[2] = p_leak
    assert not drawn(quantiles)[0]


def test_soft_kills_have_their_probability_and_another_draw_than_the_stop():
    routes = make_routes()
    n, raid = hand_raid(routes, np.zeros(2_000))
    draw_own_stops(make_own(leak=0.4, p_soft=0.3), routes, SEED, 0, 0, n, raid)
    expected = [u(OWN_STOP, int(threat))[1] < 0.3 for threat in raid.threat]
    assert raid.own_soft.tolist() == [int(e) for e in expected]
    stopped = np.isfinite(raid.own_stop_m)
    # the two events are independent: difference of two shares, four standard errors
    error = np.sqrt(0.3 * 0.7 * (1 / stopped.sum() + 1 / (~stopped).sum()))
    assert abs(raid.own_soft[stopped].mean() - raid.own_soft[~stopped].mean()) < 4 * error
