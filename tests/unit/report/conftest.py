"""A small study, run once, and a parser that reads a page back."""

import html.parser
from collections.abc import Callable

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.raids.fit import Fit, embedded_fit
from skyshield.report.pages import Pages
from skyshield.scenario import Resolved, Scenario, load, resolve
from skyshield.study import Comparison, StudyResult, compare, run
from skyshield.theatre import load_theatre
from support.command_line import FIXED
from support.studies import pages_of

Study = tuple[StudyResult, Comparison, Resolved]
VOID = {"meta", "br", "link", "img", "hr"}


class Page(html.parser.HTMLParser):
    """Reads a page: tables as rows of text, attributes, text outside figures, and whether tags balance."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.captions: dict[str, str] = {}
        self.words: list[str] = []
        self._table = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "table":
            self._table = dict(attrs)["id"] or ""
            self.tables[self._table] = []
            self.captions[self._table] = ""
        elif tag == "tr":
            self.tables[self._table].append([])
        elif tag in {"td", "th"}:
            self.tables[self._table][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "br" and "tr" in self.stack:
            self.tables[self._table][-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "svg" in self.stack or "style" in self.stack:
            return
        self.words.append(data)
        if "tr" in self.stack and {"td", "th"} & set(self.stack):
            self.tables[self._table][-1][-1] += data
        elif "caption" in self.stack:
            self.captions[self._table] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def small(days: int = 3, **changes: object) -> Scenario:
    return load("month").chosen(("region",)).model_copy(update={"days": days, "assumptions": FIXED, **changes})


def played(scenario: Scenario, vectors: int = 3, replications: int = 2, to: str | None = None,
           fit: Fit | None = None) -> Study:
    resolved = resolve(scenario, load_catalogue(), load_theatre(), fit or embedded_fit())
    result = run(resolved, seed=1, replications=replications, vectors=vectors)
    return result, compare(result, to or resolved.baseline), resolved


@pytest.fixture(scope="session")
def study() -> Study:
    return played(small())


@pytest.fixture(scope="session")
def both(study: Study) -> Pages:
    return pages_of(*study)


@pytest.fixture(scope="session")
def made(both: Pages) -> str:
    return both.report


@pytest.fixture(scope="session")
def read(made: str) -> Page:
    return Page(made)


@pytest.fixture(scope="session")
def annex(both: Pages) -> Page:
    return Page(both.annex)


@pytest.fixture(scope="session")
def play() -> Callable[..., Study]:
    return played


@pytest.fixture(scope="session")
def parse() -> type[Page]:
    return Page
