"""The one door for files: read with limits, write all or nothing.

Reading refuses what is missing, a directory, empty, over its limit, binary or not UTF-8, each with
one line that says where, what and how to mend. YAML is read by the safe loader without anchors or
duplicate keys and with a depth limit. Writing goes to a name containing ``tmp``, is synced and
renamed, so a reader never sees half a file.
"""

import codecs
import contextlib
import csv
import difflib
import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.yaml_faults import TAB as _TAB
from skyshield.core.yaml_faults import yaml_fault

MIB = 1 << 20
LIMIT_BYTES = 64 * MIB
LIMIT_ROWS = 1_000_000
LIMIT_CELL_CHARACTERS = 20_000
LIMIT_DEPTH = 20
_GZIP = b"\x1f\x8b"


def read_bytes(path: str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Read a whole regular file of at most `limit_bytes`.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is missing, a directory, empty or too large; 3 if it may not be read.
    """
    where = str(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(limit_bytes + 1)
    except FileNotFoundError:
        raise SkyShieldError(where, "no such file", "check the path") from None
    except IsADirectoryError:
        raise SkyShieldError(where, "is a directory, not a file", "name a file") from None
    except (NotADirectoryError, ValueError):
        raise SkyShieldError(where, "is not a usable file name", "check the path") from None
    except PermissionError as error:
        raise machine_error(where, error, "ask for the right to read it") from None
    except OSError as error:
        raise machine_error(where, error) from None
    if len(content) > limit_bytes:
        raise SkyShieldError(where, f"is over the limit of {limit_bytes / MIB:g} MiB", "give a smaller file")
    if not content:
        raise SkyShieldError(where, "is empty", "give a file with content")
    return content


def read_text(path: str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> str:
    """Read a UTF-8 text file (a byte-order mark is allowed) within its limit."""
    return decoded(read_bytes(path, limit_bytes), str(path))


def unpacked(content: bytes, where: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Return the bytes of a file, unpacked within the limit if they are a gzip package.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the package is broken or unpacks to more than the limit.

    Examples
    --------
    >>> unpacked(gzip.compress(b"a,b"), "example.csv.gz"), unpacked(b"a,b", "example.csv")
    (b'a,b', b'a,b')
    """
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            content = stream.read(limit_bytes + 1)
    except (OSError, EOFError, zlib.error):
        raise SkyShieldError(where, "is a broken gzip file", "fetch it again") from None
    if len(content) > limit_bytes:
        raise SkyShieldError(where, f"unpacks to more than {limit_bytes / MIB:g} MiB", "give a smaller file")
    return content


def decoded(content: bytes, where: str) -> str:
    """Return UTF-8 bytes as text, a byte-order mark left out.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the bytes are binary or in another encoding.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SkyShieldError(where, "is UTF-16, not UTF-8", "save the file as UTF-8")
    if b"\0" in content:
        raise SkyShieldError(where, "is binary, not text", "give a text file in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SkyShieldError(f"{where}: line {line}", "is not UTF-8", "save the file as UTF-8") from None


@dataclass(frozen=True)
class CsvTable:
    """A CSV file opened once.

    Attributes
    ----------
    columns
        Names of the header in order: trimmed, in small letters, inner spaces as underscores; ``""`` where a column
        has no name.
    sha256
        Of the bytes parsed (unpacked, if the file was a gzip package).
    rows
        Yields (line number, cells by column), once; a cell is as written, or empty if it stands for no value. Rows
        without any value, as spreadsheets leave them below a table, are passed over.
    """

    columns: tuple[str, ...]
    sha256: str
    rows: Iterator[tuple[int, dict[str, str]]]


def read_csv(path: str | os.PathLike[str], required: Sequence[str], missing: Collection[str] = (),
             limit_bytes: int = LIMIT_BYTES, limit_rows: int = LIMIT_ROWS) -> CsvTable:
    r"""Open a CSV file once and check its header.

    Parameters
    ----------
    path
        A UTF-8 file, plain or packed with gzip, or a pipe.
    required
        Columns that the header must hold, in small letters with underscores; ``region|oblast`` is one of the two.
    missing
        Words that stand for no value, such as ``na``, in small letters.
    limit_bytes, limit_rows
        Refuse more than that.

    Returns
    -------
    CsvTable

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file cannot be read or its header lacks a column, 3 if the machine refuses. As rows are
        read: exit code 2 with file and line for too many or too few cells, a cell under a column without a name, a
        cell or a table over its limit, what is not CSV.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "x.csv")
    ...     _ = file.write_text("Time Start ,Launched,,\n2031-05-01,NA,,\n,,,\n")
    ...     table = read_csv(file, ["launched"], missing=["na"])
    ...     table.columns, list(table.rows)
    (('time_start', 'launched', '', ''), [(2, {'time_start': '2031-05-01', 'launched': ''})])
    """
    where = str(path)
    content = unpacked(read_bytes(path, limit_bytes), where, limit_bytes)
    text = decoded(content, where)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next((row for row in reader if any(cell.strip() for cell in row)), None)
    except csv.Error as error:
        raise SkyShieldError(f"{where}: line {reader.line_num}", f"is not CSV ({error})", "mend the line") from None
    columns = tuple(map(_column, header or ()))
    _check_header(where, header or (), columns, required)
    rows = _csv_rows(reader, where, columns, frozenset(missing), limit_rows)
    return CsvTable(columns, hashlib.sha256(content).hexdigest(), rows)


def _csv_rows(reader: Any, where: str, columns: tuple[str, ...], missing: frozenset[str],
              limit_rows: int) -> Iterator[tuple[int, dict[str, str]]]:
    named = len(columns)
    while not columns[named - 1]:
        named -= 1
    try:
        for count, row in enumerate(reader, start=1):
            line = reader.line_num
            if count > limit_rows:
                raise SkyShieldError(where, f"has more than {limit_rows:,} rows", "give a smaller file")
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < named or any(cell.strip() for cell in row[len(columns):]):
                raise SkyShieldError(f"{where}: line {line}", f"has {len(row)} cells, the header {named}",
                                     "mend the line")
            yield line, _cells(f"{where}: line {line}", columns, row, missing)
    except csv.Error as error:
        raise SkyShieldError(f"{where}: line {reader.line_num}", f"is not CSV ({error})", "mend the line") from None


def _cells(where: str, columns: tuple[str, ...], row: list[str], missing: frozenset[str]) -> dict[str, str]:
    cells = {}
    for place, (name, cell) in enumerate(zip(columns, row, strict=False)):
        if len(cell) > LIMIT_CELL_CHARACTERS:
            raise SkyShieldError(f"{where}: {name}", f"is longer than {LIMIT_CELL_CHARACTERS:,} characters",
                                 "shorten the cell")
        if name:
            cells[name] = "" if cell.strip().casefold() in missing else cell
        elif cell.strip() and not (place == 0 and cell.strip().isdecimal()):  # the index that pandas writes
            raise SkyShieldError(where, f"has {cell.strip()[:40]!r} under a column without a name",
                                 "name the column or empty the cell")
    return cells


def _column(cell: str) -> str:
    """Return a name of the header as it is compared."""
    return "_".join(cell.casefold().split())


def _check_header(where: str, header: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> None:
    named = [name for name in columns if name]
    if not named:
        raise SkyShieldError(where, "has no header",
                             f"the first line must name: {', '.join(required).replace('|', ' or ')}")
    lacking = [name for name in required if not set(name.split("|")) & set(named)]
    if lacking:
        absent = ", ".join(" or ".join(map(repr, name.split("|"))) for name in lacking)
        raise SkyShieldError(f"{where}: header", f"lacks the column {absent}", _header_remedy(header, named, lacking))
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise SkyShieldError(f"{where}: header", f"names a column twice ({twice!r})", "keep one of them")


def _header_remedy(header: Sequence[str], named: Sequence[str], lacking: Sequence[str]) -> str:
    """Say how to mend a header: another separator, a name nearly right, or what is missing."""
    for separator, what in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            return f"check that the separator is a comma, the cells stand between {what}"
    near = [f"{match[0]!r} to {name!r}" for name in lacking if (match := difflib.get_close_matches(name, named, n=1))]
    return f"rename {', '.join(near)}" if near else "add it, or check that the separator is a comma"


class _Strict(yaml.constructor.SafeConstructor):
    """Build only plain values; refuse duplicate keys; tell the line of what cannot be."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Name the line of a date or number that cannot be."""
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(None, None, f"holds an impossible value ({error})",
                                                    node.start_mark) from None

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a key given twice, and one that is not text."""
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"has the key {key!r}, which is not text",
                                                        key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"names {key!r} twice", key_node.start_mark)
            seen.add(key)
        content: dict[Any, Any] = super().construct_mapping(node, deep)
        return content


class _StrictLoader(_Strict, yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """The strict safe loader, libyaml's where there is one."""


