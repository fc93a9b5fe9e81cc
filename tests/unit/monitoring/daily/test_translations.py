"""The daily report's two languages: every message is translated, its fields agree, both files are up to date.

Tried to fail: a message left without its translation.
"""

import string

import pytest
from babel.messages.pofile import read_po

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.daily.areas import OUTSIDE
from skyshield.monitoring.observation.model import tables
from skyshield.report.daily.language import LOCALE, Words
from skyshield.report.daily.names import ACTS, AREAS, RESTRICTIONS
from skyshield.theatre import load_theatre
from support.tools import loaded

TOOL = loaded("make_translations")


@pytest.fixture(scope="module")
def messages():
    with (LOCALE / "uk" / "LC_MESSAGES" / "daily.po").open("rb") as stream:
        return [message for message in read_po(stream, locale="uk") if message.id]


def fields(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_both_files_are_up_to_date():
    po, mo = (LOCALE / "uk" / "LC_MESSAGES" / f"daily.{ending}" for ending in ("po", "mo"))
    text, compiled = TOOL.written(TOOL.updated(po, TOOL.DAILY), "The daily report")
    assert po.read_bytes() == text and mo.read_bytes() == compiled, "run python tools/make_translations.py"


def test_every_message_is_translated_and_its_fields_agree(messages):
    assert len(messages) > 100 and TOOL.missing(messages) == []
    for message in messages:
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in given:
            assert fields(text) == set.union(*map(fields, asked)), message.id


def test_every_code_has_its_words():
    assert set(AREAS) == {oblast.name for oblast in load_theatre().oblasts} | {OUTSIDE}
    assert set(ACTS) == {*tables()["acts"], ""} and set(RESTRICTIONS) == set(tables()["restrictions"])


def test_numbers_and_languages():
    assert Words("uk").number(0.123) == "0,12" and Words("en").change(-1200) == "−1,200"
    assert [Words("en").percent(share) for share in (0.999, 1.0, 0.001, 0.5)] == [">99%", "100%", "<1%", "50%"]
    with pytest.raises(SkyShieldError, match="no language 'ru'"):
        Words("ru")
