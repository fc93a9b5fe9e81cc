"""Destinations and routes: shares add up, stated shares are kept exactly, lengths agree with the geodesic.

Mutations tried, each caught: the south not cut to what the zone leaves; the west not limited by the zone; its kills
taken for arrivals; the regimes exchanged; the south's front share on the whole front; the west not taken out of the
ballistic stream; cruise missiles sent by routine nights; front oblasts left among the deep ones; a stick of the whole;
the concentration kept over the sticks; the spread of the west's kills over its share, not its odds; launch shares not
normalised, or missiles given the UAVs'; the waypoint's offset not turned by a right angle; left and right exchanged;
the largest city in occupied territory chosen.
"""

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from skyshield.core.geodesy import PLANE_ERROR, to_geographic
from skyshield.core.vocabulary import (
    BALLISTIC_STREAM,
    CRUISE_STREAM,
    DEEP_REGIONS,
    DEEP_STREAM,
    FRONT_STREAM,
    REGIMES,
    STREAM_CLASSES,
)
from skyshield.forces import night_quantiles, zero_inflated
from skyshield.raids import destinations, launch_shares, launches
from skyshield.raids.fit import launch_key
from skyshield.raids.geography import N_VARIANTS, break_sticks, region_shares
from skyshield.theatre import own_plane
from support.command_line import FIXED
from support.studies import compiled, context, parts, scenario, small_study

WEST, SOUTH, CENTRE, KYIV, NORTH = range(len(DEEP_REGIONS))


@pytest.fixture(scope="module")
def aims():
    return context().aims


def numbers(**more):
    values = {"zone_share": [0.2, 0.6, 0.4], "leak_west": [0.02, 0.05, 0.3], "west_kills_share_massed": 0.045,
              "west_kills_share_routine": 0.01, "west_any_massed": 0.6, "west_kills_size_massed": 2.0,
              "west_kills_size_routine": 0.5, "south_share_deep": [0.05, 0.3, 0.2],
              "south_share_front": 0.17, "deep_share_north": [0.2, 0.5, 0.35], "deep_share_kyiv": 0.3,
              "ballistic_front_share": [0.3, 0.5, 0.7], **more}
    return {name: np.broadcast_to(np.asarray(value, float), 3).copy() for name, value in values.items()}


def of_region(shares, aims, *regions):
    return shares[..., np.isin(aims.regions, regions)].sum(axis=-1)


def test_shares_add_up_and_the_stated_ones_are_kept(aims):
    values = numbers()
    result = destinations(aims, values).aims
    assert result.shape == (3, len(REGIMES), len(STREAM_CLASSES), len(aims.oblasts))
    np.testing.assert_allclose(result.sum(axis=3), 1.0, atol=1e-12)
    assert (result >= 0.0).all()
    for regime, name in enumerate(REGIMES):
        deep = result[:, regime, DEEP_STREAM]
        assert (deep[:, aims.front] == 0.0).all()
        np.testing.assert_allclose(of_region(deep, aims, "centre", "west"), values["zone_share"], atol=1e-12)
        # kills are those of the arrivals that do not leak
        np.testing.assert_allclose(of_region(deep, aims, "west") * (1 - values["leak_west"]),
                                   values[f"west_kills_share_{name}"], atol=1e-12)
        np.testing.assert_allclose(of_region(deep, aims, "south"), values["south_share_deep"], atol=1e-12)
        np.testing.assert_allclose(of_region(deep, aims, "kyiv") * values["deep_share_north"],
                                   of_region(deep, aims, "north") * values["deep_share_kyiv"])


def test_front_and_missile_streams(aims):
    values = numbers()
    result = destinations(aims, values).aims
    assert (result[:, 0, [FRONT_STREAM, CRUISE_STREAM, BALLISTIC_STREAM]]
            == result[:, 1, [FRONT_STREAM, CRUISE_STREAM, BALLISTIC_STREAM]]).all()
    front, deep, cruise, ballistic = (result[:, 1, s] for s in range(4))
    south = aims.front & (np.array(aims.regions) == "south")
    assert (front[:, ~aims.front] == 0.0).all()
    np.testing.assert_allclose(front[:, south].sum(axis=1), 0.17)
    assert np.ptp(front[:, south], axis=1).max() == 0.0
    assert np.ptp(front[:, aims.front & ~south], axis=1).max() == 0.0
    assert (cruise == deep).all()
    np.testing.assert_allclose(ballistic[:, aims.front].sum(axis=1), values["ballistic_front_share"], atol=1e-12)
    assert of_region(ballistic, aims, "west").tolist() == [0.0] * 3
    rear = ~aims.front & (np.array(aims.regions) != "west")
    ratio = ballistic[:, rear] / deep[:, rear]
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape))


