"""What pictures are made of: marks that a page shows as SVG and a slide as a matplotlib figure.

Across, places are percentages of the width; down, they are pixels, but for maps, in which both are percentages and
outlines are in km from the upper left corner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import escape

Anchor = Literal["start", "middle", "end"]
Shape = Literal["triangle", "open", "close", "block", "peak", "diamond", "cross", "skyshield", "aid", "ground", "naval",
                "combined", "baseline"]
SHAPES: dict[Shape, tuple[str, str]] = {  # as a path around its place, and how it is filled: if empty, with its colour
    "triangle": ("M-5 4L5 4L0 -5.5Z", "#fff"), "open": ("M4 -8H0V8H4", "none"), "close": ("M-4 -8H0V8H-4", "none"),
    "block": ("M-3.5 -3.5H3.5V3.5H-3.5Z", ""), "peak": ("M-4.5 3.5L4.5 3.5L0 -4.5Z", ""),
    "diamond": ("M0 -5L5 0L0 5L-5 0Z", ""), "cross": ("M-4 0H4M0 -4V4", "none"),
    # Of roles, beside their colours: those of the application's tables.
    "skyshield": ("M0 -5A5 5 0 1 1 0 5A5 5 0 1 1 0 -5Z", ""), "aid": ("M-4.5 -4.5H4.5V4.5H-4.5Z", ""),
    "ground": ("M0 -6L6 0L0 6L-6 0Z", ""), "naval": ("M-6 -4H6L0 6Z", ""),
    "combined": ("M0 -6L5.2 -3V3L0 6L-5.2 3V-3Z", ""), "baseline": ("M-5 -1H5V1H-5Z", "")}


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: str
    width: float = 1.0
    dash: str = ""
    opacity: float = 1.0

    def svg(self) -> str:
        """Return the mark in a page."""
        dashed = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        faint = f' stroke-opacity="{self.opacity:g}"' if self.opacity < 1.0 else ""
        return (f'<line x1="{self.x[0]:.2f}%" x2="{self.x[1]:.2f}%" y1="{self.y[0]:g}" y2="{self.y[1]:g}" '
                f'stroke="{self.colour}" stroke-width="{self.width:g}"{dashed}{faint}/>')


@dataclass(frozen=True)
class Bar:
    """A filled rectangle between two places across and two down."""

    x: tuple[float, float]
    y: tuple[float, float]
    colour: str
    opacity: float = 1.0

    def svg(self) -> str:
        """Return the mark in a page."""
        faint = f' fill-opacity="{self.opacity:g}"' if self.opacity < 1.0 else ""
        return (f'<rect x="{self.x[0]:.2f}%" y="{self.y[0]:g}" width="{max(self.x[1] - self.x[0], 0.0):.2f}%" '
                f'height="{self.y[1] - self.y[0]:g}" fill="{self.colour}"{faint}/>')


@dataclass(frozen=True)
class Dot:
    """A disc with an outline of 1.5 px."""

    x: float
    y: float
    fill: str
    stroke: str
    radius: float

    def svg(self) -> str:
        """Return the mark in a page."""
        return (f'<circle cx="{self.x:.2f}%" cy="{self.y:g}" r="{self.radius:g}" fill="{self.fill}" '
                f'stroke="{self.stroke}" stroke-width="1.5"/>')


@dataclass(frozen=True)
class Square:
    """A hollow square of 8 px."""

    x: float
    y: float
    colour: str

    def svg(self) -> str:
        """Return the mark in a page."""
        return (f'<rect x="{self.x:.2f}%" y="{self.y - 4:g}" width="8" height="8" transform="translate(-4 0)" '
                f'fill="#fff" stroke="{self.colour}" stroke-width="1.5"/>')


@dataclass(frozen=True)
class Sign:
    """A small outline of `SHAPES`; `name` is its identifier in a page, `hollow` has it filled with the paper."""

    x: float
    y: float
    colour: str
    shape: Shape
    name: str
    hollow: bool = False

    def definition(self) -> str:
        """Return the outline, which a page holds once."""
        path, fill = SHAPES[self.shape]
        inside = "#fff" if self.hollow else fill or self.colour
        return (f'<defs><path id="{self.name}" d="{path}" fill="{inside}" stroke="{self.colour}" '
                'stroke-width="1.5"/></defs>')

    def svg(self) -> str:
        """Return the mark in a page."""
        return f'<use href="#{self.name}" x="{self.x:.2f}%" y="{self.y:g}"/>'


@dataclass(frozen=True)
class Words:
    """A line of text, and more after it in grey; `kind` is ``strong``, ``quiet``, ``halo`` or nothing."""

    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    kind: str = ""
    after: str = ""
    aside: float = 0.0

    def svg(self) -> str:
        """Return the mark in a page."""
        where = "" if self.anchor == "start" else f' text-anchor="{self.anchor}"'
        shown = f' class="{self.kind}"' if self.kind else ""
        moved = f' dx="{self.aside:g}"' if self.aside else ""
        more = f' <tspan class="quiet">{escape(self.after)}</tspan>' if self.after else ""
        return f'<text x="{self.x:.2f}%" y="{self.y:g}"{where}{shown}{moved}>{escape(self.words)}{more}</text>'


@dataclass(frozen=True)
class Outline:
    """Lines or filled areas of a map: points (x, y) in km, one sequence a ring or line."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    closed: bool
    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str = ""
    opacity: float = 1.0
    hatch: str = ""  # the identifier of a page's pattern, in place of a fill

    @property
    def path(self) -> str:
        """The outline as the path of a drawing."""
        return "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + ("Z" if self.closed else "")
                       for ring in self.rings)

    def svg(self) -> str:
        """Return the mark in a page."""
        fill = f"url(#{self.hatch})" if self.hatch else self.fill
        faint = f' fill-opacity="{self.opacity:g}"' if self.opacity < 1.0 else ""
        dashed = f' stroke-dasharray="{self.dash}"' if self.dash else ""
        return (f'<path d="{self.path}" fill="{fill}" fill-rule="evenodd" stroke="{self.stroke}" '
                f'stroke-width="{self.width:g}" vector-effect="non-scaling-stroke"{faint}{dashed}/>')


