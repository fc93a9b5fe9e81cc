"""Part of step 17: whose turn it is.

Threats wait in a binary heap, the one that can be begun first on top: of equal turns the one that came within reach
first, of equal openings the first of the raid. A turn only ever moves later, so the top sinks.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.engine.scratch import Raid


@kernel
def comes_before(a: int, a_s: float, b: int, b_s: float, raid: Raid) -> bool:
    """Return whether threat a, whose turn is at `a_s`, comes before threat b, whose turn is at `b_s`."""
    if a_s != b_s:
        return a_s < b_s
    if raid.opening_s[a] != raid.opening_s[b]:
        return bool(raid.opening_s[a] < raid.opening_s[b])
    return a < b


@kernel
def sink(place: int, n_waiting: int, raid: Raid) -> None:
    """Let the threat at a place of the heap sink to where it belongs."""
    waiting, turn_s = raid.waiting, raid.turn_s
    i, its_s = waiting[place], turn_s[place]
    while 2 * place + 1 < n_waiting:
        child = 2 * place + 1
        if child + 1 < n_waiting and comes_before(waiting[child + 1], turn_s[child + 1], waiting[child], turn_s[child],
                                                  raid):
            child += 1
        if comes_before(i, its_s, waiting[child], turn_s[child], raid):
            break
        waiting[place], turn_s[place] = waiting[child], turn_s[child]
        place = child
    waiting[place], turn_s[place] = i, its_s


@kernel
def queue_up(raid: Raid) -> int:
    """Let every threat with an opening wait for it; return how many there are."""
    n_waiting = 0
    for k in range(raid.n_crossing[0]):
        i = raid.crossing[k]
        raid.waiting[n_waiting], raid.turn_s[n_waiting] = i, raid.opening_s[i]
        n_waiting += raid.opening_s[i] < np.inf
    for place in range(n_waiting // 2 - 1, -1, -1):
        sink(place, n_waiting, raid)
    return n_waiting


@kernel
def put_back(turn_s: float, n_waiting: int, raid: Raid) -> int:
    """Give the threat on top its next turn, or let it go if that is infinite; return how many wait."""
    raid.turn_s[0] = turn_s
    if turn_s == np.inf:
        n_waiting -= 1
        raid.waiting[0], raid.turn_s[0] = raid.waiting[n_waiting], raid.turn_s[n_waiting]
    sink(0, n_waiting, raid)
    return n_waiting
