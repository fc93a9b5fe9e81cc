"""Check a ledger's database: every column of every table, and the tables themselves, against what was signed."""

import contextlib
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.core.files import read_text
from skyshield.monitoring.ledger.database import FILE, NO_STATE, SCHEMA, connect, next_state
from skyshield.monitoring.ledger.faults import Findings
from skyshield.monitoring.ledger.note import (
    Checkpoint,
    Note,
    Verifier,
    encoded,
    parse_checkpoint,
    parse_note,
    parse_verifier,
)
from skyshield.monitoring.ledger.ranges import EntriesReader, Stretch
from skyshield.monitoring.ledger.store import STATE, about_text, row_digest
from skyshield.monitoring.ledger.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Edge,
    ReadTile,
    range_root,
    split,
    widths,
)
from skyshield.monitoring.workers import jobs_of, ordered

_STRETCH = 1 << 14
ALONE = 1 << 17
"""A check of fewer entries is done by one process."""
OWN = "the ledger's own"
_PAGES_TOLD = 5
_SHOWN_NAME = 40


def published(path: Path | None, verifier: Verifier) -> Checkpoint | None:
    """Read a published checkpoint that the log's key must have signed.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is no checkpoint of this log; 1 if another key signed it.
    """
    if path is None:
        return None
    note = parse_note(read_text(path), str(path))
    result = parse_checkpoint(note, str(path))
    if result.origin != verifier.name:
        raise SkyShieldError(str(path), f"is a checkpoint of {result.origin}, not of {verifier.name}",
                             "give a checkpoint of this ledger")
    return result if note.signed_by(verifier) else Checkpoint(result.origin, -1, result.root)


def check_published(found: Findings, given: Checkpoint | None, size: int, read: ReadTile) -> None:
    """Compare what is here with a published checkpoint: nothing of it may be gone or signed anew."""
    if given is None:
        return
    if given.size < 0:
        found.add("checkpoint", "the published checkpoint", "is not signed by this ledger's key")
    elif given.size > size:
        found.add("entries", f"{size} to {given.size - 1}", "are gone: the published checkpoint has more entries")
    elif prefix_root(read, given.size) != given.root:
        found.add("entries", f"0 to {given.size - 1}", "are not those of the published checkpoint")


def prefix_root(read: ReadTile, size: int) -> bytes | None:
    """Return the root of the first entries, None where tiles are missing."""
    try:
        return range_root(read, 0, size)
    except (SkyShieldError, IndexError):
        return None


def verify_ledger(folder: Path, checkpoint: Path | None = None, key: Verifier | None = None,
                  jobs: int | None = None) -> Mapping[str, Any]:
    """Check a ledger's folder; return ``valid``, ``size``, ``root``, ``key`` and the faults with their places.

    Parameters
    ----------
    folder
        The ledger.
    checkpoint
        A checkpoint published earlier, which shows a rollback or a history signed anew.
    key
        The verifier key as its holder got it; without it the ledger's own word is taken.
    jobs
        Worker processes; 1 does all in this one, None leaves it to the number of entries.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or the checkpoint is none, 3 if a file may not be read.
    """
    found = Findings()
    size, root, verifier = 0, EMPTY_ROOT, key
    try:
        connection = connect(folder, write=False)
    except SkyShieldError as error:
        if error.exit_code != BAD_INPUT or not (folder / FILE).is_file():
            raise
        found.add("database", FILE, error.what)
        return found.content(size=0, root="", origin=key.name if key else "", key="given" if key else OWN)
    with contextlib.closing(connection), ThreadPoolExecutor(1) as beside:  # two that close at once leave files
        pages = beside.submit(_page_faults, folder)
        try:
            connection.execute("BEGIN")
            if _check_schema(connection, found):
                verifier = _check_about(connection, key, found)
                given = published(checkpoint, verifier) if verifier else None
                if verifier:
                    size, root = _check_rows(connection, folder, verifier, found, jobs)
                    check_published(found, given, size, lambda level, number: _tile(connection, level, number))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            found.add("database", FILE, f"cannot be read ({error})")
        for fault in pages.result():
            found.add("database", FILE, fault)
    return found.content(size=size, root=encoded(root), origin=verifier.name if verifier else "",
                         key="given" if key else OWN)


