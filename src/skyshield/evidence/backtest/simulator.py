r"""The simulator as a forecaster of every target: nights that the engine played, as they count for what is asked.

- Launches, leakers of UAVs and missiles: of nights played with nothing given, or given the launches.
- Kills in the south and the west, **given the night's alerts**: the engine sounds alerts of its own, fewer or more than
  the sirens. So hours are compared by rank: z is the normal score of today's hours among those of the last `RANK_DAYS`
  days, z_i that of a played night's among all nights played for the last `RANKED_NIGHTS` days, both for the area and
  for the centre, and a played night has the weight

      exp(-sum_areas (z_i - z)^2 / (2 b^2)),  b = `RANK_SPREAD`.

  A day whose hours are not known has nothing given.
- Places hit: the engine has none. A played night's leakers, missiles included, times the places a leaker of a day drawn
  from the last `LINK_DAYS` that tell of both.
"""

from collections.abc import Sequence

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.streams import moment, name_key, uniforms
from skyshield.evidence.backtest.forecasts import Forecast, of_sample
from skyshield.evidence.backtest.series import Series
from skyshield.evidence.backtest.simulated import AREAS, Night, PlayedNights

RANK_DAYS = 90
RANKED_NIGHTS = 30
RANK_SPREAD = 0.5
LINK_DAYS = 60
_SEED = 21

Columns = dict[str, str]
PLAIN: Columns = {"uav_launched": "launched", "uav_leakers_unconditional": "leaked", "cruise_leaked": "cruise_leaked",
                  "ballistic_leaked": "ballistic_leaked"}
GIVEN_LAUNCHES = ("uav_leakers", "uav_neutralised_share")
GIVEN_ALERTS = {"south_kills": ("south_stops", ("south", "centre")), "west_kills": ("west_stops", ("west", "centre"))}


class Simulator:
    """Forecasts days in order, from nights that are played once for all targets.

    Parameters
    ----------
    nights
        Who plays.
    series
        As first known.
    """

    def __init__(self, nights: PlayedNights, series: Series) -> None:
        self._nights, self._series = nights, series
        self._played: dict[int, Night] = {}
        self._given: dict[int, Night] = {}

    def play(self, days: Sequence[int]) -> None:
        """Play all that the forecasts of some days need, in order."""
        for day in days:
            self._played[day] = self._nights.play(day)
            if self._series.uav[day] >= 1.0:
                self._given[day] = self._nights.play_given(day, float(self._series.uav[day]))

    def forecast(self, name: str, day: int) -> Forecast:
        """Return the forecast of a target for a day that was played."""
        if name in PLAIN:
            return of_sample(getattr(self._played[day], PLAIN[name]))
        if name in GIVEN_LAUNCHES:
            leaked = self._given[day].leaked
            return of_sample(leaked if name == "uav_leakers" else float(self._series.uav[day]) - leaked)
        if name in GIVEN_ALERTS:
            column, areas = GIVEN_ALERTS[name]
            return of_sample(getattr(self._played[day], column), self._likeness(day, areas))
        return self._places_hit(day)

    def _likeness(self, day: int, areas: Sequence[str]) -> Floats:
        """Return the weights of a day's played nights by their hours under alert."""
        weights = np.ones(len(self._played[day].launched))
        for area in areas:
            hours = getattr(self._series, f"{area}_alert_h")
            past = hours[max(0, day - RANK_DAYS):day]
            past = past[np.isfinite(past)]
            if len(past) == 0 or not np.isfinite(hours[day]):
                continue
            k = AREAS.index(area)
            here = normal_score(past, hours[day:day + 1])[0]
            nights = [self._played[one].alert_h[:, k] for one in range(day - RANKED_NIGHTS, day + 1)
                      if one in self._played]
            there = normal_score(np.concatenate(nights), self._played[day].alert_h[:, k])
            weights = weights * np.exp(-((there - here) ** 2) / (2.0 * RANK_SPREAD**2))
        return weights

    def _places_hit(self, day: int) -> Forecast:
        night, s = self._played[day], self._series
        leaked = s.leakers + np.nan_to_num(s.cruise_leaked) + np.nan_to_num(s.ballistic_leaked)
        told = np.flatnonzero(np.isfinite(s.hit_locations[:day]) & (np.nan_to_num(leaked[:day]) >= 1.0))
        told = told[told >= day - LINK_DAYS]
        drawn = night.leaked + night.cruise_leaked + night.ballistic_leaked
        if len(told) == 0:
            return of_sample(drawn)
        key = name_key("backtest places hit")
        u = np.array([uniforms(np.uint64(_SEED), k, moment(day, 0), key, 0)[0] for k in range(len(drawn))])
        a_leaker = (s.hit_locations[told] / leaked[told])[(u * len(told)).astype(np.int64)]
        return of_sample(np.rint(drawn * a_leaker))


def normal_score(among: Floats, values: Floats) -> Floats:
    """Return the normal quantiles of the ranks that values have among others, ties at their middle.

    Examples
    --------
    >>> normal_score(np.array([1.0, 2.0, 3.0]), np.array([2.0])).tolist()
    [0.0]
    """
    from scipy.special import ndtri

    ordered = np.sort(among)
    below, upto = (np.searchsorted(ordered, values, side=side) for side in ("left", "right"))
    return np.asarray(ndtri((below + upto + 1.0) / (2.0 * len(ordered) + 2.0)))
