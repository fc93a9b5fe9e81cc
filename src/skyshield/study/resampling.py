r"""The error of a sample of vectors: how far mean, lo and hi would move had other vectors been drawn.

A study's K parameter vectors are a sample. Its error is estimated by a bootstrap over vectors: each resample holds
every vector so many times as a Poisson variable of mean 1 says, drawn at an address of the study's seed, the resample
and the vector, and all figures are worked out anew, the noise in the vectors' means and the shrinkage included. So a
vector that is added leaves the numbers of those before it as they are. For the mean the answer needs no resample:
sqrt(B / K), with B the variance of the vectors' means. It holds the Monte Carlo error too, since B does.

Source: Chamandy, Muralidharan, Najmi, Naidu, "Estimating uncertainty for massive data streams", Google, 2012 (the
Poisson bootstrap); Efron, Ann. Statist. 7, 1979.
"""

import functools
import math
import zlib
from typing import NamedTuple

import numpy as np

from skyshield.core.addresses import PARAMETERS
from skyshield.core.arrays import Counts, Floats

RESAMPLES = 200
_ROUNDS, _MULTIPLIERS, _WEYL = 10, (0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)  # Philox 4x32, Salmon 2011
_HALF, _WORDS = 0.5, 2.0**32
_POISSON = np.cumsum([math.exp(-1.0) / math.factorial(k) for k in range(13)])  # beyond: less than any uniform tells


class Errors(NamedTuple):
    """The errors of the sample of vectors of many columns, f8[...] each; NaN where there is none."""

    mean: Floats
    lo: Floats
    hi: Floats


def resample_name(number: int) -> str:
    """Return the name by which a resample's uniforms are addressed, among those of parameters."""
    return f"resample {number}"


def resample_uniforms(seed: int, vectors: int) -> Floats:
    """Return f8[vector, resample] in (0, 1): what `skyshield.core.streams.parameter_uniforms` gives each resample.

    The same Philox 4x32-10 on whole arrays: a command that only reads a study need not load the compiler, which takes
    it longer than all the rest. A test holds both against each other, word by word.

    Examples
    --------
    >>> from skyshield.core.streams import parameter_uniforms
    >>> resample_uniforms(3, 2)[:, 5].tolist() == parameter_uniforms(3, resample_name(5), 0, 2).tolist()
    True
    """
    keys = np.array([zlib.crc32(resample_name(k).encode()) for k in range(RESAMPLES)], np.uint64)
    words = np.arange(vectors, dtype=np.uint64)[:, None] << np.uint64(16) | np.uint64(PARAMETERS)
    counter = [words, np.zeros_like(words), keys[None, :], np.zeros_like(keys)[None, :]]
    key = [np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)]
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(_ROUNDS):
        product = [np.uint64(multiplier) * counter[2 * k] for k, multiplier in enumerate(_MULTIPLIERS)]
        counter = [(product[1] >> shift) ^ counter[1] ^ key[0], product[1] & low,
                   (product[0] >> shift) ^ counter[3] ^ key[1], product[0] & low]
        key = [(word + np.uint64(step)) & low for word, step in zip(key, _WEYL, strict=True)]
    return np.asarray((counter[0].astype(np.float64) + _HALF) / _WORDS)


@functools.lru_cache(maxsize=2)
def vector_counts(seed: int, vectors: int) -> Counts:
    """Return i4[vector, resample]: how many times a resample holds each vector; do not write to it.

    Examples
    --------
    >>> bool((vector_counts(1, 4) == vector_counts(1, 9)[:4]).all())
    True
    """
    counts = np.searchsorted(_POISSON, resample_uniforms(seed, vectors), side="right").astype(np.int32)
    counts.flags.writeable = False
    return counts


def error_of_mean(means: Floats) -> Floats:
    """Return f8[...]: sqrt(B / K) of the vectors' means [..., vector], NaN for one vector.

    Examples
    --------
    >>> round(float(error_of_mean(np.array([1.0, 2.0, 3.0, 4.0]))), 4)
    0.6455
    """
    n = means.shape[-1]
    if n < 2:
        return np.full(means.shape[:-1], np.nan)
    return np.asarray(np.sqrt(means.var(axis=-1, ddof=1) / n))


def errors(means: Floats, noise: Floats, counts: Counts, tail: float) -> Errors:
    """Return the errors of the mean and of both ends of an interval.

    Parameters
    ----------
    means, noise
        f8[..., vector]: means and the Monte Carlo variance in each.
    counts
        i4[vector, resample]: how many times each resample holds a vector.
    tail
        Share of the vectors beyond either end.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> result = errors(rng.normal(size=(1, 200)), np.zeros((1, 200)), rng.poisson(1.0, (200, 400)), 0.025)
    >>> [bool(0.05 < one[0] < 0.4) for one in result]
    [True, True, True]
    """
    shape, n = means.shape[:-1], means.shape[-1]
    if n < 2:
        none = np.full(shape, np.nan)
        return Errors(none, none, none)
    flat = means.reshape(-1, n)
    above = flat - flat.mean(axis=1, keepdims=True)
    counts = counts[:, counts.sum(axis=0) > 1]  # of few vectors, a resample may hold none
    total = counts.sum(axis=0)
    share = counts / total
    moved = above @ share
    between = (above**2 @ share - moved**2) * (total / (total - 1))
    ratio = np.divide(noise.reshape(-1, n) @ share, between, out=np.ones_like(between), where=between > 0.0)
    kept = np.sqrt(np.maximum(0.0, 1.0 - ratio))
    ends = []
    for side in (1.0, -1.0):
        end = side * _lower_quantile(side * above, counts, tail)
        ends.append((moved + kept * (end - moved)).std(axis=1, ddof=1).reshape(shape))
    return Errors(error_of_mean(means), ends[0], ends[1])


def _lower_quantile(x: Floats, counts: Counts, tail: float) -> Floats:
    """Return f8[column, resample]: the quantile of x[column, vector], each vector so many times, as NumPy's.

    Only the lowest values are looked at: no resample's quantile lies beyond them.
    """
    n = x.shape[1]
    most = min(n, int(np.ceil(n * tail + 6.0 * np.sqrt(n * tail) + 8.0)))
    lowest = np.argsort(x, axis=1, kind="stable")[:, :most]
    values, held = np.take_along_axis(x, lowest, axis=1), np.cumsum(counts[lowest], axis=1, dtype=np.int32)
    place = (counts.sum(axis=0) - 1) * tail
    first = np.floor(place).astype(np.int64)
    below, above = (np.take_along_axis(values, np.minimum((held <= k).sum(axis=1), most - 1), axis=1)
                    for k in (first, first + 1))
    return np.asarray(below + (place - first) * (above - below))
