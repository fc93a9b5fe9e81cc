"""Run a study: compile, play the blocks that are missing, store, add up."""

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.compile.planned import planned_by_package, planned_json
from skyshield.compile.world import ArmCompiler, Compiled, prepare_context
from skyshield.core.arrays import Integers
from skyshield.core.jit import kernel_sha256
from skyshield.core.streams import word_of
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.clock import STORE, SUMMARISE, Clock
from skyshield.study.document import write_summary
from skyshield.study.footprint import GivingBack
from skyshield.study.joint import enough_for_signs, held_against, holds_signs, joint_arms, unwanted_options
from skyshield.study.key import model_sha256, study_key
from skyshield.study.maps import Map, thread_map
from skyshield.study.memory import check_memory
from skyshield.study.months import month_of_day
from skyshield.study.parquet import Columns
from skyshield.study.plan import (
    BLOCK_REPLICATIONS,
    Arm,
    Block,
    Shard,
    arm_replications,
    check_size,
    keeps_months,
    missing_shards,
    vectors_of_shard,
)
from skyshield.study.plan import arms as arms_of
from skyshield.study.precision import size_for
from skyshield.study.reader import is_whole, put, read
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.shards import Gathered
from skyshield.study.stopping import Stopped, StudyStoppedError, never
from skyshield.study.totals import Sums, Totals, add_up, nothing, spread
from skyshield.study.worlds import AllParts, Worlds, part_of


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


def _play(parts: AllParts | Worlds, seed: int, month: Integers, daily: bool, monthly: frozenset[int], n_phases: int,
          clock: Clock, block: Block) -> Sums:
    """Play a block; `month` [day] is the month of each day, `monthly` holds the arms that keep theirs and phases."""
    part, start = parts[block.arm], word_of(block.vector, 0)
    n_months = int(month[-1]) + 1
    if part.player is None:
        kept = block.arm in monthly
        sums = nothing(block.last - block.first, n_months * kept, n_phases * kept if n_phases > 1 else 0)
    else:
        with clock.in_engine():
            tally = part.player.play(seed, start + block.first, start + block.last, None if daily else month)
        sums = add_up(tally, block.arm in monthly, month if daily else None)
    parts.done(block.arm)
    return spread(sums, part.options, part.shared, part.n_options)


