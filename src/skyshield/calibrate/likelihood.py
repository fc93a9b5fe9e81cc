r"""The likelihood of the raid model: launches, missiles, leakers and kills by area, night by night.

A hidden semi-Markov model run forward once. The state is the number of nights since the last massed one.
Each night the launches L split into a front part F and a deep part L - F, which the bulletin does not tell:
the likelihood sums over F,

    p(L, C, B, l, S, W | regime) = sum_F NB(F) p_regime(L - F) p_regime(C, B | z) BB(l | L, F) BB(S | K, F)
                                         NB(W | L - F),

with missiles C and B that depend on the deep stream's normal score z (massed nights), leakers l, kills in the south S
and in the west W, whose mean is a share of the deep stream. The sum over F is exact for the first two factors; the
others, smooth in F, are taken at the mean F of at most `BINS` bins. Both streams' leak rates move together on a
night, so

    mean = F l_F + D l_D,  variance between nights = rho (F s_F + D s_D)^2,  s = sqrt(l (1 - l)),

and a beta-binomial of that mean and variance stands for the leakers of both streams.

Four levels (how often nights are massed, front and deep sizes, leak rates) follow the nights before: after each night
a level moves by its score over its discounted information, P' = lambda P + I, with lambda = 2^(-1 / half-life), but
by no more than `LONGEST_MOVE`, so that one odd night does not throw it.
A level therefore never sees the future, and the whole likelihood is one of predictions one night ahead.

A night without a bulletin tells nothing; only its regime is carried on.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from skyshield.core.jit import kernel

Floats = npt.NDArray[np.float64]

BINS = 16
MAX_GAP = 14
LONGEST_MOVE = 0.5
N_LEVELS = 4
MASSED_LEVEL, FRONT_LEVEL, DEEP_LEVEL, LEAK_LEVEL = range(N_LEVELS)
_TINY = 1e-300
_LEAST = 1e-9


class Nights(NamedTuple):
    """What the likelihood reads, f8[night]; NaN where nothing was told."""

    uav: Floats
    leakers: Floats
    cruise: Floats
    ballistic: Floats
    south_kills: Floats
    west_kills: Floats


class RaidParameters(NamedTuple):
    """The parameters of the raid model at the first night, all on their natural scale."""

    massed_intercept: float
    massed_slope: float
    front_mean: float
    front_size: float
    routine_deep_ratio: float
    routine_deep_size: float
    massed_deep_median: float
    massed_deep_sigma: float
    leak_front: float
    leak_deep: float
    rho_uav: float
    cruise_p_routine: float
    cruise_p_massed: float
    cruise_mean_routine: float
    cruise_mean_massed: float
    cruise_size_routine: float
    cruise_size_massed: float
    cruise_slope: float
    ballistic_p_routine: float
    ballistic_p_massed: float
    ballistic_mean_routine: float
    ballistic_mean_massed: float
    ballistic_size_routine: float
    ballistic_size_massed: float
    ballistic_slope: float
    south_share_front: float
    south_share_deep: float
    rho_south: float
    west_kills_share_massed: float
    west_kills_share_routine: float
    west_kills_size: float


@kernel
def log_negative_binomial(n: float, mean: float, size: float) -> float:
    """Return the log probability of n."""
    return (math.lgamma(n + size) - math.lgamma(size) - math.lgamma(n + 1.0) + size * math.log(size / (size + mean))
            + n * math.log(mean / (size + mean)))


@kernel
def log_beta_binomial(n: float, total: float, share: float, rho: float) -> float:
    """Return the log probability of n of `total`, without the binomial coefficient."""
    strength = (1.0 - rho) / rho
    alpha, beta = share * strength, (1.0 - share) * strength
    return (math.lgamma(n + alpha) - math.lgamma(alpha) + math.lgamma(total - n + beta) - math.lgamma(beta)
            - math.lgamma(total + strength) + math.lgamma(strength))


@kernel
def log_missiles(n: float, p_any: float, mean: float, size: float) -> float:
    """Return the log probability of n missiles: none, or 1 + NB of the given mean."""
    if n == 0.0:
        return math.log(1.0 - p_any)
    return math.log(p_any) + log_negative_binomial(n - 1.0, max(mean - 1.0, _LEAST), size)


@kernel
def leak_share(front: float, deep: float, leak_front: float, leak_deep: float) -> tuple[float, float]:
    """Return the mean share of leakers, and the squared spread of the share per unit of rho."""
    total = front + deep
    share = (front * leak_front + deep * leak_deep) / total
    spread = (front * math.sqrt(leak_front * (1.0 - leak_front)) + deep * math.sqrt(leak_deep * (1.0 - leak_deep)))
    return share, (spread / total) ** 2


@kernel
def shifted(share: float, shift: float) -> float:
    """Return a share moved by `shift` on the logit scale."""
    odds = share / (1.0 - share) * math.exp(shift)
    return odds / (1.0 + odds)


@kernel
def given_split(front: float, deep: float, z: float, regime: int, night: Nights, d: int, q: RaidParameters,
                leak_front: float, leak_deep: float) -> float:
    """Return the log probability of missiles, leakers and kills by area if the launches split this way."""
    lead = 1.0 if regime == 0 else math.exp(q.cruise_slope * z)
    after = 1.0 if regime == 0 else math.exp(q.ballistic_slope * z)
    if regime == 0:
        value = (log_missiles(night.cruise[d], q.cruise_p_routine, q.cruise_mean_routine, q.cruise_size_routine)
                 + log_missiles(night.ballistic[d], q.ballistic_p_routine, q.ballistic_mean_routine,
                                q.ballistic_size_routine))
    else:
        value = (log_missiles(night.cruise[d], q.cruise_p_massed, q.cruise_mean_massed * lead, q.cruise_size_massed)
                 + log_missiles(night.ballistic[d], q.ballistic_p_massed, q.ballistic_mean_massed * after,
                                q.ballistic_size_massed))
    if not math.isnan(night.west_kills[d]):
        of_deep = q.west_kills_share_massed if regime == 1 else q.west_kills_share_routine
        value += log_negative_binomial(night.west_kills[d], max(of_deep * deep, _LEAST), q.west_kills_size)
    total = front + deep
    if total < 1.0:
        return value
    share, spread = leak_share(front, deep, leak_front, leak_deep)
    rho = min(max(q.rho_uav * spread / (share * (1.0 - share)), _LEAST), 1.0 - _LEAST)
    value += log_beta_binomial(night.leakers[d], night.uav[d], share, rho)
    kills = night.uav[d] - night.leakers[d]
    if not math.isnan(night.south_kills[d]) and kills > 0.0:
        killed_front, killed_deep = front * (1.0 - leak_front), deep * (1.0 - leak_deep)
        south = (killed_front * q.south_share_front + killed_deep * q.south_share_deep) / (killed_front + killed_deep)
        value += log_beta_binomial(min(night.south_kills[d], kills), kills, south, q.rho_south)
    return value


@kernel
def emission(regime: int, night: Nights, d: int, q: RaidParameters, front_mean: float, deep_median: float,
             leak_front: float, leak_deep: float, mass: Floats, moment: Floats) -> tuple[float, float, float, float]:
    """Return the log probability of a night in a regime, and the posterior means of F, D and z.

    `mass` and `moment` are scratch of `BINS` numbers.
    """
    launched = int(night.uav[d])
    mass[:] = 0.0
    moment[:] = 0.0
    first = 0
    if regime == 1:  # all but a negligible part of the front stream lies within this many spreads
        spread = math.sqrt(front_mean + front_mean * front_mean / q.front_size)
        last = min(launched - 1, int(front_mean + 6.0 * spread) + 1)
    else:
        last = launched
    width = max(1, -(-(last + 1 - first) // BINS))
    ratio = front_mean / (front_mean + q.front_size)
    log_front = q.front_size * math.log(1.0 - ratio)
    deep_mean = q.routine_deep_ratio * front_mean
    deep_ratio = deep_mean / (deep_mean + q.routine_deep_size)
    log_deep = 0.0
    if regime == 0:
        log_deep = log_negative_binomial(float(launched), deep_mean, q.routine_deep_size)
    log_median = math.log(deep_median)
    for front in range(last + 1):
        if front > 0:
            log_front += math.log(ratio * (front - 1.0 + q.front_size) / front)
        deep = launched - front
        if regime == 0:
            p = math.exp(log_front + log_deep)
            log_deep += math.log(deep / (deep_ratio * (deep - 1.0 + q.routine_deep_size))) if deep > 0 else 0.0
        else:
            log_d = math.log(float(deep))
            z = (log_d - log_median) / q.massed_deep_sigma
            p = math.exp(log_front - 0.5 * z * z - log_d)
        bin_ = front // width
        mass[bin_] += p
        moment[bin_] += p * front
    best = -np.inf
    values = np.empty(BINS)
    for b in range(BINS):
        values[b] = -np.inf
        if mass[b] > _TINY:
            front_b = moment[b] / mass[b]
            deep_b = launched - front_b
            z = (math.log(deep_b) - log_median) / q.massed_deep_sigma if regime == 1 else 0.0
            values[b] = math.log(mass[b]) + given_split(front_b, deep_b, z, regime, night, d, q, leak_front, leak_deep)
            best = max(best, values[b])
    if best == -np.inf:
        return -np.inf, front_mean, 0.0, 0.0
    total, mean_front, mean_z = 0.0, 0.0, 0.0
    for b in range(BINS):
        if values[b] > -np.inf:
            weight = math.exp(values[b] - best)
            front_b = moment[b] / mass[b]
            total += weight
            mean_front += weight * front_b
            if regime == 1:
                mean_z += weight * (math.log(launched - front_b) - log_median) / q.massed_deep_sigma
    mean_front /= total
    value = best + math.log(total)
    if regime == 1:
        value -= math.log(q.massed_deep_sigma) + 0.5 * math.log(2.0 * math.pi)
    return value, mean_front, launched - mean_front, mean_z / total


@kernel
def filter_nights(q: RaidParameters, night: Nights, discount: Floats, level: Floats, information: Floats,
                  gap: Floats, told: Floats) -> float:
    """Run the nights forward; return the log likelihood.

    Parameters
    ----------
    q
        Parameters at the first night.
    night
        The data.
    discount
        f8[level]: what is kept of a level's information from one night to the next; 1 holds the level still.
    level
        f8[level], zero on entry; on return, how far each level has moved.
    information
        f8[level], positive: what each level rests on, before the first night and on return.
    gap
        f8[MAX_GAP], the distribution of nights since the last massed one; on entry for the first night, on
        return for the night after the last.
    told
        f8[night, 3]: on return the probability that the night was massed and the posterior means of F and D.
    """
    mass, moment, hazard = np.empty(BINS), np.empty(BINS), np.empty(MAX_GAP)
    value = 0.0
    for d in range(night.uav.shape[0]):
        p_massed = 0.0
        for k in range(MAX_GAP):
            logit = q.massed_intercept + level[MASSED_LEVEL] + q.massed_slope * math.log(k + 1.0)
            hazard[k] = 1.0 / (1.0 + math.exp(-logit))
            p_massed += gap[k] * hazard[k]
        posterior = p_massed
        if not math.isnan(night.uav[d]):
            front_mean = q.front_mean * math.exp(level[FRONT_LEVEL])
            deep_median = q.massed_deep_median * math.exp(level[DEEP_LEVEL])
            leak_front = shifted(q.leak_front, level[LEAK_LEVEL])
            leak_deep = shifted(q.leak_deep, level[LEAK_LEVEL])
            log_0, front_0, deep_0, _ = emission(0, night, d, q, front_mean, deep_median, leak_front, leak_deep,
                                                 mass, moment)
            log_1, front_1, deep_1, z = -np.inf, front_0, deep_0, 0.0
            if night.uav[d] >= 1.0:
                log_1, front_1, deep_1, z = emission(1, night, d, q, front_mean, deep_median, leak_front, leak_deep,
                                                     mass, moment)
            top = max(log_0, log_1)
            if top == -np.inf:
                return -np.inf
            e_0, e_1 = math.exp(log_0 - top), math.exp(log_1 - top)
            both = p_massed * e_1 + (1.0 - p_massed) * e_0
            value += top + math.log(both)
            posterior = p_massed * e_1 / both
            front = posterior * front_1 + (1.0 - posterior) * front_0
            deep = posterior * deep_1 + (1.0 - posterior) * deep_0
            told[d, 0], told[d, 1], told[d, 2] = posterior, front, deep
            # levels: score over discounted information
            _move(MASSED_LEVEL, posterior - p_massed, p_massed * (1.0 - p_massed), discount, level, information)
            over = 1.0 + front_mean / q.front_size
            _move(FRONT_LEVEL, (front - front_mean) / over, (1.0 - posterior) * front_mean / over, discount, level,
                  information)
            _move(DEEP_LEVEL, posterior * z / q.massed_deep_sigma, posterior / q.massed_deep_sigma ** 2, discount,
                  level, information)
            launched = night.uav[d]
            if launched >= 1.0:
                share, spread = leak_share(front, deep, leak_front, leak_deep)
                slope = front * leak_front * (1.0 - leak_front) + deep * leak_deep * (1.0 - leak_deep)
                variance = launched * share * (1.0 - share) + launched * max(launched - 1.0, 0.0) * q.rho_uav * spread
                _move(LEAK_LEVEL, (night.leakers[d] - launched * share) * slope / variance, slope * slope / variance,
                      discount, level, information)
        massed = 0.0
        stay = np.empty(MAX_GAP)
        p_told = 1.0 - p_massed
        for k in range(MAX_GAP):
            massed += gap[k] * hazard[k]
            stay[k] = gap[k] * (1.0 - hazard[k]) / max(p_told, _TINY) * (1.0 - posterior)
        for k in range(MAX_GAP - 1, 0, -1):
            gap[k] = stay[k - 1] + (stay[k] if k == MAX_GAP - 1 else 0.0)
        gap[0] = posterior
    return value


@kernel
def _move(which: int, score: float, new: float, discount: Floats, level: Floats, information: Floats) -> None:
    keep = discount[which]
    if keep >= 1.0:
        return
    information[which] = keep * information[which] + new
    level[which] += min(max(score / information[which], -LONGEST_MOVE), LONGEST_MOVE)
