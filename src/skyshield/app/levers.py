"""The levers of a scenario: the rows of ``levers.yaml`` laid over its options, each with range, grade and source.

A lever is one PATH of `skyshield.app.settings`. It is there only where it applies: a clause on options that shoot, a
radius on zones made of circles, a field of a package where the option has that package.
"""

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.catalogue.unit_text import PLAIN
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.units import parse_quantity
from skyshield.scenario import Option, Scenario
from skyshield.scenario.load import dump
from skyshield.theatre import load_theatre

TABLE = Path(__file__).parent / "levers.yaml"
KINDS = ("number", "quantity", "choice", "boxes", "flag", "points", "days")
OF_ALL = ""  # the option of a lever that belongs to the whole scenario
_KM = 1000.0
Row = Mapping[str, Any]
Lever = dict[str, Any]


@functools.cache
def rows() -> dict[str, Any]:
    """Return the table as the file has it.

    Examples
    --------
    >>> rows()["rules"][0]["field"]
    'standoff_russia'
    """
    content: dict[str, Any] = read_yaml(TABLE)
    return content


def table(scenario: Scenario, shipped: Scenario | None = None) -> list[Lever]:
    """Return the levers of a scenario as plain data.

    Parameters
    ----------
    scenario
        As it is set.
    shipped
        As it was before any lever was moved; the same by default.

    Returns
    -------
    list of dict
        ``path``, ``option`` (empty for the whole scenario), ``group`` and ``group_label``, ``label``, ``kind``,
        ``unit``, ``low``, ``high``, ``step``, ``optional``, ``main``, ``value`` and ``shipped`` (as the file has them;
        None where left out), ``choices``, ``clears`` (paths to leave out when it is set), ``grade``, ``grade_label``,
        ``source`` (key and citation each), ``note``,
        and ``drawn`` for a number that the catalogue draws: its low, central and high.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> first = next(lever for lever in table(load("month")) if lever["option"] == "region")
    >>> first["path"], first["value"], first["low"], first["high"], first["unit"], first["grade"]
    ('options.region.rules.standoff_russia', '200 km', 0, 400, 'km', 'C')
    """
    before = scenario if shipped is None else shipped
    now, was = dump(scenario), dump(before)
    catalogue = load_catalogue()
    return [_lever(row, path, option, now, was, catalogue) for row, path, option in _placed(scenario, now)]


def _placed(scenario: Scenario, plain: Mapping[str, Any]) -> Iterator[tuple[Row, str, str]]:
    """Yield each row with the paths at which it applies and the option it belongs to."""
    for option in scenario.options:
        yield from _of_option(option, f"options.{option.name}")
    for row in rows()["assumptions"]:
        yield {"kind": "number", "group": "assumptions", "optional": True, "entry": row["field"], **row}, \
            f"assumptions.{row['field']}", OF_ALL
    for row in rows()["scenario"]:
        yield row, str(row["field"]), OF_ALL
    for row in rows()["protected_area"]:
        if _fits(row, plain["protected_area"]):
            yield row, f"protected_area.{row['field']}", OF_ALL
    for k, member in enumerate(scenario.members):
        for row in rows()["members"]:
            yield {**row, "label": f"{member.name} {row['label']}"}, f"members.{k}.{row['field']}", OF_ALL


def _of_option(option: Option, where: str) -> Iterator[tuple[Row, str, str]]:
    if option.fires:
        for row in rows()["rules"]:
            yield row, f"{where}.rules.{row['field']}", option.name
        if option.rules.zone is not None:
            zone = option.rules.zone.model_dump(mode="json")
            for row in rows()["zone"]:
                if _fits(row, zone):
                    yield row, f"{where}.rules.zone.{row['field']}", option.name
    for k, package in enumerate(option.packages):
        plain = package.model_dump(mode="json")
        for row in rows().get(package.kind, ()):
            if row.get("stand") in (None, plain.get("stand")) and (not row.get("places") or plain.get("serves")):
                yield row, f"{where}.packages.{k}.{row['field']}", option.name


def _fits(row: Row, zone: Mapping[str, Any]) -> bool:
    """Return whether a row is about a zone of this sort."""
    scope = row["scope"]
    return zone["scope"] in ([scope] if isinstance(scope, str) else scope)


