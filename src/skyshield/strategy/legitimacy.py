"""How each kind of option could be justified to whom: statements, their legal basis, and the contrary ones beside them.

The table ``data/legitimacy.yaml`` holds, for every kind of option and every audience (the sending state's own
parliament, Kyiv, Moscow, other states), one legal basis, a statement with its date and source, and a contrary one. It
also holds what the op-ed says of law beside what the law says. Nothing here judges who is right, and nothing is scored.

An option is of the kinds of its packages: of a zone with people in Ukraine rather than of one from outside as soon as
any package stands there, and of batteries on neighbouring soil where a package stands at a base.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.reading import check_fields, check_sources

TABLE = Path(__file__).parent / "data" / "legitimacy.yaml"
AUDIENCES = {"own_parliament": "own parliament", "kyiv": "Kyiv", "moscow": "Moscow", "international": "other states"}
_OUTSIDE, _WITH_PEOPLE = "zone_from_outside", "zone_with_people"


class _HasKind(Protocol):
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Said:
    """What somebody said, in our words, when, and by which sources."""

    who: str
    says: str
    date: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Justification:
    """One cell: a kind of option before an audience."""

    audience: str
    basis: str
    statement: Said
    contrary: Said


@dataclass(frozen=True)
class Kind:
    """A kind of option: by which kinds of package it is told, and its cells in the order of `AUDIENCES`."""

    name: str
    label: str
    packages: tuple[str, ...]
    stand: str
    cells: tuple[Justification, ...]


@dataclass(frozen=True)
class Basis:
    """A legal basis."""

    name: str
    label: str
    what: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Correction:
    """A wording of the op-ed, and what the law says."""

    wording: str
    correct: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Legitimacy:
    """The table."""

    kinds: tuple[Kind, ...]
    bases: tuple[Basis, ...]
    corrections: tuple[Correction, ...]
    sources: tuple[tuple[str, str], ...]

    def kinds_of(self, packages: Iterable[_HasKind]) -> tuple[str, ...]:
        """Return the kinds that an option of these packages is of, in the table's order; none without packages.

        Raises
        ------
        SkyShieldError
            If a kind of package is not in the table.

        Examples
        --------
        >>> from skyshield.scenario import load
        >>> table = load_legitimacy()
        >>> [table.kinds_of(load("month").option(name).packages) for name in ("own", "region", "cities", "aid_region")]
        [(), ('zone_from_outside',), ('zone_with_people',), ('aid',)]
        """
        found = {self._kind_of(package) for package in packages}
        if _WITH_PEOPLE in found:
            found.discard(_OUTSIDE)
        return tuple(kind.name for kind in self.kinds if kind.name in found)

    def _kind_of(self, package: _HasKind) -> str:
        stand = getattr(package, "stand", "")
        for kind in self.kinds:
            if kind.stand and kind.stand == stand:
                return kind.name
        for kind in self.kinds:
            if package.kind in kind.packages:
                return kind.name
        raise SkyShieldError(f"kind of package {package.kind!r}", "is not in the table of legitimacy",
                             "add it to a kind's packages")


@functools.cache
def load_legitimacy() -> Legitimacy:
    """Return the shipped table.

    Examples
    --------
    >>> table = load_legitimacy()
    >>> [kind.name for kind in table.kinds][:3]
    ['zone_from_outside', 'zone_with_people', 'neighbouring_batteries']
    >>> table.kinds[0].cells[2].contrary.who
    'Dmitry Medvedev'
    """
    return read_legitimacy(read_yaml(TABLE), TABLE.name)


def read_legitimacy(content: object, where: str) -> Legitimacy:
    """Build the table from the content of its file.

    Raises
    ------
    SkyShieldError
        If a kind lacks an audience, a cell its basis, statement or contrary statement, one of these its date or
        source, or if a basis or a source is unknown, a statement stands beside itself, or two kinds share a package.
    """
    table = check_fields(content, ("sources", "bases", "corrections", "kinds"), (), where)
    sources: Mapping[str, str] = table["sources"]
    bases = []
    for name, given in table["bases"].items():
        fields = check_fields(given, ("label", "what", "source"), (), f"{where}: {name}")
        check_sources(fields["source"], sources, f"{where}: {name}")
        bases.append(Basis(name, fields["label"], fields["what"], tuple(fields["source"])))
    corrections = []
    for given in table["corrections"]:
        fields = check_fields(given, ("wording", "correct", "source"), (), f"{where}: corrections")
        check_sources(fields["source"], sources, f"{where}: corrections")
        corrections.append(Correction(fields["wording"], fields["correct"], tuple(fields["source"])))
    known = {basis.name for basis in bases}
    kinds = tuple(_kind(name, given, known, sources, f"{where}: {name}") for name, given in table["kinds"].items())
    taken: dict[str, str] = {}
    for kind in kinds:
        for package in kind.packages:
            if package in taken:
                raise SkyShieldError(f"{where}: {kind.name}: packages", f"hold {package!r}, as {taken[package]} does",
                                     "let one kind have it")
            taken[package] = kind.name
    return Legitimacy(kinds, tuple(bases), tuple(corrections), tuple(sources.items()))


def _kind(name: str, given: object, bases: set[str], sources: Mapping[str, str], place: str) -> Kind:
    fields = check_fields(given, ("label", "packages", "audiences"), ("stand",), place)
    audiences = check_fields(fields["audiences"], tuple(AUDIENCES), (), f"{place}: audiences")
    cells = []
    for audience in AUDIENCES:
        at = f"{place}: {audience}"
        cell = check_fields(audiences[audience], ("basis", "statement", "contrary"), (), at)
        if cell["basis"] not in bases:
            raise SkyShieldError(f"{at}: basis", f"is {cell['basis']!r}", f"use one of {', '.join(sorted(bases))}")
        statement, contrary = (_said(cell[side], sources, f"{at}: {side}") for side in ("statement", "contrary"))
        if statement.says == contrary.says:
            raise SkyShieldError(f"{at}: contrary", "is the statement itself", "give what is said against it")
        cells.append(Justification(audience, cell["basis"], statement, contrary))
    return Kind(name, fields["label"], tuple(fields["packages"]), fields.get("stand", ""), tuple(cells))


def _said(given: object, sources: Mapping[str, str], place: str) -> Said:
    fields = check_fields(given, ("who", "says", "date", "source"), (), place)
    check_sources(fields["source"], sources, place)
    if not fields["source"]:
        raise SkyShieldError(f"{place}: source", "is empty", "name a source, or K")
    return Said(fields["who"], fields["says"], fields["date"], tuple(fields["source"]))


def legitimacy_json(options: Mapping[str, Iterable[_HasKind]]) -> dict[str, Any]:
    """Return the table as plain data, with the kinds of some options.

    Parameters
    ----------
    options
        Name -> packages.

    Returns
    -------
    dict
        ``options`` (name -> kinds), ``kinds`` (name -> ``label`` and ``audiences``: audience -> ``basis``,
        ``statement``, ``contrary``), ``bases``, ``corrections`` and ``sources``.

    Examples
    --------
    >>> content = legitimacy_json({})
    >>> sorted(content["kinds"]["aid"]["audiences"])
    ['international', 'kyiv', 'moscow', 'own_parliament']
    """
    table = load_legitimacy()
    return {
        "options": {name: list(table.kinds_of(packages)) for name, packages in options.items()},
        "kinds": {kind.name: {"label": kind.label, "audiences": {
            cell.audience: {"basis": cell.basis, "statement": _plain(cell.statement), "contrary": _plain(cell.contrary)}
            for cell in kind.cells}} for kind in table.kinds},
        "bases": {basis.name: {"label": basis.label, "what": basis.what, "source": list(basis.source)}
                  for basis in table.bases},
        "corrections": [{**asdict(one), "source": list(one.source)} for one in table.corrections],
        "sources": dict(table.sources)}


def _plain(said: Said) -> dict[str, Any]:
    return {**asdict(said), "source": list(said.source)}
