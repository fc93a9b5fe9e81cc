"""What is wrong with a study, or meant to do harm, is said or shown as words: never 500, never markup."""

import html.parser
import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.app.results import CSV_HEAD, csv_of, safe_cell
from support.app_studies import HOSTILE, SPOILT, set_summary
from support.application import asked

BROWSER = {"accept": "text/html,*/*"}
VIEWS = ("", ".json", "/csv", "/yaml", "/report.html")


class Read(html.parser.HTMLParser):
    """Reads a page: every tag with its attributes, and what stands in scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in ("script", "style") else self._in

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in and data.strip():
            self.inside.append(data)


PAGES = ("/studies", "/studies/other", "/studies/zone", "/compare", "/compare?a=near&b=other", "/compare?a=zone&b=near",
         "/studies/unfinished", "/studies/damaged", "/studies/%3Cscript%3E")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_script_style_or_handlers_of_its_own(stored, address) -> None:
    read = Read(stored("GET", address, BROWSER).body.decode())
    assert read.tags[0][0] == "html"
    assert read.inside == []
    assert [tag for tag, _ in read.tags if tag in ("img", "iframe", "object", "base", "style")] == []
    for tag, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        for name in ("src", "href"):
            assert (attributes.get(name) or "/").startswith(("/", "#")), (tag, attributes)
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_hostile_words_are_shown_as_words(stored) -> None:
    text = stored("GET", "/studies/other").body.decode()
    assert HOSTILE not in text
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in text
    assert stored("GET", "/studies/other.json").json()["title"] == HOSTILE


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["nothing", "..", "zone%2f..%2fzone", "%3Cscript%3E", "a" * 300, "zone%00"])
def test_an_unknown_id_is_not_found(stored, name, view) -> None:
    answer = stored("GET", f"/studies/{name}{view}")
    assert answer.status == 404, answer.body[:200]
    assert set(answer.json()) == {"where", "what", "remedy"}
    assert stored("GET", f"/studies/{name}{view}", BROWSER).status == 404


@pytest.mark.parametrize("view", ["", ".json", "/csv"])
@pytest.mark.parametrize("name", list(SPOILT))
def test_a_study_that_cannot_be_shown_says_why(stored, folder, name, view) -> None:
    answer = stored("GET", f"/studies/{name}{view}", BROWSER)
    said = answer.body.decode()
    words = {"unfinished": "is not finished", "damaged": "is damaged", "lying": "is damaged",
             "old": "another version of the program"}[name]
    if (name, view) == ("lying", "/csv"):
        assert answer.status == 409
        return
    assert answer.status == 409, said
    assert words in said
    assert "esume it" in said
    assert str(folder) not in said


def test_an_unfinished_study_says_how_much_is_there_and_leads_to_the_run(stored) -> None:
    text = stored("GET", "/studies/unfinished", BROWSER).body.decode()
    assert "is damaged" not in text
    assert re.search(r"\d+ of \d+ replications are played", text)
    assert 'data-resume="unfinished"' in text
    assert stored("GET", "/studies/unfinished/yaml").status == 200


@pytest.fixture(scope="module")
def mutable(folder, tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("mutable")
    shutil.copytree(folder / "near", place / "near")
    return place


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_no_summary_whatever_it_holds_breaks_the_server(mutable, data) -> None:
    """One part of a summary at a time is replaced by something else, its hash right."""
    original = mutable / "original.json"
    if not original.exists():
        original.write_bytes((mutable / "near" / "summary.json").read_bytes())
    content = json.loads(original.read_text("utf-8"))
    key = data.draw(st.sampled_from(sorted(content)))
    junk = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
                     st.dictionaries(st.text(max_size=3), st.integers(), max_size=2))
    part = content[key]
    if isinstance(part, dict) and part and data.draw(st.booleans()):
        part[data.draw(st.sampled_from(sorted(part)))] = data.draw(junk)
    else:
        content[key] = data.draw(junk)
    set_summary(mutable / "near", content)
    with asked(mutable) as stored:
        for address in ("/studies/near", "/studies/near.json", "/studies/near/csv", "/api/studies/near", "/studies",
                        "/compare?a=near&b=near"):
            answer = stored("GET", address)
            assert answer.status in (200, 409), (address, answer.body[:300])


@given(st.text())
def test_no_cell_is_a_formula(text) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_no_words_of_the_csv_are_a_formula(folder) -> None:
    for line in csv_of("other", folder / "other").splitlines()[1:]:
        option, measure, *_, unit = line.split(",")
        assert all(cell and cell[0] not in "=+-@" for cell in (option, measure, unit))
        assert len(line.split(",")) == len(CSV_HEAD)
