"""Step 7: engage in time order among live threats.

The next engagement is always the one that can begin first: of all live threats the rules and a track allow,
the one that some manned patrol can begin earliest, and of those that could begin at the same moment the one
that came within reach first. A patrol works on one threat at a time and is idle only when it has nothing it
may begin. An engagement takes a fixed time, ends with one shot, and is repeated (shoot, look, shoot) while the
threat lives, the window lasts and the doctrine's shots are not used up. Nobody foresees the own defence: if it
stops the threat first (S_i or the aim comes before the shot) the patrol's time is lost, not its weapon. A
patrol's weapons are renewed at each relief; without any it waits for the next one.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.permit import earliest_window
from skyshield.engine.world import SHOT, Flags, Floats, Forces, Integers, Raid, Routes, Rules

LIVE, STOPPED_BY_COALITION = 0, 1
_DECISION_BITS = 16
_SHOT_BITS = 8


@kernel
def relief_number(forces: Forces, vector: int, at_s: float) -> int:
    """Return which relief is on station at a moment, counted from 18:00."""
    return int(np.floor(at_s / forces.relief_time_s[vector]))


@kernel
def weapons_left(forces: Forces, vector: int, slot: int, at_s: float, relief: Integers, left: Integers) -> int:
    """Return the slot's weapons at a moment: those left, or all if a relief has come since the last shot."""
    if relief_number(forces, vector, at_s) != relief[slot]:
        return int(forces.shots_per_relief[vector])
    return int(left[slot])


@kernel
def first_patrol(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, i: int, from_s: float,
                 manned: Flags, free_s: Floats, relief: Integers, left: Integers, raid: Raid) -> tuple[int, float]:
    """Return the manned patrol that can begin threat i first, armed, and when; infinity if none can."""
    work_s, relief_s = forces.engagement_time_s[vector], forces.relief_time_s[vector]
    best_slot, best_s = -1, np.inf
    if forces.shots_per_relief[vector] < 1:
        return best_slot, best_s
    for slot in range(manned.shape[0]):
        if not manned[slot]:
            continue
        begin_s = earliest_window(rules, routes, forces, option, vector, slot, i, raid, max(from_s, free_s[slot]),
                                  work_s)
        if begin_s < best_s and weapons_left(forces, vector, slot, begin_s, relief, left) < 1:
            begin_s = earliest_window(rules, routes, forces, option, vector, slot, i, raid,
                                      (relief[slot] + 1) * relief_s, work_s)
        if begin_s < best_s:
            best_slot, best_s = slot, begin_s
    return best_slot, best_s


@kernel
def engage(rules: Rules, routes: Routes, forces: Forces, seed: np.uint64, world: int, day: int, option: int,
           manned: Flags, free_s: Floats, relief: Integers, left: Integers, n: int, raid: Raid) -> None:
    """Play the option's engagements of one day; fill fate and shots of every threat."""
    vector = world >> _DECISION_BITS
    work_s = forces.engagement_time_s[vector]
    for slot in range(manned.shape[0]):
        free_s[slot] = -np.inf
        relief[slot] = -1
        left[slot] = 0
    for i in range(n):
        raid.fate[i] = LIVE
        raid.shots[i] = 0
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
        slot, begin_s = first_patrol(rules, routes, forces, option, vector, i, not_before_s[k], manned, free_s,
                                     relief, left, raid)
        end_s = raid.departure_s[i] + min(raid.own_stop_m[i], raid.length_m[i]) * raid.pace_s_m[i]
        if begin_s >= end_s:
            not_before_s[k] = np.inf
            continue
        if begin_s > not_before_s[k]:
            not_before_s[k] = begin_s
            continue
        not_before_s[k] = np.inf
        if begin_s + work_s >= end_s:
            free_s[slot] = end_s
            continue
        left[slot] = weapons_left(forces, vector, slot, begin_s, relief, left) - 1
        relief[slot] = relief_number(forces, vector, begin_s)
        free_s[slot] = begin_s + work_s
        u = uniforms(seed, world, day << _DECISION_BITS | SHOT, raid.threat[i],
                     slot << _SHOT_BITS | raid.shots[i])[0]
        raid.shots[i] += 1
        if u < forces.p_kill[vector, raid.threat_class[i]]:
            raid.fate[i] = STOPPED_BY_COALITION
        elif raid.shots[i] < forces.max_shots[0]:
            not_before_s[k] = free_s[slot]
