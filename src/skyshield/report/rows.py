"""Pictures with a row an option, a cause or a clause: intervals, bars, moves to both ends, shares of a whole.

Doubt has one grammar in all of them: a dot is the mean, the thick bar 95% of the expected outcome, the thin line one
period's spread, open brackets the envelope of what nobody knows, triangle and square the two models of where Ukraine
stops threats. The name of a row stands above its marks and its number beside the name, so that nothing overlaps.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skyshield.report.svg import BASELINE, INK, QUIET, RULE, Figure, Numbers, Picture, Scale, scale_of
from skyshield.report.text import NOISE, NOTHING, full, interval, number
from skyshield.study.compare import COVERAGE, UNIFORM
from skyshield.study.told import Summary, error_of, scaled_row

_LINE, _MARKS, _GAP, _SUB = 18.0, 20.0, 10.0, 16.0  # heights, px
_WIDE, _LEAST, _WIDE_BELOW, _LINES = 40, 20, 38, 5  # letters of a row, of a name, of words below; rows of a name
_PERCENT = 100.0
_ENDS = ("delta", "lo", "hi")
_WIDE_ENVELOPE = 2.5  # times what all else takes; a picture leaves the ends of wider ones out
_BEYOND = "A bracket at the edge lies beyond it."
_FAR = 70.0  # % of the width from which words stand left of their mark
_SHARE_WITH_NUMBER = 9.0  # % of the width from which a share is wide enough for its number
RIVAL_MARKS = {UNIFORM: "if Ukraine stops threats evenly along their way",
               COVERAGE: "if it stops them near defended aim points"}


@dataclass(frozen=True)
class Row:
    """A row of intervals.

    Attributes
    ----------
    label
        What it is.
    colour
        Of its role.
    summary
        ``lo`` and ``hi``, and where known ``spread_lo``, ``env_lo`` and their other ends.
    middle
        The key of the mean in it.
    rivals
        The mean under each of the two models of where Ukraine stops threats.
    percent
        Whether it is a share, shown in %.
    """

    label: str
    colour: str
    summary: Summary
    middle: str = "delta"
    rivals: Mapping[str, float | None] = field(default_factory=dict)
    percent: bool = False

    def value(self, key: str) -> float | None:
        """Return a value as it is shown."""
        held = self.summary.get(key)
        return None if held is None else held * (_PERCENT if self.percent else 1.0)

    def pair(self, low: str, high: str) -> tuple[float, float] | None:
        """Return both ends of an interval, None where there is none."""
        a, b = self.value(low), self.value(high)
        return None if a is None or b is None else (a, b)


def wrapped(label: str, beside: str = "") -> list[str]:
    """Return a name in at most five lines that leave room for a number beside them on a telephone."""
    return textwrap.wrap(label, max(_LEAST, _WIDE - len(beside)), max_lines=_LINES, placeholder=" …") or [""]


def head(picture: Picture, label: str, value: str, after: str = "") -> None:
    """Write a row's name, and its number at the right."""
    lines = wrapped(label, f"{value} {after}")
    for k, line in enumerate(lines):
        picture.text(0.0, picture.height + 14.0 + k * _LINE, line)
    if value:
        picture.text(100.0, picture.height + 14.0, value, "end", "strong", after)
    picture.height += _LINE * len(lines)


def axis(picture: Picture, scale: Scale, bands: Sequence[tuple[float, float]], unit: str = "") -> None:
    """Draw quiet lines behind the marks, between `bands`' ends, and their numbers below."""
    behind = Picture(picture.key)
    for tick in scale.ticks():
        at = scale.at(tick)
        for band in bands:
            behind.line((at, at), band, INK if tick == 0.0 else RULE, 1.0)
        picture.text(at, picture.height + 16.0, f"{full(round(tick, 9))}{unit}",
                     "start" if at < 5.0 else "end" if at > 95.0 else "middle", "quiet")
    picture.marks[:0] = behind.marks
    picture.height += 24.0


