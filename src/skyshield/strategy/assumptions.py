"""What the equations of the strategy assume: intervals of the catalogue, narrowed by whoever asks, or elicited.

No study holds these numbers. Each is an interval, tagged by what it rests on: ``data`` (a study or a public count),
``elicited`` (somebody's judgement, named), ``assumed`` (the catalogue's interval, which nobody measured). A point is an
interval whose ends are the same. Intervals of several people stand side by side; nothing elicited is averaged, since an
average of two judgements is nobody's.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml

Basis = Literal["data", "elicited", "assumed"]
Game = Literal["timing", "response", "ladder", "commitments"]
GAMES: tuple[Game, ...] = ("timing", "response", "ladder", "commitments")
# Probabilities, weights of evidence, correlations and shares lie between 0 and 1; other numbers of unit 1 need not.
_SHARES = re.compile(r"(p|q|r|weight|sigma|gamma|rho|further|back)(_.*)?|.*_share")


@dataclass(frozen=True)
class Assumption:
    """One number that the equations take as given.

    Attributes
    ----------
    symbol
        Its name in the equations.
    label
        What it is, in words.
    unit
        Its unit.
    low, high
        Between what it lies; the same for a point.
    basis
        What it rests on.
    source
        Keys of sources, or the name of whoever said so.
    note
        Why the interval is what it is.
    """

    symbol: str
    label: str
    unit: str
    low: float
    high: float
    basis: Basis
    source: tuple[str, ...]
    note: str

    def plain(self) -> dict[str, Any]:
        """Return plain data, as a row of ``basis``."""
        return {"symbol": self.symbol, "label": self.label, "unit": self.unit, "low": self.low, "high": self.high,
                "basis": self.basis, "source": list(self.source), "note": self.note}


Assumptions = dict[str, Assumption]


@dataclass(frozen=True)
class Elicited:
    """What one person holds: game -> symbol -> interval."""

    person: str
    intervals: Mapping[str, Mapping[str, tuple[float, float]]]


def assumptions(catalogue: Catalogue, game: Game) -> Assumptions:
    """Return what a game assumes, by symbol: the entries of the catalogue whose keys begin with its name.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> all(one.low <= one.high for game in GAMES for one in assumptions(load_catalogue(), game).values())
    True
    """
    start = f"{game}_"
    return {entry.key.removeprefix(start): Assumption(
        entry.key.removeprefix(start), entry.label, entry.unit, float(entry.low), float(entry.high), "assumed",
        tuple(entry.source), entry.note) for entries in catalogue.subjects.values() for entry in entries
        if entry.key.startswith(start)}


def with_set(known: Assumptions, pairs: Sequence[str], where: str = "--set") -> Assumptions:
    """Return assumptions with some at a point or in an interval that the asker names.

    Parameters
    ----------
    known
        Those of the game.
    pairs
        ``NAME=VALUE`` or ``NAME=LOW:HIGH``.
    where
        Named in errors.

    Raises
    ------
    SkyShieldError
        If one is unknown, set twice, no number, upside down, or outside what its kind allows.

    Examples
    --------
    >>> known = {"q": Assumption("q", "Belief in the promise", "1", 0.0, 1.0, "assumed", ("judgement",), "")}
    >>> found = with_set(known, ["q=0.2:0.5"])["q"]
    >>> found.low, found.high, found.basis, found.source
    (0.2, 0.5, 'elicited', ('--set',))
    >>> with_set(known, ["q=0.5:0.2"])
    Traceback (most recent call last):
    ...
    skyshield.core.errors.SkyShieldError: --set q: is upside down, 0.5 to 0.2; write the lower end first
    """
    result = dict(known)
    said: set[str] = set()
    for pair in pairs:
        name, stroke, text = pair.partition("=")
        name = name.strip()
        if not stroke:
            raise SkyShieldError(f"{where} {pair!r}", "has no equals sign", "write NAME=VALUE or NAME=LOW:HIGH")
        if name in said:
            raise SkyShieldError(f"{where} {name}", "is set twice", "set it once")
        said.add(name)
        ends = [_number(part, f"{where} {name}") for part in text.split(":")]
        if len(ends) > 2:
            raise SkyShieldError(f"{where} {name}", f"is {text!r}", "write one value, or two with a colon between them")
        result[name] = narrowed(known, name, (ends[0], ends[-1]), where, where)
    return result


def narrowed(known: Assumptions, name: str, ends: tuple[float, float], by: str, where: str) -> Assumption:
    """Return one assumption in another interval, said by somebody.

    Raises
    ------
    SkyShieldError
        If it is unknown, upside down, or outside what its kind allows.
    """
    if name not in known:
        raise SkyShieldError(f"{where} {name}", "is no assumption of this question", f"choose from {', '.join(known)}")
    low, high = ends
    if low > high:
        raise SkyShieldError(f"{where} {name}", f"is upside down, {low:g} to {high:g}", "write the lower end first")
    one = known[name]
    if is_probability(one) and not 0.0 <= low <= high <= 1.0:
        raise SkyShieldError(f"{where} {name}", f"is {low if low < 0.0 else high:g}", "give a share from 0 to 1")
    return replace(one, low=low, high=high, basis="elicited", source=(by,))


def is_probability(one: Assumption) -> bool:
    """Say whether an assumption is a share, by its symbol: a probability, a weight of evidence, a correlation.

    Examples
    --------
    >>> [is_probability(Assumption(symbol, "", "1", 0.0, 1.0, "assumed", (), "")) for symbol in ("p_n_aid", "L0")]
    [True, False]
    """
    return one.unit == "1" and _SHARES.fullmatch(one.symbol) is not None


def read_elicited(path: Path) -> Elicited:
    """Read what one person holds.

    The file has ``person: NAME`` and ``intervals:``, with a game's name over symbols and their two ends.

    Raises
    ------
    SkyShieldError
        If the file cannot be read or says something else.
    """
    content = read_yaml(path)
    if not isinstance(content, Mapping) or sorted(content) != ["intervals", "person"]:
        raise SkyShieldError(str(path), "is no elicitation", "give 'person' and 'intervals', and nothing else")
    games = content["intervals"]
    if not isinstance(games, Mapping) or not all(isinstance(of, Mapping) for of in games.values()):
        raise SkyShieldError(f"{path}: intervals", "is not a table", "give game, symbol and two ends")
    if unknown := [game for game in games if game not in GAMES]:
        raise SkyShieldError(f"{path}: {unknown[0]}", "is no question", f"choose from {', '.join(GAMES)}")
    return Elicited(str(content["person"]), {game: {str(name): _ends(value, f"{path}: {game}.{name}")
                                                    for name, value in of.items()} for game, of in games.items()})


def as_elicited(known: Assumptions, game: Game, one: Elicited, where: str) -> Assumptions:
    """Return a game's assumptions as one person holds them; what they do not name stays as it is."""
    return known | {name: narrowed(known, name, ends, one.person, where)
                    for name, ends in one.intervals.get(game, {}).items()}


