"""Step 7: engage in time order among live threats.

The next engagement is always the one that can begin first: of all live threats the rules and a track allow,
the one that some manned shooter can begin earliest, and of those that could begin at the same moment the one
that came within reach first. A shooter works on as many threats at a time as it has channels and is idle only when it
has nothing it may begin. An engagement takes a fixed time, ends with one shot or one salvo of the cheapest weapon that
is left, is for the class and reaches as far as the threat is away, and is repeated (shoot, look, shoot) while the
threat lives, the window lasts and the doctrine's engagements are not used up. Nobody foresees the own defence: if it
stops the threat first (S_i or the aim comes before the shot) the shooter's time is lost, not its weapon. Weapons are
renewed at each relief or resupply; without any that fits, a shooter waits for the next one.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.detect import release_time_s
from skyshield.engine.steps.permit import earliest_window
from skyshield.engine.tally import N_MISSILES
from skyshield.engine.world import SHOT, Forces, Integers, Raid, Routes, Rules, Scratch

LIVE, STOPPED_BY_COALITION = 0, 1
_DECISION_BITS = 16
_SHOT_BITS = 8


@kernel
def renewal_number(forces: Forces, vector: int, kind: int, at_s: float) -> int:
    """Return which relief or resupply a shooter is on at a moment, counted from 18:00."""
    return int(np.floor(at_s / forces.renewal_time_s[vector, kind]))


@kernel
def rounds_left(forces: Forces, vector: int, kind: int, slot: int, weapon: int, at_s: float, renewal: Integers,
                left: Integers) -> int:
    """Return a shooter's rounds of a weapon at a moment: those left, or all if they were renewed since the last."""
    if renewal_number(forces, vector, kind, at_s) != renewal[slot]:
        return int(forces.rounds[vector, kind, weapon])
    return int(left[slot, weapon])


@kernel
def distance_m(routes: Routes, forces: Forces, option: int, slot: int, route: int, at_m: float) -> float:
    """Return how far a point of a route is from a shooter."""
    px, py = routes.x_m[route], routes.y_m[route]
    first = np.sqrt((px[1] - px[0]) ** 2 + (py[1] - py[0]) ** 2)
    leg = 0 if at_m <= first else 1
    along = at_m if leg == 0 else at_m - first
    length = first if leg == 0 else np.sqrt((px[2] - px[1]) ** 2 + (py[2] - py[1]) ** 2)
    share = min(1.0, along / length) if length > 0.0 else 0.0
    x = px[leg] + share * (px[leg + 1] - px[leg]) - forces.x_m[option, slot]
    y = py[leg] + share * (py[leg + 1] - py[leg]) - forces.y_m[option, slot]
    return float(np.sqrt(x * x + y * y))


@kernel
def fitting_weapon(routes: Routes, forces: Forces, vector: int, option: int, slot: int, i: int, raid: Raid,
                   at_s: float, renewal: Integers, left: Integers) -> int:
    """Return the cheapest weapon with a round left, for the class, that reaches the threat at a moment; -1 if none."""
    kind, threat_class = forces.shooter_kind[option, slot], raid.threat_class[i]
    away_m = distance_m(routes, forces, option, slot, raid.route[i],
                        (at_s - raid.departure_s[i]) / raid.pace_s_m[i])
    for weapon in range(forces.munition.shape[1]):
        if (forces.p_kill[vector, kind, weapon, threat_class] > 0.0
                and forces.weapon_reach_m[vector, kind, weapon] * (1.0 + 1e-9) >= away_m
                and rounds_left(forces, vector, kind, slot, weapon, at_s, renewal, left) > 0):
            return weapon
    return -1


@kernel
def first_shooter(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, i: int, from_s: float,
                  scratch: Scratch, raid: Raid) -> tuple[int, int, float]:
    """Return the manned shooter and channel that can begin threat i first, armed, and when; infinity if none can."""
    best_slot, best_channel, best_s = -1, -1, np.inf
    route = raid.route[i]
    for k in range(forces.near_first[option, route], forces.near_first[option, route + 1]):
        slot = forces.near_slot[k]
        kind = forces.shooter_kind[option, slot]
        if not scratch.manned[slot] or raid.track_u[i] >= scratch.p_seen[slot, raid.threat_class[i]]:
            continue
        release_s = release_time_s(forces, vector, option, raid.track_u[i], scratch.p_track[kind])
        channel = 0
        for c in range(1, forces.n_channels[vector, kind]):
            if scratch.free_s[slot, c] < scratch.free_s[slot, channel]:
                channel = c
        work_s, renewal_s = forces.engagement_time_s[vector, kind], forces.renewal_time_s[vector, kind]
        begin_s = earliest_window(rules, routes, forces, option, vector, slot, i, raid,
                                  max(from_s, scratch.free_s[slot, channel]), work_s, release_s)
        if begin_s < best_s and fitting_weapon(routes, forces, vector, option, slot, i, raid, begin_s,
                                               scratch.renewal, scratch.left) < 0:
            begin_s = earliest_window(rules, routes, forces, option, vector, slot, i, raid,
                                      (renewal_number(forces, vector, kind, begin_s) + 1) * renewal_s, work_s,
                                      release_s)
            if begin_s < best_s and fitting_weapon(routes, forces, vector, option, slot, i, raid, begin_s,
                                                   scratch.renewal, scratch.left) < 0:
                begin_s = np.inf
        if begin_s < best_s:
            best_slot, best_channel, best_s = slot, channel, begin_s
    return best_slot, best_channel, best_s


