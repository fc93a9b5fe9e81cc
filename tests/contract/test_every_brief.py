"""The brief of every shipped scenario: four pages, few words, both languages, every number traced, no English left.

Tried to fail: a sentence with a typed number, a message without translation.
"""

import pytest

from skyshield.report.brief.document import MOST_PAGES, texts
from skyshield.report.brief.make import brief
from skyshield.report.brief.page import html
from skyshield.report.brief.typeset import pdf, shares
from skyshield.scenario import library, load
from skyshield.study import StudyView, run
from support.briefs import information, latin_words, untraced, words_of_html, words_of_pdf
from support.command_line import FIXED
from support.studies import resolved

MOVED = ("displacement", "launch_growth", "log_hazard_ratio_zone")
A_WEEK, DECIDED = 7, 335  # days; decided so long before, everything is there
MOST_WORDS, LEAST_SHARE = 1600, 0.9


def in_short(asked, days):
    """A scenario of phases with its ceasefire half-way, and everything that waits for that there from its first day."""
    phases = tuple(phase if phase.first_day in (None, 1) else phase.model_copy(update={"first_day": days // 2 + 1})
                   for phase in asked.phases)
    options = tuple(option.model_copy(update={"packages": tuple(
        package.model_copy(update={"start": "at_ceasefire"}) if package.start == "after_ceasefire" else package
        for package in option.packages)}) for option in asked.options)
    return asked.model_copy(update={"phases": phases, "options": options, "days": days,
                                    "decided_before_days": DECIDED})


@pytest.fixture(scope="module", params=library())
def view(request):
    fixed = {name: value for name, value in FIXED.items() if name not in MOVED}
    done = resolved(in_short(load(request.param), A_WEEK).model_copy(update={"assumptions": fixed}))
    return StudyView(run(done, seed=1, replications=2, vectors=2), done)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_brief(view, language, tmp_path):
    made = brief(view, language)
    assert [text.untraced for text in texts(made) if text.untraced] == []
    if language == "uk":
        assert latin_words(text.text for text in texts(made)) == set()
    paper, page = pdf(made), words_of_html(html(made))
    text = words_of_pdf(paper, tmp_path)
    assert information(paper, tmp_path)["Pages"].strip() == str(MOST_PAGES) == str(len(made.pages))
    assert len(text.split()) <= MOST_WORDS and len(words_of_html(html(made), heard=False).split()) <= MOST_WORDS
    assert min(shares(made)) >= LEAST_SHARE
    assert untraced(text, made) == set() == untraced(page, made)


def test_every_page_holds_something(view):
    made = brief(view)
    for page in made.pages:
        assert sum(len(text.text.split()) for block in page for text in texts(block)) > 30
