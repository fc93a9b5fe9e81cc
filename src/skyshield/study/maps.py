"""How blocks are played: the shape of a map, and the one on this machine's threads."""

import contextlib
import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Protocol, TypeVar

from skyshield.study.plan import Block

Played = TypeVar("Played")


MAX_JOBS = 256


def cores() -> int:
    """Return the number of processors that this process may use, at most `MAX_JOBS`."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MAX_JOBS, there)


class Map(Protocol):
    """Apply a function to many blocks and yield the results as they come."""

    def __call__(self, function: Callable[[Block], Played], blocks: Iterable[Block]) -> Generator[tuple[Block, Played]]:
        """Yield (block, tally) in any order; closed early, nothing is played any more."""
        ...


def thread_map(function: Callable[[Block], Played], blocks: Iterable[Block],
               jobs: int = 1) -> Generator[tuple[Block, Played]]:
    """Play blocks on a pool of threads (the kernels run outside the interpreter lock).

    At most two blocks a thread are under way, so memory does not grow with the study.
    """
    from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

    waiting: dict[Future[Played], Block] = {}
    pool = ThreadPoolExecutor(jobs)
    try:
        for block in blocks:
            waiting[pool.submit(function, block)] = block
            if len(waiting) >= 2 * jobs:
                for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(done), done.result()
        while waiting:
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(done), done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class Gate:
    """Holds a study up between its blocks while somebody waits for a preview on the same processors.

    Examples
    --------
    >>> gate, played = Gate(), []
    >>> [shard for _, shard in gated(thread_map, gate)(lambda block: block.vector, [Block(0, 7, 0, 1)])]
    [7]
    """

    _GRACE_S = 0.05  # between two stages of a preview no block begins

    def __init__(self) -> None:
        self._change, self._shut, self._calm = threading.Condition(), 0, True

    @contextlib.contextmanager
    def shut(self) -> Iterator[None]:
        """Let nobody through meanwhile."""
        with self._change:
            self._shut, self._calm = self._shut + 1, False
            self._change.notify_all()
        try:
            yield
        finally:
            with self._change:
                self._shut -= 1
                self._change.notify_all()

    def wait(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Wait until the gate is open, and has been for a moment if it was shut, or the study is to stop."""
        with self._change:
            while not stopped():
                if self._shut > 0:
                    self._change.wait(self._GRACE_S)
                elif self._calm:
                    return
                else:
                    self._calm = not self._change.wait_for(lambda: self._shut > 0, self._GRACE_S)


def gated(map_: Map, gate: Gate, stopped: Callable[[], bool] = lambda: False) -> Map:
    """Return a map that plays as another one does, each block once a gate lets it through or the study is to stop."""
    def gated_map(function: Callable[[Block], Played], blocks: Iterable[Block]) -> Generator[tuple[Block, Played]]:
        def through(block: Block) -> Played:
            gate.wait(stopped)
            return function(block)

        return map_(through, blocks)

    return gated_map