@kernel
def shoot(routes: Routes, forces: Forces, seed: np.uint64, world: int, day: int, option: int, slot: int, i: int,
          begin_s: float, scratch: Scratch, raid: Raid) -> bool:
    """Fire one shot or one salvo at threat i; return whether it was stopped."""
    vector = world >> _DECISION_BITS
    kind, threat_class = forces.shooter_kind[option, slot], raid.threat_class[i]
    weapon = fitting_weapon(routes, forces, vector, option, slot, i, raid, begin_s, scratch.renewal, scratch.left)
    now = renewal_number(forces, vector, kind, begin_s)
    if now != scratch.renewal[slot]:
        scratch.renewal[slot] = now
        scratch.left[slot] = forces.rounds[vector, kind]
    stopped = False
    for _ in range(min(forces.salvo[vector, threat_class], scratch.left[slot, weapon])):
        scratch.left[slot, weapon] -= 1
        scratch.fired[kind, weapon] += 1
        u = uniforms(seed, world, day << _DECISION_BITS | SHOT, raid.threat[i],
                     forces.shooter_id[option, slot] << _SHOT_BITS | raid.shots[i])[0]
        raid.shots[i] += 1
        hit = u < forces.p_kill[vector, kind, weapon, threat_class]
        stopped = stopped or hit
        if not hit and forces.munition[kind, weapon] < N_MISSILES:
            raid.missed[i] += 1
    return stopped


@kernel
def engage(rules: Rules, routes: Routes, forces: Forces, seed: np.uint64, world: int, day: int, option: int, n: int,
           scratch: Scratch, raid: Raid) -> None:
    """Play the option's engagements of one day; fill fate and shots of every threat, and what was fired."""
    vector = world >> _DECISION_BITS
    scratch.free_s[:] = -np.inf
    scratch.renewal[:] = -(1 << 40)  # before any
    scratch.fired[:] = 0
    for i in range(n):
        raid.fate[i] = LIVE
        raid.engagements[i] = 0
        raid.shots[i] = 0
        raid.missed[i] = 0
    order = np.argsort(raid.opening_s[:n], kind="mergesort")
    # no threat can be begun before its own entry here; the earliest entry is looked at next
    not_before_s = raid.opening_s[:n][order]
    n_open = 0
    while n_open < n and not_before_s[n_open] < np.inf:
        n_open += 1
    done = 0
    while True:
        while done < n_open and not_before_s[done] == np.inf:
            done += 1
        if done == n_open:
            break
        k, later = done, done + 1
        while later < n_open and raid.opening_s[order[later]] < not_before_s[k]:  # openings ascend
            if not_before_s[later] < not_before_s[k]:
                k = later
            later += 1
        i = order[k]
        slot, channel, begin_s = first_shooter(rules, routes, forces, option, vector, i, not_before_s[k], scratch, raid)
        end_m = min(raid.own_stop_m[i], raid.aid_stop_m[i], raid.length_m[i])
        end_s = raid.departure_s[i] + end_m * raid.pace_s_m[i]
        if begin_s >= end_s:
            not_before_s[k] = np.inf
            continue
        if begin_s > not_before_s[k]:
            not_before_s[k] = begin_s
            continue
        not_before_s[k] = np.inf
        work_s = forces.engagement_time_s[vector, forces.shooter_kind[option, slot]]
        if begin_s + work_s >= end_s:
            scratch.free_s[slot, channel] = end_s
            continue
        scratch.free_s[slot, channel] = begin_s + work_s
        raid.engagements[i] += 1
        raid.shot_m[i] = (begin_s + work_s - raid.departure_s[i]) / raid.pace_s_m[i]
        if shoot(routes, forces, seed, world, day, option, slot, i, begin_s, scratch, raid):
            raid.fate[i] = STOPPED_BY_COALITION
        elif raid.engagements[i] < forces.max_engagements[0]:
            not_before_s[k] = begin_s + work_s
