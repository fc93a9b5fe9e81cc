"""Steps 8, 12, 19 and 20: how each threat ends, and the tally of the day.

A stop by the coalition or by aid is `prevented` if the own defence would have let the threat through, and `redundant`
if it would have stopped it later anyway. A stop by relief is the own defence's. `saturated` are threats that a free
shooter could have shot at while they lived, and none did. Every launched threat ends in exactly one of: stopped by own
defence (kill or diversion), stopped by aid, stopped by the coalition, leaked.

With its end goes what it is an occasion of, wherever it comes from: a kill above a built-up area, the way into a third
state, an alert (`steps.incidents` says what is made of them). Ends are counted in whole numbers, which add up to the
same in any order. So they are counted once for the raid as Ukraine alone would meet it; for an option the few threats
that it touches are taken out again and added with the end that it gives them. Where the attacker's adaptation makes it
another raid, that raid has totals of its own.
"""

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import CRUISE, DECOY, LOADS, N_CLASSES, N_STREAMS, UAV
from skyshield.engine import tally as t
from skyshield.engine.arrays import copy_to, equal
from skyshield.engine.scratch import EVENTS, STRAYS, Ends, Raid
from skyshield.engine.steps.alerts import count_alerts, shorten_alert, sum_alerts
from skyshield.engine.steps.engage import LIVE, STOPPED_BY_COALITION
from skyshield.engine.steps.permit import NOT_REFUSED, REFUSED_BY_STANDOFF
from skyshield.engine.steps.relieve import RELIEVED
from skyshield.engine.world import Marks, Rules, World

LEAKS, BY_OWN, BY_AID, BY_COALITION = range(4)
ANYWHERE, IN_AREA = 0, 1  # of `Ends.bound`
N_LOADS = len(LOADS)
_DEBRIS = t.DEBRIS - t.INCIDENTS


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
def own_end(i: int, raid: Raid) -> tuple[int, float]:
    """Return whether Ukraine alone stops a threat, and where it ends then."""
    if raid.own_stop_m[i] <= raid.length_m[i]:
        return BY_OWN, raid.own_stop_m[i]
    return LEAKS, raid.length_m[i]


@kernel
def end_of(i: int, raid: Raid) -> tuple[int, float]:
    """Return who stops a threat under the option, and where it ends."""
    who, end_m = own_end(i, raid)
    if raid.fate[i] == STOPPED_BY_COALITION:
        return BY_COALITION, raid.shot_m[i]
    if raid.aid_stop_m[i] < end_m:
        return BY_AID, raid.aid_stop_m[i]
    return (BY_OWN if raid.fate[i] == RELIEVED else who), end_m


@kernel
def count_end(marks: Marks, aim_in_area: Flags, i: int, who: int, end_m: float, sign: int, raid: Raid,
              ends: Ends) -> None:
    """Add a threat's end to the totals, or take it out with a `sign` of -1."""
    kind, aim, route, load = raid.threat_class[i], raid.aim[i], raid.route[i], raid.load[i]
    counts, occasions = ends.counts, ends.occasions
    would_leak = raid.own_stop_m[i] > raid.length_m[i]
    strays, killed = False, False
    if who == LEAKS:
        counts[t.LEAKED + kind] += sign
        counts[t.LEAKED_ZONE] += sign * int(aim_in_area[aim])
        counts[t.LEAKED_ARMED] += sign * int(kind == UAV and load != DECOY)
        ends.leakers[aim, load if kind == UAV else kind + N_LOADS - 1] += sign
        if load != DECOY:
            ends.bound[ANYWHERE] += sign
            ends.bound[IN_AREA] += sign * int(aim_in_area[raid.bound[i]])
        strays = kind <= CRUISE
    elif who == BY_OWN:
        soft = raid.own_soft[i]
        counts[(t.OWN_SOFT if soft else t.OWN_HARD) + kind] += sign
        counts[t.RELIEVED] += sign * would_leak
        strays = soft and kind == UAV and end_m >= marks.near_aim_from_m[route]
        killed = not soft
    else:
        counts[(t.COALITION if who == BY_COALITION else t.AID) + kind] += sign
        if would_leak:
            counts[t.PREVENTED + kind] += sign
            counts[t.PREVENTED_ZONE] += sign * int(aim_in_area[aim])
        else:
            counts[t.REDUNDANT + kind] += sign
        killed = True
    if strays and marks.strays_to[aim] >= 0:
        occasions[STRAYS, marks.strays_to[aim]] += sign
    if killed and inside(marks.built_up_start_m, marks.built_up_end_m, route, end_m):
        occasions[EVENTS, _DEBRIS] += sign
    if marks.third_start_m[route, 0] < end_m:
        for part in range(marks.third_start_m.shape[1]):
            if marks.third_start_m[route, part] < end_m:
                occasions[EVENTS, marks.third_incident[route, part]] += sign


