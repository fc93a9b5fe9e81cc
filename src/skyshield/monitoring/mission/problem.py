r"""What a mission's design maximises, and what limits it.

With n units of means k in sector s, each of which detects a violation there with probability q under condition c
(night or day, cloud or clear, jamming or none) of probability p, independently of the others in that condition:

.. math:: \max_n \; Σ_s w_s f_s(n_s), \qquad f_s(n) = Σ_c p_{sc} \Bigl(1 - \prod_k (1 - q_{sck})^{n_k}\Bigr)

under Σ_s Σ_k u_rk n_sk ≤ L_r for every resource r (people, money, units of one means) and 0 ≤ n_sk ≤ most_sk, n whole.
Units in one sector fail together where a condition blinds all of them: that is why conditions are summed outside.
With r_ck = -log(1 - q_ck) each term is 1 - exp(-r_c n): concave, and in whole numbers a unit adds less the more there
are. The problem is the search theory of B. Koopman, "Search and Screening" (1946), with several kinds of searchers.
"""

from dataclasses import dataclass

import numpy as np

from skyshield.core.arrays import Floats, Integers

MOST_RATE = 50.0  # -log(1 - q) of a unit that never misses: what it leaves, 2e-22, is lost in the sum


@dataclass(frozen=True)
class Problem:
    """A design's numbers as arrays.

    Attributes
    ----------
    weight
        f8[sector], w.
    p
        f8[sector, condition], sums to 1 over conditions.
    rate
        f8[sector, condition, means], -log(1 - q).
    use
        f8[resource, means], u of one unit.
    limit
        f8[resource], L.
    most
        i8[sector, means].
    """

    weight: Floats
    p: Floats
    rate: Floats
    use: Floats
    limit: Floats
    most: Integers


def detection(problem: Problem, units: Integers) -> Floats:
    """Return f8[sector], the probability of detection f_s with `units` i8[sector, means].

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones((1, 1))
    >>> problem = Problem(one[0], one, -np.log([[[0.5]]]), one, one[0], np.array([[2]]))
    >>> detection(problem, np.array([[2]])).tolist()
    [0.75]
    """
    missed = np.exp(-np.einsum("sck,sk->sc", problem.rate, units.astype(np.float64)))
    return np.asarray(np.einsum("sc,sc->s", problem.p, 1 - missed))


def value(problem: Problem, units: Integers) -> float:
    """Return Σ w f with `units` i8[sector, means]."""
    return float(problem.weight @ detection(problem, units))


def used(problem: Problem, units: Integers) -> Floats:
    """Return f8[resource], what `units` i8[sector, means] take."""
    return np.asarray(problem.use @ units.sum(axis=0))


def fits(problem: Problem, units: Integers) -> bool:
    """Whether `units` keep every limit, to rounding."""
    return bool(np.all(used(problem, units) <= roomy(problem.limit)) and np.all(units <= problem.most))


def roomy(limit: Floats) -> Floats:
    """Return limits with room for the rounding of sums such as 10 times 0.1."""
    rounding = 1e-9
    return np.asarray(limit * (1 + rounding) + rounding)
