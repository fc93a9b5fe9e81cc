r"""Experts from dynamic regressions, updated night by night: a beta-binomial share or a negative binomial count.

Night t has the linear predictor eta = x_t' beta_t, beta a random walk. With mean m and covariance C of beta after the
night before, tonight's prior covariance is R = C with the level's row and column divided by sqrt(lambda_level) and the
others' by sqrt(lambda_slope), lambda = 2^(-1 / half-life). The forecast is widened by v = x' R x:

- share, y of n: BB(n, p, rho + v p (1 - p)), p = logit^-1(x' m);
- count: NB(mean e^(x' m), size 1 / (1 / size + v)).

After the night the state is updated by the Kalman gain of the score, clipped at `MAX_GAIN_SD` standard deviations:
robust to an outlier, and adaptive by the discounting. One expert for each half-life and dispersion: how fast the raids
change, and how dispersed they are, is learnt by the pool.

Source: West and Harrison, "Bayesian forecasting and dynamic models", chapters 6 and 14.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.evidence.backtest.experts import Experts

MAX_GAIN_SD = 2.5
PRIOR_SD = 2.0  # of the level before the first night, on the scale of the predictor
PRIOR_SLOPE_SD = 0.7
MAX_SD = 2.0  # of a coefficient, so that a long gap does not widen the forecast without limit
MIN_PROBABILITY = 1e-6
MAX_RHO = 0.95
MAX_PREDICTOR = 20.0  # of a predictor: e^20 is more than any count

LogP = Callable[[int, Floats, Floats], Floats]
Score = Callable[[int, Floats], tuple[Floats, Floats]]


class Grid(NamedTuple):
    """The grid of experts: half-lives of level and slopes, days, and dispersion (rho, or 1 / size)."""

    level_days: tuple[float, ...]
    slope_days: tuple[float, ...]
    dispersion: tuple[float, ...]

    @property
    def cells(self) -> Floats:
        """f8[expert, 3]."""
        return np.array(list(itertools.product(*self)), float)


class Filtered(NamedTuple):
    """The state before each night, and the log probability of its outcome."""

    log_p: Floats  # f8[day, expert]
    mean: Floats  # of the predictor, f8[day, expert]
    variance: Floats  # its variance
    state: Floats  # m, f8[day, expert, k]
    spread: Floats  # R, f8[day, expert, k, k]


class Shares(NamedTuple):
    """Experts of a share, which forecast it for any number launched."""

    experts: Experts
    rho: Floats  # f8[expert]
    filtered: Filtered

    def predict(self, day: int, x: Floats) -> tuple[Floats, Floats]:
        """Return mean and correlation of each expert's share, f8[expert, case], for predictors x f8[case, k]."""
        mean = self.filtered.state[day] @ x.T
        variance = np.einsum("ck,gkl,cl->gc", x, self.filtered.spread[day], x)
        return _widened_share(mean, variance, self.rho[:, None])


def log_beta_binomial(y: Floats, n: Floats, p: Floats, rho: Floats) -> Floats:
    """Return log probabilities of y of n, mean share p, correlation rho; arrays broadcast.

    Examples
    --------
    >>> float(np.exp(log_beta_binomial(np.array(1.0), np.array(1.0), np.array(0.3), np.array(0.2))).round(6))
    0.3
    """
    from scipy.special import betaln

    strength = (1.0 - rho) / rho
    a, b = p * strength, (1.0 - p) * strength
    return np.asarray(-np.log1p(n) - betaln(n - y + 1.0, y + 1.0) + betaln(y + a, n - y + b) - betaln(a, b))


def log_negative_binomial(y: Floats, mean: Floats, size: Floats) -> Floats:
    """Return log probabilities of y, variance mean + mean^2 / size; arrays broadcast.

    Examples
    --------
    >>> float(np.exp(log_negative_binomial(np.array(0.0), np.array(1.0), np.array(1.0))))
    0.5
    """
    from scipy.special import gammaln

    return np.asarray(gammaln(y + size) - gammaln(size) - gammaln(y + 1.0) + size * np.log(size / (size + mean))
                      + y * np.log(mean / (size + mean)))


def _widened_share(mean: Floats, variance: Floats, rho: Floats) -> tuple[Floats, Floats]:
    logit = np.clip(mean, -MAX_PREDICTOR, MAX_PREDICTOR)
    p = np.clip(1.0 / (1.0 + np.exp(-logit)), MIN_PROBABILITY, 1.0 - MIN_PROBABILITY)
    return p, np.clip(rho + variance * p * (1.0 - p), MIN_PROBABILITY, MAX_RHO)


