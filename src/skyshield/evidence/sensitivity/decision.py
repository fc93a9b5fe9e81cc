"""The decision that information is to improve, and what to find out first.

The decision: choose one option, so that it keeps as many threats as possible from reaching their aims in the protected
area, for each EUR billion that it plans to spend. The baseline plans nothing and prevents nothing more; it is the way
out if all others do harm. Budgets are plans, fixed when the scenario is resolved, so they hold for every parameter.

A second one leaves money aside: choose the option that prevents most. An answer that is the same for both is no matter
of how money is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.evidence.sensitivity.information import partial, perfect
from skyshield.scenario import Resolved
from skyshield.study.ground import Ground
from skyshield.study.planned import planned_json

Floats = npt.NDArray[np.float64]

PER_BUDGET, MOST = "per_planned_eur_billion", "most"
QUESTIONS = {PER_BUDGET: "which option prevents most for each planned EUR billion",
             MOST: "which option prevents most, whatever it costs"}
_BILLION = 1e9
FIRST = 5


@dataclass(frozen=True)
class Decision:
    """Options to choose from: what each plans to spend in the period, EUR billion."""

    baseline: str
    budget: dict[str, float]

    @classmethod
    def of(cls, resolved: Resolved, ground: Ground, baseline: str) -> "Decision":
        """Return the decision of a scenario, budgets on the wider boundary of cost (fully loaded)."""
        planned = planned_json(ground)
        total = {name: max((sum(lines.values()) for lines in planned[name].values()), default=0.0) / _BILLION
                 for name in resolved.options}
        return cls(baseline, {name: total[name] - total[baseline] for name in resolved.options if name != baseline})

    def values(self, prevented: Mapping[str, Floats], question: str) -> dict[str, Floats]:
        """Return option -> f8[point]: the value of choosing it, the baseline's 0 among them.

        Options that plan to spend nothing are no part of a question by budget.
        """
        n = len(next(iter(prevented.values())))
        if question == MOST:
            return {self.baseline: np.zeros(n), **prevented}
        return {self.baseline: np.zeros(n), **{name: y / self.budget[name] for name, y in prevented.items()
                                               if self.budget[name] > 0.0}}


def information(decision: Decision, prevented: Mapping[str, Floats], known: Mapping[str, Floats],
                seed: int) -> dict[str, Any]:
    """Return for each question the best option without knowing more, EVPI, and EVPPI of every input.

    Parameters
    ----------
    decision
        What is to be chosen from.
    prevented
        option -> f8[point].
    known
        input -> f8[point, number].
    seed
        Of the estimates of error.
    """
    found = {}
    for question in QUESTIONS:
        values = decision.values(prevented, question)
        means = {name: float(v.mean()) for name, v in values.items()}
        rows = [{"name": name, **partial(values, x, seed)} for name, x in known.items()]
        rows.sort(key=lambda row: (-row["value"], row["name"]))
        every = np.hstack(list(known.values()))
        found[question] = {"best": max(means, key=lambda name: means[name]), "means": means,
                           "perfect": perfect(values, every, seed), "inputs": rows}
    return found
