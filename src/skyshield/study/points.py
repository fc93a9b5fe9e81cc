"""Play many points of a design: worlds whose parameters are given, one vector each, on raids the caller chooses.

A study plays parameter vectors on raids of their own. A design of experiments asks what changes if one number moves,
so its points must be able to meet the same raids: every point is played as vector 0, on the replications named for
it. Points with the same first replication meet the same raids and the same dice; what differs between them is caused
by their parameters.

Points are compiled in chunks of `CHUNK`, always at the same places of the design, so memory does not grow with it and
results do not depend on the number of jobs.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.planned import planned_lines
from skyshield.compile.world import compile_world
from skyshield.core.addresses import MAX_REPLICATIONS
from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.engine import AMOUNTS, COUNTS, Tally, World, play
from skyshield.engine.axes import ARRAYS
from skyshield.study.maps import Map, thread_map
from skyshield.study.months import month_of_day
from skyshield.study.plan import Block, check_seed
from skyshield.study.result import MEASURES

Progressed = Callable[[int, int], None]

CHUNK = 64


@dataclass(frozen=True)
class Points:
    """What points came to.

    Attributes
    ----------
    values
        f8[point, replication, option, measure]: totals over the period; NaN where a replication failed.
    options, measures
        Names along the last two axes.
    raid_days
        Played.
    """

    values: Floats
    options: tuple[str, ...]
    measures: tuple[str, ...]
    raid_days: int

    def minus(self, baseline: str, measure: str) -> dict[str, Floats]:
        """Return option -> f8[point, replication]: a measure of each other option minus the baseline's, same raids."""
        at, base = self.measures.index(measure), self.options.index(baseline)
        return {name: self.values[:, :, k, at] - self.values[:, :, base, at]
                for k, name in enumerate(self.options) if k != base}


def play_points(context: CompileContext, given: Mapping[str, Floats], seed: int, replications: int,
                first: Integers | None = None, measures: Sequence[str] = MEASURES,
                map: Map = thread_map, progress: Progressed | None = None) -> Points:  # noqa: A002
    """Play every point of a design.

    Parameters
    ----------
    context
        Of the scenario.
    given
        f8[point] by name, SI units: all that shall not be drawn. What is not given stands where a study's first vector
        has it.
    seed
        Of the raids.
    replications
        A point.
    first
        i8[point]: its first replication, 0 if not given; points that share it meet the same raids.
    measures
        To keep.
    map, progress
        As in `skyshield.study.runner.run`; progress is told how many points are played, of how many.

    Raises
    ------
    SkyShieldError
        If the replications are more than the addresses of the raids can hold, or nothing is given.
    """
    check_seed(seed)
    sizes = {len(values) for values in given.values()}
    if len(sizes) != 1:
        raise SkyShieldError("design", f"has columns of {len(sizes)} sizes", "give each parameter a value a point")
    n = sizes.pop()
    begins = np.zeros(n, np.int64) if first is None else np.asarray(first, np.int64)
    if replications < 1 or n < 1 or begins.min() < 0 or int(begins.max()) + replications > MAX_REPLICATIONS:
        raise SkyShieldError("design", f"needs replications beyond {MAX_REPLICATIONS:,}",
                             "ask for fewer samples or replications")
    scenario = context.scenario
    n_options = len(scenario.options)
    at = [MEASURES.index(measure) for measure in measures]
    values = np.full((n, replications, n_options, len(at)), np.nan)
    planned_lines(context)  # is worked out once and stays shared
    month = month_of_day(scenario.start_date, context.days)  # as studies add days up
    done = 0
    for chunk in _chunks(n):
        some = {name: column[chunk] for name, column in given.items()}
        worlds = _worlds(context, some, seed, len(chunk))

        def function(block: Block, worlds: list[World] = worlds) -> Tally:
            return play(worlds[block.vector], seed, block.first, block.last, month)

        blocks = [Block(0, k, int(begins[point]), int(begins[point]) + replications)
                  for k, point in enumerate(chunk.tolist())]
        for block, tally in map(function, blocks):
            values[chunk[block.vector]] = _totals(tally)[..., at]
            done += 1
            if progress is not None:
                progress(done, n)
    return Points(values, tuple(o.name for o in scenario.options), tuple(measures),
                  n * replications * n_options * context.days)


def _chunks(n: int) -> Iterator[Integers]:
    """Yield the numbers of the points that are compiled together."""
    for start in range(0, n, CHUNK):
        yield np.arange(start, min(n, start + CHUNK))


def _worlds(context: CompileContext, given: Mapping[str, Floats], seed: int, n: int) -> list[World]:
    """Compile points together and return a world of one vector for each."""
    apart = dataclasses.replace(context, worked_out=dict(context.worked_out))  # what is kept for a chunk goes with it
    return one_by_one(apart, given, seed, n)


def one_by_one(context: CompileContext, given: Mapping[str, Floats], seed: int, n: int) -> list[World]:
    """Return worlds of one vector each, cut out of one that is compiled for all."""
    whole = compile_world(context, seed, n, given=given).world
    return [cast("World", _cut(whole, "", v)) for v in range(n)]


def _cut(group: Any, prefix: str, vector: int) -> Any:
    """Return the arrays of one vector; those that the engine's table of axes gives no axis of vectors are shared."""
    return type(group)(*(
        _cut(value, f"{prefix}{field}.", vector) if isinstance(value, tuple)
        else value[vector:vector + 1] if ARRAYS[f"{prefix}{field}"].axes[0] == "vector" else value
        for field, value in zip(group._fields, group, strict=True)))


def _totals(tally: Tally) -> Floats:
    """Return f8[replication, option, measure] over the months, added in their order; NaN where one failed."""
    computed = np.concatenate([np.add.reduce(tally.counts, axis=1).astype(np.float64),
                               np.add.reduce(tally.amounts, axis=1)], axis=-1)
    assert computed.shape[-1] == len(COUNTS) + len(AMOUNTS)  # noqa: S101
    computed[np.asarray(tally.failed) > 0] = np.nan
    return computed
