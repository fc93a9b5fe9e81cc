"""Closed forms of competing risks, layers, queues and magazines against the engine.

Every statistical case plays at least 100,000 threats or shots and allows four standard errors, computed from the
exact law. Mutations tried, each caught: two nights of a stream drawn apart for each threat (no correlation); both UAV
streams drawn apart; a bare ballistic salvo stopped all the same; cover without the salvo's size; the ends
of the night's quantiles at 0 and 1; the own defence applied first and never again; redundant stops counted as
prevented; the hazard's weight used twice; the tracked share drawn per option; a patrol that is never busy; weapons
renewed by every threat.
"""

from math import factorial

import numpy as np
import pytest
from scipy import stats

from skyshield.engine import COUNTS
from skyshield.forces import night_quantiles
from support.worlds import make_forces, make_own, make_raids, make_routes, make_rules, make_world, play_nights

DAYS, REPLICATIONS = 500, 40  # 20,000 nights
LENGTH_M = 100_000.0
BEFORE, AFTER = 30_000.0, 60_000.0  # the coalition may shoot in between
# half of the hazard before the window, none inside, half after it
HALVES = make_routes(knots=[((0.0, BEFORE, AFTER, LENGTH_M), (0.0, 0.5, 0.5, 1.0))])
WINDOW = make_rules([[[(BEFORE, AFTER)]]], HALVES.length_m)


def nightly(world, nights=((50, 0, 0, 0),), replications=REPLICATIONS, seed=11):
    """Play nights of (front, deep, cruise, ballistic) launches; return {measure: counts a night} of option 0."""
    result = play_nights(world, nights, seed, replications=replications)
    assert not result.failed.any()
    by = result.counts[:, :, 0].reshape(-1, len(COUNTS))
    return {name: by[:, k].astype(float) for k, name in enumerate(COUNTS)}


def world_of(own=None, days=DAYS, routes=HALVES, rules=WINDOW, **forces):
    return make_world(raids=make_raids(days), routes=routes, own=make_own() if own is None else own, rules=rules,
                      forces=make_forces(days=days, **{"work_s": 1e-3, **forces}))


def close(result, exact, error, errors=4.0):
    off = (result - exact) / error
    assert abs(off) < errors, f"{result} against {exact} +- {error}: {off:.1f} standard errors"


# --- leak rates: mean and intra-night correlation -------------------------------------------------------------------

STREAMS = [  # stream, its place in a night, class, leak rate, correlation
    ("front", 0, "uav", 0.28, 0.03), ("deep", 1, "uav", 0.044, 0.03), ("cruise", 2, "cruise", 0.18, 0.16),
    ("ballistic", 3, "ballistic", 0.5, 0.2)]


