"""Units, labels, mirrors: what must not matter.

Doubling is exact in binary and so is a mirror, so scaled and mirrored worlds must agree to the byte. Mutations tried,
each caught: a reach cut at 50 km; an engagement given up by a fixed minute, not by its work; a kill that depends on the
hour; the area decided by an aim's number; the foot of a perpendicular without its sign.
"""

import numpy as np

from skyshield.engine import AMOUNTS, COUNTS, play
from support.studies import small_study
from support.worlds import make_forces, make_own, make_raids, make_routes, make_rules, make_season, make_world

NIGHTS = {"massed_intercept": -1.0, "front_mean": 25.0, "routine_deep_ratio": 1.0,
          "p_missile": np.array([[0.4, 0.6], [0.9, 0.3]]), "missile_mean": np.array([[5.0, 3.0], [20.0, 4.0]])}


def busy_world(days=20, n_aims=6, seed=2, **forces):
    """Bent routes past three patrols with few weapons, an own defence that leaks 40%."""
    g = np.random.default_rng(seed)
    routes = make_routes([[(0.0, 0.0), tuple(g.uniform(-2e5, 2e5, 2)), tuple(g.uniform(-3e5, 3e5, 2))]
                          for _ in range(n_aims)])
    stations = [tuple(p) for p in g.uniform(-1.5e5, 1.5e5, (3, 2))]
    raids = make_raids(days, n_aims, day_raid=(0.7, 0.3), season=make_season(**NIGHTS))
    patrols = {"reach_m": 9e4, "work_s": 420.0, "shots": 8, "relief_s": 7_000.0, "p_kill": 0.7, "p_track": 0.8,
               "n_stations": [2.4]}
    return make_world(raids, routes, make_own(leak=0.4, p_soft=0.3, n_aims=n_aims),
                      make_forces((stations,), days=days, **{**patrols, **forces}),
                      make_rules(length_m=routes.length_m, aim_in_area=g.integers(0, 2, n_aims)))


def doubled(part, *names, factor=2.0):
    return part._replace(**{name: getattr(part, name) * factor for name in names})


def test_twice_the_map_at_twice_the_speed_is_the_same_war():
    world = busy_world()
    routes = doubled(world.routes, "x_m", "y_m", "length_m", "piece_end_m", "over_start_m", "over_end_m", "speed_m_s",
                     "jet_speed_m_s")
    forces = doubled(world.forces, "x_m", "y_m", "reach_m")
    rules = doubled(world.rules, "window_start_m", "window_end_m")
    before = play(world, 9, 0, 5)
    assert before.counts[..., COUNTS.index("munitions/aam")].any()
    assert play(world._replace(routes=routes, forces=forces, rules=rules), 9, 0, 5).counts.tobytes() == \
        before.counts.tobytes()
    assert play(world._replace(routes=routes), 9, 0, 5).counts.tobytes() != before.counts.tobytes()


def mirrored(world):
    """East and west exchanged: places, routes and the edges of sectors."""
    routes = world.routes._replace(x_m=-world.routes.x_m)
    forces = world.forces._replace(x_m=-world.forces.x_m, edge_x=-world.forces.edge_x)
    return world._replace(routes=routes, forces=forces)


def test_a_mirrored_map_is_the_same_war():
    for world, last in ((busy_world(), 5), (small_study().world, 3)):
        before, after = play(world, 9, 0, last), play(mirrored(world), 9, 0, last)
        assert before.counts[..., COUNTS.index("engaged")].any()
        assert after.counts.tobytes() == before.counts.tobytes()
        assert after.amounts.tobytes() == before.amounts.tobytes()
    half = busy_world()._replace(forces=mirrored(busy_world()).forces)  # shooters alone: another war
    assert play(half, 9, 0, 5).counts.tobytes() != play(busy_world(), 9, 0, 5).counts.tobytes()


