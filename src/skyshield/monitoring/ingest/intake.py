"""Intake: a file's rows into the ledger, its bad rows into quarantine, and a report of both.

Rows go in by batches, each one transaction of the ledger. Taken in again after an interruption, the rows that were
acknowledged are duplicates and the rest goes in. A duplicate has the same time, the same content and the same name at
the same source; two records of a source that differ in that name alone are two records.
"""

import base64
import contextlib
import dataclasses
import os
from collections import Counter
from pathlib import Path

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.cells import check_formula
from skyshield.monitoring.ingest.context import Context
from skyshield.monitoring.ingest.faults import RowError
from skyshield.monitoring.ingest.formats import RAIDS, READERS, parts_of
from skyshield.monitoring.ingest.prepare import Common, Prepared, preparer
from skyshield.monitoring.ingest.quarantine import quarantine
from skyshield.monitoring.ingest.stream import check_file
from skyshield.monitoring.ingest.times import zone_of
from skyshield.monitoring.ledger.store import Appended, Ledger
from skyshield.monitoring.observation.leaf import SALT_BYTES, canonical_json, file_part
from skyshield.monitoring.observation.model import tables
from skyshield.monitoring.workers import jobs_of, ordered


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


def _check_source(source: str) -> None:
    most = tables()["limits"]["source_characters"]
    if not source.strip() or not source.isprintable() or len(source) > most:
        raise SkyShieldError("--source", "is no name", f"say who gives the file in up to {most} characters")
    try:
        check_formula("--source", source)
    except RowError as fault:
        raise SkyShieldError("--source", fault.reason.removeprefix("--source: "), "begin with a letter") from None


class _Tally:
    """What has been counted so far."""

    def __init__(self) -> None:
        self.rows = self.accepted = self.duplicates = 0
        self.reasons: Counter[str] = Counter()
        self.flagged: Counter[str] = Counter()

    def add(self, part: Prepared, done: Appended) -> None:
        """Count a part of the file that is in the ledger."""
        self.rows += part.rows
        self.accepted += done.added
        self.duplicates += done.duplicates
        self.reasons.update(fault.code.value for _, _, fault in part.bad)
        self.flagged.update(part.flagged)


def ingest(ledger: Ledger, path: str | os.PathLike[str], source: str, now_s: float, format_name: str | None = None,
           zone: str | None = None, jobs: int | None = None) -> Report:
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
    jobs
        Worker processes; 1 does all in this one, None leaves it to the file's size. The ledger is the same but for
        its salts, which are random.

    Returns
    -------
    Report

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is refused whole: nothing of it goes in; 3 if the machine refuses.
    """
    _check_source(source)
    file = Path(path)
    jobs_of(jobs, large=False)
    given = None if zone is None else zone_of(zone)
    sha256 = check_file(file)
    if format_name is not None and format_name not in READERS:
        raise SkyShieldError("--format", f"is {format_name!r}", f"use one of: {', '.join(READERS)}")
    found, columns, parts = parts_of(file, format_name)
    own = tables()[found].get("zone")
    if found == RAIDS and zone not in (None, own):
        raise SkyShieldError("--zone", f"is {zone!r}, but {RAIDS} are in the time of {own}", "leave it out")
    context = Context(source, given if given is not None or own is None else zone_of(own), now_s)
    inside, beside = file_part(sha256, os.urandom(SALT_BYTES))
    common = Common(found, columns, context, canonical_json(inside).decode())
    tally, n_jobs = _Tally(), jobs_of(jobs, file.stat().st_size >= tables()["limits"]["alone_bytes"])
    with (quarantine(ledger.folder, file, ledger.signer.tag(sha256)) as bad,
          contextlib.closing(ordered(preparer, common, parts, n_jobs)) as prepared):
        done = None
        for part in prepared:
            for line, row, fault in part.bad:
                bad.add(line, row, fault)
            done = ledger.append_ready(part.ready, beside)
            tally.add(part, done)
        if done is None:
            done = ledger.append([])
    quarantined = tally.reasons.total()
    return Report(tally.rows, tally.accepted, tally.duplicates, quarantined, dict(sorted(tally.reasons.items())),
                  dict(sorted(tally.flagged.items())), done.size, base64.b64encode(done.root).decode(), found,
                  str(bad.path) if quarantined else "")
