"""The coalition's night in simulated time: sections 5.8 to 5.12 of the page on the day.

Every open threat is a process. It wakes at its entry, asks the shooters when one could begin, and waits for that
moment, or for the end of the engagement; of all that wake at one moment the one that was open first goes first.
"""

import heapq
import itertools
import math

import simpy

from crosscheck.own_defence import INF, quantile

MISSILES_BELOW = 3
ROUND_OFF = 1.0 + 1e-9


class Clock(simpy.Environment):
    """Simulated time with events at exact moments: a delay added to the present would be rounded."""

    def at(self, moment_s, rank):
        event = simpy.Event(self)
        event._ok, event._value = True, None
        heapq.heappush(self._queue, (moment_s, rank, next(self._eid), event))
        return event


def reach_pieces(course, x, y, reach, edges):
    """Pieces of a course within reach of a place and inside its sector, metres from the start."""
    parts = []
    for leg, length in enumerate(course.legs_m):
        if length <= 0.0:
            continue
        x0, y0 = course.x_m[leg] - x, course.y_m[leg] - y
        ux, uy = (course.x_m[leg + 1] - course.x_m[leg]) / length, (course.y_m[leg + 1] - course.y_m[leg]) / length
        along, across = -(x0 * ux + y0 * uy), x0 * uy - y0 * ux
        if reach * reach <= across * across:
            continue
        half = math.sqrt(reach * reach - across * across)
        start, end = max(0.0, along - half), min(length, along + half)
        for ex, ey in edges:
            if ex == 0.0 and ey == 0.0:
                continue
            offset, slope = x0 * ex + y0 * ey, ux * ex + uy * ey
            if slope > 0.0:
                start = max(start, -offset / slope)
            elif slope < 0.0:
                end = min(end, -offset / slope)
            elif offset < 0.0:
                end = -INF
        if start <= end:
            parts.append((leg, start, end))
    first = course.legs_m[0]
    if len(parts) == 2 and parts[0][2] >= first and parts[1][1] <= 0.0:
        return [(parts[0][1], first + parts[1][2])]
    return [(start + leg * first, end + leg * first) for leg, start, end in parts]


