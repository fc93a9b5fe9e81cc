"""The brief as one page of HTML that fetches nothing: its words and pictures, those as wide as their column."""

from pathlib import Path
from typing import Any

from markupsafe import Markup

from skyshield.core.files import read_text
from skyshield.report.brief.document import Beside, Block, Brief, Chart
from skyshield.report.brief.plain import plain_block
from skyshield.report.map import map_svg
from skyshield.report.marks import Map, svg_lines
from skyshield.report.pages import environment, style_sheet
from skyshield.report.svg import opened, with_key

_CSS = Path(__file__).parents[1] / "templates" / "brief.css"


def html(brief: Brief) -> bytes:
    """Return the brief as one self-contained page."""
    content = {"language": brief.language, "kicker": brief.kicker.text, "title": brief.title.text,
               "question": brief.question.text, "foot": brief.foot.text,
               "pages": [[_block(one) for one in page] for page in brief.pages]}
    css = Markup(page_css())  # noqa: S704 - our own files
    return str(environment().get_template("brief.html.j2").render(brief=content, css=css)).lstrip().encode()


def page_css() -> str:
    """Return the style sheet of a page of blocks, with the letters inside."""
    return f"{style_sheet()}\n{read_text(_CSS)}"


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Chart):
        return {**plain_block(block), "key": block.key, "svg": _svg(block)}
    if isinstance(block, Beside):
        return {"kind": "beside", "left": [_block(one) for one in block.left],
                "right": [_block(one) for one in block.right]}
    return plain_block(block)


def _svg(chart: Chart) -> Markup:
    drawn, said = chart.narrow, chart.description.text
    if isinstance(drawn, Map):
        return map_svg(chart.key, drawn, said)
    marks, height = with_key(drawn)
    return opened(chart.key, f'width="100%" height="{height:g}"', said) + Markup(  # noqa: S704 - words are escaped
        "\n".join([*svg_lines(marks), "</svg>"]))
