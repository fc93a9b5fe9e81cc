"""Step 3: where along each route each shooter may engage.

That is inside its reach and sector and inside the rule's windows. A route has at most two parts within reach, one on
each leg, which are one if they touch; what is left of them in the windows are spans. They depend on the vector, the
option and the class, not on the night: they are worked out once a block, for the routes near a shooter.
"""

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.jit import kernel
from skyshield.core.vocabulary import N_CLASSES
from skyshield.engine.scratch import Reach
from skyshield.engine.world import Forces, Routes, Rules


@kernel
def length_of(x_0: float, y_0: float, x_1: float, y_1: float) -> float:
    """Return the length of a leg."""
    dx, dy = x_1 - x_0, y_1 - y_0
    return float(np.sqrt(dx * dx + dy * dy))


@kernel
def reach_on_leg(x_0: float, y_0: float, x_1: float, y_1: float, length: float, x: float, y: float,
                 reach_m: float) -> tuple[float, float]:
    """Return the part of one leg within `reach_m` of a point, as distances from the leg's start.

    An empty part has its end before its start.
    """
    dx, dy = x_1 - x_0, y_1 - y_0
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
    if edge_x == 0.0 and edge_y == 0.0:
        return part_0, part_1
    length = length_of(x_0, y_0, x_1, y_1)
    if length == 0.0:
        return part_0, part_1
    at_start = x_0 * edge_x + y_0 * edge_y
    slope = ((x_1 - x_0) * edge_x + (y_1 - y_0) * edge_y) / length
    if slope > 0.0:
        return max(part_0, -at_start / slope), part_1
    if slope < 0.0:
        return part_0, min(part_1, -at_start / slope)
    return (part_0, part_1) if at_start >= 0.0 else (1.0, 0.0)


@kernel
def reach_of(px: Floats, py: Floats, first: float, second: float, x: float, y: float, edge_x: Floats, edge_y: Floats,
             reach_m: float) -> tuple[float, float, float, float]:
    """Return at most two parts of a polyline of three points that a shooter reaches; parts that touch are one.

    `first` and `second` are the lengths of its legs, `edge_x`, `edge_y` the inward normals of its sector's two edges.
    """
    a_0, b_0 = reach_on_leg(px[0], py[0], px[1], py[1], first, x, y, reach_m)
    a_1, b_1 = reach_on_leg(px[1], py[1], px[2], py[2], second, x, y, reach_m)
    for edge in range(2):
        a_0, b_0 = clip_to_edge(px[0] - x, py[0] - y, px[1] - x, py[1] - y, edge_x[edge], edge_y[edge], a_0, b_0)
        a_1, b_1 = clip_to_edge(px[1] - x, py[1] - y, px[2] - x, py[2] - y, edge_x[edge], edge_y[edge], a_1, b_1)
    a_1, b_1 = a_1 + first, b_1 + first
    if b_0 >= a_0 and b_1 >= a_1 and b_0 >= first and a_1 <= first:
        return a_0, b_1, 1.0, 0.0
    return a_0, b_0, a_1, b_1


@kernel
def add_spans(part: tuple[float, float, float, float], start_m: Floats, end_m: Floats, span: int, reach: Reach) -> int:
    """Write what windows [window] leave of parts within reach from a span on; return the next free span."""
    for piece in range(2):
        a, b = (part[0], part[1]) if piece == 0 else (part[2], part[3])
        for w in range(start_m.shape[0]):
            if a > b or start_m[w] > b:  # windows ascend, and are padded with infinity
                break
            from_m, to_m = max(a, start_m[w]), min(b, end_m[w])
            if from_m <= to_m:
                reach.start_m[span], reach.end_m[span] = from_m, to_m
                span += 1
    return span


@kernel
def find_reach(rules: Rules, routes: Routes, forces: Forces, vector: int, reach: Reach) -> None:
    """Fill the spans of every shooter on every route near it, for the classes it may ever be allowed to engage."""
    span = 0
    for option in range(forces.near_first.shape[0]):
        for route in range(routes.length_m.shape[0]):
            start_m, end_m = rules.window_start_m[option, route], rules.window_end_m[option, route]
            x_m, y_m = routes.x_m[route], routes.y_m[route]
            legs_m = length_of(x_m[0], y_m[0], x_m[1], y_m[1]), length_of(x_m[1], y_m[1], x_m[2], y_m[2])
            for near in range(forces.near_first[option, route], forces.near_first[option, route + 1]):
                slot, part, found_m = forces.near_slot[near], (1.0, 0.0, 1.0, 0.0), 0.0
                reach.first[near * N_CLASSES] = span  # near lists need not follow each other without a gap
                for kind in range(N_CLASSES):
                    reach_m = forces.reach_m[vector, option, slot, kind]
                    if rules.class_allowed[option, kind] or forces.p_accepted[vector, option, kind] > 0.0:
                        if reach_m != found_m:  # often the same for all classes
                            part, found_m = reach_of(
                                x_m, y_m, legs_m[0], legs_m[1], forces.x_m[option, slot], forces.y_m[option, slot],
                                forces.edge_x[option, slot], forces.edge_y[option, slot], reach_m), reach_m
                        span = add_spans(part, start_m, end_m, span, reach)
                    reach.first[near * N_CLASSES + kind + 1] = span


@kernel
def guards(forces: Forces, vector: int, option: int, slot: int, ring_u: float) -> bool:
    """Return whether a shooter's share of the ring round what it guards holds the place where a threat comes in."""
    share = forces.ring_share[vector, option, slot]
    if share >= 1.0:
        return True
    past = ring_u - forces.ring_from[vector, option, slot]
    return bool(past - np.floor(past) < share)


@kernel
def earliest_in(reach: Reach, near: int, threat_class: int, departure_s: float, pace_s_m: float, release_s: float,
                from_s: float, work_s: float) -> float:
    """Return the earliest moment from `from_s` at which a shooter can begin work on a threat; infinity if none is.

    `near` is the place of the shooter and the threat's route in `Forces.near_slot`, `release_s` the release chain's
    time.
    """
    best_s, entry = np.inf, near * N_CLASSES + threat_class
    for span in range(reach.first[entry], reach.first[entry + 1]):
        begin_s = max(from_s, departure_s + reach.start_m[span] * pace_s_m + release_s)
        if begin_s + work_s <= departure_s + reach.end_m[span] * pace_s_m:
            best_s = min(best_s, begin_s)
    return best_s
