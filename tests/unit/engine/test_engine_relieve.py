"""Relief: what redundant stops in the zone make of the own defence elsewhere.

Mutations tried, each caught (`tools/mutate.py`): all stops of the zone counted, not the redundant ones alone;
relieved threats in the zone; the multiplier without its exponent; no cap by what was saved; the margin kept from
another threat when a raid is copied; relief counted as prevented.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.core.vocabulary import ARMED, CLASSES, N_CLASSES
from skyshield.engine import COUNTS, play
from skyshield.engine.steps.engage import LIVE, STOPPED_BY_COALITION
from skyshield.engine.steps.relieve import RELIEVED, multiplier, own_stops_without, relieve
from skyshield.engine.world import OWN_STOP
from support.worlds import (
    hand_raid,
    make_aid,
    make_forces,
    make_own,
    make_raids,
    make_relief,
    make_response,
    make_routes,
    make_rules,
    make_season,
    make_world,
    own_stops,
    play_nights,
    tallied,
    u,
)

ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])
ZONE = np.array([1, 0], np.uint8)  # the first route's aim
STOPPED, LEAKS = 50_000.0, np.inf


def night(zone=(), elsewhere=()):
    """A raid from (own stop, fate, margin) of threats bound for the zone, then of those bound elsewhere."""
    threats = [(0, *threat) for threat in zone] + [(1, *threat) for threat in elsewhere]
    n, raid = hand_raid(ROUTES, np.zeros(len(threats)), route=np.array([threat[0] for threat in threats]),
                        own_stop_m=np.array([threat[1] for threat in threats]))
    raid.fate[:] = [threat[2] for threat in threats]
    raid.own_margin[:] = [threat[3] for threat in threats]
    return n, raid


def played(zone, elsewhere, share=1.0, elasticity=1.0, inside=None, outside=None, supply=(1.0,) * N_CLASSES):
    """Which threats elsewhere are relieved; own stops without the option are this raid's unless given."""
    n, raid = night(zone, elsewhere)
    sizes = np.array([n, 0, 0, 0])
    without = own_stops_without(ZONE, sizes, sizes, raid)
    result = relieve(ZONE, share, elasticity, without[0] if inside is None else inside,
                     without[1] if outside is None else outside, np.array(supply), n, raid)
    marked = raid.fate == RELIEVED
    assert result == marked.sum()
    assert not marked[:len(zone)].any()
    return marked[len(zone):].tolist()


REDUNDANT = (STOPPED, STOPPED_BY_COALITION, 0.5)
PREVENTED = (LEAKS, STOPPED_BY_COALITION, 1.5)
OWN = (STOPPED, LIVE, 0.5)


def leak(margin):
    return (LEAKS, LIVE, margin)


@pytest.mark.parametrize(("share", "elasticity", "saved", "elsewhere", "expected"), [
    (1.0, 1.0, 10, 40, 1.25), (0.5, 1.0, 10, 40, 1.125), (1.0, 0.5, 21, 100, 1.1), (0.0, 1.0, 10, 40, 1.0),
    (1.0, 0.0, 10, 40, 1.0), (1.0, 1.0, 0, 40, 1.0), (1.0, 1.0, 10, 0, 1.0), (1.0, 1.0, -3, 40, 1.0)])
def test_the_multiplier_in_closed_form(share, elasticity, saved, elsewhere, expected):
    assert multiplier(share, elasticity, saved, elsewhere) == pytest.approx(expected, rel=1e-12)


def test_who_has_a_margin_within_the_multiplier_is_stopped():
    """Two saved, four own stops elsewhere: m = 1.5."""
    leakers = [leak(1.51), leak(1.49), leak(np.inf), leak(1.01)]
    assert played([REDUNDANT] * 2, [OWN] * 4 + leakers) == [False] * 4 + [False, True, False, True]
    assert played([REDUNDANT] * 2, [OWN] * 4 + leakers, share=0.01) == [False] * 8
    assert played([REDUNDANT] * 2, [OWN] * 4 + leakers, elasticity=0.1) == [False] * 7 + [True]
    # with rounds for three quarters of the hazard a margin must be within three quarters of it
    assert played([REDUNDANT] * 2, [OWN] * 4 + leakers, supply=(0.75, 1.0, 1.0)) == [False] * 7 + [True]


def test_no_more_are_stopped_than_were_saved_and_the_first_come_first():
    assert played([REDUNDANT] * 2, [OWN] * 2 + [leak(1.1)] * 5) == [False] * 2 + [True, True, False, False, False]


