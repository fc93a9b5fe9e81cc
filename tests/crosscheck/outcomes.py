"""What a day comes to: relief, fates, incidents, people, alerts, harm and money, sections 5.13 to 5.19 of the page."""

import math
from typing import NamedTuple

import numpy as np

from crosscheck.own_defence import ARMED, BALLISTIC, CRUISE, DECOY, DECOY_ARMED, UAV

CLASSES = ("uav", "cruise", "ballistic")
MUNITIONS = ("aam", "guided_rocket", "sam", "gun", "interceptor_drone")
CLAUSES = ("standoff_russia", "standoff_front", "standoff_belarus", "crewed_buffer", "debris", "several")
LINES = ("flight_hours", "weapons", "people_and_basing", "tankers", "sensors", "ground_units", "losses", "aid")
INCIDENTS = ("engagement_near_border", "engagement_near_front", "debris_built_up", "stray_weapon", "crossing_poland",
             "crossing_slovakia", "crossing_hungary", "crossing_romania", "crossing_moldova", "encounter_crewed",
             "aircraft_lost_over_ukraine", "accident", "fratricide", "wrong_class", "people_struck_in_ukraine",
             "base_struck_in_member_state", "embassy_struck", "aircraft_lost_engaging", "aircraft_lost_at_bases",
             "support_aircraft_lost", "soldiers_struck_in_ukraine", "ship_struck")
POSTS = ("crews_in_ukraine", "bases_in_member_states", "soldiers_in_ukraine", "sailors_at_sea")
ROLES = ("aircrew_over_ukraine", *POSTS)
STRUCK = dict(zip(POSTS, ("people_struck_in_ukraine", "base_struck_in_member_state", "soldiers_struck_in_ukraine",
                          "ship_struck"), strict=True))
IN_UKRAINE = ("crews_in_ukraine", "soldiers_in_ukraine")
BIN_S, N_BINS = 600.0, 90
N_SINGLE_ITEMS = 6


def euros(x):
    return math.floor(x + 0.5)


def pairs(starts, ends):
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def inside(parts, s):
    return any(a <= s <= b for a, b in parts)


def bins_under(n_aims, aims, from_s, until_s):
    """Bins of the night, by aim, by whose middle something has come over it and is not gone: numbers of them."""
    first = np.maximum(0, np.ceil(from_s / BIN_S - 0.5)).astype(int)
    after = np.minimum(np.ceil(until_s / BIN_S - 0.5), N_BINS).astype(int)
    some = first < after
    changes = np.zeros((n_aims, N_BINS + 1), int)
    np.add.at(changes, (aims[some], first[some]), 1)
    np.add.at(changes, (aims[some], after[some]), -1)
    return (changes.cumsum(axis=1) > 0).sum(axis=1)


def freed(bound, raid, zone):
    """Δ, and what the raid without the option put through elsewhere: I₀ − I₁ but no more than was taken (5.13)."""
    zone_before = sum(own and here for own, here in bound)
    elsewhere_before = sum(own and not here for own, here in bound)
    own_stops = [t for t in raid if not t.survives_own and not taken(t)]
    zone_now = sum(bool(zone[t.aim]) for t in own_stops)
    lost = sum(not t.survives_own and taken(t) and bool(zone[t.aim]) for t in raid)
    room = zone_before + elsewhere_before - len(own_stops)
    return max(0, min(zone_before - zone_now, lost)), elsewhere_before, room


def taken(threat):
    return threat.stopped or threat.aid_m < threat.stop_m


def leaks(threat):
    return not threat.stopped and min(threat.stop_m, threat.aid_m) > threat.course.length_m


def relieve(share, elasticity, bound, raid, zone):
    """The own defence that is freed in the zone stops more elsewhere."""
    delta, elsewhere, room = freed(bound, raid, zone)
    if delta <= 0 or elsewhere <= 0:
        return
    gain, left = (1.0 + share * delta / elsewhere) ** elasticity, most_relieved(delta, room)
    if gain <= 1.0:
        return
    for t in raid:  # margins are over tonight's own hazard, short rounds or not
        if left > 0 and leaks(t) and not zone[t.aim] and t.margin <= gain:
            t.relieved, left = True, left - 1


def most_relieved(delta, room):
    return min(delta, room)


def fate(threat):
    """(fate, where it ends) by 5.14."""
    length = threat.course.length_m
    if threat.stopped:
        return "coalition", threat.shot_m
    if threat.aid_m < min(threat.stop_m, length):
        return "aid", threat.aid_m
    if threat.stop_m <= length or threat.relieved:
        return ("own_soft" if threat.soft else "own_hard"), min(threat.stop_m, length)
    return "leaked", length


