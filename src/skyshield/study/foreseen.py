r"""What a run would play, and what that would take in time and on the disk.

Time is foreseen from rates measured here and now (`measured`): the seconds in which worlds are compiled, for one vector
and for a few, and the seconds of two short plays of the headline's first vectors, one with every option and one with a
single option. A day takes s + n o seconds with n options: s what is done once for all of them, such as drawing the
raid. While threads play, the next arm is compiled, so what both take is shared between the cores. What comes after
play (storing, summarising, pages) is foreseen in units of the first compilation, which the machine's speed and load
move alike (`SHARES`).

The disk is foreseen from what shards of the played sample take: a part a file and a part a row, for arms that keep
their months and for those that do not. The other files hold words, and figures by option and month (`KILOBYTES`).
"""

import functools
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.world import ArmCompiler, Compiled, prepare_context
from skyshield.core.streams import word_of
from skyshield.engine import Player
from skyshield.scenario import Resolved
from skyshield.study.compare import first_days_mark, size_marks
from skyshield.study.key import study_key
from skyshield.study.maps import thread_map
from skyshield.study.months import month_of_day
from skyshield.study.moves import moves
from skyshield.study.parquet import Parquet
from skyshield.study.plan import (
    BLOCK_REPLICATIONS,
    RELIEF,
    SHARD_VECTORS,
    Arm,
    Block,
    Shard,
    arm_replications,
    arms,
    keeps_months,
    missing_shards,
    played_replications,
    vectors_of_shard,
)
from skyshield.study.shards import Stored, columns_of
from skyshield.study.sharing import cut_options, same_options
from skyshield.study.totals import Sums, add_up

SAMPLE_VECTORS, SAMPLED_ARMS, MOST_BLOCKS = 16, 6, 4096
PLAY_S = 1.0  # of both short plays together
# Seconds after play, over those of the first compilation: a file stored, an option summarised, the pages. And what
# compiling and playing side by side lose to each other.
SHARES = {"file": 0.008, "option": 0.04, "pages": 2.2, "both": 0.3}
# What a study's other files take besides the scenario: once, an arm, an option, a month of an option.
KILOBYTES = {"once": 350.0, "arm": 4.0, "option": 150.0, "month": 9.0}
_KILO = 1000.0


class Planned(NamedTuple):
    """What a run would play.

    Attributes
    ----------
    content
        What ``run --dry-run --json`` prints, without the estimate.
    arms, touched
        Ways of playing the study, and how many options each plays.
    sizes
        Replications a vector of each, at most.
    context
        Of the scenario, with what its first world had to work out.
    headline
        Compiled for one vector.
    resolved_bytes
        Of the scenario with all that belongs to it.
    seconds
        That compiling took: ``context``, ``first``, and of each other arm, in order.
    """

    content: dict[str, Any]
    arms: tuple[Arm, ...]
    touched: list[int]
    sizes: tuple[int, ...]
    context: CompileContext
    headline: Compiled
    resolved_bytes: int
    seconds: dict[str, Any]


class Measured(NamedTuple):
    """What short trials took.

    Attributes
    ----------
    growth
        By how much a vector more lengthens the compilation of the arms, over that for one vector.
    headline_s
        Of compiling the headline for `SAMPLE_VECTORS` vectors or fewer.
    once_s, option_s
        Of a day: what is done once, and for each option, on all threads together.
    file_bytes, row_bytes
        Of shards, by whether they hold months.
    """

    growth: float
    headline_s: float
    once_s: float
    option_s: float
    file_bytes: dict[bool, float]
    row_bytes: dict[bool, float]


