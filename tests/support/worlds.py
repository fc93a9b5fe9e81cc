"""Small hand-made worlds and raids: one launch, straight routes, certain hazards, unless asked otherwise.

Everything is in metres, seconds and probabilities. Unless knots are given, the own defence's hazard is even
over the whole route. Unless sticks are given, the deep stream spreads over aims as the others do. What is launched is
given night by night to `play_nights`, or drawn by `make_season`.
"""

import numpy as np

from skyshield.core.streams import uniforms
from skyshield.engine import (
    Aid,
    Costs,
    Fleets,
    Forces,
    Marks,
    OwnDefence,
    People,
    Raids,
    Relief,
    Response,
    Risks,
    Routes,
    Rules,
    Season,
    World,
)
from skyshield.engine.day import play_period
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.force import begin_campaign
from skyshield.engine.steps.permit import permit
from skyshield.engine.tally import COST_LINES
from skyshield.engine.world import (
    FLIGHT_HOUR,
    N_BOUNDARIES,
    N_CLASSES,
    N_STICKS,
    N_STREAMS,
    READY,
    Period,
    new_raid,
    new_scratch,
)

SEED = np.uint64(7)
EVERYWHERE = 1e9


def line(*points):
    """Return the three points of a route; with two points the waypoint is halfway."""
    if len(points) == 2:
        points = (points[0], tuple(np.mean(points, axis=0)), points[1])
    return points


def make_routes(routes=(((0.0, 0.0), (100_000.0, 0.0)),), knots=None, speed_m_s=50.0, detour=1.0, vectors=1,
                weight=1.0):
    """Routes from points; `knots` is one (positions, cumulative weights) a route, even over it by default."""
    xy = np.array([line(*route) for route in routes], float)
    length = np.hypot(*np.diff(xy, axis=1).transpose(2, 0, 1)).sum(axis=1)
    if knots is None:
        knots = [((0.0, whole), (0.0, 1.0)) for whole in length]
    per_class = np.broadcast_to(np.asarray(speed_m_s, float), (vectors, N_CLASSES)).copy()
    return Routes(xy[:, :, 0].copy(), xy[:, :, 1].copy(), length,
                  np.array([k[0] for k in knots], float), np.array([k[1] for k in knots], float),
                  np.broadcast_to(np.asarray(weight, float), len(length)).copy(), np.full((vectors, N_CLASSES), detour),
                  per_class, np.array([1]))


def make_season(vectors=1, **fields):
    """Routine nights of about twenty UAVs at the front and four deep, no missiles, levels that stand still."""
    settings = {"nights_since_massed": 1.0, "massed_intercept": -50.0, "massed_slope": 0.0, "massed_step": 0.0,
                "front_mean": 20.0, "front_size": 10.0, "front_step": 0.0, "routine_deep_ratio": 0.2,
                "routine_deep_size": 1.0, "massed_deep_median": 100.0, "massed_deep_sigma": 0.5, "deep_step": 0.0,
                "leak_step": 0.0, "p_missile": np.zeros((2, 2)), "missile_mean": np.full((2, 2), 5.0),
                "missile_size": np.full((2, 2), 2.0), "missile_slope": np.zeros(2), **fields}
    return Season(**{name: np.broadcast_to(np.asarray(value, float), (vectors, *np.shape(value))).copy()
                     for name, value in settings.items()})


def make_raids(days=1, n_aims=1, vectors=1, p_decoy=0.4, day_raid=(0.0, 0.0), salvo_spread_s=600.0, aim_shares=None,
               launch_shares=(1.0,), war=None, season=None, sticks=None, region_aims=None):
    """Launch windows 20:00-02:00 and, in the day part, 09:00-18:00; `day_raid` is its probability and share.

    `aim_shares` are f8[aim] of all streams or f8[stream, aim]; `sticks` are f8[regime, stick, quantile].
    """
    shares = np.full(n_aims, 1.0 / n_aims) if aim_shares is None else np.array(aim_shares, float)
    shares = np.broadcast_to(shares, (N_STREAMS, n_aims))
    launch = np.broadcast_to(np.array(launch_shares, float), (vectors, N_STREAMS, len(launch_shares)))
    if sticks is None:  # all of the deep stream to the first region
        sticks, region_aims = np.ones((2, N_STICKS, 2)), np.tile(shares[1], (N_STICKS + 1, 1))
    sticks = np.array(sticks, float)

    def each(value):
        return np.full(vectors, float(value))

    return Raids(make_season(vectors) if season is None else season,
                 np.ones(days, np.uint8) if war is None else np.array(war, np.uint8), each(p_decoy), each(day_raid[0]),
                 each(day_raid[1]), each(7_200.0), each(21_600.0), each(54_000.0), each(32_400.0),
                 each(salvo_spread_s), np.cumsum(launch, axis=2),
                 np.cumsum(np.broadcast_to(shares, (vectors, N_STREAMS, n_aims)), axis=2),
                 np.broadcast_to(sticks, (vectors, *sticks.shape)).copy(), np.array(region_aims, float))


