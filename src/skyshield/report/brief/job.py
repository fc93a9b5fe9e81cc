"""One brief from the request to the file: what cannot be is refused first, then all is made, then written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import write_bytes
from skyshield.report.brief.document import Brief, traced_in
from skyshield.report.brief.language import Language
from skyshield.report.brief.make import brief
from skyshield.report.brief.page import html
from skyshield.report.brief.typeset import pdf, png
from skyshield.report.export.job import check_place
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
    if place.suffix != f".{kind}":
        raise SkyShieldError(str(place), f"does not end in .{kind}", "give the file that ending, or another --format")
    check_place(folder, place, force=True)
    made = brief(view, language)
    content = FORMATS[kind](made)
    write_bytes(place, content)
    return Written(place, str(view.manifest["study_key"]), tuple(mark.text for mark in made.marks),
                   tuple(one.plain() for one in traced_in(made) if any(map(str.isdigit, one.text))))
