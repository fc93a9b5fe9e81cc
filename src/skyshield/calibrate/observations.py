"""What the fit reads of the record and the alerts: one element per operational day.

A day without any UAV bulletin, or with one that gives no number launched, is unknown, not quiet: `reported` is 0. Kills
in the south or the west count as 0 where a bulletin gives kills by area and does not name it, and as unknown (NaN)
where it is named without a number. Missiles launched on a day, and what got through or was stopped, are NaN where a
row of that day leaves its cell empty, or the losses to jamming of its UAVs are unknown.

Missiles of rows that mix cruise and ballistic types are split in the window's known proportion.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Days, Flags, Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.record import Alerts, Record, daily, nightly
from skyshield.record.clock import HOUR_S
from skyshield.record.coverage import covered_hours
from skyshield.record.names import CLASSES, reading
from skyshield.record.nights import part_of
from skyshield.record.reader import Tally


class Observations(NamedTuple):
    """Consecutive operational days, one element each."""

    date: Days
    reported: Flags  # 1 where UAV bulletins speak of the day and all give a number launched
    uav: Integers
    leakers: Floats  # launched, neither destroyed nor lost nor still in flight; NaN where unknown
    cruise: Floats  # NaN where unknown, as below
    cruise_stopped: Floats
    ballistic: Floats
    ballistic_stopped: Floats
    south_kills: Floats  # NaN where unknown
    west_kills: Floats
    west_named: Flags
    west_alert_h: Floats  # mean over those of the west's oblasts that have alerts, night and day; NaN without any
    centre_alert_h: Floats  # the same over the centre's oblasts
    exposure_h: Floats  # hours of the clock that UAV bulletins cover
    uav_day_part: Integers
    soft_lost: Integers  # lost to jamming, where the bulletin counts it separately
    soft_stopped: Integers  # destroyed or lost, there
    armed: Integers  # reported as armed, where the bulletin counts them
    armed_of: Integers  # launched, there
    start_h: Floats  # start of the night's first bulletin, hours after the midnight before the night; NaN if unknown
    by_place: Floats  # [day, launch area] UAVs, split evenly over the places a bulletin lists

    def last(self, days: int) -> "Observations":
        """Return the last days."""
        return self._replace(**{name: column[-days:] for name, column in self._asdict().items()})


def split_mixed(cruise: Integers, ballistic: Integers, mixed: Integers) -> tuple[Integers, Integers]:
    """Give missiles of unknown or mixed type to the two classes in the window's known proportion.

    The running total is rounded, not each night: many small nights keep the proportion too.

    Examples
    --------
    >>> [part.tolist() for part in split_mixed(np.array([3, 3]), np.array([1, 1]), np.array([0, 4]))]
    [[3, 6], [1, 2]]
    """
    known = cruise.sum() + ballistic.sum()
    share = cruise.sum() / known if known else 1 / 2
    so_far = np.rint(np.cumsum(mixed) * share).astype(np.int64)
    to_cruise: Integers = so_far - np.concatenate([[0], so_far[:-1]])
    return cruise + to_cruise, ballistic + mixed - to_cruise


def observe(record: Record, alerts: Alerts | None = None, until: dt.date | None = None,
            areas: Sequence[str] = ()) -> Observations:
    """Gather what the fit reads.

    Parameters
    ----------
    record
        What `read_record` returned.
    alerts
        What `read_alerts` returned.
    until
        The last operational day to look at; nothing later is read.
    areas
        Names of launch areas; a place belongs to the area whose name it begins with.

    Returns
    -------
    Observations

    Raises
    ------
    SkyShieldError
        If no row counts.
    """
    nights = nightly(record)
    if until is not None:
        inside = nights.date <= np.datetime64(until)
        nights = type(nights)(**{name: getattr(nights, name)[inside] for name in nights.__dataclass_fields__})
    days = daily(nights)
    if len(days.date) == 0:
        when = "" if until is None else f" up to {until}"
        raise SkyShieldError(record.path, f"holds no UAV or missile row that counts{when}",
                             "give a record with raids in it" + ("" if until is None else ", or a later day"))
    n = len(days.date)
    day_index = (nights.date - days.date[0]).astype(np.int64)

    def sum_by_day(values: Integers) -> Integers:
        total = np.zeros(n, np.int64)
        np.add.at(total, day_index, values)
        return total

    cruise, ballistic = split_mixed(days.cruise, days.ballistic, days.mixed)
    mixed_stopped = sum_by_day(nights.mixed_destroyed)
    cruise_stopped, ballistic_stopped = sum_by_day(nights.cruise_destroyed), sum_by_day(nights.ballistic_destroyed)
    to_cruise = np.minimum(mixed_stopped, cruise - cruise_stopped)
    cruise_stopped = cruise_stopped + to_cruise
    ballistic_stopped = ballistic_stopped + mixed_stopped - to_cruise
    leakers = sum_by_day(nights.uav_launched - nights.uav_destroyed - nights.uav_lost - nights.uav_still)

    def where_reported(what: str, values: Integers, *classes: str) -> Floats:
        silent = sum(sum_by_day((~getattr(nights, f"{name}_{what}_reported")).astype(np.int64)) for name in classes)
        return np.where(silent == 0, values, np.nan)

    by_row, uav = _row_columns(record, days.date), where_reported("launches", days.uav, CLASSES[0])
    start_h, by_place = _starts_and_places(record, days.date, tuple(areas))
    counts = {name: by_row[name].astype(np.int64) for name in ("soft_lost", "soft_stopped", "armed", "armed_of")}
    return Observations(
        date=days.date, reported=np.where(np.isnan(uav), 0, by_row["reported"]).astype(np.uint8), uav=days.uav,
        leakers=where_reported("stops", np.maximum(leakers, 0), CLASSES[0]),
        cruise=where_reported("launches", cruise, "cruise", "mixed"),
        cruise_stopped=where_reported("stops", np.minimum(cruise_stopped, cruise), "cruise", "mixed"),
        ballistic=where_reported("launches", ballistic, "ballistic", "mixed"),
        ballistic_stopped=where_reported("stops", np.minimum(ballistic_stopped, ballistic), "ballistic", "mixed"),
        south_kills=by_row["south"],
        west_kills=by_row["west"], west_named=by_row["west_named"].astype(np.uint8),
        west_alert_h=_alert_h(alerts, "west", days.date), centre_alert_h=_alert_h(alerts, "centre", days.date),
        exposure_h=days.exposure_h, uav_day_part=days.uav_day_part, soft_lost=counts["soft_lost"],
        soft_stopped=counts["soft_stopped"], armed=counts["armed"], armed_of=counts["armed_of"],
        start_h=start_h, by_place=by_place)


def _starts_and_places(record: Record, date: Days,
                       areas: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return the hour at which each night's first bulletin begins, and UAVs by launch area."""
    start_h, by_place = np.full(len(date), np.nan), np.zeros((len(date), len(areas)))
    for row in record.kept:
        d = int((np.datetime64(row.date) - date[0]).astype(int))
        if row.threat_class != CLASSES[0] or not 0 <= d < len(date):
            continue
        if not row.start_date_only and part_of(row.start, row.end) == "night":
            eve = dt.datetime.combine(row.date - dt.timedelta(days=1), dt.time())
            start_h[d] = np.fmin(start_h[d], (row.start - eve).total_seconds() / HOUR_S)
        listed = [k for k, area in enumerate(areas) if any(place.startswith(area) for place in row.launch_places)]
        if listed and row.launched:
            by_place[d, listed] += row.launched / len(listed)
    return start_h, by_place


