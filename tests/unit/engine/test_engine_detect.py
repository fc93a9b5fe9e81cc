"""Tracks: one share a night for all threats and kinds, one draw a threat, nothing drawn twice.

Being tracked and being stopped by Ukraine are tied by a Gaussian copula, and so are the night's tracks and weather with
its leak rate. Against the bivariate normal distribution: n is at least 100,000 and the tolerance four standard errors.

Mutations tried, each caught: the average share on every night; a night's share drawn for each kind apart; one draw for
all threats; the draw of a threat taken for another day's; no tie; its sign turned; the square root forgotten; rho
squared; the weather for itself; the nights of the missiles for those of the UAVs.
"""

import numpy as np
import pytest
from scipy import stats

from skyshield.engine import COUNTS
from skyshield.engine.steps.detect import against, detect, leak_night_u
from skyshield.engine.steps.own import night_hazards
from skyshield.engine.steps.readiness import flyable
from skyshield.engine.world import OWN_NIGHT, OWN_STOP, TRACK, TRACK_NIGHT
from support.worlds import (
    SEED,
    hand_raid,
    make_fleets,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
    own_stops,
    play_nights,
    u,
)

LOW, HIGH = 0.2, 0.6  # the share tracked is even in between, over nights
THREATS, NIGHTS = 100, 1_500
EVERY_ROUTE = np.ones(1, np.uint8)


