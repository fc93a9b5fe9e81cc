r"""The ladder: how likely it is that an incident is answered by force, and how far that may carry.

**A rung up** is an answer by open force, of either side, to an incident between Russia and a state that helps Ukraine.
With incidents of kind k at a rate lambda_k, each answered so with probability q_k and independently of the others,

    P(at least one rung up in T) = 1 - exp(-sum_k lambda_k q_k T).

**What events say.** Of n comparable events s were answered by force. With Jeffreys' prior, and the events counted with
a weight w from 0 (they say nothing here) to 1 (they are the same thing): a power prior,

    q ~ Beta(1/2 + w s, 1/2 + w (n - s)),

of which the central 95% is told; its lower end is 0 where no event was answered and its upper end 1 where all were, as
is usual for this interval. Weight 0 leaves 0 to 1.

**How far it carries.** A chain over rungs is known only within bounds, L_ij <= P_ij <= U_ij. The least and the greatest
probability to reach a rung within a number of steps follow by value iteration: in each step every state pours what its
lower bounds leave over into the states in order of their value, the lowest first for the least, the highest first for
the greatest. The chain may be another in each step, within its bounds.

Source: strategy specification, S8; L. Brown, T. Cai and A. DasGupta, Interval Estimation for a Binomial Proportion,
Statistical Science 16 (2001); J. Ibrahim and M.-H. Chen, Power Prior Distributions, Statistical Science 15 (2000).
"""

import math
from collections.abc import Sequence

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import SkyShieldError

LEVEL = 0.95
Interval = tuple[float, float]
_ROUNDING = 1e-9  # by which rows may miss 1
_WEIGHTS = 101


def p_up(rates: Sequence[float], q: Sequence[float], time: float) -> float:
    """Return the probability of at least one rung up.

    Parameters
    ----------
    rates
        Incidents of each kind in a unit of time.
    q
        Probability that one of each kind is answered by force.
    time
        In the same unit.

    Raises
    ------
    SkyShieldError
        If the two differ in length, a rate or the time is negative, or q is not from 0 to 1.

    Examples
    --------
    >>> round(p_up([0.15], [0.05], 12), 6), round(p_up([0.15], [0.262], 12), 6)
    (0.086069, 0.375997)
    """
    if len(rates) != len(q):
        raise SkyShieldError("q", f"has {len(q)} values for {len(rates)} rates", "give one for each rate")
    for where, values, most in (("rates", rates, math.inf), ("q", q, 1.0), ("months", [time], math.inf)):
        for value in values:
            if not (0.0 <= value <= most and math.isfinite(value)):
                raise SkyShieldError(where, f"{value:g} cannot be",
                                     "give numbers from 0" + (" to 1" if most == 1.0 else ""))
    return -math.expm1(-time * math.fsum(rate * each for rate, each in zip(rates, q, strict=True)))


def jeffreys(answered: float, events: float, weight: float = 1.0) -> Interval:
    """Return the 95% interval of the probability of an answer by force, from events counted with a weight.

    Raises
    ------
    SkyShieldError
        If more were answered than there were, or the weight is not from 0 to 1.

    Examples
    --------
    >>> [round(jeffreys(0, n)[1], 3) for n in (6, 8, 12)], [round(end, 4) for end in jeffreys(8, 160)]
    ([0.33, 0.262, 0.185], [0.0239, 0.0921])
    >>> jeffreys(0, 8, weight=0.0), round(jeffreys(0, 8, weight=0.5)[1], 3)
    ((0.0, 1.0), 0.445)
    """
    if not (0.0 <= answered <= events and math.isfinite(events)):
        raise SkyShieldError("events", f"{answered:g} answered of {events:g} cannot be", "give answered <= events")
    if not 0.0 <= weight <= 1.0:
        raise SkyShieldError("weight of events", f"is {weight:g}", "give a number from 0 to 1")
    low, high = beta_ends(np.array(weight * answered), np.array(weight * (events - answered)))
    return float(low), float(high)


def beta_ends(answered: Floats, unanswered: Floats) -> tuple[Floats, Floats]:
    """Return f8[...] twice: both ends of the interval from weighted numbers of events answered and not.

    Examples
    --------
    >>> low, high = beta_ends(np.array([0.0, 8.0]), np.array([8.0, 152.0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0239], [0.2622, 0.0921])
    """
    from scipy.special import betaincinv

    tail = (1.0 - LEVEL) / 2.0
    a, b = 1.0 / 2.0 + answered, 1.0 / 2.0 + unanswered
    return (np.where(answered > 0.0, betaincinv(a, b, tail), 0.0),
            np.where(unanswered > 0.0, betaincinv(a, b, 1.0 - tail), 1.0))


