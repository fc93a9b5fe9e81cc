"""Totals of one option that a session keeps: of each vector its first replications, as many as were ever played."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats, Integers
from skyshield.engine import AMOUNTS, COUNTS
from skyshield.study.plan import BLOCK_REPLICATIONS, Block


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
        u1[vector, replication]: stage at which a replication failed, 0 if it did not.
    there
        i8[vector]: how many replications are played.
    planned_eur
        f8[1]: what the option plans to spend in the period, fully loaded.
    """

    counts: Counts
    amounts: Floats
    failed: Flags
    there: Integers
    planned_eur: Floats

    @classmethod
    def nothing(cls, vectors: int, replications: int) -> "Played":
        """Return room for so many."""
        shape = vectors, replications
        return cls(np.zeros((*shape, len(COUNTS)), np.int32), np.zeros((*shape, len(AMOUNTS))),
                   np.zeros(shape, np.uint8), np.zeros(vectors, np.int64), np.zeros(1))

    def grown(self, vectors: int, replications: int) -> "Played":
        """Return the same with room for so many at least; itself if there is."""
        held = self.failed.shape
        if held[0] >= vectors and held[1] >= replications:
            return self
        larger = Played.nothing(max(held[0], vectors), max(held[1], replications))
        larger.counts[:held[0], :held[1]], larger.amounts[:held[0], :held[1]] = self.counts, self.amounts
        larger.failed[:held[0], :held[1]], larger.there[:held[0]] = self.failed, self.there
        larger.planned_eur[:] = self.planned_eur
        return larger

    def holds(self, vectors: int, replications: int) -> bool:
        """Say whether so many replications of so many vectors are played."""
        return len(self.there) >= vectors and bool((self.there[:vectors] >= replications).all())

    def put(self, vector: int, first: int, counts: Counts, amounts: Floats, failed: Flags) -> None:
        """Put a block of replications [replication, measure] from `first` on, the next of its vector."""
        last = first + len(failed)
        self.counts[vector, first:last], self.amounts[vector, first:last] = counts, amounts
        self.failed[vector, first:last], self.there[vector] = failed, last


class Missing(NamedTuple):
    """Blocks that are still to be played, and which options each of their groups, its arm, is of."""

    groups: list[tuple[str, ...]]
    blocks: list[Block]


def missing(played: Mapping[str, Played], names: Sequence[str], vectors: int, replications: int) -> Missing:
    """Return what options lack of a size; those that lack the same of a vector are played together.

    Examples
    --------
    >>> half = Played.nothing(2, 2)
    >>> half.there[:] = 1
    >>> found = missing({"a": half, "b": Played.nothing(2, 2)}, ("a", "b"), 1, 2)
    >>> found.groups, [block[:] for block in found.blocks]
    ([('a',), ('b',)], [(0, 0, 1, 2), (1, 0, 0, 2)])
    """
    groups: dict[tuple[str, ...], int] = {}
    blocks = [Block(groups.setdefault(of, len(groups)), vector, a, min(a + BLOCK_REPLICATIONS, replications))
              for vector in range(vectors) for first, of in _by_start(played, names, vector, replications)
              for a in range(first, replications, BLOCK_REPLICATIONS)]
    return Missing(list(groups), blocks)


def _by_start(played: Mapping[str, Played], names: Sequence[str], vector: int,
              replications: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield from which replication on a vector is missing, and of which options."""
    starts: dict[int, list[str]] = {}
    for name in names:
        if (first := int(played[name].there[vector])) < replications:
            starts.setdefault(first, []).append(name)
    for first, of in starts.items():
        yield first, tuple(of)
