"""Alerts: whose oblast, from when to when, and how an option's stops shorten them, against a count from scratch.

Mutations tried, each caught: bins that an alert touches, not those whose middle it covers; the middle taken for the
end; alerts at the aim alone, or of the oblasts crossed alone; an option's stops that shorten nothing; what an option
took away not put back.
"""

import math

import numpy as np
import pytest

from skyshield.engine import AMOUNTS, play
from skyshield.engine.blocks import alert_hours
from skyshield.engine.scratch import N_ALERT_BINS, new_ends
from skyshield.engine.steps.alerts import bin_at
from skyshield.engine.steps.engage import STOPPED_BY_COALITION
from skyshield.engine.steps.fates import count_ends, count_own_ends
from skyshield.engine.steps.relieve import RELIEVED
from support.worlds import (
    hand_raid,
    make_forces,
    make_own,
    make_people,
    make_raids,
    make_risks,
    make_routes,
    make_rules,
    make_season,
    make_world,
    over_oblasts,
)

KM = 1_000.0
AHEAD_M = 40 * KM
PEOPLE = np.array([1.0, 100.0, 10_000.0])
LINES = make_routes([((0.0, 0.0), (100 * KM, 0.0)), ((0.0, 0.0), (0.0, 100 * KM)), ((0.0, 0.0), (80 * KM, 60 * KM))])
# The first crosses the second's oblast and then its own, the last from 75 km on; the second none; the third two, one
# of them twice.
OVER = [[(1, 20 * KM, 50 * KM), (0, 75 * KM, 100 * KM)], [],
        [(0, 0.0, 10 * KM), (1, 10 * KM, 35 * KM), (0, 35 * KM, 60 * KM), (2, 60 * KM, 100 * KM)]]
ROUTES = over_oblasts(LINES, OVER)


def world_of(routes=ROUTES, **more):
    return make_world(make_raids(1, 3), routes, rules=make_rules(length_m=routes.length_m),
                      risks=make_risks(alert_distance_m=AHEAD_M), people=make_people(n_aims=3, population=PEOPLE),
                      **more)


def bins_of(n, raid, end_m, over=OVER):
    """Bins under alert of each aim, from the page: sets of bins whose middle lies in an interval."""
    middle, under = 600.0 * (np.arange(90) + 0.5), [set(), set(), set()]
    for i in range(n):
        parts = [(raid.aim[i], max(0.0, raid.length_m[i] - AHEAD_M), raid.length_m[i]), *over[raid.route[i]]]
        for aim, start, end in parts:
            stop = min(end, end_m[i])
            if start < stop:
                first, last = (raid.departure_s[i] + at * raid.pace_s_m[i] for at in (start, stop))
                under[int(aim)] |= set(np.flatnonzero((middle >= first) & (middle < last)).tolist())
    return under


def counted(n, raid, routes=ROUTES, own_ends=None):
    """The ends as Ukraine alone meets the raid, and under an option."""
    own_ends, ends = own_ends or new_ends(3), new_ends(3)
    count_own_ends(world_of(routes), 0, n, raid, own_ends)
    before = own_ends.cover.copy(), own_ends.alert_bins.copy(), own_ends.alert_person_h[0]
    count_ends(world_of(routes), 0, n, True, raid, own_ends, ends)
    assert (own_ends.cover == before[0]).all() and (own_ends.alert_bins == before[1]).all()  # for the next option
    assert own_ends.alert_person_h[0] == before[2]
    return own_ends, ends


def own_end(raid):
    return np.minimum(raid.own_stop_m, raid.length_m)


def option_end(raid):
    return np.where(raid.fate == STOPPED_BY_COALITION, raid.shot_m, np.minimum(own_end(raid), raid.aid_stop_m))


def hours(*threats):
    """Alert hours of the aims for threats of (route, departure in seconds, own stop in metres), 50 m/s."""
    route, departure_s, stop_m = zip(*threats, strict=True)
    n, raid = hand_raid(ROUTES, departure_s, route=np.array(route), own_stop_m=np.array(stop_m))
    own_ends, ends = counted(n, raid)
    assert (own_ends.alert_bins == ends.alert_bins).all()  # nobody else is there
    assert own_ends.alert_person_h[0] == pytest.approx(own_ends.alert_bins / 6.0 @ PEOPLE, rel=1e-12)
    assert own_ends.alert_bins.tolist() == [len(bins) for bins in bins_of(n, raid, own_end(raid))]
    return (own_ends.alert_bins / 6.0).tolist()


def test_an_oblast_is_under_alert_while_a_threat_is_over_it_or_near_its_aim():
    """100 km at 50 m/s take 2,000 s; of route 0 the second's oblast from 400 to 1,000 s, its own from 1,200 to the end.

    From 6,000 s on these are 6,400 to 7,000 s and 7,200 to 8,000 s: the middles of bins are 300 s past whole 600 s.
    """
    assert hours((0, 6_000.0, np.inf)) == [pytest.approx(1 / 6), pytest.approx(1 / 6), 0.0]
    assert hours((0, 6_100.0, np.inf)) == [pytest.approx(1 / 6), pytest.approx(1 / 6), 0.0]  # 7,300 to 8,100
    assert hours((0, 6_300.0, np.inf)) == [pytest.approx(2 / 6), pytest.approx(1 / 6), 0.0]  # 7,500 to 8,300
    assert hours((1, 5_700.0, np.inf)) == [0.0, pytest.approx(2 / 6), 0.0]  # 6,900 to 7,700: bound for it, over none


