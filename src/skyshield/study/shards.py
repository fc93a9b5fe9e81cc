"""Shards: the blocks of one arm that are stored as one file, gathered as they are played, and their columns.

A shard has one row a vector, replication and option, with what the period comes to; of an arm that keeps its months
each of their measures has a column a month besides, such as ``prevented_zone/month_01``, and one a phase where there is
more than one. A shard of days has one row a
vector, replication, day and option. Rows are in order of option first: what is alike stands together, and takes a sixth
less of the disk.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats
from skyshield.engine import AMOUNTS, COUNTS, Tally
from skyshield.study.months import monthly_columns, phase_columns
from skyshield.study.parquet import Columns
from skyshield.study.plan import LEFT_OUT, Block, Shard
from skyshield.study.totals import Sums, Totals

OF_PARTS = "/(month|phase)_[0-9]+$"  # finds the columns of months and phases


class Stored(NamedTuple):
    """What a shard holds.

    Attributes
    ----------
    counts
        i4[vector, replication, option, len(COUNTS)].
    amounts
        f8[vector, replication, option, len(AMOUNTS)].
    months
        f8[vector, replication, month, option, measure of `monthly_columns`], None if the arm does not keep them.
    failed
        u1[vector, replication].
    phases
        f8[vector, replication, phase, option, measure of `phase_columns`], None where there are none.
    """

    counts: Counts
    amounts: Floats
    months: Floats | None
    failed: Flags
    phases: Floats | None = None


class Gathered:
    """A shard whose blocks come in any order.

    Parameters
    ----------
    shard
        Which.
    few
        Whether arms leave replications out.
    """

    def __init__(self, shard: Shard, few: bool = True) -> None:
        self.shard, self._blocks = shard, shard.blocks(few)
        self._sums: dict[Block, Sums] = {}

    def add(self, block: Block, sums: Sums) -> bool:
        """Take a block's sums; return whether the shard is whole."""
        self._sums[block] = sums
        return len(self._sums) == len(self._blocks)

    def _places(self) -> list[tuple[tuple[int, slice], Sums]]:
        """Return which vector and replications of the shard each block is, counted from its first ones."""
        shard = self.shard
        return [((block.vector - shard.first_vector, slice(block.first - shard.first, block.last - shard.first)),
                 self._sums[block]) for block in self._blocks]

    def stored(self, totals: Totals) -> Stored:
        """Return what was gathered, and from totals the headline's share of it.

        That are the options that an arm does not touch, and the replications that it does not play, which count for
        nothing. A replication that failed in the headline fails here too if it takes anything from there.
        """
        places, shard = self._places(), self.shard
        sums = places[0][1]
        if shard.arm == 0:
            every = [one for _, one in places]
            months, phases = ([part for one in every if (part := getattr(one, name)) is not None]
                              for name in ("months", "phases"))
            return Stored(np.stack([one.counts for one in every]), np.stack([one.amounts for one in every]),
                          np.stack(months) if months else None, np.stack([one.failed for one in every]),
                          np.stack(phases) if phases else None)
        n_options, played, shared = sums.counts.shape[1], list(sums.played), list(sums.shared)
        counts, amounts, of_headline = totals.headline(shard, range(n_options))
        kept = {name: getattr(totals, name)[0][shard.first_vector:shard.last_vector, shard.first:shard.last].copy()
                for name in ("months", "phases") if getattr(sums, name) is not None}
        failed = np.full(of_headline.shape, LEFT_OUT, np.uint8)
        unwanted = [option for option in range(n_options) if option not in (*played, *shared)]
        counts[:, :, unwanted], amounts[:, :, unwanted] = 0, 0.0
        for place, one in places:
            counts[place][:, played], amounts[place][:, played] = one.counts[:, played], one.amounts[:, played]
            failed[place] = np.where((one.failed == 0) & bool(shared), of_headline[place], one.failed)
        for name, of_parts in kept.items():
            of_parts[..., unwanted, :] = 0.0
            for place, one in places:
                if (parts := getattr(one, name)) is not None:
                    of_parts[place][:, :, played] = parts[:, :, played]
        for values in (counts, amounts, *kept.values()):
            values[(failed > 0) & (failed < LEFT_OUT)] = 0
        return Stored(counts, amounts, kept.get("months"), failed, kept.get("phases"))

    def days(self) -> Tally | None:
        """Return what was gathered by day, each array with an axis of vectors first, where the study keeps it."""
        places, shard = self._places(), self.shard
        first = places[0][1].days
        if first is None:
            return None
        shape = shard.last_vector - shard.first_vector, shard.last - shard.first
        days = Tally(np.zeros((*shape, *first.counts.shape[1:]), np.int64),
                     np.zeros((*shape, *first.amounts.shape[1:])), np.full(shape, LEFT_OUT, np.uint8))
        for place, one in places:
            if one.days is not None:
                days.counts[place], days.amounts[place], days.failed[place] = one.days[:3]
        return days


