r"""Step 9: incidents, people, alerts.

**Incidents** are expected numbers, not draws. Given what happened that day, an incident of a kind has so many occasions
(a stop above a city, an hour on station, a threat whose way leads through a third state), each with a probability of
the vector; the amount is their sum, E[incidents | the day]. Averaged over days it is the same as the mean of draws
would be, and rare things carry no noise of their own (Rao and Blackwell). What each kind's occasions are:

- ``engagement_near_border``, ``engagement_near_front``: threats shot at whose last shot fell there.
- ``debris_built_up``: kills by anybody, Ukraine and aid too, above a built-up area, times `p_debris`.
- ``stray_weapon``: missiles that missed a threat above a built-up area, where it was last shot at, times `p_stray`.
- ``crossing_*``: threats alive where their route enters a third state; and, for the nearest member state, UAVs jammed
  above the west or leaking there, and cruise missiles leaking there, times `p_crossing`.
- ``encounter_crewed``, ``aircraft_lost_over_ukraine``, ``accident``: hours on station, over Ukraine, in the air.
- ``fratricide``: threats' engagements by the coalition, times `p_fratricide`; and Ukraine's own kills inside the
  option's windows on days with coalition flights, times `p_fratricide_own`.
- ``wrong_class``: threats shot at although their class is not allowed.
- ``people_struck_in_ukraine``, ``base_struck_in_member_state``: strikes on places with coalition people: armed leakers
  in their oblast times `p_site_struck`, and deliberate ones by the day.
- ``embassy_struck``: armed leakers in Kyiv, times `p_embassy`.

**People**: hours of exposure are counted. **Casualties** alone are drawn, since a period's chance of any, or of ten, is
wanted: the number of strikes is Poisson with the expectation above, each costs a negative binomial number of people, at
most those of one place; aircrew of lost aircraft come on top. Without an option's people all of it is zero.

**Alerts**: an oblast is under alert from the time a live threat bound for it has `alert_distance_m` left to fly until
its end. Night hours are counted in bins of ten minutes, one bit each, so threats that come together count once.
"""

import math

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.normal import negative_binomial_quantile, poisson_quantile
from skyshield.core.streams import uniforms
from skyshield.engine import tally as t
from skyshield.engine.steps.engage import STOPPED_BY_COALITION
from skyshield.engine.steps.relieve import RELIEVED
from skyshield.engine.world import CASUALTIES, CRUISE, N_ALERT_WORDS, UAV, Floats, Integers, Raid, World

_DECISION_BITS = 16
_BIN_S = 600.0
_BINS_PER_WORD = 45
_HOUR_S = 3600.0
_DAY_H = 24.0
_IN_UKRAINE, _AT_BASES, _AIRCREW = 0, 1, 2


@kernel
def inside(start_m: Floats, end_m: Floats, route: int, at_m: float) -> bool:
    """Return whether a position lies in one of a route's parts [route, part], ascending and padded with infinity."""
    for part in range(start_m.shape[1]):
        if at_m < start_m[route, part]:
            return False
        if at_m <= end_m[route, part]:
            return True
    return False


@kernel
def mark_alert(alert: Integers, aim: int, from_s: float, to_s: float) -> None:
    """Set the bits [aim, word] of the night's bins that an interval of seconds after 18:00 touches."""
    night_s = N_ALERT_WORDS * _BINS_PER_WORD * _BIN_S
    begin_s, end_s = max(from_s, 0.0), min(to_s, night_s)
    if begin_s >= end_s:
        return
    first, last = int(begin_s / _BIN_S), min(int(end_s / _BIN_S), N_ALERT_WORDS * _BINS_PER_WORD - 1)
    for word in range(N_ALERT_WORDS):
        low = max(first - word * _BINS_PER_WORD, 0)
        high = min(last - word * _BINS_PER_WORD, _BINS_PER_WORD - 1)
        if low <= high:
            alert[aim, word] |= ((1 << (high - low + 1)) - 1) << low