@pytest.fixture(scope="module")
def nights():
    """Share of threats tracked [night, kind] and the threats' draws [night, threat]."""
    forces = make_forces()
    forces = forces._replace(p_track=np.array([[[LOW, HIGH], [LOW / 2, HIGH / 2]]]))
    n, raid = hand_raid(make_routes(), np.zeros(THREATS))
    shares, draws = [], []
    for night in range(NIGHTS):
        p_track = np.zeros(2)
        detect(forces, SEED, night % 50, night // 50, n, EVERY_ROUTE, raid, p_track)
        shares.append(p_track)
        draws.append(raid.track_u[:n].copy())
    return np.array(shares), np.array(draws)


def test_a_night_is_good_or_bad_for_all(nights):
    """Var(tracked / n) is the nights' variance and a binomial's: p (1 - p) / n more than it alone."""
    shares, draws = nights
    tracked = (draws < shares[:, :1]).mean(axis=1)
    assert abs(tracked.mean() - 0.4) < 4 * tracked.std() / np.sqrt(NIGHTS)
    between = (HIGH - LOW) ** 2 / 12
    exact = between + (0.4 * 0.6 - between) / THREATS
    error = exact * np.sqrt(2 / NIGHTS)
    assert abs(tracked.var() - exact) < 4 * error
    assert exact > 4 * (0.4 * 0.6 / THREATS) + 4 * error  # threats with a luck of their own each would not look so


def test_what_a_worse_picture_shows_a_better_one_shows_too(nights):
    shares, draws = nights
    np.testing.assert_allclose(shares[:, 1], shares[:, 0] / 2, rtol=1e-12)
    assert (draws[:, :, None] < shares[:, None, 1:]).any()
    assert ((draws < shares[:, :1]) >= (draws < shares[:, 1:])).all()


def test_threats_and_nights_have_draws_of_their_own(nights):
    shares, draws = nights
    assert len(np.unique(draws)) > draws.size - 20  # of 2^32 values, a few come twice
    assert len(np.unique(shares[:, 0])) == NIGHTS
    for one, other in ((draws[:, 0], draws[:, 1]), (draws[:-1, 0], draws[1:, 0]), (shares[:, 0], draws[:, 0])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(NIGHTS)


# --- tied to Ukraine's own stops ------------------------------------------------------------------------------------

RHOS = (0.0, 0.3, 0.6)
N = 120_000
LEAK, P_TRACK = 0.25, 0.4
ROUTES = make_routes()


def tied(rho, n=N, leak=LEAK):
    """One raid under an own defence of one certain leak rate: its stops and its tracks."""
    own, forces = make_own(leak=leak), make_forces()._replace(track_correlation=np.array([rho]))
    n, raid = hand_raid(ROUTES, np.zeros(n))
    own_stops(own, ROUTES, 0, night_hazards(own, SEED, 0, 0, 0, 0.0), True, n, raid)
    detect(forces, SEED, 0, 0, n, EVERY_ROUTE, raid, np.zeros(1))
    return raid


@pytest.fixture(scope="module")
def raids():
    return {rho: tied(rho) for rho in RHOS}


def both_below(p, q, correlation):
    """P(X < p and Y < q) of two uniforms whose normal scores have the correlation."""
    return stats.multivariate_normal([0.0, 0.0], [[1.0, correlation], [correlation, 1.0]]).cdf(stats.norm.ppf([p, q]))


def close(result, exact, n):
    assert abs(result - exact) < 4 * np.sqrt(exact * (1 - exact) / n), (result, exact)


def test_own_stops_know_nothing_of_tracks(raids):
    for rho in RHOS[1:]:
        for name in ("own_stop_m", "own_soft", "own_margin", "stop_u", "identify_u", "joint_u"):
            assert getattr(raids[rho], name).tobytes() == getattr(raids[0.0], name).tobytes(), name
        assert (raids[rho].track_u != raids[0.0].track_u).mean() > 0.99


def test_without_a_tie_tracks_are_the_draws_of_their_addresses(raids):
    assert raids[0.0].track_u[:200].tolist() == [u(TRACK, int(i))[0] for i in raids[0.0].threat[:200]]


@pytest.mark.parametrize("rho", RHOS)
def test_a_tie_leaves_the_tracks_margin(raids, rho):
    """Uniform: every percentile within four standard errors, and Kolmogorov's distance within its 1 in 10,000."""
    track = raids[rho].track_u
    for p in np.arange(0.01, 1.0, 0.01):
        close((track < p).mean(), p, N)
    assert stats.kstest(track, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("p_track", [0.1, P_TRACK, 0.8])
@pytest.mark.parametrize("rho", RHOS)
def test_who_leaks_is_tracked_as_the_bivariate_normal_says(raids, rho, p_track):
    """Leaks: U < 0.25; tracked: V' < p. The correlation of their normal scores is -rho."""
    raid = raids[rho]
    leaks, tracked = np.isinf(raid.own_stop_m), raid.track_u < p_track
    close(leaks.mean(), LEAK, N)
    both = both_below(LEAK, p_track, -rho)
    close(tracked[leaks].mean(), both / LEAK, leaks.sum())
    close(tracked[~leaks].mean(), (p_track - both) / (1 - LEAK), (~leaks).sum())
    assert rho == 0.0 or both / LEAK < p_track - 0.02 * (p_track < 0.7) < (p_track - both) / (1 - LEAK)


def test_who_crosses_nobodys_zone_is_not_looked_at(raids):
    """Nobody tracks them; of all others every draw is the same."""
    routes = make_routes([((0.0, 0.0), (100_000.0, 0.0))] * 2)
    forces, results = make_forces()._replace(track_correlation=np.array([0.3])), []
    for may_cross in ((1, 1), (0, 1)):
        n, raid = hand_raid(routes, np.zeros(200), route=np.arange(200) % 2)
        raid.stop_u[:] = raids[0.3].stop_u[:200]
        detect(forces, SEED, 0, 0, n, np.array(may_cross, np.uint8), raid, np.zeros(1))
        results.append(raid)
    assert (results[1].track_u[::2] == 1.0).all()
    for name in ("track_u", "identify_u", "joint_u"):
        assert (getattr(results[1], name)[1::2] == getattr(results[0], name)[1::2]).all()
    assert results[0].track_u.tolist() == raids[0.3].track_u[:200].tolist()


def test_against_is_monotone_in_both():
    grid = np.linspace(0.01, 0.99, 50)
    for rho in (0.3, 0.6):
        in_stop = np.array([against(x, 0.4, rho) for x in grid])
        in_track = np.array([against(0.4, x, rho) for x in grid])
        assert (np.diff(in_stop) < 0.0).all() and (np.diff(in_track) > 0.0).all()
        scores = stats.norm.ppf(grid)
        np.testing.assert_allclose(stats.norm.ppf(in_stop), np.sqrt(1 - rho**2) * stats.norm.ppf(0.4) - rho * scores,
                                   atol=1e-9)


def night_numbers(rho, nights=N):
    """The night's tracking quantile, leak quantile and weather, night by night."""
    forces = make_forces(p_track=0.0)._replace(p_track=np.array([[[0.0, 1.0]]]), track_correlation=np.array([rho]))
    fleets, (n, raid) = make_fleets(p_bad_weather=0.3, bad_weather_flown=0.0), hand_raid(ROUTES, [])
    p_track, result = np.zeros(1), np.zeros((nights, 3))
    for night in range(nights):
        word, day = night % 40_000, night // 40_000
        detect(forces, SEED, word, day, n, EVERY_ROUTE, raid, p_track)
        result[night] = p_track[0], leak_night_u(SEED, word, day), flyable(fleets, rho, SEED, word, day)
    return result.T


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_a_bad_night_is_bad_in_every_way(rho):
    """Few tracks and bad weather where many UAVs leak; each for itself as likely as ever."""
    track, leak, flown = night_numbers(rho)
    bad = flown == 0.0
    for p in (0.1, 0.5, 0.9):
        close((track < p).mean(), p, N)
    close(bad.mean(), 0.3, N)
    many = leak > 0.8
    close((track[many] < 0.3).mean(), (0.3 - both_below(0.8, 0.3, -rho)) / 0.2, many.sum())
    close(bad[many].mean(), (0.3 - both_below(0.8, 0.3, -rho)) / 0.2, many.sum())
    correlation = np.corrcoef(stats.norm.ppf(track), stats.norm.ppf(leak))[0, 1]
    assert abs(correlation + rho) < 4 * (1 - rho**2) / np.sqrt(N)
    if rho > 0.0:
        assert bad[many].mean() > 0.45 and track[many].mean() < 0.4 and track[bad].mean() < 0.47


def test_the_nights_number_is_the_leak_rates_own():
    for day in range(50):
        assert leak_night_u(SEED, 0, day) == u(OWN_NIGHT, 0, day=day)[0]
    forces = make_forces()._replace(p_track=np.array([[[0.0, 1.0]]]), track_correlation=np.array([0.5]))
    n, raid = hand_raid(ROUTES, np.zeros(3))
    own_stops(make_own(leak=0.5), ROUTES, 4, (0.7,) * 4, True, n, raid)
    p_track = np.zeros(1)
    detect(forces, SEED, 0, 4, n, EVERY_ROUTE, raid, p_track)
    assert p_track[0] == against(u(OWN_NIGHT, 0, day=4)[0], u(TRACK_NIGHT, 0, day=4)[0], 0.5)
    for i in range(n):
        assert raid.track_u[i] == against(u(OWN_STOP, i, day=4)[0], u(TRACK, i, day=4)[0], 0.5)


def test_prevented_falls_the_more_tracks_go_with_stops():
    """A patrol that stops whatever it can track, before Ukraine would: exactly n P(leaks and tracked), n = 120,000."""
    window = make_rules([[[(10_000.0, 30_000.0)]]], ROUTES.length_m)
    late = make_routes(knots=[((0.0, 40_000.0, 100_000.0), (0.0, 0.0, 1.0))])
    prevented = []
    for rho in RHOS:
        forces = make_forces(p_track=P_TRACK, work_s=1e-3, channels=50)._replace(track_correlation=np.array([rho]))
        counts = play_nights(make_world(make_raids(1), late, make_own(leak=LEAK), forces, window),
                             [(300, 0, 0, 0)], replications=N // 300).counts[:, 0, 0]
        by = {name: counts[:, k].sum() for k, name in enumerate(COUNTS)}
        close(by["prevented/uav"] / N, both_below(LEAK, P_TRACK, -rho), N)
        close((by["prevented/uav"] + by["redundant/uav"]) / N, P_TRACK, N)
        close((by["prevented/uav"] + by["leaked/uav"]) / N, LEAK, N)
        prevented.append(by["prevented/uav"])
    assert prevented[0] > 1.3 * prevented[1] > 1.6 * prevented[2]
