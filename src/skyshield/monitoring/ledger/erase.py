"""Erase a restricted value from a ledger: what is left is its salted digest, which nobody can try names against.

The value and its salt go from the record's row, and with them the part of the row's hash of duplicates that covers
restricted cells, and the hash of the file that the record was read from, wherever it is kept. The running hash over the
rows beside the leaves is made and signed anew from there on; leaves, root, published checkpoints, proofs and exports
stay as they are. A new entry says which field of which record was erased, why and for whom, never what it held. The
file is written anew at the end, so that no page of it, and nothing of the file that waits beside it, holds the value.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.monitoring.ledger.database import FILE, next_state, row_hash, told
from skyshield.monitoring.ledger.note import Signer, encoded, signed
from skyshield.monitoring.ledger.records import ERASURE
from skyshield.monitoring.ledger.store import NOTHING, STATE, Entry, Ledger, after_erasure, row_digest, state_of
from skyshield.monitoring.observation.leaf import FILE as SOURCE_FILE
from skyshield.monitoring.observation.leaf import canonical_json, utc_text

QUARANTINE = "quarantine"
"""The folder of rows that were not taken in."""
_TEXT_CHARACTERS = 2000
_ERASED = ("SELECT number FROM entries WHERE number > ? AND instr(leaf, ?) AND instr(leaf, ?) AND instr(leaf, ?)")


@dataclass(frozen=True)
class Erased:
    """What was done.

    Attributes
    ----------
    record, field
        What was erased.
    entry
        The entry that says so.
    size, root
        Of the ledger afterwards; the root in base64, as in its checkpoint.
    already
        Whether an earlier erasure had done it: then the file was only cleaned again.
    others
        Other records that hold the same value in any restricted field, which are left as they are.
    quarantine
        Files of the folder's quarantine that hold the value as well, or are of the record's file: to be looked at and
        deleted, they are not touched.
    """

    record: int
    field: str
    entry: int
    size: int
    root: str
    already: bool
    others: int
    quarantine: tuple[str, ...]


def erase(folder: Path, record: int, field: str, reason: str, now_s: float, asked_by: str | None = None) -> Erased:
    """Erase a restricted field of a record.

    Parameters
    ----------
    folder
        The ledger.
    record
        The record's number.
    field
        The restricted field, such as ``observer``.
    reason, asked_by
        Why, and who asked for it; both stand in the ledger for all to read and may not name what is erased.
    now_s
        Seconds since 1970 UTC, for the entry.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger, no such record or field, no reason, or a text says what is erased; 3 if
        the machine refuses, or another command reads the ledger so that the file could not be cleaned: the value is
        erased then, and the same command cleans the file.
    """
    for name, text in (("--reason", reason), ("--asked-by", asked_by)):
        if text is not None and not (text.strip() and text.isprintable() and len(text) <= _TEXT_CHARACTERS):
            raise SkyShieldError(name, "is no text of one line", f"write up to {_TEXT_CHARACTERS:,} characters")
    with Ledger.open(folder) as ledger, told(folder / FILE):
        signer = ledger.signer
        run = ledger.connection.execute
        run("PRAGMA secure_delete=ON")
        run("BEGIN IMMEDIATE")
        try:
            found = _erase(ledger, signer, record, field, reason, now_s, asked_by)
            run("COMMIT")
        except BaseException:
            if ledger.connection.in_transaction:
                run("ROLLBACK")
            raise
        _clean(ledger.connection, folder)
        return found


def _erase(ledger: Ledger, signer: Signer, record: int, field: str, reason: str, now_s: float,
           asked_by: str | None) -> Erased:
    run = ledger.connection.execute
    row = run("SELECT leaf, time_s, content_sha256, source_id, private FROM entries WHERE number = ?",
              (record,)).fetchone()
    size = ledger.checkpoint().size
    if row is None:
        raise SkyShieldError(f"record {record}", f"is not in the ledger, which has {size:,}",
                             f"name one from 0 to {size - 1}" if size else "add records first")
    leaf, time_s, content, source, private_text = row
    public, private = json.loads(leaf), json.loads(private_text)
    restricted = [name for name, part in public.items() if isinstance(part, dict) and set(part) == {"level", "sha256"}]
    if field not in restricted:
        raise SkyShieldError(f"record {record}: {field}", "is no restricted field of it",
                             f"name one of: {', '.join(restricted)}" if restricted else "it has none")
    if field not in private:
        entry = run(_ERASED, (record, *(canonical_json({name: value})[1:-1] for name, value in (
            ("field", field), ("kind", ERASURE), ("record", record))))).fetchone()
        if entry is None:
            raise SkyShieldError(f"record {record}: {field}", "is not kept in this ledger",
                                 "see 'skyshield monitor verify'")
        return Erased(record, field, entry[0], size, encoded(ledger.checkpoint().root), True, 0, ())
    value = private.pop(field)["value"]
    _check_silent(value, reason, asked_by)
    forgotten = _forget_file(ledger.connection, public.get(SOURCE_FILE, {}).get("sha256"))
    private.pop(SOURCE_FILE, None)
    if content is not None:
        content = after_erasure(content)
    _keep(ledger.connection, record, time_s, content, source, private)
    _sign_anew(ledger.connection, signer, min([record, *forgotten]))
    said = {"kind": ERASURE, "record": record, "field": field, "reason": reason, "time": utc_text(int(now_s))}
    if asked_by is not None:
        said["asked_by"] = asked_by
    entries = [Entry(canonical_json(said), float(int(now_s)))]
    done = ledger._append(entries, signer, NOTHING)  # noqa: SLF001 - one transaction
    written = json.dumps(value, ensure_ascii=False)
    others = run("SELECT count(*) FROM entries WHERE instr(private, ?)", (f'"value":{written}}}',)).fetchone()[0]
    return Erased(record, field, done.size - 1, done.size, encoded(done.root), False, others,
                  tuple(_in_quarantine(ledger.folder, value, set(map(signer.tag, forgotten.values())))))


def _keep(connection: sqlite3.Connection, record: int, time_s: float, content: bytes | None, source: str | None,
          private: Mapping[str, Any]) -> None:
    """Write what is left beside a leaf."""
    text = json.dumps(private, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    connection.execute("UPDATE entries SET private = ?, content_sha256 = ?, row_sha256 = ? WHERE number = ?",
                       (text, content, row_hash(record, time_s, content, source, text), record))


def _forget_file(connection: sqlite3.Connection, digest: str | None) -> dict[int, str]:
    """Erase the hash of the file that a record was read from, wherever it is kept; return it by the number of the row.

    Whoever has the rest of the file could try names against it.
    """
    if digest is None:
        return {}
    rows = connection.execute("SELECT number, time_s, content_sha256, source_id, private FROM entries "
                              "WHERE instr(private, ?) AND instr(leaf, ?) ORDER BY number",
                              (f'"{SOURCE_FILE}":{{', digest.encode())).fetchall()
    forgotten = {}
    for number, time_s, content, source, text in rows:
        private = json.loads(text)
        forgotten[number] = str(private.pop(SOURCE_FILE)["value"])
        _keep(connection, number, time_s, content, source, private)
    return forgotten


def _in_quarantine(folder: Path, value: object, tags: set[str]) -> Iterator[str]:
    """Yield the files of the quarantine that hold a value, or are of a file with one of these tags.

    Those that an intake left that was killed are among them.
    """
    written = json.dumps(str(value))[1:-1]
    for path in sorted((folder / QUARANTINE).glob("*.jsonl*")):
        named = any(f".{tag}." in path.name for tag in tags)
        with path.open(encoding="utf-8") as stream:
            if named or any(written in line for line in stream):
                yield str(path)


def _check_silent(value: object, *texts: str | None) -> None:
    """Refuse texts that would put what is erased into the ledger for good."""
    written = str(value).casefold()
    for text in texts:
        if text is not None and written in text.casefold():
            raise SkyShieldError("--reason, --asked-by", "would say what is erased", "leave it out of the text")


def _sign_anew(connection: sqlite3.Connection, signer: Signer, record: int) -> None:
    """Make the running hash over the rows, and the states that sign it, anew from a record on."""
    run = connection.execute
    size, note, state_note = run("SELECT size, note, state FROM checkpoints WHERE size <= ? ORDER BY size DESC LIMIT 1",
                                 (record,)).fetchone()
    state, before = state_of(state_note, FILE), row_digest(note, state_note)
    origin = signer.verifier.name
    for covered, note in run("SELECT size, note FROM checkpoints WHERE size > ? ORDER BY size", (record,)).fetchall():
        for (row_sha256,) in run("SELECT row_sha256 FROM entries WHERE number >= ? AND number < ? ORDER BY number",
                                 (size, covered)):
            state = next_state(state, row_sha256)
        text = signed(f"{STATE}\n{origin}\n{covered}\n{state.hex()}\n{before.hex()}\n", signer)
        run("UPDATE checkpoints SET state = ? WHERE size = ?", (text, covered))
        size, before = covered, row_digest(note, text)


def _clean(connection: sqlite3.Connection, folder: Path) -> None:
    """Write the file anew and empty the one beside it, so that no free part of a page keeps what was there."""
    connection.execute("VACUUM")
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise SkyShieldError(str(folder), "is being read by another command: the value is erased, its bytes may still "
                             "be in the file", "run the same command again when that has ended", MACHINE)
