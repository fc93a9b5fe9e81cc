"""How far a file of alerts speaks of the days and oblasts that a record is read with.

The oblasts that matter are those whose alerts are sound: the west, the centre and Kyiv. A day counts as
covered if it lies between the first and the last alert of the file; a gap in between cannot be told from
quiet days.
"""

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from skyshield.core.errors import SkyShieldError
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
        Its days, and those between the file's first and last.
    missing_oblasts
        Oblasts of the west, the centre and Kyiv of which the file has no alert: unknown, not quiet.
    unknown_regions
        Names that are no oblast's, with their alerts and the nearest oblast.
    n_alerts, n_of_parts
        Alerts read, and those of a raion or a hromada.
    share_by_parts_alone
        Of the hours under alert of the oblasts above in the window, those in which no alert of the whole oblast
        was on; None if there are no hours.
    n_dropped, n_unended
        Alerts over the limit, and without an end: left out.
    """

    first: str
    last: str
    window_first: str
    window_last: str
    n_window_days: int
    n_covered_days: int
    missing_oblasts: tuple[str, ...]
    unknown_regions: tuple[tuple[str, int, str | None], ...]
    n_alerts: int
    n_of_parts: int
    share_by_parts_alone: float | None
    n_dropped: int
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
            n_sound = len(sound_oblasts())
            said.append(f"the file has no alert in {len(self.missing_oblasts)} of {n_sound} western and central "
                        f"oblasts ({', '.join(self.missing_oblasts)}), which are unknown and not quiet: hours are "
                        "means over the others")
        for name, n, near in self.unknown_regions[:_SHOWN]:
            hint = f"; the nearest is {near!r}" if near else ""
            said.append(f"{n:,} alerts name {name!r}, which is no oblast, and are not used{hint}")
        if len(self.unknown_regions) > _SHOWN:
            said.append(f"{len(self.unknown_regions) - _SHOWN} more names are no oblast's")
        if self.n_of_parts:
            share = "" if self.share_by_parts_alone is None else (
                f"; {self.share_by_parts_alone:.0%} of the west's and centre's hours in these days are of parts alone")
            said.append(f"{self.n_of_parts:,} of {self.n_alerts:,} alerts are of a raion or a hromada: an oblast "
                        f"counts as under alert while any part of it is{share}")
        if self.n_unended:
            said.append(f"{self.n_unended:,} alerts have no end and are left out")
        return said


def sound_oblasts() -> tuple[str, ...]:
    """Return the oblasts whose alert hours are used: the west, the centre and Kyiv, in the order of the table."""
    table = reading()
    return tuple(dict.fromkeys([*table["sound_oblasts"], *table["alert_oblasts"]["west"],
                                *table["alert_oblasts"]["centre"]]))


def alert_coverage(alerts: Alerts, first: dt.date, last: dt.date) -> AlertCoverage:
    """Return what a file of alerts covers of the operational days from `first` to `last`.

    Raises
    ------
    SkyShieldError
        Exit code 2, naming the file, if no day of the window lies between its first and last alert, or no alert
        is of an oblast in the west, the centre or Kyiv: the file would be passed and not used.
    """
    present = set(alerts.region.tolist())
    sound = sound_oblasts()
    usable = [name for name in sound if name in present]
    unknown = Counter(name for name in alerts.region.tolist() if oblast_of(name) is None)
    unknown.update({name: n for name, n in alerts.dropped if oblast_of(name) is None})
    regions = tuple((name, n, nearest(name, sound)) for name, n in sorted(unknown.items()))
    if not usable:
        hint = next((f"{near!r} for {name!r}" for name, _, near in regions if near), None)
        raise SkyShieldError(alerts.path, "has no alert in the west, the centre or Kyiv and would not be used",
                             f"write {hint}" if hint else "name the oblasts, or leave the file out")
    hours = night_alert_hours(alerts, usable)
    inside = (hours.date >= np.datetime64(first)) & (hours.date <= np.datetime64(last))
    if not inside.any():
        raise SkyShieldError(
            alerts.path, f"speaks of none of the days {first} to {last} (its alerts run from {hours.date[0]} to "
            f"{hours.date[-1]}) and would not be used", "give alerts of these days, or leave the file out")
    return AlertCoverage(
        str(hours.date[0]), str(hours.date[-1]), first.isoformat(), last.isoformat(), (last - first).days + 1,
        int(inside.sum()), tuple(name for name in sound if name not in present), regions, int(alerts.start.size),
        alerts.n_of_parts, _share_by_parts_alone(alerts, usable, first, last), alerts.n_dropped, alerts.n_unended)


def _share_by_parts_alone(alerts: Alerts, oblasts: list[str], first: dt.date, last: dt.date) -> float | None:
    if not alerts.n_of_parts:
        return None

    def total_h(heard: Alerts) -> float:
        names = [name for name in oblasts if name in set(heard.region.tolist())]
        hours = night_alert_hours(heard, names)
        inside = (hours.date >= np.datetime64(first)) & (hours.date <= np.datetime64(last))
        return float((hours.night_h + hours.day_h)[inside].sum())

    every_h = total_h(alerts)
    return 1.0 - total_h(alerts.of_whole_oblasts()) / every_h if every_h > 0.0 else None
