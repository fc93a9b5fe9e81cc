"""Two languages from one catalogue of messages.

Tried to fail: a message left without its translation.
"""

import string

import pytest
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from skyshield.core.errors import SkyShieldError
from skyshield.report.brief.document import texts
from skyshield.report.brief.language import LANGUAGES, LOCALE, Language
from skyshield.report.brief.make import brief
from skyshield.report.brief.traced import Source
from support.briefs import latin_words
from support.tools import loaded

SOURCE = Source("equation", "test")
TOOL = loaded("make_translations")


def fields(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@pytest.fixture(scope="module")
def messages():
    with (LOCALE / "uk" / "LC_MESSAGES" / "brief.po").open("rb") as stream:
        return [message for message in read_po(stream, locale="uk") if message.id]


def test_both_files_are_up_to_date():
    po, mo = TOOL.PLACE / "brief.po", TOOL.PLACE / "brief.mo"
    text, compiled = TOOL.written(TOOL.updated(po))
    assert po.read_bytes() == text and mo.read_bytes() == compiled, "run python tools/make_translations.py"


def test_every_message_is_translated(messages):
    assert len(messages) > 200
    assert TOOL.missing(messages) == []


def test_fields_agree(messages):
    for message in messages:
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in given:
            assert fields(text) == set.union(*map(fields, asked)), message.id


def test_no_message_of_the_code_holds_a_digit():
    for path in TOOL.BRIEF.glob("*.py"):
        for message, line in TOOL.in_code(path):
            assert not any(char.isdigit() for char in "".join(message)), (path.name, line, message)


def test_a_message_of_a_count_has_the_form_it_asks_for():
    for n, words in ((1, "1 день"), (2, "2 дні"), (5, "5 днів"), (11, "11 днів"), (21, "21 день"), (365, "365 днів")):
        uk = Language("uk")
        assert uk.many("{n} day", "{n} days", uk.exact(float(n), SOURCE)).text == words
    en = Language("en")
    assert [en.many("{n} day", "{n} days", en.exact(n, SOURCE)).text for n in (1.0, 2.0)] == ["1 day", "2 days"]


@pytest.mark.parametrize("value", [0.0, 0.5, 12.25, 999.0, 1000.0, 12345.5, 1234567.0, -4.5])
def test_numbers_are_written_as_the_language_does(value):
    """The same as Babel's, but for the kinds of space and of minus."""
    for code in LANGUAGES:
        expected = format_decimal(value, locale=code).replace("\u00a0", "\u202f").replace("-", "−")
        assert Language(code).exact(value, SOURCE).text == expected


def test_an_interval_keeps_its_ends_and_their_sources():
    told = Language("uk").doubt({"lo": -1234.0, "hi": 5678.0, "mcse": 1.0}, Source("study", "region", "m"))
    assert told.text == "від −1\u202f200 до 5\u202f700"
    assert [(one.value, one.source.figure) for one in told.traced] == [(-1234.0, "lo"), (5678.0, "hi")]


def test_a_language_that_there_is_not(view):
    with pytest.raises(SkyShieldError, match="there is no language 'de'; use en or uk"):
        brief(view, "de")


def test_no_english_is_left_in_ukrainian(view):
    made = brief(view, "uk")
    assert latin_words(text.text for text in texts(made)) == set()


def test_both_languages_say_the_same_numbers(view):
    """The same sources stand behind both, but for the marks of a number."""
    sources = [{one.source for text in texts(brief(view, code)) for one in text.traced} for code in LANGUAGES]
    assert sources[0] == sources[1]
