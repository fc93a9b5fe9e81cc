r"""The rules a forecast has to beat: simple ones, from the days before and what the target is given.

- `climatology_30`, `climatology_60`, `climatology_90`: the values of the last so many days, each as likely as the
  others; for a target given the day's launches, their shares of these launches.
- `persistence`: the last reported value (the last share), as a point forecast.
- `persistence_poisson`: a Poisson distribution about it.
- `bootstrap`: a day drawn from the last 90 and counted anew, a Poisson count of its value, or a binomial one of the
  launches at its share.
- `binomial`: each launched UAV meets the pooled share of the last `LOOK_BACK_DAYS` days, independently of the others.
- `beta_binomial_size`: a beta-binomial whose share depends on the logarithm of the day's launches, by maximum
  likelihood over the last `LOOK_BACK_DAYS` days.

The last two apply where the launches are given. Rules that are given the night's alerts: `alert_rules`.
"""

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.alert_rules import ALERTS_NEAREST, ALERTS_REGRESSION
from skyshield.evidence.backtest.dynamic import log_beta_binomial
from skyshield.evidence.backtest.empirical import max_count
from skyshield.evidence.backtest.forecasts import Forecast, of_counts, of_sample

CLIMATOLOGY_DAYS = {"climatology_30": 30, "climatology_60": 60, "climatology_90": 90}
PERSISTENCE, PERSISTENCE_POISSON, BOOTSTRAP = "persistence", "persistence_poisson", "bootstrap"
BINOMIAL, BETA_BINOMIAL_SIZE = "binomial", "beta_binomial_size"
UNCONDITIONAL = (*CLIMATOLOGY_DAYS, PERSISTENCE, PERSISTENCE_POISSON, BOOTSTRAP)
GIVEN_LAUNCHES = (*UNCONDITIONAL, BINOMIAL, BETA_BINOMIAL_SIZE)
GIVEN_ALERTS = (*UNCONDITIONAL, ALERTS_NEAREST, ALERTS_REGRESSION)
LOOK_BACK_DAYS = 60  # as the published figures for these two baselines on this record
BOOTSTRAP_DAYS = 90
TYPICAL_LAUNCHES = 100.0  # the logarithm is centred here, which changes nothing but the search
_START = (-1.5, -0.3, -3.0)
_EDGE = 1e-6

Rules = dict[str, Forecast]


def names_for(given_launches: bool) -> tuple[str, ...]:
    """Return the rules that apply to a target without alerts."""
    return GIVEN_LAUNCHES if given_launches else UNCONDITIONAL


def rules_of_counts(y: Floats, n_past_days: int) -> Rules:
    """Return the forecast of each rule for a count.

    Parameters
    ----------
    y
        f8[day], NaN where not reported.
    n_past_days
        Number of days the rule uses: all before the day one day ahead, fewer for a forecast made earlier.

    Examples
    --------
    >>> rules_of_counts(np.array([1.0, 3.0, 2.0]), 2)["persistence"].values.tolist()
    [3.0]
    """
    past = y[:n_past_days]
    rules = _remembered(past, 1.0)
    top = max_count(past)
    rules[PERSISTENCE_POISSON] = of_counts(_poisson(rules[PERSISTENCE].values, top))
    rules[BOOTSTRAP] = of_counts(_poisson(_recent(past, BOOTSTRAP_DAYS), top))
    return rules


def rules_given_launches(y: Floats, n: Floats, day: int, n_past_days: int) -> Rules:
    """Return the forecast of each rule for a count out of the day's launches, in counts.

    Parameters
    ----------
    y, n
        f8[day]: the count and the launches; those of the day itself are given.
    day
        Index of the day forecast.
    n_past_days
        As for `rules_of_counts`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n >= 1.0, y / n, np.nan)
    launched = float(n[day])
    rules = _remembered(share[:n_past_days], launched)
    rules[PERSISTENCE_POISSON] = of_counts(_poisson(rules[PERSISTENCE].values, int(launched)))
    shares = np.clip(_recent(share[:n_past_days], BOOTSTRAP_DAYS), _EDGE, 1.0 - _EDGE)
    rules[BOOTSTRAP] = of_counts(np.mean([_counts(launched, float(one), _EDGE) for one in shares], axis=0))
    first = max(0, n_past_days - LOOK_BACK_DAYS)
    reported = np.isfinite(share[first:n_past_days])
    past_y, past_n = y[first:n_past_days][reported], n[first:n_past_days][reported]
    pooled = float(np.clip(past_y.sum() / past_n.sum(), _EDGE, 1.0 - _EDGE)) if len(past_n) else 1 / 2
    rules[BINOMIAL] = of_counts(_counts(launched, pooled, _EDGE))
    rules[BETA_BINOMIAL_SIZE] = of_counts(beta_binomial_size(past_y, past_n, launched))
    return rules


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


def _poisson(means: Floats, top: int) -> Floats:
    """Return probabilities of 0 to `top` of a Poisson count whose mean is one of these, equally likely."""
    from scipy.special import gammaln

    mean, times = np.unique(np.maximum(means, _EDGE), return_counts=True)
    count = np.arange(top + 1.0)
    log_p = count[None, :] * np.log(mean)[:, None] - mean[:, None] - gammaln(count + 1.0)[None, :]
    p = times @ np.exp(log_p)
    return np.asarray(p / p.sum())


def _recent(past: Floats, days: int) -> Floats:
    """Return the reported values of the last days; 0 if there is none."""
    recent = past[-days:]
    recent = recent[np.isfinite(recent)]
    return recent if len(recent) else np.zeros(1)


def _remembered(past: Floats, scale: float) -> Rules:
    """Return climatologies and the last value, times `scale`; without any reported value the forecast is 0."""
    rules = {name: of_sample(_recent(past, days) * scale) for name, days in CLIMATOLOGY_DAYS.items()}
    reported = past[np.isfinite(past)]
    rules[PERSISTENCE] = of_sample(reported[-1:] * scale)
    return rules
