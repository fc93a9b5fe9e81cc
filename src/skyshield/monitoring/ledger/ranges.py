"""Hashes of stretches of a ledger or an export, which other processes can make: most of the work of a check."""

import hashlib
import json
import sqlite3
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from skyshield.core.files import read_bytes
from skyshield.monitoring.ledger.database import connect, row_hash
from skyshield.monitoring.ledger.store import LEAF_BYTES
from skyshield.monitoring.ledger.tree import TILE_WIDTH, leaf_hash, tile_path

_ROWS = ("SELECT number, leaf, time_s, content_sha256, source_id, private, row_sha256 FROM entries "
         "WHERE number >= ? AND number < ? ORDER BY number")
_PREFIX_BYTES = 2
_BUNDLE_BYTES = TILE_WIDTH * (LEAF_BYTES + _PREFIX_BYTES)
_WORST = 20


class Stretch(NamedTuple):
    """Entries of a ledger that follow one another, as far as none is missing.

    Attributes
    ----------
    leaves, rows
        Their leaves' hashes, and the hashes kept of what lies beside them.
    wrong, n_wrong
        The numbers of the first whose columns beside the leaf are not what the kept hash says, and how many there are.
    damage
        What the database said where it could not be read on.
    """

    leaves: list[bytes]
    rows: list[bytes]
    wrong: list[int]
    n_wrong: int
    damage: str


class EntriesReader:
    """Hashes the entries from a number up to, without, another."""

    def __init__(self, folder: Path) -> None:
        self._connection = connect(folder, write=False)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __call__(self, ends: tuple[int, int]) -> Stretch:
        """Return the hashes of the entries that are there."""
        leaves: list[bytes] = []
        rows: list[bytes] = []
        wrong: list[int] = []
        n_wrong, at = 0, ends[0]
        try:
            for number, leaf, time_s, content, source, private, kept in self._connection.execute(_ROWS, ends):
                if number != at:
                    break
                leaves.append(leaf_hash(leaf))
                rows.append(kept)
                if row_hash(number, time_s, content, source, private) != kept:
                    n_wrong += 1
                    wrong += [number] if len(wrong) < _WORST else []
                at += 1
        except (sqlite3.DatabaseError, UnicodeDecodeError, struct.error, TypeError, AttributeError) as error:
            return Stretch(leaves, rows, wrong, n_wrong, str(error) or type(error).__name__)
        return Stretch(leaves, rows, wrong, n_wrong, "")


class Disclosure(NamedTuple):
    """What is disclosed of a record: its number, and value and salt of each field."""

    number: int
    fields: Mapping[str, Any]


class Bundles(NamedTuple):
    """Entries of an export that follow one another.

    Attributes
    ----------
    leaves
        Their leaves' hashes.
    undisclosed
        Record and field of what is disclosed and is not what the leaf was made from.
    broken
        The number of the first bundle that is none, None if all are.
    """

    leaves: list[bytes]
    undisclosed: list[tuple[int, str]]
    broken: int | None


class BundleTask(NamedTuple):
    """The numbers of bundles, each with its entries, and what is disclosed of these."""

    bundles: list[tuple[int, int]]
    disclosed: list[Disclosure]


def bundles_reader(folder: Path) -> Callable[[BundleTask], Bundles]:
    """Return what hashes the entries of some bundles."""

    def read(task: BundleTask) -> Bundles:
        hashes: list[bytes] = []
        undisclosed: list[tuple[int, str]] = []
        by_number = {line.number: line.fields for line in task.disclosed}
        for bundle, width in task.bundles:
            found = _leaves(read_bytes(folder / tile_path("entries", bundle, width), _BUNDLE_BYTES))
            if found is None or len(found) != width:
                return Bundles(hashes, undisclosed, bundle)
            hashes += [leaf_hash(leaf) for leaf in found]
            if by_number:
                for number, leaf in enumerate(found, bundle * TILE_WIDTH):
                    undisclosed += [(number, name) for name, part in by_number.get(number, {}).items()
                                    if not _discloses(name, part, leaf)]
        return Bundles(hashes, undisclosed, None)

    return read


def _leaves(bundle: bytes) -> list[bytes] | None:
    result, at = [], 0
    while at < len(bundle):
        if at + _PREFIX_BYTES > len(bundle):
            return None
        (length,) = struct.unpack_from(">H", bundle, at)
        at += _PREFIX_BYTES
        if at + length > len(bundle):
            return None
        result.append(bundle[at:at + length])
        at += length
    return result


def _discloses(name: str, part: Mapping[str, Any], leaf: bytes) -> bool:
    """Tell whether a value with its salt is what the leaf's digest was made from."""
    try:
        value = json.dumps(part["value"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(bytes.fromhex(part["salt"]) + value).hexdigest()
        return bool(digest == json.loads(leaf)[name]["sha256"])
    except (ValueError, KeyError, TypeError):
        return False
