"""Check an exported folder of tiles: every file, byte by byte, against the signed checkpoint."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.core.files import read_bytes, read_text
from skyshield.monitoring.ledger.database import FILE
from skyshield.monitoring.ledger.export import ABOUT, AGREEMENT, CHECKPOINT, DISCLOSED, KEY
from skyshield.monitoring.ledger.faults import Findings
from skyshield.monitoring.ledger.note import Checkpoint, Verifier, encoded, parse_checkpoint, parse_note, parse_verifier
from skyshield.monitoring.ledger.ranges import BundleTask, Disclosure, bundles_reader
from skyshield.monitoring.ledger.store import about_text
from skyshield.monitoring.ledger.tree import EMPTY_ROOT, TILE_WIDTH, Edge, tile_path, widths
from skyshield.monitoring.ledger.verify import OWN, check_published, exact_note, jobs_for, published
from skyshield.monitoring.workers import ordered

_AT_ONCE = 64


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
                  witnesses: Sequence[Verifier] = (), jobs: int | None = None) -> Mapping[str, Any]:
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
        root = _check_entries(folder, signed, found, jobs)
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


def _check_entries(folder: Path, signed: Checkpoint, found: Findings, jobs: int | None) -> bytes:
    """Hash every leaf, compare every tile and the root; return the root."""
    edge, later = Edge(), Findings()
    tasks = _tasks(signed.size, _Disclosures(_disclosures(folder, later), later))
    with contextlib.closing(ordered(bundles_reader, folder, tasks, jobs_for(signed.size, jobs))) as parts:
        for part in parts:
            for tile in edge.extend(part.leaves):
                _check_tile(folder, tile, found)
            for number, name in part.undisclosed:
                later.add(DISCLOSED, f"record {number}, {name}", "is not what the leaf was made from")
            if part.broken is not None:
                width = min(TILE_WIDTH, signed.size - part.broken * TILE_WIDTH)
                found.add(tile_path("entries", part.broken, width), f"entries {part.broken * TILE_WIDTH} on",
                          f"is not a bundle of {width} entries")
                return EMPTY_ROOT
    for tile in edge.tiles():
        _check_tile(folder, tile, found)
    found.extend(later)
    root = edge.root()
    if root != signed.root:
        found.add("tile/entries", f"0 to {signed.size - 1}", "are not those that were signed")
    return root


def _tasks(size: int, disclosed: "_Disclosures") -> Iterator[BundleTask]:
    """Yield the bundles of a log of this size, some at a time, with what is disclosed of their entries."""
    n_bundles = -(-size // TILE_WIDTH)
    for first in range(0, n_bundles, _AT_ONCE):
        bundles = [(number, min(TILE_WIDTH, size - number * TILE_WIDTH))
                   for number in range(first, min(first + _AT_ONCE, n_bundles))]
        yield BundleTask(bundles, disclosed.below(min((first + _AT_ONCE) * TILE_WIDTH, size)))
    disclosed.end()


class _Disclosures:
    """The disclosed fields, which lie in the order of the records; what is no such line ends them."""

    def __init__(self, lines: Iterator[Disclosure], found: Findings) -> None:
        self._lines, self._found = lines, found
        self._next = next(lines, None)

    def below(self, number: int) -> list[Disclosure]:
        """Return those of the records up to, without, a number that were not returned yet."""
        result = []
        while self._next is not None and self._next.number < number:
            result.append(self._next)
            self._next = next(self._lines, None)
        return result

    def end(self) -> None:
        """Note one that is left at the end of the log."""
        if self._next is not None:
            self._found.add(DISCLOSED, f"record {self._next.number}", "is not in the log")


def _check_tile(folder: Path, tile: tuple[int, int, bytes], found: Findings) -> None:
    level, number, hashes = tile
    name = tile_path(level, number, len(hashes) // 32)
    stored = read_bytes(folder / name)
    if stored == hashes:
        return
    first = next((i for i, (a, b) in enumerate(zip(stored, hashes, strict=False)) if a != b), len(stored)) // 32
    what = f"entry {(number << 8) + first} or its hash was changed" if level == 0 else "is not what the entries make"
    found.add(name, f"hash {first}", what)


def _disclosures(folder: Path, found: Findings) -> Iterator[Disclosure]:
    """Read the disclosed fields."""
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
            yield Disclosure(number, fields)
