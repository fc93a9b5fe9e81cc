"""A season taken out of a series: one harmonic of the year.

The rate at the day d of a window's middle is that of its segment times exp(c cos 2πd/T + s sin 2πd/T), T a year. c and
s are the Poisson quasi-likelihood's, with the segments' rates as offset; then segments are found again with the season
in the exposure. Quasi-likelihood keeps the estimate right where counts vary more than Poisson's (McCullagh and Nelder,
Generalized Linear Models, 1989, chapter 9); the standard errors are widened by the index of dispersion.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.changes import gap_probability, posterior_of
from skyshield.monitoring.holding.series import Series
from skyshield.monitoring.holding.settings import DAY_S, YEAR_DAYS, settings


class Season(NamedTuple):
    """A season: the highest rate over the mean one, the day of the year it lies at, the error of its logarithm."""

    peak_ratio: float
    peak_day: float
    log_error: float
    factor: Floats


def season_of(series: Series, changes_per_year: float) -> Season:
    """Return the season of a series.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the series is too short to tell a season from a change, or has no event.
    """
    of = settings()["season"]
    years = float((series.end[-1] - series.start[0]).astype(np.int64)) / (YEAR_DAYS * DAY_S)
    if years < of["least_years"]:
        raise SkyShieldError("--season", f"needs {of['least_years']} years, {series.where} has {years:.1f}",
                             "leave it out")
    if not series.count.sum():
        raise SkyShieldError("--season", f"finds no event in {series.where}", "leave it out")
    middle = series.start.astype(np.int64) / 2 + series.end.astype(np.int64) / 2
    angle = 2 * math.pi * middle / (YEAR_DAYS * DAY_S)
    waves = np.stack((np.cos(angle), np.sin(angle)))
    gaps = gap_probability(series, changes_per_year)
    coefficients, error = np.zeros(2), math.inf
    for _ in range(of["rounds"]):
        factor = _factor(coefficients, waves, series.exposure)
        rate = posterior_of(series.count, series.exposure * factor, gaps).rate
        coefficients, error = _fit(series.count, series.exposure * rate, waves)
    height = float(np.hypot(*coefficients))
    days = math.atan2(coefficients[1], coefficients[0]) / (2 * math.pi) * YEAR_DAYS  # since 1 January 1970
    return Season(math.exp(height), days % YEAR_DAYS, error, _factor(coefficients, waves, series.exposure))


def _factor(coefficients: Floats, waves: Floats, exposure: Floats) -> Floats:
    """Return the season at each window, one on the mean over the exposure."""
    factor = np.exp(coefficients @ waves)
    return np.asarray(factor * exposure.sum() / (factor * exposure).sum(), np.float64)


def _fit(count: Floats, offset: Floats, waves: Floats) -> tuple[Floats, float]:
    """Return the two coefficients by Newton's steps, the mean free, and the larger one's standard error."""
    of = settings()["season"]
    design = np.concatenate((np.ones((1, len(count))), waves))
    beta = np.zeros(len(design))
    for _ in range(of["steps"]):
        mean = offset * np.exp(beta @ design)
        step = np.linalg.solve((design * mean) @ design.T, design @ (count - mean))
        beta = beta + step
        if np.abs(step).max() < of["tolerance"]:
            break
    mean = offset * np.exp(beta @ design)
    index = float(((count - mean) ** 2 / mean).sum() / (len(count) - len(design)))
    variance = np.linalg.inv((design * mean) @ design.T) * max(1.0, index)
    return beta[1:], float(np.sqrt(np.diag(variance)[1:].max()))