def _row_columns(record: Record, date: Days) -> dict[str, Floats]:
    """Sum by day the quantities that are read row by row."""
    areas = reading()["kill_areas"]
    columns = {name: np.zeros(len(date)) for name in ("reported", "south", "west", "west_named", "soft_lost",
                                                      "soft_stopped", "armed", "armed_of")}
    by_area = np.zeros(len(date), bool)
    for row in record.kept:
        d = int((np.datetime64(row.date) - date[0]).astype(int))
        if row.threat_class != CLASSES[0] or not 0 <= d < len(date):
            continue
        columns["reported"][d] = 1.0
        by_area[d] |= bool(row.kills_by_area)
        for side in ("south", "west"):
            columns[side][d] += _side_kills(row.kills_by_area, side, areas[side])
        columns["west_named"][d] = max(columns["west_named"][d], _named(row.kills_by_area, "west", areas["west"]))
        if row.lost and row.destroyed is not None:
            columns["soft_lost"][d] += row.lost
            columns["soft_stopped"][d] += row.lost + row.destroyed
        if row.is_shahed and row.launched:
            columns["armed"][d] += min(row.is_shahed, row.launched)
            columns["armed_of"][d] += row.launched
    for side in ("south", "west"):
        columns[side][~by_area] = np.nan
    return columns


def _side_kills(kills: Tally, side: str, oblasts: list[str]) -> float:
    """Return the kills reported for a side of the country: under its own name, else under its oblasts'."""
    by_side = [count for name, count in kills if name == side]
    by_oblast = [count for name, count in kills if set(name.strip().split(" and ")) <= set(oblasts)]
    return float(sum(np.nan if count is None else count for count in by_side or by_oblast))


def _named(kills: Tally, side: str, oblasts: list[str]) -> bool:
    return any(name == side or set(name.strip().split(" and ")) & set(oblasts) for name, _ in kills)


def _alert_h(alerts: Alerts | None, side: str, date: Days) -> Floats:
    """Return mean hours under alert over those oblasts of a side that the file covers that day; NaN without any."""
    hours = np.full(len(date), np.nan)
    if alerts is None:
        return hours
    table = covered_hours(alerts, reading()["alert_oblasts"][side])
    at = (table.date - date[0]).astype(np.int64)
    inside = (at >= 0) & (at < len(date))
    hours[at[inside]] = table.mean_h[inside]
    return hours
