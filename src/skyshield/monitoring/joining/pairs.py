r"""Pairs of records that may be one event, and the odds that they are.

Two sources i and j with probabilities of detection p, q = 1 - p, and events with intensity λ. One event that both
report has the weight λ pᵢ pⱼ g, with g the density of the differences of place and time; two, each reported by one of
them, λ pᵢ qⱼ · λ pⱼ qᵢ. The odds are

    g / (λ qᵢ qⱼ),    g = N(Δx; 0, mᵢ² + mⱼ²) N(Δy; 0, mᵢ² + mⱼ²) N(Δt; 0, sᵢ² + sⱼ²),

and with further sources that report nothing, λ times the probability that an event is seen by none.
Source: Fellegi and Sunter, Journal of the American Statistical Association 64, 1969, in continuous space and time.
"""

import dataclasses
import math

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.monitoring.joining.kernels import Reports, Worth, near_pairs
from skyshield.monitoring.joining.settings import settings


def odds_of_one_event(distance_m: float, lag_s: float, errors_m: tuple[float, float], errors_s: tuple[float, float],
                      intensity_m2_s: float, q: tuple[float, float]) -> float:
    """Return the odds that two records of two sources are one event rather than two.

    Parameters
    ----------
    distance_m, lag_s
        Between the two records.
    errors_m, errors_s
        Of each: one standard deviation per axis and of time.
    intensity_m2_s
        Of events, per square metre and second.
    q
        Of each source: the probability that it misses an event.

    Examples
    --------
    >>> per_100_km2_and_day = 1 / (100e6 * 86400)
    >>> round(odds_of_one_event(2000, 600, (1000, 1000), (300, 300), per_100_km2_and_day, (0.5, 0.5)), 2)
    349.98
    """
    variance_m2 = errors_m[0] ** 2 + errors_m[1] ** 2
    variance_s2 = errors_s[0] ** 2 + errors_s[1] ** 2
    g = (math.exp(-distance_m ** 2 / variance_m2 / 2 - lag_s ** 2 / variance_s2 / 2)
         / (2 * math.pi * variance_m2 * math.sqrt(2 * math.pi * variance_s2)))
    return g / (intensity_m2_s * q[0] * q[1])


@dataclasses.dataclass(frozen=True)
class Pairs:
    """Candidate pairs, sorted by first and second record; arrays are [pair], parts [pair, 4].

    `square_m2` is half of the squared distance (per axis), `lag_s` second minus first. `part_m`, `part_s` are the
    shares of the four cases of the mixed errors (both usual, second wide, first wide, both wide), `sum_m2`, `sum_s2`
    their variances.
    """

    first: Integers
    second: Integers
    log_odds: Floats
    crosses: Booleans
    square_m2: Floats
    lag_s: Floats
    part_m: Floats
    part_s: Floats
    sum_m2: Floats
    sum_s2: Floats


def _mixed(square: Floats, variance: tuple[Floats, Floats], planes: int, share: float,
           factor: float) -> tuple[Floats, Floats, Floats]:
    """Return the density of the differences, its four parts as shares, and their variances."""
    sums = np.stack([variance[0] * a + variance[1] * b for a in (1, factor) for b in (1, factor)], axis=1)
    weights = np.outer((1 - share, share), (1 - share, share)).ravel()
    parts = weights * np.exp(-square[:, None] * planes / 2 / sums) / (2 * np.pi * sums) ** (planes / 2)
    density = np.maximum(parts.sum(1), np.finfo(float).tiny)
    return density, parts / density[:, None], sums


def candidate_pairs(reports: Reports, worth: Worth, intensity: Floats) -> Pairs:
    """Return the pairs whose odds of one event are not negligible.

    A record so vague, or in such a crowd, that the odds would be negligible even if another fell on the same spot is
    never joined, and not looked at.
    """
    rules = settings()
    hidden = intensity * worth.unseen
    closest = (2 * np.pi) ** (-1.5) / (reports.variance_m2 * np.sqrt(reports.variance_s2))
    joins = closest > rules["odds_kept"] * hidden
    gates = []
    for variance in (reports.variance_m2, reports.variance_s2):
        usual = float(np.quantile(variance[joins], rules["common_share"])) if joins.any() else 0.0
        gates.append(rules["gate_deviations"] * np.sqrt(variance + np.maximum(variance, usual)))
    first, second = near_pairs(reports, gates[1], gates[0], joins, rules["pairs_of_a_record"])
    dx, dy = (axis[second] - axis[first] for axis in (reports.x_m, reports.y_m))
    square_m2, lag_s = (dx * dx + dy * dy) / 2, reports.time_s[second] - reports.time_s[first]
    density_m, part_m, sum_m2 = _mixed(square_m2, (reports.variance_m2[first], reports.variance_m2[second]), 2,
                                       worth.tails[0], worth.tails[1])
    density_s, part_s, sum_s2 = _mixed(lag_s * lag_s, (reports.variance_s2[first], reports.variance_s2[second]), 1,
                                       worth.tails[2], worth.tails[3])
    log_odds = np.log(density_m) + np.log(density_s) - (np.log(hidden[first]) + np.log(hidden[second])) / 2
    crosses = reports.source[first] != reports.source[second]
    log_odds += np.where(crosses, 0.0, np.log(worth.repeat[reports.source[first]]) - worth.log_odds[first])
    keep = log_odds > np.log(rules["odds_kept"])
    return Pairs(*(column[keep] for column in (first, second, log_odds, crosses, square_m2, lag_s, part_m, part_s,
                                               sum_m2, sum_s2)))
