"""Panels of lines over one axis: means with their intervals, levels to compare with, and where a line crosses zero."""

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from skyshield.report.svg import INK, RULE, WARNING, Figure, Numbers, Picture, Scale, scale_of
from skyshield.report.text import full

_PANEL, _HEAD, _FOOT = 150.0, 50.0, 26.0  # heights, px
_FIRST, _LAST = 14.0, 96.0  # % of the width, right of the numbers of the upright scale
_DECADE = 10.0


@dataclass(frozen=True)
class Line:
    """Values over the axis, None where there is none.

    Attributes
    ----------
    label
        In the key.
    colour, dash
        How it is drawn.
    x, y
        Places and values.
    low, high
        Ends of the interval at each place; empty if not known.
    mark
        ``dot`` or ``triangle`` at each place, or empty.
    """

    label: str
    colour: str
    x: Sequence[float]
    y: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    dash: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes
    ----------
    title, measure
        Above it: what it is of, in bold, and what is drawn.
    lines
        Over the axis.
    levels
        Label, value, colour and dash of lines across.
    crossing
        Where the first line crosses zero: the place and the ends of its interval.
    ticks
        Of the axis.
    logarithmic
        Whether the upright scale is.
    """

    title: str
    measure: str
    lines: Sequence[Line]
    levels: Sequence[tuple[str, float, str, str]] = ()
    crossing: tuple[float | None, float, float] | None = None
    ticks: Sequence[float] = ()
    logarithmic: bool = False
    extent: tuple[float, float] | None = field(default=None)


def panels(key: str, every: Sequence[Panel], axis: str, title: str, measure: str, texts: Sequence[str],
           note: str = "") -> Figure:
    """Draw panels below each other; `axis` is what the ticks count, `texts` are the description."""
    picture = Picture(key)
    _key(picture, every)
    for panel in every:
        _panel(picture, panel)
    picture.text((_FIRST + _LAST) / 2, picture.height, axis, "middle", "quiet")
    picture.height += 10.0
    return picture.finished(title, measure, note, "; ".join(texts), _numbers(every, axis))


def _numbers(every: Sequence[Panel], axis: str) -> Numbers:
    """Return the lines as a table."""
    rows: list[tuple[str | float | None, ...]] = []
    for panel in every:
        for line in panel.lines:
            ends = [[*of, *[None] * (len(line.x) - len(of))] for of in (line.low, line.high)]
            rows += [(panel.title, line.label, x, y, low, high)
                     for x, y, low, high in zip(line.x, line.y, *ends, strict=True)]
        rows += [(panel.title, label, None, value, None, None) for label, value, *_ in panel.levels]
    return Numbers(("", "line", axis, "value", "from", "to"), tuple(rows))


def _key(picture: Picture, every: Sequence[Panel]) -> None:
    lines = {line.label: line for panel in every for line in panel.lines}
    levels = {label: (colour, dash) for panel in every for label, _, colour, dash in panel.levels}
    for label, colour, dash, mark in [*((line.label, line.colour, line.dash, line.mark) for line in lines.values()),
                                      *((label, *style, "") for label, style in levels.items())]:
        picture.explain(label, functools.partial(_example, colour=colour, dash=dash, mark=mark))


def _example(key: Picture, colour: str, dash: str, mark: str) -> None:
    key.line((0.0, 8.0), (0.0, 0.0), colour, 2.0, dash)
    if mark:
        (key.dot if mark == "dot" else key.triangle)(4.0, 0.0, colour)


def _panel(picture: Picture, panel: Panel) -> None:
    picture.text(0.0, picture.height + 14.0, panel.title, kind="strong")
    picture.text(0.0, picture.height + 32.0, panel.measure, kind="quiet")
    top = picture.height + _HEAD
    bottom = top + _PANEL
    across = Scale(min(panel.ticks), max(panel.ticks), _FIRST, _LAST)
    values = [v for line in panel.lines for row in (line.y, line.low, line.high) for v in row]
    values += [value for _, value, *_ in panel.levels]
    upright = _upright(panel, values, top, bottom)
    for tick, at in upright.ticks:
        picture.line((_FIRST, _LAST), (at, at), INK if tick == 0.0 else RULE)
        picture.text(_FIRST - 1.5, at + 5.0, full(round(tick, 9)), "end", "quiet")
    for _, value, colour, dash in panel.levels:
        picture.line((_FIRST, _LAST), (upright.at(value),) * 2, colour, 1.5, dash)
    if panel.crossing is not None:
        where, low, high = panel.crossing
        if where is not None:
            picture.line((across.at(where),) * 2, (top, bottom), WARNING, 1.5, "4 3")
        if low < high:
            picture.bar((across.at(low), across.at(high)), upright.at(0.0), 5.0, WARNING)
    for line in panel.lines:
        _draw(picture, line, across, upright)
    for tick in panel.ticks:
        picture.text(across.at(tick), bottom + 18.0, full(tick), "middle", "quiet")
    picture.height = bottom + _FOOT + 8.0


@dataclass(frozen=True)
class _Upright:
    """The scale of a panel, from the bottom up."""

    low: float
    high: float
    top: float
    bottom: float
    logarithmic: bool
    ticks: tuple[tuple[float, float], ...] = ()

    def at(self, value: float) -> float:
        """Return a value's place, px; one beyond an end stands at it."""
        if self.logarithmic:
            low, high, value = (math.log10(max(v, 1e-12)) for v in (self.low, self.high, value))
        else:
            low, high = self.low, self.high
        share = min(1.0, max(0.0, (value - low) / ((high - low) or 1.0)))
        return round(self.bottom - share * (self.bottom - self.top), 1)


def _upright(panel: Panel, values: Sequence[float | None], top: float, bottom: float) -> _Upright:
    if panel.logarithmic and panel.extent is not None:
        low, high = panel.extent
        found = [_DECADE**k for k in range(round(math.log10(low)), round(math.log10(high)) + 1)]
    else:
        scale = scale_of(values)
        low, high = scale.low, scale.high
        found = scale.ticks(4)
    bare = _Upright(low, high, top, bottom, panel.logarithmic)
    return _Upright(low, high, top, bottom, panel.logarithmic, tuple((tick, bare.at(tick)) for tick in found))


def _draw(picture: Picture, line: Line, across: Scale, upright: _Upright) -> None:
    thin = len(line.x) > 8
    half = (across.at(line.x[1]) - across.at(line.x[0])) / 2 if thin else 0.0
    for x, low, high in zip(line.x, line.low, line.high, strict=False):
        if low is None:
            continue
        ends = (upright.at(low), upright.top if high is None else upright.at(high))
        if thin:
            left, right = max(_FIRST, across.at(x) - half), min(_LAST, across.at(x) + half)
            picture.bar((left, right), (ends[0] + ends[1]) / 2, ends[0] - ends[1], line.colour, 0.15)
        else:
            picture.line((across.at(x),) * 2, ends, line.colour, 7.0, opacity=0.4)
    known = [(across.at(x), upright.at(y), y) for x, y in zip(line.x, line.y, strict=True) if y is not None]
    for (x, y, _), (next_x, next_y, _) in itertools.pairwise(known):
        picture.line((x, next_x), (y, next_y), line.colour, 2.0, line.dash)
    for x, y, _ in known if line.mark else ():
        (picture.dot if line.mark == "dot" else picture.triangle)(x, y, line.colour)


