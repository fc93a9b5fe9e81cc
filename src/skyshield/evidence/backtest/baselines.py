r"""The baselines a forecast has to beat: simple forecasts from the days before.

- `climatology_30`, `climatology_60`, `climatology_90`: the values of the last so many days, each as likely as the
  others; for a target given the day's launches, their shares of these launches.
- `persistence`: the last reported value (the last share), as a point forecast.
- `binomial`: each launched UAV meets the pooled share of the last `LOOK_BACK_DAYS` days, independently of the others.
- `beta_binomial_size`: a beta-binomial whose share depends on the logarithm of the day's launches, by maximum
  likelihood over the last `LOOK_BACK_DAYS` days.

The last two apply where the launches are given.
"""

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import log_beta_binomial
from skyshield.evidence.backtest.scores import crps_of_atoms, crps_of_counts

CLIMATOLOGY_DAYS = {"climatology_30": 30, "climatology_60": 60, "climatology_90": 90}
PERSISTENCE, BINOMIAL, BETA_BINOMIAL_SIZE = "persistence", "binomial", "beta_binomial_size"
UNCONDITIONAL = (*CLIMATOLOGY_DAYS, PERSISTENCE)
GIVEN_LAUNCHES = (*UNCONDITIONAL, BINOMIAL, BETA_BINOMIAL_SIZE)
LOOK_BACK_DAYS = 60  # as the published figures for these two baselines on this record
TYPICAL_LAUNCHES = 100.0  # the logarithm is centred here, which changes nothing but the search
_START = (-1.5, -0.3, -3.0)
_EDGE = 1e-6


def names_for(given_launches: bool) -> tuple[str, ...]:
    """Return the baselines that apply to a target."""
    return GIVEN_LAUNCHES if given_launches else UNCONDITIONAL


def score_counts(y: Floats, outcome: float, n_past_days: int) -> dict[str, float]:
    """Return the CRPS of each baseline for a count.

    Parameters
    ----------
    y
        f8[day], NaN where not reported.
    outcome
        Of the day forecast.
    n_past_days
        Number of days the baseline uses: all before the day one day ahead, fewer for a forecast made earlier.

    Examples
    --------
    >>> score_counts(np.array([1.0, 3.0, 2.0]), 2.0, 2)["persistence"]
    1.0
    """
    return _climatologies(y[:n_past_days], 1.0, outcome)


def score_given_launches(y: Floats, n: Floats, outcome: float, day: int, n_past_days: int) -> dict[str, float]:
    """Return the CRPS of each baseline for a count out of the day's launches, in counts.

    Parameters
    ----------
    y, n
        f8[day]: the count and the launches; those of the day itself are given.
    outcome, n_past_days
        As for `score_counts`.
    day
        Index of the day forecast.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n >= 1.0, y / n, np.nan)
    scores = _climatologies(share[:n_past_days], float(n[day]), outcome)
    first = max(0, n_past_days - LOOK_BACK_DAYS)
    reported = np.isfinite(share[first:n_past_days])
    past_y, past_n = y[first:n_past_days][reported], n[first:n_past_days][reported]
    pooled = float(np.clip(past_y.sum() / past_n.sum(), _EDGE, 1.0 - _EDGE)) if len(past_n) else 1 / 2
    scores[BINOMIAL] = crps_of_counts(_counts(float(n[day]), pooled, _EDGE), outcome)
    scores[BETA_BINOMIAL_SIZE] = crps_of_counts(beta_binomial_size(past_y, past_n, float(n[day])), outcome)
    return scores


def beta_binomial_size(y: Floats, n: Floats, launched: float) -> Floats:
    """Return probabilities of each count out of `launched`, from past counts `y` out of `n` by maximum likelihood."""
    from scipy.optimize import minimize

    if len(y) == 0:
        return _counts(launched, 1 / 2, 1 / 2)
    size = np.log(n / TYPICAL_LAUNCHES)

    def share_and_rho(q: Floats, at: npt.ArrayLike) -> tuple[Floats, Floats]:
        logit = np.clip(q[0] + q[1] * np.asarray(at), -12.0, 12.0)
        rho = 1.0 / (1.0 + np.exp(-np.clip(q[2], -12.0, 6.0)))
        return 1.0 / (1.0 + np.exp(-logit)), np.asarray(rho)

    def negative_log_likelihood(q: Floats) -> float:
        return -float(log_beta_binomial(y, n, *share_and_rho(q, size)).sum())

    mean = float(np.clip(y.sum() / n.sum(), _EDGE, 1.0 - _EDGE))
    start = (np.log(mean / (1.0 - mean)), *_START[1:]) if mean < 1 / 2 else (
        np.log(mean / (1.0 - mean)), -_START[1], _START[2])
    best = minimize(negative_log_likelihood, start, method="BFGS").x
    share, rho = share_and_rho(best, np.log(launched / TYPICAL_LAUNCHES))
    return _counts(launched, float(share), float(rho))


def _counts(launched: float, share: float, rho: float) -> Floats:
    values = np.arange(launched + 1.0)
    p = np.exp(log_beta_binomial(values, np.array(launched), np.array(share), np.array(rho)))
    return np.asarray(p / p.sum())


def _climatologies(past: Floats, scale: float, outcome: float) -> dict[str, float]:
    """Return CRPS of past values times `scale` against an outcome; without any reported value the forecast is 0."""
    scores = {}
    for name, days in CLIMATOLOGY_DAYS.items():
        recent = past[-days:]
        recent = recent[np.isfinite(recent)] * scale
        atoms = recent if len(recent) else np.zeros(1)
        scores[name] = crps_of_atoms(atoms, np.full(len(atoms), 1.0 / len(atoms)), outcome)
    reported = past[np.isfinite(past)]
    scores[PERSISTENCE] = abs(float(reported[-1]) * scale - outcome) if len(reported) else abs(outcome)
    return scores