@dataclass(frozen=True)
class MapWords:
    """A line of text on a map; `aside` moves it to the right and down, px."""

    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    kind: str = "halo"
    aside: tuple[float, float] = (0.0, 0.0)

    def svg(self) -> str:
        """Return the mark in a page."""
        return (f'<text x="{self.x:.1f}%" y="{self.y:.1f}%" dx="{self.aside[0]:g}" dy="{self.aside[1]:g}" '
                f'text-anchor="{self.anchor}" class="{self.kind}">{escape(self.words)}</text>')


@dataclass(frozen=True)
class MapDot:
    """A place on a map."""

    x: float
    y: float
    colour: str

    def svg(self) -> str:
        """Return the mark in a page."""
        return f'<circle cx="{self.x:.1f}%" cy="{self.y:.1f}%" r="3" fill="{self.colour}"/>'


@dataclass(frozen=True)
class MapLine:
    """A line across a map, 2.5 px wide."""

    x: tuple[float, float]
    y: float
    colour: str

    def svg(self) -> str:
        """Return the mark in a page."""
        return (f'<line x1="{self.x[0]:.1f}%" x2="{self.x[1]:.1f}%" y1="{self.y:.1f}%" y2="{self.y:.1f}%" '
                f'stroke="{self.colour}" stroke-width="2.5"/>')


Mark = Line | Bar | Dot | Square | Sign | Words
MapMark = MapWords | MapDot | MapLine


@dataclass(frozen=True)
class Rows:
    """What is drawn below each other: marks, and entries of a key, each with the marks before its words.

    `height` is that of the marks, px; the key stands below them in a page, on a slide where there is room.
    """

    marks: tuple[Mark, ...]
    height: float
    key: tuple[tuple[str, tuple[Mark, ...]], ...] = ()


@dataclass(frozen=True)
class Map:
    """Outlines in a frame of so many km, with places and words over them."""

    width_km: float
    height_km: float
    outlines: tuple[Outline, ...]
    marks: tuple[MapMark, ...]


def svg_lines(marks: tuple[Mark, ...]) -> Iterator[str]:
    """Yield marks as a page shows them, each outline of a sign before it is first used."""
    defined: set[str] = set()
    for mark in marks:
        if isinstance(mark, Sign) and mark.name not in defined:
            defined.add(mark.name)
            yield mark.definition()
        yield mark.svg()
