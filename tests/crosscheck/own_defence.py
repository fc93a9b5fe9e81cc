"""A day's draws and what every threat meets without the coalition: sections 5.3 to 5.7 of the page on the day."""

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

INF = math.inf
UAV, CRUISE, BALLISTIC = 0, 1, 2
DECOY, ARMED, DECOY_ARMED = 0, 1, 2
FRONT, DEEP, SALVO_STREAM = 0, 1, 3


def quantile(grid, u):
    """Q(grid, u) of section 1.2."""
    x = u * (len(grid) - 1)
    k = math.floor(x)
    return float(grid[k] + (grid[k + 1] - grid[k]) * (x - k))


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


class Piece(NamedTuple):
    """A part of a route over one place, and what it adds to hazard."""

    start_m: float
    end_m: float
    place: int
    along: float
    near_aim: float


class Weights(NamedTuple):
    """What each piece of a route adds to hazard, and all of them together."""

    of_piece: list[float]
    met: float


class Course(NamedTuple):
    """A route as the day sees it."""

    x_m: list[float]
    y_m: list[float]
    legs_m: tuple[float, float]
    length_m: float
    pieces: list[Piece]
    crossed: list[tuple[int, float, float]]  # (aim, from, to): the oblasts it flies over

    def place(self, s):
        """Point at s, on the second leg beyond the first; not past the end."""
        first, second = self.legs_m
        leg = 0 if s <= first else 1
        along, length = (s, first) if leg == 0 else (s - first, second)
        share = min(1.0, along / length) if length > 0 else 0.0
        return (self.x_m[leg] + share * (self.x_m[leg + 1] - self.x_m[leg]),
                self.y_m[leg] + share * (self.y_m[leg + 1] - self.y_m[leg]))

    def where_met(self, weights, share):
        """The position by which that share of the weights, one a piece, has been met; ∞ if that is not on the route."""
        whole = weights.met
        if whole <= 0.0 or share >= 1.0:
            return INF
        met = 0.0
        for piece, weight in zip(self.pieces, weights.of_piece, strict=True):
            if weight > 0.0 and met + weight > share * whole:
                return piece.start_m + (piece.end_m - piece.start_m) * (share * whole - met) / weight
            met += weight
        return INF


class Courses:
    """The courses of a world, made when first flown, and what else is known of its routes until it changes."""

    def __init__(self, routes):
        self.routes, self.made, self.kept = routes, {}, {}

    def known(self, *key):
        """What is known so far about some matter, the same in every replication."""
        return self.kept.setdefault(key, {})

    def __getitem__(self, route):
        if route not in self.made:
            r = self.routes
            x, y = r.x_m[route].tolist(), r.y_m[route].tolist()
            legs = (math.dist((x[0], y[0]), (x[1], y[1])), math.dist((x[1], y[1]), (x[2], y[2])))
            self.made[route] = Course(x, y, legs, float(r.length_m[route]), self.pieces(route), self.crossed(route))
        return self.made[route]

    def pieces(self, route):
        r, part = self.routes, slice(self.routes.piece_first[route], self.routes.piece_first[route + 1])
        ends = r.piece_end_m[part].tolist()
        return [Piece(*row) for row in zip([0.0, *ends[:-1]], ends, r.piece_place[part].tolist(),
                                           r.piece_along[part].tolist(), r.piece_near_aim[part].tolist(), strict=True)]

    def crossed(self, route):
        r, part = self.routes, slice(self.routes.over_first[route], self.routes.over_first[route + 1])
        return list(zip(r.over_aim[part].tolist(), r.over_start_m[part].tolist(), r.over_end_m[part].tolist(),
                        strict=True))


