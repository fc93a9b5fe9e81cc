"""The tally of a day, its cost, and a block of replications.

Mutations tried, each caught: prevented and redundant exchanged; a coalition stop counted as a leak too; the zone's
count without its area; saturation without the work time; shots not charged; planned cost charged on idle days;
a failure that keeps its earlier days; the replications of a block that share a word; fates kept from the option
before.
"""

import numpy as np
import pytest

from skyshield.engine import AMOUNTS, COUNTS, STAGES, play
from skyshield.engine import tally as t
from skyshield.engine.steps.leak import count_day
from support.worlds import (
    fight,
    hand_raid,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
)

ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])


def counted(tally_row):
    return dict(zip(COUNTS, tally_row.tolist(), strict=True))


def test_every_fate_has_its_column():
    """Threats by hand: prevented in and outside the area, redundant, own hard and soft, leaked armed and not."""
    route = np.array([0, 1, 0, 0, 0, 1, 0])
    stop_m = np.array([np.inf, np.inf, 60_000.0, 10_000.0, 10_000.0, np.inf, np.inf])
    n, raid = hand_raid(ROUTES, np.zeros(7), route=route, own_stop_m=stop_m, tracked=np.array([1, 1, 1, 1, 1, 0, 0]))
    raid.own_soft[:] = [0, 1, 1, 0, 1, 1, 0]
    raid.armed[:] = [1, 1, 1, 1, 1, 1, 0]
    rules = make_rules([[[(20_000.0, 50_000.0)]] * 2], ROUTES.length_m, aim_in_area=[1, 0])
    fight(ROUTES, make_forces(), rules, n, raid)
    counts = np.zeros(len(COUNTS), np.int64)
    assert count_day(rules, 60.0, n, raid, counts)
    found = counted(counts)
    assert {k: v for k, v in found.items() if v} == {
        "launched/uav": 7, "stopped_coalition/uav": 3, "prevented/uav": 2, "prevented_zone": 1, "redundant/uav": 1,
        "stopped_own_hard/uav": 1, "stopped_own_soft/uav": 1, "leaked/uav": 2, "leaked_zone": 1, "leaked_armed": 1,
        "engaged": 3, "munitions/aam": 3}


@pytest.mark.parametrize(("stop_m", "opening_s", "expected"), [
    (np.inf, 1_000.0, 1), (53_001.0, 1_000.0, 1), (52_999.0, 1_000.0, 0), (np.inf, np.inf, 0), (np.inf, 1_940.0, 0),
    (np.inf, 1_939.0, 1)])
def test_saturated_are_those_that_a_free_patrol_could_have_shot(stop_m, opening_s, expected):
    n, raid = hand_raid(ROUTES, [0.0], own_stop_m=stop_m)
    raid.opening_s[:] = opening_s
    counts = np.zeros(len(COUNTS), np.int64)
    count_day(make_rules(length_m=ROUTES.length_m), 60.0, n, raid, counts)
    assert counted(counts)["saturated"] == expected
    raid.shots[:] = 1
    count_day(make_rules(length_m=ROUTES.length_m), 60.0, n, raid, counts)
    assert counted(counts)["saturated"] == expected


def test_a_threat_that_is_lost_is_noticed():
    n, raid = hand_raid(ROUTES, [0.0, 0.0])
    counts = np.zeros(len(COUNTS), np.int64)
    counts[t.LAUNCHED] = 1
    assert not count_day(make_rules(length_m=ROUTES.length_m), 60.0, n, raid, counts)


def small_world(days=3, n_options=2, **raids):
    settings = {"nights": [(30, 4, 2), (12, 0, 1), (0, 0, 0)], "days": days, "n_aims": 2, "front_threshold": 10.0}
    return make_world(
        raids=make_raids(**{**settings, **raids}), routes=ROUTES, own=make_own(leak=0.4, p_soft=0.3),
        forces=make_forces((((20_000.0, 0.0), (0.0, 20_000.0)),) * n_options, reach_m=25_000.0, p_kill=0.7,
                           n_stations=[1.5 + k for k in range(n_options)], shots=3, relief_s=3_600.0, days=days),
        rules=make_rules(length_m=ROUTES.length_m, options=n_options, aim_in_area=[1, 0]))


def test_amounts_follow_from_patrols_and_shots():
    world = small_world(days=40)
    world.forces.active[1, ::2] = 0
    found = play(world, 7, 0, 4)
    amounts = dict(zip(AMOUNTS, np.moveaxis(found.amounts, -1, 0), strict=True))
    patrols = amounts["sorties"] / 24.0
    assert set(np.unique(patrols[..., 0])) == {1.0, 2.0}
    assert (patrols[:, ::2, 1] == 0.0).all()
    assert (patrols[:, 1::2, 1] == 2.0).all()
    np.testing.assert_allclose(amounts["flight_hours"], patrols * 24.0 * 2.0)
    shots = found.counts[..., COUNTS.index("munitions/aam")]
    assert shots.any()
    np.testing.assert_allclose(amounts["cost_eur"], patrols * 48_000.0 + shots * 50.0)
    np.testing.assert_allclose(amounts["planned_cost_eur"][..., 0], 96_000.0)
    np.testing.assert_allclose(amounts["planned_cost_eur"][:, :, 1], np.tile([0.0, 96_000.0], (4, 20)))


