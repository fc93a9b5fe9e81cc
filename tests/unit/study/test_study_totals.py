"""Totals in memory: what an arm shares with the headline is looked up there, and comes back to the bit.

Tried to fail: an arm's options told by the first vector alone; counts kept in two bytes whatever their size; a failed
replication of an arm taken for one that moves nothing; months read back in the order of options; options that are the
headline's taken from its other vectors, or left out. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.engine import AMOUNTS, COUNTS, Tally
from skyshield.study.months import monthly_columns, phase_columns
from skyshield.study.plan import Block, Shard
from skyshield.study.shards import Gathered, columns_of, stored_of
from skyshield.study.totals import MEASURES, NOT_PLAYED, Totals, add_up, column_of, nothing, spread

VECTORS, OPTIONS, DAYS = 3, 4, 7
SIZES = (6, 2, 2)
MONTH = np.array([0, 0, 0, 1, 1, 1, 1])


def tally(rng, replications):
    shape = replications, DAYS, OPTIONS
    return Tally(rng.integers(0, 40_000, (*shape, len(COUNTS))), rng.random((*shape, len(AMOUNTS))),
                 np.zeros(replications, np.uint8))


@pytest.fixture
def tallies():
    """Tallies by block: arm 1 moves one measure of one option of the last vector, arm 2 leaves all as it is."""
    rng = np.random.default_rng(4)
    made = {Block(0, v, 0, 6): tally(rng, 6) for v in range(VECTORS)}
    for arm in (1, 2):
        for v in range(VECTORS):
            first = made[Block(0, v, 0, 6)]
            counts, amounts = first.counts[:2].copy(), first.amounts[:2].copy()
            if arm == 1 and v == VECTORS - 1:
                counts[1, 5, 2, COUNTS.index("engaged")] += 1
                amounts[0, 0, 1, AMOUNTS.index("sorties")] += 1.0 / 3.0
            made[Block(arm, v, 0, 2)] = Tally(counts, amounts, np.zeros(2, np.uint8))
    return made


def filled(tallies, order=1):
    totals = Totals(SIZES, VECTORS, OPTIONS)
    for block in list(tallies)[::order]:
        totals.place(block, add_up(tallies[block], block.arm < 2, MONTH))
    return totals


def by_hand(tallies, arm):
    months = []
    for a, b in ((0, 3), (3, DAYS)):
        of = [np.concatenate([np.add.reduce(one.counts[:, a:b], axis=1), np.add.reduce(one.amounts[:, a:b], axis=1)],
                             axis=-1) for block, one in tallies.items() if block.arm == arm]
        months.append(np.stack(of))
    return months[0] + months[1]


@pytest.mark.parametrize("order", [1, -1])
def test_every_arm_comes_back_to_the_bit(tallies, order):
    totals = filled(tallies, order)
    for arm in range(len(SIZES)):
        assert totals[arm].tobytes() == np.ascontiguousarray(by_hand(tallies, arm)).tobytes()
        assert not totals.failed[arm].any()
    assert len(list(totals)) == len(totals) == len(SIZES)


def test_columns_are_those_of_the_arrays(tallies):
    totals = filled(tallies)
    dense = [totals[arm] for arm in range(len(SIZES))]
    for measure, name in enumerate(MEASURES):
        sparse, plain = column_of(totals, measure), column_of(dense, measure)
        assert all(np.array_equal(a, b) for a, b in zip(sparse.values, plain.values, strict=True))
        assert sparse.moved == [False, name in ("engaged", "sorties"), False]


def test_an_arm_takes_hardly_any_room(tallies):
    totals = filled(tallies)
    held = [sum(one.values.nbytes for one in totals._columns[arm]) for arm in (1, 2)]
    assert held[0] <= 2 * VECTORS * 2 * 8 and held[1] == 0


def test_a_failure_in_one_arm_is_no_matter_of_the_headline(tallies):
    broken = {block: one._replace(failed=np.full(len(one.failed), 2, np.uint8)) if block.arm == 2 else one
              for block, one in tallies.items()}
    totals = filled(broken)
    assert (totals.failed[2] == 2).all() and column_of(totals, 0).moved == [False, False, True]


def test_what_is_not_played_is_no_zero(tallies):
    totals = Totals(SIZES, VECTORS, OPTIONS)
    block = Block(0, 1, 0, 6)
    totals.place(block, add_up(tallies[block], False, MONTH))
    assert (totals.failed[0][[0, 2]] == NOT_PLAYED).all() and not totals.failed[0][1].any()
    assert totals[0][1].any() and not totals[0][[0, 2]].any()


def test_a_larger_study_takes_a_smaller_one_over(tallies):
    smaller = filled(tallies)
    larger = Totals((8, 2, 2), VECTORS + 1, OPTIONS)
    shards = larger.take_over(smaller, range(3))
    assert [tuple(shard) for shard in shards] == [(0, 0, 3, 0, 6), (1, 0, 3, 0, 2), (2, 0, 3, 0, 2)]
    assert larger.months.keys() == smaller.months.keys() == {0, 1}
    for arm, n in enumerate(SIZES):
        assert arm == 2 or (larger.months[arm][:VECTORS, :n] == smaller.months[arm]).all()
        assert larger[arm][:VECTORS, :n].tobytes() == smaller[arm].tobytes()
        assert (larger.failed[arm][VECTORS:] == NOT_PLAYED).all()


def test_months_are_those_of_their_measures(tallies):
    totals = filled(tallies)
    assert set(totals.months) == {0, 1}
    for k, (name, places) in enumerate(monthly_columns().items()):
        columns = [MEASURES[place] for place in places]
        assert all(column == name or column.startswith(f"{name}/") for column in columns)
        of = tallies[Block(0, 1, 0, 6)]
        by_hand_ = sum((of.counts[..., COUNTS.index(c)] if c in COUNTS else of.amounts[..., AMOUNTS.index(c)])[:, 3:]
                       for c in columns).sum(axis=1)
        assert np.allclose(totals.months[0][1, :, 1, :, k], by_hand_, rtol=1e-12) and by_hand_.any()


def gathered(sums):
    shard = Shard(1, 0, VECTORS, 0, 2)
    result = Gathered(shard)
    assert [result.add(block, sums(block)) for block in shard.blocks()] == [False, False, True]
    return shard, result


def test_a_shard_comes_back_from_its_columns(tallies):
    shard, whole = gathered(lambda block: add_up(tallies[block], True, MONTH))
    stored = whole.stored(filled(tallies))
    again = stored_of(columns_of(shard, stored), shard, OPTIONS)
    assert stored.phases is again.phases is None
    assert all(a.tobytes() == b.tobytes() and a.dtype == b.dtype
               for a, b in zip(stored[:-1], again[:-1], strict=True))
    plain = stored_of(columns_of(shard, stored._replace(months=None)), shard, OPTIONS)
    assert plain.months is None and plain.counts.tobytes() == stored.counts.tobytes()


def test_phases_are_kept_beside_months_and_add_up_to_the_period(tallies):
    """Every day counts for one of three phases here, whichever option."""
    def sums(block):
        days = tallies[block]
        of = (np.arange(days.counts.shape[1]) + block.vector) % 3
        by_phase = [np.stack([values[:, of == k].sum(axis=1) for k in range(3)], axis=1)
                    for values in (days.counts, days.amounts)]
        return add_up(days._replace(phase_counts=by_phase[0], phase_amounts=by_phase[1]), True, MONTH)

    shard, whole = gathered(sums)
    headline = Totals(SIZES, VECTORS, OPTIONS)
    for block in tallies:
        headline.place(block, sums(block))
    stored = whole.stored(headline)
    again = stored_of(columns_of(shard, stored), shard, OPTIONS)
    assert again.phases.tobytes() == stored.phases.tobytes() and stored.phases.shape[2] == 3
    names = list(phase_columns())
    launched = stored.counts[..., :3].sum(axis=-1)
    np.testing.assert_array_equal(stored.phases[..., names.index("launched")].sum(axis=2), launched)
    assert headline.phases[shard.arm][:, :2].tobytes() == stored.phases.tobytes()
    assert headline.select([0]).phases[0] is headline.phases[0]


@pytest.mark.parametrize("played", [(2,), (0, 2), (), (0, 1, 2, 3)])
def test_options_that_are_not_played_are_the_headlines(tallies, played):
    totals = filled(tallies)
    shared = tuple(option for option in range(OPTIONS) if option not in played)

    def sums(block):
        of = tallies[block]
        part = add_up(Tally(of.counts[:, :, list(played)], of.amounts[:, :, list(played)], of.failed), True, MONTH) \
            if played else nothing(2, 2)
        return spread(part, played, shared, OPTIONS)

    stored = gathered(sums)[1].stored(totals)
    values = np.concatenate([stored.counts, stored.amounts], axis=-1)
    for option in range(OPTIONS):
        arm = 1 if option in played else 0
        assert values[:, :, option].tobytes() == totals[arm][:, :2, option].tobytes()
        assert stored.months[:, :, :, option].tobytes() == totals.months[arm][:, :2, :, option].tobytes()
    left_out = gathered(lambda block: sums(block)._replace(shared=()))[1].stored(totals)
    assert not left_out.counts[:, :, list(shared)].any() and not left_out.months[:, :, :, list(shared)].any()


def test_what_failed_in_the_headline_fails_where_its_options_are_taken_over(tallies):
    block = Block(0, 1, 0, 6)
    broken = {**tallies, block: tallies[block]._replace(failed=np.array([0, 3, 0, 0, 0, 0], np.uint8))}
    totals = filled(broken)

    def sums(block, shared):
        of = tallies[block]
        part = Tally(of.counts[:, :, :3], of.amounts[:, :, :3], of.failed)
        return spread(add_up(part, True, MONTH), (0, 1, 2), shared, OPTIONS)

    stored = gathered(lambda block: sums(block, (3,)))[1].stored(totals)
    assert stored.failed.tolist() == [[0, 0], [0, 3], [0, 0]]
    assert not stored.counts[1, 1].any() and stored.counts[1, 0].any()
    assert not gathered(lambda block: sums(block, ()))[1].stored(totals).failed.any()
