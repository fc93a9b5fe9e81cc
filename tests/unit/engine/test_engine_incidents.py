"""Step 22 against an independent recomputation: fates as sets, positions as intervals.

Mutations tried, each caught: marks looked up at the aim instead of at the end; the border's marks for the front's;
aid's stops left out of the debris; soft stops counted as debris; a state counted once though entered twice; a threat
that is stopped before it enters a state counted; a coalition's stop straying; the share of the jammed not cut at the
region's edge; missiles' strays without the misses; friendly fire by the option on days without flights; aircraft lost
over all flight hours; crews counted as aircrew; a strike on a base that costs as many as one on a crew may;
casualties with the dispersion's inverse.
"""

import math

import numpy as np
import pytest
from scipy import stats

from skyshield.core.vocabulary import ARMED, DECOY, INCIDENT_KINDS, LOADS, UAV
from skyshield.engine import COUNTS, play
from skyshield.engine import tally as t
from skyshield.engine.scratch import new_raid, new_scratch
from skyshield.engine.steps.engage import STOPPED_BY_COALITION
from skyshield.engine.steps.incidents import count_incidents
from skyshield.engine.steps.relieve import RELIEVED
from skyshield.engine.world import CASUALTIES
from support.worlds import (
    SEED,
    ended,
    hand_raid,
    make_forces,
    make_marks,
    make_own,
    make_people,
    make_raids,
    make_risks,
    make_routes,
    make_rules,
    make_world,
    play_nights,
    u,
)

KM = 1_000.0
ROUTES = make_routes([((0.0, 0.0), (100 * KM, 0.0)), ((0.0, 0.0), (0.0, 100 * KM)), ((0.0, 0.0), (80 * KM, 60 * KM))])
POLAND, MOLDOVA = (t.INCIDENTS + INCIDENT_KINDS.index(f"crossing_{name}") for name in ("poland", "moldova"))
BORDER = [[(0.0, 20 * KM)], [], [(10 * KM, 15 * KM), (30 * KM, 40 * KM)]]
FRONT = [[(15 * KM, 50 * KM)], [(0.0, 5 * KM)], []]
BUILT_UP = [[(30 * KM, 40 * KM), (90 * KM, 100 * KM)], [(80 * KM, 100 * KM)], []]
THIRD = [[(25 * KM, POLAND - t.INCIDENTS), (70 * KM, MOLDOVA - t.INCIDENTS)], [], [(50 * KM, MOLDOVA - t.INCIDENTS)]]
WINDOWS = [[(20 * KM, 60 * KM)], [(0.0, 30 * KM), (50 * KM, 70 * KM)], []]
WEST_FROM = np.array([np.inf, 60 * KM, np.inf])
STRAYS = np.array([-1, POLAND - t.INCIDENTS, -1])
SITES = np.array([[0, 2, 1]])
P = {"p_debris": 0.25, "p_stray": 0.125, "p_crossing": 0.5, "p_fratricide": 0.01, "p_fratricide_own": 0.001,
     "p_embassy": 0.03, "encounters_per_h": 1e-3, "aircraft_lost_per_h": 2e-3, "accidents_per_h": 3e-3,
     "share_on_station": 0.4, "share_over_ukraine": 0.7}


def full_world(classes=((1, 0, 0),), **people):
    return make_world(
        raids=make_raids(1, 3), routes=ROUTES, forces=make_forces(),
        rules=make_rules([WINDOWS], ROUTES.length_m, classes=classes),
        marks=make_marks(3, 3, BORDER, FRONT, BUILT_UP, THIRD, WEST_FROM, STRAYS),
        risks=make_risks(embassy_aim=2, alert_distance_m=40 * KM, **P),
        people=make_people(n_aims=3, population=[1.0, 100.0, 10_000.0], n_sites=SITES, n_bases=3, on_board=1.25,
                           crews=50.0, at_bases=400.0, p_site_struck=0.002, deliberate_per_site_day=0.01,
                           deliberate_per_base_day=0.001, **people))


