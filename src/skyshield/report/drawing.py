"""One way to draw with matplotlib: the figures that commands write as files, with the same bytes every time.

The pages draw their own (`skyshield.report.svg`). Text becomes outlines, so that a figure looks the same on every
machine; the title and the description carry what it says to those who do not see it. Identifiers are prefixed with the
figure's key; namespaces, comments, metadata and style sheets are taken out, so that nothing points elsewhere.
"""

import io
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

INK, QUIET, RULE = "#1a1a1a", "#595959", "#bdbdbd"
BLUE, PALE_BLUE, ORANGE, GREEN, GREY, PALE = "#0b5394", "#9fc5e8", "#b45f06", "#38761d", "#8a8a8a", "#ececec"

_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "skyshield", "svg.fonttype": "path", "text.parse_math": False, "font.family": "DejaVu Sans",
    "font.size": 10.0, "axes.edgecolor": QUIET, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False, "hatch.linewidth": 0.7,
    "figure.facecolor": "white", "path.simplify": True,
}
WIDTH_IN = 8.4  # of every figure, the text's width
_BETWEEN_ROWS = 0.1


@contextmanager
def drawing() -> Iterator[None]:
    """Hold matplotlib's own defaults and ours, whatever the user's settings are."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def canvas(width_in: float, height_in: float, rows: int = 1, columns: int = 1) -> "tuple[Canvas, list[Axes]]":
    """Return an empty figure and its axes, row by row."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Made
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Made(figsize=(width_in, height_in), layout=ConstrainedLayoutEngine(hspace=_BETWEEN_ROWS))
    FigureCanvasSVG(figure)
    return figure, list(figure.subplots(rows, columns, squeeze=False).ravel())


def grid(axes: "Axes", along: Literal["x", "y"]) -> None:
    """Draw quiet lines behind everything, across one axis."""
    axes.grid(axis=along, color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)


def legend(figure: "Canvas", handles: Sequence[Any], columns: int | None = None,
           place: 'Literal["outside upper center", "outside lower center"]' = "outside upper center") -> None:
    """Put the legend outside of the axes, in so many columns, all in one row if not said."""
    figure.legend(handles=list(handles), loc=place, ncols=len(handles) if columns is None else columns, frameon=False,
                  fontsize=9, handlelength=1.6)


def finish(figure: "Canvas", key: str, title: str, description: str) -> Markup:
    """Turn a drawn figure into SVG."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return inline(buffer.getvalue(), key, title, description)


def inline(svg: str, key: str, title: str, description: str) -> Markup:
    """Return an SVG file's content as markup for a page.

    Examples
    --------
    >>> made = inline('<?xml?><svg width="1" viewBox="0 0 1 1"><g id="a"/></svg>', "f", "Title", "<")
    >>> 'id="f-a"' in made, '<desc id="f-desc">&lt;</desc>' in made, "width" in made
    (True, True, False)
    """
    svg = svg[svg.index("<svg"):].strip()
    for pattern in (r"<!--.*?-->", r"<metadata>.*?</metadata>", r"<style.*?</style>", r"\n\s*(?=\n)"):
        svg = re.sub(pattern, "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bd="[^"]+"', _short, svg)
    svg = re.sub(r"xlink:href=", "href=", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{key}-\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{key}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", svg)
    head, _, body = svg.partition(">")
    view = re.search(r'viewBox="[^"]+"', head)
    opened = (f'<svg {view.group() if view else ""} role="img" aria-labelledby="{key}-title {key}-desc">'
              f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>')
    return Markup(opened + body)  # noqa: S704 - matplotlib's own text, parts from the scenario are outlines or escaped


def _short(path: "re.Match[str]") -> str:
    """Return a path with its coordinates at a hundredth of a point."""
    return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number.group()):.2f}", path.group())


def wrapped(text: str, width: int = 34, lines: int = 3) -> str:
    r"""Return a label in at most so many lines.

    Examples
    --------
    >>> wrapped("a label of several words", 10, 2)
    'a label of\nseveral …'
    """
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))
