"""A season taken out of a series: one wave of the year.

The rate at the day d of a window's middle is that of its segment times exp(c cos 2πd/T + s sin 2πd/T), T a year. c, s
and the size maximise the evidence of the model of changes (`changes`): the sum over all sets of changes, not one of
them, for segments that were chosen first would have taken up the season already. Long series are added up to blocks of
windows for this, since a season is slow. The error is that of the evidence's curvature.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.changes import (
    forwards,
    gap_probability,
    negative_binomial_segments,
    posterior_of,
    with_prior,
)
from skyshield.monitoring.holding.series import Series
from skyshield.monitoring.holding.settings import DAY_S, YEAR_DAYS, settings


class Season(NamedTuple):
    """A season of a series.

    Attributes
    ----------
    peak_ratio
        The highest rate over the geometric mean one.
    peak_day
        The day of the year of the highest rate, 0 on 1 January.
    log_error
        Standard error of the logarithm of `peak_ratio`.
    log_evidence
        What the season adds to the log evidence; a few are needed to believe in it.
    factor
        Of the rate at each window, one on the mean over the exposure, shape (n,).
    """

    peak_ratio: float
    peak_day: float
    log_error: float
    log_evidence: float
    factor: Floats


def season_of(series: Series, changes_per_year: float) -> Season:
    """Return the season of a series.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the series is too short to tell a season from a change, or has no event.
    """
    from scipy.optimize import minimize

    of = settings()["season"]
    years = float((series.end[-1] - series.start[0]).astype(np.int64)) / (YEAR_DAYS * DAY_S)
    if years < of["least_years"]:
        raise SkyShieldError("--season", f"needs {of['least_years']} years, {series.where} has {years:.1f}",
                             "leave it out")
    if not series.count.sum():
        raise SkyShieldError("--season", f"finds no event in {series.where}", "leave it out")
    blocks = _blocks(series, of["blocks"])
    gaps, waves = gap_probability(blocks, changes_per_year), _waves(blocks)
    size = posterior_of(blocks.count, blocks.exposure, gaps).size
    prior = settings()["prior"]

    def lost(at: Floats) -> float:
        segments = negative_binomial_segments(blocks.count, blocks.exposure * _factor(at[:2], waves, blocks.exposure),
                                              math.exp(at[2]), prior["a"], prior["b"])
        return -float(forwards(with_prior(segments, gaps))[-1])

    begin = np.array([0.0, 0.0, math.log(size)])
    simplex = begin + of["step"] * np.vstack((np.zeros(3), np.eye(3)))
    found = minimize(lost, begin, method="Nelder-Mead", options={
        "initial_simplex": simplex, "xatol": of["tolerance"], "fatol": of["tolerance"], "maxfev": of["evaluations"]})
    height = float(np.hypot(found.x[0], found.x[1]))
    days = math.atan2(found.x[1], found.x[0]) / (2 * math.pi) * YEAR_DAYS  # since 1 January 1970
    return Season(math.exp(height), days % YEAR_DAYS, _error(lost, found.x, of["step"]), lost(begin) - float(found.fun),
                  _factor(found.x[:2], _waves(series), series.exposure))


def _blocks(series: Series, most: int) -> Series:
    """Return a series of at most so many blocks of windows."""
    each = -(-len(series) // most)
    starts = np.arange(0, len(series), each)
    ends = np.minimum(starts + each, len(series)) - 1
    return Series(series.start[starts], series.end[ends], np.add.reduceat(series.count, starts),
                  np.add.reduceat(series.exposure, starts), series.where)


def _waves(series: Series) -> Floats:
    """Return cosine and sine of the year at the middle of each window, shape (2, n)."""
    middle = series.start.astype(np.int64) / 2 + series.end.astype(np.int64) / 2
    angle = 2 * math.pi * middle / (YEAR_DAYS * DAY_S)
    return np.stack((np.cos(angle), np.sin(angle)))


def _factor(coefficients: Floats, waves: Floats, exposure: Floats) -> Floats:
    """Return the season at each window, one on the mean over the exposure."""
    factor = np.exp(coefficients @ waves)
    return np.asarray(factor * exposure.sum() / (factor * exposure).sum(), np.float64)


def _error(lost: Callable[[Floats], float], at: Floats, step: float) -> float:
    """Return the standard error along the wave's height, from the second difference there."""
    height = float(np.hypot(at[0], at[1]))
    along = np.array([1.0, 0.0, 0.0]) if height == 0 else np.array([at[0], at[1], 0.0]) / height
    curvature = (lost(at + step * along) - 2 * lost(at) + lost(at - step * along)) / step**2
    return 1 / math.sqrt(curvature) if curvature > 0 else math.inf