def _lever(row: Row, path: str, option: str, now: Mapping[str, Any], was: Mapping[str, Any],
           catalogue: Catalogue) -> Lever:
    entry = catalogue[row["entry"]] if "entry" in row else None
    fixed = entry is not None and path.startswith("assumptions.")
    grade = str(row["grade"]) if "grade" in row else entry.grade if entry is not None else "K"
    sources = row.get("source", () if entry is None else entry.source)
    unit = entry.unit if fixed and entry is not None else str(row.get("unit", PLAIN))
    low, high, step = (row.get(name) for name in ("low", "high", "step"))
    if fixed and entry is not None:
        low, high, step = entry.low, entry.high, _step(entry.low, entry.high)
    if path == "days":
        low = _fewest_days(now)
    value, shipped = _value(now, path), _value(was, path)
    drawn = None
    if entry is not None and (fixed or (isinstance(value, str) and value in catalogue)):
        drawn = {"key": entry.key, "low": entry.low, "central": entry.reference_value, "high": entry.high}
    return {"path": path, "option": option, "group": row["group"], "group_label": rows()["groups"][row["group"]],
            "label": entry.label if fixed and entry is not None else row["label"], "kind": row["kind"],
            "unit": "" if unit == PLAIN else unit, "low": low, "high": high, "step": step,
            "optional": bool(row.get("optional", False)), "main": bool(row.get("main", False)),
            "value": value, "shipped": shipped, "choices": _choices(row.get("choices")),
            "clears": [f"{path.rpartition('.')[0]}.{field}" for field in row.get("clears", ())],
            "grade": grade, "grade_label": rows()["grades"][grade],
            "source": [{"key": key, "citation": catalogue.sources[key].citation} for key in sources],
            "note": row.get("note", "") or (entry.note if entry is not None else ""), "drawn": drawn}


def _fewest_days(plain: Mapping[str, Any]) -> int:
    """Return the day on which the last phase or package of a scenario has begun."""
    starts: list[int] = [phase.get("first_day", 1) for phase in plain["phases"]]
    starts += [package["start"] for option in plain["options"].values() for package in option["packages"]
               if isinstance(package["start"], int)]
    return max(starts)


def _step(low: float, high: float) -> float:
    """Return a step that cuts a range into 20 to 50 parts: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10((high - low) / 20))
    return next(nice * power for nice in (5.0, 2.0, 1.0) if nice * power <= (high - low) / 20 or nice == 1.0)


def _value(plain: Any, path: str) -> Any:
    """Return what plain data has at a path; None where it has nothing."""
    for part in path.split("."):
        if isinstance(plain, list):
            plain = plain[int(part)] if int(part) < len(plain) else None
        else:
            plain = plain.get(part) if isinstance(plain, Mapping) else None
    return plain


def _choices(given: str | Sequence[Mapping[str, str]] | None) -> list[dict[str, str]] | None:
    """Return the choices of a row: its own, or names of the theatre."""
    if given is None:
        return None
    if not isinstance(given, str):
        return [dict(one) for one in given]
    theatre = load_theatre()
    names = {"oblasts": [oblast.name for oblast in theatre.oblasts if not oblast.occupied],
             "cities": [city.name for city in theatre.cities],
             "places": [*(city.name for city in theatre.cities),
                        *(site.name for interest in theatre.interests for site in interest.sites
                          if site.kind == "point" and not site.occupied)]}
    return [{"value": name, "label": name} for name in dict.fromkeys(names[given])]


def ends(lever: Lever) -> list[Any]:
    """Return the values at the low and the high end of a lever as a scenario's file would hold them, and the shipped.

    Raises
    ------
    SkyShieldError
        If the lever is of no known kind.

    Examples
    --------
    >>> ends({"kind": "quantity", "unit": "km", "low": 0, "high": 400, "shipped": "200 km", "optional": True})
    ['0 km', '400 km', '200 km', None]
    """
    kind, left_out = lever["kind"], [None] if lever["optional"] else []
    if kind == "quantity":
        values: list[Any] = [f"{lever['low']} {lever['unit']}", f"{lever['high']} {lever['unit']}"]
    elif kind in ("number", "days"):
        values = [lever["low"], lever["high"]]
    elif kind == "choice":
        values = [choice["value"] for choice in lever["choices"]]
    elif kind == "boxes":
        names = [choice["value"] for choice in lever["choices"]]
        values = [names[:1], names[:16] if lever["group"] == "forces" else names]
    elif kind == "flag":
        values = [False, True]
    elif kind == "points":
        values = [[[23.0, 49.0], [24.0, 51.0], [30.5, 51.0]]]
    else:
        raise SkyShieldError(TABLE.name, f"has the kind {kind!r}", f"use one of {', '.join(KINDS)}")
    return [*values, lever["shipped"], *left_out]


def number_of(value: Any, unit: str) -> float | None:
    """Return a lever's value as a number in its unit; None where it is left out or drawn from the catalogue.

    Examples
    --------
    >>> number_of("200 km", "km"), number_of(48, "aircraft"), number_of("skyshield_aircraft", "aircraft")
    (200.0, 48.0, None)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if unit == "km" and isinstance(value, str):
        return parse_quantity(value, "m", "") / _KM
    return None
