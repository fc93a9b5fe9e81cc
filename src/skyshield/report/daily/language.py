"""The two languages of the daily report: English sentences are the keys of ``locale/uk/LC_MESSAGES/daily.po``."""

import functools
import gettext
import math
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.report.brief.language import ENGLISH, LANGUAGES, MARKS, N_
from skyshield.report.text import FEW, number

__all__ = ["N_", "Words"]
DOMAIN = "daily"
LOCALE = Path(__file__).parent / "locale"


class Words:
    """A language that the report may be written in.

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
    >>> Words("en").say("{n} of {all} events", n=1, all=2)
    '1 of 2 events'
    >>> Words("uk").number(1234.5)
    '1\u202f200'
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

    def say(self, message: str, **fields: object) -> str:
        """Return a message with its fields filled in; one that is not known stays as it is."""
        return self._messages.gettext(message).format(**fields) if message else ""

    def many(self, one: str, more: str, n: int, **fields: object) -> str:
        """Return a message of a count, `n` in it, in the form that the count asks for."""
        return self._messages.ngettext(one, more, n).format(n=self.number(n), **fields)

    def number(self, value: float | None, digits: int = FEW) -> str:
        """Return a number with so many significant digits, a count in full."""
        shown = f"{value:,}" if isinstance(value, int) else number(value, digits)
        return shown.translate(MARKS[self.code])

    def change(self, value: int) -> str:
        """Return a difference with its sign."""
        return f"{'+' if value > 0 else '−' if value < 0 else '±'}{self.number(abs(value))}"

    def hours(self, value: float) -> str:
        """Return hours with one decimal, none for whole ones."""
        return f"{value:,.1f}".removesuffix(".0").translate(MARKS[self.code])

    def span(self, low: float, high: float) -> str:
        """Return an interval of shares in whole percent, rounded outwards.

        Examples
        --------
        >>> Words("en").span(0.6345, 0.9999)
        '63–100%'
        """
        return f"{math.floor(100.0 * low)}–{math.ceil(100.0 * high)}%"

    def percent(self, share: float) -> str:
        """Return a share in whole percent, never 0 or 100 for what is neither."""
        whole = round(100.0 * share)
        if (whole == 100 and share < 1.0) or (whole == 0 and share > 0.0):
            return f"{'>' if whole else '<'}{99 if whole else 1}%"
        return f"{whole}%"
