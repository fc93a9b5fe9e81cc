"""The engine's raids as plain data: what both models are given (section 2.9 of the page on the day).

This is the only file of the folder that knows the engine from inside.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.vocabulary import N_STREAMS
from skyshield.engine.day import draw_period, largest_raid, new_period
from skyshield.engine.scratch import active_days, new_raid
from skyshield.engine.steps.adapt import adapted_sizes
from skyshield.engine.steps.draw import draw_raid, spread_deep_stream
from skyshield.engine.steps.phases import draw_phases


class Threat(NamedTuple):
    """A threat as it was launched."""

    threat: int
    threat_class: int
    stream: int
    aim: int
    route: int
    load: int
    jet: bool
    departure_s: float


class Night(NamedTuple):
    """A day's raid: `threats` holds `most` [stream] threats of each stream, in order."""

    threats: list[Threat]
    phases: np.ndarray  # [option + 1] that holds under each, last without any
    launches: np.ndarray  # [option + 1, stream] what comes in the phase of each
    sizes: np.ndarray  # [option, stream]
    most: np.ndarray  # [stream]
    regime: int
    leak_shift: float
    deep_cdf: np.ndarray  # [aim] of tonight's deep stream


def path_of(world, seed, word):
    """Return the phase of each day [option + 1, day], last without any option, of a replication."""
    period = new_period(world, 1)
    draw_phases(world.renewal, world.raids.phase, world.forces.presence, np.uint64(seed), word, period.path[0])
    return period.path[0]


def nights_of(world, seed, word, period=None):
    """Return the nights, one for each day, of the replication ``word = vector << 16 | replication``.

    `period` holds its launches, if not those that the world draws.
    """
    days, n_options = world.raids.phase.shape[0], world.rules.class_allowed.shape[0]
    key = np.uint64(seed)
    if period is None:
        period = new_period(world, 1)
        draw_period(world, key, word, word + 1, period)
    launched = np.zeros((n_options + 1, N_STREAMS), np.int64)
    sizes, most = np.zeros((n_options, N_STREAMS), np.int64), np.zeros(N_STREAMS, np.int64)
    active = active_days(world.forces)
    raid = new_raid(largest_raid(world.response, active, key, word, word + 1, period, launched, sizes, most))
    result = []
    for day in range(days):
        path, regime = period.path[0, :, day], int(period.massed[0, day])
        launched[:] = period.counts[0, path, day]
        adapted_sizes(world.response, active, key, word, day, launched, sizes, most)
        deep_cdf = np.zeros(world.raids.aim_cdf.shape[2])
        spread_deep_stream(world.raids, key, word, day, regime, deep_cdf)
        n = draw_raid(world.raids, int(world.routes.n_variants[0]), key, word, day, most, deep_cdf, raid)
        threats = [Threat(int(raid.threat[i]), int(raid.threat_class[i]), int(raid.stream[i]), int(raid.aim[i]),
                          int(raid.route[i]), int(raid.load[i]), bool(raid.jet[i]), float(raid.departure_s[i]))
                   for i in range(n)]
        result.append(Night(threats, path.copy(), launched.copy(), sizes.copy(), most.copy(), regime,
                            float(period.leak_shift[0, day]), deep_cdf))
    return result