class Shooter:
    """One slot of an option for a night: what it holds, which channels are busy, whom it can serve."""

    def __init__(self, force, slot, share):
        f, v, o = force.world.forces, force.v, force.o
        self.force, self.slot = force, slot
        self.kind = kind = int(f.shooter_kind[o, slot])
        self.x, self.y = float(f.x_m[o, slot]), float(f.y_m[o, slot])
        self.work_s, self.renewal_s = float(f.engagement_time_s[v, kind]), float(f.renewal_time_s[v, o, slot])
        self.own_share = share
        gain = f.picture_gain if force.early_warning else f.ground_gain
        self.seen = [share + (1.0 - share) * g for g in gain[v, o, slot].tolist()]
        self.ring_from, self.ring_share = float(f.ring_from[v, o, slot]), float(f.ring_share[v, o, slot])
        self.off_duty_s, self.flies = float(f.on_duty_until_s[o, slot]), force.is_patrol(slot)
        self.free_s = [-INF] * int(f.n_channels[v, kind])
        self.left, self.fired_in = self.full(), None
        self.stores = f.store[o, slot].tolist()
        self.scrambles = 0
        self.alert = False

    def full(self):
        return self.force.rounds[self.kind].copy()

    def release_s(self, threat):
        """Release time of a track on the threat, or none without a track."""
        if threat.track >= self.seen[threat.threat_class]:
            return None
        late = 0.0 if threat.track < self.own_share else self.force.handover_s
        return self.force.release_s + late

    def guards(self, threat):
        """Whether the threat comes in by this shooter's part of the ring."""
        return self.ring_share >= 1.0 or (threat.ring - self.ring_from) % 1.0 < self.ring_share

    def in_time(self, begin_s):
        """The moment, if work that begins then is over before the shooter goes off duty."""
        return begin_s if begin_s + self.work_s <= self.off_duty_s else INF

    def works_at(self, t):
        """Whether it has a threat in work."""
        return max(self.free_s) > t

    def chances(self, threat, release_s):
        """(ready, latest end) of every piece in a window, in time."""
        spans = self.force.spans(self.slot, threat)
        return [(threat.time(a) + release_s, threat.time(b), a) for a, b in spans]

    def begin(self, chances, t0):
        best = INF
        for ready, close, _ in chances:
            start = max(t0, ready)
            if start < best and start + self.work_s <= close:
                best = start
        return best

    def could(self, threat, chances):
        return self.begin(chances, -INF)

    def weapon(self, threat, t, left):
        """First weapon that fits at the moment, and the rounds there are for it."""
        distance = None
        for w, (magazine, reach, kill) in enumerate(self.force.weapons[self.kind]):
            if kill[threat.threat_class] <= 0.0 or self.stores[magazine] < 0:
                continue
            if distance is None:
                x, y = threat.course.place(threat.position(t))
                distance = math.hypot(x - self.x, y - self.y)
            rounds = min(left[magazine], math.floor(self.force.stock[self.stores[magazine]]))
            if reach * ROUND_OFF >= distance and rounds > 0:
                return w, rounds
        return None

    def renewal(self, t):
        """The greatest whole number of renewals that are over by then; a quotient alone may be rounded down."""
        number = math.floor(t / self.renewal_s)
        return number + ((number + 1) * self.renewal_s <= t)

    def rounds_at(self, t):
        return self.left if self.renewal(t) == self.fired_in else self.full()

    def bid(self, threat, chances, t0, best):
        """When it could begin, if that is before the best so far."""
        t = self.begin(chances, max(t0, min(self.free_s)))
        if t >= best or self.weapon(threat, t, self.rounds_at(t)):
            return t
        t = self.begin(chances, (self.renewal(t) + 1) * self.renewal_s)
        return t if t < best and self.weapon(threat, t, self.full()) else INF

    def reserve(self, threat, begin_s, end_s):
        """Take the channel that is free first until the end."""
        self.free_s[self.free_s.index(min(self.free_s))] = end_s

    def shoot(self, threat, begin_s):
        """Take the rounds of an engagement that began; return the weapon and the number of shots."""
        if not self.alert and self.renewal(begin_s) != self.fired_in:
            self.left, self.fired_in = self.full(), self.renewal(begin_s)
        result = self.weapon(threat, begin_s, self.left)
        w, rounds = result
        n = min(self.force.salvo[threat.threat_class], rounds)
        magazine = self.force.weapons[self.kind][w][0]
        self.left[magazine] -= n
        self.force.stock[self.stores[magazine]] -= n
        self.force.shots[self.kind, w] += n
        return w, n


class AlertPair(Shooter):
    """A pair on ground alert: at its base, in the air, or homeward (5.12)."""

    def __init__(self, force, slot, share):
        super().__init__(force, slot, share)
        f, v = force.world.forces, force.v
        self.alert = self.flies = True
        self.base = self.where = (self.x, self.y)
        self.delay_s, self.dash = float(f.alert_time_s[v, self.kind]), float(f.dash_speed_m_s[v, self.kind])
        self.sortie_s = float(f.alert_sortie_s[v, self.kind])
        self.free, self.sortie_end = -INF, -INF

    def catch(self, threat, off, start, place):
        """First position from start on that a dash from the place, begun at off, reaches in time."""
        course, pace = threat.course, threat.pace_s_m
        z0 = threat.position(off)
        z_from, speed = max(start, z0), self.dash * pace
        for leg, length in enumerate(course.legs_m):
            low, high = (0.0, length) if leg == 0 else (course.legs_m[0], course.legs_m[0] + length)
            if leg == 1:
                high = max(high, course.length_m)
            low = max(low, z_from)
            if length <= 0.0 or low > high:
                continue
            x, y = course.place(low)
            if speed * (low - z0) >= math.hypot(x - place[0], y - place[1]):
                return low
            ux, uy = (course.x_m[leg + 1] - course.x_m[leg]) / length, (course.y_m[leg + 1] - course.y_m[leg]) / length
            dx, dy, lead = x - place[0], y - place[1], low - z0
            a = speed * speed - 1.0
            b = speed * speed * lead - (dx * ux + dy * uy)
            c = speed * speed * lead * lead - dx * dx - dy * dy
            if a == 0.0:
                steps = [-c / (2.0 * b)] if b != 0.0 else []
            else:
                root = b * b - a * c
                steps = [(-b - math.sqrt(root)) / a, (-b + math.sqrt(root)) / a] if root >= 0.0 else []
            steps = [s for s in steps if 0.0 <= s <= high - low]
            if steps:
                return low + min(steps)
        return INF

    def scramble(self, threat, chances, t0, free, delay, place, sortie_end):
        """Earliest beginning from the place; a sortie end of ∞ stands for a new sortie."""
        best = INF
        for ready, close, start in chances:
            off = max(free, ready) + delay
            z = self.catch(threat, off, start, place)
            if z == INF:
                continue
            t = max(t0, threat.time(z))
            if t >= best or t + self.work_s > close:
                continue
            x, y = threat.course.place(threat.position(t))
            home = math.hypot(x - self.x, y - self.y) / self.dash
            last = t - home + self.sortie_s if sortie_end == INF else sortie_end
            if t + self.work_s + home <= last:
                best = t
        return best

    def works_at(self, t):
        return self.free > t

    def could(self, threat, chances):
        return self.scramble(threat, chances, -INF, -INF, self.delay_s, self.base, INF)

    def bid(self, threat, chances, t0, best):
        if self.sortie_end > -INF:
            t = self.scramble(threat, chances, t0, self.free, 0.0, self.where, self.sortie_end)
            if t < best and self.weapon(threat, t, self.left):
                return t
        free = max(self.free, self.sortie_end + self.renewal_s)
        t = self.scramble(threat, chances, t0, free, self.delay_s, self.base, INF)
        return t if t < best and self.weapon(threat, t, self.full()) else INF

    def reserve(self, threat, begin_s, end_s):
        """Fly to the threat; turn back where it ends before."""
        new = begin_s > self.sortie_end
        start = self.base if new else self.where
        goal = threat.course.place(threat.position(begin_s))
        flight = math.dist(start, goal) / self.dash
        if begin_s - flight >= end_s:
            return
        if new:
            self.scrambles += 1
            self.sortie_end, self.left = begin_s - flight + self.sortie_s, self.full()
        share = 1.0 if begin_s <= end_s else 1.0 - (begin_s - end_s) / flight
        self.free = end_s
        self.where = (start[0] + share * (goal[0] - start[0]), start[1] + share * (goal[1] - start[1]))


