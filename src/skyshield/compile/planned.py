"""What every option plans to spend, by line: central values, planned quantities, expected weapons, no draw.

A plan is priced like a day that is played, from the same lines by the same step of the engine (`steps.cost.add_up`),
with what is planned in place of what was flown and fired. An aid twin plans to spend the planned cost of its twin over
the twin's active days, in equal parts on its own. Plans do not depend on parameter vectors, arms or seeds.
"""

import numpy as np

from skyshield.compile.aid import aid_of
from skyshield.compile.context import CompileContext
from skyshield.compile.costs import compile_costs
from skyshield.compile.expected_fire import Fire, expected_fire
from skyshield.compile.forces import compile_fleets, compile_forces, compile_shooters
from skyshield.compile.incidents import compile_risks
from skyshield.compile.parameters import CentralValues
from skyshield.compile.planned_flying import Flying, planned_flying
from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import BOUNDARIES, COST_LINES
from skyshield.engine.day import add_up
from skyshield.engine.world import AIRCRAFT_LOST, FLIGHT_HOUR, FRIENDLY_LOST, READY, TANKER_HOUR, Forces, Risks, Routes
from skyshield.forces import AidPackage, hazard_shape, twin_budget_eur
from skyshield.raids.geography import N_VARIANTS
from skyshield.scenario import Option
from skyshield.theatre import own_plane

AID = COST_LINES.index("aid")


def planned_lines(context: CompileContext) -> Floats:
    """Return f8[option, boundary, line]: what an option plans to spend on each of its active days, EUR.

    The axes are the scenario's options, `skyshield.core.vocabulary.BOUNDARIES` and `COST_LINES`.

    Raises
    ------
    SkyShieldError
        If aid is the twin of an option that the scenario does not hold.
    """
    def lines_of() -> Floats:
        lines = _forces_lines(context)
        for k, option in enumerate(context.scenario.options):
            if aid_of(option) is not None:
                lines[k, :, AID] = _budget_a_day(context, option, lines)
        return lines

    return context.cached(("planned", *sorted(context.scenario.assumptions.items())), lines_of)


def _forces_lines(context: CompileContext) -> Floats:
    """Return the lines of the options' forces, aid left at zero."""
    central = CentralValues(context.catalogue, context.scenario.assumptions)
    shooters = compile_shooters(context, central)
    forces = compile_forces(context, central, shooters)
    costs = compile_costs(context, central, shooters)
    fleets = compile_fleets(context, central)
    flying = [planned_flying(fleets, forces, k, int(context.days_there(option).sum()))
              for k, option in enumerate(context.scenario.options)]
    planned = forces._replace(p_ready=np.stack([one.ready for one in flying])[None])
    risks = compile_risks(context, central, forces, fleets)
    fire = expected_fire(context, planned, costs, central_routes(context, central),
                         float(central["launch_window_length_h"][0]))
    result = np.zeros((len(context.scenario.options), len(BOUNDARIES), len(COST_LINES)))
    together = np.ones(forces.presence.shape[1], np.uint8)  # a day on which all packages are there
    for k, option in enumerate(context.scenario.options):
        there = context.days_there(option)
        if there.any():
            add_up(costs, together, 0, k, planned_use(context, k, planned, risks, flying[k], fire), result[k])
    return result


def planned_use(context: CompileContext, option: int, forces: Forces, risks: Risks, flying: Flying,
                fire: Fire) -> Floats:
    """Return f8[item]: what an option means to use on an active day and has a price.

    What is fired is fired on days of war, so it is spread over the active days.
    """
    days = context.days_there(context.scenario.options[option]).astype(bool)
    war = np.array([context.scenario.phase_of_day(day) == "war" for day in range(1, context.scenario.days + 1)])
    at_war = float((war & days).sum() / days.sum())
    kinds = forces.shooter_kind[option]
    n_kinds = len(forces.munition)
    ready = np.bincount(kinds[kinds >= 0], flying.ready[kinds >= 0], n_kinds)
    used = np.zeros(READY + n_kinds + forces.munition.size)
    used[FLIGHT_HOUR], used[TANKER_HOUR] = flying.flight_hours_per_day, flying.tanker_hours_per_day
    used[AIRCRAFT_LOST] = used[FLIGHT_HOUR] * (risks.accidents_per_h[0] + risks.aircraft_lost_per_h[0]
                                               * risks.share_over_ukraine[0, option])
    if used[FLIGHT_HOUR] > 0.0:
        used[AIRCRAFT_LOST] += at_war * fire.own_kills[option] * risks.p_fratricide_own[0]
    used[FRIENDLY_LOST] = at_war * fire.engagements[option] * risks.p_fratricide[0]
    used[READY:READY + n_kinds] = ready
    used[READY + n_kinds:] = at_war * fire.shots[option].ravel()
    return used


def central_routes(context: CompileContext, central: CentralValues) -> Routes:
    """Return the routes of one vector at central values, the own defence as the headline has it."""
    drawn, n_classes = context.drawn, len(context.rules.class_allowed[0])
    shape = hazard_shape(drawn.x_m, drawn.y_m, own_plane(context.theatre), float(central["own_terminal_distance"][0]),
                         int(central["own_defence_rival"][0] > 0.0))
    speeds = [central[name] for name in ("geran2_speed", "cruise_speed", "ballistic_speed")]
    return Routes(drawn.x_m, drawn.y_m, drawn.length_m, *shape, np.tile(central["route_detour_factor"], (1, n_classes)),
                  np.stack(speeds, axis=1), np.array([N_VARIANTS]))


def _budget_a_day(context: CompileContext, option: Option, lines: Floats) -> Floats:
    """Return f8[boundary]: the budget of aid on each of its active days, as if on one day if it has none."""
    package, days = aid_of(option), max(1, int(context.days_there(option).sum()))
    assert isinstance(package, AidPackage)  # noqa: S101
    twins = {one.name: (k, context.days_there(one).sum() / days) for k, one in enumerate(context.scenario.options)
             if one.shoots}
    result = []
    for b in range(len(BOUNDARIES)):
        a_day = {name: float(lines[k, b].sum() * share) for name, (k, share) in twins.items()}
        budget = twin_budget_eur(package, a_day, f"options.{option.name}.packages")
        result.append(budget if package.twin_of is not None else budget / days)
    return np.array(result)


def planned_json(context: CompileContext) -> dict[str, dict[str, dict[str, float]]]:
    """Return option -> boundary -> line -> EUR that it plans to spend in the period, lines without money left out."""
    lines = planned_lines(context)
    result: dict[str, dict[str, dict[str, float]]] = {}
    for k, option in enumerate(context.scenario.options):
        days = int(context.days_there(option).sum())
        result[option.name] = {boundary: {line: float(lines[k, b, n] * days) for n, line in enumerate(COST_LINES)
                                          if lines[k, b, n] > 0.0} for b, boundary in enumerate(BOUNDARIES)}
    return result
