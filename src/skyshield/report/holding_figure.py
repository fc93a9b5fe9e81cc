"""A series of counts with its fitted level, the dates of changes and the alarms: ``monitor holding --out``."""

import datetime as dt
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import write_bytes
from skyshield.monitoring.holding.settings import settings
from skyshield.report.slide import Kind, picture
from skyshield.report.svg import BASELINE, INK, RULE, SKYSHIELD, WARNING, Figure, Numbers, Picture, Scale, scale_of
from skyshield.report.text import number

_HEIGHT, _ROWS, _LABEL = 280.0, 3, 17.0  # px: of the plot; lines of the dates of changes over it, each so many px
_TOP = _ROWS * _LABEL + 8.0
_FIRST, _LAST = 7.0, 97.0  # % of the width
_BAND, _BAR = 0.3, 0.45  # opacity
_NEAR = 9.5  # % of the width within which two dates would touch
_MOST_YEARS, _MONTHS = 3, 12
_STEEP, _APART = 20.0, 26.0  # peak over median from which the scale is of square roots; px between its ticks
_ROUND = [base * 10.0**power for power in range(-3, 10) for base in (1.0, 2.0, 5.0)]
_DAYS = {1: "day", 7: "week"}
KINDS: dict[str, Kind] = {".png": "png", ".svg": "svg"}