def test_a_bin_counts_by_its_middle():
    """Of an alert from 0 to 800 s after a start: the middle at its start is in, that at its end is not."""
    for departure_s, bins in ((6_900.0 - 1_200.0, 2), (6_900.1 - 1_200.0, 1), (6_700.0 - 1_200.0, 1),
                              (6_700.1 - 1_200.0, 2), (6_299.0 - 1_200.0, 2)):
        assert hours((1, departure_s, np.inf))[1] == pytest.approx(bins / 6), departure_s
    assert hours((1, 0.0, 60 * KM))[1] == 0.0  # stopped where the alert would begin


@pytest.mark.parametrize(("time_s", "first"), [
    (-1e9, 0), (0.0, 0), (300.0, 0), (300.1, 1), (900.0, 1), (53_700.0, 89), (53_701.0, 90), (54_000.0, 90),
    (1e9, 90), (math.inf, 90)])
def test_the_first_bin_whose_middle_is_not_before_a_time(time_s, first):
    assert bin_at(time_s) == first
    assert N_ALERT_BINS == 90


def test_threats_that_come_together_count_once():
    one = hours((0, 6_300.0, np.inf))
    assert hours((0, 6_300.0, np.inf), (0, 6_301.0, np.inf)) == one
    # one that is both over an oblast and bound for it alerts it once
    assert hours((2, 6_000.0, np.inf))[2] == pytest.approx(1 / 6)
    assert hours((0, 6_300.0, np.inf), (0, 18_300.0, np.inf)) == [2 * one[0], 2 * one[1], 0.0]


def test_the_night_ends_alerts():
    assert hours((1, 53_700.0 - 1_200.0, np.inf))[1] == pytest.approx(1 / 6)  # its last bin alone
    assert hours((1, 53_701.0 - 1_200.0, np.inf))[1] == 0.0
    assert hours((1, -1_500.0, np.inf))[1] == pytest.approx(1 / 6)  # begun before 18:00, over at 500 s
    assert hours((1, -2_500.0, np.inf)) == [0.0, 0.0, 0.0]


def random_raid(seed, n=120):
    """Threats in a crowd, on every route, stopped anywhere or nowhere, by anyone."""
    g = np.random.default_rng(seed)
    departure_s = g.choice([g.uniform(-3e3, 58e3, n), g.uniform(2e4, 2.3e4, n)])
    _, raid = hand_raid(ROUTES, departure_s, route=g.integers(0, 3, n))
    raid.aim[:] = g.integers(0, 3, n)  # bound for an aim that need not be their route's: alerts are by aim
    raid.own_stop_m[:] = np.where(g.random(n) < 0.6, g.uniform(0.0, 100 * KM, n), np.inf)
    raid.aid_stop_m[:] = np.where(g.random(n) < 0.3, g.uniform(0.0, 100 * KM, n), np.inf)
    raid.shot_m[:] = g.uniform(0.0, 1.0, n) * np.minimum(own_end(raid), raid.aid_stop_m)
    raid.fate[:] = g.random(n) < 0.4
    raid.fate[(raid.fate == 0) & np.isinf(raid.own_stop_m) & (g.random(n) < 0.3)] = RELIEVED
    return n, raid


@pytest.mark.parametrize("few", [3, 15, 120])
@pytest.mark.parametrize("seed", range(12))
def test_what_an_option_takes_away_is_a_count_from_scratch(seed, few):
    n, raid = random_raid(seed, few)
    own_ends, ends = counted(n, raid)
    for counts, end_m in ((own_ends, own_end(raid)), (ends, option_end(raid))):
        expected = [len(bins) for bins in bins_of(n, raid, end_m)]
        assert counts.alert_bins.tolist() == expected
        assert counts.alert_person_h[0] == pytest.approx(np.array(expected) / 6.0 @ PEOPLE, rel=1e-12)


def test_one_option_after_another_on_the_same_raid():
    """Each as if it were alone: what one takes away the next still meets."""
    n, raid = random_raid(99, 15)
    own_ends, fate = new_ends(3), raid.fate.copy()
    count_own_ends(world_of(), 0, n, raid, own_ends)
    before = own_ends.cover.copy(), own_ends.alert_bins.copy()
    for turn in range(5):
        g = np.random.default_rng(turn)
        raid.fate[:] = np.where(g.random(n) < 0.7, fate, 0)
        ends = new_ends(3)
        count_ends(world_of(), 0, n, True, raid, own_ends, ends)
        assert ends.alert_bins.tolist() == [len(bins) for bins in bins_of(n, raid, option_end(raid))]
        assert (own_ends.cover == before[0]).all() and (own_ends.alert_bins == before[1]).all()


def test_hours_without_an_option_are_those_of_the_nights():
    """`alert_hours` is the mean over nights of what a day's tally has."""
    raids = make_raids(6, 3, season=make_season(front_mean=15.0))
    world = make_world(raids, ROUTES, make_own(leak=0.4, n_aims=3), make_forces(n_stations=[0.0], days=6),
                       make_rules(length_m=ROUTES.length_m), risks=make_risks(alert_distance_m=AHEAD_M),
                       people=make_people(n_aims=3, population=PEOPLE))
    world.forces.presence[:] = 0
    mean = play(world, 5, 0, 20).amounts[:, :, 0, AMOUNTS.index("alert_person_hours")].mean()
    result = alert_hours(world, 5, 0, 20)
    assert result @ PEOPLE == pytest.approx(mean, rel=1e-9)
    assert (result > 0.1).all() and (result < 15.0).all()
