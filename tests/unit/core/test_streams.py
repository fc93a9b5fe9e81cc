"""Philox against the published known answers, and the addressing rules."""

import numpy as np
import pytest

from skyshield.core import streams

# The three philox4x32-10 lines of Random123's kat_vectors: counter, key, answer.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text):
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter, key, answer):
    found = streams.philox(*words(key), *words(counter))
    assert [int(w) for w in found] == [int(w) for w in words(answer)]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers_as_plain_python(counter, key, answer):
    plain = getattr(streams.philox, "py_func", streams.philox)
    assert [int(w) for w in plain(*words(key), *words(counter))] == [int(w) for w in words(answer)]


def test_one_word_becomes_one_uniform():
    seed = np.uint64(0x0123456789ABCDEF)
    low, high = np.uint64(0x89ABCDEF), np.uint64(0x01234567)
    expected = streams.philox(low, high, *(np.uint64(w) for w in (7, 8, 9, 10)))
    found = streams.uniforms(seed, 7, 8, 9, 10)
    assert found == tuple((float(w) + 0.5) / 2**32 for w in expected)


def test_every_part_of_the_address_matters():
    base = (np.uint64(5), 1 << 16 | 2, 3 << 16 | 4, 1 << 24 | 6, 7 << 8 | 8)
    reference = streams.uniforms(*base)
    for part in range(5):
        moved = list(base)
        moved[part] += type(moved[part])(1)
        assert streams.uniforms(*moved) != reference


def test_more_vectors_leave_the_earlier_draws():
    few = streams.parameter_uniforms(11, "leak_deep", 0, 5)
    more = streams.parameter_uniforms(11, "leak_deep", 0, 9)
    assert np.array_equal(few, more[:5])
    assert not np.array_equal(few, streams.parameter_uniforms(11, "leak_front", 0, 5))


def test_uniforms_are_uniform():
    draws = np.array([streams.uniforms(np.uint64(3), 0, 0, i, 0) for i in range(20_000)]).ravel()
    # mean of n uniforms: standard error 1/sqrt(12 n); 4 standard errors
    assert abs(draws.mean() - 0.5) < 4 / np.sqrt(12 * draws.size)
    assert abs((draws**2).mean() - 1 / 3) < 4 * np.sqrt(4 / 45 / draws.size)
    assert 0 < draws.min() < draws.max() < 1
