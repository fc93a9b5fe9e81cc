"""Totals of one option that a session keeps: of each vector as many replications as were ever played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats
from skyshield.engine import AMOUNTS, COUNTS
from skyshield.study.plan import BLOCK_REPLICATIONS, Block
from skyshield.study.totals import NOT_PLAYED


@dataclass(frozen=True)
class Played:
    """What an option has come to so far.

    Attributes
    ----------
    counts
        i4[vector, replication, len(COUNTS)].
    amounts
        f8[vector, replication, len(AMOUNTS)].
    failed
        u1[vector, replication]: stage at which a replication failed, 0 if it did not, `NOT_PLAYED` while it is not
        there.
    planned_eur
        f8[1]: what the option plans to spend in the period, fully loaded.
    """

    counts: Counts
    amounts: Floats
    failed: Flags
    planned_eur: Floats

    @classmethod
    def nothing(cls, vectors: int, replications: int) -> "Played":
        """Return room for so many."""
        shape = vectors, replications
        return cls(np.zeros((*shape, len(COUNTS)), np.int32), np.zeros((*shape, len(AMOUNTS))),
                   np.full(shape, NOT_PLAYED, np.uint8), np.zeros(1))

    def grown(self, vectors: int, replications: int) -> "Played":
        """Return the same with room for so many at least; itself if there is."""
        v, r = self.failed.shape
        if v >= vectors and r >= replications:
            return self
        larger = Played.nothing(max(v, vectors), max(r, replications))
        larger.counts[:v, :r], larger.amounts[:v, :r] = self.counts, self.amounts
        larger.failed[:v, :r], larger.planned_eur[:] = self.failed, self.planned_eur
        return larger

    def holds(self, vectors: int, replications: int) -> bool:
        """Say whether so many replications of so many vectors, for which there is room, are played."""
        return bool((self.failed[:vectors, :replications] != NOT_PLAYED).all())

    def put(self, block: Block, counts: Counts, amounts: Floats, failed: Flags) -> None:
        """Put what a block came to [replication, measure] where it belongs."""
        part = block.vector, slice(block.first, block.last)
        self.counts[part], self.amounts[part], self.failed[part] = counts, amounts, failed


class Missing(NamedTuple):
    """Blocks that are still to be played, and which options each of their groups, its arm, is of."""

    groups: list[tuple[str, ...]]
    blocks: list[Block]


def missing(played: Mapping[str, Played], vectors: int, replications: int) -> Missing:
    """Return what options lack of a size; those that lack the same replications of a vector are played together.

    Of a vector's blocks each begins at a multiple of 64 replications, or after what of them is played.

    Examples
    --------
    >>> half = Played.nothing(2, 2)
    >>> half.failed[:, 0] = 0
    >>> found = missing({"a": half, "b": Played.nothing(2, 2)}, 1, 2)
    >>> found.groups, [tuple(block) for block in found.blocks]
    ([('b',), ('a',)], [(0, 0, 0, 2), (1, 0, 1, 2)])
    """
    groups: dict[tuple[str, ...], int] = {}
    blocks = []
    for start in range(0, replications, BLOCK_REPLICATIONS):
        last = min(start + BLOCK_REPLICATIONS, replications)
        firsts = {name: (start + (of.failed[:vectors, start:last] != NOT_PLAYED).sum(axis=1)).tolist()
                  for name, of in played.items()}
        for vector in range(vectors):
            for first, names in _alike({name: of[vector] for name, of in firsts.items() if of[vector] < last}):
                blocks.append(Block(groups.setdefault(names, len(groups)), vector, first, last))
    return Missing(list(groups), blocks)


def _alike(firsts: Mapping[str, int]) -> Sequence[tuple[int, tuple[str, ...]]]:
    """Return from where on options are missing, and which from there."""
    return [(first, tuple(name for name, of in firsts.items() if of == first)) for first in sorted({*firsts.values()})]