def planned(resolved: Resolved, vectors: int, replications: int, seed: int, relief: bool) -> Planned:
    """Return what a run would play. ``raid_days`` are without joint arms; what an arm touches is told by one vector."""
    scenario, fit, catalogue, _ = resolved.parts()
    begin_s = time.perf_counter()
    context = prepare_context(resolved)
    context_s = time.perf_counter() - begin_s
    compiler = ArmCompiler(context, seed, 1)
    compiled, first_s = _timed(functools.partial(compiler.compile, {}))
    chosen = arms(compiled.without_centre, catalogue, relief)
    sizes = arm_replications(len(chosen), replications)
    touched, each_s = [len(resolved.options)], []
    for arm in chosen[1:]:
        other, arm_s = _timed(functools.partial(compiler.compile, arm.ends))
        touched.append(int((~same_options(compiled.world, other.world)).sum()))
        each_s.append(arm_s)
    judged = len(resolved.options) - 1 - len(scenario.dropped_clauses())
    content = {
        "scenario": scenario.name, "study_key": study_key(resolved, seed, scenario.days), "seed": seed,
        "vectors": vectors, "replications": replications, "days": scenario.days,
        "of_days": scenario.campaign_days, "arms": len(sizes),
        "joint_arms_at_most": 2 * judged if compiled.without_centre else 0,
        "options": list(resolved.options), "baseline": resolved.baseline,
        "marks": [*size_marks(fit.status, vectors, replications),
                  *first_days_mark(scenario.days, scenario.campaign_days)],
        "blocks": sum(len(shard.blocks()) for shard in missing_shards(sizes, vectors, (), SHARD_VECTORS)),
        "raid_days": scenario.days * sum(played * options for played, options in zip(
            played_replications(sizes, vectors), touched, strict=True)),
        "arm_list": arm_list(chosen, touched, resolved)}
    return Planned(content, chosen, touched, sizes, context, compiled, len(resolved.json),
                   {"context": context_s, "first": first_s, "arms": each_s})


def arm_list(chosen: Sequence[Arm], touched: Sequence[int], resolved: Resolved) -> list[dict[str, Any]]:
    """Return what each arm moves, in words, to which end, and how many options it touches and so plays."""
    catalogue = resolved.parts()[2]
    moved = {one.arm: one for one in moves(chosen, catalogue)}
    rows = []
    for number, (arm, options) in enumerate(zip(chosen, touched, strict=True)):
        one = moved.get(number)
        row: dict[str, Any] = {"arm": number, "kind": arm.kind, "options": options}
        if one is not None:
            unit = "" if one.value is None else catalogue[one.name].unit
            row |= {"what": one.label, "entry": one.name, "end": one.end, "value": one.value, "unit": unit}
        else:
            row["what"] = ("Stops that an option saves Ukraine help it elsewhere" if arm.kind == RELIEF else
                           "The headline: every number at its own value")
        rows.append(row)
    return rows


