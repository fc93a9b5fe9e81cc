"""The latent stop of the own defence: inverse of the cumulative hazard, addressed by threat, shared by night.

Mutations tried, each caught: the share of a segment inverted; the UAV streams' nights apart; the nights of UAVs and
missiles one; the stop's address without the threat; hazard applied twice; nearest grid point for linear
interpolation; a leak rate above 1 accepted; the table of the other regime or stream; a table that ends; the route's
weight or the aim's factor left out; the load's factor with its sign turned, or for missiles; the level's shift turned
round, or for missiles; a moved night scaled by the odds alone; cover by the wrong tail or without its slope; a known
way drawn again.
"""

import numpy as np
import pytest
from scipy.stats import beta

from skyshield.core.vocabulary import ARMED, BALLISTIC_STREAM, DECOY, DECOY_ARMED, N_CLASSES, N_PLACES, N_STREAMS
from skyshield.engine.steps.own import (
    are_valid,
    at_quantile,
    at_step,
    moved_leak,
    night_hazards,
    position_at,
    salvo_covered,
    whole_weight,
)
from skyshield.engine.world import OWN_NIGHT, OWN_STOP
from support.worlds import SEED, hand_raid, make_own, make_routes, met_on, over_places, own_stops, u


def random_way(g, n=7):
    """A route over places, parts of it without hazard, and an own defence under which it meets some: routes, own."""
    ends = np.sort(g.uniform(1e4, 9e5, n))
    along, near = (np.where(g.random(n) < 0.4, 0.0, g.uniform(0.01, 2.0, n)) for _ in range(2))
    along[g.integers(n)] = near[g.integers(n)] = 1.0
    rows = np.stack([ends, g.integers(0, N_PLACES, n), along, near], axis=1)
    routes = over_places(make_routes([((0.0, 0.0), (ends[-1], 0.0))]), [rows])
    own = make_own(n_aims=1, along_share=g.choice([0.0, 0.4, 1.0], (1, N_STREAMS)),
                   strength=g.uniform(0.2, 3.0, (1, N_STREAMS, N_PLACES)), aim_place=g.integers(0, N_PLACES, 1))
    return routes, own


def met_by_end(routes, own, stream):
    """W at the start and at the end of every piece, from the page."""
    omega, strength = own.along_share[0, stream], own.strength[0, stream]
    added = (omega * routes.piece_along * strength[routes.piece_place]
             + (1.0 - omega) * routes.piece_near_aim * strength[own.aim_place[0]])
    return np.concatenate([[0.0], routes.piece_end_m]), np.concatenate([[0.0], np.cumsum(added)])


def position(routes, own, share, stream=1):
    return position_at(own, routes, met_on(own, routes), 0, stream, 0, 0, share)


