"""The store: a folder with a manifest and few Parquet files.

``study.json``       the manifest: key, sizes, versions and the sha256 of every file
``resolved.json``    the self-contained scenario
``summary.json``     what ``run --json`` prints, see `skyshield.study.view`
``shards/*.parquet`` one row a vector, replication and option, some measures by month, see `skyshield.study.shards`
``days/*.parquet``   one row a vector, replication, day and option, of a study that keeps its days
``journal.txt``      while a run is under way: the shards finished so far, one line each
``parameters.parquet``, ``failures.parquet``  written when the run ends
``report.html``, ``annex.html``               the pages
``guarantees.html``  the guarantees side by side, of a scenario that has them
``adaptation.json``  the sweep of the attacker's adaptation, where it was played, see `adaptation.cached`

A shard is written under a name that contains ``tmp``, synced, renamed, then entered in the journal, so
that a run killed at any moment loses at most the shards in flight. A shard whose hash does not agree with
the manifest or the journal is played again. DuckDB moves bytes only; sums are NumPy's, in a fixed order.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import read_bytes, read_json, write_bytes
from skyshield.engine import Tally
from skyshield.study.parquet import Columns, Parquet
from skyshield.study.plan import RELIEF, Shard, check_size, read_arms
from skyshield.study.shards import Stored, columns_of, columns_of_days, stored_of

KIND = "skyshield study"
MANIFEST, RESOLVED, JOURNAL = "study.json", "resolved.json", "journal.txt"
PARAMETERS, FAILURES, TIMING = "parameters.parquet", "failures.parquet", "timing.json"
SUMMARY, ADAPTATION, REPORT, ANNEX = "summary.json", "adaptation.json", "report.html", "annex.html"
GUARANTEES = "guarantees.html"
SHARDS, DAYS = "shards", "days"
OWN_FILES = (RESOLVED, JOURNAL, PARAMETERS, FAILURES, TIMING, SUMMARY, REPORT, ANNEX, GUARANTEES, ADAPTATION,
             MANIFEST)
_SHARD = re.compile(r"a(\d{2})-v(\d{5})-(\d{5})-r(\d{5})-(\d{5})\.parquet")
_ANY_SHARD = re.compile(r"a\d{2}-v\d{5}(-\d{5})?-r\d{5}-\d{5}\.parquet")  # one vector's, before they were gathered
_TEMPORARY = re.compile(
    r"\.((study|resolved|timing|adaptation|summary)\.json|(report|annex|guarantees)\.html|[a-z0-9-]+\.parquet)\.tmp-\d+")


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(read_bytes(path, limit_bytes=1 << 32)).hexdigest()


def lock(folder: Path) -> int:
    """Take a folder for this process alone; close what is returned to let it go.

    Raises
    ------
    SkyShieldError
        If another process has it (exit code 2), or its disk cannot lock (3).
    """
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise machine_error(str(folder), error) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise SkyShieldError(str(folder), "is in use by another run", "wait until it has ended") from None
    except OSError as error:
        os.close(handle)
        raise machine_error(str(folder), error, "name a folder on a disk that can lock files") from None
    return handle


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a folder for this process alone meanwhile."""
    handle = lock(folder)
    try:
        yield
    finally:
        os.close(handle)


