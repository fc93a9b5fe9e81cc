"""Two rival models of where Ukraine stops threats, on the shipped scenario: what they agree on and what they do not.

Both must reproduce the leak rate of every stream, however far its routes lead; along the way long routes leak less;
near aims regions differ, and the west leaks what the scenario says. Every statistical case plays at least 100,000
threats and allows four standard errors. Mutations tried, each caught: the table of hazards left out (-log p instead);
the tables of the regimes or of two streams exchanged; routes' shares by launch areas forgotten; the mean shares of
the other regime; the aim's factor, or the route's weight, left out of the engine or used twice; the west's strength
of the whole country; decoys' factor turned round; a claim bias that is not applied.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import DEEP_REGIONS
from skyshield.engine import COUNTS
from skyshield.engine.day import play_period
from skyshield.engine.scratch import Period
from skyshield.forces import night_quantiles
from skyshield.raids.geography import N_VARIANTS
from support.command_line import FIXED
from support.studies import compiled, context, scenario

DAYS, REPLICATIONS = 100, 10
WEST = DEEP_REGIONS.index("west")
N_THREATS = (150, 150, 120, 120)  # by stream, a night
CLASS = ("uav", "uav", "cruise", "ballistic")
LEAK_WEST = 0.04
RIVALS = {"along the way": 0.0, "near aims": 1.0}


@pytest.fixture(scope="module", params=RIVALS.values(), ids=RIVALS.keys())
def study(request):
    return compiled(scenario(DAYS, {}, assumptions={**FIXED, "own_defence_rival": request.param}), seed=11, vectors=2)


def still(world):
    """The world with every salvo covered, so that the ballistic stream is stopped at its rate."""
    return world._replace(own=world.own._replace(cover_intercept=np.full(2, 50.0), cover_slope=np.zeros(2)))


def leak_by_night(world, stream, vector=0, massed=1, aims=None):
    """Play nights of one stream; return the share of it that leaks, night by night.

    With `aims` given, those of the threats bound for them and their number, night by night.
    """
    launches = np.zeros((REPLICATIONS, DAYS, 4), np.int64)
    launches[..., stream] = N_THREATS[stream]
    shape = (REPLICATIONS, DAYS)
    if aims is not None:
        area = np.zeros(len(world.rules.aim_in_area), np.uint8)
        area[aims] = 1
        world = world._replace(rules=world.rules._replace(aim_in_area=area))
    result = play_period(world, 5, vector << 16, Period(launches, np.full(shape, massed, np.uint8), np.zeros(shape)))
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
def test_every_stream_leaks_at_its_rate_under_both(study, stream, massed, vector):
    world = still(study.world)
    leaked = leak_by_night(world, stream, vector, massed) / N_THREATS[stream]
    exact = mean_of(study.world.own.p_leak[vector, stream])
    named = {0: "leak_front", 1: "leak_deep"}
    if stream in named:
        assert exact == pytest.approx(study.parameters[named[stream]][vector], rel=2e-3)
    close(leaked.mean(), exact, leaked.std() / np.sqrt(len(leaked)))


def certain(world, stream, p):
    """The world with a leak rate that no night changes."""
    own = world.own._replace(p_leak=np.array(world.own.p_leak))
    own.p_leak[:, stream] = p
    return still(world)._replace(own=still(world).own._replace(p_leak=own.p_leak))


def shares_of(study, stream):
    """Return f8[launch, aim]: shares of the stream's threats on massed nights of vector 0."""
    raids = study.world.raids
    launch = np.diff(raids.launch_cdf[0, stream], prepend=0.0)
    return launch[:, None] * np.diff(raids.aim_cdf[0, 2 if stream == 1 else stream], prepend=0.0)


def by_hand(study, p):
    """Return the deep stream's shares [launch, aim, variant] and the chances to leak at the hazard of a leak rate p."""
    share = shares_of(study, 1)[:, :, None] / N_VARIANTS * np.ones(N_VARIANTS)
    weight = study.world.routes.weight.reshape(share.shape) * study.world.own.aim_factor[0][:, None]
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (share * np.exp(-middle * weight)).sum() > p else (low, middle)
    return share, np.exp(-low * weight)


def rival_study(name, **assumed):
    return compiled(scenario(DAYS, {}, assumptions={**FIXED, "own_defence_rival": RIVALS[name], **assumed}), seed=11,
                    vectors=2)


