"""The charts of the brief: what options keep from its aim, and what would have to be true for another to lead."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from skyshield.report.brief.document import Chart
from skyshield.report.brief.language import N_
from skyshield.report.brief.sketch import Sketch, role_sign
from skyshield.report.brief.told import ROLES, Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, joined
from skyshield.report.rows import Row, draw_row, scale_of_rows
from skyshield.report.svg import BASELINE, INK, QUIET, Picture, Scale
from skyshield.study.compare import COVERAGE, UNIFORM
from skyshield.study.told import Summary

_ROW, _NAME, _GAP = 19.0, 17.0, 9.0  # heights, px
_FIRST, _LAST = 30.0, 79.0  # % of a sheet's width between which marks stand
_LOGARITHM = "log_"
_STRENGTHS = (0.85, 0.35)  # of the colours of the first and the second option, which greyscale keeps apart
_BASE = 4.0  # px from the middle of a row to the foot of its letters


@dataclass(frozen=True)
class Line:
    """A row of a chart of intervals.

    Attributes
    ----------
    name
        What it is.
    role
        The colour of its role.
    summary
        Its figures.
    source
        Where they come from.
    rivals
        The mean under each model of where Ukraine stops threats.
    """

    name: Traced
    role: str
    summary: Summary
    source: Source
    rivals: Mapping[str, float | None]


def interval_chart(told: Told, key: str, lines: Sequence[Line], title: Said, measure: Said,
                   note: Said = EMPTY) -> Chart:
    """Draw a row an option: its sign, its name, every kind of doubt that is known, and its number."""
    wide, narrow = (Sketch(key, told.language, one) for one in (True, False))
    for sketch in (wide, narrow):
        _intervals(told, sketch, lines)
    drawn, slim = wide.rows(), narrow.rows()
    described = joined([told.say(N_("{name}: {value}"), name=line.name, value=_value(told, line)) for line in lines],
                       "; ")
    return Chart(key, title, measure, drawn, slim, (*wide.said, *narrow.said), described, note)


def _value(told: Told, line: Line) -> Said:
    return told.language.with_doubt(line.summary, line.source)


def _intervals(told: Told, sketch: Sketch, lines: Sequence[Line]) -> None:
    shown = told.shown
    rows = [Row(line.name.text, shown[line.role], line.summary, rivals=line.rivals) for line in lines]
    scale, beyond = scale_of_rows(rows)
    if sketch.wide:
        scale = replace(scale, first=_FIRST, last=_LAST)
    picture, bands = sketch.picture, []
    for line, row in zip(lines, rows, strict=True):
        head, doubt = told.language.figure(line.summary, line.source), told.language.doubt(line.summary, line.source)
        after = EMPTY if not doubt or doubt.text == head.text else told.say(N_("({interval})"), interval=doubt)
        top = picture.height
        y = top + (_ROW / 2.0 if sketch.wide else _NAME + _ROW / 2.0)
        words = (top + _ROW / 2.0 if sketch.wide else top + _NAME / 2.0) + _BASE
        sketch.sign(1.0, words - _BASE, line.role, row.colour)
        sketch.write(0.0, words, line.name, aside=14.0)
        sketch.write(100.0, words, head, "end", "strong", after)
        bands.append((y - _ROW / 2.0, y + _ROW / 2.0))
        draw_row(picture, y, row, scale)
        picture.height = y + _ROW / 2.0 + (0.0 if sketch.wide else _GAP)
    sketch.axis(scale, bands)
    _roles(told, sketch, lines, shown)
    _grammar(told, sketch, rows, beyond)


def _roles(told: Told, sketch: Sketch, lines: Sequence[Line], shown: Mapping[str, str]) -> None:
    """Enter the signs of roles in the key."""
    def drawn(role: str) -> Callable[[Picture], None]:
        return lambda key: role_sign(key, 5.0, 0.0, role, shown[role])

    for role in dict.fromkeys(line.role for line in lines):
        sketch.explain(told.say(ROLES[role]), drawn(role))


def _grammar(told: Told, sketch: Sketch, rows: Sequence[Row], beyond: bool) -> None:
    """Enter the marks of doubt that are drawn in the key."""
    def has(low: str, high: str) -> bool:
        return any((pair := row.pair(low, high)) is not None and pair[0] < pair[1] for row in rows)

    if has("lo", "hi"):
        sketch.explain(told.say(N_("{level} of the expected outcome"), level=told.level),
                       lambda key: key.bar((2.5, 7.5), 0.0, 8.0, QUIET, 0.55))
    if has("spread_lo", "spread_hi"):
        sketch.explain(told.say(N_("{level} of single periods"), level=told.level),
                       lambda key: key.line((2.5, 7.5), (0.0, 0.0), QUIET))
    if has("env_lo", "env_hi"):
        def envelope(key: Picture) -> None:
            key.bracket(2.5, 0.0, INK, opens=True)
            key.bracket(7.5, 0.0, INK, opens=False)

        words = N_("range over the unknown, wider at the edge") if beyond else N_(
            "range over the unknown")
        sketch.explain(told.say(words), envelope)
    if any(len([v for v in row.rivals.values() if v is not None]) > 1 for row in rows):
        sketch.explain(told.say(N_("if Ukraine stops along the way")),
                       lambda key: key.triangle(5.0, 0.0, INK))
        sketch.explain(told.say(N_("if near aims")), lambda key: key.square(5.0, 0.0, INK))


RIVALS: Mapping[str, str] = {UNIFORM: N_("if Ukraine stops threats along the way"),
                             COVERAGE: N_("if near their aims")}


@dataclass(frozen=True)
class Turn:
    """A number that nobody knows, and who of two options leads along it.

    Attributes
    ----------
    name
        What it is.
    lever
        Its ends, its reference, where the lead changes, and who leads at its low end.
    key
        Of the catalogue.
    source
        Of the thresholds.
    """

    name: Said
    lever: Mapping[str, Any]
    key: str
    source: Source

    def shown(self, told: Told, value: float, source: Source) -> Traced:
        """Return a value of the number; a logarithm is shown as what it is the logarithm of."""
        return told.language.number(math.exp(value) if self.key.startswith(_LOGARITHM) else value, source)


def turning_chart(told: Told, key: str, turns: Sequence[Turn], pair: tuple[str, str], title: Said,
                  measure: Said) -> Chart:
    """Draw for each number its range, in the colour of which of two options leads there, and where the lead changes."""
    wide, narrow = (Sketch(key, told.language, one) for one in (True, False))
    for sketch in (wide, narrow):
        _turns(told, sketch, turns, pair)
    drawn, slim = wide.rows(), narrow.rows()
    described = joined([told.say(N_("{name}: {value}"), name=turn.name, value=_where(told, turn)) for turn in turns],
                       "; ")
    return Chart(key, title, measure, drawn, slim, (*wide.said, *narrow.said), described)


def _where(told: Told, turn: Turn) -> Said:
    """Say where the lead changes."""
    places = [turn.shown(told, value, turn.source) for value in turn.lever["thresholds"]]
    return told.language.listing(places) if places else told.say(N_("never"))


def _turns(told: Told, sketch: Sketch, turns: Sequence[Turn], pair: tuple[str, str]) -> None:
    picture, colours = sketch.picture, [told.shown[told.reading.colours[name]] for name in pair]
    styles = list(zip(colours, _STRENGTHS, strict=True))
    left, right = (49.0, 85.0) if sketch.wide else (14.0, 80.0)
    for turn in turns:
        lever, top = turn.lever, picture.height
        y = top + (_ROW / 2.0 if sketch.wide else _NAME + _ROW / 2.0)
        low, high = (lever["points"][k][0] for k in (0, -1))
        scale = Scale(low, high, left, right)
        sketch.write(0.0, (top + _ROW / 2.0 if sketch.wide else top + _NAME / 2.0) + _BASE, turn.name)
        sketch.write(left - 1.5, y + _BASE, turn.shown(told, low, Source("catalogue", turn.key, figure="low")),
                     "end", "quiet")
        sketch.write(right + 1.5, y + _BASE, turn.shown(told, high, Source("catalogue", turn.key, figure="high")),
                     "start", "quiet")
        leads = bool(lever["leads_low"])
        for start, end in itertools.pairwise([low, *lever["thresholds"], high]):
            colour, opacity = styles[0 if leads else 1]
            picture.bar((scale.at(start), scale.at(end)), y, 9.0, colour, opacity)
            leads = not leads
        for value in lever["thresholds"]:
            picture.line((scale.at(value),) * 2, (y - 8.0, y + 8.0), INK, 2.0)
        picture.dot(scale.at(lever["reference"]), y, INK, 4.0)
        found = _where(told, turn)
        sketch.write(100.0, y + _BASE, found, "end", "strong" if lever["thresholds"] else "quiet")
        picture.height = y + _ROW / 2.0 + (0.0 if sketch.wide else _GAP)
    picture.height += 6.0
    for name, (colour, opacity) in zip(pair, styles, strict=True):
        sketch.explain(told.say(N_("{option} leads"), option=told.short(name)), _swatch(colour, opacity))
    sketch.explain(told.say(N_("the lead changes here")), lambda key: key.line((5.0, 5.0), (-7.0, 7.0), INK, 2.0))
    sketch.explain(told.say(N_("as in the headline")), lambda key: key.dot(5.0, 0.0, INK, 4.0))


def _swatch(colour: str, opacity: float) -> Callable[[Picture], None]:
    return lambda key: key.bar((2.5, 7.5), 0.0, 9.0, colour, opacity)


def lines_of(told: Told, options: Sequence[str], measure: str) -> list[Line]:
    """Return the rows of some options."""
    rivals = told.reading.view.rivals
    return [Line(told.short(name, quoted=False), told.reading.colours.get(name, BASELINE), told.rows[name][measure],
                 told.source(name, measure),
                 {model: row["delta"] for model, row in rivals.get(name, {}).get("by_rival", {}).items()})
            for name in options]


