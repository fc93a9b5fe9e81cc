"""The catalogue as one immutable mapping, read from the YAML files of a folder.

Each file but ``sources.yaml``, ``measures.yaml``, ``threat_classes.yaml`` and ``bundles.yaml`` is a subject: a
mapping from key to fields. A key stands in one file only. The hash covers every field and every citation, so
a study that names it can be traced to the exact tables it used.
"""

import dataclasses
import difflib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skyshield.catalogue.entry import Entry, check_field_names, read_entry, text_field
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

DATA = Path(__file__).parent / "data"
SOURCES, MEASURES, THREAT_CLASSES, BUNDLES = "sources", "measures", "threat_classes", "bundles"
NOT_SUBJECTS = frozenset({SOURCES, MEASURES, THREAT_CLASSES, BUNDLES})
KINDS = ("official", "research", "media", "weak", "own", "assumption")


@dataclasses.dataclass(frozen=True)
class Source:
    """Where a number comes from.

    Parameters
    ----------
    key
        Its name in ``sources.yaml``.
    kind
        ``official``, ``research`` (think tank or academic), ``media``, ``weak`` (a repost or an
        aggregator, to be checked again before it is quoted), ``own`` (computed here) or ``assumption``.
    citation
        Author, title, date and place, as far as known.
    """

    key: str
    kind: str
    citation: str


class Catalogue(Mapping[str, Entry]):
    """Every entry by key, in the order of the files.

    Parameters
    ----------
    subjects
        Subject → entries of that file.
    sources
        Source key → source.

    Examples
    --------
    >>> catalogue = load_catalogue()
    >>> catalogue["decoy_share"].central
    0.38
    >>> Catalogue.from_dict(catalogue.to_dict()).sha256 == catalogue.sha256
    True
    """

    def __init__(self, subjects: Mapping[str, tuple[Entry, ...]], sources: Mapping[str, Source]) -> None:
        self._subjects = dict(subjects)
        self._sources = dict(sources)
        self._entries: dict[str, Entry] = {}
        for subject, entries in self._subjects.items():
            for entry in entries:
                if entry.key in self._entries:
                    raise SkyShieldError(f"{subject}.yaml: {entry.key}", "stands in two files", "keep one of them")
                self._entries[entry.key] = entry
        self._sha256 = _hash(self.to_dict())

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def sha256(self) -> str:
        """The hash of all entries and sources, independent of their order."""
        return self._sha256

    @property
    def subjects(self) -> dict[str, tuple[Entry, ...]]:
        """The entries by subject, that is by file."""
        return dict(self._subjects)

    @property
    def sources(self) -> dict[str, Source]:
        """The sources by key."""
        return dict(self._sources)

    def find(self, key: str) -> Entry:
        """Return the entry of that key, or refuse it with similar keys.

        Raises
        ------
        SkyShieldError
            Exit code 2 if there is no such entry.
        """
        if key in self._entries:
            return self._entries[key]
        containing = [name for name in self._entries if key and key.lower() in name.lower()]
        similar = (containing or difflib.get_close_matches(key.lower(), list(self._entries)))[:3]
        raise SkyShieldError(key or "KEY", "is not in the catalogue",
                             f"did you mean {', '.join(similar)}?" if similar else "see the list: skyshield catalogue")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data from which `from_dict` builds the same catalogue."""
        return {
            "subjects": {subject: {entry.key: entry.to_dict() for entry in entries}
                         for subject, entries in self._subjects.items()},
            "sources": {key: {"kind": source.kind, "citation": source.citation}
                        for key, source in self._sources.items()},
        }

    def in_order(self) -> "Catalogue":
        """Return the same with subjects, entries and sources in the order of their names."""
        return Catalogue({subject: tuple(sorted(self._subjects[subject], key=lambda entry: entry.key))
                          for subject in sorted(self._subjects)}, dict(sorted(self._sources.items())))

    @classmethod
    def from_dict(cls, data: object, where: str = "catalogue") -> "Catalogue":
        """Build a catalogue from plain data with the same refusals as the files have.

        Raises
        ------
        SkyShieldError
            If anything in it would be refused in a file.
        """
        if not isinstance(data, Mapping):
            raise SkyShieldError(where, "is not a mapping", "give subjects and sources")
        check_field_names(data, where, ("subjects", "sources"))
        if not isinstance(data["subjects"], Mapping):
            raise SkyShieldError(f"{where}: subjects", "is not a mapping", "give subject, key and fields")
        sources = read_sources(data["sources"], f"{SOURCES}.yaml")
        return cls({str(subject): read_subject(table, sources, f"{subject}.yaml")
                    for subject, table in data["subjects"].items()}, sources)


def read_sources(table: object, where: str) -> dict[str, Source]:
    """Build the sources from the content of ``sources.yaml``, or refuse them."""
    if not isinstance(table, Mapping) or not table:
        raise SkyShieldError(where, "holds no sources", "give a mapping from key to kind and citation")
    sources = {}
    for key, fields in table.items():
        place = f"{where}: {key}"
        if not isinstance(fields, Mapping):
            raise SkyShieldError(place, "is not a list of fields", "give kind and citation")
        check_field_names(fields, place, ("kind", "citation"))
        source = Source(str(key), text_field(fields, "kind", place), text_field(fields, "citation", place))
        if source.kind not in KINDS:
            raise SkyShieldError(f"{place}: kind", f"is {source.kind!r}", f"use {', '.join(KINDS)}")
        sources[source.key] = source
    return sources


def read_subject(table: object, sources: Mapping[str, Source], where: str) -> tuple[Entry, ...]:
    """Build the entries of one file, or refuse the first that is wrong."""
    if not isinstance(table, Mapping) or not table:
        raise SkyShieldError(where, "holds no entries", "give a mapping from key to fields")
    return tuple(read_entry(key, fields, sources, where) for key, fields in table.items())


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue from the YAML files of a folder.

    Raises
    ------
    SkyShieldError
        ``FILE: KEY: FIELD`` for the first entry that lacks or misstates something.
    """
    sources = read_sources(read_yaml(folder / f"{SOURCES}.yaml"), f"{SOURCES}.yaml")
    files = sorted(path for path in folder.glob("*.yaml") if path.stem not in NOT_SUBJECTS)
    return Catalogue({path.stem: read_subject(read_yaml(path), sources, path.name) for path in files}, sources)


@functools.cache
def load_catalogue() -> Catalogue:
    """Return the catalogue the package ships, read once in a process.

    Examples
    --------
    >>> load_catalogue()["skyshield_aircraft"].central
    120.0
    """
    return read_catalogue(DATA)


@functools.cache
def load_bundles() -> dict[str, str]:
    """Return what the entries of each bundle are together, by its name.

    Raises
    ------
    SkyShieldError
        If a bundle of an entry has no words, or words stand for no bundle.

    Examples
    --------
    >>> load_bundles()["zone_lead_time"]
    'Time until the zone is there'
    """
    words, where = read_yaml(DATA / f"{BUNDLES}.yaml"), f"{BUNDLES}.yaml"
    used = {entry.bundle for entry in load_catalogue().values()} - {""}
    for name in sorted(set(words) ^ used):
        raise SkyShieldError(f"{where}: {name}", "is no entry's bundle" if name in words else "is missing",
                             "keep the table and the entries' field bundle together")
    return {str(name): str(text) for name, text in words.items()}


def _hash(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
