"""Whole numbers written in words or with marks, as people write them where a file wants digits."""

import re

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
          "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: k for k, word in enumerate(_UNITS)} | {word: 10 * (k + 2) for k, word in enumerate(_TENS)}
_HUNDRED = 100


def as_number(text: str) -> int | None:
    """Return the whole number that a text means, None if it means none below a thousand.

    Examples
    --------
    >>> as_number("thirty"), as_number("three hundred and sixty-five"), as_number("365 days"), as_number("soon")
    (30, 365, 365, None)
    """
    digits = re.fullmatch(r"\s*([0-9]{1,6})(?:\.0*)?\s*(?:days?|aircraft|jets?|pairs?)?\s*", text)
    if digits:
        return int(digits[1])
    words = re.findall(r"[a-z]+", text.lower())
    total, known = 0, False
    for word in words:
        if word == "hundred":
            total, known = max(total, 1) * _HUNDRED, True
        elif word in _VALUES:
            total, known = total + _VALUES[word], True
        elif word not in ("and", "a", "days", "day"):
            return None
    return total if known else None