@kernel
def alert_hours(alert: Integers, aim: int) -> float:
    """Return the hours that an aim's bits [aim, word] stand for."""
    n = 0
    for word in range(alert.shape[1]):
        bits = alert[aim, word]
        while bits != 0:
            bits &= bits - 1
            n += 1
    return n * _BIN_S / _HOUR_S


@kernel
def strikes(seed: np.uint64, world: int, day: int, where: int, n: int, mean: float, size: float, most: int) -> int:
    """Return the people that a number of strikes cost, each at most `most`."""
    total = 0
    for event in range(n):
        u = uniforms(seed, world, day << _DECISION_BITS | CASUALTIES, where + 1, event)[0]
        total += min(negative_binomial_quantile(u, mean, size), most)
    return total


@kernel
def count_threats(world: World, vector: int, option: int, n: int, flies: bool, raid: Raid, alert: Integers,
                  amounts: Floats) -> tuple[float, float]:
    """Add what each threat's end is an occasion of; return pairs of armed leakers and places, and jets Ukraine hit.

    A leaker makes a pair with each place in its oblast at which the option has people.
    """
    marks, risks, rules = world.marks, world.risks, world.rules
    # taken out once: reaching into a tuple of arrays for every threat would cost as much as what is done with them
    built_up_start_m, built_up_end_m, third_start_m = marks.built_up_start_m, marks.built_up_end_m, marks.third_start_m
    near_aim_from_m, strays_to, n_sites = marks.near_aim_from_m, marks.strays_to, world.people.n_sites[option]
    window_start_m, window_end_m = rules.window_start_m[option], rules.window_end_m[option]
    alert_distance_m, embassy_aim = risks.alert_distance_m[vector], risks.embassy_aim[0]
    fate, own_stop_m, aid_stop_m, length_m = raid.fate, raid.own_stop_m, raid.aid_stop_m, raid.length_m
    routes, aims, kinds, own_soft, armed = raid.route, raid.aim, raid.threat_class, raid.own_soft, raid.armed
    departure_s, pace_s_m, engagements = raid.departure_s, raid.pace_s_m, raid.engagements
    met, kills_over_cities, leaks_in_capital, own_kills_among_jets = 0, 0, 0, 0
    alert[:] = 0
    for i in range(n):
        route, aim = routes[i], aims[i]
        own_m = min(own_stop_m[i], length_m[i])
        by_coalition = fate[i] == STOPPED_BY_COALITION
        by_aid = not by_coalition and aid_stop_m[i] < own_m
        by_own = not by_coalition and not by_aid and (own_stop_m[i] <= length_m[i] or fate[i] == RELIEVED)
        leaks = not (by_coalition or by_aid or by_own)
        end_m = raid.shot_m[i] if by_coalition else min(own_m, aid_stop_m[i])
        near_m = length_m[i] - alert_distance_m
        if near_m < end_m:
            mark_alert(alert, aim, departure_s[i] + max(0.0, near_m) * pace_s_m[i],
                       departure_s[i] + end_m * pace_s_m[i])
        if third_start_m[route, 0] < end_m:
            for part in range(third_start_m.shape[1]):
                if third_start_m[route, part] < end_m:
                    amounts[t.INCIDENTS + marks.third_incident[route, part]] += 1.0
        if leaks:
            if armed[i]:
                met += n_sites[aim]
                leaks_in_capital += aim == embassy_aim
            if strays_to[aim] >= 0 and kinds[i] <= CRUISE:
                amounts[t.INCIDENTS + strays_to[aim]] += risks.p_crossing[vector]
        elif by_own and own_soft[i]:
            if strays_to[aim] >= 0 and kinds[i] == UAV and end_m >= near_aim_from_m[route]:
                amounts[t.INCIDENTS + strays_to[aim]] += risks.p_crossing[vector]
        else:
            kills_over_cities += inside(built_up_start_m, built_up_end_m, route, end_m)
            own_kills_among_jets += flies and by_own and inside(window_start_m, window_end_m, route, end_m)
        if engagements[i] > 0:
            shot_m = raid.shot_m[i]
            amounts[t.FRATRICIDE] += engagements[i] * risks.p_fratricide[vector]
            amounts[t.WRONG_CLASS] += not rules.class_allowed[option, kinds[i]]
            amounts[t.NEAR_BORDER] += inside(marks.border_start_m, marks.border_end_m, route, shot_m)
            amounts[t.NEAR_FRONT] += inside(marks.front_start_m, marks.front_end_m, route, shot_m)
            if raid.missed[i] > 0 and inside(built_up_start_m, built_up_end_m, route, shot_m):
                amounts[t.STRAY] += raid.missed[i] * risks.p_stray[vector]
    hit_by_own = own_kills_among_jets * risks.p_fratricide_own[vector]
    amounts[t.DEBRIS] += kills_over_cities * risks.p_debris[vector]
    amounts[t.EMBASSY] += leaks_in_capital * risks.p_embassy[vector]
    amounts[t.FRATRICIDE] += hit_by_own
    return float(met), hit_by_own