class Flown:
    """A threat of an option's raid: where it goes, where it would stop, and what becomes of it."""

    def __init__(self, threat, pace_s_m, route, aim, course, stop_m, margin, soft, aid_m):
        self.order = threat.threat
        self.threat_class, self.load, self.jet = threat.threat_class, threat.load, threat.jet
        self.stream, self.departure_s, self.pace_s_m = threat.stream, threat.departure_s, pace_s_m
        self.route, self.aim, self.bound, self.course = route, aim, threat.aim, course
        self.stop_m, self.margin, self.soft, self.aid_m = stop_m, margin, soft, aid_m
        self.end_m = min(stop_m, aid_m, course.length_m)
        self.end_s = self.time(self.end_m)
        self.track = self.identify = self.joint = self.ring = 0.0
        self.opening_s = self.could_s = INF
        self.refused = ""
        self.entry_s = INF
        self.engagements = self.missed = self.shots = 0
        self.shot_m = INF
        self.stopped = self.relieved = False

    @property
    def armed(self):
        return self.load != DECOY

    @property
    def survives_own(self):
        return self.stop_m > self.course.length_m

    def time(self, s):
        return self.departure_s + s * self.pace_s_m

    def position(self, t):
        return (t - self.departure_s) / self.pace_s_m


class Uniforms(NamedTuple):
    """What is drawn once a day, for whatever an option meets."""

    leak_u: dict[int, float]
    cover_u: float
    track_u: float
    weather_u: float
    early_warning_u: float
    warned_u: float
    stop_u: np.ndarray
    soft_u: np.ndarray
    aid_u: np.ndarray
    tracks: np.ndarray
    displaced_u: np.ndarray
    new_aim_u: np.ndarray


def against(correlation, u, v):
    """C(u, v) of section 5.5: as uniform as v, and small where u is large; u and v may be arrays."""
    if correlation <= 0.0:
        return v
    return ndtr(math.sqrt(1.0 - correlation * correlation) * ndtri(v) - correlation * ndtri(u))


def draw_uniforms(rng, correlation, n):
    """Section 3 and the ties of 5.5, for a raid of n threats."""
    uav, cruise, ballistic, cover, track, weather, early_warning, warned = (1.0 - rng.random(8)).tolist()
    stop_u, soft_u, aid_u, tracks = 1.0 - rng.random(n), rng.random(n), 1.0 - rng.random(n), 1.0 - rng.random((4, n))
    tracks[0] = against(correlation, stop_u, tracks[0])
    return Uniforms({0: uav, 1: uav, 2: cruise, 3: ballistic}, cover, float(against(correlation, uav, track)),
                    float(against(correlation, uav, weather)), early_warning, warned, stop_u, soft_u, aid_u, tracks,
                    rng.random(n), rng.random(n))


class OwnRounds:
    """Rounds that Ukraine has left, in kills by class: under an option, or alone (5.4)."""

    def __init__(self, own, vector):
        self.most, self.left = own.store_most[vector].tolist(), own.store_first[vector].tolist()
        self.ration, self.soft = own.ration_below[vector].tolist(), own.p_soft[vector].tolist()

    def supply(self):
        """g of every class: hazard tonight over that with full stores. Jamming takes no rounds."""
        fired = [min(1.0, s / r) if r > 0.0 else 1.0 for s, r in zip(self.left, self.ration, strict=True)]
        return [p + (1.0 - p) * x for p, x in zip(self.soft, fired, strict=True)]

    def end_day(self, kills, comes):
        """Take the day's kills, and what comes."""
        self.left = [min(m, max(0.0, s - k) + c) for m, s, k, c in zip(self.most, self.left, kills, comes, strict=True)]


class Alone:
    """What the raid comes to as Ukraine alone meets it: that without an option, and that of the option's phase."""

    def __init__(self):
        self.kills, self.kills_with_full_stores = [0, 0, 0], [0, 0, 0]
        self.leakers = []  # aims of the armed ones
        self.stops = []  # of the option's phase: (a stop, inside the relief zone) of every threat
        self.kills_of_phase = [0, 0, 0]  # of the option's phase, with full stores


