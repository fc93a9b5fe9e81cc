"""Countrywide alerts, given when a MiG-31K that may carry a missile takes off: no evidence of UAVs.

**Rule.** At least `min_oblasts` of the eight western oblasts have alerts that start within `starts_within_min` of
each other and last less than `under_min` (`countrywide` in ``data/reading.yaml``). The event is dated by the first of
these starts. In **every** oblast the alerts that start no more than `starts_within_min` before or after it, and last
less than `under_min`, belong to it and leave the hours. An alert that was on before, or lasts longer, stays as it is:
something else flew.

In the real file (2025-06 to 2026-02 and before) non-western oblasts join within two minutes; where they were under
alert already, nothing leaves, so hours of the east and the south keep some that are countrywide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Booleans, Days, Floats
from skyshield.record.alerts import Alerts, night_alert_hours
from skyshield.record.clock import HOUR_S
from skyshield.record.names import reading

MINUTE_S = 60


@dataclass(frozen=True)
class CountrywideEvents:
    """Countrywide alerts found in a file.

    Attributes
    ----------
    start, end
        datetime64[s], UTC, shape (n,): first start and last end of the western alerts of each event.
    belongs
        bool, one for each alert of the file: whether it belongs to an event.
    """

    start: Days
    end: Days
    belongs: Booleans

    def in_days(self, first: np.datetime64, last: np.datetime64) -> tuple[int, float]:
        """Return how many events start in the UTC days from `first` to `last`, and how many hours they last."""
        day = self.start.astype("datetime64[D]")
        inside = (day >= first) & (day <= last)
        return int(inside.sum()), float((self.end - self.start)[inside].astype(np.int64).sum()) / HOUR_S


@dataclass(frozen=True)
class AlertHoursOfYear:
    """Hours under alert of a calendar year's operational days, shape (k,) each; `all_h` is night and day part."""

    year: int
    oblasts: tuple[str, ...]
    night_h: Floats
    all_h: Floats


def countrywide_events(alerts: Alerts) -> CountrywideEvents:
    """Find the countrywide alerts of a file.

    Examples
    --------
    >>> west = reading()["alert_oblasts"]["west"][:6]
    >>> start = np.array(["2031-05-01T10:00"] * 8, "datetime64[s]")
    >>> end = start + np.array([40] * 7 + [100], "timedelta64[m]")
    >>> events = countrywide_events(Alerts(np.array([*west, "Sumska oblast", "Odeska oblast"]), start, end, ()))
    >>> events.start.astype(str).tolist(), events.belongs.tolist()
    (['2031-05-01T10:00:00'], [True, True, True, True, True, True, True, False])
    """
    rule = reading()["countrywide"]
    within_s = rule["starts_within_min"] * MINUTE_S
    start_s, end_s = alerts.start.astype(np.int64), alerts.end.astype(np.int64)
    is_short = end_s - start_s < rule["under_min"] * MINUTE_S
    western = np.flatnonzero(is_short & np.isin(alerts.region, reading()["alert_oblasts"]["west"]))
    western = western[np.argsort(start_s[western], kind="stable")]
    after = np.searchsorted(start_s[western], start_s[western] + within_s, "right")
    first, spans = 0, []
    while first < len(western):
        together = western[first:after[first]]
        if len(set(alerts.region[together].tolist())) >= rule["min_oblasts"]:
            spans.append((start_s[together[0]], end_s[together].max()))
            first = int(after[first])
        else:
            first += 1
    times = np.array(spans, np.int64).reshape(-1, 2)
    belongs = np.zeros(start_s.shape, bool)
    if len(times):
        following = np.searchsorted(times[:, 0], start_s)
        nearest_s = np.minimum(np.abs(times[np.minimum(following, len(times) - 1), 0] - start_s),
                               np.abs(start_s - times[np.maximum(following - 1, 0), 0]))
        belongs = is_short & (nearest_s <= within_s)
    moments = times.astype("datetime64[s]")
    return CountrywideEvents(moments[:, 0], moments[:, 1], belongs)


def alert_hours_of_year(alerts: Alerts, year: int, oblasts: Sequence[str]) -> AlertHoursOfYear:
    """Return the hours under alert of a year by oblast, countrywide alerts left out.

    Parameters
    ----------
    alerts
        What `read_alerts` returned.
    year
        Its operational days: 18:00 on 31 December to 18:00 on 31 December, Kyiv.
    oblasts
        As the alert file names them (`skyshield.record.names.oblast_of`).

    Returns
    -------
    AlertHoursOfYear
        ``night_h`` from 18:00 to 09:00, ``all_h`` of the whole day.

    Examples
    --------
    >>> one = Alerts(np.array(["Lvivska oblast"]), np.array(["2031-05-01T14:00:00"], "datetime64[s]"),
    ...              np.array(["2031-05-01T16:30:00"], "datetime64[s]"), ())
    >>> hours = alert_hours_of_year(one, 2031, ["Lvivska oblast"])
    >>> hours.night_h.tolist(), hours.all_h.tolist()
    ([1.5], [2.5])
    """
    table = night_alert_hours(alerts, oblasts, ~countrywide_events(alerts).belongs)
    of_year = table.date.astype("datetime64[Y]") == np.datetime64(str(year), "Y")
    night_h = table.night_h[of_year].sum(axis=0)
    return AlertHoursOfYear(year, tuple(oblasts), night_h, night_h + table.day_h[of_year].sum(axis=0))
