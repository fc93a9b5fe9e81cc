"""A new folder that holds all of its content or nothing."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import sync_directory


@contextlib.contextmanager
def new_folder(folder: Path, mode: int = 0o777, last: str = "") -> Iterator[Path]:
    """Yield a temporary folder, whose content lies in `folder` when the block ends; nothing is left where it fails.

    A folder that is there and empty, such as the current one, one behind a link or a mounted volume, stays and is
    filled.

    Parameters
    ----------
    folder
        New or empty.
    mode
        Of a folder that is made.
    last
        The name that is moved last into a folder that was there: what tells that the rest is whole.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder is not empty or cannot be one, 3 if there is no room or permission.
    """
    where = str(folder)
    try:
        place = folder.resolve()
        there = place.exists()
        if there and (not place.is_dir() or any(place.iterdir())):
            raise SkyShieldError(where, "is not an empty folder", "name a new one")
    except OSError as error:
        raise machine_error(where, error) from None
    except (RuntimeError, ValueError):  # a link to itself, a zero byte
        raise SkyShieldError(where, "is no usable name of a folder", "name another one") from None
    temporary = (place if there else place.parent) / f".{place.name}.tmp-{os.getpid()}"
    try:
        temporary.mkdir(mode=mode, parents=True)
        yield temporary
        if there:
            for path in sorted(temporary.iterdir(), key=lambda path: path.name == last):
                path.replace(place / path.name)
            temporary.rmdir()
        else:
            temporary.replace(place)
        sync_directory(place if there else place.parent)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, OSError):
            raise machine_error(where, error) from None
        raise
