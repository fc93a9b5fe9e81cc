"""Small hand-made worlds: one launch, straight routes, certain hazards, unless asked otherwise.

Everything is in metres, seconds, euros and probabilities; arrays have the axes of `skyshield.engine.world`. Unless
knots are given, the own defence's hazard is even over the whole route. Unless sticks are given, the deep stream spreads
over aims as the others do. What is launched is drawn by `make_season`; `make_certain_season` has the same number of
deep UAVs every night.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from skyshield.core.arrays import Floats
from skyshield.core.vocabulary import (
    BASES,
    COST_LINES,
    CREWS,
    LOADS,
    N_BOUNDARIES,
    N_CLASSES,
    N_PLACES,
    N_POSTS,
    N_STICKS,
    N_STREAMS,
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
    Rules,
    Season,
    World,
)
from skyshield.engine.world import FLIGHT_HOUR, READY

EVERYWHERE = 1e9
NOBODY = 1e-12  # of a mean that has a logarithm
N_ROUTES = 64

Point = tuple[float, float]


def line(*points: Point) -> Sequence[Point]:
    """Return the three points of a route; with two points the waypoint is halfway."""
    if len(points) == 2:
        (x_0, y_0), (x_1, y_1) = points
        return points[0], ((x_0 + x_1) / 2.0, (y_0 + y_1) / 2.0), points[1]
    return points


def make_routes(routes: Sequence[Sequence[Point]] = (((0.0, 0.0), (100_000.0, 0.0)),),
                knots: Sequence[tuple[Sequence[float], Sequence[float]]] | None = None,
                speed_m_s: npt.ArrayLike = 50.0, detour: float = 1.0, vectors: int = 1,
                weight: npt.ArrayLike = 1.0) -> Routes:
    """Return routes from points; `knots` is one (positions, cumulative weights) a route, even over it by default."""
    xy = np.array([line(*route) for route in routes], float)
    length = np.hypot(*np.diff(xy, axis=1).transpose(2, 0, 1)).sum(axis=1)
    if knots is None:
        knots = [((0.0, whole), (0.0, 1.0)) for whole in length]
    per_class = np.broadcast_to(np.asarray(speed_m_s, float), (vectors, N_CLASSES)).copy()
    scale = np.broadcast_to(np.asarray(weight, float), len(length))
    ends = [np.array(at[1:], float) for at, _ in knots]
    met = [np.diff(np.array(share, float)) * of for (_, share), of in zip(knots, scale, strict=True)]
    first = np.concatenate([[0], np.cumsum([len(end) for end in ends])])
    n_pieces = int(first[-1])
    return Routes(xy[:, :, 0].copy(), xy[:, :, 1].copy(), length, first, np.concatenate(ends),
                  np.zeros(n_pieces, np.int64), np.zeros(n_pieces), np.concatenate(met),
                  np.zeros(len(length) + 1, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0),
                  np.full((vectors, N_CLASSES), detour), per_class, per_class[:, 0].copy(), np.array([1]))


def make_season(vectors: int = 1, **fields: npt.ArrayLike) -> Season:
    """Return routine nights of about twenty UAVs at the front and four deep, no missiles, levels that stand still."""
    settings: dict[str, npt.ArrayLike] = {
        "nights_since_massed": 1.0, "massed_intercept": -50.0, "massed_slope": 0.0, "massed_step": 0.0,
        "front_mean": 20.0, "front_size": 10.0, "front_step": 0.0, "routine_deep_ratio": 0.2, "routine_deep_size": 1.0,
        "massed_deep_median": 100.0, "massed_deep_sigma": 0.5, "deep_step": 0.0, "leak_step": 0.0, "leak_start": 0.0,
        "massed_stay": 1.0, "front_stay": 1.0, "deep_stay": 1.0, "leak_stay": 1.0,
        "p_missile": np.zeros((2, 2)), "missile_mean": np.full((2, 2), 5.0), "missile_size": np.full((2, 2), 2.0),
        "missile_slope": np.zeros(2), **fields}
    settings = {"massed_average": settings["massed_intercept"], "front_average": settings["front_mean"],
                "massed_deep_average": settings["massed_deep_median"], **settings}
    return Season(**{name: np.broadcast_to(np.asarray(value, float), (vectors, *np.shape(value))).copy()
                     for name, value in settings.items()})


def make_certain_season(deep: int, vectors: int = 1, **fields: npt.ArrayLike) -> Season:
    """Return as many deep UAVs every night, and nothing else unless asked for: all nights are massed and of one size.

    Examples
    --------
    >>> season = make_certain_season(50)
    >>> season.massed_deep_median.tolist(), season.massed_deep_sigma.tolist()
    ([50.0], [0.0])
    """
    return make_season(vectors, **{"massed_intercept": 50.0, "massed_deep_median": float(deep),
                                   "massed_deep_sigma": 0.0, "front_mean": NOBODY, **fields})


def make_raids(days: int = 1, n_aims: int = 1, vectors: int = 1, p_decoy: float = 0.4,
               day_raid: tuple[float, float] = (0.0, 0.0), salvo_spread_s: float = 600.0,
               aim_shares: npt.ArrayLike | None = None, launch_shares: Sequence[float] = (1.0,),
               phase: npt.ArrayLike | None = None, intensity: Sequence[float] = (1.0, 0.0),
               season: Season | None = None, sticks: npt.ArrayLike | None = None,
               region_aims: npt.ArrayLike | None = None) -> Raids:
    """Return launches at 20:00-02:00 and, in the day part, 09:00-18:00; `day_raid` is its probability and share.

    `aim_shares` are f8[aim] of all streams or f8[stream, aim]; `sticks` are f8[regime, stick, quantile]; `phase` is by
    day, of raids of the `intensity` of each phase.
    """
    shares_given = np.full(n_aims, 1.0 / n_aims) if aim_shares is None else np.array(aim_shares, float)
    shares = np.broadcast_to(shares_given, (N_STREAMS, n_aims))
    launch = np.broadcast_to(np.array(launch_shares, float), (vectors, N_STREAMS, len(launch_shares)))
    if sticks is None:  # all of the deep stream to the first region
        sticks, region_aims = np.ones((2, N_STICKS, 2)), np.tile(shares[1], (N_STICKS + 1, 1))
    stick_shares = np.array(sticks, float)

    def each(value: float) -> Floats:
        return np.full(vectors, float(value))

    return Raids(make_season(vectors) if season is None else season,
                 np.zeros(days, np.int64) if phase is None else np.array(phase, np.int64),
                 np.broadcast_to(np.array(intensity, float)[:, None], (vectors, len(intensity), N_CLASSES)).copy(),
                 np.ones((vectors, N_CLASSES, days)), each(p_decoy), np.zeros((vectors, days)),
                 np.zeros((vectors, days)), np.full((vectors, days), day_raid[0]), each(day_raid[1]), each(7_200.0),
                 each(21_600.0), each(54_000.0), each(32_400.0), each(salvo_spread_s), np.cumsum(launch, axis=2),
                 np.cumsum(np.broadcast_to(shares, (vectors, N_STREAMS, n_aims)), axis=2),
                 np.broadcast_to(stick_shares, (vectors, *stick_shares.shape)).copy(),
                 np.broadcast_to(np.array(region_aims, float), (vectors, N_STICKS + 1, n_aims)).copy())


def make_own(leak: float = 1.0, p_soft: float = 0.0, vectors: int = 1, quantiles: npt.ArrayLike | None = None,
             n_aims: int = 1, load_factors: Sequence[float] = (1.0, 1.0), cover: Sequence[float] = (50.0, 0.0),
             aim_factor: npt.ArrayLike = 1.0, **fields: Any) -> OwnDefence:
    """Return an own defence of one certain leak rate, or of quantile functions f8[stream, quantile] of it.

    All hazard near aims, `aim_factor` [aim] of it, each aim in a place of its own if there are few; decoys as armed
    UAVs, every ballistic salvo covered (`cover`: intercept and slope).
    """
    grid = np.full((N_STREAMS, 2), float(leak)) if quantiles is None else np.array(quantiles, float)
    hazard = np.broadcast_to([0.0, 1.0], (vectors, 2, N_STREAMS, 2)).copy()  # its slope goes on for ever
    mean = np.tile(np.trapezoid(grid, np.linspace(0.0, 1.0, grid.shape[-1]), axis=-1), (vectors, 1))
    place = np.arange(n_aims) if n_aims <= N_PLACES else np.zeros(n_aims, np.int64)
    strength = np.ones((vectors, N_STREAMS, N_PLACES))
    strength[:, :, place] = np.broadcast_to(np.asarray(aim_factor, float), n_aims)
    own = OwnDefence(np.broadcast_to(grid, (vectors, *grid.shape)).copy(), mean, hazard, np.ones(1),
                     np.zeros((vectors, N_STREAMS)), strength, place, np.zeros(n_aims, np.uint8),
                     np.log([[load_factors[load % 2] for load in range(len(LOADS))]] * vectors), np.zeros(vectors),
                     np.full(vectors, float(cover[0])), np.full(vectors, float(cover[1])),
                     np.full((vectors, N_CLASSES), p_soft), *(np.zeros((vectors, N_CLASSES)) for _ in range(5)))
    return own._replace(**fields)


def make_response(options: int = 1, n_aims: int = 1, vectors: int = 1, displacement: float = 0.0,
                  volume: float = 1.0, class_shift: float = 0.0, uav_per_cruise: float = 40.0,
                  declared: npt.ArrayLike | None = None) -> Response:
    """Return the attacker's answer; no aim is in a declared zone unless `declared` [option, aim] says so."""
    inside = np.zeros((options, n_aims), np.uint8) if declared is None else np.array(declared, np.uint8)
    return Response(np.full(vectors, displacement), np.full(vectors, volume), np.full(vectors, class_shift),
                    np.full(vectors, uav_per_cruise), inside)


