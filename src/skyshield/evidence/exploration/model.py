"""The study as a model of the EMA Workbench: levers are options, uncertainties are inputs, outcomes are differences.

The workbench runs one experiment after another. Here one call plays all cases with all options on
the same raids (`BatchEvaluator`), and the workbench receives the outcome of each. Cases are sampled here, with a seed,
because its samplers draw from a generator that the whole process shares.

Each case is a point: intervals uniformly between their ends (a stand-in, see `skyshield.evidence.sensitivity.inputs`),
everything else by its distribution, and raids of its own. Latin hypercube over all inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skyshield.catalogue.unit_text import si_factor
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.inputs import FIT, STRENGTHS, Inputs
from skyshield.evidence.stats_extra import needed

if TYPE_CHECKING:
    import pandas as pd

Outcomes = Mapping[str, Floats]

OPTION, OUTCOME = "option", "outcome"
_TINY = 1e-9


@dataclass(frozen=True)
class Cases:
    """Cases that were sampled.

    Attributes
    ----------
    u
        f8[case, dim] by input, between 0 and 1.
    columns
        f8[case] by name, in the unit of the entry: the unknowns that may limit a box. Entries, and the fit's columns.
    """

    u: dict[str, Floats]
    columns: dict[str, Floats]

    @property
    def n(self) -> int:
        """How many."""
        return len(next(iter(self.u.values())))


def sample_cases(inputs: Inputs, names: Sequence[str], n: int, seed: int) -> Cases:
    """Return n cases of the named inputs by a Latin hypercube."""
    from scipy.stats import qmc

    selected = [inputs.named(name) for name in names]
    design = qmc.LatinHypercube(sum(item.n_dims for item in selected), rng=np.random.default_rng([seed, n])).random(n)
    u, start = {}, 0
    for item in selected:
        u[item.name] = np.clip(design[:, start:start + item.n_dims], _TINY, 1.0 - _TINY)
        start += item.n_dims
    given = inputs.given(u, n)
    columns: dict[str, Floats] = {}
    for item in selected:
        if item.kind == STRENGTHS:
            continue
        for name in item.columns:
            factor = 1.0 if item.kind == FIT else si_factor(inputs.context.catalogue[name].unit)
            columns[name] = given[name] / factor
    return Cases(u, columns)


def experiments(columns: Mapping[str, Floats], options: Sequence[str],
                play: Callable[[], Outcomes]) -> "tuple[pd.DataFrame, Floats]":
    """Return the experiments, one a case and option, and their outcomes, through the EMA Workbench.

    Parameters
    ----------
    columns
        f8[case] by uncertainty.
    options
        The levers.
    play
        Called once; returns option -> f8[case].

    Returns
    -------
    DataFrame, array
        As the workbench's `perform_experiments` returns them; option after option, cases in their order.
    """
    ema = needed("ema_workbench")
    n = len(next(iter(columns.values())))
    model = ema.Model("skyshield", function=lambda **_: {})
    model.uncertainties = [ema.RealParameter(name, *_ends(values)) for name, values in columns.items()]
    model.levers = [ema.CategoricalParameter(OPTION, list(options))]
    model.outcomes = [ema.ScalarOutcome(OUTCOME)]
    scenarios = [ema.Scenario(str(k), **{name: float(values[k]) for name, values in columns.items()})
                 for k in range(n)]
    policies = [ema.Policy(name, **{OPTION: name}) for name in options]
    table, outcomes = ema.perform_experiments(model, scenarios, policies, evaluator=_evaluator(model, play),
                                              log_progress=True)
    return table, np.asarray(outcomes[OUTCOME], np.float64)


def _ends(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low, high) if low < high else (low, low + 1.0)


def _evaluator(model: Any, play: Callable[[], Outcomes]) -> Any:
    """Return an evaluator that plays all experiments in one call."""
    evaluators = needed("ema_workbench.em_framework.evaluators")
    generate = needed("ema_workbench.em_framework.points").experiment_generator

    class BatchEvaluator(evaluators.BaseEvaluator):  # type: ignore[misc, name-defined]
        """All experiments at once."""

        def initialize(self) -> None:
            """Nothing to begin."""

        def finalize(self) -> None:
            """Nothing to end."""

        def evaluate_experiments(self, scenarios: Any, policies: Any, callback: Any,
                                 combine: str = "factorial") -> None:
            """Play all cases in one call, then hand over the outcome of each experiment."""
            outcomes = play()
            for experiment in generate(scenarios, [model], policies, combine=combine):
                case = int(experiment.scenario.name)
                callback(experiment, {OUTCOME: float(outcomes[experiment.policy.name][case])})

    return BatchEvaluator([model])
