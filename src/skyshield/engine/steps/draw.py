"""Step 1: draw the night's raid.

A night of the vector's own collection is drawn (its counts by class), scaled by the day's phase and
rounded at random. The first `front_threshold` UAVs belong to the front stream, the rest go deep. Each
threat draws launch area, aim, route variant, whether it is armed, and its departure. UAVs leave evenly
over the night's or the day's launch window; missiles of one class leave as one salvo.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.core.streams import uniforms
from skyshield.engine.world import (
    CRUISE,
    DEEP_STREAM,
    FRONT_STREAM,
    N_CLASSES,
    NIGHT,
    ROUTE,
    SALVO,
    TIME,
    UAV,
    Floats,
    Raid,
    Raids,
)

MAX_THREATS = 1_000_000
_DECISION_BITS = 16
_CLASS_BITS = 24


@kernel
def pick(cdf: Floats, u: float) -> int:
    """Return the first index whose cumulative probability exceeds `u`."""
    last = int(cdf.shape[0]) - 1
    for index in range(last):
        if u < cdf[index]:
            return index
    return last


@kernel
def raid_size(raids: Raids, seed: np.uint64, world: int, day: int) -> tuple[int, int, int]:
    """Return the numbers of UAVs, cruise and ballistic missiles of one day."""
    u_night, u_0, u_1, u_2 = uniforms(seed, world, day << _DECISION_BITS | NIGHT, 0, 0)
    row = raids.fit_row[world >> _DECISION_BITS]
    night = raids.night_index[row, int(u_night * raids.night_index.shape[1])]
    scale = raids.scale[day]
    return (int(np.floor(raids.night_counts[night, 0] * scale + u_0)),
            int(np.floor(raids.night_counts[night, 1] * scale + u_1)),
            int(np.floor(raids.night_counts[night, 2] * scale + u_2)))


@kernel
def draw_raid(raids: Raids, n_variants: int, seed: np.uint64, world: int, day: int,
              sizes: tuple[int, int, int], raid: Raid) -> int:
    """Fill the raid's launch, aim, route, load and departure; return the number of threats."""
    vector = world >> _DECISION_BITS
    moment = day << _DECISION_BITS
    n_aims = raids.aim_cdf.shape[2]
    i = 0
    for kind in range(N_CLASSES):
        salvo_s = raids.night_start_s[vector] + raids.night_length_s[vector] * uniforms(
            seed, world, moment | SALVO, kind, 0)[0]
        for ordinal in range(sizes[kind]):
            threat = kind << _CLASS_BITS | ordinal
            u_launch, u_aim, u_variant, u_decoy = uniforms(seed, world, moment | ROUTE, threat, 0)
            u_part, u_moment, _, _ = uniforms(seed, world, moment | TIME, threat, 0)
            if kind == UAV:
                stream = FRONT_STREAM if ordinal < raids.front_threshold[vector] else DEEP_STREAM
            else:
                stream = kind - CRUISE + DEEP_STREAM + 1
            launch = pick(raids.launch_cdf[stream], u_launch)
            aim = pick(raids.aim_cdf[vector, stream], u_aim)
            if kind != UAV:
                departure_s = salvo_s + raids.salvo_spread_s[vector] * u_moment
            elif u_part < raids.p_day_part[vector]:
                departure_s = raids.day_start_s[vector] + raids.day_length_s[vector] * u_moment
            else:
                departure_s = raids.night_start_s[vector] + raids.night_length_s[vector] * u_moment
            raid.threat[i] = threat
            raid.threat_class[i] = kind
            raid.stream[i] = stream
            raid.aim[i] = aim
            raid.route[i] = (launch * n_aims + aim) * n_variants + int(u_variant * n_variants)
            raid.armed[i] = kind != UAV or u_decoy >= raids.p_decoy[vector]
            raid.departure_s[i] = departure_s
            i += 1
    return i
