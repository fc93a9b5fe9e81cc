"""Figures of the pages as inline SVG, written by hand: as wide as the column they stand in, the same bytes every time.

Across, places are percentages of the width, so that a figure fits a telephone and a sheet of paper without its letters
growing or shrinking; down, they are pixels. The title is the finding in one sentence, the line below says what is
measured; both stand in the page, above the picture. The description carries the numbers to those who do not see it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from skyshield.report.marks import (
    Anchor,
    Bar,
    Dot,
    Line,
    Map,
    Mark,
    Rows,
    Shape,
    Sign,
    Square,
    Words,
    svg_lines,
)

INK, QUIET, RULE, PALE = "#1a1a1a", "#595959", "#c9c9c9", "#ececec"
# Okabe and Ito's colours, one for each role an option may have; an option keeps its colour in every picture.
SKYSHIELD, AID, GROUND, NAVAL, COMBINED = "#0072B2", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
BASELINE, WARNING = "#666666", "#E69F00"

_FIRST, _LAST = 2.0, 98.0  # % of the width between which a scale runs
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_HALF = 5.0  # of a mark, px
_KEY_LINE = 18.0  # px


@dataclass(frozen=True)
class Numbers:
    """What a figure shows as a table, with units in the heads.

    Attributes
    ----------
    head
        Names of columns.
    rows
        Text, numbers, or None where there is none.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A finished figure.

    Attributes
    ----------
    key
        Its anchor.
    title
        What it finds, in one sentence.
    measure
        What is measured, in which unit, over which time, compared with what.
    svg
        Inline SVG.
    note
        Below it; empty if nothing is to be explained.
    drawn
        The marks that the picture is made of.
    numbers
        What it shows, as a table.
    page_note
        Below it in a page alone, where other pictures are.
    """

    key: str
    title: str
    measure: str
    svg: Markup
    note: str
    drawn: Rows | Map
    numbers: "Numbers | None" = None
    page_note: str = ""


@dataclass(frozen=True)
class Scale:
    """Where a value stands, in % of the width.

    Examples
    --------
    >>> scale = Scale(0.0, 10.0)
    >>> scale.at(0.0), scale.at(5.0), scale.ticks()
    (2.0, 50.0, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0])
    """

    low: float
    high: float
    first: float = _FIRST
    last: float = _LAST

    def at(self, value: float) -> float:
        """Return a value's place; one beyond an end stands at it."""
        width = (self.high - self.low) or 1.0
        share = min(1.0, max(0.0, (value - self.low) / width))
        return self.first + share * (self.last - self.first)

    def ticks(self, most: int = 5) -> list[float]:
        """Return round values inside of it, at most so many."""
        width = self.high - self.low
        if width <= 0.0:
            return [self.low]
        unit = 10.0 ** math.floor(math.log10(width / most))
        step = next(unit * one for one in _STEPS if width / (unit * one) <= most + 1e-9)
        first = math.ceil(self.low / step - 1e-9)
        return [k * step for k in range(first, math.floor(self.high / step + 1e-9) + 1)]


def scale_of(values: Sequence[float | None], from_zero: bool = True) -> Scale:
    """Return a scale that holds all values, and zero unless said otherwise."""
    held = [value for value in values if value is not None and math.isfinite(value)]
    held += [0.0] if from_zero or not held else []
    low, high = min(held), max(held)
    return Scale(low, high if high > low else low + 1.0)


