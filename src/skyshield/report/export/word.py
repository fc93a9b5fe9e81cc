"""The answer as a Word document, in the user's own template where one is given.

The template gives styles, page, header and footer; what stands in its body is replaced. A style that it lacks is done
without.
"""

import io
from typing import TYPE_CHECKING, Any

from skyshield.report.export.answer import Answer, TextTable, answer_of
from skyshield.report.export.archive import redated
from skyshield.report.export.template import DOCUMENT, opened
from skyshield.report.slide import picture
from skyshield.study.view import StudyView

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length

_PAGE_IN = 6
_FIRST_COLUMN = 0.28  # of the table's width
TABLE_STYLES = ("Table Grid", "Light List", "Normal Table")
_SMALL_PT = 9


def document(view: StudyView, template: bytes | None = None) -> bytes:
    """Return the answer of a study as a document.

    Raises
    ------
    SkyShieldError
        If the template cannot be opened.
    """
    import docx

    made = docx.Document() if template is None else opened(docx.Document, template, DOCUMENT)
    _empty(made)
    _write(made, answer_of(view))
    made.core_properties.title = view.scenario.title
    out = io.BytesIO()
    made.save(out)
    return redated(out.getvalue())


def _empty(made: "Document") -> None:
    """Take away what stands in the body, all but the last section's page, header and footer."""
    body = made.element.body
    for part in list(body):
        if not part.tag.endswith("}sectPr"):
            body.remove(part)


def _write(made: "Document", answer: Answer) -> None:
    _paragraph(made, answer.title, "Title")
    _paragraph(made, answer.question, "Subtitle")
    for mark in answer.marks:
        _paragraph(made, f"Note: {mark}.", "Intense Quote")
    _paragraph(made, "The answer", "Heading 1")
    _paragraph(made, answer.sentence)
    for figure in answer.figures:
        made.add_picture(io.BytesIO(picture(figure, answer.source, "png")), width=_text_width(made))
    for table in answer.tables:
        _paragraph(made, table.caption, "Caption")
        _table(made, table)
        _paragraph(made, table.note, small=True)
    if answer.conditions:
        _paragraph(made, "What would have to be true", "Heading 1")
        for words in answer.conditions:
            _paragraph(made, words)
    _paragraph(made, "What this cannot say", "Heading 1")
    for limit in answer.limits:
        _paragraph(made, limit, "List Bullet")
    _paragraph(made, answer.played, small=True)
    _paragraph(made, answer.source, small=True)


def _text_width(made: "Document") -> "Length":
    """Return the width between the margins."""
    from docx.shared import Inches, Length

    page = made.sections[-1]
    return Length((page.page_width or Inches(_PAGE_IN)) - (page.left_margin or 0) - (page.right_margin or 0))


def _paragraph(made: Any, text: str, style: str | None = None, small: bool = False) -> None:
    """Add a paragraph in a style of the template, plain where it has none of that name."""
    from docx.shared import Pt

    if not text:
        return
    added = made.add_paragraph()
    if style is not None and style in [one.name for one in made.styles]:
        added.style = made.styles[style]
    run = added.add_run(text)
    if small:
        run.font.size = Pt(_SMALL_PT)


def _table(made: "Document", told: TextTable) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Length, Pt

    table = made.add_table(rows=1 + len(told.rows), cols=len(told.head))
    table.autofit = False
    wide = int(_text_width(made) * _FIRST_COLUMN)
    narrow = (_text_width(made) - wide) // max(1, len(told.head) - 1)
    for k, column in enumerate(table.columns):
        column.width = Length(narrow if k else wide)
    style = next((name for name in TABLE_STYLES if name in [one.name for one in made.styles]), None)
    if style is not None:
        table.style = made.styles[style]
    for place, row in enumerate((told.head, *told.rows)):
        whole = table.rows[place]._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no call for it
        whole.append(OxmlElement("w:cantSplit"))
        if place == 0:
            whole.append(OxmlElement("w:tblHeader"))
        for k, (cell, text) in enumerate(zip(table.rows[place].cells, row, strict=True)):
            cell.width = Length(narrow if k else wide)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(_SMALL_PT), place == 0
            if place > 0 and k > 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