def make_forces(stations: Sequence[Sequence[Point]] = (((0.0, 0.0),),), n_stations: npt.ArrayLike | None = None,
                reach_m: npt.ArrayLike = EVERYWHERE, work_s: float = 60.0, relief_s: float = 1e9, shots: int = 10**6,
                max_shots: int = 2, p_kill: npt.ArrayLike = 1.0, p_track: float = 1.0, days: int = 1,
                vectors: int = 1, channels: int = 1, release_s: float = 0.0, handover_s: float = 0.0,
                **fields: Any) -> Forces:
    """Return shooters of one kind with one weapon: `stations` is one list of places an option; all are manned."""
    width = max(len(slots) for slots in stations)
    shape = len(stations), width
    xy, kind = np.zeros((*shape, 2)), np.full(shape, -1, np.int64)
    for option, slots in enumerate(stations):
        xy[option, :len(slots)] = np.array(slots, float).reshape(-1, 2)
        kind[option, :len(slots)] = 0
    mean = np.array([len(slots) for slots in stations] if n_stations is None else n_stations, float)
    ready: Floats = np.clip(np.broadcast_to(mean, (vectors, len(stations)))[:, :, None] - np.arange(width), 0.0, 1.0)
    in_reach = np.broadcast_to(np.asarray(reach_m, float), (vectors, N_CLASSES))
    first = np.arange(len(stations))[:, None] * N_ROUTES * width + np.arange(N_ROUTES + 1) * width

    def each(value: float) -> Floats:
        return np.full(vectors, float(value))

    def of_kind(value: float, kind_: type[Any] = float) -> npt.NDArray[Any]:
        return np.full((vectors, 1), value, kind_)

    def of_slot(value: float) -> Floats:
        return np.full((vectors, *shape), float(value))

    forces = Forces(
        shooter_kind=kind, shooter_id=np.tile(np.arange(width, dtype=np.int64), (shape[0], 1)), x_m=xy[:, :, 0].copy(),
        y_m=xy[:, :, 1].copy(), edge_x=np.zeros((*shape, 2)), edge_y=np.zeros((*shape, 2)), p_ready=ready.copy(),
        reach_m=np.broadcast_to(in_reach[:, None, None, :], (vectors, *shape, N_CLASSES)).copy(), near_first=first,
        near_slot=np.tile(np.arange(width, dtype=np.uint32), N_ROUTES * len(stations)),
        n_channels=of_kind(channels, np.int64),
        engagement_time_s=of_kind(work_s), renewal_time_s=of_slot(relief_s),
        rounds=np.full((vectors, 1, 1), shots, np.int64), magazine=np.zeros((1, 1), np.int64),
        store=np.broadcast_to(np.arange(width, dtype=np.int64)[:, None], (*shape, 1)).copy(),
        store_most=of_slot(np.inf), store_first=of_slot(np.inf), store_per_day=of_slot(0.0), alert_time_s=of_kind(0.0),
        dash_speed_m_s=of_kind(np.inf), alert_sortie_s=of_kind(0.0), ready_aircraft=of_slot(0.0),
        crews=of_slot(0.0), sorties_per_day=of_slot(24.0),
        flight_time_h=of_slot(2.0), tanker_time_h=of_slot(0.0), weapon_reach_m=np.full((vectors, 1, 1), np.inf),
        p_kill=np.broadcast_to(np.maximum(p_kill, 1e-300), (vectors, 1, 1, N_CLASSES)).copy(),  # 0 is: not for it
        munition=np.zeros((1, 1), np.int64),
        salvo=np.ones((vectors, N_CLASSES), np.int64), max_engagements=np.array([max_shots]),
        p_track=np.full((vectors, 1, 2), float(p_track)), picture_gain=np.zeros((vectors, *shape, N_CLASSES)),
        ground_gain=np.zeros((vectors, *shape, N_CLASSES)), p_early_warning=each(1.0),
        on_duty_until_s=np.full(shape, np.inf), ring_from=of_slot(0.0), ring_share=of_slot(1.0),
        jet_kill_ratio=each(1.0),
        track_correlation=each(0.0), handover_time_s=each(handover_s),
        p_accepted=np.ones((vectors, len(stations), N_CLASSES)), p_deconflicted=each(1.0),
        release_time_s=np.full((vectors, len(stations)), float(release_s)),
        package=np.where(kind >= 0, 0, -1), presence=np.ones((len(stations), 1, days), np.uint8),
        fires=np.asarray(np.any(kind >= 0, axis=1, keepdims=True), np.uint8))
    return forces._replace(**fields)


