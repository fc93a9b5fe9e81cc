"""Figures of the pages as inline SVG, written by hand: as wide as the column they stand in, the same bytes every time.

Across, places are percentages of the width, so that a figure fits a telephone and a sheet of paper without its letters
growing or shrinking; down, they are pixels. The title is the finding in one sentence, the line below says what is
measured; both stand in the page, above the picture. The description carries the numbers to those who do not see it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup, escape

INK, QUIET, RULE, PALE = "#1a1a1a", "#595959", "#c9c9c9", "#ececec"
# Okabe and Ito's colours, one for each role an option may have; an option keeps its colour in every picture.
SKYSHIELD, AID, GROUND, NAVAL, COMBINED = "#0072B2", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
BASELINE, WARNING = "#666666", "#E69F00"

Anchor = Literal["start", "middle", "end"]
_FIRST, _LAST = 2.0, 98.0  # % of the width between which a scale runs
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_HALF = 5.0  # of a mark, px


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
    """

    key: str
    title: str
    measure: str
    svg: Markup
    note: str = ""


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
    parts
        What is drawn already.
    height
        So far, px.
    """

    key: str
    parts: list[str] = field(default_factory=list)
    height: float = 0.0

    def line(self, x: tuple[float, float], y: tuple[float, float], colour: str = INK, width: float = 1.0,
             dash: str = "") -> None:
        """Draw a straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x[0]:.2f}%" x2="{x[1]:.2f}%" y1="{y[0]:g}" y2="{y[1]:g}" stroke="{colour}" '
                          f'stroke-width="{width:g}"{dashed}/>')

    def bar(self, x: tuple[float, float], y: float, height: float, colour: str, opacity: float = 1.0) -> None:
        """Draw a bar from one place across to another, its middle at `y`."""
        low, high = sorted(x)
        faint = f' fill-opacity="{opacity:g}"' if opacity < 1.0 else ""
        self.parts.append(f'<rect x="{low:.2f}%" y="{y - height / 2:g}" width="{max(high - low, 0.0):.2f}%" '
                          f'height="{height:g}" fill="{colour}"{faint}/>')

    def dot(self, x: float, y: float, colour: str, radius: float = _HALF, hollow: bool = False) -> None:
        """Draw a dot."""
        fill, stroke = ("#fff", colour) if hollow else (colour, "#fff")
        self.parts.append(f'<circle cx="{x:.2f}%" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{stroke}" '
                          'stroke-width="1.5"/>')

    def square(self, x: float, y: float, colour: str) -> None:
        """Draw a hollow square."""
        self.parts.append(f'<rect x="{x:.2f}%" y="{y - 4:g}" width="8" height="8" transform="translate(-4 0)" '
                          f'fill="#fff" stroke="{colour}" stroke-width="1.5"/>')

    def triangle(self, x: float, y: float, colour: str) -> None:
        """Draw a hollow triangle."""
        name = f"{self.key}-triangle-{colour[1:]}"
        if not any(name in part for part in self.parts):
            self.parts.append(f'<defs><path id="{name}" d="M-5 4L5 4L0 -5.5Z" fill="#fff" stroke="{colour}" '
                              'stroke-width="1.5"/></defs>')
        self.parts.append(f'<use href="#{name}" x="{x:.2f}%" y="{y:g}"/>')

    def bracket(self, x: float, y: float, colour: str, opens: bool) -> None:
        """Draw one end of an open bracket, 16 px high."""
        name = f"{self.key}-{'open' if opens else 'close'}-{colour[1:]}"
        if not any(name in part for part in self.parts):
            side = 4 if opens else -4
            self.parts.append(f'<defs><path id="{name}" d="M{side} -8H0V8H{side}" fill="none" stroke="{colour}" '
                              'stroke-width="1.5"/></defs>')
        self.parts.append(f'<use href="#{name}" x="{x:.2f}%" y="{y:g}"/>')

    def text(self, x: float, y: float, words: str, anchor: Anchor = "start", kind: str = "", after: str = "",
             aside: float = 0.0) -> None:
        """Write words, and others after them in grey.

        `kind` is a class of the style sheet, ``strong`` or ``quiet``; `aside` moves the words to the right, px.
        """
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        shown = f' class="{kind}"' if kind else ""
        moved = f' dx="{aside:g}"' if aside else ""
        more = f' <tspan class="quiet">{escape(after)}</tspan>' if after else ""
        self.parts.append(f'<text x="{x:.2f}%" y="{y:g}"{where}{shown}{moved}>{escape(words)}{more}</text>')

    def finished(self, title: str, measure: str, note: str = "", description: str = "") -> Figure:
        """Return the figure.

        Its words are read out as they stand; a description takes their place where they do not say the numbers.
        """
        size = f'width="100%" height="{self.height:g}"'
        return Figure(self.key, title, measure, opened(self.key, size, description)
                      + Markup("\n".join([*self.parts, "</svg>"])), note)  # noqa: S704 - words are escaped above


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
