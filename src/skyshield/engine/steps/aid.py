"""Step 3b: what aid to Ukraine would stop.

A competing risk of its own: with the hazard d that aid adds to a whole route, the threat would be stopped at
A_i = W^-1(-ln U_i / d), W being the share of the route's own hazard met by a point. A stop by aid is `prevented` if
Ukraine's own latent stop would have let the threat through, and else `redundant`, just as a coalition's.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.own import stop_position
from skyshield.engine.world import AID_STOP, Aid, Raid, Routes

_DECISION_BITS = 16


@kernel
def draw_aid_stops(aid: Aid, routes: Routes, seed: np.uint64, world: int, day: int, option: int, n: int,
                   raid: Raid) -> None:
    """Fill the latent stop by aid of every threat; infinity under an option without aid."""
    vector = world >> _DECISION_BITS
    for i in range(n):
        raid.aid_stop_m[i] = np.inf
        kind = raid.threat_class[i]
        hazard = aid.ramp[vector, option, kind, day] * aid.hazard[vector, option, raid.aim[i], kind]
        if hazard > 0.0:
            u = uniforms(seed, world, day << _DECISION_BITS | AID_STOP, raid.threat[i], 0)[0]
            route = raid.route[i]
            raid.aid_stop_m[i] = stop_position(routes.knot_m[route], routes.knot_weight[route], -np.log(u) / hazard)