def kind_of(path: Path) -> Kind:
    """Return what to write by a file's name.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the name ends in neither ``.png`` nor ``.svg``.

    Examples
    --------
    >>> kind_of(Path("weeks.svg"))
    'svg'
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise SkyShieldError("--out", f"is {str(path)!r}", f"end the name in {' or '.join(KINDS)}")
    return kind


def write_holding(path: Path, content: dict[str, Any], windows: Sequence[dict[str, Any]], source: str) -> None:
    """Write the picture as PNG or SVG, whole or not at all.

    Parameters
    ----------
    path
        Whose ending says which.
    content
        What ``monitor holding --json`` prints.
    windows
        Of each window ``from``, ``to``, ``rate`` (counted per unit of exposure), ``level``, ``low`` and ``high``.
    source
        The line that says what was read.
    """
    write_bytes(path, picture(holding_figure(content, windows), source, kind_of(path)))


def holding_figure(content: dict[str, Any], windows: Sequence[dict[str, Any]]) -> Figure:
    """Draw counts as bars, the level as steps in its 95% interval, changes with their dates, alarms below."""
    drawn, across = Picture("figure-holding"), _Days(windows)
    up = _Upright(windows)
    y = up.at
    for tick in up.ticks():
        drawn.line((_FIRST, _LAST), (y(tick), y(tick)), INK if tick == 0.0 else RULE)
        drawn.text(_FIRST - 1.0, y(tick) + 4.0, f"{tick:,g}", "end", "quiet")
    for row in windows:
        x = (across.at(row["from"]), across.at(row["to"]))
        drawn.bar(x, (y(0.0) + y(row["rate"])) / 2, y(0.0) - y(row["rate"]), BASELINE, _BAR)
        drawn.bar(x, (y(row["low"]) + y(row["high"])) / 2, y(row["low"]) - y(row["high"]), SKYSHIELD, _BAND)
    for left, right in zip(windows, [*windows[1:], None], strict=True):
        x = (across.at(left["from"]), across.at(left["to"]))
        drawn.line(x, (y(left["level"]), y(left["level"])), SKYSHIELD, 2.0)
        if right is not None:
            drawn.line((x[1], x[1]), (y(left["level"]), y(right["level"])), SKYSHIELD, 2.0)
    _changes(drawn, content["changes"], across, y(0.0))
    _below(drawn, content, across, y(0.0))
    drawn.explain("counted", lambda key: key.bar((0.0, 8.0), 0.0, 8.0, BASELINE, _BAR))
    drawn.explain("level, with the 95% interval in which it lies", _level_example)
    drawn.explain("change with a probability of 0.95 or more; dashed: of half or more", _change_example)
    finding, per = _finding(content, windows), _per(content, windows)
    of = content["series"]
    measure = (f"{of['measure'].capitalize()} a {per}, {_date(of['from'])} to {_date(of['to'])}, {of['count']:,.0f} in "
               f"all{'; square-root scale' if up.steep else ''}")
    return drawn.finished(finding, measure, "; ".join(content["notes"]), description=finding, numbers=Numbers(
        ("from", "counted", "level", "low", "high"),
        tuple((row["from"], row["rate"], row["level"], row["low"], row["high"]) for row in windows)))


def _level_example(key: Picture) -> None:
    key.bar((0.0, 8.0), 0.0, 10.0, SKYSHIELD, _BAND)
    key.line((0.0, 8.0), (0.0, 0.0), SKYSHIELD, 2.0)


def _change_example(key: Picture) -> None:
    key.line((2.0, 2.0), (-6.0, 6.0), INK, 1.5)
    key.line((6.0, 6.0), (-6.0, 6.0), INK, 1.0, "4 3")


class _Upright:
    """Where a rate stands: by length, or by its square root where the peak would hide all the rest."""

    def __init__(self, windows: Sequence[dict[str, Any]]) -> None:
        levels = [row["level"] for row in windows]
        self.scale = scale_of([*levels, *(row["rate"] for row in windows), *(row["high"] for row in windows if
                                                                             row["high"] < 2 * max(levels))])
        self.steep = self.scale.high > _STEEP * statistics.median(levels)

    def at(self, rate: float) -> float:
        share = min(1.0, rate / self.scale.high)
        return _TOP + _HEIGHT * (1.0 - (math.sqrt(share) if self.steep else share))

    def ticks(self) -> list[float]:
        if not self.steep:
            return self.scale.ticks()
        ticks = [0.0]
        for tick in _ROUND:
            if tick <= self.scale.high and self.at(ticks[-1]) - self.at(tick) >= _APART:
                ticks.append(tick)
        return ticks


class _Days:
    """Where a day stands across."""

    def __init__(self, windows: Sequence[dict[str, Any]]) -> None:
        self.first, self.last = _moment(windows[0]["from"]), _moment(windows[-1]["to"])
        self.scale = Scale(0.0, (self.last - self.first).total_seconds(), _FIRST, _LAST)

    def at(self, day: str) -> float:
        return self.scale.at((_moment(day) - self.first).total_seconds())

    def ticks(self) -> list[tuple[str, str]]:
        """Return days to name, and how: years, or months where there are few of these."""
        years = range(self.first.year, self.last.year + 1)
        if len(years) > _MOST_YEARS:
            days = [dt.datetime(year, 1, 1) for year in years]
            return [(day.isoformat(), str(day.year)) for day in days if self.first <= day <= self.last]
        months = [dt.datetime(year, month, 1) for year in years for month in range(1, _MONTHS + 1)]
        inside = [day for day in months if self.first <= day <= self.last]
        step = -(-len(inside) // _MONTHS)
        return [(day.isoformat(), f"{day:%b %Y}") for day in inside[::step or 1]]


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _date(text: str) -> str:
    moment = _moment(text)
    return f"{moment.day} {moment:%b %Y}"


def _changes(drawn: Picture, changes: Sequence[dict[str, Any]], across: _Days, floor: float) -> None:
    """Draw a line at each change and, where there is room, its date over it, those of sure changes first."""
    taken: list[list[float]] = [[] for _ in range(_ROWS)]
    for change in sorted(changes, key=lambda one: (not _is_sure(one), one["date"])):
        x, sure = across.at(change["date"]), _is_sure(change)
        drawn.line((x, x), (_TOP - 4.0, floor), INK, 1.5 if sure else 1.0, "" if sure else "4 3")
        for row, others in enumerate(taken):
            if all(abs(x - other) >= _NEAR for other in others):
                drawn.text(x, _TOP - 8.0 - _LABEL * row, _date(change["date"]), "middle", "strong" if sure else "quiet")
                others.append(x)
                break


def _is_sure(change: dict[str, Any]) -> bool:
    return bool(change["p"] >= settings()["changes"]["sure"])


def _below(drawn: Picture, content: dict[str, Any], across: _Days, floor: float) -> None:
    """Draw years or months, the baseline, and a tick for each alarm."""
    for day, name in across.ticks():
        drawn.line((across.at(day), across.at(day)), (floor, floor + 5.0), INK)
        drawn.text(across.at(day), floor + 20.0, name, "middle", "quiet")
    base, row = content["baseline"], floor + 38.0
    drawn.bar((across.at(base["first"]), across.at(base["last"])), row, 4.0, BASELINE)
    drawn.text(across.at(base["first"]), row + 18.0, "baseline", kind="quiet")
    for alarm in content["alarms"]:
        x = across.at(alarm["date"])
        drawn.line((x, x), (row - 6.0, row + 6.0), WARNING, 2.0)
    if content["alarms"]:
        drawn.text(across.at(content["alarms"][0]["date"]), row + 18.0, "alarms against it", kind="quiet")
    drawn.height = row + 30.0


def _finding(content: dict[str, Any], windows: Sequence[dict[str, Any]]) -> str:
    now, sure = content["now"], [change for change in content["changes"] if _is_sure(change)]
    last = f"the last sure change was on {_date(sure[-1]['date'])}" if sure else "no change is sure"
    return (f"{number(now['rate'])} {content['series']['measure']} a {_per(content, windows)} at the end, "
            f"{number(now['over_baseline'])} times the baseline's; {last}")


def _per(content: dict[str, Any], windows: Sequence[dict[str, Any]]) -> str:
    """Return what a rate is of: hours of watchers, else days, weeks or windows."""
    unit = content["series"]["exposure_unit"]
    if unit != "1":
        return str(unit).replace("-", " ")
    days = {(_moment(row["to"]) - _moment(row["from"])).days for row in windows}
    return _DAYS.get(days.pop(), "window") if len(days) == 1 else "window"
