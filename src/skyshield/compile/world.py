"""Turn a resolved scenario into the engine's arrays."""

import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

from skyshield.compile.aid import Spent, aid_of, aid_zone, compile_aid
from skyshield.compile.context import N_QUANTILES, CompileContext, quantiles_of_nights
from skyshield.compile.costs import compile_costs
from skyshield.compile.forces import compile_fleets, compile_forces, compile_shooters
from skyshield.compile.incidents import compile_people, compile_risks, prepare_marks
from skyshield.compile.parameters import RELIEF_ENTRIES, STRENGTH, ParameterTable
from skyshield.compile.planned import planned_by_package
from skyshield.compile.reuse import Parts
from skyshield.core.arrays import Flags, Floats
from skyshield.core.streams import parameter_uniforms
from skyshield.core.vocabulary import (
    BALLISTIC_STREAM,
    CLASSES,
    COST_LINES,
    CRUISE_STREAM,
    DEEP_STREAM,
    FRONT_STREAM,
    N_STREAMS,
    REGIMES,
)
from skyshield.engine import (
    Aid,
    Costs,
    Fleets,
    Forces,
    OwnDefence,
    People,
    Raids,
    Relief,
    Response,
    Risks,
    Routes,
    World,
    check_world,
)
from skyshield.forces import (
    Shooters,
    hazard_shape,
    hazard_table,
    log_load_factors,
    true_leak,
    west_strength,
    zero_inflated,
)
from skyshield.forces.own import ALONG_THE_WAY, HAZARD_STEP, NEAR_AIMS
from skyshield.raids import Destinations, destinations, launch_shares, launches, oblast_aims, route_table
from skyshield.raids.fit import significant
from skyshield.raids.geography import N_VARIANTS, Aims
from skyshield.raids.season import season_of
from skyshield.rules import prepare_rules
from skyshield.scenario import Resolved, Scenario
from skyshield.theatre import Theatre, own_plane, zone_polygon

_HOUR_S = 3600.0
_DAY_START_S = 15 * _HOUR_S  # 09:00 on a clock that starts at 18:00
_DAY_LENGTH_S = 9 * _HOUR_S
_EVENING_S = 18 * _HOUR_S
_SPEEDS = ("geran2_speed", "cruise_speed", "ballistic_speed")
_WEST = "west"


@dataclass(frozen=True)
class Compiled:
    """A world, and what went into it that a report must show."""

    world: World
    parameters: dict[str, Floats]
    without_centre: tuple[str, ...]
    aims: Aims


def prepare_context(resolved: Resolved) -> CompileContext:
    """Rebuild the parts of a resolved scenario and work out its geometry."""
    scenario, fit, catalogue, theatre = resolved.parts()
    aims = oblast_aims(theatre)
    starts = launches(theatre)
    drawn = route_table(starts, aims, catalogue["route_bend"].reference_si)
    thread = ThreadPoolExecutor(1)
    marks = thread.submit(prepare_marks, theatre, aims, drawn, catalogue)
    thread.shutdown(wait=False)
    area = zone_polygon(theatre, scenario.protected_area.zone())
    rules = prepare_rules([o.rules if o.fires else None for o in scenario.options], CLASSES, theatre, drawn.x_m,
                          drawn.y_m, shapely.contains_xy(area, aims.x_m, aims.y_m).astype(np.uint8))
    return CompileContext(scenario, fit, catalogue, theatre, aims, starts, drawn, rules,
                          _aim_declared(scenario, theatre, aims), marks)


def _aim_declared(scenario: Scenario, theatre: Theatre, aims: Aims) -> Flags:
    """Return u1[option, aim]: the aim lies in the zone an option with shooters declares, before stand-offs."""
    declared = np.zeros((len(scenario.options), len(aims.oblasts)), np.uint8)
    for k, option in enumerate(scenario.options):
        if option.fires:
            zone = option.rules.zone
            area = own_plane(theatre) if zone is None else zone_polygon(theatre, zone.zone())
            declared[k] = shapely.contains_xy(area, aims.x_m, aims.y_m)
    return declared


