"""Steps 7 and 12: the latent stop by Ukraine's own defence.

A competing risk, not a first layer: threat i would be stopped at S_i = H_i^-1(-ln U_i). On its route it meets

    W(s) = omega W_along(s) + (1 - omega) W_aim(s),

W_along growing with the way over held territory by the strength of the region below, W_aim over the last kilometres by
the strength of the aim's region. Its whole hazard is H_i = max(0, h W - ln f): the night's h, the W of its whole route
and, for UAVs, the factor f by which its load changes the leak rate. If H_i is below -ln U_i, S_i is infinite and the
threat leaks unless somebody else stops it; else it is stopped where the share (-ln U_i) / H_i of W is met; on a route
with a W of 0 nobody is. That share, its margin, is remembered: what H_i would have to be multiplied by to stop it
(`steps.relieve`).

Of the rounds that kills take, Ukraine's stores hold so many. With little left of a class tonight's hazard is g times
what it is else (`steps.magazines`, which says what g is): S_i is where the share (-ln U_i) / (g H_i) of W is met, and
the margin is over g H_i.

A UAV of the deep stream that the attacker's adaptation sends to a front oblast meets the front stream's hazard there.

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
from skyshield.core.vocabulary import BALLISTIC_STREAM, CRUISE_STREAM, DEEP_STREAM, FRONT_STREAM, N_STREAMS, UAV
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
def fill_met(own: OwnDefence, routes: Routes, vector: int, met: Floats) -> None:
    """Fill `Scratch.met`: what is met by the end of each piece of its route, by stream along the way, and near aims."""
    for stream in range(N_STREAMS + 1):
        for route in range(routes.piece_first.shape[0] - 1):
            so_far = 0.0
            for piece in range(routes.piece_first[route], routes.piece_first[route + 1]):
                if stream < N_STREAMS:
                    so_far += routes.piece_along[piece] * own.strength[vector, stream, routes.piece_place[piece]]
                else:
                    so_far += routes.piece_near_aim[piece]
                met[stream, piece] = so_far


@kernel
def weight_at(met: Floats, stream: int, piece: int, omega: float, at_aim: float) -> float:
    """Return W at the end of a piece; `at_aim` is the strength near the route's aim."""
    return float(omega * met[stream, piece] + (1.0 - omega) * at_aim * met[N_STREAMS, piece])


@kernel
def whole_weight(own: OwnDefence, routes: Routes, met: Floats, vector: int, stream: int, route: int, aim: int) -> float:
    """Return W of a whole route."""
    last = routes.piece_first[route + 1] - 1
    if last < routes.piece_first[route]:
        return 0.0
    at_aim = own.strength[vector, stream, own.aim_place[aim]]
    return weight_at(met, stream, last, own.along_share[vector, stream], at_aim)


@kernel
def position_at(own: OwnDefence, routes: Routes, met: Floats, vector: int, stream: int, route: int, aim: int,
                share: float) -> float:
    """Return where a share of a route's W has been met: infinity if never."""
    whole = whole_weight(own, routes, met, vector, stream, route, aim)
    return position_of(own, routes, met, vector, stream, route, aim, share, whole) if whole > 0.0 else np.inf


@kernel
def position_of(own: OwnDefence, routes: Routes, met: Floats, vector: int, stream: int, route: int, aim: int,
                share: float, whole: float) -> float:
    """Return where a share of a route's W, `whole` and above zero, has been met: infinity if never."""
    if not share < 1.0:
        return np.inf
    omega, at_aim = own.along_share[vector, stream], own.strength[vector, stream, own.aim_place[aim]]
    wanted, before, start_m = share * whole, 0.0, 0.0
    for piece in range(routes.piece_first[route], routes.piece_first[route + 1]):
        weight, end_m = weight_at(met, stream, piece, omega, at_aim), routes.piece_end_m[piece]
        if weight > wanted:
            return float(start_m + (end_m - start_m) * (wanted - before) / (weight - before))
        before, start_m = weight, end_m
    return float(start_m)


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

    `leak_shift` moves the logit of the front stream's leak rate.
    """
    vector = vector_of(word)
    when = moment(day, OWN_NIGHT)
    u_uav = uniforms(seed, word, when, FRONT_STREAM, 0)[0]
    u_cruise = uniforms(seed, word, when, CRUISE_STREAM, 0)[0]
    u_ballistic = uniforms(seed, word, when, BALLISTIC_STREAM, 0)[0]
    return (night_hazard(own, vector, regime, FRONT_STREAM, u_uav, leak_shift),
            night_hazard(own, vector, regime, DEEP_STREAM, u_uav, 0.0),
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
def draw_own_stops(own: OwnDefence, routes: Routes, met: Floats, seed: np.uint64, word: int, day: int,
                   hazards: Hazards, covered: bool, n: int, raid: Raid) -> None:
    """Fill the latent own-defence stop of every threat for which it is still to be worked out (`raid.own_stop_due`)."""
    vector = vector_of(word)
    when = moment(day, OWN_STOP)
    u_stop, u_soft = raid.stop_u, raid.soft_u
    for i in range(n):
        u_stop[i], u_soft[i], _, _ = uniforms(seed, word, when, raid.threat[i], 0)
    for i in range(n):
        if not raid.own_stop_due[i]:
            continue
        route, kind, aim, stream = raid.route[i], raid.threat_class[i], raid.aim[i], raid.met_stream[i]
        weight, whole = 0.0, 0.0
        if covered or raid.stream[i] != BALLISTIC_STREAM:
            weight = whole_weight(own, routes, met, vector, stream, route, aim)
        if weight > 0.0:
            whole = hazards[stream] * weight
            if kind == UAV:
                whole -= own.log_load_factor[vector, raid.load[i]]
                if raid.jet[i]:
                    whole -= own.log_jet_factor[vector]
        if whole > 0.0:
            share = -np.log(u_stop[i]) / whole
            raid.own_margin[i] = share
            raid.own_stop_m[i] = position_of(own, routes, met, vector, stream, route, aim, share, weight)
        else:
            raid.own_margin[i] = np.inf
            raid.own_stop_m[i] = np.inf
        raid.own_soft[i] = u_soft[i] < own.p_soft[vector, kind]
