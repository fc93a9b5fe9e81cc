"""Step 4b: what the option has tonight.

Each shooter is manned and ready with a probability of its own. A force that keeps up n patrols on average has the
first ones for certain and the next with the remaining fraction as its probability. The draw belongs to the shooter,
not to the option.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.world import PATROL, Flags, Forces, Integers

_DECISION_BITS = 16
_SHOT_BITS = 8


@kernel
def man_shooters(forces: Forces, seed: np.uint64, world: int, day: int, option: int, manned: Flags,
                 n_manned: Integers) -> None:
    """Mark the shooters manned tonight, and count them by kind."""
    n_manned[:] = 0
    vector = world >> _DECISION_BITS
    for slot in range(manned.shape[0]):
        manned[slot] = 0
        kind = forces.shooter_kind[option, slot]
        p_ready = forces.p_ready[vector, option, slot]
        if kind >= 0 and forces.active[option, day] and p_ready > 0.0:
            u = uniforms(seed, world, day << _DECISION_BITS | PATROL, 0,
                         forces.shooter_id[option, slot] << _SHOT_BITS)[0]
            if u < p_ready:
                manned[slot] = 1
                n_manned[kind] += 1
