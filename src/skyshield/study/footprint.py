"""Memory that a study does not need while it is played, given back.

Importing the compiler and the writer of Parquet, and loading kernels, brings 110 MB of machine code into memory, nearly
all of which is run once. Such a page is a page of its file: let go of, it is there again at the next call, without a
read while the system still has it. So are arrays that were freed, which the C library keeps for later. Nothing that is
computed depends on it.
"""

import ctypes
import functools
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_DONT_NEED = 4  # MADV_DONTNEED of Linux's mman-common.h
_EVERY_S = 1.0  # code that is run again has to be found again, which costs a small study more than it gives
_CODE = "r-xp"  # read and run, never written: no page of it differs from its file


def give_back() -> None:
    """Let go of libraries' code until it is run again, and of freed memory; on systems other than Linux do nothing.

    Examples
    --------
    >>> give_back()
    """
    if sys.platform != "linux":
        return
    library = _c_library()
    for first, after in _code_of_files(Path("/proc/self/maps").read_text("utf-8", "replace")):
        library.madvise(ctypes.c_void_p(first), ctypes.c_size_t(after - first), _DONT_NEED)
    if hasattr(library, "malloc_trim"):  # glibc has it, musl does not
        library.malloc_trim(ctypes.c_size_t(0))


class GivingBack:
    """Gives back whenever it is called, but not as soon again.

    Examples
    --------
    >>> giving_back = GivingBack()
    >>> giving_back(), giving_back()
    (True, False)
    """

    def __init__(self) -> None:
        self._last_s = -math.inf

    def __call__(self) -> bool:
        """Give back if that was a while ago; return whether it was done."""
        is_due = time.monotonic() - self._last_s >= _EVERY_S
        if is_due:
            give_back()
            self._last_s = time.monotonic()
        return is_due


@functools.cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _code_of_files(maps: str) -> Iterator[tuple[int, int]]:
    """Yield (first, after the last) address of what is mapped from files to be run (``/proc/PID/maps`` of proc(5))."""
    for line in maps.splitlines():
        place, rights, _, _, inode = line.split()[:5]
        if rights == _CODE and inode != "0":
            first, after = place.split("-")
            yield int(first, 16), int(after, 16)
