"""A count that is nothing on most nights: whether there is any, and how many if so, each from its own experts."""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import Grid, counts, shares
from skyshield.evidence.backtest.experts import Experts, one_expert, pool_weights

ANY_GRID = Grid((10.0, 30.0, 90.0, 360.0), (60.0, 360.0), (0.001,))  # one trial a night: no dispersion to tell
SOME_GRID = Grid((10.0, 30.0, 90.0, 360.0), (60.0, 360.0), (0.3, 0.7, 1.5, 3.0, 6.0))
TYPICAL_SOME = 5.0  # kills, or missiles, on a night that has any; forgotten within weeks


def hurdle(y: Floats, x: Floats, first: int, last: int, top: int, name: str) -> Experts:
    """Return one expert: P(0) = 1 - p, P(y) = p NB(y - 1), both by dynamic regressions on x, each pooled.

    Parameters
    ----------
    y
        f8[day], NaN where untold.
    x
        f8[day, k], the first column ones.
    first, last
        Days on which its worth is learnt and told.
    top
        The largest count forecast.
    name
        Of the expert.
    """
    some = np.where(np.isfinite(y), (y > 0.0).astype(np.float64), np.nan)
    whether = shares(some, np.ones(len(y)), x, ANY_GRID, 1 / 2, "any").experts
    how_many = counts(np.where(np.nan_to_num(y) > 0.0, y - 1.0, np.nan), x, SOME_GRID, TYPICAL_SOME, "some", top - 1)
    of_whether = pool_weights(whether.log_p, whether.start)
    of_many = pool_weights(how_many.log_p, how_many.start)

    def forecast(day: int) -> Floats:
        if not np.isfinite(x[day]).all():
            return np.full(top + 1, np.nan)
        none, any_at_all = of_whether[day] @ whether.forecast(day)
        p = np.concatenate([[none], any_at_all * (of_many[day] @ how_many.forecast(day))])
        return np.asarray(p / p.sum())

    return one_expert(name, forecast, y, first, last)
