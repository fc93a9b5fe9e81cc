"""What a reader takes away from a page: every picture has its numbers, as a table, as CSV and as a picture of its own.

Tried against mutations: a figure without numbers; the mean of another row; a link that names a file elsewhere; the key
left out of the file where the page has none; words not escaped. Each fails at least one test.
"""

import csv
import io
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest

from skyshield.report.downloads import csv_text, svg_file
from skyshield.report.pages import figures
from skyshield.report.rows import Row, intervals
from skyshield.report.slide import HEIGHT_PX, WIDTH_PX, picture, slide
from support.studies import reading_of

SVG = "{http://www.w3.org/2000/svg}"
LINKS = re.compile(r'<figure id="([^"]+)">.*?href="(annex\.html#[^"]+)">table</a>, <a href="data:text/csv;'
                   r'charset=utf-8,([^"]*)" download="([^"]+)">CSV</a>, <a href="data:image/svg\+xml;'
                   r'charset=utf-8,([^"]*)" download="([^"]+)">SVG</a>', flags=re.DOTALL)


def ours(text):
    """Parse a picture that this program wrote."""
    return ET.fromstring(text)  # noqa: S314


@pytest.fixture(scope="module")
def drawn(study):
    return {figure.key: figure for figure in figures(reading_of(*study).view)}


@pytest.fixture(scope="module")
def one():
    row = {"delta": 3.0, "lo": 1.0, "hi": 5.0, "spread_lo": 0.0, "spread_hi": 9.0, "mcse": 0.1}
    return intervals("it", [Row("A <zone> & more", "#0072B2", row), Row("None", "#009E73", {**row, "delta": None})],
                     "The finding", "Threats", "A note", "On this page", explained=False)


def test_every_picture_of_both_pages_has_its_numbers_and_links(both, drawn, annex):
    found = LINKS.findall(both.report) + LINKS.findall(both.annex)
    assert len(found) == both.report.count("<figure ") + both.annex.count("<figure ")
    assert {key for key, *_ in found} == set(drawn)
    for key, table, text, csv_name, svg, svg_name in found:
        assert (table, csv_name, svg_name) == (f"annex.html#numbers-{key}", f"{key}.csv", f"{key}.svg")
        rows = list(csv.reader(io.StringIO(unquote(text))))
        numbers = drawn[key].numbers
        assert rows[0] == [numbers.head[0] or drawn[key].measure, *numbers.head[1:]]
        assert len(rows) == len(numbers.rows) + 1 > 1
        for cells, row in zip(rows[1:], numbers.rows, strict=True):
            for cell, value in zip(cells, row, strict=True):
                assert cell == ("" if value is None else value) or float(cell) == pytest.approx(value, rel=1e-5)
        assert len(annex.tables[f"numbers-{key}"]) == len(rows)
        words = " ".join("".join(text.itertext()) for text in ours(unquote(svg)).iter(f"{SVG}text"))
        assert "Source: SkyShield, study" in words and drawn[key].title[:20] in words


def test_numbers_are_those_drawn(one):
    assert csv_text(one.numbers).splitlines() == [
        ',mean,"95% of the expected outcome, from","95% of the expected outcome, to","95% of single periods, from",'
        '"95% of single periods, to"', "A <zone> & more,3.0,1.0,5.0,0.0,9.0", "None,,1.0,5.0,0.0,9.0"]


def test_a_file_stands_alone(one):
    words = [text.text for text in ours(svg_file(one, "Source: here")).iter(f"{SVG}text")]
    assert {"The finding", "Threats", "A note", "Source: here", "95% of the expected outcome"} <= set(words)
    assert "On this page" not in words  # what speaks of other pictures is the page's
    assert "95% of the expected outcome" not in one.svg


def test_a_slide_holds_the_same(one):
    made = slide(one, "Source: here")
    texts = {text.get_text() for axes in made.axes for text in axes.texts}
    assert {"The finding", "A note", "Source: here", "A <zone> & more", "95% of single periods"} <= texts
    assert "On this page" not in texts
    width, height = made.get_size_inches() * 96.0
    assert (round(width), round(height)) == (WIDTH_PX, HEIGHT_PX)
    axes = made.axes[1]
    (dot,) = [line for line in axes.lines if line.get_marker() == "o"]
    (bar, *_) = axes.patches
    left, right = (x for x, _ in bar.get_xy()[[0, 1]])
    assert dot.get_xdata()[0] == pytest.approx((left + right) / 2.0)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures_are_of_slide_size_and_the_same_bytes(one, drawn, kind):
    first, again = (picture(one, "Source: here", kind) for _ in range(2))
    assert first == again
    made = [picture(figure, "Source: here", kind) for key, figure in drawn.items() if key in ("map-1", "figure-fates")]
    for content in (first, *made):
        if kind == "png":
            width, height = (int.from_bytes(content[at:at + 4], "big") for at in (16, 20))
            assert width == 1920 and height >= 1080
        else:
            assert ours(content).get("viewBox").startswith("0 0 960 ")
            assert b"Date" not in content


def test_a_figure_with_more_rows_than_a_slide_holds_grows_in_height():
    row = {"delta": 3.0, "lo": 1.0, "hi": 5.0, "mcse": 0.1}
    tall = intervals("tall", [Row(f"Option {k}", "#0072B2", row) for k in range(30)], "The finding", "Threats")
    width, height = slide(tall, "Source: here").get_size_inches() * 96.0
    assert round(width) == WIDTH_PX and height > HEIGHT_PX