def _check_schema(connection: sqlite3.Connection, found: Findings) -> bool:
    """Tell whether the tables are those that were made; note what is not."""
    stored = {str(name): sql for name, sql in connection.execute("SELECT name, sql FROM sqlite_master")
              if not str(name).startswith("sqlite_autoindex_")}
    expected = {_name_in(sql): sql for sql in SCHEMA}
    for name in sorted(expected.keys() | stored.keys()):
        if name not in stored:
            found.add("schema", name, "is missing")
        elif name not in expected:
            found.add("schema", name[:_SHOWN_NAME], "was added")
        elif stored[name] != expected[name]:
            found.add("schema", name, "was changed")
    for pragma in ("user_version", "application_id"):
        if connection.execute(f"PRAGMA {pragma}").fetchone()[0] != 0:
            found.add("schema", pragma, "was changed")
    return found.count == 0


def _name_in(sql: str) -> str:
    return sql.replace("(", " ").split("TABLE " if "TABLE" in sql else "INDEX ")[1].split()[0]


def _check_about(connection: sqlite3.Connection, key: Verifier | None, found: Findings) -> Verifier | None:
    """Check what the ledger says of itself; return the key by which the rest is checked."""
    rows = connection.execute("SELECT note, key, agreement FROM about").fetchall()
    if len(rows) != 1:
        found.add("about", "1", "is missing")
        return key
    note, own, agreement = rows[0]
    try:
        stored = parse_verifier(own, "about")
        if str(stored) != own:
            found.add("about", "1, column key", "was changed")
    except SkyShieldError:
        found.add("about", "1, column key", "is no verifier key")
        return key
    if key is not None and stored != key:
        found.add("about", "1, column key", "is not the key given")
    verifier = key or stored
    signed_note = exact_note(note, verifier)
    if signed_note is None:
        found.add("about", "1, column note", "is not signed by the key")
    elif signed_note.text != about_text(verifier, agreement):
        found.add("about", "1, column agreement", "is not the agreement that was signed, or the tables are others")
    return verifier


def exact_note(content: str, verifier: Verifier) -> Note | None:
    """Return a note that has the key's one signature and not a byte else, None for any other."""
    try:
        note = parse_note(content, "")
    except SkyShieldError:
        return None
    return note if len(note.signatures) == 1 and note.signed_by(verifier) and str(note) == content else None


class _Checkpoints:
    """The stored checkpoints, each checked when as many entries have gone by as it covers."""

    def __init__(self, connection: sqlite3.Connection, verifier: Verifier, found: Findings) -> None:
        self._rows: Iterator[tuple[int, str, str]] = iter(
            connection.execute("SELECT size, note, state FROM checkpoints ORDER BY size"))
        self._verifier, self._found = verifier, found
        self._before = EMPTY_ROOT
        self._good_to = 0
        self.size = -1
        self._next = next(self._rows, None)
        if self._next is None or self._next[0] != 0:
            found.add("checkpoints", "0", "is missing")

    @property
    def due(self) -> int:
        """How many entries the next checkpoint covers; -1 after the last."""
        return self._next[0] if self._next else -1

    def check(self, edge: Edge, state: bytes) -> None:
        """Check the next checkpoint against the entries that have gone by."""
        assert self._next is not None  # noqa: S101 - `due` has said so
        size, text, state_text = self._next
        origin, root = self._verifier.name, edge.root()
        note, kept = exact_note(text, self._verifier), exact_note(state_text, self._verifier)
        span = f"{self._good_to} to {size - 1}"
        if note is None or not note.text.startswith(f"{origin}\n{size}\n"):
            self._found.add("checkpoints", f"{size}, column note", "is not signed by the key")
        elif note.text != str(Checkpoint(origin, size, root)):
            self._found.add("entries", span, "are not those that were signed")
        lines = kept.text.split("\n") if kept else []
        if lines[:3] != [STATE, origin, str(size)]:
            self._found.add("checkpoints", f"{size}, column state", "is not signed by the key")
        else:
            if lines[3] != state.hex():
                self._found.add("entries", span, "what is kept beside the leaves is not what was signed")
            if lines[4] != self._before.hex():
                self._found.add("checkpoints", f"before {size}", "a checkpoint was removed, added or changed")
        self._before = row_digest(text, state_text)
        self._good_to = self.size = size
        self._next = next(self._rows, None)


