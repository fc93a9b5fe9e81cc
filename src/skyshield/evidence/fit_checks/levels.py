r"""Where the wandering levels of a fit stood on each night of a record.

A fit's row holds the four levels that move (how often nights are massed, the sizes of the front and the deep stream,
the front stream's leak rate) of the last night. The likelihood's own filter
(`skyshield.calibrate.likelihood.filter_nights`) says, night by
night, where they were given the nights before: m_d with information P_d. With discount lambda the walk's
step has variance (1/lambda - 1)/P_d, so backwards from the row's value on the last night

    l_d | l_{d+1} ~ N(m_d + lambda (l_{d+1} - m_d), (1 - lambda)/P_d),

a draw of the whole path given all nights (forward filtering, backward sampling: Carter and Kohn, "On Gibbs sampling
for state space models", Biometrika 81, 1994). Levels are in units of the filter, zero being the row's value.
The filter starts at the value to which a first pass comes back, and its half-lives are the fit's medians.

A record generated along such a path shares the history of the levels with the observed one and nothing else. It can
show where the model fails within that history; it passes a little more often than it should, because the
path has seen the nights it is compared with.
"""

from typing import NamedTuple

import numpy as np

from skyshield.calibrate.fit import as_nights
from skyshield.calibrate.likelihood import N_LEVELS as N_ALL_LEVELS
from skyshield.calibrate.likelihood import Nights, RaidParameters, filter_nights
from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import MAX_GAP
from skyshield.raids.fit import Fit

LEVELS = ("massed", "front", "deep", "leak")  # in the likelihood's order
N_LEVELS = len(LEVELS)


class Filtered(NamedTuple):
    """Level and information after each night, f8[night, level], and the discounts f8[level]."""

    level: Floats
    information: Floats
    discount: Floats


def discounts(fit: Fit) -> Floats:
    """Return what is kept of each level's information from one night to the next.

    Raises
    ------
    SkyShieldError
        If the fit does not say how fast its levels move.
    """
    try:
        half_lives = np.array([fit.diagnostics[f"half_life_{level}_days"] for level in LEVELS])
    except KeyError as error:
        raise SkyShieldError("fit", f"does not tell {error.args[0]}", "make it again with 'skyshield fit'") from None
    return np.asarray((1 / 2) ** (1.0 / half_lives), float)


def filtered_levels(fit: Fit, row: int, observations: Observations, start: Floats) -> Filtered:
    """Run the likelihood's filter with a row's parameters, one night at a time.

    Parameters
    ----------
    fit, row
        Parameters.
    observations
        The nights.
    start
        f8[level], where the levels stand before the first night.
    """
    values = dict(zip(fit.names, fit.rows[row].tolist(), strict=True))
    parameters = RaidParameters(*(values[name] for name in RaidParameters._fields))
    discount = discounts(fit)
    step = np.array([values[f"{level}_step"] for level in LEVELS])
    still = np.ones(N_ALL_LEVELS - N_LEVELS)  # discounts of levels that stand still
    level = np.append(start, np.zeros(len(still)))
    information = np.append((1.0 / discount - 1.0) / np.maximum(step, np.finfo(float).tiny) ** 2, still)
    gap = np.full(MAX_GAP, 1.0 / MAX_GAP)
    nights, inferred = as_nights(observations), np.zeros((1, 3))
    n = len(observations.date)
    result = Filtered(np.zeros((n, N_LEVELS)), np.zeros((n, N_LEVELS)), discount)
    for d in range(n):
        filter_nights(parameters, Nights(*(column[d:d + 1] for column in nights)), np.append(discount, still), level,
                      information, gap, inferred)
        result.level[d], result.information[d] = level[:N_LEVELS], information[:N_LEVELS]
    return result


def backwards(filtered: Filtered, normals: Floats) -> Floats:
    """Return a path of the levels, f8[night, level], that ends at 0; standard normals of that shape, or zeros.

    Examples
    --------
    >>> two = Filtered(np.array([[1.0], [0.0]]), np.ones((2, 1)), np.array([0.75]))
    >>> backwards(two, np.zeros((2, 1))).tolist()
    [[0.25], [0.0]]
    """
    path = np.zeros_like(filtered.level)
    discount = filtered.discount
    for d in range(len(path) - 2, -1, -1):
        mean = filtered.level[d] + discount * (path[d + 1] - filtered.level[d])
        path[d] = mean + np.sqrt((1.0 - discount) / filtered.information[d]) * normals[d]
    return path


def followed_levels(fit: Fit, row: int, observations: Observations, seed: int) -> Floats:
    """Return a draw of where the levels stood on each night, given the nights and the row's end.

    Parameters
    ----------
    fit, row
        Parameters; the fit must be one of these observations.
    observations
        The nights.
    seed
        Of the draw.

    Returns
    -------
    numpy.ndarray
        f8[night, level], differences from the row's values: logit, log, log, logit.
    """
    zeros = np.zeros((len(observations.date), N_LEVELS))
    start = backwards(filtered_levels(fit, row, observations, zeros[0]), zeros)
    normals = np.random.default_rng([seed, row]).standard_normal(zeros.shape)
    return backwards(filtered_levels(fit, row, observations, start[0]), normals)