def random_raid(n=3_000, seed=5):
    """Fates of every sort, as no engagement would give them: the step must not care where they come from."""
    draw = np.random.default_rng(seed)
    _, raid = hand_raid(ROUTES, draw.uniform(-1_000.0, 70_000.0, n), route=draw.integers(0, 3, n),
                        kind=draw.integers(0, 3, n))
    raid.own_stop_m[:] = np.where(draw.random(n) < 0.6, draw.uniform(0.0, 100 * KM, n), np.inf)
    raid.aid_stop_m[:] = np.where(draw.random(n) < 0.3, draw.uniform(0.0, 100 * KM, n), np.inf)
    raid.own_soft[:] = draw.random(n) < 0.4
    raid.load[:] = np.where(raid.threat_class == UAV, draw.integers(0, len(LOADS), n), ARMED)
    raid.engagements[:] = np.where(draw.random(n) < 0.4, draw.integers(1, 3, n), 0)
    raid.shot_m[:] = draw.uniform(0.0, 1.0, n) * np.minimum(np.minimum(raid.own_stop_m, raid.aid_stop_m), 100 * KM)
    raid.missed[:] = raid.engagements * draw.integers(0, 2, n)
    raid.fate[:] = (raid.engagements > 0) & (draw.random(n) < 0.5)
    relieved = (raid.fate == 0) & ~np.isfinite(raid.own_stop_m) & (draw.random(n) < 0.2)
    raid.fate[relieved] = RELIEVED
    return n, raid


def step(world, n, raid, flight_hours=0.0, word=0, day=0, engaged=(0, 0)):
    counts, amounts = np.zeros(len(COUNTS), np.int64), np.zeros(len(t.AMOUNTS))
    amounts[t.FLIGHT_HOURS] = flight_hours
    scratch = new_scratch(world.forces, world.costs, new_raid(0), new_raid(0), 3, 1)
    result = ended(world, n, raid)
    count_incidents(world, SEED, word, day, 0, 0, np.array(engaged), raid, result, result, scratch.campaign,
                    scratch.struck, counts, amounts)
    return counts, amounts


def within(parts, routes, at):
    return np.array([any(a <= s <= b for a, b in parts[r]) for r, s in zip(routes, at, strict=True)])


def ends(raid):
    """Return where each ends, and of what: arrays of the coalition, of aid, of the own defence, of nothing."""
    of_coalition = raid.fate == STOPPED_BY_COALITION
    first = np.minimum(np.minimum(raid.own_stop_m, raid.aid_stop_m), raid.length_m)
    at = np.where(of_coalition, raid.shot_m, first)
    of_aid = ~of_coalition & (raid.aid_stop_m == first) & (raid.aid_stop_m < raid.length_m)
    of_own = ~of_coalition & ~of_aid & ((raid.own_stop_m == first) | (raid.fate == RELIEVED))
    return at, of_coalition, of_aid, of_own, ~of_coalition & ~of_aid & ~of_own


