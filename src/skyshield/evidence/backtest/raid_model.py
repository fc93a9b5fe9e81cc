"""The fitted raid model as a forecaster of tomorrow's launches.

The model of `skyshield.calibrate` (regime, front and deep stream, filtered levels) is fitted at each
*origin*, to the nights before it: on the first day forecast, then on the first day of each month. Between origins its
parameters are fixed and its levels are filtered night by night. Tomorrow is a mixture over regimes,

    P(L) = (1 - p) NB_front * NB_deep + p NB_front * LogNormal_deep,

each widened by the variance of its level. For a day further ahead than tomorrow that variance grows by a step a night.
The parameters are the posterior mode: their uncertainty adds little to a forecast one day ahead, and refitting stays
cheap.
"""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from skyshield.calibrate.fit import N_HALF_LIVES, run_filter
from skyshield.calibrate.likelihood import (
    MASSED_LEVEL,
    UNNUMBERED,
    Nights,
    RaidParameters,
    Tonight,
    tonight_of,
)
from skyshield.calibrate.posterior import Block
from skyshield.core.arrays import Days, Floats
from skyshield.core.vocabulary import MAX_GAP
from skyshield.evidence.backtest.blind import blind_block
from skyshield.evidence.backtest.dynamic import log_negative_binomial
from skyshield.evidence.backtest.empirical import max_count
from skyshield.evidence.backtest.experts import Experts, one_expert
from skyshield.evidence.backtest.series import Series

MIN_NIGHTS = 60  # with fewer reported in the window the model is not used
LEARNING_DAYS = 60  # its weight is learnt from this many days before the first forecast
MAX_DISTANCE = 8.0  # of a parameter from its prior's centre, on the unconstrained scale
_MAX_THREADS = 4
_STEP = 1e-4
_MAX_ITERATIONS = 60
_TOLERANCE = 1e-5  # of the log density's size
_IMPOSSIBLE = 1e12


def nights_before(series: Series, day: int, window_days: int) -> Nights:
    """Return what the likelihood reads of the nights before a day."""
    window = slice(max(0, day - window_days), day)
    west = np.where(np.isnan(series.west_kills) & (series.west_named == 1.0), UNNUMBERED, series.west_kills)
    columns = (series.uav, series.leakers, series.cruise_split, series.ballistic_split, series.south_kills, west)
    return Nights(*(np.ascontiguousarray(column[window], np.float64) for column in columns))


def origins(date: Days, first: int, last: int) -> tuple[int, ...]:
    """Return the days on which parameters are fitted again: the first, and each month's first day after it.

    Examples
    --------
    >>> origins(np.arange(np.datetime64("2031-01-30"), np.datetime64("2031-03-03")), 1, 31)
    (1, 2, 30)
    """
    month = date.astype("datetime64[M]")
    return tuple(day for day in range(first, last + 1) if day == first or month[day] != month[day - 1])


def mode_of(nights: Nights, start: Floats | None = None) -> Floats:
    """Return the posterior mode of the parameters, unconstrained; `start` is where the search begins.

    Quasi-Newton with central differences, to a few hundredths of log density: enough for a forecast.
    """
    from scipy.optimize import minimize

    block = blind_block()
    centre = block.centre

    def negative_log_density(free: Floats) -> float:
        value = run_filter(block.natural(free), nights).log_likelihood + block.log_prior(free)
        return -value if math.isfinite(value) else _IMPOSSIBLE

    steps = _STEP * np.eye(len(centre))
    with ThreadPoolExecutor(min(_MAX_THREADS, os.cpu_count() or 1)) as pool:
        def objective(free: Floats) -> tuple[float, Floats]:
            points = [free, *(free + step for step in steps), *(free - step for step in steps)]
            values = np.array(list(pool.map(negative_log_density, points)))
            k = len(free)
            return float(values[0]), (values[1:k + 1] - values[k + 1:]) / (2.0 * _STEP)

        result = minimize(objective, _starting_values(block, nights) if start is None else start, jac=True,
                          method="L-BFGS-B",
                          bounds=list(zip(centre - MAX_DISTANCE, centre + MAX_DISTANCE, strict=True)),
                          options={"maxiter": _MAX_ITERATIONS, "ftol": _TOLERANCE})
    return np.asarray(result.x, float)


