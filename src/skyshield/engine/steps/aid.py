"""Step 3b: what aid to Ukraine would stop.

A competing risk of its own: with the hazard d that aid adds to a whole route, the threat would be stopped at
A_i = W^-1(-ln U_i / d), W being the share of the route's own hazard met by a point. Its luck -ln U_i is the same under
every option. A stop by aid is `prevented` if
Ukraine's own latent stop would have let the threat through, and else `redundant`, just as a coalition's.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.own import stop_position
from skyshield.engine.world import AID_STOP, BALLISTIC, CRUISE, UAV, Aid, Raid, Routes

_DECISION_BITS = 16


@kernel
def draw_aid_luck(seed: np.uint64, world: int, day: int, n: int, raid: Raid) -> None:
    """Fill the hazard by aid that would stop each threat."""
    for i in range(n):
        raid.aid_margin[i] = -np.log(uniforms(seed, world, day << _DECISION_BITS | AID_STOP, raid.threat[i], 0)[0])


@kernel
def find_aid_stops(aid: Aid, routes: Routes, vector: int, day: int, option: int, n: int, raid: Raid) -> None:
    """Fill the latent stop by aid of every threat; infinity under an option without aid."""
    for i in range(n):
        raid.aid_stop_m[i] = np.inf
    ramp = aid.ramp[vector, option, :, day]
    if max(ramp[UAV], ramp[CRUISE], ramp[BALLISTIC]) <= 0.0:
        return
    for i in range(n):
        kind, route = raid.threat_class[i], raid.route[i]
        hazard = ramp[kind] * aid.hazard[vector, option, raid.aim[i], kind]
        if hazard > 0.0:
            raid.aid_stop_m[i] = stop_position(routes.knot_m[route], routes.knot_weight[route],
                                               raid.aid_margin[i] / hazard)