@pytest.mark.parametrize("stream", range(N_STREAMS))
@pytest.mark.parametrize("seed", range(20))
def test_the_position_inverts_the_cumulated_weight(seed, stream):
    g = np.random.default_rng(seed)
    routes, own = random_way(g)
    at, met = met_by_end(routes, own, stream)
    assert whole_weight(own, routes, met_on(own, routes), 0, stream, 0, 0) == pytest.approx(met[-1], rel=1e-12)
    for share in g.random(50):
        assert np.interp(position(routes, own, share, stream), at, met) == pytest.approx(share * met[-1], abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_position_is_never_inside_a_piece_without_hazard(seed):
    g = np.random.default_rng(seed)
    routes, own = random_way(g)
    at, met = met_by_end(routes, own, 1)
    for share in g.random(200):
        result = position(routes, own, share)
        k = int(np.searchsorted(at, result, side="right")) - 1
        assert met[k] < met[min(k + 1, len(met) - 1)] or result in at


def test_positions_at_the_ends():
    rows = [(10.0, 0, 0.0, 0.0), (20.0, 0, 0.0, 1.0), (30.0, 0, 0.0, 0.0), (40.0, 0, 0.0, 1.0)]
    routes, own = over_places(make_routes([((0.0, 0.0), (40.0, 0.0))]), [rows]), make_own()
    assert [position(routes, own, share) for share in (0.0, 0.25, 0.5, 0.75)] == [10.0, 15.0, 30.0, 35.0]
    assert position(routes, own, np.nextafter(1.0, 0.0)) == pytest.approx(40.0)
    assert position(routes, own, 1.0) == position(routes, own, 7.0) == np.inf
    bare = routes._replace(piece_near_aim=np.zeros(4))
    assert position(bare, own, 1e-12) == np.inf


def test_quantile_function_is_interpolated_between_its_points():
    g = np.random.default_rng(4)
    grid = np.sort(g.normal(size=33))
    # the addressed uniforms lie in [2**-33, 1 - 2**-33]
    for share in [2.0**-33, 1 - 2.0**-33, *g.random(500)]:
        expected = np.interp(share, np.linspace(0, 1, 33), grid)
        assert at_quantile(grid, share) == pytest.approx(expected, abs=1e-12)


def test_a_table_is_interpolated_and_its_last_slope_goes_on():
    g = np.random.default_rng(5)
    grid = np.cumsum(g.random(9))
    for x in [0.0, 0.25, *g.uniform(0, 2.0, 200)]:
        assert at_step(grid, 0.25, x) == pytest.approx(np.interp(x, 0.25 * np.arange(9), grid), abs=1e-12)
    for x in (2.0, 2.1, 7.0):
        assert at_step(grid, 0.25, x) == pytest.approx(grid[-1] + (x - 2.0) * (grid[-1] - grid[-2]) / 0.25)
    assert at_step(grid, 0.25, np.inf) == np.inf


def drawn(own, n=400, streams=None, day=0, routes=None, covered=True, regime=0, shift=0.0, aim=0, load=ARMED):
    """Draw the stops of n threats of one route; stream and class agree unless `streams` says otherwise."""
    routes = make_routes() if routes is None else routes
    n, raid = hand_raid(routes, np.zeros(n))
    raid.stream[:] = raid.met_stream[:] = 0 if streams is None else streams
    raid.threat_class[:] = np.maximum(1, raid.stream) - 1
    raid.aim[:] = aim
    raid.load[:] = load
    hazards = night_hazards(own, SEED, 0, day, regime, shift)
    own_stops(own, routes, day, hazards, covered, n, raid)
    return raid


def whole_hazard(raid, day=0, length_m=100_000.0):
    """Return the whole hazard that each stopped threat must have met, on a route of even hazard."""
    stopped = np.isfinite(raid.own_stop_m)
    log_u = np.array([np.log(u(OWN_STOP, int(threat), day=day)[0]) for threat in raid.threat[stopped]])
    return -log_u / (raid.own_stop_m[stopped] / length_m), raid.stream[stopped]


def test_each_threat_stops_where_its_own_draw_says():
    raid = drawn(make_own(leak=0.4))
    weight = np.array([np.log(u(OWN_STOP, int(threat))[0]) / np.log(0.4) for threat in raid.threat])
    assert np.isfinite(raid.own_stop_m).any()
    assert np.isinf(raid.own_stop_m).any()
    np.testing.assert_allclose(raid.own_stop_m, np.where(weight < 1.0, weight * 100_000.0, np.inf), rtol=1e-9)


def test_the_night_is_one_draw_for_uavs_and_one_for_each_class_of_missiles():
    low = np.array([0.05, 0.25, 0.1, 0.3])
    own = make_own(quantiles=low[:, None] + np.linspace(0.0, 0.5, 65))
    result = {}
    for day in range(4):
        hazard, stream_of = whole_hazard(drawn(own, streams=np.repeat(range(N_STREAMS), 100), day=day), day)
        for stream in range(N_STREAMS):
            implied = np.exp(-hazard[stream_of == stream])
            assert np.ptp(implied) < 1e-9
            share = u(OWN_NIGHT, 0 if stream < 2 else stream, day=day)[0]
            assert implied[0] == pytest.approx(low[stream] + 0.5 * share, abs=1e-9)
            result[stream, day] = round(implied[0] - low[stream], 9)
    assert all(result[0, day] == result[1, day] for day in range(4))
    assert len(set(result.values())) == 3 * 4


def test_the_hazard_is_read_from_the_table_of_regime_and_stream():
    own = make_own(leak=0.4)
    table = np.random.default_rng(3).uniform(0.5, 2.0, (1, 2, N_STREAMS, 2))
    table[..., 0] = 0.0
    own = own._replace(hazard=table)
    for regime in (0, 1):
        expected = -np.log(0.4) * table[0, regime, :, 1]
        np.testing.assert_allclose(night_hazards(own, SEED, 0, 0, regime, 0.0), expected)


def test_routes_have_weights_and_aims_factors():
    routes = make_routes(weight=0.6)
    own = make_own(leak=0.4, n_aims=2, aim_factor=[1.0, 1.5])
    for aim, factor in ((0, 1.0), (1, 1.5)):
        hazard, _ = whole_hazard(drawn(own, routes=routes, aim=aim))
        np.testing.assert_allclose(hazard, -np.log(0.4) * 0.6 * factor)


@pytest.mark.parametrize("kind", range(N_CLASSES))
def test_loads_change_the_hazard_of_uavs_only(kind):
    own = make_own(leak=0.4, load_factors=(1.5, 0.7))
    for load, factor in ((DECOY, 1.5), (ARMED, 0.7), (DECOY_ARMED, 1.5)):
        hazard, _ = whole_hazard(drawn(own, streams=(0, 2, 3)[kind], load=load))
        np.testing.assert_allclose(hazard, -np.log(0.4) - (np.log(factor) if kind == 0 else 0.0))
    assert np.isinf(drawn(make_own(leak=0.8, load_factors=(1.5, 1.0)), load=DECOY).own_stop_m).all()


def test_the_level_moves_the_odds_of_the_front_stream_only():
    own = make_own(quantiles=[[0.3, 0.3], [0.05, 0.05], [0.2, 0.2], [0.6, 0.6]])
    for shift in (-1.0, 0.5):
        p = np.exp(-np.array(night_hazards(own, SEED, 0, 0, 0, shift)))
        np.testing.assert_allclose(np.log(p / (1 - p)), np.log([3 / 7, 1 / 19, 1 / 4, 3 / 2])
                                   + shift * np.array([1, 0, 0, 0]))
    for certain in (0.0, 1.0):
        assert np.exp(-np.array(night_hazards(make_own(leak=certain), SEED, 0, 0, 0, 2.0)))[0] == certain


def test_a_ballistic_salvo_without_cover_is_not_stopped_at_all():
    streams = np.repeat(range(N_STREAMS), 50)
    bare, covered = (drawn(make_own(leak=0.1), 200, streams, covered=covered) for covered in (False, True))
    ballistic = streams == BALLISTIC_STREAM
    assert np.isinf(bare.own_stop_m[ballistic]).all()
    assert np.isfinite(covered.own_stop_m[ballistic]).any()
    assert (bare.own_stop_m[~ballistic] == covered.own_stop_m[~ballistic]).all()


def test_cover_follows_the_size_of_the_salvo():
    own = make_own(cover=(-1.5, 0.8))
    n_nights = 40_000
    for n in (0, 1, 5, 30):
        result = np.array([salvo_covered(own, SEED, replication, 0, n) for replication in range(n_nights)])
        p = 0.0 if n == 0 else 1 / (1 + np.exp(1.5 - 0.8 * np.log(n)))
        assert abs(result.mean() - p) <= 4 * np.sqrt(p * (1 - p) / n_nights)
    # a larger salvo is covered on every night that a smaller one is
    nights = [[salvo_covered(own, SEED, 0, day, n) for n in (1, 5, 30)] for day in range(300)]
    assert all(a <= b <= c for a, b, c in nights)
    # and cover says nothing on the leak rate of the night
    days = np.array([(salvo_covered(own, SEED, 0, day, 5), u(OWN_NIGHT, BALLISTIC_STREAM, day=day)[0])
                     for day in range(10_000)])
    assert abs(np.corrcoef(days.T)[0, 1]) < 4 / np.sqrt(len(days))


@pytest.mark.parametrize("shift", [-0.4, -0.2, 0.2, 0.6])
@pytest.mark.parametrize(("mean", "rho"), [(0.25, 0.03), (0.04, 0.03), (0.02, 0.03)])
def test_a_level_that_moves_keeps_the_correlation_within_a_raid(mean, rho, shift):
    """Against the beta distribution of the moved mean and the same correlation, which the fit takes."""
    size = (1 - rho) / rho
    nights = beta.ppf((np.arange(20_000) + 0.5) / 20_000, mean * size, (1 - mean) * size)
    moved = 1 / (1 + (1 - mean) / mean * np.exp(-shift))
    result = np.array([moved_leak(p, mean, shift) for p in nights])
    assert result.mean() == pytest.approx(moved, rel=0.04)
    assert result.var() == pytest.approx(rho * moved * (1 - moved), rel=0.12)
    assert np.corrcoef(nights, result)[0, 1] > 0.97


def test_a_share_that_is_certain_stays():
    assert moved_leak(0.0, 0.0, 0.5) == 0.0 and moved_leak(1.0, 1.0, -0.5) == 1.0


def test_a_leak_rate_of_one_stops_nothing_and_of_none_everything():
    assert np.isinf(drawn(make_own(leak=1.0)).own_stop_m).all()
    assert (drawn(make_own(leak=0.0)).own_stop_m < 100_000.0).all()


@pytest.mark.parametrize("stream", range(N_STREAMS))
@pytest.mark.parametrize("p_leak", [-1e-9, 1.0 + 1e-9, np.nan])
def test_a_leak_rate_that_is_no_share_is_refused(p_leak, stream):
    quantiles = np.full((N_STREAMS, 2), 0.5)
    assert are_valid(night_hazards(make_own(quantiles=quantiles), SEED, 0, 0, 0, 0.0))
    quantiles[stream] = p_leak
    assert not are_valid(night_hazards(make_own(quantiles=quantiles), SEED, 0, 0, 0, 0.0))
    assert are_valid(night_hazards(make_own(leak=0.0), SEED, 0, 0, 0, 0.0))


def test_soft_kills_have_their_probability_and_another_draw_than_the_stop():
    raid = drawn(make_own(leak=0.4, p_soft=0.3), 2_000)
    expected = [u(OWN_STOP, int(threat))[1] < 0.3 for threat in raid.threat]
    assert raid.own_soft.tolist() == [int(e) for e in expected]
    stopped = np.isfinite(raid.own_stop_m)
    # the two events are independent: difference of two shares, four standard errors
    error = np.sqrt(0.3 * 0.7 * (1 / stopped.sum() + 1 / (~stopped).sum()))
    assert abs(raid.own_soft[stopped].mean() - raid.own_soft[~stopped].mean()) < 4 * error


@pytest.mark.parametrize("leak", [0.0, 0.4])
def test_a_route_without_hazard_is_flown_unharmed(leak):
    """Also where the night's hazard has no end, and where armed UAVs would meet more than their stream."""
    raid = drawn(make_own(leak=leak, load_factors=(1.0, 0.5)), routes=make_routes(weight=0.0))
    assert np.isinf(raid.own_stop_m).all() and np.isinf(raid.own_margin).all()


def test_a_threat_meets_the_hazard_of_the_stream_it_was_given():
    """One of the deep stream that meets the front's: its rate, its share along the way and its strengths."""
    own = make_own(quantiles=[[0.4, 0.4], [0.1, 0.1], [0.2, 0.2], [0.6, 0.6]])
    own.strength[0, 0] = 1.5
    n, raid = hand_raid(make_routes(), np.zeros(400))
    raid.stream[:], raid.met_stream[:], raid.load[:] = 1, np.arange(400) % 2, ARMED
    own_stops(own, make_routes(), 0, night_hazards(own, SEED, 0, 0, 0, 0.0), True, n, raid)
    stopped = np.isfinite(raid.own_stop_m)
    hazard, _ = whole_hazard(raid)
    np.testing.assert_allclose(hazard, np.where(raid.met_stream == 0, -1.5 * np.log(0.4), -np.log(0.1))[stopped])


def test_a_threat_whose_way_is_known_keeps_its_stop():
    routes, own = make_routes(), make_own(leak=0.4)
    n, raid = hand_raid(routes, np.zeros(100))
    raid.own_stop_m[:] = -1.0
    raid.own_stop_due[::2] = 0
    own_stops(own, routes, 0, night_hazards(own, SEED, 0, 0, 0, 0.0), True, n, raid)
    assert (raid.own_stop_m[::2] == -1.0).all()
    assert (raid.own_stop_m[1::2] > 0.0).all()
