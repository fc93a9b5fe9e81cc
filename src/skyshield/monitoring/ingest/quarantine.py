"""Rows that could not be taken in, kept with line, code and reason: one file of JSON lines for each file of intake."""

import contextlib
import glob
import json
import os
from collections.abc import Iterator
from pathlib import Path

from skyshield.core.errors import machine_error
from skyshield.core.files import sync_directory
from skyshield.monitoring.ingest.faults import RowError

FOLDER = "quarantine"
_NAME_CHARACTERS = 100
_OWNER_ONLY, _OWNER_ONLY_FOLDER = 0o600, 0o700


class Quarantine:
    """The quarantine of one file: written to a temporary name, and there under its own once the intake is done.

    Parameters
    ----------
    folder
        The folder of the ledger.
    path, tag
        The file taken in, and what the ledger's key makes of its hash (`Signer.tag`); both stand in the name, so that
        the same file has the same quarantine. The hash itself would give a name in a short file away by trying.
    """

    def __init__(self, folder: Path, path: Path, tag: str) -> None:
        name = f"{path.name[:_NAME_CHARACTERS]}.{tag}.jsonl"
        self.path = folder / FOLDER / name
        self._prefix = f".{name}.tmp-"
        self._temporary = self.path.with_name(f"{self._prefix}{os.getpid()}")
        self._handle: int | None = None

    def add(self, line: int, row: list[str], fault: RowError) -> None:
        """Keep a row, as it was written."""
        if self._handle is None:
            self.path.parent.mkdir(mode=_OWNER_ONLY_FOLDER, exist_ok=True)
            self._handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        content = {"line": line, "code": fault.code.value, "reason": fault.reason, "row": row}
        rest = json.dumps(content).encode() + b"\n"
        while rest:
            rest = rest[os.write(self._handle, rest):]

    def keep(self) -> None:
        """Give the file its name; without a row in it, remove what an earlier intake of the same file left.

        What an intake of it left that was killed goes in either case.
        """
        for left in self.path.parent.glob(f"{glob.escape(self._prefix)}*"):
            if not _runs(left.name.removeprefix(self._prefix)):
                left.unlink(missing_ok=True)
        if self._handle is None:
            self.path.unlink(missing_ok=True)
            return
        os.fsync(self._handle)
        os.close(self._handle)
        self._handle = None
        self._temporary.replace(self.path)
        sync_directory(self.path.parent)

    def drop(self) -> None:
        """Leave nothing behind of an intake that failed."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            self._temporary.unlink(missing_ok=True)


def _runs(process: str) -> bool:
    """Tell whether a process of this number runs."""
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except OSError:  # another user's
        return True
    return True


@contextlib.contextmanager
def quarantine(folder: Path, path: Path, tag: str) -> Iterator[Quarantine]:
    """Open the quarantine of a file; it is kept where the intake succeeds and dropped where it fails.

    Raises
    ------
    SkyShieldError
        Exit code 3 if it may not be written.
    """
    opened = Quarantine(folder, path, tag)
    try:
        yield opened
        opened.keep()
    except OSError as error:
        raise machine_error(str(opened.path), error) from None
    finally:
        opened.drop()
