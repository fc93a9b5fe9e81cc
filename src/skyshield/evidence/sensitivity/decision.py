"""The decisions for which information has a value.

``same_money``: an option, or its planned cost spent as aid (its twin)? The first option of the scenario that has a twin
stands for the choice. Both plan to spend the same, so what is compared is threats kept from their aims in the protected
area, and no price of a threat is needed. This is the question by which numbers are ranked, where a scenario has a twin.

``per_planned_eur_billion``: choose the option that prevents most for each EUR billion that it plans to spend. The
baseline plans and prevents nothing and is the way out if all others do harm. A ratio favours small options: aid that
cannot spend a larger budget in the period prevents the same for less money planned.

``most``: choose the option that prevents most, whatever it costs.

Budgets are plans, fixed when the scenario is resolved, so they hold for every parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.compile.context import CompileContext
from skyshield.compile.planned import planned_json
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.choice import choice
from skyshield.evidence.sensitivity.information import partial, perfect
from skyshield.scenario import Resolved

SAME_MONEY, PER_BUDGET, MOST = "same_money", "per_planned_eur_billion", "most"
QUESTIONS = {SAME_MONEY: "which prevents more for the same planned money, an option or its aid twin",
             PER_BUDGET: "which option prevents most for each planned EUR billion",
             MOST: "which option prevents most, whatever it costs"}
_BILLION = 1e9


@dataclass(frozen=True)
class Decision:
    """Options to choose from: what each plans to spend in the period, EUR billion."""

    baseline: str
    budget: dict[str, float]
    twins: tuple[str, ...] = ()  # the first option that has a twin, and the twin

    @property
    def questions(self) -> tuple[str, ...]:
        """Those that can be asked of the options: by budget only if one of them plans to spend something."""
        spends = any(budget > 0.0 for budget in self.budget.values())
        return tuple(q for q in QUESTIONS if {SAME_MONEY: bool(self.twins), PER_BUDGET: spends}.get(q, True))

    @classmethod
    def of(cls, resolved: Resolved, context: CompileContext, baseline: str) -> "Decision":
        """Return the decision of a scenario, budgets on the wider boundary of cost (fully loaded)."""
        planned = planned_json(context)
        total = {name: max((float(sum(lines.values())) for lines in planned[name].values()), default=0.0) / _BILLION
                 for name in resolved.options}
        pairs = [(option.twin, option.name) for option in context.scenario.options if option.twin in resolved.options]
        pairs.sort(key=lambda pair: resolved.options.index(str(pair[0])))
        twins = tuple(map(str, pairs[0])) if pairs else ()
        return cls(baseline, {name: total[name] - total[baseline] for name in resolved.options if name != baseline},
                   twins)

    def values(self, prevented: Mapping[str, Floats], question: str) -> dict[str, Floats]:
        """Return option -> f8[point]: the value of choosing it, the baseline's 0 among them.

        Options that plan to spend nothing are no part of a question by budget.
        """
        n = len(next(iter(prevented.values())))
        if question == SAME_MONEY:
            return {name: prevented[name] for name in self.twins}
        if question == MOST:
            return {self.baseline: np.zeros(n), **prevented}
        return {self.baseline: np.zeros(n), **{name: y / self.budget[name] for name, y in prevented.items()
                                               if self.budget[name] > 0.0}}


def information(decision: Decision, prevented: Mapping[str, Floats], known: Mapping[str, Floats],
                seed: int) -> dict[str, Any]:
    """Return for each question the best option without knowing more and what ties with it, EVPI, and EVPPI by input.

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
    answers: dict[str, Any] = {}
    for question in decision.questions:
        values = decision.values(prevented, question)
        value_of = {name: partial(values, x, seed) for name, x in known.items()}
        rows = [{"name": name, **value_of[name]} for name in sorted(value_of, key=lambda n: (-value_of[n]["value"], n))]
        all_known = np.hstack(list(known.values()))
        answers[question] = {**choice(values), "perfect": perfect(values, all_known, seed), "inputs": rows}
    return answers