def jeffreys_over(answered: int, events: int, weights: Interval) -> Interval:
    """Return the widest interval over an interval of weights.

    The ends need not be monotone in the weight, so it is searched on a grid.

    Examples
    --------
    >>> [round(end, 3) for end in jeffreys_over(0, 8, (0.5, 1.0))], jeffreys_over(8, 160, (0.0, 0.5))
    ([0.0, 0.445], (0.0, 1.0))
    """
    grid = np.linspace(*weights, _WEIGHTS)
    low, high = beta_ends(grid * answered, grid * (events - answered))
    return float(low.min()), float(high.max())


def p_of(rungs: float) -> float:
    """Return the probability of at least one when so many are expected.

    Examples
    --------
    >>> round(p_of(0.09), 6)
    0.086069
    """
    return -math.expm1(-rungs)


def expected_for(p: float) -> float:
    """Return how many rungs must be expected for a probability of at least one.

    Examples
    --------
    >>> round(expected_for(0.5), 4), expected_for(1.0)
    (0.6931, inf)
    """
    return math.inf if p >= 1.0 else -math.log1p(-p)


def overlap(one: Interval, other: Interval) -> bool:
    """Say whether two intervals have a value in common.

    Examples
    --------
    >>> overlap((0.0, 0.2), (0.2, 1.0)), overlap((0.0, 0.1), (0.2, 1.0))
    (True, False)
    """
    return one[0] <= other[1] and other[0] <= one[1]


def reach_bounds(lower: Sequence[Sequence[float]], upper: Sequence[Sequence[float]], start: int, target: int,
                 steps: int) -> Interval:
    """Return the least and the greatest probability to have reached a state within so many steps.

    Parameters
    ----------
    lower, upper
        f8[from, to]: bounds of the probabilities of one step.
    start, target
        States, counted from 0.
    steps
        From 0.

    Raises
    ------
    SkyShieldError
        If the tables are not square and alike, a bound is not from 0 to 1 or above the other, a row cannot add up to
        1, there is no such state, or steps is negative.

    Examples
    --------
    >>> least = [[0.9, 0.01, 0.0], [0.2, 0.5, 0.02], [0.0, 0.0, 1.0]]
    >>> most = [[0.99, 0.1, 0.0], [0.4, 0.75, 0.1], [0.0, 0.0, 1.0]]
    >>> [round(end, 6) for end in reach_bounds(least, most, 0, 2, 2)]
    [0.0002, 0.01]
    >>> [round(end, 6) for end in reach_bounds(least, most, 0, 2, 12)]
    [0.004495, 0.222589]
    """
    low, high = _checked(lower, upper)
    for where, state in (("from", start), ("to", target)):
        if not 0 <= state < len(low):
            raise SkyShieldError(where, f"{state} is no state", f"give 0 to {len(low) - 1}")
    if steps < 0:
        raise SkyShieldError("steps", f"is {steps}", "give a number from 0")
    least, most = _reached(low, high, target, steps, 1)[start], _reached(low, high, target, steps, -1)[start]
    return float(least), float(most)


def _reached(low: Floats, high: Floats, target: int, steps: int, order: int) -> Floats:
    """Return f8[state]: the extreme probability to reach the target; the least for order 1, the greatest for -1."""
    value = np.zeros(len(low))
    value[target] = 1.0
    for _ in range(steps):
        value = poured(low, high, np.argsort(order * value, kind="stable").astype(np.int64)) @ value
        value[target] = 1.0
    return value


def poured(low: Floats, high: Floats, order: Sequence[int] | Integers) -> Floats:
    """Return f8[from, to]: rows filled to their lower bounds, the rest poured into states in an order up to the upper.

    Examples
    --------
    >>> poured(np.array([[0.2, 0.1]]), np.array([[0.7, 0.9]]), [1, 0]).round(2).tolist()
    [[0.2, 0.8]]
    """
    row, left = low.copy(), 1.0 - low.sum(axis=1)
    for state in order:
        more = np.minimum(high[:, state] - low[:, state], left)
        row[:, state] += more
        left = left - more
    return row


def _checked(lower: Sequence[Sequence[float]], upper: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
    """Return both tables as f8[from, to]."""
    tables = []
    for where, rows in (("lower", lower), ("upper", upper)):
        if not rows or any(len(row) != len(rows) for row in rows):
            raise SkyShieldError(where, "is not a square table", "give as many columns as rows")
        tables.append(np.asarray(rows, float))
    low, high = tables
    if low.shape != high.shape:
        raise SkyShieldError("upper", f"has {len(high)} rows, lower {len(low)}", "give both for the same states")
    wrong = ~((low >= 0.0) & (low <= high) & (high <= 1.0))
    if wrong.any():
        row, column = (int(at[0]) for at in np.nonzero(wrong))
        raise SkyShieldError(f"row {row}, column {column}", f"bounds {low[row, column]:g} to {high[row, column]:g} "
                             "cannot be", "give 0 <= lower <= upper <= 1")
    for row in range(len(low)):
        if low[row].sum() > 1.0 + _ROUNDING or high[row].sum() < 1.0 - _ROUNDING:
            raise SkyShieldError(f"row {row}", "cannot add up to 1",
                                 "let its lower bounds add up to at most 1, its upper ones to at least 1")
    return low, high
