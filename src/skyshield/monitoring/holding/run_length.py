"""How long a chart runs before it alarms although nothing changed, by a Markov chain.

A one-sided CUSUM of counts is S ← max(0, S + y - k), alarm at S ≥ h (for falls S ← max(0, S + k - y)). Counts are
whole and k, h multiples of 1/d, so S lives on a lattice below h and the average run length L from each state solves (I
- P) L = 1 (Brook and Evans, Biometrika 1972; for counts Lucas, Technometrics 1985). Runs may be long beyond the digits
of a plain solution: states are eliminated without subtracting (Grassmann, Taksar and Heyman, Operations Research
1985), with the probability of alarm of each state from the tail of the distribution.

Where h is so large that exact states would be too many, classes of equal width stand for all values (Brook and Evans
for continuous charts), within about one percent of the logarithm of the run length: `exact` says which.
"""

import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.holding.counts import POISSON, at_most, more_than, probability
from skyshield.monitoring.holding.settings import settings

_BLOCK = 64
UP, DOWN = "up", "down"
SIDES = (UP, DOWN)


class RunLength(NamedTuple):
    """Average number of windows to a false alarm; whether the chain is exact."""

    arl: float
    exact: bool


def run_length(mean: float, k: float, h: float, size: float = POISSON, start: float = 0.0,
               side: str = UP) -> RunLength:
    """Return the average run length of a one-sided CUSUM of counts.

    Parameters
    ----------
    mean
        Of the counts, while nothing changes.
    k, h
        Reference value and alarm limit, in counts.
    size
        Of the negative binomial; infinite for Poisson.
    start
        The head start: S before the first count.
    side
        ``up`` for a chart of rises, ``down`` of falls.

    Returns
    -------
    RunLength
        In windows, the alarm's own included.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a figure is not one, is out of its range, or k and h lie on no common lattice.

    Examples
    --------
    >>> round(run_length(1.88, 2, 6).arl, 2), round(run_length(1.88, 2, 6, start=3).arl, 2)
    (37.2, 29.19)
    >>> round(run_length(4, 6, 20, size=2).arl, 2)
    504.19
    """
    _check(mean, k, h, size, start, side)
    steps = _lattice(k, h, start)
    states = round(h * steps)
    of = settings()["chart"]
    if states > of["most_solved"]:
        return RunLength(_length(*_classes(mean, k, h, size, start, side)), exact=False)
    chain = _states(mean, round(k * steps), states, size, round(start * steps), side, steps)
    if states > of["most_states"]:
        solved = _solved(*chain)
        if solved <= of["solved_arl"]:
            return RunLength(solved, exact=True)
    return RunLength(_length(*chain), exact=True)


def _states(mean: float, k: int, h: int, size: float, start: int, side: str,
            steps: int) -> tuple[Floats, Floats, int]:
    """Return the transitions between the states 0 to h - 1, the probability of alarm of each, and the first state.

    All in steps of the lattice, `steps` to a count.
    """
    at, change = np.arange(h, dtype=float)[:, None], np.arange(1 - h, h, dtype=float)
    by_change = probability((k + (change if side == UP else -change)) / steps, mean, size)
    moves = by_change[np.arange(h)[None, :] - np.arange(h)[:, None] + h - 1]
    if side == UP:
        moves[:, 0] = at_most((k - at[:, 0]) / steps, mean, size)
        # alarm where i + d y - k >= h, that is y > ceil((h - i + k) / d) - 1
        alarm = more_than(np.ceil((h - at[:, 0] + k) / steps) - 1, mean, size)
    else:
        moves[:, 0] = more_than(np.ceil((at[:, 0] + k) / steps) - 1, mean, size)
        alarm = at_most((at[:, 0] + k - h) / steps, mean, size)
    return moves, alarm, start


def _classes(mean: float, k: float, h: float, size: float, start: float, side: str) -> tuple[Floats, Floats, int]:
    """Return what `_states` does for classes of values, each of one width about its middle, the first about 0."""
    n = settings()["chart"]["classes"]
    width = 2 * h / (2 * n - 1)
    middle = width * np.arange(n)
    edge = middle[None, :] + width / 2
    if side == UP:
        below = at_most(edge - middle[:, None] + k, mean, size)
        alarm = more_than(np.ceil(h - middle + k) - 1, mean, size)
    else:
        below = more_than(np.ceil(middle[:, None] + k - edge) - 1, mean, size)
        alarm = at_most(middle + k - h, mean, size)
    below[:, -1] = 1 - alarm
    moves = np.maximum(np.diff(below, axis=1, prepend=0.0), 0.0)
    return moves, alarm, min(n - 1, round(start / width))