def read_values(path: Path) -> Mapping[str, Any]:
    """Return the points of a file that checks an equation by hand.

    Raises
    ------
    SkyShieldError
        If it is not a table.
    """
    content = read_yaml(path)
    if not isinstance(content, Mapping) or not content:
        raise SkyShieldError(str(path), "is not a table of values", "give NAME: VALUE")
    return content


def value_of(values: Mapping[str, Any], name: str, where: str, default: float | None = None) -> float:
    """Return one number of a file of values.

    Raises
    ------
    SkyShieldError
        If it is not there and has no default, or is no finite number.

    Examples
    --------
    >>> value_of({"rho": 0.1}, "rho", "values.yaml"), value_of({}, "m", "values.yaml", 0.0)
    (0.1, 0.0)
    """
    if name not in values:
        if default is None:
            raise SkyShieldError(f"{where}: {name}", "is missing", "give a number")
        return default
    return _finite(values[name], f"{where}: {name}")


def _ends(value: object, where: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise SkyShieldError(where, "is no interval", "write [LOW, HIGH]")
    low, high = (_finite(end, where) for end in value)
    return low, high


def _finite(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SkyShieldError(where, f"is {value!r}, not a number", "give a finite number")
    return float(value)


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise SkyShieldError(where, f"is {text!r}, not a number", "write NAME=VALUE or NAME=LOW:HIGH") from None
    return _finite(value, where)
