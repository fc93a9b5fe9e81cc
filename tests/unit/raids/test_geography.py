"""Destinations and routes: shares add up, those of regions are kept exactly, lengths agree with the geodesic.

Mutations tried, each caught: front oblasts left out of the deep stream's regions; oblasts that share evenly; the
regimes exchanged; the west not taken out of the ballistic stream; cruise missiles sent by routine nights; a stick of
the whole; the concentration kept over the sticks; launch shares not normalised, or missiles given the UAVs'; the
waypoint's offset not turned by a right angle; left and right exchanged; the largest city in occupied territory chosen.
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
from skyshield.raids.geography import N_VARIANTS, RegionShares, break_sticks, shares_within_regions, weight_key
from skyshield.theatre import own_plane
from support.command_line import FIXED
from support.studies import compiled, context, parts, scenario, small_study

WEST, SOUTH, CENTRE, KYIV, NORTH, EAST = range(len(DEEP_REGIONS))


@pytest.fixture(scope="module")
def aims():
    return context().aims


def numbers(**more):
    values = {weight_key(name): 1.0 + 0.1 * k for k, name in enumerate(context().aims.oblasts)}
    values |= {"west_any_massed": 0.6, "west_kills_size_massed": 2.0, "west_kills_size_routine": 0.5,
               "ballistic_front_share": [0.3, 0.5, 0.7], **more}
    return {name: np.broadcast_to(np.asarray(value, float), 3).copy() for name, value in values.items()}


def shares_of(west=(0.04, 0.15, 0.3)):
    """Three vectors' shares of regions, unlike each other."""
    g = np.random.default_rng(3)
    rest = g.dirichlet(np.full(len(DEEP_REGIONS) - 1, 4.0), (3, 3))
    west = np.broadcast_to(np.asarray(west, float), 3)[None, :, None] * np.array([0.5, 1.0, 0.3])[:, None, None]
    routine, massed, cruise = np.concatenate([west * np.ones((3, 3, 1)), (1.0 - west) * rest], axis=2)
    front = np.zeros((3, len(DEEP_REGIONS)))
    front[:, [SOUTH, NORTH, EAST]] = g.dirichlet(np.ones(3), 3)
    return RegionShares(routine, massed, cruise, front)


def of_region(shares, aims, *regions):
    return shares[..., np.isin(aims.regions, regions)].sum(axis=-1)


def test_shares_add_up_and_those_of_regions_are_kept(aims):
    values, shares = numbers(), shares_of()
    result = destinations(aims, values, shares).aims
    assert result.shape == (3, len(REGIMES), len(STREAM_CLASSES), len(aims.oblasts))
    np.testing.assert_allclose(result.sum(axis=3), 1.0, atol=1e-12)
    assert (result >= 0.0).all()
    for k, region in enumerate(DEEP_REGIONS):
        for regime, of in enumerate((shares.routine, shares.massed)):
            np.testing.assert_allclose(of_region(result[:, regime, DEEP_STREAM], aims, region), of[:, k], atol=1e-12)
        for stream, of in ((CRUISE_STREAM, shares.cruise), (FRONT_STREAM, shares.front)):
            np.testing.assert_allclose(of_region(result[:, 1, stream], aims, region), of[:, k], atol=1e-12)


def test_regions_are_the_oblasts_that_they_are_said_to_be(aims):
    """The north is more than Zhytomyr, the east is a region, Kherson lies in the south: front oblasts are aims too."""
    inside = shares_within_regions(aims, numbers())
    named = {region: {aims.oblasts[aim] for aim in np.flatnonzero(inside[0, k] > 0.0)}
             for k, region in enumerate(DEEP_REGIONS)}
    assert named["north"] == {"Zhytomyr", "Chernihiv", "Sumy"}
    assert named["east"] == {"Kharkiv", "Dnipropetrovsk", "Zaporizhzhia", "Donetsk"}
    assert named["south"] == {"Odesa", "Mykolaiv", "Kherson"}
    assert named["kyiv"] == {"Kyiv", "Kyiv City"}
    assert sorted(name for names in named.values() for name in names) == sorted(aims.oblasts)


def test_oblasts_share_a_region_by_their_weights(aims):
    values = numbers()
    inside = shares_within_regions(aims, values)
    np.testing.assert_allclose(inside.sum(axis=2), 1.0)
    for k, region in enumerate(DEEP_REGIONS):
        here = np.flatnonzero(np.array(aims.regions) == region)
        weight = np.array([values[weight_key(aims.oblasts[aim])][0] for aim in here])
        np.testing.assert_allclose(inside[0, k, here], weight / weight.sum())


