r"""What is fitted apart from the raids: missiles stopped, western kills by alerts, and simple shares.

Cruise missiles: of n launched, BB(n, p, rho) are stopped.

Ballistic missiles, a hurdle per night's salvo of n: it meets a defended aim with probability
logit^-1(a + b log n); then BB(n, p, rho) are stopped, otherwise none. Coverage and p trade off: only their product
is well identified.

West: where alerts are given, kills are predicted by NB(exp(alpha + beta log(1 + h) + gamma m)) with h hours under
alert in the west and m missiles launched. Its mean predicts on which nights there are any and runs far above the
numbered kills on the nights of the longest alerts, so it stands in for no number: a night on which the west is named
without one has at least one in the likelihood of the raids.
"""

import math
from collections.abc import Callable

import numpy as np

from skyshield.calibrate.densities import FLOOR, log_beta_binomial, log_negative_binomial
from skyshield.calibrate.observations import Observations
from skyshield.calibrate.posterior import Block, Posterior, sample
from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel

_MAX_LOG_MEAN = 20.0  # of a mean


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
        value += log_negative_binomial(kills[k], max(mean[k], FLOOR), size)
    return value


def cruise_stops(block: Block, observations: Observations, n: int, proposals: int) -> Posterior:
    """Return draws of the share of cruise missiles stopped and its correlation within a night."""
    launched, stopped = _nights_with_launches(observations.cruise, observations.cruise_stopped)
    return sample(block, lambda free: float(log_stops(stopped, launched, *block.natural(free))), {}, n,
                  "cruise_stops", proposals)


def ballistic_stops(block: Block, observations: Observations, n: int, proposals: int) -> Posterior:
    """Return draws of the hurdle's parameters."""
    launched, stopped = _nights_with_launches(observations.ballistic, observations.ballistic_stopped)
    return sample(block, lambda free: float(log_hurdle_stops(stopped, launched, *block.natural(free))), {}, n,
                  "ballistic_stops", proposals)


def west_alerts(block: Block, observations: Observations, n: int,
                proposals: int) -> tuple[Posterior, dict[str, float]]:
    """Return draws of the predictor of western kills by alerts, and the scores of all predictors.

    A score is the leave-one-out log score: the sum over nights of the log probability of a night's kills from the
    other nights. The rival predictors, with the same distribution and priors, use the number of UAVs launched, or
    nothing.
    """
    missiles = observations.cruise + observations.ballistic
    hours = np.where(np.isfinite(missiles), np.log1p(observations.west_alert_h), np.nan)
    known = (observations.reported == 1) & np.isfinite(observations.west_kills) & np.isfinite(hours)
    kills, zeros = observations.west_kills[known], np.zeros(int(known.sum()))
    scores = {}
    for rival, first, second in (("constant", zeros, zeros), ("raid_size", np.log1p(observations.uav[known]), zeros),
                                 ("alerts", hours[known], missiles[known])):
        posterior, score = _by_predictors(block, kills, first, second, n, proposals)
        scores[f"west_kills_log_score_{rival}"] = score
    return posterior, scores


def _expected_kills(values: Floats, first: Floats, second: Floats) -> Floats:
    return np.asarray(np.exp(np.minimum(values[0] + values[1] * first + values[2] * second, _MAX_LOG_MEAN)))


def _by_predictors(block: Block, kills: Floats, first: Floats, second: Floats, n: int,
                   proposals: int) -> tuple[Posterior, float]:
    def density(free: Floats) -> float:
        values = np.array(block.natural(free))
        return float(log_kills(kills, _expected_kills(values, first, second), values[3]))

    posterior = sample(block, density, {}, n, "west_alerts", proposals)
    score = leave_one_out_log_score(posterior, kills, lambda row: _expected_kills(np.array(row), first, second), 3)
    return posterior, score


def leave_one_out_log_score(posterior: Posterior, kills: Floats, mean: Callable[[list[float]], Floats],
                            size: int) -> float:
    """Return the summed log probability of each night's kills from the other nights, by importance weights of draws.

    `mean` gives expected kills f8[night] for a row of draws; `size` is the column of the dispersion.
    """
    logs = np.array([[log_negative_binomial(k, max(m, FLOOR), row[size])
                      for k, m in zip(kills, mean(list(row)), strict=True)] for row in posterior.draws])
    smallest = logs.min(axis=0)
    return float(np.sum(smallest - np.log(np.mean(np.exp(smallest - logs), axis=0))))


def _nights_with_launches(launched: Floats, stopped: Floats) -> tuple[Floats, Floats]:
    """Return launches and stops of the nights with launches on which stops are reported."""
    flown = (launched > 0) & np.isfinite(stopped)
    return launched[flown], stopped[flown]


def pooled_share(numerator: Floats, total: Floats, normal: Floats) -> Floats | None:
    """Return draws of a pooled share: Student's t on the logit, with the spread of a ratio estimator over nights.

    Residuals are divided by one minus their night's share of the total, and the degrees of freedom are those of the
    effective number of nights, so that a few large nights count for less than their number.
    Returns None if fewer than two nights have any.

    Source: MacKinnon and White, "Some heteroskedasticity-consistent covariance matrix estimators with improved
    finite sample properties", Journal of Econometrics 29 (1985).
    """
    from scipy.special import ndtr, stdtrit

    counted = total > 0.0
    if counted.sum() < 2:
        return None
    p, w = numerator[counted], total[counted]
    share = float(np.clip(p.sum() / w.sum(), FLOOR, 1.0 - FLOOR))
    night_share = w / w.sum()
    residual = (p - share * w) / np.maximum(1.0 - night_share, FLOOR)
    spread = math.sqrt(float(np.sum(residual**2))) / float(w.sum())
    freedom = max(1.0, 1.0 / float(np.sum(night_share**2)) - 1.0)
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
