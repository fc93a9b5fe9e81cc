"""Charts at slide size: all of the report's, the answer's under the name given, each with its source line."""

import io
import re

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.report.export.job import export
from skyshield.report.pages import figures


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_every_chart_has_a_file(place, view, kind):
    keys = {figure.key.removeprefix("figure-") for figure in figures(view)} - {"answer"}
    assert len(keys) >= 3
    assert {path.name for path in (place / kind).iterdir()} == {f"it.{kind}", *(f"it-{key}.{kind}" for key in keys)}


def test_they_have_the_size_of_a_slide(place):
    from PIL import Image

    with Image.open(io.BytesIO((place / "png" / "it.png").read_bytes())) as shown:
        assert shown.size == (1920, 1080)


def test_documents_and_slides_hold_the_charts(place):
    import docx
    import pptx

    assert len(docx.Document(str(place / "docx" / "it.docx")).inline_shapes) == 2
    shown = [shape for slide in pptx.Presentation(str(place / "pptx" / "it.pptx")).slides for shape in slide.shapes
             if shape.shape_type == 13]
    assert len(shown) == 2


def test_no_chart_beside_the_named_one_is_replaced_unasked(folder, place, tmp_path):
    beside = next(path.name for path in (place / "svg").iterdir() if re.match(r"it-", path.name))
    (tmp_path / beside).write_text("mine")
    with pytest.raises(SkyShieldError, match=f"{beside}: exists already"):
        export(folder, tmp_path / "it.svg")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(beside, "mine")]
