"""What drives the answer: screening, indices, tornado and value of information of a scenario, as plain data.

Inputs with a distribution and entries without a centre are kept apart throughout. The first are analysed with the
second at their references, where the headline has them. The second are analysed over their intervals as if every value
between the ends were as likely as any other; whatever is said of them is conditional on that stand-in.

Order: structure (what only prices read is left out), Morris over the rest, Sobol indices of those that Morris does not
rule out, the rest at the base; a tornado of all; value of information from the independent points of the Sobol designs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skyshield.compile.world import prepare_context
from skyshield.core.arrays import Floats
from skyshield.evidence.sensitivity.decision import Decision, information
from skyshield.evidence.sensitivity.inputs import (
    DISTRIBUTION,
    FIT,
    INTERVAL,
    Input,
    Inputs,
    inputs_of,
    reaching,
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
TOGETHER = "all_with_a_distribution"
MOST_KNOWN, MOST_INTERVALS = 10, 6
LEAST_SHARE, LEAST_NOISE = 0.1, 1.5  # of the greatest mu*, and over the level of noise
SQUEEZE = 0.025  # Morris levels run between these probabilities, since many distributions have no ends
_PLAYED = ("prevented", "redundant", "stopped", "leaked", "launched", "engaged", "saturated", "refused", "munitions",
           "sorties", "flight_hours")


def sensitivity(resolved: Resolved, seed: int, count: int, samples: int, replications: int, measure: str = PRIMARY,
                map: Map = thread_map, progress: Progress | None = None) -> dict[str, Any]:  # noqa: A002
    """Ask what drives a paired measure of every option.

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
        Plain data: ``inputs``, ``screening``, ``indices``, ``tornado``, ``information``, ``points``, ``raid_days``.
    """
    check_options(resolved)
    context = prepare_context(resolved)
    inputs = inputs_of(context, seed)
    study = Study(inputs, seed, replications, measure, resolved.baseline, map, progress)
    played = measure.startswith(_PLAYED)
    kept = reaching(inputs, seed) if played else {one.name for one in inputs.every}
    asked = [one for one in inputs.every if one.name in kept]
    known, open_ = [o for o in asked if o.has_distribution], [o for o in asked if not o.has_distribution]
    result: dict[str, Any] = {"inputs": {
        "with_distribution": sum(o.has_distribution for o in inputs.every),
        "without_centre": sum(not o.has_distribution for o in inputs.every),
        "left_out": sorted({o.name for o in inputs.every} - kept),
        "asked": [{"name": o.name, "kind": o.kind, "label": o.label} for o in asked]}}
    screened = {KNOWN: _screen(study, known, count), STAND_IN: _screen(study, open_, count, known)}
    result["screening"] = screened
    chosen = [o for o in known if o.name in screened[KNOWN]["chosen"]]
    chosen_open = [o for o in open_ if o.name in screened[STAND_IN]["chosen"]]
    result["indices"], sampled = {}, {}
    for name, of, together in ((KNOWN, chosen, []), (STAND_IN, chosen_open, chosen)):
        if of:
            result["indices"][name], sampled[name] = _indices(study, name, of, together, samples)
    result["tornado"] = tornado(study, asked)
    decisions = Decision.of(resolved, context, study.baseline)
    result["information"] = {name: information(decisions, *part, seed) for name, part in sampled.items()}
    result |= {"points": study.points, "raid_days": study.raid_days}
    return result


def _groups(inputs: Sequence[Input]) -> list[Group]:
    return [Group(one.name, one.n_dims, one.kind in (DISTRIBUTION, INTERVAL)) for one in inputs]


def _screen(study: Study, inputs: Sequence[Input], count: int, others: Sequence[Input] = ()) -> dict[str, Any]:
    """Screen inputs; `others` move together as one more."""
    if not inputs:
        return {"options": {}, "chosen": []}
    groups = [*_groups(inputs), *([Group(TOGETHER, sum(o.n_dims for o in others), False)] if others else [])]
    design = trajectories(groups, count, study.seed)
    squeezed = SQUEEZE + (1.0 - 2.0 * SQUEEZE) * design.points
    moved = {one.name: design.of(k) if one.kind == INTERVAL else design.of(k, squeezed)
             for k, one in enumerate(inputs)}
    if others:
        moved |= apart(others, design.of(len(inputs), squeezed))
    row = np.repeat(np.arange(count), len(groups) + 1)
    outcomes = study.play("screening", moved, row, len(row))
    rows = {option: effects(design, y, study.seed) for option, y in outcomes.items()}
    most = MOST_INTERVALS if others else MOST_KNOWN
    return {"options": {option: sorted(result, key=lambda r: (-r["mu_star"], r["name"]))
                        for option, result in rows.items()},
            "chosen": choose(rows, most, (TOGETHER,))}


def choose(rows: Mapping[str, Sequence[Mapping[str, Any]]], most: int, without: Sequence[str] = ()) -> list[str]:
    """Return the inputs that screening does not rule out, those that matter most to any option first.

    One must come to `LEAST_SHARE` of the greatest mu* of an option, and stand `LEAST_NOISE` times above the noise.

    Examples
    --------
    >>> rows = [{"name": "a", "mu_star": 9.0, "noise": 1.0}, {"name": "b", "mu_star": 2.0, "noise": 1.9},
    ...         {"name": "c", "mu_star": 3.0, "noise": 1.0}]
    >>> choose({"zone": rows}, 2)
    ['a', 'c']
    """
    score: dict[str, float] = {}
    for result in rows.values():
        greatest = max((row["mu_star"] for row in result), default=0.0)
        for row in result:
            share = row["mu_star"] / greatest if greatest > 0.0 else 0.0
            clear = row["noise"] is None or row["mu_star"] > LEAST_NOISE * row["noise"]
            if share >= LEAST_SHARE and clear and row["name"] not in without:
                score[row["name"]] = max(score.get(row["name"], 0.0), share)
    return sorted(score, key=lambda name: (-score[name], name))[:most]


def apart(inputs: Sequence[Input], points: Floats) -> dict[str, Floats]:
    """Return the columns of inputs that a design moves together, by input."""
    groups = _groups(inputs)
    return {one.name: columns_of(groups, points, k) for k, one in enumerate(inputs)}


def _indices(study: Study, name: str, inputs: Sequence[Input], together: Sequence[Input],
             samples: int) -> tuple[dict[str, Any], tuple[dict[str, Floats], dict[str, Floats]]]:
    """Return the indices by option, and of the independent points the outcomes and what stood there by input."""
    groups = [*_groups(inputs), *([Group(TOGETHER, sum(o.n_dims for o in together), False)] if together else [])]
    design: PickFreeze = pick_freeze(groups, samples, study.seed)
    moved = {one.name: design.of(k) for k, one in enumerate(inputs)}
    if together:
        moved |= apart(together, design.of(len(inputs)))
    moved = {key: np.clip(u, 1e-9, 1.0 - 1e-9) for key, u in moved.items()}
    outcomes = study.play(f"indices_{name}", moved, design.row, len(design.points))
    result = {option: indices(design, y, study.seed) for option, y in outcomes.items()}
    for of in result.values():
        of["inputs"].sort(key=lambda r: (-(r["total"] or 0.0), r["name"]))
    at = design.independent()
    known = _known(study.inputs, {key: u[at] for key, u in moved.items()}, len(at))
    return result, ({option: y[at].mean(axis=1) for option, y in outcomes.items()}, known)


def _known(inputs: Inputs, moved: Mapping[str, Floats], n: int) -> dict[str, Floats]:
    """Return f8[point, number] by input: what would be known if it were settled."""
    from skyshield.evidence.sensitivity.information import components

    given = inputs.given(moved, n)
    result = {}
    for name, u in moved.items():
        one = inputs.named(name)
        values = np.stack([given[column] for column in one.columns], axis=1)
        result[name] = components(values) if one.kind == FIT else (u if one.n_dims > 1 else values)
    return result