def make_own(leak=1.0, p_soft=0.0, vectors=1, quantiles=None, n_aims=1, load_factors=(1.0, 1.0), cover=(50.0, 0.0),
             **fields):
    """Own defence of one certain leak rate, or of quantile functions f8[stream, quantile] of it.

    All routes alike, decoys as armed UAVs, every ballistic salvo covered (`cover`: intercept and slope).
    """
    grid = np.full((N_STREAMS, 2), float(leak)) if quantiles is None else np.array(quantiles, float)
    hazard = np.broadcast_to([0.0, 1.0], (vectors, 2, N_STREAMS, 2)).copy()  # its slope goes on for ever
    mean = np.tile(np.trapezoid(grid, np.linspace(0.0, 1.0, grid.shape[-1]), axis=-1), (vectors, 1))
    own = OwnDefence(np.broadcast_to(grid, (vectors, *grid.shape)).copy(), mean, hazard, np.ones(1),
                     np.ones((vectors, n_aims)), np.broadcast_to(np.log(load_factors), (vectors, 2)).copy(),
                     np.full(vectors, float(cover[0])), np.full(vectors, float(cover[1])),
                     np.full((vectors, N_CLASSES), p_soft))
    return own._replace(**fields)


def make_response(options=1, n_aims=1, vectors=1, displacement=0.0, volume=1.0, class_shift=0.0, uav_per_cruise=40.0,
                  declared=None):
    """The attacker's answer; no aim is in a declared zone unless `declared` [option, aim] says so."""
    inside = np.zeros((options, n_aims), np.uint8) if declared is None else np.array(declared, np.uint8)
    return Response(*(np.full(vectors, float(value)) for value in (displacement, volume, class_shift, uav_per_cruise)),
                    inside)


N_ROUTES = 64


def make_forces(stations=(((0.0, 0.0),),), n_stations=None, reach_m=EVERYWHERE, work_s=60.0, relief_s=1e9, shots=10**6,
                max_shots=2, p_kill=1.0, p_track=1.0, days=1, vectors=1, channels=1, release_s=0.0, handover_s=0.0,
                **fields):
    """Shooters of one kind with one weapon: `stations` is one list of places an option; all are manned by default."""
    width = max(len(slots) for slots in stations)
    shape = len(stations), width
    xy, kind = np.zeros((*shape, 2)), np.full(shape, -1, np.int64)
    for option, slots in enumerate(stations):
        xy[option, :len(slots)] = np.array(slots, float).reshape(-1, 2)
        kind[option, :len(slots)] = 0
    mean = np.array([float(len(slots)) for slots in stations] if n_stations is None else n_stations)
    ready = np.clip(np.broadcast_to(mean, (vectors, len(stations)))[:, :, None] - np.arange(width), 0.0, 1.0)
    in_reach = np.broadcast_to(np.asarray(reach_m, float), (vectors, N_CLASSES))
    first = np.arange(len(stations))[:, None] * N_ROUTES * width + np.arange(N_ROUTES + 1) * width

    def each(value):
        return np.full(vectors, float(value))

    def of_kind(value, kind_=float):
        return np.full((vectors, 1), value, kind_)

    def of_slot(value):
        return np.full((vectors, *shape), float(value))

    forces = Forces(
        shooter_kind=kind, shooter_id=np.broadcast_to(np.arange(width), shape).astype(np.int64), x_m=xy[:, :, 0].copy(),
        y_m=xy[:, :, 1].copy(), edge_x=np.zeros((*shape, 2)), edge_y=np.zeros((*shape, 2)), p_ready=ready.copy(),
        reach_m=np.broadcast_to(in_reach[:, None, None, :], (vectors, *shape, N_CLASSES)).copy(), near_first=first,
        near_slot=np.tile(np.arange(width), N_ROUTES * len(stations)), n_channels=of_kind(channels, np.int64),
        engagement_time_s=of_kind(work_s), renewal_time_s=of_slot(relief_s),
        rounds=np.full((vectors, 1, 1), shots, np.int64), magazine=np.zeros((1, 1), np.int64),
        store=np.broadcast_to(np.arange(width)[:, None], (*shape, 1)).astype(np.int64), store_start=of_slot(np.inf),
        store_per_day=of_slot(0.0), alert_time_s=of_kind(0.0), dash_speed_m_s=of_kind(np.inf),
        alert_sortie_s=of_kind(0.0), ready_aircraft=of_slot(0.0), crews=of_slot(0.0), sorties_per_day=of_slot(24.0),
        flight_time_h=of_slot(2.0), tanker_time_h=of_slot(0.0), weapon_reach_m=np.full((vectors, 1, 1), np.inf),
        p_kill=np.broadcast_to(np.maximum(p_kill, 1e-300), (vectors, 1, 1, N_CLASSES)).copy(),  # 0 is: not for it
        munition=np.zeros((1, 1), np.int64),
        salvo=np.ones((vectors, N_CLASSES), np.int64), max_engagements=np.array([max_shots]),
        p_track=np.full((vectors, 1, 2), float(p_track)), picture_gain=np.zeros((vectors, *shape, N_CLASSES)),
        handover_time_s=each(handover_s), p_accepted=np.ones((vectors, len(stations), N_CLASSES)),
        p_deconflicted=each(1.0), release_time_s=np.full((vectors, len(stations)), float(release_s)),
        active=np.ones((len(stations), days), np.uint8))
    return forces._replace(**fields)