@pytest.mark.parametrize("hours", [0.0, 120.0])
def test_incidents_are_their_occasions_times_their_probabilities(hours):
    n, raid = random_raid()
    world = full_world()
    _, amounts = step(world, n, raid, hours)
    at, of_coalition, of_aid, of_own, leaks = ends(raid)
    route, uav, soft = raid.route, raid.threat_class == 0, raid.own_soft == 1
    shot_at, fired = raid.engagements > 0, raid.shot_m
    expected = dict.fromkeys(INCIDENT_KINDS, 0.0)
    expected["engagement_near_border"] = (shot_at & within(BORDER, route, fired)).sum()
    expected["engagement_near_front"] = (shot_at & within(FRONT, route, fired)).sum()
    kills = of_coalition | of_aid | (of_own & ~soft)
    expected["debris_built_up"] = 0.25 * (kills & within(BUILT_UP, route, at)).sum()
    expected["stray_weapon"] = 0.125 * raid.missed[shot_at & within(BUILT_UP, route, fired)].sum()
    entered = [(k, state) for k in range(n) for start, state in THIRD[route[k]] if start < at[k]]
    for state in (POLAND, MOLDOVA):
        expected[INCIDENT_KINDS[state - t.INCIDENTS]] = sum(s == state - t.INCIDENTS for _, s in entered)
    west = route == 1
    strays = west & ((leaks & (raid.threat_class <= 1)) | (of_own & soft & uav & (at >= 60 * KM)))
    expected["crossing_poland"] += 0.5 * strays.sum()
    expected["embassy_struck"] = 0.03 * (leaks & (route == 2) & (raid.load != DECOY)).sum()
    expected["wrong_class"] = (shot_at & ~uav).sum()
    among = (of_own & ~soft & within(WINDOWS, route, at)).sum() if hours else 0
    expected["fratricide"] = 0.01 * raid.engagements.sum() + 0.001 * among
    expected["encounter_crewed"] = hours * 0.4 * 1e-3
    expected["aircraft_lost_over_ukraine"] = hours * 0.7 * 2e-3
    expected["accident"] = hours * 3e-3
    armed = leaks & (raid.load != DECOY)
    met = (SITES[0][route] * armed).sum()
    expected["people_struck_in_ukraine"] = 0.002 * met + 0.01 * 3
    expected["base_struck_in_member_state"] = 0.001 * 3
    result = dict(zip(INCIDENT_KINDS, amounts[t.INCIDENTS:t.PEOPLE_EXPOSED], strict=True))
    assert result == {kind: pytest.approx(value, rel=1e-12) for kind, value in expected.items()}
    assert sum(value > 0.0 for value in expected.values()) >= (14 if hours else 11)
    aircrew = hours * 0.7 * 1.25
    assert amounts[t.PEOPLE_BY_ROLE:t.ALERT].tolist() == pytest.approx(
        [aircrew, 24 * 50.0, 24 * 400.0, 0.0, 0.0])
    assert amounts[t.PEOPLE_EXPOSED] == pytest.approx(aircrew + 24 * 50.0)


def test_marks_end_where_they_say():
    """A position on a mark's edge is inside, one beside it is not, and a state must be entered alive."""
    for stop, debris, crossed in ((30 * KM, 1, 1), (40 * KM, 1, 1), (40 * KM + 1.0, 0, 1), (25 * KM, 0, 0),
                                  (25 * KM + 1.0, 0, 1), (95 * KM, 1, 1)):
        n, raid = hand_raid(ROUTES, [0.0], own_stop_m=stop)
        _, amounts = step(full_world(), n, raid)
        assert (amounts[t.DEBRIS], amounts[POLAND]) == (0.25 * debris, crossed)
        assert amounts[MOLDOVA] == (stop > 70 * KM)


def test_an_option_that_is_not_there_has_no_people_and_no_risk_of_its_own():
    n, raid = random_raid()
    raid.fate[:], raid.engagements[:], raid.missed[:] = 0, 0, 0
    world = full_world(casualties_per_strike=5.0)
    world.forces.presence[:] = 0
    counts, amounts = step(world, n, raid)
    named = dict(zip(t.AMOUNTS, amounts, strict=True))
    common = {"incidents/debris_built_up", "incidents/crossing_poland", "incidents/crossing_moldova",
              "incidents/embassy_struck", "alert_person_hours"}
    assert {name for name, value in named.items() if value > 0.0} == common
    assert not counts.any()


def casualties(days, **people):
    """Return the casualties of days without threats: i8[day]."""
    world = make_world(raids=make_raids(days), forces=make_forces(n_stations=[0.0], days=days),
                       people=make_people(**people))
    return play_nights(world, [(0, 0, 0, 0)]).counts[0, :, 0, t.CASUALTIES]


def negative_binomial(mean, size):
    return stats.nbinom(size, size / (size + mean))


@pytest.mark.parametrize(("rate", "mean", "size", "cap"), [
    (0.3, 3.0, 0.3, 1e6), (0.3, 6.0, 0.3, 8.0), (2.5, 1.5, 1.0, 4.0)])
