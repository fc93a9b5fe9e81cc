"""What the engine counts, and the classes of threat it counts by: two tables read from YAML.

A measure is listed here if and only if the engine fills it, so documentation, results and reports
all draw on one list. A threat class binds a class name to the catalogue entries that describe it.
"""

import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skyshield.catalogue.entry import check_field_names, text_field
from skyshield.catalogue.table import DATA, MEASURES, THREAT_CLASSES, Catalogue, load_catalogue
from skyshield.catalogue.unit_text import si_unit
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

PER_CLASS, PER_KIND, PER_NOTHING = "class", "kind", ""
STATUSES = ("headline", "secondary", "explains")
DIRECTIONS = ("more", "less", "neither")
_MILLION = 1e6
ROLES = ("speed", "altitude", "own_stop", "rho")


@dataclasses.dataclass(frozen=True)
class Measure:
    """One thing the engine counts.

    Parameters
    ----------
    name
        Its name in results; a measure by class or kind is keyed ``name/key`` there.
    label
        Its name in words.
    unit
        The unit of its values.
    per
        ``class``, ``kind`` or nothing.
    keys
        The classes or kinds, in order, each with its name in words; empty for a single number.
    shown
        The unit that reports give it in: the unit in words, or millions of it.
    direction
        Which way is better: ``more``, ``less``, or ``neither`` where it ranks nothing.
    what
        Its definition in one sentence.
    status
        ``headline`` (a primary measure), ``secondary`` or ``explains`` (says why a threat was not
        stopped; never an outcome to rank options by).

    Examples
    --------
    >>> [measure.name for measure in load_measures() if measure.status == "headline"]
    ['prevented_armed_zone', 'prevented_armed']
    """

    name: str
    label: str
    unit: str
    per: str
    keys: Mapping[str, str]
    shown: str
    direction: str
    what: str
    status: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its numbers in results.

        Examples
        --------
        >>> load_measures()[4].columns
        ('prevented/uav', 'prevented/cruise', 'prevented/ballistic')
        """
        return tuple(f"{self.name}/{key}" for key in self.keys) or (self.name,)

    @property
    def scale(self) -> float:
        """What a value is divided by before it is shown."""
        return _MILLION if "million" in self.shown.split() else 1.0

    def label_of(self, key: str) -> str:
        """Return its name in words, of one class or kind if `key` is not empty.

        Examples
        --------
        >>> load_measures()[4].label_of("uav"), load_measures()[4].label_of("")
        ('Prevented, UAVs', 'Prevented')
        """
        return f"{self.label}, {self.keys[key]}" if key else self.label


@dataclasses.dataclass(frozen=True)
class ThreatClass:
    """A class of threat and the catalogue entries that describe it.

    Parameters
    ----------
    name
        Its key in measures.
    label
        What it holds, in one line.
    short
        Its name in a table.
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
    short: str
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
        check_field_names(fields, place, ("label", "short", "order", "decoys", "entries", "models"))
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
        classes.append(ThreatClass(name, text_field(fields, "label", place), text_field(fields, "short", place),
                                   len(classes), fields["decoys"], dict(entries),
                                   _names(fields["models"], f"{place}: models")))
    return tuple(classes)


def read_measures(path: Path, classes: Mapping[str, str]) -> tuple[Measure, ...]:
    """Read the measures; a measure by class takes its keys and their names in words from `classes`.

    Raises
    ------
    SkyShieldError
        ``FILE: MEASURE: FIELD`` and what is wrong with it, or if none is a headline.
    """
    measures = []
    for name, fields in _rows(path):
        place = f"{path.name}: {name}"
        check_field_names(fields, place, ("label", "unit", "per", "keys", "shown", "direction", "what", "status"))
        label, unit, shown, what = (text_field(fields, field, place) for field in ("label", "unit", "shown", "what"))
        si_unit(unit, f"{place}: unit")
        for field, allowed in (("status", STATUSES), ("direction", DIRECTIONS)):
            if fields[field] not in allowed:
                raise SkyShieldError(f"{place}: {field}", f"is {fields[field]!r}", f"use {', '.join(allowed)}")
        per, keys = fields["per"], _keys(fields, classes, place)
        measures.append(Measure(name, label, unit, per, keys, shown, fields["direction"], what, fields["status"]))
    if not any(measure.status == "headline" for measure in measures):
        raise SkyShieldError(f"{path.name}: status", "makes no measure the headline", "choose one or more")
    return tuple(measures)


def _keys(fields: Mapping[Any, Any], classes: Mapping[str, str], place: str) -> dict[str, str]:
    """Return what a measure is counted by, each key with its name in words."""
    per, keys = fields["per"], fields["keys"]
    if per == PER_KIND:
        if not isinstance(keys, Mapping) or not all(isinstance(text, str) and text for pair in keys.items()
                                                    for text in pair):
            raise SkyShieldError(f"{place}: keys", f"is {keys!r}, not a name in words for each kind",
                                 "write KIND: WORDS, one a line")
        if not keys:
            raise SkyShieldError(f"{place}: keys", "is empty", "name at least one")
        return dict(keys)
    if per not in (PER_CLASS, PER_NOTHING):
        raise SkyShieldError(f"{place}: per", f"is {per!r}", "use class, kind or ''")
    names = _names(keys, f"{place}: keys", empty=per == PER_NOTHING)
    if per == PER_NOTHING and names:
        raise SkyShieldError(f"{place}: keys", "are given for a single number", "write []")
    if per == PER_CLASS and names != tuple(classes):
        raise SkyShieldError(f"{place}: keys", f"are {', '.join(names)}",
                             f"a measure by class has {', '.join(classes)}")
    return {name: classes[name] for name in names}


@functools.cache
def load_threat_classes() -> tuple[ThreatClass, ...]:
    """Return the threat classes the package ships, in their order."""
    catalogue: Catalogue = load_catalogue()
    return read_threat_classes(DATA / f"{THREAT_CLASSES}.yaml", catalogue)


@functools.cache
def load_measures() -> tuple[Measure, ...]:
    """Return the measures the package ships, in the order of reports."""
    return read_measures(DATA / f"{MEASURES}.yaml", {one.name: one.short for one in load_threat_classes()})


@functools.cache
def measure_of(column: str) -> Measure:
    """Return the measure that a column of results belongs to.

    Examples
    --------
    >>> measure_of("leaked/uav").name
    'leaked'
    """
    return next(measure for measure in load_measures() if measure.name == column.partition("/")[0])


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
