r"""Simple rules that are given the night's alerts, as the model is: hours in the area itself and in the centre.

- `alerts_nearest`: the counts of the `N_NEAREST` days of the last `NEAREST_DAYS` whose hours come nearest to today's,
  log(1 + h) of both areas in units of their spread, each as likely as the others.
- `alerts_regression`: NB(exp(a + b log(1 + h) + c log(1 + h_centre))), by maximum likelihood over the last
  `REGRESSION_DAYS` days.

A day whose hours are not known, or with fewer than `N_NEAREST` days to learn from, gets the values of the last 60 days.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import log_negative_binomial
from skyshield.evidence.backtest.empirical import max_count
from skyshield.evidence.backtest.forecasts import Forecast, of_counts, of_sample

ALERTS_NEAREST, ALERTS_REGRESSION = "alerts_nearest", "alerts_regression"
N_NEAREST = 15
NEAREST_DAYS, REGRESSION_DAYS, OTHERWISE_DAYS = 180, 120, 60
_RIDGE = 0.01  # pull of slopes to 0, against a search that runs away where all counts are 0
_MAX_LOG = 12.0


def rules_given_alerts(y: Floats, hours: Floats, day: int, n_past_days: int) -> dict[str, Forecast]:
    """Return the forecast of each rule.

    Parameters
    ----------
    y
        f8[day], NaN where not reported.
    hours
        f8[day, area], hours under alert; those of the day itself are given.
    day
        Index of the day forecast.
    n_past_days
        Number of days that the rules learn from.

    Examples
    --------
    >>> y, hours = np.tile([0.0, 9.0], 20), np.tile([[0.0], [5.0]], (20, 1))
    >>> rules_given_alerts(y, hours, 39, 39)["alerts_nearest"].values.max()
    np.float64(9.0)
    """
    x = np.log1p(hours)
    known = np.flatnonzero(np.isfinite(y[:n_past_days]) & np.isfinite(x[:n_past_days]).all(axis=1))
    if not np.isfinite(x[day]).all() or len(known) < N_NEAREST:
        recent = y[max(0, n_past_days - OTHERWISE_DAYS):n_past_days]
        return dict.fromkeys((ALERTS_NEAREST, ALERTS_REGRESSION), of_sample(recent[np.isfinite(recent)]))
    near = known[known >= n_past_days - NEAREST_DAYS]
    spread = np.maximum(x[near].std(axis=0), np.finfo(float).eps) if len(near) else np.ones(x.shape[1])
    distance = (((x[near] - x[day]) / spread) ** 2).sum(axis=1)
    nearest = near[np.argsort(distance, kind="stable")[:N_NEAREST]]
    fitted = known[known >= n_past_days - REGRESSION_DAYS]
    return {ALERTS_NEAREST: of_sample(y[nearest]),
            ALERTS_REGRESSION: of_counts(regression(y[fitted], x[fitted], x[day], max_count(y[:n_past_days])))}


def regression(y: Floats, x: Floats, at: Floats, top: int) -> Floats:
    """Return probabilities of 0 to `top` where the predictors are `at`, from counts y and predictors x f8[day, k]."""
    from scipy.optimize import minimize

    if len(y) == 0:
        return np.concatenate([[1.0], np.zeros(top)])
    centre = x.mean(axis=0)

    def mean_and_size(q: Floats, predictors: Floats) -> tuple[Floats, Floats]:
        logarithm = q[0] + (predictors - centre) @ q[1:-1]
        return np.exp(np.clip(logarithm, -_MAX_LOG, _MAX_LOG)), np.exp(np.clip(q[-1:], -_MAX_LOG, _MAX_LOG))

    def objective(q: Floats) -> float:
        return -float(log_negative_binomial(y, *mean_and_size(q, x)).sum()) + _RIDGE * float(q[1:] @ q[1:])

    start = np.zeros(x.shape[1] + 2)
    start[0] = np.log(max(float(y.mean()), 1.0 / len(y)))
    mean, size = mean_and_size(minimize(objective, start, method="BFGS").x, at[None, :])
    p = np.exp(log_negative_binomial(np.arange(top + 1.0), mean, size))
    p[-1] += max(0.0, 1.0 - float(p.sum()))
    return np.asarray(p / p.sum())