def _length(moves: Floats, alarm: Floats, start: int) -> float:
    """Return the average number of steps from a state to the alarm, eliminating state after state."""
    order = np.arange(len(alarm))
    order[[0, start]] = order[[start, 0]]
    moves, alarm, steps = moves[np.ix_(order, order)], alarm[order].copy(), np.ones(len(alarm))
    for top in range(len(alarm), 1, -_BLOCK):  # what a block of states adds to those below it is added at once
        low = max(1, top - _BLOCK)
        shares = np.zeros((low, top - low))
        for last in range(top - 1, low - 1, -1):
            leave = alarm[last] + moves[last, :last].sum()
            if leave <= 0:
                return math.inf
            share = moves[:last, last] / leave
            shares[:, last - low] = share[:low]
            moves[low:last, :last] += share[low:, None] * moves[last, :last]
            moves[:low, low:last] += share[:low, None] * moves[last, low:last]
            alarm[:last] += share * alarm[last]
            steps[:last] += share * steps[last]
        moves[:low, :low] += shares @ moves[low:top, :low]
    return float(steps[0] / alarm[0]) if alarm[0] > 0 else math.inf


def _solved(moves: Floats, alarm: Floats, start: int) -> float:
    """Return the same by a plain solution, which is quicker and has fewer digits the longer the run."""
    try:
        found = float(np.linalg.solve(np.eye(len(alarm)) - moves, np.ones(len(alarm)))[start])
    except np.linalg.LinAlgError:
        return math.inf
    return found if found > 0 else math.inf


def limit_for(arl: float, mean: float, k: float, size: float = POISSON, side: str = UP) -> float:
    """Return the least whole h whose average run length is at least `arl` windows; a large one nearly so.

    Raises
    ------
    SkyShieldError
        Exit code 2 if no h within reason has it.

    Examples
    --------
    >>> limit_for(500.0, 4.0, 6.0, 2.0)
    20.0
    """
    largest, share = settings()["chart"]["largest_h"], settings()["chart"]["h_share"]
    low, high = 0.0, float(max(1, math.ceil(k)))
    while run_length(mean, k, high, size, side=side).arl < arl:
        low, high = high, 2 * high
        if high > largest:
            raise SkyShieldError("--arl", f"is {arl:g}, which no h up to {largest:g} reaches at k {k:g}",
                                 "take another k or a shorter run")
    while high - low > max(1.0, share * high):
        middle = float(math.floor((low + high) / 2))
        low, high = (low, middle) if run_length(mean, k, middle, size, side=side).arl >= arl else (middle, high)
    return high


def reference_value(mean: float, size: float, side: str = UP) -> float:
    """Return the k at which a CUSUM is quickest for a rate that grows (falls) by the ratio of the settings.

    k is where the likelihoods of the two means m₀ and m₁ = ρ m₀ are alike:
    k = r ln((r + m₁) / (r + m₀)) / ln(m₁ (r + m₀) / (m₀ (r + m₁))), for Poisson (m₁ - m₀) / ln(m₁ / m₀); rounded to the
    coarsest lattice whose steps are a small share of it.

    Examples
    --------
    >>> reference_value(2.22, 4.8), reference_value(2.22, 4.8, "down")
    (3.0, 1.6)
    """
    chart = settings()["chart"]
    other = mean * chart["ratio"] if side == UP else mean / chart["ratio"]
    if math.isinf(size):
        exact = (other - mean) / math.log(other / mean)
    else:
        exact = (size * math.log((size + other) / (size + mean))
                 / math.log(other * (size + mean) / (mean * (size + other))))
    steps = next((n for n in chart["lattice"] if 1 / n <= chart["k_error"] * exact), chart["lattice"][-1])
    return float(max(1, round(exact * steps)) / steps)


def _lattice(k: float, h: float, start: float) -> int:
    """Return how many states there are to a count."""
    of = settings()["chart"]
    finest, steps = of["lattice"][-1], 1
    for name, value in (("k", k), ("h", h), ("start", start)):
        fraction = Fraction(value).limit_denominator(finest)
        if not math.isclose(float(fraction), value, rel_tol=of["lattice_error"]):
            raise SkyShieldError(f"--{name}", f"is {value:g}, no multiple of 1/n for any n up to {finest:,}",
                                 "round it")
        steps = math.lcm(steps, fraction.denominator)
    if steps > finest:
        raise SkyShieldError("--k, --h, --start", f"have no common step over 1/{finest:,}", "round them")
    return steps


def _check(mean: float, k: float, h: float, size: float, start: float, side: str) -> None:
    largest = settings()["chart"]["largest_h"]
    for name, value in (("--mean", mean), ("--size", size), ("--k", k), ("--h", h)):
        if math.isnan(value) or value <= 0 or (math.isinf(value) and name != "--size"):
            raise SkyShieldError(name, f"is {value:g}", "give a number over 0")
    for name, value in (("--mean", mean), ("--h", h)):
        if value > largest:
            raise SkyShieldError(name, f"is {value:g}", f"give at most {largest:g}, in larger units if need be")
    if not 0 <= start < h:
        raise SkyShieldError("--start", f"is {start:g}", f"give a head start from 0 to below h {h:g}")
    if side not in SIDES:
        raise SkyShieldError("--side", f"is {side!r}", f"give one of {', '.join(SIDES)}")
