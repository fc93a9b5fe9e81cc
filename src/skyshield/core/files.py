"""The one door for files: read with limits, write all or nothing.

Reading refuses what is missing, a directory, empty, over its limit, binary or not UTF-8, each with
one line that says where, what and how to mend. YAML is read by the safe loader without anchors or
duplicate keys and with a depth limit. Writing goes to a name containing ``tmp``, is synced and
renamed, so a reader never sees half a file.
"""

import contextlib
import csv
import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from skyshield.core.errors import SkyShieldError, machine_error

MIB = 1 << 20
LIMIT_BYTES = 64 * MIB
LIMIT_ROWS = 1_000_000
LIMIT_CELL_CHARACTERS = 20_000
LIMIT_DEPTH = 20


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
    content = read_bytes(path, limit_bytes)
    if b"\0" in content:
        raise SkyShieldError(str(path), "is binary, not text", "give a text file in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SkyShieldError(f"{path}: line {line}", "is not UTF-8", "save the file as UTF-8") from None


def read_csv(path: str | os.PathLike[str], required: Sequence[str], limit_bytes: int = LIMIT_BYTES,
             limit_rows: int = LIMIT_ROWS) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield (line number, row) of a CSV file whose header holds the `required` columns."""
    text = read_text(path, limit_bytes)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None or not any(cell.strip() for cell in header):
            raise SkyShieldError(str(path), "has no header", f"the first line must name: {', '.join(required)}")
        missing = [name for name in required if name not in header]
        if missing:
            raise SkyShieldError(f"{path}: header", f"lacks the column {', '.join(repr(m) for m in missing)}",
                                 "add it, or check that the separator is a comma")
        if len(set(header)) != len(header):
            raise SkyShieldError(f"{path}: header", "names a column twice", "keep one of them")
        for count, row in enumerate(reader, start=1):
            line = reader.line_num
            if not row:
                continue
            if count > limit_rows:
                raise SkyShieldError(str(path), f"has more than {limit_rows:,} rows", "give a smaller file")
            if len(row) != len(header):
                raise SkyShieldError(f"{path}: line {line}", f"has {len(row)} cells, the header {len(header)}",
                                     "mend the line")
            for name, cell in zip(header, row, strict=True):
                if len(cell) > LIMIT_CELL_CHARACTERS:
                    raise SkyShieldError(f"{path}: line {line}: {name}",
                                         f"is longer than {LIMIT_CELL_CHARACTERS:,} characters", "shorten the cell")
            yield line, dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise SkyShieldError(f"{path}: line {reader.line_num}", f"is not CSV ({error})", "mend the line") from None


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
        place = f"{where}: line {mark.line + 1}" if mark is not None else where
        problem = ", ".join(part for part in (error.context, error.problem) if part) or "is not YAML"
        mend = "only plain values, lists and mappings are read" if "tag" in problem else "mend the YAML"
        raise SkyShieldError(place, problem, mend) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SkyShieldError(where, f"is not YAML ({error})", "mend the YAML") from None


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
