"""Small hand-made worlds and raids: one launch, straight routes, certain hazards, unless asked otherwise.

Everything is in metres, seconds and probabilities. Unless knots are given, the own defence's hazard is even
over the whole route.
"""

import numpy as np

from skyshield.core.streams import uniforms
from skyshield.engine import Forces, OwnDefence, Raids, Routes, Rules, World
from skyshield.engine.steps.engage import engage
from skyshield.engine.steps.permit import permit
from skyshield.engine.world import N_CLASSES, N_STREAMS, new_raid

SEED = np.uint64(7)
EVERYWHERE = 1e9


def line(*points):
    """Return the three points of a route; with two points the waypoint is halfway."""
    if len(points) == 2:
        points = (points[0], tuple(np.mean(points, axis=0)), points[1])
    return points


def make_routes(routes=(((0.0, 0.0), (100_000.0, 0.0)),), knots=None, speed_m_s=50.0, detour=1.0, vectors=1):
    """Routes from points; `knots` is one (positions, cumulative weights) a route, even over it by default."""
    xy = np.array([line(*route) for route in routes], float)
    length = np.hypot(*np.diff(xy, axis=1).transpose(2, 0, 1)).sum(axis=1)
    if knots is None:
        knots = [((0.0, whole), (0.0, 1.0)) for whole in length]
    per_class = np.broadcast_to(np.asarray(speed_m_s, float), (vectors, N_CLASSES)).copy()
    return Routes(xy[:, :, 0].copy(), xy[:, :, 1].copy(), length,
                  np.array([k[0] for k in knots], float), np.array([k[1] for k in knots], float),
                  np.full((vectors, N_CLASSES), detour), per_class, np.array([1]))


def make_raids(nights=((5, 0, 0),), days=1, n_aims=1, vectors=1, front_threshold=1e9, p_decoy=0.4, p_day_part=0.0,
               salvo_spread_s=600.0, aim_shares=None, launch_shares=(1.0,), scale=None):
    """Nights as (UAV, cruise, ballistic); launch windows 20:00-02:00 and, in the day part, 09:00-18:00."""
    nights = np.array(nights, np.int64)
    shares = np.full(n_aims, 1.0 / n_aims) if aim_shares is None else np.array(aim_shares, float)
    launch = np.broadcast_to(np.array(launch_shares, float), (N_STREAMS, len(launch_shares)))

    def each(value):
        return np.full(vectors, float(value))

    return Raids(nights, np.arange(len(nights))[None, :], np.zeros(vectors, np.int64), each(front_threshold),
                 each(p_decoy), each(p_day_part), each(7_200.0), each(21_600.0), each(54_000.0), each(32_400.0),
                 each(salvo_spread_s), np.cumsum(launch, axis=1),
                 np.cumsum(np.broadcast_to(shares, (vectors, N_STREAMS, n_aims)), axis=2),
                 np.ones(days) if scale is None else np.array(scale, float))


def make_own(leak=1.0, p_soft=0.0, vectors=1, quantiles=None):
    """Own defence of one certain leak rate, or of quantile functions f8[stream, quantile] of it."""
    grid = np.full((N_STREAMS, 2), float(leak)) if quantiles is None else np.array(quantiles, float)
    return OwnDefence(np.broadcast_to(grid, (vectors, *grid.shape)).copy(), np.full((vectors, N_CLASSES), p_soft))


def make_forces(stations=(((0.0, 0.0),),), n_stations=None, reach_m=EVERYWHERE, work_s=60.0, relief_s=1e9, shots=10**6,
                max_shots=2, p_kill=1.0, p_track=1.0, days=1, vectors=1):
    """Patrols: `stations` is one list of slot positions an option; all slots are manned by default."""
    width = max(len(slots) for slots in stations)
    xy = np.zeros((len(stations), width, 2))
    for option, slots in enumerate(stations):
        xy[option, :len(slots)] = np.array(slots, float).reshape(-1, 2)
    mean = [float(len(slots)) for slots in stations] if n_stations is None else n_stations

    def each(value):
        return np.full(vectors, float(value))

    return Forces(xy[:, :, 0].copy(), xy[:, :, 1].copy(),
                  np.broadcast_to(np.array(mean, float), (vectors, len(stations))).copy(),
                  np.broadcast_to(np.asarray(reach_m, float), (vectors, N_CLASSES)).copy(), each(work_s),
                  each(relief_s), np.full(vectors, shots, np.int64), np.array([max_shots]),
                  np.broadcast_to(np.asarray(p_kill, float), (vectors, N_CLASSES)).copy(),
                  np.full((vectors, 2), float(p_track)), each(24.0), np.full((vectors, len(stations)), 2.0),
                  each(1_000.0), each(50.0), np.full(len(stations), 96_000.0),
                  np.ones((len(stations), days), np.uint8))


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
    return Rules(allowed, found[0].copy(), found[1].copy(), np.ones((options, n_routes), np.uint8), area)


def make_world(raids=None, routes=None, own=None, forces=None, rules=None):
    """A world of one launch, one variant and as many aims as routes."""
    routes = make_routes() if routes is None else routes
    raids = make_raids(n_aims=len(routes.length_m)) if raids is None else raids
    own = make_own() if own is None else own
    forces = make_forces(days=len(raids.scale)) if forces is None else forces
    rules = make_rules(length_m=routes.length_m, options=len(forces.active)) if rules is None else rules
    return World(raids, routes, own, forces, rules)


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
    raid.tracked[:] = tracked
    return n, raid


def fight(routes, forces, rules, n, raid, option=0, manned=None, word=0, day=0, seed=SEED):
    """Apply the rules and engage; the raid's fates and shots are filled in. Return the patrols' free times."""
    slots = forces.station_x_m.shape[1]
    manned = np.ones(slots, np.uint8) if manned is None else np.array(manned, np.uint8)
    free_s = np.zeros(slots)
    permit(rules, routes, forces, option, word >> 16, manned, n, raid)
    engage(rules, routes, forces, seed, word, day, option, manned, free_s, np.zeros(slots, np.int64),
           np.zeros(slots, np.int64), n, raid)
    return free_s


def word(decision, day=0, vector=0, replication=0):
    """The first two words of an address: world and moment."""
    return vector << 16 | replication, day << 16 | decision


def u(decision, threat, shooter=0, day=0, vector=0, replication=0, seed=SEED):
    """The four uniforms of an address."""
    return uniforms(seed, *word(decision, day, vector, replication), threat, shooter)
