"""Step 6: identify, and apply the rules.

Each threat is taken to be of a class that may be shot at, or not, with a probability that depends on its class and on
how sure the rules want the operator to be (`Forces.p_accepted`); so one of a class that is not allowed is now and then
shot at. A shooter may engage a threat where the threat's route is inside the option's zone after stand-offs (the
rule's windows), inside the shooter's reach and sector, and not before the release chain has answered. What holds a
threat back is remembered, in this order: its class is not allowed; the stand-offs and buffers leave no window; it is
allowed but not taken to be; it is left to Ukraine's own shooters.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.engine.steps.detect import release_time_s
from skyshield.engine.steps.scramble import earliest_scramble
from skyshield.engine.world import Floats, Forces, Raid, Routes, Rules, Scratch

NOT_REFUSED, REFUSED_BY_CLASS, REFUSED_BY_STANDOFF, REFUSED_BY_IDENTIFICATION, REFUSED_BY_DECONFLICTION = range(5)


@kernel
def reach_on_leg(x_0: float, y_0: float, x_1: float, y_1: float, x: float, y: float,
                 reach_m: float) -> tuple[float, float]:
    """Return the part of one leg within `reach_m` of a point, as distances from the leg's start.

    An empty part has its end before its start.
    """
    dx, dy = x_1 - x_0, y_1 - y_0
    length = np.sqrt(dx * dx + dy * dy)
    if length == 0.0:
        return 1.0, 0.0
    along = ((x - x_0) * dx + (y - y_0) * dy) / length
    across_2 = (x - x_0) ** 2 + (y - y_0) ** 2 - along * along
    half_2 = reach_m * reach_m - across_2
    if half_2 <= 0.0:
        return 1.0, 0.0
    half = np.sqrt(half_2)
    return max(0.0, along - half), min(length, along + half)


@kernel
def clip_to_edge(x_0: float, y_0: float, x_1: float, y_1: float, edge_x: float, edge_y: float, part_0: float,
                 part_1: float) -> tuple[float, float]:
    """Return what of a part of one leg lies on the inner side of a sector's edge.

    The leg's points are relative to the shooter; `edge_x`, `edge_y` is the edge's inward normal.
    """
    length = np.sqrt((x_1 - x_0) ** 2 + (y_1 - y_0) ** 2)
    if length == 0.0 or (edge_x == 0.0 and edge_y == 0.0):
        return part_0, part_1
    at_start = x_0 * edge_x + y_0 * edge_y
    slope = ((x_1 - x_0) * edge_x + (y_1 - y_0) * edge_y) / length
    if slope > 0.0:
        return max(part_0, -at_start / slope), part_1
    if slope < 0.0:
        return part_0, min(part_1, -at_start / slope)
    return (part_0, part_1) if at_start >= 0.0 else (1.0, 0.0)


@kernel
def reach_of(px: Floats, py: Floats, x: float, y: float, edge_x: Floats, edge_y: Floats,
             reach_m: float) -> tuple[float, float, float, float]:
    """Return at most two parts of a polyline of three points that a shooter reaches; parts that touch are one.

    `edge_x`, `edge_y` are the inward normals of its sector's two edges.
    """
    first = np.sqrt((px[1] - px[0]) ** 2 + (py[1] - py[0]) ** 2)
    a_0, b_0 = reach_on_leg(px[0], py[0], px[1], py[1], x, y, reach_m)
    a_1, b_1 = reach_on_leg(px[1], py[1], px[2], py[2], x, y, reach_m)
    for edge in range(2):
        a_0, b_0 = clip_to_edge(px[0] - x, py[0] - y, px[1] - x, py[1] - y, edge_x[edge], edge_y[edge], a_0, b_0)
        a_1, b_1 = clip_to_edge(px[1] - x, py[1] - y, px[2] - x, py[2] - y, edge_x[edge], edge_y[edge], a_1, b_1)
    a_1, b_1 = a_1 + first, b_1 + first
    if b_0 >= a_0 and b_1 >= a_1 and b_0 >= first and a_1 <= first:
        return a_0, b_1, 1.0, 0.0
    return a_0, b_0, a_1, b_1


@kernel
def earliest_in(start_m: Floats, end_m: Floats, part: tuple[float, float, float, float], departure_s: float,
                pace_s_m: float, release_s: float, from_s: float, work_s: float) -> float:
    """Return the earliest moment from `from_s` at which one who reaches parts of a route can begin work there.

    `start_m`, `end_m` [window] are the rule's windows, `release_s` the release chain's time. Infinity if there is none.
    """
    best_s = np.inf
    for piece in range(2):
        a, b = (part[0], part[1]) if piece == 0 else (part[2], part[3])
        for w in range(start_m.shape[0]):
            from_m, to_m = max(a, start_m[w]), min(b, end_m[w])
            begin_s = max(from_s, departure_s + from_m * pace_s_m + release_s)
            if from_m <= to_m and begin_s + work_s <= departure_s + to_m * pace_s_m:
                best_s = min(best_s, begin_s)
    return best_s


@kernel
def permit(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, n: int, scratch: Scratch,
           raid: Raid) -> None:
    """Fill each threat's earliest opening under the option's rules, and why there is none."""
    nobody = scratch.manned.sum() == 0  # then no clause is what holds anyone back
    for i in range(n):
        raid.opening_s[i] = np.inf
        raid.could_shoot_s[i] = np.inf
        raid.refused[i] = NOT_REFUSED
        route = raid.route[i]
        if nobody or not rules.crosses_declared[option, route]:
            continue
        kind_allowed = rules.class_allowed[option, raid.threat_class[i]]
        accepted = raid.identify_u[i] < forces.p_accepted[vector, option, raid.threat_class[i]]
        if not kind_allowed and not accepted:
            raid.refused[i] = REFUSED_BY_CLASS
            continue
        if rules.window_start_m[option, route, 0] == np.inf:
            raid.refused[i] = REFUSED_BY_STANDOFF
            continue
        px, py = routes.x_m[route], routes.y_m[route]
        start_m, end_m = rules.window_start_m[option, route], rules.window_end_m[option, route]
        for k in range(forces.near_first[option, route], forces.near_first[option, route + 1]):
            slot = forces.near_slot[k]
            kind = forces.shooter_kind[option, slot]
            if scratch.manned[slot] and raid.track_u[i] < scratch.p_seen[slot, raid.threat_class[i]]:
                work_s = forces.engagement_time_s[vector, kind]
                part = reach_of(px, py, forces.x_m[option, slot], forces.y_m[option, slot], forces.edge_x[option, slot],
                                forces.edge_y[option, slot],
                                forces.reach_m[vector, option, slot, raid.threat_class[i]])
                release_s = release_time_s(forces.release_time_s[vector, option], forces.handover_time_s[vector],
                                           raid.track_u[i], scratch.p_track[kind])
                begin_s = earliest_in(start_m, end_m, part, raid.departure_s[i], raid.pace_s_m[i], release_s, -np.inf,
                                      work_s)
                could_s = begin_s
                if forces.alert_time_s[vector, kind] > 0.0 and begin_s < np.inf:
                    could_s = earliest_scramble(
                        rules, routes, forces, option, vector, slot, i, raid, part, release_s, -np.inf, -np.inf,
                        forces.x_m[option, slot], forces.y_m[option, slot], forces.alert_time_s[vector, kind], np.inf,
                        work_s)
                if could_s < np.inf:
                    raid.opening_s[i] = min(raid.opening_s[i], begin_s)
                    raid.could_shoot_s[i] = min(raid.could_shoot_s[i], could_s + work_s)
        if raid.opening_s[i] < np.inf:
            if not accepted:
                raid.refused[i] = REFUSED_BY_IDENTIFICATION
            elif raid.joint_u[i] >= forces.p_deconflicted[vector]:
                raid.refused[i] = REFUSED_BY_DECONFLICTION
            if raid.refused[i] != NOT_REFUSED:
                raid.opening_s[i] = np.inf
                raid.could_shoot_s[i] = np.inf
