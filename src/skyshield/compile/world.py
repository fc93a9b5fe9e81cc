"""Turn a resolved scenario into the engine's arrays."""

import dataclasses
import functools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import shapely

from skyshield.catalogue import Catalogue, Entry
from skyshield.compile.aid import Spent, aid_of, aid_zone, compile_aid
from skyshield.compile.campaign import day_raids, growth_by_day, reached
from skyshield.compile.context import N_QUANTILES, CompileContext, Crossed, Ground, quantiles_of_nights
from skyshield.compile.costs import compile_costs
from skyshield.compile.forces import compile_fleets, compile_forces, compile_shooters
from skyshield.compile.harm import compile_harm
from skyshield.compile.incidents import compile_people, compile_risks, prepare_marks
from skyshield.compile.kept import Kept
from skyshield.compile.own import (
    STRENGTHS,
    OwnPlaces,
    ToldLeaks,
    compile_own_defence,
    drawn_strengths,
    leaks_told,
    own_places,
)
from skyshield.compile.parameters import RELIEF_ENTRIES, STRENGTH, ParameterTable
from skyshield.compile.phases import intensity_by_phase
from skyshield.compile.planned import planned_by_package
from skyshield.compile.renewal import compile_renewal
from skyshield.compile.reuse import Parts
from skyshield.compile.routes import compile_routes, oblasts_crossed
from skyshield.compile.stores import stores_by_now
from skyshield.compile.windows import rules_of
from skyshield.core.arrays import Flags, Floats
from skyshield.core.vocabulary import (
    CLASSES,
    COST_LINES,
    DEEP_REGIONS,
    REGIMES,
)
from skyshield.engine import (
    Aid,
    Costs,
    Fleets,
    Forces,
    Harm,
    Marks,
    OwnDefence,
    People,
    Raids,
    Relief,
    Renewal,
    Response,
    Risks,
    Routes,
    World,
    check_world,
)
from skyshield.engine.axes import ARRAYS
from skyshield.forces import Shooters, zero_inflated
from skyshield.forces.regional import RouteHazard, route_hazard
from skyshield.raids import Destinations, Fit, destinations, launch_shares, launches, oblast_aims, route_table
from skyshield.raids.geography import N_VARIANTS, Aims, Launches, RouteTable
from skyshield.raids.season import season_of
from skyshield.rules.places import DISTANCES
from skyshield.scenario import Resolved, Scenario
from skyshield.theatre import Theatre, own_plane, zone_polygon
from skyshield.theatre.pieces import RoutePieces, route_pieces
from skyshield.theatre.plane import CACHE_SIZE

_HOUR_S = 3600.0
_DAY_START_S = 15 * _HOUR_S  # 09:00 on a clock that starts at 18:00
_DAY_LENGTH_S = 9 * _HOUR_S
_EVENING_S = 18 * _HOUR_S
_SPEEDS = ("geran2_speed", "cruise_speed", "ballistic_speed")


@dataclass(frozen=True)
class Compiled:
    """A world, and what went into it that a report must show."""

    world: World
    parameters: dict[str, Floats]
    without_centre: tuple[str, ...]
    aims: Aims


class _Map(NamedTuple):
    """What a theatre alone decides, whatever is asked of it: aims, launch areas and the routes between them."""

    aims: Aims
    starts: Launches
    drawn: RouteTable
    pieces: RoutePieces
    hazard: RouteHazard
    crossed: Crossed


@functools.lru_cache(maxsize=CACHE_SIZE)
def _map(theatre: Theatre, bend: float, sea_reach_m: float, terminal_m: float) -> _Map:
    aims, starts = oblast_aims(theatre), launches(theatre)
    drawn = route_table(starts, aims, bend)
    pieces = route_pieces(theatre, drawn.x_m, drawn.y_m, sea_reach_m, terminal_m)
    return _Map(aims, starts, drawn, pieces, _route_hazard(theatre, aims, starts, pieces, terminal_m),
                oblasts_crossed(pieces, [oblast.name for oblast in theatre.oblasts], aims.oblasts))


@functools.lru_cache(maxsize=CACHE_SIZE)
def _marks(theatre: Theatre, bend: float, distances: tuple[Entry, ...]) -> Marks:
    aims = oblast_aims(theatre)
    return prepare_marks(theatre, aims, route_table(launches(theatre), aims, bend),
                         {entry.key: entry for entry in distances})


def prepare_context(resolved: Resolved) -> CompileContext:
    """Rebuild the parts of a resolved scenario and work out its geometry, of which maps are kept for the next one."""
    return context_of(*resolved.parts())


def context_of(asked: Scenario, fit: Fit, catalogue: Catalogue, theatre: Theatre,
               shared: Kept[object] | None = None) -> CompileContext:
    """Work out the geometry of a scenario; `shared` as in `CompileContext`."""
    scenario, bend = asked.campaign, catalogue["route_bend"].reference_si
    thread = ThreadPoolExecutor(1)
    marks = thread.submit(_marks, theatre, bend, tuple(catalogue[key] for key in DISTANCES))
    thread.shutdown(wait=False)
    land = _map(theatre, bend, catalogue["own_sea_reach"].reference_si, catalogue["own_terminal_distance"].reference_si)
    area = zone_polygon(theatre, scenario.protected_area.zone())
    rules = rules_of(scenario.options, theatre, land.drawn,
                     shapely.contains_xy(area, land.aims.x_m, land.aims.y_m).astype(np.uint8), shared)
    return CompileContext(scenario, asked.days, fit, catalogue, theatre, *land, rules,
                          _aim_declared(scenario, theatre, land.aims), marks, shared=shared)