class OwnDefence:
    """Ukraine's own defence under one parameter vector."""

    def __init__(self, world, vector, courses):
        self.own, self.v, self.world = world.own, vector, world
        self.step = float(world.own.hazard_step[0])
        self.along_share = world.own.along_share[vector].tolist()
        self.strength = world.own.strength[vector].tolist()
        self.aim_place = world.own.aim_place.tolist()
        self.known = courses.known("weights", vector)
        self.log_load = world.own.log_load_factor[vector].tolist()
        self.log_jet = float(world.own.log_jet_factor[vector])
        self.p_soft = world.own.p_soft[vector].tolist()

    def night_rate(self, stream, u, shift):
        """The night's leak rate of a stream."""
        p = quantile(self.own.p_leak[self.v, stream], u)
        m = float(self.own.mean_leak[self.v, stream])
        if stream == FRONT and shift != 0.0 and 0.0 < m < 1.0:
            moved = m * math.exp(shift) / (1.0 - m + m * math.exp(shift))
            p = min(1.0, max(0.0, moved + (p - m) * math.sqrt(moved * (1.0 - moved) / (m * (1.0 - m)))))
        return p

    def night_hazard(self, stream, regime, p):
        """h at −ln p, on the even grid and its last slope beyond."""
        if p <= 0.0:
            return INF
        grid = self.own.hazard[self.v, regime, stream]
        x = -math.log(p) / self.step
        k = min(math.floor(x), len(grid) - 2)
        return float(grid[k] + (grid[k + 1] - grid[k]) * (x - k))

    def covered(self, n, u):
        """Whether a ballistic salvo of n meets a defence."""
        if n < 1:
            return False
        return u < logistic(float(self.own.cover_intercept[self.v]) + float(self.own.cover_slope[self.v]) * math.log(n))

    def weights(self, stream, route, aim, course):
        """What each piece of a route to an aim adds to the hazard of a stream."""
        if (stream, route) not in self.known:
            along, strength = self.along_share[stream], self.strength[stream]
            near_aims = (1.0 - along) * strength[self.aim_place[aim]]
            of_piece = [along * strength[piece.place] * piece.along + near_aims * piece.near_aim
                        for piece in course.pieces]
            self.known[stream, route] = Weights(of_piece, sum(of_piece))
        return self.known[stream, route]

    def margin(self, threat, weights, hazard, covered, u):
        """−ln U over the whole hazard of the route with full stores; ∞ where that is none."""
        if weights.met <= 0.0:
            return INF
        whole = 0.0 if threat.stream == SALVO_STREAM and not covered else hazard * weights.met
        if threat.threat_class == UAV:
            whole -= self.log_load[threat.load] + (self.log_jet if threat.jet else 0.0)
        return -math.log(u) / whole if whole > 0.0 else INF

    def is_soft(self, threat_class, u, supply):
        """Whether a stop is a diversion: with few rounds a larger share of fewer stops is."""
        return supply > 0.0 and u < self.p_soft[threat_class] / supply