def test_a_slower_clock_is_the_same_war():
    world = busy_world()
    raids = doubled(world.raids, "night_start_s", "night_length_s", "day_start_s", "day_length_s", "salvo_spread_s")
    slow = world._replace(raids=raids, routes=doubled(world.routes, "speed_m_s", "jet_speed_m_s", factor=0.5),
                          forces=doubled(world.forces, "engagement_time_s", "renewal_time_s"))
    assert play(slow, 9, 0, 5).counts.tobytes() == play(world, 9, 0, 5).counts.tobytes()


def test_a_later_evening_is_the_same_war_but_for_reliefs():
    world = busy_world(relief_s=1e12)
    later = world._replace(raids=world.raids._replace(night_start_s=world.raids.night_start_s + 4_096.0,
                                                      day_start_s=world.raids.day_start_s + 4_096.0))
    assert play(later, 9, 0, 5).counts.tobytes() == play(world, 9, 0, 5).counts.tobytes()


def test_twice_the_prices_is_twice_the_cost_and_nothing_else():
    world = busy_world()
    dear = world._replace(costs=doubled(world.costs, "price_eur"))
    before, after = play(world, 9, 0, 5), play(dear, 9, 0, 5)
    assert after.counts.tobytes() == before.counts.tobytes()
    cost = [k for k, name in enumerate(AMOUNTS) if name.startswith(("cost", "incremental_cost"))]
    assert before.amounts[..., cost].any()
    assert (after.amounts[..., cost] == 2 * before.amounts[..., cost]).all()
    assert (np.delete(after.amounts, cost, -1) == np.delete(before.amounts, cost, -1)).all()


def relabelled(world, order):
    """The same world with its aims (and the routes to them) in another order."""
    routes = world.routes._replace(**{name: getattr(world.routes, name)[order].copy() for name in
                                      ("x_m", "y_m", "length_m", "piece_end_m", "piece_place", "piece_along",
                                       "piece_near_aim")})  # one piece a route
    rules = world.rules._replace(window_start_m=world.rules.window_start_m[:, order].copy(),
                                 window_end_m=world.rules.window_end_m[:, order].copy(),
                                 crosses_declared=world.rules.crosses_declared[:, order].copy(),
                                 aim_in_area=world.rules.aim_in_area[order].copy())
    share = np.ascontiguousarray(np.diff(world.raids.aim_cdf, axis=2, prepend=0.0)[:, :, order])
    raids = world.raids._replace(aim_cdf=np.cumsum(share, axis=2),
                                 region_aims=world.raids.region_aims[:, :, order].copy())
    return world._replace(routes=routes, rules=rules, raids=raids)


def test_relabelled_aims_leave_distributions_not_bytes():
    shares = np.array([0.3, 0.05, 0.25, 0.1, 0.2, 0.1])
    world = busy_world(days=200)
    even = np.ascontiguousarray(np.broadcast_to(shares, (1, 4, 6)))
    world = world._replace(raids=world.raids._replace(aim_cdf=np.cumsum(even, axis=2),
                                                      region_aims=np.tile(shares, (1, 6, 1))))
    first, second = (play(w, 9, 0, 10).counts[:, :, 0].reshape(-1, len(COUNTS)).astype(float)
                     for w in (world, relabelled(world, np.array([3, 5, 0, 4, 2, 1]))))
    assert (first != second).any()
    error = np.sqrt((first.var(axis=0) + second.var(axis=0)) / len(first))
    off = np.abs(first.mean(axis=0) - second.mean(axis=0))
    assert (off <= 4 * error).all(), dict(zip(COUNTS, (off / np.maximum(error, 1e-12)).round(1), strict=True))
    other_area = world.rules._replace(aim_in_area=(1 - world.rules.aim_in_area).astype(np.uint8))
    wrong = relabelled(world, np.arange(6))._replace(rules=other_area)
    third = play(wrong, 9, 0, 10).counts[:, :, 0].reshape(-1, len(COUNTS)).astype(float)
    zone = COUNTS.index("leaked_zone")
    assert abs(third[:, zone].mean() - first[:, zone].mean()) > 10 * error[zone]  # the test can tell
