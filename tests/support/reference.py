"""A slow, independent engagement: one global list of possible beginnings, the earliest is taken, again and again.

It shares with the engine only the addressed draws. A patrol is idle whenever it is not at work; a threat that
could be begun at the same moment as another waits if the other came within reach first; a patrol without
weapons cannot begin before its next relief unless `wait_for_relief` is off, in which case it lets the threat go.
"""

import itertools
import math

from skyshield.engine.world import SHOT
from support.worlds import SEED, u


def circle_parts(points, centre, reach_m):
    """Parts of a polyline inside a circle, as (start, end) distances along it, joined where they touch."""
    parts, offset = [], 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        length = math.dist((x0, y0), (x1, y1))
        if length:
            ux, uy = (x1 - x0) / length, (y1 - y0) / length
            b = ux * (x0 - centre[0]) + uy * (y0 - centre[1])
            c = (x0 - centre[0]) ** 2 + (y0 - centre[1]) ** 2 - reach_m**2
            root = b * b - c
            if root > 0:
                start, end = max(0.0, -b - math.sqrt(root)), min(length, -b + math.sqrt(root))
                if start <= end:
                    parts.append((offset + start, offset + end))
        offset += length
    if len(parts) == 2 and abs(parts[0][1] - parts[1][0]) < 1e-9 * max(1.0, offset):
        return [(parts[0][0], parts[1][1])]
    return parts


def openings(world, raid, i, slot, option=0):
    """Moments (start, end) in which the slot may work on threat i, by rule and reach."""
    route, kind = raid.route[i], raid.threat_class[i]
    points = list(zip(world.routes.x_m[route], world.routes.y_m[route], strict=True))
    centre = world.forces.x_m[option, slot], world.forces.y_m[option, slot]
    result = []
    for a, b in circle_parts(points, centre, world.forces.reach_m[0, option, slot, kind]):
        for w0, w1 in zip(world.rules.window_start_m[option, route], world.rules.window_end_m[option, route],
                          strict=True):
            start, end = max(a, w0), min(b, w1)
            if start <= end < math.inf:
                result.append((raid.departure_s[i] + start * raid.pace_s_m[i],
                               raid.departure_s[i] + end * raid.pace_s_m[i]))
    return result


def reference_engage(world, raid, n, option=0, n_slots=None):
    """Return fates (1 stopped) and shots of every threat, and the log of (begin, threat, slot)."""
    forces, rules = world.forces, world.rules
    n_slots = forces.shooter_kind.shape[1] if n_slots is None else n_slots
    work, relief = forces.engagement_time_s[0, 0], forces.renewal_time_s[0, option, 0]
    free, used = [-math.inf] * n_slots, [{} for _ in range(n_slots)]
    fate, shots, ready = [0] * n, [0] * n, [-math.inf] * n
    parts = {}
    for i in range(n):
        allowed = (rules.class_allowed[option, raid.threat_class[i]] and raid.track_u[i] < 1.0
                   and rules.crosses_declared[option, raid.route[i]])
        parts[i] = [openings(world, raid, i, s, option) if allowed else [] for s in range(n_slots)]
    first = {i: min((a for s in parts[i] for a, b in s if a + work <= b), default=math.inf) for i in range(n)}
    end = [raid.departure_s[i] + min(raid.own_stop_m[i], raid.length_m[i]) * raid.pace_s_m[i] for i in range(n)]
    live, log = {i for i in range(n) if first[i] < math.inf}, []

    def begin(i, s):
        """Return the earliest moment slot s could begin threat i, with a weapon to fire."""
        earliest = math.inf
        for a, b in parts[i][s]:
            t = max(a, ready[i], free[s])
            while t + work <= b:
                period = math.floor(t / relief)
                if used[s].get(period, 0) < forces.rounds[0, 0, 0]:
                    earliest = min(earliest, t)
                    break
                t = (period + 1) * relief
        return earliest

    while live:
        t, _, i, s = min((begin(i, s), first[i], i, s) for i in live for s in range(n_slots))
        if math.isinf(t):
            break
        if t >= end[i]:
            live.discard(i)
            continue
        log.append((t, i, s))
        if t + work >= end[i]:
            free[s] = end[i]
            live.discard(i)
            continue
        free[s] = ready[i] = t + work
        period = math.floor(t / relief)
        used[s][period] = used[s].get(period, 0) + 1
        draw = u(SHOT, int(raid.threat[i]), s << 8 | shots[i], seed=SEED)[0]
        shots[i] += 1
        if draw < forces.p_kill[0, 0, 0, raid.threat_class[i]]:
            fate[i] = 1
        if fate[i] or shots[i] == forces.max_engagements[0]:
            live.discard(i)
    return fate, shots, log
