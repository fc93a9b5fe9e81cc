"""Rounds over a campaign: conserved, shared where they are shared, and gone when they are gone.

Mutations tried, each caught: a store filled anew each day; supply beyond what the store held; rounds of a salvo beyond
the store; days without rounds counted for shooters that are not there.
"""

import numpy as np
import pytest

from skyshield.engine import COUNTS
from support.worlds import (
    fight,
    hand_raid,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_world,
    play_nights,
)

ROUTES = make_routes()
RULES = make_rules([[[(20_000.0, 60_000.0)]]], ROUTES.length_m)


def supplied(forces, start, daily=0.0, **more):
    held = np.full_like(forces.store_most, start)
    return forces._replace(store_most=held, store_first=held.copy(),
                           store_per_day=np.full_like(forces.store_per_day, daily), **more)


def counts(world, name, nights, **more):
    result = play_nights(world, nights, **more)
    assert not result.failed.any()
    return result.counts[:, :, 0, COUNTS.index(name)]


def war(days=40, stations=(((0.0, 0.0),),), start=30.0, daily=1.6, relief_s=3_600.0, **forces):
    """Misses only, ten rounds a reload, far more threats than rounds."""
    built = make_forces(stations, days=days, shots=10, relief_s=relief_s, p_kill=0.0, max_shots=1, work_s=5.0, **forces)
    return make_world(make_raids(days, 1), ROUTES, make_own(), supplied(built, start, daily), RULES)


@pytest.mark.parametrize(("start", "daily"), [(30.0, 1.6), (7.0, 0.3), (500.0, 0.0), (3.0, 5.0)])
def test_without_end_of_targets_exactly_what_there_is_is_fired(start, daily):
    days, nights = 40, [(900, 0, 0, 0)]
    fired = counts(war(days, start=start, daily=daily), "munitions/aam", nights, replications=2)
    # the first day finds the store full; supply never goes beyond it
    expected, left = np.zeros(days), start
    for day in range(days):
        left = min(start, left + daily)
        expected[day] = min(np.floor(left), fired.max())
        left -= expected[day]
    assert (fired == expected).all()
    assert fired.sum(axis=1).max() <= start + daily * days
    if daily < 1.0:
        assert (fired.sum(axis=1) == np.floor(start + daily * (days - 1) + 1e-9)).all()


def test_many_shooters_each_fire_no_more_than_their_own():
    world = war(stations=(((0.0, 0.0), (1_000.0, 0.0), (2_000.0, 0.0)),), start=12.0, daily=0.0)
    assert counts(world, "munitions/aam", [(900, 0, 0, 0)]).sum() == 36


def test_shooters_of_one_store_share_it():
    built = war(stations=(((0.0, 0.0), (1_000.0, 0.0), (2_000.0, 0.0)),), start=12.0, daily=0.5)
    shared = built._replace(forces=built.forces._replace(store=np.zeros_like(built.forces.store)))
    fired = counts(shared, "munitions/aam", [(900, 0, 0, 0)])
    assert fired[0, 0] == 12
    assert fired.sum() == 12 + np.floor(0.5 * 39)


def test_a_reload_brings_what_is_left_of_the_store():
    """Ten rounds ready, a store of 14: ten before the reload, four after it."""
    forces = supplied(make_forces(shots=10, relief_s=1_000.0, p_kill=0.0, max_shots=1, work_s=1.0), 14.0)
    n, raid = hand_raid(ROUTES, np.concatenate([np.zeros(20), np.full(20, 1_000.0)]))
    fight(ROUTES, forces, make_rules([[[(20_000.0, 21_000.0)]]], ROUTES.length_m), n, raid)
    assert raid.shots[:20].sum() == 10
    assert raid.shots[20:].sum() == 4


def test_a_salvo_is_no_larger_than_the_store():
    forces = supplied(make_forces(shots=10, p_kill=0.0, max_shots=5), 5.0)
    forces.salvo[:] = 3
    n, raid = hand_raid(ROUTES, [0.0])
    fight(ROUTES, forces, RULES, n, raid)
    assert (raid.shots[0], raid.engagements[0]) == (5, 2)


def two_weapons(shared, rounds=6, start=1e6):
    """A weapon for UAVs and one for ballistic missiles, of one magazine or of two."""
    forces = make_forces(p_kill=0.0, max_shots=1, work_s=1.0, channels=50)
    p_kill = np.full((1, 1, 2, 3), 0.0)
    p_kill[0, 0, 0, 0] = p_kill[0, 0, 1, 2] = 1e-300
    n = 1 if shared else 2
    return supplied(forces._replace(
        p_kill=p_kill, weapon_reach_m=np.full((1, 1, 2), np.inf),
        munition=np.zeros((1, 2), np.int64), rounds=np.full((1, 1, n), rounds, np.int64),
        magazine=np.array([[0, 0 if shared else 1]]), store=np.arange(n).reshape(1, 1, n),
        store_most=np.zeros((1, 1, n)), store_per_day=np.zeros((1, 1, n))), start)


def test_weapons_of_one_magazine_share_its_rounds():
    kind = np.array([0, 2] * 10)
    for shared, fired in ((True, 6), (False, 12)):
        n, raid = hand_raid(ROUTES, np.zeros(20), kind=kind)
        fight(ROUTES, two_weapons(shared), make_rules(length_m=ROUTES.length_m), n, raid)
        assert raid.shots.sum() == fired
        assert (raid.shots[kind == 0].sum() > 0) and (raid.shots[kind == 2].sum() > 0)


def test_a_shooter_without_rounds_is_idle_and_told():
    world = war(days=10, start=25.0, daily=0.0)
    fired = counts(world, "munitions/aam", [(900, 0, 0, 0)])[0]
    idle = counts(world, "shooter_days_without_rounds", [(900, 0, 0, 0)])[0]
    assert fired.sum() == 25
    assert (idle == (np.cumsum(fired) == 25)).all() and idle.sum() >= 9
    saturated = counts(world, "saturated", [(900, 0, 0, 0)])[0]
    assert saturated[-1] == 900
    absent = war(days=10, start=0.0, daily=0.0, n_stations=[0.0])
    assert counts(absent, "shooter_days_without_rounds", [(9, 0, 0, 0)]).sum() == 0


def test_plenty_changes_nothing():
    plenty = counts(war(start=1e9), "munitions/aam", [(60, 0, 0, 0)])
    assert plenty.tobytes() == counts(war(start=np.inf), "munitions/aam", [(60, 0, 0, 0)]).tobytes()
    assert (plenty > counts(war(), "munitions/aam", [(60, 0, 0, 0)])).any()