def run(resolved: Resolved, seed: int, replications: int, out: Path | None = None, map: Map = thread_map,  # noqa: A002
        vectors: int = 200, force: bool = False, progress: Progress | None = None,
        relief: bool = False, until: float | None = None, daily: bool = False,
        clock: Clock | None = None, stopped: Stopped = never) -> StudyResult:
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
        Add vectors and replications until the study is precise to this share (`skyshield.study.precision`).
    daily
        Keep a row a day in `out` too, beside those by month; a stored study that has them keeps them.
    clock
        Counts where the time goes.
    stopped
        Asked between blocks; once it says so, nothing more is played.

    Returns
    -------
    StudyResult
        Of at least the asked size: a stored study that is larger is returned whole.

    Raises
    ------
    StudyStoppedError
        If it was stopped; shards that were whole are stored, and no thread is left.
    """
    clock = clock or Clock()
    plan = _plan(resolved, seed, vectors, replications, daily)
    storage = None if out is None else store.Store(out, plan, resolved.json, force)
    try:
        if storage is not None and is_whole(storage, relief):
            storage.adopt()
            result, _ = read(storage.folder)
            if until is None or size_for(result, resolved.baseline, until) == result.sizes:
                storage.reword(resolved.sha256, resolved.part_sha256())
                write_summary(storage, result, resolved)
                return result
        plan["relief"] = relief or (storage is not None and storage.has_relief)
        playing = _Playing(resolved, plan, storage, map, progress, clock, stopped)
        result = playing.play()
        while until is not None and (size := size_for(result, resolved.baseline, until)) != result.sizes:
            plan["vectors"], plan["replications"] = size
            check_memory(*size, len(plan["options"]))
            result = playing.play(result)
        if storage is not None:
            with clock.part(SUMMARISE):
                write_summary(storage, result, resolved)
        return result
    finally:
        if storage is not None:
            storage.close()


class _Playing:
    """Plays a study of the size that its plan has: the headline and the envelope first, then what follows from them."""

    def __init__(self, resolved: Resolved, plan: dict[str, Any], storage: store.Store | None, map_blocks: Map,
                 progress: Progress | None, clock: Clock, stopped: Stopped) -> None:
        self._resolved, self._plan, self._storage, self._stopped = resolved, plan, storage, stopped
        self._map, self._progress, self._clock = map_blocks, progress, clock
        self._go_on()
        self._context = prepare_context(resolved)
        self._begun = False
        plan["planned"] = planned_json(self._context)
        a_day = planned_by_package(self._context).sum(axis=3)  # EUR, by option, package and boundary
        plan["planned_by_package"] = {option.name: a_day[k, :len(option.packages)].tolist()
                                      for k, option in enumerate(self._context.scenario.options)}

    def play(self, smaller: StudyResult | None = None) -> StudyResult:
        """Play what is neither stored nor in a smaller result."""
        plan, scenario, catalogue = self._plan, self._context.scenario, self._context.catalogue
        self._go_on()
        compiler = ArmCompiler(self._context, plan["seed"], plan["vectors"])
        headline = compiler.compile({})
        self._go_on()
        chosen = arms_of(headline.without_centre, catalogue)
        plan["parameters"] = list(headline.parameters)
        found = None if self._storage is None else self._storage.found
        before = found if smaller is None else smaller.sizes
        moves = (before is not None and not enough_for_signs(*before)  # an arm of relief makes room for joint arms
                 and enough_for_signs(plan["vectors"], plan["replications"]))
        forgotten = self._storage.forget(len(chosen)) if moves and self._storage is not None else []
        self._choose(chosen)
        for path in forgotten:
            path.unlink(missing_ok=True)
        totals = Totals([], plan["vectors"], len(plan["options"]))
        result = StudyResult(totals, totals.failed, headline.parameters, plan,
                             None if self._storage is None else self._storage.folder)
        self._fill(result, compiler, headline, chosen, smaller)
        dropped = {name: whole for name, (whole, _) in scenario.dropped_clauses().items()}
        joint, numbers = joint_arms(result, plan["baseline"], dropped) if holds_signs(result) else ([], {})
        planned_eur = {name: sum(money["fully_loaded"].values()) for name, money in plan["planned"].items()}
        held = held_against(result, plan["baseline"], dropped, planned_eur) if numbers else {}
        every = arms_of(headline.without_centre, catalogue, plan["relief"], joint)
        self._choose(every, numbers, held)
        return self._fill(result, compiler, headline, every, None if moves else smaller)

    def _go_on(self) -> None:
        """End here if that is wished: compiling takes seconds, and no block is asked for meanwhile."""
        if self._stopped():
            raise StudyStoppedError

    def _choose(self, arms: Sequence[Arm], joint: Mapping[str, tuple[int, int]] | None = None,
                held: Mapping[str, list[str]] | None = None) -> None:
        """Enter the arms in the plan, and in the folder before any block of them is played."""
        self._plan["arms"] = [arm.plain() for arm in arms]
        self._plan["joint"] = {option: list(numbers) for option, numbers in (joint or {}).items()}
        self._plan["held_against"] = dict(held or {})
        if self._storage is None:
            return
        if self._begun:
            self._storage.grow()
        else:
            self._storage.begin()
        self._begun = True

    def _fill(self, result: StudyResult, compiler: ArmCompiler, headline: Compiled, arms: Sequence[Arm],
              smaller: StudyResult | None) -> StudyResult:
        """Play what is missing of the arms that a result does not hold yet."""
        plan, scenario = self._plan, self._context.scenario
        first = len(result.failed)
        sizes = arm_replications(len(arms), plan["replications"])
        totals = result.values
        assert isinstance(totals, Totals)  # noqa: S101
        totals.add(sizes[first:])
        held = smaller.values if smaller is not None and isinstance(smaller.values, Totals) else None
        there = [] if held is None else totals.take_over(held, range(first, min(len(arms), len(held))))
        worlds = Worlds(compiler, headline, arms, unwanted_options(result), not plan["daily"])
        monthly = frozenset(number for number, arm in enumerate(arms) if keeps_months(arm))
        function = functools.partial(_play, worlds, plan["seed"], month_of_day(scenario.start_date, plan["days"]),
                                     plan["daily"], monthly, len(scenario.phases), self._clock)
        try:
            return _fill(function, result, first, there, self._storage, self._map, self._progress, self._clock, sizes,
                         worlds.expect, stopped=self._stopped)
        finally:
            worlds.close()


def play_arms(resolved: Resolved, worlds: list[Compiled], arms: Sequence[Arm], seed: int,
              replications: int, map: Map = thread_map, vectors: int = 200,  # noqa: A002
              progress: Progress | None = None, sharing: bool = False) -> StudyResult:
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
    sharing
        Take the options that an arm does not touch from the first world, and leave replications out as `run` does.

    Returns
    -------
    StudyResult
        ``values[arm]`` in the order of the worlds.
    """
    plan = _plan(resolved, seed, vectors, replications, daily=False)
    plan["arms"] = [arm.plain() for arm in arms]
    clock = Clock()
    parts = AllParts((k, part_of(one.world, worlds[0].world if sharing and k else None))
                     for k, one in enumerate(worlds))
    start_date = resolved.parts()[0].start_date
    function = functools.partial(_play, parts, seed, month_of_day(start_date, resolved.days), False, frozenset(), 1,
                                 clock)
    totals = Totals([replications] * len(worlds), vectors, len(plan["options"]))
    result = StudyResult(totals, totals.failed, worlds[0].parameters, plan, None)
    return _fill(function, result, 0, [], None, map, progress, clock, [replications] * len(worlds), few=sharing)


