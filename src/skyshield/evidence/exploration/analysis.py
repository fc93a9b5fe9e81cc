"""Options over all uncertainties: boxes, regret, near-optimal options, sweeps and thresholds, as plain data.

Cases (`skyshield.evidence.exploration.model`) vary all inputs at once: those with a distribution by it, entries without
a centre uniformly between their ends, which is a stand-in. So nothing here is a probability of a state of the world:
coverage and density describe a box over cases that were played, regret is greatest or mean over them, near-optimal
options are given as all, some, none. Sweeps and thresholds move one unknown at a time and need no stand-in.

Values that are compared across cases are shrunk to expected outcomes (`skyshield.study.summary.expected_outcomes`), so
that Monte Carlo noise does not pass for regret.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.catalogue.unit_text import si_factor
from skyshield.compile.world import prepare_context
from skyshield.core.arrays import Floats
from skyshield.evidence.exploration.boxes import find_box
from skyshield.evidence.exploration.model import OPTION, Cases, experiments, sample_cases
from skyshield.evidence.exploration.regret import near_optimal, regret
from skyshield.evidence.exploration.thresholds import STEPS, Line, flips
from skyshield.evidence.sensitivity.choice import AT_REFERENCES, SPREAD_EVENLY, choice, compared
from skyshield.evidence.sensitivity.decision import PER_BUDGET, SAME_MONEY, Decision
from skyshield.evidence.sensitivity.inputs import FIT, Inputs, relevant_inputs, study_inputs
from skyshield.evidence.sensitivity.playing import paired_outcomes
from skyshield.evidence.sensitivity.sizes import check_options
from skyshield.scenario import Resolved
from skyshield.study.compare import PRIMARY, RIVAL, RIVAL_ENDS
from skyshield.study.maps import Map, thread_map
from skyshield.study.points import play_points
from skyshield.study.summary import expected_outcomes

Progress = Callable[[int, int], None]

INTEREST_QUANTILE = 0.25  # the cases in which an option prevents least are of interest unless a number is given
NEAR_OPTIMAL_SHARE = 0.1
REFERENCE_CASES = 100  # that are played once more with entries without a centre at their references
SWEEP_REPLICATIONS_FACTOR = 5  # times the replications, on a sweep: it has few points
MAX_KNOWN_IN_BOXES = 12  # unknowns with a distribution that may limit a box
ADAPTATION = ("displacement", "volume_response", "class_shift", "claim_bias")


def explore(resolved: Resolved, seed: int, n_cases: int, replications: int, below: float | None = None,
            within: float = NEAR_OPTIMAL_SHARE, map: Map = thread_map,  # noqa: A002
            progress: Progress | None = None) -> dict[str, Any]:
    """Explore a scenario.

    Parameters
    ----------
    resolved
        The self-contained scenario.
    seed
        Of cases and raids.
    n_cases, replications
        Cases, and replications of each, on raids of its own.
    below
        A case is of interest where an option prevents fewer than so many; if None, the quarter of cases with least.
    within
        What near-optimal means, a share of the best.
    map, progress
        As in `skyshield.study.points.play_points`.

    Returns
    -------
    dict
        ``boxes``, ``choices``, ``regret``, ``near_optimal``, ``sweeps``, ``thresholds``, ``cases``.
    """
    check_options(resolved)
    context = prepare_context(resolved)
    inputs = study_inputs(context, seed)
    relevant = relevant_inputs(inputs, seed)
    names = [item.name for item in inputs.all_inputs if item.name in relevant]
    cases = sample_cases(inputs, names, n_cases, seed)
    options = [name for name in resolved.options if name != resolved.baseline]
    by_option: dict[str, Floats] = {resolved.baseline: np.zeros(n_cases)}

    def play() -> dict[str, Floats]:
        result = play_points(context, inputs.given(cases.u, n_cases), seed, replications,
                             np.arange(n_cases) * replications, (PRIMARY,), map, progress)
        for name, y in paired_outcomes(result, resolved.baseline, PRIMARY).items():
            by_option[name] = expected_outcomes(y, np.ones(y.shape, bool)) if replications > 1 else y[:, 0]
        return by_option

    table, outcome = experiments(cases.columns, [resolved.baseline, *options], play)
    prevented = {name: outcome[(table[OPTION] == name).to_numpy()] for name in options}
    box_inputs = _box_inputs(inputs, cases, prevented)
    decision = Decision.of(resolved, context, resolved.baseline)
    result: dict[str, Any] = {
        "unknowns": {"without_centre": [o.name for o in inputs.all_inputs
                                        if not o.has_distribution and o.name in relevant],
                     "with_distribution": sum(o.has_distribution and o.name in relevant for o in inputs.all_inputs),
                     "boxes_told_in": list(box_inputs)},
        "boxes": {name: _box(box_inputs, y, below) for name, y in prevented.items()},
        "box_ranges": {name: [float(v.min()), float(v.max())] for name, v in box_inputs.items()},
        "budget_eur_billion": decision.budget, "regret": {}, "near_optimal": {}}
    questions = [question for question in decision.questions if question != SAME_MONEY]
    at_references = _at_references(inputs, cases, relevant, resolved.baseline, seed, replications, map, progress)
    result["choices"] = {question: compared({
        AT_REFERENCES: choice(decision.values(at_references, question)),
        SPREAD_EVENLY: choice(decision.values(prevented, question))}) for question in questions}
    for question in questions:
        values = decision.values(prevented, question)
        result["regret"][question] = regret(values)
        result["near_optimal"][question] = near_optimal(values, within, box_inputs)
        for row in result["regret"][question]["options"].values():
            case = row.pop("worst_case")
            row["worst"] = {name: float(cases.columns[name][case]) for name in ADAPTATION if name in cases.columns}
    result |= _sweeps_and_thresholds(inputs, relevant, box_inputs, decision, questions, seed,
                                     replications * SWEEP_REPLICATIONS_FACTOR, map, progress)
    return result


def _at_references(inputs: Inputs, cases: Cases, relevant: set[str], baseline: str, seed: int, replications: int,
                   map_blocks: Map, progress: Progress | None) -> dict[str, Floats]:
    """Return option -> f8[case] of the first cases, on the same raids, but with entries without a centre at references.

    Where a study's headline has them, so that what is said here does not contradict a study unsaid.
    """
    n = min(cases.n, REFERENCE_CASES)
    known = {o.name for o in inputs.all_inputs if o.has_distribution and o.name in relevant}
    given = inputs.given({name: u[:n] for name, u in cases.u.items() if name in known}, n)
    played = play_points(inputs.context, given, seed, replications, np.arange(n) * replications, (PRIMARY,), map_blocks,
                         progress)
    return {name: y.mean(axis=1) for name, y in paired_outcomes(played, baseline, PRIMARY).items()}


def _box_inputs(inputs: Inputs, cases: Cases, prevented: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the unknowns that may limit a box: all without a centre, and those most correlated with the outcomes.

    By the greatest rank correlation with any option; columns of the fit are among them.
    """
    without_centre = [o.name for o in inputs.all_inputs if not o.has_distribution]
    ranks = {name: _ranks(y) for name, y in prevented.items()}
    score = {}
    for name, values in cases.columns.items():
        if name not in without_centre and values.std() > 0.0:
            ranked = _ranks(values)
            score[name] = max((abs(float(np.corrcoef(ranked, r)[0, 1])) for r in ranks.values() if r.std() > 0.0),
                              default=0.0)
    most_correlated = sorted(score, key=lambda name: (-round(score[name], 9), name))[:MAX_KNOWN_IN_BOXES]
    names = (*[n for n in without_centre if n in cases.columns], *most_correlated)
    return {name: cases.columns[name] for name in names}


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), np.float64)


