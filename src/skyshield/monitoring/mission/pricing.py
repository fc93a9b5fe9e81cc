"""The best numbers of units in one sector at given prices: branch and bound with a bound that is proven.

A sector's worth w f(n) - price n is concave in n. On a box of n its greatest value is at most, for any x in the box,
h(x) + Σ_k max(h_k(x) (low_k - x_k), h_k(x) (high_k - x_k)) with h_k the slope along means k: the tangent plane. The x
comes from a projected Newton search, whose errors loosen the bound and never make it false. Boxes are cut in two until
each is bounded away, or is one point.
"""

import math

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.jit import allocating_kernel, kernel

_STEPS = 40  # of the Newton search in one box
_STACK = 4_000
_HALVINGS = 8
_DAMPING, _LEAST_DAMPING = 1e-3, 1e-9
_WHOLE = 1e-6


@kernel
def _height(weight: float, p: Floats, rate: Floats, price: Floats, x: Floats) -> float:
    """Return w f(x) - price x."""
    result = 0.0
    for c in range(p.shape[0]):
        met = 0.0
        for k in range(x.shape[0]):
            met += rate[c, k] * x[k]
        result += p[c] * (1.0 - math.exp(-met))
    result *= weight
    for k in range(x.shape[0]):
        result -= price[k] * x[k]
    return result


@kernel
def _slope(weight: float, p: Floats, rate: Floats, price: Floats, x: Floats, slope: Floats, bend: Floats) -> None:
    """Fill the gradient and minus the Hessian of the height."""
    n = x.shape[0]
    for k in range(n):
        slope[k] = -price[k]
        for j in range(n):
            bend[k, j] = 0.0
    for c in range(p.shape[0]):
        met = 0.0
        for k in range(n):
            met += rate[c, k] * x[k]
        left = weight * p[c] * math.exp(-met)
        for k in range(n):
            slope[k] += left * rate[c, k]
            for j in range(n):
                bend[k, j] += left * rate[c, k] * rate[c, j]


@kernel
def _solve(matrix: Floats, right: Floats) -> None:
    """Solve matrix step = right in place for a positive definite matrix; the step replaces `right`."""
    n = right.shape[0]
    for i in range(n):
        for row in range(i + 1, n):
            by = matrix[row, i] / matrix[i, i]
            for column in range(i, n):
                matrix[row, column] -= by * matrix[i, column]
            right[row] -= by * right[i]
    for back in range(n):
        i = n - 1 - back
        for column in range(i + 1, n):
            right[i] -= matrix[i, column] * right[column]
        right[i] /= matrix[i, i]


@kernel
def _box_bound(weight: float, p: Floats, rate: Floats, price: Floats, low: Integers, high: Integers, enough: float,
               near: float, x: Floats, trial: Floats, slope: Floats, bend: Floats, step: Floats) -> float:
    """Return a bound of the height on a box, leaving a point near its best in `x`; stop once it is at most `enough`."""
    n = x.shape[0]
    damping, bound = _DAMPING, np.inf
    at = _height(weight, p, rate, price, x)
    for _ in range(_STEPS):
        _slope(weight, p, rate, price, x, slope, bend)
        tangent, largest = at, 0.0
        for k in range(n):
            tangent += max(slope[k] * (low[k] - x[k]), slope[k] * (high[k] - x[k]))
            largest = max(largest, bend[k, k])
        bound = min(bound, tangent)
        if bound <= enough or bound - at <= near:
            break
        moved = False
        for _halving in range(_HALVINGS):
            for k in range(n):
                held = (x[k] >= high[k] and slope[k] > 0.0) or (x[k] <= low[k] and slope[k] < 0.0)
                step[k] = 0.0 if held else slope[k]
            for k in range(n):
                for j in range(n):
                    both = (step[k] != 0.0 and step[j] != 0.0) or k == j
                    bend[k, j] = bend[k, j] if both else 0.0
                bend[k, k] += damping * (largest + _LEAST_DAMPING)
            _solve(bend, step)
            for k in range(n):
                trial[k] = min(max(x[k] + step[k], float(low[k])), float(high[k]))
            there = _height(weight, p, rate, price, trial)
            if there > at:
                for k in range(n):
                    x[k] = trial[k]
                at, moved = there, True
                damping = max(damping / 4, _LEAST_DAMPING)
                break
            damping *= 8
            _slope(weight, p, rate, price, x, slope, bend)
        if not moved:
            break
    return bound