def is_prevented(threat):
    """Of a threat that the coalition or aid stopped: the own defence would have let it through."""
    return threat.survives_own


def in_the_air(result, own_fratricide):
    """Fighters lost with their crews on a day, an expected number."""
    return (result["accident"] + result["aircraft_lost_over_ukraine"] + result["aircraft_lost_engaging"]
            + own_fratricide)


def fighters_lost(result, own_fratricide):
    """All fighters lost on a day, those on the ground too."""
    return in_the_air(result, own_fratricide) + result["aircraft_lost_at_bases"]


def credited(threat):
    """The aim that an armed threat is kept from, or not: that which it was launched at."""
    return threat.bound


class Harm:
    """What leakers do to grid, ports and railway, and what of it is not mended yet (5.17)."""

    def __init__(self, world, vector, option):
        self.harm, self.v, self.o = world.harm, vector, option
        self.population = world.people.population.astype(float)
        self.area = world.rules.aim_in_area.astype(bool)
        self.grid, self.port = np.zeros(len(self.area)), 0.0

    def value(self, name):
        return float(getattr(self.harm, name)[self.v])

    def warhead_kg(self, t):
        decoy, uav, decoy_armed, cruise, ballistic = self.harm.warhead_kg[self.v].tolist()
        if t.threat_class == UAV:
            return {DECOY: decoy, DECOY_ARMED: decoy_armed}.get(t.load, uav)
        return {CRUISE: cruise, BALLISTIC: ballistic}[t.threat_class]

    def mend(self, days):
        """Share of damage that is left tomorrow, with a mean time of repair."""
        return math.exp(-1.0 / days)

    def mean_outage_h(self, aims):
        """Hours without power today over the residents of some aims' oblasts."""
        hours = np.minimum(24.0, self.value("outage_h_per_hit") * self.grid)
        return float((hours * self.population)[aims].sum()) / max(1.0, float(self.population[aims].sum()))

    def count(self, amounts, raid, ends, day):
        """The day's harm; it is noted what is not mended."""
        kg, armed = np.zeros((len(CLASSES), len(self.area))), np.zeros(len(self.area))
        for t, (end, _) in zip(raid, ends, strict=True):
            if end == "leaked" and t.armed:
                kg[t.threat_class, t.aim] += self.warhead_kg(t)
                armed[t.aim] += 1.0
        for c, delivered in zip(CLASSES, kg, strict=True):
            amounts[f"warhead_kg/{c}"] = float(delivered.sum())
            amounts[f"warhead_zone_kg/{c}"] = float(delivered[self.area].sum())
        hits = kg.sum(axis=0) / float(self.harm.warhead_kg[self.v, 1])
        weak = 1.0 - float(self.harm.grid_protected[self.v, self.o, day])
        self.grid = self.grid * self.mend(self.value("grid_repair_days")) + self.value("energy_share") * weak * hits
        at_ports = float(hits[self.harm.port_aim.astype(bool)].sum())
        self.port = self.port * self.mend(self.value("port_repair_days")) + self.value("port_share") * at_ports
        amounts["outage_h"] = self.mean_outage_h(np.ones(len(self.area), bool))
        amounts["outage_zone_h"] = self.mean_outage_h(self.area)
        amounts["port_days"] = min(1.0, self.value("port_days_per_hit") * self.port)
        delay_h = self.value("rail_share") * self.value("rail_h_per_hit")
        amounts["rail_h"] = float(armed.sum()) * delay_h
        amounts["rail_zone_h"] = float(armed[self.area].sum()) * delay_h
        near_plants = float(hits[self.harm.plant_aim.astype(bool)].sum())
        amounts["npp_offsite_power_days"] = (self.value("plant_days_per_hit") * self.value("energy_share") * weak
                                             * near_plants)


class Marks(NamedTuple):
    """What a route leads over: parts of it (from, to)."""

    built_up: list[tuple[float, float]]
    border: list[tuple[float, float]]
    front: list[tuple[float, float]]
    third: list[tuple[float, int]]  # (from, number of the incident)
    near_aim_from_m: float


class Alerted(NamedTuple):
    """Oblasts that are under alert while something is between two points of a route."""

    aims: np.ndarray
    from_m: np.ndarray
    to_m: np.ndarray


NOBODY = Alerted(np.zeros(0, int), np.zeros(0), np.zeros(0))