def _route_hazard(theatre: Theatre, aims: Aims, starts: Launches, pieces: RoutePieces,
                  terminal_m: float) -> RouteHazard:
    """Return where on its way each route meets own defence; way is scaled by the routes of UAVs."""
    of_oblast = np.array([DEEP_REGIONS.index(oblast.macro_region) for oblast in theatre.oblasts])
    of_aim = np.array([DEEP_REGIONS.index(name) for name in aims.regions])
    region = np.tile(np.repeat(of_aim, N_VARIANTS), len(starts.names))
    uav = np.repeat(["uav" in kinds for kinds in starts.kinds], len(of_aim) * N_VARIANTS)
    return route_hazard(pieces, of_oblast, region, terminal_m, np.flatnonzero(uav))


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


class Laid(NamedTuple):
    """The vectors of settings that come and go, and what was made of them that no option changes."""

    table: ParameterTable
    parts: Parts


class ArmCompiler:
    """Compiles the arms of a study: what an arm does not move is taken from those before it.

    Parameters
    ----------
    context
        Of the scenario.
    seed, vectors, given
        As in `compile_world`.
    like
        Of another scenario with the same numbers, map, seed and vectors: what options do not change is taken from it.
    """

    def __init__(self, context: CompileContext, seed: int, vectors: int, given: Mapping[str, Floats] | None = None,
                 like: "Laid | None" = None) -> None:
        self._context, self._seed, self._parts = context, seed, Parts()
        self._table = ParameterTable(context.catalogue, context.fit, seed, vectors, {}, context.scenario.assumptions,
                                     given) if like is None else like.table.assuming(context.scenario.assumptions)
        self._laid = self._parts if like is None else like.parts
        self._first: World | None = None

    def compile(self, ends: Mapping[str, str]) -> Compiled:
        """Return the world with entries at these ends; its arrays are those of the first arm where they are equal."""
        context, table, make = self._context_of_arm(), self._table.moved(ends), self._parts.make
        ground, lay = context.ground, self._laid.make
        starts = lay(_launch_shares, table, ground)
        drawn = lay(_drawn_strengths, table, str(self._seed))
        leaks = lay(leaks_told, table)
        places = lay(_own_places, table, ground, starts, drawn, leaks)
        bound = lay(_destinations, table, ground, places)
        own = lay(_own_defence, table, ground, starts, bound, leaks, places)
        shooters = make(_shooters, table, context)
        forces, fleets = make(_forces, table, context, shooters), make(_fleets, table, context)
        aid, spent = make(_aid, table, context, bound)
        world = World(
            raids=lay(_raids, table, ground, starts, bound), routes=lay(_routes, table, ground), own=own,
            forces=forces, aid=aid, rules=context.rules, response=make(_response, table, context),
            relief=make(_relief, table, context, " ".join(name for name in RELIEF_ENTRIES if name in ends)),
            costs=make(_costs, table, context, shooters, spent), marks=context.marks,
            risks=make(_risks, table, context, forces, fleets), people=make(_people, table, context), fleets=fleets,
            harm=make(_harm, table, context, spent), renewal=make(_renewal, table, context))
        world = first_days(world, context.days)
        check_world(world)
        if self._first is None:
            self._first = world
        used = {**table.used, **_strength_columns(drawn)}
        return Compiled(share_arrays(world, self._first), dict(sorted(used.items())), table.without_centre(),
                        context.aims)


    def _context_of_arm(self) -> CompileContext:
        """Return the context; what an arm works out besides the first is let go with it."""
        if self._first is None:
            return self._context
        return dataclasses.replace(self._context, worked_out=dict(self._context.worked_out))


def _drawn_strengths(table: ParameterTable, seed: str) -> dict[str, Floats]:
    return drawn_strengths(table, int(seed))


def _strength_columns(drawn: Mapping[str, Floats]) -> dict[str, Floats]:
    return {STRENGTH + name: values for name, values in drawn.items()}


def _own_places(table: ParameterTable, context: Ground, starts: Floats, drawn: dict[str, Floats],
                leaks: ToldLeaks) -> OwnPlaces:
    return own_places(context, table, starts, np.log(np.stack([drawn[name] for name in STRENGTHS], axis=1)), leaks)


def _own_defence(table: ParameterTable, context: Ground, starts: Floats, bound: Destinations, leaks: ToldLeaks,
                 places: OwnPlaces) -> OwnDefence:
    return compile_own_defence(context, table, starts, bound, leaks, places)


def _destinations(table: ParameterTable, context: Ground, places: OwnPlaces) -> Destinations:
    return destinations(context.aims, table, places.shares)


