"""The totals of a study in memory: by arm and measure, and of an arm only what it moves.

An arm moves one number, which leaves most measures and options as they are in the headline: these are looked up there.
A joint arm is kept for its own options and the baseline, all others are zero in it and take no room (`left_out`). Each
number takes as few bytes as hold it exactly. The default study needs an eighth of what all its numbers in double
precision would take.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats, Integers
from skyshield.engine import AMOUNTS, COUNTS, Tally
from skyshield.study.plan import Block, Shard

MEASURES = (*COUNTS, *AMOUNTS)
NOT_PLAYED = 255  # in `failed`, while a study is played


class Sums(NamedTuple):
    """What one block comes to.

    Attributes
    ----------
    counts
        i4[replication, month, option, len(COUNTS)].
    amounts
        f8[replication, month, option, len(AMOUNTS)].
    failed
        u1[replication]: stage at which a replication failed, 0 if it did not.
    days
        The same by day, where the study keeps it.
    """

    counts: Counts
    amounts: Floats
    failed: Flags
    days: Tally | None


def add_up(tally: Tally, starts: Integers, keep_days: bool) -> Sums:
    """Add the days of a tally up by month, in their order; `starts` are the first days of months.

    Examples
    --------
    >>> one = Tally(np.ones((1, 3, 1, len(COUNTS)), np.int64), np.ones((1, 3, 1, len(AMOUNTS))), np.zeros(1, np.uint8))
    >>> add_up(one, np.array([0, 2]), False).counts[0, :, 0, 0].tolist()
    [2, 1]
    """
    ends = [*starts[1:], tally.counts.shape[1]]
    counts, amounts = (np.stack([np.add.reduce(values[:, a:b], axis=1) for a, b in zip(starts, ends, strict=True)],
                                axis=1) for values in (tally.counts, tally.amounts))
    return Sums(counts.astype(np.int32), amounts, tally.failed, tally if keep_days else None)


def left_out(sums: Sums, options: Sequence[int]) -> Sums:
    """Return what a block comes to with some options zero, which its arm is not kept for."""
    if not options:
        return sums
    days = sums.days
    for values in (sums.counts, sums.amounts, *(() if days is None else (days.counts, days.amounts))):
        values[:, :, list(options)] = 0
    return sums


class _Moved(NamedTuple):
    """What an arm moves of a measure: options and their values [moved option, vector, replication], and to zero."""

    options: Integers
    values: Counts | Floats
    zero: Integers


class Column(NamedTuple):
    """One measure of every arm.

    Attributes
    ----------
    values
        By arm f8[option, vector, replication].
    moved
        By arm, whether any of it differs from the headline's first replications.
    """

    values: list[Floats]
    moved: list[bool]

    def minus(self, ones: Sequence[int], others: Sequence[int]) -> "Column":
        """Return f8[pair, vector, replication] by arm: the differences of options to others."""
        return Column([values[list(ones)] - values[list(others)] for values in self.values], self.moved)

    def plus(self, other: "Column") -> "Column":
        """Return both measures added up."""
        return Column([a + b for a, b in zip(self.values, other.values, strict=True)],
                      [a or b for a, b in zip(self.moved, other.moved, strict=True)])


def _small(values: Counts | Floats) -> Any:
    """Return the same numbers in as few bytes as hold them exactly."""
    smaller = values.astype(np.uint16 if values.dtype == np.int32 else np.float32)
    return smaller if np.array_equal(smaller, values) else values.copy()


def column_of(values: "Totals | Sequence[Floats]", measure: int) -> Column:
    """Return one measure of totals; plain arrays by arm are f8[vector, replication, option, measure]."""
    if isinstance(values, Totals):
        return values.column(measure)
    return Column([np.ascontiguousarray(np.moveaxis(one[..., measure], 2, 0)) for one in values],
                  [arm > 0 for arm in range(len(values))])


class Totals:
    """Totals over the period of every arm; item by item f8[vector, replication, option, measure] of each.

    Parameters
    ----------
    sizes
        Replications a vector of each arm; none has more than the headline, which comes first.
    vectors, options
        How many.

    Attributes
    ----------
    failed
        By arm u1[vector, replication]: stage at which a replication failed, `NOT_PLAYED` while it is not there.
    """

    def __init__(self, sizes: Sequence[int], vectors: int, options: int) -> None:
        self._sizes, self._shape = tuple(sizes), (options, vectors)
        self.failed: list[Flags] = [np.full((vectors, n), NOT_PLAYED, np.uint8) for n in sizes]
        self._filling: dict[int, tuple[Counts, Floats]] = {}
        self._columns: dict[int, list[Counts | Floats | _Moved]] = {}
        self._missing = [vectors * n for n in sizes]

    def add(self, sizes: Sequence[int]) -> None:
        """Make room for more arms, after those that are there."""
        vectors = self._shape[1]
        self._sizes += tuple(sizes)
        self.failed += [np.full((vectors, n), NOT_PLAYED, np.uint8) for n in sizes]
        self._missing += [vectors * n for n in sizes]

    def __len__(self) -> int:
        return len(self._sizes)

    def __getitem__(self, arm: int) -> Floats:
        arm = range(len(self))[arm]  # raises IndexError beyond the last, which ends a loop
        values = [self._values(arm, measure) for measure in range(len(MEASURES))]
        return np.ascontiguousarray(np.stack(values, axis=-1).transpose(1, 2, 0, 3), np.float64)

    def _values(self, arm: int, measure: int) -> Counts | Floats:
        """Return [option, vector, replication]: one measure of an arm, zero where it is not played yet."""
        if arm in self._columns:
            own = self._columns[arm][measure]
            if not isinstance(own, _Moved):
                return own
            values = self._values(0, measure)[..., :self._sizes[arm]]
            if len(own.options) or len(own.zero):
                values = values.astype(np.float64)
                values[own.options], values[own.zero] = own.values, 0.0
            return values
        counts, amounts = self._parts(arm)
        part: Counts | Floats = counts[measure] if measure < len(COUNTS) else amounts[measure - len(COUNTS)]
        return part

    def _parts(self, arm: int) -> tuple[Counts, Floats]:
        """Return an arm's counts and amounts while it is filled, [measure, option, vector, replication]."""
        if arm not in self._filling:
            shape = (*self._shape, self._sizes[arm])
            self._filling[arm] = np.zeros((len(COUNTS), *shape), np.int32), np.zeros((len(AMOUNTS), *shape))
        return self._filling[arm]

    def column(self, measure: int) -> Column:
        """Return one measure of every arm."""
        moved = [self._is_moved(arm, measure) for arm in range(len(self))]
        headline = self._values(0, measure).astype(np.float64)
        values = [np.asarray(self._values(arm, measure), np.float64) if moved[arm] else headline[..., :n]
                  for arm, n in enumerate(self._sizes)]
        return Column([headline, *values[1:]], [False, *moved[1:]])

    def _is_moved(self, arm: int, measure: int) -> bool:
        own = self._columns[arm][measure] if arm in self._columns else None
        return not isinstance(own, _Moved) or len(own.options) > 0 or len(own.zero) > 0

    def select(self, arms: Sequence[int]) -> "Totals":
        """Return the totals of some arms, the headline first."""
        options, vectors = self._shape
        chosen = Totals([self._sizes[arm] for arm in arms], vectors, options)
        chosen.failed = [self.failed[arm] for arm in arms]
        chosen._filling = {k: self._filling[arm] for k, arm in enumerate(arms) if arm in self._filling}
        chosen._columns = {k: self._columns[arm] for k, arm in enumerate(arms) if arm in self._columns}
        return chosen

    def place(self, block: Block, sums: Sums) -> None:
        """Put a block's totals where they belong: its months added up in their order."""
        self.fill(block.arm, slice(block.vector, block.vector + 1), slice(block.first, block.last),
                  np.add.reduce(sums.counts, axis=1)[None], np.add.reduce(sums.amounts, axis=1)[None],
                  np.asarray(sums.failed)[None])

    def fill(self, arm: int, vectors: slice, replications: slice, counts: Counts | Integers, amounts: Floats,
             failed: Flags) -> None:
        """Put totals [vector, replication, option, measure] of some vectors and replications where they belong."""
        of_counts, of_amounts = self._parts(arm)
        of_counts[:, :, vectors, replications] = counts.transpose(3, 2, 0, 1)
        of_amounts[:, :, vectors, replications] = amounts.transpose(3, 2, 0, 1)
        self.failed[arm][vectors, replications] = failed
        self._missing[arm] -= failed.size
        if self._missing[0] == 0:
            for whole in [other for other in self._filling if self._missing[other] == 0]:
                self._share(whole)

    def _share(self, arm: int) -> None:
        """Let go of what an arm that is whole has in common with the headline."""
        counts, amounts = self._filling.pop(arm)
        own: list[Counts | Floats | _Moved] = [_small(values) for values in (*counts, *amounts)]
        n = self._sizes[arm]
        if arm > 0 and np.array_equal(self.failed[arm], self.failed[0][:, :n]):
            for measure, values in enumerate([*counts, *amounts]):
                differs = (values != self._values(0, measure)[..., :n]).any(axis=(1, 2))
                zero = differs & ~values.any(axis=(1, 2))
                options = np.flatnonzero(differs & ~zero)
                own[measure] = _Moved(options, _small(values[options]), np.flatnonzero(zero))
        self._columns[arm] = own

    def take_over(self, smaller: "Totals", arms: Iterable[int]) -> list[Shard]:
        """Copy the totals of some arms of a smaller study; return what need not be played."""
        shards = []
        for arm in arms:
            failed = smaller.failed[arm]
            vectors, n = failed.shape
            values = smaller[arm]
            self.fill(arm, slice(0, vectors), slice(0, n), values[..., :len(COUNTS)].astype(np.int32),
                      values[..., len(COUNTS):], failed)
            shards.append(Shard(arm, 0, vectors, 0, n))
        return shards