def test_only_redundant_stops_save_anything():
    assert not any(played([PREVENTED] * 9 + [OWN] * 3, [OWN] * 2 + [leak(1.0001)] * 5))
    # nor does a raid with fewer own stops in the zone for another reason: threats sent elsewhere
    assert not any(played([PREVENTED], [OWN] * 2 + [leak(1.0001)] * 5, inside=9))
    # redundant stops elsewhere than in the zone save nothing that is counted
    assert not any(played([OWN], [REDUNDANT] * 4 + [OWN] * 2 + [leak(1.0001)] * 5))


def test_own_stops_never_exceed_those_without_the_option():
    """Of four saved, all but one are used up where the raid with the option meets three more own stops elsewhere."""
    elsewhere = [OWN] * 5 + [leak(1.0001)] * 6
    assert sum(played([REDUNDANT] * 4, elsewhere, inside=4, outside=2)) == 1
    assert sum(played([REDUNDANT] * 4, elsewhere, inside=4, outside=1)) == 0
    assert sum(played([REDUNDANT] * 4, elsewhere, inside=4, outside=9)) == 4


def test_what_aid_stops_is_saved_where_it_is_redundant_and_never_leaks():
    n, raid = night([(STOPPED, LIVE, 0.5), (STOPPED, LIVE, 0.5), (LEAKS, LIVE, 1.1)], [OWN, leak(1.1), leak(1.1)])
    raid.aid_stop_m[:] = [10_000.0, 90_000.0, 10_000.0, np.inf, 10_000.0, np.inf]
    assert relieve(ZONE, 1.0, 1.0, 2, 1, np.ones(N_CLASSES), n, raid) == 1  # one redundant stop by aid; m = 2
    assert raid.fate.tolist() == [LIVE] * 5 + [RELIEVED]


def test_own_stops_without_an_option_are_of_the_launches_that_come_then():
    """Streams are as large as any option meets them; without one the first of each come."""
    n, raid = night(elsewhere=[OWN] * 6)
    raid.aim[:] = [0, 1, 0, 1, 1, 0]
    most, sizes = np.array([3, 0, 3, 0]), np.array([2, 0, 1, 0])
    assert own_stops_without(ZONE, sizes, most, raid) == (1, 2)
    assert own_stops_without(ZONE, most, most, raid) == (3, 3)
    assert n == 6


def test_a_relieved_threat_is_an_own_stop_and_not_prevented():
    n, raid = night([PREVENTED], [leak(1.1), leak(1.1), leak(1.1)])
    raid.fate[1:3] = RELIEVED
    raid.own_soft[:] = [0, 1, 0, 0]
    raid.load[:], raid.could_shoot_s[:] = ARMED, np.inf
    counts, whole = tallied(make_rules(length_m=ROUTES.length_m), n, raid)
    assert whole
    assert {k: v for k, v in zip(COUNTS, counts.tolist(), strict=True) if v} == {
        "launched/uav": 4, "stopped_coalition/uav": 1, "prevented/uav": 1, "prevented_zone": 1, "relieved": 2,
        "stopped_own_soft/uav": 1, "stopped_own_hard/uav": 1, "leaked/uav": 1, "leaked_zone": 1, "leaked_armed": 1,
        "prevented_armed": 3, "prevented_armed_zone": 3}


def test_the_margin_is_minus_log_u_over_the_threats_own_hazard():
    """With a leak rate of 0.4 the hazard is -log 0.4; who leaks has a margin above 1, exactly."""
    n, raid = hand_raid(ROUTES, np.zeros(50))
    hazard = -np.log(0.4)
    own_stops(make_own(leak=0.4), ROUTES, 0, (hazard,) * 4, True, n, raid)
    drawn = np.array([u(OWN_STOP, int(threat))[0] for threat in raid.threat])
    np.testing.assert_allclose(raid.own_margin, -np.log(drawn) / hazard)
    assert ((raid.own_margin > 1.0) == np.isinf(raid.own_stop_m)).all()
    own_stops(make_own(leak=1.0), ROUTES, 0, (0.0,) * 4, True, n, raid._replace(
        own_stop_due=np.ones(n, np.uint8)))
    assert np.isinf(raid.own_margin).all()


BUSY = {"p_missile": np.full((2, 2), 0.5), "missile_mean": np.full((2, 2), 3.0), "front_mean": 60.0}


