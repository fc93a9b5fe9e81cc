"""Step 1b: draw the night's raid.

How many threats of each stream come is known (`steps.season`, `steps.answer`). The deep stream's regions share the
night by sticks: the west takes a share of the whole, the south one of what is left, then the centre, then Kyiv; the
north has the rest. Each share is a quantile of its distribution over nights of the regime, so a night that goes west
goes there as a whole. Each threat draws launch area, aim, route variant, whether it is armed, and its departure. On a
day with a raid in its day part a share of the UAVs leaves then; all others leave evenly over the night's launch window.
Missiles of one class leave as one salvo.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.steps.own import at_quantile
from skyshield.engine.world import (
    DEEP_STREAM,
    DESTINATION,
    N_AT_ONCE,
    N_STICKS,
    N_STREAMS,
    ROUTE,
    SALVO,
    TIME,
    UAV,
    Floats,
    Integers,
    Raid,
    Raids,
)

MAX_THREATS = 1_000_000
_DECISION_BITS = 16
_CLASS_BITS = 24
_DEEP_BITS = 22


@kernel
def stream_class(stream: int) -> int:
    """Return the class of a stream's threats."""
    return max(0, stream - DEEP_STREAM)


@kernel
def first_threat(stream: int) -> int:
    """Return the id of a stream's threat of ordinal 0."""
    return stream_class(stream) << _CLASS_BITS | (1 << _DEEP_BITS if stream == DEEP_STREAM else 0)


@kernel
def pick(cdf: Floats, u: Floats, n: int, found: Integers) -> None:
    """Fill, for the first `n` of `u`, the first index whose cumulative probability exceeds it.

    No branch depends on `u`, and the innermost loop is for the processor's vectors.
    """
    for k in range(n):
        found[k] = 0
    for index in range(cdf.shape[0] - 1):
        bound = cdf[index]
        for k in range(n):
            found[k] += u[k] >= bound


@kernel
def spread_deep_stream(raids: Raids, seed: np.uint64, world: int, day: int, regime: int, cdf: Floats) -> None:
    """Fill the cumulative shares of the aims in tonight's deep stream."""
    vector = world >> _DECISION_BITS
    u = uniforms(seed, world, day << _DECISION_BITS | DESTINATION, 0, 0)
    cdf[:] = 0.0
    left = 1.0
    for region in range(N_STICKS + 1):
        share = left
        if region < N_STICKS:
            share *= at_quantile(raids.sticks[vector, regime, region], u[region])
        left -= share
        for aim in range(cdf.shape[0]):
            cdf[aim] += share * raids.region_aims[region, aim]
    for aim in range(1, cdf.shape[0]):
        cdf[aim] += cdf[aim - 1]


@kernel
def draw_luck(seed: np.uint64, world: int, moment: int, first: int, last: int, raid: Raid) -> None:
    """Draw the uniforms for route and time of the threats ``first <= i < last``."""
    luck = raid.luck
    for i in range(first, last):
        k, threat = i - first, raid.threat[i]
        luck[0, k], luck[1, k], luck[2, k], luck[3, k] = uniforms(seed, world, moment | ROUTE, threat, 0)
        luck[4, k], luck[5, k], _, _ = uniforms(seed, world, moment | TIME, threat, 0)


@kernel
def draw_raid(raids: Raids, n_variants: int, seed: np.uint64, world: int, day: int, sizes: Integers,
              deep_cdf: Floats, raid: Raid) -> int:
    """Fill the raid's launch, aim, route, load and departure; return the number of threats.

    `sizes` [stream] are the threats of each stream, `deep_cdf` [aim] is where tonight's deep stream goes.
    """
    vector = world >> _DECISION_BITS
    moment = day << _DECISION_BITS
    n_aims = raids.aim_cdf.shape[2]
    u_day = uniforms(seed, world, moment | SALVO, UAV, 0)[0]
    day_share = raids.day_raid_share[vector] if u_day < raids.p_day_raid[vector] else 0.0
    night_s, length_s = raids.night_start_s[vector], raids.night_length_s[vector]
    n, luck = 0, raid.luck
    for stream in range(N_STREAMS):
        kind, start = stream_class(stream), n
        launch_cdf = raids.launch_cdf[vector, stream]
        aim_cdf = deep_cdf if stream == DEEP_STREAM else raids.aim_cdf[vector, stream]
        salvo_s = night_s + length_s * uniforms(seed, world, moment | SALVO, kind, 0)[0]
        n += sizes[stream]
        for first in range(start, n, N_AT_ONCE):
            last = min(first + N_AT_ONCE, n)
            for i in range(first, last):
                raid.threat[i] = first_threat(stream) + i - start
            draw_luck(seed, world, moment, first, last, raid)
            pick(launch_cdf, luck[0], last - first, raid.picked[0])
            pick(aim_cdf, luck[1], last - first, raid.picked[1])
            for i in range(first, last):
                k = i - first
                launch, aim, u_part, u_moment = raid.picked[0, k], raid.picked[1, k], luck[4, k], luck[5, k]
                if kind != UAV:
                    departure_s = salvo_s + raids.salvo_spread_s[vector] * u_moment
                elif u_part < day_share:
                    departure_s = raids.day_start_s[vector] + raids.day_length_s[vector] * u_moment
                else:
                    departure_s = night_s + length_s * u_moment
                raid.threat_class[i] = kind
                raid.stream[i] = stream
                raid.aim[i] = aim
                raid.route[i] = (launch * n_aims + aim) * n_variants + int(luck[2, k] * n_variants)
                raid.armed[i] = kind != UAV or luck[3, k] >= raids.p_decoy[vector]
                raid.departure_s[i] = departure_s
                raid.new_way[i] = 1
    return n