def intervals(key: str, rows: Sequence[Row], title: str, measure: str, note: str = "",
              page_note: str = "", explained: bool = True) -> Figure:
    """Draw a row an option with every kind of doubt that is known.

    `page_note` is for a page alone; `explained` says whether a page needs the key.
    """
    picture = Picture(key)
    scale, beyond = scale_of_rows(rows)
    unit = "%" if any(row.percent for row in rows) else ""
    bands = []
    for row in rows:
        held = scaled_row(row.summary, 1.0 / _PERCENT) if row.percent else row.summary
        doubt, shown = interval(held), number(row.value(row.middle), error=error_of(held))
        known = shown not in (NOTHING, doubt) and doubt != NOTHING
        after = f"({doubt}{'' if doubt == NOISE else unit})" if known else ""
        head(picture, row.label, shown + (unit if shown != NOTHING else ""), after)
        bands.append((picture.height, picture.height + _MARKS))
        draw_row(picture, picture.height + _MARKS / 2, row, scale)
        picture.height += _MARKS + _GAP
    axis(picture, scale, bands, unit)
    _key(picture, rows)
    return picture.finished(title, measure, " ".join(filter(None, (_BEYOND if beyond else "", note))),
                            numbers=_numbers(rows, unit), key_in_page=explained, page_note=page_note)


_FIGURES = {"lo": "95% of the expected outcome, from", "hi": "95% of the expected outcome, to",
            "spread_lo": "95% of single periods, from", "spread_hi": "95% of single periods, to",
            "env_lo": "range over what nobody knows, from", "env_hi": "range over what nobody knows, to"}


def _numbers(rows: Sequence[Row], unit: str) -> Numbers:
    """Return the rows as a table."""
    rivals = list(dict.fromkeys(name for row in rows for name in row.rivals))
    shown = {key: words for key, words in _FIGURES.items() if any(row.value(key) is not None for row in rows)}
    return Numbers(("", f"mean{f', {unit}' if unit else ''}", *shown.values(), *(RIVAL_MARKS[name] for name in rivals)),
                   tuple((row.label, row.value(row.middle), *(row.value(key) for key in shown),
                          *(row.rivals.get(name) for name in rivals)) for row in rows))


def scale_of_rows(rows: Sequence[Row]) -> tuple[Scale, bool]:
    """Return a scale of the rows, and whether envelopes reach so far that it leaves their ends out."""
    near = [v for row in rows for v in (*(row.value(k) for k in (row.middle, "lo", "hi", "spread_lo", "spread_hi")),
                                        *row.rivals.values())]
    inner, whole = scale_of(near), scale_of([*near, *(row.value(k) for row in rows for k in ("env_lo", "env_hi"))])
    if whole.high - whole.low <= _WIDE_ENVELOPE * (inner.high - inner.low):
        return whole, False
    more = (_WIDE_ENVELOPE - 1.0) / 2.0 * (inner.high - inner.low)
    return Scale(max(whole.low, inner.low - more), min(whole.high, inner.high + more)), True


def draw_row(picture: Picture, y: float, row: Row, scale: Scale) -> None:
    """Draw what is known of a row: spread, interval, envelope, rivals, mean."""
    if (spread := row.pair("spread_lo", "spread_hi")) is not None and spread[0] < spread[1]:
        picture.line((scale.at(spread[0]), scale.at(spread[1])), (y, y), QUIET)
    if (middle := row.pair("lo", "hi")) is not None and middle[0] < middle[1]:
        picture.bar((scale.at(middle[0]), scale.at(middle[1])), y, 8.0, row.colour, 0.55)
    if (envelope := row.pair("env_lo", "env_hi")) is not None and envelope[0] < envelope[1]:
        brackets(picture, (scale.at(envelope[0]), scale.at(envelope[1])), y)
    if len([v for v in row.rivals.values() if v is not None]) > 1:
        for name, value in row.rivals.items():
            if value is not None:
                (picture.triangle if name == UNIFORM else picture.square)(scale.at(value), y, INK)
    if (mean := row.value(row.middle)) is not None:
        picture.dot(scale.at(mean), y, row.colour, 5.0 if len(row.rivals) < 2 else 3.5)


