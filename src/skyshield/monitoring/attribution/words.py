"""The words that levels, attribution and severity know: modalities, weapons and who has them."""

import dataclasses
import functools
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any

from skyshield.core.files import parse_yaml

UNDETERMINED = "undetermined"


@functools.cache
def tables() -> dict[str, Any]:
    """Return the tables (``monitoring/data/attribution.yaml``).

    Examples
    --------
    >>> tables()["intents"]
    ['accident', 'local', 'ordered', 'unknown']
    """
    text = resources.files("skyshield.monitoring").joinpath("data/attribution.yaml").read_text("utf-8")
    content = parse_yaml(text, "monitoring/data/attribution.yaml")
    assert isinstance(content, dict)  # noqa: S101 - our own file
    return content


@dataclasses.dataclass(frozen=True, slots=True)
class Weapon:
    """What a weapon's name says.

    Attributes
    ----------
    kind
        Its class, None if the name says none.
    reach
        The catalogue's entry of its range, None if it has none.
    holders
        Parties known to have it where others are not known to; empty says nothing of a party.
    weight
        What it adds to severity.
    """

    kind: str | None
    reach: str | None
    holders: tuple[str, ...]
    weight: int


@functools.cache
def weapon_of(name: str) -> Weapon:
    """Return what a weapon's name says.

    Examples
    --------
    >>> weapon_of("120mm mortar").kind, weapon_of("two Shahed-136").holders, weapon_of("thing").kind
    ('mortar', ('RU', 'OTHER'), None)
    """
    rows = tables()
    row = next((row for row in rows["weapons"] if _says(name, row["words"])), None)
    held = next((row["parties"] for row in rows["holders"] if _says(name, row["words"])), ())
    if row is None:
        return Weapon(None, None, tuple(held), 0)
    return Weapon(row["class"], row["reach"], tuple(held), row["weight"])


def _says(name: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}", name.casefold()) for word in words)
