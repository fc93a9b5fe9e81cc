"""An arm that takes over parts of the arms before it is the arm compiled alone, to the bit.

Tried to fail: a part taken again whatever number it read has moved, or whatever part it was made from; a map kept
whatever its bend or its distances. Each fails.
"""

import numpy as np
import pytest

from skyshield.compile.parameters import RELIEF_ENTRIES, ParameterTable
from skyshield.compile.reuse import Parts
from skyshield.compile.world import ArmCompiler, compile_world, prepare_context
from skyshield.engine.axes import ARRAYS
from skyshield.engine.check import arrays_of
from skyshield.scenario import resolve
from skyshield.study.plan import arms
from support.studies import parts, resolved, scenario

VECTORS, SEED = 3, 5


@pytest.fixture(scope="module")
def compiled():
    context = prepare_context(resolved(scenario()))
    compiler = ArmCompiler(context, SEED, VECTORS)
    headline = compiler.compile({})
    chosen = arms(headline.without_centre, context.catalogue, relief=True)
    return context, chosen, [headline, *(compiler.compile(arm.ends) for arm in chosen[1:])]


def test_every_arm_is_the_arm_compiled_alone(compiled):
    context, chosen, worlds = compiled
    assert any(set(RELIEF_ENTRIES) <= set(arm.ends) for arm in chosen)
    for arm, one in zip(chosen, worlds, strict=True):
        alone = compile_world(context, SEED, VECTORS, arm.ends)
        assert list(alone.parameters) == list(one.parameters)
        assert alone.without_centre == one.without_centre
        for name, values in alone.parameters.items():
            assert np.array_equal(values, one.parameters[name]), (arm.ends, name)
        for name in ARRAYS:
            mine, other = dict(arrays_of(one.world))[name], dict(arrays_of(alone.world))[name]
            assert mine.dtype == other.dtype, (arm.ends, name)
            assert np.array_equal(mine, other), (arm.ends, name)


def test_arms_share_what_they_do_not_move(compiled):
    _, chosen, worlds = compiled
    for arm, one in zip(chosen[1:], worlds[1:], strict=True):
        shared = sum(dict(arrays_of(one.world))[name] is dict(arrays_of(worlds[0].world))[name] for name in ARRAYS)
        assert len(ARRAYS) * 9 // 10 <= shared, arm.ends


def test_a_part_is_made_again_where_a_number_that_it_read_in_another_part_moves(compiled):
    context = compiled[0]
    table = ParameterTable(context.catalogue, context.fit, SEED, VECTORS, {})
    moved = table.moved({"displacement": "high"})
    parts, made = Parts(), []

    def inner(values):
        made.append(1)
        return values["displacement"] + 1.0

    def outer(values, other):
        return parts.make(inner, values) + other

    other = np.ones(VECTORS)
    first, again = (parts.make(outer, table, other) for _ in range(2))
    assert first is again
    assert len(made) == 1
    assert (parts.make(outer, moved, other) != first).all()
    assert (parts.make(outer, table, np.zeros(VECTORS)) != first).all()  # another argument


MAP = ("aims", "starts", "drawn", "pieces", "hazard", "marks")


def moved(key, factor):
    """The small scenario with a number of the catalogue moved."""
    catalogue, theatre, fit = parts()
    content = catalogue.to_dict()
    entry = next(table[key] for table in content["subjects"].values() if key in table)
    for name in ("low", "central", "high", "reference"):
        if isinstance(entry.get(name), float):
            entry[name] *= factor
    return prepare_context(resolve(scenario(), type(catalogue).from_dict(content), theatre, fit))


def test_a_map_is_worked_out_once(compiled):
    other = prepare_context(resolved(scenario(days=3, options={})))
    assert other.scenario != compiled[0].scenario
    assert all(getattr(other, name) is getattr(compiled[0], name) for name in MAP)


@pytest.mark.parametrize(("key", "others"), [
    ("route_bend", set(MAP)), ("own_sea_reach", set(MAP) - {"marks"}), ("own_terminal_distance", set(MAP) - {"marks"}),
    ("near_border_distance", {"marks"}), ("near_front_distance", {"marks"}), ("built_up_radius", {"marks"})])
def test_a_map_by_another_number_is_another_one(compiled, key, others):
    context = moved(key, 0.5)
    assert {name for name in MAP if getattr(context, name) is not getattr(compiled[0], name)} == others
    part = {"route_bend": "drawn", "own_sea_reach": "pieces", "own_terminal_distance": "hazard"}.get(key, "marks")
    one, other = (vars(made) if hasattr(made, "__dict__") else made._asdict()
                  for made in (getattr(context, part), getattr(compiled[0], part)))
    assert any(np.shape(one[name]) != np.shape(other[name]) or (np.asarray(one[name]) != np.asarray(other[name])).any()
               for name in one)
