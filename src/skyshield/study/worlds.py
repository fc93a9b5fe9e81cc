"""The worlds of a study's arms, compiled while others are played, each cut to the options that it has to play."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from skyshield.compile.world import ArmCompiler, Compiled
from skyshield.engine import Player, World
from skyshield.study.plan import JOINT, Arm, Shard
from skyshield.study.sharing import cut_options, same_options

_AHEAD = 1  # arms that are compiled before they are needed


class Part(NamedTuple):
    """What is played of an arm.

    Attributes
    ----------
    player
        Of the options that are played; None if there are none.
    options, shared
        Numbers of these, and of those whose totals are the headline's.
    n_options
        Of the whole.
    """

    player: Player | None
    options: tuple[int, ...]
    shared: tuple[int, ...]
    n_options: int


def part_of(world: World, headline: World | None = None, unwanted: Collection[int] = ()) -> Part:
    """Return what is to be played of an arm: of the options that are wanted those that it touches.

    Parameters
    ----------
    world
        The arm's.
    headline
        The headline's, for the same vectors; all that is wanted is played if not given.
    unwanted
        Options that the arm is not kept for.
    """
    n_options = len(world.rules.class_allowed)
    same = set() if headline is None else {k for k, one in enumerate(same_options(headline, world)) if one}
    wanted = [option for option in range(n_options) if option not in unwanted]
    options = tuple(option for option in wanted if option not in same)
    return Part(Player(cut_options(world, options)) if options else None, options,
                tuple(option for option in wanted if option in same), n_options)


class Worlds:
    """The worlds of a study's arms, each compiled shortly before its first block is played and let go after its last.

    Meanwhile others are played, in threads that need the interpreter only between two blocks. With `sharing` only the
    options that an arm touches are played of it. `unwanted` has by arm the options that it is not kept for.
    """

    def __init__(self, compiler: ArmCompiler, headline: Compiled, arms: Sequence[Arm],
                 unwanted: Mapping[int, Collection[int]], sharing: bool) -> None:
        self._pool, self._lock = ThreadPoolExecutor(1), threading.Lock()
        self._compiler, self._arms, self._headline = compiler, arms, headline.world
        self._unwanted, self._sharing = unwanted, sharing
        self._parts: dict[int, Future[Part]] = {0: Future()}
        self._parts[0].set_result(part_of(headline.world))
        self._left = [0] * len(arms)

    def expect(self, shards: Iterable[Shard]) -> None:
        """Say what will be played."""
        self._left = [0] * len(self._arms)
        for shard in shards:
            self._left[shard.arm] += len(shard.blocks())

    def _compile(self, arm: int) -> Part:
        return part_of(self._compiler.compile(self._arms[arm].ends).world, self._headline if self._sharing else None,
                       self._unwanted.get(arm, ()))

    def _compiled(self, arm: int) -> Future[Part]:
        """Return a world that is or will be compiled; the lock is held."""
        if arm not in self._parts:
            self._parts[arm] = self._pool.submit(self._compile, arm)
        return self._parts[arm]

    def __getitem__(self, arm: int) -> Part:
        with self._lock:
            part = self._compiled(arm)
            for later in [other for other in range(arm + 1, len(self._arms)) if self._left[other]][:_AHEAD]:
                if self._arms[later].kind != JOINT:  # shares little with the headline: two of them take much memory
                    self._compiled(later)
        return part.result()

    def done(self, arm: int) -> None:
        """Say that a block was played."""
        with self._lock:
            self._left[arm] -= 1
            if arm > 0 and self._left[arm] == 0:
                del self._parts[arm]

    def __reduce__(self) -> tuple[type["AllParts"], tuple[dict[int, Part]]]:
        """Travel to other machines once all that are to be played are compiled."""
        with self._lock:
            parts = {arm: self._compiled(arm) for arm, left in enumerate(self._left) if left}
        return AllParts, ({arm: part.result() for arm, part in parts.items()},)

    def close(self) -> None:
        """Compile no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class AllParts(dict[int, Part]):
    """What is played of arms, kept to the end."""

    def done(self, arm: int) -> None:
        """Take note of nothing."""
