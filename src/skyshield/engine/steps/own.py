"""Step 3: the latent stop by Ukraine's own defence.

A competing risk, not a first layer: threat i would be stopped at S_i = H_i^-1(-ln U_i), where
H_i(s) = h W(s), W is the share of the route's own hazard met by s and exp(-h) the night's leak rate of
its stream. If
H_i at the aim is below -ln U_i, S_i is infinite and the threat leaks unless somebody else stops it.
The leak rate is one quantile of its distribution over nights, shared by the whole stream, which gives
the intra-raid correlation of the record.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.world import N_STREAMS, OWN_NIGHT, OWN_STOP, Floats, OwnDefence, Raid, Routes

_DECISION_BITS = 16


@kernel
def at_quantile(grid: Floats, u: float) -> float:
    """Interpolate a quantile function given on an even grid from 0 to 1."""
    place = u * (grid.shape[0] - 1)
    cell = int(place)
    return float(grid[cell] + (grid[cell + 1] - grid[cell]) * (place - cell))


@kernel
def stop_position(knot_m: Floats, knot_weight: Floats, weight: float) -> float:
    """Return where the cumulative weight is reached, infinity if never."""
    last = knot_weight.shape[0] - 1
    if weight >= knot_weight[last]:
        return np.inf
    for k in range(1, last + 1):
        if weight < knot_weight[k]:
            share = (weight - knot_weight[k - 1]) / (knot_weight[k] - knot_weight[k - 1])
            return float(knot_m[k - 1] + share * (knot_m[k] - knot_m[k - 1]))
    return np.inf


@kernel
def draw_own_stops(own: OwnDefence, routes: Routes, seed: np.uint64, world: int, day: int, n: int,
                   raid: Raid) -> bool:
    """Fill the latent own-defence stop of every threat; return whether the hazards are sound."""
    vector = world >> _DECISION_BITS
    moment = day << _DECISION_BITS
    hazard = np.empty(N_STREAMS)
    for stream in range(N_STREAMS):
        u_night = uniforms(seed, world, moment | OWN_NIGHT, stream, 0)[0]
        p_leak = at_quantile(own.p_leak[vector, stream], u_night)
        if not 0.0 <= p_leak <= 1.0:
            return False
        hazard[stream] = -np.log(p_leak)
    for i in range(n):
        u_stop, u_soft, _, _ = uniforms(seed, world, moment | OWN_STOP, raid.threat[i], 0)
        h = hazard[raid.stream[i]]
        route = raid.route[i]
        if h > 0.0:
            raid.own_stop_m[i] = stop_position(routes.knot_m[route], routes.knot_weight[route], -np.log(u_stop) / h)
        else:
            raid.own_stop_m[i] = np.inf
        raid.own_soft[i] = u_soft < own.p_soft[vector, raid.threat_class[i]]
    return True
