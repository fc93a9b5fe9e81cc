"""Names in the record: the class and type of a weapon, whether a source is national, spellings of oblasts.

A bulletin row names one weapon (``Kalibr``), two names of one weapon (``X-101/X-555``) or several
weapons together (``X-22 and X-31P``). The class follows from the parts: cruise parts alone are
cruise, ballistic parts alone are ballistic, both together (or a missile of unknown type) are mixed.
Names, classes and prefixes live in ``data/reading.yaml``; a name that is not there is never
guessed: it becomes ``other`` and is marked so that the summary can warn of it. Oblasts are named
as in the alert file, whatever the spelling of a file.
"""

import difflib
import functools
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any, NamedTuple

from skyshield.core.files import parse_yaml

CLASSES = ("uav", "cruise", "ballistic", "mixed")
OTHER = "other"
MINUS = "\u2212"
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


@functools.lru_cache(maxsize=8192)
def comparable(name: str) -> str:
    """Return a name as it is compared: small letters, Cyrillic look-alikes as Latin, any dash a hyphen, single spaces.

    Examples
    --------
    >>> comparable("Х-101") == comparable("x–101")
    True
    """
    visible = "".join(letter for letter in unicodedata.normalize("NFKC", name) if unicodedata.category(letter) != "Cf")
    folded = " ".join(visible.casefold().split())
    hyphens = ("-" if unicodedata.category(letter) == "Pd" or letter == MINUS else letter for letter in folded)
    return "".join(hyphens).translate(_look_alikes())


@functools.cache
def _look_alikes() -> dict[int, str]:
    return str.maketrans(reading()["look_alikes"])


@functools.cache
def _by_comparable(table: str) -> dict[str, Any]:
    """Return a table of names by their comparable form."""
    return {comparable(name): value for name, value in reading()[table].items()}


@functools.lru_cache(maxsize=4096)
def classify(model: str) -> Kind:
    """Return the class and the weapon types of a model name.

    Parameters
    ----------
    model
        The name as written, parts joined by `` and ``. Case, Cyrillic look-alikes and kinds of dash do not matter.

    Returns
    -------
    Kind
        Class (``uav``, ``cruise``, ``ballistic``, ``mixed`` or ``other``), the weapon types named,
        and False in `known` if a part, or the combination, is not in the table.

    Examples
    --------
    >>> classify("X-101/X-555 and Kalibr").threat_class
    'cruise'
    >>> classify("ISKANDER-M AND iskander-k").threat_class
    'mixed'
    >>> classify("Thunderbird 5")
    Kind(threat_class='other', types=(), known=False)
    """
    name = comparable(model)
    looked_up = [_look_up(part) for part in name.split(" and ")]
    pairs = [pair for matches in looked_up for pair in matches]
    types = tuple(sorted({kind for _, kind in pairs}))
    known = all(looked_up)
    whole_name_class = _by_comparable("whole_names").get(name)
    if whole_name_class is not None:
        return Kind(str(whole_name_class), types, True)
    classes = {threat_class for threat_class, _ in pairs}
    if not known:
        return Kind(OTHER, types, False)
    if len(classes) == 1 and "missile" not in classes:
        return Kind(classes.pop(), types, True)
    if classes <= _MISSILES:
        return Kind("mixed", types, True)
    return Kind(OTHER, types, False)


def _look_up(part: str) -> list[tuple[str, str]]:
    """Return (class, type) of one part, or of each of its slashed names; empty if unknown."""
    names = _by_comparable("names")
    if part in names:
        threat_class, kind = names[part]
        return [(threat_class, kind)]
    pieces = [piece.strip() for piece in part.split("/")]
    if len(pieces) > 1 and all(piece in names for piece in pieces):
        return [tuple(names[piece]) for piece in pieces]
    return []


@functools.lru_cache(maxsize=4096)
def nearest_model(model: str) -> str | None:
    """Return the known name most similar to an unknown one, or None if none is similar enough.

    Unknown parts are replaced by the most similar names; where a part has none, the name as a whole is compared. Only
    names of the counted classes are offered.

    Examples
    --------
    >>> nearest_model("Kh-101"), nearest_model("Shahed-136/131 and Gerbera"), nearest_model("?")
    ('X-101', 'Shahed-136/131 and Lancet', None)
    """
    table = reading()
    names = [*(name for name, (threat_class, _) in table["names"].items() if threat_class != OTHER),
             *table["whole_names"]]
    parts = [part if _look_up(comparable(part)) else nearest(part, names)
             for part in " ".join(model.split()).split(" and ")]
    near = nearest(model, names) if None in parts else " and ".join(map(str, parts))
    return near if near is not None and classify(near).threat_class in CLASSES else None


def is_combination(model: str) -> bool:
    """Return whether every part of a name is known, so that only their combination has no class."""
    return all(_look_up(part) for part in comparable(model).split(" and "))


def nearest(name: str, known: Iterable[str], what: str = "model") -> str | None:
    """Return the known name most similar to another, in the form of `comparable`, or None if none is similar enough.

    The similarity required of a ``model`` or an ``oblast`` is in the table.

    Examples
    --------
    >>> nearest("lvivska", ["Lvivska oblast", "Odeska oblast"])
    'Lvivska oblast'
    """
    by_form = {comparable(other): other for other in known}
    matches = difflib.get_close_matches(comparable(name), by_form, n=1, cutoff=reading()["limits"]["alike"][what])
    return by_form[matches[0]] if matches else None


@functools.lru_cache(maxsize=4096)
def oblast_of(region: str) -> str | None:
    """Return the alert file's name of an oblast or city, however it is written, or None if it is not known.

    Examples
    --------
    >>> oblast_of("Львівська область"), oblast_of("Lviv oblast"), oblast_of("м. Київ"), oblast_of("Kyiv oblast")
    ('Lvivska oblast', 'Lvivska oblast', 'Kyiv City', 'Kyivska oblast')
    """
    return _oblasts().get(comparable(region))


@functools.cache
def _oblasts() -> dict[str, str]:
    """Return the alert file's names by every comparable way to write them."""
    table = reading()
    names_by_form: dict[str, str] = {}
    for name, others in table["cities_and_crimea"].items():
        names_by_form |= {comparable(other): name for other in (name, *others)}
    for name, others in table["oblasts"].items():
        adjective = name.removesuffix(" oblast")
        bare = [adjective, *others]
        names_by_form |= {comparable(other): name for other in (name, *bare)}
        names_by_form |= {comparable(f"{other} {word}"): name for other in bare for word in table["oblast_words"]}
    names_by_form |= {comparable(f"Kyiv {word}"): "Kyivska oblast" for word in table["oblast_words"]}
    return names_by_form


def is_national(source: str) -> bool:
    """Return whether a source reports for the whole country.

    Examples
    --------
    >>> is_national("kpszsu/posts/1"), is_national("PvKPivden/posts/1"), is_national("")
    (True, False, False)
    """
    return source.casefold().startswith(tuple(prefix.casefold() for prefix in reading()["national_prefixes"]))
