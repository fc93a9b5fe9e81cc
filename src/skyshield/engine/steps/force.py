"""Step 4: what the option has tonight.

A mean of n patrols is kept up; slot k is manned for certain while k + 1 <= n, and with the remaining
fraction as its probability for the next one. The draw belongs to the slot, not to the option.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.world import PATROL, Flags, Forces

_DECISION_BITS = 16
_SHOT_BITS = 8


@kernel
def man_slots(forces: Forces, seed: np.uint64, world: int, day: int, option: int, manned: Flags) -> int:
    """Mark the patrol slots manned tonight; return how many."""
    n_patrols = 0
    mean = forces.n_stations[world >> _DECISION_BITS, option]
    for slot in range(manned.shape[0]):
        manned[slot] = 0
        if forces.active[option, day] and slot < mean:
            u = uniforms(seed, world, day << _DECISION_BITS | PATROL, 0, slot << _SHOT_BITS)[0]
            if u < mean - slot:
                manned[slot] = 1
                n_patrols += 1
    return n_patrols
