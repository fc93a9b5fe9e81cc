"""Step 5: detect.

The night sets one share of threats that patrols can hold a track on (weather, clutter, height); each
threat is tracked or not for the whole of its flight. Draws are never repeated over time steps, which
would make everything visible in the end. Reach within the radar horizon is part of the geometry.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.own import at_quantile
from skyshield.engine.world import TRACK, TRACK_NIGHT, Forces, Raid

_DECISION_BITS = 16


@kernel
def detect(forces: Forces, seed: np.uint64, world: int, day: int, n: int, raid: Raid) -> None:
    """Mark the threats that a patrol could hold a track on tonight."""
    moment = day << _DECISION_BITS
    u_night = uniforms(seed, world, moment | TRACK_NIGHT, 0, 0)[0]
    p_track = at_quantile(forces.p_track[world >> _DECISION_BITS], u_night)
    for i in range(n):
        raid.tracked[i] = uniforms(seed, world, moment | TRACK, raid.threat[i], 0)[0] < p_track