def obeying(forces, rules):
    """Shooters that know every class for certain, unless they were told otherwise."""
    if (forces.p_accepted != 1.0).any():
        return forces
    allowed = np.broadcast_to(rules.class_allowed.astype(float), forces.p_accepted.shape)
    return forces._replace(p_accepted=allowed.copy())


def of_kinds(forces, **fields):
    """Forces whose kinds and weapons are given; each weapon has a magazine of its own and a store without end."""
    found = forces._replace(**fields)
    (n_kinds, n_weapons), shape = found.munition.shape, found.shooter_kind.shape
    n_vectors = len(found.p_kill)

    def of_kind(value):
        return np.full((n_vectors, n_kinds), value)

    store = np.arange(shape[1] * n_weapons).reshape(shape[1], n_weapons)
    return found._replace(
        magazine=np.tile(np.arange(n_weapons), (n_kinds, 1)),
        store=np.broadcast_to(store, (shape[0], *store.shape)).copy(),
        store_start=np.full((n_vectors, shape[0], store.size), np.inf),
        store_per_day=np.zeros((n_vectors, shape[0], store.size)), alert_time_s=of_kind(0.0),
        dash_speed_m_s=of_kind(np.inf), alert_sortie_s=of_kind(0.0))


def make_fleets(options=1, vectors=1, aircraft=0.0, crews=1e9, alert_aircraft=0.0, alert_crews=0.0, p_available=1.0,
                p_failure=0.0, repair_time_days=1.0, p_bad_weather=0.0, bad_weather_flown=1.0, aircraft_per_pair=2.0):
    """Fleets of fighters; none by default, so that shooters are ready with their own probability alone."""
    def of_option(value):
        return np.broadcast_to(np.asarray(value, float), (vectors, options)).copy()

    return Fleets(*map(of_option, (aircraft, crews, alert_aircraft, alert_crews)), *(np.full(vectors, float(value)) for
                  value in (p_available, p_failure, repair_time_days, p_bad_weather, bad_weather_flown,
                            aircraft_per_pair)))


def make_aid(options=1, n_aims=1, vectors=1, days=1, hazard=0.0, ramp=1.0):
    """Aid of one hazard for every option, aim and class; none by default."""
    return Aid(np.broadcast_to(np.asarray(hazard, float), (vectors, options, n_aims, N_CLASSES)).copy(),
               np.full((vectors, options, N_CLASSES, days), float(ramp)))


def make_relief(options=1, n_aims=1, vectors=1, share=0.0, elasticity=0.0, zone=None):
    """No relief; `zone` is [option, aim]."""
    inside = np.zeros((options, n_aims), np.uint8) if zone is None else np.array(zone, np.uint8)
    return Relief(np.full(vectors, float(share)), np.full(vectors, float(elasticity)), inside)


