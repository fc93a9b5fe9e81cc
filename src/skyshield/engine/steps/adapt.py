"""Steps 4 and 12: how the attacker adapts to an option.

Under an option with shooters, on days on which any of them are there, the attacker may send more or fewer threats (all
streams times `volume`), replace a share `class_shift` of its deep UAVs by cruise missiles, one for `uav_per_cruise` of
them, and send a threat bound for the option's declared zone elsewhere (with probability `displacement`): to an aim
outside, in proportion to its stream's shares of the night, from the same launch area by the same variant of the route.
Numbers are rounded at random. No sparing, no search: the attacker knows the zone, not the patrols.

The night's raid is drawn once, as large as any option meets it; an option meets the first threats of each stream.
So whatever is not displaced is the same threat in every option, with the same draws.
"""

import math

import numpy as np

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.core.vocabulary import BALLISTIC_STREAM, CRUISE_STREAM, DEEP_STREAM, FRONT_STREAM, N_STREAMS
from skyshield.engine.arrays import copy_to, equal
from skyshield.engine.scratch import Raid, Scratch
from skyshield.engine.steps.magazines import ration_one
from skyshield.engine.steps.own import Hazards, draw_own_stops
from skyshield.engine.world import DISPLACE, VOLUME, Response, World

_NUMBERS, _SHIFT = 0, 1


@kernel
def adapted_sizes(response: Response, active: Flags, seed: np.uint64, word: int, day: int, launches: Integers,
                   sizes: Integers, most: Integers) -> int:
    """Fill what every option meets [option, stream] and the most of each stream; return the sum of these.

    What comes in the phase of each option, and last without any, is `launches` [option + 1, stream]; the last is among
    the most, whether any option meets just that or not.
    """
    vector = vector_of(word)
    when = moment(day, VOLUME)
    volume, shift = response.volume[vector], response.class_shift[vector]
    copy_to(most, launches[sizes.shape[0]])
    if volume == 1.0 and shift <= 0.0:
        for option in range(sizes.shape[0]):
            copy_to(sizes[option], launches[option])
            for stream in range(N_STREAMS):
                most[stream] = max(most[stream], launches[option, stream])
        return int(most.sum())
    u = uniforms(seed, word, when, _NUMBERS, 0)
    u_taken, u_added, _, _ = uniforms(seed, word, when, _SHIFT, 0)
    for option in range(sizes.shape[0]):
        copy_to(sizes[option], launches[option])
        if active[option, day]:
            for stream in range(N_STREAMS):
                sizes[option, stream] = math.floor(launches[option, stream] * volume + u[stream])
            taken = math.floor(sizes[option, DEEP_STREAM] * shift + u_taken)
            sizes[option, DEEP_STREAM] -= taken
            sizes[option, CRUISE_STREAM] += math.floor(taken / response.uav_per_cruise[vector] + u_added)
        for stream in range(N_STREAMS):
            most[stream] = max(most[stream], sizes[option, stream])
    return int(most.sum())


@kernel
def unchanged(response: Response, vector: int, active: int, sizes: Integers, most: Integers, covered: bool,
              drawn_covered: bool, supply: Floats, supply_alone: Floats) -> bool:
    """Return whether an option meets the raid exactly as it was drawn, with the rounds that Ukraine alone has left."""
    if not equal(supply, supply_alone):
        return False
    for stream in range(N_STREAMS):
        if sizes[stream] != most[stream]:
            return False
    if sizes[BALLISTIC_STREAM] > 0 and covered != drawn_covered:
        return False
    return not active or response.displacement[vector] <= 0.0


@kernel
def pick_outside(cdf: Floats, declared: Flags, u: float) -> int:
    """Return an aim outside the declared zone in proportion to its share, -1 if none has one."""
    outside, before = 0.0, 0.0
    for aim in range(cdf.shape[0]):
        outside += 0.0 if declared[aim] else cdf[aim] - before
        before = cdf[aim]
    chosen, passed, before = -1, 0.0, 0.0
    for aim in range(cdf.shape[0]):
        share = cdf[aim] - before
        before = cdf[aim]
        if not declared[aim] and share > 0.0:
            chosen = aim
            passed += share
            if u * outside < passed:
                break
    return chosen


