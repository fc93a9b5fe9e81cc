"""Incidents between states that might have been answered by force, whether they were, and what is said against it.

The table ``data/events.yaml`` holds classes of past events with how each is unlike what an option would bring, the
events by name with their source, the kinds of incident of a study and the class that each is held against, and
statements, those to the contrary among them. How many events of a class there were and how many were answered is
counted from the events, so no number stands there twice. Nothing here judges.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.reading import check_columns, check_fields, check_sources
from skyshield.study.result import MEASURES

TABLE = Path(__file__).parent / "data" / "events.yaml"
INCIDENTS = "incidents/"
_PARTS = ("sources", "classes", "events", "kinds", "left_out", "statements")


@dataclass(frozen=True)
class Event:
    """One event, or a number of like ones, and how many of them were answered by open force.

    Attributes
    ----------
    counted
        Whether it counts in its class; `why` says why not.
    """

    name: str
    date: str
    klass: str
    what: str
    answer: str
    events: int
    answered: int
    source: tuple[str, ...]
    counted: bool
    why: str


@dataclass(frozen=True)
class EventClass:
    """A class of events: the assumption that says how much they count, and how they are unlike an option's incidents.

    Attributes
    ----------
    goes_on
        It happens in the raids without any option, and is held against the years in which it was never answered.
    """

    name: str
    label: str
    weight: str
    unlike: str
    goes_on: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of incident of a study: its class, who might answer, and the columns of results that are added up.

    Months in which an option shoots have no columns.
    """

    name: str
    label: str
    klass: str
    who: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """What somebody said, when, and what that speaks against."""

    who: str
    date: str
    says: str
    against: str
    kinds: tuple[str, ...]
    source: tuple[str, ...]


@dataclass(frozen=True)
class Events:
    """The table."""

    classes: Mapping[str, EventClass]
    events: tuple[Event, ...]
    kinds: Mapping[str, Kind]
    left_out: Mapping[str, str]
    statements: tuple[Statement, ...]
    sources: Mapping[str, str]

    def counts(self, klass: str) -> tuple[int, int]:
        """Return how many counted events of a class were answered by force, and how many there were.

        Examples
        --------
        >>> load_events().counts("strike"), load_events().counts("deadly_strike"), load_events().counts("fire")
        ((8, 160), (1, 1), (0, 4))
        """
        counted = [event for event in self.events if event.klass == klass and event.counted]
        return sum(event.answered for event in counted), sum(event.events for event in counted)


@functools.cache
def load_events() -> Events:
    """Return the shipped table.

    Examples
    --------
    >>> [event.name for event in load_events().events if event.klass == "base"]
    ['Al Asad', 'Al Udeid']
    """
    return read_events(read_yaml(TABLE), TABLE.name)


def read_events(content: object, place: str) -> Events:
    """Return a table from plain data.

    Raises
    ------
    SkyShieldError
        If a field is missing or unknown, a source, class or column is not there, more were answered than there were,
        or a kind of incident of the results is neither counted nor left out.
    """
    top = check_fields(content, _PARTS, (), place)
    sources: Mapping[str, str] = top["sources"]
    needed = ("label", "weight", "unlike")
    classes = {name: EventClass(name, **check_fields(row, needed, ("goes_on",), f"{place}: {name}"))
               for name, row in top["classes"].items()}
    kinds = {name: _kind(name, row, f"{place}: kind {name}", classes) for name, row in top["kinds"].items()}
    found = Events(classes, tuple(_event(row, place, classes, sources) for row in top["events"]), kinds,
                   dict(top["left_out"]), tuple(_statement(row, place, kinds, sources) for row in top["statements"]),
                   sources)
    used = [column for kind in kinds.values() for column in kind.columns] + list(found.left_out)
    check_columns(used, place)
    if twice := sorted({column for column in used if used.count(column) > 1}):
        raise SkyShieldError(f"{place}: {twice[0]}", "stands there twice", "let kinds not overlap")
    if missing := [column for column in MEASURES if column.startswith(INCIDENTS) and column not in used]:
        raise SkyShieldError(f"{place}: {missing[0]}", "is neither of a kind nor left out", "add it to one of them")
    return found


def _event(row: object, place: str, classes: Mapping[str, EventClass], sources: Mapping[str, str]) -> Event:
    needed = ("name", "date", "class", "what", "answer", "events", "answered", "source")
    fields = check_fields(row, needed, ("counted", "why"), place)
    where = f"{place}: event {fields['name']}"
    check_sources(fields["source"], sources, where)
    _check_known(fields["class"], classes, f"{where}: class")
    if not 0 <= fields["answered"] <= fields["events"]:
        raise SkyShieldError(where, f"has {fields['answered']} answered of {fields['events']}",
                             "give answered <= events")
    counted = bool(fields.get("counted", True))
    if counted == bool(fields.get("why")):
        raise SkyShieldError(f"{where}: why", "is missing" if not counted else "is there, although it counts",
                             "say why an event does not count, and nothing of one that does")
    return Event(fields["name"], fields["date"], fields["class"], fields["what"], fields["answer"], fields["events"],
                 fields["answered"], tuple(fields["source"]), counted, fields.get("why", ""))


def _kind(name: str, row: object, where: str, classes: Mapping[str, EventClass]) -> Kind:
    fields = check_fields(row, ("label", "class", "who", "columns"), (), where)
    _check_known(fields["class"], classes, f"{where}: class")
    return Kind(name, fields["label"], fields["class"], fields["who"], tuple(fields["columns"]))


def _statement(row: object, place: str, kinds: Mapping[str, Kind], sources: Mapping[str, str]) -> Statement:
    fields = check_fields(row, ("who", "date", "says", "against", "kinds", "source"), (), place)
    where = f"{place}: statement of {fields['who']}"
    check_sources(fields["source"], sources, where)
    for kind in fields["kinds"]:
        _check_known(kind, kinds, f"{where}: kind")
    return Statement(fields["who"], fields["date"], fields["says"], fields["against"], tuple(fields["kinds"]),
                     tuple(fields["source"]))


def _check_known(name: Any, known: Mapping[str, object], where: str) -> None:
    if name not in known:
        raise SkyShieldError(where, f"is the unknown {name!r}", f"choose from {', '.join(known)}")
