"""Step 5: draw the night's raid.

How many threats of each stream come is known (`steps.season`, `steps.adapt`). The deep stream's regions share the night
by sticks: the west takes a share of the whole, the south one of what is left, then the centre, Kyiv and the north; the
east has the rest. Each share is a quantile of its distribution over nights of the regime, so a night that goes west
goes there as a whole. Each threat draws launch area, aim, route variant, its load, its departure, and a UAV whether it
is a jet. On a day with a raid in its day part a share of the UAVs leaves then; all others leave evenly over the night's
launch window. Missiles of one class leave as one salvo.
"""

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.streams import moment, threat_id, uniforms, vector_of
from skyshield.core.vocabulary import ARMED, DECOY, DECOY_ARMED, DEEP_STREAM, N_STICKS, N_STREAMS, UAV
from skyshield.engine.scratch import Raid
from skyshield.engine.steps.own import at_quantile
from skyshield.engine.world import DESTINATION, ROUTE, SALVO, TIME, Raids

MAX_THREATS = 1_000_000
_DEEP_BITS = 22


@kernel
def stream_class(stream: int) -> int:
    """Return the class of a stream's threats."""
    return max(0, stream - DEEP_STREAM)


@kernel
def first_threat(stream: int) -> int:
    """Return the id of a stream's threat of ordinal 0."""
    return threat_id(stream_class(stream), 1 << _DEEP_BITS if stream == DEEP_STREAM else 0)


@kernel
def pick(cdf: Floats, u: float) -> int:
    """Return the first index whose cumulative probability exceeds `u`, without a branch that `u` decides."""
    index = 0
    for k in range(cdf.shape[0] - 1):
        index += u >= cdf[k]
    return index


@kernel
def spread_deep_stream(raids: Raids, seed: np.uint64, word: int, day: int, regime: int, cdf: Floats) -> None:
    """Fill the cumulative shares of the aims in tonight's deep stream."""
    vector = vector_of(word)
    when = moment(day, DESTINATION)
    u, more = uniforms(seed, word, when, 0, 0), uniforms(seed, word, when, 0, 1)
    cdf[:] = 0.0
    left = 1.0
    for region in range(N_STICKS + 1):
        share = left
        if region < N_STICKS:
            share *= at_quantile(raids.sticks[vector, regime, region], u[region] if region < 4 else more[0])
        left -= share
        for aim in range(cdf.shape[0]):
            cdf[aim] += share * raids.region_aims[vector, region, aim]
    for aim in range(1, cdf.shape[0]):
        cdf[aim] += cdf[aim - 1]


@kernel
def draw_raid(raids: Raids, n_variants: int, seed: np.uint64, word: int, day: int, sizes: Integers,
              deep_cdf: Floats, raid: Raid) -> int:
    """Fill the raid's launch, aim, route, load and departure; return the number of threats.

    `sizes` [stream] are the threats of each stream, `deep_cdf` [aim] is where tonight's deep stream goes.
    """
    vector = vector_of(word)
    n_aims = raids.aim_cdf.shape[2]
    u_day = uniforms(seed, word, moment(day, SALVO), UAV, 0)[0]
    day_share = raids.day_raid_share[vector] if u_day < raids.p_day_raid[vector, day] else 0.0
    n, u = 0, raid.uniforms
    for stream in range(N_STREAMS):
        kind = stream_class(stream)
        for ordinal in range(sizes[stream]):
            raid.threat[n + ordinal] = first_threat(stream) + ordinal
            raid.threat_class[n + ordinal] = kind
            raid.stream[n + ordinal] = stream
        n += sizes[stream]
    for i in range(n):
        u[0, i], u[1, i], u[2, i], u[3, i] = uniforms(seed, word, moment(day, ROUTE), raid.threat[i], 0)
        u[4, i], u[5, i], u[6, i], u[7, i] = uniforms(seed, word, moment(day, TIME), raid.threat[i], 0)
    first = 0
    for stream in range(N_STREAMS):
        kind = stream_class(stream)
        launch_cdf = raids.launch_cdf[vector, stream]
        aim_cdf = deep_cdf if stream == DEEP_STREAM else raids.aim_cdf[vector, stream]
        salvo_s = raids.night_start_s[vector] + raids.night_length_s[vector] * uniforms(
            seed, word, moment(day, SALVO), kind, 0)[0]
        for i in range(first, first + sizes[stream]):
            u_variant, u_decoy, u_part, u_moment = u[2, i], u[3, i], u[4, i], u[5, i]
            launch = pick(launch_cdf, u[0, i])
            aim = pick(aim_cdf, u[1, i])
            if kind != UAV:
                departure_s = salvo_s + raids.salvo_spread_s[vector] * u_moment
            elif u_part < day_share:
                departure_s = raids.day_start_s[vector] + raids.day_length_s[vector] * u_moment
            else:
                departure_s = raids.night_start_s[vector] + raids.night_length_s[vector] * u_moment
            raid.aim[i] = aim
            raid.bound[i] = aim
            raid.route[i] = (launch * n_aims + aim) * n_variants + int(u_variant * n_variants)
            raid.load[i] = ARMED
            if kind == UAV and u_decoy < raids.p_decoy[vector]:
                raid.load[i] = DECOY_ARMED if u[7, i] < raids.decoy_armed[vector, day] else DECOY
            raid.jet[i] = kind == UAV and u[6, i] < raids.p_jet[vector, day]
            raid.departure_s[i] = departure_s
            raid.met_stream[i] = stream
            raid.own_stop_due[i] = 1
        first += sizes[stream]
    return n
