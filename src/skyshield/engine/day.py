"""The day, in order.

For every vector, replication and day, once for all options:

1. Draw the night's raid: size by class, streams, launch areas, aims, loads, times (`steps.draw`).
2. Route each threat (`steps.route`).
3. Draw each threat's latent stop by Ukraine's own defence, a competing risk (`steps.own`).
5. Detect: one shared night factor, one draw a threat (`steps.detect`).

Then, for every option, on the same raid:

4. Man the patrol slots the option can keep up tonight (`steps.force`).
6. Apply the rules: when each patrol may engage; remember what a clause removes (`steps.permit`).
7. Engage in time order among live threats, redundant stops included (`steps.engage`).
8. Leakers reach their aims; 11. the day is tallied and threats are conserved (`steps.leak`).
10. Hours, sorties and money (`steps.cost`).

Detection (5) knows no option, so it is drawn once; nothing depends on its place between 3 and 6.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.engine import tally as t
from skyshield.engine.steps.cost import cost_day
from skyshield.engine.steps.detect import detect
from skyshield.engine.steps.draw import MAX_THREATS, draw_raid, raid_size
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.force import man_slots
from skyshield.engine.steps.leak import count_day
from skyshield.engine.steps.own import draw_own_stops
from skyshield.engine.steps.permit import permit
from skyshield.engine.steps.route import route_raid
from skyshield.engine.tally import Tally
from skyshield.engine.world import Floats, Integers, Raid, World, new_raid

_REPLICATION_BITS = 16


@kernel
def play_option(world: World, seed: np.uint64, word: int, day: int, option: int, n: int, raid: Raid,
                counts: Integers, amounts: Floats) -> bool:
    """Play one option on the day's raid; return whether its threats are conserved."""
    slots = world.forces.station_x_m.shape[1]
    vector = word >> _REPLICATION_BITS
    manned = np.zeros(slots, np.uint8)
    n_patrols = man_slots(world.forces, seed, word, day, option, manned)
    permit(world.rules, world.routes, world.forces, option, vector, manned, n, raid)
    engage(world.rules, world.routes, world.forces, seed, word, day, option, manned, np.zeros(slots),
           np.zeros(slots, np.int64), np.zeros(slots, np.int64), n, raid)
    conserved = count_day(world.rules, world.forces.engagement_time_s[vector], n, raid, counts)
    cost_day(world.forces, vector, day, option, n_patrols, counts, amounts)
    return conserved


@kernel
def play_day(world: World, seed: np.uint64, word: int, day: int, sizes: tuple[int, int, int], raid: Raid,
             counts: Integers, amounts: Floats) -> int:
    """Play one day of one replication for every option; return 0 or the stage that failed."""
    n = draw_raid(world.raids, int(world.routes.n_variants[0]), seed, word, day, sizes, raid)
    if not route_raid(world.routes, word >> _REPLICATION_BITS, n, raid):
        return t.FAILED_ROUTE
    if not draw_own_stops(world.own, world.routes, seed, word, day, n, raid):
        return t.FAILED_OWN
    detect(world.forces, seed, word, day, n, raid)
    for option in range(world.rules.class_allowed.shape[0]):
        if not play_option(world, seed, word, day, option, n, raid, counts[option], amounts[option]):
            return t.FAILED_TALLY
    return 0


@kernel
def largest_raid(world: World, seed: np.uint64, first: int, last: int, n_days: int) -> int:
    """Return the most threats any day of the block launches."""
    largest = 0
    for word in range(first, last):
        for day in range(n_days):
            sizes = raid_size(world.raids, seed, word, day)
            largest = max(largest, sizes[0] + sizes[1] + sizes[2])
    return largest


@kernel
def play_block(world: World, seed: np.uint64, first: int, last: int, raid: Raid, counts: Integers,
               amounts: Floats, failed: Integers) -> None:
    """Play the replications ``first <= word < last`` into the arrays of a tally."""
    for word in range(first, last):
        r = word - first
        for day in range(counts.shape[1]):
            sizes = raid_size(world.raids, seed, word, day)
            if sizes[0] + sizes[1] + sizes[2] > MAX_THREATS:
                failed[r] = t.FAILED_DRAW
            else:
                failed[r] = play_day(world, seed, word, day, sizes, raid, counts[r, day], amounts[r, day])
            if failed[r] != 0:
                counts[r] = 0
                amounts[r] = 0.0
                break


def play(world: World, seed: int, first: int, last: int) -> Tally:
    """Play a block of replications: the only door to the engine. Pure, and free of the interpreter lock.

    Parameters
    ----------
    world
        The arrays of `skyshield.engine.world`.
    seed
        64-bit seed of the study.
    first, last
        ``vector << 16 | replication`` of the first replication and of the one after the last; both of
        one vector.

    Returns
    -------
    Tally
        Counts, amounts and failures; a failed replication holds zeros and its stage.
    """
    n_days, n_options = world.raids.scale.shape[0], world.rules.class_allowed.shape[0]
    counts = np.zeros((last - first, n_days, n_options, len(t.COUNTS)), np.int64)
    amounts = np.zeros((last - first, n_days, n_options, len(t.AMOUNTS)))
    failed = np.zeros(last - first, np.int64)
    key = np.uint64(seed)
    raid = new_raid(min(MAX_THREATS, largest_raid(world, key, first, last, n_days)))
    play_block(world, key, first, last, raid, counts, amounts, failed)
    return Tally(counts, amounts, failed.astype(np.uint8))
