"""The legal status of each kind of incident: Article 6 of the North Atlantic Treaty and Article 42(7) TEU.

The table `data/legal.yaml` says for each kind whether the place and what is hit are among those that the
article names, with the reason in one sentence. It does not say whether help would follow: that is for
governments to decide.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

TABLE = Path(__file__).parent / "data" / "legal.yaml"
_SIDES = {"inside": True, "outside": False}
_KIND = ("what", "article_6", "article_42_7", "reason", "source")


@dataclass(frozen=True)
class LegalPlace:
    """One kind of incident under the two articles."""

    kind: str
    what: str
    article_6: bool
    article_42_7: bool
    reason: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Membership:
    """Whether a state's territory is the Alliance's and the Union's."""

    state: str
    nato: bool
    eu: bool


@dataclass(frozen=True)
class Legal:
    """The table: kinds of incident, states, and the sources of both."""

    kinds: tuple[LegalPlace, ...]
    states: tuple[Membership, ...]
    sources: tuple[tuple[str, str], ...]

    def kind(self, name: str) -> LegalPlace:
        """Return one kind of incident.

        Raises
        ------
        SkyShieldError
            If there is none of that name.
        """
        for kind in self.kinds:
            if kind.kind == name:
                return kind
        raise SkyShieldError(f"kind of incident {name!r}", "is not in the table of law",
                             f"use one of {', '.join(kind.kind for kind in self.kinds)}")


@functools.cache
def load_legal() -> Legal:
    """Return the shipped table.

    Examples
    --------
    >>> law = load_legal()
    >>> law.kind("crossing_poland").article_6, law.kind("crossing_moldova").article_6
    (True, False)
    """
    return read_legal(read_yaml(TABLE), TABLE.name)


def read_legal(content: Mapping[str, Any], where: str) -> Legal:
    """Build the table from the content of its file.

    Raises
    ------
    SkyShieldError
        If a kind lacks a field, has one too many, names an unknown source or is neither inside nor outside.
    """
    sources = dict(content["sources"])
    kinds = []
    for name, fields in content["kinds"].items():
        place = f"{where}: {name}"
        if not isinstance(fields, Mapping) or set(fields) != set(_KIND):
            raise SkyShieldError(place, "does not have just the fields of a kind", f"give {', '.join(_KIND)}")
        for article in ("article_6", "article_42_7"):
            if fields[article] not in _SIDES:
                raise SkyShieldError(f"{place}: {article}", f"is {fields[article]!r}", "write inside or outside")
        if unknown := [key for key in fields["source"] if key not in sources]:
            raise SkyShieldError(f"{place}: source", f"is the unknown source {unknown[0]!r}", "add it to the file")
        kinds.append(LegalPlace(name, fields["what"], _SIDES[fields["article_6"]], _SIDES[fields["article_42_7"]],
                                fields["reason"], tuple(fields["source"])))
    states = tuple(Membership(name, **fields) for name, fields in content["states"].items())
    return Legal(tuple(kinds), states, tuple(sources.items()))
