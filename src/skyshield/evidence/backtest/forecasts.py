r"""A forecast of one day as weighted values, and its three scores.

- **CRPS**, E|X - y| - E|X - X'| / 2, in the target's unit.
- **Ignorance**, -log P(y) in nats. A forecast of every count's probability is taken as it is. One of a few drawn or
  remembered values is smoothed first: 0 stays 0, a value above becomes a normal on the counts from 1 up, of Silverman's
  width h = 1.06 min(s, IQR / 1.34) n^(-1/5), n being the effective number of values. Every forecast, whoever made it,
  gives the share `BROAD_SHARE` to a geometric distribution, so that nobody is ruined by one day.
- **Interval score** of the central 90% interval [l, u], (u - l) + (2 / 0.1) (distance of y outside of it).

Sources: Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA 102 (2007); Silverman,
"Density estimation for statistics and data analysis" (1986), section 3.4.2.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.scores import crps_of_atoms

BROAD_SHARE = 0.01
BROAD_SCALE = 1.5  # mean of the broad part, times the forecast's 99% quantile
INTERVAL_LEVEL = 0.9
MIN_WIDTH = 0.5  # of the smoothing, counts
_FAR_QUANTILE = 0.99
_SILVERMAN = 1.06
_NORMAL_IQR = 1.34


class Forecast(NamedTuple):
    """Weighted values: `weights` sum to 1; `drawn` if the values are a sample and not all that can be."""

    values: Floats
    weights: Floats
    drawn: bool


class Score(NamedTuple):
    """One day's scores, smaller is better; `crps` and `interval` in the target's unit, `ignorance` in nats."""

    crps: float
    ignorance: float
    interval: float


def of_counts(p: Floats) -> Forecast:
    """Return the forecast with the probabilities p of the counts 0, 1, 2 and so on.

    Examples
    --------
    >>> of_counts(np.array([0.5, 0.5])).values.tolist()
    [0.0, 1.0]
    """
    return Forecast(np.arange(len(p), dtype=np.float64), p, False)


def of_sample(values: Floats, weights: Floats | None = None) -> Forecast:
    """Return the forecast that a sample is, equally likely values if no weights are given; without any value it is 0.

    Examples
    --------
    >>> of_sample(np.array([3.0, 5.0])).weights.tolist()
    [0.5, 0.5]
    """
    if len(values) == 0:
        return Forecast(np.zeros(1), np.ones(1), True)
    share = np.full(len(values), 1.0 / len(values)) if weights is None else weights / weights.sum()
    return Forecast(np.asarray(values, np.float64), share, True)


def quantile(forecast: Forecast, level: float) -> float:
    """Return the least value that the forecast stays at or below with a probability of `level`.

    Examples
    --------
    >>> quantile(of_sample(np.array([4.0, 1.0, 2.0, 3.0])), 0.5)
    2.0
    """
    order = np.argsort(forecast.values, kind="stable")
    reached = np.searchsorted(np.cumsum(forecast.weights[order]), level - 1e-12)
    return float(forecast.values[order][min(int(reached), len(order) - 1)])


def score(forecast: Forecast, outcome: float, scale: float = 1.0) -> Score:
    """Return the scores of a forecast; CRPS and interval score are divided by `scale`.

    Examples
    --------
    >>> one = score(of_sample(np.array([7.0])), 9.0)
    >>> one.crps, round(one.interval, 9)
    (2.0, 40.0)
    """
    return Score(crps_of_atoms(forecast.values, forecast.weights, outcome) / scale, ignorance(forecast, outcome),
                 interval_score(forecast, outcome) / scale)


def interval_score(forecast: Forecast, outcome: float) -> float:
    """Return the interval score of the central interval of `INTERVAL_LEVEL`."""
    missed = 1.0 - INTERVAL_LEVEL
    low, high = quantile(forecast, missed / 2), quantile(forecast, 1.0 - missed / 2)
    outside = max(low - outcome, 0.0) + max(outcome - high, 0.0)
    return high - low + 2.0 / missed * outside


def ignorance(forecast: Forecast, outcome: float) -> float:
    """Return minus the log probability of a count, in nats.

    Examples
    --------
    >>> round(ignorance(of_counts(np.array([0.25, 0.75])), 0.0), 3) < 1.4
    True
    """
    broad = max(1.0, BROAD_SCALE * quantile(forecast, _FAR_QUANTILE))
    p_broad = (broad / (1.0 + broad)) ** outcome / (1.0 + broad)
    p = _smoothed(forecast, outcome) if forecast.drawn else (
        float(forecast.weights[int(outcome)]) if outcome < len(forecast.weights) else 0.0)
    return -float(np.log((1.0 - BROAD_SHARE) * p + BROAD_SHARE * p_broad))


def _smoothed(forecast: Forecast, outcome: float) -> float:
    """Return the smoothed probability of a count."""
    from scipy.special import ndtr

    some = forecast.values > 0.0
    if outcome < 1.0:
        return float(forecast.weights[~some].sum())
    if not some.any():
        return 0.0
    v, w = forecast.values[some], forecast.weights[some]
    width = _width(v, w / w.sum())
    inside = ndtr((outcome + 0.5 - v) / width) - ndtr((outcome - 0.5 - v) / width)
    return float(w @ (inside / ndtr((v - 0.5) / width)))


def _width(values: Floats, weights: Floats) -> float:
    mean = float(weights @ values)
    spread = float(np.sqrt(weights @ (values - mean) ** 2))
    forecast = Forecast(values, weights, True)
    quartiles = quantile(forecast, 3 / 4) - quantile(forecast, 1 / 4)
    narrow = min(spread, quartiles / _NORMAL_IQR) if quartiles > 0.0 else spread
    return max(MIN_WIDTH, _SILVERMAN * narrow * math.pow(float(np.sum(weights**2)), 1 / 5))


def transform(forecast: Forecast, outcome: float, tie_breaker: float) -> float:
    """Return the randomised probability integral transform; of n drawn values, the outcome is one more.

    Examples
    --------
    >>> transform(of_counts(np.array([0.5, 0.5])), 1.0, 0.5), transform(of_sample(np.array([1.0])), 2.0, 0.5)
    (0.75, 0.75)
    """
    below = float(forecast.weights[forecast.values < outcome].sum())
    same = float(forecast.weights[forecast.values == outcome].sum())
    if not forecast.drawn:
        return min(1.0, below + tie_breaker * same)
    n = 1.0 / float(np.sum(forecast.weights**2))
    return float((n * below + tie_breaker * (n * same + 1.0)) / (n + 1.0))