@kernel
def copy_raid(raid: Raid, sizes: Integers, most: Integers, other: Raid) -> int:
    """Copy the first threats of each stream, as known before an option, to another raid; return how many."""
    first, k = 0, 0
    for stream in range(N_STREAMS):
        for i in range(first, first + sizes[stream]):
            other.threat[k] = raid.threat[i]
            other.threat_class[k] = raid.threat_class[i]
            other.stream[k] = stream
            other.aim[k] = raid.aim[i]
            other.route[k] = raid.route[i]
            other.bound[k] = raid.bound[i]
            other.load[k] = raid.load[i]
            other.jet[k] = raid.jet[i]
            other.departure_s[k] = raid.departure_s[i]
            other.pace_s_m[k] = raid.pace_s_m[i]
            other.length_m[k] = raid.length_m[i]
            other.met_stream[k] = raid.met_stream[i]
            other.own_stop_due[k] = 0
            other.own_stop_m[k] = raid.own_stop_m[i]
            other.own_soft[k] = raid.own_soft[i]
            other.soft_u[k] = raid.soft_u[i]
            other.own_margin[k] = raid.own_margin[i]
            other.track_u[k] = raid.track_u[i]
            other.identify_u[k] = raid.identify_u[i]
            other.joint_u[k] = raid.joint_u[i]
            other.ring_u[k] = raid.ring_u[i]
            other.aid_u[k] = raid.aid_u[i]
            k += 1
        first += most[stream]
    return k


@kernel
def displace(aim_cdf: Floats, deep_cdf: Floats, declared: Flags, front_aim: Flags, displacement: float,
             length_m: Floats, n_variants: int, seed: np.uint64, word: int, day: int, n: int, raid: Raid) -> None:
    """Send threats bound for the declared zone elsewhere: a new aim and route, and the defence there.

    `aim_cdf` is [stream, aim].
    """
    when = moment(day, DISPLACE)
    n_aims = declared.shape[0]
    for i in range(n):
        if not declared[raid.aim[i]]:
            continue
        u_moved, u_aim, _, _ = uniforms(seed, word, when, raid.threat[i], 0)
        if u_moved >= displacement:
            continue
        stream, way = raid.stream[i], raid.route[i]
        aim = pick_outside(deep_cdf if stream == DEEP_STREAM else aim_cdf[stream], declared, u_aim)
        if aim >= 0:
            raid.aim[i] = aim
            raid.route[i] = (way // n_variants // n_aims * n_aims + aim) * n_variants + way % n_variants
            raid.length_m[i] = length_m[raid.route[i]]
            if stream == DEEP_STREAM and front_aim[aim]:
                raid.met_stream[i] = FRONT_STREAM
            raid.own_stop_due[i] = 1


@kernel
def adapt(world: World, seed: np.uint64, word: int, day: int, option: int, active: int, sizes: Integers, most: Integers,
           hazards: Hazards, covered: bool, drawn_covered: bool, scratch: Scratch, raid: Raid, own_raid: Raid) -> int:
    """Fill the raid that an option meets, with the rounds that are left under it; return the number of its threats.

    A displaced threat meets the own defence of where it goes with its old draw; so does a ballistic salvo whose size
    decides otherwise on whether it meets a defence.
    """
    vector = vector_of(word)
    n = copy_raid(raid, sizes, most, own_raid)
    if active:
        displace(world.raids.aim_cdf[vector], scratch.deep_cdf, world.response.aim_declared[option],
                 world.own.front_aim, world.response.displacement[vector], world.routes.length_m,
                 int(world.routes.n_variants[0]), seed, word, day, n, own_raid)
    if covered != drawn_covered:
        for i in range(n):
            if own_raid.stream[i] == BALLISTIC_STREAM:
                own_raid.own_stop_due[i] = 1
    draw_own_stops(world.own, world.routes, scratch.met, seed, word, day, hazards, covered, n, own_raid)
    for i in range(n):  # those that were worked out anew are as with full stores
        kind = own_raid.threat_class[i]
        before = scratch.full if own_raid.own_stop_due[i] else scratch.supply_alone
        if before[kind] != scratch.supply[kind]:
            ration_one(world.own, world.routes, scratch.met, vector, scratch.supply[kind], i, own_raid)
    return n