def _check_events(text: str) -> None:
    """Refuse aliases and deep nesting before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_StrictLoader):
        problem = None
        if isinstance(event, yaml.AliasEvent):
            problem = "uses an alias, which is not allowed"
        elif isinstance(event, yaml.NodeEvent) and depth >= LIMIT_DEPTH:
            problem = f"is nested deeper than {LIMIT_DEPTH} levels"
        if problem is not None:
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)  # type: ignore[arg-type]
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)


def _after_a_tab(text: str, mark: yaml.Mark | None) -> bool:
    """Return whether a line has a tab up to where the reader stopped, which it tells of no other character apart."""
    lines = text.split("\n")
    return mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][:mark.column + 1]


def parse_yaml(text: str, where: str) -> Any:
    """Parse one YAML document by the safe, strict loader.

    Examples
    --------
    >>> parse_yaml("days: 30", "example.yaml")
    {'days': 30}
    """
    try:
        _check_events(text)
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader subclass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{where}: line {mark.line + 1}, column {mark.column + 1}" if mark is not None else where
        problem = ", ".join(part for part in (error.context, error.problem) if part) or "is not YAML"
        opened = None if error.context_mark is None else error.context_mark.line + 1
        raise SkyShieldError(place, *yaml_fault(_TAB if _after_a_tab(text, mark) else problem, opened)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SkyShieldError(where, f"is not YAML ({error})", "remove what is no plain text from the file") from None


def read_yaml(path: str | os.PathLike[str], limit_bytes: int = 4 * MIB) -> Any:
    """Read one YAML document by the safe, strict loader."""
    return parse_yaml(read_text(path, limit_bytes), str(path))


def read_json(path: str | os.PathLike[str], limit_bytes: int = LIMIT_BYTES) -> Any:
    """Read one JSON document, refusing NaN and infinities."""
    def refuse(constant: str) -> None:
        raise ValueError(f"holds {constant}")

    try:
        return json.loads(read_text(path, limit_bytes), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise SkyShieldError(str(path), f"is not JSON ({error})", "mend the file") from None


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file all or nothing: temporary name, sync, rename.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no such folder, 3 if the disk is full or the place may not be written to; nothing
        is left behind.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.tmp-{os.getpid()}")
    try:
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        sync_directory(target.parent)
    except (FileNotFoundError, NotADirectoryError):
        raise SkyShieldError(str(path), "there is no such folder", "make it first or name another place") from None
    except IsADirectoryError:
        raise SkyShieldError(str(path), "is a directory, not a file", "name a file") from None
    except OSError as error:
        raise machine_error(str(path), error) from None


def sync_directory(path: str | os.PathLike[str]) -> None:
    """Make a rename durable where the system allows it."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
