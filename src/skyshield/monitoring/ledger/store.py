"""The ledger as it is written: records in, one transaction, then the acknowledgement.

One folder holds one ledger, in one SQLite database. An append adds the leaves, the tiles they fill or lengthen, and a
signed checkpoint in a single transaction that is on the disk before `Ledger.append` returns. What is stored is hashed;
nothing is ever written anew from what it says.
"""

import hashlib
import json
import math
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.database import (
    FILE,
    NO_STATE,
    SCHEMA,
    connect,
    next_state,
    row_hash,
    schema_sha256,
    told,
)
from skyshield.monitoring.ledger.folders import new_folder
from skyshield.monitoring.ledger.keys import find_key, forget_key, save_key
from skyshield.monitoring.ledger.note import (
    Checkpoint,
    Signer,
    Verifier,
    new_signer,
    parse_checkpoint,
    parse_note,
    parse_verifier,
    signed,
)
from skyshield.monitoring.ledger.records import Record, records
from skyshield.monitoring.ledger.tree import EMPTY_ROOT, HASH_BYTES, TILE_HEIGHT, Edge, leaf_hash

LEAF_BYTES = 65_535
ORIGIN = "skyshield.local/ledger"
LEVELS = ("public", "parties", "mission", "commission")
"""Who may see a field, from everyone to the fewest."""
ABOUT, STATE = "skyshield-ledger@v1", "skyshield-ledger-state@v1"
NOTHING: Mapping[str, Any] = MappingProxyType({})
_DUPLICATE = "SELECT 1 FROM entries WHERE time_s = ? AND content_sha256 = ? AND source_id = ?"
_BETWEEN = ("SELECT time_s, content_sha256, source_id FROM entries WHERE time_s BETWEEN ? AND ? "
            "AND content_sha256 IS NOT NULL LIMIT ?")
_NEIGHBOURS = 4
_OWNER_ONLY, _OWNER_ONLY_FOLDER = 0o600, 0o700
_INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"
_TILE = "INSERT INTO tiles VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hashes = excluded.hashes"


@dataclass(frozen=True)
class Entry:
    """One record to append.

    Parameters
    ----------
    leaf
        What is logged and published: at most 65,535 bytes of canonical JSON.
    time_s
        When it happened, in seconds since 1970 (UTC).
    private
        What the ledger's folder keeps beside it: for each field that stands in the leaf as a salted digest its
        ``level`` (one of `LEVELS`), ``salt`` (hex) and ``value``, as JSON can write them.
    content_sha256, source_id
        Of the record's content, behind it that of its restricted part if it has one, and its source's own name for it:
        a record with the same two and the same time is a duplicate. None where a record has no duplicates.
    """

    leaf: bytes
    time_s: float
    private: Mapping[str, Any] = field(default_factory=dict)
    content_sha256: bytes | None = None
    source_id: str | None = None


class Ready(NamedTuple):
    """An entry as it is stored: what `Entry` says, `private` as canonical JSON."""

    leaf: bytes
    time_s: float
    content_sha256: bytes | None
    source_id: str | None
    private: str


@dataclass(frozen=True)
class Appended:
    """What the ledger acknowledges: leaves in all, the root over them, and how many of the entries were duplicates."""

    size: int
    root: bytes
    added: int
    duplicates: int


