"""The compiler, and the only file that imports numba.

`kernel` compiles a function without the interpreter lock (so a thread pool scales), without
``fastmath`` (so sums keep their order) and with a disk cache. It allocates no memory: numba's runtime
is off, the compiler refuses a function that would need it, and no array is counted in or out where a
kernel hands it to another. That counting, by atomic instructions on cache lines that threads share,
was 45% of the engine's time. A kernel is inlined where another calls it: else the hundred arrays of a
world would be copied to the stack for every call. `allocating_kernel` is for functions that make new
arrays.

Numba's own cache misses a change in a callee that lives in another file; therefore the cache folder is
named by the hash of every kernel source and of the versions of numba and numpy. A machine without a
writable cache folder compiles anew each time and says nothing: the results are the same.

Set ``NUMBA_DISABLE_JIT=1`` to run the same functions as plain Python.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parents[1]


def kernel_sources() -> list[Path]:
    """Return the files whose text decides what a kernel computes, in a fixed order."""
    rooms = [path for room in ("calibrate", "engine") for path in sorted((_PACKAGE / room).rglob("*.py"))]
    return [*(_PACKAGE / "core" / name for name in ("normal.py", "streams.py", "vocabulary.py")), *rooms]


def kernel_sha256() -> str:
    """Return the hash of the kernel sources; part of every study key.

    Examples
    --------
    >>> len(kernel_sha256())
    64
    """
    digest = hashlib.sha256()
    for path in kernel_sources():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _cache_folder() -> Path | None:
    from platformdirs import user_cache_path

    versions = f"{version('numba')} {version('numpy')} {sys.version_info[:3]}"
    how = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()  # how kernels are compiled, though not what they say
    name = hashlib.sha256(f"{kernel_sha256()} {how} {versions}".encode()).hexdigest()[:16]
    folder = user_cache_path("skyshield") / f"kernels-{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _compiler() -> Callable[..., Callable[[Callable[..., Any]], Any]]:
    folder = _cache_folder()
    if folder is not None:
        os.environ["NUMBA_CACHE_DIR"] = str(folder)
    from numba import njit

    return partial(cast("Callable[..., Callable[[Callable[..., Any]], Any]]", njit), nogil=True,
                   cache=folder is not None, no_cfunc_wrapper=True, fastmath=False, error_model="numpy")


_compile = _compiler()


def kernel(function: Function) -> Function:
    """Compile `function` to machine code that runs outside the interpreter lock and allocates nothing."""
    return cast("Function", _compile(_nrt=False, forceinline=True)(function))


def allocating_kernel(function: Function) -> Function:
    """Compile `function` likewise, but let it make new arrays."""
    return cast("Function", _compile()(function))
