"""One export from the request to the files: what cannot be is refused first, then all is made, then written."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import write_bytes
from skyshield.report.export.formats import FORMATS, Order, format_of, with_template
from skyshield.report.export.package import DESCRIPTOR, check_name
from skyshield.report.export.template import read_template
from skyshield.study import store
from skyshield.study.view import StudyView

_OWN_FOLDERS = (store.SHARDS, store.DAYS)
_LOCKS = (".~lock.{name}#", "~${name}", "~${short}")  # of LibreOffice and Office, which cuts two letters off


def export(folder: Path, out: Path, to: str | None = None, template: Path | None = None,
           force: bool = False) -> tuple[StudyView, list[Path]]:
    """Export a stored study.

    Parameters
    ----------
    folder
        The study's.
    out
        The file; its ending names the format.
    to
        The option that differences are taken to; the baseline if not given.
    template
        The user's own document or presentation.
    force
        Replace the file if it is there.

    Returns
    -------
    StudyView, list of Path
        The study, and the files written, the named one first.

    Raises
    ------
    SkyShieldError
        Exit code 2 for what cannot be, 3 for the machine; nothing is written then.
    """
    kind = format_of(out)
    one = FORMATS[kind]
    if template is not None and one.template is None:
        raise SkyShieldError("--template", f"is given for .{kind}, which takes none",
                             f"leave it out, or write {with_template()}")
    check_place(folder, out, force)
    if one.described:
        check_name(out.parent, out.name)
    given = None if template is None or one.template is None else read_template(template, one.template)
    view = StudyView.open(folder, to)
    made = one.write(Order(view, out, given))
    for name in made:
        if name not in (out.name, DESCRIPTOR):
            check_place(folder, out.parent / name, force)
    write_together({out.parent / name: content for name, content in made.items()})
    return view, [out.parent / name for name in made]


def check_place(folder: Path, out: Path, force: bool) -> None:
    """See that a file may be written where it is asked for, before any time is spent.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is a folder, lies in none, is a file of the study, is there already or is open in another
        program; 3 if it may not be written.
    """
    where = str(out)
    try:
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
    if there and not force:
        raise SkyShieldError(where, "exists already", "choose another name, or add --force to replace it")
    if not os.access(out.parent, os.W_OK | os.X_OK) or (there and not os.access(out, os.W_OK)):
        raise machine_error(where, PermissionError(errno.EACCES, "permission denied"))


def is_of_study(folder: Path, out: Path) -> bool:
    """Say whether a path is one that a study keeps a file of its own under."""
    try:
        inside = out.resolve().relative_to(folder.resolve())
    except ValueError:
        return False
    return inside.parts[0] in (*store.OWN_FILES, *_OWN_FOLDERS)


def is_open(out: Path) -> bool:
    """Say whether an office program has marked a file as open."""
    return any((out.parent / lock.format(name=out.name, short=out.name[2:])).exists() for lock in _LOCKS)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the disk is full or a place may not be written to; no file has changed then.
    """
    waiting = {path: path.with_name(f".{path.name}.tmp-{os.getpid()}-whole") for path in files}
    try:
        for path, content in files.items():
            try:
                write_bytes(waiting[path], content)
            except SkyShieldError as error:
                raise SkyShieldError(str(path), error.what, error.remedy, error.exit_code) from None
        for path, whole in waiting.items():
            try:
                whole.replace(path)
            except OSError as error:
                raise machine_error(str(path), error) from None
    finally:
        for whole in waiting.values():
            whole.unlink(missing_ok=True)
