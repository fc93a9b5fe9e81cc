r"""Is a forecast calibrated: the histogram of its transforms against an exact simultaneous band.

Under a perfect forecast the n transforms are independent uniforms, and the counts of k equal bins are multinomial. The
statistic is the largest distance of a count from n / k. Its distribution is exact: with c_j independent Poisson counts
of mean n / k,

    P(all counts within [a, b]) = P(c_1 + ... + c_k = n, all within [a, b]) / P(c_1 + ... + c_k = n).

Forecasts one day ahead have independent transforms if they are perfect; otherwise p is approximate.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats

BINS = 10
BAND_LEVEL = 0.95


class Calibration(NamedTuple):
    """Counts by bin, the band they stay in with `BAND_LEVEL`, and the p value of the largest distance."""

    counts: tuple[int, ...]
    low: int
    high: int
    p_value: float


def p_all_within(n: int, distance: float, bins: int = BINS) -> float:
    """Return the probability that no count of a uniform histogram is farther than `distance` from n / bins.

    Examples
    --------
    >>> p_all_within(2, 0.5, 2), p_all_within(2, 0.0, 2), p_all_within(2, 1.0, 2)
    (0.5, 0.5, 1.0)
    """
    mean = n / bins
    count = np.arange(n + 1.0)
    log_factorial = np.array([math.lgamma(k + 1.0) for k in count])
    poisson = np.exp(count * math.log(mean) - mean - log_factorial)
    poisson[np.abs(count - mean) > distance + 1e-9] = 0.0
    total = np.zeros(n + 1)
    total[0] = 1.0
    for _ in range(bins):
        total = np.convolve(total, poisson)[:n + 1]
    p_total = math.exp(n * math.log(n) - n - math.lgamma(n + 1.0))
    return float(min(1.0, round(total[n] / p_total, 12)))


def calibration(transforms: Floats, bins: int = BINS) -> Calibration:
    """Return the histogram of transforms in [0, 1] with its band and p value.

    Examples
    --------
    >>> calibration((np.arange(100) + 0.5) / 100).p_value
    1.0
    >>> calibration(np.full(100, 0.55)).p_value < 1e-9
    True
    """
    n = len(transforms)
    if n == 0:
        return Calibration((0,) * bins, 0, 0, math.nan)
    bin_index = np.minimum((np.asarray(transforms) * bins).astype(np.int64), bins - 1)
    counts = np.bincount(bin_index, minlength=bins)
    distances = np.unique(np.abs(np.arange(n + 1) - n / bins))
    largest = float(np.abs(counts - n / bins).max())
    smaller = distances[distances < largest - 1e-9]
    p_value = 1.0 - p_all_within(n, float(smaller[-1]), bins) if len(smaller) else 1.0
    low, high = 0, len(distances) - 1
    while low < high:  # the smallest distance that holds with the band's level
        middle = (low + high) // 2
        enough = p_all_within(n, float(distances[middle]), bins) >= BAND_LEVEL
        low, high = (low, middle) if enough else (middle + 1, high)
    distance = float(distances[low])
    return Calibration(tuple(int(c) for c in counts), max(0, math.ceil(n / bins - distance - 1e-9)),
                       min(n, math.floor(n / bins + distance + 1e-9)), max(0.0, p_value))
