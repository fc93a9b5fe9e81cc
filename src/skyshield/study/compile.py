"""Turn a resolved scenario into the engine's arrays."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from skyshield.catalogue import Catalogue
from skyshield.engine import Forces, OwnDefence, Raids, Routes, Rules, World
from skyshield.engine.tally import CLASSES
from skyshield.engine.world import BALLISTIC_STREAM, CRUISE_STREAM, DEEP_STREAM, FRONT_STREAM
from skyshield.forces import hazard_shape, night_quantiles, planned_cost_per_day_eur, prepare_fighters
from skyshield.forces.fighters import eur, radar_horizon_m
from skyshield.raids import Fit, aim_shares, launches, oblast_aims, route_table
from skyshield.raids.geography import N_VARIANTS, Aims, Launches, RouteTable
from skyshield.rules import prepare_rules
from skyshield.scenario import Resolved, Scenario
from skyshield.study.parameters import CentralValues, ParameterTable
from skyshield.theatre import Theatre, own_plane, zone_polygon

Floats = npt.NDArray[np.float64]

N_QUANTILES = 257
_HOUR_S = 3600.0
_DAY_START_S = 15 * _HOUR_S  # 09:00 on a clock that starts at 18:00
_DAY_LENGTH_S = 9 * _HOUR_S
_EVENING_S = 18 * _HOUR_S
_SPEEDS = ("geran2_speed", "cruise_speed", "ballistic_speed")
_ALTITUDES = ("geran2_altitude", "cruise_altitude", "ballistic_altitude")


@dataclass(frozen=True)
class Compiled:
    """A world, and what went into it that a report must show."""

    world: World
    parameters: dict[str, Floats]
    without_centre: tuple[str, ...]
    aims: Aims


@dataclass(frozen=True)
class Ground:
    """What all arms of a study have in common: the resolved parts and the geometry."""

    scenario: Scenario
    fit: Fit
    catalogue: Catalogue
    theatre: Theatre
    aims: Aims
    starts: Launches
    drawn: RouteTable
    rules: Rules


def prepare_ground(resolved: Resolved) -> Ground:
    """Rebuild the parts of a resolved scenario and work out its geometry."""
    scenario, fit, catalogue, theatre = resolved.parts()
    aims = oblast_aims(theatre)
    starts = launches(theatre, _named_shares(catalogue, theatre))
    drawn = route_table(starts, aims, catalogue["route_bend"].reference_si)
    found = prepare_rules([o.rules if o.packages else None for o in scenario.options], CLASSES, theatre,
                          drawn.x_m, drawn.y_m)
    area = zone_polygon(theatre, scenario.protected_area.zone())
    rules = Rules(found.class_allowed, found.window_start_m, found.window_end_m, found.crosses_declared,
                  shapely.contains_xy(area, aims.x_m, aims.y_m).astype(np.uint8))
    return Ground(scenario, fit, catalogue, theatre, aims, starts, drawn, rules)


def compile_world(resolved: Resolved | Ground, seed: int = 0, vectors: int = 200,
                  ends: Mapping[str, str] | None = None) -> Compiled:
    """Compile a resolved scenario for a number of parameter vectors.

    Parameters
    ----------
    resolved
        The self-contained scenario, or its ground where several arms are compiled.
    seed
        Seeds the vectors' own parameters.
    vectors
        How many.
    ends
        Entries without a centre to stand at ``low`` or ``high`` instead of their reference end.

    Returns
    -------
    Compiled
        The world with the parameters it used.
    """
    ground = resolved if isinstance(resolved, Ground) else prepare_ground(resolved)
    scenario, drawn = ground.scenario, ground.drawn
    table = ParameterTable(ground.catalogue, ground.fit, seed, vectors, ends or {})
    destinations = aim_shares(ground.aims, table)
    own, (knot_m, knot_weight) = _own_defence(table, drawn, ground.theatre)
    world = World(
        raids=_raids(scenario, ground.fit, table, ground.starts, destinations),
        routes=Routes(drawn.x_m, drawn.y_m, drawn.length_m, knot_m, knot_weight,
                      _by_class(table, ["route_detour_factor"] * len(CLASSES)), _by_class(table, _SPEEDS),
                      np.array([N_VARIANTS])),
        own=own, forces=_forces(scenario, table, ground.theatre, ground.catalogue), rules=ground.rules)
    return Compiled(world, dict(sorted(table.used.items())), table.without_centre(), ground.aims)


def _named_shares(catalogue: Catalogue, theatre: Theatre) -> dict[str, float]:
    return {area.name: catalogue[f"launch_named_{area.name.lower().replace('-', '_')}"].reference_si
            for area in theatre.launch_areas if "uav" in area.kinds}


def _by_class(table: ParameterTable, names: list[str] | tuple[str, ...]) -> Floats:
    return np.ascontiguousarray(np.stack([table[name] for name in names], axis=1))


def _raids(scenario: Scenario, fit: Fit, table: ParameterTable, starts: Launches, destinations: Floats) -> Raids:
    n = len(table.fit_row)
    scale = [float(scenario.phase_of_day(day) == "war") for day in range(1, scenario.days + 1)]
    return Raids(
        night_counts=fit.nights, night_index=np.ascontiguousarray(fit.night_index), fit_row=table.fit_row,
        front_threshold=table["front_stream_threshold"], p_decoy=table["decoy_share"],
        p_day_part=table["day_part_share"], night_start_s=table["launch_window_start_local_h"] - _EVENING_S,
        night_length_s=table["launch_window_length_h"], day_start_s=np.full(n, _DAY_START_S),
        day_length_s=np.full(n, _DAY_LENGTH_S), salvo_spread_s=table["missile_salvo_spread"],
        launch_cdf=np.cumsum(starts.shares, axis=1), aim_cdf=np.cumsum(destinations, axis=2),
        scale=np.array(scale))


def _own_defence(table: ParameterTable, drawn: RouteTable,
                 theatre: Theatre) -> tuple[OwnDefence, tuple[Floats, Floats]]:
    knot_m, knot_weight = hazard_shape(drawn.x_m, drawn.y_m, own_plane(theatre),
                                           float(table["own_terminal_share"][0]),
                                           float(table["own_terminal_distance"][0]))
    streams = {FRONT_STREAM: (table["leak_front"], "rho_uav"), DEEP_STREAM: (table["leak_deep"], "rho_uav"),
               CRUISE_STREAM: (1.0 - table["cruise_intercept"], "rho_cruise"),
               BALLISTIC_STREAM: (1.0 - table["ballistic_intercept"], "rho_ballistic")}
    p_leak = np.stack([night_quantiles(leak, table[rho], N_QUANTILES) for leak, rho in streams.values()], axis=1)
    soft = np.zeros((len(table.fit_row), len(CLASSES)))
    soft[:, 0] = np.minimum(1.0, table["uav_soft_kill_share"] / table["national_uav_stopped"])
    return OwnDefence(np.ascontiguousarray(p_leak), soft), (knot_m, knot_weight)


def _forces(scenario: Scenario, table: ParameterTable, theatre: Theatre, catalogue: Catalogue) -> Forces:
    packages = [o.packages[0] if o.packages else None for o in scenario.options]
    fighters = prepare_fighters(packages, scenario.members, theatre, table)
    central = CentralValues(catalogue)
    planned = planned_cost_per_day_eur(prepare_fighters(packages, scenario.members, theatre, central),
                                       eur(central, "fighter_cpfh") * _HOUR_S)
    horizon = np.stack([radar_horizon_m(table["patrol_altitude"], table[name], table["radar_horizon_constant"])
                        for name in _ALTITUDES], axis=1)
    p_kill = np.zeros_like(horizon)
    p_kill[:, :2] = table["aam_pk"][:, None]  # an air-to-air missile does not stop a ballistic one
    active = np.zeros((len(packages), scenario.days), np.uint8)
    for option, package in enumerate(packages):
        if package is not None:
            wanted = "war" if package.start == "before_ceasefire" else "ceasefire"
            active[option] = [wanted == "war" or scenario.phase_of_day(day) == wanted
                              for day in range(1, scenario.days + 1)]
    return Forces(
        station_x_m=fighters.station_x_m, station_y_m=fighters.station_y_m, n_stations=fighters.n_stations,
        reach_m=np.minimum(horizon, table["fighter_reach"][:, None]),
        engagement_time_s=table["fighter_engagement_time"], relief_time_s=table["cap_on_station"],
        shots_per_relief=np.rint(table["fighter_shots_per_sortie"] * table["fighters_per_station"]).astype(np.int64),
        max_shots=np.array([int(catalogue["fighter_max_shots_per_threat"].reference_si)]),
        p_kill=p_kill,
        p_track=night_quantiles(table["fighter_track_probability"], table["fighter_track_rho"], N_QUANTILES),
        sorties_per_station_day=fighters.sorties_per_station_day,
        flight_time_per_sortie_h=fighters.flight_time_per_sortie_h,
        cost_per_flight_hour_eur=eur(table, "fighter_cpfh") * _HOUR_S, cost_per_shot_eur=eur(table, "aim9_price"),
        planned_cost_per_day_eur=planned[0], active=active)