def test_threats_are_conserved_and_no_idle_option_shoots():
    found = play(small_world(days=60), 3, 0, 8)
    by = dict(zip(COUNTS, np.moveaxis(found.counts, -1, 0), strict=True))
    assert not found.failed.any()
    for kind in t.CLASSES:
        ended = sum(by[f"{name}/{kind}"] for name in ("stopped_own_hard", "stopped_own_soft", "stopped_coalition",
                                                      "leaked"))
        assert (ended == by[f"launched/{kind}"]).all()
        assert (by[f"prevented/{kind}"] + by[f"redundant/{kind}"] == by[f"stopped_coalition/{kind}"]).all()
        # the raids and the own defence's doings do not know the option
        assert (by[f"launched/{kind}"][..., 0] == by[f"launched/{kind}"][..., 1]).all()
        would_leak = by[f"leaked/{kind}"] + by[f"prevented/{kind}"]
        assert (would_leak[..., 0] == would_leak[..., 1]).all()
    assert (by["prevented_zone"] <= sum(by[f"prevented/{kind}"] for kind in t.CLASSES)).all()
    assert (by["munitions/aam"] >= by["engaged"]).all()
    assert (by["munitions/aam"] <= 2 * by["engaged"]).all()
    assert by["stopped_coalition/uav"].any()


def test_a_block_is_its_replications_one_by_one():
    world = small_world()
    whole = play(world, 5, 0, 6)
    single = [play(world, 5, r, r + 1) for r in range(6)]
    assert whole.counts.tobytes() == np.concatenate([s.counts for s in single]).tobytes()
    assert whole.amounts.tobytes() == np.concatenate([s.amounts for s in single]).tobytes()
    assert len({s.counts.tobytes() for s in single}) == 6


def test_seed_days_and_order_of_options():
    world = small_world()
    first = play(world, 5, 0, 3)
    assert (play(world, 6, 0, 3).counts != first.counts).any()
    longer = play(small_world(days=5), 5, 0, 3)
    assert (longer.counts[:, :3] == first.counts).all()
    swap = world._replace(forces=world.forces._replace(n_stations=world.forces.n_stations[:, ::-1].copy()))
    assert (play(swap, 5, 0, 3).counts[:, :, ::-1] == first.counts).all()


def test_playing_changes_nothing_in_the_world():
    world = small_world()
    before = [array.copy() for part in world for array in part]
    play(world, 5, 0, 3)
    assert all((old == new).all() for old, new in zip(before, (a for part in world for a in part), strict=True))


def broken(what):
    world = small_world()
    if what == "draw":
        world.raids.night_counts[:] = 900_000
    elif what == "route":
        return world._replace(routes=ROUTES._replace(speed_m_s=np.array([[50.0, 0.0, 50.0]])))
    elif what == "own_defence":
        world.own.p_leak[0, 3] = np.nan
    return world


@pytest.mark.parametrize("stage", ["draw", "route", "own_defence"])
def test_a_failed_replication_says_where_and_holds_zeros(stage):
    """The night with missiles fails, others do not: whole replications are dropped, never days of them."""
    found = play(broken(stage), 5, 0, 12)
    assert found.failed.any()
    assert {STAGES[f][0] for f in found.failed} <= {"", stage}
    assert (found.counts[found.failed != 0] == 0).all()
    assert (found.amounts[found.failed != 0] == 0.0).all()
    sound = found.failed == 0
    if stage == "route":
        assert sound.any()
        assert (found.counts[sound] == play(small_world(), 5, 0, 12).counts[sound]).all()


def test_a_night_without_threats_costs_its_patrols():
    found = play(small_world(nights=[(0, 0, 0)]), 5, 0, 2)
    assert (found.counts == 0).all()
    assert (found.amounts[..., 0] > 0.0).all()


def test_the_compiled_arrays_are_what_the_kernels_were_compiled_for():
    """Contiguous, and of one type by name: another layout would compile a second time, in silence."""
    from support.studies import small_study

    for part in small_study().world:
        for name, kind in part.__annotations__.items():
            array = getattr(part, name)
            assert array.flags.c_contiguous, name
            assert f"numpy.{array.dtype}" in str(kind), name


def test_vectors_have_their_own_numbers():
    world = small_world(vectors=1)
    two = world._replace(
        raids=make_raids(nights=[(30, 4, 2)], days=3, n_aims=2, vectors=2),
        routes=ROUTES._replace(detour=np.ones((2, 3)), speed_m_s=np.array([[50.0] * 3, [80.0] * 3])),
        own=make_own(vectors=2)._replace(p_leak=np.stack([np.zeros((4, 2)), np.ones((4, 2))])),
        forces=make_forces((((0.0, 0.0),),) * 2, days=3, vectors=2))
    first, second = (counted(play(two, 5, v << 16, (v << 16) + 1).counts.sum(axis=(0, 1, 2))) for v in (0, 1))
    assert first["leaked/uav"] + first["prevented/uav"] == 0
    assert second["stopped_own_hard/uav"] + second["redundant/uav"] == 0
