"""The nested variance estimator, `skyshield.study.summary`, on constructed data whose variances are known.

x[vector, replication] = mu + tau a + sigma e. In the exact grids a and the e of each vector have exactly the mean 0 and
the sample variance 1; in the drawn ones they are normal. So the variance of the shrunk means is tau^2 plus nothing, and
the Monte Carlo error sigma / sqrt(K R), for K vectors of R replications each.
"""

import math

import numpy as np
from scipy import stats

from skyshield.core.arrays import Floats
from skyshield.evidence.verification.case import Case, CaseResult
from skyshield.evidence.verification.nights import mean_of
from skyshield.study.summary import expected_outcomes, summarise

MEAN, BETWEEN, WITHIN = 40.0, 3.0, 4.0  # mu, tau, sigma
_VECTORS, _REPLICATIONS = 200, 6
_BATCHES, _BATCH_VECTORS, _BATCH_REPLICATIONS = 25, 20_000, 4
_TAIL = 0.975


def _standard(values: Floats) -> Floats:
    """Return the same, shifted and scaled to the mean 0 and the sample variance 1 along the last axis."""
    centred = values - values.mean(axis=-1, keepdims=True)
    return np.asarray(centred / centred.std(axis=-1, ddof=1, keepdims=True))


def exact_grid(between: float, within: float) -> Floats:
    """Return x[vector, replication] with exactly these variances, each vector's noise in another order.

    Examples
    --------
    >>> x = exact_grid(3.0, 4.0)
    >>> round(float(x.mean(axis=1).var(ddof=1)), 9), round(float(x[7].var(ddof=1)), 9)
    (9.0, 16.0)
    """
    vector, replication = np.arange(_VECTORS)[:, None], np.arange(_REPLICATIONS)[None, :]
    noise = _standard(np.cos(vector + replication * (1.0 + replication)))
    return MEAN + between * _standard(np.arange(_VECTORS, dtype=float))[:, None] + within * noise


def _identity(_seed: int, factor: float) -> CaseResult:
    """Compare with tau^2: the variance between means is B = tau^2, and W / R is taken off it."""
    x = exact_grid(BETWEEN * factor, WITHIN)
    result = expected_outcomes(x, np.ones(x.shape, bool)).var(ddof=1)
    return CaseResult(BETWEEN**2 - WITHIN**2 / _REPLICATIONS, float(result))


def _mcse(_seed: int, factor: float) -> CaseResult:
    x = exact_grid(BETWEEN, WITHIN * factor)
    result = summarise(x, np.ones(x.shape, bool))["mcse"]
    return CaseResult(WITHIN / math.sqrt(x.size), math.nan if result is None else result)


def _half_width(ends: tuple[str, str], exact: float, seed: int, between: float, within: float) -> CaseResult:
    """Compare half the distance of two ends of the summary, over batches of drawn data."""
    g, shape = np.random.default_rng(seed), (_BATCH_VECTORS, _BATCH_REPLICATIONS)
    half_widths = []
    for _ in range(_BATCHES):
        x = MEAN + between * g.standard_normal((shape[0], 1)) + within * g.standard_normal(shape)
        result = summarise(x, np.ones(shape, bool))
        half_widths.append(((result[ends[1]] or 0.0) - (result[ends[0]] or 0.0)) / 2.0)
    return mean_of(exact, np.array(half_widths), _BATCHES * shape[0] * shape[1])


def _interval(seed: int, factor: float) -> CaseResult:
    exact = float(stats.norm.ppf(_TAIL)) * BETWEEN
    return _half_width(("lo", "hi"), exact, seed, BETWEEN * factor, WITHIN)


def _spread(seed: int, factor: float) -> CaseResult:
    exact = float(stats.norm.ppf(_TAIL)) * math.hypot(BETWEEN, WITHIN)
    return _half_width(("spread_lo", "spread_hi"), exact, seed, BETWEEN, WITHIN * factor)


CASES: tuple[Case, ...] = (
    Case("nested_identity", "nested variance",
         "variance of the shrunk means of made data: that between means less that within over replications, B - W / R",
         _identity, "the standard deviation tau between vectors"),
    Case("nested_error", "nested variance", "mcse of the same data: sigma / sqrt(K R)", _mcse,
         "the standard deviation sigma within a vector"),
    Case("nested_interval", "nested variance",
         "half of the distance from lo to hi, normal data: 1.96 tau, without the noise of replications", _interval,
         "the standard deviation tau between vectors"),
    Case("nested_spread", "nested variance",
         "half of the distance from spread_lo to spread_hi, the same data: 1.96 sqrt(tau^2 + sigma^2)", _spread,
         "the standard deviation sigma within a vector"))
