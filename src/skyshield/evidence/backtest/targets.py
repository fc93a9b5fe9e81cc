"""The targets forecast: each one's outcome by day, what it is conditioned on, and its experts."""

import functools
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.evidence.backtest.dynamic import Grid, counts
from skyshield.evidence.backtest.empirical import days_since_large, empirical, max_count
from skyshield.evidence.backtest.experts import Experts, combine
from skyshield.evidence.backtest.hurdle import hurdle
from skyshield.evidence.backtest.raid_model import raid_model
from skyshield.evidence.backtest.series import Series
from skyshield.evidence.backtest.shares_model import ShareModel, knots_of, share_model, without_launches

COUNT_GRID = Grid((10.0, 30.0, 90.0), (60.0,), (0.1, 0.3, 1.0, 3.0, 8.0))  # leaked missiles: from steady to rare bursts
TYPICAL_ALERT_H = 2.0  # predictors are centred here
HOURS_SCALE = 1.17  # likeness: nights whose 1 + hours differ by a factor of e^0.3 are one spread apart
COMPOSED_DAYS = 60  # an expert composed of other forecasts is slow, so its weight is learnt over fewer days
LEARNING_DAYS = 240  # the pools' weights are learnt over this many days before the first one forecast


@dataclass(frozen=True)
class Target:
    """Something forecast for every day.

    Attributes
    ----------
    label, unit
        In words.
    column
        Of `Series`: the outcome.
    given_launches
        Whether the day's launches are given; the score of a share is that of the count over the launches.
    given_alerts
        Whether the night's hours under alert are given where there are any.
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
        """Return the counts, f8[day]; NaN where not reported, and for a share also where nothing was launched."""
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

MISSILES = ("cruise_leaked", "ballistic_leaked")


class Forecasters:
    """The experts of every target on one series, computed on demand; targets share what they have in common.

    Parameters
    ----------
    series
        The series as known, future days included as days without a bulletin.
    first, last
        Indices of the days forecast.
    window_days
        How many days back a fit of the raid model looks.
    """

    def __init__(self, series: Series, first: int, last: int, window_days: int) -> None:
        self.series, self.first, self.last, self.window_days = series, first, last, window_days
        self.begin = max(0, first - LEARNING_DAYS)

    @functools.cached_property
    def since_large(self) -> Floats:
        """Log of the time since the last large raid, by day; NaN beyond the day after the last reported one."""
        reported = np.flatnonzero(np.isfinite(self.series.uav))
        since = np.log1p(days_since_large(self.series.uav))
        if len(reported):
            since[reported[-1] + 2:] = np.nan
        return since

    @functools.cached_property
    def launches(self) -> Experts:
        """Experts of the launches: the raid model, where the record is long enough for it, and the past values."""
        past_values = self._past_values(self.series.uav)
        model = raid_model(self.series, self.first, self.last, self.window_days)
        return past_values if model is None else combine([model, past_values])

    @functools.cached_property
    def knots(self) -> tuple[float, ...]:
        """The sizes of raid at which shares may bend, from the days before the first one forecast."""
        return knots_of(self.series.uav[max(0, self.first - self.window_days):self.first])

    @functools.cached_property
    def leak_shares(self) -> ShareModel:
        """Leakers given the launches."""
        return share_model(TARGETS["uav_leakers"].outcome(self.series), self.series.uav, self.knots)

    @functools.cached_property
    def neutralised_shares(self) -> ShareModel:
        """UAVs destroyed or lost given the launches."""
        return share_model(TARGETS["uav_neutralised_share"].outcome(self.series), self.series.uav, self.knots)

    def experts(self, name: str) -> Experts:
        """Return the experts of a target."""
        series = self.series
        y = TARGETS[name].outcome(series)
        if name == "uav_launched":
            return self.launches
        if name == "uav_leakers":
            return self.leak_shares.experts
        if name == "uav_neutralised_share":
            return self.neutralised_shares.experts
        if name == "uav_leakers_unconditional":
            from_launches = without_launches(y, self.leak_shares, self.launches, self._composed_from, self.last,
                                             self._top(y))
            return combine([from_launches, self._past_values(y)])
        if name in MISSILES:
            ones = np.ones((len(y), 1))
            return combine([self._past_values(y), counts(y, ones, COUNT_GRID, 1.0, "level", self._top(y))])
        if TARGETS[name].given_alerts:
            local_alert_h = series.west_alert_h if name == "west_kills" else series.south_alert_h
            return self._given_alerts(y, local_alert_h, name)
        return self._past_values(y)

    @property
    def _composed_from(self) -> int:
        return max(0, self.first - COMPOSED_DAYS)

    def _top(self, y: Floats) -> int:
        return max_count(y[:self.first])

    def _past_values(self, y: Floats) -> Experts:
        return combine([empirical(y, self.begin, self.last),
                        empirical(y, self.begin, self.last, self.since_large)])

    def _given_alerts(self, y: Floats, local_alert_h: Floats, name: str) -> Experts:
        """Return experts given hours under alert; where these are unknown, those of past values alone."""
        local_hours, centre_hours = log_hours(local_alert_h), log_hours(self.series.centre_alert_h)
        if not np.isfinite(local_hours[:self.first]).any():
            return self._past_values(y)
        x = np.stack([np.ones(len(y)), local_hours, centre_hours], axis=1)
        by_alerts = hurdle(y, x, self.begin, self.last, self._top(y), f"{name}_by_alerts")
        return combine([by_alerts, empirical(y, self.begin, self.last, local_hours * HOURS_SCALE)])


def log_hours(hours: Floats) -> Floats:
    """Return log(1 + h) about its typical value.

    Examples
    --------
    >>> log_hours(np.array([TYPICAL_ALERT_H])).tolist()
    [0.0]
    """
    return np.asarray(np.log1p(hours) - np.log1p(TYPICAL_ALERT_H))