def shares(y: Floats, n: Floats, x: Floats, grid: Grid, start: float, name: str) -> Shares:
    """Return experts of y out of n nights by a dynamic beta-binomial regression.

    Parameters
    ----------
    y, n
        f8[day]; a night without a number in either does not update the state.
    x
        f8[day, k], the first column ones; NaN gives neither update nor forecast.
    grid
        One expert for each cell.
    start
        The share before the first night.
    name
        Of the group.
    """
    cells = grid.cells
    rho = cells[:, 2]

    def log_p(day: int, mean: Floats, variance: Floats) -> Floats:
        p, spread = _widened_share(mean, variance, rho)
        return log_beta_binomial(y[day], n[day], p, spread)

    def score(day: int, mean: Floats) -> tuple[Floats, Floats]:
        p, _ = _widened_share(mean, np.zeros(1), rho)
        overdispersion = 1.0 + (n[day] - 1.0) * rho
        return (y[day] - n[day] * p) / overdispersion, n[day] * p * (1.0 - p) / overdispersion

    reported = np.isfinite(y) & np.isfinite(n) & (np.nan_to_num(n) >= 1.0)
    filtered = _filter(reported, x, cells, math.log(start / (1.0 - start)), log_p, score)

    def forecast(day: int) -> Floats:
        p, spread = _widened_share(filtered.mean[day], filtered.variance[day], rho)
        values = np.arange(n[day] + 1.0)
        return np.exp(log_beta_binomial(values[None, :], np.full((1, 1), n[day]), p[:, None], spread[:, None]))

    experts = Experts(_names(name, cells), filtered.log_p, forecast, np.full(len(cells), 1.0 / len(cells)))
    return Shares(experts, rho, filtered)


def counts(y: Floats, x: Floats, grid: Grid, start: float, name: str, top: int) -> Experts:
    """Return experts of a count by a dynamic negative binomial regression; counts above `top` are counted as `top`.

    Parameters
    ----------
    y, x, grid, name
        As for `shares`; `grid.dispersion` is 1 / size.
    start
        The mean before the first night.
    top
        The largest count forecast.
    """
    cells = grid.cells

    def predict(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        return np.exp(np.clip(mean, -MAX_PREDICTOR, MAX_PREDICTOR)), 1.0 / (cells[:, 2] + variance)

    def log_p(day: int, mean: Floats, variance: Floats) -> Floats:
        return log_negative_binomial(y[day], *predict(mean, variance))

    def score(day: int, mean: Floats) -> tuple[Floats, Floats]:
        m = np.exp(np.clip(mean, -MAX_PREDICTOR, MAX_PREDICTOR))
        overdispersion = 1.0 + m * cells[:, 2]
        return (y[day] - m) / overdispersion, m / overdispersion

    filtered = _filter(np.isfinite(y), x, cells, math.log(start), log_p, score)

    def forecast(day: int) -> Floats:
        if not np.isfinite(filtered.mean[day]).all():
            return np.full((len(cells), top + 1), np.nan)
        m, size = predict(filtered.mean[day], filtered.variance[day])
        p = np.exp(log_negative_binomial(np.arange(top + 1.0)[None, :], m[:, None], size[:, None]))
        p[:, -1] += np.maximum(0.0, 1.0 - p.sum(axis=1))
        return p

    return Experts(_names(name, cells), filtered.log_p, forecast, np.full(len(cells), 1.0 / len(cells)))


def _names(name: str, cells: Floats) -> tuple[str, ...]:
    return tuple(f"{name}_{level:g}_{slope:g}_{dispersion:g}" for level, slope, dispersion in cells)


def _filter(informative: Booleans, x: Floats, cells: Floats, start: float, log_p: LogP,
            score: Score) -> Filtered:
    """Run every cell of the grid over the nights; `score` gives the slope and information by the predictor."""
    n_days, k = x.shape
    g = len(cells)
    m, c = np.zeros((g, k)), np.zeros((g, k, k))
    m[:, 0] = start
    c[:, range(k), range(k)] = [PRIOR_SD**2] + [PRIOR_SLOPE_SD**2] * (k - 1)
    discount = np.concatenate([0.5 ** (1.0 / cells[:, :1]),
                               np.repeat(0.5 ** (1.0 / cells[:, 1:2]), k - 1, axis=1)], axis=1)
    inflation = 1.0 / np.sqrt(discount)
    scores, mean, variance = (np.full((n_days, g), np.nan) for _ in range(3))
    state, spread = np.empty((n_days, g, k)), np.empty((n_days, g, k, k))
    for day in range(n_days):
        c = c * inflation[:, :, None] * inflation[:, None, :]
        excess_sd = np.sqrt(np.maximum(1.0, np.einsum("gii->gi", c) / MAX_SD**2))
        c = c / (excess_sd[:, :, None] * excess_sd[:, None, :])
        state[day], spread[day] = m, c
        if not np.isfinite(x[day]).all():
            continue
        gain = c @ x[day]
        mean[day], variance[day] = m @ x[day], gain @ x[day]
        if not informative[day]:
            continue
        scores[day] = log_p(day, mean[day], variance[day])
        slope, information = score(day, mean[day])
        total = 1.0 + variance[day] * information
        clip = MAX_GAIN_SD * np.sqrt(information * total)
        m = m + gain * (np.clip(slope, -clip, clip) / total)[:, None]
        c = c - gain[:, :, None] * gain[:, None, :] * (information / total)[:, None, None]
        c = (c + c.transpose(0, 2, 1)) / 2.0  # else rounding makes it asymmetric, and that grows
    return Filtered(scores, mean, variance, state, spread)
