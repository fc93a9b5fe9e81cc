"""A player works all blocks of a thread out in the same arrays: nothing of one block is read in another.

Mutations tried, each caught: threads in one place; room that is too small kept; room allocated for each block.
"""

import functools
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from skyshield.core.streams import word_of
from skyshield.engine import Player, blocks, play
from skyshield.scenario import load
from support.studies import compiled

SEED, VECTORS = 11, 4


@functools.cache
def world():
    """Fighters, guns and aid, three days; the attacker adapts to them in every second vector."""
    asked = load("month").model_copy(update={"days": 3}).chosen(("region", "aid_region"))
    whole = compiled(asked, SEED, VECTORS).world
    return whole._replace(response=whole.response._replace(displacement=np.array([0.0, 0.6, 0.0, 0.3])))


def bytes_of(tally):
    return b"".join(np.ascontiguousarray(part).tobytes() for part in tally)


def blocks_of():
    """Blocks of every vector, of sizes that differ, in an order that goes forth and back."""
    return [(word_of(vector, first), word_of(vector, first + n)) for first, n in ((0, 1), (1, 6), (0, 2), (7, 1))
            for vector in (*range(VECTORS), *reversed(range(VECTORS)))]


@functools.cache
def alone(first, last):
    return bytes_of(play(world(), SEED, first, last))


def test_blocks_are_those_of_players_of_their_own():
    player = Player(world())
    assert len({alone(*block) for block in blocks_of()}) == 4 * VECTORS
    for block in blocks_of():
        assert bytes_of(player.play(SEED, *block)) == alone(*block)


def test_threads_do_not_meet():
    player, asked = Player(world()), blocks_of() * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda block: bytes_of(player.play(SEED, *block)), asked))
    assert found == [alone(*block) for block in asked]


def test_room_is_allocated_once_and_anew_for_a_larger_raid(monkeypatch):
    made, new = [], blocks.new_scratch
    monkeypatch.setattr(blocks, "new_scratch", lambda *given: made.append(given[2:4]) or new(*given))
    player = Player(world())
    for block in blocks_of():
        player.play(SEED, *block)
    sizes = [(len(raid.threat), len(own.threat)) for raid, own in made]
    assert 2 <= len(sizes) <= 5
    assert all(later > sooner and later[0] >= sooner[0] and later[1] >= sooner[1]
               for sooner, later in pairwise(sizes))
    made.clear()
    for block in blocks_of():
        player.play(SEED, *block)
    assert not made


def test_it_travels_without_its_room():
    player = Player(world())
    assert bytes_of(player.play(SEED, 0, 2)) == alone(0, 2)
    make, given = player.__reduce__()
    assert all(mine is theirs for mine, theirs in zip(*given, player.world, strict=True))
    assert bytes_of(make(*given).play(SEED, 0, 2)) == alone(0, 2)