class Force:
    """The shooters of an option under a vector: fleet and stores from night to night."""

    def __init__(self, world, vector, option, courses):
        self.world, self.v, self.o = world, vector, option
        f, fleets = world.forces, world.fleets
        self.slots = [s for s, kind in enumerate(f.shooter_kind[option]) if kind >= 0]
        self.rounds = f.rounds[vector].tolist()
        self.salvo = f.salvo[vector].tolist()
        self.most_engagements = int(f.max_engagements[0])
        n_kinds, n_weapons = f.magazine.shape
        self.weapons = [[(int(f.magazine[k, w]), float(f.weapon_reach_m[vector, k, w]),
                          f.p_kill[vector, k, w].tolist()) for w in range(n_weapons)] for k in range(n_kinds)]
        self.munition, self.jet_ratio = f.munition, float(f.jet_kill_ratio[vector])
        self.handover_s, self.release_s = float(f.handover_time_s[vector]), float(f.release_time_s[vector, option])
        self.p_accepted = f.p_accepted[vector, option].tolist()
        self.p_deconflicted = float(f.p_deconflicted[vector])
        self.allowed = world.rules.class_allowed[option].astype(bool).tolist()
        self.stock = f.store_first[vector, option].astype(float)
        self.out_of_use = (1.0 - float(fleets.p_available[vector])) * float(fleets.aircraft[vector, option])
        self.lost, self.clustered, self.by_fighters, self.early_warning = 0.0, 0, 0, True
        self.shots, self.manned, self.kappa = None, {}, {}
        self.known, self.routes = courses.known("spans", vector, option), courses.known("routes", option)

    def share(self, kind, u):
        """Tonight's share of threats that a kind can track."""
        return quantile(self.world.forces.p_track[self.v, kind], u)

    def fly_share(self, weather_u):
        """Share of patrols and scrambles that the weather lets fly."""
        fleets, v = self.world.fleets, self.v
        return float(fleets.bad_weather_flown[v]) if weather_u < fleets.p_bad_weather[v] else 1.0

    def is_patrol(self, slot):
        return bool(self.world.forces.ready_aircraft[self.v, self.o, slot] > 0.0)

    def stand_down(self):
        """Nobody is there."""
        self.manned, self.kappa, self.flies = {}, {}, False

    def taken_for_massed(self, massed, u):
        """Whether tonight is taken for a massed night."""
        fleets, v = self.world.fleets, self.v
        return u < (fleets.p_warned_massed[v] if massed else fleets.p_warned_routine[v])

    def anybody(self, there):
        """Whether a package that fires is there."""
        return bool((there & (self.world.forces.fires[self.o] > 0)).any())

    def package(self, slot):
        return int(self.world.forces.package[self.o, slot])

    def muster(self, uniforms, massed, there, rng):
        """Resupply, see what the fleet allows, and draw who is manned (5.8)."""
        f, fleets, v, o = self.world.forces, self.world.fleets, self.v, self.o
        self.stock = [min(a, b + c) for a, b, c in zip(f.store_most[v, o].tolist(), self.stock,
                                                       f.store_per_day[v, o].tolist(), strict=True)]
        self.early_warning = uniforms.early_warning_u < f.p_early_warning[v]
        flown, pairs, aircraft, crews = self.fly_share(uniforms.weather_u), 0.0, 0.0, 0.0
        if fleets.aircraft[v, o] > 0.0:
            pace = float((fleets.surge if self.taken_for_massed(massed, uniforms.warned_u) else fleets.rest)[v, o])
            ready = max(0.0, float(fleets.aircraft[v, o]) - self.out_of_use - self.lost)
            aside = min(ready, float(fleets.alert_aircraft[v, o]))
            aircraft = (ready - aside) * flown * pace
            crews = max(0.0, float(fleets.crews[v, o] - fleets.alert_crews[v, o])) * flown * pace
            pairs = aside * flown / float(fleets.aircraft_per_pair[v])
        for slot in self.slots:
            if not there[self.package(slot)]:
                continue
            kind, chance = int(f.shooter_kind[o, slot]), float(f.p_ready[v, o, slot])
            needed = float(f.ready_aircraft[v, o, slot])
            on_alert = f.alert_time_s[v, kind] > 0.0
            self.flies = self.flies or needed > 0.0 or on_alert
            if needed > 0.0:
                kappa = 0.0
                if aircraft > 0.0 and crews > 0.0:
                    need_crews = float(f.crews[v, o, slot])
                    kappa = min(1.0, aircraft / needed, crews / need_crews if need_crews > 0.0 else INF)
                    aircraft, crews = aircraft - kappa * needed, crews - kappa * need_crews
                self.kappa[slot] = kappa
                chance *= kappa
            elif on_alert:
                chance *= min(1.0, max(0.0, pairs))
                pairs -= 1.0
            if rng.random() < chance:
                make = AlertPair if on_alert else Shooter
                self.manned[slot] = make(self, slot, self.share(kind, uniforms.track_u))

    def lose(self, fighters):
        """Take aircraft, an expected number, out of the fleet for good."""
        self.lost = min(float(self.world.fleets.aircraft[self.v, self.o]), self.lost + fighters)

    def repair(self):
        """Aircraft out of use tomorrow."""
        f, fleets, v, o = self.world.forces, self.world.fleets, self.v, self.o
        if fleets.aircraft[v, o] <= 0.0 or not self.flies:
            return
        pair, repair = float(fleets.aircraft_per_pair[v]), float(fleets.repair_time_days[v])
        sorties = sum(k * float(f.sorties_per_day[v, o, slot]) for slot, k in self.kappa.items())
        sorties += sum(s.scrambles * pair for s in self.manned.values())
        still = math.exp(-1.0 / repair)
        self.out_of_use = self.out_of_use * still + float(fleets.p_failure[v]) * sorties * repair * (1.0 - still)

    def windows(self, route):
        rules = self.world.rules
        return [(a, b) for a, b in zip(rules.window_start_m[self.o, route].tolist(),
                                       rules.window_end_m[self.o, route].tolist(), strict=True) if a < INF]

    def spans(self, slot, threat):
        """Parts of a route that the slot reaches inside a window."""
        key = (slot, threat.route, threat.threat_class)
        if key not in self.known:
            f, o = self.world.forces, self.o
            pieces = reach_pieces(threat.course, float(f.x_m[o, slot]), float(f.y_m[o, slot]),
                                  float(f.reach_m[self.v, o, slot, threat.threat_class]),
                                  list(zip(f.edge_x[o, slot].tolist(), f.edge_y[o, slot].tolist(), strict=True)))
            self.known[key] = [(max(a, c), min(b, d)) for (a, b), (c, d)
                               in itertools.product(pieces, self.windows(threat.route)) if max(a, c) <= min(b, d)]
        return self.known[key]

    def of_route(self, route):
        """Whether it crosses what the option declared, has a window at all, and the slots near it."""
        if route not in self.routes:
            f, rules, o = self.world.forces, self.world.rules, self.o
            self.routes[route] = (bool(rules.crosses_declared[o, route]),
                                  bool(rules.window_start_m[o, route, 0] < INF),
                                  f.near_slot[f.near_first[o, route]:f.near_first[o, route + 1]].tolist())
        return self.routes[route]

    def permit(self, threat):
        """Section 5.10: return the shooters that the threat meets, with when; or note why it is refused."""
        if not self.manned:
            return []
        crosses, has_window, near = self.of_route(threat.route)
        if not crosses:
            return []
        accepted = threat.identify < self.p_accepted[threat.threat_class]
        if not self.allowed[threat.threat_class] and not accepted:
            threat.refused = "class"
            return []
        if not has_window:
            threat.refused = "standoff"
            return []
        met = []
        for slot in near:
            shooter = self.manned.get(slot)
            release_s = shooter.release_s(threat) if shooter else None
            if release_s is None or not shooter.guards(threat):
                continue
            chances = shooter.chances(threat, release_s)
            opening = shooter.in_time(shooter.begin(chances, -INF))
            could = shooter.could(threat, chances) if opening < INF else INF
            if could < INF:
                threat.opening_s = min(threat.opening_s, opening)
                threat.could_s = min(threat.could_s, could + shooter.work_s)
            if chances:
                met.append((shooter, chances))
        if threat.opening_s < INF and not (accepted and threat.joint < self.p_deconflicted):
            threat.refused = "deconfliction" if accepted else "identification"
            threat.opening_s = threat.could_s = INF
        return met

    def fight(self, raid, rng):
        """Play the night: every open threat is a process of the simulated clock."""
        n_kinds, n_weapons = self.world.forces.magazine.shape
        self.shots = {(k, w): 0 for k in range(n_kinds) for w in range(n_weapons)}
        self.clustered = self.by_fighters = 0
        met = {threat.order: self.permit(threat) for threat in raid}
        waiting = sorted((t for t in raid if t.opening_s < INF), key=lambda t: (t.opening_s, t.order))
        if not waiting:
            return
        clock = Clock(min(0.0, waiting[0].opening_s))
        for rank, threat in enumerate(waiting, start=2):
            clock.process(self.seek(clock, threat, rank, met[threat.order], rng))
        clock.run()

    def first_shooter(self, threat, met, t0):
        best, first = INF, None
        for shooter, chances in met:
            t = shooter.in_time(shooter.bid(threat, chances, t0, best))
            if t < best:
                best, first = t, shooter
        return first, best

    def seek(self, clock, threat, rank, met, rng):
        """A threat's passage through the coalition's shooters."""
        yield clock.at(threat.opening_s, rank)
        while threat.engagements < self.most_engagements:
            shooter, begin_s = self.first_shooter(threat, met, clock.now)
            if shooter is None or (begin_s >= threat.end_s and not shooter.alert):
                return
            if begin_s > clock.now:
                yield clock.at(begin_s, rank)
                continue
            shot_s = begin_s + shooter.work_s
            if shot_s >= threat.end_s:
                shooter.reserve(threat, begin_s, threat.end_s)
                return
            self.clustered += any(s.works_at(begin_s) for s in self.manned.values() if s is not shooter)
            self.by_fighters += shooter.flies
            shooter.reserve(threat, begin_s, shot_s)
            weapon, n = shooter.shoot(threat, begin_s)
            yield clock.at(shot_s, rank)
            self.resolve(threat, shooter, weapon, n, shot_s, rng)
            if threat.stopped:
                return

    def resolve(self, threat, shooter, weapon, n, shot_s, rng):
        """The shots of an engagement arrive."""
        kill = self.weapons[shooter.kind][weapon][2][threat.threat_class]
        if threat.jet and self.munition[shooter.kind, weapon] >= MISSILES_BELOW:
            kill *= self.jet_ratio
        hits = int((rng.random(n) < kill).sum())
        threat.engagements += 1
        threat.shot_m = threat.position(shot_s)
        if self.munition[shooter.kind, weapon] < MISSILES_BELOW:
            threat.missed += n - hits
        threat.stopped = hits > 0
