"""Points of a design: given values are played as drawn ones are, on raids that the caller chooses.

Tried against mutations: a chunk cut one vector off; the first replication left out; given values ignored for the fit;
points of the two models of own defence compiled together; the strength of the west solved again although given. Each
fails a test here.
"""

import functools

import numpy as np
import pytest

from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.errors import SkyShieldError
from skyshield.engine import play
from skyshield.study import run, thread_map
from skyshield.study.plan import HEADLINE, Arm
from skyshield.study.points import play_points
from skyshield.study.runner import play_arms
from support.studies import resolved, scenario

SEED, VECTORS, REPLICATIONS = 5, 3, 4


@functools.cache
def asked():
    return resolved(scenario(days=2))


@functools.cache
def context():
    return prepare_context(asked())


@functools.cache
def drawn():
    return compile_world(context(), SEED, VECTORS)


def arrays(world):
    for part in world:
        yield from arrays(part) if isinstance(part, tuple) else (part,)


@pytest.mark.parametrize("end", ["low", "high"])
def test_what_was_drawn_given_back_is_the_same_study_bit_by_bit(end):
    ends = {"own_defence_along_share": end}
    first = compile_world(context(), SEED, VECTORS, ends)
    again = compile_world(context(), SEED + 1, VECTORS, given=first.parameters)  # the seed draws nothing any more
    assert [a.tobytes() for a in arrays(first.world)] == [a.tobytes() for a in arrays(again.world)]
    results = [play_arms(asked(), [world], [Arm(HEADLINE)], SEED, REPLICATIONS, vectors=VECTORS)
               for world in (first, again)]
    assert results[0].values[0].tobytes() == results[1].values[0].tobytes()
    assert results[0].values[0].any()


def test_given_headline_totals_are_those_of_the_study():
    study = run(asked(), SEED, REPLICATIONS, vectors=1)
    result = play_points(context(), compile_world(context(), SEED, 1).parameters, SEED, REPLICATIONS)
    assert result.values[0].tobytes() == study.values[0][0].tobytes()


def test_a_given_value_moves_the_world():
    moved = {**drawn().parameters, "leak_deep": drawn().parameters["leak_deep"] * 2.0}
    other = compile_world(context(), SEED, VECTORS, given=moved)
    assert (other.world.own.mean_leak != drawn().world.own.mean_leak).any()
    assert other.parameters["leak_deep"].tobytes() == moved["leak_deep"].tobytes()


def test_points_cut_out_of_a_world_play_as_worlds_of_their_own():
    given = drawn().parameters
    both = {name: np.concatenate([values, values[::-1]]) for name, values in given.items()}
    both["own_defence_along_share"] = np.array([0.0, 1.0] * VECTORS)
    first = np.array([0, 0, 7, 7, 3, 0])
    result = play_points(context(), both, SEED, 2, first)
    for k in range(2 * VECTORS):
        alone = compile_world(context(), SEED, 1, given={name: values[k:k + 1] for name, values in both.items()})
        tally = play(alone.world, SEED, int(first[k]), int(first[k]) + 2)
        assert result.values[k, ..., 0].tolist() == tally.counts[..., 0].sum(axis=1).tolist()
    one, two = (play_points(context(), {n: v[[0, 0]] for n, v in both.items()}, SEED, 2, at) for at in
                (np.array([0, 0]), np.array([0, 9])))
    assert one.values[0].tobytes() == one.values[1].tobytes() == two.values[0].tobytes()
    assert two.values[0].tobytes() != two.values[1].tobytes()


def test_any_number_of_jobs_gives_the_same_bytes():
    one, two = (play_points(context(), drawn().parameters, SEED, 3, map=functools.partial(thread_map, jobs=jobs))
                for jobs in (1, 2))
    assert one.values.tobytes() == two.values.tobytes()


@pytest.mark.parametrize(("given", "words"), [
    ({"leak_dep": np.zeros(2)}, "is no parameter"), ({"leak_deep": np.array([0.1, np.nan])}, "finite"),
    ({"leak_deep": np.zeros(2), "leak_front": np.zeros(3)}, "2 sizes"), ({}, "0 sizes")])
def test_wrong_points_are_refused(given, words):
    with pytest.raises(SkyShieldError, match=words):
        play_points(context(), given, SEED, 1)


def test_replications_beyond_the_addresses_are_refused():
    with pytest.raises(SkyShieldError, match="replications beyond"):
        play_points(context(), {"leak_deep": np.array([0.1])}, SEED, 2, np.array([65_534]))
