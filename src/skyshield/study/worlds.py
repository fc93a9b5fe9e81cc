"""The worlds of a study's arms, compiled while others are played."""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from skyshield.compile.world import ArmCompiler, Compiled
from skyshield.engine import World
from skyshield.study.plan import JOINT, Arm, Shard

_AHEAD = 1  # arms that are compiled before they are needed


class Worlds:
    """The worlds of a study's arms, each compiled shortly before its first block is played and let go after its last.

    Meanwhile others are played, in threads that need the interpreter only between two blocks.
    """

    def __init__(self, compiler: ArmCompiler, headline: Compiled, arms: Sequence[Arm]) -> None:
        self._pool, self._lock = ThreadPoolExecutor(1), threading.Lock()
        self._compiler, self._arms = compiler, arms
        self._worlds: dict[int, Future[World]] = {0: Future()}
        self._worlds[0].set_result(headline.world)
        self._left = [0] * len(arms)

    def expect(self, shards: Iterable[Shard]) -> None:
        """Say what will be played."""
        self._left = [0] * len(self._arms)
        for shard in shards:
            self._left[shard.arm] += len(shard.blocks)

    def _compiled(self, arm: int) -> Future[World]:
        """Return a world that is or will be compiled; the lock is held."""
        if arm not in self._worlds:
            self._worlds[arm] = self._pool.submit(lambda: self._compiler.compile(self._arms[arm].ends).world)
        return self._worlds[arm]

    def __getitem__(self, arm: int) -> World:
        with self._lock:
            world = self._compiled(arm)
            for later in [other for other in range(arm + 1, len(self._arms)) if self._left[other]][:_AHEAD]:
                if self._arms[later].kind != JOINT:  # shares little with the headline: two of them take much memory
                    self._compiled(later)
        return world.result()

    def done(self, arm: int) -> None:
        """Say that a block was played."""
        with self._lock:
            self._left[arm] -= 1
            if arm > 0 and self._left[arm] == 0:
                del self._worlds[arm]

    def __reduce__(self) -> tuple[type["AllWorlds"], tuple[dict[int, World]]]:
        """Travel to other machines once all that are to be played are compiled."""
        with self._lock:
            worlds = {arm: self._compiled(arm) for arm, left in enumerate(self._left) if left}
        return AllWorlds, ({arm: world.result() for arm, world in worlds.items()},)

    def close(self) -> None:
        """Compile no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class AllWorlds(dict[int, World]):
    """Worlds by arm, kept to the end."""

    def done(self, arm: int) -> None:
        """Take note of nothing."""
