"""A witness's line on a checkpoint: given only if the log still holds all that the witness saw before.

Source: https://c2sp.org/tlog-cosignature.
"""

import hashlib
import time
from pathlib import Path
from typing import Any

from skyshield.core.errors import FAILED, SkyShieldError
from skyshield.core.files import read_text, write_bytes
from skyshield.monitoring.ledger.export import CHECKPOINT, latest
from skyshield.monitoring.ledger.keys import write_secret
from skyshield.monitoring.ledger.note import (
    WITNESS,
    Checkpoint,
    Note,
    Signer,
    Verifier,
    new_signer,
    parse_checkpoint,
    parse_note,
    parse_signer,
)
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.ledger.tree import ReadTile, consistency_proof, consistent
from skyshield.monitoring.ledger.verify import verify_ledger
from skyshield.monitoring.ledger.verify_export import Tiles, is_export, verify_export


def witness_key(path: Path, name: str | None) -> Signer:
    """Read a witness's key, or make it under a name if there is no such file.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file holds another key or name, or there is neither file nor name.
    """
    if not path.exists():
        if name is None:
            raise SkyShieldError(f"--key {path}", "there is no such file", "give --name to make a witness's key")
        signer = new_signer(name, WITNESS)
        write_secret(signer, path)
        return signer
    signer = parse_signer(read_text(path), str(path))
    if signer.verifier.kind != WITNESS or name not in (None, signer.verifier.name):
        raise SkyShieldError(f"--key {path}", f"is the key of {signer.verifier.name}", "name another file")
    return signer


def cosign(source: Path, key: Path, name: str | None = None, log_key: Verifier | None = None,
           out: Path | None = None) -> dict[str, Any]:
    """Check a ledger or export whole, and against what this witness signed before; then add its line.

    What the witness signed last lies beside its key, one file a log.

    Returns
    -------
    dict
        ``witness`` (verifier key), ``size``, ``before`` (size signed last, None the first time), ``checkpoint``
        (the file with the line).

    Raises
    ------
    SkyShieldError
        Exit code 1 if the log does not verify or lost what the witness saw; 2 if a file cannot be used.
    """
    if key.resolve().is_relative_to(source.resolve()):
        raise SkyShieldError(f"--key {key}", f"lies in {source}, which others see", "keep the key elsewhere")
    signer = witness_key(key, name)
    verify = verify_export if is_export(source) else verify_ledger
    found = verify(source, None, log_key)
    if not found["valid"]:
        fault = found["faults"][0]
        raise SkyShieldError(str(source), f"does not verify ({fault['table']} {fault['place']}: {fault['what']})",
                             "see 'skyshield monitor verify'", FAILED)
    with _Source(source) as log:
        current = parse_checkpoint(log.note, str(source))
        if current.size != found["size"]:
            raise SkyShieldError(str(source), "grew while it was checked", "run the same command again", FAILED)
        memory = key.with_name(f"{key.name}.{hashlib.sha256(current.origin.encode()).hexdigest()[:8]}.checkpoint")
        before = _seen(memory, signer)
        _check_growth(before, current, log.tile, str(source))
    target = out or source / CHECKPOINT
    note = _so_far(target, log.note)
    line = signer.line(note.text, int(time.time()))
    others = tuple(s for s in note.signatures if s[0] != signer.verifier.name)
    content = f"{Note(note.text, others)}{line}"
    write_bytes(memory, f"{note.text}\n{line}".encode())
    write_bytes(target, content.encode())
    return {"witness": str(signer.verifier), "size": current.size, "before": before.size if before else None,
            "checkpoint": str(target)}


class _Source:
    """A ledger or an export, as a witness reads it."""

    def __init__(self, folder: Path) -> None:
        self._ledger = None if is_export(folder) else Ledger.open(folder, write=False)
        if self._ledger is None:
            self.note = parse_note(read_text(folder / CHECKPOINT), str(folder / CHECKPOINT))
            self.tile: ReadTile = Tiles(folder, parse_checkpoint(self.note, CHECKPOINT).size).read
        else:
            self._ledger.connection.execute("BEGIN")
            self.note = parse_note(latest(self._ledger.connection)[1], str(folder))
            self.tile = self._ledger.tile

    def __enter__(self) -> "_Source":
        return self

    def __exit__(self, *_: object) -> None:
        if self._ledger is not None:
            self._ledger.close()


def _seen(memory: Path, signer: Signer) -> Checkpoint | None:
    """Return what the witness signed last for this log."""
    if not memory.exists():
        return None
    note = parse_note(read_text(memory), str(memory))
    if not note.signed_by(signer.verifier):
        raise SkyShieldError(str(memory), "is not what this witness signed", "bring the witness's own file back")
    return parse_checkpoint(note, str(memory))


def _check_growth(before: Checkpoint | None, now: Checkpoint, read: ReadTile, where: str) -> None:
    if before is None or before.size == 0:
        return
    if before.size > now.size:
        raise SkyShieldError(where, f"has {now.size:,} entries where this witness signed {before.size:,}",
                             "ask for what is gone", FAILED)
    proof = consistency_proof(read, before.size, now.size)
    if not consistent(before.size, now.size, before.root, now.root, proof):
        raise SkyShieldError(where, f"does not begin with the {before.size:,} entries this witness signed",
                             "ask who changed them", FAILED)


def _so_far(target: Path, note: Note) -> Note:
    """Return the note with the lines that others have added to it already."""
    if not target.exists():
        return note
    there = parse_note(read_text(target), str(target))
    return there if there.text == note.text else note
