"""The attacker's adaptation over a study: the sweep, its break-evens, the atlas, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from skyshield.adaptation.atlas import Axis, atlas, average_cost, load_axes
from skyshield.adaptation.break_even import break_evens
from skyshield.adaptation.sweep import AVOIDED, AVOIDED_ARMED, AXES, Point, Sweep, adaptation_sweep, sweep_rows
from skyshield.scenario import Resolved
from skyshield.study.compare import RIVAL_ENDS, rival_arms
from skyshield.study.maps import Map, thread_map
from skyshield.study.result import StudyResult
from skyshield.study.runner import Progress

_COUNTED = (AVOIDED, AVOIDED_ARMED)


@dataclass(frozen=True)
class Adaptation:
    """A sweep summarised.

    Attributes
    ----------
    points, axes
        What was played, see `Sweep`.
    rows
        option -> one row a point, see `sweep_rows`.
    break_even
        option -> axis -> outcome -> break-even.
    atlas
        option -> budget, twins, slices.
    evidence
        The atlas's axes.
    average_cost
        Of a claimed kill by an interceptor drone, EUR million: low, central, high.
    model
        Where Ukraine stops threats in this sweep: ``uniform`` or ``coverage``, empty if the study uses neither.
    aid
        Options that are aid -> the option whose planned cost each spends, see `Sweep`.
    rival
        The sweep of displacement under the other of the two models; None where the study did not play it.
    """

    points: tuple[Point, ...]
    axes: dict[str, tuple[int, ...]]
    rows: dict[str, list[dict[str, Any]]]
    break_even: dict[str, dict[str, dict[str, dict[str, Any]]]]
    atlas: dict[str, dict[str, Any]]
    evidence: dict[str, Axis]
    average_cost: dict[str, float]
    model: str = ""
    aid: Mapping[str, str | None] = field(default_factory=dict)
    rival: "Adaptation | None" = None

    def twins(self, option: str) -> list[str]:
        """Return the options that spend an option's planned cost on aid."""
        return [name for name, spends_cost_of in self.aid.items() if spends_cost_of == option]


def adapt(resolved: Resolved, played: StudyResult, map: Map = thread_map,  # noqa: A002
          progress: Progress | None = None) -> Adaptation:
    """Sweep the attacker's adaptation over a study that was played, and summarise it.

    Points that the study holds already are not played again.

    Parameters
    ----------
    resolved
        The study's scenario.
    played
        Its result.
    map, progress
        As in `run`.
    """
    seed = int(played.manifest["seed"])
    vectors, replications = played.failed[-1].shape
    result = summarise_sweep(adaptation_sweep(resolved, seed, vectors, replications, map=map, progress=progress,
                                              played=played), resolved)
    models = rival_arms(played)
    if len(models) < len(RIVAL_ENDS):
        return replace(result, model=next(iter(models), ""))
    headline = next((name for name, k in models.items() if k == 0), "")
    other_model, arm = next((name, k) for name, k in models.items() if k > 0)
    fixed = {name: (getattr(result.points[0], name),) for name in AXES[1:]}
    rival = adaptation_sweep(resolved, seed, vectors, replications, values=fixed, map=map, progress=progress,
                             played=played, ends=played.arms[arm].ends)
    return replace(result, model=headline, rival=replace(summarise_sweep(rival, resolved), model=other_model))


def summarise_sweep(sweep: Sweep, resolved: Resolved) -> Adaptation:
    """Return the summary of a sweep."""
    scenario, _, catalogue, _ = resolved.parts()
    axes = load_axes(catalogue)
    return Adaptation(sweep.points, sweep.axes, sweep_rows(sweep), break_evens(sweep, _COUNTED), atlas(sweep, axes),
                      axes, average_cost(catalogue, scenario.assumptions), aid=dict(sweep.aid))


def adaptation_json(result: Adaptation) -> dict[str, Any]:
    """Return what ``run --adaptation --json`` prints: the values of each axis, and the options."""
    played = {axis: [getattr(result.points[p], axis) for p in points] for axis, points in result.axes.items()}
    return {"delta": played["displacement"], "volume": played["volume_response"], "class_shift": played["class_shift"],
            "average_cost_eur_m": result.average_cost,
            "axes": {name: {"label": axis.label, "status": axis.status, "evidence": axis.evidence,
                            "source": list(axis.source)} for name, axis in result.evidence.items()},
            "options": {option: {"points": rows, "break_even": result.break_even[option],
                                 "atlas": result.atlas.get(option)}
                        for option, rows in result.rows.items()},
            "own_defence": result.model, "rival": None if result.rival is None else adaptation_json(result.rival)}