def obeying(forces: Forces, rules: Rules) -> Forces:
    """Return shooters that know every class for certain, unless they were told otherwise."""
    if (forces.p_accepted != 1.0).any():
        return forces
    allowed = np.broadcast_to(rules.class_allowed.astype(float), forces.p_accepted.shape)
    return forces._replace(p_accepted=allowed.copy())


def of_kinds(forces: Forces, **fields: Any) -> Forces:
    """Return forces of given kinds and weapons; each weapon has a magazine of its own and a store without end."""
    result = forces._replace(**fields)
    (n_kinds, n_weapons), shape = result.munition.shape, result.shooter_kind.shape
    n_vectors = len(result.p_kill)

    def of_kind(value: float) -> Floats:
        return np.full((n_vectors, n_kinds), value)

    store = np.arange(shape[1] * n_weapons).reshape(shape[1], n_weapons)
    return result._replace(
        magazine=np.tile(np.arange(n_weapons), (n_kinds, 1)),
        store=np.broadcast_to(store, (shape[0], *store.shape)).copy(),
        store_most=np.full((n_vectors, shape[0], store.size), np.inf),
        store_first=np.full((n_vectors, shape[0], store.size), np.inf),
        store_per_day=np.zeros((n_vectors, shape[0], store.size)), alert_time_s=of_kind(0.0),
        dash_speed_m_s=of_kind(np.inf), alert_sortie_s=of_kind(0.0))


