"""The totals of a study in memory: by arm and measure, and of an arm only what it moves.

An arm moves one number, which leaves most measures and options as they are in the headline: these are looked up there.
A joint arm is kept for its own options and the baseline, all others are zero in it and take no room. Each number takes
as few bytes as hold it exactly. Months and phases are kept as they are, of the arms that keep them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from skyshield.core.arrays import Counts, Flags, Floats, Integers
from skyshield.engine import AMOUNTS, COUNTS, Tally
from skyshield.study.months import monthly_columns, phase_columns
from skyshield.study.plan import LEFT_OUT, Block, Shard

MEASURES = (*COUNTS, *AMOUNTS)
NOT_PLAYED = 255  # in `failed`, while a study is played


class Sums(NamedTuple):
    """What one block comes to.

    Attributes
    ----------
    counts
        i4[replication, option, len(COUNTS)].
    amounts
        f8[replication, option, len(AMOUNTS)].
    months
        f8[replication, month, option, measure of `monthly_columns`], where the arm keeps its months.
    failed
        u1[replication]: stage at which a replication failed, 0 if it did not.
    days
        Counts and amounts by day, where the study keeps them.
    played, shared
        Numbers of the options that were played, and of those that are the headline's. All others are zero.
    phases
        f8[replication, phase, option, measure of `phase_columns`], where the arm keeps them.
    """

    counts: Counts
    amounts: Floats
    months: Floats | None
    failed: Flags
    days: Tally | None
    played: tuple[int, ...]
    shared: tuple[int, ...] = ()
    phases: Floats | None = None


def add_up(tally: Tally, keep_months: bool = False, month_of_day: Integers | None = None) -> Sums:
    """Add a tally up over its months, in their order.

    Parameters
    ----------
    tally
        By month, or by day.
    keep_months
        Whether what months come to is kept.
    month_of_day
        i8[day] of a tally by day, whose days are kept then.

    Examples
    --------
    >>> one = Tally(np.ones((1, 3, 1, len(COUNTS)), np.int64), np.ones((1, 3, 1, len(AMOUNTS))), np.zeros(1, np.uint8))
    >>> sums = add_up(one, True, np.array([0, 0, 1]))
    >>> sums.counts[0, 0, 0], sums.months[0, :, 0, 0].tolist()
    (np.int32(3), [2.0, 1.0])
    """
    by_month = tally
    if month_of_day is not None:
        starts = np.flatnonzero(np.diff(month_of_day, prepend=-1))
        ends = [*starts[1:].tolist(), len(month_of_day)]
        by_month = tally._replace(**{name: np.stack(
            [np.add.reduce(values[:, a:b], axis=1) for a, b in zip(starts.tolist(), ends, strict=True)], axis=1)
            for name, values in (("counts", tally.counts), ("amounts", tally.amounts))})
    counts, amounts = by_month.counts, by_month.amounts
    return Sums(np.add.reduce(counts, axis=1).astype(np.int32), np.add.reduce(amounts, axis=1),
                _parts(counts, amounts, monthly_columns()) if keep_months else None, tally.failed,
                None if month_of_day is None else tally._replace(phase_counts=None, phase_amounts=None),
                tuple(range(counts.shape[2])), phases=_phases(tally) if keep_months else None)


def _phases(tally: Tally) -> Floats | None:
    """Return f8[replication, phase, option, measure]; None if there is but one phase."""
    if tally.phase_counts is None or tally.phase_amounts is None or tally.phase_counts.shape[1] == 0:
        return None
    return _parts(tally.phase_counts, tally.phase_amounts, phase_columns())


def _parts(counts: Integers, amounts: Floats, columns: Mapping[str, Sequence[int]]) -> Floats:
    """Return f8[replication, part, option, measure], a measure's columns added up."""
    def column(place: int) -> Any:
        return counts[..., place] if place < len(COUNTS) else amounts[..., place - len(COUNTS)]

    return np.stack([sum(column(place) for place in places) for places in columns.values()],
                    axis=-1).astype(np.float64)


def spread(sums: Sums, played: Sequence[int], shared: Sequence[int], n_options: int) -> Sums:
    """Return what a block comes to with a place for every option; those that were not played are zero."""
    def every(values: Any, axis: int) -> Any:
        shape = list(values.shape)
        shape[axis] = n_options
        whole = np.zeros(shape, values.dtype)
        whole[(slice(None),) * axis + (list(played),)] = values
        return whole

    if len(played) == n_options:
        return sums
    days = sums.days
    return sums._replace(
        counts=every(sums.counts, 1), amounts=every(sums.amounts, 1),
        months=None if sums.months is None else every(sums.months, 2),
        days=None if days is None else days._replace(counts=every(days.counts, 2), amounts=every(days.amounts, 2)),
        phases=None if sums.phases is None else every(sums.phases, 2), played=tuple(played), shared=tuple(shared))


