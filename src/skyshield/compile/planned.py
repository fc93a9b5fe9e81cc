"""What every option plans to spend, by line: central values, planned quantities, expected weapons, no draw.

A plan is priced like a day that is played, from the same lines by the same step of the engine (`steps.cost.add_up`),
with what is planned in place of what was flown and fired. An aid twin plans to spend the planned cost of its twin over
the twin's active days, in equal parts on its own. Plans do not depend on parameter vectors, arms or seeds.
"""

import numpy as np

from skyshield.compile.aid import Given, aid_of
from skyshield.compile.campaign import expected_growth
from skyshield.compile.context import CompileContext
from skyshield.compile.costs import compile_costs
from skyshield.compile.expected_fire import Active, Fire, expected_fire
from skyshield.compile.forces import compile_fleets, compile_forces, compile_shooters
from skyshield.compile.incidents import compile_risks
from skyshield.compile.parameters import CentralValues
from skyshield.compile.planned_flying import Flying, planned_flying
from skyshield.compile.planned_own import planned_raids
from skyshield.compile.routes import compile_routes
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES, REGIMES
from skyshield.engine.day import add_up
from skyshield.engine.world import (
    AIRCRAFT_LOST,
    EARLY_WARNING_LOST,
    FLIGHT_HOUR,
    FRIENDLY_LOST,
    READY,
    TANKER_HOUR,
    TANKER_LOST,
    Forces,
    Risks,
    Routes,
)
from skyshield.forces import twin_budget_eur

AID = COST_LINES.index("aid")


def planned_lines(context: CompileContext) -> Floats:
    """Return f8[option, boundary, line]: what an option plans to spend on each of its active days, EUR.

    The axes are the scenario's options, `skyshield.core.vocabulary.BOUNDARIES` and `COST_LINES`. Where packages start
    apart, it is the mean over the days on which any is there.

    Raises
    ------
    SkyShieldError
        If aid is the twin of an option that the scenario does not hold.
    """
    return _mean_day(context, planned_by_package(context))


def planned_by_package(context: CompileContext) -> Floats:
    """Return f8[option, package, boundary, line]: what is planned for each day on which a package is there, EUR.

    Packages of an option that are there on the same days share a plan, which stands with the first of them. Those that
    start apart are planned each as if the others were not there.
    """
    def by_package() -> Floats:
        lines, _ = _forces_plan(context)
        aided = [(k, option, given) for k, option in enumerate(context.scenario.options)
                 if (given := aid_of(context, option)) is not None]
        for k, option, given in sorted(aided, key=lambda one: one[2].terms.twin_of is not None):  # twins are the last
            lines[k, given.stands_with, :, AID] = _budget_a_day(context, given, _mean_day(context, lines),
                                                                f"options.{option.name}.packages")
        return lines

    return context.cached(("planned", *sorted(context.scenario.assumptions.items())), by_package)


def _mean_day(context: CompileContext, lines: Floats) -> Floats:
    """Return f8[option, boundary, line] of a mean active day, from lines of each package's days."""
    result = np.zeros((len(lines), *lines.shape[2:]))
    for k, option in enumerate(context.scenario.options):
        days = float(context.days_there(option).sum())
        for first in context.together(option):
            result[k] += lines[k, first] * (context.presence(option.packages[first]).sum() / days if days else 1.0)
    return result


def planned_shots(context: CompileContext) -> Floats:
    """Return f8[option, kind, weapon]: what an option means to fire on each of its active days."""
    return _forces_plan(context)[1]


def _forces_plan(context: CompileContext) -> tuple[Floats, Floats]:
    """Return the lines by package of the options' forces, aid left at zero, and what they fire a day."""
    lines, shots = context.cached(("planned forces", *sorted(context.scenario.assumptions.items())),
                                  lambda: _worked_out(context))
    return lines.copy(), shots


def _worked_out(context: CompileContext) -> tuple[Floats, Floats]:
    central = CentralValues(context.catalogue, context.scenario.assumptions)
    shooters = compile_shooters(context, central)
    forces = compile_forces(context, central, shooters)
    costs, fleets = compile_costs(context, central, shooters), compile_fleets(context, central)
    risks, routes = compile_risks(context, central, forces, fleets), central_routes(context, central)
    night_length_s = float(central["launch_window_length_h"][0])
    massed = planned_raids(context)[0][REGIMES.index("massed")].share
    grown = expected_growth(context.scenario, central)[0]
    result = np.zeros((*forces.presence.shape[:2], len(BOUNDARIES), len(COST_LINES)))
    shots = np.zeros((len(forces.presence), *forces.munition.shape))
    together = [list(context.together(option).items()) for option in context.scenario.options]
    for rank in range(max(1, *(len(of_option) for of_option in together))):
        parts = [of_option[rank] if rank < len(of_option) else (0, []) for of_option in together]
        in_part = [np.isin(forces.package[k], packages) for k, (_, packages) in enumerate(parts)]
        there = [context.presence(context.scenario.options[k].packages[first]) if packages
                 else np.zeros(context.scenario.days, np.uint8) for k, (first, packages) in enumerate(parts)]
        part = forces._replace(p_ready=forces.p_ready * in_part, ready_aircraft=forces.ready_aircraft * in_part)
        flying = [planned_flying(fleets, part, k, int(days.sum()), massed) for k, days in enumerate(there)]
        mean = [(1.0 - massed) * one.ready[0] + massed * one.ready[1] for one in flying]
        planned = part._replace(p_ready=np.stack(mean)[None])
        fire = expected_fire(context, planned, costs, routes, night_length_s, [
            Active(int(days.sum()), (grown * days).sum(axis=1) / max(1, int(days.sum())), one.ready)
            for days, one in zip(there, flying, strict=True)])
        for k, (first, packages) in enumerate(parts):
            if there[k].any():
                presence = np.isin(np.arange(forces.presence.shape[1]), packages).astype(np.uint8)
                used = planned_use(context, k, there[k], planned, risks, flying[k], fire)
                add_up(costs, presence, 0, k, used, result[k, first])
                shots[k] += used[READY + len(forces.munition):].reshape(forces.munition.shape)
    return result, shots


