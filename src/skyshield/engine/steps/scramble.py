r"""Part of steps 16 and 17: pairs on ground alert fly to their threats.

A pair waits at a base. It is ordered off once a threat is tracked inside the rule's window and its own reach, and the
release chain has answered; it takes off after its alert time and flies at its dash speed straight to where it meets
the threat. With the threat at P(z) of its route at distance z, the pair leaving Q when the threat is at z_0, and
r the pair's speed over the threat's along the drawn route, they meet at the first z at which

    r (z - z_0) >= |P(z) - Q|,

a quadratic equation on each leg. From there it fights like a patrol, and may go on to other threats while its sortie
lasts: every engagement must end early enough to fly home at the same speed before the sortie's end. Then it is turned
round. Nobody foresees what becomes of a threat: a pair that has taken off after one that is stopped on the way has
flown.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import N_CLASSES
from skyshield.engine.arrays import copy_to
from skyshield.engine.scratch import Raid, Reach, Scratch
from skyshield.engine.world import Forces, Routes


@kernel
def point_on_route(px: Floats, py: Floats, at_m: float) -> tuple[float, float]:
    """Return a point of a route of three points by its distance from the start."""
    first = np.sqrt((px[1] - px[0]) ** 2 + (py[1] - py[0]) ** 2)
    leg = 0 if at_m <= first else 1
    along = at_m if leg == 0 else at_m - first
    length = first if leg == 0 else np.sqrt((px[2] - px[1]) ** 2 + (py[2] - py[1]) ** 2)
    share = min(1.0, along / length) if length > 0.0 else 0.0
    return px[leg] + share * (px[leg + 1] - px[leg]), py[leg] + share * (py[leg + 1] - py[leg])


@kernel
def meeting_on_leg(x_0: float, y_0: float, x_1: float, y_1: float, x: float, y: float, leave_m: float, ratio: float,
                   from_m: float) -> float:
    """Return the first distance along a leg, at least `from_m`, at which one who left (x, y) meets the threat.

    Distances are from the leg's start, `leave_m` too, where the threat was when he left. Infinity if he meets it
    nowhere on the leg.
    """
    dx, dy = x_1 - x_0, y_1 - y_0
    length = np.sqrt(dx * dx + dy * dy)
    if length == 0.0 or from_m > length:
        return np.inf
    along = ((x - x_0) * dx + (y - y_0) * dy) / length
    across_2 = max(0.0, (x - x_0) ** 2 + (y - y_0) ** 2 - along * along)
    if from_m >= leave_m and ratio * (from_m - leave_m) >= np.sqrt(across_2 + (from_m - along) ** 2):
        return from_m
    # (r^2 - 1) z^2 - 2 (r^2 z_0 - along) z + r^2 z_0^2 - across^2 - along^2 = 0
    a, b = ratio * ratio - 1.0, ratio * ratio * leave_m - along
    c = ratio * ratio * leave_m * leave_m - across_2 - along * along
    least, best = max(from_m, leave_m), np.inf
    if a == 0.0:
        if b != 0.0 and c / (2.0 * b) >= least:
            best = c / (2.0 * b)
    elif b * b - a * c >= 0.0:
        root = np.sqrt(b * b - a * c)
        for z in ((b - root) / a, (b + root) / a):
            if z >= least:
                best = min(best, z)
    return best if best <= length else np.inf


@kernel
def meeting_m(px: Floats, py: Floats, x: float, y: float, leave_m: float, ratio: float, from_m: float) -> float:
    """Return the first position of a route, from `from_m` on, at which one who left (x, y) meets the threat."""
    first = np.sqrt((px[1] - px[0]) ** 2 + (py[1] - py[0]) ** 2)
    if from_m <= first:
        met = meeting_on_leg(px[0], py[0], px[1], py[1], x, y, leave_m, ratio, from_m)
        if met < np.inf:
            return met
    from_m = max(0.0, from_m - first)
    return float(first + meeting_on_leg(px[1], py[1], px[2], py[2], x, y, leave_m - first, ratio, from_m))


@kernel
def away_m(x_0: float, y_0: float, x_1: float, y_1: float) -> float:
    """Return the distance of two points."""
    return float(np.sqrt((x_1 - x_0) ** 2 + (y_1 - y_0) ** 2))


@kernel
def earliest_scramble(reach: Reach, routes: Routes, forces: Forces, option: int, vector: int, near: int, i: int,
                      raid: Raid, release_s: float, from_s: float, leave_s: float, x: float, y: float, delay_s: float,
                      until_s: float, work_s: float) -> float:
    """Return the earliest moment from `from_s` at which a pair can begin `work_s` of work on threat i.

    It is ordered `release_s` after its track in the window. The pair is at (x, y), free to be ordered from `leave_s`
    on, off `delay_s` after its order, and must be home by `until_s`, or, if that is infinite, the time of a sortie
    after it took off. `near` is the place of the pair and the threat's route in `Forces.near_slot`.
    """
    slot, route, entry = forces.near_slot[near], raid.route[i], near * N_CLASSES + raid.threat_class[i]
    kind = forces.shooter_kind[option, slot]
    speed_m_s, pace_s_m = forces.dash_speed_m_s[vector, kind], raid.pace_s_m[i]
    departure_s, best_s = raid.departure_s[i], np.inf
    px, py = routes.x_m[route], routes.y_m[route]
    for span in range(reach.first[entry], reach.first[entry + 1]):
        start_m, end_m = reach.start_m[span], reach.end_m[span]
        order_s = max(leave_s, departure_s + start_m * pace_s_m + release_s)
        off_m = (order_s + delay_s - departure_s) / pace_s_m
        met_m = meeting_m(px, py, x, y, off_m, speed_m_s * pace_s_m, start_m)
        begin_s = max(from_s, departure_s + met_m * pace_s_m)
        if begin_s >= best_s or begin_s + work_s > departure_s + end_m * pace_s_m:
            continue
        there_x, there_y = point_on_route(px, py, (begin_s - departure_s) / pace_s_m)
        home_s = away_m(there_x, there_y, forces.x_m[option, slot], forces.y_m[option, slot]) / speed_m_s
        last_s = until_s if until_s < np.inf else begin_s - home_s + forces.alert_sortie_s[vector, kind]
        if begin_s + work_s + home_s <= last_s:
            best_s = begin_s
    return best_s


@kernel
def earliest_of_pair(routes: Routes, forces: Forces, option: int, vector: int, near: int, i: int, raid: Raid,
                     release_s: float, from_s: float, new: bool, scratch: Scratch) -> float:
    """Return when a pair can begin threat i: in a new sortie from its base, or in the one it is on."""
    slot = forces.near_slot[near]
    kind = forces.shooter_kind[option, slot]
    x, y, delay_s, until_s = scratch.at_x_m[slot], scratch.at_y_m[slot], 0.0, scratch.sortie_end_s[slot]
    leave_s = scratch.free_s[slot, 0]
    if new:
        leave_s = max(leave_s, scratch.sortie_end_s[slot] + forces.renewal_time_s[vector, option, slot])
        x, y = forces.x_m[option, slot], forces.y_m[option, slot]
        delay_s, until_s = forces.alert_time_s[vector, kind], np.inf
    return earliest_scramble(scratch.reach, routes, forces, option, vector, near, i, raid, release_s, from_s, leave_s,
                             x, y, delay_s, until_s, forces.engagement_time_s[vector, kind])


@kernel
def fly_to(routes: Routes, forces: Forces, option: int, vector: int, slot: int, i: int, raid: Raid, begin_s: float,
           end_s: float, scratch: Scratch) -> None:
    """Send a pair to where it would begin threat i, to be free at `end_s`; it flies unless that comes before take-off.

    If it is at its base this is a new sortie, with new weapons. At `end_s` it is where it met the threat, or as far on
    the way there as it has come.
    """
    kind, route = forces.shooter_kind[option, slot], raid.route[i]
    speed_m_s = forces.dash_speed_m_s[vector, kind]
    x, y = point_on_route(routes.x_m[route], routes.y_m[route],
                          (begin_s - raid.departure_s[i]) / raid.pace_s_m[i])
    new = begin_s > scratch.sortie_end_s[slot]
    from_x = forces.x_m[option, slot] if new else scratch.at_x_m[slot]
    from_y = forces.y_m[option, slot] if new else scratch.at_y_m[slot]
    flight_s = away_m(from_x, from_y, x, y) / speed_m_s
    if begin_s - flight_s >= end_s:
        return
    if new:
        scratch.scrambles[slot] += 1
        scratch.sortie_end_s[slot] = begin_s - flight_s + forces.alert_sortie_s[vector, kind]
        copy_to(scratch.left[slot], forces.rounds[vector, kind])
    flown = 1.0 if begin_s <= end_s else 1.0 - (begin_s - end_s) / flight_s
    scratch.at_x_m[slot] = from_x + flown * (x - from_x)
    scratch.at_y_m[slot] = from_y + flown * (y - from_y)
    scratch.free_s[slot, 0] = end_s
