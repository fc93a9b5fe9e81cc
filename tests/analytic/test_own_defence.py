"""Ukraine's own defence on the shipped scenario, near aims, along the way and between: what all have in common.

Each must reproduce the leak rate of every stream, and what the record tells of west and south; what the solution says
of each region is what the engine plays. Every statistical case plays at least 100,000 threats and allows four standard
errors.
"""

import numpy as np
import pytest

from skyshield.bounds.defence import defence_of
from skyshield.compile.own import STRENGTHS, deep_by_region, drawn_strengths, leaks_told, own_places
from skyshield.compile.parameters import ParameterTable
from skyshield.core.vocabulary import DEEP_REGIONS, DEEP_STREAM, N_STREAMS
from skyshield.engine import COUNTS
from skyshield.engine.blocks import play_period
from skyshield.forces import night_quantiles
from skyshield.raids import launch_shares
from support.command_line import FIXED
from support.studies import compiled, context, resolved, scenario
from support.worlds import of_world, period_of

DAYS, REPLICATIONS = 100, 10
WEST = DEEP_REGIONS.index("west")
N_THREATS = (150, 150, 120, 120)  # by stream, a night
CLASS = ("uav", "uav", "cruise", "ballistic")
ALONG = {"near aims": 0.0, "between": 0.4, "along the way": 1.0}


@pytest.fixture(scope="module", params=ALONG.values(), ids=ALONG.keys())
def study(request):
    asked = {**FIXED, "own_defence_along_share": request.param}
    return compiled(scenario(DAYS, {}, assumptions=asked), seed=11, vectors=2)


def still(world):
    """The world with every salvo covered, so that the ballistic stream is stopped at its rate."""
    return world._replace(own=world.own._replace(cover_intercept=np.full(2, 50.0), cover_slope=np.zeros(2)))


def leak_by_night(world, stream, vector=0, massed=1, aims=None):
    """Play nights of one stream; return the share of it that leaks, night by night.

    With `aims` given, those of the threats bound for them and their number, night by night.
    """
    launches = np.zeros((REPLICATIONS, DAYS, 4), np.int64)
    launches[..., stream] = N_THREATS[stream]
    if aims is not None:
        area = np.zeros(len(world.rules.aim_in_area), np.uint8)
        area[aims] = 1
        world = world._replace(rules=world.rules._replace(aim_in_area=area))
    result = play_period(world, 5, vector << 16, period_of(launches, massed, **of_world(world)))
    assert not result.failed.any()
    name = f"leaked/{CLASS[stream]}" if aims is None else "leaked_zone"
    return result.counts[:, :, 0, COUNTS.index(name)].ravel().astype(float)


def close(result, exact, error, errors=4.0):
    off = (result - exact) / error
    assert abs(off) < errors, f"{result} against {exact} +- {error}: {off:.1f} standard errors"


def mean_of(grid):
    """Mean of a quantile function, as the engine reads it."""
    return ((grid[1:] + grid[:-1]) / 2).mean()


@pytest.mark.parametrize("vector", [0, 1])
@pytest.mark.parametrize("massed", [0, 1])
@pytest.mark.parametrize("stream", range(4))
def test_every_stream_leaks_at_its_rate(study, stream, massed, vector):
    world = still(study.world)
    leaked = leak_by_night(world, stream, vector, massed) / N_THREATS[stream]
    exact = mean_of(study.world.own.p_leak[vector, stream])
    named = {0: "leak_front_average", 1: "leak_deep"}
    if stream in named:
        assert exact == pytest.approx(study.parameters[named[stream]][vector], rel=2e-3)
    close(leaked.mean(), exact, leaked.std() / np.sqrt(len(leaked)))


def certain(world, stream, p):
    """The world with a leak rate that no night changes."""
    own = world.own._replace(p_leak=np.array(world.own.p_leak))
    own.p_leak[:, stream] = p
    return still(world)._replace(own=still(world).own._replace(p_leak=own.p_leak))