@kernel
def count_incidents(world: World, seed: np.uint64, word: int, day: int, option: int, n: int, raid: Raid,
                    alert: Integers, counts: Integers, amounts: Floats) -> float:
    """Add the day's incidents, exposure, casualties and alert hours; flight hours are known already.

    Returns the coalition's aircraft among those hit by mistake, as the incidents an expected number.
    """
    vector = word >> _DECISION_BITS
    risks, people = world.risks, world.people
    hours = amounts[t.FLIGHT_HOURS]
    met, hit_by_own = count_threats(world, vector, option, n, hours > 0.0, raid, alert, amounts)
    for aim in range(alert.shape[0]):
        amounts[t.ALERT] += alert_hours(alert, aim) * people.population[aim]
    if not world.forces.active[option, day]:
        return hit_by_own
    over_h = hours * risks.share_over_ukraine[vector, option]
    amounts[t.ENCOUNTER] += hours * risks.share_on_station[vector, option] * risks.encounters_per_h[vector]
    lost_over = over_h * risks.aircraft_lost_per_h[vector]
    accidents = hours * risks.accidents_per_h[vector]
    amounts[t.AIRCRAFT_LOST] += lost_over
    amounts[t.ACCIDENT] += accidents
    amounts[t.PEOPLE_BY_ROLE] += over_h * people.on_board[vector]
    amounts[t.PEOPLE_BY_ROLE + 1] += _DAY_H * people.crews[vector, option]
    amounts[t.PEOPLE_BY_ROLE + 2] += _DAY_H * people.at_bases[vector, option]
    amounts[t.PEOPLE_EXPOSED] += over_h * people.on_board[vector] + _DAY_H * people.crews[vector, option]
    on_sites = met * people.p_site_struck[vector] + people.deliberate_per_site_day[vector] * people.sites[option]
    on_bases = people.deliberate_per_base_day[vector] * people.n_bases[option]
    amounts[t.PEOPLE_STRUCK] += on_sites
    amounts[t.BASE_STRUCK] += on_bases
    aircrew = (lost_over + accidents + hit_by_own) * people.on_board[vector] * people.p_aircrew_casualty[vector]
    if on_sites + on_bases + aircrew <= 0.0:
        return hit_by_own
    u = uniforms(seed, word, day << _DECISION_BITS | CASUALTIES, 0, 0)
    mean, size = people.casualties_per_strike[vector], people.casualty_dispersion[vector]
    counts[t.CASUALTIES] += (
        strikes(seed, word, day, _IN_UKRAINE, poisson_quantile(u[_IN_UKRAINE], on_sites), mean, size,
                math.floor(people.largest_site[vector, option]))
        + strikes(seed, word, day, _AT_BASES, poisson_quantile(u[_AT_BASES], on_bases), mean, size,
                  math.floor(people.largest_base[vector, option]))
        + poisson_quantile(u[_AIRCREW], aircrew))
    return hit_by_own
