"""A case of the verification, and how it passes or fails.

A case compares what the product computes (*simulated*) with a value that follows without it (*exact*): a closed form, a
recursion, another way to compute a distance. A statistical case gives the standard error of what it simulates, from
independent replications, and allows four of them; any other allows 1e-9 of the exact value (1e-9 where that is 0). A
case with a `parameter` can be perturbed: the parameter is moved on the simulated side alone, and the case must fail.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

STANDARD_ERRORS = 4.0
ACCURACY = 1e-9


class CaseResult(NamedTuple):
    """The result of a case: the two values, the standard error (0 if nothing is drawn), how many were drawn."""

    exact: float
    simulated: float
    se: float = 0.0
    n: int = 0


@dataclass(frozen=True)
class Case:
    """One comparison.

    Attributes
    ----------
    name
        Stable, for scripts.
    family
        Which of `skyshield.evidence.verification.FAMILIES` it belongs to.
    model
        What is compared with what, in a sentence.
    play
        Returns the result for a seed and a factor on its parameter, 1 unless it is perturbed.
    parameter
        What is perturbed, in words; empty where nothing can be.
    """

    name: str
    family: str
    model: str
    play: Callable[[int, float], CaseResult]
    parameter: str = ""

    @property
    def perturbable(self) -> bool:
        """Whether it has a parameter to perturb."""
        return bool(self.parameter)


@dataclass(frozen=True)
class Outcome:
    """A case that was played: its result, its tolerance, and whether it passed."""

    case: Case
    result: CaseResult

    @property
    def tolerance(self) -> float:
        """The most that simulated and exact may differ."""
        if self.result.n:
            return STANDARD_ERRORS * self.result.se
        return ACCURACY * (abs(self.result.exact) or 1.0)

    @property
    def passed(self) -> bool:
        """Whether they differ by no more than the tolerance; NaN fails."""
        return abs(self.result.simulated - self.result.exact) <= self.tolerance and math.isfinite(self.result.se)


def judge(case: Case, seed: int, factor: float = 1.0) -> Outcome:
    """Play one case.

    Parameters
    ----------
    case
        Which.
    seed
        Seed of everything that it draws, 64 bits.
    factor
        On its parameter, on the simulated side.

    Examples
    --------
    >>> half = Case("half", "made", "a half", lambda seed, factor: CaseResult(0.5, 0.5 * factor), "the half")
    >>> judge(half, 1).passed, judge(half, 1, 1.05).passed
    (True, False)
    """
    return Outcome(case, case.play(seed, factor))
