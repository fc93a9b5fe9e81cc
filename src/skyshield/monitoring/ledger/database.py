"""The ledger's database: its tables, how it is opened, and what its errors mean."""

import contextlib
import hashlib
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

from skyshield.core.errors import BAD_INPUT, MACHINE, SkyShieldError

FILE = "ledger.sqlite"
SCHEMA = (
    "CREATE TABLE about(one INTEGER PRIMARY KEY CHECK (one = 1), note TEXT NOT NULL, key TEXT NOT NULL, "
    "agreement BLOB NOT NULL) STRICT",
    "CREATE TABLE entries(number INTEGER PRIMARY KEY, leaf BLOB NOT NULL, time_s REAL NOT NULL, "
    "content_sha256 BLOB, source_id TEXT, private TEXT NOT NULL, row_sha256 BLOB NOT NULL) STRICT",
    "CREATE TABLE tiles(level INTEGER NOT NULL, number INTEGER NOT NULL, hashes BLOB NOT NULL, "
    "PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID",
    "CREATE TABLE checkpoints(size INTEGER PRIMARY KEY, note TEXT NOT NULL, state TEXT NOT NULL) STRICT",
    "CREATE UNIQUE INDEX by_time ON entries(time_s, content_sha256, source_id)",
)
"""Each row beside its leaf is private to the ledger's folder; an export holds leaves, tiles and checkpoints."""
NO_STATE = bytes(32)
_BUSY_S = 60.0
_CACHE_KIB = -65536
_FULL, _BUSY = 13, 5
_PERMISSION = {3, 8, 14, 23}
_BASE = 0xFF
_ROW, _NONE = struct.Struct(">qdqq"), -1


def schema_sha256() -> str:
    """Return the hash of the tables' definitions."""
    return hashlib.sha256("\n".join(SCHEMA).encode()).hexdigest()


def row_hash(number: int, time_s: float, content_sha256: bytes | None, source_id: str | None, private: str) -> bytes:
    """Return the SHA-256 over what the database keeps beside a leaf.

    It is that of number, time, the lengths of content hash and source's name (-1 for none), each of 8 bytes with the
    first first, and then content hash, name and private part.
    """
    source = b"" if source_id is None else source_id.encode()
    content = content_sha256 or b""
    lengths = _ROW.pack(number, time_s, _NONE if content_sha256 is None else len(content),
                        _NONE if source_id is None else len(source))
    return hashlib.sha256(b"".join((lengths, content, source, private.encode()))).digest()


def next_state(state: bytes, row_sha256: bytes) -> bytes:
    """Return the running hash over the rows up to and with this one."""
    return hashlib.sha256(state + row_sha256).digest()


def connect(folder: Path, write: bool) -> sqlite3.Connection:
    """Open the database of a ledger's folder.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no ledger, 3 if it may not be read or written.
    """
    path = folder / FILE
    if not path.is_file():
        raise SkyShieldError(str(folder), "holds no ledger", "make one with 'skyshield monitor init'")
    with told(path):
        if write:
            connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
            connection.execute("PRAGMA synchronous=FULL")
        else:
            connection = _reader(path)
        connection.execute(f"PRAGMA cache_size={_CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _reader(path: Path) -> sqlite3.Connection:
    """Open for reading; a folder that may not be written to is read as it lies, if nothing waits beside it."""
    address = path.resolve().as_uri()
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True, timeout=_BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only=1")  # not mode=ro, which leaves files beside the database
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        waiting = path.with_name(f"{path.name}-wal")
        if error.sqlite_errorcode & _BASE not in _PERMISSION or (waiting.exists() and waiting.stat().st_size):
            raise
        connection.close()
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, isolation_level=None)
    return connection


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the database reports into one line."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & _BASE
        if code == _FULL:
            raise SkyShieldError(str(path), "the disk is full", "free some space, nothing that was acknowledged is "
                                 "lost", MACHINE) from None
        if code in _PERMISSION:
            raise SkyShieldError(str(path), "permission denied", "choose a place you may write to", MACHINE) from None
        if code == _BUSY:
            raise SkyShieldError(str(path), "another command writes to it", "try again when that has ended",
                                 MACHINE) from None
        if isinstance(error, sqlite3.OperationalError):
            raise SkyShieldError(str(path), str(error), "see 'skyshield monitor verify'", MACHINE) from None
        raise SkyShieldError(str(path), f"is damaged ({error})", "see 'skyshield monitor verify'", BAD_INPUT) from None
