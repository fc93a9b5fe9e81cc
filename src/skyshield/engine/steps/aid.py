"""Steps 3, 9 and 15: what aid to Ukraine would stop.

A competing risk of its own: with the hazard d that aid adds to a whole route, the threat would be stopped at
A_i = W^-1(-ln U_i / d), W being the share of the route's own hazard met by a point. Its uniform U_i is the same under
every option, so options with the same aid and nobody manned make the same of a raid (`find_same_aid`). A stop by aid is
`prevented` if Ukraine's own latent stop would have let the threat through, and else `redundant`, just as a coalition's.
"""

import numpy as np

from skyshield.core.arrays import Flags, Floats
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, uniforms
from skyshield.core.vocabulary import BALLISTIC, CRUISE, UAV
from skyshield.engine.arrays import same
from skyshield.engine.scratch import Raid
from skyshield.engine.steps.own import position_at
from skyshield.engine.world import AID_STOP, Aid, OwnDefence, Routes


@kernel
def draw_aid_uniforms(seed: np.uint64, word: int, day: int, n: int, raid: Raid) -> None:
    """Fill each threat's uniform against aid."""
    for i in range(n):
        raid.aid_u[i] = uniforms(seed, word, moment(day, AID_STOP), raid.threat[i], 0)[0]


@kernel
def find_same_aid(aid: Aid, vector: int, same_aid: Flags) -> None:
    """Mark every option whose aid is the same on all days as that of the option before."""
    for option in range(same_aid.shape[0]):
        same_aid[option] = (option > 0 and same(aid.hazard[vector, option], aid.hazard[vector, option - 1])
                         and same(aid.ramp[vector, option], aid.ramp[vector, option - 1]))


@kernel
def find_aid_stops(aid: Aid, own: OwnDefence, routes: Routes, met: Floats, vector: int, day: int, option: int, n: int,
                   raid: Raid) -> int:
    """Fill every threat's latent stop by aid, infinity under an option without; return how many may have one."""
    for i in range(n):
        raid.aid_stop_m[i] = np.inf
    ramp = aid.ramp[vector, option, :, day]
    if max(ramp[UAV], ramp[CRUISE], ramp[BALLISTIC]) <= 0.0:
        return 0
    n_candidates = 0
    for i in range(n):  # only if 1 - U < d can -ln U be below d: so few need the logarithm
        kind = raid.threat_class[i]
        raid.waiting[n_candidates] = i
        n_candidates += 1.0 - raid.aid_u[i] < ramp[kind] * aid.hazard[vector, option, raid.aim[i], kind]
    for k in range(n_candidates):
        i = raid.waiting[k]
        kind, route, aim, stream = raid.threat_class[i], raid.route[i], raid.aim[i], raid.met_stream[i]
        hazard = ramp[kind] * aid.hazard[vector, option, aim, kind]
        raid.aid_stop_m[i] = position_at(own, routes, met, vector, stream, route, aim,
                                         -np.log(raid.aid_u[i]) / hazard)
    return n_candidates