def _check_rows(connection: sqlite3.Connection, folder: Path, verifier: Verifier, found: Findings,
                jobs: int | None) -> tuple[int, bytes]:
    """Go through all entries once, with the tiles and checkpoints they make; return their number and root."""
    edge, state = Edge(), NO_STATE
    checkpoints = _Checkpoints(connection, verifier, found)
    if checkpoints.due == 0:
        checkpoints.check(edge, state)
    lowest, highest = connection.execute("SELECT min(number), max(number) FROM entries").fetchone()
    upper = 0 if highest is None else highest + 1
    if lowest is not None and lowest < 0:
        found.add("entries", "0", "is out of order")
        upper = 0
    ends = ((first, min(first + _STRETCH, upper)) for first in range(0, upper, _STRETCH))
    with contextlib.closing(ordered(EntriesReader, folder, ends, jobs_of(jobs, upper >= ALONE))) as stretches:
        for stretch in stretches:
            state = _check_stretch(connection, stretch, edge, state, checkpoints, found)
            if edge.size < upper and len(stretch.leaves) < _STRETCH:
                found.add("entries", str(edge.size), "is missing")
                break
    for level, tile, hashes in edge.tiles():
        _check_tile(connection, found, level, tile, hashes)
    _check_ends(connection, found, edge.size, checkpoints)
    return edge.size, edge.root()


def _check_stretch(connection: sqlite3.Connection, stretch: Stretch, edge: Edge, state: bytes,
                   checkpoints: _Checkpoints, found: Findings) -> bytes:
    """Add entries to the tree and to the running hash over the rows, which is returned; check what they complete."""
    start, at, end = edge.size, edge.size, edge.size + len(stretch.leaves)
    wrong = deque(stretch.wrong)
    while at < end:
        part_end = min(end, checkpoints.due) if checkpoints.due > at else end
        while wrong and wrong[0] < part_end:
            found.add("entries", str(wrong.popleft()), "a column beside the leaf was changed")
        for level, tile, hashes in edge.extend(stretch.leaves[at - start:part_end - start]):
            _check_tile(connection, found, level, tile, hashes)
        for hashed in stretch.rows[at - start:part_end - start]:
            state = next_state(state, hashed)
        at = part_end
        if checkpoints.due == at:
            checkpoints.check(edge, state)
    found.count += stretch.n_wrong - len(stretch.wrong)
    if stretch.damage:
        raise sqlite3.DatabaseError(stretch.damage)
    return state


def _check_tile(connection: sqlite3.Connection, found: Findings, level: int, number: int, hashes: bytes) -> None:
    """Compare a tile with what the entries make; where level 0 differs, the entry or its tile was changed."""
    stored = _tile(connection, level, number, missing=b"")
    if stored == hashes:
        return
    place = f"{level}/{number}"
    if not stored:
        found.add("tiles", place, "is missing")
        return
    pairs = zip(split(stored), split(hashes), strict=False)
    first = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(stored), len(hashes)) // HASH_BYTES)
    if level == 0:
        found.add("entries", str((number << 8) + first), f"or its hash in tile {place} was changed")
    else:
        found.add("tiles", f"{place}, hash {first}", "is not what the entries make")


def _tile(connection: sqlite3.Connection, level: int, number: int, missing: bytes | None = None) -> bytes:
    row = connection.execute("SELECT hashes FROM tiles WHERE level = ? AND number = ?", (level, number)).fetchone()
    if row is None:
        if missing is None:
            raise IndexError(number)
        return missing
    return bytes(row[0])


def _check_ends(connection: sqlite3.Connection, found: Findings, size: int, checkpoints: _Checkpoints) -> None:
    """Look for what is beyond the end: entries without a checkpoint, checkpoints without entries, more tiles."""
    if checkpoints.due >= 0:
        found.add("entries", f"{size} to {checkpoints.due - 1}", "are missing: a signed checkpoint covers them")
    elif checkpoints.size != size:
        place = f"{max(checkpoints.size, 0)} to {size - 1}"
        found.add("entries", place, "were added: no signed checkpoint covers them")
    expected = {(level, number) for level, number, _ in widths(size)}
    for level, number in connection.execute("SELECT level, number FROM tiles"):
        if (level, number) not in expected:
            found.add("tiles", f"{level}/{number}", "was added")


def _page_faults(folder: Path) -> list[str]:
    """Let the database check its own pages and that its index says what its table says."""
    try:
        connection = connect(folder, write=False)
        try:
            lines = [str(line) for (line,) in connection.execute(f"PRAGMA integrity_check({_PAGES_TOLD})")]
        finally:
            connection.close()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return [f"cannot be read ({error})"]
    return [line for line in lines if line != "ok"]
