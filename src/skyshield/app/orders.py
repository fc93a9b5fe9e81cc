"""What is ordered of the worker: a study of a scenario with levers set, or more of one that lies in the folder.

An order stands by itself: it holds the scenario as plain data, so that what is played later is what was ordered,
whatever happens to the file meanwhile. More of a stored study is played from what the study itself holds.
"""

import functools
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from skyshield.app import settings
from skyshield.app.folder import Folder
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import read_json
from skyshield.raids import Fit
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import check, resolve
from skyshield.scenario.load import dump, library, parse
from skyshield.study import store
from skyshield.study.already import Already, held
from skyshield.study.key import study_key
from skyshield.study.memory import check_memory
from skyshield.study.plan import check_size
from skyshield.theatre import load_theatre

KEY_DIGITS = 8


@dataclass(frozen=True)
class Wish:
    """What a request asks for.

    Attributes
    ----------
    scenario, moves
        Name of a shipped scenario or one of the user's, and PATH -> value set on it.
    vectors, replications
        None for 200 x 5, or for as many as a stored study has or was to have.
    rules
        Add each option with one clause of its rules dropped.
    options
        Names of those to play; None for all.
    label
        Title of the study instead of the scenario's; empty for that.
    """

    scenario: str
    moves: Mapping[str, Any]
    vectors: int | None
    replications: int | None
    seed: int
    rules: bool
    options: Sequence[str] | None
    label: str


@dataclass(frozen=True)
class Order:
    """A study that is to be played.

    Attributes
    ----------
    scenario, title
        Name and title.
    plain
        The scenario as it is played, as plain data; None for that of the study's folder.
    written
        The scenario as a file for the command line holds it; empty where the command names a shipped one.
    key
        Of the study.
    n_options
        Options that are played, those without a clause among them.
    flags
        What the command adds: ``--rules``, ``--options``, ``--fit``; a name with spaces is quoted for a shell.
    moves
        PATH -> value set on the scenario, as far as that is known.
    """

    scenario: str
    title: str
    plain: Mapping[str, Any] | None
    written: str
    key: str
    vectors: int
    replications: int
    seed: int
    days: int
    n_options: int
    flags: tuple[str, ...] = ()
    moves: Mapping[str, Any] = field(default_factory=dict)

    def command(self, study: str) -> str:
        """Return the command that makes the same study."""
        what = f"{study}.yaml" if self.written else self.scenario
        return " ".join(["skyshield run", shlex.quote(what), f"--vectors {self.vectors} --replications "
                         f"{self.replications} --seed {self.seed}", *self.flags, f"--out {shlex.quote(study)}"])


SIZE = (200, 5)
OWN_FIT = "--fit FIT.yaml"  # of a study that was run with another than the shipped one


def new_order(folder: Folder, wish: Wish) -> Order:
    """Return the order of a new study.

    Raises
    ------
    SkyShieldError
        If there is no such scenario, it cannot be set or played so, or not at that size.
    """
    shipped = folder.scenario(wish.scenario)
    scenario = settings.apply(shipped, wish.moves)
    size = (SIZE[0] if wish.vectors is None else wish.vectors, SIZE[1] if wish.replications is None
            else wish.replications)
    _check_size(*size, wish.seed)
    if wish.label:
        scenario = parse({**dump(scenario), "title": wish.label}, "label")
    if wish.options is not None and not wish.options:
        raise SkyShieldError("options", "names no option", "name one, or leave it out")
    flags, played = [], scenario
    try:
        if wish.options is not None:
            played = played.chosen(tuple(wish.options))
            flags.append(f"--options {shlex.quote(','.join(wish.options))}")
        if wish.rules:
            played = played.with_clauses_dropped()
            flags.append("--rules")
        check(scenario)
    except SkyShieldError as error:
        raise _of_request(settings.named(error, wish.moves, shipped)) from None
    _check_memory(*size, len(played.options))
    resolved = resolve(played, load_catalogue(), load_theatre(), embedded_fit())
    plainly = wish.scenario in library() and scenario == shipped
    return Order(wish.scenario, scenario.title, dump(played), "" if plainly else _yaml(dump(scenario)),
                 study_key(resolved, wish.seed, resolved.days), *size, wish.seed, resolved.days, len(played.options),
                 tuple(flags), dict(wish.moves))


