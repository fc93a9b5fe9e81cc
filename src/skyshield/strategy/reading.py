"""How a study's rows are read here: figures of a measure as plain data, and tables that name measures and sources."""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from skyshield.catalogue import measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.study.result import MEASURES
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

LIMITS = Path(__file__).parent / "data" / "limits.yaml"


@functools.cache
def limits() -> Mapping[str, str]:
    """Return measure -> what must be said with it wherever a ledger tells it.

    Examples
    --------
    >>> limits()["rail_h"]
    'Rests on an assumed share of hits and hours of each.'
    """
    content: dict[str, str] = read_yaml(LIMITS)
    check_columns(content, LIMITS.name)
    return MappingProxyType(content)


def told(row: Mapping[str, Any], middle: str = "delta") -> Summary:
    """Return what is told of a row: its middle, lo, hi and Monte Carlo error, and why there is no interval.

    Examples
    --------
    >>> told({"delta": 2.0, "lo": 1.0, "hi": 3.0, "mcse": 0.1, "spread_lo": 0.0})
    {'delta': 2.0, 'lo': 1.0, 'hi': 3.0, 'mcse': 0.1}
    """
    return {name: row[name] for name in (middle, "lo", "hi", "mcse", "reason") if name in row}


def label_of(column: str) -> str:
    """Return the name of a column of results in words.

    Examples
    --------
    >>> label_of("port_days"), label_of("incidents/crossing_poland")
    ("Days of the ports' work lost", 'Incidents, threat crosses into Poland')
    """
    return measure_of(column).label_of(column.partition("/")[2])


def options_compared(view: StudyView) -> list[str]:
    """Return the options that differences are told of: all but the one compared with and those that price a clause."""
    return [option for option in view.manifest["options"] if option != view.to and option not in view.dropped]


def check_told(view: StudyView, columns: Iterable[str]) -> None:
    """Refuse a study that was stored before a measure was counted.

    Raises
    ------
    SkyShieldError
        If its summary lacks one of the columns.
    """
    there = next(iter(view.summary["options"].values())) if view.summary else MEASURES
    if missing := [column for column in columns if column not in there]:
        raise SkyShieldError(str(view.folder), f"was stored before {missing[0]} was counted",
                             "run it again in another folder")


def check_fields(fields: object, needed: Sequence[str], allowed: Sequence[str], place: str) -> Mapping[str, Any]:
    """Return the fields of a row of a table.

    Raises
    ------
    SkyShieldError
        If one is missing or unknown.
    """
    if not isinstance(fields, Mapping):
        raise SkyShieldError(place, "is not a list of fields", f"give {', '.join(needed)}")
    if missing := [name for name in needed if name not in fields]:
        raise SkyShieldError(f"{place}: {missing[0]}", "is missing", "give it")
    if unknown := [name for name in fields if name not in (*needed, *allowed)]:
        raise SkyShieldError(f"{place}: {unknown[0]}", "is not a known field",
                             f"choose from {', '.join((*needed, *allowed))}")
    return fields


def check_columns(columns: Iterable[str], place: str) -> None:
    """Refuse a name that no column of results bears.

    Examples
    --------
    >>> check_columns(["morale"], "a.yaml")
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: a.yaml: names the unknown measure 'morale'; use a column of results
    """
    for column in columns:
        if column not in MEASURES:
            raise SkyShieldError(place, f"names the unknown measure {column!r}", "use a column of results")


def check_sources(keys: Iterable[str], sources: Collection[str], place: str) -> None:
    """Refuse a source that the table does not list."""
    for key in keys:
        if key not in sources:
            raise SkyShieldError(f"{place}: source", f"is the unknown source {key!r}", "add it to the file")
