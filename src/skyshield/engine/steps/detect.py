"""Steps 10, 11 and 14: detect.

The night sets one share of threats that a kind of shooter can hold a track on (weather, clutter, height; one factor
for all kinds); each threat is tracked or not for the whole of its flight, and what a worse picture shows, a better one
shows too. Draws are never repeated over time steps, which would make everything visible in the end. Reach within the
radar horizon is part of the geometry. Whether a threat is identified in time, and whether it is left to the coalition,
are drawn here too, before any option is known; and so is from which side it comes in to its aim, where guns and teams
share the ring round it.

What slips past Ukraine's own defence is harder to see for others too: being tracked and being stopped by Ukraine are
correlated by a Gaussian copula, rho = `track_correlation`. With the uniform U of the own stop (large where the threat
is stopped) and V drawn for the track,

    V' = Phi(-rho Phi^-1(U) + sqrt(1 - rho^2) Phi^-1(V)),

is below a share p with probability p whatever rho is. The night's share of tracks goes with the night's leak rate in
the same way, and so does the weather (`steps.readiness`): bad weather, few tracks and many leakers come together.

An option's sensors give each of its shooters a share of the tracks it lacks, by class; the threats that they add are
those next in line on the same draw. Airborne early warning is scarce: on some nights it is not up for anybody.
"""

import math

import numpy as np

from skyshield.core.arrays import Flags, Floats
from skyshield.core.jit import kernel
from skyshield.core.normal import normal_cdf, normal_quantile
from skyshield.core.streams import moment, uniforms, vector_of
from skyshield.core.vocabulary import FRONT_STREAM, N_CLASSES
from skyshield.engine.scratch import Raid
from skyshield.engine.steps.own import at_quantile
from skyshield.engine.world import EARLY_WARNING, JOINT, OWN_NIGHT, TRACK, TRACK_NIGHT, Forces


@kernel
def against(stop_u: float, u: float, rho: float) -> float:
    """Return a uniform that is small where `stop_u` is large: minus `rho` is the correlation of their normal scores."""
    if rho <= 0.0:
        return u
    return normal_cdf(math.sqrt(1.0 - rho * rho) * normal_quantile(u) - rho * normal_quantile(stop_u))


@kernel
def leak_night_u(seed: np.uint64, word: int, day: int) -> float:
    """Return the uniform of tonight's leak rate of UAVs, large on a night on which many get through."""
    return float(uniforms(seed, word, moment(day, OWN_NIGHT), FRONT_STREAM, 0)[0])


@kernel
def detect(forces: Forces, seed: np.uint64, word: int, day: int, n: int, may_cross: Flags, raid: Raid,
           p_track: Floats) -> None:
    """Fill what can be tracked tonight, by kind of shooter, and the draws of each threat that anybody may look at.

    `may_cross` [route] marks the routes that cross the zone of some option; a threat on another is never tracked.
    """
    rho = forces.track_correlation[vector_of(word)]
    u_night = against(leak_night_u(seed, word, day), uniforms(seed, word, moment(day, TRACK_NIGHT), 0, 0)[0], rho)
    for kind in range(p_track.shape[0]):
        p_track[kind] = at_quantile(forces.p_track[vector_of(word), kind], u_night)
    for i in range(n):  # drawn for all, which the compiler does for eight at once
        raid.track_u[i] = uniforms(seed, word, moment(day, TRACK), raid.threat[i], 0)[0]
        raid.identify_u[i], raid.joint_u[i], raid.ring_u[i], _ = uniforms(seed, word, moment(day, JOINT),
                                                                                 raid.threat[i], 0)
    for i in range(n):
        raid.track_u[i] = against(raid.stop_u[i], raid.track_u[i], rho) if may_cross[raid.route[i]] else 1.0


@kernel
def early_warning_up(forces: Forces, seed: np.uint64, word: int, day: int) -> bool:
    """Return whether airborne early warning is up tonight, for whoever has it."""
    u = uniforms(seed, word, moment(day, EARLY_WARNING), 0, 0)[0]
    return bool(u < forces.p_early_warning[vector_of(word)])


@kernel
def share_picture(forces: Forces, vector: int, option: int, early_warning: bool, manned: Flags, p_track: Floats,
                  p_seen: Floats) -> None:
    """Fill the share of each class that each manned shooter can hold a track on, its option's sensors counted."""
    for slot in range(manned.shape[0]):
        if manned[slot]:
            own = p_track[forces.shooter_kind[option, slot]]
            for threat_class in range(N_CLASSES):
                gain = forces.ground_gain[vector, option, slot, threat_class]
                if early_warning:
                    gain = forces.picture_gain[vector, option, slot, threat_class]
                p_seen[slot, threat_class] = own + (1.0 - own) * gain


@kernel
def release_time_s(release_s: float, handover_s: float, track_u: float, p_track: float) -> float:
    """Return how long after a track the permission comes: longer if the shooter has the track by hand-over alone."""
    if track_u < p_track:
        return release_s
    return release_s + handover_s