def _launch_shares(table: ParameterTable, context: Ground) -> Floats:
    return np.ascontiguousarray(launch_shares(context.starts, table))


def _shooters(table: ParameterTable, context: CompileContext) -> Shooters:
    return compile_shooters(context, table)


def _forces(table: ParameterTable, context: CompileContext, shooters: Shooters) -> Forces:
    forces = compile_forces(context, table, shooters)
    if context.scenario.decided_before_days == 0:
        return forces
    return forces._replace(store_first=stores_by_now(context, table, forces))


def _fleets(table: ParameterTable, context: CompileContext) -> Fleets:
    return compile_fleets(context, table)


def _aid(table: ParameterTable, context: CompileContext, bound: Destinations) -> tuple[Aid, Spent]:
    return compile_aid(context, table, bound, planned_by_package(context))


def _risks(table: ParameterTable, context: CompileContext, forces: Forces, fleets: Fleets) -> Risks:
    return compile_risks(context, table, forces, fleets)


def _people(table: ParameterTable, context: CompileContext) -> People:
    return compile_people(context, table)


def _harm(table: ParameterTable, context: CompileContext, spent: Spent) -> Harm:
    return compile_harm(context, table, spent.grid_protected)


def _renewal(table: ParameterTable, context: CompileContext) -> Renewal:
    return compile_renewal(context, table)


def _routes(table: ParameterTable, context: Ground) -> Routes:
    return compile_routes(context, _by_class(table, ["route_detour_factor"] * len(CLASSES)), _by_class(table, _SPEEDS),
                          table["geran3_speed"])


def _response(table: ParameterTable, context: CompileContext) -> Response:
    return Response(table["displacement"], table["volume_response"], table["class_shift"], table["uav_per_cruise"],
                    context.aim_declared)


def first_days(world: World, days: int) -> World:
    """Return a world of a campaign's first days alone.

    Examples
    --------
    >>> from skyshield.evidence.verification.worlds import make_forces, make_raids, make_world
    >>> world = first_days(make_world(make_raids(days=9), forces=make_forces(days=9)), 4)
    >>> world.raids.phase.shape, world.aid.ramp.shape
    ((4,), (1, 1, 3, 4))
    """
    def cut(group: Any, prefix: str) -> Any:
        return type(group)(*(part(f"{prefix}{field}", value)
                             for field, value in zip(group._fields, group, strict=True)))

    def part(name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return cut(value, f"{name}.")
        axes = ARRAYS[name].axes if name in ARRAYS else ()
        return np.ascontiguousarray(value[(slice(None),) * axes.index("day") + (slice(days),)]) \
            if "day" in axes else value

    return world if len(world.raids.phase) == days else cast("World", cut(world, ""))


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
    return costs._replace(planned_eur=_planned_a_day(context, table), unspent_eur=spent.unspent_eur)


def _planned_a_day(context: CompileContext, table: ParameterTable) -> Floats:
    """Return f8[option, package, boundary]: the plan's cost spread over the days on which a package is there, EUR.

    The plan stands when the zone comes earlier or later than planned.
    """
    planned = planned_by_package(context).sum(axis=3)
    days, there = (context.presence_by_package(parameters).sum(axis=2) for parameters in (None, table))
    return np.asarray(planned * (days / np.maximum(there, 1))[:, :, None])


def _by_class(table: ParameterTable, names: list[str] | tuple[str, ...]) -> Floats:
    return np.ascontiguousarray(np.stack([table[name] for name in names], axis=1))


def _raids(table: ParameterTable, context: Ground, starts: Floats, bound: Destinations) -> Raids:
    scenario, n = context.scenario, len(table.fit_row)
    sticks = context.once(_stick_quantiles, bound.stick_any.ravel(), bound.stick_mean.ravel(),
                          bound.stick_rho.ravel()).reshape(*bound.stick_mean.shape, N_QUANTILES)
    massed = bound.aims[:, REGIMES.index("massed")]
    return Raids(
        season=season_of(table, table["launch_level_factor"]), phase=np.array(scenario.phase_index_by_day()),
        intensity=intensity_by_phase(scenario, table),
        growth=growth_by_day(scenario, table), p_decoy=table["decoy_share"],
        decoy_armed=reached(scenario, np.zeros(n), table["decoy_armed_share"]),
        p_jet=reached(scenario, table["geran3_share"], table["jet_uav_share"]),
        p_day_raid=day_raids(scenario, table), day_raid_share=table["day_raid_share"],
        night_start_s=table["launch_window_start_local_h"] - _EVENING_S,
        night_length_s=table["launch_window_length_h"], day_start_s=np.full(n, _DAY_START_S),
        day_length_s=np.full(n, _DAY_LENGTH_S), salvo_spread_s=table["missile_salvo_spread"],
        launch_cdf=np.cumsum(starts, axis=2), aim_cdf=np.cumsum(massed, axis=2), sticks=sticks,
        region_aims=bound.region_aims)


def _stick_quantiles(p_any: Floats, mean: Floats, rho: Floats) -> Floats:
    return zero_inflated(quantiles_of_nights(mean, rho), p_any)