class Outcomes:
    """The tally of one option under one vector."""

    def __init__(self, world, vector, option, courses):
        self.world, self.v, self.o = world, vector, option
        self.zone = world.relief.zone[option].astype(bool).tolist()
        self.area = world.rules.aim_in_area.astype(bool).tolist()
        self.marks, self.windows = courses.known("marks"), courses.known("windows", option)  # by route
        self.alerted = courses.known("alerted", vector)
        self.sent, self.came = {}, {}  # by package: armed UAVs to its oblasts past Ukraine's own defence, and past all

    def marks_of(self, route):
        """What a route leads over."""
        if route not in self.marks:
            marks = self.world.marks
            self.marks[route] = Marks(
                pairs(marks.built_up_start_m[route], marks.built_up_end_m[route]),
                pairs(marks.border_start_m[route], marks.border_end_m[route]),
                pairs(marks.front_start_m[route], marks.front_end_m[route]),
                pairs(marks.third_start_m[route], marks.third_incident[route]), float(marks.near_aim_from_m[route]))
        return self.marks[route]

    def windows_of(self, route):
        """Parts of a route where the option's rules allow to engage."""
        if route not in self.windows:
            rules = self.world.rules
            self.windows[route] = pairs(rules.window_start_m[self.o, route], rules.window_end_m[self.o, route])
        return self.windows[route]

    def alerted_by(self, threat):
        """Where the threat puts whom under alert."""
        if threat.route not in self.alerted:
            length_m, ahead_m = threat.course.length_m, self.value(self.world.risks.alert_distance_m)
            parts = [(threat.aim, max(0.0, length_m - ahead_m), length_m), *threat.course.crossed]
            aims, from_m, to_m = np.array([part for part in parts if part[1] < part[2]]).reshape(-1, 3).T
            self.alerted[threat.route] = Alerted(aims.astype(int), from_m, to_m)
        return self.alerted[threat.route]

    def value(self, array):
        """An element of an array [vector] or [vector, option]."""
        return float(array[self.v] if array.ndim == 1 else array[self.v, self.o])

    def of(self, array, there):
        """Elements of an array [vector, option, package], of the packages that are there."""
        return array[self.v, self.o][there]

    def tally(self, counts, raid, ends, alone):
        """Counts of threats (6.1)."""
        reached = [credited(t) for t, (end, _) in zip(raid, ends, strict=True) if end == "leaked" and t.armed]
        counts["prevented_armed"] = len(alone.leakers) - len(reached)
        counts["prevented_armed_zone"] = sum(self.area[a] for a in alone.leakers) - sum(self.area[a] for a in reached)
        for t, (end, _) in zip(raid, ends, strict=True):
            c = CLASSES[t.threat_class]
            counts[f"launched/{c}"] += 1
            counts[f"leaked/{c}" if end == "leaked" else f"stopped_{end}/{c}"] += 1
            if end in ("coalition", "aid"):
                counts[f"prevented/{c}" if is_prevented(t) else f"redundant/{c}"] += 1
                counts["prevented_zone"] += is_prevented(t) and self.area[t.aim]
            if end == "leaked":
                counts["leaked_zone"] += self.area[t.aim]
                counts["leaked_armed"] += t.armed and t.threat_class == UAV
            counts["engaged"] += t.engagements > 0
            counts["saturated"] += t.engagements == 0 and t.could_s < t.end_s
            counts["relieved"] += t.relieved
            if t.refused:
                counts[f"refused_{t.refused}"] += 1
            if t.refused == "standoff":
                counts[f"refused_by/{CLAUSES[int(self.world.rules.refused_by[self.o, t.route]) - 1]}"] += 1

    def fly(self, counts, amounts, force):
        """Hours, sorties, munitions and shooters without rounds of a funded day (5.15)."""
        f, v, o = self.world.forces, self.v, self.o
        pair = self.value(self.world.fleets.aircraft_per_pair)
        for slot, shooter in force.manned.items():
            scrambled, per_day = shooter.scrambles * pair, float(f.sorties_per_day[v, o, slot])
            amounts["sorties"] += per_day + scrambled
            amounts["flight_hours"] += (per_day * float(f.flight_time_h[v, o, slot])
                                        + scrambled * float(f.alert_sortie_s[v, shooter.kind]) / 3600.0)
            amounts["tanker_hours"] += float(f.tanker_time_h[v, o, slot])
            stores = [s for s in f.store[o, slot].tolist() if s >= 0]
            counts["shooter_days_without_rounds"] += all(force.stock[s] < 1.0 for s in stores)
        for (kind, weapon), n in force.shots.items():
            if n:
                counts[f"munitions/{MUNITIONS[int(f.munition[kind, weapon])]}"] += n

    def incidents(self, result, raid, ends, flown, force):
        """Sums of probabilities over threats and engagements (5.16); return the fratricide by Ukraine."""
        risks, rules = self.world.risks, self.world.rules
        strays_to, embassy = self.world.marks.strays_to.tolist(), int(risks.embassy_aim[0])
        own_fratricide = 0.0
        for t, (end, s) in zip(raid, ends, strict=True):
            marks = self.marks_of(t.route)
            for start, kind in marks.third:
                if start < s:
                    result[INCIDENTS[kind]] += 1.0
            stray = strays_to[t.aim]
            jammed = end == "own_soft" and t.threat_class == UAV and s >= marks.near_aim_from_m
            if stray >= 0 and (jammed or (end == "leaked" and CLASSES[t.threat_class] != "ballistic")):
                result[INCIDENTS[stray]] += self.value(risks.p_crossing)
            if end == "leaked" and t.armed and t.aim == embassy:
                result["embassy_struck"] += self.value(risks.p_embassy)
            if end in ("coalition", "aid", "own_hard") and inside(marks.built_up, s):
                result["debris_built_up"] += self.value(risks.p_debris)
            if flown and end == "own_hard" and inside(self.windows_of(t.route), s):
                own_fratricide += self.value(risks.p_fratricide_own)
            if t.engagements:
                result["wrong_class"] += not rules.class_allowed[self.o, t.threat_class]
                at = t.shot_m
                result["engagement_near_border"] += inside(marks.border, at)
                result["engagement_near_front"] += inside(marks.front, at)
                if inside(marks.built_up, at):
                    result["stray_weapon"] += t.missed * self.value(risks.p_stray)
        apart = sum(t.engagements for t in raid) - force.clustered
        result["fratricide"] = (apart * self.value(risks.p_fratricide)
                                + force.clustered * self.value(risks.p_fratricide_cluster) + own_fratricide)
        result["aircraft_lost_engaging"] = force.by_fighters * self.value(risks.lost_per_engagement)
        return own_fratricide

    def alerts(self, amounts, raid, ends):
        """Person-hours under alert, and the hours of the capital and of the corridors' oblasts, on average."""
        people = self.world.people.population.astype(float)
        alerted = [self.alerted_by(t) for t in raid]
        aims, start, until = (np.concatenate(parts) for parts in zip(NOBODY, *alerted, strict=True))
        end, departure_s, pace_s_m = np.array([(end, t.departure_s, t.pace_s_m) for t, (_, end) in zip(
            raid, ends, strict=True)]).reshape(-1, 3).T.repeat([len(of_one.aims) for of_one in alerted], axis=1)
        over = start < end
        until = np.minimum(until, end)
        hours = bins_under(len(people), aims[over], (departure_s + start * pace_s_m)[over],
                           (departure_s + until * pace_s_m)[over]) / 6.0
        amounts["alert_person_hours"] = float((hours * people).sum())
        for name, flags in (("kyiv", self.world.harm.kyiv_aim), ("corridors", self.world.harm.corridor_aim)):
            aims = np.flatnonzero(flags)
            amounts[f"alert_h_{name}"] = float(hours[aims].sum()) / len(aims) if len(aims) else 0.0

    def attacks(self, result, force, phase):
        """Aircraft lost on the ground and beside the zone on a day with fighters there (5.16)."""
        risks, v = self.world.risks, self.v
        if self.world.fleets.aircraft[v, self.o] > 0.0 and force.flies:
            result["aircraft_lost_at_bases"] = float(risks.lost_at_bases_per_day[v, phase])
            result["support_aircraft_lost"] = float(
                risks.early_warning_lost_per_day[v, self.o, phase] + risks.tankers_lost_per_day[v, self.o, phase])

    def people(self, result, amounts, raid, ends, own_fratricide, there, phase, rng):
        """Incidents that go with hours, people by role, and casualties by role, on a day with some packages there."""
        risks, people = self.world.risks, self.world.people
        hours = amounts["flight_hours"]
        over = hours * self.value(risks.share_over_ukraine)
        result["encounter_crewed"] = hours * self.value(risks.share_on_station) * self.value(risks.encounters_per_h)
        result["aircraft_lost_over_ukraine"] = over * self.value(risks.aircraft_lost_per_h)
        result["accident"] = hours * self.value(risks.accidents_per_h)
        lost = in_the_air(result, own_fratricide)
        amounts["people_by_role_h/aircrew_over_ukraine"] = over * self.value(people.on_board)
        casualties = {ROLES[0]: int(rng.poisson(lost * self.value(people.on_board)
                                                * self.value(people.p_aircrew_casualty)))}
        shields = {p: self.shield(p, raid, ends) for p in np.flatnonzero(there).tolist()}
        hit = np.bincount([t.aim for t, (end, _) in zip(raid, ends, strict=True) if end == "leaked" and t.armed],
                          minlength=len(self.area))
        for post, role in enumerate(POSTS):
            rows = [self.strikes_on(post, role, p, hit, shield, phase) for p, shield in shields.items()
                    if people.there[self.v, self.o, p, post] > 0.0]
            amounts[f"people_by_role_h/{role}"] = sum(24.0 * there_h for there_h, *_ in rows)
            result[STRUCK[role]] = sum(n for _, n, _, _ in rows)
            casualties[role] = self.casualties([row[1:] for row in rows], rng)
        amounts["people_exposed_h"] = sum(amounts[f"people_by_role_h/{role}"] for role in (ROLES[0], *IN_UKRAINE))
        return casualties

    def strikes_on(self, post, role, package, hit, shield, phase):
        """People of a package at a post, the strikes expected on them, what one costs on average and at most."""
        people, v, at = self.world.people, self.v, (self.o, package, post)
        chance = float(people.p_struck[v, post]) * float((people.exposed[at] * hit).sum())
        aimed = float(people.places[at]) * float(people.deliberate_per_day[v, post, phase])
        return (float(people.there[(v, *at)]), chance + aimed * (shield if role in IN_UKRAINE else 1.0),
                float(people.casualties_per_strike[(v, *at)]), float(people.largest[(v, *at)]))

    def shield(self, package, raid, ends):
        """What is left of strikes aimed at places in Ukraine: of those by UAVs as many as came through so far."""
        of_uav = self.value(self.world.people.uav_share)
        for role in IN_UKRAINE if of_uav > 0.0 else ():
            near = self.world.people.exposed[self.o, package, POSTS.index(role)] > 0.0
            for t, (end, _) in zip(raid, ends, strict=True):
                if near[t.aim] and t.threat_class == UAV and t.load == ARMED and t.survives_own:
                    self.sent[package] = self.sent.get(package, 0) + 1
                    self.came[package] = self.came.get(package, 0) + (end == "leaked")
        through = (1.0 + self.came.get(package, 0)) / (1.0 + self.sent.get(package, 0))
        return 1.0 - of_uav * (1.0 - min(1.0, through))

    def casualties(self, rows, rng):
        """Casualties of the day's strikes on a post, rows of (strikes expected, mean, most) of its packages."""
        expected = sum(n for n, _, _ in rows)
        n = int(rng.poisson(expected))
        m = sum(x * mean for x, mean, _ in rows) / expected if expected > 0.0 else 0.0
        size = self.value(self.world.people.casualty_dispersion)
        if n == 0 or m <= 0.0:
            return 0
        most = math.floor(max(most for _, _, most in rows))
        return int(np.minimum(rng.negative_binomial(size, size / (size + m), n), most).sum())

    def pay(self, amounts, result, force, own_fratricide, there, phase):
        """Money of a funded day (5.19)."""
        costs, v, o = self.world.costs, self.v, self.o
        n_kinds, n_weapons = self.world.forces.magazine.shape
        used = np.zeros(len(costs.line))
        used[0], used[1] = amounts["flight_hours"], amounts["tanker_hours"]
        used[2] = fighters_lost(result, own_fratricide)
        used[3] = result["fratricide"] - own_fratricide
        if result["support_aircraft_lost"] > 0.0:
            risks = self.world.risks
            used[4], used[5] = risks.early_warning_lost_per_day[v, o, phase], risks.tankers_lost_per_day[v, o, phase]
        for shooter in force.manned.values():
            used[N_SINGLE_ITEMS + shooter.kind] += 1.0
        for (kind, weapon), n in force.shots.items():
            used[N_SINGLE_ITEMS + n_kinds + kind * n_weapons + weapon] += n
        standing = self.of(costs.standing_eur, there).sum(axis=0)
        spent = [[float(standing[b, k]) + float((used * costs.price_eur[v, b])[costs.line == k].sum())
                  for k in range(len(LINES))] for b in (0, 1)]
        for line, money in zip(LINES, spent[0], strict=True):
            amounts[f"cost_by_line_eur/{line}"] = float(euros(money))
        amounts["cost_eur"] = float(sum(euros(x) for x in spent[0]))
        amounts["incremental_cost_eur"] = float(sum(euros(x) for x in spent[1]))
        amounts["planned_cost_eur"] = float(costs.planned_eur[o, there, 0].sum())
        amounts["planned_incremental_cost_eur"] = float(costs.planned_eur[o, there, 1].sum())
        amounts["unspent_eur"] = float(costs.unspent_eur[v, o, there].sum())