def make_costs(forces, hour_eur=1_000.0, shot_eur=50.0, ready_eur=0.0, planned_eur=96_000.0, **fields):
    """Flight hours at one price, half of it on the incremental boundary; shots, and shooters kept ready, at another."""
    (vectors, n_kinds, n_weapons, _), (options, days) = forces.p_kill.shape, forces.active.shape
    n_items = READY + n_kinds + n_kinds * n_weapons
    price, line = np.zeros((vectors, N_BOUNDARIES, n_items)), np.zeros(n_items, np.int64)
    for items, name, each_eur in ((FLIGHT_HOUR, "flight_hours", hour_eur),
                                  (slice(READY, READY + n_kinds), "ground_units", ready_eur),
                                  (slice(READY + n_kinds, None), "weapons", shot_eur)):
        price[:, :, items], line[items] = each_eur, COST_LINES.index(name)
    price[:, 1, FLIGHT_HOUR] /= 2.0
    costs = Costs(price, line, np.zeros((vectors, options, N_BOUNDARIES, len(COST_LINES))),
                  np.full((options, N_BOUNDARIES), float(planned_eur)), np.zeros((vectors, options)),
                  np.ones((options, days), np.uint8))
    return costs._replace(**fields)


def make_rules(windows=None, length_m=(100_000.0,), classes=None, options=1, aim_in_area=None):
    """Windows as option -> route -> list of (start, end); the whole of every route by default."""
    n_routes = len(length_m)
    if windows is None:
        windows = [[[(0.0, whole)] for whole in length_m] for _ in range(options)]
    options = len(windows)
    width = max(1, *(len(parts) for option in windows for parts in option))
    found = np.full((2, options, n_routes, width), np.inf)
    for option, of_routes in enumerate(windows):
        for route, parts in enumerate(of_routes):
            for k, (start, end) in enumerate(parts):
                found[:, option, route, k] = start, end
    allowed = np.ones((options, N_CLASSES), np.uint8) if classes is None else np.array(classes, np.uint8)
    area = np.ones(n_routes, np.uint8) if aim_in_area is None else np.array(aim_in_area, np.uint8)
    return Rules(allowed, found[0].copy(), found[1].copy(), np.ones((options, n_routes), np.uint8),
                 np.ones((options, n_routes), np.int64), area)


def make_marks(n_routes=1, n_aims=None, border=(), front=(), built_up=(), third=(), near_aim_from_m=np.inf,
               strays_to=-1):
    """Marks of routes: each a list of parts (start, end) a route, and of (start, incident) for third states."""
    def parts(given, padding=(np.inf, np.inf)):
        rows = [list(given[k]) if k < len(given) else [] for k in range(n_routes)]
        width = max(1, *(len(row) for row in rows))
        found = np.array([row + [padding] * (width - len(row)) for row in rows], float)
        return found[:, :, 0].copy(), found[:, :, 1].copy()

    start, state = parts(third, (np.inf, -1.0))
    n_aims = n_routes if n_aims is None else n_aims
    return Marks(*parts(border), *parts(front), *parts(built_up), start, state.astype(np.int64),
                 np.full(n_routes, near_aim_from_m) if np.isscalar(near_aim_from_m) else np.array(near_aim_from_m),
                 np.broadcast_to(np.asarray(strays_to, np.int64), n_aims).copy())


def make_risks(vectors=1, options=1, embassy_aim=-1, **fields):
    """Risks of nothing but what is asked for; an oblast is alerted 50 km before a threat arrives."""
    by_option = {"share_on_station", "share_over_ukraine"}
    rows = {name: np.full((vectors, options) if name in by_option else vectors, 0.0) for name in Risks._fields}
    rows |= {"embassy_aim": np.array([embassy_aim]), "alert_distance_m": np.full(vectors, 50_000.0)}
    rows |= {name: np.broadcast_to(np.asarray(value, float), rows[name].shape).copy() for name, value in fields.items()}
    return Risks(**rows)


def make_people(vectors=1, options=1, n_aims=1, population=1.0, n_sites=None, n_bases=0, **fields):
    """Nobody anywhere but inhabitants, unless asked for; at most a thousand people at a place."""
    by_option = {"crews", "at_bases", "largest_site", "largest_base"}
    sites = np.zeros((options, n_aims), np.int64) if n_sites is None else np.array(n_sites, np.int64)
    rows = {name: np.zeros((vectors, options) if name in by_option else vectors) for name in People._fields}
    rows |= {"largest_site": np.full((vectors, options), 1e3), "largest_base": np.full((vectors, options), 1e3),
             "casualty_dispersion": np.full(vectors, 0.3)}
    rows |= {name: np.broadcast_to(np.asarray(value, float), rows[name].shape).copy() for name, value in fields.items()}
    return People(**rows | {
        "population": np.broadcast_to(np.asarray(population, float), n_aims).copy(), "n_sites": sites,
        "sites": sites.sum(axis=1), "n_bases": np.broadcast_to(np.asarray(n_bases, np.int64), options).copy()})


