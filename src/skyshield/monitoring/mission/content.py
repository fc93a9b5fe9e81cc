"""What ``monitor design`` prints: the plan, its bound, and what of it holds at either end of what nobody knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from skyshield.core.arrays import Integers
from skyshield.monitoring.mission.cases import CONDITIONS, Case, cases, numbers, problem_of, share_of
from skyshield.monitoring.mission.model import Design
from skyshield.monitoring.mission.problem import Problem, detection, fits, value
from skyshield.monitoring.mission.solve import Plan, solve

ASSUMPTIONS = (
    "Within one condition units detect independently of each other; night, cloud and jamming come independently.",
    "A unit's probability is of one violation in its sector while the unit works there; units do not watch elsewhere.",
    "An array hears explosions only; where shots, movement or works count, give it a q of its own.",
    "The result is numbers of units by sector. It says nothing of where in a sector they stand.",
)
_UNLIT = "Night, cloud and jamming are left out: the file gives none of them a part of the time."
Progress = Callable[[int, int], None] | None


def design_content(design: Design, progress: Progress = None) -> dict[str, Any]:
    """Return the plan of a design with its cases and conclusions.

    Parameters
    ----------
    design
        As read.
    progress
        Told the case at work and how many there are.

    Raises
    ------
    SkyShieldError
        Exit code 2 if nothing limits a means.
    """
    known, entries = numbers(design)
    asked = cases(design, known)
    problems = {case.name: problem_of(design, known, case) for case in asked}
    plans = {}
    for done, case in enumerate(asked):
        if progress is not None:
            progress(done, len(asked))
        plans[case.name] = solve(problems[case.name])
    central = plans["central"]
    rows = [_case(design, known, case, problems[case.name], plans[case.name], central) for case in asked]
    weight = sum(sector.weight for sector in design.sectors)
    first = {key: rows[0][key] for key in ("value", "bound", "gap", "people", "money_eur", "units")}
    return {"name": design.name, **first, "value_share": central.value / weight, "weight": weight,
            "sectors": _sectors(design, problems, central), "cases": rows, "conclusions": _conclusions(design, rows),
            "limits": design.budget.model_dump(exclude_none=True), "catalogue": list(entries),
            "assumptions": [*ASSUMPTIONS, *([] if _conditions(design) else [_UNLIT])]}


def _conditions(design: Design) -> bool:
    return any(share_of(design, sector, name) for sector in design.sectors for name in CONDITIONS)


def _case(design: Design, known: Mapping[str, Mapping[str, tuple[float, float, float]]], case: Case, problem: Problem,
          plan: Plan, central: Plan) -> dict[str, Any]:
    """Return the best plan of a case, and what the central plan is worth there if it can be paid for."""
    totals = plan.units.sum(axis=0)
    affordable = fits(problem, central.units)
    kept = value(problem, central.units) if affordable else None
    return {"case": case.name, "value": plan.value, "bound": plan.bound, "gap": plan.gap,
            **{field: float(sum(number * known[means][field][case.cost]
                                for means, number in zip(design.means, totals, strict=True)))
               for field in ("people", "money_eur")},
            "units": _by_means(design, totals), "central_plan_value": kept,
            "central_plan_loss": None if kept is None or not plan.bound else max(0.0, 1 - kept / plan.bound)}


def _by_means(design: Design, units: Integers) -> dict[str, int]:
    return {means: int(number) for means, number in zip(design.means, units, strict=True)}


def _sectors(design: Design, problems: Mapping[str, Problem], plan: Plan) -> list[dict[str, Any]]:
    """Return units by sector, and the detection of these units at both ends."""
    ends = {name: detection(problems[case], plan.units) for name, case in
            (("low", "detection_low"), ("central", "central"), ("high", "detection_high")) if case in problems}
    ends = {name: ends.get(name, ends["central"]) for name in ("low", "central", "high")}
    return [{"name": sector.name, "weight": sector.weight, "units": _by_means(design, plan.units[s]),
             "detection": {name: float(found[s]) for name, found in ends.items()}}
            for s, sector in enumerate(design.sectors)]


def _conclusions(design: Design, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each means whether every case uses it, and whether the central plan stays near the best."""
    result: list[dict[str, Any]] = []
    for means in design.means:
        found = [row["units"][means] for row in rows]
        holds = "in every case" if all(found) else "in no case" if not any(found) else "in some cases"
        result.append({"what": f"{means} is used", "holds": holds, "lo": min(found), "hi": max(found)})
    losses = [row["central_plan_loss"] for row in rows if row["central_plan_loss"] is not None]
    unpaid = [row["case"] for row in rows if row["central_plan_value"] is None]
    if losses:
        result.append({"what": "share that the central plan loses against a case's bound", "holds": "in every case" if
                       not unpaid else f"not in {', '.join(unpaid)}: it cannot be paid for there",
                       "lo": min(losses), "hi": max(losses)})
    result.append({"what": "value", "holds": "in every case" if len(rows) == 1 else "between these ends",
                   "lo": min(row["value"] for row in rows), "hi": max(row["value"] for row in rows)})
    return result
