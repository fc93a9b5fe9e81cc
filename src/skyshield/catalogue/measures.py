"""What the engine counts, and the classes of threat it counts by: two tables read from YAML.

A measure is listed here if and only if the engine fills it, so documentation, results and reports
all draw on one list. A threat class binds a class name to the catalogue entries that describe it.
"""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.catalogue.entry import check_field_names, text_field
from skyshield.catalogue.table import DATA, MEASURES, THREAT_CLASSES, Catalogue, load_catalogue
from skyshield.catalogue.unit_text import si_unit
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

PER_CLASS, PER_KIND, PER_NOTHING = "class", "kind", ""
STATUSES = ("headline", "secondary", "explains")
ROLES = ("speed", "altitude", "own_stop", "rho")


@dataclasses.dataclass(frozen=True)
class Measure:
    """One thing the engine counts.

    Parameters
    ----------
    name
        Its name in results; a measure by class or kind is keyed ``name/key`` there.
    unit
        The unit of its values.
    per
        ``class``, ``kind`` or nothing.
    keys
        The classes or kinds, in order; empty for a single number.
    what
        Its definition in one sentence.
    status
        ``headline`` (the primary measure), ``secondary`` or ``explains`` (says why a threat was not
        stopped; never an outcome to rank options by).

    Examples
    --------
    >>> [measure.name for measure in load_measures() if measure.status == "headline"]
    ['prevented_zone']
    """

    name: str
    unit: str
    per: str
    keys: tuple[str, ...]
    what: str
    status: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its numbers in results.

        Examples
        --------
        >>> load_measures()[0].columns
        ('launched/uav', 'launched/cruise', 'launched/ballistic')
        """
        return tuple(f"{self.name}/{key}" for key in self.keys) or (self.name,)


@dataclasses.dataclass(frozen=True)
class ThreatClass:
    """A class of threat and the catalogue entries that describe it.

    Parameters
    ----------
    name
        Its key in measures.
    label
        What it holds, in one line.
    order
        Its number, from 0 without gaps.
    decoys
        Whether launches of it include decoys.
    entries
        Role (``speed``, ``altitude``, ``own_stop``, ``rho``) → key of a catalogue entry.
    models
        The weapon types of the public record counted in it, for display.

    Examples
    --------
    >>> [threat_class.name for threat_class in load_threat_classes()]
    ['uav', 'cruise', 'ballistic']
    """

    name: str
    label: str
    order: int
    decoys: bool
    entries: Mapping[str, str]
    models: tuple[str, ...]


def read_threat_classes(path: Path, catalogue: Mapping[str, object]) -> tuple[ThreatClass, ...]:
    """Read the threat classes and check each entry they name against the catalogue.

    Raises
    ------
    SkyShieldError
        ``FILE: CLASS: FIELD`` and what is wrong with it.
    """
    classes: list[ThreatClass] = []
    for name, fields in _rows(path):
        place = f"{path.name}: {name}"
        check_field_names(fields, place, ("label", "order", "decoys", "entries", "models"))
        if not isinstance(fields["decoys"], bool):
            raise SkyShieldError(f"{place}: decoys", f"is {fields['decoys']!r}", "write true or false")
        if fields["order"] != len(classes) or isinstance(fields["order"], bool):
            raise SkyShieldError(f"{place}: order", f"is {fields['order']!r}, but it is number {len(classes)}",
                                 "number the classes from 0 in the order of the file")
        entries = fields["entries"]
        if not isinstance(entries, Mapping):
            raise SkyShieldError(f"{place}: entries", "is not a mapping", f"give {', '.join(ROLES)}")
        check_field_names(entries, f"{place}: entries", ROLES)
        for role, key in entries.items():
            if key not in catalogue:
                raise SkyShieldError(f"{place}: entries: {role}", f"names {key!r}, which is not in the catalogue",
                                     "name an entry")
        classes.append(ThreatClass(name, text_field(fields, "label", place), len(classes), fields["decoys"],
                                   dict(entries), _names(fields["models"], f"{place}: models")))
    return tuple(classes)


def read_measures(path: Path, classes: Sequence[str]) -> tuple[Measure, ...]:
    """Read the measures; a measure by class takes its keys from `classes`.

    Raises
    ------
    SkyShieldError
        ``FILE: MEASURE: FIELD`` and what is wrong with it, or if not exactly one is the headline.
    """
    measures = []
    for name, fields in _rows(path):
        place = f"{path.name}: {name}"
        check_field_names(fields, place, ("unit", "per", "keys", "what", "status"))
        unit, status = text_field(fields, "unit", place), text_field(fields, "status", place)
        si_unit(unit, f"{place}: unit")
        if status not in STATUSES:
            raise SkyShieldError(f"{place}: status", f"is {status!r}", f"use {', '.join(STATUSES)}")
        per = fields["per"]
        if per not in (PER_CLASS, PER_KIND, PER_NOTHING):
            raise SkyShieldError(f"{place}: per", f"is {per!r}", "use class, kind or ''")
        keys = _names(fields["keys"], f"{place}: keys", empty=per == PER_NOTHING)
        if per == PER_NOTHING and keys:
            raise SkyShieldError(f"{place}: keys", "are given for a single number", "write []")
        if per == PER_CLASS and keys != tuple(classes):
            raise SkyShieldError(f"{place}: keys", f"are {', '.join(keys)}",
                                 f"a measure by class has {', '.join(classes)}")
        measures.append(Measure(name, unit, per, keys, text_field(fields, "what", place), status))
    headline = [measure.name for measure in measures if measure.status == "headline"]
    if len(headline) != 1:
        raise SkyShieldError(f"{path.name}: status", f"makes {len(headline)} measures the headline", "choose one")
    return tuple(measures)


@functools.cache
def load_threat_classes() -> tuple[ThreatClass, ...]:
    """Return the threat classes the package ships, in their order."""
    catalogue: Catalogue = load_catalogue()
    return read_threat_classes(DATA / f"{THREAT_CLASSES}.yaml", catalogue)


@functools.cache
def load_measures() -> tuple[Measure, ...]:
    """Return the measures the package ships, in the order of results and reports."""
    return read_measures(DATA / f"{MEASURES}.yaml", [threat_class.name for threat_class in load_threat_classes()])


def _rows(path: Path) -> list[tuple[str, Mapping[Any, Any]]]:
    table = read_yaml(path)
    if not isinstance(table, Mapping) or not table:
        raise SkyShieldError(path.name, "holds no rows", "give a mapping from name to fields")
    for name, fields in table.items():
        if not isinstance(fields, Mapping):
            raise SkyShieldError(f"{path.name}: {name}", "is not a list of fields", "give its fields")
    return list(table.items())


def _names(value: object, place: str, empty: bool = False) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise SkyShieldError(place, f"is {value!r}, not a list of names", "write [name, name]")
    if len(set(value)) != len(value):
        raise SkyShieldError(place, "has a name twice", "keep one of them")
    if not value and not empty:
        raise SkyShieldError(place, "is empty", "name at least one")
    return tuple(value)
