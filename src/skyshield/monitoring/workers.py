"""Work in other processes, its results in the order of the tasks.

A worker is a process of this interpreter that reads tasks from its standard input and writes results to its standard
output. When the process that started it ends, in whatever way, its input ends and it leaves: none is left behind. A
worker has one task at a time, so memory holds two tasks and results a worker.
"""

import contextlib
import importlib
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from multiprocessing.connection import Connection
from typing import Any, Self

from skyshield.core.errors import MACHINE, SkyShieldError

_MODULE = "skyshield.monitoring.workers"
Make = Callable[[Any], Callable[[Any], Any]]
"""Return what does a task, from what all tasks have in common: a function or class of a module.

What it returns may have `close`, which is called at the end where no process ends with it.
"""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered(make: Make, common: Any, tasks: Iterable[Any], jobs: int) -> Generator[Any]:
    """Yield the results of the tasks in their order, made by so many worker processes; by this one if it is one.

    Parameters
    ----------
    make
        A function of a module; it gets `common` and returns what does a task.
    common, tasks
        Whatever can be pickled.
    jobs
        Worker processes; 1 does all in this one.

    Raises
    ------
    SkyShieldError
        Exit code 3 if a worker ends before its time; whatever a task itself raises.

    Examples
    --------
    >>> import operator
    >>> list(ordered(operator.itemgetter, 1, ["ab", "cd"], jobs=1))
    ['b', 'd']
    """
    if jobs == 1:
        work = make(common)
        try:
            yield from map(work, tasks)
        finally:
            getattr(work, "close", _nothing)()
        return
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(_Worker(make, common)) for _ in range(jobs)]
        busy: deque[_Worker] = deque()
        for task in tasks:
            if idle:
                worker = idle.pop()
                worker.send(task)
                busy.append(worker)
                continue
            worker = busy.popleft()
            result = worker.receive()
            worker.send(task)
            busy.append(worker)
            yield result
        while busy:
            yield busy.popleft().receive()


def _nothing() -> None:
    """Close what needs no closing."""


class _Worker:
    """A process that does tasks, one after the other."""

    def __init__(self, make: Make, common: Any) -> None:
        self._process = subprocess.Popen([sys.executable, "-P", "-m", _MODULE], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 - both are pipes
        self._tasks = Connection(os.dup(self._process.stdin.fileno()), readable=False)
        self._results = Connection(os.dup(self._process.stdout.fileno()), writable=False)
        self._process.stdin.close()
        self._process.stdout.close()
        self.send((sys.path, make.__module__, make.__qualname__, common))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._tasks.close()
        self._results.close()
        self._process.wait()

    def send(self, task: Any) -> None:
        try:
            self._tasks.send(task)
        except OSError:
            raise self._ended() from None

    def receive(self) -> Any:
        try:
            result, fault = self._results.recv()
        except (OSError, EOFError):
            raise self._ended() from None
        if fault is not None:
            raise fault
        return result

    def _ended(self) -> SkyShieldError:
        code = self._process.wait()
        how = f"by signal {-code}" if code < 0 else f"with {code}"
        return SkyShieldError(f"worker process {self._process.pid}", f"was ended {how}",
                              "run the same command again: what was acknowledged is kept", MACHINE)


def _serve(tasks: Connection, results: Connection) -> None:
    """Do tasks until the input ends."""
    path, module, name, common = tasks.recv()
    sys.path[:] = path
    work = getattr(importlib.import_module(module), name)(common)
    while True:
        task = tasks.recv()
        try:
            results.send((work(task), None))
        except SkyShieldError as error:
            results.send((None, error))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one hears it and ends this one
    with contextlib.suppress(EOFError, BrokenPipeError):
        _serve(Connection(sys.stdin.fileno(), writable=False), Connection(sys.stdout.fileno(), readable=False))
    os._exit(0)