def varied(*laws):
    """Own defence whose nights of each stream are beta with (leak rate, correlation); one law for all, or four."""
    laws = laws * (4 // len(laws))
    return make_own(quantiles=np.concatenate([night_quantiles(np.array([leak]), np.array([rho]), 257)
                                              for leak, rho in laws]))


@pytest.mark.parametrize(("stream", "place", "kind", "leak", "rho"), STREAMS, ids=[s[0] for s in STREAMS])
def test_leak_rate_and_correlation_of_each_stream(stream, place, kind, leak, rho):
    n, night = 50, [0, 0, 0, 0]
    night[place] = n
    result = nightly(world_of(varied((leak, rho)), n_stations=[0.0]), [night])[f"leaked/{kind}"]
    nights = len(result)
    close(result.mean() / n, leak, np.sqrt(leak * (1 - leak) * (rho + (1 - rho) / n) / nights))
    # E[X(X-1)] = n(n-1) E[p^2], and Var p = rho leak (1 - leak)
    squares = result * (result - 1) / (n * (n - 1))
    implied = (squares - leak**2) / (leak * (1 - leak))
    exact = stats.betabinom(n, leak * (1 - rho) / rho, (1 - leak) * (1 - rho) / rho)
    x = np.arange(n + 1)
    law = ((x * (x - 1) / (n * (n - 1)) - leak**2) / (leak * (1 - leak)), exact.pmf(x))
    spread = np.sqrt((law[0] ** 2 * law[1]).sum() - (law[0] * law[1]).sum() ** 2)
    close(implied.mean(), rho, spread / np.sqrt(nights))
    # and the whole law, at its quartiles and tail: P(X <= x)
    for level in (0.25, 0.5, 0.9, 0.99):
        place = exact.ppf(level)
        share = exact.cdf(place)
        close((result <= place).mean(), share, np.sqrt(share * (1 - share) / nights) + 1e-4)


def test_missiles_nights_are_apart():
    result = nightly(world_of(varied((0.4, 0.3)), n_stations=[0.0]), [(50, 0, 50, 50)])
    for one, other in (("cruise", "ballistic"), ("uav", "cruise"), ("uav", "ballistic")):
        pair = np.corrcoef(result[f"leaked/{one}"], result[f"leaked/{other}"])[0, 1]
        assert abs(pair) < 4 / np.sqrt(len(result["leaked/cruise"]))


def test_both_uav_streams_share_a_nights_luck():
    """The variance of all leakers is that of one share a night at the same quantile of both streams' laws."""
    front, deep = (0.28, 0.05), (0.06, 0.05)
    n_front, n_deep = 60, 150
    result = nightly(world_of(varied(front, deep, front, front), n_stations=[0.0]), [(n_front, n_deep, 0, 0)])
    leaked, nights = result["leaked/uav"], len(result["leaked/uav"])
    middle = (np.arange(200_000) + 0.5) / 200_000
    p_front, p_deep = (stats.beta.ppf(middle, leak * (1 - rho) / rho, (1 - leak) * (1 - rho) / rho)
                       for leak, rho in (front, deep))
    night = n_front * p_front + n_deep * p_deep
    within = (n_front * p_front * (1 - p_front) + n_deep * p_deep * (1 - p_deep)).mean()
    variance = within + night.var()
    close(leaked.mean(), night.mean(), np.sqrt(variance / nights))
    fourth = ((leaked - leaked.mean()) ** 4).mean()
    close(leaked.var(), variance, np.sqrt((fourth - leaked.var() ** 2) / nights))
    # streams with a luck each would be far less alike
    apart = within + (n_front * p_front).var() + (n_deep * p_deep).var()
    assert variance - apart > 20 * np.sqrt((fourth - leaked.var() ** 2) / nights)


COVERS = [(1, -1.5, 0.8), (6, -1.5, 0.8), (30, -1.5, 0.8), (6, 0.4, 0.0)]


@pytest.mark.parametrize(("n", "intercept", "slope"), COVERS)
def test_a_ballistic_salvo_is_covered_or_not_stopped(n, intercept, slope):
    """P(no stop) = 1 - c + c BB(0; n): and the whole law of the stops."""
    stop, rho = 0.5, 0.2
    own = varied((1 - stop, rho))._replace(cover_intercept=np.array([intercept]), cover_slope=np.array([slope]))
    stops = n - nightly(world_of(own, n_stations=[0.0]), [(0, 0, 0, n)])["leaked/ballistic"]
    cover = 1 / (1 + np.exp(-intercept - slope * np.log(n)))
    some = stats.betabinom(n, stop * (1 - rho) / rho, (1 - stop) * (1 - rho) / rho)
    law = cover * some.pmf(np.arange(n + 1))
    law[0] += 1 - cover
    for k in range(min(n, 4)):
        close((stops == k).mean(), law[k], np.sqrt(law[k] * (1 - law[k]) / len(stops)) + 1e-4)
    mean = (law * np.arange(n + 1)).sum()
    close(stops.mean(), mean, np.sqrt(((law * np.arange(n + 1) ** 2).sum() - mean**2) / len(stops)))


# --- layers: own defence and coalition as competing risks -----------------------------------------------------------

P, L = 0.7, 0.25  # kill probability, leak rate of the own defence; sqrt(L) survive each half
LAYERS = [  # what, forces, measure, exact probability a threat
    ("own defence alone", {"n_stations": [0.0]}, "leaked/uav", L),
    ("one shot, leaks", {"max_shots": 1}, "leaked/uav", L * (1 - P)),
    ("two shots, leaks", {"max_shots": 2}, "leaked/uav", L * (1 - P) ** 2),
    ("three shots, leaks", {"max_shots": 3}, "leaked/uav", L * (1 - P) ** 3),
    ("two shots, prevented", {"max_shots": 2}, "prevented/uav", L * (1 - (1 - P) ** 2)),
    ("one shot, stops", {"max_shots": 1}, "stopped_coalition/uav", L**0.5 * P),
    ("one shot, redundant", {"max_shots": 1}, "redundant/uav", L**0.5 * P * (1 - L**0.5)),
    ("one shot, own stops left", {"max_shots": 1}, "stopped_own_hard/uav", (1 - L) - L**0.5 * P * (1 - L**0.5)),
    ("tracked in part", {"max_shots": 1, "p_track": 0.6}, "leaked/uav", L * (1 - 0.6 * P)),
    ("nothing hits", {"max_shots": 2, "p_kill": 0.0}, "leaked/uav", L)]


@pytest.mark.parametrize(("forces", "measure", "exact"), [row[1:] for row in LAYERS], ids=[row[0] for row in LAYERS])
def test_binomial_layers(forces, measure, exact):
    result = nightly(world_of(make_own(leak=L), days=100, **{"p_kill": P, **forces}))[measure]
    n, nights = 50, len(result)
    close(result.sum() / n / nights, exact, np.sqrt(exact * (1 - exact) / n / nights))
    # a binomial count: its variance has the standard error sqrt((m4 - m2^2)/nights)
    law = stats.binom(n, exact)
    fourth = law.stats(moments="k") * law.var() ** 2 + 3 * law.var() ** 2
    close(result.var(), law.var(), np.sqrt((fourth - law.var() ** 2) / nights))


def test_shots_a_threat_under_shoot_look_shoot():
    """1 + (1 - p) + (1 - p)^2 shots at a threat met alive, three at most."""
    result = nightly(world_of(make_own(leak=L), days=100, p_kill=P, max_shots=3))
    shots, engaged = result["munitions/aam"].sum(), result["engaged"].sum()
    exact = 1 + (1 - P) + (1 - P) ** 2
    second = P + 4 * (1 - P) * P + 9 * (1 - P) ** 2
    close(shots / engaged, exact, np.sqrt((second - exact**2) / engaged))
    close(engaged / (50 * 4_000), L**0.5, np.sqrt(L**0.5 * (1 - L**0.5) / 200_000))


def test_a_kill_probability_of_a_class_is_that_classs():
    forces = {"p_kill": np.array([0.9, 0.5, 0.0]), "max_shots": 1}
    result = nightly(world_of(make_own(leak=1.0), days=100, **forces), [(20, 20, 40, 40)])
    for kind, p in (("uav", 0.9), ("cruise", 0.5), ("ballistic", 0.0)):
        close(result[f"prevented/{kind}"].mean() / 40, p, np.sqrt(p * (1 - p) / 160_000) + 1e-12)


# --- magazines: E[prevented] = M p P(S > aim | alive when engaged) --------------------------------------------------


@pytest.mark.parametrize("max_shots", [1, 2])
def test_a_magazine_prevents_only_what_would_have_leaked(max_shots):
    """Six weapons against two hundred threats, half of them alive in the window: all six are always fired."""
    magazine, n_nights = 6, 20_000
    world = world_of(make_own(leak=L), p_kill=P, shots=magazine, max_shots=max_shots)
    result = nightly(world, [(200, 0, 0, 0)])
    assert (result["munitions/aam"] == magazine).all()
    q = P * L**0.5
    close(result["prevented/uav"].mean(), magazine * q, np.sqrt(magazine * q * (1 - q) / n_nights))
    close(result["redundant/uav"].mean(), magazine * (P - q), np.sqrt(magazine * (P - q) * (1 - P + q) / n_nights))
    # the naive figure is far away
    assert result["prevented/uav"].mean() < 0.6 * magazine * P


def test_a_magazine_under_random_nights_prevents_the_nights_mean():
    """Each night fires all weapons, so nights count alike: M p E[sqrt(leak)], not M p E[leak] / E[sqrt(leak)]."""
    grid = night_quantiles(np.array([L]), np.array([0.1]), 257)
    result = nightly(world_of(varied((L, 0.1)), days=250, p_kill=P, shots=6, max_shots=1), [(400, 0, 0, 0)])
    full = result["munitions/aam"] == 6
    assert full.mean() > 0.9995  # nights so good that fewer than six get to the window are not met
    middle = (np.arange(200_000) + 0.5) / 200_000
    night = np.sqrt(np.interp(middle, np.linspace(0, 1, 257), grid[0]))
    mean, variance = 6 * P * night.mean(), (6 * P * night * (1 - P * night)).mean() + (6 * P) ** 2 * night.var()
    close(result["prevented/uav"].mean(), mean, np.sqrt(variance / len(full)))
    naive = 6 * P * L / night.mean()
    assert abs(mean - naive) > 8 * np.sqrt(variance / len(full))


# --- patrols as servers without a queue: Erlang B -------------------------------------------------------------------


def erlang_b(load, servers):
    """Share of Poisson arrivals that find every server busy."""
    return load**servers / factorial(servers) / sum(load**k / factorial(k) for k in range(servers + 1))


@pytest.mark.parametrize(("load", "patrols"), [(0.5, 1), (1.0, 1), (1.0, 2), (2.0, 3), (3.0, 3)])
def test_patrols_without_time_to_wait_lose_what_erlang_says(load, patrols):
    """Threats come at random over six hours; each can be begun only on entering a window as long as the work."""
    work_s, evening_s, nights = 20.0, 21_600.0, 400
    rate = load / work_s
    g = np.random.default_rng(patrols)
    sizes = [(int(k), 0, 0, 0) for k in g.poisson(rate * evening_s, nights)]
    rules = make_rules([[[(BEFORE, BEFORE + (work_s + 1e-6) * 50.0)]]], HALVES.length_m)
    world = world_of(days=100, rules=rules, stations=(((0.0, 0.0),) * patrols,), work_s=work_s, max_shots=1)
    result = nightly(world, sizes, replications=4)
    launched, lost = result["launched/uav"].sum(), result["leaked/uav"].sum()
    exact = erlang_b(load, patrols)
    # nights as clusters give the error; the start with idle patrols lasts about one service time of 1,080
    by_night = result["leaked/uav"] - exact * result["launched/uav"]
    error = np.sqrt(by_night.var() * len(by_night)) / launched + 0.25 * exact * work_s / evening_s
    assert launched > 100_000
    close(lost / launched, exact, error)
    assert (result["saturated"] == result["leaked/uav"]).all()
