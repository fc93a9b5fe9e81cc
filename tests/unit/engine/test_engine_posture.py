"""A force whose posture follows demand: nights taken for massed ones, surge and rest; and what losses leave of it.

Mutations tried, each caught: no surge of crews; rest and surge exchanged; a surge of those on alert; the two
probabilities of a warning exchanged; losses of the last day alone, without end, or kept over replications; accidents
left out of them; the first phase's risks on all days.
"""

import numpy as np
import pytest

from skyshield.engine import play
from skyshield.engine import tally as t
from skyshield.engine.steps.readiness import warned
from skyshield.engine.world import MASSED_WARNING
from support.worlds import (
    SEED,
    day_by_day,
    make_fleets,
    make_forces,
    make_raids,
    make_risks,
    make_world,
    play_nights,
    u,
)

SLOTS = 30


def fleet(days=1, options=1, risks=None, aircraft=20.0, p_available=1.0, alert_aircraft=0.0, **pool):
    """Patrols of one aircraft, one crew and one sortie each; so sorties are patrols kept up."""
    of_slot = np.ones((1, options, SLOTS))
    forces = make_forces((((0.0, 0.0),) * SLOTS,) * options, days=days, ready_aircraft=of_slot, crews=of_slot.copy(),
                         sorties_per_day=of_slot.copy())
    fleets = make_fleets(options, aircraft=aircraft, p_available=p_available, alert_aircraft=alert_aircraft)
    fleets = fleets._replace(**{name: np.broadcast_to(np.asarray(value, float), getattr(fleets, name).shape).copy()
                                for name, value in pool.items()})
    return make_world(make_raids(days, 1), forces=forces, fleets=fleets, risks=risks)


def sorties(world, massed, replications=1):
    return play_nights(world, [(0, 0, 0, 0)], massed=massed, replications=replications).amounts[..., t.SORTIES]


@pytest.mark.parametrize(("massed", "pool", "expected"), [
    (1, {"surge": 1.25, "rest": 0.5}, 25.0), (0, {"surge": 1.25, "rest": 0.5}, 10.0),
    (1, {"surge": 3.0}, 30.0),  # no more patrols than there are
    (1, {"surge": 1.25, "crews": 16.0}, 20.0), (0, {"rest": 0.5, "crews": 16.0}, 8.0),  # crews surge and rest too
    (1, {"surge": 1.25, "alert_aircraft": 4.0}, 20.0), (0, {"rest": 0.0}, 0.0),
    (1, {"surge": 2.0, "rest": 0.25, "p_warned_massed": 0.0}, 5.0),
    (0, {"surge": 1.5, "rest": 0.25, "p_warned_routine": 1.0}, 30.0)])
def test_patrols_surge_on_nights_taken_for_massed_and_rest_on_others(massed, pool, expected):
    assert sorties(fleet(**pool), massed)[0, 0, 0] == expected


@pytest.mark.parametrize(("massed", "p"), [(1, 0.8), (0, 0.1)])
def test_the_warning_is_one_draw_of_the_night_for_all_options(massed, p):
    days = 1_500
    world = fleet(days, 2, surge=1.5, rest=[[0.5, 0.25]], p_warned_massed=0.8, p_warned_routine=0.1)
    taken = np.array([u(MASSED_WARNING, 0, day=day)[0] < p for day in range(days)])
    assert [warned(world.fleets, massed, SEED, 0, day) for day in range(200)] == taken[:200].tolist()
    flown = sorties(world, massed)[0]
    assert (flown[:, 0] == np.where(taken, 30.0, 10.0)).all() and (flown[:, 1] == np.where(taken, 30.0, 5.0)).all()
    assert abs(taken.mean() - p) < 4.0 * np.sqrt(p * (1.0 - p) / days)


def test_a_surge_wears_the_fleet_and_rest_mends_it():
    """Down by D' = D e^(-1/T) + b S T (1 - e^(-1/T)), with the sorties that each night's pace gives."""
    world = fleet(40, surge=1.5, rest=0.5, p_available=0.9, p_failure=0.1, repair_time_days=4.0)
    keep = np.exp(-1.0 / 4.0)
    for massed, pace in ((1, 1.5), (0, 0.5)):
        down = 2.0
        for _, amounts, lasts in day_by_day(world, [(0, 0, 0, 0)], massed=massed):
            kept_up = min(SLOTS, (20.0 - down) * pace)
            assert abs(amounts[0, t.SORTIES] - kept_up) < 1.0  # the last patrol is drawn
            down = down * keep + 0.1 * kept_up * 4.0 * (1.0 - keep)
            np.testing.assert_allclose(lasts.down, down, rtol=1e-12)


def test_losses_shrink_the_fleet_for_good():
    """At bases half an aircraft a day, and one each 200 sorties of two hours: what flies is what is left."""
    risks = make_risks(lost_at_bases_per_day=0.5, accidents_per_h=1.0 / 400.0)
    lost = 0.0
    for _, amounts, lasts in day_by_day(fleet(15, risks=risks), [(0, 0, 0, 0)]):
        assert abs(amounts[0, t.SORTIES] - (20.0 - lost)) < 1.0
        assert amounts[0, t.LOST_AT_BASES] == 0.5
        lost += 0.5 + amounts[0, t.SORTIES] * 2.0 / 400.0
        np.testing.assert_allclose(lasts.lost, lost, rtol=1e-12)
    assert 7.5 < lost < 9.5


def test_no_more_is_lost_than_there_was():
    days = list(day_by_day(fleet(12, risks=make_risks(lost_at_bases_per_day=3.0)), [(0, 0, 0, 0)]))
    assert [lasts.lost[0] for _, _, lasts in days] == [3.0, 6.0, 9.0, 12.0, 15.0, 18.0] + [20.0] * 6
    assert [amounts[0, t.SORTIES] for _, amounts, _ in days] == [20.0, 17.0, 14.0, 11.0, 8.0, 5.0, 2.0] + [0.0] * 5


def test_bases_and_support_aircraft_are_at_risk_by_phase_while_anybody_is_there():
    """Nobody is there at first; then war, then a ceasefire. Support aircraft are not the fleet's."""
    risks = make_risks(lost_at_bases_per_day=[[0.25, 0.125]],
                       early_warning_lost_per_day=[[[0.25, 0.0625]]], tankers_lost_per_day=[[[0.25, 0.0]]])
    world = fleet(6, risks=risks)
    world = world._replace(raids=make_raids(6, 1, phase=[0, 0, 0, 0, 1, 1]))
    world.forces.presence[0, :, :2] = 0
    days = list(day_by_day(world, [(0, 0, 0, 0)]))
    assert [amounts[0, t.LOST_AT_BASES] for _, amounts, _ in days] == [0.0, 0.0, 0.25, 0.25, 0.125, 0.125]
    assert [amounts[0, t.SUPPORT_LOST] for _, amounts, _ in days] == [0.0, 0.0, 0.5, 0.5, 0.0625, 0.0625]
    assert days[-1][2].lost[0] == 0.75


def test_replications_begin_with_the_whole_fleet():
    world = fleet(10, risks=make_risks(lost_at_bases_per_day=1.0))
    flown = play(world, 7, 0, 3).amounts[:, :, 0, t.SORTIES]
    assert (flown == 20.0 - np.arange(10)).all()