class Store:
    """A study's folder, opened for one process at a time.

    Parameters
    ----------
    folder
        Made if it is not there.
    plan
        The manifest without arms and shards; its ``study_key`` must be the folder's. Its sizes grow to what
        is stored.
    force
        Let `begin` remove another study's files.

    Raises
    ------
    SkyShieldError
        If the folder is a file, holds something else or another study, or is in use (exit code 2), or
        may not be written to (3).
    """

    def __init__(self, folder: Path, plan: dict[str, Any], resolved_json: str, force: bool) -> None:
        self.folder, self.plan, self._resolved_json = folder, plan, resolved_json
        self.shards: dict[str, str] = {}
        self.days: dict[str, str] = {}
        self.has_relief = False  # the study that is stored plays the arm of relief
        self.found: tuple[int, int] | None = None  # vectors and replications of the study that is stored
        examine(folder, plan, force)  # before a folder is made
        self._made = self._create()
        self._lock = lock(self.folder)
        self._parquet = Parquet()
        try:
            self._replaced = self._meet(force)
        except BaseException:
            self.close()
            raise

    def _create(self) -> list[Path]:
        """Make the folder; return the folders made, the deepest first."""
        where = str(self.folder)
        try:
            missing = [path for path in (self.folder, *self.folder.parents) if not path.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise SkyShieldError(where, "is a file or lies under one", "name another folder") from None
        except OSError as error:
            raise machine_error(where, error) from None
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise machine_error(where, PermissionError(errno.EACCES, "permission denied"))
        return missing

    def _meet(self, force: bool) -> bool:
        """Take over what is stored of the same study; return whether another one is to be replaced."""
        stored = examine(self.folder, self.plan, force)
        if stored is None:
            return False
        if stored["study_key"] != self.plan["study_key"]:
            return True
        self.found = stored["vectors"], stored["replications"]
        self.plan["vectors"] = max(self.plan["vectors"], stored["vectors"])
        self.plan["replications"] = max(self.plan["replications"], stored["replications"])
        self.has_relief = stored.get("relief", False) or any(arm.kind == RELIEF for arm in read_arms(stored))
        if self.plan["daily"] and not stored["daily"]:
            raise SkyShieldError(str(self.folder), "holds this study without its days",
                                 "name another folder, or leave --daily out")
        self.plan["daily"] = stored["daily"]
        self.plan |= {"pages": stored["pages"]} if "pages" in stored else {}  # which say what they are made of
        shards, days = journalled(self.folder)
        self.shards, self.days = stored["shards"] | shards, stored["daily_shards"] | days
        return False

    def begin(self) -> None:
        """Make the folder this study's, once its plan holds the arms; nothing in it has been changed before."""
        where = str(self.folder)
        self._made = []
        if self._replaced:
            remove_study(self.folder)
        try:
            for name in (SHARDS, *([DAYS] if self.plan["daily"] else [])):
                (self.folder / name).mkdir(exist_ok=True)
            for path in leftovers(self.folder):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise machine_error(where, error) from None
        if not valid(self.folder / RESOLVED, self.plan["resolved_sha256"]):
            write_bytes(self.folder / RESOLVED, self._resolved_json.encode())
        self.shards = {name: digest for name, digest in self.shards.items()
                       if valid(self.folder / SHARDS / name, digest)
                       and (name not in self.days or valid(self.folder / DAYS / name, self.days[name]))}
        self.days = {name: digest for name, digest in self.days.items() if name in self.shards}
        self._write_manifest(complete=False)
        self._end_journal()  # what it said stands in the manifest now

    def grow(self) -> None:
        """Say, before more is played, that the study is no longer whole: its plan has grown."""
        self._write_manifest(complete=False)
        self._end_journal()

    def forget(self, first_arm: int) -> list[Path]:
        """Take from the list of shards those of an arm and all after it, whose numbers other arms will have.

        Returns
        -------
        list of Path
            Their files, which may go once the manifest no longer names them.
        """
        names = [name for name in self.shards if parse_name(name).arm >= first_arm]
        held = [(SHARDS, names), (DAYS, [name for name in names if name in self.days])]
        for name in names:
            del self.shards[name]
            self.days.pop(name, None)
        return [self.folder / place / name for place, of in held for name in of]

    def stored(self) -> set[Shard]:
        """Return the shards that are stored and whole."""
        return {parse_name(name) for name in self.shards}

    def add(self, shard: Shard, stored: Stored, days: Tally | None) -> None:
        """Write a shard, its days first if they are kept, and enter it in the journal."""
        if days is not None:
            self.days[shard.name] = self._parquet.write(self.folder / DAYS / shard.name, columns_of_days(shard, days))
        digest = self._parquet.write(self.folder / SHARDS / shard.name, columns_of(shard, stored))
        self.shards[shard.name] = digest
        line = [digest, shard.name, *([self.days[shard.name]] if days is not None else [])]
        try:
            with (self.folder / JOURNAL).open("a", encoding="ascii") as stream:
                stream.write(" ".join(line) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise machine_error(str(self.folder / JOURNAL), error) from None

    def load(self, shard: Shard, options: int) -> Stored:
        """Read one stored shard back."""
        return stored_of(self._parquet.read(self.folder / SHARDS / shard.name), shard, options)

    def tabulate(self, tables: dict[str, Columns]) -> None:
        """Write the tables."""
        self.plan["tables"] = {name: self._parquet.write(self.folder / name, columns)
                               for name, columns in tables.items()}

    def finish(self, summary: bytes, made_with: str) -> None:
        """Write the summary and the final manifest; the journal is no longer needed.

        `made_with` is the hash of the code that summarised.
        """
        write_bytes(self.folder / SUMMARY, summary)
        self.plan["tables"][SUMMARY] = hashlib.sha256(summary).hexdigest()
        self.plan["summary_code_sha256"] = made_with
        self._write_manifest(complete=True)
        self._end_journal()

    def _end_journal(self) -> None:
        try:
            (self.folder / JOURNAL).unlink(missing_ok=True)
        except OSError as error:
            raise machine_error(str(self.folder / JOURNAL), error) from None

    @property
    def manifest(self) -> dict[str, Any]:
        """The plan with the files that hold it."""
        return {**self.plan, "shards": dict(sorted(self.shards.items())),
                "daily_shards": dict(sorted(self.days.items()))}

    def adopt(self) -> None:
        """Take the plan of a study that is stored whole."""
        held = ("shards", "daily_shards", "complete")
        stored = {name: value for name, value in read_manifest(self.folder).items() if name not in held}
        for path in leftovers(self.folder):
            path.unlink(missing_ok=True)
        self.plan.clear()  # in place: whoever runs the study holds it too
        self.plan.update(stored)

    def reword(self, resolved_sha256: str, part_sha256: dict[str, str]) -> None:
        """Put the scenario of this run, which may word things differently, in the place of the stored one.

        `finish` must follow.
        """
        if self.plan["resolved_sha256"] != resolved_sha256:
            write_bytes(self.folder / RESOLVED, self._resolved_json.encode())
            self.plan |= {"resolved_sha256": resolved_sha256, "parts": part_sha256}

    def _write_manifest(self, complete: bool) -> None:
        write_manifest(self.folder, {**self.manifest, "complete": complete})

    def close(self) -> None:
        """Let other processes have the folder; remove those made for a study that did not begin."""
        with contextlib.suppress(OSError):
            for path in self._made:
                path.rmdir()
        with contextlib.suppress(OSError):
            os.close(self._lock)
        self._parquet.close()


def journalled(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the hash of every shard that was journalled, and of its days."""
    path = folder / JOURNAL
    if not path.exists() or path.stat().st_size == 0:
        return {}, {}
    lines = read_bytes(path).decode("ascii", "replace").splitlines(keepends=True)
    parts = [line.split() for line in lines if line.endswith("\n")]
    whole = [part for part in parts if len(part) in (2, 3) and _SHARD.fullmatch(part[1])]
    return {part[1]: part[0] for part in whole}, {part[1]: part[2] for part in whole if len(part) > 2}


def parse_name(name: str) -> Shard:
    """Return the shard of a file's name."""
    result = _SHARD.fullmatch(name)
    if result is None:
        raise SkyShieldError(name, "is not the name of a shard", "run the study again in a new folder")
    return Shard(*(int(number) for number in result.groups()))


def valid(path: Path, digest: str) -> bool:
    """Say whether a file is there with the bytes its hash tells."""
    return path.is_file() and path.stat().st_size > 0 and sha256_of(path) == digest


def examine(folder: Path, plan: dict[str, Any], force: bool) -> dict[str, Any] | None:
    """Return the manifest of the study in a folder, None if the folder is new, empty or hardly begun.

    Raises
    ------
    SkyShieldError
        If the folder is a file, or holds something else or, without `force`, another study.
    """
    where = str(folder)
    if folder.exists() and not folder.is_dir():
        raise SkyShieldError(where, "is a file, not a folder", "name a folder that is new, empty or a study")
    try:
        content = sorted(path.name for path in folder.iterdir())
        no_shards = (folder / SHARDS).is_dir() and not any((folder / SHARDS).iterdir())
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise SkyShieldError(where, "lies under a file", "name another folder") from None
    except OSError as error:
        raise machine_error(where, error) from None
    if MANIFEST in content:
        stored = read_manifest(folder)
        if stored["study_key"] != plan["study_key"] and not force:
            raise SkyShieldError(where, f"holds another study, {difference(stored, plan)}",
                                 "name another folder, or add --force to replace it")
        return stored
    foreign = [name for name in content
               if name != RESOLVED and not (name == SHARDS and no_shards) and not _TEMPORARY.fullmatch(name)]
    if foreign:
        raise SkyShieldError(where, f"is not empty and holds no study ({foreign[0]})",
                             "name a folder that is new, empty or a study")
    return None


def difference(stored: dict[str, Any], plan: dict[str, Any]) -> str:
    """Say what sets two studies apart that do not have the same key.

    Examples
    --------
    >>> there = {"seed": 1, "days": 30, "model_sha256": "a", "parts": {"scenario": "b", "fit": "c"}}
    >>> difference(there, there | {"seed": 2, "parts": {"scenario": "b", "fit": "d"}})
    'with another seed (1, not 2) and fit'
    >>> difference(there, there | {"model_sha256": "z"})
    'made by another version of the model'
    >>> difference({"seed": 1, "days": 30}, there)
    'made by another version of the model'
    """
    other = [f"{name} ({stored[name]}, not {plan[name]})" for name in ("seed", "days", "of_days")
             if stored.get(name) != plan.get(name)]
    parts = stored.get("parts", plan["parts"])
    other += [name for name, digest in plan["parts"].items() if parts.get(name) != digest]
    if len(other) > 1:
        other = [f"{', '.join(other[:-1])} and {other[-1]}"]
    reasons = [f"with another {name}" for name in other]
    if stored.get("model_sha256") != plan["model_sha256"]:
        reasons.append("made by another version of the model")
    return ", ".join(reasons)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a study's manifest.

    Raises
    ------
    SkyShieldError
        If there is none, or it is not ours.
    """
    path = folder / MANIFEST
    if folder.exists() and not folder.is_dir():
        raise SkyShieldError(str(folder), "is a file, not a study's folder", "name the folder given to run --out")
    if not path.exists():
        raise SkyShieldError(str(folder), "holds no study", "name the folder given to run --out")
    content = read_json(path)
    if not isinstance(content, dict) or content.get("kind") != KIND or not _has_form(content):
        raise SkyShieldError(str(path), "is not a study's manifest", "name the folder given to run --out")
    check_size(content["vectors"], content["replications"], content["seed"])
    return content


def _has_form(content: dict[str, Any]) -> bool:
    """Say whether the fields a reader relies on are there and of their kind."""
    kinds = {"study_key": str, "resolved_sha256": str, "baseline": str, "vectors": int, "replications": int,
             "seed": int, "days": int, "options": list, "arms": list, "shards": dict, "versions": dict,
             "complete": bool, **({"tables": dict} if content.get("complete") else {})}
    return all(isinstance(content.get(name), kind) for name, kind in kinds.items()) \
        and isinstance(content.get("parts", {}), dict) \
        and all(isinstance(digest, str) and _ANY_SHARD.fullmatch(name) for name, digest in content["shards"].items())


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a study's manifest, all or nothing."""
    text = json.dumps(dict(sorted(manifest.items())), indent=1, ensure_ascii=False, allow_nan=False)
    write_bytes(folder / MANIFEST, (text + "\n").encode())


def leftovers(folder: Path) -> list[Path]:
    """Return files of a study that a killed run has left half written."""
    return [path for name in ("", SHARDS, DAYS) for path in (folder / name).glob(".*")
            if _TEMPORARY.fullmatch(path.name)]


def note_pages(folder: Path, made_with: str, pages: Mapping[str, str]) -> None:
    """Enter the hashes of pages in a study's manifest, with the hash of all that they are made of."""
    write_manifest(folder, {**read_manifest(folder), "pages": {"made_with": made_with, **pages}})


def remove_study(folder: Path) -> None:
    """Remove a study's own files from a folder, and nothing else."""
    read_manifest(folder)
    try:
        shards = [path for name in (SHARDS, DAYS) for path in (folder / name).glob("*.parquet")
                  if _ANY_SHARD.fullmatch(path.name)]
        for path in [*shards, *(folder / name for name in OWN_FILES)]:
            path.unlink(missing_ok=True)
        for name in (SHARDS, DAYS):
            if (folder / name).is_dir() and not any((folder / name).iterdir()):
                (folder / name).rmdir()
    except OSError as error:
        raise machine_error(str(folder), error) from None


def daily_rows(folder: Path, manifest: dict[str, Any], arm: int) -> Iterator[Columns]:
    """Yield the rows by day of an arm, shard by shard."""
    with Parquet() as parquet:
        for name in sorted(manifest["daily_shards"]):
            if parse_name(name).arm == arm:
                yield parquet.read(folder / DAYS / name)