def brackets(picture: Picture, x: tuple[float, float], y: float) -> None:
    """Draw both ends of an envelope."""
    for at, opens in zip(x, (True, False), strict=True):
        picture.bracket(at, y, INK, opens)


def _key(picture: Picture, rows: Sequence[Row]) -> None:
    """Say what each mark is, those that are drawn."""
    def drawn(low: str, high: str) -> bool:
        return any((pair := row.pair(low, high)) is not None and pair[0] < pair[1] for row in rows)

    colour = next((row.colour for row in rows if row.colour != BASELINE), INK)
    x = 5.0
    picture.explain("mean", lambda key: key.dot(x, 0.0, colour))
    if drawn("lo", "hi"):
        picture.explain("95% of the expected outcome", lambda key: key.bar((2.5, 7.5), 0.0, 8.0, colour, 0.55))
    if drawn("spread_lo", "spread_hi"):
        picture.explain("95% of single periods", lambda key: key.line((2.5, 7.5), (0.0, 0.0), QUIET))
    if drawn("env_lo", "env_hi"):
        picture.explain("range over what nobody knows", lambda key: brackets(key, (2.5, 7.5), 0.0))
    if any(len([v for v in row.rivals.values() if v is not None]) > 1 for row in rows):
        picture.explain(RIVAL_MARKS[UNIFORM], lambda key: key.triangle(x, 0.0, INK))
        picture.explain(RIVAL_MARKS[COVERAGE], lambda key: key.square(x, 0.0, INK))


@dataclass(frozen=True)
class Bar:
    """A row of bars: a name, its colour, a mean with its interval, and words below."""

    label: str
    colour: str
    summary: Summary
    below: str = ""


def bars(key: str, rows: Sequence[Bar], title: str, measure: str, note: str = "", text: str = "") -> Figure:
    """Draw bars from zero, with the interval of the expected outcome as a line."""
    picture = Picture(key)
    scale = scale_of([row.summary.get(k) for row in rows for k in ("delta", "lo", "hi")])
    bands = []
    for row in rows:
        value, low, high = (row.summary.get(k) for k in ("delta", "lo", "hi"))
        doubt, shown = interval(row.summary), number(value, error=error_of(row.summary))
        head(picture, row.label, shown, f"({doubt})" if doubt not in (NOTHING, shown) and shown != NOTHING else "")
        y = picture.height + _SUB / 2
        bands.append((picture.height, picture.height + _SUB))
        if value is not None:
            picture.bar((scale.at(0.0), scale.at(value)), y, 10.0, row.colour, 0.75)
        if low is not None and high is not None and low < high:
            picture.line((scale.at(low), scale.at(high)), (y, y), INK, 1.5)
        picture.height += _SUB
        for line in textwrap.wrap(row.below, _WIDE_BELOW):
            picture.text(0.0, picture.height + 14.0, line, kind="quiet")
            picture.height += _LINE
        picture.height += _GAP
    axis(picture, scale, bands)
    return picture.finished(title, measure, note, text, Numbers(
        ("", "mean", _FIGURES["lo"], _FIGURES["hi"]),
        tuple((row.label, *(row.summary.get(k) for k in _ENDS)) for row in rows)))


@dataclass(frozen=True)
class Move:
    """A number moved to its ends: its name and, for each end, where it stands and what comes of it."""

    label: str
    ends: tuple[tuple[str, Summary], ...]

    def swing(self, middle: float) -> float:
        """Return how far its stronger end takes the mean away."""
        return max((abs((row["delta"] or 0.0) - middle) for _, row in self.ends), default=0.0)