@kernel
def count_own_ends(world: World, vector: int, n: int, raid: Raid, ends: Ends) -> None:
    """Fill the totals of the raid as Ukraine alone meets it, alerts included."""
    marks, aim_in_area, alert_distance_m = world.marks, world.rules.aim_in_area, world.risks.alert_distance_m[vector]
    ends.counts[:] = 0
    ends.occasions[:] = 0
    ends.leakers[:] = 0
    ends.bound[:] = 0
    for i in range(n):
        who, end_m = own_end(i, raid)
        ends.counts[t.LAUNCHED + raid.threat_class[i]] += 1
        count_end(marks, aim_in_area, i, who, end_m, 1, raid, ends)
    count_alerts(world.routes, world.people.population, alert_distance_m, n, raid, ends)


@kernel
def count_alone(world: World, launches: Integers, most: Integers, raid: Raid, raid_ends: Ends,
                alone: Ends) -> None:
    """Fill counts and armed leakers of what comes without an option, as Ukraine alone meets it.

    The raid holds the `most` of each stream that any option meets; of these the first `launches` [stream] come.
    """
    if equal(launches, most):
        copy_to(alone.counts, raid_ends.counts)
        copy_to(alone.bound, raid_ends.bound)
        return
    alone.counts[:] = 0
    alone.bound[:] = 0
    first = 0
    for stream in range(N_STREAMS):
        for i in range(first, first + launches[stream]):
            who, end_m = own_end(i, raid)
            count_end(world.marks, world.rules.aim_in_area, i, who, end_m, 1, raid, alone)
        first += most[stream]


@kernel
def count_ends(world: World, vector: int, n: int, anywhere: bool, raid: Raid, own_ends: Ends, ends: Ends) -> None:
    """Fill the totals of the raid as it ends under the option, from those of `own_ends`.

    `anywhere` says whether the option may touch others than those that cross its zone.
    """
    marks, aim_in_area, alert_distance_m = world.marks, world.rules.aim_in_area, world.risks.alert_distance_m[vector]
    copy_to(ends.counts, own_ends.counts)
    copy_to(ends.bound, own_ends.bound)
    for aim in range(ends.leakers.shape[0]):
        copy_to(ends.leakers[aim], own_ends.leakers[aim])
    for column in range(ends.occasions.shape[0]):
        copy_to(ends.occasions[column], own_ends.occasions[column])
    n_touched = 0
    for k in range(n if anywhere else raid.n_crossing[0]):
        i = k if anywhere else int(raid.crossing[k])
        raid.waiting[n_touched] = i
        n_touched += raid.fate[i] != LIVE or raid.aid_stop_m[i] < min(raid.own_stop_m[i], raid.length_m[i])
    copy_to(ends.alert_bins, own_ends.alert_bins)
    if n_touched > 0:
        for k in range(ends.cover.shape[0]):
            copy_to(ends.cover[k], own_ends.cover[k])
    for touched in range(n_touched):
        i = raid.waiting[touched]
        own, own_m = own_end(i, raid)
        who, end_m = end_of(i, raid)
        count_end(marks, aim_in_area, i, own, own_m, -1, raid, ends)
        count_end(marks, aim_in_area, i, who, end_m, 1, raid, ends)
        shorten_alert(world.routes, alert_distance_m, i, own_m, end_m, raid, ends)
    sum_alerts(world.people.population, ends, ends)


@kernel
def count_day(rules: Rules, option: int, raid: Raid, alone: Ends, ends: Ends, counts: Integers) -> bool:
    """Add the day's ends to `counts` [measure], and who was engaged or held back.

    Armed threats are kept from their aims as far as fewer leak than of what comes without an option (`alone`), each
    counted where it was launched at: so one that is sent elsewhere and leaks there is not kept from its aim.

    Returns whether every threat is accounted for.
    """
    for k in range(counts.shape[0]):
        counts[k] += ends.counts[k]
    counts[t.PREVENTED_ARMED] += alone.bound[ANYWHERE] - ends.bound[ANYWHERE]
    counts[t.PREVENTED_ARMED_ZONE] += alone.bound[IN_AREA] - ends.bound[IN_AREA]
    for k in range(raid.n_crossing[0]):
        i = raid.crossing[k]
        if raid.engagements[i] > 0:
            counts[t.ENGAGED] += 1
        else:
            end_m = min(own_end(i, raid)[1], raid.aid_stop_m[i])
            counts[t.SATURATED] += raid.could_shoot_s[i] < raid.departure_s[i] + end_m * raid.pace_s_m[i]
        if raid.refused[i] != NOT_REFUSED:
            counts[t.REFUSED + raid.refused[i] - 1] += 1
            if raid.refused[i] == REFUSED_BY_STANDOFF:
                counts[t.REFUSED_BY + rules.refused_by[option, raid.route[i]] - 1] += 1
    for kind in range(N_CLASSES):
        ended = (counts[t.OWN_HARD + kind] + counts[t.OWN_SOFT + kind] + counts[t.AID + kind]
                 + counts[t.COALITION + kind] + counts[t.LEAKED + kind])
        if ended != counts[t.LAUNCHED + kind]:
            return False
    return True
