"""Part of steps 8, 19 and 22: alerts.

An oblast is under alert while a live threat is over it, or bound for it with no more than `alert_distance_m` left to
fly. Hours from 18:00 to 09:00 are counted in bins of ten minutes, each by what holds at its middle, so that threats
that come together count once and nothing is rounded up.
"""

import math

from skyshield.core.arrays import Flags, Floats
from skyshield.core.jit import kernel
from skyshield.engine.scratch import N_ALERT_BINS, Ends, Raid
from skyshield.engine.world import Routes

_BIN_S = 600.0
ALERT_BIN_H = _BIN_S / 3600.0


@kernel
def bin_at(time_s: float) -> int:
    """Return the first bin whose middle is not before a time in seconds after 18:00, cut to the night."""
    if not time_s < N_ALERT_BINS * _BIN_S:
        return N_ALERT_BINS
    return max(0, math.ceil(time_s / _BIN_S - 0.5))


@kernel
def part_over(routes: Routes, part: int, last: int, i: int, alert_distance_m: float, raid: Raid) -> tuple[int, float,
                                                                                                         float]:
    """Return the aim whose oblast an interval of a threat's way alerts, and the interval's start and end, metres.

    The parts of its route are the oblasts that it crosses, and then, as part `last`, the end of the way to its aim.
    """
    if part == last:
        return int(raid.aim[i]), max(0.0, raid.length_m[i] - alert_distance_m), raid.length_m[i]
    return int(routes.over_aim[part]), routes.over_start_m[part], routes.over_end_m[part]


@kernel
def count_alerts(routes: Routes, population: Floats, alert_distance_m: float, n: int, raid: Raid, ends: Ends) -> None:
    """Count how many threats alert each oblast at each time, as Ukraine alone meets the raid."""
    ends.cover[:] = 0
    for i in range(n):
        end_m, last = min(raid.own_stop_m[i], raid.length_m[i]), routes.over_first[raid.route[i] + 1]
        at_m, at_bin = -1.0, 0  # where one oblast ends the next begins
        for part in range(routes.over_first[raid.route[i]], last + 1):
            aim, from_m, to_m = part_over(routes, part, last, i, alert_distance_m, raid)
            to_m = min(to_m, end_m)
            if from_m < to_m:
                first = at_bin if from_m == at_m else bin_at(raid.departure_s[i] + from_m * raid.pace_s_m[i])
                at_m, at_bin = to_m, bin_at(raid.departure_s[i] + to_m * raid.pace_s_m[i])
                ends.cover[aim, first] += 1
                ends.cover[aim, at_bin] -= 1
    for aim in range(ends.cover.shape[0]):
        live, alerted = 0, 0
        for k in range(N_ALERT_BINS):
            live += ends.cover[aim, k]
            ends.cover[aim, k] = live
            alerted += live > 0
        ends.alert_bins[aim] = alerted
    sum_alerts(population, ends, ends)


@kernel
def shorten_alert(routes: Routes, alert_distance_m: float, i: int, from_end_m: float, to_end_m: float, sign: int,
                  raid: Raid, own_ends: Ends, ends: Ends) -> None:
    """Take a threat's alert from `to_end_m` to `from_end_m` out of the counts, or put it back with a `sign` of 1."""
    last = routes.over_first[raid.route[i] + 1]
    for part in range(routes.over_first[raid.route[i]], last + 1):
        aim, from_m, to_m = part_over(routes, part, last, i, alert_distance_m, raid)
        from_m, to_m = max(from_m, to_end_m), min(to_m, from_end_m)
        if from_m < to_m:
            first = bin_at(raid.departure_s[i] + from_m * raid.pace_s_m[i])
            for k in range(first, bin_at(raid.departure_s[i] + to_m * raid.pace_s_m[i])):
                own_ends.cover[aim, k] += sign
                ends.alert_bins[aim] -= own_ends.cover[aim, k] == 0


@kernel
def sum_alerts(population: Floats, counted: Ends, ends: Ends) -> None:
    """Fill people times hours under alert; `population` is by aim."""
    ends.alert_person_h[0] = 0.0
    for aim in range(counted.alert_bins.shape[0]):
        ends.alert_person_h[0] += counted.alert_bins[aim] * ALERT_BIN_H * population[aim]


@kernel
def hours_under_alert(where: Flags, ends: Ends) -> float:
    """Return the mean hours of the night under alert over the oblasts of the aims of `where`, 0 if there is none."""
    bins, n_aims = 0, 0
    for aim in range(where.shape[0]):
        if where[aim]:
            bins, n_aims = bins + ends.alert_bins[aim], n_aims + 1
    return float(bins * ALERT_BIN_H / max(1, n_aims))