def _in_order(values: Any) -> Any:
    """Return [..., option] as one column, in order of option first."""
    return np.moveaxis(values, -1, 0).reshape(-1)


def columns_of(shard: Shard, stored: Stored) -> Columns:
    """Return a shard as columns."""
    vectors, replications, options = stored.counts.shape[:3]
    index = np.indices((options, vectors, replications), np.int32).reshape(3, -1)
    columns: Columns = {"vector": index[1] + np.int32(shard.first_vector),
                        "replication": index[2] + np.int32(shard.first), "option": index[0],
                        "failed": np.tile(stored.failed.reshape(-1), options)}
    for names, values in ((COUNTS, stored.counts), (AMOUNTS, stored.amounts)):
        columns |= {name: _in_order(values[..., k]) for k, name in enumerate(names)}
    for what, parts, of_parts in (("month", stored.months, monthly_columns()),
                                  ("phase", stored.phases, phase_columns())):
        if parts is None:
            continue
        for k, name in enumerate(of_parts):
            kind = np.float64 if name in AMOUNTS else np.int32
            columns |= {_of_part(name, what, part): _in_order(parts[:, :, part, :, k]).astype(kind)
                        for part in range(parts.shape[2])}
    return columns


def columns_of_days(shard: Shard, days: Tally) -> Columns:
    """Return the days of a shard as columns; `days` is as `Gathered.days` returns it."""
    vectors, replications, n_days, options = days.counts.shape[:4]
    index = np.indices((options, vectors, replications, n_days), np.int32).reshape(4, -1)
    columns: Columns = {"vector": index[1] + np.int32(shard.first_vector),
                        "replication": index[2] + np.int32(shard.first), "day": index[3], "option": index[0],
                        "failed": np.tile(np.repeat(days.failed.reshape(-1), n_days), options)}
    for names, values in ((COUNTS, days.counts.astype(np.int32)), (AMOUNTS, days.amounts)):
        columns |= {name: _in_order(values[..., k]) for k, name in enumerate(names)}
    return columns


def stored_of(columns: Columns, shard: Shard, options: int) -> Stored:
    """Return what `columns_of` made columns of."""
    shape = options, shard.last_vector - shard.first_vector, shard.last - shard.first

    def stacked(names: tuple[str, ...]) -> Any:
        return np.stack([np.moveaxis(columns[name].reshape(shape), 0, -1) for name in names], axis=-1)

    counts, amounts = (stacked(names) for names in (COUNTS, AMOUNTS))
    failed = columns["failed"].reshape(shape)[0]
    return Stored(np.asarray(counts, np.int32), np.asarray(amounts, np.float64),
                  _stored_parts(columns, stacked, "month", tuple(monthly_columns())), np.asarray(failed, np.uint8),
                  _stored_parts(columns, stacked, "phase", tuple(phase_columns())))


def _stored_parts(columns: Columns, stacked: Callable[[tuple[str, ...]], Any], what: str,
                  names: tuple[str, ...]) -> Floats | None:
    parts = 0
    while _of_part(names[0], what, parts) in columns:
        parts += 1
    if parts == 0:
        return None
    by_part = [stacked(tuple(_of_part(name, what, part) for name in names)) for part in range(parts)]
    return np.ascontiguousarray(np.stack(by_part, axis=2), np.float64)


def _of_part(name: str, what: str, part: int) -> str:
    return f"{name}/{what}_{part + 1:02d}"
