"""Run a study: compile, play the blocks that are missing, store, add up."""

import functools
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.compile.planned import planned_json
from skyshield.compile.world import ArmCompiler, Compiled, prepare_context
from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.core.jit import kernel_sha256
from skyshield.core.streams import word_of
from skyshield.engine import World, play
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.clock import STORE, SUMMARISE, Clock
from skyshield.study.document import write_summary
from skyshield.study.key import model_sha256, study_key
from skyshield.study.maps import Map, thread_map
from skyshield.study.months import month_starts
from skyshield.study.parquet import Columns
from skyshield.study.plan import (
    BLOCK_REPLICATIONS,
    Arm,
    Block,
    Shard,
    arm_replications,
    check_size,
    missing_shards,
    vectors_of_shard,
)
from skyshield.study.plan import arms as arms_of
from skyshield.study.precision import replications_for
from skyshield.study.reader import is_whole, put, read
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.shards import Gathered
from skyshield.study.totals import Sums, Totals, add_up

_AHEAD = 1  # arms that are compiled before they are needed


@dataclass(frozen=True)
class Moment:
    """How far a study is.

    Attributes
    ----------
    done, total
        Blocks.
    raid_days
        Played in this run, without those that were stored before.
    result
        What is there so far; replications that are not do not count as sound.
    """

    done: int
    total: int
    raid_days: int
    result: StudyResult


Progress = Callable[[Moment], None]


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("skyshield", "numpy", "scipy", "numba", "shapely", "pyproj", "duckdb")}


