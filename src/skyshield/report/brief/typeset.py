"""The brief as a PDF and as a slide, set by Typst; it comes with the extra ``report`` and asks nobody for anything.

The document goes to Typst as JSON, so that no word of a scenario is read as markup; letters are those of the report. No
clock enters: the same study gives the same bytes.
"""

import json
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.report.brief.document import Beside, Block, Brief, Chart
from skyshield.report.brief.flat import flat_svg
from skyshield.report.brief.plain import plain_block

_HERE = Path(__file__).parent
FONTS = Path(__file__).parents[1] / "fonts"
_SLIDE_PPI = 144.0  # 960 x 540 pt are 1920 x 1080 px


def pdf(brief: Brief) -> bytes:
    """Return the brief as a PDF of at most four A4 pages.

    Raises
    ------
    SkyShieldError
        If Typst is not installed.
    """
    return _set("brief.typ", "pdf", document(brief))


def png(brief: Brief) -> bytes:
    """Return the brief as one slide, 1920 x 1080.

    Raises
    ------
    SkyShieldError
        If Typst is not installed.
    """
    slide = brief.slide
    chart = None if slide.chart is None else _block(slide.chart)
    return _set("slide.typ", "png", {
        "language": brief.language, "title": slide.title.text, "foot": brief.foot.text, "chart": chart,
        "lines": [line.text for line in slide.lines]})


def shares(brief: Brief) -> list[float]:
    """Return for each page the share of its size in which it is set; 1 where all of it finds room."""
    made = typst()
    found = json.loads(made.query(read_bytes(_HERE / "brief.typ"), "<share>", sys_inputs=_inputs(document(brief)),
                                   font_paths=[str(FONTS)], ignore_system_fonts=True))
    return [float(one["value"]) for one in found]


def document(brief: Brief) -> dict[str, Any]:
    """Return the brief as plain data, as the template reads it."""
    return {"language": brief.language, "kicker": brief.kicker.text, "title": brief.title.text,
            "question": brief.question.text, "foot": brief.foot.text,
            "pages": [[_block(one) for one in page] for page in brief.pages]}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Chart):
        return {**plain_block(block), "svg": flat_svg(block.drawn, block.share)}
    if isinstance(block, Beside):
        return {**plain_block(block), "left": [_block(one) for one in block.left],
                "right": [_block(one) for one in block.right]}
    return plain_block(block)


def _inputs(content: dict[str, Any]) -> dict[str, str]:
    return {"brief": json.dumps(content, ensure_ascii=False)}


def _set(template: str, kind: str, content: dict[str, Any]) -> bytes:
    made = typst().compile(read_bytes(_HERE / template), format=kind, sys_inputs=_inputs(content),
                            font_paths=[str(FONTS)], ignore_system_fonts=True, ppi=_SLIDE_PPI)
    return bytes(made)


def typst() -> Any:
    """Return Typst.

    Raises
    ------
    SkyShieldError
        If it is not installed.
    """
    try:
        import typst as found
    except ImportError:
        raise SkyShieldError("--format", "needs Typst, which is not installed",
                             "install the extra: pip install 'skyshield[report]', or use --format html") from None
    return found
