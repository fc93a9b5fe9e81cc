"""The work that the benchmarks of the engine time: the shipped scenario's options on nights of a given size."""

import functools
import time

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.streams import word_of
from skyshield.core.vocabulary import DEEP_STREAM, FRONT_STREAM
from skyshield.engine.blocks import play_period
from skyshield.engine.day import draw_period, new_period
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.study import thread_map
from skyshield.study.plan import Block
from skyshield.theatre import load_theatre

SEED = 1
VECTORS = 16


@functools.cache
def shipped_world():
    """Return the shipped scenario's arrays for a few parameter vectors: every option, 30 days."""
    resolved = resolve(load("skyshield"), load_catalogue(), load_theatre(), embedded_fit())
    return compile_world(prepare_context(resolved), SEED, VECTORS).world


def of_size(world, first, replications, uavs):
    """Return a period as the world draws it, but with exactly `uavs` UAVs each night, in the night's own proportion."""
    period = new_period(world, replications)
    draw_period(world, np.uint64(SEED), first, first + replications, period)
    front, deep = period.counts[..., FRONT_STREAM], period.counts[..., DEEP_STREAM]
    share = np.where(front + deep > 0, deep, deep.sum()) / np.where(front + deep > 0, front + deep,
                                                                    front.sum() + deep.sum())
    period.counts[..., DEEP_STREAM] = np.rint(share * uavs)
    period.counts[..., FRONT_STREAM] = uavs - period.counts[..., DEEP_STREAM]
    return period


def raid_days_per_s(uavs, threads, replications, vectors=VECTORS):
    """Time blocks of one vector each on a pool of threads; return raid-days per second over all options."""
    world = shipped_world()
    periods = {vector: of_size(world, word_of(vector, 0), replications, uavs) for vector in range(vectors)}
    blocks = [Block(0, vector, 0, replications) for vector in range(vectors)]
    start_s = time.perf_counter()
    raid_days = 0
    for _, tally in thread_map(lambda block: play_period(world, SEED, word_of(block.vector, 0), periods[block.vector]),
                               blocks, jobs=threads):
        raid_days += int(np.prod(tally.counts.shape[:3]))
    return raid_days / (time.perf_counter() - start_s)