@pytest.mark.parametrize("region", DEEP_REGIONS)
def test_the_engine_plays_what_the_solution_says_of_a_region(study, region):
    """Deep UAVs bound for a region that leak, on massed nights of the mean leak rate."""
    one = context()
    assumptions = {**FIXED, "own_defence_along_share": study.world.own.along_share[0, 2]}  # cruise: as asked for
    table = ParameterTable(one.catalogue, one.fit, 11, 2, {}, assumptions)
    starts = np.broadcast_to(launch_shares(one.starts, table), (2, N_STREAMS, len(one.starts.names)))
    drawn = drawn_strengths(table, 11)
    leaks = leaks_told(table)
    places = own_places(one, table, starts, np.log(np.stack([drawn[name] for name in STRENGTHS], axis=1)), leaks)
    leaked, _, _ = deep_by_region(one, table, starts, places)
    aims = np.flatnonzero(np.array(one.aims.regions) == region)
    played = leak_by_night(certain(study.world, DEEP_STREAM, leaks.by_stream[DEEP_STREAM][0]), DEEP_STREAM, aims=aims)
    exact = N_THREATS[DEEP_STREAM] * leaked[0, DEEP_REGIONS.index(region)]
    close(played.mean(), exact, played.std() / np.sqrt(len(played)))


@pytest.fixture(scope="module")
def table():
    return defence_of(resolved(scenario(1)), vectors=60)


@pytest.mark.parametrize("omega", ["0", "reference", "1"])
def test_both_ends_stop_in_west_and_south_what_the_record_tells(table, omega):
    """And nothing is lost: of all launches each is stopped somewhere or leaks."""
    rows, told = table["omega"][omega], table["fit"]
    for region in ("west", "south"):
        interval = told[f"{region}_kills_share"]
        assert interval["lo"] < rows[region]["kills_share"] < interval["hi"]
    leaked = sum(row["share"] * row["leak"] for row in rows.values())
    assert sum(row["share"] for row in rows.values()) == pytest.approx(1.0, abs=1e-6)
    assert leaked + sum(row["kills_share"] for row in rows.values()) == pytest.approx(1.0, abs=1e-6)
    assert leaked == pytest.approx(table["omega"]["0"]["west"]["leak_arrivals"], rel=0.1)  # a ratio of 1, as assumed


def test_all_vectors_have_a_solution_near_aims_and_few_along_the_way(table):
    solved = table["solved"]
    assert solved["0"]["met"] == solved["0"]["vectors"] == 60
    assert solved["1"]["met"] < 30
    assert 0.2 < solved["1"]["lowest"] < solved["1"]["mean"] < 1.0
    assert solved["reference"]["asked"] == pytest.approx(0.4, abs=0.03)


def test_the_zone_share_at_its_low_end_has_no_solution_along_the_way():
    low = defence_of(resolved(scenario(1, assumptions={"zone_share": 0.2})), vectors=60)
    assert low["solved"]["1"]["met"] == 0
    assert low["solved"]["0"]["met"] == 60


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_wests_leak_follows_its_ratio_within_limits(end):
    """Leakers over arrivals: the ratio times the stream's, kept between 2% and 30% and below the stream's leakers."""
    table = ParameterTable(context().catalogue, context().fit, 1, 60, {"leak_west_over_leak_deep": end}, FIXED | {
        "leak_west_over_leak_deep": 0.5 if end == "low" else 7.0})
    leaks = leaks_told(table)
    west, deep = leaks.west, leaks.by_stream[DEEP_STREAM]
    assert ((west >= 0.02 - 1e-12) & (west <= 0.30 + 1e-12)).all()
    free = np.clip(deep * (0.5 if end == "low" else 7.0), 0.02, 0.30)
    arrivals = table["west_kills_share_massed"] / (1.0 - west)
    assert (arrivals * west <= 0.9 * deep * (1 + 1e-9)).all()
    assert ((west == free) | (arrivals * west > 0.89 * deep)).all()


