"""The rate at each window as an interval: a mixture over the segments that may hold the window.

In a segment of windows i to j - 1 the posterior of p is Beta(a + r Σe, b + Σy), so that the rate x = r (1 - p) / p lies
below a value with probability I(x / (r + x); b + Σy, a + r Σe), I the regularised incomplete beta function. Windows
weigh these by the probability of each segment (`changes`). The size is taken at its posterior median.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.monitoring.holding.changes import Posterior
from skyshield.monitoring.holding.series import Series
from skyshield.monitoring.holding.settings import settings


def rate_band(series: Series, posterior: Posterior) -> tuple[Floats, Floats]:
    """Return the ends of the 95% interval of the rate at each window, per unit of exposure, shape (n,) each.

    Examples
    --------
    >>> from skyshield.monitoring.holding.changes import posterior_of
    >>> days = np.arange("2031-05-01", "2031-05-07", dtype="datetime64[D]").astype("datetime64[s]")
    >>> six = Series(days, days + np.timedelta64(1, "D"), np.array([4.0, 5, 3, 40, 44, 39]), np.ones(6))
    >>> low, high = rate_band(six, posterior_of(six.count, six.exposure, np.full(5, 0.1)))
    >>> bool(high[0] < low[-1])
    True
    """
    from scipy.special import betainc

    of, prior, r = settings()["band"], settings()["prior"], posterior.size
    starts, ends = np.nonzero(posterior.segment > of["least_weight"])
    weight = posterior.segment[starts, ends]
    sums, exposures = (np.concatenate(([0.0], np.cumsum(each))) for each in (series.count, series.exposure))
    b, a = prior["b"] + sums[ends] - sums[starts], prior["a"] + r * (exposures[ends] - exposures[starts])
    highest = max(float((series.count / series.exposure).max()), float(posterior.rate.max()))
    grid = np.geomspace(of["least_count"] / float(series.exposure.sum()), highest * of["widest"], of["steps"])
    below = np.empty((len(grid), len(series)))
    for g, x in enumerate(grid):
        change = np.zeros(len(series) + 1)
        np.add.at(change, starts, weight * betainc(b, a, x / (r + x)))
        np.add.at(change, ends, -weight * betainc(b, a, x / (r + x)))
        below[g] = np.cumsum(change)[:-1]
    held = np.zeros(len(series) + 1)
    np.add.at(held, starts, weight)
    np.add.at(held, ends, -weight)
    below /= np.cumsum(held)[:-1]
    tail = (1 - of["probability"]) / 2
    low, high = (np.array([np.interp(share, below[:, i], grid, left=0.0) for i in range(len(series))])
                 for share in (tail, 1 - tail))
    return low, high
