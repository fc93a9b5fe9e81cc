"""What settings that come and go share changes no bit of any; what is kept stays within its bound.

Tried to fail, each seen: parts taken again whatever the number they read; windows kept under the first rules alone; an
interpolation that takes the knot before; a bound that is not held.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyshield.compile.kept import Kept, bytes_of
from skyshield.compile.planned_own import between
from skyshield.compile.warm import Warm
from skyshield.compile.world import compile_world
from skyshield.engine.check import arrays_of
from support.settings import changed, random_setting
from support.studies import resolved

OPTIONS = ("region", "cities", "aid_region")
MOVES = ({}, {"options.region.rules.standoff_russia": "100 km"}, {"assumptions.claim_bias": 0.1}, {},
         {"assumptions.leak_west_over_leak_deep": 1.0, "days": 9}, {"options.region.rules.target_classes": None},
         {"assumptions.launch_growth": 1.5}, {"assumptions.claim_bias": 0.1}, random_setting(3), random_setting(8))


def test_every_setting_is_the_setting_compiled_alone():
    asked = [changed({"days": 6, **levers}).chosen(OPTIONS) for levers in MOVES]
    warm = Warm(resolved(asked[0]), 50_000_000)
    for seed, vectors in ((1, 3), (2, 3), (1, 2)):
        for scenario in asked[:4] if vectors == 2 else asked:
            mine = warm.compiler(warm.context(scenario), seed, vectors).compile({})
            alone = compile_world(resolved(scenario), seed, vectors)
            assert mine.without_centre == alone.without_centre
            assert {name: one.tolist() for name, one in mine.parameters.items()} == {
                name: one.tolist() for name, one in alone.parameters.items()}
            theirs = dict(arrays_of(alone.world))
            for name, array in arrays_of(mine.world):
                assert array.dtype == theirs[name].dtype and array.shape == theirs[name].shape, name
                assert array.tobytes() == theirs[name].tobytes(), (name, scenario.assumptions, scenario.days)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_interpolation_is_that_of_numpy_to_the_bit(seed):
    chance = np.random.default_rng(seed)
    knots = np.cumsum(chance.integers(0, 3, (4, 9)) * chance.random((4, 9)), axis=1)  # some are the same
    values = chance.normal(size=knots.shape)
    x = chance.uniform(-0.5, 1.5, (7, 4)) * knots[:, -1]
    x[0], x[1], x[2], x[3] = knots[:, 4], knots[:, -1], np.inf, knots[:, 0]
    each = [np.interp(x[:, route], knots[route], values[route]) for route in range(len(knots))]
    assert between(x, knots, values).tobytes() == np.stack(each, axis=1).tobytes()


@settings(max_examples=60, deadline=None)
@given(most=st.integers(1, 5000), sizes=st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_what_is_kept_stays_within_its_bound(most, sizes):
    kept = Kept(most)
    for k, size in enumerate(sizes):
        assert kept.get(k, lambda size=size: np.zeros(size)).nbytes == 8 * size
        assert len(kept) == 1 or kept.bytes <= most
        assert k in kept and kept.bytes == sum(bytes_of(np.zeros(sizes[key])) for key in kept)
        assert list(kept) == list(range(k + 1 - len(kept), k + 1))


def test_what_was_used_last_is_kept_longest():
    kept = Kept(2 * bytes_of(np.zeros(100)))
    for key in "abab":
        kept.get(key, lambda: np.zeros(100))
    kept.get("a", lambda: pytest.fail("is made again"))
    kept.get("c", lambda: np.zeros(100))
    assert list(kept) == ["a", "c"]
    kept.put("a", "told", 10**6)  # more than there may be: alone, as it was used last
    assert list(kept) == ["a"] and kept.bytes == 10**6
