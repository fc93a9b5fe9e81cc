"""Read a mission's design from its file."""

import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.monitoring.mission.model import MEANS, Design, Means

_REMEDIES = {
    "three": "give one number, or three as [low, central, high]", "budget": "give people, money_eur or units",
    "means": "keep one of them", "sectors": "mend that sector", "missing": "add it",
    "extra_forbidden": "remove it or check its spelling"}


def load_design(path: str | os.PathLike[str]) -> Design:
    """Read and validate a design.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no such file, it is not YAML, or a field is unknown, missing or cannot be; with the
        first field at fault and how many more there are.
    """
    return parse_design(read_yaml(path), str(path))


def parse_design(content: Any, where: str) -> Design:
    """Validate plain data as a design.

    Raises
    ------
    SkyShieldError
        Exit code 2 with the first field at fault.

    Examples
    --------
    >>> parse_design({"name": "a", "budget": {"people": 9}, "means": {"patrol": {"q": 0.1, "people": 1}},
    ...               "sectors": [{"name": "Sumy"}]}, "example.yaml").sectors[0].weight
    1.0
    """
    if not isinstance(content, dict):
        raise SkyShieldError(where, "is not a mapping of fields", "give name, budget, means and sectors")
    try:
        return Design.model_validate(content)
    except ValidationError as error:
        raise _one_line(error, where) from None


def _one_line(error: ValidationError, where: str) -> SkyShieldError:
    """Return the one line about the first fault; how many more places are at fault is said."""
    told = error.errors()
    deep = [fault for fault in told if fault["type"] not in ("too_short", "int_type", "dict_type")] or told
    first, places = deep[0], list(dict.fromkeys(_place(fault["loc"]) for fault in deep))
    what = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
    remedy = _REMEDIES.get(first["type"], "mend it")
    if first["type"] == "extra_forbidden":
        what = "is not a known key"
    elif first["type"] == "missing":
        what = "is missing"
    elif first["type"] in ("too_short", "too_long"):
        what, remedy = _too_few_or_many(first["ctx"])
    elif first["type"] in ("model_type", "dict_type"):
        what, remedy = "is not a mapping of fields", "write field: value"
    elif first["type"] == "literal_error":
        what, remedy = f"is {first['input']!r}, which is no means known", f"use {', '.join(MEANS)}"
    elif first["input"] is None or isinstance(first["input"], int | float | str):
        what = f"is {first['input']!r}: {what}"
        if first["type"] == "float_type" and isinstance(first["input"], str):
            remedy = "write a number without quotes, with a point and a sign where it has an exponent: 1.2e+8"
    more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    return SkyShieldError(": ".join(filter(None, (where, places[0]))), what + more, remedy)


def _too_few_or_many(limits: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong with a list or mapping of a wrong length, and the remedy."""
    if not limits["actual_length"]:
        return "is empty", "give at least one"
    return f"has {limits['actual_length']:,} entries", f"give at most {limits['max_length']:,}"


def _place(loc: tuple[int | str, ...]) -> str:
    """Return where a fault is, without what the validator adds: the branch of a choice, the place in a three."""
    parts = [part for part in loc if not (isinstance(part, str) and part.startswith(("[key]", "constrained", "dict[")))]
    if len(parts) > 1 and isinstance(parts[-1], int) and parts[-2] in (*MEANS, *Means.model_fields):
        parts.pop()
    return ".".join(map(str, parts))
