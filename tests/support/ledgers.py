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


HEADER = "time,lon,lat,method,text,record_id,observer\n"


def file_of(n_rows: int) -> str:
    """Return a file with good rows, bad ones, known ones, quotation marks and a name in each."""
    rows = []
    for number in range(n_rows):
        text = {0: '"two\nlines, a comma"', 1: '"one ""word"""', 2: "вибух", 3: "=1+1"}.get(number % 50, "bang")
        lon = 48.4 if number % 31 == 7 else 38.4
        rows.append(f"2015-02-14T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z,{lon},48.3,heard,"
                    f"{text},r-{number - number % 17 // 16},observer {number % 7}\n")
    return HEADER + "".join(rows)


def is_there(pid: int) -> bool:
    """Tell whether a process is there and not just a name waiting to be taken off the list."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
