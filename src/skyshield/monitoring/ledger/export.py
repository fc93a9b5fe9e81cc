"""What a ledger gives away: a folder of tiles, and the proof of one record.

Sources: https://c2sp.org/tlog-tiles and https://c2sp.org/tlog-proof.
"""

import json
import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.database import FILE, told
from skyshield.monitoring.ledger.folders import new_folder
from skyshield.monitoring.ledger.note import encoded, parse_checkpoint, parse_note
from skyshield.monitoring.ledger.store import LEVELS, Ledger
from skyshield.monitoring.ledger.tree import TILE_WIDTH, inclusion_proof, tile_path, widths

CHECKPOINT, ABOUT, AGREEMENT, KEY = "checkpoint", "about", "agreement.yaml", "verifier.key"
DISCLOSED = "disclosed.jsonl"
PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """One record with what proves it: its number, its leaf, the log's size and the text of the ``.tlog-proof``."""

    number: int
    leaf: bytes
    size: int
    text: str


def latest(connection: sqlite3.Connection) -> tuple[int, str]:
    """Return the size and the note of the latest checkpoint."""
    size, note = connection.execute("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
    return int(size), str(note)


def export_ledger(folder: Path, out: Path, level: str = LEVELS[0]) -> dict[str, Any]:
    """Write the ledger as a folder of tiles that any tool for such logs reads; all of it or nothing.

    Parameters
    ----------
    folder
        The ledger.
    out
        A new or empty folder.
    level
        One of `LEVELS`: fields that may be seen at this level are disclosed in ``disclosed.jsonl`` with their salts.

    Returns
    -------
    dict
        ``size``, ``root`` (base64, as in the checkpoint), ``level``, ``files`` and ``disclosed`` (records with at
        least one such field).

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger, no such level or `out` is not empty; 3 if there is no room or permission.
    """
    if level not in LEVELS:
        raise SkyShieldError(f"--level {level!r}", "is no level", f"choose one of {', '.join(LEVELS)}")
    with Ledger.open(folder, write=False) as ledger, new_folder(out, last=CHECKPOINT) as temporary, told(folder / FILE):
        ledger.connection.execute("BEGIN")
        return _write(ledger, temporary, level)


def _write(ledger: Ledger, out: Path, level: str) -> dict[str, Any]:
    run = ledger.connection.execute
    size, note = latest(ledger.connection)
    about, key, agreement = run("SELECT note, key, agreement FROM about").fetchone()
    tiles = widths(size)
    for at, number, width in tiles:
        _put(out / tile_path(at, number, width), ledger.tile(at, number))
    disclosed = 0
    with (out / DISCLOSED).open("w", encoding="utf-8") as stream:
        for at, number, width in tiles:
            if at == 0:
                rows = run("SELECT number, leaf, private FROM entries WHERE number >= ? AND number < ? ORDER BY number",
                           (number * TILE_WIDTH, number * TILE_WIDTH + width)).fetchall()
                _put(out / tile_path("entries", number, width), b"".join(
                    struct.pack(">H", len(leaf)) + leaf for _, leaf, _ in rows))
                lines = [line for entry, _, private in rows if (line := _disclosed(entry, private, level))]
                stream.writelines(lines)
                disclosed += len(lines)
    if not disclosed:
        (out / DISCLOSED).unlink()
    for name, content in ((ABOUT, about.encode()), (KEY, f"{key}\n".encode()), (AGREEMENT, agreement),
                          (CHECKPOINT, note.encode())):
        _put(out / name, content)
    root = parse_checkpoint(parse_note(note, CHECKPOINT), CHECKPOINT).root
    return {"size": size, "root": encoded(root), "level": level, "files": sum(p.is_file() for p in out.rglob("*")),
            "disclosed": disclosed}


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _disclosed(number: int, private: str, level: str) -> str:
    """Return the line that discloses what may be seen of a record at a level, empty if there is nothing."""
    shown = LEVELS[:LEVELS.index(level) + 1]
    fields = {name: {"salt": part["salt"], "value": part["value"]} for name, part in json.loads(private).items()
              if part["level"] in shown}
    if not fields:
        return ""
    line = {"fields": fields, "number": number}
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def prove(folder: Path, number: int) -> Proof:
    """Return the proof that a record is in the ledger, to be checked with nothing but the verifier key.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or no such record.
    """
    with Ledger.open(folder, write=False) as ledger, told(folder / FILE):
        ledger.connection.execute("BEGIN")
        size, note = latest(ledger.connection)
        if not 0 <= number < size:
            raise SkyShieldError(f"record {number}", f"is not in the ledger, which has {size:,}",
                                 f"name one from 0 to {size - 1}" if size else "add records first")
        path = inclusion_proof(ledger.tile, number, size)
        leaf = ledger.connection.execute("SELECT leaf FROM entries WHERE number = ?", (number,)).fetchone()[0]
    lines = [PROOF, f"index {number}", *(encoded(hashed) for hashed in path), "", note]
    return Proof(number, bytes(leaf), size, "\n".join(lines))
