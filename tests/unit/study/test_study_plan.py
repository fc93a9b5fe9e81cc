"""What is played: blocks that never cross a multiple of 64, and each entry without a centre moved alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.core.errors import SkyShieldError
from skyshield.study.plan import (
    ARM_REPLICATIONS,
    BLOCK_REPLICATIONS,
    BUNDLE,
    HEADLINE,
    MAX_ARMS,
    RELIEF,
    REPEATED_VECTORS,
    SHARD_RAID_DAYS,
    SHARD_VECTORS,
    SINGLE,
    Shard,
    arm_replications,
    arms,
    check_size,
    missing_shards,
    read_arms,
    vectors_of_shard,
)
from skyshield.study.store import parse_name

SIZES = st.tuples(st.integers(1, 2), st.integers(1, 9) | st.integers(REPEATED_VECTORS - 1, REPEATED_VECTORS + 2),
                  st.integers(1, 200))
MOST = st.sampled_from((1, 2, 4, 256))


def cells(shards):
    return [(b.arm, b.vector, r) for shard in shards for b in shard.blocks() for r in range(b.first, b.last)]


def arms_of(size):
    return arm_replications(size[0], size[2])


def everything(arms_, vectors, replications):
    return {(a, v, r) for a in range(arms_) for v in range(vectors) for r in range(
        replications if a == 0 else min(replications, ARM_REPLICATIONS if v < REPEATED_VECTORS else 1))}


@given(SIZES, MOST)
def test_a_new_study_is_covered_once_in_aligned_blocks(size, most):
    shards = list(missing_shards(arms_of(size), size[1], (), most))
    assert sorted(cells(shards)) == sorted(everything(*size))
    for shard in shards:
        assert shard.first % BLOCK_REPLICATIONS == 0 == shard.first_vector % most
        assert shard.last in (arms_of(size)[shard.arm], shard.first + BLOCK_REPLICATIONS)
        assert shard.last_vector in (size[1], shard.first_vector + most)


@given(st.lists(SIZES, min_size=2, max_size=4), MOST, st.randoms(use_true_random=False))
def test_grown_in_any_steps_with_any_losses_nothing_is_played_twice(steps, most, random):
    stored: set[Shard] = set()
    size = (1, 1, 1)
    for step in steps:
        size = tuple(max(a, b) for a, b in zip(size, step, strict=True))
        new = list(missing_shards(arms_of(size), size[1], stored, most))
        played = cells([*stored, *new])
        assert len(played) == len(set(played))
        assert set(played) == everything(*size)
        for shard in new:
            assert shard.last <= (shard.first // BLOCK_REPLICATIONS + 1) * BLOCK_REPLICATIONS
            assert shard.last_vector <= (shard.first_vector // most + 1) * most
        stored |= set(new)
        stored -= {shard for shard in sorted(stored) if random.random() < 0.3}


@given(st.lists(SIZES, min_size=2, max_size=3), MOST, st.randoms(use_true_random=False))
def test_an_interrupted_run_goes_on_with_the_very_shards_it_would_have_played(steps, most, random):
    stored: set[Shard] = set()
    size = (1, 1, 1)
    for step in steps:
        size = tuple(max(a, b) for a, b in zip(size, step, strict=True))
        planned = list(missing_shards(arms_of(size), size[1], stored, most))
        before_the_stop = {shard for shard in planned if random.random() < 0.5}
        rest = list(missing_shards(arms_of(size), size[1], stored | before_the_stop, most))
        assert rest == [shard for shard in planned if shard not in before_the_stop]
        stored |= set(planned)


def test_an_extended_study_completes_its_last_block():
    stored = {Shard(0, 0, 1, 0, 10)}
    assert [shard[3:] for shard in missing_shards([130], 1, stored, 256)] == [(10, 64), (64, 128), (128, 130)]
    assert list(missing_shards([10], 1, stored, 256)) == []


def test_the_default_study_fits_into_few_files():
    sizes = arm_replications(30, 5)
    assert len(list(missing_shards(sizes, 200, (), vectors_of_shard(5 * 365 * 10)))) == 30
    for days in (1, 30, 365):
        for options in (2, 9, 40):
            most = vectors_of_shard(BLOCK_REPLICATIONS * days * options)
            assert 1 <= most <= SHARD_VECTORS and most & (most - 1) == 0
            assert most == 1 or most * BLOCK_REPLICATIONS * days * options <= SHARD_RAID_DAYS


def test_names_sort_as_shards_do():
    shards = [Shard(a, v, v + 1, r, r + 64) for a in (0, 15) for v in (0, 9, 10, 65535) for r in (0, 64, 960, 65472)]
    assert sorted(shard.name for shard in shards) == [shard.name for shard in sorted(shards)]
    assert len({shard.name for shard in shards}) == len(shards)


class Entries(dict):
    """A catalogue of entries that only know their reference and their bundle."""

    class Entry:
        def __init__(self, reference, bundle=""):
            self.reference, self.bundle = reference, bundle


def test_arms_move_one_entry_at_a_time_the_headline_first():
    result = arms(("a", "b", "c"), Entries(a=Entries.Entry("high"), b=Entries.Entry(2.5), c=Entries.Entry("low")))
    assert [arm.ends for arm in result] == [{}, {"a": "low"}, {"b": "low"}, {"b": "high"}, {"c": "high"}]
    assert [arm.kind for arm in result] == [HEADLINE, *[SINGLE] * 4]
    assert [arm.ends for arm in arms((), Entries())] == [{}]


def test_bundled_entries_move_together():
    catalogue = Entries(a=Entries.Entry("high"), b=Entries.Entry("low", "z"), c=Entries.Entry("high", "z"),
                        d=Entries.Entry(2.5, "z"), e=Entries.Entry("low", "more"), f=Entries.Entry("low", "more"))
    result = arms(("a", "b", "c", "d", "e", "f"), catalogue, relief=True)
    assert [arm.kind for arm in result] == [HEADLINE, SINGLE, *[BUNDLE] * 3, RELIEF]
    assert [arm.ends for arm in result[1:5]] == [  # bundles by name; at their references those of "more" stand already
        {"a": "low"}, {"e": "high", "f": "high"}, {"c": "low", "d": "low"}, {"b": "high", "d": "high"}]
    assert [arm.in_envelope for arm in result] == [*[True] * 5, False]
    fixed = arms(("a", "c", "f"), catalogue)  # what the scenario fixes does not move with its bundle
    assert [arm.ends for arm in fixed[1:]] == [{"a": "low"}, {"f": "high"}, {"c": "low"}]


def test_arms_are_read_back_from_a_manifest():
    result = arms(("a",), Entries(a=Entries.Entry("high")), relief=True)
    assert read_arms({"arms": json.loads(json.dumps([arm.plain() for arm in result]))}) == result
    with pytest.raises(SkyShieldError, match="was made by an earlier version of the program; run it again"):
        read_arms({"arms": [{}, {"a": "low"}]})


def test_arms_never_run_out_of_the_names_of_shards():
    names = tuple(f"e{k}" for k in range(MAX_ARMS))
    catalogue = Entries({name: Entries.Entry("low") for name in names})
    most = arms(names[:-1], catalogue)
    assert len(most) == MAX_ARMS
    last = Shard(len(most) - 1, 0, 1, 0, 64)
    assert parse_name(last.name) == last
    with pytest.raises(SkyShieldError, match="100 numbers that nobody knows make 101 arms; fix some"):
        arms(names, catalogue)


@pytest.mark.parametrize("size", [(1, 1, 0), (65536, 65535, 2**64 - 1)])
def test_sizes_at_their_limits(size):
    check_size(*size)


@pytest.mark.parametrize(("size", "where"), [((0, 1, 0), "--vectors"), ((65537, 1, 0), "--vectors"),
                                             ((1, 0, 0), "--replications"), ((1, 65536, 0), "--replications"),
                                             ((1, 1, -1), "--seed"), ((1, 1, 2**64), "--seed")])
def test_sizes_beyond_them(size, where):
    with pytest.raises(SkyShieldError) as caught:
        check_size(*size)
    assert (caught.value.where, caught.value.exit_code) == (where, 2)