@kernel
def _branch(low: Integers, high: Integers, x: Floats, slope: Floats) -> int:
    """Return the means along which a box is cut: the one farthest from a whole number, else of the steepest side."""
    best, most = -1, _WHOLE
    for k in range(x.shape[0]):
        part = x[k] - math.floor(x[k])
        if high[k] > low[k] and min(part, 1.0 - part) > most:
            best, most = k, min(part, 1.0 - part)
    if best >= 0:
        return best
    most = -1.0
    for k in range(x.shape[0]):
        if high[k] > low[k] and abs(slope[k]) * (high[k] - low[k]) > most:
            best, most = k, abs(slope[k]) * (high[k] - low[k])
    return best


@allocating_kernel
def _put(into: Integers, units: Floats) -> None:
    """Write whole numbers that stand as floats."""
    for k in range(len(into)):
        into[k] = int(units[k])


@allocating_kernel
def search(weight: float, p: Floats, rate: Floats, price: Floats, most: Integers, tolerance: float, threshold: float,
           found: Integers, best: Integers) -> tuple[float, float, int]:
    """Find the best whole numbers of units in one sector at given prices, or all that are good enough.

    Parameters
    ----------
    weight
        w.
    p, rate
        f8[condition], f8[condition, means].
    price
        f8[means], what a unit costs.
    most
        i8[means].
    tolerance
        How far the bound may stay over the best found.
    threshold
        Where `found` has rows: every n with a height of at least this is listed.
    found
        i8[row, means], filled with those; without rows, only the best is sought.
    best
        i8[means], filled with the best found.

    Returns
    -------
    tuple
        The height of `best`, a bound of every n's height, and how many rows are filled: -1 if there were more, or the
        search was given up.
    """
    n, lists, count = most.shape[0], found.shape[0] > 0, 0
    low, high = np.zeros((_STACK, n), np.int64), np.zeros((_STACK, n), np.int64)
    bounds = np.full(_STACK, np.inf)
    x, trial, slope, step = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    bend = np.zeros((n, n))
    high[0], depth, boxes = most, 1, 0
    best[:] = 0
    top, closed = 0.0, 0.0
    while depth > 0:
        if boxes >= _STACK * 2 or depth >= _STACK - 1:
            return top, max(closed, bounds[:depth].max() if depth else 0.0), -1
        boxes += 1
        depth -= 1
        lowest, highest = low[depth].copy(), high[depth].copy()
        enough = threshold if lists else top + tolerance
        if bounds[depth] <= enough:
            closed = max(closed, bounds[depth])
            continue
        for k in range(n):
            x[k] = min(max(x[k], float(lowest[k])), float(highest[k]))
        bound = _box_bound(weight, p, rate, price, lowest, highest, enough, tolerance / 4, x, trial, slope, bend, step)
        bound = min(bound, bounds[depth])
        for k in range(n):
            trial[k] = min(max(math.floor(x[k] + 0.5), float(lowest[k])), float(highest[k]))
        at = _height(weight, p, rate, price, trial)
        if at > top:
            top = at
            _put(best, trial)
        cut = _branch(lowest, highest, x, slope)
        if cut < 0:  # one point
            closed = max(closed, at)
            if lists and at >= threshold:
                if count == found.shape[0]:
                    return top, np.inf, -1
                _put(found[count], trial)
                count += 1
            continue
        if bound <= (threshold if lists else top + tolerance):
            closed = max(closed, bound)
            continue
        middle = min(max(math.floor(x[cut]), lowest[cut]), highest[cut] - 1)
        upper_first = x[cut] - middle < 0.5
        for side in range(2):
            low[depth], high[depth], bounds[depth] = lowest, highest, bound
            if (side == 0) == upper_first:
                low[depth, cut] = middle + 1
            else:
                high[depth, cut] = middle
            depth += 1
    return top, max(closed, top), count
