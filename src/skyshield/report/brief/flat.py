"""A picture of the brief as an SVG file of one size, for paper or a slide; those of a page are as wide as it."""

from markupsafe import Markup

from skyshield.report.brief.sketch import LETTER_PX, WIDE_PX
from skyshield.report.marks import Map, Outline, Rows, svg_lines
from skyshield.report.svg import QUIET

_STYLE = ("text{{font:{size:g}px 'SkyShield Sans';fill:#1a1a1a}}.quiet{{fill:#595959}}.strong{{font-weight:700}}"
          ".halo{{paint-order:stroke;stroke:#fff;stroke-width:3px}}.far{{font-size:{far:g}px}}")
_FAR_PX = 9.0  # letters of the neighbours' names
_HATCH_PX, _HATCH_WIDTH_PX = 7.0, 1.6


def flat_svg(drawn: Rows | Map, share: float = 1.0) -> str:
    """Return a picture as a file of its own that takes a share of a sheet's width.

    Parameters
    ----------
    drawn
        Its marks; rows as wide as a sheet have their key among them.
    share
        Of the width; letters keep their size.
    """
    width = WIDE_PX * share
    if isinstance(drawn, Map):
        return _map(drawn, width)
    lines = "".join(svg_lines(drawn.marks))
    return _file(width, drawn.height, Markup(lines))  # noqa: S704 - words are escaped in each mark


def _file(width: float, height: float, body: Markup) -> str:
    style = _STYLE.format(size=LETTER_PX, far=_FAR_PX)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}"><style>{style}</style>{body}</svg>')


def _map(drawn: Map, width: float) -> str:
    """Return a map in px, its lines as wide as on a page."""
    scale = width / drawn.width_km
    hatch = (f'<defs><pattern id="hatch" width="{_HATCH_PX:g}" height="{_HATCH_PX:g}" patternUnits="userSpaceOnUse" '
             f'patternTransform="rotate(45)"><path d="M0 0V{_HATCH_PX:g}" stroke="{QUIET}" '
             f'stroke-width="{_HATCH_WIDTH_PX:g}"/></pattern></defs>')
    body = [hatch, *(_outline(one, scale) for one in drawn.outlines), *(mark.svg() for mark in drawn.marks)]
    return _file(width, drawn.height_km * scale, Markup("".join(body)))  # noqa: S704 - words are escaped in each mark


def _outline(one: Outline, scale: float) -> str:
    path = "".join("M" + "L".join(f"{x * scale:.1f} {y * scale:.1f}" for x, y in ring) + ("Z" if one.closed else "")
                   for ring in one.rings)
    fill = "url(#hatch)" if one.hatch else one.fill
    dashed = f' stroke-dasharray="{one.dash}"' if one.dash else ""
    return (f'<path d="{path}" fill="{fill}" fill-rule="evenodd" fill-opacity="{one.opacity:g}" stroke="{one.stroke}" '
            f'stroke-width="{one.width:g}"{dashed}/>')
