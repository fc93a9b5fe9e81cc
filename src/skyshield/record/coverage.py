"""Which days and oblasts of a window a file of alerts covers.

The oblasts used are those whose alerts are reliable: the west, the centre and Kyiv (a fit reads the west
and the centre). An oblast is covered on a day that lies between the first and last alert of the file and within 30
days of an alert of that oblast: a longer silence is unknown rather than quiet. A day counts as covered
if at least half of the oblasts are, or, where that never happens, any. A countrywide alert shows that the file
speaks of an oblast, but its hours, which are no evidence of UAVs, do not count (`skyshield.record.countrywide`).
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
from skyshield.record.countrywide import countrywide_events
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
        Its days, and those that the file covers.
    missing_oblasts, n_oblasts
        Used oblasts that the file does not cover in the window: unknown, not quiet; and how many are used.
    unknown_regions
        Names that are no oblast's, with their alerts and the nearest oblast.
    n_alerts, n_of_parts
        Alerts read, and those of a raion or a hromada.
    share_by_parts_alone
        Of the hours under alert of the oblasts above in the window, those in which no alert of the whole oblast
        was on; None if there are no hours.
    n_dropped, n_dropped_here, n_unended
        Alerts over the limit, those of them in used oblasts, and alerts without an end: left out.
    n_countrywide, countrywide_h
        Countrywide alerts of the window, and how long they lasted together: left out of the hours.
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
    n_countrywide: int
    countrywide_h: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        content = asdict(self)
        if self.share_by_parts_alone is not None:
            content["share_by_parts_alone"] = float(f"{self.share_by_parts_alone:.6g}")
        content["countrywide_h"] = round(self.countrywide_h, 3)
        content["missing_oblasts"] = list(self.missing_oblasts)
        content["unknown_regions"] = [{"name": name, "alerts": n, "nearest": near}
                                      for name, n, near in self.unknown_regions]
        return content | {"sentences": [self.sentence(), *self.remarks()]}

    def sentence(self) -> str:
        """Return one sentence on how much of the window the file covers."""
        return (f"alerts cover {self.n_covered_days:,} of {self.n_window_days:,} days ({self.window_first} to "
                f"{self.window_last}); the file runs from {self.first} to {self.last}")

    def remarks(self) -> list[str]:
        """Return a sentence for each other thing that a reader of the hours must know."""
        sentences = []
        if self.missing_oblasts:
            sentences.append(
                f"in these days the file does not speak of {len(self.missing_oblasts)} of the {self.n_oblasts} "
                f"oblasts whose hours are used ({', '.join(self.missing_oblasts)}): unknown, not quiet; hours "
                "are means over the others")
        for name, n, near in self.unknown_regions[:_SHOWN]:
            hint = f"; the nearest is {near!r}" if near else ""
            sentences.append(f"{n:,} alerts name {one_line(name, 60)!r}, which is no oblast, and are not used{hint}")
        if len(self.unknown_regions) > _SHOWN:
            sentences.append(f"{len(self.unknown_regions) - _SHOWN} more names are no oblast's")
        if self.n_of_parts:
            share = "" if self.share_by_parts_alone is None else (
                f"; {self.share_by_parts_alone:.0%} of the hours used in these days are of parts alone")
            sentences.append(f"{self.n_of_parts:,} of {self.n_alerts:,} alerts are of a raion or a hromada: an oblast "
                             f"counts as under alert while any part of it is{share}")
        if self.n_dropped:
            sentences.append(f"{self.n_dropped:,} alerts over {reading()['limits']['alert_h']} h in the file are "
                             f"dropped, {self.n_dropped_here:,} of them in the oblasts used")
        if self.n_countrywide:
            sentences.append(f"{self.n_countrywide:,} countrywide alerts of these days (for aircraft that may carry a "
                             f"missile), {self.countrywide_h:,.0f} hours together, are left out of the hours of every "
                             "oblast: no evidence of UAVs")
        if self.n_unended:
            sentences.append(f"{self.n_unended:,} alerts have no end and are left out")
        return sentences


@dataclass(frozen=True)
class CoveredHours:
    """Hours under alert of some oblasts by operational day, where a file covers them.

    Attributes
    ----------
    date
        datetime64[D], shape (n,): from the first to the last alert of the file.
    oblasts
        Those of which the file has an alert, k of them.
    hours
        Night and day part together without countrywide alerts, NaN where the oblast is not covered, shape (n, k).
    mean_h
        Their mean over the oblasts covered, NaN where none is, shape (n,).
    """

    date: Days
    oblasts: tuple[str, ...]
    hours: Floats
    mean_h: Floats


def covered_hours(alerts: Alerts, oblasts: Sequence[str]) -> CoveredHours:
    """Return hours under alert where the file covers an oblast: within `alert_gap_days` of an alert of it.

    Examples
    --------
    >>> one = Alerts(np.array(["Lvivska oblast"]), np.array(["2031-05-01T18:00"], "datetime64[s]"),
    ...              np.array(["2031-05-01T20:00"], "datetime64[s]"), ())
    >>> covered_hours(one, ["Lvivska oblast", "Volynska oblast"]).mean_h.tolist()
    [2.0]
    """
    in_file = set(alerts.region.tolist())
    present = tuple(name for name in oblasts if name in in_file)
    table = night_alert_hours(alerts, present)
    all_h = table.night_h + table.day_h
    hours = _without_countrywide(alerts, present) if alerts.start.size else all_h
    gap = np.timedelta64(reading()["limits"]["alert_gap_days"], "D")
    for k in range(len(present)):
        days = table.date[all_h[:, k] > 0.0]
        after = days[np.minimum(np.searchsorted(days, table.date), len(days) - 1)] if len(days) else table.date
        before = days[np.maximum(np.searchsorted(days, table.date, "right") - 1, 0)] if len(days) else table.date
        within_gap = np.minimum(np.abs(after - table.date), np.abs(table.date - before)) <= gap
        hours[~within_gap, k] = np.nan
    known = np.isfinite(hours).sum(axis=1) if present else np.zeros(len(table.date), int)
    mean_h = np.where(known > 0, np.nansum(hours, axis=1) / np.maximum(known, 1), np.nan)
    return CoveredHours(table.date, present, hours, mean_h)


def _without_countrywide(alerts: Alerts, oblasts: Sequence[str], counted: Booleans | None = None) -> Floats:
    """Return hours of night and day part f8[day, oblast] of those alerts `counted` that are not countrywide."""
    kept = ~countrywide_events(alerts).belongs
    table = night_alert_hours(alerts, oblasts, kept if counted is None else kept & counted)
    return table.night_h + table.day_h


def reliable_oblasts() -> tuple[str, ...]:
    """Return the oblasts whose alert hours are reliable: the west, the centre and Kyiv, in the order of the table."""
    table = reading()
    return tuple(dict.fromkeys([*table["reliable_oblasts"], *table["alert_oblasts"]["west"],
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
        Whose hours are used; all whose hours are reliable if not given.

    Raises
    ------
    SkyShieldError
        Exit code 2, naming the file, if no used oblast is covered on any day of the window: the file would have no
        effect.
    """
    used_oblasts = reliable_oblasts() if oblasts is None else tuple(oblasts)
    unknown = Counter(name for name in alerts.region.tolist() if oblast_of(name) is None)
    unknown.update({name: n for name, n in alerts.dropped if oblast_of(name) is None})
    regions = tuple((name, n, nearest(name, (*used_oblasts, *reading()["oblasts"]), "oblast"))
                    for name, n in sorted(unknown.items()))
    hours = covered_hours(alerts, used_oblasts)
    if not hours.oblasts:
        raise _not_used(alerts, used_oblasts, regions)
    inside = (hours.date >= np.datetime64(first)) & (hours.date <= np.datetime64(last))
    is_covered = np.isfinite(hours.hours) & inside[:, None]
    if not is_covered.any():
        raise SkyShieldError(
            alerts.path, f"speaks of none of the days {first} to {last} (its alerts run from {hours.date[0]} to "
            f"{hours.date[-1]}) and would not be used", "give alerts of these days, or leave the file out")
    covered_oblasts = {name for name, days in zip(hours.oblasts, is_covered.T, strict=True) if days.any()}
    n_countrywide, countrywide_h = countrywide_events(alerts).in_days(np.datetime64(first), np.datetime64(last))
    n_covered, half = is_covered.sum(axis=1), len(used_oblasts) / 2
    covered_days = n_covered >= (half if n_covered.max() >= half else 1)
    return AlertCoverage(
        str(hours.date[0]), str(hours.date[-1]), first.isoformat(), last.isoformat(), (last - first).days + 1,
        int(covered_days.sum()), tuple(name for name in used_oblasts if name not in covered_oblasts),
        len(used_oblasts), regions,
        int(alerts.start.size), alerts.n_of_parts, _share_by_parts_alone(alerts, hours, inside), alerts.n_dropped,
        sum(n for name, n in alerts.dropped if name in used_oblasts), alerts.n_unended,
        n_countrywide, countrywide_h)


