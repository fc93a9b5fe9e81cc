"""Packages of one option that start apart, people at risk without a shot, aid beside forces, raids of half intensity.

Mutations tried, each caught: a shooter manned by another package's presence; people counted while their package is not
there; standing money of all packages on every day; the largest place of any package; a fleet that is mended before it
comes; an option without shooters adapted to; half the regimes instead of half the launches.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import CLASSES, COST_LINES, N_CLASSES, N_STREAMS
from skyshield.engine import AMOUNTS, COUNTS
from skyshield.engine.blocks import play
from skyshield.engine.scratch import active_days, new_ends, new_raid, new_scratch
from skyshield.engine.steps.incidents import count_people
from skyshield.engine.steps.readiness import begin_campaign, end_day, man_shooters
from skyshield.engine.steps.season import draw_season
from support.worlds import (
    SEED,
    make_aid,
    make_costs,
    make_fleets,
    make_forces,
    make_own,
    make_people,
    make_raids,
    make_response,
    make_routes,
    make_rules,
    make_season,
    make_world,
    play_nights,
)

ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])
DAYS, LATER = 6, 4  # the second package comes on the day of index 4
NIGHTS = [(40, 20, 4, 0)]
TWO_PLACES = ((20_000.0, 0.0), (0.0, 20_000.0))


def by(result, name):
    """f8[replication, day, option] of a measure."""
    return result.counts[..., COUNTS.index(name)] if name in COUNTS else result.amounts[..., AMOUNTS.index(name)]


def in_two_packages(kinds=((0, 0),), options=1):
    """Shooters of each option near both routes, each of a package of its own; the second comes later."""
    forces = make_forces((TWO_PLACES,) * options, reach_m=15_000.0, p_kill=0.8, days=DAYS)
    presence = np.zeros((options, 2, DAYS), np.uint8)
    presence[:, 0], presence[:, 1, LATER:] = 1, 1
    kinds = np.array(kinds)
    return forces._replace(shooter_kind=kinds, package=np.where(kinds >= 0, [0, 1], -1), presence=presence,
                           fires=(kinds >= 0).astype(np.uint8))


def world_of(forces, **parts):
    options = len(forces.presence)
    return make_world(raids=make_raids(DAYS, 2), routes=ROUTES, own=make_own(leak=0.6), forces=forces,
                      rules=make_rules(length_m=ROUTES.length_m, options=options), **parts)


def test_packages_of_one_option_start_apart():
    forces = in_two_packages()
    costs, draw = make_costs(forces), np.random.default_rng(3)
    for money in (costs.standing_eur, costs.planned_eur, costs.unspent_eur):
        money[:] = np.rint(draw.uniform(1e3, 1e6, money.shape))
    people = make_people(packages=2, n_aims=2, n_sites=[[3, 0], [0, 5]], n_bases=[[1, 2]], crews=[[[30.0, 50.0]]],
                         at_bases=[[[7.0, 400.0]]], p_site_struck=0.01, deliberate_per_site_day=0.1,
                         deliberate_per_base_day=0.2)
    result = play_nights(world_of(forces, costs=costs, people=people), NIGHTS, replications=3)
    early = np.arange(DAYS) < LATER
    assert (by(result, "sorties")[:, :, 0] == np.where(early, 24.0, 48.0)).all()
    assert (by(result, "people_by_role_h/crews_in_ukraine")[:, :, 0] == np.where(early, 720.0, 1920.0)).all()
    assert (by(result, "people_by_role_h/bases_in_member_states")[:, :, 0] == np.where(early, 168.0, 9768.0)).all()
    np.testing.assert_allclose(by(result, "incidents/base_struck_in_member_state")[:, :, 0],
                               np.broadcast_to(np.where(early, 0.2, 0.6), (3, DAYS)))
    np.testing.assert_allclose(by(result, "people_exposed_h"), by(result, "people_by_role_h/crews_in_ukraine")
                               + by(result, "people_by_role_h/aircrew_over_ukraine"))
    struck = by(result, "incidents/people_struck_in_ukraine")[:, :, 0]
    assert (struck[:, early] >= 0.3).all() and (struck[:, ~early] >= 0.8).all()
    of_line = np.stack([by(result, f"cost_by_line_eur/{line}")[..., 0] for line in COST_LINES], axis=-1)
    unused = [COST_LINES.index(name) for name in ("people_and_basing", "sensors", "aid")]
    first, both = costs.standing_eur[0, 0, 0, 0], costs.standing_eur[0, 0, :, 0].sum(axis=0)
    assert (of_line[:, early][..., unused] == first[unused]).all()
    assert (of_line[:, ~early][..., unused] == both[unused]).all()
    for name, money in (("planned_cost_eur", costs.planned_eur[0, :, 0]), ("unspent_eur", costs.unspent_eur[0, 0])):
        assert (by(result, name)[:, :, 0] == np.where(early, money[0], money.sum())).all()


def test_a_shooter_shoots_while_its_package_is_there_and_no_draw_of_others_moves():
    """The first package alone, and with a second one that comes later: the same days until then."""
    alone = in_two_packages(((0, -1),))
    both, one = (play_nights(world_of(forces), NIGHTS, replications=4) for forces in (in_two_packages(), alone))
    stopped = sum(by(both, f"stopped_coalition/{kind}") for kind in CLASSES)
    assert both.counts[:, :LATER].tobytes() == one.counts[:, :LATER].tobytes()
    assert (stopped[:, LATER:] > sum(by(one, f"stopped_coalition/{kind}") for kind in CLASSES)[:, LATER:]).all()


def test_a_contingent_that_does_not_shoot_has_people_at_risk_and_nobody_adapts_to_it():
    """Option 0 is empty, 1 a ground contingent in both oblasts, 2 has shooters."""
    forces = in_two_packages(((-1, -1), (-1, -1), (0, 0)), options=3)
    forces.presence[0] = 0
    assert active_days(forces).tolist() == [[0] * DAYS, [0] * DAYS, [1] * DAYS]
    people = make_people(options=3, packages=2, n_aims=2, n_sites=[[0] * 4, [2, 1, 0, 0], [0] * 4],
                         crews=[[[0.0, 0.0], [3_000.0, 500.0], [0.0, 0.0]]], p_site_struck=0.05,
                         casualties_per_strike=4.0)
    world = world_of(forces, people=people, response=make_response(3, 2, declared=[[0, 0], [1, 0], [1, 0]],
                                                                  displacement=1.0, volume=1.4))
    result = play_nights(world, NIGHTS, replications=4)
    crews = by(result, "people_by_role_h/crews_in_ukraine")
    assert (crews[:, :LATER, 1] == 72_000.0).all() and (crews[:, LATER:, 1] == 84_000.0).all()
    assert not crews[:, :, [0, 2]].any()
    assert (by(result, "incidents/people_struck_in_ukraine")[:, :, 1] > 0.0).all()
    assert by(result, "casualties")[:, :, 1].any() and not by(result, "casualties")[:, :, 0].any()
    named = [k for k, name in enumerate(COUNTS) if not name.startswith("casualties")]
    assert (result.counts[:, :, 1][..., named] == result.counts[:, :, 0][..., named]).all()
    assert (by(result, "launched/uav")[:, :, 2] > by(result, "launched/uav")[:, :, 0]).all()
    assert not by(result, "engaged")[:, :, 1].any() and by(result, "engaged")[:, :, 2].any()


def test_aid_stands_beside_forces():
    """Option 0 has shooters, 1 the same and aid from a later day on, 2 that aid alone."""
    forces = in_two_packages(((0, -1), (0, -1), (-1, -1)), options=3)
    forces.presence[0, 1] = forces.presence[2, 0] = 0
    aid = make_aid(3, 2, days=DAYS, hazard=0.7)
    aid.hazard[:, 0] = 0.0
    aid.ramp[..., :LATER] = 0.0
    costs = make_costs(forces)
    costs.standing_eur[:, :, 1, :, COST_LINES.index("aid")] = 5e6
    result = play_nights(world_of(forces, aid=aid, costs=costs), NIGHTS, replications=4)
    by_aid, by_forces = (sum(by(result, f"{who}/{kind}") for kind in CLASSES)
                         for who in ("stopped_aid", "stopped_coalition"))
    assert (by_aid[:, LATER:, 1:] > 0).all() and not by_aid[:, :LATER].any()
    assert (by_forces[:, :, :2] > 0).all() and not by_forces[:, :, 2].any()
    assert result.counts[:, :LATER, 1].tobytes() == result.counts[:, :LATER, 0].tobytes()
    assert (by_aid[:, LATER:, 1] <= by_aid[:, LATER:, 2]).all()
    money = by(result, "cost_by_line_eur/aid")
    assert (money[:, LATER:, 1:] == 5e6).all() and not money[:, :LATER].any() and not money[:, :, 0].any()


def test_the_largest_place_is_that_of_packages_that_are_there():
    forces = in_two_packages()
    people = make_people(packages=2, n_aims=2, n_sites=[[1, 0], [0, 1]], n_bases=[[1, 1]],
                         largest_site=[[[20.5, 900.0]]], largest_base=[[[60.0, 8.0]]])
    world, amounts = world_of(forces, people=people), np.zeros(len(AMOUNTS))
    scratch = new_scratch(world.forces, world.costs, new_raid(0), new_raid(0), 2, 1)
    for day, most in ((0, [20.5, 60.0]), (LATER, [900.0, 60.0])):
        count_people(world, 0, day, 0, 0, new_ends(2), new_ends(2), scratch.campaign, scratch.struck, amounts)
        assert scratch.struck.most.tolist() == [*most, 0.0, 0.0]


def test_a_fleet_waits_for_its_package_while_others_are_there():
    """Slot 0 is a gun that is there from the start, slot 1 a patrol that comes later."""
    forces = in_two_packages()
    forces.ready_aircraft[0, 0, 1] = forces.crews[0, 0, 1] = 4.0
    fleets = make_fleets(aircraft=40.0, p_available=0.5, repair_time_days=3.0)
    scratch = new_scratch(forces, make_costs(forces), new_raid(0), new_raid(0), 2, 1)
    begin_campaign(forces, fleets, 0, scratch.campaign)
    down, manned = [], []
    for day in range(DAYS):
        man_shooters(forces, fleets, SEED, 0, day, 0, 0, scratch)
        manned.append(scratch.manned.tolist())
        end_day(forces, fleets, 0, day, 0, 0.0, scratch)
        down.append(float(scratch.campaign.down[0]))
    assert manned == [[1, 0]] * LATER + [[1, 1]] * (DAYS - LATER)
    assert down[:LATER] == [20.0] * LATER
    np.testing.assert_allclose(down[LATER:], 20.0 * np.exp(-np.arange(1, DAYS - LATER + 1) / 3.0))


def launched(days, phase, intensity):
    """i8[replication, day, stream] of a period."""
    busy = make_season(massed_intercept=-1.0, p_missile=np.full((2, 2), 0.6), missile_mean=np.full((2, 2), 4.0))
    counts = np.zeros((6, len(intensity), days, N_STREAMS), np.int64)
    by_class = np.repeat(np.array(intensity)[:, None], N_CLASSES, axis=1)
    for replication in range(len(counts)):
        draw_season(busy, np.ones((len(intensity), days), np.uint8), by_class, np.ones((N_CLASSES, days)), SEED,
                    replication, counts[replication], np.zeros(days, np.uint8), np.zeros(days))
    return counts[:, phase]


@pytest.mark.parametrize("intensity", [0.5, 0.25])
def test_raids_of_less_intensity_bring_that_share_of_launches(intensity):
    """In the mean; nothing else of the period changes, and full intensity is war."""
    war, less = launched(400, 0, (1.0, intensity)), launched(400, 1, (1.0, intensity))
    np.testing.assert_allclose(less.sum(axis=(0, 1)) / war.sum(axis=(0, 1)), intensity, rtol=0.15)
    assert (less <= war).all()  # the same draws: fewer of the same
    assert not launched(400, 1, (1.0, 0.0)).any()


def test_a_day_of_half_intensity_is_played():
    """War, half of it, ceasefire: whoever is there flies and costs on each of these days."""
    phase = np.repeat([0, 1, 2], 2)
    raids = make_raids(DAYS, 2, season=make_season(front_mean=200.0, front_size=1e6), phase=phase,
                       intensity=(1.0, 0.5, 0.0))
    world = world_of(in_two_packages())._replace(raids=raids)
    result = play(world, SEED, 0, 2)
    by_phase = by(result, "launched/uav")[:, :, 0].reshape(2, 3, 2).mean(axis=(0, 2))
    assert by_phase[1] == pytest.approx(by_phase[0] / 2, rel=0.15) and by_phase[2] == 0.0
    assert (by(result, "sorties") > 0.0).all()
