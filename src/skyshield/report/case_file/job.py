"""One case from the request to the folder: what cannot be is refused first, then the ledger, then the folder."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import read_bytes, read_json, sync_directory
from skyshield.monitoring.commission.file import case_file
from skyshield.monitoring.commission.steps import Step, read_steps
from skyshield.monitoring.commission.take import find, take
from skyshield.monitoring.commission.watched import watched
from skyshield.report.case_file.page import html

JSON, PAGE, CHECK = "case.json", "case.html", "check_proofs.py"


@dataclass(frozen=True)
class Written:
    """A folder that was written: what ``case.json`` holds, and how many entries of the ledger are new."""

    content: dict[str, Any]
    new: int


def write_case(folder: Path, event: str, out: Path, now_s: float, steps: Path | None = None) -> Written:
    """Open a case or take its next steps, and write its folder.

    Parameters
    ----------
    folder
        The ledger.
    event
        The event's id.
    out
        A new or empty folder, or the one of the same case, which is replaced.
    now_s
        Seconds since 1970 UTC.
    steps
        A file of steps to take.

    Raises
    ------
    SkyShieldError
        Exit code 2 for what cannot be, 3 for the machine. The ledger has all steps or none; the folder is whole or not
        there.
    """
    asked: tuple[Step, ...] = () if steps is None else read_steps(steps, now_s)
    _check_place(folder, out, event)
    seen = watched(folder)
    find(seen, event)
    temporary = out.with_name(f".{out.name}.tmp-{os.getpid()}")
    try:
        temporary.mkdir()
        new = take(folder, event, seen, asked, now_s)
        made = case_file(folder, event, seen)
        text = json.dumps(made.content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        files = {**made.files, JSON: text.encode(), PAGE: html(made.content),
                 CHECK: read_bytes(Path(__file__).with_name(CHECK))}
        for name, content in files.items():
            (temporary / name).parent.mkdir(exist_ok=True)
            (temporary / name).write_bytes(content)
        if out.exists():
            shutil.rmtree(out)
        temporary.replace(out)
    except OSError as error:
        raise machine_error(str(out), error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_directory(out.parent)
    return Written(made.content, new)


def _check_place(folder: Path, out: Path, event: str) -> None:
    """Refuse a place that is a file, holds anything else, or lies in the ledger's folder."""
    try:
        if not out.absolute().parent.is_dir():
            raise SkyShieldError(str(out), "there is no such folder above it", "make it first or name another place")
        if out.absolute().resolve().is_relative_to(folder.absolute().resolve()):
            raise SkyShieldError(str(out), "lies in the ledger's folder", "name a folder elsewhere")
        if not out.exists():
            return
        if not out.is_dir():
            raise SkyShieldError(str(out), "is no folder", "name a new one")
        if not any(out.iterdir()):
            return
        held = read_json(out / JSON) if (out / JSON).is_file() else None
    except OSError as error:
        raise machine_error(str(out), error) from None
    if not isinstance(held, dict) or held.get("case") != event:
        raise SkyShieldError(str(out), "holds other files", "name a new folder, or the one of the same case")