def compile_world(resolved: Resolved | CompileContext, seed: int = 0, vectors: int = 200,
                  ends: Mapping[str, str] | None = None, given: Mapping[str, Floats] | None = None) -> Compiled:
    """Compile a resolved scenario for a number of parameter vectors.

    Parameters
    ----------
    resolved
        The self-contained scenario, or its context where several arms are compiled.
    seed
        Seeds the vectors' own parameters.
    vectors
        How many.
    ends
        Entries without a centre to stand at ``low`` or ``high`` instead of their reference end.
    given
        Values f8[vector], SI units, to stand instead of what would be drawn, fitted or assumed. What a compiled world
        used (`Compiled.parameters`) gives the same world again.

    Returns
    -------
    Compiled
        The world with the parameters it used.

    Raises
    ------
    SkyShieldError
        If the arrays are not what the engine's kernels take them for (`skyshield.engine.check.check_world`).
    """
    context = resolved if isinstance(resolved, CompileContext) else prepare_context(resolved)
    return ArmCompiler(context, seed, vectors, given).compile(ends or {})


class ArmCompiler:
    """Compiles the arms of a study: what an arm does not move is taken from those before it.

    Parameters
    ----------
    context
        Of the scenario.
    seed, vectors, given
        As in `compile_world`.
    """

    def __init__(self, context: CompileContext, seed: int, vectors: int,
                 given: Mapping[str, Floats] | None = None) -> None:
        self._context, self._seed, self._parts = context, seed, Parts()
        self._table = ParameterTable(context.catalogue, context.fit, seed, vectors, {}, context.scenario.assumptions,
                                     given)
        self._first: World | None = None

    def compile(self, ends: Mapping[str, str]) -> Compiled:
        """Return the world with entries at these ends; its arrays are those of the first arm where they are equal."""
        context, table, make = self._context_of_arm(), self._table.moved(ends), self._parts.make
        bound = make(_destinations, table, context)
        starts = make(_launch_shares, table, context)
        own, shape, strengths = make(_own_defence, table, context, starts, bound, str(self._seed))
        shooters = make(_shooters, table, context)
        forces, fleets = make(_forces, table, context, shooters), make(_fleets, table, context)
        aid, spent = make(_aid, table, context, bound)
        world = World(
            raids=make(_raids, table, context, starts, bound), routes=make(_routes, table, context, shape), own=own,
            forces=forces, aid=aid, rules=context.rules, response=make(_response, table, context),
            relief=make(_relief, table, context, " ".join(name for name in RELIEF_ENTRIES if name in ends)),
            costs=make(_costs, table, context, shooters, spent), marks=context.marks,
            risks=make(_risks, table, context, forces, fleets), people=make(_people, table, context), fleets=fleets)
        check_world(world)
        if self._first is None:
            self._first = world
        return Compiled(share_arrays(world, self._first), dict(sorted({**table.used, **strengths}.items())),
                        table.without_centre(), context.aims)


    def _context_of_arm(self) -> CompileContext:
        """Return the context; what an arm works out besides the first is let go with it."""
        if self._first is None:
            return self._context
        return dataclasses.replace(self._context, worked_out=dict(self._context.worked_out))


def _destinations(table: ParameterTable, context: CompileContext) -> Destinations:
    return destinations(context.aims, table)


def _launch_shares(table: ParameterTable, context: CompileContext) -> Floats:
    return np.ascontiguousarray(launch_shares(context.starts, table))


def _shooters(table: ParameterTable, context: CompileContext) -> Shooters:
    return compile_shooters(context, table)


def _forces(table: ParameterTable, context: CompileContext, shooters: Shooters) -> Forces:
    return compile_forces(context, table, shooters)


def _fleets(table: ParameterTable, context: CompileContext) -> Fleets:
    return compile_fleets(context, table)


def _aid(table: ParameterTable, context: CompileContext, bound: Destinations) -> tuple[Aid, Spent]:
    return compile_aid(context, table, bound, planned_by_package(context))


def _risks(table: ParameterTable, context: CompileContext, forces: Forces, fleets: Fleets) -> Risks:
    return compile_risks(context, table, forces, fleets)


def _people(table: ParameterTable, context: CompileContext) -> People:
    return compile_people(context, table)


def _routes(table: ParameterTable, context: CompileContext, shape: tuple[Floats, Floats, Floats]) -> Routes:
    drawn = context.drawn
    return Routes(drawn.x_m, drawn.y_m, drawn.length_m, *shape,
                  _by_class(table, ["route_detour_factor"] * len(CLASSES)), _by_class(table, _SPEEDS),
                  np.array([N_VARIANTS]))


