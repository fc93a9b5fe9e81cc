r"""Steps 1 and 20: which phase holds on each day, for every option and for Ukraine alone.

The calendar says when a ceasefire is meant to hold. Within a run of such days it may break down, once, into the phase
of collapse. With H the hazard's integral over the days since the run began, without any option, and r the sum of what
the packages that are there add to the hazard's logarithm, war is back on the first day on which

    sum over days of exp(r) dH >= -ln(1 - U).

U is one number for a run, the same for all options: an option that lowers the hazard puts the day off, one that adds
nothing leaves it where it is, to the byte. Until then violations come and go: with u of the day, again one for all
options, a ceasefire is violated from a day with u < p on, and kept again from one with u < q on.
"""

import math

import numpy as np

from skyshield.core.arrays import Flags, Integers
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.engine import tally as t
from skyshield.engine.world import RENEWAL, Renewal

_COLLAPSE, _VIOLATION = 0, 1


@kernel
def log_ratio(renewal: Renewal, vector: int, option: int, presence: Flags, day: int) -> float:
    """Return what an option's packages [package, day] that are there add to the logarithm of the hazard."""
    result = 0.0
    for package in range(presence.shape[0]):
        if presence[package, day]:
            result += renewal.log_ratio[vector, option, package]
    return result


@kernel
def draw_phases(renewal: Renewal, calendar: Integers, presence: Flags, seed: np.uint64, word: int,
                path: Flags) -> None:
    """Fill the phase of each day [option + 1, day], last as it is without any option.

    `calendar` [day] is the phase that is meant to hold, `presence` [option, package, day].
    """
    vector = vector_of(word)
    collapse, violation = renewal.collapse[0], renewal.violation[0]
    n_options = presence.shape[0]
    for option in range(n_options + 1):
        collapsed, violated, hazard, enough, before, ratio = False, False, 0.0, 0.0, 0.0, 1.0
        for day in range(calendar.shape[0]):
            path[option, day] = calendar[day]
            run = renewal.run_start[day]
            if run < 0 or (collapse < 0 and violation < 0):
                continue
            u = uniforms(seed, word, moment(day, RENEWAL), 0, 0)
            if run == day:
                collapsed, violated, hazard, enough = False, False, 0.0, -math.log(1.0 - u[_COLLAPSE])
            if collapse >= 0 and not collapsed:
                added = log_ratio(renewal, vector, option, presence[option], day) if option < n_options else 0.0
                if added != before:
                    before, ratio = added, math.exp(added)
                hazard += ratio * renewal.hazard[vector, day]
                collapsed = hazard >= enough
            if collapsed:
                path[option, day] = collapse
            elif violation >= 0:
                ends, begins = renewal.p_violation_end[vector], renewal.p_violation[vector]
                violated = u[_VIOLATION] >= ends if violated else u[_VIOLATION] < begins
                if violated:
                    path[option, day] = violation


@kernel
def mark_played(path: Flags, played: Flags) -> None:
    """Mark the phases [phase, day] that hold under any option or without one."""
    played[:] = 0
    for option in range(path.shape[0]):
        for day in range(path.shape[1]):
            played[path[option, day], day] = 1


@kernel
def count_phase(renewal: Renewal, day: int, phase: int, counts: Integers) -> None:
    """Count the day as one of war, of a ceasefire that is kept, or of one that is violated."""
    if renewal.run_start[day] < 0 or phase == renewal.collapse[0]:
        counts[t.WAR_DAYS] += 1
    elif phase == renewal.violation[0]:
        counts[t.VIOLATION_DAYS] += 1
    else:
        counts[t.CEASEFIRE_DAYS] += 1
