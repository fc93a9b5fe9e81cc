r"""What is fitted apart from the raids: missiles stopped, western kills by alerts, and simple shares.

Cruise missiles: of n launched, BB(n, p, rho) are stopped.

Ballistic missiles, a hurdle per night's salvo of n: it meets a defended aim with probability
logit^-1(a + b log n); then BB(n, p, rho) are stopped, otherwise none. Coverage and p trade off: they are only
told together.

West: where alerts are given, kills are predicted by NB(exp(alpha + beta log(1 + h) + gamma m)) with h hours under
alert in the west and m missiles launched. A night on which the west is named without a number takes the predictor's
mean in the likelihood of the raids.
"""

import math
from collections.abc import Callable

import numpy as np

from skyshield.calibrate.densities import LEAST, log_beta_binomial, log_negative_binomial
from skyshield.calibrate.observations import Observations
from skyshield.calibrate.posterior import Block, Posterior, sample
from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel

_LARGEST_LOG = 20.0  # of a mean


@kernel
def log_stops(stopped: Floats, launched: Floats, share: float, rho: float) -> float:
    """Return the log likelihood of stops, binomial coefficients left out."""
    value = 0.0
    for k in range(launched.shape[0]):
        value += log_beta_binomial(stopped[k], launched[k], share, rho)
    return value


@kernel
def log_hurdle_stops(stopped: Floats, launched: Floats, intercept: float, slope: float, share: float,
                     rho: float) -> float:
    """Return the log likelihood of stops of ballistic salvos, binomial coefficients left out."""
    value = 0.0
    for k in range(launched.shape[0]):
        covered = 1.0 / (1.0 + math.exp(-(intercept + slope * math.log(launched[k]))))
        p = covered * math.exp(log_beta_binomial(stopped[k], launched[k], share, rho))
        if stopped[k] == 0.0:
            p += 1.0 - covered
        value += math.log(p)
    return value


@kernel
def log_kills(kills: Floats, mean: Floats, size: float) -> float:
    """Return the log likelihood of kills given their means."""
    value = 0.0
    for k in range(kills.shape[0]):
        value += log_negative_binomial(kills[k], max(mean[k], LEAST), size)
    return value


def cruise_stops(block: Block, seen: Observations, n: int, proposals: int) -> Posterior:
    """Return draws of the share of cruise missiles stopped and its correlation within a night."""
    launched, stopped = _any(seen.cruise, seen.cruise_stopped)
    return sample(block, lambda free: float(log_stops(stopped, launched, *block.natural(free))), {}, n,
                  "cruise_stops", proposals)


def ballistic_stops(block: Block, seen: Observations, n: int, proposals: int) -> Posterior:
    """Return draws of the hurdle's parameters."""
    launched, stopped = _any(seen.ballistic, seen.ballistic_stopped)
    return sample(block, lambda free: float(log_hurdle_stops(stopped, launched, *block.natural(free))), {}, n,
                  "ballistic_stops", proposals)


def west_alerts(block: Block, seen: Observations, n: int,
                proposals: int) -> tuple[Posterior, Floats, dict[str, float]]:
    """Return draws of the predictor of western kills by alerts, its mean by night, and its score beside its rivals'.

    A score is the sum over nights of the log probability of a night's kills from the other nights. The rivals, with
    the same law and priors, know the number of UAVs launched, or nothing.
    """
    missiles = seen.cruise + seen.ballistic
    hours = np.where(np.isfinite(missiles), np.log1p(seen.west_alert_h), np.nan)
    known = (seen.reported == 1) & np.isfinite(seen.west_kills) & np.isfinite(hours)
    kills, none = seen.west_kills[known], np.zeros(int(known.sum()))
    scores = {}
    for rival, first, second in (("constant", none, none), ("raid_size", np.log1p(seen.uav[known]), none),
                                 ("alerts", hours[known], missiles[known])):
        posterior, score = _by_predictors(block, kills, first, second, n, proposals)
        scores[f"west_kills_log_score_{rival}"] = score
    everywhere = np.isfinite(hours)
    predicted = np.full(len(hours), np.nan)
    predicted[everywhere] = _predicted(posterior.mode, hours[everywhere], missiles[everywhere])
    return posterior, predicted, scores


