"""A scenario with levers set: values by PATH on its plain data, and what differs from the scenario as it is shipped.

A PATH names a field of the scenario as its YAML file nests it, with dots: ``days``,
``options.region.rules.standoff_russia``, ``options.region.packages.0.aircraft``, ``assumptions.displacement``,
``protected_area.oblasts``. Options stand by name, entries of lists by number from 0. A value is what the file would
hold there; None leaves the field out.
"""

import copy
import difflib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.scenario import Scenario
from skyshield.scenario.keys import KINDS, keys_of
from skyshield.scenario.load import dump, parse

MOST_CHANGES = 500
LONGEST_PATH = 300
DEEPEST = 4
MOST_TRIED = 50  # changes that are tried one by one to find the one at fault
ROOTS = ("days", "of_days", "decided_before_days", "start_date", "protected_area", "members", "phases",
         "assumptions", "options")
_SECTION_OF = {"protected_area": "zone", "zone": "zone", "rules": "rules", "members": "member", "phases": "phase",
               "hubs": "hub", "ships": "ship"}
_OPTION_FIELDS = ("rules", "packages", "budget", "members")
_NO_FIELDS = ("name", "kind")  # what a thing is, not how it is set

Plain = dict[str, Any]


def apply(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Return a scenario with values set.

    Parameters
    ----------
    scenario
        The scenario as it stands.
    changes
        PATH -> value as the scenario's file would hold it; None leaves the field out.

    Raises
    ------
    SkyShieldError
        Naming the PATH that is unknown, or whose value the scenario cannot hold, and how to mend it.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> moved = apply(load("month"), {"options.region.rules.standoff_russia": "150 km", "days": 10})
    >>> moved.option("region").rules.standoff_russia, moved.days
    ('150 km', 10)
    """
    if len(changes) > MOST_CHANGES:
        raise SkyShieldError("set", f"has {len(changes)} paths, more than {MOST_CHANGES}", "set fewer")
    content = dump(scenario)
    for path, value in changes.items():
        _put(content, path, value)
    try:
        return parse(content, "")
    except SkyShieldError as error:
        raise named(error, changes, scenario) from None


def named(error: SkyShieldError, changes: Mapping[str, Any], scenario: Scenario | None = None) -> SkyShieldError:
    """Return an error about a changed scenario with the PATH that brings it about, where that can be seen.

    Parameters
    ----------
    error
        Of the scenario's reader or of its check.
    changes
        What was set.
    scenario
        What it was set on; with it, a fault that no PATH leads to is looked for by setting each alone.

    Examples
    --------
    >>> fault = SkyShieldError("options.region.rules.zone: zone: places", "no city is named 'X'", "did you mean 'Y'?")
    >>> named(fault, {"options.region.rules.zone.places": ["X"]}).where
    'options.region.rules.zone.places'
    """
    place = error.where.replace(": ", ".")
    under = [path for path in changes if any(place == one or place.startswith(f"{one}.")
                                             for one in (path, _without_numbers(path)))]
    above = [path for path in changes if place and path.startswith(f"{place}.")]
    beside = [path for path in changes if place.startswith(_parent(path) + ".")] if not under and not above else []
    found = max(under, key=len, default="") or (above or beside or [""])[0]
    if not found and scenario is not None and len(changes) <= MOST_TRIED:
        found = next((path for path, value in changes.items() if not _alone(scenario, path, value)), "")
    where = found or (next(iter(changes)) if len(changes) == 1 else error.where)
    inside = place.removeprefix(f"{where}.") if place not in (where, _without_numbers(where)) else ""
    what = f"{error.what} (at {inside})" if inside else error.what
    return SkyShieldError(where, what, error.remedy, error.exit_code)


def changed(shipped: Scenario, now: Scenario) -> dict[str, Any]:
    """Return PATH -> value of all in which a scenario differs from the shipped one, so that `apply` makes it again.

    Raises
    ------
    SkyShieldError
        If the two do not have the same options with the same kinds of packages, or differ in words.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> month = load("month")
    >>> changed(month, apply(month, {"days": 10, "options.region.rules.standoff_front": None}))
    {'days': 10, 'options.region.rules.standoff_front': None}
    """
    before, after = dump(shipped), dump(now)
    if list(before["options"]) != list(after["options"]):
        raise SkyShieldError("options", "are not those of the scenario", "compare scenarios with the same options")
    return dict(_differences(before, after, ""))


def read(texts: Iterable[str]) -> dict[str, Any]:
    """Return changes written as PATH=VALUE; a VALUE is JSON, or else text.

    Raises
    ------
    SkyShieldError
        If one has no ``=``.

    Examples
    --------
    >>> read(["days=10", "options.region.rules.standoff_russia=150 km"])
    {'days': 10, 'options.region.rules.standoff_russia': '150 km'}
    """
    result: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise SkyShieldError("set", f"has {text[:80]!r}, not PATH=VALUE", "write it as days=10")
        try:
            result[path] = json.loads(value)
        except (ValueError, RecursionError):
            result[path] = value
    return result


def written(changes: Mapping[str, Any]) -> list[str]:
    """Return changes as texts that `read` reads back; text that JSON would take for something else is quoted.

    Examples
    --------
    >>> written({"days": 10, "options.region.rules.standoff_russia": "150 km"})
    ['days=10', 'options.region.rules.standoff_russia=150 km']
    """
    return [f"{path}={_text(value)}" for path, value in changes.items()]


def _text(value: Any) -> str:
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_numbers(path: str) -> str:
    """Return a path as the check says it: without the number of a package."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())


def _parent(path: str) -> str:
    return path.rpartition(".")[0] or path


def _alone(scenario: Scenario, path: str, value: Any) -> bool:
    """Return whether a scenario can hold one of its changes by itself."""
    content = dump(scenario)
    _put(content, path, value)
    try:
        parse(content, "")
    except SkyShieldError:
        return False
    return True


def _put(content: Plain, path: str, value: Any) -> None:
    """Set one value in plain data, refusing a path that leads nowhere."""
    if not isinstance(path, str) or not path.strip() or not path.isprintable() or len(path) > LONGEST_PATH:
        raise SkyShieldError("set", f"has {str(path)[:40]!r}, not a path", "write paths as days or options.NAME.rules")
    parts = path.split(".")
    if parts[0] not in ROOTS:
        raise _unknown(path, parts[0], ROOTS)
    _check_value(path, value)
    place: Any = content
    section = "scenario"
    for k, part in enumerate(parts[:-1]):
        place, section = _step(place, section, part, path, parts[k + 1])
    _set_leaf(place, section, parts[-1], path, value)


def _step(place: Any, section: str, part: str, path: str, following: str) -> tuple[Any, str]:
    """Return what a part of a path leads to, and the section of keys that it is."""
    if isinstance(place, list):
        if not part.isdecimal() or int(part) >= len(place):
            raise SkyShieldError(path, f"has no entry {part!r}", f"count from 0 to {len(place) - 1}"
                                 if place else "it has no entries; leave it out")
        found = place[int(part)]
        if not isinstance(found, dict):
            raise SkyShieldError(path, f"ends before {following!r}", "set the whole list")
        return found, str(found["kind"]) if found.get("kind") in KINDS else section
    if section == "options":
        if part not in place:
            raise _unknown(path, part, list(place))
        return place[part], "option"
    if part == "options" and section == "scenario":
        return place["options"], "options"
    if section == "assumptions":
        raise SkyShieldError(path, f"ends before {following!r}: {part} is one value", f"set assumptions.{part}")
    known = list(_OPTION_FIELDS) if section == "option" else list(keys_of(section))
    if part not in known:
        raise _unknown(path, part, known)
    if part == "assumptions":
        return place.setdefault(part, {}), "assumptions"
    if part in _SECTION_OF or part == "packages":
        found = place.setdefault(part, {} if part in ("zone", "rules", "protected_area") else [])
        return found, _SECTION_OF.get(part, section)
    raise SkyShieldError(path, f"ends before {following!r}: {part} is one value",
                         f"set {path.partition('.' + following)[0]}")


def _set_leaf(place: Any, section: str, leaf: str, path: str, value: Any) -> None:
    if isinstance(place, list) or section == "options":
        raise SkyShieldError(path, "is no single field", "go on to one of its fields")
    if section == "assumptions":
        known: Sequence[str] = [leaf]  # the check knows the catalogue
    elif section == "option":
        known = [name for name in _OPTION_FIELDS if name not in ("rules", "packages")]
    elif section == "scenario":
        known = [name for name in ROOTS if name not in ("options", "assumptions", "phases", "members")]
    else:
        known = [name for name in keys_of(section) if name not in _NO_FIELDS]
    if leaf not in known:
        raise _unknown(path, leaf, known)
    if value is None:
        place.pop(leaf, None)
    else:
        place[leaf] = copy.deepcopy(value)


def _check_value(path: str, value: Any, depth: int = 0) -> None:
    """Refuse what no file can hold: numbers that are none, nesting without end."""
    if isinstance(value, float) and not math.isfinite(value):
        raise SkyShieldError(path, f"is {value}, not a finite number", "give a finite number")
    if depth > DEEPEST:
        raise SkyShieldError(path, "is nested too deep", "write it as the scenario's file has it")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for one in inner:
        _check_value(path, one, depth + 1)


def _unknown(path: str, part: str, known: Sequence[str]) -> SkyShieldError:
    near = difflib.get_close_matches(part.lower().replace("-", "_"), known, n=1)
    return SkyShieldError(path, f"is not a known path: there is no {part[:60]!r}",
                          f"write {near[0]}" if near else f"use one of {', '.join(known)}")


def _differences(before: Any, after: Any, path: str) -> Iterable[tuple[str, Any]]:
    """Yield the fields in which plain data differ; lists of mappings entry by entry if they hold the same things."""
    for name in dict.fromkeys([*before, *after]):
        inner = f"{path}.{name}" if path else str(name)
        one, other = before.get(name), after.get(name)
        if one == other:
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _differences(one, other, inner)
        elif _same_things(one, other):
            for k, (left, right) in enumerate(zip(one, other, strict=True)):
                yield from _differences(left, right, f"{inner}.{k}")
        else:
            yield inner, other


def _same_things(one: Any, other: Any) -> bool:
    if not (isinstance(one, list) and isinstance(other, list) and len(one) == len(other)):
        return False
    return all(isinstance(a, dict) and isinstance(b, dict) and a.get("kind") == b.get("kind")
               for a, b in zip(one, other, strict=True))
