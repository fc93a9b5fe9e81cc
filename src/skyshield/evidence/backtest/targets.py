"""What is forecast, and how: each target's outcome by day, what it is given, and the experts that foretell it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyshield.evidence.backtest.dynamic import Grid, shares
from skyshield.evidence.backtest.empirical import days_since_large, empirical
from skyshield.evidence.backtest.experts import Experts, together
from skyshield.evidence.backtest.series import Series

Floats = npt.NDArray[np.float64]

KNOTS_UAV = (100.0, 150.0, 200.0)  # a day this large begins to be mostly the deep stream, which leaks little
TYPICAL_UAV = 100.0
SHARE_GRID = Grid((3.0, 5.0, 10.0, 20.0, 45.0), (60.0, 180.0, 720.0), (0.015, 0.03, 0.06, 0.1))
LEARNING_DAYS = 240  # the pools' weights are learnt over so many days before the first one forecast


@dataclass(frozen=True)
class Target:
    """Something forecast for every day.

    Attributes
    ----------
    label, unit
        In words.
    column
        Of `Series`: the count that happens.
    given_launches
        Whether the day's launches are told; the score of a share is that of the count over the launches.
    given_alerts
        Whether the night's hours under alert are told where there are any.
    as_share
        Whether it is scored as a share of the launches.
    """

    label: str
    unit: str
    column: str
    given_launches: bool = False
    given_alerts: bool = False
    as_share: bool = False

    def outcome(self, series: Series) -> Floats:
        """Return the counts, f8[day]; NaN where untold, or where nothing was launched that it could be a share of."""
        y: Floats = getattr(series, self.column)
        return np.where(series.uav >= 1.0, y, np.nan) if self.given_launches else y


TARGETS = {
    "uav_launched": Target("UAVs launched", "UAVs", "uav"),
    "uav_neutralised_share": Target("share of UAVs destroyed or lost, given the launches", "1", "neutralised",
                                    given_launches=True, as_share=True),
    "uav_leakers": Target("UAVs leaked, given the launches", "UAVs", "leakers", given_launches=True),
    "uav_leakers_unconditional": Target("UAVs leaked", "UAVs", "leakers"),
    "cruise_leaked": Target("cruise missiles leaked", "missiles", "cruise_leaked"),
    "ballistic_leaked": Target("ballistic missiles leaked", "missiles", "ballistic_leaked"),
    "hit_locations": Target("places hit", "places", "hit_locations"),
    "south_kills": Target("UAVs destroyed in the south", "UAVs", "south_kills", given_alerts=True),
    "west_kills": Target("UAVs destroyed in the west", "UAVs", "west_kills", given_alerts=True)}

Builder = Callable[[Series, int, int], Experts]


def experts_for(name: str, series: Series, first: int, last: int) -> Experts:
    """Return the experts of a target for the days `first` to `last`."""
    target = TARGETS[name]
    y, begin = target.outcome(series), max(0, first - LEARNING_DAYS)
    if target.given_launches:
        return _shares_given_launches(y, series.uav)
    since = np.log1p(days_since_large(series.uav))
    return together([empirical(y, begin, last), empirical(y, begin, last, since)])


def _shares_given_launches(y: Floats, n: Floats) -> Experts:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log(np.maximum(n, 1.0) / TYPICAL_UAV)
    ones = np.ones(len(n))
    parts = []
    for knot in KNOTS_UAV:
        x = np.stack([ones, size, np.maximum(size - np.log(knot / TYPICAL_UAV), 0.0)], axis=1)
        parts.append(shares(y, n, x, SHARE_GRID, 1 / 2, f"share_knot_{knot:g}"))
    return together(parts)
