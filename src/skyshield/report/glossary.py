"""The glossary: the words that pages use in a meaning of their own, from one table for annex and documentation."""

import functools
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

MOST_TERMS = 40
_TABLE = Path(__file__).parent / "data" / "glossary.yaml"


@functools.cache
def glossary() -> dict[str, str]:
    """Return term -> what it means, in alphabetical order.

    Raises
    ------
    SkyShieldError
        If there are too many terms, or they are out of order.

    Examples
    --------
    >>> glossary()["leaker"]
    'A threat that reaches its aim.'
    """
    terms = {str(term): str(meaning) for term, meaning in read_yaml(_TABLE).items()}
    if len(terms) > MOST_TERMS:
        raise SkyShieldError(_TABLE.name, f"has {len(terms)} terms", f"keep {MOST_TERMS} or fewer")
    if list(terms) != sorted(terms, key=str.lower):
        raise SkyShieldError(_TABLE.name, "is not in alphabetical order", "order its terms")
    return terms


def anchor(term: str) -> str:
    """Return the anchor of a term.

    Examples
    --------
    >>> anchor("number that nobody knows")
    'number-that-nobody-knows'
    """
    return term.lower().replace(" ", "-")