def test_regions_differ_as_their_spread_says_and_the_countrys_middle_stays():
    study = compiled(scenario(2, {}, assumptions=FIXED), seed=11, vectors=200)
    spread = study.parameters["own_regional_spread"]
    for name in STRENGTHS:
        u = np.log(study.parameters[f"own_strength_{name}"]) / spread
        assert abs(u.mean()) < 4 / np.sqrt(200)
        assert abs(u.std() - 1.0) < 4 / np.sqrt(400)
    deep = study.world.own.strength[:, DEEP_STREAM]
    for region in ("centre", "kyiv", "north", "east"):
        np.testing.assert_allclose(deep[:, DEEP_REGIONS.index(region)], study.parameters[f"own_strength_{region}"],
                                   rtol=1e-7)
    assert (deep[:, WEST] != study.parameters["own_strength_west"]).any()  # solved
    np.testing.assert_allclose(deep[:, -1], 0.5 * deep[:, DEEP_REGIONS.index("south")], rtol=1e-7)


def test_the_areas_share_of_deep_launches_grows_with_the_zone_share():
    """Weights held, told by cruise missiles, which go where massed nights go if stops are near aims."""
    inside = np.flatnonzero(resolved_area())
    shares = []
    for zone in (0.2, 0.3, 0.4, 0.5, 0.6):
        asked = {**FIXED, "zone_share": zone, "own_defence_along_share": 0.0}
        cdf = compiled(scenario(1, assumptions=asked), vectors=20).world.raids.aim_cdf[:, 2]
        shares.append(np.diff(cdf, axis=1, prepend=0.0)[:, inside].sum(axis=1))
    assert (np.diff(shares, axis=0) > 0.0).all()


def resolved_area():
    return compiled(scenario(1, assumptions=FIXED)).world.rules.aim_in_area


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_decoys_and_armed_keep_the_streams_mean_and_have_their_ratio(ratio):
    asked = scenario(DAYS, {}, assumptions={**FIXED, "decoy_leak_ratio": ratio})
    world = compiled(asked, seed=11, vectors=2).world
    world.raids.decoy_armed[:] = 0.0
    launches = np.zeros((REPLICATIONS, DAYS, 4), np.int64)
    launches[..., 0] = 200
    result = play_period(world, 5, 0, period_of(launches, 1, **of_world(world)))
    leaked, armed = (result.counts[:, :, 0, COUNTS.index(name)].ravel() / 200
                     for name in ("leaked/uav", "leaked_armed"))
    exact, decoys = mean_of(world.own.p_leak[0, 0]), world.raids.p_decoy[0]
    close(leaked.mean(), exact, leaked.std() / np.sqrt(len(leaked)))
    exact_armed = exact * (1 - decoys) / (1 - decoys + decoys * ratio)
    close(armed.mean(), exact_armed, armed.std() / np.sqrt(len(armed)))


@pytest.mark.parametrize("ratio", [1.0, 4.0])
def test_with_the_windows_jets_a_stream_leaks_what_is_told_and_with_more_of_them_more(ratio):
    """The mean with a share s of jets is ((1 - s) + s k) / ((1 - s_0) + s_0 k) of what is told."""
    asked = scenario(DAYS, {}, assumptions={**FIXED, "jet_uav_leak_ratio": ratio})
    window = 0.1
    world = compiled(asked, seed=11, vectors=2, given={"geran3_share": np.full(2, window)}).world
    told = mean_of(world.own.p_leak[0, DEEP_STREAM])
    for share in (window, 0.5):
        world.raids.p_jet[:] = share
        leaked = leak_by_night(world, DEEP_STREAM) / N_THREATS[DEEP_STREAM]
        exact = told * (1.0 + share * (ratio - 1.0)) / (1.0 + window * (ratio - 1.0))
        close(leaked.mean(), exact, leaked.std() / np.sqrt(len(leaked)))


def test_a_claim_bias_divides_what_is_told():
    reported, biased = (compiled(scenario(2, {}, assumptions={**FIXED, "claim_bias": b}), seed=11, vectors=2)
                        for b in (0.0, 0.4))
    for stream, rate in enumerate((reported.parameters["leak_front_average"], reported.parameters["leak_deep"],
                                   1 - reported.parameters["cruise_intercept"],
                                   1 - reported.parameters["ballistic_stop_covered"])):
        for study, b in ((reported, 0.0), (biased, 0.4)):
            rho = study.parameters[("rho_uav", "rho_uav", "rho_cruise", "rho_ballistic_covered")[stream]]
            expected = night_quantiles(np.minimum(0.99, rate / (1 - b)), rho, 257)
            np.testing.assert_allclose(study.world.own.p_leak[:, stream], expected)
