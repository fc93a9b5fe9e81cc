"""Step 7: engage in time order among live threats.

Threats are taken in the order in which they first come within reach. A threat gets the manned patrol
that can begin first; a patrol works on one threat at a time. An engagement takes a fixed time, ends with
one shot, and is repeated (shoot, look, shoot) while the threat lives, the window lasts, the patrol has
weapons and the doctrine's shots are not used up. Nobody foresees the own defence: if it stops the threat
first (S_i or the aim comes before the shot) the patrol's time is lost, not its weapon. A patrol's weapons
are renewed at each relief.
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
    for i in np.argsort(raid.opening_s[:n], kind="mergesort"):
        if raid.opening_s[i] == np.inf:
            break
        end_s = raid.departure_s[i] + min(raid.own_stop_m[i], raid.length_m[i]) * raid.pace_s_m[i]
        from_s = -np.inf
        while raid.fate[i] == LIVE and raid.shots[i] < forces.max_shots[0]:
            best_slot, best_s = -1, np.inf
            for slot in range(manned.shape[0]):
                if not manned[slot]:
                    continue
                begin_s = earliest_window(rules, routes, forces, option, vector, slot, i, raid,
                                          max(from_s, free_s[slot]), work_s)
                if begin_s < best_s and weapons_left(forces, vector, slot, begin_s, relief, left) > 0:
                    best_slot, best_s = slot, begin_s
            if best_slot < 0 or best_s >= end_s:
                break
            if best_s + work_s >= end_s:
                free_s[best_slot] = end_s
                break
            free_s[best_slot] = from_s = best_s + work_s
            left[best_slot] = weapons_left(forces, vector, best_slot, best_s, relief, left) - 1
            relief[best_slot] = relief_number(forces, vector, best_s)
            u = uniforms(seed, world, day << _DECISION_BITS | SHOT, raid.threat[i],
                         best_slot << _SHOT_BITS | raid.shots[i])[0]
            raid.shots[i] += 1
            if u < forces.p_kill[vector, raid.threat_class[i]]:
                raid.fate[i] = STOPPED_BY_COALITION