def _plan(resolved: Resolved, seed: int, vectors: int, replications: int, daily: bool) -> dict[str, Any]:
    """Check the size, then return the manifest without arms and shards."""
    check_size(vectors, replications, seed)
    check_memory(vectors, replications, len(resolved.options))
    scenario = resolved.parts()[0]
    days = scenario.days
    return {
        "kind": store.KIND, "study_key": study_key(resolved, seed, days), "resolved_sha256": resolved.sha256,
        "seed": seed, "vectors": vectors, "replications": replications, "days": days,
        "of_days": scenario.campaign_days, "daily": daily,
        "options": list(resolved.options), "baseline": resolved.baseline, "measures": list(MEASURES),
        "kernel_sha256": kernel_sha256(), "model_sha256": model_sha256(), "parts": resolved.part_sha256(),
        "versions": _versions()}


def _fill(function: Callable[[Block], Sums], result: StudyResult, first_arm: int, there: list[Shard],
          storage: store.Store | None, map_blocks: Map, progress: Progress | None, clock: Clock, sizes: Sequence[int],
          expect: Callable[[Iterable[Shard]], None] | None = None, few: bool = True,
          stopped: Stopped = never) -> StudyResult:
    """Play what a result lacks of its arms from `first_arm` on.

    `there` is what it holds of them already, besides what is stored; `sizes` are the replications a vector of each arm;
    `expect` is told what will be played; with `few` arms leave replications out; `stopped` is asked between blocks.
    """
    plan, totals = result.manifest, result.values
    assert isinstance(totals, Totals)  # noqa: S101
    vectors, n_options = plan["vectors"], len(plan["options"])
    whole = [Shard(arm, 0, vectors, 0, sizes[arm]) for arm in range(first_arm)]
    if storage is not None and not there:
        there = _load(storage, totals, n_options, range(first_arm, len(sizes)))
    there = [*whole, *there]
    of_vector = min(BLOCK_REPLICATIONS, plan["replications"]) * plan["days"] * n_options
    todo = list(missing_shards(sizes, vectors, there, vectors_of_shard(of_vector, plan["daily"]), few))
    if expect is not None:
        expect(todo)
    done, total = (sum(len(shard.blocks(few)) for shard in shards) for shards in (there, [*there, *todo]))
    shard_of = {block: shard for shard in todo for block in shard.blocks(few)}
    open_shards: dict[Shard, Gathered] = {}
    waiting: list[Gathered] = []
    raid_days, giving_back = 0, GivingBack()
    with contextlib.closing(map_blocks(function, shard_of)) as blocks, clock.part(STORE):
        while (played := _next(blocks, clock, stopped)) is not None:
            block, sums = played
            if block.arm == 0:  # at once, so that whoever waits sees it
                totals.place(block, sums)
            gathered = open_shards.setdefault(shard_of[block], Gathered(shard_of[block], few))
            if raid_days == 0:  # by now every kernel has been loaded
                giving_back()
            if gathered.add(block, sums):
                waiting.append(open_shards.pop(gathered.shard))
                waiting = [one for one in waiting if not _finish(one, totals, storage)]
                if storage is not None:
                    giving_back()
            done += 1
            raid_days += (block.last - block.first) * plan["days"] * len(sums.played)
            clock.raid_days += (block.last - block.first) * plan["days"] * len(sums.played)
            if progress is not None:
                progress(Moment(done, total, raid_days, result))
    if storage is not None:
        with clock.part(STORE):
            storage.tabulate({store.PARAMETERS: _parameter_columns(result), store.FAILURES: _failure_columns(result)})
        result.manifest.update(shards=dict(sorted(storage.shards.items())), daily_shards=dict(storage.days))
    return result


def _finish(gathered: Gathered, totals: Totals, storage: store.Store | None) -> bool:
    """Put a shard that is whole where it belongs; return whether that can be done, which needs the headline's share."""
    if not totals.holds(gathered.shard):
        return False
    stored = gathered.stored(totals)
    if gathered.shard.arm > 0:
        put(totals, gathered.shard, stored)
    if storage is not None:
        storage.add(gathered.shard, stored, gathered.days())
    return True


def _next(blocks: Iterator[tuple[Block, Sums]], clock: Clock, stopped: Stopped) -> tuple[Block, Sums] | None:
    """Return the next block that is played, None after the last."""
    if stopped():
        raise StudyStoppedError
    with clock.waiting():
        return next(blocks, None)


def _load(storage: store.Store, totals: Totals, n_options: int, arms: range) -> list[Shard]:
    """Put what is stored of some arms into the totals; return the shards."""
    shards = sorted(shard for shard in storage.stored() if shard.arm in arms)
    for shard in shards:
        put(totals, shard, storage.load(shard, n_options))
    return shards


def _parameter_columns(result: StudyResult) -> Columns:
    return {"vector": np.arange(len(result.failed[0])), **result.parameters}


def _failure_columns(result: StudyResult) -> Columns:
    rows = result.failures()
    return {name: np.array([row[name] for row in rows], np.int64) for name in ("arm", "vector", "replication")} | {
        name: np.array([row[name] for row in rows], dtype=object) for name in ("stage", "error")}