def make_fleets(options: int = 1, vectors: int = 1, aircraft: npt.ArrayLike = 0.0, crews: npt.ArrayLike = 1e9,
                alert_aircraft: npt.ArrayLike = 0.0, alert_crews: npt.ArrayLike = 0.0, p_available: float = 1.0,
                p_failure: float = 0.0, repair_time_days: float = 1.0, p_bad_weather: float = 0.0,
                bad_weather_flown: float = 1.0, aircraft_per_pair: float = 2.0) -> Fleets:
    """Return fleets of fighters; none by default, so that shooters are ready with their own probability alone."""
    def of_option(value: npt.ArrayLike) -> Floats:
        return np.broadcast_to(np.asarray(value, float), (vectors, options)).copy()

    of_vector = (np.full(vectors, float(value)) for value in (
        p_available, p_failure, repair_time_days, p_bad_weather, bad_weather_flown, aircraft_per_pair, 1.0, 0.0))
    of_options = map(of_option, (aircraft, crews, alert_aircraft, alert_crews))
    return Fleets(*of_options, *of_vector, *map(of_option, (1.0, 1.0)))


def make_harm(options: int = 1, n_aims: int = 1, vectors: int = 1, days: int = 1, **fields: npt.ArrayLike) -> Harm:
    """Return harm of warheads of 50 kg (UAVs), 5 (armed decoys) and 450 (missiles) alone, unless more is asked for."""
    rows: dict[str, Any] = {name: np.zeros(vectors) for name in Harm._fields}
    rows |= {"warhead_kg": np.tile([0.0, 50.0, 5.0, 450.0, 450.0], (vectors, 1)),
             "grid_repair_days": np.ones(vectors), "port_repair_days": np.ones(vectors),
             "grid_protected": np.zeros((vectors, options, days)), "port_aim": np.zeros(n_aims, np.uint8)}
    rows |= {f"{what}_aim": np.zeros(n_aims, np.uint8) for what in ("plant", "kyiv", "corridor")}
    rows |= {name: np.broadcast_to(np.asarray(value, rows[name].dtype), rows[name].shape).copy()
             for name, value in fields.items()}
    return Harm(**rows)


