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
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Self

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


def _lines(stream: IO[bytes], first: bool = True) -> Iterator[str]:
    """Yield lines as text; bytes that are not UTF-8 stay marked; of a line over the limit only the start is kept."""
    limit = tables()["limits"]["line_characters"]
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


class _UnclosedError(Exception):
    """A quoted cell that goes on and on."""


class _Lines:
    """Lines that can be read again from the second one of a row on."""

    def __init__(self, lines: Iterator[str], number: int = 0) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._n_characters = 0
        self.number = number
        limits = tables()["limits"]
        self._most_lines, self._most_characters = limits["cell_lines"], limits["line_characters"]

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if len(self._row) >= self._most_lines or self._n_characters > self._most_characters:
            raise _UnclosedError(f"does not end within {self._most_lines} lines")
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            if self._row:  # more is asked for in the middle of a row only within a quoted cell
                raise _UnclosedError("does not end")
            raise StopIteration
        self._row.append(line)
        self._n_characters += len(line)
        self.number += 1
        return line

    @property
    def settled(self) -> bool:
        """Whether no line waits to be read again."""
        return not self._again

    @property
    def row(self) -> Sequence[str]:
        """The lines that the row has taken so far."""
        return self._row

    def begin(self) -> None:
        """Begin a row."""
        self._row, self._n_characters = [], 0

    def back(self) -> str:
        """Return the first line of the row, and go back to the second."""
        first, *others = self._row
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the number of the line on which a row begins, the row as written, and its cells or why it cannot be used.

    Cells are trimmed; rows without any value are passed over. A quotation mark too many does not take the rows after it
    along: of a row over several lines that cannot be split into the header's cells only the first line is set aside,
    and reading goes on at the second.
    """
    with opened(path) as stream:
        yield from _rows(_Lines(_lines(stream)), columns, in_header=True)


def _rows(lines: _Lines, columns: Sequence[str], in_header: bool) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    while True:
        line = lines.number + 1
        lines.begin()
        fault, row = None, []
        try:
            row = next(reader)
        except StopIteration:
            return
        except _UnclosedError as error:
            fault = f"has a quoted cell that {error}"
        except csv.Error as error:
            fault = f"cannot be split into cells ({error})"
        if fault is None and len(lines.row) > 1 and (len(row) != len(columns) or _runs_on(lines.row, len(columns))):
            fault = f"has a quoted cell that ends {len(lines.row) - 1} lines later, in what looks like another row"
        if fault is not None:
            first = lines.back()
            reader = csv.reader(lines, strict=True)
            in_header = False
            yield line, [first.rstrip("\r\n")], RowError(Code.CELL_TOO_LONG, "", f"{fault}: this line is set aside")
            continue
        if not any(map(str.strip, row)):
            continue
        if in_header:
            in_header = False
            continue
        try:
            yield line, row, _checked(columns, row)
        except RowError as wrong:
            yield line, row, wrong


class Block(NamedTuple):
    """Whole lines without a quotation mark, each a row: the number of the first, and their bytes."""

    line: int
    content: bytes


def read_blocks(path: Path, columns: Sequence[str]) -> Iterator[Block | list[Row]]:
    """Yield what `read_rows` yields in larger parts: rows, or lines that `rows_in` makes the same rows of.

    Only rows with quotation marks may run over several lines, so other lines can be split into cells anywhere.
    """
    limits = tables()["limits"]
    with opened(path) as stream:
        source = _Source(stream, limits["block_bytes"], limits["line_characters"])
        number, in_header = 0, True
        while block := source.take():
            if not in_header and b'"' not in block:
                yield Block(number + 1, block)
                number += _n_lines(block)
                continue
            lines = _Lines(source.lines_from(block, first=in_header), number)
            rows: list[Row] = []
            for row in _rows(lines, columns, in_header):
                rows.append(row)
                if source.at_end and lines.settled:
                    break
                if len(rows) == limits["batch_rows"]:
                    yield rows
                    rows = []
            number, in_header = lines.number, False
            if rows:
                yield rows


def rows_in(block: Block | list[Row], columns: Sequence[str]) -> Iterable[Row]:
    """Return the rows of a part of a file."""
    if isinstance(block, list):
        return block
    return _rows(_Lines(_lines(io.BytesIO(block.content), first=False), block.line - 1), columns, in_header=False)


class _Source:
    """A stream in blocks of whole lines; of a line over the limit only the start is kept."""

    def __init__(self, stream: IO[bytes], n_bytes: int, most: int) -> None:
        self._stream, self._n_bytes, self._most = stream, n_bytes, most
        self._rest = b""
        self.at_end = True

    def take(self) -> bytes:
        """Return the next block, empty at the end of the stream."""
        content = self._rest
        while more := self._stream.read(self._n_bytes):
            content += more
            end = content.rfind(b"\n") + 1
            if end:
                self._rest = content[end:]
                return content[:end]
            if len(content) > self._most:
                return self._long(content)
        self._rest = b""
        return content

    def _long(self, content: bytes) -> bytes:
        """Return the start of a line over the limit, and pass over the rest of it."""
        while more := self._stream.read(self._n_bytes):
            end = more.find(b"\n") + 1
            if end:
                self._rest = more[end:]
                break
        else:
            self._rest = b""
        return content[:self._most] + b"\n"

    def lines_from(self, block: bytes, first: bool) -> Iterator[str]:
        """Yield the lines of a block and of those after it; `at_end` tells when the last of a block has gone."""
        while block:
            left = _n_lines(block)
            for line in _lines(io.BytesIO(block), first):
                left -= 1
                self.at_end = not left
                yield line
            first, block = False, self.take()


def _n_lines(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))


def _runs_on(row: Sequence[str], n_columns: int) -> bool:
    """Tell whether a line within a row is a whole row by itself, so that a mark too many must have taken it along.

    The last line of a row whose quoted cell is the first has all its other cells, so there it says nothing.
    """
    n_cells = [len(next(csv.reader([line]), ())) for line in row]
    others = n_cells[1:] if n_cells[0] > 1 else n_cells[1:-1]
    return n_columns > 1 and n_columns in others


def _checked(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    if len(row) != len(columns):
        _check_lengths(row)
        raise RowError(Code.CELL_COUNT, "", f"has {len(row)} cells, the header {len(columns)}")
    return checked_cells(zip(columns, row, strict=True))


def _check_lengths(row: Sequence[str]) -> None:
    """Raise for a cell over the limit: how long one may be to be split at all is a setting of the whole process."""
    most = tables()["limits"]["cell_characters"]
    if any(len(cell) > most for cell in row):
        raise RowError(Code.CELL_TOO_LONG, "", f"has a cell of more than {most:,} characters")


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
        if cell[0].isalnum() and len(cell) <= most and cell.isascii():  # no sign of a formula, no bytes to look into
            cells[column] = cell.strip()
            continue
        if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
            raise RowError(Code.NOT_UTF8, column, "is not UTF-8")
        if len(cell) > most:
            raise RowError(Code.CELL_TOO_LONG, column, f"is longer than {most:,} characters")
        check_formula(column, cell)
        if bare := cell.strip():
            cells[column] = bare
    return cells
