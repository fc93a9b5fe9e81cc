"""Two processes of a test run do not compile the same kernel: one does, the other waits and reads what was kept."""

import fcntl
import threading
from pathlib import Path
from typing import Any

from skyshield.core import jit


def compile_once() -> None:
    """Let this process wait, before it compiles a kernel, for any other that is at a kernel of the same file."""
    compile_here, under_way = jit._Compiled.compile, threading.local()

    def compile_alone(self: Any, sig: Any) -> Any:
        if getattr(under_way, "yes", False):  # a kernel that another one makes
            return compile_here(self, sig)
        with Path(self.py_func.__code__.co_filename).open() as source:
            fcntl.flock(source, fcntl.LOCK_EX)
            under_way.yes = True
            try:
                return compile_here(self, sig)
            finally:
                under_way.yes = False

    jit._Compiled.compile = compile_alone  # type: ignore[method-assign]


QUIET = tuple(f"/{place}/" for top in ("tests/unit", "src/skyshield") for place in (
    f"{top}/{room}" for room in ("core", "catalogue", "theatre", "record", "rules", "scenario")))


def plays(path: Path) -> bool:
    """Return whether a file may hold tests that need the engine's kernels."""
    return not any(place in path.as_posix() for place in QUIET)