def moves(key: str, rows: Sequence[Move], headline: Summary, colour: str, title: str, measure: str,
          note: str = "") -> Figure:
    """Draw where numbers that nobody knows take a mean when each is moved alone, the interval there as a line."""
    picture = Picture(key)
    middle = headline["delta"] or 0.0
    scale = scale_of([middle, *(row.get(k) for move in rows for _, row in move.ends for k in ("delta", "lo", "hi"))])
    far = scale.at(middle) > _FAR
    picture.text(scale.at(middle), 14.0, f"headline {number(headline['delta'])}", "end" if far else "start", "strong",
                 aside=-4.0 if far else 4.0)
    picture.height, bands = 22.0, []
    for move in rows:
        lines = wrapped(move.label, "0.0000 → 0.0000")
        for k, line in enumerate(lines):
            picture.text(0.0, picture.height + 14.0 + k * _LINE, line)
        for k, (where, row) in enumerate(move.ends):
            picture.text(100.0, picture.height + 14.0 + k * _LINE, f"{where} →", "end", "quiet", number(row["delta"]))
        picture.height += _LINE * max(len(lines), len(move.ends))
        bands.append((picture.height, picture.height + _SUB * len(move.ends)))
        for _, row in move.ends:
            value = row["delta"]
            y = picture.height + _SUB / 2
            if value is not None:
                picture.bar((scale.at(middle), scale.at(value)), y, 8.0, colour, 0.55)
                low, high = (value if row[k] is None else row[k] for k in ("lo", "hi"))
                picture.line((scale.at(low or 0.0), scale.at(high or 0.0)), (y, y), INK)
                picture.dot(scale.at(value), y, colour, 4.0)
            picture.height += _SUB
        picture.height += _GAP
    for band in bands:
        picture.line((scale.at(middle),) * 2, band, colour, 1.5)
    axis(picture, scale, bands)
    return picture.finished(title, measure, note, numbers=Numbers(
        ("", "moved to", "mean", _FIGURES["lo"], _FIGURES["hi"]),
        (("headline", "", *(headline.get(k) for k in _ENDS)),
         *((move.label, where, *(row.get(k) for k in _ENDS)) for move in rows for where, row in move.ends))))


@dataclass(frozen=True)
class Stack:
    """Shares of a whole: a name, and (what, value) in the order of the colours; values add up to `whole`."""

    label: str
    parts: tuple[float, ...]
    whole: float
    heading: str = ""


def stacks(key: str, rows: Sequence[Stack], kinds: Sequence[tuple[str, str]], title: str, measure: str,
           note: str = "") -> Figure:
    """Draw shares of wholes, 100% each; `kinds` names each part with its colour."""
    picture = Picture(key)
    for words, colour in kinds:
        picture.bar((0.0, 4.0), picture.height + 9.0, 12.0, colour)
        picture.text(6.0, picture.height + 14.0, words, kind="quiet")
        picture.height += _LINE
    picture.height += _GAP
    texts = []
    for row in rows:
        if row.heading:
            picture.text(0.0, picture.height + 18.0, row.heading, kind="strong")
            picture.height += 24.0
        head(picture, row.label, "")
        start, said = 0.0, []
        for (words, colour), value in zip(kinds, row.parts, strict=True):
            share = _PERCENT * value / row.whole if row.whole else 0.0
            picture.bar((start, start + share), picture.height + 9.0, 16.0, colour)
            if share >= _SHARE_WITH_NUMBER:
                picture.text(start + share / 2, picture.height + 14.0, f"{share:.0f}%", "middle", "halo")
            start += share
            said.append(f"{number(share)}% {words}")
        texts.append(f"{row.heading} {row.label}: {', '.join(said)}".strip())
        picture.height += 16.0 + _GAP
    shares: list[tuple[str | float | None, ...]] = []
    heading = ""
    for row in rows:
        heading = row.heading or heading
        shares.append((f"{heading}, {row.label}" if heading else row.label,
                       *(_PERCENT * value / row.whole if row.whole else 0.0 for value in row.parts)))
    return picture.finished(title, measure, note, "; ".join(texts),
                            Numbers(("", *(f"{words}, %" for words, _ in kinds)), tuple(shares)))
