"""How blocks are played: the shape of a map, and the one on this machine's threads."""

import os
from collections.abc import Callable, Iterable, Iterator
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

    def __call__(self, function: Callable[[Block], Played], blocks: Iterable[Block]) -> Iterator[tuple[Block, Played]]:
        """Yield (block, tally) in any order."""
        ...


def thread_map(function: Callable[[Block], Played], blocks: Iterable[Block],
               jobs: int = 1) -> Iterator[tuple[Block, Played]]:
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
