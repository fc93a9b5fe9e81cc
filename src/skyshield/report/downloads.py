"""What a reader takes away from a picture of the pages: its numbers as CSV and the picture as SVG, inside of the page.

Both are links to their own content, so that they work offline and without a script.
"""

import csv
import io
from urllib.parse import quote

from markupsafe import Markup, escape

from skyshield.report.marks import Map, svg_lines
from skyshield.report.svg import Figure, Numbers, with_key
from skyshield.report.tables import Table
from skyshield.report.text import number
from skyshield.study.compare import rounded

_WIDTH_PX, _TEXT_PX, _SMALL_PX, _LINE_PX, _LETTER = 760.0, 17.0, 13.0, 1.35, 0.53
_EDGE_PX = 12.0
_STYLE = ("text{font:14px 'Noto Sans',Arial,sans-serif;fill:#1a1a1a}.quiet{fill:#595959;font-weight:400}"
          ".strong{font-weight:700}.halo{paint-order:stroke;stroke:#fff;stroke-width:3px}")


def csv_text(numbers: Numbers, what: str = "") -> str:
    r"""Return a figure's numbers as CSV, at 6 significant digits; the first head says what they are, with the unit.

    Examples
    --------
    >>> csv_text(Numbers(("", "mean"), (("Zone, wide", 1.23456789), ("Aid", None))))
    ',mean\r\n"Zone, wide",1.23457\r\nAid,\r\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([numbers.head[0] or what, *numbers.head[1:]])
    writer.writerows([rounded(value) for value in row] for row in numbers.rows)
    return stream.getvalue()


def csv_link(figure: Figure) -> str:
    """Return the address of a figure's numbers, which holds them."""
    if figure.numbers is None:
        return ""
    return f"data:text/csv;charset=utf-8,{quote(csv_text(figure.numbers, figure.measure))}"


def svg_link(figure: Figure, source: str) -> str:
    """Return the address of a figure as a file of its own, which holds it."""
    return f"data:image/svg+xml;charset=utf-8,{quote(svg_file(figure, source), safe=' =:/;,')}"


def svg_file(figure: Figure, source: str) -> str:
    """Return a figure as an SVG file: its title, what is measured, the picture and its source."""
    parts, y = [], 6.0
    for words, size_px, kind in ((figure.title, _TEXT_PX, "strong"), (figure.measure, _SMALL_PX, "quiet")):
        for line in _lines(words, size_px):
            y += size_px * _LINE_PX
            parts.append(f'<text x="0" y="{y:g}" class="{kind}" style="font-size:{size_px:g}px">{escape(line)}</text>')
    y += 12.0
    if isinstance(figure.drawn, Map):
        height = _WIDTH_PX * figure.drawn.height_km / figure.drawn.width_km
        inner = figure.svg.partition(">")[2]
    else:
        marks, height = with_key(figure.drawn)
        inner = Markup("\n".join([*svg_lines(marks), "</svg>"]))  # noqa: S704 - words are escaped in each mark
    parts.append(f'<svg x="0" y="{y:g}" width="{_WIDTH_PX:g}" height="{height:g}">{inner}')
    y += height
    for words in filter(None, (figure.note, source)):
        for line in _lines(words, _SMALL_PX):
            y += _SMALL_PX * _LINE_PX
            parts.append(f'<text x="0" y="{y:g}" class="quiet" style="font-size:{_SMALL_PX:g}px">{escape(line)}</text>')
    width, down = _WIDTH_PX + 2.0 * _EDGE_PX, y + _EDGE_PX
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{down:g}"><style>{_STYLE}</style>'
            f'<rect width="{width:g}" height="{down:g}" fill="#fff"/><g transform="translate({_EDGE_PX:g} 0)">'
            f'{"".join(parts)}</g></svg>')


def _lines(words: str, size_px: float) -> list[str]:
    import textwrap

    return textwrap.wrap(words, int(_WIDTH_PX / (size_px * _LETTER)))


def number_table(figure: Figure) -> Table | None:
    """Return a figure's numbers as a table for the annex."""
    if figure.numbers is None:
        return None
    rows = tuple(tuple(_cell(value) for value in row) for row in figure.numbers.rows)
    return Table(f"numbers-{figure.key}", f"{figure.title}. {figure.measure}", figure.numbers.head, rows, numeric=True)


def _cell(value: str | float | None) -> str | Markup:
    return value if isinstance(value, str) else number(value)