def test_shares_that_do_not_fit_are_cut():
    """The west to the zone's share, the south to what the zone leaves."""
    shares = region_shares(numbers(zone_share=0.02, west_kills_share_massed=0.05), "massed")
    np.testing.assert_allclose(shares[:, WEST], 0.02)
    np.testing.assert_allclose(shares[:, CENTRE], 0.0, atol=1e-15)
    shares = region_shares(numbers(zone_share=0.7, south_share_deep=0.5), "routine")
    np.testing.assert_allclose(shares[:, SOUTH], 0.3)
    np.testing.assert_allclose(shares[:, [KYIV, NORTH]], 0.0, atol=1e-15)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_sticks_are_those_of_a_dirichlet():
    """Sticks drawn from their betas, put together, have the Dirichlet's means and covariances."""
    shares, rho = np.array([[0.06, 0.2, 0.3, 0.24, 0.2]]), np.array([0.13])
    mean, of_stick = break_sticks(shares, rho)
    g = np.random.default_rng(8)
    n = 400_000
    size = (1 - of_stick[0]) / of_stick[0]
    sticks = g.beta(mean[0] * size, (1 - mean[0]) * size, (n, 4))
    left = np.cumprod(np.column_stack([np.ones(n), 1 - sticks]), axis=1)
    result = left * np.column_stack([sticks, np.ones(n)])
    covariance = rho[0] * (np.diag(shares[0]) - np.outer(shares[0], shares[0]))
    np.testing.assert_allclose(result.mean(axis=0), shares[0], atol=4 * 0.17 / np.sqrt(n))
    np.testing.assert_allclose(np.cov(result.T), covariance, atol=6e-4)


def test_sticks_of_nothing_left_take_nothing():
    mean, rho = break_sticks(np.array([[0.0, 0.4, 0.6, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.0]]), np.full(2, 0.1))
    assert mean[0].tolist() == pytest.approx([0.0, 0.4, 1.0, 0.0])
    assert mean[1].tolist() == pytest.approx([1.0, 0.0, 0.0, 0.0])
    assert ((rho > 0.0) & (rho < 1.0)).all()
    assert np.isfinite(night_quantiles(mean.ravel(), rho.ravel(), 9)).all()


def test_the_wests_share_spreads_over_nights_as_its_kills_do(aims):
    """Kills NB of size k have a spread of 1/k over their mean, squared, besides counting: so has the share."""
    values = numbers()
    result = destinations(aims, values)
    for regime, (name, p_any, size) in enumerate((("routine", 1.0, 0.5), ("massed", 0.6, 2.0))):
        share, rho = result.stick_mean[:, regime, WEST], result.stick_rho[:, regime, WEST]
        np.testing.assert_allclose(result.stick_any[:, regime, WEST], p_any)
        np.testing.assert_allclose(share * p_any, region_shares(values, name)[:, WEST])
        np.testing.assert_allclose(rho * (1 - share) / share, 1 / size)
    assert (result.stick_any[:, :, SOUTH:] == 1.0).all()
    wild = destinations(aims, numbers(west_kills_size_routine=1e-3)).stick_rho[:, 0, WEST]
    np.testing.assert_allclose(wild, 0.95)
    calm = destinations(aims, numbers(west_kills_size_routine=1e9)).stick_rho[:, 0, WEST]
    np.testing.assert_allclose(calm, 1e-3)


def test_the_west_is_not_given_more_than_a_night_holds(aims):
    result = destinations(aims, numbers(west_any_massed=0.05, west_kills_share_massed=0.3, zone_share=0.6))
    share, p_any = result.stick_mean[:, 1, WEST], result.stick_any[:, 1, WEST]
    assert (share <= 0.95 + 1e-12).all() and (p_any > 0.05).all()
    np.testing.assert_allclose(share * p_any, region_shares(numbers(west_kills_share_massed=0.3, zone_share=0.6),
                                                            "massed")[:, WEST])


