"""Sensitivity analysis of a scenario: screening, indices, tornado and value of information, as plain data.

Inputs with a distribution and entries without a centre are analysed separately throughout. The first are analysed with
the second at their references, where the headline has them. The second are analysed over their intervals as if every
value between the ends were as likely as any other; all results on them are conditional on that stand-in.

Order: structure (what only prices read is left out), Morris over the rest, Sobol indices of those that Morris does not
rule out, the rest at the base; a tornado of all; value of information from the independent points of the Sobol designs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.compile.world import prepare_context
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.choice import AT_REFERENCES, SPREAD_EVENLY, compared
from skyshield.evidence.sensitivity.decision import Decision, information
from skyshield.evidence.sensitivity.inputs import (
    DISTRIBUTION,
    FIT,
    INTERVAL,
    Input,
    Inputs,
    relevant_inputs,
    study_inputs,
)
from skyshield.evidence.sensitivity.morris import Group, columns_of, effects, trajectories
from skyshield.evidence.sensitivity.playing import Progress, Study
from skyshield.evidence.sensitivity.sizes import check_options
from skyshield.evidence.sensitivity.sobol import PickFreeze, indices, pick_freeze
from skyshield.evidence.sensitivity.tornado import tornado
from skyshield.scenario import Resolved
from skyshield.study.compare import PRIMARY
from skyshield.study.maps import Map, thread_map

KNOWN, STAND_IN = "with_distribution", "without_centre"
JOINT_GROUP = "all_with_a_distribution"
MAX_KNOWN, MAX_INTERVALS = 10, 6
MIN_SHARE, MIN_SIGNAL_TO_NOISE = 0.1, 1.5  # of the greatest mu*, and over the level of noise
SQUEEZE = 0.025  # Morris levels run between these probabilities, since many distributions have no ends
_PLAYED_MEASURES = ("prevented", "redundant", "stopped", "leaked", "launched", "engaged", "saturated", "refused",
                    "munitions", "sorties", "flight_hours")


def sensitivity(resolved: Resolved, seed: int, count: int, samples: int, replications: int, measure: str = PRIMARY,
                map: Map = thread_map, progress: Progress | None = None) -> dict[str, Any]:  # noqa: A002
    """Return which inputs drive a paired measure of every option.

    Parameters
    ----------
    resolved
        The self-contained scenario.
    seed
        Of the raids and the designs.
    count
        Morris trajectories.
    samples
        Rows of the Sobol designs, a power of two.
    replications
        A point.
    measure
        The measure, option minus baseline on the same raids.
    map, progress
        As in `skyshield.study.points.play_points`.

    Returns
    -------
    dict
        Plain data: ``inputs``, ``screening``, ``indices``, ``tornado``, ``information``, ``choices``, ``points``,
        ``raid_days``.
    """
    check_options(resolved)
    context = prepare_context(resolved)
    inputs = study_inputs(context, seed)
    study = Study(inputs, seed, replications, measure, resolved.baseline, map, progress)
    played = measure.startswith(_PLAYED_MEASURES)
    relevant = relevant_inputs(inputs, seed) if played else {item.name for item in inputs.all_inputs}
    analysed = [item for item in inputs.all_inputs if item.name in relevant]
    with_distribution = [o for o in analysed if o.has_distribution]
    without_centre = [o for o in analysed if not o.has_distribution]
    result: dict[str, Any] = {"inputs": {
        "with_distribution": sum(o.has_distribution for o in inputs.all_inputs),
        "without_centre": sum(not o.has_distribution for o in inputs.all_inputs),
        "left_out": sorted({o.name for o in inputs.all_inputs} - relevant),
        "asked": [{"name": o.name, "kind": o.kind, "label": o.label} for o in analysed]}}
    screened = {KNOWN: _screen(study, with_distribution, count),
                STAND_IN: _screen(study, without_centre, count, with_distribution)}
    result["screening"] = screened
    chosen = [o for o in with_distribution if o.name in screened[KNOWN]["chosen"]]
    chosen_without_centre = [o for o in without_centre if o.name in screened[STAND_IN]["chosen"]]
    result["indices"], sampled = {}, {}
    for name, selected, joint in ((KNOWN, chosen, []), (STAND_IN, chosen_without_centre, chosen)):
        if selected:
            result["indices"][name], sampled[name] = _indices(study, name, selected, joint, samples)
    result["tornado"] = tornado(study, analysed)
    decisions = Decision.of(resolved, context, study.baseline)
    result["information"] = {name: information(decisions, *part, seed) for name, part in sampled.items()}
    result["choices"] = _choices(result["information"])
    result |= {"points": study.points, "raid_days": study.raid_days}
    return result


def _choices(information_by_part: Mapping[str, Any]) -> dict[str, Any]:
    """Return for each question what would be chosen under each condition, and whether that agrees."""
    conditions = {KNOWN: AT_REFERENCES, STAND_IN: SPREAD_EVENLY}
    by_question: dict[str, dict[str, Any]] = {}
    for part, questions in information_by_part.items():
        for question, row in questions.items():
            chosen = {key: row[key] for key in ("best", "ties", "means")}
            by_question.setdefault(question, {})[conditions[part]] = chosen
    return {question: compared(rows) for question, rows in by_question.items()}


def _groups(inputs: Sequence[Input]) -> list[Group]:
    return [Group(item.name, item.n_dims, item.kind in (DISTRIBUTION, INTERVAL)) for item in inputs]


def _screen(study: Study, inputs: Sequence[Input], count: int, others: Sequence[Input] = ()) -> dict[str, Any]:
    """Screen inputs; `others` move together as one more."""
    if not inputs:
        return {"options": {}, "chosen": []}
    groups = [*_groups(inputs), *([Group(JOINT_GROUP, sum(o.n_dims for o in others), False)] if others else [])]
    design = trajectories(groups, count, study.seed)
    squeezed = SQUEEZE + (1.0 - 2.0 * SQUEEZE) * design.points
    moved = {item.name: design.of(k) if item.kind == INTERVAL else design.of(k, squeezed)
             for k, item in enumerate(inputs)}
    if others:
        moved |= columns_by_input(others, design.of(len(inputs), squeezed))
    row = np.repeat(np.arange(count), len(groups) + 1)
    outcomes = study.play("screening", moved, row, len(row))
    rows = {option: effects(design, y, study.seed) for option, y in outcomes.items()}
    max_inputs = MAX_INTERVALS if others else MAX_KNOWN
    return {"options": {option: sorted(effects_of_option, key=lambda r: (-r["mu_star"], r["name"]))
                        for option, effects_of_option in rows.items()},
            "chosen": choose(rows, max_inputs, (JOINT_GROUP,))}


def choose(rows: Mapping[str, Sequence[Mapping[str, Any]]], max_inputs: int, excluded: Sequence[str] = ()) -> list[str]:
    """Return the inputs that screening does not rule out, those that matter most to any option first.

    An input must reach `MIN_SHARE` of the greatest mu* of an option, and `MIN_SIGNAL_TO_NOISE` times the noise.

    Examples
    --------
    >>> rows = [{"name": "a", "mu_star": 9.0, "noise": 1.0}, {"name": "b", "mu_star": 2.0, "noise": 1.9},
    ...         {"name": "c", "mu_star": 3.0, "noise": 1.0}]
    >>> choose({"zone": rows}, 2)
    ['a', 'c']
    """
    score: dict[str, float] = {}
    for effects_of_option in rows.values():
        greatest = max((row["mu_star"] for row in effects_of_option), default=0.0)
        for row in effects_of_option:
            share = row["mu_star"] / greatest if greatest > 0.0 else 0.0
            clear = row["noise"] is None or row["mu_star"] > MIN_SIGNAL_TO_NOISE * row["noise"]
            if share >= MIN_SHARE and clear and row["name"] not in excluded:
                score[row["name"]] = max(score.get(row["name"], 0.0), share)
    return sorted(score, key=lambda name: (-score[name], name))[:max_inputs]


def columns_by_input(inputs: Sequence[Input], points: Floats) -> dict[str, Floats]:
    """Return the columns of inputs that a design moves together, by input."""
    groups = _groups(inputs)
    return {item.name: columns_of(groups, points, k) for k, item in enumerate(inputs)}


def _indices(study: Study, name: str, inputs: Sequence[Input], joint: Sequence[Input],
             samples: int) -> tuple[dict[str, Any], tuple[dict[str, Floats], dict[str, Floats]]]:
    """Return the indices by option, and of the independent points the outcomes and the values by input."""
    groups = [*_groups(inputs), *([Group(JOINT_GROUP, sum(o.n_dims for o in joint), False)] if joint else [])]
    design: PickFreeze = pick_freeze(groups, samples, study.seed)
    moved = {item.name: design.of(k) for k, item in enumerate(inputs)}
    if joint:
        moved |= columns_by_input(joint, design.of(len(inputs)))
    moved = {key: np.clip(u, 1e-9, 1.0 - 1e-9) for key, u in moved.items()}
    outcomes = study.play(f"indices_{name}", moved, design.row, len(design.points))
    indices_by_option = {option: indices(design, y, study.seed) for option, y in outcomes.items()}
    for by_option in indices_by_option.values():
        by_option["inputs"].sort(key=lambda r: (-(r["total"] or 0.0), r["name"]))
    independent = design.independent()
    settled = _settled_values(study.inputs, {key: u[independent] for key, u in moved.items()}, len(independent))
    return indices_by_option, ({option: y[independent].mean(axis=1) for option, y in outcomes.items()}, settled)


def _settled_values(inputs: Inputs, moved: Mapping[str, Floats], n: int) -> dict[str, Floats]:
    """Return f8[point, number] by input: the values that settling the input would reveal."""
    from skyshield.evidence.sensitivity.information import components

    given = inputs.given(moved, n)
    result = {}
    for name, u in moved.items():
        item = inputs.named(name)
        values = np.stack([given[column] for column in item.columns], axis=1)
        result[name] = components(values) if item.kind == FIT else (u if item.n_dims > 1 else values)
    return result
