"""The two languages of the brief: sentences from one catalogue of messages, numbers as each language writes them.

English sentences are the keys (gettext). The Ukrainian ones are `locale/uk/LC_MESSAGES/brief.po`, compiled beside it;
``python tools/make_translations.py`` collects the keys and compiles them with Babel, which a run does not need. A
number is formatted once, by the rules of `skyshield.report.text`, and then written with the marks of the language:
12,345.6 or 12 345,6 (with a narrow space that does not break).
"""

import datetime as dt
import functools
import gettext
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, said
from skyshield.report.text import FEW, NOISE, NOTHING, interval, number
from skyshield.study.told import error_of

ENGLISH, UKRAINIAN = "en", "uk"
LANGUAGES = (ENGLISH, UKRAINIAN)
DOMAIN = "brief"
LOCALE = Path(__file__).parent / "locale"
MARKS: Mapping[str, Mapping[int, str]] = {ENGLISH: {}, UKRAINIAN: {ord(","): "\u202f", ord("."): ","}}
_MINUS = "−"
_QUOTES = {ENGLISH: ("“", "”"), UKRAINIAN: ("«", "»")}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a message that is said elsewhere
    """Mark a message of a table for the catalogue of messages."""
    return message


_MONTHS = (N_("{day} January {year}"), N_("{day} February {year}"), N_("{day} March {year}"), N_("{day} April {year}"),
           N_("{day} May {year}"), N_("{day} June {year}"), N_("{day} July {year}"), N_("{day} August {year}"),
           N_("{day} September {year}"), N_("{day} October {year}"), N_("{day} November {year}"),
           N_("{day} December {year}"))


class Language:
    """A language that the brief may be written in.

    Parameters
    ----------
    code
        ``en`` or ``uk``.

    Raises
    ------
    SkyShieldError
        If there is no such language.

    Examples
    --------
    >>> english = Language("en")
    >>> n = english.number(1234.5, Source("study", "region"), digits=5)
    >>> english.say("{n} threats", n=n).text
    '1,234.5 threats'
    >>> Language("uk").number(1234.5, Source("study", "region"), digits=5).text
    '1\u202f234,5'
    """

    def __init__(self, code: str) -> None:
        if code not in LANGUAGES:
            raise SkyShieldError("--lang", f"there is no language {code!r}", f"use {' or '.join(LANGUAGES)}")
        self.code = code

    @functools.cached_property
    def _messages(self) -> gettext.NullTranslations:
        if self.code == ENGLISH:
            return gettext.NullTranslations()
        return gettext.translation(DOMAIN, LOCALE, [self.code])

    def words(self, message: str) -> str:
        """Return a message without fields; one that the catalogue lacks, as a name of the user's, stays as it is."""
        return self._messages.gettext(message) if message else ""

    def say(self, message: str, **fields: Said | Traced) -> Said:
        """Return a message with its fields filled in."""
        return _filled(self.words(message), fields)

    def many(self, one: str, more: str, n: Traced, **fields: Said | Traced) -> Said:
        """Return a message of a count, `n` in it, in the form that the count asks for."""
        return _filled(self._messages.ngettext(one, more, round(float(n.value or 0))), {"n": n, **fields})

    def name(self, text: str, source: Source, quoted: bool = False) -> Traced:
        """Return a name, in quotation marks if wanted."""
        first, last = _QUOTES[self.code] if quoted else ("", "")
        shown = self.words(text)
        return Traced(shown, f"{first}{shown}{last}", source)

    def written(self, text: str) -> str:
        """Return a number that is formatted already with the marks of the language."""
        return text.translate(MARKS[self.code])

    def number(self, value: float | None, source: Source, digits: int = FEW, error: float | None = None) -> Traced:
        """Return a number with so many significant digits, none beyond the first of its error."""
        return Traced(value, self.written(number(value, digits, error)), source)

    def exact(self, value: float, source: Source, unit: str = "") -> Traced:
        """Return a number as it stands, with its sign of unit, as ``%``, behind it."""
        shown = f"{value:,.6f}".rstrip("0").rstrip(".").replace("-", _MINUS)
        return Traced(value, self.written(shown) + unit, source)

    def figure(self, row: Mapping[str, Any], source: Source, key: str = "delta", scale: float = 1.0) -> Traced:
        """Return a figure of a row of the study over a scale, told as far as its error lets it be."""
        value, error = row.get(key), error_of(row, "mean" if key in ("delta", "mean") else key)
        return self.number(None if value is None else value / scale, _of(source, key),
                           error=None if error is None else error / scale)

    def between(self, low: Traced, high: Traced) -> Said:
        """Return an interval; both ends alike are one number, and ends below zero stand apart from a dash."""
        if low.text == high.text:
            return said(low)
        below = any(end.text.startswith(_MINUS) for end in (low, high))
        return self.say(N_("{low} to {high}") if below else N_("{low}–{high}"), low=low, high=high)

    def doubt(self, row: Mapping[str, Any], source: Source) -> Said:
        """Return between what the expected outcome lies; empty where that is not known."""
        told = interval(row)
        if told == NOTHING:
            return EMPTY
        if told == NOISE:
            return self.say(N_("noise"))
        ends = told.split(" to ")
        traced = [Traced(row[key], self.written(text), _of(source, key))
                  for key, text in zip(("lo", "hi"), ends, strict=False)]
        return self.between(traced[0], traced[-1])

    def with_doubt(self, row: Mapping[str, Any], source: Source, key: str = "delta") -> Said:
        """Return a figure with its interval in brackets."""
        value, doubt = self.figure(row, source, key), self.doubt(row, source)
        if not doubt or doubt.text == value.text or value.text == NOTHING:
            return said(value)
        return self.say(N_("{value} ({interval})"), value=value, interval=doubt)

    def listing(self, items: Sequence[Said | Traced]) -> Said:
        """Join texts as a sentence does."""
        if not items:
            return self.say(N_("none"))
        if len(items) == 1:
            return said(items[0])
        before = said(items[0])
        for item in items[1:-1]:
            before += Said((", ",)) + said(item)
        return self.say(N_("{items} and {last}"), items=before, last=items[-1])

    def date(self, day: dt.date, source: Source) -> Said:
        """Return a day in words."""
        return self.say(_MONTHS[day.month - 1], day=Traced(day.day, str(day.day), source),
                        year=Traced(day.year, str(day.year), source))


def _of(source: Source, figure: str) -> Source:
    return Source(source.kind, source.name, source.measure, source.arm, figure, source.to)


def _filled(message: str, fields: Mapping[str, Said | Traced]) -> Said:
    """Put fields into a message, their sources kept."""
    parts: list[str | Traced] = []
    for words, name, _, _ in string.Formatter().parse(message):
        if words:
            parts.append(words)
        if name is not None:
            parts += said(fields[name]).parts
    return Said(tuple(parts))
