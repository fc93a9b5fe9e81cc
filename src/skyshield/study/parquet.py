"""Parquet in and out through DuckDB, which moves bytes only.

Opening a DuckDB costs three times what writing a shard does, so one is kept for as long as a store is open.
It runs on one thread: the same columns give the same bytes. Ctrl-C waits until a file is whole: DuckDB swallows
an interrupt that reaches it and reports something else.
"""

import contextlib
import hashlib
import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.errors import MACHINE, SkyShieldError, machine_error
from skyshield.core.files import sync_directory

Columns = dict[str, npt.NDArray[Any]]


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put an interrupt from the keyboard off until the block is through."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if came:
            signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def _removed_unless_whole(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


class Parquet:
    """A writer and reader of Parquet files; close it, or use it as a context.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Parquet() as parquet:
    ...     digest = parquet.write(Path(folder) / "x.parquet", {"a": np.array([1.5, 2.5])})
    ...     parquet.read(Path(folder) / "x.parquet")["a"].tolist()
    [1.5, 2.5]
    """

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")

    def __enter__(self) -> "Parquet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def write(self, path: Path, columns: Columns) -> str:
        """Write columns of equal length, all or nothing; return the sha256 of the file.

        Raises
        ------
        SkyShieldError
            Exit code 3 if the disk is full or the place may not be written to; nothing is left behind.
        """
        import duckdb

        temporary = path.with_name(f".{path.name}.tmp-{os.getpid()}")
        target = str(temporary).replace("'", "''")
        try:
            with undisturbed(), _removed_unless_whole(temporary):
                frame = dict(columns)  # noqa: F841 - DuckDB finds it by its name
                self._connection.execute(  # the name is ours, its quotes are doubled; COPY takes no parameters
                    f"COPY (SELECT * FROM frame) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
                with temporary.open("rb+") as stream:
                    digest = hashlib.sha256(stream.read()).hexdigest()
                    os.fsync(stream.fileno())
                temporary.replace(path)
            sync_directory(path.parent)
        except duckdb.Error as error:
            full = "No space left" in str(error)
            raise SkyShieldError(str(path), "the disk is full" if full else f"cannot be written ({error})",
                                 "free some space and run the same command again" if full
                                 else "check the folder and run the same command again", MACHINE) from None
        except OSError as error:
            raise machine_error(str(path), error) from None
        return digest

    def read(self, path: Path, leave_out: str = "") -> Columns:
        """Read a file into columns, without those whose names a pattern of ours finds."""
        import duckdb

        plain = re.sub(r"([*?\[])", r"[\1]", str(path))  # DuckDB would take these for patterns
        try:
            with undisturbed():
                chosen = f"COLUMNS(lambda c: NOT regexp_matches(c, '{leave_out}'))" if leave_out else "*"
                result = self._connection.execute(f"SELECT {chosen} FROM read_parquet(?)",  # noqa: S608 - as above
                                                  [plain]).fetchnumpy()
        except duckdb.Error as error:
            raise SkyShieldError(str(path), f"cannot be read ({error})", "run the study again") from None
        return {name: np.asarray(values) for name, values in result.items()}