def _not_used(alerts: Alerts, used_oblasts: Sequence[str],
              regions: Sequence[tuple[str, int, str | None]]) -> SkyShieldError:
    """Return the error of a file that has no alert of a used oblast, and why."""
    all_reliable = set(used_oblasts) == set(reliable_oblasts())
    where = "of the west, the centre or Kyiv" if all_reliable else "whose hours are used"
    if any(name in used_oblasts for name, _ in alerts.dropped):
        limit_h = reading()["limits"]["alert_h"]
        return SkyShieldError(alerts.path, f"has only alerts over {limit_h} h in oblasts {where}, and would not be "
                              "used", "give alerts that end, or leave the file out")
    hint = next((f"{near!r} for {name!r}" for name, _, near in regions if near), None)
    return SkyShieldError(alerts.path, f"has no alert in an oblast {where}, and would not be used",
                          f"write {hint}" if hint else "name such oblasts, or leave the file out")


def _share_by_parts_alone(alerts: Alerts, hours: CoveredHours, inside: Booleans) -> float | None:
    if not alerts.n_of_parts:
        return None
    total_h = float(np.nansum(hours.hours[inside]))
    oblast_wide_h = _without_countrywide(alerts, hours.oblasts, alerts.oblast_wide)
    return 1.0 - float(oblast_wide_h[inside].sum()) / total_h if total_h > 0.0 else None
