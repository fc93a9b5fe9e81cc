r"""An interval for a skill score whose daily terms are autocorrelated: HAC standard errors.

The skill is S = 1 - m / b with m and b the mean scores of model and baseline. By the delta method its error is that
of the mean of

    g_t = ((1 - S) b_t - m_t) / b,

whose long-run variance is the Bartlett-weighted sum of its autocovariances up to lag q (Newey and West, 1987). With
n terms q grows as n^(1/3), and the quantiles are those of the fixed-bandwidth limit (Kiefer and Vogelsang, 2005),
wider than the normal's: z (1 + a1 r + a2 r^2 + a3 r^3), r = (q + 1) / n.
"""

import math
from typing import NamedTuple

from skyshield.core.arrays import Floats

LAG_FACTOR = 1.3  # lags per cube root of n; Lazarus et al. (2018) advise 1.3 sqrt(n), for dependence stronger than here
MIN_TERMS = 8  # fewer do not give a usable variance
FIXED_BANDWIDTH_95 = (1.9600, 2.9694, 0.4160, -0.5324)  # Kiefer and Vogelsang (2005), table 1, Bartlett, 97.5%


class Skill(NamedTuple):
    """A skill score and its 95% interval, NaN where there is none."""

    value: float
    low: float
    high: float


def long_run_variance(terms: Floats, lags: int) -> float:
    """Return the Bartlett estimate of n times the variance of the mean.

    Examples
    --------
    >>> import numpy as np
    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0]), 0)
    1.0
    >>> import numpy as np
    >>> long_run_variance(np.array([1.0, -1.0, 1.0, -1.0]), 1)
    0.25
    """
    n = len(terms)
    centred = terms - terms.mean()
    value = float(centred @ centred) / n
    for lag in range(1, min(lags, n - 1) + 1):
        value += 2.0 * (1.0 - lag / (lags + 1.0)) * float(centred[lag:] @ centred[:-lag]) / n
    return max(value, 0.0)


def skill_of(model: Floats, baseline: Floats) -> Skill:
    """Return the skill of daily scores against a baseline's, with its interval.

    Parameters
    ----------
    model, baseline
        f8[day], smaller is better, in order of time.

    Examples
    --------
    >>> import numpy as np
    >>> skill_of(np.full(20, 0.9), np.full(20, 1.0)).value
    0.1
    """
    n, scale = len(model), float(baseline.mean()) if len(baseline) else 0.0
    if scale <= 0.0:
        return Skill(math.nan, math.nan, math.nan)
    value = round(1.0 - float(model.mean()) / scale, 12)
    if n < MIN_TERMS:
        return Skill(value, math.nan, math.nan)
    lags = math.ceil(LAG_FACTOR * n ** (1.0 / 3.0))
    ratio = min(1.0, (lags + 1.0) / n)
    width = sum(a * ratio**k for k, a in enumerate(FIXED_BANDWIDTH_95))
    error = math.sqrt(long_run_variance(((1.0 - value) * baseline - model) / scale, lags) / n)
    return Skill(value, value - width * error, value + width * error)