def nothing(replications: int, keep_months: int, keep_phases: int = 0) -> Sums:
    """Return what a block comes to of which no option is played; how many months and phases are kept is given."""
    phases = np.zeros((replications, keep_phases, 0, len(phase_columns()))) if keep_phases else None
    months = np.zeros((replications, keep_months, 0, len(monthly_columns()))) if keep_months else None
    return Sums(np.zeros((replications, 0, len(COUNTS)), np.int32), np.zeros((replications, 0, len(AMOUNTS))), months,
                np.zeros(replications, np.uint8), None, (), phases=phases)


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
    base
        Of differences f8[pair, vector, replication]: what they are taken to in the headline.
    """

    values: list[Floats]
    moved: list[bool]
    base: Floats | None = None

    def minus(self, ones: Sequence[int], others: Sequence[int]) -> "Column":
        """Return f8[pair, vector, replication] by arm: the differences of options to others."""
        return Column([values[list(ones)] - values[list(others)] for values in self.values], self.moved,
                      self.values[0][list(others)])

    def plus(self, other: "Column") -> "Column":
        """Return both measures added up, of options."""
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
        By arm u1[vector, replication]: stage at which a replication failed, `LEFT_OUT` if the arm does not play it and
        has the headline's totals there, `NOT_PLAYED` while it is not there.
    months
        Of each arm that keeps them f8[vector, replication, month, option, measure of `monthly_columns`].
    phases
        Likewise by phase, of the measures of `phase_columns`; none where a scenario has but one phase.
    """

    def __init__(self, sizes: Sequence[int], vectors: int, options: int) -> None:
        self._sizes, self._shape = tuple(sizes), (options, vectors)
        self.failed: list[Flags] = [np.full((vectors, n), NOT_PLAYED, np.uint8) for n in sizes]
        self._filling: dict[int, tuple[Counts, Floats]] = {}
        self._columns: dict[int, list[Counts | Floats | _Moved]] = {}
        self._missing = [vectors * n for n in sizes]
        self.months: dict[int, Floats] = {}
        self.phases: dict[int, Floats] = {}

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
        chosen.months = {k: self.months[arm] for k, arm in enumerate(arms) if arm in self.months}
        chosen.phases = {k: self.phases[arm] for k, arm in enumerate(arms) if arm in self.phases}
        return chosen

    def place(self, block: Block, sums: Sums) -> None:
        """Put a block's totals where they belong."""
        self.fill(Shard(block.arm, block.vector, block.vector + 1, block.first, block.last), sums.counts[None],
                  sums.amounts[None], np.asarray(sums.failed)[None], None if sums.months is None else sums.months[None],
                  None if sums.phases is None else sums.phases[None])

    def fill(self, shard: Shard, counts: Counts | Integers, amounts: Floats, failed: Flags,
             months: Floats | None, phases: Floats | None = None) -> None:
        """Put totals [vector, replication, option, measure] of a shard, its months and its phases where they belong."""
        arm, vectors = shard.arm, slice(shard.first_vector, shard.last_vector)
        replications = slice(shard.first, shard.last)
        of_counts, of_amounts = self._parts(arm)
        of_counts[:, :, vectors, replications] = counts.transpose(3, 2, 0, 1)
        of_amounts[:, :, vectors, replications] = amounts.transpose(3, 2, 0, 1)
        for parts, of_arms in ((months, self.months), (phases, self.phases)):
            if parts is not None:
                if arm not in of_arms:
                    of_arms[arm] = np.zeros((*self.failed[arm].shape, *parts.shape[2:]))
                of_arms[arm][vectors, replications] = parts
        self.failed[arm][vectors, replications] = failed
        self._missing[arm] -= failed.size
        if self._missing[0] == 0:
            for whole in [other for other in self._filling if self._missing[other] == 0]:
                self._share(whole)

    def holds(self, shard: Shard) -> bool:
        """Say whether the headline has played the vectors and replications of an arm's shard."""
        there = self.failed[0][shard.first_vector:shard.last_vector, shard.first:shard.last] != NOT_PLAYED
        return bool(there.all())

    def headline(self, shard: Shard, options: Sequence[int]) -> tuple[Counts, Floats, Flags]:
        """Return the headline's counts and amounts [vector, replication, option, measure] of a shard, and failures."""
        part = np.ix_(list(options), range(shard.first_vector, shard.last_vector), range(shard.first, shard.last))
        values = [self._values(0, measure)[part] for measure in range(len(MEASURES))]
        counts = np.stack(values[:len(COUNTS)], axis=-1).transpose(1, 2, 0, 3).astype(np.int32)
        amounts = np.stack(values[len(COUNTS):], axis=-1).transpose(1, 2, 0, 3).astype(np.float64)
        return counts, amounts, self.failed[0][shard.first_vector:shard.last_vector, shard.first:shard.last]

    def _share(self, arm: int) -> None:
        """Let go of what an arm that is whole has in common with the headline."""
        counts, amounts = self._filling.pop(arm)
        own: list[Counts | Floats | _Moved] = [_small(values) for values in (*counts, *amounts)]
        n = self._sizes[arm]
        left_out = self.failed[arm] == LEFT_OUT
        if arm > 0 and np.array_equal(np.where(left_out, self.failed[0][:, :n], self.failed[arm]),
                                      self.failed[0][:, :n]):
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
            shard = Shard(arm, 0, vectors, 0, n)
            self.fill(shard, values[..., :len(COUNTS)].astype(np.int32), values[..., len(COUNTS):], failed,
                      smaller.months.get(arm), smaller.phases.get(arm))
            shards.append(shard)
        return shards
