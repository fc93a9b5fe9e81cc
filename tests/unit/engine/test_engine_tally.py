"""The tally of a day, its cost, and a block of replications.

Mutations tried, each caught: prevented and redundant exchanged; a coalition stop counted as a leak too; the zone's
count without its area; saturation without the work time; shots not charged; planned cost charged on idle days;
missiles counted among armed UAVs (as the code once did);
a failure that keeps its earlier days; the replications of a block that share a word; fates kept from the option
before.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import ARMED, CLASSES, DECOY, DECOY_ARMED
from skyshield.engine import AMOUNTS, COUNTS, STAGES, play
from skyshield.engine.blocks import play_period
from skyshield.engine.day import draw_period
from support.random_worlds import random_world
from support.studies import small_study
from support.worlds import (
    fight,
    given_period,
    hand_raid,
    make_forces,
    make_own,
    make_raids,
    make_response,
    make_routes,
    make_rules,
    make_season,
    make_world,
    of_world,
    play_nights,
    tallied,
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
    raid.load[:] = [ARMED, ARMED, ARMED, ARMED, ARMED, DECOY_ARMED, DECOY]
    rules = make_rules([[[(20_000.0, 50_000.0)]] * 2], ROUTES.length_m, aim_in_area=[1, 0])
    fight(ROUTES, make_forces(), rules, n, raid)
    counts, whole = tallied(rules, n, raid)
    assert whole
    result = counted(counts)
    assert {k: v for k, v in result.items() if v} == {
        "launched/uav": 7, "stopped_coalition/uav": 3, "prevented/uav": 2, "prevented_zone": 1, "redundant/uav": 1,
        "stopped_own_hard/uav": 1, "stopped_own_soft/uav": 1, "leaked/uav": 2, "leaked_zone": 1, "leaked_armed": 1,
        "engaged": 3, "prevented_armed": 2, "prevented_armed_zone": 1}
    assert raid.shots.tolist() == [1, 1, 1, 0, 0, 0, 0]


def test_armed_leakers_are_uavs():
    n, raid = hand_raid(ROUTES, np.zeros(3))
    raid.threat_class[:], raid.load[:], raid.fate[:] = [0, 1, 2], ARMED, 0
    raid.aid_stop_m[:] = np.inf
    counts, whole = tallied(make_rules(length_m=ROUTES.length_m), n, raid)
    assert whole
    assert [counted(counts)[name] for name in ("leaked/uav", "leaked/cruise", "leaked/ballistic", "leaked_armed")] == [
        1, 1, 1, 1]


@pytest.mark.parametrize(("stop_m", "opening_s", "expected"), [
    (np.inf, 1_000.0, 1), (53_001.0, 1_000.0, 1), (52_999.0, 1_000.0, 0), (np.inf, np.inf, 0), (np.inf, 1_940.0, 0),
    (np.inf, 1_939.0, 1)])
def test_saturated_are_those_that_a_free_patrol_could_have_shot(stop_m, opening_s, expected):
    n, raid = hand_raid(ROUTES, [0.0], own_stop_m=stop_m)
    raid.could_shoot_s[:] = opening_s + 60.0
    raid.aid_stop_m[:] = np.inf
    rules = make_rules(length_m=ROUTES.length_m)
    assert counted(tallied(rules, n, raid)[0])["saturated"] == expected
    raid.engagements[:] = 1
    assert counted(tallied(rules, n, raid)[0])["saturated"] == 0


def test_a_threat_that_is_lost_is_noticed():
    n, raid = hand_raid(ROUTES, [0.0, 0.0])
    assert not tallied(make_rules(length_m=ROUTES.length_m), n, raid, launched_before=1)[1]


NIGHTS = [(10, 20, 4, 2), (10, 2, 0, 1), (0, 0, 0, 0)]
BUSY = {"p_missile": np.full((2, 2), 0.5), "missile_mean": np.full((2, 2), 3.0)}


def small_world(days=3, n_options=2):
    return make_world(
        raids=make_raids(days, 2, season=make_season(**BUSY)), routes=ROUTES, own=make_own(leak=0.4, p_soft=0.3),
        forces=make_forces((((20_000.0, 0.0), (0.0, 20_000.0)),) * n_options, reach_m=25_000.0, p_kill=0.7,
                           n_stations=[1.5 + k for k in range(n_options)], shots=3, relief_s=3_600.0, days=days),
        rules=make_rules(length_m=ROUTES.length_m, options=n_options, aim_in_area=[1, 0]))


def test_amounts_follow_from_patrols_and_shots():
    world = small_world(days=40)
    world.forces.presence[1, :, ::2] = 0
    result = play(world, 7, 0, 4)
    amounts = dict(zip(AMOUNTS, np.moveaxis(result.amounts, -1, 0), strict=True))
    patrols = amounts["sorties"] / 24.0
    assert set(np.unique(patrols[..., 0])) == {1.0, 2.0}
    assert (patrols[:, ::2, 1] == 0.0).all()
    assert (patrols[:, 1::2, 1] == 2.0).all()
    np.testing.assert_allclose(amounts["flight_hours"], patrols * 24.0 * 2.0)
    shots = result.counts[..., COUNTS.index("munitions/aam")]
    assert shots.any()
    assert (amounts["cost_eur"] == patrols * 48_000.0 + shots * 50.0).all()
    assert (amounts["incremental_cost_eur"] == patrols * 24_000.0 + shots * 50.0).all()
    assert (amounts["cost_by_line_eur/flight_hours"] == patrols * 48_000.0).all()
    assert (amounts["cost_by_line_eur/weapons"] == shots * 50.0).all()
    np.testing.assert_allclose(amounts["planned_cost_eur"][..., 0], 96_000.0)
    np.testing.assert_allclose(amounts["planned_cost_eur"][:, :, 1], np.tile([0.0, 96_000.0], (4, 20)))


def test_threats_are_conserved_and_no_idle_option_shoots():
    result = play_nights(small_world(days=60), NIGHTS, 3, replications=8)
    by = dict(zip(COUNTS, np.moveaxis(result.counts, -1, 0), strict=True))
    assert not result.failed.any()
    for kind in CLASSES:
        ended = sum(by[f"{name}/{kind}"] for name in ("stopped_own_hard", "stopped_own_soft", "stopped_coalition",
                                                      "leaked"))
        assert (ended == by[f"launched/{kind}"]).all()
        assert (by[f"prevented/{kind}"] + by[f"redundant/{kind}"] == by[f"stopped_coalition/{kind}"]).all()
        # the raids and the own defence's doings do not know the option
        assert (by[f"launched/{kind}"][..., 0] == by[f"launched/{kind}"][..., 1]).all()
        would_leak = by[f"leaked/{kind}"] + by[f"prevented/{kind}"]
        assert (would_leak[..., 0] == would_leak[..., 1]).all()
    assert (by["prevented_zone"] <= sum(by[f"prevented/{kind}"] for kind in CLASSES)).all()
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
    swap = world._replace(forces=world.forces._replace(p_ready=world.forces.p_ready[:, ::-1].copy()))
    assert (play(swap, 5, 0, 3).counts[:, :, ::-1] == first.counts).all()


def test_playing_changes_nothing_in_the_world():
    world = small_world()
    parts = (world.raids._replace(season=world.raids.phase), world.raids.season, *world[1:])
    before = [array.copy() for part in parts for array in part]
    play(world, 5, 0, 3)
    assert all((old == new).all() for old, new in zip(before, (a for part in parts for a in part), strict=True))


def test_given_nights_are_played_as_drawn_ones_are():
    """The seasons that `play` draws, given to it night by night, are the same study."""
    world = small_world(days=6)
    period = given_period([(0, 0, 0, 0)], 4, 6, **of_world(world))
    draw_period(world, np.uint64(5), 0, 4, period)
    counts = period.counts[:, 0]
    assert len({row.tobytes() for row in counts.reshape(-1, 4)}) > 10
    result, again = play(world, 5, 0, 4), play_period(world, 5, 0, period)
    assert again.counts.tobytes() == result.counts.tobytes()
    assert again.amounts.tobytes() == result.amounts.tobytes()
    launched = result.counts[:, :, 0, :3]
    assert (launched == np.stack([counts[..., :2].sum(axis=2), *np.moveaxis(counts, 2, 0)[2:]], 2)).all()


def broken(what):
    world, nights = small_world(), [(10, 5, 0, 1)] * 7 + [(10, 20, 4, 2)]
    if what == "draw":
        nights[-1] = (900_000, 100_000, 0, 1)
    elif what == "route":
        world = world._replace(routes=ROUTES._replace(speed_m_s=np.array([[50.0, 0.0, 50.0]])))
    elif what == "own_defence":
        world.own.p_leak[0, 3] = np.nan
    return world, nights


@pytest.mark.parametrize("stage", ["draw", "route", "own_defence"])
def test_a_failed_replication_says_where_and_holds_zeros(stage):
    """The night with cruise missiles, or too many, fails: whole replications are dropped, never days of them."""
    world, nights = broken(stage)
    result = play_nights(world, nights, 5, replications=12)
    assert result.failed.any()
    assert {STAGES[f][0] for f in result.failed} <= {"", stage}
    assert (result.counts[result.failed != 0] == 0).all()
    assert (result.amounts[result.failed != 0] == 0.0).all()
    if stage != "own_defence":
        bad = [7 in range(3 * r % 8, 3 * r % 8 + 3) for r in range(12)]
        assert (result.failed != 0).tolist() == bad
        valid = play_nights(small_world(), nights, 5, replications=12) if stage == "route" else result
        assert (result.counts[~np.array(bad)] == valid.counts[~np.array(bad)]).all()
        assert result.counts[~np.array(bad)].any()


def test_the_largest_day_is_played():
    world = small_world(days=1, n_options=1)
    world.forces.presence[:] = 0
    result = play_nights(world, [(500_000, 500_000, 0, 0)], 5)
    assert not result.failed.any()
    assert counted(result.counts[0, 0, 0])["launched/uav"] == 1_000_000


def test_a_night_without_threats_costs_its_patrols():
    result = play_nights(small_world(), [(0, 0, 0, 0)], 5, replications=2)
    assert {COUNTS[k] for k in np.flatnonzero(result.counts.any(axis=(0, 1, 2)))} == {"war_days"}
    assert (result.amounts[..., 0] > 0.0).all()


@pytest.mark.parametrize("made", [lambda: small_study().world, small_world, lambda: random_world(1)[0]],
                         ids=["compiled", "made", "random"])
def test_the_compiled_arrays_are_what_the_kernels_were_compiled_for(made):
    """Contiguous, and of one type by name: another layout would compile a second time, in silence and for minutes."""
    world = made()
    for part in (*world, world.raids.season):
        for name, kind in part.__annotations__.items():
            array = getattr(part, name)
            if name == "season":
                continue
            assert array.flags.c_contiguous, name
            assert f"numpy.{array.dtype}" in str(kind), name


def test_vectors_have_their_own_numbers():
    two = make_world(
        raids=make_raids(days=3, n_aims=2, vectors=2, season=make_season(2, **BUSY)),
        routes=ROUTES._replace(detour=np.ones((2, 3)), speed_m_s=np.array([[50.0] * 3, [80.0] * 3])),
        own=make_own(vectors=2, n_aims=2)._replace(p_leak=np.stack([np.zeros((4, 2)), np.ones((4, 2))])),
        forces=make_forces((((0.0, 0.0),),) * 2, days=3, vectors=2), response=make_response(2, 2, vectors=2))
    first, second = (counted(play(two, 5, v << 16, (v << 16) + 1).counts.sum(axis=(0, 1, 2))) for v in (0, 1))
    assert first["leaked/uav"] + first["prevented/uav"] == 0
    assert second["stopped_own_hard/uav"] + second["redundant/uav"] == 0
