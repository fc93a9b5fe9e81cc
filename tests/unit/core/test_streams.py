"""Philox against the published known answers, and the addressing rules.

The tests of addresses were seen to fail with nine bits for shots and with the day and the decision exchanged.
"""

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
    result = streams.philox(*words(key), *words(counter))
    assert [int(w) for w in result] == [int(w) for w in words(answer)]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers_as_plain_python(counter, key, answer):
    plain = getattr(streams.philox, "py_func", streams.philox)
    assert [int(w) for w in plain(*words(key), *words(counter))] == [int(w) for w in words(answer)]


def test_one_word_becomes_one_uniform():
    seed = np.uint64(0x0123456789ABCDEF)
    low, high = np.uint64(0x89ABCDEF), np.uint64(0x01234567)
    expected = streams.philox(low, high, *(np.uint64(w) for w in (7, 8, 9, 10)))
    result = streams.uniforms(seed, 7, 8, 9, 10)
    assert result == tuple((float(w) + 0.5) / 2**32 for w in expected)


def test_every_part_of_the_address_matters():
    base = (np.uint64(5), 1 << 16 | 2, 3 << 16 | 4, 1 << 24 | 6, 7 << 8 | 8)
    reference = streams.uniforms(*base)
    for part in range(5):
        moved = list(base)
        moved[part] += type(moved[part])(1)
        assert streams.uniforms(*moved) != reference


WORDS = [  # function, its two arguments, the word written out
    ("word_of", (0, 0), 0x00000000), ("word_of", (1, 2), 0x00010002), ("word_of", (0xFFFF, 0xFFFF), 0xFFFFFFFF),
    ("moment", (0, 15), 0x0000000F), ("moment", (365, 20), 0x016D0014), ("moment", (0xFFFF, 0xFFFF), 0xFFFFFFFF),
    ("threat_id", (0, 1 << 22), 0x00400000), ("threat_id", (2, 5), 0x02000005),
    ("threat_id", (0xFF, 0xFFFFFF), 0xFFFFFFFF),
    ("shot", (0, 1), 0x00000001), ("shot", (3, 7), 0x00000307), ("shot", (0xFFFFFF, 0xFF), 0xFFFFFFFF)]


@pytest.mark.parametrize(("name", "parts", "word"), WORDS)
def test_words_of_an_address_bit_by_bit(name, parts, word):
    make = getattr(streams, name)
    assert make(*parts) == word == getattr(make, "py_func", make)(*parts)


@pytest.mark.parametrize(("vector", "replication"), [(0, 0), (1, 0xFFFF), (0xFFFF, 1), (200, 4)])
def test_a_word_knows_its_vector(vector, replication):
    assert streams.vector_of(streams.word_of(vector, replication)) == vector


def test_known_answer_of_an_address():
    """The last of Random123's answers, its counter put together from the parts of an address."""
    key, answer = np.uint64(0x299F31D0A4093822), [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
    address = (streams.word_of(0x243F, 0x6A88), streams.moment(0x85A3, 0x08D3), streams.threat_id(0x13, 0x198A2E),
               streams.shot(0x037073, 0x44))
    assert streams.uniforms(key, *address) == tuple((float(word) + 0.5) / 2**32 for word in answer)


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
