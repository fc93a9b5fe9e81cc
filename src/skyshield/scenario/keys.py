"""Every key that a scenario file can have, with what it is and how it is written: one table for all who say so.

``data/keys.yaml`` holds it by section, a section being one model. A new file is commented from it (`template`), and an
error says from it how to write what was meant (`faults`).
"""

import functools
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from skyshield.core.files import read_yaml
from skyshield.forces import PACKAGES, ForcePackage, Hub, Member, Ship
from skyshield.rules import RulesOfEngagement, ZoneClause
from skyshield.scenario.model import Option, Phase, Scenario

TABLE = Path(__file__).parent / "data" / "keys.yaml"
OF_EVERY_PACKAGE = "package"
KINDS: dict[str, type[ForcePackage]] = {
    str(package.model_fields["kind"].annotation.__args__[0]): package  # type: ignore[union-attr]
    for package in PACKAGES}
MODELS: dict[str, type[BaseModel]] = {
    "scenario": Scenario, "member": Member, "phase": Phase, "option": Option, OF_EVERY_PACKAGE: ForcePackage, **KINDS,
    "hub": Hub, "ship": Ship,    "rules": RulesOfEngagement, "zone": ZoneClause}


class Key(NamedTuple):
    """A key: what it is, how it is written, and an example as it would stand in a file."""

    what: str
    form: str
    example: str


@functools.cache
def table() -> dict[str, dict[str, Key]]:
    """Return section -> key -> what is said of it, in the order of a new file.

    Examples
    --------
    >>> table()["scenario"]["days"].form
    'a whole number from 1 to 1827'
    """
    return {section: {name: Key(str(row["what"]), str(row["form"]), _as_written(row["example"]))
                      for name, row in rows.items()} for section, rows in read_yaml(TABLE).items()}


def keys_of(section: str) -> dict[str, Key]:
    """Return the keys of a section; a kind of package has those of every package around its own.

    Examples
    --------
    >>> list(keys_of("guns"))
    ['kind', 'places', 'per_place', 'start']
    """
    if section not in KINDS:
        return table()[section]
    common = table()[OF_EVERY_PACKAGE]
    kind = common["kind"]._replace(example=section)
    return {"kind": kind, **table()[section], **{name: key for name, key in common.items() if name != "kind"}}


def sections_with(key: str) -> list[str]:
    """Return the sections that have a key.

    Examples
    --------
    >>> sections_with("standoff_russia")
    ['rules']
    """
    return [section for section, rows in table().items() if key in rows]


def _as_written(value: object) -> str:
    """Return an example as it stands in a file, where true is not True."""
    return str(value).lower() if isinstance(value, bool) else str(value)
