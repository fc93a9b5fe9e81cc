"""The series that forecasters use: one element per operational day, as it was known on the morning after.

A regional bulletin counts only if no national one covers the same hours. A national bulletin dated later may
still replace it, so the rule is applied to what was known each morning: a regional row stands unless a national row
dated no later than itself overlaps it. Forecasts are scored against the record as it stands now.

Missiles of rows that mix classes count in neither class here, since a split would depend on later rows.
"""

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from skyshield.calibrate.observations import Observations, observe
from skyshield.core.arrays import Booleans, Days, Floats, Integers
from skyshield.record import Alerts, Record, nightly
from skyshield.record.coverage import covered_hours
from skyshield.record.names import CLASSES
from skyshield.record.reader import REPEATS, Row

SOUTH_OBLASTS = ("Odeska oblast", "Mykolaivska oblast")  # those of the south whose alerts are not the front's


class Series(NamedTuple):
    """Consecutive operational days; counts are f8[day], NaN where not reported."""

    date: Days
    uav: Floats
    neutralised: Floats  # destroyed or lost
    leakers: Floats  # neither, nor still in flight
    cruise: Floats
    cruise_leaked: Floats
    ballistic: Floats
    ballistic_leaked: Floats
    hit_locations: Floats
    south_kills: Floats
    west_kills: Floats
    west_named: Floats  # 1 where the west is named, with or without a number
    west_alert_h: Floats
    centre_alert_h: Floats
    south_alert_h: Floats
    cruise_split: Floats  # with missiles of mixed rows, split as known so far
    ballistic_split: Floats

    def until(self, n_days: int) -> "Series":
        """Return the first days.

        Examples
        --------
        >>> days = np.arange(np.datetime64("2031-05-01"), np.datetime64("2031-05-04"))
        >>> Series(days, *[np.zeros(3)] * 16).until(2).date.astype(str).tolist()
        ['2031-05-01', '2031-05-02']
        """
        return Series(self.date[:n_days], *(column[:n_days] for column in self[1:]))


def series_of(record: Record, alerts: Alerts | None = None) -> Series:
    """Return the record by day.

    Parameters
    ----------
    record
        What `read_record` returned, or `as_first_known` of it.
    alerts
        What `read_alerts` returned; without them hours under alert are NaN.

    Raises
    ------
    SkyShieldError
        If no row counts.
    """
    observations = observe(record, alerts)
    nights = nightly(record)
    day_index = (nights.date - observations.date[0]).astype(np.int64)
    reported = observations.reported == 1

    def sum_by_day(values: Integers | Booleans) -> Floats:
        total = np.zeros(len(observations.date))
        np.add.at(total, day_index, values.astype(np.float64))
        return total

    def where_reported(values: npt.ArrayLike) -> Floats:
        return np.where(reported, np.asarray(values, float), np.nan)

    cruise, ballistic, mixed = (sum_by_day(getattr(nights, f"{kind}_launched")) for kind in CLASSES[1:])
    cruise_split, ballistic_split = _split_as_known(cruise, ballistic, mixed)
    neutralised = np.where(np.isfinite(observations.leakers),
                           np.minimum(sum_by_day(nights.uav_destroyed + nights.uav_lost), observations.uav), np.nan)
    not_reported = {(kind, what): sum_by_day(~getattr(nights, f"{kind}_{what}_reported")) > 0.0
                    for kind in CLASSES[1:] for what in ("launches", "stops")}

    def where_known(kind: str, what: str, values: Floats) -> Floats:
        return where_reported(np.where(not_reported[kind, what], np.nan, values))

    return Series(
        observations.date, where_reported(observations.uav), where_reported(neutralised),
        where_reported(np.minimum(observations.leakers, observations.uav)),
        where_known("cruise", "launches", cruise),
        where_known("cruise", "stops", np.maximum(cruise - sum_by_day(nights.cruise_destroyed), 0.0)),
        where_known("ballistic", "launches", ballistic),
        where_known("ballistic", "stops", np.maximum(ballistic - sum_by_day(nights.ballistic_destroyed), 0.0)),
        where_reported(_hit_locations(record, observations)), where_reported(observations.south_kills),
        where_reported(observations.west_kills), where_reported(observations.west_named), observations.west_alert_h,
        observations.centre_alert_h, _south_alert_h(alerts, observations.date),
        where_known("mixed", "launches", where_known("cruise", "launches", cruise_split)),
        where_known("mixed", "launches", where_known("ballistic", "launches", ballistic_split)))


def as_first_known(record: Record) -> Record:
    """Return the record with the rows that counted on the morning after their own day."""
    national = [row for row in record.rows if row.national and row.threat_class in CLASSES]
    start, end, date = _windows(national)
    rows = []
    for row in record.rows:
        if row.why_dropped == REPEATS and row.threat_class in CLASSES:
            meets = (start < np.datetime64(row.end, "s")) & (np.datetime64(row.start, "s") < end)
            if not (meets & (date <= np.datetime64(row.date))).any():
                rows.append(dataclasses.replace(row, kept=True, why_dropped=""))
                continue
        rows.append(row)
    return dataclasses.replace(record, rows=tuple(rows))


def _windows(rows: list[Row]) -> tuple[Days, Days, Days]:
    return (np.array([row.start for row in rows], "datetime64[s]"),
            np.array([row.end for row in rows], "datetime64[s]"), np.array([row.date for row in rows], "datetime64[D]"))


def _split_as_known(cruise: Floats, ballistic: Floats, mixed: Floats) -> tuple[Floats, Floats]:
    """Give missiles of mixed rows to the classes in the proportion known up to that day."""
    known = np.cumsum(cruise) + np.cumsum(ballistic)
    share = np.where(known > 0.0, np.cumsum(cruise) / np.maximum(known, 1.0), 1 / 2)
    to_cruise = np.rint(mixed * share)
    return cruise + to_cruise, ballistic + mixed - to_cruise


def _hit_locations(record: Record, observations: Observations) -> Floats:
    """Return the places hit that UAV bulletins report, by day; NaN where none does."""
    places = np.full(len(observations.date), np.nan)
    for row in record.kept:
        if row.threat_class == CLASSES[0] and row.hit_locations is not None:
            d = int((np.datetime64(row.date) - observations.date[0]).astype(int))
            places[d] = np.nan_to_num(places[d]) + row.hit_locations
    return places


def _south_alert_h(alerts: Alerts | None, date: Days) -> Floats:
    """Return mean hours under alert in the south, NaN without alerts or where the file has none of its oblasts."""
    hours = np.full(len(date), np.nan)
    if alerts is None:
        return hours
    table = covered_hours(alerts, SOUTH_OBLASTS)
    day_index = (table.date - date[0]).astype(np.int64)
    inside = (day_index >= 0) & (day_index < len(date))
    hours[day_index[inside]] = table.mean_h[inside]
    return hours

