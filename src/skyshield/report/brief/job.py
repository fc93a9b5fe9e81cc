"""One brief from the request to the file: what cannot be is refused first, then all is made, then written."""

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import write_bytes
from skyshield.report.brief.document import Brief, traced_in
from skyshield.report.brief.language import Language
from skyshield.report.brief.make import brief
from skyshield.report.brief.page import html
from skyshield.report.brief.typeset import pdf, png
from skyshield.report.export.job import is_of_study, is_open
from skyshield.study.view import StudyView

NAME = "brief"
FORMATS: Mapping[str, Callable[[Brief], bytes]] = {"html": html, "pdf": pdf, "png": png}


@dataclass(frozen=True)
class Written:
    """A brief that was written.

    Attributes
    ----------
    path
        Where.
    study_key, marks
        Of the study, and what must be said of it.
    trace
        Every number in it, and every name that holds one, with its source.
    """

    path: Path
    study_key: str
    marks: tuple[str, ...]
    trace: tuple[dict[str, Any], ...]


def write_brief(folder: Path, kind: str, language: str = "en", out: Path | None = None) -> Written:
    """Write the brief of a stored study.

    Parameters
    ----------
    folder
        The study's.
    kind
        ``html``, ``pdf`` or ``png``.
    language
        ``en`` or ``uk``.
    out
        The file; ``brief`` with the ending of the format in the study's folder if not given. A file there is replaced.

    Raises
    ------
    SkyShieldError
        Exit code 2 for what cannot be, 3 for the machine; nothing is written then.
    """
    if kind not in FORMATS:
        raise SkyShieldError("--format", f"there is no format {kind!r}", f"use one of {', '.join(FORMATS)}")
    Language(language)
    view = StudyView.open(folder)
    place = folder / f"{NAME}.{kind}" if out is None else out
    check_place(folder, place, kind)
    made = brief(view, language)
    content = FORMATS[kind](made)
    write_bytes(place, content)
    return Written(place, str(view.manifest["study_key"]), tuple(mark.text for mark in made.marks),
                   tuple(one.plain() for one in traced_in(made) if any(map(str.isdigit, one.text))))


def check_place(folder: Path, out: Path, kind: str) -> None:
    """See that a brief may be written where it is asked for, before any time is spent.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the place is a folder, lies in none, is the study's own, has another ending or is open in another
        program; 3 if it may not be written.
    """
    where = str(out)
    try:
        if out.suffix != f".{kind}":
            raise SkyShieldError(where, f"does not end in .{kind}", "give the file that ending, or another --format")
        if out.is_dir():
            raise SkyShieldError(where, "is a folder, not a file", "name a file in it")
        if not out.parent.is_dir():
            raise SkyShieldError(where, "there is no such folder", "make it first or name another place")
        if is_of_study(folder, out):
            raise SkyShieldError(where, "is a file of the study itself", "choose another name")
        there = out.exists()
    except OSError as error:
        raise machine_error(where, error) from None
    if is_open(out):
        raise SkyShieldError(where, "is open in another program", "close it there, or choose another name")
    if not os.access(out.parent, os.W_OK | os.X_OK) or (there and not os.access(out, os.W_OK)):
        raise machine_error(where, PermissionError(errno.EACCES, "permission denied"))
