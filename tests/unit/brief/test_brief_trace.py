"""Every number of a brief has its source: one typed by hand is found, in the document and in what is printed.

Tried to fail: a sentence of `closing.py` with a typed number.
"""

from dataclasses import replace

import pytest

from skyshield.report.brief.document import Text, texts, traced_in
from skyshield.report.brief.page import html
from skyshield.report.brief.traced import Said, Source, Traced, joined
from skyshield.report.brief.typeset import pdf
from support.briefs import numbers_in, untraced, words_of_html, words_of_pdf


def test_no_words_of_the_document_hold_a_digit(made):
    assert [text.untraced for text in texts(made) if text.untraced] == []


def test_every_number_on_paper_is_traced(made, tmp_path):
    text = words_of_pdf(pdf(made), tmp_path)
    assert len(numbers_in(text)) > 30
    assert untraced(text, made) == set()


def test_every_number_of_the_page_is_traced(made):
    text = words_of_html(html(made))
    assert len(numbers_in(text)) > 30
    assert untraced(text, made) == set()


def test_a_typed_number_is_found(english, tmp_path):
    typed = replace(english, pages=((Text(Said(("About 98765 threats.",))), *english.pages[0]), *english.pages[1:]))
    assert [text.untraced for text in texts(typed) if text.untraced] == [("About 98765 threats.",)]
    assert untraced(words_of_pdf(pdf(typed), tmp_path), typed) == {"98765"}
    assert untraced(words_of_html(html(typed)), typed) == {"98765"}


def test_rows_of_the_study_are_those_named(english, view):
    """The trace of a row holds the value that the study has there."""
    rows = [one for one in traced_in(english) if one.source.kind == "study" and one.source.arm == "headline"
            and one.source.to == view.to and one.source.figure in ("delta", "lo", "hi")]
    assert len(rows) > 5
    for one in rows:
        held = view.compared.rows[one.source.name][one.source.measure][one.source.figure]
        scale = 1e6 if one.source.measure == "planned_cost_eur" else 1.0
        assert one.value == pytest.approx(held / scale), one


def test_entries_of_the_catalogue_are_those_named(english, view):
    entries = [one for one in traced_in(english) if one.source.kind == "catalogue" and one.source.figure in
               ("low", "high") and one.source.name in view.catalogue]
    assert entries
    for one in entries:
        entry = view.catalogue[one.source.name]
        assert one.value == pytest.approx(getattr(entry, one.source.figure)), one


def test_sources_say_only_what_is_set():
    assert Traced(1.0, "1", Source("catalogue", "rho", figure="low")).plain() == {
        "text": "1", "value": 1.0, "kind": "catalogue", "name": "rho", "figure": "low"}
    assert joined([Said(), Traced(1.0, "1", Source("scale", "x"))]).text == "1"
