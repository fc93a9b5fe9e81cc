"""Step 6: apply the rules.

A patrol may engage a threat where the threat's route is inside the option's zone after stand-offs (the
rule's windows) and inside the patrol's reach. What a clause alone removes is remembered: a threat whose
route crosses the option's declared zone is `REFUSED_CLASS` if its class is not allowed, and
`REFUSED_STANDOFF` if its class is allowed but the stand-offs leave no window.
"""

import numpy as np

from skyshield.core.jit import kernel
from skyshield.engine.world import Flags, Forces, Raid, Routes, Rules

NOT_REFUSED, REFUSED_BY_CLASS, REFUSED_BY_STANDOFF = 0, 1, 2


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
def reach_on_route(routes: Routes, route: int, x: float, y: float,
                   reach_m: float) -> tuple[float, float, float, float]:
    """Return at most two parts of a route within `reach_m` of a point; parts that touch are one."""
    px, py = routes.x_m[route], routes.y_m[route]
    first = np.sqrt((px[1] - px[0]) ** 2 + (py[1] - py[0]) ** 2)
    a_0, b_0 = reach_on_leg(px[0], py[0], px[1], py[1], x, y, reach_m)
    a_1, b_1 = reach_on_leg(px[1], py[1], px[2], py[2], x, y, reach_m)
    a_1, b_1 = a_1 + first, b_1 + first
    if b_0 >= a_0 and b_1 >= a_1 and b_0 >= first and a_1 <= first:
        return a_0, b_1, 1.0, 0.0
    return a_0, b_0, a_1, b_1


@kernel
def earliest_window(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, slot: int, i: int,
                    raid: Raid, from_s: float, work_s: float) -> float:
    """Return the earliest moment from `from_s` at which the slot can begin `work_s` of work on threat i.

    Infinity if the rules, the patrol's reach or the time left allow none.
    """
    route = raid.route[i]
    part = reach_on_route(routes, route, forces.station_x_m[option, slot], forces.station_y_m[option, slot],
                          forces.reach_m[vector, raid.threat_class[i]])
    best_s = np.inf
    for piece in range(2):
        a, b = (part[0], part[1]) if piece == 0 else (part[2], part[3])
        for w in range(rules.window_start_m.shape[2]):
            start_m = max(a, rules.window_start_m[option, route, w])
            end_m = min(b, rules.window_end_m[option, route, w])
            begin_s = max(from_s, raid.departure_s[i] + start_m * raid.pace_s_m[i])
            if start_m <= end_m and begin_s + work_s <= raid.departure_s[i] + end_m * raid.pace_s_m[i]:
                best_s = min(best_s, begin_s)
    return best_s


@kernel
def permit(rules: Rules, routes: Routes, forces: Forces, option: int, vector: int, manned: Flags, n: int,
           raid: Raid) -> None:
    """Fill each threat's earliest opening under the option's rules, and why there is none."""
    nobody = manned.sum() == 0  # then no clause is what holds anyone back
    for i in range(n):
        raid.opening_s[i] = np.inf
        raid.refused[i] = NOT_REFUSED
        route = raid.route[i]
        if nobody or not rules.crosses_declared[option, route]:
            continue
        if not rules.class_allowed[option, raid.threat_class[i]]:
            raid.refused[i] = REFUSED_BY_CLASS
        elif rules.window_start_m[option, route, 0] == np.inf:
            raid.refused[i] = REFUSED_BY_STANDOFF
        elif raid.tracked[i]:
            for slot in range(manned.shape[0]):
                if manned[slot]:
                    raid.opening_s[i] = min(raid.opening_s[i], earliest_window(
                        rules, routes, forces, option, vector, slot, i, raid, -np.inf,
                        forces.engagement_time_s[vector]))
