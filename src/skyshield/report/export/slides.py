"""The answer as slides, on the user's own master and layouts where a template is given.

The question, the answer, its chart, the table, what would have to be true and what it cannot say. A slide takes the
layout of the template that has a title and no more, the first one that of a title slide; slides that the template holds
are taken out.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.answer import Answer, answer_of
from skyshield.report.export.archive import redated
from skyshield.report.export.template import PRESENTATION, opened
from skyshield.report.slide import picture
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WIDE = (12_192_000, 6_858_000)  # 16:9 in English metric units
_MARGIN, _BELOW_TITLE, _FOOT = 0.05, 0.2, 0.93  # shares of the slide
_TEXT_PT, _TABLE_PT, _SOURCE_PT = 18, 10, 10
_TITLES = ("The options", "One option against another")
_ROWS_A_SLIDE, _FIRST_COLUMN = 10, 0.28


def slides(view: StudyView, template: bytes | None = None) -> bytes:
    """Return the answer of a study as slides.

    Raises
    ------
    SkyShieldError
        If the template cannot be opened, or has no layout with a title.
    """
    import pptx

    made = pptx.Presentation() if template is None else opened(pptx.Presentation, template, PRESENTATION)
    _empty(made)
    if template is None:
        _widen(made)
    first, plain = _layouts(made)
    _write(made, first, plain, answer_of(view))
    made.core_properties.title = view.scenario.title
    out = io.BytesIO()
    made.save(out)
    return redated(out.getvalue())


def _empty(made: "Presentation") -> None:
    """Take out the slides that a template holds."""
    listed = made.slides._sldIdLst  # noqa: SLF001 - the library has no call for it
    for one in list(listed):
        made.part.drop_rel(one.rId)
        listed.remove(one)


def _widen(made: "Presentation") -> None:
    """Give the library's own template the shape of a screen."""
    from pptx.util import Emu

    across, down = _WIDE[0] / int(made.slide_width or 1), _WIDE[1] / int(made.slide_height or 1)
    holders: Any = (made.slide_master, *made.slide_layouts)
    for holder in holders:
        for shape in holder.placeholders:
            if shape._element.spPr.xfrm is not None:  # noqa: SLF001 - others follow their master
                shape.left, shape.width = int(shape.left * across), int(shape.width * across)
                shape.top, shape.height = int(shape.top * down), int(shape.height * down)
    made.slide_width, made.slide_height = Emu(_WIDE[0]), Emu(_WIDE[1])


def _layouts(made: "Presentation") -> tuple[Any, Any]:
    """Return the layout of the first slide and that of the others: with a title, and the fewest places beside it.

    Raises
    ------
    SkyShieldError
        If no layout has a title.
    """
    from pptx.enum.shapes import PP_PLACEHOLDER as KINDS

    furniture = (KINDS.DATE, KINDS.FOOTER, KINDS.SLIDE_NUMBER)
    titled = []
    layouts: Any = made.slide_layouts
    for layout in layouts:
        kinds = [shape.placeholder_format.type for shape in layout.placeholders]
        if KINDS.TITLE in kinds or KINDS.CENTER_TITLE in kinds:
            places = sum(kind not in furniture for kind in kinds)
            titled.append((places, KINDS.CENTER_TITLE in kinds, KINDS.SUBTITLE in kinds, layout))
    if not titled:
        raise SkyShieldError("--template", "has no layout with a title", "give a presentation whose master has one")
    plain = min(titled, key=lambda one: one[:2])[-1]
    return next((layout for *_, subtitled, layout in titled if subtitled), plain), plain