def test_casualties_have_the_mean_and_the_chances_of_their_distribution(rate, mean, size, cap):
    days, sites = 60_000, 2
    result = np.concatenate([casualties(days, n_sites=[[sites]], deliberate_per_site_day=rate / sites,
                                        casualties_per_strike=mean, casualty_dispersion=size, largest_site=cap),
                             casualties(days, n_bases=1, deliberate_per_base_day=rate, casualties_per_strike=mean,
                                        casualty_dispersion=size, largest_base=cap)])
    one = negative_binomial(mean, size)
    k = np.arange(2_000)
    cost = np.minimum(k, cap)
    first, second = (cost * one.pmf(k)).sum(), (cost**2 * one.pmf(k)).sum()
    n = len(result)
    assert n >= 100_000
    assert result.mean() == pytest.approx(rate * first, abs=4.0 * math.sqrt(rate * second / n))
    p_any = 1.0 - math.exp(-rate * (1.0 - one.pmf(0)))
    assert (result > 0).mean() == pytest.approx(p_any, abs=4.0 * math.sqrt(p_any * (1.0 - p_any) / n))
    assert result[:days].tolist() != result[days:].tolist()  # strikes in Ukraine and on bases have draws of their own


def test_aircrew_come_on_top():
    days, hours = 120_000, 24.0 * 2.0 * 2.0  # two patrols, 24 sorties of two hours each
    world = make_world(raids=make_raids(days), forces=make_forces(stations=(((0.0, 0.0),) * 2,), days=days),
                       risks=make_risks(accidents_per_h=1e-3, aircraft_lost_per_h=2e-3, share_over_ukraine=0.5),
                       people=make_people(on_board=1.5, p_aircrew_casualty=0.4))
    result = play_nights(world, [(0, 0, 0, 0)]).counts[0, :, 0, t.CASUALTIES]
    rate = hours * (1e-3 + 0.5 * 2e-3) * 1.5 * 0.4
    assert result.mean() == pytest.approx(rate, abs=4.0 * math.sqrt(rate / days))
    assert result.var() == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize("largest", [1_000, 5])
def test_the_draws_of_strikes_are_those_of_their_addresses(largest):
    result = casualties(40, n_sites=[[1]], deliberate_per_site_day=1.2, casualties_per_strike=4.0,
                        largest_site=float(largest))
    expected = []
    for day in range(40):
        n = int(stats.poisson(1.2).ppf(u(CASUALTIES, 0, day=day)[0]))
        draws = [u(CASUALTIES, 1, event, day=day)[0] for event in range(n)]
        expected.append(sum(min(largest, int(negative_binomial(4.0, 0.3).ppf(draw))) for draw in draws))
    assert sum(expected) > 0
    assert result.tolist() == expected


def test_missiles_that_miss_are_counted_guns_are_not():
    for munition, missed in ((0, 2), (1, 2), (2, 2), (3, 0), (4, 0)):
        forces = make_forces(p_kill=0.0, max_shots=2, munition=np.array([[munition]]))
        world = make_world(raids=make_raids(1, 1), own=make_own(), forces=forces,
                           marks=make_marks(1, built_up=[[(0.0, 100 * KM)]]), risks=make_risks(p_stray=1.0))
        amounts = play_nights(world, [(1, 0, 0, 0)]).amounts[0, 0, 0]
        assert amounts[t.STRAY] == missed


def test_the_option_is_in_no_draw_and_an_empty_one_is_the_baseline():
    people = make_people(options=3, n_aims=1, n_sites=[[0], [2], [2]], deliberate_per_site_day=0.4,
                         casualties_per_strike=5.0, crews=[[[0.0], [40.0], [40.0]]])
    forces = make_forces((((0.0, 0.0),),) * 3, n_stations=[0.0, 0.0, 0.0], days=30)
    forces.presence[0] = 0
    world = make_world(raids=make_raids(30), own=make_own(leak=0.5), forces=forces, people=people,
                       risks=make_risks(options=3, p_debris=0.3), marks=make_marks(1, built_up=[[(0.0, 100 * KM)]]))
    result = play_nights(world, [(20, 5, 0, 0)], replications=4)
    assert result.counts[:, :, 1].tobytes() == result.counts[:, :, 2].tobytes()
    assert result.amounts[:, :, 1].tobytes() == result.amounts[:, :, 2].tobytes()
    assert result.counts[:, :, 1, t.CASUALTIES].any() and not result.counts[:, :, 0, t.CASUALTIES].any()
    assert (result.amounts[:, :, 0, t.DEBRIS] == result.amounts[:, :, 1, t.DEBRIS]).all()
    assert play(world, 3, 0, 2).amounts[..., t.ALERT].any()
