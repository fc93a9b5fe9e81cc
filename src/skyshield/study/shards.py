"""Shards: the blocks of one arm that are stored as one file, gathered as they are played, and their columns.

A shard has one row a vector, replication, month and option, in this order; one of days has days in place of months.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats
from skyshield.engine import AMOUNTS, COUNTS, Tally
from skyshield.study.parquet import Columns
from skyshield.study.plan import Block, Shard
from skyshield.study.totals import Sums

MONTH, DAY = "month", "day"


class Stored(NamedTuple):
    """What a shard holds.

    Attributes
    ----------
    counts
        i4[vector, replication, month, option, len(COUNTS)].
    amounts
        f8[vector, replication, month, option, len(AMOUNTS)].
    failed
        u1[vector, replication].
    """

    counts: Counts
    amounts: Floats
    failed: Flags


class Gathered:
    """A shard whose blocks come in any order.

    Parameters
    ----------
    shard
        Which.
    """

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self._sums: dict[Block, Sums] = {}
        self._days: dict[Block, Tally] = {}

    def add(self, block: Block, sums: Sums) -> bool:
        """Take a block's sums; return whether the shard is whole."""
        if sums.days is not None:
            self._days[block] = sums.days
        self._sums[block] = sums._replace(days=None)
        return len(self._sums) == self.shard.last_vector - self.shard.first_vector

    def months(self) -> Stored:
        """Return what was gathered, by month."""
        sums = [self._sums[block] for block in self.shard.blocks]
        return Stored(np.stack([one.counts for one in sums]), np.stack([one.amounts for one in sums]),
                      np.stack([one.failed for one in sums]))

    def days(self) -> Stored | None:
        """Return what was gathered, by day, where the study keeps it."""
        if not self._days:
            return None
        days = [self._days[block] for block in self.shard.blocks]
        return Stored(np.stack([one.counts.astype(np.int32) for one in days]), np.stack([one.amounts for one in days]),
                      np.stack([one.failed for one in days]))


def columns_of(shard: Shard, stored: Stored, period: str) -> Columns:
    """Return a shard as columns; `period` is `MONTH` or `DAY`.

    Rows are in order of option first: what is alike stands together, and takes a sixth less of the disk.
    """
    vectors, replications, periods, options = stored.counts.shape[:4]
    index = np.indices((options, vectors, replications, periods), np.int32).reshape(4, -1)
    columns: Columns = {"vector": index[1] + np.int32(shard.first_vector), "replication": index[2] +
                        np.int32(shard.first), period: index[3], "option": index[0],
                        "failed": np.tile(np.repeat(stored.failed.reshape(-1), periods), options)}
    for names, values in ((COUNTS, stored.counts), (AMOUNTS, stored.amounts)):
        columns |= {name: np.moveaxis(values[..., k], -1, 0).reshape(-1) for k, name in enumerate(names)}
    return columns


def stored_of(columns: Columns, shard: Shard, options: int) -> Stored:
    """Return what `columns_of` made columns of."""
    shape = options, shard.last_vector - shard.first_vector, shard.last - shard.first, -1
    counts, amounts = (np.stack([np.moveaxis(columns[name].reshape(shape), 0, -1) for name in names], axis=-1)
                       for names in (COUNTS, AMOUNTS))
    failed = columns["failed"].reshape(shape)[0, :, :, 0]
    return Stored(np.asarray(counts, np.int32), np.asarray(amounts, np.float64), np.asarray(failed, np.uint8))
