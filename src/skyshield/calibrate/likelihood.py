r"""The likelihood of the raid model: launches, missiles, leakers and kills by area, night by night.

A hidden semi-Markov model run forward once. The state is the number of nights since the last massed one.
Each night the launches L split into a front part F and a deep part L - F, which bulletins do not report:
the likelihood sums over F,

    p(L, C, B, l, S, W | regime) = sum_F NB(F) p_regime(L - F) p_regime(C, B | z) BB(l | L, F) BB(S | K, F)
                                         p_regime(W | L - F),

with missiles C and B that depend on the deep stream's normal score z (massed nights), leakers l, kills in the south S
and in the west W, whose mean is a share of the deep stream; on massed nights the west has none at all, or at least one.
The sum over F is exact for the first two factors; the others, smooth in F, are taken at the mean F of at most `BINS`
bins. Both streams have a good or a bad night together, so

    mean = F l_F + D l_D,  variance between nights = rho (F s_F + D s_D)^2,  s = sqrt(l (1 - l)),

and a beta-binomial of that mean and variance stands for the leakers of both streams.

Levels (how often nights are massed, front and deep sizes, the front stream's leak rate) follow the nights before:
after each night a level moves by its score over its discounted information, P' = lambda P + I, with
lambda = 2^(-1 / half-life), but by no more than `MAX_LEVEL_STEP`, so that one outlying night does not throw it. The
deep stream's leak rate has a level of its own (`DEEP_LEAK_LEVEL`), which stands still at discount 1; a leak level
moves by the slope of its own stream's leakers alone.
A level therefore never uses the future, and the likelihood is one of predictions one night ahead. Tonight's level
is not known but has variance v = 1 / (lambda P): the predictions are widened by it (NB sizes 1 / (1 / size + v), the
deep stream's sigma^2 + v, the share of leakers by v times its squared slope, and the regime's logit, by the probit
approximation, divided by sqrt(1 + pi v / 8)), so that parameters do not have to make up for it.

A night without a bulletin carries no information; only its regime is propagated. Where only missiles are not
reported, their factor is left out; where leakers are not, theirs and that of the kills in the south, and the leak
levels stay.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.calibrate.densities import (
    FLOOR,
    beta_binomial_rest,
    leak_share,
    log_beta_binomial,
    log_missiles,
    log_negative_binomial,
    negative_binomial_constant,
    negative_binomial_rest,
    shifted,
)
from skyshield.core.arrays import Floats
from skyshield.core.jit import allocating_kernel, kernel
from skyshield.core.vocabulary import MAX_GAP

BINS = 16
MAX_LEVEL_STEP = 0.5
N_LEVELS = 5
MASSED_LEVEL, FRONT_LEVEL, DEEP_LEVEL, LEAK_LEVEL, DEEP_LEAK_LEVEL = range(N_LEVELS)
UNNUMBERED = -1.0
_TINY = 1e-300
_LARGE = 1e200
_NEGLIGIBLE = 1e-14


class Nights(NamedTuple):
    """What the likelihood reads, f8[night]; NaN where not reported, `UNNUMBERED` where kills have no number."""

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
    west_any_massed: float
    west_kills_share_massed: float
    west_kills_share_routine: float
    west_kills_size_massed: float
    west_kills_size_routine: float


class Tonight(NamedTuple):
    """The parameters of a night's prediction: at tonight's levels, widened by the levels' variance."""

    front_mean: float
    front_size: float
    deep_mean: float  # of the routine deep stream
    deep_size: float
    deep_log_median: float
    deep_sigma: float
    z_per_log: float  # mean of the deep stream's normal score over the distance of its logarithm from the median's
    leak_front: float
    leak_deep: float
    leak_front_variance: float  # of the level, logit scale
    leak_deep_variance: float


@kernel
def tonight_of(q: RaidParameters, level: Floats, level_variance: Floats) -> Tonight:
    """Return the parameters at given levels f8[level], widened by their variances `level_variance` f8[level]."""
    front_mean = q.front_mean * math.exp(level[FRONT_LEVEL])
    spread = q.massed_deep_sigma * q.massed_deep_sigma + level_variance[DEEP_LEVEL]
    return Tonight(front_mean, 1.0 / (1.0 / q.front_size + level_variance[FRONT_LEVEL]),
                   q.routine_deep_ratio * front_mean, 1.0 / (1.0 / q.routine_deep_size + level_variance[FRONT_LEVEL]),
                   math.log(q.massed_deep_median) + level[DEEP_LEVEL], math.sqrt(spread),
                   q.massed_deep_sigma / spread, shifted(q.leak_front, level[LEAK_LEVEL]),
                   shifted(q.leak_deep, level[DEEP_LEAK_LEVEL]), level_variance[LEAK_LEVEL],
                   level_variance[DEEP_LEAK_LEVEL])


