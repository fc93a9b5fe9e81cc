"""Small ledgers for tests: made in a folder, with a key beside it, and records of the shape of an observation."""

import hashlib
import json
from pathlib import Path

from skyshield.monitoring.ledger.store import Entry, Ledger, create

ORIGIN = "example.org/mission"


def entry(number: int, text: str = "explosion") -> Entry:
    """Return a record with one restricted field."""
    salt, value = bytes([number % 256]) * 16, f"observer {number}"
    content = {"kind": "event", "number": number, "text": text, "observer": {
        "level": "mission", "sha256": hashlib.sha256(salt + json.dumps(value).encode()).hexdigest()}}
    leaf = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    return Entry(leaf, 1.5e9 + number // 3, {"observer": {"level": "mission", "salt": salt.hex(), "value": value}},
                 hashlib.sha256(text.encode()).digest(), str(number))


def made(place: Path, *batches: int, text: str = "explosion") -> Path:
    """Make a ledger with so many records in each append; return its folder."""
    folder = place / "ledger"
    create(folder, b"id: test\n", ORIGIN, place / "log.key")
    grow(folder, *batches, text=text)
    return folder


def grow(folder: Path, *batches: int, text: str = "explosion") -> None:
    """Append so many records more in each of several appends."""
    with Ledger.open(folder) as ledger:
        at = ledger.checkpoint().size
        for count in batches:
            ledger.append([entry(number, text) for number in range(at, at + count)])
            at += count
