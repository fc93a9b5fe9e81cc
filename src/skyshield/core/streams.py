"""Addressed random numbers: Philox 4x32-10.

Nothing is consumed: a draw is a function of the seed and of an address, so an added entity, option,
vector or replication changes nobody else's draws.

key      64-bit seed, low word first
counter  (vector << 16 | replication, day << 16 | decision, threat id, shooter slot << 8 | shot)

A vector's own parameters use replication 0xFFFF; hence at most 65,535 replications a vector. One
counter gives four 32-bit words; a word w becomes the uniform (w + 0.5) / 2**32, never 0 or 1.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. The
known-answer vectors of its Random123 library are in ``tests/unit/core/test_streams.py``.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel

PARAMETERS = 0xFFFF
MAX_VECTORS = 1 << 16
MAX_REPLICATIONS = 0xFFFF
MAX_DAYS = 1 << 16

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
def uniforms(seed: np.uint64, world: int, moment: int, threat: int, shooter: int) -> Uniforms:
    """Return four uniforms in (0, 1) of one address.

    Parameters
    ----------
    seed
        The study's 64-bit seed.
    world
        ``vector << 16 | replication``.
    moment
        ``day << 16 | decision``.
    threat
        Threat id (class << 24 | ordinal), or the key of a parameter.
    shooter
        ``slot << 8 | shot``.

    Examples
    --------
    >>> a = uniforms(np.uint64(1), 0, 0, 0, 0)
    >>> b = uniforms(np.uint64(1), 0, 0, 1, 0)
    >>> a == uniforms(np.uint64(1), 0, 0, 0, 0), a == b
    (True, False)
    """
    word_0, word_1, word_2, word_3 = philox(
        seed & _LOW, seed >> _SHIFT, np.uint64(world), np.uint64(moment), np.uint64(threat), np.uint64(shooter))
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
    found = np.empty(last - first)
    _fill_parameter(np.uint64(seed), name_key(name), first, found)
    return found


@kernel
def _fill_parameter(seed: np.uint64, key: int, first: int, found: Floats) -> None:
    for k in range(found.shape[0]):
        found[k] = uniforms(seed, (first + k) << 16 | PARAMETERS, 0, key, 0)[0]
