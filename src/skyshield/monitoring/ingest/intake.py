"""Intake: a file's rows into the ledger, its bad rows into quarantine, and a report of both.

Rows go in by batches, each one transaction of the ledger. Taken in again after an interruption, the rows that were
acknowledged are duplicates and the rest goes in. A duplicate has the same time, the same content and the same name at
the same source; two records of a source that differ in that name alone are two records.
"""

import base64
import dataclasses
import hashlib
import itertools
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.context import Context
from skyshield.monitoring.ingest.faults import Code, RowError
from skyshield.monitoring.ingest.formats import RAIDS, READERS, rows_of
from skyshield.monitoring.ingest.quarantine import Quarantine, quarantine
from skyshield.monitoring.ingest.stream import Row, check_file
from skyshield.monitoring.ingest.times import zone_of
from skyshield.monitoring.ledger.records import source_id
from skyshield.monitoring.ledger.store import Entry, Ledger
from skyshield.monitoring.observation.leaf import (
    SALT_BYTES,
    canonical_json,
    file_part,
    leaf_bytes,
    new_salts,
    private_part,
)
from skyshield.monitoring.observation.model import tables


@dataclasses.dataclass(frozen=True)
class Report:
    """What became of a file.

    Attributes
    ----------
    rows
        Rows with any value below the header: `accepted`, `duplicates` and `quarantined` together.
    reasons, flagged
        How many rows were quarantined for each code, and how many taken in (or known) with each flag.
    size, root
        Of the ledger afterwards: its leaves, and the root over them in base64, as in its checkpoint.
    format, quarantine
        The format read, and the file of the bad rows, empty if there is none.
    """

    rows: int
    accepted: int
    duplicates: int
    quarantined: int
    reasons: dict[str, int]
    flagged: dict[str, int]
    size: int
    root: str
    format: str
    quarantine: str


class _Tally:
    """What has been counted so far."""

    def __init__(self) -> None:
        self.rows = self.accepted = self.duplicates = 0
        self.reasons: Counter[str] = Counter()
        self.flagged: Counter[str] = Counter()


def ingest(ledger: Ledger, path: str | os.PathLike[str], source: str, now_s: float, format_name: str | None = None,
           zone: str | None = None) -> Report:
    """Take a file into a ledger.

    Parameters
    ----------
    ledger
        Open for writing.
    path
        CSV in UTF-8, plain or packed with gzip, of any length.
    source
        Who gives it: with the source's own name for a record, it tells duplicates.
    now_s
        Seconds since 1970 UTC; no time may lie later.
    format_name
        One of `READERS`; None leaves it to the header.
    zone
        Fills times without a zone.

    Returns
    -------
    Report

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is refused whole: nothing of it goes in; 3 if the machine refuses.
    """
    if not source.strip() or not source.isprintable():
        raise SkyShieldError("--source", "is no name", "say who gives the file")
    file = Path(path)
    given = None if zone is None else zone_of(zone)
    sha256 = check_file(file)
    if format_name is not None and format_name not in READERS:
        raise SkyShieldError("--format", f"is {format_name!r}", f"use one of: {', '.join(READERS)}")
    found, rows = rows_of(file, format_name)
    own = tables()[found].get("zone")
    if found == RAIDS and zone not in (None, own):
        raise SkyShieldError("--zone", f"is {zone!r}, but {RAIDS} are in the time of {own}", "leave it out")
    context = Context(source, given if given is not None or own is None else zone_of(own), now_s)
    inside, beside = file_part(sha256, os.urandom(SALT_BYTES))
    tally = _Tally()
    with quarantine(ledger.folder, file, sha256) as bad:
        entries = _entries(rows, found, context, inside, bad, tally)
        while True:
            batch = list(itertools.islice(entries, tables()["limits"]["batch_rows"]))
            done = ledger.append(batch, beside)
            tally.accepted += done.added
            tally.duplicates += done.duplicates
            if not batch:
                break
    quarantined = tally.reasons.total()
    return Report(tally.rows, tally.accepted, tally.duplicates, quarantined, dict(sorted(tally.reasons.items())),
                  dict(sorted(tally.flagged.items())), done.size, base64.b64encode(done.root).decode(), found,
                  str(bad.path) if quarantined else "")


def _entries(rows: Iterator[Row], format_name: str, context: Context, file: Mapping[str, str], bad: Quarantine,
             tally: _Tally) -> Iterator[Entry]:
    """Yield an entry for each good row, put the others into quarantine, and count both."""
    read, table = READERS[format_name], tables()[format_name]
    id_column, hidden = table["id"], table.get("restricted", ())
    for line, row, cells in rows:
        tally.rows += 1
        try:
            if isinstance(cells, RowError):
                raise cells
            observation = read(cells, context)
            salts = new_salts(observation)
            try:
                leaf = leaf_bytes(observation, salts, {"line": line, "file": file})
            except SkyShieldError as error:
                raise RowError(Code.CELL_TOO_LONG, "", error.what) from None
        except RowError as fault:
            tally.reasons[fault.code.value] += 1
            bad.add(line, row, fault)
            continue
        tally.flagged.update(observation.flags)
        yield Entry(leaf, observation.time_s, private_part(observation, salts),
                    content_sha256(cells, id_column, hidden), source_id(context.source, observation.record_id))


def content_sha256(cells: Mapping[str, str], id_column: str, restricted: Collection[str] = ()) -> bytes:
    """Return the hash of what a row says, whatever the order of its columns, without the source's name for it.

    Restricted cells have a hash of their own behind that of the others, so that what is kept of an erased name is
    nothing that names could be tried against.

    Examples
    --------
    >>> content_sha256({"id": "1", "best": "5"}, "id") == content_sha256({"best": "5", "id": "2"}, "id")
    True
    >>> len(content_sha256({"lon": "38", "observer": "A"}, "id", ["observer"]))
    64
    """
    hidden = {name: cells[name] for name in restricted if name in cells}
    public = {name: cell for name, cell in cells.items() if name != id_column and name not in hidden}
    content = hashlib.sha256(canonical_json(public)).digest()
    return content + hashlib.sha256(canonical_json(hidden)).digest() if hidden else content