@pytest.mark.parametrize("p_any", [1.0, 0.55, 0.07])
def test_a_share_that_is_often_nothing_keeps_its_mean(p_any):
    given = night_quantiles(np.array([0.12]), np.array([0.3]), 257)
    result = zero_inflated(given, np.array([p_any]))
    even = np.linspace(0.0, 1.0, 257)
    assert np.trapezoid(result[0], even) == pytest.approx(p_any * np.trapezoid(given[0], even), rel=1e-9)
    assert (np.diff(result[0]) >= 0.0).all()
    assert (result[0] == 0.0).mean() == pytest.approx(1.0 - p_any, abs=0.01)


def test_every_deep_region_has_an_aim(aims):
    """A region without one would lose its share without a word."""
    rear = {region for region, front in zip(aims.regions, aims.front, strict=True) if not front}
    assert set(DEEP_REGIONS) <= rear
    assert (aims.front & (np.array(aims.regions) == "south")).any()


def test_aims_are_the_largest_held_cities(aims):
    theatre = parts()[1]
    held = own_plane(theatre)
    assert shapely.contains_xy(held, aims.x_m, aims.y_m).all()
    lon, lat = to_geographic(aims.x_m, aims.y_m)
    for oblast, x, y in zip(aims.oblasts, lon, lat, strict=True):
        cities = [c for c in theatre.cities if c.oblast == oblast]
        here = min(cities, key=lambda c: abs(c.lon - x) + abs(c.lat - y))
        assert abs(here.lon - x) + abs(here.lat - y) < 1e-6
        larger = [c for c in cities if (c.population_thousand or 0) > (here.population_thousand or 0)]
        assert not [c for c in larger if shapely.contains_xy(held, *ground_xy(c))]


def ground_xy(city):
    from skyshield.core.geodesy import to_plane

    return to_plane(city.lon, city.lat)


def test_launch_shares():
    theatre = parts()[1]
    uav = [area.name for area in theatre.launch_areas if "uav" in area.kinds]
    values = {launch_key(name): np.array([0.1 + 0.1 * k, 1.0]) for k, name in enumerate(uav)}
    starts = launches(theatre)
    result = launch_shares(starts, values)
    assert result.shape == (2, len(STREAM_CLASSES), len(starts.names))
    np.testing.assert_allclose(result.sum(axis=2), 1.0)
    whole = sum(value[0] for value in values.values())
    for stream in (FRONT_STREAM, DEEP_STREAM):
        assert dict(zip(starts.names, result[0, stream], strict=True)) == pytest.approx(
            {name: values[launch_key(name)][0] / whole if name in uav else 0.0 for name in starts.names})
        assert set(result[1, stream]) == {0.0, 1 / len(uav)}
    for stream in (CRUISE_STREAM, BALLISTIC_STREAM):
        kind = STREAM_CLASSES[stream]
        able = np.array([kind in area.kinds for area in theatre.launch_areas])
        np.testing.assert_allclose(result[:, stream], np.tile(able / able.sum(), (2, 1)))


def test_the_fit_names_every_area_that_launches_uavs():
    _, theatre, fit = parts()
    named = {name for name in fit.names if name.startswith("launch_share_")}
    assert named == {launch_key(area.name) for area in theatre.launch_areas if "uav" in area.kinds}


def test_straight_routes_are_as_long_as_the_geodesic():
    result = context()
    starts, ends = to_geographic(result.starts.x_m, result.starts.y_m), to_geographic(result.aims.x_m, result.aims.y_m)
    length_m = result.drawn.length_m.reshape(len(starts[0]), len(ends[0]), N_VARIANTS)
    worst = 0.0
    for k in range(len(starts[0])):
        for j in range(len(ends[0])):
            oracle = Geodesic.WGS84.Inverse(starts[1][k], starts[0][k], ends[1][j], ends[0][j])["s12"]
            worst = max(worst, abs(length_m[k, j, 1] / oracle - 1.0))
    assert worst < PLANE_ERROR
    assert worst > 1e-6  # a plane is not the ellipsoid


