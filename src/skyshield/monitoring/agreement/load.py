"""Read agreements: shipped ones by name, anybody's by path."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.monitoring.agreement.model import Agreement, Zone

LIBRARY = Path(__file__).parents[1] / "library"


def library() -> tuple[str, ...]:
    """Return the names of the shipped agreements.

    Examples
    --------
    >>> library()
    ('measures-2020', 'minsk-2015', 'paris-2026')
    """
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def load_agreement(path: str | os.PathLike[str]) -> Agreement:
    """Read and validate an agreement, a shipped one by its name or a file by its path.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no such file, it is not YAML, or a field is unknown, missing or cannot be; with the
        first field at fault and how many more there are.

    Examples
    --------
    >>> load_agreement("measures-2020").name
    'measures-2020'
    """
    text = os.fspath(path)
    if text in library():
        return parse_agreement(read_yaml(LIBRARY / f"{text}.yaml"), f"{text}.yaml")
    if not text.strip() or (not Path(text).suffix and not Path(text).exists()):
        raise SkyShieldError(f"agreement {text!r}", "is neither a shipped agreement nor a file",
                             f"choose from {', '.join(library())} or give the path of a YAML file")
    return parse_agreement(read_yaml(text), text)


def parse_agreement(content: Any, where: str) -> Agreement:
    """Validate plain data as an agreement.

    Raises
    ------
    SkyShieldError
        Exit code 2 with the first field at fault.
    """
    if not isinstance(content, dict):
        raise SkyShieldError(where, "is not a mapping of fields", "start from a shipped agreement")
    try:
        agreement = Agreement.model_validate(content)
    except ValidationError as error:
        raise _one_line(error, where) from None
    _check_oblasts({**agreement.zones, **agreement.no_fly_areas}, where)
    return agreement


def _check_oblasts(zones: dict[str, Zone], where: str) -> None:
    from skyshield.theatre import load_theatre

    known = [oblast.name for oblast in load_theatre().oblasts]
    for name, zone in zones.items():
        for oblast in zone.oblasts or ():
            if oblast not in known:
                raise SkyShieldError(f"{where}: zones.{name}.oblasts", f"names no oblast ({oblast!r})",
                                     f"use one of: {', '.join(known)}")


def _one_line(error: ValidationError, where: str) -> SkyShieldError:
    """Return the one line about the first fault; how many more there are is said."""
    told = error.errors()
    faults = [one for one in told if one["type"] != "too_short" or not any(
        len(other["loc"]) > len(one["loc"]) and other["loc"][:len(one["loc"])] == one["loc"]
        for other in told)]  # a list is not too short besides, because its entry is none
    first = faults[0]
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")
    what = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
    remedy = "mend it, a shipped agreement shows how"
    if first["type"] == "extra_forbidden":
        what, remedy = "is not a known key", "remove it or check its spelling"
    elif first["type"] == "missing":
        what, remedy = "is missing", "add it, a shipped agreement shows how"
    elif first["type"] == "literal_error":
        what, remedy = f"is {first['input']!r}", f"use {first['ctx']['expected']}"
    elif first["type"] == "timezone_aware":
        what, remedy = "has no time zone", "end the time with Z or an offset such as +02:00"
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return SkyShieldError(": ".join(filter(None, (where, place))), what + more, remedy)
