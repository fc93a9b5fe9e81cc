"""What is kept by content comes back for equal arguments, is made anew for any other, and holds no argument.

Tried against mutations: the shape, the type or the names of attributes left out of the digest. Each fails.
"""

import gc
import weakref
from dataclasses import dataclass

import numpy as np
import pytest

from skyshield.core.content import kept_by_content


@dataclass
class Stream:
    share: np.ndarray
    name: str = "deep"
    other: object = None


class Elsewhere(Stream):
    """Another class of the same attributes."""


ONE = np.arange(6.0)
DIFFERENT = {
    "a value": ONE + np.eye(6)[3] * 1e-15, "the shape": ONE.reshape(2, 3), "the type": ONE.astype(np.int64),
    "half of it": ONE[:3], "nothing": None, "a sign of zero": np.negative(0.0) * np.ones(6),
    "an attribute": Stream(ONE), "its name": Stream(ONE, "front"), "another attribute": Stream(ONE, "deep", 1),
    "another class": Elsewhere(ONE), "text for a number": Stream(ONE, "deep", "1"), "a tuple": (ONE,),
    "two": (ONE, ONE), "zeros": np.zeros(6)}


def counting(most):
    calls = []

    @kept_by_content(most)
    def asked(*values):
        calls.append(values)
        return [len(calls)]

    return asked, calls


@pytest.mark.parametrize("change", DIFFERENT)
def test_what_differs_is_made_anew(change):
    asked, calls = counting(len(DIFFERENT) + 1)
    first = asked(ONE, 1.0)
    assert asked(ONE.copy(), 1.0) is first and len(calls) == 1
    assert asked(DIFFERENT[change], 1.0) is not first
    assert asked(ONE, 2.0) is not first and len(calls) == 3


def test_all_of_these_differ_from_each_other():
    asked, calls = counting(len(DIFFERENT))
    assert len({asked(value)[0] for value in DIFFERENT.values()}) == len(DIFFERENT) == len(calls)
    assert len({asked(value)[0] for value in DIFFERENT.values()}) == len(calls)


def test_the_layout_of_an_array_makes_no_difference():
    asked, calls = counting(1)
    grid = np.arange(12.0).reshape(3, 4)
    assert asked(grid.T) is asked(np.ascontiguousarray(grid.T)) is asked(np.asfortranarray(grid.T)) and len(calls) == 1


def test_the_longest_unasked_is_let_go():
    asked, calls = counting(2)
    for value in (1.0, 2.0, 1.0, 3.0):
        asked(value)
    assert len(calls) == 3
    asked(1.0)
    assert len(calls) == 3
    asked(2.0)
    assert len(calls) == 4


def test_arguments_are_not_kept():
    kept = kept_by_content(4)(lambda stream: 1)
    stream = Stream(np.zeros(3))
    gone = weakref.ref(stream)
    kept(stream)
    del stream
    gc.collect()
    assert gone() is None


def test_a_failure_is_not_kept():
    asked, failing = [], True

    @kept_by_content(4)
    def made(value):
        asked.append(value)
        if failing:
            raise ValueError("not now")
        return value

    with pytest.raises(ValueError, match="not now"):
        made(1.0)
    failing = False
    assert made(1.0) == made(1.0) == 1.0 and len(asked) == 2