@dataclass
class Picture:
    """A figure while it is drawn.

    Attributes
    ----------
    key
        Its anchor, before every identifier inside.
    marks
        What is drawn already.
    height
        So far, px.
    """

    key: str
    marks: list[Mark] = field(default_factory=list)
    height: float = 0.0
    _entries: list[tuple[str, tuple[Mark, ...]]] = field(default_factory=list)

    def line(self, x: tuple[float, float], y: tuple[float, float], colour: str = INK, width: float = 1.0,
             dash: str = "", opacity: float = 1.0) -> None:
        """Draw a straight line."""
        self.marks.append(Line(x, y, colour, width, dash, opacity))

    def bar(self, x: tuple[float, float], y: float, height: float, colour: str, opacity: float = 1.0) -> None:
        """Draw a bar from one place across to another, its middle at `y`."""
        low, high = sorted(x)
        self.marks.append(Bar((low, high), (y - height / 2, y + height / 2), colour, opacity))

    def dot(self, x: float, y: float, colour: str, radius: float = _HALF, hollow: bool = False) -> None:
        """Draw a dot."""
        fill, stroke = ("#fff", colour) if hollow else (colour, "#fff")
        self.marks.append(Dot(x, y, fill, stroke, radius))

    def square(self, x: float, y: float, colour: str) -> None:
        """Draw a hollow square."""
        self.marks.append(Square(x, y, colour))

    def triangle(self, x: float, y: float, colour: str) -> None:
        """Draw a hollow triangle."""
        self.marks.append(Sign(x, y, colour, "triangle", f"{self.key}-triangle-{colour[1:]}"))

    def bracket(self, x: float, y: float, colour: str, opens: bool) -> None:
        """Draw one end of an open bracket, 16 px high."""
        shape: Shape = "open" if opens else "close"
        self.marks.append(Sign(x, y, colour, shape, f"{self.key}-{shape}-{colour[1:]}"))

    def role(self, x: float, y: float, colour: str, shape: Shape, hollow: bool = False) -> None:
        """Draw the shape of an option's role, for eyes to which its colour says little."""
        kind = "hollow" if hollow else "full"
        self.marks.append(Sign(x, y, colour, shape, f"{self.key}-{shape}-{kind}-{colour[1:]}", hollow))

    def text(self, x: float, y: float, words: str, anchor: Anchor = "start", kind: str = "", after: str = "",
             aside: float = 0.0) -> None:
        """Write words, and others after them in grey.

        `kind` is a class of the style sheet, ``strong`` or ``quiet``; `aside` moves the words to the right, px.
        """
        self.marks.append(Words(x, y, words, anchor, kind, after, aside))

    def explain(self, words: str, draw: Callable[["Picture"], None]) -> None:
        """Enter a mark in the key: `draw` puts it at a height of 0 between 0 and 10% of the width."""
        example = Picture(self.key)
        draw(example)
        self._entries.append((words, tuple(example.marks)))

    def finished(self, title: str, measure: str, note: str = "", description: str = "",
                 numbers: "Numbers | None" = None, key_in_page: bool = True, page_note: str = "") -> Figure:
        """Return the figure, its key below the marks; `key_in_page` says whether it stands in a page too.

        Its words are read out as they stand; a description takes their place where they do not say the numbers.
        """
        drawn = Rows(tuple(self.marks), self.height, tuple(self._entries))
        marks, height = with_key(drawn) if key_in_page else (drawn.marks, drawn.height)
        size = f'width="100%" height="{height:g}"'
        return Figure(self.key, title, measure, opened(self.key, size, description)
                      + Markup("\n".join([*svg_lines(marks), "</svg>"])),  # noqa: S704 - words are escaped
                      note, drawn, numbers, page_note)


def with_key(drawn: Rows) -> tuple[tuple[Mark, ...], float]:
    """Return the marks of rows with their key below them, and the height of all, px."""
    marks, height = list(drawn.marks), drawn.height
    for words, example in drawn.key:
        height += _KEY_LINE
        marks += [*(moved(mark, height) for mark in example), Words(11.0, height + 5.0, words, kind="quiet")]
    return tuple(marks), height + (12.0 if drawn.key else 0.0)


def moved(mark: Mark, down: float) -> Mark:
    """Return a mark so many pixels further down."""
    if isinstance(mark, Line | Bar):
        return replace(mark, y=(mark.y[0] + down, mark.y[1] + down))
    return replace(mark, y=mark.y + down)


def opened(key: str, size: str, description: str = "") -> Markup:
    r"""Return the start of a picture; its name is the finding that the page writes above it.

    Examples
    --------
    >>> str(opened("f", 'height="8"', "a < b"))
    '<svg role="img" height="8" aria-labelledby="f-finding f-desc"><desc id="f-desc">a &lt; b</desc>\n'
    >>> str(opened("f", 'height="8"'))
    '<svg role="group" height="8" aria-labelledby="f-finding">\n'
    """
    if not description:
        return Markup('<svg role="group" {} aria-labelledby="{}-finding">\n').format(Markup(size), key)  # noqa: S704
    return Markup('<svg role="img" {0} aria-labelledby="{1}-finding {1}-desc"><desc id="{1}-desc">{2}</desc>\n').format(
        Markup(size), key, description)  # noqa: S704 - numbers of our own