def make_aid(options: int = 1, n_aims: int = 1, vectors: int = 1, days: int = 1, hazard: npt.ArrayLike = 0.0,
             ramp: float = 1.0) -> Aid:
    """Return aid of one hazard for every option, aim and class; none by default."""
    return Aid(np.broadcast_to(np.asarray(hazard, float), (vectors, options, n_aims, N_CLASSES)).copy(),
               np.full((vectors, options, N_CLASSES, days), float(ramp)))


def make_relief(options: int = 1, n_aims: int = 1, vectors: int = 1, share: float = 0.0, elasticity: float = 0.0,
                zone: npt.ArrayLike | None = None) -> Relief:
    """Return no relief, unless asked for; `zone` is [option, aim]."""
    inside = np.zeros((options, n_aims), np.uint8) if zone is None else np.array(zone, np.uint8)
    return Relief(np.full(vectors, float(share)), np.full(vectors, float(elasticity)), inside)


def make_costs(forces: Forces, hour_eur: float = 1_000.0, shot_eur: float = 50.0, ready_eur: float = 0.0,
               planned_eur: float = 96_000.0, **fields: Any) -> Costs:
    """Return prices: flight hours, half as much on the incremental boundary; shots; shooters kept ready."""
    (vectors, n_kinds, n_weapons, _), (options, packages, _) = forces.p_kill.shape, forces.presence.shape
    n_items = READY + n_kinds + n_kinds * n_weapons
    price, line = np.zeros((vectors, N_BOUNDARIES, n_items)), np.zeros(n_items, np.int64)
    priced: tuple[tuple[Any, str, float], ...] = (
        (FLIGHT_HOUR, "flight_hours", hour_eur), (slice(READY, READY + n_kinds), "ground_units", ready_eur),
        (slice(READY + n_kinds, None), "weapons", shot_eur))
    for items, name, each_eur in priced:
        price[:, :, items], line[items] = each_eur, COST_LINES.index(name)
    price[:, 1, FLIGHT_HOUR] /= 2.0
    costs = Costs(price, line, np.zeros((vectors, options, packages, N_BOUNDARIES, len(COST_LINES))),
                  np.full((options, packages, N_BOUNDARIES), float(planned_eur)),
                  np.zeros((vectors, options, packages)))
    return costs._replace(**fields)


def make_rules(windows: Sequence[Sequence[Sequence[Sequence[float]]]] | None = None,
               length_m: Floats | Sequence[float] = (100_000.0,), classes: npt.ArrayLike | None = None,
               options: int = 1, aim_in_area: npt.ArrayLike | None = None) -> Rules:
    """Return rules of windows as option -> route -> list of (start, end); the whole of every route by default."""
    n_routes = len(length_m)
    if windows is None:
        windows = [[[(0.0, route_length)] for route_length in length_m] for _ in range(options)]
    options = len(windows)
    n_windows = max(1, *(len(parts) for option in windows for parts in option))
    window = np.full((2, options, n_routes, n_windows), np.inf)
    for option, windows_of_routes in enumerate(windows):
        for route, parts in enumerate(windows_of_routes):
            for k, (start, end) in enumerate(parts):
                window[:, option, route, k] = start, end
    allowed = np.ones((options, N_CLASSES), np.uint8) if classes is None else np.array(classes, np.uint8)
    area = np.ones(n_routes, np.uint8) if aim_in_area is None else np.array(aim_in_area, np.uint8)
    return Rules(allowed, window[0].copy(), window[1].copy(), np.ones((options, n_routes), np.uint8),
                 np.ones((options, n_routes), np.int64), area)


