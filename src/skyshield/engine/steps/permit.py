"""Step 16: identify, and apply the rules.

Each threat is taken to be of a class that may be shot at, or not, with a probability that depends on its class and on
how sure the rules want the operator to be (`Forces.p_accepted`); so one of a class that is not allowed is now and then
shot at. A shooter may engage a threat where the threat's route is inside the option's zone after stand-offs (the
rule's windows), inside the shooter's reach and sector (`steps.reach`), and not before the release chain has answered.
What holds a threat back is remembered, in this order: its class is not allowed; the stand-offs and buffers leave no
window; it is allowed but not taken to be; it is left to Ukraine's own shooters.
"""

import numpy as np

from skyshield.core.arrays import Flags, Floats
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import BALLISTIC, CRUISE, UAV
from skyshield.engine.scratch import Raid, Scratch
from skyshield.engine.steps.detect import release_time_s
from skyshield.engine.steps.reach import earliest_in, guards
from skyshield.engine.steps.scramble import earliest_scramble
from skyshield.engine.world import Forces, Routes, Rules

NOT_REFUSED, REFUSED_BY_CLASS, REFUSED_BY_STANDOFF, REFUSED_BY_IDENTIFICATION, REFUSED_BY_DECONFLICTION = range(5)


@kernel
def find_crossing(crosses: Flags, n: int, raid: Raid) -> int:
    """List the threats whose route crosses the option's declared zone, as `crosses` [route] says; return how many."""
    n_crossing = 0
    for i in range(n):
        raid.crossing[n_crossing] = i
        n_crossing += crosses[raid.route[i]] != 0
    return n_crossing


@kernel
def most_seen(threat_class: int, manned: Flags, p_seen: Floats) -> float:
    """Return the largest share of a class that any manned shooter can hold a track on, 0 if nobody is there."""
    most = 0.0
    for slot in range(manned.shape[0]):
        if manned[slot]:
            most = max(most, p_seen[slot, threat_class])
    return most


@kernel
def permit(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, n: int, scratch: Scratch,
           raid: Raid) -> None:
    """Fill each threat's earliest opening under the option's rules, whose it is, and why there is none."""
    anyone = scratch.manned.sum() > 0  # else no clause is what holds anyone back
    raid.n_crossing[0] = find_crossing(rules.crosses_declared[option], n if anyone else 0, raid)
    seen = (most_seen(UAV, scratch.manned, scratch.p_seen), most_seen(CRUISE, scratch.manned, scratch.p_seen),
            most_seen(BALLISTIC, scratch.manned, scratch.p_seen))
    for k in range(raid.n_crossing[0]):
        i = raid.crossing[k]
        raid.opening_s[i] = np.inf
        raid.could_shoot_s[i] = np.inf
        raid.refused[i] = NOT_REFUSED
        route = raid.route[i]
        kind_allowed = rules.class_allowed[option, raid.threat_class[i]]
        accepted = raid.identify_u[i] < forces.p_accepted[vector, option, raid.threat_class[i]]
        if not kind_allowed and not accepted:
            raid.refused[i] = REFUSED_BY_CLASS
            continue
        first, last = forces.near_first[option, route], forces.near_first[option, route + 1]
        for near in range(first, last if raid.track_u[i] < seen[raid.threat_class[i]] else first):
            slot = forces.near_slot[near]
            kind = forces.shooter_kind[option, slot]
            if (scratch.manned[slot] and raid.track_u[i] < scratch.p_seen[slot, raid.threat_class[i]]
                    and guards(forces, vector, option, slot, raid.ring_u[i])):
                work_s = forces.engagement_time_s[vector, kind]
                release_s = release_time_s(forces.release_time_s[vector, option], forces.handover_time_s[vector],
                                           raid.track_u[i], scratch.p_track[kind])
                begin_s = earliest_in(scratch.reach, near, raid.threat_class[i], raid.departure_s[i], raid.pace_s_m[i],
                                      release_s, -np.inf, work_s)
                late = begin_s + work_s > forces.on_duty_until_s[option, slot]
                if late or (begin_s >= raid.opening_s[i] and begin_s + work_s >= raid.could_shoot_s[i]):
                    continue
                could_s = begin_s
                if forces.alert_time_s[vector, kind] > 0.0 and begin_s < np.inf:
                    could_s = earliest_scramble(
                        scratch.reach, routes, forces, option, vector, near, i, raid, release_s, -np.inf, -np.inf,
                        forces.x_m[option, slot], forces.y_m[option, slot], forces.alert_time_s[vector, kind], np.inf,
                        work_s)
                if could_s < np.inf:
                    if begin_s < raid.opening_s[i]:
                        raid.opening_s[i] = begin_s
                        raid.first_near[i] = near
                    raid.could_shoot_s[i] = min(raid.could_shoot_s[i], could_s + work_s)
        if raid.opening_s[i] == np.inf:
            if rules.window_start_m[option, route, 0] == np.inf:
                raid.refused[i] = REFUSED_BY_STANDOFF
        else:
            raid.first_s[i] = raid.opening_s[i]
            if not accepted:
                raid.refused[i] = REFUSED_BY_IDENTIFICATION
            elif raid.joint_u[i] >= forces.p_deconflicted[vector]:
                raid.refused[i] = REFUSED_BY_DECONFLICTION
            if raid.refused[i] != NOT_REFUSED:
                raid.opening_s[i] = np.inf
                raid.could_shoot_s[i] = np.inf