def test_bent_routes_pass_beside_the_straight_one():
    result = context()
    bend = result.catalogue["route_bend"].reference_si
    x = result.drawn.x_m.reshape(-1, N_VARIANTS, 3)
    y = result.drawn.y_m.reshape(-1, N_VARIANTS, 3)
    length = result.drawn.length_m.reshape(-1, N_VARIANTS)
    assert (x[:, :, 0] == x[:, :1, 0]).all()
    assert (x[:, :, 2] == x[:, :1, 2]).all()
    np.testing.assert_allclose(length[:, [0, 2]], length[:, [1, 1]] * np.sqrt(1 + 4 * bend**2))
    dx, dy = x[:, 1, 2] - x[:, 1, 0], y[:, 1, 2] - y[:, 1, 0]
    for variant, side in ((0, -1.0), (1, 0.0), (2, 1.0)):
        mx = x[:, variant, 1] - (x[:, variant, 0] + x[:, variant, 2]) / 2
        my = y[:, variant, 1] - (y[:, variant, 0] + y[:, variant, 2]) / 2
        np.testing.assert_allclose((mx * dx + my * dy) / length[:, 1] ** 2, 0.0, atol=1e-9)
        np.testing.assert_allclose((dx * my - dy * mx) / length[:, 1] ** 2, side * bend, atol=1e-9)


def test_the_compiled_world_numbers_routes_as_the_engine_does():
    result, world = context(), small_study().world
    n_aims = len(result.aims.oblasts)
    for launch, aim, variant in ((0, 0, 0), (2, 5, 1), (len(result.starts.names) - 1, n_aims - 1, 2)):
        route = (launch * n_aims + aim) * N_VARIANTS + variant
        assert world.routes.x_m[route, 0] == result.starts.x_m[launch]
        assert world.routes.y_m[route, 2] == result.aims.y_m[aim]
    assert world.routes.n_variants.tolist() == [N_VARIANTS]
    assert world.raids.aim_cdf.shape == (2, 4, n_aims)
    np.testing.assert_allclose(world.raids.aim_cdf[..., -1], 1.0)
    np.testing.assert_allclose(world.raids.launch_cdf[..., -1], 1.0)
    np.testing.assert_allclose(world.raids.region_aims.sum(axis=1), 1.0)


def test_the_compiled_sticks_have_their_means():
    """The nights' regions, on average over both regimes' sticks, are the shares the scenario stands for."""
    world, result = small_study().world, small_study().parameters
    shares = [region_shares(result, regime) for regime in REGIMES]
    middle = (np.arange(100_000) + 0.5) / 100_000
    for vector in range(2):
        for regime in range(2):
            left = 1.0
            for stick in range(len(DEEP_REGIONS) - 1):
                mean = np.interp(middle, np.linspace(0, 1, 257), world.raids.sticks[vector, regime, stick]).mean()
                assert left * mean == pytest.approx(shares[regime][vector, stick], rel=5e-3, abs=1e-6)
                left *= 1 - mean


def test_the_envelopes_ends_move_only_what_they_name():
    """The zone's share at its other end: the deep aims move, the front's do not, nor any draw."""
    low, high = (compiled(scenario(days=1, assumptions={**FIXED, "own_defence_along_share": 1.0}),
                          ends={"zone_share": end}).world for end in ("low", "high"))
    assert (low.raids.aim_cdf[:, FRONT_STREAM] == high.raids.aim_cdf[:, FRONT_STREAM]).all()
    assert (low.raids.aim_cdf[:, CRUISE_STREAM] != high.raids.aim_cdf[:, CRUISE_STREAM]).any()
    assert (low.raids.sticks != high.raids.sticks).any()
    for part in ("routes", "forces", "rules", "response"):
        assert all((a == b).all() for a, b in zip(getattr(low, part), getattr(high, part), strict=True))
    assert all((a == b).all() for a, b in zip(low.raids.season, high.raids.season, strict=True))
    # the deep stream meets as much in all; the way it is met follows from where it goes
    assert (low.own.p_leak == high.own.p_leak).all()
    assert (low.own.hazard[:, :, FRONT_STREAM] == high.own.hazard[:, :, FRONT_STREAM]).all()
    assert (low.own.hazard[:, :, DEEP_STREAM] != high.own.hazard[:, :, DEEP_STREAM]).any()
