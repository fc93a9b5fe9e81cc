"""What the C library does with memory that is freed."""

import contextlib
import ctypes

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # of glibc's malloc.h
_ARENAS, _LARGE_BYTES = 2, 2**20


def give_back_what_is_freed() -> bool:
    """Have large arrays go back to the system as soon as they are freed; return whether the C library does so.

    Left to itself glibc takes the size of the largest array that was freed for the size of what to keep, in a pool for
    each thread: a study then needs 20 MB more than it ever uses. Other C libraries are left as they are.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            return bool(library.mallopt(_ARENA_MAX, _ARENAS) and library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES))
    return False
