"""Steps 6 and 11: the latent stop by Ukraine's own defence.

A competing risk, not a first layer: threat i would be stopped at S_i = H_i^-1(-ln U_i). H_i(s) = H_i W(s), where W
is the share of its route's own hazard met by s and

    H_i = max(0, h w a - ln f)

its whole hazard: the night's h, the route's weight w, the aim's factor a and, for UAVs, the factor f by which its
load changes the leak rate. If H_i is below -ln U_i, S_i is infinite and the threat leaks unless somebody else stops it.
(-ln U_i) / H_i, its margin, is remembered: what H_i would have to be multiplied by to stop it (`steps.relieve`).

A night's leak rate p of a stream is one quantile of its distribution over nights, shared by the whole stream, which
gives the correlation within a raid that the record shows; both UAV streams share the quantile too. h is the hazard at
which the stream as a whole leaks p, read from a table. A ballistic salvo is stopped in part if it meets a defence,
which depends on its size, and else not at all.
"""

import math

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.core.vocabulary import BALLISTIC_STREAM, CRUISE_STREAM, DEEP_STREAM, FRONT_STREAM, UAV
from skyshield.engine.scratch import Raid
from skyshield.engine.world import OWN_NIGHT, OWN_STOP, OwnDefence, Routes

Hazards = tuple[float, float, float, float]


@kernel
def at_quantile(grid: Floats, u: float) -> float:
    """Interpolate a quantile function given on an even grid from 0 to 1."""
    place = u * (grid.shape[0] - 1)
    cell = int(place)
    return float(grid[cell] + (grid[cell + 1] - grid[cell]) * (place - cell))


@kernel
def at_step(grid: Floats, step: float, x: float) -> float:
    """Interpolate a function given at 0, step, 2 step and so on; beyond the last point its last slope goes on."""
    last = grid.shape[0] - 1
    cell = last - 1 if x >= step * last else int(x / step)
    return float(grid[cell] + (grid[cell + 1] - grid[cell]) * (x / step - cell))


@kernel
def stop_position(knot_m: Floats, knot_weight: Floats, weight: float) -> float:
    """Return where the cumulative weight is reached, infinity if never."""
    last = knot_weight.shape[0] - 1
    if weight >= knot_weight[last]:
        return np.inf
    k = 1  # the first knot beyond, without a branch
    for j in range(1, last):
        k += weight >= knot_weight[j]
    share = (weight - knot_weight[k - 1]) / (knot_weight[k] - knot_weight[k - 1])
    return float(knot_m[k - 1] + share * (knot_m[k] - knot_m[k - 1]))


@kernel
def moved_leak(p_leak: float, mean: float, shift: float) -> float:
    """Return a night's leak rate after the mean over nights has moved by `shift` on the logit scale.

    Distances from the mean are scaled so that the correlation within a raid stays what it is:
    p' = m' + (p - m) sqrt(m' (1 - m') / (m (1 - m))), cut to a share.
    """
    if mean <= 0.0 or mean >= 1.0:
        return p_leak
    odds = math.exp(shift)
    moved = mean * odds / (1.0 - mean + mean * odds)
    scale = math.sqrt(moved * (1.0 - moved) / (mean * (1.0 - mean)))
    return min(1.0, max(0.0, moved + (p_leak - mean) * scale))


@kernel
def night_hazard(own: OwnDefence, vector: int, regime: int, stream: int, u: float, shift: float) -> float:
    """Return a stream's hazard tonight; not a number if its leak rate is not a share."""
    p_leak = at_quantile(own.p_leak[vector, stream], u)
    if not 0.0 <= p_leak <= 1.0:
        return np.nan
    if shift != 0.0:
        p_leak = moved_leak(p_leak, own.mean_leak[vector, stream], shift)
    return at_step(own.hazard[vector, regime, stream], own.hazard_step[0], -np.log(p_leak))


@kernel
def night_hazards(own: OwnDefence, seed: np.uint64, word: int, day: int, regime: int, leak_shift: float) -> Hazards:
    """Return the hazards of all streams tonight, the ballistic one for a covered salvo.

    `leak_shift` moves the logit of the UAV streams' leak rates.
    """
    vector = vector_of(word)
    when = moment(day, OWN_NIGHT)
    u_uav = uniforms(seed, word, when, FRONT_STREAM, 0)[0]
    u_cruise = uniforms(seed, word, when, CRUISE_STREAM, 0)[0]
    u_ballistic = uniforms(seed, word, when, BALLISTIC_STREAM, 0)[0]
    return (night_hazard(own, vector, regime, FRONT_STREAM, u_uav, leak_shift),
            night_hazard(own, vector, regime, DEEP_STREAM, u_uav, leak_shift),
            night_hazard(own, vector, regime, CRUISE_STREAM, u_cruise, 0.0),
            night_hazard(own, vector, regime, BALLISTIC_STREAM, u_ballistic, 0.0))


@kernel
def are_valid(hazards: Hazards) -> bool:
    """Return whether every hazard is a number."""
    return not np.isnan(hazards[0] + hazards[1] + hazards[2] + hazards[3])


@kernel
def salvo_covered(own: OwnDefence, seed: np.uint64, word: int, day: int, n_ballistic: int) -> bool:
    """Return whether tonight's ballistic salvo meets a defence, if it has `n_ballistic` missiles."""
    if n_ballistic < 1:
        return False
    vector = vector_of(word)
    u = uniforms(seed, word, moment(day, OWN_NIGHT), BALLISTIC_STREAM, 0)[1]
    logit = own.cover_intercept[vector] + own.cover_slope[vector] * math.log(n_ballistic)
    return u < 1.0 / (1.0 + math.exp(-logit))


@kernel
def draw_own_stops(own: OwnDefence, routes: Routes, seed: np.uint64, word: int, day: int, hazards: Hazards,
                   covered: bool, n: int, raid: Raid) -> None:
    """Fill the latent own-defence stop of every threat for which it is still to be worked out (`raid.own_stop_due`)."""
    vector = vector_of(word)
    when = moment(day, OWN_STOP)
    u_stop, u_soft = raid.uniforms[0], raid.uniforms[1]
    for i in range(n):
        u_stop[i], u_soft[i], _, _ = uniforms(seed, word, when, raid.threat[i], 0)
    for i in range(n):
        if not raid.own_stop_due[i]:
            continue
        route, kind = raid.route[i], raid.threat_class[i]
        whole = 0.0
        if covered or raid.stream[i] != BALLISTIC_STREAM:
            whole = hazards[raid.stream[i]] * routes.weight[route] * own.aim_factor[vector, raid.aim[i]]
        if kind == UAV:
            whole -= own.log_load_factor[vector, raid.armed[i]]
        if whole > 0.0:
            raid.own_margin[i] = -np.log(u_stop[i]) / whole
            raid.own_stop_m[i] = stop_position(routes.knot_m[route], routes.knot_weight[route], raid.own_margin[i])
        else:
            raid.own_margin[i] = np.inf
            raid.own_stop_m[i] = np.inf
        raid.own_soft[i] = u_soft[i] < own.p_soft[vector, kind]
