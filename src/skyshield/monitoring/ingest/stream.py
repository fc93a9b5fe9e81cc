"""Files row by row within limits: what is wrong with the file refuses it whole, what is wrong with a row only the row.

A package (gzip) is unpacked once to its end before a row is read, so that one that is broken or expands more than the
limit is refused before anything has gone in. Memory holds one line, whatever the size of the file.
"""

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.monitoring.ingest.cells import check_formula
from skyshield.monitoring.ingest.faults import Code, RowError
from skyshield.monitoring.observation.model import tables

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20

Row = tuple[int, list[str], dict[str, str] | RowError]


def check_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal, or refuse one that cannot be taken in at all.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is missing, no regular file, empty, UTF-16, a broken package or one that expands more than
        200-fold; 3 if it may not be read.
    """
    where = str(path)
    try:
        if path.is_dir():
            raise SkyShieldError(where, "is a directory, not a file", "name a file")
        if path.exists() and not path.is_file():
            raise SkyShieldError(where, "is not a regular file", "save it as a file first")
        with path.open("rb") as stream:
            start = stream.read(len(codecs.BOM_UTF16_LE))
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise SkyShieldError(where, "no such file", "check the path") from None
    except ValueError:
        raise SkyShieldError(where, "is not a usable file name", "check the path") from None
    except OSError as error:
        raise machine_error(where, error, "ask for the right to read it") from None
    if not start:
        raise SkyShieldError(where, "is empty", "give a file with content")
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise SkyShieldError(where, "is UTF-16, not UTF-8", "save the file as UTF-8")
    if start == _GZIP:
        _check_package(path)
    return digest


def _check_package(path: Path) -> None:
    most = tables()["limits"]["expansion"]
    limit, size = most * path.stat().st_size, 0
    try:
        with gzip.open(path, "rb") as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise SkyShieldError(str(path), f"expands more than {most}-fold",
                                         "unpack it and give what it holds")
    except (OSError, EOFError, zlib.error):
        raise SkyShieldError(str(path), "is a broken gzip file", "fetch it again") from None
    if not size:
        raise SkyShieldError(str(path), "is empty", "give a file with content")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacked if it is a package."""
    with path.open("rb") as plain:
        packed = plain.read(len(_GZIP)) == _GZIP
        plain.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=plain) as stream:
                yield io.BufferedReader(stream)
        else:
            yield plain


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield lines as text; bytes that are not UTF-8 stay marked; of a line over the limit only the start is kept."""
    limit = tables()["limits"]["line_characters"]
    first = True
    while line := stream.readline(limit):
        rest = line
        while len(rest) == limit and not rest.endswith(b"\n"):
            rest = stream.readline(limit)
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        yield line.decode("utf-8", "surrogateescape")


def read_header(path: Path) -> tuple[str, ...]:
    """Return the names of the columns: trimmed, in small letters, spaces as underscores; empty if there are none."""
    with opened(path) as stream:
        try:
            row: Sequence[str] = next((row for row in csv.reader(_lines(stream)) if any(map(str.strip, row))), ())
        except csv.Error:
            row = ()
    return tuple("_".join(cell.casefold().split()) for cell in row)


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the number of the line on which a row begins, the row as written, and its cells or why it cannot be used.

    Cells are trimmed; rows without any value are passed over.
    """
    with opened(path) as stream:
        reader = csv.reader(_lines(stream))
        in_header = True
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, [], RowError(Code.CELL_TOO_LONG, "", f"cannot be split into cells ({error})")
                continue
            if not any(map(str.strip, row)):
                continue
            if in_header:
                in_header = False
                continue
            try:
                yield line, row, _checked(columns, row)
            except RowError as fault:
                yield line, row, fault


def _checked(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) != len(columns):
        raise RowError(Code.CELL_COUNT, "", f"has {len(row)} cells, the header {len(columns)}")
    return checked_cells(zip(columns, row, strict=True))


def checked_cells(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the cells that hold something, trimmed.

    Raises
    ------
    RowError
        ``not_utf8``, ``cell_too_long`` or ``formula_cell``.
    """
    most = tables()["limits"]["cell_characters"]
    cells = {}
    for column, cell in named:
        if not cell:
            continue
        if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise RowError(Code.NOT_UTF8, column, "is not UTF-8")
        if len(cell) > most:
            raise RowError(Code.CELL_TOO_LONG, column, f"is longer than {most:,} characters")
        check_formula(column, cell)
        if bare := cell.strip():
            cells[column] = bare
    return cells
