"""The report of every shipped scenario is short enough to be read, with everything that a run can add to it.

Mutations, not tried: the table of every measure put back on the report; a map for every option.
"""

import dataclasses
import re

import pytest

from skyshield.adaptation.summary import adapt
from skyshield.report.pages import Pages, pages
from skyshield.scenario import library, load
from skyshield.study import StudyView, run
from support.command_line import FIXED, made_once
from support.studies import resolved

MOVED = ("claim_bias", "leak_west_over_leak_deep", "decoy_leak_ratio", "displacement")
A_WEEK, TWO_MONTHS, DECIDED = 7, 32, 335  # days; decided so long before, both sides are there
MOST_WORDS, MOST_FIGURES, MOST_COLUMNS = 3000, 8, 7


def made(name, everything):
    """Both pages of a shipped scenario, played small; with everything: clauses dropped, relief, adaptation.

    With everything few numbers are moved and two months are played, so that it stays small; the pictures hold their
    most all the same.
    """
    fixed = {name: value for name, value in FIXED.items() if name not in MOVED} if everything else {}
    asked = load(name)
    if everything or name != "skyshield":  # the default is played whole
        least = 1 if len(asked.phases) == 1 else A_WEEK
        days = min(asked.days, TWO_MONTHS) if everything else least
        asked = in_short(asked, days).model_copy(update={"days": days, "assumptions": fixed,
                                                         "decided_before_days": DECIDED})
    done = resolved(asked.with_clauses_dropped() if everything else asked)
    result = run(done, seed=1, replications=1, vectors=2, relief=everything)
    return pages(StudyView(result, done), adapt(done, result) if everything else None)


def in_short(asked, days):
    """A scenario of phases with its ceasefire half-way, and everything that waits for that there from its first day."""
    phases = tuple(phase if phase.first_day in (None, 1) else phase.model_copy(update={"first_day": days // 2 + 1})
                   for phase in asked.phases)
    options = tuple(option.model_copy(update={"packages": tuple(
        package.model_copy(update={"start": "at_ceasefire"}) if package.start == "after_ceasefire" else package
        for package in option.packages)}) for option in asked.options)
    return asked.model_copy(update={"phases": phases, "options": options})


def words(page):
    """How many words a page has, those in pictures too."""
    body = re.sub(r"<style.*?</style>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    return len(re.sub(r"<[^>]+>", " ", body).split())


def asked(name, everything):
    """A case; with everything all scenarios but the default take long."""
    marks = [pytest.mark.slow] if everything and name != "skyshield" else []
    return pytest.param((name, everything), id=f"{name}{'-everything' if everything else ''}", marks=marks)


@pytest.fixture(params=[asked(name, everything) for name in library() for everything in (False, True)])
def both(request, tmp_path_factory):
    def make(place):
        for part, page in dataclasses.asdict(made(*request.param)).items():
            if page is not None:
                (place / part).write_text(page, "utf-8")

    place = made_once(tmp_path_factory, f"pages-{request.param[0]}-{request.param[1]}", make)
    return Pages(**{path.name: path.read_text("utf-8") for path in sorted(place.iterdir())})


def files(both):
    """The pages that there are, by the names of their files."""
    return {f"{part}.html": page for part, page in dataclasses.asdict(both).items() if page is not None}


def test_guarantees_have_their_page(both, request):
    name = request.node.callspec.params["both"][0]
    assert (both.guarantees is not None) == (name == "guarantees")


def test_words_figures_and_columns(both):
    for file, page in files(both).items():
        if file != "annex.html":
            assert words(page) <= MOST_WORDS, file
            assert page.count("<figure") == page.count("<svg") <= MOST_FIGURES, file
            heads = [head.count("<th ") for head in re.findall(r"<thead>.*?</thead>", page, flags=re.DOTALL)]
            assert heads and max(heads) <= MOST_COLUMNS + (file == "guarantees.html"), file


def test_links_between_the_pages_lead_somewhere(both):
    ids = {file: set(re.findall(r' id="([^"]+)"', page)) for file, page in files(both).items()}
    for file, page in files(both).items():
        for where, anchor in re.findall(r'href="([^"#]*)#?([^"]*)"', page):
            assert not anchor or anchor in ids[where or file], (file, where, anchor)
        assert f'href="{"annex" if file == "report.html" else "report"}.html' in page
    assert both.guarantees is None or 'href="guarantees.html"' in both.report


def test_no_figure_repeats_another(both):
    drawn = [re.sub(r'(id|href|aria-labelledby)="[^"]+"|url\([^)]+\)', "", svg)
             for svg in re.findall(r"<svg.*?</svg>", "".join(files(both).values()), flags=re.DOTALL)]
    assert len(set(drawn)) == len(drawn)