def make_marks(n_routes: int = 1, n_aims: int | None = None, border: Sequence[Any] = (), front: Sequence[Any] = (),
               built_up: Sequence[Any] = (), third: Sequence[Any] = (), near_aim_from_m: npt.ArrayLike = np.inf,
               strays_to: npt.ArrayLike = -1) -> Marks:
    """Return marks of routes: lists of parts (start, end) a route, and of (start, incident) for third states."""
    def parts(given: Sequence[Any], padding: Point = (np.inf, np.inf)) -> tuple[Floats, Floats]:
        rows = [list(given[k]) if k < len(given) else [] for k in range(n_routes)]
        width = max(1, *(len(row) for row in rows))
        result = np.array([row + [padding] * (width - len(row)) for row in rows], float)
        return result[:, :, 0].copy(), result[:, :, 1].copy()

    start, state = parts(third, (np.inf, -1.0))
    n_aims = n_routes if n_aims is None else n_aims
    return Marks(*parts(border), *parts(front), *parts(built_up), start, state.astype(np.int64),
                 np.broadcast_to(np.asarray(near_aim_from_m, float), n_routes).copy(),
                 np.broadcast_to(np.asarray(strays_to, np.int64), n_aims).copy())


def make_risks(vectors: int = 1, options: int = 1, embassy_aim: int = -1, phases: int = 2,
               **fields: npt.ArrayLike) -> Risks:
    """Return risks of nothing but what is asked for; an oblast is alerted 50 km before a threat arrives."""
    shapes = {"share_on_station": (vectors, options), "share_over_ukraine": (vectors, options),
              "lost_at_bases_per_day": (vectors, phases),
              "early_warning_lost_per_day": (vectors, options, phases),
              "tankers_lost_per_day": (vectors, options, phases)}
    rows: dict[str, Any] = {name: np.zeros(shapes.get(name, (vectors,))) for name in Risks._fields}
    rows |= {"embassy_aim": np.array([embassy_aim]), "alert_distance_m": np.full(vectors, 50_000.0)}
    rows |= {name: np.broadcast_to(np.asarray(value, float), rows[name].shape).copy() for name, value in fields.items()}
    return Risks(**rows)


def make_people(vectors: int = 1, options: int = 1, n_aims: int = 1, packages: int = 1, phases: int = 2,
                population: npt.ArrayLike = 1.0, n_sites: npt.ArrayLike | None = None, n_bases: npt.ArrayLike = 0,
                crews: npt.ArrayLike | None = None, at_bases: npt.ArrayLike | None = None,
                p_site_struck: npt.ArrayLike = 0.0,
                deliberate_per_site_day: npt.ArrayLike = 0.0, deliberate_per_base_day: npt.ArrayLike = 0.0,
                casualties_per_strike: npt.ArrayLike = 0.0, largest_site: npt.ArrayLike = 1e3,
                largest_base: npt.ArrayLike = 1e3, posts: Mapping[str, npt.ArrayLike] | None = None,
                **fields: npt.ArrayLike) -> People:
    """Return nobody anywhere but inhabitants, unless asked for; at most a thousand people at a place.

    Crews stand at `n_sites` i8[option, package, aim] in Ukraine, others at `n_bases` i8[option, package]; one at all of
    a package's places if their number is not given. `posts` are arrays of `People` that stand instead, whole.
    """
    shape = vectors, options, packages
    sites = np.zeros((options, packages, n_aims), np.int64)
    if n_sites is not None:
        sites[:] = np.array(n_sites, np.int64).reshape(options, -1, n_aims)
    places = np.zeros((options, packages, N_POSTS), np.int64)
    places[..., CREWS] = sites.sum(axis=2)
    places[..., BASES] = np.broadcast_to(np.asarray(n_bases, np.int64), shape[1:])
    by_post: dict[str, Floats] = {name: np.zeros((*shape, N_POSTS))
                                  for name in ("there", "casualties_per_strike", "largest")}
    for post, people, largest in ((CREWS, crews, largest_site), (BASES, at_bases, largest_base)):
        somebody = places[..., post] > 0
        by_post["there"][..., post] = somebody if people is None else people
        by_post["largest"][..., post] = np.broadcast_to(np.asarray(largest, float), shape) * somebody
    of_vector = np.broadcast_to(np.asarray(casualties_per_strike, float), (vectors,))
    by_post["casualties_per_strike"][:] = of_vector[:, None, None, None]
    exposed, p_struck = np.zeros((options, packages, N_POSTS, n_aims)), np.zeros((vectors, N_POSTS))
    exposed[:, :, CREWS], p_struck[:, CREWS] = sites, p_site_struck
    deliberate = np.zeros((vectors, N_POSTS, phases))
    deliberate[:, CREWS] = np.broadcast_to(np.asarray(deliberate_per_site_day, float), (vectors,))[:, None]
    deliberate[:, BASES] = np.broadcast_to(np.asarray(deliberate_per_base_day, float), (vectors,))[:, None]
    rows: dict[str, Any] = {name: np.zeros(vectors) for name in People._fields}
    rows |= {"casualty_dispersion": np.full(vectors, 0.3)}
    rows |= {name: np.broadcast_to(np.asarray(value, float), rows[name].shape).copy() for name, value in fields.items()}
    rows |= {"population": np.broadcast_to(np.asarray(population, float), n_aims).copy(), "exposed": exposed,
             "p_struck": p_struck, "places": places, "deliberate_per_day": deliberate, **by_post}
    return People(**rows | {name: np.asarray(value) for name, value in (posts or {}).items()})


