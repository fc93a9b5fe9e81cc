"""The brief on paper, as a page and as a slide.

Tried to fail: `date: none` taken out of the template.
"""

import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.report.brief.document import MOST_PAGES, Text
from skyshield.report.brief.flat import flat_svg
from skyshield.report.brief.page import html
from skyshield.report.brief.sketch import four_colours
from skyshield.report.brief.traced import Said
from skyshield.report.brief.typeset import pdf, png, shares
from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, NAVAL, SKYSHIELD
from support.briefs import information, words_of_html, words_of_pdf

MOST_WORDS = 1600


def test_four_pages_of_a4_with_few_words(made, tmp_path):
    content = pdf(made)
    told = information(content, tmp_path)
    assert told["Pages"].strip() == str(MOST_PAGES) == str(len(made.pages))
    assert "A4" in told["Page size"] and told["Tagged"].strip() == "yes"
    assert told["Title"].strip() == made.title.text and "CreationDate" not in told
    assert 300 < len(words_of_pdf(content, tmp_path).split()) <= MOST_WORDS


def test_the_page_has_few_words_too(made):
    assert 300 < len(words_of_html(html(made), heard=False).split()) <= MOST_WORDS


def test_only_our_letters_are_used(made, tmp_path):
    (tmp_path / "it.pdf").write_bytes(pdf(made))
    told = subprocess.run(["pdffonts", tmp_path / "it.pdf"], capture_output=True, check=True).stdout.decode()
    fonts = [line.split()[0].partition("+")[2] for line in told.splitlines()[2:]]
    assert sorted(fonts) == ["SkyShieldSans-Bold", "SkyShieldSans-Regular"]


def test_the_same_bytes_each_time(made):
    assert pdf(made) == pdf(made) and png(made) == png(made) and html(made) == html(made)


def test_the_slide_has_the_size_of_a_screen(made):
    content = png(made)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(content[k:k + 4], "big") for k in (16, 20)] == [1920, 1080]
    assert len(made.slide.lines) == 3 and made.slide.title == made.title


def test_a_page_with_too_much_is_set_smaller_and_stays_one(english, tmp_path):
    more = tuple(Text(Said(("Many words that fill a line and then some more of it. " * 4,))) for _ in range(14))
    crowded = replace(english, pages=((*english.pages[0], *more), *english.pages[1:]))
    assert information(pdf(crowded), tmp_path)["Pages"].strip() == str(MOST_PAGES)
    assert shares(crowded)[0] < min(shares(english)[0], 1.0)


def test_words_of_a_scenario_are_no_markup(english, tmp_path):
    nasty = "<script> & #let x = [*bold*] $ \\ \" @here"
    marked = replace(english, title=Said((nasty,)))
    assert nasty in words_of_pdf(pdf(marked), tmp_path)
    assert b"<script>" not in html(marked) and nasty in words_of_html(html(marked))


def test_the_page_fetches_nothing(made):
    text = html(made).decode()
    assert "http" not in text.replace("http-equiv", "") and "<script" not in text and "url(data:" in text
    assert "default-src 'none'" in text and f'<html lang="{made.language}">' in text


def test_pictures_are_files_of_their_own(made):
    for page in made.pages:
        for block in page:
            for chart in (block, *getattr(block, "left", ())):
                if hasattr(chart, "drawn"):
                    root = ET.fromstring(flat_svg(chart.drawn, chart.share))  # noqa: S314 - our own
                    assert root.tag.endswith("svg") and float(root.get("height")) > 20.0


def test_at_most_four_colours():
    five = [SKYSHIELD, AID, GROUND, NAVAL, COMBINED, BASELINE]
    assert four_colours(five[:4]) == dict(zip(five[:4], five[:4], strict=True))
    assert list(four_colours(five).values()) == [SKYSHIELD, AID, GROUND, BASELINE, BASELINE, BASELINE]


@pytest.mark.parametrize("write", [pdf, png])
def test_without_typst_one_line_names_the_extra(english, monkeypatch, write):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(SkyShieldError, match=r"needs Typst, which is not installed; install the extra.*skyshield\[rep"):
        write(english)
    assert html(english)
