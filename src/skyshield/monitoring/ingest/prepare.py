"""Rows of a file made ready for the ledger: read, checked, sealed and hashed, each by itself.

This is most of the work of an intake, and none of it needs the ledger, so that other processes can do it.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import NamedTuple

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.context import Context
from skyshield.monitoring.ingest.faults import Code, RowError
from skyshield.monitoring.ingest.formats import READERS
from skyshield.monitoring.ingest.stream import Block, Row, rows_in
from skyshield.monitoring.ledger.records import source_id
from skyshield.monitoring.ledger.store import Ready
from skyshield.monitoring.observation.leaf import SALT_BYTES, restricted_of, sealed
from skyshield.monitoring.observation.model import tables

_SALTS_AT_ONCE = 256


class Common(NamedTuple):
    """What the rows of a file have in common: its format, columns and context, and JSON of how it stands in a leaf."""

    format_name: str
    columns: tuple[str, ...]
    context: Context
    file: str


class Bad(NamedTuple):
    """A row that cannot be taken in."""

    line: int
    row: list[str]
    fault: RowError


class Prepared(NamedTuple):
    """A part of a file: its number of rows, those that can go in, those that cannot, and how many have each flag."""

    rows: int
    ready: list[Ready]
    bad: list[Bad]
    flagged: Counter[str]


def preparer(common: Common) -> Callable[[Block | list[Row]], Prepared]:
    """Return what prepares a part of a file."""
    read, table = READERS[common.format_name], tables()[common.format_name]
    id_column, hidden, context = table["id"], frozenset(table.get("restricted", ())), common.context
    salts = _salts()

    def prepare(block: Block | list[Row]) -> Prepared:
        n_rows, ready, bad, flagged = 0, [], [], Counter[str]()
        for line, row, cells in rows_in(block, common.columns):
            n_rows += 1
            try:
                if isinstance(cells, RowError):
                    raise cells
                observation = read(cells, context)
                own = {name: next(salts) for name in restricted_of(observation)}
                try:
                    leaf, private = sealed(observation, own, {"line": str(line), "file": common.file})
                except SkyShieldError as error:
                    raise RowError(Code.CELL_TOO_LONG, "", error.what) from None
            except RowError as fault:
                bad.append(Bad(line, row, fault))
                continue
            if observation.flags:
                flagged.update(observation.flags)
            ready.append(Ready(leaf, observation.time_s, content_sha256(cells, id_column, hidden),
                               source_id(context.source, observation.record_id), private))
        return Prepared(n_rows, ready, bad, flagged)

    return prepare


def _salts() -> Iterator[bytes]:
    """Yield random salts, each once."""
    while True:
        drawn = os.urandom(SALT_BYTES * _SALTS_AT_ONCE)
        for at in range(0, len(drawn), SALT_BYTES):
            yield drawn[at:at + SALT_BYTES]


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
    names = sorted(cells)
    content = _hashed(cells, [name for name in names if name != id_column and name not in restricted])
    hidden = [name for name in names if name in restricted]
    return content + _hashed(cells, hidden) if hidden else content


def _hashed(cells: Mapping[str, str], names: Sequence[str]) -> bytes:
    """Return the hash of canonical JSON of these cells."""
    text = ",".join([f"{encode_basestring(name)}:{encode_basestring(cells[name])}" for name in names])
    return hashlib.sha256(f"{{{text}}}".encode()).digest()