def order_of_study(path: Path, vectors: int | None = None, replications: int | None = None) -> Order:
    """Return the order of what is missing of a stored study, of its own size or a larger one.

    Raises
    ------
    SkyShieldError
        If the folder holds no study that can be read, or the size cannot be.
    """
    manifest = manifest_of(path)
    size = (max(manifest["vectors"], vectors or 0), max(manifest["replications"], replications or 0))
    if vectors is not None or replications is not None:
        _check_size(manifest["vectors"] if vectors is None else vectors,
                    manifest["replications"] if replications is None else replications, manifest["seed"])
    _check_memory(*size, len(manifest["options"]))
    name, title, written, own_fit = _scenario_of(path, manifest["resolved_sha256"])
    return Order(name, title, None, written, manifest["study_key"], *size, manifest["seed"], manifest["days"],
                 len(manifest["options"]), (OWN_FIT,) if own_fit else ())


def order_again(order: Order, vectors: int | None, replications: int | None) -> Order:
    """Return an order of a study of which nothing is stored yet, of another size."""
    size = (order.vectors if vectors is None else vectors, order.replications if replications is None
            else replications)
    _check_size(*size, order.seed)
    _check_memory(*size, order.n_options)
    return replace(order, vectors=size[0], replications=size[1])


def there(path: Path) -> Already | None:
    """Return what a study's folder holds; None if it cannot be read."""
    try:
        return held(path, manifest_of(path))
    except SkyShieldError:
        return None


def manifest_of(path: Path) -> dict[str, Any]:
    """Return a study's manifest; read again only if the file is another one.

    Raises
    ------
    SkyShieldError
        If it cannot be read.
    """
    try:
        state = (path / store.MANIFEST).stat()
    except OSError as error:
        raise machine_error(str(path), error) from None
    return _manifest(path, (state.st_ino, state.st_mtime_ns, state.st_size))


@functools.lru_cache(256)
def _manifest(path: Path, state: tuple[int, int, int]) -> dict[str, Any]:  # noqa: ARG001
    return store.read_manifest(path)


@functools.lru_cache(64)
def _scenario_of(path: Path, digest: str) -> tuple[str, str, str, bool]:
    """Return name, title and YAML of the scenario that a study was run with, and whether its fit is not the shipped.

    They are stored in a file of that sha256.
    """
    if not store.valid(path / store.RESOLVED, digest):
        raise SkyShieldError(str(path / store.RESOLVED), "is missing or damaged", "start the study again")
    content = read_json(path / store.RESOLVED)
    try:
        scenario = content["scenario"]
        options = {one["name"]: {k: v for k, v in one.items() if k != "name"} for one in scenario["options"]}
        own_fit = Fit.from_dict(content["fit"]).to_dict() != embedded_fit().to_dict()
        text = _yaml({**scenario, "options": options})
        return str(scenario.get("name", path.name)), str(scenario.get("title", "")), text, own_fit
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError, SkyShieldError, yaml.YAMLError):
        raise SkyShieldError(str(path / store.RESOLVED), "does not hold what a study was run with",
                             "start the study again") from None


def _yaml(plain: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(plain), sort_keys=False, allow_unicode=True, width=100)


def _check_size(vectors: int, replications: int, seed: int) -> None:
    try:
        check_size(vectors, replications, seed)
    except SkyShieldError as error:
        raise _of_request(error) from None


def _check_memory(vectors: int, replications: int, n_options: int) -> None:
    try:
        check_memory(vectors, replications, n_options)
    except SkyShieldError as error:
        raise SkyShieldError("vectors", f"{error.where} {error.what}", error.remedy, error.exit_code) from None


def _of_request(error: SkyShieldError) -> SkyShieldError:
    """Return an error of the command line as one of a request: what is called ``--vectors`` there is a field here."""
    return SkyShieldError(error.where.removeprefix("--"), error.what, error.remedy.replace("--", ""), error.exit_code)