def _starting_values(block: Block, nights: Nights) -> Floats:
    """Return rough values: the median night is a routine one."""
    uav = nights.uav[np.isfinite(nights.uav)]
    middle = max(1.0, float(np.median(uav)))
    massed = uav[uav > 2.0 * middle]
    deep = float(np.median(massed)) - middle if len(massed) else 2.0 * middle
    return block.free({"front_mean": middle, "massed_deep_median": max(2.0, deep)})


def launches(parameters: Floats, nights: Nights, ahead: int, top: int) -> Floats:
    """Return probabilities of 0 to `top` launches on the night `ahead` nights after the last.

    Parameters
    ----------
    parameters
        Natural values of the block ``raids``.
    nights
        The nights observed.
    ahead
        1 for the next night.
    top
        The largest count.
    """
    filtered = run_filter(parameters, nights)
    q = RaidParameters(*(float(v) for v in parameters[:-N_HALF_LIVES]))
    step = (1.0 / filtered.discount - 1.0) / filtered.information
    variance = 1.0 / (filtered.discount * filtered.information) + (ahead - 1.0) * step
    level, level_variance = float(filtered.level[MASSED_LEVEL]), float(variance[MASSED_LEVEL])
    p_massed = _massed(q, filtered.gap / filtered.gap.sum(), level, level_variance, ahead)
    return _mixture(tonight_of(q, filtered.level, variance), p_massed, top)


def _massed(q: RaidParameters, gap: Floats, level: float, variance: float, ahead: int) -> float:
    """Return the probability that the night is massed, the nights between being unobserved."""
    logit = q.massed_intercept + level + q.massed_slope * np.log(np.arange(MAX_GAP) + 1.0)
    hazard = 1.0 / (1.0 + np.exp(-logit / math.sqrt(1.0 + math.pi * variance / 8.0)))
    for _ in range(ahead - 1):
        stay = gap * (1.0 - hazard)
        shifted = np.concatenate([[float(gap @ hazard)], stay[:-1]])
        shifted[-1] += stay[-1]
        gap = shifted
    return float(gap @ hazard)


def _mixture(t: Tonight, p_massed: float, top: int) -> Floats:
    from scipy.special import ndtr

    count = np.arange(top + 1.0)

    def stream(mean: float, size: float) -> Floats:
        return np.exp(log_negative_binomial(count, np.array(mean), np.array(size)))

    edges = np.log(count + 1 / 2)
    massed = np.diff(ndtr((edges - t.deep_log_median) / t.deep_sigma), prepend=0.0)
    deep = (1.0 - p_massed) * stream(t.deep_mean, t.deep_size) + p_massed * massed
    length = 2 * (top + 1)
    front = stream(t.front_mean, t.front_size)
    convolved = np.fft.irfft(np.fft.rfft(front, length) * np.fft.rfft(deep, length), length)
    p = np.maximum(convolved[:top + 1], 0.0)
    return np.asarray(p / p.sum())


def raid_model(series: Series, first: int, last: int, window_days: int) -> Experts | None:
    """Return the raid model as an expert of launches; None where the record is too short for it.

    Parameters
    ----------
    series
        The series as first known.
    first, last
        The days forecast.
    window_days
        How many days back a fit looks.
    """
    begin = max(first - LEARNING_DAYS, 0)
    if np.isfinite(nights_before(series, begin, window_days).uav).sum() < MIN_NIGHTS:
        begin = first
    if np.isfinite(nights_before(series, begin, window_days).uav).sum() < MIN_NIGHTS:
        return None
    reported = np.isfinite(series.uav)
    fit_days = sorted({begin, *origins(series.date, first, last)})
    fit_days = [day for day in fit_days if day == begin or reported[:day].sum() > reported[:begin].sum()]
    block, modes = blind_block(), _modes(series, fit_days, window_days)

    def forecast(day: int) -> Floats:
        origin = max(fit_day for fit_day in fit_days if fit_day <= day)
        n_known = int(np.flatnonzero(reported[:day])[-1]) + 1
        return launches(np.array(block.natural(modes[origin])), nights_before(series, n_known, window_days),
                        day - n_known + 1, max_count(series.uav[:day]))

    return one_expert("raid_model", forecast, series.uav, begin, last)


def _modes(series: Series, fit_days: Sequence[int], window_days: int) -> dict[int, Floats]:
    modes: dict[int, Floats] = {}
    previous: Floats | None = None
    for day in fit_days:
        previous = modes[day] = mode_of(nights_before(series, day, window_days), previous)
    return modes