def _box(columns: Mapping[str, Floats], y: Floats, below: float | None) -> dict[str, Any]:
    """Return the box of the cases in which an option prevents little."""
    limit = float(np.quantile(y, INTEREST_QUANTILE)) if below is None else below
    of_interest = y < limit
    return {"below": limit, "share_of_cases": float(of_interest.mean()), "box": find_box(columns, of_interest)}


def _sweeps_and_thresholds(inputs: Inputs, relevant: set[str], box_inputs: Mapping[str, Floats], decision: Decision,
                           questions: Sequence[str], seed: int, replications: int, map_blocks: Map,
                           progress: Progress | None) -> dict[str, Any]:
    """Move one unknown at a time, under each model of the own defence; return sweeps and thresholds."""
    context = inputs.context
    entries = [o.name for o in inputs.all_inputs if o.name in relevant and o.kind != FIT and o.name != RIVAL
               and o.name in box_inputs]
    models = list(RIVAL_ENDS.values()) if any(o.name == RIVAL for o in inputs.all_inputs) else [""]
    values = {name: tuple(np.linspace(context.catalogue[name].low, context.catalogue[name].high, STEPS).tolist())
              for name in entries}
    n = STEPS * len(entries)
    if not n:
        return {"sweeps": {}, "thresholds": {}}
    result: dict[str, Any] = {"sweeps": {}, "thresholds": {}}
    for model in models:
        given = {name: np.full(n, value) for name, value in inputs.base.items()}
        if model:
            given[RIVAL] = np.full(n, float(list(RIVAL_ENDS.values()).index(model)))
        for k, name in enumerate(entries):
            given.setdefault(name, np.full(n, inputs.reference(name)))
            given[name][k * STEPS:(k + 1) * STEPS] = np.array(values[name]) * si_factor(context.catalogue[name].unit)
        played = play_points(context, given, seed, replications, None, (PRIMARY,), map_blocks, progress)
        outcomes = paired_outcomes(played, decision.baseline, PRIMARY)
        result["sweeps"][model] = {name: _sweep(values[name], outcomes, k) for k, name in enumerate(entries)}
        result["thresholds"][model] = {
            question: [row for k, name in enumerate(entries)
                       for row in flips(_threshold_line(name, values[name], outcomes, k, decision, question), seed)]
            for question in questions}
    return result


def _sweep(values: Sequence[float], outcomes: Mapping[str, Floats], k: int) -> dict[str, Any]:
    by_option = {name: y[k * STEPS:(k + 1) * STEPS] for name, y in outcomes.items()}
    return {"values": list(values), "options": {
        name: {"mean": y.mean(axis=1).tolist(),
               "mcse": (y.std(axis=1, ddof=1) / np.sqrt(y.shape[1])).tolist() if y.shape[1] > 1 else None}
        for name, y in by_option.items()}}


def _threshold_line(name: str, values: tuple[float, ...], outcomes: Mapping[str, Floats], k: int, decision: Decision,
                    question: str) -> Line:
    """Return the line of values that a question compares; the baseline's 0 is not an option there."""
    rows = {option: y[k * STEPS:(k + 1) * STEPS] for option, y in outcomes.items()}
    if question == PER_BUDGET:
        rows = {option: y / decision.budget[option] for option, y in rows.items() if decision.budget[option] > 0.0}
    return Line(name, values, rows)
