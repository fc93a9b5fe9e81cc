"""Months held back: fit up to a day, show the month after, compare.

What a fit was tuned to is no evidence. Here each month is predicted by a fit that has seen nothing of it: records of
that month are drawn from the rows of the fit, its levels wandering on from where they stood, and the observed totals
are held against the 95% prediction interval. The randomised probability integral transform is the share of drawn
totals below the observed one, ties broken by an addressed uniform; under a perfect model it is uniform.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Floats
from skyshield.evidence.fit_checks.generate import Reporting, generate, reporting_of
from skyshield.raids.fit import Fit

N_RECORDS = 500
LEVEL = 0.95
BAND_LEVEL = 0.99


@dataclass(frozen=True)
class MonthForecast:
    """One total of one month: observed, predicted, and where the one lies in the other.

    `quantiles` are the 2.5, 25, 50, 75 and 97.5% points of the drawn totals; `pit` lies in (0, 1).
    """

    origin: dt.date
    month: str
    target: str
    observed: float
    quantiles: tuple[float, float, float, float, float]
    pit: float

    @property
    def inside(self) -> bool:
        """Whether the observed total lies in the 95% prediction interval."""
        return self.quantiles[0] <= self.observed <= self.quantiles[-1]


@dataclass(frozen=True)
class Coverage:
    """How many totals lie in their intervals, and how many would under a perfect model of independent totals."""

    inside: int
    n: int
    low: int
    high: int

    @property
    def as_expected(self) -> bool:
        """Whether the count lies in its band."""
        return self.low <= self.inside <= self.high


def _total(column: str) -> Callable[[Observations], float]:
    def total(o: Observations) -> float:
        return float(np.nansum(np.asarray(getattr(o, column), float)))

    return total


def _ballistic_none(o: Observations) -> float:
    return float(((o.ballistic > 0) & (o.ballistic_stopped == 0)).sum())


TARGETS: dict[str, tuple[str, Callable[[Observations], float]]] = {
    "uav": ("UAVs launched", _total("uav")), "leakers": ("UAVs leaked", _total("leakers")),
    "cruise": ("cruise missiles launched", _total("cruise")),
    "ballistic": ("ballistic missiles launched", _total("ballistic")),
    "ballistic_none": ("ballistic salvos of which none was stopped", _ballistic_none),
    "south_kills": ("kills in the south", _total("south_kills")),
    "west_kills": ("kills in the west", _total("west_kills"))}


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the last days of the months from that of `first` to that of `last`.

    Examples
    --------
    >>> [day.isoformat() for day in month_ends(dt.date(2031, 12, 31), dt.date(2032, 2, 1))]
    ['2031-12-31', '2032-01-31', '2032-02-29']
    """
    result = []
    month = np.datetime64(first, "M")
    while month <= np.datetime64(last, "M"):
        result.append(((month + 1).astype("datetime64[D]") - 1).item())
        month += 1
    return result


def held_out(observations: Observations, fit_until: Callable[[dt.date], Fit], origins: Sequence[dt.date], seed: int,
             n_records: int = N_RECORDS) -> tuple[MonthForecast, ...]:
    """Predict the month after each origin and compare.

    Parameters
    ----------
    observations
        All of the record.
    fit_until
        Returns a fit that has seen nothing after a day.
    origins
        Ends of months; the month after each must be in the record.
    seed
        Addresses the drawn records.
    n_records
        Drawn for each month.

    Returns
    -------
    tuple of Predicted
        Origin by origin, target by target.
    """
    forecasts: list[MonthForecast] = []
    for index, origin in enumerate(origins):
        month = np.datetime64(origin, "M") + 1
        of_month = observations.date.astype("datetime64[M]") == month
        columns: list[Any] = [column[of_month] for column in observations]
        observed = Observations(*columns)
        drawn = _drawn_totals(fit_until(origin), reporting_of(observed), seed + index, n_records)
        ties = np.random.default_rng([seed, index]).random(len(TARGETS))
        for k, (name, (_, total)) in enumerate(TARGETS.items()):
            forecasts.append(_compare(origin, str(month), name, total(observed), drawn[:, k], float(ties[k])))
    return tuple(forecasts)


def _drawn_totals(fit: Fit, reporting: Reporting, seed: int, n_records: int) -> Floats:
    """Return the totals of drawn months, f8[record, target], levels wandering on from the fit's."""
    records = (generate(fit, k % len(fit.rows), len(reporting.date), seed, k, reporting, ends_at_fit=False)
               for k in range(n_records))
    return np.array([[total(record) for _, total in TARGETS.values()] for record in records])


def _compare(origin: dt.date, month: str, target: str, observed: float, drawn: Floats, tie: float) -> MonthForecast:
    low, high = (1.0 - LEVEL) / 2, (1.0 + LEVEL) / 2
    quantiles = np.quantile(drawn, [low, 1 / 4, 1 / 2, 3 / 4, high])
    below, same = float((drawn < observed).sum()), float((drawn == observed).sum())
    return MonthForecast(origin, month, target, observed, tuple(float(q) for q in quantiles),  # type: ignore[arg-type]
                         (below + tie * (same + 1.0)) / (len(drawn) + 1.0))


def coverage(predicted: Sequence[MonthForecast], level: float = LEVEL, band_level: float = BAND_LEVEL) -> Coverage:
    """Count totals in their intervals, with the binomial band of that count.

    Examples
    --------
    >>> none = MonthForecast(dt.date(2031, 1, 31), "2031-02", "uav", 9.0, (1.0, 2.0, 3.0, 4.0, 5.0), 0.999)
    >>> coverage([none] * 20)
    Coverage(inside=0, n=20, low=16, high=20)
    """
    from scipy.stats import binom

    n = len(predicted)
    low, high = (int(binom.ppf(p, n, level)) for p in ((1.0 - band_level) / 2, (1.0 + band_level) / 2))
    return Coverage(sum(one.inside for one in predicted), n, low, high)