@pytest.mark.parametrize("name", RIVALS)
def test_the_west_leaks_as_the_model_says(name):
    """Near aims at the assumed rate; along the way, for it is far, much less than the country."""
    study = rival_study(name, leak_west=LEAK_WEST)
    west = np.flatnonzero(np.array(context().aims.regions) == "west")
    p = study.parameters["leak_deep"][0] if name == "near aims" else 0.15  # along the way next to nothing gets that far
    share, leak = by_hand(study, p)
    exact = (share * leak)[:, west].sum() / share[:, west].sum()
    leaked = leak_by_night(certain(study.world, 1, p), 1, aims=west)
    bound = N_THREATS[1] * mean_of(study.world.raids.sticks[0, 1, WEST])
    close(leaked.mean(), bound * exact, leaked.std() / np.sqrt(len(leaked)))
    if name == "near aims":
        assert exact == pytest.approx(LEAK_WEST, rel=1e-6)
    else:
        assert exact < p / 2


@pytest.mark.parametrize("name", RIVALS)
def test_along_the_way_the_longer_way_leaks_less(name):
    """The deep stream from one place, all to one aim after another; near aims the way does not matter."""
    study = rival_study(name)
    p, world = 0.15, study.world
    _, leak = by_hand(study, p)
    start = context().starts.names.index("Kursk")
    world = certain(world, 1, p)
    launch = world.raids.launch_cdf.copy()
    launch[:] = np.arange(launch.shape[2]) >= start
    aims = [context().aims.oblasts.index(oblast) for oblast in ("Kyiv City", "Zhytomyr", "Khmelnytskyi", "Lviv")]
    rates = []
    for aim in aims:
        only = np.zeros_like(world.raids.region_aims)
        only[:, aim] = 1.0
        raids = world.raids._replace(launch_cdf=launch, region_aims=only)
        result = leak_by_night(world._replace(raids=raids), 1) / N_THREATS[1]
        rates.append(leak[start, aim].mean())
        close(result.mean(), rates[-1], result.std() / np.sqrt(len(result)))
    if name == "along the way":
        assert (np.diff(rates) < 0.0).all()
        assert rates[0] > 3 * rates[-1]
    else:  # the same strength, whatever the way
        assert np.ptp(leak[:, aims], axis=(0, 2)).max() == 0.0


def test_near_aims_regions_differ_and_the_countrys_middle_stays():
    study = compiled(scenario(2, {}, assumptions={**FIXED, "own_defence_along_share": 0.0}), seed=11, vectors=200)
    spread = study.parameters["own_regional_spread"]
    for region in ("centre", "east", "kyiv", "north", "south"):
        u = np.log(study.parameters[f"own_strength_{region}"]) / spread
        assert abs(u.mean()) < 4 / np.sqrt(200)
        assert abs(u.std() - 1.0) < 4 / np.sqrt(400)
    assert study.world.own.aim_factor.shape == (200, len(context().aims.regions))
    for aim, region in enumerate(context().aims.regions):
        assert (study.world.own.aim_factor[:, aim] == study.parameters[f"own_strength_{region}"]).all()
    along = compiled(scenario(2, {}, assumptions={**FIXED, "own_defence_along_share": 1.0}), seed=11, vectors=2)
    assert (along.world.own.aim_factor == 1.0).all()


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_decoys_and_armed_keep_the_streams_mean_and_have_their_ratio(ratio):
    asked = scenario(DAYS, {}, assumptions={**FIXED, "decoy_leak_ratio": ratio})
    world = compiled(asked, seed=11, vectors=2).world
    launches = np.zeros((REPLICATIONS, DAYS, 4), np.int64)
    launches[..., 0] = 200
    shape = (REPLICATIONS, DAYS)
    result = play_period(world, 5, 0, Period(launches, np.ones(shape, np.uint8), np.zeros(shape)))
    leaked, armed = (result.counts[:, :, 0, COUNTS.index(name)].ravel() / 200
                     for name in ("leaked/uav", "leaked_armed"))
    exact, decoys = mean_of(world.own.p_leak[0, 0]), world.raids.p_decoy[0]
    close(leaked.mean(), exact, leaked.std() / np.sqrt(len(leaked)))
    exact_armed = exact * (1 - decoys) / (1 - decoys + decoys * ratio)
    close(armed.mean(), exact_armed, armed.std() / np.sqrt(len(armed)))


def test_a_claim_bias_divides_what_is_told():
    reported, biased = (compiled(scenario(2, {}, assumptions={**FIXED, "claim_bias": b}), seed=11, vectors=2)
                        for b in (0.0, 0.4))
    for stream, rate in enumerate((reported.parameters["leak_front"], reported.parameters["leak_deep"],
                                   1 - reported.parameters["cruise_intercept"],
                                   1 - reported.parameters["ballistic_stop_covered"])):
        for study, b in ((reported, 0.0), (biased, 0.4)):
            rho = study.parameters[("rho_uav", "rho_uav", "rho_cruise", "rho_ballistic_covered")[stream]]
            expected = night_quantiles(np.minimum(0.99, rate / (1 - b)), rho, 257)
            np.testing.assert_allclose(study.world.own.p_leak[:, stream], expected)
