"""Documents, slides and workbooks: what they say, in the user's own template, and that LibreOffice opens them."""

import io
import zipfile

import pandas as pd
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.answer import answer_of
from skyshield.report.export.job import export
from skyshield.report.export.template import DOCUMENT, PRESENTATION


def words_of_document(path):
    import docx

    made = docx.Document(str(path))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in made.paragraphs] + cells


def words_of_slides(path):
    import pptx

    words = []
    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                words += [paragraph.text for paragraph in shape.text_frame.paragraphs]
            if shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
    return words


@pytest.mark.parametrize(("kind", "read"), [("docx", words_of_document), ("pptx", words_of_slides)])
def test_they_say_the_answer(place, view, kind, read):
    answer, words = answer_of(view), read(place / kind / f"it.{kind}")
    for said in (answer.title, answer.question, answer.sentence, *answer.limits, answer.source, *answer.conditions,
                 *(head for table in answer.tables for head in table.head)):
        assert said in "\n".join(words)
    assert len(answer.tables) == 2 and answer.tables[0].rows and len(answer.limits) <= 5
    for row in (row for table in answer.tables for row in table.rows):
        assert any(word.startswith(row[0].splitlines()[0]) for word in words)
        assert any(word.startswith(row[1].splitlines()[0]) for word in words)
    assert view.manifest["study_key"] in answer.source


def test_compared_with_another_option_the_sentence_says_so(folder, tmp_path):
    export(folder, tmp_path / "it.docx", to="region")
    text = "\n".join(words_of_document(tmp_path / "it.docx"))
    assert "than with “SkyShield over the region”: “Ukraine's own defence alone”" in text


@pytest.fixture
def letter(tmp_path):
    """A Word template with its own styles, page and header, and text that is to go."""
    import docx
    from docx.shared import Mm, Pt

    made = docx.Document()
    made.styles["Heading 1"].font.name, made.styles["Heading 1"].font.size = "Courier New", Pt(31)
    made.sections[0].page_width = Mm(140)
    made.sections[0].header.paragraphs[0].text = "Institute of Examples"
    made.add_paragraph("Text of the template")
    made.save(tmp_path / "letter.docx")
    return tmp_path / "letter.docx"


@pytest.fixture
def master(tmp_path):
    """A PowerPoint template with a size and a layout of its own, and a slide that is to go."""
    import pptx
    from pptx.util import Mm

    made = pptx.Presentation()
    made.slide_width = Mm(300)
    for layout in made.slide_layouts:
        layout.name = f"House {layout.name}"
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Slide of the template"
    made.save(tmp_path / "master.pptx")
    return tmp_path / "master.pptx"


def test_a_documents_template_gives_styles_page_and_header(folder, letter, tmp_path):
    import docx

    export(folder, tmp_path / "it.docx", template=letter)
    made = docx.Document(str(tmp_path / "it.docx"))
    used = {paragraph.style.name: paragraph.style.font.name for paragraph in made.paragraphs}
    assert used["Heading 1"] == "Courier New"
    assert made.sections[0].header.paragraphs[0].text == "Institute of Examples"
    assert round(made.sections[0].page_width.mm) == 140
    assert "Text of the template" not in words_of_document(tmp_path / "it.docx")


def test_a_presentations_template_gives_size_and_layouts(folder, master, tmp_path):
    import pptx

    export(folder, tmp_path / "it.pptx", template=master)
    made = pptx.Presentation(str(tmp_path / "it.pptx"))
    assert round(made.slide_width.mm) == 300
    assert {slide.slide_layout.name for slide in made.slides} == {"House Title Slide", "House Title Only"}
    assert "Slide of the template" not in words_of_slides(tmp_path / "it.pptx")
    with zipfile.ZipFile(tmp_path / "it.pptx") as packed:
        assert len(packed.namelist()) == len(set(packed.namelist()))


def test_a_document_that_lacks_every_style(folder, letter, tmp_path):
    import docx

    made = docx.Document(str(letter))
    for style in list(made.styles):
        if style.name not in ("Normal", "Default Paragraph Font"):
            style.delete()
    made.save(letter)
    export(folder, tmp_path / "it.docx", template=letter)
    assert "The answer" in words_of_document(tmp_path / "it.docx")


@pytest.mark.parametrize(("kind", "which"), [("docx", DOCUMENT), ("pptx", PRESENTATION)])
def test_a_file_saved_as_a_template_serves_as_one(folder, letter, master, tmp_path, kind, which):
    source = {"docx": letter, "pptx": master}[kind]
    saved = tmp_path / "saved"
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(saved, "w") as out:
        for name in packed.namelist():
            out.writestr(name, packed.read(name).replace(which.main, which.template))
    export(folder, tmp_path / f"it.{kind}", template=saved)
    assert (tmp_path / f"it.{kind}").exists()


def bad_templates():
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as out:
        out.writestr("a.txt", "a")
    return {"text": b"no template", "another archive": empty.getvalue(), "cut off": b"PK\x03\x04broken"}


@pytest.mark.parametrize("kind", ["docx", "pptx"])
@pytest.mark.parametrize("name", bad_templates())
def test_what_is_no_template(folder, tmp_path, kind, name):
    (tmp_path / "bad").write_bytes(bad_templates()[name])
    with pytest.raises(SkyShieldError, match=r"bad: is not a (Word|PowerPoint)") as error:
        export(folder, tmp_path / f"it.{kind}", template=tmp_path / "bad")
    assert error.value.exit_code == 2 and not (tmp_path / f"it.{kind}").exists()


def test_a_template_of_the_other_kind_and_a_damaged_one(folder, letter, master, tmp_path):
    with pytest.raises(SkyShieldError, match="is a PowerPoint presentation, not a Word document"):
        export(folder, tmp_path / "it.docx", template=master)
    with pytest.raises(SkyShieldError, match="is a Word document, not a PowerPoint presentation"):
        export(folder, tmp_path / "it.pptx", template=letter)
    with zipfile.ZipFile(letter) as packed:
        types = packed.read("[Content_Types].xml")
    with zipfile.ZipFile(tmp_path / "hollow.docx", "w") as out:
        out.writestr("[Content_Types].xml", types)
    with pytest.raises(SkyShieldError, match="is a damaged file, not a Word document"):
        export(folder, tmp_path / "it.docx", template=tmp_path / "hollow.docx")


def test_a_presentation_without_a_title(folder, master, tmp_path):
    import pptx

    made = pptx.Presentation(str(master))
    for layout in made.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    made.save(master)
    with pytest.raises(SkyShieldError, match="has no layout with a title"):
        export(folder, tmp_path / "it.pptx", template=master)


def test_libreoffice_opens_the_workbook(place, office, tmp_path, summary):
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    made = office(place / "xlsx" / "it.xlsx", every_sheet, tmp_path)
    assert {path.stem.removeprefix("it-") for path in made} >= {"about", "options", "paired", "catalogue"}
    read = pd.read_csv(tmp_path / "it-paired.csv").set_index(["option", "measure"])
    told = summary["paired"]["region"]["cost_eur"]
    assert read.loc[("region", "cost_eur"), "delta"].item() == told["delta"]


@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_libreoffice_opens_documents_and_slides(place, office, tmp_path, view, kind):
    made = office(place / kind / f"it.{kind}", {"docx": "txt:Text (encoded):UTF8", "pptx": "pdf"}[kind], tmp_path)
    assert len(made) == 1 and made[0].stat().st_size > 500
    if kind == "docx":
        answer, text = answer_of(view), made[0].read_text("utf-8-sig")
        assert answer.sentence in text and answer.tables[0].rows[0][1].splitlines()[0] in text
