r"""Step 2: the raids of a period, night by night, by stream.

Regimes are semi-Markov. With k nights since the last massed one (at most `MAX_GAP`), tonight is massed with

    logit P = a_d + b log k.

The front stream is negative binomial with mean m_d. On massed nights the deep stream is lognormal with median
v_d, otherwise negative binomial with a mean of `routine_deep_ratio` m_d. Missiles of a kind come with a probability
that depends on the regime (the hurdle); if they come there are 1 + NB of them, on massed nights with a mean
times exp(slope z), z being the deep stream's normal score: one latent factor moves both.

a, log m, log v and the logit of the front stream's leak rate are levels. Each starts from its value at the end of the
record and reverts to the average of the record's window,

    x' = average + stay (x - average) + step z,

so that its spread stays bounded however long the period: `stay` is such that it is what the catalogue says of the
launches of a month a year on (`skyshield.raids.season`).

A phase of intensity x expects x times as many launches, and so does a day on which launches of a class have grown to x
times those of the first day: the negative binomial means and the median of the deep stream on massed nights are x times
what they are else; of missiles the probability that any come, if x is below 1, or else the mean of those that come.
Sizes of the distributions, regimes and levels are those of war on the first day, and so are the draws: more raids are
the same raids and more. A massed night still brings one deep UAV at least. At intensity 0 nothing comes. Raids
belong to the calendar: regimes and levels move on in a ceasefire as they do in war, so that whoever is at war on a day,
under whatever option, meets the same raid.
"""

import math

import numpy as np

from skyshield.core.arrays import Flags, Floats, Integers
from skyshield.core.jit import kernel
from skyshield.core.normal import negative_binomial_quantile, normal_quantile
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.core.vocabulary import BALLISTIC, CRUISE, MAX_GAP, UAV
from skyshield.engine.world import LEVEL, MISSILES, NIGHT, Season

_LARGEST_LOG = 15.0  # of a size: far beyond what a day may hold, so that such a night is refused and not wrapped round


@kernel
def size_of(log_size: float) -> float:
    """Return exp(log_size), bounded."""
    return math.exp(min(log_size, _LARGEST_LOG))


@kernel
def missile_count(season: Season, vector: int, regime: int, kind: int, z: float, scale: float, u_any: float,
                  u_size: float) -> int:
    """Return how many missiles of a kind (0 cruise, 1 ballistic) come tonight, `scale` times as many as else."""
    if u_any >= season.p_missile[vector, regime, kind] * min(1.0, scale):
        return 0
    mean = season.missile_mean[vector, regime, kind] * max(1.0, scale)
    if regime == 1:
        mean *= size_of(season.missile_slope[vector, kind] * z)
    return 1 + negative_binomial_quantile(u_size, mean - 1.0, season.missile_size[vector, regime, kind])


@kernel
def uavs_of_night(season: Season, vector: int, regime: int, scale: float, front: float, deep: float, u_front: float,
                  u_deep: float, z: float) -> tuple[int, int]:
    """Return how many UAVs of the front stream and of the deep one come, `scale` times as many as else."""
    of_front = negative_binomial_quantile(u_front, scale * size_of(front), season.front_size[vector])
    if regime == 1:
        return of_front, max(1, math.floor(
            scale * size_of(deep + season.massed_deep_sigma[vector] * z) + 1.0 / 2.0))
    return of_front, negative_binomial_quantile(
        u_deep, season.routine_deep_ratio[vector] * size_of(front) * scale, season.routine_deep_size[vector])


@kernel
def draw_season(season: Season, played: Flags, intensity: Floats, growth: Floats, seed: np.uint64, word: int,
                counts: Integers, massed: Flags, leak_shift: Floats) -> None:
    """Fill launches by phase, day and stream, the regime, and the shift of the leak rates' logit.

    `played` [phase, day] says in which phases a day is wanted; in all others nothing comes. `intensity` is by phase and
    class, `growth` by class and day.
    """
    vector = vector_of(word)
    gap = int(season.nights_since_massed[vector])
    intercept = season.massed_intercept[vector]
    front = math.log(season.front_mean[vector])
    deep = math.log(season.massed_deep_median[vector])
    massed_average, front_average = season.massed_average[vector], math.log(season.front_average[vector])
    deep_average = math.log(season.massed_deep_average[vector])
    leak = season.leak_start[vector]
    for day in range(played.shape[1]):
        u_0, u_1, u_2, u_3 = uniforms(seed, word, moment(day, LEVEL), 0, 0)
        intercept = (massed_average + season.massed_stay[vector] * (intercept - massed_average)
                     + season.massed_step[vector] * normal_quantile(u_0))
        front = (front_average + season.front_stay[vector] * (front - front_average)
                 + season.front_step[vector] * normal_quantile(u_1))
        deep = (deep_average + season.deep_stay[vector] * (deep - deep_average)
                + season.deep_step[vector] * normal_quantile(u_2))
        leak = season.leak_stay[vector] * leak + season.leak_step[vector] * normal_quantile(u_3)
        leak_shift[day] = leak
        u_regime, u_front, u_deep, _ = uniforms(seed, word, moment(day, NIGHT), 0, 0)
        logit = intercept + season.massed_slope[vector] * math.log(gap)
        regime = 1 if u_regime < 1.0 / (1.0 + math.exp(-logit)) else 0
        gap = 1 if regime == 1 else min(gap + 1, MAX_GAP)
        massed[day] = regime
        z = normal_quantile(u_deep)
        u_0, u_1, u_2, u_3 = uniforms(seed, word, moment(day, MISSILES), 0, 0)
        for phase in range(played.shape[0]):
            of_day, of_phase = counts[phase, day], intensity[phase]
            of_day[:] = 0
            if played[phase, day]:
                if of_phase[UAV] > 0.0:
                    of_day[0], of_day[1] = uavs_of_night(season, vector, regime, of_phase[UAV] * growth[UAV, day],
                                                         front, deep, u_front, u_deep, z)
                if of_phase[CRUISE] > 0.0:
                    of_day[2] = missile_count(season, vector, regime, 0, z, of_phase[CRUISE] * growth[CRUISE, day],
                                              u_0, u_1)
                if of_phase[BALLISTIC] > 0.0:
                    of_day[3] = missile_count(season, vector, regime, 1, z,
                                              of_phase[BALLISTIC] * growth[BALLISTIC, day], u_2, u_3)