class _Worlds:
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
                self._compiled(later)
        return world.result()

    def done(self, arm: int) -> None:
        """Say that a block was played."""
        with self._lock:
            self._left[arm] -= 1
            if arm > 0 and self._left[arm] == 0:
                del self._worlds[arm]

    def __reduce__(self) -> tuple[type["_AllWorlds"], tuple[list[World]]]:
        """Travel to other machines once all are compiled."""
        with self._lock:
            worlds = [self._compiled(arm) for arm in range(len(self._arms))]
        return _AllWorlds, ([world.result() for world in worlds],)

    def close(self) -> None:
        """Compile no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class _AllWorlds(list[World]):
    """The worlds of all arms, kept to the end."""

    def done(self, arm: int) -> None:
        """Take note of nothing."""


def _play(worlds: _AllWorlds | _Worlds, seed: int, starts: Integers, daily: bool, clock: Clock,
          block: Block) -> Sums:
    world, start = worlds[block.arm], word_of(block.vector, 0)
    with clock.in_engine():
        tally = play(world, seed, start + block.first, start + block.last)
    worlds.done(block.arm)
    return add_up(tally, starts, daily)


def run(resolved: Resolved, seed: int, replications: int, out: Path | None = None, map: Map = thread_map,  # noqa: A002
        vectors: int = 200, force: bool = False, progress: Progress | None = None,
        relief: bool = False, until: float | None = None, daily: bool = False,
        clock: Clock | None = None) -> StudyResult:
    """Run a study, or resume, extend or read one that is stored.

    Parameters
    ----------
    resolved
        The self-contained scenario.
    seed
        64-bit seed.
    replications
        Per parameter vector.
    out
        Folder to keep the study in; None keeps nothing.
    map
        How blocks are played: `thread_map`, or `skyshield.study.cluster.dask_map` with its client.
    vectors
        Parameter vectors.
    force
        Replace another study in `out`.
    progress
        Called after every block.
    relief
        Play the arm that supposes relief too; a stored study that has it keeps it.
    until
        Add replications until the study is precise to this share (`skyshield.study.precision`).
    daily
        Keep a row a day in `out` too, beside those by month; a stored study that has them keeps them.
    clock
        Counts where the time goes.

    Returns
    -------
    StudyResult
        Of at least the asked size: a stored study that is larger is returned whole.
    """
    clock = clock or Clock()
    plan = _plan(resolved, seed, vectors, replications, daily)
    storage = None if out is None else store.Store(out, plan, resolved.json, force)
    worlds = None
    try:
        if storage is not None and is_whole(storage, relief):
            storage.adopt()
            result, _ = read(storage.folder)
            if until is None or replications_for(result, resolved.baseline, until) <= plan["replications"]:
                write_summary(storage, result, resolved)
                return result
        context = prepare_context(resolved)
        relief = relief or (storage is not None and storage.has_relief)
        compiler = ArmCompiler(context, seed, plan["vectors"])
        headline = compiler.compile({})
        chosen = arms_of(headline.without_centre, context.catalogue, relief)
        plan["arms"], plan["planned"] = [arm.plain() for arm in chosen], planned_json(context)
        plan["parameters"] = list(headline.parameters)
        if storage is not None:
            storage.begin()
        worlds = _Worlds(compiler, headline, chosen)
        starts = month_starts(context.scenario.start_date, context.scenario.days)
        function = functools.partial(_play, worlds, seed, starts, plan["daily"], clock)
        fill = functools.partial(_fill, function, headline.parameters, plan, storage, map, progress, clock,
                                 expect=worlds.expect)
        result = fill(arm_replications(len(chosen), plan["replications"]))
        while until is not None and (more := replications_for(result, resolved.baseline, until)) > plan["replications"]:
            check_memory(plan["vectors"], more, len(plan["options"]))
            plan["replications"] = more
            if storage is not None:
                storage.grow()
            result = fill(arm_replications(len(chosen), more), smaller=result)
        if storage is not None:
            with clock.part(SUMMARISE):
                write_summary(storage, result, resolved)
        return result
    finally:
        if worlds is not None:
            worlds.close()
        if storage is not None:
            storage.close()


def play_arms(resolved: Resolved, worlds: list[Compiled], arms: Sequence[Arm], seed: int,
              replications: int, map: Map = thread_map, vectors: int = 200,  # noqa: A002
              progress: Progress | None = None) -> StudyResult:
    """Play worlds of one scenario and one seed side by side and keep nothing: one arm each, with the same raids.

    Parameters
    ----------
    resolved
        The scenario that the worlds are compiled from.
    worlds
        Each for the same number of vectors.
    arms
        What makes each world.
    seed, replications, map, vectors, progress
        As in `run`.

    Returns
    -------
    StudyResult
        ``values[arm]`` in the order of the worlds.
    """
    plan = _plan(resolved, seed, vectors, replications, daily=False)
    plan["arms"] = [arm.plain() for arm in arms]
    clock = Clock()
    all_worlds = _AllWorlds(one.world for one in worlds)
    function = functools.partial(_play, all_worlds, seed, np.zeros(1, np.int64), False, clock)
    return _fill(function, worlds[0].parameters, plan, None, map, progress, clock, [replications] * len(worlds))


def _plan(resolved: Resolved, seed: int, vectors: int, replications: int, daily: bool) -> dict[str, Any]:
    """Check the size, then return the manifest without arms and shards."""
    check_size(vectors, replications, seed)
    check_memory(vectors, replications, len(resolved.options))
    days = resolved.days
    return {
        "kind": store.KIND, "study_key": study_key(resolved, seed, days), "resolved_sha256": resolved.sha256,
        "seed": seed, "vectors": vectors, "replications": replications, "days": days, "daily": daily,
        "options": list(resolved.options), "baseline": resolved.baseline, "measures": list(MEASURES),
        "kernel_sha256": kernel_sha256(), "model_sha256": model_sha256(), "parts": resolved.part_sha256(),
        "versions": _versions()}


def check_memory(vectors: int, replications: int, options: int) -> None:
    """Refuse a study whose totals of one arm alone are more than the machine's memory.

    Raises
    ------
    SkyShieldError
        Exit code 3.
    """
    needed = vectors * replications * options * len(MEASURES) * np.dtype(float).itemsize
    try:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return  # a system that does not say
    if needed > there:
        raise SkyShieldError(f"{vectors:,} vectors x {replications:,} replications",
                             f"need more than {needed / 2**30:,.0f} GiB of memory for their totals",
                             "ask for fewer", MACHINE)


def _fill(function: Callable[[Block], Sums], parameters: dict[str, Floats], plan: dict[str, Any],
          storage: store.Store | None, map_blocks: Map, progress: Progress | None, clock: Clock, sizes: Sequence[int],
          smaller: StudyResult | None = None, expect: Callable[[Iterable[Shard]], None] | None = None) -> StudyResult:
    """Play what is not there.

    `sizes` are the replications a vector of each arm, `smaller` a result to be extended; `expect` is told what will be
    played.
    """
    vectors, n_options = plan["vectors"], len(plan["options"])
    totals = Totals(sizes, vectors, n_options)
    if smaller is not None and isinstance(smaller.values, Totals):
        there = totals.take_over(smaller.values)
    else:
        there = _load(storage, totals, n_options) if storage is not None else []
    of_vector = min(BLOCK_REPLICATIONS, plan["replications"]) * plan["days"] * n_options
    todo = list(missing_shards(sizes, vectors, there, vectors_of_shard(of_vector, plan["daily"])))
    if expect is not None:
        expect(todo)
    done, total = sum(map(_blocks, there)), sum(map(_blocks, [*there, *todo]))
    result = StudyResult(totals, totals.failed, parameters, plan, None if storage is None else storage.folder)
    shard_of = {block: shard for shard in todo for block in shard.blocks}
    open_shards: dict[Shard, Gathered] = {}
    raid_days = 0
    blocks = iter(map_blocks(function, shard_of))
    with clock.part(STORE):
        while (played := _next(blocks, clock)) is not None:
            block, sums = played
            totals.place(block, sums)
            if storage is not None:
                gathered = open_shards.setdefault(shard_of[block], Gathered(shard_of[block]))
                if gathered.add(block, sums):
                    storage.add(open_shards.pop(gathered.shard))
            done += 1
            raid_days += (block.last - block.first) * plan["days"] * n_options
            clock.raid_days += (block.last - block.first) * plan["days"] * n_options
            if progress is not None:
                progress(Moment(done, total, raid_days, result))
    if storage is not None:
        with clock.part(STORE):
            storage.tabulate({store.PARAMETERS: _parameter_columns(result), store.FAILURES: _failure_columns(result)})
        result.manifest.update(shards=dict(sorted(storage.shards.items())), daily_shards=dict(storage.days))
    return result


def _next(blocks: Iterator[tuple[Block, Sums]], clock: Clock) -> tuple[Block, Sums] | None:
    """Return the next block that is played, None after the last."""
    with clock.waiting():
        return next(blocks, None)


def _blocks(shard: Shard) -> int:
    """Return how many blocks a shard holds, as they are played in a study that is not extended."""
    return shard.last_vector - shard.first_vector


def _load(storage: store.Store, totals: Totals, n_options: int) -> list[Shard]:
    """Put what is stored into the totals; return the shards."""
    shards = sorted(storage.stored())
    for shard in shards:
        put(totals, shard, storage.load(shard, n_options))
    return shards


def _parameter_columns(result: StudyResult) -> Columns:
    return {"vector": np.arange(len(result.failed[0])), **result.parameters}


def _failure_columns(result: StudyResult) -> Columns:
    rows = result.failures()
    return {name: np.array([row[name] for row in rows], np.int64) for name in ("arm", "vector", "replication")} | {
        name: np.array([row[name] for row in rows], dtype=object) for name in ("stage", "error")}