def measured(plan: Planned, resolved: Resolved, jobs: int) -> Measured:
    """Measure what compiling and playing take here and now, and what a sample takes on the disk."""
    content, scenario = plan.content, resolved.parts()[0]
    n = min(content["vectors"], SAMPLE_VECTORS)
    compiler = ArmCompiler(plan.context, content["seed"], n)
    headline, headline_s = _timed(functools.partial(compiler.compile, {}))
    each = plan.seconds["arms"]
    order = sorted(range(len(each)), key=lambda k: -each[k])
    some = order[::max(1, len(order) // SAMPLED_ARMS)] if n > 1 else []
    growth = 0.0
    if some:
        longer = sum(_timed(functools.partial(compiler.compile, plan.arms[1 + k].ends))[1] for k in some)
        growth = max(0.0, longer / sum(each[k] for k in some) - 1.0) / (n - 1)
    month = month_of_day(scenario.start_date, scenario.days)
    replications = min(content["replications"], BLOCK_REPLICATIONS)

    def played(player: Player, block: Block) -> Sums:
        start = word_of(block.vector, 0)
        return add_up(player.play(content["seed"], start + block.first, start + block.last, month), keep_months=True)

    whole, alone = Player(headline.world), Player(cut_options(headline.world, (len(content["options"]) - 1,)))
    played(whole, Block(0, 0, 0, 1))  # loads what was compiled
    whole_s, sums = _per_day(functools.partial(played, whole), n, replications, scenario.days, jobs)
    one_s, _ = _per_day(functools.partial(played, alone), n, replications, scenario.days, jobs)
    option_s = max(0.0, whole_s - one_s) / max(1, len(content["options"]) - 1)
    file_bytes, row_bytes = _bytes(sums, replications)
    return Measured(growth, headline_s, max(0.0, one_s - option_s), option_s, file_bytes, row_bytes)


def _per_day(function: Callable[[Block], Sums], vectors: int, replications: int, days: int,
             jobs: int) -> tuple[float, list[Sums]]:
    """Play blocks for a short while on all threads; return the seconds a day of one replication takes, and the sums."""
    begin_s = time.perf_counter()

    def blocks() -> Iterator[Block]:
        for k in range(MOST_BLOCKS):
            if k >= jobs and time.perf_counter() - begin_s > PLAY_S / 2.0:
                return
            yield Block(0, k % vectors, 0, replications)

    sums = [sums for _, sums in thread_map(function, blocks(), jobs=jobs)]
    return (time.perf_counter() - begin_s) / (len(sums) * replications * days), sums


def _bytes(sums: Sequence[Sums], replications: int) -> tuple[dict[bool, float], dict[bool, float]]:
    """Return the bytes of a file and of a row, by whether months are kept, from two samples of unlike size."""
    file_bytes, row_bytes = {}, {}
    whole = list(sums[:SAMPLE_VECTORS])
    parts = (whole[:max(1, len(whole) // 2)], whole)
    with tempfile.TemporaryDirectory() as folder, Parquet() as parquet:
        for months in (True, False):
            sizes = []
            for part in parts:
                kept = [one.months for one in part if one.months is not None] if months else []
                stored = Stored(np.stack([one.counts for one in part]), np.stack([one.amounts for one in part]),
                                np.stack(kept) if kept else None, np.stack([one.failed for one in part]))
                path = Path(folder) / "sample.parquet"
                parquet.write(path, columns_of(Shard(0, 0, len(part), 0, replications), stored))
                sizes.append((len(part) * replications * stored.counts.shape[2], path.stat().st_size))
            (few, small), (many, large) = sizes
            row_bytes[months] = (large - small) / (many - few) if many > few else large / many
            file_bytes[months] = max(0.0, large - row_bytes[months] * many)
    return file_bytes, row_bytes


def estimate(plan: Planned, found: Measured, before_s: float, jobs: int, kept: bool, months: int) -> dict[str, float]:
    """Return ``wall_s`` and ``disk_bytes`` of a whole run, which keeps a folder or not.

    Parameters
    ----------
    before_s
        From the start of the process to the compilation.
    months
        Of the period.
    """
    content, seconds = plan.content, plan.seconds
    vectors, days, n_options = content["vectors"], content["days"], len(content["options"])
    joint = content["joint_arms_at_most"] // 2 if vectors >= SAMPLE_VECTORS and content["replications"] > 1 else 0
    played = played_replications(plan.sizes, vectors)
    of_joint = played[-1] * joint if len(played) > 1 else 0
    play_s = sum(days * of * (found.once_s * (n > 0) + n * found.option_s)
                 for of, n in zip([*played, of_joint], [*plan.touched, 2], strict=True))
    headline_s = found.headline_s * max(1.0, vectors / SAMPLE_VECTORS)
    arms_s = sum(seconds["arms"]) * (1.0 + found.growth * (vectors - 1))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    together_s = max(arms_s, play_s, (arms_s + play_s * min(jobs, cores)) / cores)
    together_s += SHARES["both"] * min(arms_s, play_s)
    files = len(plan.arms) + joint
    after_s = seconds["first"] * (SHARES["option"] * n_options + (SHARES["file"] * files + SHARES["pages"]) * kept)
    wall_s = before_s + seconds["context"] + seconds["first"] + headline_s * (1 + joint) + together_s + after_s
    return {"wall_s": wall_s, "disk_bytes": _disk(plan, found, joint, months) if kept else 0.0}


def _disk(plan: Planned, found: Measured, joint: int, months: int) -> float:
    content = plan.content
    vectors, n_options = content["vectors"], len(content["options"])
    of_vector = min(BLOCK_REPLICATIONS, content["replications"]) * content["days"] * n_options
    per_file = vectors_of_shard(of_vector)
    kinds = [(size, keeps_months(arm)) for arm, size in zip(plan.arms, plan.sizes, strict=True)]
    kinds += [(plan.sizes[-1], False)] * joint
    shards = sum((found.file_bytes[of] + found.row_bytes[of] * min(per_file, vectors) * min(BLOCK_REPLICATIONS, size)
                  * n_options) * math.ceil(vectors / per_file) * math.ceil(size / BLOCK_REPLICATIONS)
                 for size, of in kinds)
    words = (KILOBYTES["once"] + KILOBYTES["arm"] * len(kinds)
             + n_options * (KILOBYTES["option"] + KILOBYTES["month"] * months))
    parameters = len(plan.headline.parameters) * (180.0 + 8.0 * vectors)
    return float(shards + parameters + plan.resolved_bytes + _KILO * words)


def _timed(function: Callable[[], Compiled]) -> tuple[Compiled, float]:
    begin_s = time.perf_counter()
    result = function()
    return result, time.perf_counter() - begin_s
