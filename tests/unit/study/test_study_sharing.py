"""Options that an arm does not touch are the headline's: the same bytes as if they had been played.

A study that keeps its days plays every option of every arm; one that does not plays what the table of readers calls
for. Besides, every array of a world is moved in turn, and options that are said not to read what moved end the same.

Tried to fail: shooters' prices, the attacker's response and the kinds of shooters read by nobody; near lists not begun
anew in a cut world; options cut in another order than they are put back; the headline's later replications shared;
months of shared options left at zero. Each fails at least one test.
"""

import functools

import numpy as np
import pytest

from skyshield.compile.world import ArmCompiler
from skyshield.engine import play
from skyshield.engine.axes import ARRAYS
from skyshield.engine.check import arrays_of, check_world
from skyshield.engine.world import READY
from skyshield.scenario import load
from skyshield.study import run
from skyshield.study.plan import JOINT, arms
from skyshield.study.sharing import EVERY, READERS, cut_options, reader_of, same_options
from support.studies import compiled, resolved

VECTORS, DAYS, SEED = 2, 3, 5


def shipped(days=DAYS):
    """Fighters, batteries, guns and drone teams, aid, and Ukraine alone."""
    return load("month").model_copy(update={"days": days}).chosen(("region", "cities", "aid_region"))


@functools.cache
def world():
    return compiled(shipped(), SEED, VECTORS).world


@functools.cache
def played(which=None):
    return tallied(world() if which is None else which)


def tallied(of):
    tallies = [play(of, SEED, v << 16, (v << 16) + 3) for v in range(VECTORS)]
    assert not any(tally.failed.any() for tally in tallies)
    return [np.concatenate([tally.counts.astype(float), tally.amounts], axis=-1) for tally in tallies]


def of_option(values, option):
    return [one[:, :, option].tobytes() for one in values]


def put(of, name, array):
    group, _, field = name.rpartition(".")
    parts = group.split(".")
    part = getattr(of, parts[0])
    if len(parts) > 1:
        inner = getattr(part, parts[1])._replace(**{field: array})
        return of._replace(**{parts[0]: part._replace(**{parts[1]: inner})})
    return of._replace(**{parts[0]: part._replace(**{field: array})})


def moved(name, array):
    """Return an array with every value another that may stand there, None if there is no other."""
    row = ARRAYS[name]
    if row.of or row.dtype != "f8":
        return None
    other = np.where(array > 0.5, array * 0.7, array * 0.5 + 0.2) if row.high == 1.0 else array * 1.25 + 0.5
    return None if other.tobytes() == array.tobytes() else np.ascontiguousarray(other)


RESTRICTED = sorted(name for name in ARRAYS if reader_of(name) != EVERY)


@pytest.mark.parametrize("name", RESTRICTED)
def test_options_that_do_not_read_an_array_end_the_same_whatever_stands_in_it(name):
    array = dict(arrays_of(world()))[name]
    other = moved(name, array)
    if other is None:
        pytest.skip("holds indices, flags, whole numbers or infinity alone")
    there = put(world(), name, other)
    check_world(there)
    same = same_options(world(), there)
    assert same[0] and not same.all()
    result = tallied(there)
    for option in np.flatnonzero(same):
        assert of_option(result, option) == of_option(played(), option), option


def test_the_table_names_arrays_that_there_are():
    assert all(any(name.startswith(start) for name in ARRAYS) for start in READERS)
    assert all(start in ARRAYS or start.endswith(".") or not start for start in READERS)


@pytest.mark.parametrize("name", sorted(n for n, row in ARRAYS.items() if "option" in row.axes))
def test_a_row_of_one_option_touches_no_other(name):
    array = dict(arrays_of(world()))[name]
    at = ARRAYS[name].axes.index("option")
    other = moved(name, array)
    if other is None:
        pytest.skip("holds indices, flags, whole numbers or infinity alone")
    row = (slice(None),) * at + (1,)
    one = array.copy()
    one[row] = other[row]
    assert np.flatnonzero(~same_options(world(), put(world(), name, one))).tolist() in ([1], [])


def test_a_kind_touches_the_options_that_have_it():
    p_kill = world().forces.p_kill
    kinds = [set(row[row >= 0].tolist()) for row in world().forces.shooter_kind]
    assert not kinds[0] and not kinds[3] and kinds[1] < kinds[2]
    for kind in range(len(world().forces.munition)):
        other = p_kill.copy()
        other[:, kind] *= 0.5
        same = same_options(world(), put(world(), "forces.p_kill", other))
        assert same.tolist() == [kind not in of or not p_kill[:, kind].any() for of in kinds]
        price = world().costs.price_eur.copy()
        price[:, :, READY + kind] += 1.0
        assert same_options(world(), put(world(), "costs.price_eur", price)).tolist() == [kind not in k for k in kinds]


def test_near_lists_are_compared_option_by_option():
    first, slot = world().forces.near_first, world().forces.near_slot.copy()
    slot[first[2, 0]] += 1
    assert same_options(world(), put(world(), "forces.near_slot", slot)).tolist() == [True, True, False, True]


@pytest.mark.parametrize("options", [(1,), (0, 2), (2, 1), (3,), (1, 2, 3), (0, 1, 2, 3)])
def test_a_world_cut_to_some_options_plays_them_as_the_whole_does(options):
    part = cut_options(world(), options)
    check_world(part)
    result = tallied(part)
    assert result[0].shape[2] == len(options)
    for k, option in enumerate(options):
        assert of_option(result, k) == of_option(played(), option)
    assert options != (0, 1, 2, 3) or part is world()


@pytest.mark.slow
def test_no_arm_of_the_shipped_month_is_told_otherwise_than_played_in_full(tmp_path):
    asked = resolved(load("month").model_copy(update={"days": 33}))
    shared = run(asked, SEED, 2, vectors=2, out=tmp_path / "shared")
    full = run(asked, SEED, 2, vectors=2, out=tmp_path / "full", daily=True)
    assert shared.manifest["arms"] == full.manifest["arms"]
    for arm in range(len(full.values)):
        assert shared.values[arm].tobytes() == full.values[arm].tobytes(), shared.arms[arm]
        assert shared.failed[arm].tobytes() == full.failed[arm].tobytes()
    assert shared.months.keys() == full.months.keys() and len(full.months) == 3
    assert all(shared.months[arm].tobytes() == full.months[arm].tobytes() for arm in full.months)
    assert (tmp_path / "shared/summary.json").read_bytes() == (tmp_path / "full/summary.json").read_bytes()


def test_most_options_of_most_arms_are_not_played():
    """By the shipped month: what the arms play of it, joint arms apart."""
    compiler = ArmCompiler(compiled_context(), SEED, 1)
    headline = compiler.compile({})
    every = [~same_options(headline.world, compiler.compile(arm.ends).world)
             for arm in arms(headline.without_centre, compiled_context().catalogue)[1:] if arm.kind != JOINT]
    assert len(every) > 20
    assert np.mean(every) < 0.75


@functools.cache
def compiled_context():
    from skyshield.compile.world import prepare_context

    return prepare_context(resolved(load("month").model_copy(update={"days": 2})))