def make_world(raids=None, routes=None, own=None, forces=None, rules=None, response=None, aid=None, relief=None,
               costs=None, marks=None, risks=None, people=None, fleets=None):
    """A world of one launch, one variant and as many aims as routes."""
    routes = make_routes() if routes is None else routes
    raids = make_raids(n_aims=len(routes.length_m)) if raids is None else raids
    n_aims, vectors = raids.aim_cdf.shape[2], len(raids.p_decoy)
    own = make_own(n_aims=n_aims, vectors=vectors) if own is None else own
    if own.aim_factor.shape[1] != n_aims:
        own = own._replace(aim_factor=np.ones((vectors, n_aims)))
    forces = make_forces(days=len(raids.war)) if forces is None else forces
    options = len(forces.active)
    rules = make_rules(length_m=routes.length_m, options=options) if rules is None else rules
    aid = make_aid(options, n_aims, vectors, len(raids.war)) if aid is None else aid
    forces = obeying(forces, rules)
    return World(raids, routes, own, forces, aid, rules,
                 make_response(options, n_aims, vectors) if response is None else response,
                 make_relief(options, n_aims, vectors) if relief is None else relief,
                 make_costs(forces) if costs is None else costs,
                 make_marks(len(routes.length_m), n_aims) if marks is None else marks,
                 make_risks(vectors, options) if risks is None else risks,
                 make_people(vectors, options, n_aims) if people is None else people,
                 make_fleets(options, vectors) if fleets is None else fleets)


def given_period(nights, replications, days, massed=0, leak_shift=0.0):
    """Nights of (front, deep, cruise, ballistic) launches, one after another over days and replications."""
    order = np.arange(replications * days).reshape(replications, days) % len(nights)
    return Period(np.array(nights, np.int64)[order], np.full((replications, days), massed, np.uint8),
                  np.full((replications, days), float(leak_shift)))


def play_nights(world, nights, seed=7, first=0, replications=1, **more):
    """Play given nights on all days of the world."""
    return play_period(world, seed, first, given_period(nights, replications, len(world.raids.war), **more))


def hand_raid(routes, departures_s, route=None, own_stop_m=np.inf, kind=0, tracked=1):
    """A raid whose threats are given, not drawn: departures in seconds, latent stops in metres of route."""
    n = len(departures_s)
    raid = new_raid(n)
    raid.threat_class[:] = kind
    raid.threat[:] = (raid.threat_class << 24) + np.arange(n)
    raid.route[:] = 0 if route is None else route
    raid.aim[:] = raid.route
    raid.departure_s[:] = departures_s
    raid.pace_s_m[:] = routes.detour[0, raid.threat_class] / routes.speed_m_s[0, raid.threat_class]
    raid.length_m[:] = routes.length_m[raid.route]
    raid.own_stop_m[:] = own_stop_m
    raid.track_u[:] = np.where(np.broadcast_to(tracked, n), 0.5, 2.0)
    raid.aid_stop_m[:] = np.inf
    raid.new_way[:] = 1
    return n, raid


def permitted(routes, forces, rules, n, raid, option=0, manned=None, vector=0, p_track=1.0, p_seen=1.0):
    """Apply the rules; openings and refusals of the raid are filled in. Return the scratch they were found with."""
    forces = obeying(forces, rules)
    scratch = new_scratch(forces, make_costs(forces), raid, raid, 1)
    slots = forces.shooter_kind.shape[1]
    scratch.manned[:] = np.ones(slots, np.uint8) if manned is None else np.array(manned, np.uint8)
    scratch.p_track[:], scratch.p_seen[:] = p_track, p_seen
    begin_campaign(forces, make_fleets(len(forces.active), len(forces.p_kill)), vector, scratch.campaign)
    permit(rules, routes, forces, option, vector, n, scratch, raid)
    return scratch


def fight(routes, forces, rules, n, raid, option=0, manned=None, word=0, day=0, seed=SEED, p_track=1.0, p_seen=1.0):
    """Apply the rules and engage; the raid's fates and shots are filled in. Return the shooters' free times.

    `p_track` and `p_seen` are what shooters can track tonight, alone and with sensors.
    """
    forces = obeying(forces, rules)
    scratch = permitted(routes, forces, rules, n, raid, option, manned, word >> 16, p_track, p_seen)
    engage(rules, routes, forces, seed, word, day, option, n, scratch, raid)
    return scratch.free_s[:, 0]


def word(decision, day=0, vector=0, replication=0):
    """The first two words of an address: world and moment."""
    return vector << 16 | replication, day << 16 | decision


def u(decision, threat, shooter=0, day=0, vector=0, replication=0, seed=SEED):
    """The four uniforms of an address."""
    return uniforms(seed, *word(decision, day, vector, replication), threat, shooter)