def planned_use(context: CompileContext, option: int, there: Flags, forces: Forces, risks: Risks, flying: Flying,
                fire: Fire) -> Floats:
    """Return f8[item]: what an option means to use on a day and has a price, of the days `there` [day].

    What is fired is fired on days of war, so it is spread over these days, and over those of a phase with fewer raids
    by its intensity.
    """
    intensity = np.array([phase.intensity for phase in context.scenario.phases])  # as the calendar has it
    of_day = intensity[list(context.scenario.phase_index_by_day())]
    at_war = float((of_day * there).sum() / there.sum())
    kinds = forces.shooter_kind[option]
    n_kinds = len(forces.munition)
    ready = np.bincount(kinds[kinds >= 0], forces.p_ready[0, option, kinds >= 0], n_kinds)
    used = np.zeros(READY + n_kinds + forces.munition.size)
    used[FLIGHT_HOUR], used[TANKER_HOUR] = flying.flight_hours_per_day, flying.tanker_hours_per_day
    used[AIRCRAFT_LOST] = used[FLIGHT_HOUR] * (risks.accidents_per_h[0] + risks.aircraft_lost_per_h[0]
                                               * risks.share_over_ukraine[0, option])
    if used[FLIGHT_HOUR] > 0.0:
        used[AIRCRAFT_LOST] += at_war * fire.own_kills[option] * risks.p_fratricide_own[0]
    phases = list(context.scenario.phase_index_by_day())
    if used[FLIGHT_HOUR] > 0.0:
        used[AIRCRAFT_LOST] += float((risks.lost_at_bases_per_day[0, phases] * there).sum() / there.sum())
        for item, lost in ((EARLY_WARNING_LOST, risks.early_warning_lost_per_day),
                           (TANKER_LOST, risks.tankers_lost_per_day)):
            used[item] = float((lost[0, option, phases] * there).sum() / there.sum())
        used[AIRCRAFT_LOST] += at_war * fire.by_fighters[option] * risks.lost_per_engagement[0]
    used[FRIENDLY_LOST] = at_war * fire.engagements[option] * risks.p_fratricide[0]
    used[READY:READY + n_kinds] = ready
    used[READY + n_kinds:] = at_war * fire.shots[option].ravel()
    return used


def central_routes(context: CompileContext, central: CentralValues) -> Routes:
    """Return the routes of one vector at central values, the own defence as the headline has it."""
    n_classes = len(context.rules.class_allowed[0])
    speeds = [central[name] for name in ("geran2_speed", "cruise_speed", "ballistic_speed")]
    return compile_routes(context, np.tile(central["route_detour_factor"], (1, n_classes)), np.stack(speeds, axis=1),
                          central["geran3_speed"])


def _budget_a_day(context: CompileContext, given: Given, lines: Floats, where: str) -> Floats:
    """Return f8[boundary]: the budget of aid on each of its active days, as if on one day if it has none."""
    terms, days = given.terms, max(1, int(given.there.sum()))
    twins = {one.name: (k, context.days_there(one).sum() / days) for k, one in enumerate(context.scenario.options)
             if one.role == "forces"}
    result = []
    for b in range(len(BOUNDARIES)):
        a_day = {name: float(lines[k, b].sum() * share) for name, (k, share) in twins.items()}
        budget = twin_budget_eur(terms, a_day, where)
        result.append(budget if terms.twin_of is not None else budget / days)
    return np.array(result)


def planned_json(context: CompileContext) -> dict[str, dict[str, dict[str, float]]]:
    """Return option -> boundary -> line -> EUR that it plans to spend in the period, lines without money left out."""
    lines = planned_lines(context)
    result: dict[str, dict[str, dict[str, float]]] = {}
    for k, option in enumerate(context.scenario.options):
        days = int(context.days_there(option)[:context.days].sum())
        result[option.name] = {boundary: {line: float(lines[k, b, n] * days) for n, line in enumerate(COST_LINES)
                                          if lines[k, b, n] > 0.0} for b, boundary in enumerate(BOUNDARIES)}
    return result
