"""Many commands at the price of one start: a process that has all behind it that precedes a command forks for each.

Every command is still a process of its own, with its own standard streams, working directory and exit code, and can be
killed. `support.command_line` starts the installed command, which takes seconds longer to reach its first raid-day.
"""

import atexit
import functools
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from support import confined
from support.command_line import FIXED, two_options

PLAYING = ("run", "sensitivity", "explore", "backtest", "strategy", "feasible", "defence", "matrix")


class Forks:
    """Run commands by fork, one at a time; call it with the command's words."""

    def __init__(self) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="forks-"))
        self._scenario = self._place / "first.yaml"
        self._scenario.write_text(f"{two_options()}\nassumptions: {json.dumps(FIXED)}\n", "utf-8")
        self._server = subprocess.Popen([sys.executable, str(Path(__file__).with_name("fork_server.py"))], bufsize=0,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        self._fork(words, cwd)
        return self._ended(words)

    def python(self, code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a script to its end, as ``python -c`` does."""
        self._fork(("-c",), cwd, code)
        return self._ended(("-c",))

    def calling(self, how: Callable[..., None], *given: object,
                cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a function of `support.confined` to its end; paths are given as words."""
        plain = [tuple(map(str, one)) if isinstance(one, tuple) else str(one) if isinstance(one, Path) else one
                 for one in given]
        return self.python(f"from support.confined import {how.__name__}\n{how.__name__}(*{plain!r})",
                           cwd or self._place)

    def _fork(self, words: tuple[object, ...], cwd: Path | None, code: str | None = None) -> int:
        given = [str(word) for word in words]
        plays = code is not None or not {*PLAYING}.isdisjoint(given[:2])  # a dry run compiles what would be played
        asked = {"words": given, "code": code, "cwd": str(cwd or self._place), "out": str(self._place / "out"),
                 "err": str(self._place / "err"), "play_first": str(self._scenario) if plays else None}
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(asked).encode() + b"\n")
        return self._number()

    def _number(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())

    def _said(self, name: str) -> str:
        return (self._place / name).read_text("utf-8")

    def _ended(self, words: tuple[object, ...]) -> subprocess.CompletedProcess[str]:
        code = self._number()
        return subprocess.CompletedProcess(["skyshield", *map(str, words)], code, self._said("out"), self._said("err"))

    def close(self) -> None:
        """End the server."""
        self._server.communicate()
        shutil.rmtree(self._place)


@functools.cache
def forks() -> Forks:
    """Return the one server of this process, which ends with it."""
    started = Forks()
    atexit.register(started.close)
    return started


def skyshield(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end by fork, as `support.command_line.skyshield` does the installed one."""
    return forks()(*words, cwd=cwd)


def stopped_at(folder: Path, enough: int, how: signal.Signals, *words: object,
               late_s: float = 0.0) -> subprocess.CompletedProcess[str]:
    """Start a command by fork that gets a signal a while after so many shards are in a folder, return how it ended."""
    return forks().calling(confined.stopped, folder, enough, late_s, int(how), words)
