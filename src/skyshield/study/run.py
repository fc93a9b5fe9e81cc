"""Run a study: compile, play the blocks that are missing, store, add up."""

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.planned import planned_json
from skyshield.compile.world import ArmCompiler, Compiled, prepare_context
from skyshield.core.errors import MACHINE, SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.core.jit import kernel_sha256
from skyshield.core.streams import word_of
from skyshield.engine import Tally, World, play
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.key import model_sha256, study_key
from skyshield.study.maps import Map, thread_map
from skyshield.study.parquet import Columns, Parquet
from skyshield.study.plan import (
    Arm,
    Block,
    arm_replications,
    check_size,
    missing_blocks,
    read_arms,
)
from skyshield.study.plan import arms as arms_of
from skyshield.study.precision import replications_for
from skyshield.study.result import MEASURES, StudyResult, empty_totals, place, take_over


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


def _compile_arms(context: CompileContext, seed: int, vectors: int,
                  relief: bool) -> tuple[list[Compiled], tuple[Arm, ...]]:
    compiler = ArmCompiler(context, seed, vectors)
    headline = compiler.compile({})
    chosen = arms_of(headline.without_centre, context.catalogue, relief)
    return [headline, *(compiler.compile(arm.ends) for arm in chosen[1:])], chosen


def _play(worlds: list[World], seed: int, block: Block) -> Tally:
    start = word_of(block.vector, 0)
    return play(worlds[block.arm], seed, start + block.first, start + block.last)


