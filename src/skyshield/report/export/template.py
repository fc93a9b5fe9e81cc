"""The user's own template: an Office file read with limits, and refused in one line if it is none."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import MIB, read_bytes
from skyshield.report.export.archive import archive

Opened = TypeVar("Opened")
_TYPES = "[Content_Types].xml"
_MOST_UNPACKED = 256 * MIB
_MOST_MEMBERS = 10_000


@dataclass(frozen=True)
class TemplateKind:
    """A kind of Office file.

    Attributes
    ----------
    what
        What it is, in words.
    ending
        Its ending.
    main
        Content type of its main part.
    template
        Content type of the main part of a file saved as a template, which is read as one of `main`.
    """

    what: str
    ending: str
    main: bytes
    template: bytes


_OFFICE = b"application/vnd.openxmlformats-officedocument."
DOCUMENT = TemplateKind("a Word document", ".docx", _OFFICE + b"wordprocessingml.document.main+xml",
                        _OFFICE + b"wordprocessingml.template.main+xml")
PRESENTATION = TemplateKind("a PowerPoint presentation", ".pptx", _OFFICE + b"presentationml.presentation.main+xml",
                            _OFFICE + b"presentationml.template.main+xml")


def read_template(path: Path, kind: TemplateKind) -> bytes:
    """Return a template of a kind.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is missing, no Office file, or one of another kind; 3 if it may not be read.
    """
    where, content = str(path), read_bytes(path)
    remedy = f"save it as {kind.ending} and name that file"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _MOST_UNPACKED:
                raise SkyShieldError(where, f"unpacks to more than {_MOST_UNPACKED / MIB:g} MiB", "give a smaller file")
            types = packed.read(_TYPES)
            if kind.template in types:
                content = archive([(one.filename, packed.read(one)) for one in members])
                content = _as_main(content, kind)
            elif kind.main not in types:
                raise SkyShieldError(where, f"is {_what(types)}, not {kind.what}", remedy)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError):
        raise SkyShieldError(where, f"is not {kind.what}", remedy) from None
    return content


def _what(types: bytes) -> str:
    """Return what an Office file of other content types is."""
    other = next((kind.what for kind in (DOCUMENT, PRESENTATION) if kind.main in types or kind.template in types), None)
    return other or "another kind of file"


def _as_main(content: bytes, kind: TemplateKind) -> bytes:
    """Return a file saved as a template as one that is opened as a document."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return archive([(name, packed.read(name).replace(kind.template, kind.main) if name == _TYPES
                         else packed.read(name)) for name in packed.namelist()])


def opened(library: Callable[[io.BytesIO], Opened], content: bytes, kind: TemplateKind) -> Opened:
    """Return a template as its library opens it.

    Raises
    ------
    SkyShieldError
        If the library cannot.
    """
    try:
        return library(io.BytesIO(content))
    except Exception:  # whatever a library says of a damaged file  # noqa: BLE001
        raise SkyShieldError("--template", f"is a damaged file, not {kind.what}",
                             f"save it as {kind.ending} again") from None