def _predicted(values: Floats, first: Floats, second: Floats) -> Floats:
    return np.asarray(np.exp(np.minimum(values[0] + values[1] * first + values[2] * second, _LARGEST_LOG)))


def _by_predictors(block: Block, kills: Floats, first: Floats, second: Floats, n: int,
                   proposals: int) -> tuple[Posterior, float]:
    def density(free: Floats) -> float:
        values = np.array(block.natural(free))
        return float(log_kills(kills, _predicted(values, first, second), values[3]))

    posterior = sample(block, density, {}, n, "west_alerts", proposals)
    return posterior, left_out(posterior, kills, lambda values: _predicted(np.array(values), first, second), 3)


def left_out(posterior: Posterior, kills: Floats, mean: Callable[[list[float]], Floats], size: int) -> float:
    """Return the summed log probability of each night's kills from the other nights, by importance over draws."""
    logs = np.array([[log_negative_binomial(k, max(m, LEAST), row[size])
                      for k, m in zip(kills, mean(list(row)), strict=True)] for row in posterior.draws])
    least = logs.min(axis=0)
    return float(np.sum(least - np.log(np.mean(np.exp(least - logs), axis=0))))


def _any(launched: Floats, stopped: Floats) -> tuple[Floats, Floats]:
    """Return launches and stops of the nights on which any flew and what was stopped is told."""
    flown = (launched > 0) & np.isfinite(stopped)
    return launched[flown], stopped[flown]


def pooled_share(part: Floats, whole: Floats, normal: Floats) -> Floats | None:
    """Return draws of a pooled share: Student's t on the logit, with the spread of a ratio estimator over nights.

    Residuals are divided by one minus their night's part in the whole, and the degrees of freedom are those of as many
    equal nights as the weights are worth: a few large nights tell less than their number.
    Returns None if fewer than two nights tell it.

    Source: MacKinnon and White, "Some heteroskedasticity-consistent covariance matrix estimators with improved
    finite sample properties", Journal of Econometrics 29 (1985).
    """
    from scipy.special import ndtr, stdtrit

    reported = whole > 0.0
    if reported.sum() < 2:
        return None
    p, w = part[reported], whole[reported]
    share = float(np.clip(p.sum() / w.sum(), LEAST, 1.0 - LEAST))
    part_of_whole = w / w.sum()
    residual = (p - share * w) / np.maximum(1.0 - part_of_whole, LEAST)
    spread = math.sqrt(float(np.sum(residual**2))) / float(w.sum())
    freedom = max(1.0, 1.0 / float(np.sum(part_of_whole**2)) - 1.0)
    return _logit_normal(share, spread / (share * (1.0 - share)), np.asarray(stdtrit(freedom, ndtr(normal))))


def frequency(happened: int, nights: int, normal: Floats) -> Floats:
    """Return draws of a frequency, normal on the logit with half a count added on either side."""
    yes, no = happened + 1 / 2, nights - happened + 1 / 2
    return _logit_normal(yes / (yes + no), math.sqrt(1.0 / yes + 1.0 / no), normal)


def weighted_shares(by_place: Floats, exponentials: Floats) -> Floats:
    """Return draws of shares f8[draw, place] by the Bayesian bootstrap over nights.

    Parameters
    ----------
    by_place
        f8[night, place].
    exponentials
        f8[draw, night], standard exponential weights.
    """
    total = exponentials @ by_place
    return np.asarray(total / total.sum(axis=1, keepdims=True))


def _logit_normal(centre: float, spread: float, normal: Floats) -> Floats:
    odds = centre / (1.0 - centre) * np.exp(spread * normal)
    return np.asarray(odds / (1.0 + odds))