class Ledger:
    """An open ledger; close it or use it in a ``with`` block."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self.connection = connection
        self.path = folder / FILE
        with told(self.path):
            row = connection.execute("SELECT key FROM about").fetchone()
        if row is None:
            raise SkyShieldError(str(folder), "holds an unfinished ledger", "make a new one")
        self.verifier: Verifier = parse_verifier(row[0], str(self.path))
        self._signer: Signer | None = None

    @classmethod
    def open(cls, folder: str | os.PathLike[str], write: bool = True) -> Self:
        """Open a ledger.

        Raises
        ------
        SkyShieldError
            Exit code 2 if the folder holds none or its key is missing, 3 if it may not be read or written.
        """
        place = Path(folder)
        return cls(place, connect(place, write))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    @property
    def signer(self) -> Signer:
        """The private key.

        Raises
        ------
        SkyShieldError
            Exit code 2 if it is not there.
        """
        if self._signer is None:
            self._signer = find_key(self.verifier)
        return self._signer

    def checkpoint(self) -> Checkpoint:
        """Return the latest checkpoint."""
        with told(self.path):
            text = self.connection.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()[0]
        return parse_checkpoint(parse_note(text, str(self.path)), str(self.path))

    def known(self, time_s: float, content_sha256: bytes, source_id: str) -> bool:
        """Tell whether a record with this time, content and source's name is in the ledger."""
        with told(self.path):
            return any(self.connection.execute(_DUPLICATE, (time_s, content, source_id)).fetchone()
                       for content in known_as(content_sha256))

    def records(self, first: int = 0) -> Iterator[Record]:
        """Yield the records that hold, from a number on: see `skyshield.monitoring.ledger.records`."""
        return records(self, first)

    def append(self, entries: Iterable[Entry], beside: Mapping[str, Any] = NOTHING) -> Appended:
        """Add records and return once they are on the disk; duplicates are left out.

        `beside` is kept beside the first that is added, with its own private fields: what opens a digest that stands
        in all of them.

        Raises
        ------
        SkyShieldError
            Exit code 2 if an entry cannot be one, 3 if the disk is full or may not be written to; then nothing of
            this call is in the ledger.
        """
        return self._written(lambda signer: self._append(entries, signer, beside))

    def append_ready(self, rows: Sequence[Ready], beside: Mapping[str, Any] = NOTHING) -> Appended:
        """Add records as `append` does, those of a reader that has checked and encoded them."""
        return self._written(lambda signer: self._add(rows, signer, beside))

    def _written(self, add: Callable[[Signer], Appended]) -> Appended:
        signer = self.signer
        with told(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                result = add(signer)
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        return result

    def _append(self, entries: Iterable[Entry], signer: Signer, beside: Mapping[str, Any]) -> Appended:
        rows: list[Ready] = []
        for entry in entries:
            _check(entry, len(rows))
            rows.append(Ready(entry.leaf, float(entry.time_s), entry.content_sha256, entry.source_id,
                              _private(entry.private)))
        return self._add(rows, signer, beside)

    def _add(self, rows: Sequence[Ready], signer: Signer, beside: Mapping[str, Any]) -> Appended:
        run, many = self.connection.execute, self.connection.executemany
        size, note, state_note = run("SELECT size, note, state FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
        edge, state = Edge(self._partial(size)), state_of(state_note, str(self.path))
        fresh = self._fresh(rows)
        if fresh:
            if beside:
                fresh[0] = fresh[0]._replace(private=_private({**json.loads(fresh[0].private), **beside}))
            stored = []
            for number, (leaf, time_s, content, source, private) in enumerate(fresh, size):
                hashed = row_hash(number, time_s, content, source, private)
                state = next_state(state, hashed)
                stored.append((number, leaf, time_s, content, source, private, hashed))
            many(_INSERT, stored)
            many(_TILE, list(edge.extend([leaf_hash(row.leaf) for row in fresh])))
            many(_TILE, list(edge.tiles()))
            write_checkpoint(self.connection, signer, edge, state, row_digest(note, state_note))
        return Appended(edge.size, edge.root(), len(fresh), len(rows) - len(fresh))

    def _fresh(self, rows: Sequence[Ready]) -> list[Ready]:
        """Return the rows that are no duplicates of what is stored or of one another.

        Records of a span of time are looked up together while there are few of them, else each by itself.
        """
        times = [row.time_s for row in rows if row.content_sha256 is not None]
        if not times:
            return list(rows)
        most = len(rows) * _NEIGHBOURS
        known = set(self.connection.execute(_BETWEEN, (min(times), max(times), most)))
        all_known = len(known) < most
        result = []
        for row in rows:
            _, time_s, content, source, _ = row
            if content is not None:
                names = [(time_s, one, source) for one in known_as(content)]
                if not known.isdisjoint(names) or (not all_known and any(
                        self.connection.execute(_DUPLICATE, name).fetchone() for name in names)):
                    continue
                known.add(names[0])
            result.append(row)
        return result

    def _partial(self, size: int) -> list[bytes]:
        result: list[bytes] = []
        level = 0
        while size >> (TILE_HEIGHT * level):
            width = (size >> (TILE_HEIGHT * level)) % (1 << TILE_HEIGHT)
            result.append(self.tile(level, size >> (TILE_HEIGHT * (level + 1))) if width else b"")
            level += 1
        return result

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile.

        Raises
        ------
        SkyShieldError
            Exit code 2 if it is missing.
        """
        with told(self.path):
            row = self.connection.execute("SELECT hashes FROM tiles WHERE level = ? AND number = ?",
                                          (level, number)).fetchone()
        if row is None:
            raise SkyShieldError(str(self.path), f"lacks tile {level}/{number}", "see 'skyshield monitor verify'")
        return bytes(row[0])


def create(folder: Path, agreement: bytes, origin: str = ORIGIN, key: Path | None = None) -> tuple[Verifier, Path]:
    """Make an empty ledger under the text of an agreement; return its verifier key and where the private key lies.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder is not empty or the key's file exists; 3 if there is
        no room or no permission. Then nothing is left behind.
    """
    signer, saved = new_signer(origin), list[Path]()
    try:
        with new_folder(folder, _OWNER_ONLY_FOLDER) as temporary:
            saved.append(save_key(signer, key, folder))
            _fill(temporary / FILE, signer, agreement)
    except BaseException:
        for path in saved:
            forget_key(signer, path)
        raise
    return signer.verifier, saved[0]


def _fill(path: Path, signer: Signer, agreement: bytes) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
    with told(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement)
        note = signed(about_text(signer.verifier, agreement), signer)
        connection.execute("INSERT INTO about VALUES (1, ?, ?, ?)", (note, str(signer.verifier), agreement))
        write_checkpoint(connection, signer, Edge(), NO_STATE, EMPTY_ROOT)
        connection.execute("COMMIT")
        connection.close()


def about_text(verifier: Verifier, agreement: bytes) -> str:
    """Return what a ledger signs of itself: its origin, the agreement it is kept under, its tables."""
    digest = hashlib.sha256(agreement).hexdigest()
    return f"{ABOUT}\n{verifier.name}\nagreement {digest}\ntables {schema_sha256()}\n"


def write_checkpoint(connection: sqlite3.Connection, signer: Signer, edge: Edge, state: bytes, before: bytes) -> None:
    """Sign and store what the ledger is now: for everyone, and for its own folder the state and the row before."""
    origin = signer.verifier.name
    connection.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", (
        edge.size, signed(str(Checkpoint(origin, edge.size, edge.root())), signer),
        signed(f"{STATE}\n{origin}\n{edge.size}\n{state.hex()}\n{before.hex()}\n", signer)))


def row_digest(note: str, state: str) -> bytes:
    """Return the SHA-256 by which a checkpoint names the one before it."""
    return hashlib.sha256(f"{note}{state}".encode()).digest()


def state_of(note: str, where: str) -> bytes:
    """Return the running hash that a state note signs."""
    return bytes.fromhex(parse_note(note, where).text.split("\n")[3])


def known_as(content_sha256: bytes | None) -> tuple[bytes, ...]:
    """Return the hashes under which a record with this one may be known: its own, and what is left after an erasure."""
    if content_sha256 is None:
        return ()
    return (content_sha256,) if len(content_sha256) <= HASH_BYTES else (content_sha256, after_erasure(content_sha256))


def after_erasure(content_sha256: bytes) -> bytes:
    """Return what is kept of the hash of a record's content once a restricted value of it is erased."""
    return content_sha256[:HASH_BYTES] + b"\0"


def _private(private: Mapping[str, Any]) -> str:
    return json.dumps(private, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _check(entry: Entry, number: int) -> None:
    if len(entry.leaf) > LEAF_BYTES:
        raise SkyShieldError(f"entry {number}", f"has {len(entry.leaf):,} bytes", f"keep to {LEAF_BYTES:,}")
    if not math.isfinite(entry.time_s):
        raise SkyShieldError(f"entry {number}: time", f"is {entry.time_s}", "give seconds since 1970")
    for name, part in entry.private.items():
        if set(part) != {"level", "salt", "value"} or part["level"] not in LEVELS:
            raise SkyShieldError(f"entry {number}: {name}", "lacks level, salt or value", "give these three")
    if (entry.content_sha256 is None) != (entry.source_id is None):
        raise SkyShieldError(f"entry {number}", "has only one of content hash and source's name", "give both or none")
