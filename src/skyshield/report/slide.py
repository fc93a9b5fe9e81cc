"""A figure of the pages at the size of a slide: a matplotlib figure of the same marks, and PNG or SVG of it.

Title, line of measure, marks, key, note and source stand on 16:9. The letters are Noto Sans, as in the pages; in SVG
they are outlines, so that a slide looks the same on every machine. The same figure gives the same bytes.
"""

import functools
import io
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from skyshield.report.drawing import drawing
from skyshield.report.marks import (
    Bar,
    Dot,
    Line,
    Map,
    MapDot,
    MapLine,
    MapMark,
    Mark,
    Outline,
    Rows,
    Sign,
    Square,
    Words,
)
from skyshield.report.svg import INK, QUIET, Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas
    from matplotlib.font_manager import FontProperties

Kind = Literal["png", "svg"]
WIDTH_PX, HEIGHT_PX = 1280.0, 720.0  # of a slide, 96 to the inch
_PX_AN_INCH, _POINTS_A_PX = 96.0, 0.75
_PNG_DPI = 144  # 1920 x 1080
_MARGIN_PX, _GAP_PX, _TOP_PX, _BELOW_TITLE_PX = 48.0, 14.0, 34.0, 4.0
_SOURCE_PX = 29.0  # around the source
_TITLE_PX, _TEXT_PX, _SMALL_PX = 26.0, 15.0, 13.0
_LETTER = 0.51  # of its size, the mean width of a letter
_SMALLEST = 0.95  # times the pages' size; a picture with more rows than a slide holds is taller
_PAGE_TEXT_PX = 14.0  # of the pages, for which marks are placed
_LARGEST = 1.5  # times the pages' size
_PAGE_WIDTH_PX = 720.0  # of a map in the pages
_KEY_PX, _KEY_LINE_PX = 60.0, 22.0  # width of an example in the key, height of a line of it
_LINE = 1.3  # height of a line over that of its letters
_FAMILY = "SkyShield Sans"  # what the files below call Noto Sans' subset
_FONTS = Path(__file__).parent / "fonts"
_WITHOUT_DATES: dict[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
_SIGNS = {"triangle": ((-5.0, 4.0), (5.0, 4.0), (0.0, -5.5)),
          "open": ((4.0, -8.0), (0.0, -8.0), (0.0, 8.0), (4.0, 8.0)),
          "close": ((-4.0, -8.0), (0.0, -8.0), (0.0, 8.0), (-4.0, 8.0)),
          "block": ((-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)), "peak": ((-4.5, 3.5), (4.5, 3.5), (0.0, -4.5)),
          "diamond": ((0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)),
          "cross": ((-4.0, 0.0), (4.0, 0.0), (0.0, 0.0), (0.0, -4.0), (0.0, 4.0)),
          "skyshield": tuple((5.0 * math.sin(k * math.pi / 12), 5.0 * math.cos(k * math.pi / 12)) for k in range(24)),
          "aid": ((-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)),
          "ground": ((0.0, -6.0), (6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)),
          "naval": ((-6.0, -4.0), (6.0, -4.0), (0.0, 6.0)),
          "combined": ((0.0, -6.0), (5.2, -3.0), (5.2, 3.0), (0.0, 6.0), (-5.2, 3.0), (-5.2, -3.0)),
          "baseline": ((-5.0, -1.0), (5.0, -1.0), (5.0, 1.0), (-5.0, 1.0))}
_OPEN, _HOLLOW = ("open", "close", "cross"), ("triangle", "open", "close", "cross")


def slide(figure: Figure, source: str) -> "Canvas":
    """Return a figure as a matplotlib figure of 13.3 x 7.5 inches.

    Parameters
    ----------
    figure
        From a page, see `skyshield.report.pages.figures`.
    source
        The line that says which study it is drawn from.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Made

    with drawing():
        height, foot = _height_px(figure, source), _foot_px(source)
        canvas = Made(figsize=(WIDTH_PX / _PX_AN_INCH, height / _PX_AN_INCH), dpi=_PX_AN_INCH)
        FigureCanvasAgg(canvas)
        page = _axes(canvas, 0.0, 0.0, WIDTH_PX, height, WIDTH_PX, height)
        top = _paragraph(page, _TOP_PX, figure.title, _TITLE_PX, INK, bold=True)
        top = _paragraph(page, top + _BELOW_TITLE_PX, figure.measure, _TEXT_PX, QUIET) + _GAP_PX
        bottom = height - foot
        _paragraph(page, bottom + _GAP_PX / 2.0, source, _SMALL_PX, QUIET)
        if figure.note:
            bottom -= _paragraph_px(figure.note, _SMALL_PX)
            _paragraph(page, bottom, figure.note, _SMALL_PX, QUIET)
        if isinstance(figure.drawn, Map):
            _draw_map(canvas, figure.drawn, top, bottom)
        else:
            _draw_rows(canvas, page, figure.drawn, top, bottom)
    return canvas


def _foot_px(source: str) -> float:
    """Return the height of the foot, which holds the source."""
    return _SOURCE_PX + _paragraph_px(source, _SMALL_PX)


def _height_px(figure: Figure, source: str) -> float:
    """Return the height of a slide, more where a figure has more rows than one holds."""
    if isinstance(figure.drawn, Map):
        return HEIGHT_PX
    words = ((figure.title, _TITLE_PX), (figure.measure, _TEXT_PX), (figure.note, _SMALL_PX))
    others = (_TOP_PX + _BELOW_TITLE_PX + 2.0 * _GAP_PX + _key_px(figure.drawn) + _foot_px(source)
              + sum(_paragraph_px(text, size_px) for text, size_px in words))
    return max(HEIGHT_PX, math.ceil(others + _SMALLEST * figure.drawn.height))


def picture(figure: Figure, source: str, kind: Kind) -> bytes:
    """Return a figure at the size of a slide: 1920 x 1080 as PNG, the same as SVG.

    Parameters
    ----------
    figure, source
        See `slide`.
    kind
        ``png`` or ``svg``.
    """
    made, stream = slide(figure, source), io.BytesIO()
    with drawing():
        made.savefig(stream, format=kind, dpi=_PNG_DPI, metadata=_WITHOUT_DATES[kind])
    return stream.getvalue()


@functools.cache
def _font(bold: bool) -> "FontProperties":
    from matplotlib.font_manager import FontProperties, fontManager

    weight = "bold" if bold else "regular"
    fontManager.addfont(_FONTS / f"noto-sans-{weight}.ttf")
    return FontProperties(family=[_FAMILY, "DejaVu Sans"], weight=weight)  # the second has arrows and the minus sign


def _axes(canvas: "Canvas", left: float, top: float, width: float, height: float, across: float,
          down: float) -> "Axes":
    """Return axes at a place on the slide, px, whose own places run to the right and down."""
    whole = canvas.get_figheight() * _PX_AN_INCH
    axes = canvas.add_axes((left / WIDTH_PX, 1.0 - (top + height) / whole, width / WIDTH_PX, height / whole))
    axes.set_xlim(0.0, across)
    axes.set_ylim(down, 0.0)
    axes.set_axis_off()
    return axes


def _lines(words: str, size_px: float) -> list[str]:
    return textwrap.wrap(words, int((WIDTH_PX - 2.0 * _MARGIN_PX) / (size_px * _LETTER)))


def _paragraph_px(words: str, size_px: float) -> float:
    return len(_lines(words, size_px)) * size_px * _LINE


def _paragraph(page: "Axes", top: float, words: str, size_px: float, colour: str, bold: bool = False) -> float:
    """Write lines from a place down; return where they end."""
    for line in _lines(words, size_px):
        top += size_px * _LINE
        _write(page, _MARGIN_PX, top - 0.3 * size_px, line, size_px, bold, colour, "left")
    return top


def _write(axes: "Axes", x: float, y: float, words: str, size_px: float, bold: bool, colour: str,
           anchor: Any, halo: bool = False) -> Any:
    text = axes.text(x, y, words, fontproperties=_font(bold), fontsize=size_px * _POINTS_A_PX, color=colour, ha=anchor,
                     va="baseline", clip_on=False, zorder=5)
    if halo:
        from matplotlib.patheffects import withStroke

        text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    return text


def _draw_rows(canvas: "Canvas", page: "Axes", drawn: Rows, top: float, bottom: float) -> None:
    """Draw rows as large as there is room for, their key in lines below."""
    key_lines = _key_lines(drawn)
    bottom -= _key_px(drawn)
    height = max(drawn.height, 1.0)
    scale = min((bottom - top - _GAP_PX) / height, _LARGEST)
    width = WIDTH_PX - 2.0 * _MARGIN_PX
    axes = _axes(canvas, _MARGIN_PX, top, width, height * scale, 100.0, height)
    brush = _Brush(axes, 100.0 * scale / width, scale)
    for mark in drawn.marks:
        brush.draw(mark)
    for k, entries in enumerate(key_lines):
        x, y = _MARGIN_PX, bottom + (k + 0.8) * _KEY_LINE_PX
        for words, marks in entries:
            place = _axes(canvas, x, y - 15.0, 10.0 * _KEY_PX, 20.0, 100.0, 20.0)
            example = _Brush(place, 100.0 / (10.0 * _KEY_PX), 1.0)
            for mark in marks:
                example.draw(mark, 10.0)
            _write(page, x + _KEY_PX + 6.0, y, words, _SMALL_PX, False, QUIET, "left")
            x += _entry_px(words)


def _entry_px(words: str) -> float:
    return _KEY_PX + 30.0 + len(words) * _SMALL_PX * _LETTER


def _key_px(drawn: Rows) -> float:
    return len(_key_lines(drawn)) * _KEY_LINE_PX


def _key_lines(drawn: Rows) -> list[list[tuple[str, tuple[Mark, ...]]]]:
    """Return the entries of the key in lines as wide as the slide."""
    lines: list[list[tuple[str, tuple[Mark, ...]]]] = []
    room = 0.0
    for entry in drawn.key:
        if _entry_px(entry[0]) > room:
            lines.append([])
            room = WIDTH_PX - 2.0 * _MARGIN_PX
        lines[-1].append(entry)
        room -= _entry_px(entry[0])
    return lines


class _Brush:
    """Draws marks on axes whose places are % across and px of the pages down.

    Parameters
    ----------
    axes
        Where to.
    px
        How many % across one px of the pages is.
    scale
        How many px of the slide one of the pages is.
    """

    def __init__(self, axes: "Axes", px: float, scale: float) -> None:
        self._axes, self._px, self._scale = axes, px, scale

    def draw(self, mark: Mark, down: float = 0.0) -> None:
        """Draw a mark so many px further down."""
        points = self._scale * _POINTS_A_PX
        if isinstance(mark, Line):
            self._axes.plot(mark.x, [y + down for y in mark.y], color=mark.colour, linewidth=mark.width * points,
                            linestyle=_dashes(mark.dash, mark.width), alpha=mark.opacity, solid_capstyle="butt",
                            clip_on=False)
        elif isinstance(mark, Bar):
            corners = [(mark.x[0], mark.y[0]), (mark.x[1], mark.y[0]), (mark.x[1], mark.y[1]), (mark.x[0], mark.y[1])]
            self._polygon([(x, y + down) for x, y in corners], mark.colour, "none", 0.0, mark.opacity)
        elif isinstance(mark, Dot):
            self._axes.plot([mark.x], [mark.y + down], "o", markersize=2.0 * mark.radius * points,
                            markerfacecolor=mark.fill, markeredgecolor=mark.stroke, markeredgewidth=1.5 * points,
                            clip_on=False)
        elif isinstance(mark, Square):
            self._around(mark.x, mark.y + down, ((-4.0, -4.0), (4.0, -4.0), (4.0, 4.0), (-4.0, 4.0)), mark.colour, True)
        elif isinstance(mark, Sign):
            self._around(mark.x, mark.y + down, _SIGNS[mark.shape], mark.colour, mark.shape not in _OPEN,
                         "white" if mark.hollow or mark.shape in _HOLLOW else mark.colour)
        else:
            self._words(mark, down)

    def _around(self, x: float, y: float, corners: tuple[tuple[float, float], ...], colour: str, closed: bool,
                fill: str = "white") -> None:
        places = [(x + right * self._px, y + below) for right, below in corners]
        if closed:
            self._polygon(places, fill, colour, 1.5, 1.0)
            return
        self._axes.plot([place[0] for place in places], [place[1] for place in places], color=colour,
                        linewidth=1.5 * self._scale * _POINTS_A_PX, clip_on=False, solid_joinstyle="miter")

    def _polygon(self, places: list[tuple[float, float]], fill: str, stroke: str, width: float, alpha: float) -> None:
        from matplotlib.patches import Polygon

        self._axes.add_patch(Polygon(places, closed=True, facecolor=fill, edgecolor=stroke, alpha=alpha, clip_on=False,
                                     linewidth=width * self._scale * _POINTS_A_PX, zorder=2))

    def _words(self, mark: Words, down: float) -> None:
        size, colour = _PAGE_TEXT_PX * self._scale, QUIET if mark.kind == "quiet" else INK
        anchor = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
        x, y = mark.x + mark.aside * self._px, mark.y + down
        bold, halo = mark.kind == "strong", mark.kind == "halo"
        if not mark.after:
            _write(self._axes, x, y, mark.words, size, bold, colour, anchor, halo)
            return
        first, second = (mark.after, mark.words) if mark.anchor == "end" else (mark.words, mark.after)
        styles = {mark.words: (bold, colour), mark.after: (False, QUIET)}
        written = _write(self._axes, x, y, first, size, *styles[first], anchor)
        beside = self._across(written) + 4.0 * self._px
        _write(self._axes, x - beside if mark.anchor == "end" else x + beside, y, second, size, *styles[second], anchor)

    def _across(self, text: Any) -> float:
        """Return how wide words are, in % across."""
        canvas: Any = self._axes.figure.canvas
        return float(text.get_window_extent(canvas.get_renderer()).width) / self._scale * self._px


def _dashes(dash: str, width: float) -> Any:
    return (0, [float(part) / max(width, 1.0) for part in dash.split()]) if dash else "solid"


def _draw_map(canvas: "Canvas", drawn: Map, top: float, bottom: float) -> None:
    """Draw a map as large as there is room for."""
    height = bottom - top - _GAP_PX
    width = min(WIDTH_PX - 2.0 * _MARGIN_PX, height * drawn.width_km / drawn.height_km)
    height = width * drawn.height_km / drawn.width_km
    axes = _axes(canvas, (WIDTH_PX - width) / 2.0, top, width, height, drawn.width_km, drawn.height_km)
    scale = width / _PAGE_WIDTH_PX
    for outline in drawn.outlines:
        _draw_outline(axes, outline, scale)
    for mark in drawn.marks:
        _draw_on_map(axes, mark, drawn, scale)


def _draw_outline(axes: "Axes", outline: Outline, scale: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Drawn

    if not outline.rings:
        return
    path = Drawn.make_compound_path(*(Drawn(ring, closed=outline.closed) for ring in outline.rings))
    width = 0.0 if outline.stroke == "none" else outline.width * scale * _POINTS_A_PX
    style: dict[str, Any] = {"facecolor": outline.fill, "edgecolor": outline.stroke, "linewidth": width,
                             "linestyle": _dashes(outline.dash, outline.width)}
    if outline.hatch:
        style |= {"facecolor": "none", "edgecolor": QUIET, "hatch": "////"}
    patch = PathPatch(path, clip_on=True, **style)
    if outline.opacity < 1.0:
        patch.set_alpha(outline.opacity)
    axes.add_patch(patch)


def _draw_on_map(axes: "Axes", mark: MapMark, drawn: Map, scale: float) -> None:
    across, down = drawn.width_km / 100.0, drawn.height_km / 100.0
    km_a_px = drawn.width_km / (_PAGE_WIDTH_PX * scale)
    points = scale * _POINTS_A_PX
    if isinstance(mark, MapDot):
        axes.plot([mark.x * across], [mark.y * down], "o", color=mark.colour, markersize=6.0 * points,
                  markeredgewidth=0.0)
    elif isinstance(mark, MapLine):
        axes.plot([x * across for x in mark.x], [mark.y * down] * 2, color=mark.colour, linewidth=2.5 * points)
    else:
        kinds = mark.kind.split()
        right, below = (aside * scale * km_a_px for aside in mark.aside)
        _write(axes, mark.x * across + right, mark.y * down + below, mark.words, _PAGE_TEXT_PX * scale,
               "strong" in kinds, QUIET if "quiet" in kinds else INK,
               {"start": "left", "middle": "center", "end": "right"}[mark.anchor], "halo" in kinds)
