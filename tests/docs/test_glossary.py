"""The glossary: few terms, plain and in order, each of them used, and every page leads to it.

Tried to fail: a term that no page uses. A 41st term and terms out of order are refused by the table's reader.
"""

import re
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.report import glossary as room
from skyshield.report.glossary import MOST_TERMS, anchor, glossary
from skyshield.report.pages import ANNEX

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/glossary.md"
SHELL = ROOT / "src/skyshield/report/templates/page.html.j2"


def used() -> str:
    """Return all that a reader sees in documentation and report, without the glossary itself."""
    files = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", *(ROOT / "src/skyshield/report").rglob("*.j2"),
             *(ROOT / "src/skyshield/report").rglob("*.py"), *(ROOT / "src/skyshield/cli").rglob("*.py")]
    text = " ".join(path.read_text("utf-8") for path in files if path != PAGE)
    return " ".join(text.replace("ω", " omega ").split()).lower()


def test_terms_are_few_plain_and_in_order():
    terms = glossary()
    assert MOST_TERMS == 40 and len(terms) <= MOST_TERMS
    for term, meaning in terms.items():
        sentences = re.findall(r"[^.]+\.", meaning)
        assert meaning.endswith(".") and 1 <= len(sentences) <= 2, term
        assert max(len(sentence.split()) for sentence in sentences) <= 25, term
        assert not re.search(r"[`_]", meaning), term


def test_every_term_is_used_somewhere():
    text = used()
    forms = {term: {term, f"{term}s", term.replace("number that", "numbers that")}
             for term in glossary()}
    assert [term for term, of in forms.items() if not any(re.search(rf"\b{one.lower()}\b", text) for one in of)] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_page_of_the_documentation_leads_to_it(page):
    assert page == PAGE or re.search(r"\]\((?:\.\./)?(?:reference/)?glossary\.md\)", page.read_text("utf-8"))


def test_both_pages_of_a_report_lead_to_it():
    assert ANNEX[-1].key == "glossary"
    assert '<a href="{{ to("glossary") }}">glossary</a>' in SHELL.read_text("utf-8")


def test_the_page_has_an_anchor_a_term():
    text = PAGE.read_text("utf-8")
    assert re.findall(r'<a id="([^"]+)">', text) == [anchor(term) for term in glossary()]


def test_too_many_terms_and_terms_out_of_order_are_refused(monkeypatch):
    for table, words in (({f"t{k:02d}": "A." for k in range(MOST_TERMS + 1)}, "41 terms"),
                         ({"b": "A.", "a": "A."}, "alphabetical")):
        monkeypatch.setattr(room, "read_yaml", lambda _, table=table: table)
        glossary.cache_clear()
        with pytest.raises(SkyShieldError, match=words):
            glossary()
    glossary.cache_clear()
