"""Destinations and routes: shares add up, stated shares are kept exactly, lengths agree with the geodesic.

Mutations tried, each caught: the zone's part forgotten in the rest; the west not limited by the zone; the west not
taken out of the ballistic stream; front oblasts left among the deep ones; the waypoint's offset not turned by a
right angle; left and right exchanged; launch shares not normalised; the largest city in occupied territory chosen.
"""

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from skyshield.core.geodesy import PLANE_ERROR, to_geographic
from skyshield.engine.world import BALLISTIC_STREAM, CRUISE_STREAM, DEEP_STREAM, FRONT_STREAM
from skyshield.raids import aim_shares, launches
from skyshield.raids.geography import DEEP_REGIONS, N_VARIANTS, STREAM_CLASSES
from skyshield.theatre import own_plane
from support.studies import compiled, ground, parts, scenario, small_study


@pytest.fixture(scope="module")
def aims():
    return ground().aims


def numbers(**more):
    values = {"zone_share": [0.2, 0.6, 0.4], "uav_big_raid_size_q50": [454.0] * 3, "front_stream_threshold": 150.0,
              "west_share_of_kills_big_raid": [0.021, 0.05, 0.035], "deep_share_north": [0.2, 0.5, 0.35],
              "deep_share_kyiv": 0.3, "deep_share_south": 0.35, "ballistic_front_share": [0.3, 0.5, 0.7], **more}
    return {name: np.broadcast_to(np.asarray(value, float), 3).copy() for name, value in values.items()}


def of_region(shares, aims, *regions):
    return shares[:, np.isin(aims.regions, regions)].sum(axis=1)


def test_shares_add_up_and_the_zones_share_is_kept(aims):
    values = numbers()
    shares = aim_shares(aims, values)
    assert shares.shape == (3, len(STREAM_CLASSES), len(aims.oblasts))
    np.testing.assert_allclose(shares.sum(axis=2), 1.0, atol=1e-12)
    assert (shares >= 0.0).all()
    for stream in (DEEP_STREAM, CRUISE_STREAM):
        deep = shares[:, stream]
        np.testing.assert_allclose(of_region(deep, aims, "centre", "west"), values["zone_share"], atol=1e-12)
        # claimed kills are counted over all UAVs of a big raid, the west is reached by the deep ones only
        west = values["west_share_of_kills_big_raid"] * 454.0 / (454.0 - 150.0)
        np.testing.assert_allclose(of_region(deep, aims, "west"), west, atol=1e-12)
        assert (deep[:, aims.front] == 0.0).all()
        weights = np.stack([values[f"deep_share_{name}"] for name in DEEP_REGIONS], axis=1)
        found = np.stack([of_region(deep, aims, name) for name in DEEP_REGIONS], axis=1)
        np.testing.assert_allclose(found * weights.sum(axis=1, keepdims=True),
                                   weights * found.sum(axis=1, keepdims=True))


def test_front_and_ballistic_streams(aims):
    values = numbers()
    shares = aim_shares(aims, values)
    front, deep, ballistic = (shares[:, s] for s in (FRONT_STREAM, DEEP_STREAM, BALLISTIC_STREAM))
    assert (front == aims.front / aims.front.sum()).all()
    np.testing.assert_allclose(ballistic[:, aims.front].sum(axis=1), values["ballistic_front_share"], atol=1e-12)
    assert of_region(ballistic, aims, "west").tolist() == [0.0] * 3
    rear = ~aims.front & (np.array(aims.regions) != "west")
    ratio = ballistic[:, rear] / deep[:, rear]
    np.testing.assert_allclose(ratio, np.broadcast_to(ratio[:, :1], ratio.shape))


def test_the_west_never_holds_more_than_the_zone(aims):
    shares = aim_shares(aims, numbers(zone_share=0.02, west_share_of_kills_big_raid=0.05))[:, DEEP_STREAM]
    np.testing.assert_allclose(of_region(shares, aims, "west"), 0.02, atol=1e-12)
    np.testing.assert_allclose(of_region(shares, aims, "centre"), 0.0, atol=1e-12)


def test_every_deep_region_has_an_aim(aims):
    """A region without one would lose its share without a word."""
    rear = {region for region, front in zip(aims.regions, aims.front, strict=True) if not front}
    assert {*DEEP_REGIONS, "centre", "west"} <= rear


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
    named = {name: 0.1 + 0.1 * k for k, name in enumerate(uav)}
    found = launches(theatre, named)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1.0)
    whole = sum(named.values())
    for stream in (FRONT_STREAM, DEEP_STREAM):
        assert dict(zip(found.names, found.shares[stream], strict=True)) == pytest.approx(
            {name: named.get(name, 0.0) / whole for name in found.names})
    for stream in (CRUISE_STREAM, BALLISTIC_STREAM):
        kind = STREAM_CLASSES[stream]
        able = np.array([kind in area.kinds for area in theatre.launch_areas])
        np.testing.assert_allclose(found.shares[stream], able / able.sum())


def test_straight_routes_are_as_long_as_the_geodesic():
    found = ground()
    starts, ends = to_geographic(found.starts.x_m, found.starts.y_m), to_geographic(found.aims.x_m, found.aims.y_m)
    length_m = found.drawn.length_m.reshape(len(starts[0]), len(ends[0]), N_VARIANTS)
    worst = 0.0
    for k in range(len(starts[0])):
        for j in range(len(ends[0])):
            oracle = Geodesic.WGS84.Inverse(starts[1][k], starts[0][k], ends[1][j], ends[0][j])["s12"]
            worst = max(worst, abs(length_m[k, j, 1] / oracle - 1.0))
    assert worst < PLANE_ERROR
    assert worst > 1e-6  # a plane is not the ellipsoid


def test_bent_routes_pass_beside_the_straight_one():
    found = ground()
    bend = found.catalogue["route_bend"].reference_si
    x = found.drawn.x_m.reshape(-1, N_VARIANTS, 3)
    y = found.drawn.y_m.reshape(-1, N_VARIANTS, 3)
    length = found.drawn.length_m.reshape(-1, N_VARIANTS)
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
    found, world = ground(), small_study().world
    n_aims = len(found.aims.oblasts)
    for launch, aim, variant in ((0, 0, 0), (2, 5, 1), (len(found.starts.names) - 1, n_aims - 1, 2)):
        route = (launch * n_aims + aim) * N_VARIANTS + variant
        assert world.routes.x_m[route, 0] == found.starts.x_m[launch]
        assert world.routes.y_m[route, 2] == found.aims.y_m[aim]
    assert world.routes.n_variants.tolist() == [N_VARIANTS]
    assert world.raids.aim_cdf.shape == (2, 4, n_aims)
    np.testing.assert_allclose(world.raids.aim_cdf[..., -1], 1.0)


def test_the_envelopes_ends_move_only_what_they_name():
    """The zone's share at its other end: the deep aims move, the front's do not, nor any draw."""
    low, high = (compiled(scenario(days=1), ends={"zone_share": end}).world for end in ("low", "high"))
    assert (low.raids.aim_cdf[:, FRONT_STREAM] == high.raids.aim_cdf[:, FRONT_STREAM]).all()
    assert (low.raids.aim_cdf[:, DEEP_STREAM] != high.raids.aim_cdf[:, DEEP_STREAM]).any()
    assert all((a == b).all() for a, b in zip(low.own, high.own, strict=True))
    assert all((a == b).all() for a, b in zip(low.forces, high.forces, strict=True))
