"""How far a file of alerts speaks of the days and oblasts that a record is read with.

The oblasts that matter are those whose alerts are sound: the west, the centre and Kyiv (a fit reads the west
and the centre). Of an oblast, the file speaks on a day that lies between its first and last alert and within 30
days of an alert of that oblast: a longer silence is not heard of, rather than quiet. A day counts as covered
if the file speaks of at least half of the oblasts, or, where it never does, of any.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Days, Floats
from skyshield.core.errors import SkyShieldError, one_line
from skyshield.record.alerts import Alerts, night_alert_hours
from skyshield.record.names import nearest, oblast_of, reading

_SHOWN = 5


@dataclass(frozen=True)
class AlertCoverage:
    """What a file of alerts covers of a window of operational days.

    Attributes
    ----------
    first, last
        Operational days of the file's first and last alert, ISO dates.
    window_first, window_last
        The window.
    n_window_days, n_covered_days
        Its days, and those of which the file speaks.
    missing_oblasts, n_oblasts
        Used oblasts of which the file does not speak in the window: unknown, not quiet; and how many are used.
    unknown_regions
        Names that are no oblast's, with their alerts and the nearest oblast.
    n_alerts, n_of_parts
        Alerts read, and those of a raion or a hromada.
    share_by_parts_alone
        Of the hours under alert of the oblasts above in the window, those in which no alert of the whole oblast
        was on; None if there are no hours.
    n_dropped, n_dropped_here, n_unended
        Alerts over the limit, those of them in used oblasts, and alerts without an end: left out.
    """

    first: str
    last: str
    window_first: str
    window_last: str
    n_window_days: int
    n_covered_days: int
    missing_oblasts: tuple[str, ...]
    n_oblasts: int
    unknown_regions: tuple[tuple[str, int, str | None], ...]
    n_alerts: int
    n_of_parts: int
    share_by_parts_alone: float | None
    n_dropped: int
    n_dropped_here: int
    n_unended: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        content = asdict(self)
        if self.share_by_parts_alone is not None:
            content["share_by_parts_alone"] = float(f"{self.share_by_parts_alone:.6g}")
        content["missing_oblasts"] = list(self.missing_oblasts)
        content["unknown_regions"] = [{"name": name, "alerts": n, "nearest": near}
                                      for name, n, near in self.unknown_regions]
        return content | {"sentences": [self.sentence(), *self.remarks()]}

    def sentence(self) -> str:
        """Say in one sentence how much of the window the file covers."""
        return (f"alerts cover {self.n_covered_days:,} of {self.n_window_days:,} days ({self.window_first} to "
                f"{self.window_last}); the file runs from {self.first} to {self.last}")

    def remarks(self) -> list[str]:
        """Say what else a reader of the hours must know, a sentence each; nothing if there is nothing."""
        said = []
        if self.missing_oblasts:
            said.append(f"in these days the file does not speak of {len(self.missing_oblasts)} of the {self.n_oblasts} "
                        f"oblasts whose hours are used ({', '.join(self.missing_oblasts)}): unknown, not quiet; hours "
                        "are means over the others")
        for name, n, near in self.unknown_regions[:_SHOWN]:
            hint = f"; the nearest is {near!r}" if near else ""
            said.append(f"{n:,} alerts name {one_line(name, 60)!r}, which is no oblast, and are not used{hint}")
        if len(self.unknown_regions) > _SHOWN:
            said.append(f"{len(self.unknown_regions) - _SHOWN} more names are no oblast's")
        if self.n_of_parts:
            share = "" if self.share_by_parts_alone is None else (
                f"; {self.share_by_parts_alone:.0%} of the hours used in these days are of parts alone")
            said.append(f"{self.n_of_parts:,} of {self.n_alerts:,} alerts are of a raion or a hromada: an oblast "
                        f"counts as under alert while any part of it is{share}")
        if self.n_dropped:
            said.append(f"{self.n_dropped:,} alerts over {reading()['limits']['alert_h']} h in the file are dropped, "
                        f"{self.n_dropped_here:,} of them in the oblasts used")
        if self.n_unended:
            said.append(f"{self.n_unended:,} alerts have no end and are left out")
        return said


@dataclass(frozen=True)
class HeardHours:
    """Hours under alert of some oblasts by operational day, where a file speaks of them.

    Attributes
    ----------
    date
        datetime64[D], shape (n,): from the first to the last alert of the file.
    oblasts
        Those of which the file has an alert, k of them.
    hours
        Night and day part together, NaN where the oblast is not heard of, shape (n, k).
    mean_h
        Their mean over the oblasts heard of, NaN where none is, shape (n,).
    """

    date: Days
    oblasts: tuple[str, ...]
    hours: Floats
    mean_h: Floats


def heard_hours(alerts: Alerts, oblasts: Sequence[str]) -> HeardHours:
    """Return hours under alert where the file speaks of an oblast: within `alert_gap_days` of an alert of it.

    Examples
    --------
    >>> one = Alerts(np.array(["Lvivska oblast"]), np.array(["2031-05-01T18:00"], "datetime64[s]"),
    ...              np.array(["2031-05-01T20:00"], "datetime64[s]"), ())
    >>> heard_hours(one, ["Lvivska oblast", "Volynska oblast"]).mean_h.tolist()
    [2.0]
    """
    present = set(alerts.region.tolist())
    used = tuple(name for name in oblasts if name in present)
    table = night_alert_hours(alerts, used)
    hours = table.night_h + table.day_h
    gap = np.timedelta64(reading()["limits"]["alert_gap_days"], "D")
    for k in range(len(used)):
        days = table.date[hours[:, k] > 0.0]
        after = days[np.minimum(np.searchsorted(days, table.date), len(days) - 1)] if len(days) else table.date
        before = days[np.maximum(np.searchsorted(days, table.date, "right") - 1, 0)] if len(days) else table.date
        near = np.minimum(np.abs(after - table.date), np.abs(table.date - before)) <= gap
        hours[~near, k] = np.nan
    known = np.isfinite(hours).sum(axis=1) if used else np.zeros(len(table.date), int)
    mean_h = np.where(known > 0, np.nansum(hours, axis=1) / np.maximum(known, 1), np.nan)
    return HeardHours(table.date, used, hours, mean_h)


def record_oblasts() -> tuple[str, ...]:
    """Return the oblasts whose alert hours are sound: the west, the centre and Kyiv, in the order of the table."""
    table = reading()
    return tuple(dict.fromkeys([*table["sound_oblasts"], *table["alert_oblasts"]["west"],
                                *table["alert_oblasts"]["centre"]]))


def fitted_oblasts() -> tuple[str, ...]:
    """Return the oblasts whose alert hours a fit reads: the west and the centre."""
    sides = reading()["alert_oblasts"]
    return (*sides["west"], *sides["centre"])


def alert_coverage(alerts: Alerts, first: dt.date, last: dt.date,
                   oblasts: Sequence[str] | None = None) -> AlertCoverage:
    """Return what a file of alerts covers of the operational days from `first` to `last`.

    Parameters
    ----------
    alerts
        What `read_alerts` returned.
    first, last
        The window.
    oblasts
        Whose hours are used; all whose hours are sound if not given.

    Raises
    ------
    SkyShieldError
        Exit code 2, naming the file, if no used oblast is heard of on any day of the window: the file would be
        passed and not used.
    """
    wanted = record_oblasts() if oblasts is None else tuple(oblasts)
    unknown = Counter(name for name in alerts.region.tolist() if oblast_of(name) is None)
    unknown.update({name: n for name, n in alerts.dropped if oblast_of(name) is None})
    regions = tuple((name, n, nearest(name, (*wanted, *reading()["oblasts"]), "oblast"))
                    for name, n in sorted(unknown.items()))
    heard = heard_hours(alerts, wanted)
    if not heard.oblasts:
        raise _not_used(alerts, wanted, regions)
    inside = (heard.date >= np.datetime64(first)) & (heard.date <= np.datetime64(last))
    spoken_of = np.isfinite(heard.hours) & inside[:, None]
    if not spoken_of.any():
        raise SkyShieldError(
            alerts.path, f"speaks of none of the days {first} to {last} (its alerts run from {heard.date[0]} to "
            f"{heard.date[-1]}) and would not be used", "give alerts of these days, or leave the file out")
    here = {name for name, days in zip(heard.oblasts, spoken_of.T, strict=True) if days.any()}
    spoken = spoken_of.sum(axis=1)
    covered = spoken >= (len(wanted) / 2 if spoken.max() >= len(wanted) / 2 else 1)
    return AlertCoverage(
        str(heard.date[0]), str(heard.date[-1]), first.isoformat(), last.isoformat(), (last - first).days + 1,
        int(covered.sum()), tuple(name for name in wanted if name not in here), len(wanted), regions,
        int(alerts.start.size), alerts.n_of_parts, _share_by_parts_alone(alerts, heard, inside), alerts.n_dropped,
        sum(n for name, n in alerts.dropped if name in wanted), alerts.n_unended)


def _not_used(alerts: Alerts, wanted: Sequence[str],
              regions: Sequence[tuple[str, int, str | None]]) -> SkyShieldError:
    """Return the error of a file that has no alert of a used oblast, and why."""
    where = "of the west, the centre or Kyiv" if set(wanted) == set(record_oblasts()) else "whose hours are used"
    if any(name in wanted for name, _ in alerts.dropped):
        limit_h = reading()["limits"]["alert_h"]
        return SkyShieldError(alerts.path, f"has only alerts over {limit_h} h in oblasts {where}, and would not be "
                              "used", "give alerts that end, or leave the file out")
    hint = next((f"{near!r} for {name!r}" for name, _, near in regions if near), None)
    return SkyShieldError(alerts.path, f"has no alert in an oblast {where}, and would not be used",
                          f"write {hint}" if hint else "name such oblasts, or leave the file out")


def _share_by_parts_alone(alerts: Alerts, heard: HeardHours, inside: Booleans) -> float | None:
    if not alerts.n_of_parts:
        return None
    every_h = float(np.nansum(heard.hours[inside]))
    whole = heard_hours(alerts.of_whole_oblasts(), heard.oblasts)
    days = (whole.date >= heard.date[inside][0]) & (whole.date <= heard.date[inside][-1])
    return 1.0 - float(np.nansum(whole.hours[days])) / every_h if every_h > 0.0 else None
