"""The share of UAVs that leak or are neutralised, given the day's launches; and leakers where launches are not given.

The larger the raid, the more of it is the deep stream, which leaks little: the logit of the share is linear in the log
of the launches with a knot, or in the share of the first so many UAVs, with time-varying levels and slopes
(`skyshield.evidence.backtest.dynamic`). Each knot, half-life and dispersion is an expert. Where the knots lie is taken
from the launches before the first day forecast: their `KNOT_QUANTILES`, the middle one being the first so many.

Without the launches, leakers are the mixture over tomorrow's launches of the pooled forecast at each.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import Grid, Shares, log_beta_binomial, shares
from skyshield.evidence.backtest.experts import Experts, combine, one_expert, pool_weights, pooled

KNOT_QUANTILES = (0.5, 0.7, 0.9)  # half, 30% and a tenth of the nights are larger
_FIRST = 1  # which of them are the first so many UAVs
TYPICAL_UAV = 100.0  # predictors are centred here
TYPICAL_FIRST_SHARE = 0.7
GRID = Grid((3.0, 5.0, 10.0, 20.0, 45.0), (60.0, 180.0, 720.0), (0.015, 0.03, 0.06, 0.1))
CASES = 60  # launches, equally likely, that stand for tomorrow's distribution
_MIN_RHO = 1e-6


class ShareModel(NamedTuple):
    """Experts of a share, and their weights day by day."""

    parts: tuple[Shares, ...]
    experts: Experts
    weights: Floats
    knots: tuple[float, ...]

    def predict(self, day: int, launched: Floats) -> tuple[Floats, Floats]:
        """Return mean and correlation of the pooled share at numbers launched, f8[case].

        One beta-binomial with the mixture's mean and variance.
        """
        predicted = [part.predict(day, x) for part, x in zip(self.parts, predictors(launched, self.knots),
                                                                      strict=True)]
        p, rho = (np.concatenate([pair[k] for pair in predicted]) for k in (0, 1))
        w = self.weights[day][:, None] / self.weights[day].sum()
        mean = (w * p).sum(axis=0)
        variance = (w * (rho * p * (1.0 - p) + (p - mean) ** 2)).sum(axis=0)
        return mean, np.clip(variance / (mean * (1.0 - mean)), _MIN_RHO, 1.0 - _MIN_RHO)


def knots_of(past: Floats) -> tuple[float, ...]:
    """Return the knots from the launches of past days; NaN ones are left out.

    Examples
    --------
    >>> knots_of(np.array([100.0, 100.0, np.nan]))
    (100.0, 100.0, 100.0)
    """
    reported = past[np.nan_to_num(past) >= 1.0]
    return tuple(float(v) for v in np.quantile(reported if len(reported) else np.array([TYPICAL_UAV]), KNOT_QUANTILES))


def predictors(launched: Floats, knots: tuple[float, ...]) -> list[Floats]:
    """Return the predictors of each group of experts, f8[case, k] each; NaN where launches are not reported.

    Examples
    --------
    >>> [x.shape for x in predictors(np.array([50.0, 300.0]), (100.0, 150.0, 200.0))]
    [(2, 3), (2, 3), (2, 3), (2, 3)]
    """
    uav = np.maximum(launched, 1.0)
    ones, size = np.where(np.isnan(uav), np.nan, 1.0), np.log(uav / TYPICAL_UAV)
    kinked = [np.stack([ones, size, np.maximum(size - np.log(knot / TYPICAL_UAV), 0.0)], axis=1) for knot in knots]
    first_share = np.minimum(1.0, knots[_FIRST] / uav) - TYPICAL_FIRST_SHARE
    return [*kinked, np.stack([ones, first_share, size], axis=1)]


def share_model(y: Floats, launched: Floats, knots: tuple[float, ...]) -> ShareModel:
    """Return the experts of y out of the day's launches.

    Parameters
    ----------
    y, launched
        f8[day], NaN where not reported.
    knots
        Of `knots_of`.
    """
    names = (*(f"knot_{level:g}" for level in KNOT_QUANTILES), "first")
    parts = tuple(shares(y, launched, x, GRID, 1 / 2, name)
                  for name, x in zip(names, predictors(launched, knots), strict=True))
    experts = combine([part.experts for part in parts])
    return ShareModel(parts, experts, pool_weights(experts.log_p, experts.start), knots)


def launch_cases(p: Floats, cases: int = CASES) -> Floats:
    """Return equally likely numbers launched that represent a distribution f8[count].

    Examples
    --------
    >>> launch_cases(np.full(100, 0.01), 4).tolist()
    [12.0, 37.0, 62.0, 87.0]
    """
    levels = (np.arange(cases) + 1 / 2) / cases
    return np.minimum(np.searchsorted(np.cumsum(p), levels), len(p) - 1).astype(np.float64)


def count_given(launched: Floats, mean: Floats, rho: Floats, top: int) -> Floats:
    """Return probabilities f8[case, count] of counts up to `top` out of numbers launched.

    Examples
    --------
    >>> count_given(np.array([1.0]), np.array([0.3]), np.array([0.1]), 2).round(6).tolist()
    [[0.7, 0.3, 0.0]]
    """
    count = np.arange(top + 1.0)[None, :]
    n = launched[:, None]
    inside = np.minimum(count, n)
    p = np.exp(log_beta_binomial(inside, np.broadcast_to(n, inside.shape), mean[:, None], rho[:, None]))
    return np.where(count <= n, p, 0.0)


def without_launches(y: Floats, model: ShareModel, launches: Experts, first: int, last: int, top: int) -> Experts:
    """Return one expert of the count where launches are not given.

    Parameters
    ----------
    y
        f8[day], the count, NaN where not reported.
    model
        The share given the launches.
    launches
        Experts of the launches.
    first, last
        Days on which it is scored.
    top
        The largest count.
    """
    weights = pool_weights(launches.log_p, launches.start)

    def forecast(day: int) -> Floats:
        launched = launch_cases(pooled(launches, weights, day))
        p = count_given(launched, *model.predict(day, np.maximum(launched, 1.0)), top).mean(axis=0)
        return np.asarray(p / p.sum())

    return one_expert("launches_and_share", forecast, y, first, last)
