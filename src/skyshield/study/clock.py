"""Where the time of a run goes: from the start of the process to its end, in parts that add up.

While any thread is in the engine the time counts as play, whatever else goes on. All other time belongs to the part
that the main thread is in; it begins with `COMPILE`, which holds all that comes before the first raid-day: start,
scenario, worlds and kernels.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

COMPILE, PLAY, STORE, SUMMARISE, REPORT = "compile_s", "play_s", "store_s", "summarise_s", "report_s"
PARTS = (COMPILE, PLAY, STORE, SUMMARISE, REPORT)


class Clock:
    """Counts seconds by part.

    Parameters
    ----------
    elapsed_s
        That have passed already.

    Attributes
    ----------
    raid_days
        Played so far.

    Examples
    --------
    >>> clock = Clock(1.0)
    >>> with clock.part(STORE), clock.in_engine():
    ...     time.sleep(0.01)
    >>> timing = clock.timing()
    >>> timing["compile_s"] >= 1.0, timing["play_s"] >= 0.01, timing["store_s"] < 0.01
    (True, True, True)
    """

    def __init__(self, elapsed_s: float = 0.0) -> None:
        self._seconds = dict.fromkeys(PARTS, 0.0)
        self._seconds[COMPILE] = elapsed_s
        self._part, self._playing, self._plays_here = COMPILE, 0, False
        self._since_s = time.perf_counter()
        self._lock = threading.Lock()
        self.raid_days = 0

    def _count(self) -> None:
        """Give the time since the last change to the part that it belongs to; the lock is held."""
        now_s = time.perf_counter()
        self._seconds[PLAY if self._playing else self._part] += now_s - self._since_s
        self._since_s = now_s

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what the main thread does meanwhile as a part."""
        with self._lock:
            self._count()
            before, self._part = self._part, name
        try:
            yield
        finally:
            with self._lock:
                self._count()
                self._part = before

    def __reduce__(self) -> tuple[type["Clock"], tuple[()]]:
        """Travel to another machine as a clock of its own, which nobody reads."""
        return Clock, ()

    def waiting(self) -> contextlib.AbstractContextManager[None]:
        """Wait for what is played: as long as nothing was played in this process, for other machines that play."""
        return self.part(COMPILE if self._plays_here else PLAY)

    @contextlib.contextmanager
    def in_engine(self) -> Iterator[None]:
        """Say that a thread is in the engine."""
        with self._lock:
            self._count()
            self._playing, self._plays_here = self._playing + 1, True
        try:
            yield
        finally:
            with self._lock:
                self._count()
                self._playing -= 1

    def timing(self) -> dict[str, float]:
        """Return what ``--timing`` prints: the whole, the raid-days played in a second of play, and the parts."""
        with self._lock:
            self._count()
            parts = dict(self._seconds)
        rate = self.raid_days / parts[PLAY] if parts[PLAY] > 0.0 else 0.0
        return {"wall_s": sum(parts.values()), "raid_days_per_s": rate, **parts}


def process_age_s() -> float:
    """Return how long ago this process was started, in seconds; 0 where the system does not say."""
    try:
        started = float(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0
