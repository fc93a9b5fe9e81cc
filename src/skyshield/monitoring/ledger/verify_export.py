"""Check an exported folder of tiles: every file, byte by byte, against the signed checkpoint."""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.core.files import read_bytes, read_text
from skyshield.monitoring.ledger.database import FILE
from skyshield.monitoring.ledger.export import ABOUT, AGREEMENT, CHECKPOINT, DISCLOSED, KEY
from skyshield.monitoring.ledger.faults import Findings
from skyshield.monitoring.ledger.note import Checkpoint, Verifier, encoded, parse_checkpoint, parse_note, parse_verifier
from skyshield.monitoring.ledger.store import LEAF_BYTES, about_text
from skyshield.monitoring.ledger.tree import EMPTY_ROOT, TILE_WIDTH, Edge, leaf_hash, tile_path, widths
from skyshield.monitoring.ledger.verify import OWN, check_published, exact_note, published

_PREFIX_BYTES = 2
_BUNDLE_BYTES = TILE_WIDTH * (LEAF_BYTES + _PREFIX_BYTES)


def is_export(folder: Path) -> bool:
    """Tell whether a folder is an export rather than a ledger."""
    return not (folder / FILE).exists() and any((folder / name).exists() for name in (CHECKPOINT, KEY, ABOUT, "tile"))


class Tiles:
    """The tiles of an export, read when they are asked for."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self._size = folder, size

    def read(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile.

        Raises
        ------
        SkyShieldError
            Exit code 2 if it is missing.
        """
        width = min(TILE_WIDTH, (self._size >> (8 * level)) - number * TILE_WIDTH)
        return read_bytes(self._folder / tile_path(level, number, width))


def verify_export(folder: Path, checkpoint: Path | None = None, key: Verifier | None = None,
                  witnesses: Sequence[Verifier] = ()) -> Mapping[str, Any]:
    """Check an export; return what `verify_ledger` returns.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the published checkpoint is none or another log's, 3 if a file may not be read.
    """
    found = Findings()
    try:
        verifier = key or parse_verifier(read_text(folder / KEY), str(folder / KEY))
        if read_text(folder / KEY) != f"{verifier}\n":
            found.add(KEY, "1", "is not the key given")
        note = parse_note(read_text(folder / CHECKPOINT), str(folder / CHECKPOINT))
        signed = parse_checkpoint(note, str(folder / CHECKPOINT))
    except SkyShieldError as error:
        if error.exit_code != BAD_INPUT:
            raise
        found.add(Path(error.where.split(": ")[0]).name, "content", error.what)
        return found.content(size=0, root="", origin=key.name if key else "", key="given" if key else OWN)
    if signed.origin != verifier.name or not note.signed_by(verifier):
        found.add(CHECKPOINT, "signature", "is not signed by the key")
    for witness in witnesses:
        if not note.signed_by(witness):
            found.add(CHECKPOINT, witness.name, "has not signed it")
    _check_about(folder, verifier, found)
    given = published(checkpoint, verifier)
    root = EMPTY_ROOT
    if _check_files(folder, signed, found):
        root = _check_entries(folder, signed, found)
        check_published(found, given, signed.size, Tiles(folder, signed.size).read)
    return found.content(size=signed.size, root=encoded(root), origin=verifier.name,
                         key="given" if key else OWN)


def _check_about(folder: Path, verifier: Verifier, found: Findings) -> None:
    try:
        note, agreement = exact_note(read_text(folder / ABOUT), verifier), read_bytes(folder / AGREEMENT)
    except SkyShieldError as error:
        found.add(ABOUT, Path(error.where).name, error.what)
        return
    if note is None:
        found.add(ABOUT, "note", "is not signed by the key")
    elif note.text != about_text(verifier, agreement):
        found.add(AGREEMENT, "content", "is not the agreement that was signed")


def _check_files(folder: Path, signed: Checkpoint, found: Findings) -> bool:
    """Compare the files that are there with those of a log of this size; tell whether all that must be is."""
    tiles = widths(signed.size)
    expected = {tile_path(level, number, width) for level, number, width in tiles}
    expected |= {tile_path("entries", number, width) for level, number, width in tiles if level == 0}
    expected |= {CHECKPOINT, KEY, ABOUT, AGREEMENT}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(there - expected - {DISCLOSED}):
        found.add(name, "file", "was added")
    for name in sorted(expected - there):
        found.add(name, "file", "is missing")
    return not expected - there


def _check_entries(folder: Path, signed: Checkpoint, found: Findings) -> bytes:
    """Hash every leaf, compare every tile and the root; return the root."""
    edge, later = Edge(), Findings()
    disclosed = _disclosures(folder, later)
    line = next(disclosed, None)
    for number in range(-(-signed.size // TILE_WIDTH)):
        width = min(TILE_WIDTH, signed.size - number * TILE_WIDTH)
        name = tile_path("entries", number, width)
        leaves = _leaves(read_bytes(folder / name, _BUNDLE_BYTES))
        if leaves is None or len(leaves) != width:
            found.add(name, f"entries {number * TILE_WIDTH} on", f"is not a bundle of {width} entries")
            return EMPTY_ROOT
        for leaf in leaves:
            while line is not None and line[0] <= edge.size:
                _check_disclosed(line, edge.size, leaf, later)
                line = next(disclosed, None)
            for tile in edge.append(leaf_hash(leaf)):
                _check_tile(folder, tile, found)
    for tile in edge.tiles():
        _check_tile(folder, tile, found)
    if line is not None:
        found.add(DISCLOSED, f"record {line[0]}", "is not in the log")
    found.extend(later)
    root = edge.root()
    if root != signed.root:
        found.add("tile/entries", f"0 to {signed.size - 1}", "are not those that were signed")
    return root


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


def _check_tile(folder: Path, tile: tuple[int, int, bytes], found: Findings) -> None:
    level, number, hashes = tile
    name = tile_path(level, number, len(hashes) // 32)
    stored = read_bytes(folder / name)
    if stored == hashes:
        return
    first = next((i for i, (a, b) in enumerate(zip(stored, hashes, strict=False)) if a != b), len(stored)) // 32
    what = f"entry {(number << 8) + first} or its hash was changed" if level == 0 else "is not what the entries make"
    found.add(name, f"hash {first}", what)


def _disclosures(folder: Path, found: Findings) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read the disclosed fields, which lie in the order of the records."""
    path = folder / DISCLOSED
    if not path.is_file():
        return
    last = -1
    with path.open("rb") as stream:
        for at, raw in enumerate(stream, 1):
            try:
                line = json.loads(raw)
                number, fields = line["number"], line["fields"]
                if type(number) is not int or number <= last or not isinstance(fields, dict):
                    raise ValueError  # noqa: TRY301 - one shape of the complaint
            except (ValueError, KeyError, TypeError):
                found.add(DISCLOSED, f"line {at}", "is no disclosure, or out of order")
                return
            last = number
            yield number, fields


def _check_disclosed(line: tuple[int, Mapping[str, Any]], number: int, leaf: bytes, found: Findings) -> None:
    """Compare what is disclosed of a record with the salted digests in its leaf."""
    for name, part in line[1].items():
        try:
            content = json.loads(leaf)
            value = json.dumps(part["value"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            digest = hashlib.sha256(bytes.fromhex(part["salt"]) + value).hexdigest()
            same = digest == content[name]["sha256"]
        except (ValueError, KeyError, TypeError):
            same = False
        if not same:
            found.add(DISCLOSED, f"record {number}, {name}", "is not what the leaf was made from")
