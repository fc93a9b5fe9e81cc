"""Addressed random numbers: Philox 4x32-10.

Nothing is consumed: a draw is a function of the seed and of an address, so an added entity, option,
vector or replication changes nobody else's draws.

key      64-bit seed, low word first
counter  (vector << 16 | replication, day << 16 | decision, threat id, shooter slot << 8 | shot)

The four words are made here and nowhere else, by `word_of`, `moment`, `threat_id` (class << 24 | ordinal)
and `shot`; `vector_of` takes the vector back. Decisions are numbered in ``engine/world.py``.

A vector's own parameters use replication 0xFFFF; hence at most 65,535 replications a vector. One
counter gives four 32-bit words; a word w becomes the uniform (w + 0.5) / 2**32, never 0 or 1.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. The
known-answer vectors of its Random123 library are in ``tests/unit/core/test_streams.py``.
"""

import numpy as np

from skyshield.core.addresses import PARAMETERS
from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel

_REPLICATION_BITS = 16
_DECISION_BITS = 16
_CLASS_BITS = 24
_SHOT_BITS = 8

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_ROUNDS = 10
_SCALE = 1.0 / 4294967296.0

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
Uniforms = tuple[float, float, float, float]


@kernel
def philox(key_0: np.uint64, key_1: np.uint64, counter_0: np.uint64, counter_1: np.uint64,
           counter_2: np.uint64, counter_3: np.uint64) -> Words:
    """Return the four words of one counter; every argument is a 32-bit word held in 64 bits."""
    for _ in range(_ROUNDS):
        product_0 = _MULTIPLIER_0 * counter_0
        product_1 = _MULTIPLIER_1 * counter_2
        counter_0 = (product_1 >> _SHIFT) ^ counter_1 ^ key_0
        counter_2 = (product_0 >> _SHIFT) ^ counter_3 ^ key_1
        counter_1 = product_1 & _LOW
        counter_3 = product_0 & _LOW
        key_0 = (key_0 + _WEYL_0) & _LOW
        key_1 = (key_1 + _WEYL_1) & _LOW
    return counter_0, counter_1, counter_2, counter_3


@kernel
def word_of(vector: int, replication: int) -> int:
    """Return the first word of an address: which vector and replication.

    Examples
    --------
    >>> word_of(3, 2) == 3 * 65536 + 2
    True
    """
    return vector << _REPLICATION_BITS | replication


@kernel
def vector_of(word: int) -> int:
    """Return the parameter vector of a first word.

    Examples
    --------
    >>> vector_of(word_of(3, 2))
    3
    """
    return word >> _REPLICATION_BITS


@kernel
def moment(day: int, decision: int) -> int:
    """Return the second word of an address: on which day, from 0, what is decided.

    Examples
    --------
    >>> moment(1, 7) == 65536 + 7
    True
    """
    return day << _DECISION_BITS | decision


@kernel
def threat_id(threat_class: int, ordinal: int) -> int:
    """Return the third word of an address: a threat by its class and its place among those of the day.

    Examples
    --------
    >>> threat_id(2, 5) == 2 * 16777216 + 5
    True
    """
    return threat_class << _CLASS_BITS | ordinal


@kernel
def shot(slot: int, ordinal: int) -> int:
    """Return the fourth word of an address: a shooter's slot and which of its shots, from 0.

    Examples
    --------
    >>> shot(4, 1) == 4 * 256 + 1
    True
    """
    return slot << _SHOT_BITS | ordinal


@kernel
def uniforms(seed: np.uint64, word: int, when: int, threat: int, shooter: int) -> Uniforms:
    """Return four uniforms in (0, 1) of one address.

    Parameters
    ----------
    seed
        The study's 64-bit seed.
    word
        Of a vector and a replication, see `word_of`.
    when
        Of a day and a decision, see `moment`.
    threat
        Of a threat, see `threat_id`, or the key of a parameter.
    shooter
        Of a shooter's slot and its shot, see `shot`.

    Examples
    --------
    >>> a = uniforms(np.uint64(1), 0, 0, 0, 0)
    >>> b = uniforms(np.uint64(1), 0, 0, 1, 0)
    >>> a == uniforms(np.uint64(1), 0, 0, 0, 0), a == b
    (True, False)
    """
    word_0, word_1, word_2, word_3 = philox(
        seed & _LOW, seed >> _SHIFT, np.uint64(word), np.uint64(when), np.uint64(threat), np.uint64(shooter))
    return ((float(word_0) + 0.5) * _SCALE, (float(word_1) + 0.5) * _SCALE,
            (float(word_2) + 0.5) * _SCALE, (float(word_3) + 0.5) * _SCALE)


def name_key(name: str) -> int:
    """Return the stable 32-bit address of a named parameter.

    Examples
    --------
    >>> name_key("leak_deep") == name_key("leak_deep"), 0 <= name_key("x") < 2**32
    (True, True)
    """
    import zlib

    return zlib.crc32(name.encode())


def parameter_uniforms(seed: int, name: str, first: int, last: int) -> Floats:
    """Return one uniform per parameter vector ``first <= vector < last`` for the parameter `name`.

    Two names with the same 32-bit key would share draws; the catalogue's tests rule that out.
    """
    result = np.empty(last - first)
    _fill_parameter(np.uint64(seed), name_key(name), first, result)
    return result


@kernel
def _fill_parameter(seed: np.uint64, key: int, first: int, result: Floats) -> None:
    for k in range(result.shape[0]):
        result[k] = uniforms(seed, word_of(first + k, PARAMETERS), 0, key, 0)[0]
