"""A folder of results: one JSON file, and every figure as PNG and SVG."""

import errno
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import write_bytes
from skyshield.report.drawing import drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 150
_WITHOUT_DATES: dict[str, dict[str, None]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}


def open_folder(out: Path) -> None:
    """Make a folder for results, or see that one that is there can be written to, before any time is spent.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is a file or lies under one, 3 if it may not be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise SkyShieldError(str(out), "is a file or lies under one", "name another folder") from None
    except OSError as error:
        raise machine_error(str(out), error) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise machine_error(str(out), PermissionError(errno.EACCES, "permission denied"))


def write_folder(out: Path, name: str, content: Mapping[str, Any], drawn: Mapping[str, "Figure"]) -> None:
    """Write results as JSON under a name, and each figure; every file whole or not at all."""
    write_bytes(out / name, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False).encode())
    with drawing():
        for key, figure in drawn.items():
            for kind, metadata in _WITHOUT_DATES.items():
                picture = io.BytesIO()
                figure.savefig(picture, format=kind, dpi=_DPI, metadata=metadata)
                write_bytes(out / f"{key}.{kind}", picture.getvalue())
