"""A count that is zero on most nights: whether there is any, and how many if so, each from its own experts."""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import Grid, counts, shares
from skyshield.evidence.backtest.experts import Experts, one_expert, pool_weights

ANY_GRID = Grid((10.0, 30.0, 90.0, 360.0), (60.0, 360.0), (0.001,))  # one trial a night: no dispersion to learn
SIZE_GRID = Grid((10.0, 30.0, 90.0, 360.0), (60.0, 360.0), (0.3, 0.7, 1.5, 3.0, 6.0))
TYPICAL_SIZE = 5.0  # kills, or missiles, on a night that has any; forgotten within weeks


def hurdle(y: Floats, x: Floats, first: int, last: int, top: int, name: str) -> Experts:
    """Return one expert: P(0) = 1 - p, P(y) = p NB(y - 1), both by dynamic regressions on x, each pooled.

    Parameters
    ----------
    y
        f8[day], NaN where not reported.
    x
        f8[day, k], the first column ones.
    first, last
        Days on which it is scored.
    top
        The largest count forecast.
    name
        Of the expert.
    """
    any_count = np.where(np.isfinite(y), (y > 0.0).astype(np.float64), np.nan)
    occurrence = shares(any_count, np.ones(len(y)), x, ANY_GRID, 1 / 2, "any").experts
    size = counts(np.where(np.nan_to_num(y) > 0.0, y - 1.0, np.nan), x, SIZE_GRID, TYPICAL_SIZE, "some", top - 1)
    occurrence_weights = pool_weights(occurrence.log_p, occurrence.start)
    size_weights = pool_weights(size.log_p, size.start)

    def forecast(day: int) -> Floats:
        if not np.isfinite(x[day]).all():
            return np.full(top + 1, np.nan)
        p_none, p_any = occurrence_weights[day] @ occurrence.forecast(day)
        p = np.concatenate([[p_none], p_any * (size_weights[day] @ size.forecast(day))])
        return np.asarray(p / p.sum())

    return one_expert(name, forecast, y, first, last)