def run(resolved: Resolved, seed: int, replications: int, out: Path | None = None, map: Map = thread_map,  # noqa: A002
        vectors: int = 200, force: bool = False, progress: Progress | None = None,
        relief: bool = False, until: float | None = None) -> StudyResult:
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

    Returns
    -------
    StudyResult
        Of at least the asked size: a stored study that is larger is returned whole.
    """
    plan = _plan(resolved, seed, vectors, replications)
    storage = None if out is None else store.Store(out, plan, resolved.json, force)
    try:
        context = prepare_context(resolved)
        relief = relief or (storage is not None and storage.has_relief)
        worlds, chosen = _compile_arms(context, seed, plan["vectors"], relief)
        plan["arms"], plan["planned"] = [arm.plain() for arm in chosen], planned_json(context)
        if storage is not None:
            storage.begin()
        result = _fill(worlds, arm_replications(len(worlds), plan["replications"]), plan, storage, map, progress)
        while until is not None and (more := replications_for(result, resolved.baseline, until)) > plan["replications"]:
            check_memory(plan["vectors"], more, len(plan["options"]))
            plan["replications"] = more
            if storage is not None:
                storage.grow()
            result = _fill(worlds, arm_replications(len(worlds), more), plan, storage, map, progress, result)
        return result
    finally:
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
    plan = _plan(resolved, seed, vectors, replications)
    plan["arms"] = [arm.plain() for arm in arms]
    return _fill(worlds, [replications] * len(worlds), plan, None, map, progress)


def _plan(resolved: Resolved, seed: int, vectors: int, replications: int) -> dict[str, Any]:
    """Check the size, then return the manifest without arms and shards."""
    check_size(vectors, replications, seed)
    check_memory(vectors, replications, len(resolved.options))
    days = int(resolved.parts()[0].days)
    return store.manifest_plan(study_key(resolved, seed, days), resolved.sha256, {
        "seed": seed, "vectors": vectors, "replications": replications, "days": days,
        "options": list(resolved.options), "baseline": resolved.baseline, "measures": list(MEASURES),
        "kernel_sha256": kernel_sha256(), "model_sha256": model_sha256(), "parts": resolved.part_sha256(),
        "versions": _versions()})


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


def _fill(worlds: list[Compiled], sizes: Sequence[int], plan: dict[str, Any], storage: store.Store | None,
          map_blocks: Map, progress: Progress | None, smaller: StudyResult | None = None) -> StudyResult:
    """Play what is not there; `sizes` are the replications a vector of each arm, `smaller` a result to be extended."""
    vectors, days, n_options = plan["vectors"], plan["days"], len(plan["options"])
    totals = empty_totals(sizes, vectors, n_options)
    stored = storage.blocks() if storage is not None else set()
    there = stored
    if smaller is not None:
        there = take_over(totals, smaller)
    else:
        for block in sorted(stored):
            place(totals, block, storage.load(block, days, n_options))  # type: ignore[union-attr]
    todo = list(missing_blocks(sizes, vectors, there))
    total, raid_days = len(stored) + len(todo), 0
    result = StudyResult(*totals, worlds[0].parameters, plan, None if storage is None else storage.folder)
    function = functools.partial(_play, [compiled.world for compiled in worlds], plan["seed"])
    for done, (block, tally) in enumerate(map_blocks(function, todo), start=len(stored) + 1):
        if storage is not None:
            storage.add(block, tally)
        place(totals, block, tally)
        raid_days += (block.last - block.first) * days * n_options
        if progress is not None:
            progress(Moment(done, total, raid_days, result))
    if storage is not None:
        storage.finish({store.PARAMETERS: _parameter_columns(result), store.FAILURES: _failure_columns(result)})
        result.manifest["shards"] = dict(sorted(storage.shards.items()))
    return result


def _parameter_columns(result: StudyResult) -> Columns:
    return {"vector": np.arange(len(result.failed[0])), **result.parameters}


def _failure_columns(result: StudyResult) -> Columns:
    rows = result.failures()
    return {name: np.array([row[name] for row in rows], np.int64) for name in ("arm", "vector", "replication")} | {
        name: np.array([row[name] for row in rows], dtype=object) for name in ("stage", "error")}


def read(folder: Path) -> tuple[StudyResult, Resolved]:
    """Read a stored study.

    Raises
    ------
    SkyShieldError
        If it is not whole: not finished, or a shard does not have the bytes the manifest names.
    """
    manifest = store.read_manifest(folder)
    if not manifest["complete"]:
        raise SkyShieldError(str(folder), "holds a study that is not finished", "run the same command again first")
    read_arms(manifest)
    _check_whole(folder, manifest)
    resolved = Resolved(read_bytes(folder / store.RESOLVED).decode(), manifest["resolved_sha256"],
                        tuple(manifest["options"]), manifest["baseline"])
    totals = empty_totals(arm_replications(len(manifest["arms"]), manifest["replications"]), manifest["vectors"],
                          len(manifest["options"]))
    for block, rows in store.daily_rows(folder, manifest):
        place(totals, block, store.shard_tally(rows, block.last - block.first, manifest["days"],
                                                       len(manifest["options"])))
    with Parquet() as parquet:
        parameters = parquet.read(folder / store.PARAMETERS)
    parameters.pop("vector")
    return StudyResult(*totals, parameters, manifest, folder), resolved


def _check_whole(folder: Path, manifest: dict[str, Any]) -> None:
    """Refuse a study of which anything is missing, damaged or too much."""
    shards = {f"{store.SHARDS}/{name}": digest for name, digest in manifest["shards"].items()}
    files = {store.RESOLVED: manifest["resolved_sha256"], **manifest["tables"], **shards}
    for name, digest in sorted(files.items()):
        if not store.valid(folder / name, digest):
            raise SkyShieldError(str(folder / name), "is missing or damaged",
                                 "run the same command again, it will be replaced")
    sizes, vectors = arm_replications(len(manifest["arms"]), manifest["replications"]), manifest["vectors"]
    blocks = {store.parse_name(name) for name in manifest["shards"]}
    inside = all(b.arm < len(sizes) and b.vector < vectors and b.first < b.last <= sizes[b.arm] for b in blocks)
    held = sum(b.last - b.first for b in blocks)
    if not inside or held != vectors * sum(sizes) or any(missing_blocks(sizes, vectors, blocks)):
        raise SkyShieldError(str(folder / store.MANIFEST), "does not name the shards of a whole study",
                             "run the same command again")
