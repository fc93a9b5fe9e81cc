"""What is declared of the sources, in YAML: everything else is learnt.

A mapping of a source's name to some of `DECLARABLE`, by itself or under ``sources``::

    patrol north: {p: 0.6, error_factor: 1.2, clock_offset_s: 0, modality: heard}
    newspaper: {derives_from: patrol north}
"""

import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.monitoring.joining.parameters import Declared
from skyshield.monitoring.joining.settings import settings

P, FACTOR, CLOCK, REPEATS, FALSE, ACTS = ("p", "error_factor", "clock_offset_s", "repeats", "false_share", "act_error")
MODALITY, DERIVES = "modality", "derives_from"
DECLARABLE = {P: "strictly between 0 and 1", FACTOR: "over 0 and at most 100", CLOCK: "seconds, at most two days",
              REPEATS: "at least 0 and under 1", FALSE: "at least 0 and under 1", ACTS: "at least 0 and under 1",
              MODALITY: "a word", DERIVES: "the name of another source"}
"""What may be declared of a source, and which values it takes."""
_TWO_DAYS_S, _LARGEST_FACTOR = 172_800.0, 100.0
Declarations = Mapping[str, Mapping[str, Any]]


def read_sources(path: str | os.PathLike[str]) -> dict[str, dict[str, Any]]:
    """Return what a file declares of each source.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file cannot be read, names something that cannot be declared, or gives a value that cannot
        be.
    """
    where = str(path)
    content = read_yaml(path)
    if isinstance(content, dict) and set(content) == {"sources"}:
        content = content["sources"]
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SkyShieldError(where, "is no mapping of sources", "write a source's name, a colon and what is known")
    for name, fields in content.items():
        if not isinstance(name, str) or not isinstance(fields, dict):
            raise SkyShieldError(f"{where}: {name}", "is no mapping", f"use some of: {', '.join(DECLARABLE)}")
        for key, value in fields.items():
            if key not in DECLARABLE:
                raise SkyShieldError(f"{where}: {name}: {key}", "cannot be declared",
                                     f"use some of: {', '.join(DECLARABLE)}")
            if not _is_allowed(key, value):
                raise SkyShieldError(f"{where}: {name}: {key}", f"is {value!r}", f"give {DECLARABLE[key]}")
    return content


def _is_allowed(key: str, value: object) -> bool:
    if key in (MODALITY, DERIVES):
        return isinstance(value, str) and bool(value.strip()) and value.isprintable()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    if key == P:
        return 0 < value < 1
    if key == FACTOR:
        return 0 < value <= _LARGEST_FACTOR
    if key == CLOCK:
        return abs(value) <= _TWO_DAYS_S
    return 0 <= value < 1


def check_names(declarations: Declarations, names: tuple[str, ...], where: str) -> None:
    """Refuse sources that the ledger has no records of.

    Raises
    ------
    SkyShieldError
        Exit code 2.
    """
    known = ", ".join(sorted(names)) or "none"
    for name, fields in declarations.items():
        if name not in names:
            raise SkyShieldError(f"{where}: {name}", "is no source of this ledger", f"name one of: {known}")
        origin = fields.get(DERIVES)
        if origin is not None and (origin not in names or origin == name):
            raise SkyShieldError(f"{where}: {name}: {DERIVES}", f"is {origin!r}, no other source of this ledger",
                                 f"name one of: {known}")


def declared_of(declarations: Declarations, names: tuple[str, ...]) -> Declared:
    """Return the numbers declared, by source; not a number where none is."""
    least = settings()["smallest_share"]

    def column(key: str, least: float = -math.inf) -> Any:
        values = (declarations.get(name, {}).get(key, math.nan) for name in names)
        return np.array([value if math.isnan(value) else max(float(value), least) for value in values])

    return Declared(column(P), column(FACTOR), column(CLOCK), column(REPEATS, least), column(FALSE, least),
                    column(ACTS, least))
