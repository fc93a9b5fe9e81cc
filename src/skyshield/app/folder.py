"""The folder of the application: studies and scenarios of its user, each found by its name in a listing.

No path is ever made of what a request says: a study is one of the folders that lie here and hold our manifest, a
scenario one of the YAML files. Links are not followed.
"""

import contextlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from skyshield.core.errors import MACHINE, SkyShieldError, machine_error
from skyshield.core.files import read_bytes, write_bytes
from skyshield.scenario import Scenario, load
from skyshield.scenario.load import library
from skyshield.study import store

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
ENDING = ".yaml"
TWIN = ".json"  # of the address of a page, where its plain data stand
_LONGEST = 200
SCENARIO_BYTES = 4 * 2**20


def default_folder() -> Path:
    """Return the user's data folder."""
    from platformdirs import user_data_path

    return Path(user_data_path("skyshield"))


class Folder:
    """A folder that one server has for itself; close it, or use it in a ``with`` block.

    Raises
    ------
    SkyShieldError
        If it is a file or in use (exit code 2), or cannot be made or written to (3).
    """

    def __init__(self, path: Path) -> None:
        try:
            self.path = path.absolute()
            path.mkdir(parents=True, exist_ok=True)
            holds_study = (path / store.MANIFEST).exists()
        except (FileExistsError, NotADirectoryError):
            raise SkyShieldError(str(path), "is a file or lies under one", "name another folder") from None
        except ValueError:
            raise SkyShieldError(str(path), "is not a usable file name", "name another folder") from None
        except OSError as error:
            raise machine_error(str(path), error) from None
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise SkyShieldError(str(path), "may not be written to", "name a folder of yours", MACHINE)
        if holds_study:
            raise SkyShieldError(str(path), "is itself a study", "name the folder that holds it")
        try:
            self._lock = store.lock(path)
        except SkyShieldError as error:
            if error.exit_code == MACHINE:
                raise
            raise SkyShieldError(str(path), "is in use by another server of the application",
                                 "use the one that runs, or name another folder") from None

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others have the folder."""
        with contextlib.suppress(OSError):
            os.close(self._lock)

    def studies(self) -> dict[str, Path]:
        """Return the studies that lie here, whole or not, by their ids, which are their folders' names.

        What is a link, or holds one, is none: nothing outside the folder is shown.
        """
        return dict(sorted((entry.name, Path(entry.path)) for entry in _entries(self.path)
                           if _is_id(entry.name) and entry.is_dir(follow_symlinks=False)
                           and _is_study(Path(entry.path))))

    def study(self, name: str) -> Path:
        """Return a study's folder.

        Raises
        ------
        SkyShieldError
            If there is none of that id.
        """
        found = self.studies().get(name)
        if found is None:
            raise UnknownError(f"study {name!r}", "is not in the folder", "choose one from /api/studies")
        return found

    def free_study(self, stem: str, taken: Collection[str] = ()) -> str:
        """Return an id for a new study, of which there is none yet; `taken` are those of studies that are to come."""
        names = {entry.name for entry in _entries(self.path)} | {*taken}
        return next(name for k in range(1, len(names) + 2)
                    if (name := stem if k == 1 else f"{stem}-{k}") not in names)

    def scenarios(self) -> dict[str, Path]:
        """Return the user's scenarios by name."""
        return dict(sorted((name, Path(entry.path)) for entry in _entries(self.path)
                           if entry.name.endswith(ENDING) and entry.is_file(follow_symlinks=False)
                           and NAME.fullmatch(name := entry.name.removesuffix(ENDING))))

    def scenario(self, name: str) -> Scenario:
        """Load a shipped scenario, or one of the user's.

        Raises
        ------
        SkyShieldError
            If there is none of that name, or it cannot be read.
        """
        if name in library():
            return load(name)
        return load(self._scenario_path(name))

    def scenario_text(self, name: str) -> str:
        """Return the YAML of a shipped scenario, or of one of the user's."""
        from skyshield.scenario.load import LIBRARY

        path = LIBRARY / f"{name}{ENDING}" if name in library() else self._scenario_path(name)
        return read_bytes(path, SCENARIO_BYTES).decode("utf-8", "replace")

    def _scenario_path(self, name: str) -> Path:
        path = self.scenarios().get(name)
        if path is None:
            raise UnknownError(f"scenario {name!r}", "is neither shipped nor in the folder",
                               f"choose from {', '.join([*library(), *self.scenarios()])}")
        return path

    def keep_scenario(self, name: str, text: bytes) -> bool:
        """Write a scenario of the user's, which has been checked; return whether it is new.

        Raises
        ------
        SkyShieldError
            If it may not have that name, or the disk is full.
        """
        check_name(name)
        new = name not in self.scenarios()
        target = self.path / f"{name}{ENDING}"
        if new and os.path.lexists(target):
            raise SkyShieldError(f"name {name!r}", "is taken by something that is no scenario", "choose another")
        write_bytes(target, text)
        return new


def check_name(name: str) -> None:
    """Refuse a name that no scenario of the user's may have."""
    if not NAME.fullmatch(name):
        raise SkyShieldError(f"name {name!r}", "is no name of a scenario",
                             "use small letters, digits, - and _, at most 64, and begin with a letter or digit")
    if name in library():
        raise SkyShieldError(f"name {name!r}", "is a shipped scenario's", "choose another")


class UnknownError(SkyShieldError):
    """A name that nothing here has."""


class BusyError(SkyShieldError):
    """Something that cannot be done while something else goes on."""


def _entries(path: Path) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(path) as entries:
            yield from entries
    except OSError as error:
        raise machine_error(str(path), error) from None


def _is_id(name: str) -> bool:
    """Say whether a folder's name can stand in an address and on a page."""
    return (name.isprintable() and not name.startswith((".", "~")) and not name.endswith(TWIN)
            and len(name) <= _LONGEST)


def _is_study(path: Path) -> bool:
    try:
        with os.scandir(path) as entries:
            found = {entry.name: entry.is_symlink() for entry in entries}
    except OSError:  # it may not be read, or is gone meanwhile
        return False
    return store.MANIFEST in found and not any(found.values())