@kernel
def log_west_kills(kills: float, regime: int, deep: float, q: RaidParameters) -> float:
    """Return the log probability of kills in the west, or of at least one if they are not numbered."""
    if regime == 0:
        mean = max(q.west_kills_share_routine * deep, FLOOR)
        if kills == UNNUMBERED:
            return math.log1p(-math.exp(log_negative_binomial(0.0, mean, q.west_kills_size_routine)))
        return log_negative_binomial(kills, mean, q.west_kills_size_routine)
    if kills == UNNUMBERED:
        return math.log(q.west_any_massed)
    return log_missiles(kills, q.west_any_massed, q.west_kills_share_massed * deep / q.west_any_massed,
                        q.west_kills_size_massed)


@kernel
def log_common_to_splits(regime: int, night: Nights, d: int, q: RaidParameters) -> float:
    """Return the terms of a night's log probability that are the same for every split."""
    cruise, ballistic = night.cruise[d], night.ballistic[d]
    value = 0.0
    if not math.isnan(cruise):
        if regime == 0:
            value += log_missiles(cruise, q.cruise_p_routine, q.cruise_mean_routine, q.cruise_size_routine)
        else:
            value += math.log(q.cruise_p_massed) + negative_binomial_constant(
                cruise - 1.0, q.cruise_size_massed) if cruise > 0.0 else math.log(1.0 - q.cruise_p_massed)
    if not math.isnan(ballistic):
        if regime == 0:
            value += log_missiles(ballistic, q.ballistic_p_routine, q.ballistic_mean_routine, q.ballistic_size_routine)
        else:
            value += math.log(q.ballistic_p_massed) + negative_binomial_constant(
                ballistic - 1.0, q.ballistic_size_massed) if ballistic > 0.0 else math.log(1.0 - q.ballistic_p_massed)
    kills = night.uav[d] - night.leakers[d]
    if not math.isnan(night.south_kills[d]) and kills > 0.0:
        strength = (1.0 - q.rho_south) / q.rho_south
        value += math.lgamma(strength) - math.lgamma(kills + strength)
    return value


@kernel
def log_given_split(front: float, deep: float, regime: int, night: Nights, d: int, q: RaidParameters,
                    t: Tonight) -> float:
    """Return the log probability of missiles, leakers and kills by area if the launches split this way.

    Without the terms of `log_common_to_splits`.
    """
    value = 0.0
    if regime == 1 and (night.cruise[d] > 0.0 or night.ballistic[d] > 0.0):
        z = (math.log(deep) - t.deep_log_median) * t.z_per_log
        if night.cruise[d] > 0.0:
            mean = max(q.cruise_mean_massed * math.exp(q.cruise_slope * z) - 1.0, FLOOR)
            value += negative_binomial_rest(night.cruise[d] - 1.0, mean, q.cruise_size_massed)
        if night.ballistic[d] > 0.0:
            mean = max(q.ballistic_mean_massed * math.exp(q.ballistic_slope * z) - 1.0, FLOOR)
            value += negative_binomial_rest(night.ballistic[d] - 1.0, mean, q.ballistic_size_massed)
    if not math.isnan(night.west_kills[d]):
        value += log_west_kills(night.west_kills[d], regime, deep, q)
    total = front + deep
    if total < 1.0:
        return value
    share, spread, front_slope, deep_slope = leak_share(front, deep, t.leak_front, t.leak_deep)
    variance = (q.rho_uav * spread + t.leak_front_variance * front_slope * front_slope
                + t.leak_deep_variance * deep_slope * deep_slope)
    rho = min(max(variance / (share * (1.0 - share)), FLOOR), 1.0 - FLOOR)
    if not math.isnan(night.leakers[d]):
        value += log_beta_binomial(night.leakers[d], night.uav[d], share, rho)
    kills = night.uav[d] - night.leakers[d]
    if not math.isnan(night.south_kills[d]) and kills > 0.0:
        killed_front, killed_deep = front * (1.0 - t.leak_front), deep * (1.0 - t.leak_deep)
        south = (killed_front * q.south_share_front + killed_deep * q.south_share_deep) / (killed_front + killed_deep)
        value += beta_binomial_rest(min(night.south_kills[d], kills), kills, south, (1.0 - q.rho_south) / q.rho_south)
    return value