def _response(table: ParameterTable, context: CompileContext) -> Response:
    return Response(table["displacement"], table["volume_response"], table["class_shift"], table["uav_per_cruise"],
                    context.aim_declared)


def share_arrays(world: World, other: World) -> World:
    """Return a world with the arrays of another where they are the same: arms differ in few, and a study has many.

    Examples
    --------
    >>> from skyshield.engine import Aid
    >>> one = World(*[Aid(np.zeros(2), np.ones(2))] * len(World._fields))
    >>> other = World(*[Aid(np.zeros(2), np.zeros(2))] * len(World._fields))
    >>> shared = share_arrays(one, other)
    >>> shared.aid.hazard is other.aid.hazard, shared.aid.ramp is one.aid.ramp
    (True, True)
    """
    def common(mine: npt.NDArray[np.generic], theirs: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        same = mine.dtype == theirs.dtype and mine.shape == theirs.shape
        return theirs if mine is theirs or (same and mine.tobytes() == theirs.tobytes()) else mine

    def whole(mine: Any, theirs: Any) -> Any:
        return type(mine)(*(whole(a, b) if isinstance(a, tuple) else common(a, b)
                            for a, b in zip(mine, theirs, strict=True)))

    return cast("World", whole(world, other))


def _relief(table: ParameterTable, context: CompileContext, supposed: str) -> Relief:
    """Return relief as the arm that supposes it has it: no other arm reads its entries, named in `supposed`."""
    n = len(table.fit_row)
    zone = context.aim_declared.copy()
    for k, option in enumerate(context.scenario.options):
        given = aid_of(context, option)
        if given is not None and given.terms.where == "zone":
            zone[k] |= aid_zone(context, option, given.terms)
    share, elasticity = (table[name] if name in supposed.split() else np.zeros(n) for name in RELIEF_ENTRIES)
    return Relief(share, elasticity, zone)


def _costs(table: ParameterTable, context: CompileContext, shooters: Shooters, spent: Spent) -> Costs:
    """Return the costs with the money of aid and the plans."""
    costs = compile_costs(context, table, shooters)
    costs.standing_eur[..., COST_LINES.index("aid")] = spent.cost_eur
    return costs._replace(planned_eur=planned_by_package(context).sum(axis=3), unspent_eur=spent.unspent_eur)


def _by_class(table: ParameterTable, names: list[str] | tuple[str, ...]) -> Floats:
    return np.ascontiguousarray(np.stack([table[name] for name in names], axis=1))


def _raids(table: ParameterTable, context: CompileContext, starts: Floats, bound: Destinations) -> Raids:
    scenario, n = context.scenario, len(table.fit_row)
    sticks = context.once(_stick_quantiles, bound.stick_any.ravel(), bound.stick_mean.ravel(),
                          bound.stick_rho.ravel()).reshape(*bound.stick_mean.shape, N_QUANTILES)
    massed = bound.aims[:, REGIMES.index("massed")]
    return Raids(
        season=season_of(table), phase=np.array(scenario.phase_index_by_day()),
        intensity=np.array([phase.intensity for phase in scenario.phases]),
        p_decoy=table["decoy_share"], p_day_raid=table["p_day_raid"], day_raid_share=table["day_raid_share"],
        night_start_s=table["launch_window_start_local_h"] - _EVENING_S,
        night_length_s=table["launch_window_length_h"], day_start_s=np.full(n, _DAY_START_S),
        day_length_s=np.full(n, _DAY_LENGTH_S), salvo_spread_s=table["missile_salvo_spread"],
        launch_cdf=np.cumsum(starts, axis=2), aim_cdf=np.cumsum(massed, axis=2), sticks=sticks,
        region_aims=bound.region_aims)


def _stick_quantiles(p_any: Floats, mean: Floats, rho: Floats) -> Floats:
    return zero_inflated(quantiles_of_nights(mean, rho), p_any)


def _own_defence(table: ParameterTable, context: CompileContext, starts: Floats, bound: Destinations,
                 seed: str) -> tuple[OwnDefence, tuple[Floats, Floats, Floats], dict[str, Floats]]:
    """Return the own defence, the shape of its hazard along routes, and the strengths of regions that it drew."""
    claimed = {FRONT_STREAM: (table["leak_front"], "rho_uav"), DEEP_STREAM: (table["leak_deep"], "rho_uav"),
               CRUISE_STREAM: (1.0 - table["cruise_intercept"], "rho_cruise"),
               BALLISTIC_STREAM: (1.0 - table["ballistic_stop_covered"], "rho_ballistic_covered")}
    leak = {stream: true_leak(rate, table["claim_bias"]) for stream, (rate, _) in claimed.items()}
    p_leak = np.stack([context.once(quantiles_of_nights, leak[stream], table[rho])
                       for stream, (_, rho) in claimed.items()], axis=1)
    strength = _strengths(context, table, bound, leak[DEEP_STREAM], int(seed))
    rival = NEAR_AIMS if table.one("own_defence_rival") > 0.0 else ALONG_THE_WAY
    if rival == ALONG_THE_WAY:
        strength = {region: np.ones(len(table.fit_row)) for region in strength}
    factor = np.ascontiguousarray(np.stack([strength[region] for region in context.aims.regions], axis=1))
    terminal_m = table.one("own_terminal_distance")
    shape = context.cached(("hazard_shape", terminal_m, rival), lambda: hazard_shape(
        context.drawn.x_m, context.drawn.y_m, own_plane(context.theatre), terminal_m, rival))
    soft = np.zeros((len(table.fit_row), len(CLASSES)))
    soft[:, 0] = table["soft_share_of_stops"]
    return OwnDefence(
        p_leak=p_leak, mean_leak=np.ascontiguousarray(np.stack([leak[stream] for stream in claimed], axis=1)),
        hazard=_hazards(context, starts, bound, shape[2] if rival == ALONG_THE_WAY else factor),
        hazard_step=np.array([HAZARD_STEP]), aim_factor=factor,
        log_load_factor=log_load_factors(table["decoy_share"], table["decoy_leak_ratio"]),
        cover_intercept=table["ballistic_cover_intercept"], cover_slope=table["ballistic_cover_slope"],
        p_soft=soft), shape, {f"{STRENGTH}{region}": values for region, values in strength.items()}


def _strengths(context: CompileContext, table: ParameterTable, bound: Destinations, leak_deep: Floats,
               seed: int) -> dict[str, Floats]:
    """Return f8[vector] for each region: the strength of its defended aims over the middle of all regions."""
    from scipy.special import ndtri

    regions = sorted(set(context.aims.regions))
    n = len(table.fit_row)
    given = {region: table.given[STRENGTH + region] for region in regions if STRENGTH + region in table.given}
    drawn = {region: np.exp(table["own_regional_spread"] * ndtri(parameter_uniforms(seed, STRENGTH + region, 0, n)))
             for region in regions if region != _WEST} | given
    deep = bound.aims[:, REGIMES.index("massed"), DEEP_STREAM]
    share = np.stack([deep[:, np.array(context.aims.regions) == region].sum(axis=1) for region in regions], axis=1)
    strength = np.stack([drawn.get(region, np.ones(n)) for region in regions], axis=1)
    if _WEST in given:
        return {region: significant(values) for region, values in drawn.items()}
    drawn[_WEST] = west_strength(share, strength, regions.index(_WEST), leak_deep, table["leak_west"])
    return {region: significant(values) for region, values in drawn.items()}


def _hazards(context: CompileContext, starts: Floats, bound: Destinations, weight: Floats) -> Floats:
    """Return f8[vector, regime, stream, point]; `weight` is f8[route] or f8[vector, aim]."""
    result = []
    for regime in range(len(REGIMES)):
        for stream in range(N_STREAMS):
            share = bound.aims[:, regime, stream]
            if weight.ndim == 1:
                share = starts[:, stream, :, None, None] * share[:, None, :, None] / N_VARIANTS
                share = np.broadcast_to(share, (*share.shape[:3], N_VARIANTS)).reshape(len(starts), -1)
            met = (share > 0.0).any(axis=0)
            result.append(context.once(hazard_table, share[:, met], weight[..., met]))
    return np.stack(result, axis=1).reshape(len(starts), len(REGIMES), N_STREAMS, -1)