def make_renewal(vectors: int = 1, options: int = 1, packages: int = 1, days: int = 1, run_start: npt.ArrayLike = -1,
                 hazard: npt.ArrayLike = 0.0, log_ratio: npt.ArrayLike = 0.0, p_violation: float = 0.0,
                 p_violation_end: float = 0.0, collapse: int = -1, violation: int = -1) -> Renewal:
    """Return ceasefires that hold, unless asked for something else; `run_start` and `hazard` are by day."""
    return Renewal(np.broadcast_to(np.asarray(run_start, np.int64), days).copy(),
                   np.broadcast_to(np.asarray(hazard, float), (vectors, days)).copy(),
                   np.broadcast_to(np.asarray(log_ratio, float), (vectors, options, packages)).copy(),
                   np.full(vectors, p_violation), np.full(vectors, p_violation_end), np.array([collapse]),
                   np.array([violation]))


def make_world(raids: Raids | None = None, routes: Routes | None = None, own: OwnDefence | None = None,
               forces: Forces | None = None, rules: Rules | None = None, response: Response | None = None,
               aid: Aid | None = None, relief: Relief | None = None, costs: Costs | None = None,
               marks: Marks | None = None, risks: Risks | None = None, people: People | None = None,
               fleets: Fleets | None = None, harm: Harm | None = None, renewal: Renewal | None = None) -> World:
    """Return a world of one launch, one variant and as many aims as routes."""
    routes = make_routes() if routes is None else routes
    raids = make_raids(n_aims=len(routes.length_m)) if raids is None else raids
    n_aims, vectors, phases = raids.aim_cdf.shape[2], len(raids.p_decoy), raids.intensity.shape[1]
    own = make_own(n_aims=n_aims, vectors=vectors) if own is None else own
    if len(own.aim_place) != n_aims:
        own = own._replace(aim_place=np.zeros(n_aims, np.int64), front_aim=np.zeros(n_aims, np.uint8))
    forces = make_forces(days=len(raids.phase)) if forces is None else forces
    options, packages = forces.presence.shape[:2]
    rules = make_rules(length_m=routes.length_m, options=options) if rules is None else rules
    aid = make_aid(options, n_aims, vectors, len(raids.phase)) if aid is None else aid
    forces = obeying(forces, rules)
    return World(raids, routes, own, forces, aid, rules,
                 make_response(options, n_aims, vectors) if response is None else response,
                 make_relief(options, n_aims, vectors) if relief is None else relief,
                 make_costs(forces) if costs is None else costs,
                 make_marks(len(routes.length_m), n_aims) if marks is None else marks,
                 make_risks(vectors, options, phases=phases) if risks is None else risks,
                 make_people(vectors, options, n_aims, packages, phases) if people is None else people,
                 make_fleets(options, vectors) if fleets is None else fleets,
                 make_harm(options, n_aims, vectors, len(raids.phase)) if harm is None else harm,
                 make_renewal(vectors, options, packages, len(raids.phase)) if renewal is None else renewal)
