"""What kind of threat a row speaks of, and who says so.

A bulletin row names one weapon (``Kalibr``), two names of one weapon (``X-101/X-555``) or several
weapons together (``X-22 and X-31P``). The class follows from the parts: cruise parts alone are
cruise, ballistic parts alone are ballistic, both together (or a missile of unknown type) are mixed.
Names, classes and prefixes live in ``data/reading.yaml``; a name that is not there is never
guessed: it becomes ``other`` and is told apart so that the summary can warn of it.
"""

import functools
from importlib import resources
from typing import Any, NamedTuple

from skyshield.core.files import parse_yaml

CLASSES = ("uav", "cruise", "ballistic", "mixed")
OTHER = "other"
_MISSILES = frozenset(("cruise", "ballistic", "missile"))


class Kind(NamedTuple):
    """Class, weapon types and whether the name was known."""

    threat_class: str
    types: tuple[str, ...]
    known: bool


@functools.cache
def reading() -> dict[str, Any]:
    """Return the reader's table of names, prefixes and limits (``data/reading.yaml``)."""
    text = resources.files("skyshield.record").joinpath("data/reading.yaml").read_text("utf-8")
    table = parse_yaml(text, "record/data/reading.yaml")
    assert isinstance(table, dict)  # noqa: S101 - our own file
    return table


@functools.lru_cache(maxsize=4096)
def classify(model: str) -> Kind:
    """Tell the class and the weapon types of a model name.

    Parameters
    ----------
    model
        The name as written, parts joined by `` and ``.

    Returns
    -------
    Kind
        Class (``uav``, ``cruise``, ``ballistic``, ``mixed`` or ``other``), the weapon types named,
        and False in `known` if a part, or the combination, is not in the table.

    Examples
    --------
    >>> classify("X-101/X-555 and Kalibr").threat_class
    'cruise'
    >>> classify("Iskander-M and Iskander-K").threat_class
    'mixed'
    >>> classify("Thunderbird 5")
    Kind(threat_class='other', types=(), known=False)
    """
    parts = [" ".join(part.split()) for part in model.split(" and ")]
    looked_up = [_look_up(part) for part in parts]
    found = [pair for pairs in looked_up for pair in pairs]
    types = tuple(sorted({kind for _, kind in found}))
    known = all(looked_up)
    whole = reading()["whole_names"].get(" and ".join(parts))
    if whole is not None:
        return Kind(str(whole), types, True)
    classes = {threat_class for threat_class, _ in found}
    if not known:
        return Kind(OTHER, types, False)
    if len(classes) == 1 and "missile" not in classes:
        return Kind(classes.pop(), types, True)
    if classes <= _MISSILES:
        return Kind("mixed", types, True)
    return Kind(OTHER, types, False)


def _look_up(part: str) -> list[tuple[str, str]]:
    """Return (class, type) of one part, or of each of its slashed names; empty if unknown."""
    names = reading()["names"]
    if part in names:
        threat_class, kind = names[part]
        return [(threat_class, kind)]
    pieces = [piece.strip() for piece in part.split("/")]
    if len(pieces) > 1 and all(piece in names for piece in pieces):
        return [tuple(names[piece]) for piece in pieces]
    return []


def is_national(source: str) -> bool:
    """Tell whether a source speaks for the whole country.

    Examples
    --------
    >>> is_national("kpszsu/posts/1"), is_national("PvKPivden/posts/1"), is_national("")
    (True, False, False)
    """
    return source.startswith(tuple(reading()["national_prefixes"]))
