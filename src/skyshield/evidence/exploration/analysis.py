"""Options over everything that is not known: boxes, regret, near-optimal options, sweeps and thresholds, as plain data.

Cases (`skyshield.evidence.exploration.model`) vary all inputs at once: those with a distribution by it, entries without
a centre evenly between their ends, which is a stand-in. So nothing here is a probability that the world is like that:
coverage and density describe a box over cases that were played, regret is greatest or mean over them, near-optimal
options are told by all, some, none. Sweeps and thresholds move one unknown at a time and need no stand-in.

Values that are compared across cases are shrunk to expected outcomes (`skyshield.study.summary.expected_outcomes`), so
that the luck of a few raids does not pass for regret.
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
from skyshield.evidence.sensitivity.decision import MOST, PER_BUDGET, Decision
from skyshield.evidence.sensitivity.inputs import FIT, Inputs, inputs_of, reaching
from skyshield.evidence.sensitivity.playing import minus_whole
from skyshield.evidence.sensitivity.sizes import check_options
from skyshield.scenario import Resolved
from skyshield.study.compare import PRIMARY, RIVAL, RIVAL_ENDS
from skyshield.study.maps import Map, thread_map
from skyshield.study.points import SWITCHES, play_points
from skyshield.study.summary import expected_outcomes

Progress = Callable[[int, int], None]

FEW = 0.25  # of cases: those in which an option prevents least are of interest where no number is asked
WITHIN = 0.1
MORE = 5  # times the replications, on a sweep: it has few points
MOST_KNOWN = 12  # unknowns with a distribution that boxes may be told in
ADAPTATION = ("displacement", "volume_response", "class_shift", "claim_bias")


def explore(resolved: Resolved, seed: int, n_cases: int, replications: int, below: float | None = None,
            within: float = WITHIN, map: Map = thread_map, progress: Progress | None = None) -> dict[str, Any]:  # noqa: A002
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
        ``boxes``, ``regret``, ``near_optimal``, ``sweeps``, ``thresholds``, ``cases``.
    """
    check_options(resolved)
    context = prepare_context(resolved)
    inputs = inputs_of(context, seed)
    kept = reaching(inputs, seed)
    names = [one.name for one in inputs.every if one.name in kept]
    cases = sample_cases(inputs, names, n_cases, seed)
    options = [name for name in resolved.options if name != resolved.baseline]
    by_option: dict[str, Floats] = {resolved.baseline: np.zeros(n_cases)}

    def play() -> dict[str, Floats]:
        result = play_points(context, inputs.given(cases.u, n_cases), seed, replications,
                             np.arange(n_cases) * replications, (PRIMARY,), map, progress)
        for name, y in minus_whole(result, resolved.baseline, PRIMARY).items():
            by_option[name] = expected_outcomes(y, np.ones(y.shape, bool)) if replications > 1 else y[:, 0]
        return by_option

    table, outcome = experiments(cases.columns, [resolved.baseline, *options], play)
    prevented = {name: outcome[(table[OPTION] == name).to_numpy()] for name in options}
    box_inputs = _box_inputs(inputs, cases, prevented)
    decision = Decision.of(resolved, context, resolved.baseline)
    result: dict[str, Any] = {
        "unknowns": {"without_centre": [o.name for o in inputs.every if not o.has_distribution and o.name in kept],
                     "with_distribution": sum(o.has_distribution and o.name in kept for o in inputs.every),
                     "boxes_told_in": list(box_inputs)},
        "boxes": {name: _box(box_inputs, y, below) for name, y in prevented.items()},
        "box_ranges": {name: [float(v.min()), float(v.max())] for name, v in box_inputs.items()},
        "budget_eur_billion": decision.budget, "regret": {}, "near_optimal": {}}
    for question in (PER_BUDGET, MOST):
        values = decision.values(prevented, question)
        result["regret"][question] = regret(values)
        result["near_optimal"][question] = near_optimal(values, within, box_inputs)
        for row in result["regret"][question]["options"].values():
            case = row.pop("worst_case")
            row["worst"] = {name: float(cases.columns[name][case]) for name in ADAPTATION if name in cases.columns}
    result |= _lines(inputs, kept, box_inputs, decision, resolved.baseline, seed, replications * MORE, map, progress)
    return result


def _box_inputs(inputs: Inputs, cases: Cases, prevented: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the unknowns that boxes may be told in: all without a centre, and those that go with the outcomes most.

    By the greatest rank correlation with any option; columns of the fit are among them.
    """
    open_ = [o.name for o in inputs.every if not o.has_distribution]
    ranks = {name: _ranks(y) for name, y in prevented.items()}
    score = {}
    for name, values in cases.columns.items():
        if name not in open_ and values.std() > 0.0:
            of = _ranks(values)
            score[name] = max((abs(float(np.corrcoef(of, r)[0, 1])) for r in ranks.values() if r.std() > 0.0),
                              default=0.0)
    known = sorted(score, key=lambda name: (-round(score[name], 9), name))[:MOST_KNOWN]
    return {name: cases.columns[name] for name in (*[n for n in open_ if n in cases.columns], *known)}


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), np.float64)


def _box(columns: Mapping[str, Floats], y: Floats, below: float | None) -> dict[str, Any]:
    """Return the box of the cases in which an option prevents little."""
    limit = float(np.quantile(y, FEW)) if below is None else below
    wanted = y < limit
    return {"below": limit, "share_of_cases": float(wanted.mean()), "box": find_box(columns, wanted)}


def _lines(inputs: Inputs, kept: set[str], box_inputs: Mapping[str, Floats], decision: Decision, baseline: str,
           seed: int, replications: int, map_blocks: Map, progress: Progress | None) -> dict[str, Any]:
    """Move one unknown at a time, under each model of the own defence; return sweeps and thresholds."""
    context = inputs.context
    entries = [o.name for o in inputs.every if o.name in kept and o.kind != FIT and o.name not in SWITCHES
               and o.name in box_inputs]
    models = list(RIVAL_ENDS.values()) if any(o.name == RIVAL for o in inputs.every) else [""]
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
        outcomes = minus_whole(played, baseline, PRIMARY)
        result["sweeps"][model] = {name: _sweep(values[name], outcomes, k) for k, name in enumerate(entries)}
        result["thresholds"][model] = {
            question: [row for k, name in enumerate(entries)
                       for row in flips(_line(name, values[name], outcomes, k, decision, question), seed)]
            for question in (PER_BUDGET, MOST)}
    return result


def _sweep(values: Sequence[float], outcomes: Mapping[str, Floats], k: int) -> dict[str, Any]:
    of = {name: y[k * STEPS:(k + 1) * STEPS] for name, y in outcomes.items()}
    return {"values": list(values), "options": {
        name: {"mean": y.mean(axis=1).tolist(),
               "mcse": (y.std(axis=1, ddof=1) / np.sqrt(y.shape[1])).tolist() if y.shape[1] > 1 else None}
        for name, y in of.items()}}


def _line(name: str, values: tuple[float, ...], outcomes: Mapping[str, Floats], k: int, decision: Decision,
          question: str) -> Line:
    """Return a line of what a question compares; the baseline's 0 is no option there."""
    rows = {option: y[k * STEPS:(k + 1) * STEPS] for option, y in outcomes.items()}
    if question == PER_BUDGET:
        rows = {option: y / decision.budget[option] for option, y in rows.items() if decision.budget[option] > 0.0}
    return Line(name, values, rows)