def _write(made: "Presentation", first: Any, plain: Any, answer: Answer) -> None:
    opening = made.slides.add_slide(first)
    opening.shapes.title.text = answer.title
    below = [shape for shape in opening.placeholders if shape != opening.shapes.title and shape.has_text_frame]
    if below:
        from pptx.util import Pt

        below[0].text = answer.question
        below[0].text_frame.paragraphs[0].font.size = Pt(_TEXT_PT)
    else:
        _text(made, opening, [answer.question])
    _source(made, opening, answer)
    told = _slide(made, plain, "The answer", answer)
    words = [answer.sentence, *(f"Note: {mark}." for mark in answer.marks)]
    _text(made, told, words)
    for figure, title in zip(answer.figures, _TITLES, strict=False):
        _picture(made, _slide(made, plain, title), picture(figure, answer.source, "png"))
    for table, title in zip(answer.tables, _TITLES, strict=False):
        for start in range(0, len(table.rows), _ROWS_A_SLIDE):
            slide = _slide(made, plain, f"{title}, in figures" + (", continued" if start else ""), answer)
            _table(made, slide, table.head, table.rows[start:start + _ROWS_A_SLIDE])
    if answer.conditions:
        _text(made, _slide(made, plain, "What would have to be true", answer), answer.conditions)
    _text(made, _slide(made, plain, "What this cannot say", answer), [f"• {limit}" for limit in answer.limits])


def _slide(made: "Presentation", layout: Any, title: str, answer: Answer | None = None) -> Any:
    """Add a slide with a title and, if an answer is given, its source: a chart has its own."""
    slide = made.slides.add_slide(layout)
    slide.shapes.title.text = title
    for shape in list(slide.placeholders):
        if shape != slide.shapes.title and shape.has_text_frame and not shape.text_frame.text:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001 - an empty place would ask to be filled
    if answer is not None:
        _source(made, slide, answer)
    return slide


def _box(made: "Presentation", top: float, bottom: float) -> tuple[int, int, int, int]:
    """Return left, top, width and height between two shares of the slide's height."""
    width, height = int(made.slide_width or 0), int(made.slide_height or 0)
    return (int(_MARGIN * width), int(top * height), int((1 - 2 * _MARGIN) * width), int((bottom - top) * height))


def _text(made: "Presentation", slide: Any, paragraphs: Sequence[str]) -> None:
    from pptx.util import Pt

    frame = slide.shapes.add_textbox(*_box(made, _BELOW_TITLE, _FOOT)).text_frame
    frame.word_wrap = True
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.font.size, paragraph.space_after = text, Pt(_TEXT_PT), Pt(_TEXT_PT / 2)


def _source(made: "Presentation", slide: Any, answer: Answer) -> None:
    from pptx.util import Pt

    frame = slide.shapes.add_textbox(*_box(made, _FOOT, 1.0)).text_frame
    frame.word_wrap = True
    frame.paragraphs[0].text, frame.paragraphs[0].font.size = answer.source, Pt(_SOURCE_PT)


def _picture(made: "Presentation", slide: Any, content: bytes) -> None:
    left, top, width, height = _box(made, _BELOW_TITLE, _FOOT)
    added = slide.shapes.add_picture(io.BytesIO(content), left, top, height=height)
    if added.width > width:
        added.height, added.width = int(added.height * width / added.width), width
    added.left = left + (width - added.width) // 2


def _table(made: "Presentation", slide: Any, head: Sequence[str], body: Sequence[Sequence[str]]) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    left, top, width, height = _box(made, _BELOW_TITLE, _FOOT)
    rows = (head, *body)
    table = slide.shapes.add_table(len(rows), len(head), left, top, width, height // 2).table
    wide = int(width * _FIRST_COLUMN)
    for k, column in enumerate(table.columns):
        column.width = Pt(0) + (wide if k == 0 else (width - wide) // max(1, len(head) - 1))
    for place, row in enumerate(rows):
        for k, text in enumerate(row):
            cell = table.cell(place, k)
            first, *more = text.split("\n")
            cell.text = first + (f" ({' '.join(more)})" if more else "")
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(_TABLE_PT)
                paragraph.alignment = PP_ALIGN.LEFT if k == 0 else PP_ALIGN.RIGHT