def test_front_and_missile_streams(aims):
    values, shares = numbers(), shares_of()
    result = destinations(aims, values, shares).aims
    assert (result[:, 0, [FRONT_STREAM, CRUISE_STREAM, BALLISTIC_STREAM]]
            == result[:, 1, [FRONT_STREAM, CRUISE_STREAM, BALLISTIC_STREAM]]).all()
    front, _, cruise, ballistic = (result[:, 1, s] for s in range(4))
    assert (front[:, ~aims.front] == 0.0).all()
    for region in ("south", "north", "east"):
        here = aims.front & (np.array(aims.regions) == region)
        assert np.ptp(front[:, here], axis=1).max() < 1e-15
    assert of_region(ballistic, aims, "west").tolist() == [0.0] * 3
    # what does not go to the front goes as cruise missiles do, without the west
    rest = ballistic - values["ballistic_front_share"][:, None] * aims.front / aims.front.sum()
    there = np.array(aims.regions) != "west"
    np.testing.assert_allclose(rest[:, there] / cruise[:, there], np.broadcast_to(
        rest[:, there][:, :1] / cruise[:, there][:, :1], (3, there.sum())))


def test_sticks_are_those_of_a_dirichlet():
    """Sticks drawn from their betas, put together, have the Dirichlet's means and covariances."""
    shares, rho = np.array([[0.06, 0.2, 0.3, 0.2, 0.14, 0.1]]), np.array([0.13])
    mean, of_stick = break_sticks(shares, rho)
    g = np.random.default_rng(8)
    n = 400_000
    size = (1 - of_stick[0]) / of_stick[0]
    sticks = g.beta(mean[0] * size, (1 - mean[0]) * size, (n, 5))
    left = np.cumprod(np.column_stack([np.ones(n), 1 - sticks]), axis=1)
    result = left * np.column_stack([sticks, np.ones(n)])
    covariance = rho[0] * (np.diag(shares[0]) - np.outer(shares[0], shares[0]))
    np.testing.assert_allclose(result.mean(axis=0), shares[0], atol=4 * 0.17 / np.sqrt(n))
    np.testing.assert_allclose(np.cov(result.T), covariance, atol=6e-4)


def test_sticks_of_nothing_left_take_nothing():
    mean, rho = break_sticks(np.array([[0.0, 0.4, 0.6, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]),
                             np.full(2, 0.1))
    assert mean[0].tolist() == pytest.approx([0.0, 0.4, 1.0, 0.0, 0.0])
    assert mean[1].tolist() == pytest.approx([1.0, 0.0, 0.0, 0.0, 0.0])
    assert ((rho > 0.0) & (rho < 1.0)).all()
    assert np.isfinite(night_quantiles(mean.ravel(), rho.ravel(), 9)).all()


def test_the_wests_share_spreads_over_nights_as_its_kills_do(aims):
    """Kills NB of size k have a spread of 1/k over their mean, squared, besides counting: so has the share."""
    values, shares = numbers(), shares_of()
    result = destinations(aims, values, shares)
    for regime, (of, p_any, size) in enumerate(((shares.routine, 1.0, 0.5), (shares.massed, 0.6, 2.0))):
        share, rho = result.stick_mean[:, regime, WEST], result.stick_rho[:, regime, WEST]
        np.testing.assert_allclose(result.stick_any[:, regime, WEST], p_any)
        np.testing.assert_allclose(share * p_any, of[:, WEST])
        np.testing.assert_allclose(rho * (1 - share) / share, 1 / size)
    assert (result.stick_any[:, :, SOUTH:] == 1.0).all()
    wild = destinations(aims, numbers(west_kills_size_routine=1e-3), shares).stick_rho[:, 0, WEST]
    np.testing.assert_allclose(wild, 0.95)
    calm = destinations(aims, numbers(west_kills_size_routine=1e9), shares).stick_rho[:, 0, WEST]
    np.testing.assert_allclose(calm, 1e-3)


def test_the_west_is_not_given_more_than_a_night_holds(aims):
    shares = shares_of(west=0.3)
    result = destinations(aims, numbers(west_any_massed=0.05), shares)
    share, p_any = result.stick_mean[:, 1, WEST], result.stick_any[:, 1, WEST]
    assert (share <= 0.95 + 1e-12).all() and (p_any > 0.05).all()
    np.testing.assert_allclose(share * p_any, shares.massed[:, WEST])


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
    assert set(DEEP_REGIONS) <= set(aims.regions)
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
    np.testing.assert_allclose(world.raids.region_aims.sum(axis=2), 1.0)


def test_the_compiled_sticks_have_the_means_of_the_missiles_they_stand_for():
    """At omega = 0 cruise missiles go where the deep stream of massed nights does on average, stick by stick."""
    made = compiled(scenario(days=1, assumptions={**FIXED, "own_defence_along_share": 0.0}))
    world, regions = made.world, np.array(context().aims.regions)
    cruise = np.diff(world.raids.aim_cdf[:, CRUISE_STREAM], axis=1, prepend=0.0)
    middle = (np.arange(100_000) + 0.5) / 100_000
    for vector in range(2):
        left = 1.0
        for stick in range(len(DEEP_REGIONS) - 1):
            mean = np.interp(middle, np.linspace(0, 1, 257), world.raids.sticks[vector, 1, stick]).mean()
            assert left * mean == pytest.approx(cruise[vector, regions == DEEP_REGIONS[stick]].sum(), rel=1e-2,
                                                abs=1e-6)
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