def world(share=0.0, elasticity=1.0, reach_m=25_000.0, days=30, aid=0.0, **response):
    """Two aims, the first in the zone; option 0 has nothing, 1 shooters near both routes, 2 aid in the zone."""
    forces = make_forces(((), ((20_000.0, 0.0), (0.0, 20_000.0)), ()), reach_m=reach_m, p_kill=0.9, days=days)
    forces = forces._replace(shooter_kind=np.array([[-1, -1], [0, 0], [-1, -1]]))
    forces.presence[0] = 0
    zone = [[0, 0], [1, 0], [1, 0]]
    money = make_aid(3, 2, days=days)
    money.hazard[:, 2, 0] = aid
    return make_world(
        raids=make_raids(days, 2, season=make_season(**BUSY)), routes=ROUTES, own=make_own(leak=0.3, p_soft=0.3),
        forces=forces, rules=make_rules(length_m=ROUTES.length_m, options=3, aim_in_area=[1, 0]), aid=money,
        relief=make_relief(3, 2, share=share, elasticity=elasticity, zone=zone),
        response=make_response(3, 2, declared=[[0, 0], [1, 0], [0, 0]], **response))


def by(result, *names):
    return sum(result[..., COUNTS.index(name)] for name in names)


def of_classes(*names):
    return [f"{name}/{kind}" for name in names for kind in CLASSES]


@pytest.mark.parametrize("response", [{}, {"displacement": 0.5}, {"volume": 1.3}, {"class_shift": 0.3}])
def test_relief_adds_own_stops_and_nothing_else_is_another(response):
    """Every day, whatever the attacker's answer: leakers become own stops, one for one, never above the baseline."""
    off = play(world(aid=0.8, **response), 5, 0, 6).counts
    on = play(world(1.0, aid=0.8, **response), 5, 0, 6).counts
    assert on[..., 0, :].tobytes() == off[..., 0, :].tobytes()
    relieved = by(on, "relieved")
    assert relieved[..., 1].sum() > 0 and relieved[..., 2].sum() > 0
    assert not by(off, "relieved").any()
    own, leaked = of_classes("stopped_own_hard", "stopped_own_soft"), of_classes("leaked")
    assert (by(on, *own) - by(off, *own) == relieved).all()
    assert (by(off, *leaked) - by(on, *leaked) == relieved).all()
    assert (relieved <= by(off, *of_classes("redundant"))).all()
    if not response:
        assert (by(on, *own) <= by(on, *own)[..., :1]).all()
    armed = ("leaked_armed", "leaked/cruise", "leaked/ballistic")
    assert (by(on, "prevented_armed") - by(off, "prevented_armed") == by(off, *armed) - by(on, *armed)).all()
    moved = {"relieved", *own, *leaked, "leaked_zone", "leaked_armed", "prevented_armed", "prevented_armed_zone"}
    for name in set(COUNTS) - moved:
        assert (by(on, name) == by(off, name)).all(), name
    assert (by(on, "leaked_zone") == by(off, "leaked_zone")).all()  # the zone is the protected area here


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_own_stops_are_never_more_than_without_the_option(share, elasticity, seed, displacement):
    """Of the days on which the raid with the option itself brings no more own stops than the baseline has."""
    off = play(world(0.0, elasticity, days=4, aid=1.0, displacement=displacement), seed, 0, 2).counts
    on = play(world(share, elasticity, days=4, aid=1.0, displacement=displacement), seed, 0, 2).counts
    own = of_classes("stopped_own_hard", "stopped_own_soft")
    base = by(off, *own)[..., :1]
    assert (by(on, *own) <= np.maximum(base, by(off, *own))).all()


def test_a_share_or_an_elasticity_of_zero_changes_no_byte():
    off = play(world(aid=0.8), 5, 0, 6)
    for share, elasticity in ((0.0, 1.0), (1.0, 0.0)):
        on = play(world(share, elasticity, aid=0.8), 5, 0, 6)
        assert on.counts.tobytes() == off.counts.tobytes()
        assert on.amounts.tobytes() == off.amounts.tobytes()


def test_more_relief_relieves_more():
    result = [by(play(world(share), 5, 0, 6).counts, "relieved")[..., 1] for share in (0.0, 0.3, 0.6, 1.0)]
    assert all((less <= more).all() for less, more in itertools.pairwise(result))
    assert result[1].sum() < result[3].sum()


def test_where_all_stops_are_prevented_nothing_is_relieved():
    """An own defence that stops what flies elsewhere and nothing in the zone: no stop there is redundant."""
    made = world(1.0)
    weak = made.own._replace(aim_place=np.arange(2), strength=made.own.strength.copy())
    weak.strength[:, :, 0] = 0.0
    result = play_nights(made._replace(own=weak), [(40, 20, 3, 1)], replications=4).counts
    assert by(result, *of_classes("prevented"))[..., 1].sum() > 0
    assert by(result, *of_classes("leaked"))[..., 1].sum() > 0
    assert not by(result, "relieved").any()