class Attack:
    """The raid that one option meets: how the attacker adapts, and the draws against the own defence and aid."""

    def __init__(self, world, vector, option, courses):
        self.world, self.v, self.o, self.courses = world, vector, option, courses
        self.own = OwnDefence(world, vector, courses)
        self.n_aims, self.n_variants = world.raids.aim_cdf.shape[2], int(world.routes.n_variants[0])
        self.declared = world.response.aim_declared[option].astype(bool)
        self.front_aim = world.own.front_aim.astype(bool).tolist()
        self.displacement = float(world.response.displacement[vector])
        self.aid_hazard = world.aid.hazard[vector, option].tolist()
        self.in_zone = world.relief.zone[option].astype(bool).tolist()
        self.pace_s_m = [[float(world.routes.detour[vector, c] / speed) for speed in (of_class, of_jets)]
                         for c, of_class in enumerate(world.routes.speed_m_s[vector])
                         for of_jets in [world.routes.jet_speed_m_s[vector]]]

    def elsewhere(self, stream, deep_cdf):
        """Cumulative weights of the aims outside the declared zone; none if all are 0."""
        cdf = deep_cdf if stream == DEEP else self.world.raids.aim_cdf[self.v, stream]
        weight = np.where(self.declared, 0.0, np.diff(cdf, prepend=0.0))
        return np.cumsum(weight) / weight.sum() if weight.sum() > 0.0 else None

    def pace(self, threat):
        """Seconds a metre of the drawn route."""
        return self.pace_s_m[threat.threat_class][threat.jet]

    def count_alone(self, alone, threat, margin, soft_u, supply):
        """Add how a threat that comes without an option ends then: its margin is that with full stores."""
        c = threat.threat_class
        for kills, g in ((alone.kills_with_full_stores, 1.0), (alone.kills, supply[c])):
            kills[c] += margin < g and not self.own.is_soft(c, soft_u, g)
        if not margin < supply[c] and threat.load != DECOY:
            alone.leakers.append(threat.aim)

    def count_phase(self, alone, threat, margin, soft_u, supply):
        """Add how a threat that comes in the option's phase would end under Ukraine alone."""
        c = threat.threat_class
        alone.kills_of_phase[c] += margin < 1.0 and not self.own.is_soft(c, soft_u, 1.0)
        alone.stops.append((margin < supply[c], self.in_zone[threat.aim]))

    def raids(self, night, day, uniforms, supply, supply_alone) -> Any:
        """Return the option's raid, and what comes without the option as Ukraine alone meets it.

        Both with the hazard of every class over that with full stores.
        """
        f, there = self.world.forces, self.world.forces.presence[self.o, :, day].astype(bool)
        active = bool((there & (f.fires[self.o] > 0)).any())
        sizes = night.sizes[self.o].tolist()
        launches, launches_without = night.launches[self.o].tolist(), night.launches[-1].tolist()
        own, v = self.own, self.v
        hazard = [own.night_hazard(s, night.regime, own.night_rate(s, uniforms.leak_u[s], night.leak_shift))
                  for s in range(4)]
        covered, covered_without = (own.covered(n, uniforms.cover_u) for n in (sizes[3], launches_without[3]))
        moves = active and self.displacement > 0.0
        targets = [self.elsewhere(s, night.deep_cdf) for s in range(4)] if moves else None
        ramp = self.world.aid.ramp[v, self.o, :, day].tolist()
        stop_u, soft_u, aid_u = uniforms.stop_u.tolist(), uniforms.soft_u.tolist(), uniforms.aid_u.tolist()
        tracks = uniforms.tracks.T.tolist()
        raid, alone, seen = [], Alone(), [0, 0, 0, 0]
        for i, threat in enumerate(night.threats):
            stream, c = threat.stream, threat.threat_class
            ordinal, seen[stream] = seen[stream], seen[stream] + 1
            without, of_phase = ordinal < launches_without[stream], ordinal < launches[stream]
            if without or of_phase:
                weights = own.weights(stream, threat.route, threat.aim, self.courses[threat.route])
                margin = own.margin(threat, weights, hazard[stream], covered_without, stop_u[i])
                if without:
                    self.count_alone(alone, threat, margin, soft_u[i], supply_alone)
                if of_phase:
                    self.count_phase(alone, threat, margin, soft_u[i], supply_alone)
            if ordinal >= sizes[stream]:
                continue
            aim, route, met = threat.aim, threat.route, stream
            displaced = moves and self.declared[aim] and uniforms.displaced_u[i] < self.displacement
            if displaced and targets[stream] is not None:
                aim = min(int(np.searchsorted(targets[stream], uniforms.new_aim_u[i], side="right")), self.n_aims - 1)
                launch, variant = route // (self.n_aims * self.n_variants), route % self.n_variants
                route = (launch * self.n_aims + aim) * self.n_variants + variant
                met = FRONT if stream == DEEP and self.front_aim[aim] else stream
            course = self.courses[route]
            if not (without or of_phase) or route != threat.route or met != stream or covered != covered_without:
                weights = own.weights(met, route, aim, course)
                margin = own.margin(threat, weights, hazard[met], covered, stop_u[i])
            margin = margin / supply[c] if supply[c] > 0.0 else INF
            aid = ramp[c] * self.aid_hazard[aim][c]
            aid_m = course.where_met(weights, -math.log(aid_u[i]) / aid) if aid > 0.0 else INF
            stop_m, soft = course.where_met(weights, margin), own.is_soft(c, soft_u[i], supply[c])
            flown = Flown(threat, self.pace(threat), route, aim, course, stop_m, margin, soft, aid_m)
            flown.order, (flown.track, flown.identify, flown.joint, flown.ring) = i, tracks[i]
            raid.append(flown)
        return raid, alone