@kernel
def split_mass(regime: int, launched: int, t: Tonight, log_table: Floats, mass: Floats, moment: Floats) -> float:
    """Fill the probability of each bin of F and its first moment, over a common factor; return that factor's log.

    The terms follow from each other by multiplication, so they are rescaled on the way against over- and underflow.
    """
    mass[:] = 0.0
    moment[:] = 0.0
    last = launched
    if regime == 1:  # all but a negligible part of the front stream lies within this many spreads
        spread = math.sqrt(t.front_mean + t.front_mean * t.front_mean / t.front_size)
        farthest = t.front_mean + 6.0 * spread + 1.0
        last = int(farthest) if farthest < launched - 1.0 else launched - 1  # never a whole number of a huge one or NaN
    width = max(1, -(-(last + 1) // BINS))
    ratio = t.front_mean / (t.front_mean + t.front_size)
    deep_ratio = t.deep_mean / (t.deep_mean + t.deep_size)
    factor = t.front_size * math.log(t.front_size / (t.front_mean + t.front_size))
    if regime == 0:
        factor += log_negative_binomial(float(launched), t.deep_mean, t.deep_size)
    else:
        factor -= math.log(t.deep_sigma) + math.log(2.0 * math.pi) / 2.0
    p, step, scale = 1.0, ratio / deep_ratio if regime == 0 else ratio, -1.0 / (2.0 * t.deep_sigma * t.deep_sigma)
    for b in range(BINS):
        bin_moment, bin_mass = 0.0, 0.0
        for front in range(b * width, min((b + 1) * width, last + 1)):
            if front > 0:
                if regime == 0:
                    deep = float(launched - front)
                    p *= step * (front - 1.0 + t.front_size) * (deep + 1.0) / (front * (deep + t.deep_size))
                else:
                    p *= step * (front - 1.0 + t.front_size) / front
                if p > _LARGE:
                    p, bin_mass, bin_moment = p / _LARGE, bin_mass / _LARGE, bin_moment / _LARGE
                    mass /= _LARGE
                    moment /= _LARGE
                    factor += math.log(_LARGE)
            term = p
            if regime == 1:
                log_deep = log_table[launched - front]
                term *= math.exp((log_deep - t.deep_log_median) ** 2 * scale - log_deep)
            bin_mass += term
            bin_moment += term * front
        mass[b], moment[b] = bin_mass, bin_moment
    return factor


@allocating_kernel
def emission(regime: int, night: Nights, d: int, q: RaidParameters, t: Tonight, log_table: Floats, mass: Floats,
             moment: Floats) -> tuple[float, float, float]:
    """Return the log probability of a night in a regime, the posterior mean of F and of log D over its median's.

    `log_table` holds the logarithms of 0 (as 0), 1, 2, …; `mass` and `moment` are scratch arrays of `BINS` numbers.
    """
    launched = int(night.uav[d])
    factor = split_mass(regime, launched, t, log_table, mass, moment)
    threshold = _NEGLIGIBLE * mass.max()
    common = log_common_to_splits(regime, night, d, q)
    best = -np.inf
    values = np.empty(BINS)
    for b in range(BINS):
        values[b] = -np.inf
        if mass[b] > threshold:
            front = moment[b] / mass[b]
            values[b] = math.log(mass[b]) + log_given_split(front, launched - front, regime, night, d, q, t)
            best = max(best, values[b])
    if best == -np.inf:
        return -np.inf, t.front_mean, 0.0
    total, mean_front, mean_log = 0.0, 0.0, 0.0
    for b in range(BINS):
        if values[b] > -np.inf:
            weight = math.exp(values[b] - best)
            front = moment[b] / mass[b]
            total += weight
            mean_front += weight * front
            if regime == 1:
                mean_log += weight * (math.log(launched - front) - t.deep_log_median)
    return factor + common + best + math.log(total), mean_front / total, mean_log / total


@allocating_kernel
def filter_nights(q: RaidParameters, night: Nights, discount: Floats, level: Floats, information: Floats,
                  gap: Floats, inferred: Floats) -> float:
    """Run the nights forward; return the log likelihood.

    Parameters
    ----------
    q
        Parameters at the first night.
    night
        The data.
    discount
        f8[level]: the share of a level's information retained from one night to the next; at 1 the level is fixed
        and known.
    level
        f8[level], zero on entry; on return, how far each level has moved.
    information
        f8[level], positive: the precision of each level, before the first night and on return.
    gap
        f8[MAX_GAP], the distribution of nights since the last massed one; on entry for the first night, on
        return for the night after the last.
    inferred
        f8[night, 3]: on return the probability that the night was massed and the posterior means of F and D.
    """
    max_launched = 1
    for d in range(night.uav.shape[0]):
        if night.uav[d] > max_launched:
            max_launched = int(night.uav[d])
    log_table = np.log(np.maximum(np.arange(max_launched + 1), 1).astype(np.float64))
    mass, moment, hazard, stay = np.empty(BINS), np.empty(BINS), np.empty(MAX_GAP), np.empty(MAX_GAP)
    level_variance = np.zeros(N_LEVELS)
    value = 0.0
    for d in range(night.uav.shape[0]):
        for k in range(N_LEVELS):
            level_variance[k] = 1.0 / (discount[k] * information[k]) if discount[k] < 1.0 else 0.0
        blur = 1.0 / math.sqrt(1.0 + math.pi * level_variance[MASSED_LEVEL] / 8.0)
        p_massed = 0.0
        for k in range(MAX_GAP):
            logit = q.massed_intercept + level[MASSED_LEVEL] + q.massed_slope * math.log(k + 1.0)
            hazard[k] = 1.0 / (1.0 + math.exp(-logit * blur))
            p_massed += gap[k] * hazard[k]
        posterior = p_massed
        if not math.isnan(night.uav[d]):
            t = tonight_of(q, level, level_variance)
            log_0, front_0, _ = emission(0, night, d, q, t, log_table, mass, moment)
            log_1, front_1, log_deep = -np.inf, front_0, 0.0
            if night.uav[d] >= 1.0:
                log_1, front_1, log_deep = emission(1, night, d, q, t, log_table, mass, moment)
            top = max(log_0, log_1)
            if top == -np.inf:
                return -np.inf
            e_0, e_1 = math.exp(log_0 - top), math.exp(log_1 - top)
            marginal = p_massed * e_1 + (1.0 - p_massed) * e_0
            value += top + math.log(marginal)
            posterior = p_massed * e_1 / marginal
            front = posterior * front_1 + (1.0 - posterior) * front_0
            inferred[d, 0], inferred[d, 1], inferred[d, 2] = posterior, front, night.uav[d] - front
            _update_levels(q, t, night.uav[d], night.leakers[d], front, posterior, p_massed, log_deep, discount, level,
                           information)
        massed = 0.0
        p_routine = 1.0 - p_massed
        for k in range(MAX_GAP):
            massed += gap[k] * hazard[k]
            stay[k] = gap[k] * (1.0 - hazard[k]) / max(p_routine, _TINY) * (1.0 - posterior)
        for k in range(MAX_GAP - 1, 0, -1):
            gap[k] = stay[k - 1] + (stay[k] if k == MAX_GAP - 1 else 0.0)
        gap[0] = posterior
    return value


@kernel
def _update_levels(q: RaidParameters, t: Tonight, launched: float, leakers: float, front: float, posterior: float,
                   p_massed: float, log_deep: float, discount: Floats, level: Floats, information: Floats) -> None:
    """Update the levels with a night: score over discounted information."""
    _update_level(MASSED_LEVEL, posterior - p_massed, p_massed * (1.0 - p_massed), discount, level, information)
    over = 1.0 + t.front_mean / q.front_size
    _update_level(FRONT_LEVEL, (front - t.front_mean) / over, (1.0 - posterior) * t.front_mean / over, discount, level,
                  information)
    precision = posterior / q.massed_deep_sigma ** 2
    _update_level(DEEP_LEVEL, precision * log_deep, precision, discount, level, information)
    if launched >= 1.0 and not math.isnan(leakers):
        share, spread, front_slope, deep_slope = leak_share(front, launched - front, t.leak_front, t.leak_deep)
        variance = launched * share * (1.0 - share) + launched * max(launched - 1.0, 0.0) * q.rho_uav * spread
        above = (leakers - launched * share) * launched / variance
        _update_level(LEAK_LEVEL, above * front_slope, (launched * front_slope) ** 2 / variance, discount, level,
                      information)
        _update_level(DEEP_LEAK_LEVEL, above * deep_slope, (launched * deep_slope) ** 2 / variance, discount, level,
                      information)


@kernel
def _update_level(index: int, score: float, new: float, discount: Floats, level: Floats, information: Floats) -> None:
    retention = discount[index]
    if retention >= 1.0:
        return
    information[index] = retention * information[index] + new
    level[index] += min(max(score / information[index], -MAX_LEVEL_STEP), MAX_LEVEL_STEP)
