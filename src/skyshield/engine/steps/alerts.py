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
    return max(0, math.ceil(min(time_s, N_ALERT_BINS * _BIN_S) / _BIN_S - 0.5))


@kernel
def way_to_aim(alert_distance_m: float, i: int, raid: Raid) -> float:
    """Return from where on a threat alerts the oblast of its aim, wherever it is."""
    return float(max(0.0, raid.length_m[i] - alert_distance_m))


@kernel
def count_alerts(routes: Routes, population: Floats, alert_distance_m: float, n: int, raid: Raid, ends: Ends) -> None:
    """Count how many threats alert each oblast at each time, as Ukraine alone meets the raid."""
    ends.cover[:] = 0
    for i in range(n):
        route, departure_s, pace_s_m = raid.route[i], raid.departure_s[i], raid.pace_s_m[i]
        end_m, at_m, at_bin = min(raid.own_stop_m[i], raid.length_m[i]), -1.0, 0  # one oblast begins where one ends
        for part in range(routes.over_first[route], routes.over_first[route + 1]):
            from_m, to_m = routes.over_start_m[part], min(routes.over_end_m[part], end_m)
            if from_m >= end_m:
                break
            if from_m < to_m:
                first = at_bin if from_m == at_m else bin_at(departure_s + from_m * pace_s_m)
                at_m, at_bin = to_m, bin_at(departure_s + to_m * pace_s_m)
                ends.cover[first, routes.over_aim[part]] += 1
                ends.cover[at_bin, routes.over_aim[part]] -= 1
        from_m = way_to_aim(alert_distance_m, i, raid)
        if from_m < end_m:
            first = at_bin if from_m == at_m else bin_at(departure_s + from_m * pace_s_m)
            ends.cover[first, raid.aim[i]] += 1
            ends.cover[bin_at(departure_s + end_m * pace_s_m), raid.aim[i]] -= 1
    for aim in range(ends.cover.shape[1]):
        ends.alert_bins[aim] = ends.cover[0, aim] > 0
    for k in range(1, N_ALERT_BINS):
        for aim in range(ends.cover.shape[1]):
            ends.cover[k, aim] += ends.cover[k - 1, aim]
            ends.alert_bins[aim] += ends.cover[k, aim] > 0
    sum_alerts(population, ends, ends)


@kernel
def shorten_between(aim: int, from_m: float, to_m: float, departure_s: float, pace_s_m: float, ends: Ends) -> None:
    """Take a threat's alert of one oblast along a part of its way out of the counts."""
    for k in range(bin_at(departure_s + from_m * pace_s_m), bin_at(departure_s + to_m * pace_s_m)):
        ends.cover[k, aim] -= 1
        ends.alert_bins[aim] -= ends.cover[k, aim] == 0


@kernel
def shorten_alert(routes: Routes, alert_distance_m: float, i: int, from_end_m: float, to_end_m: float, raid: Raid,
                  ends: Ends) -> None:
    """Take a threat's alert from `to_end_m` to `from_end_m` out of the counts."""
    route, departure_s, pace_s_m = raid.route[i], raid.departure_s[i], raid.pace_s_m[i]
    for part in range(routes.over_first[route], routes.over_first[route + 1]):
        from_m, to_m = max(routes.over_start_m[part], to_end_m), min(routes.over_end_m[part], from_end_m)
        if from_m >= from_end_m:
            break
        if from_m < to_m:
            shorten_between(routes.over_aim[part], from_m, to_m, departure_s, pace_s_m, ends)
    from_m, to_m = max(way_to_aim(alert_distance_m, i, raid), to_end_m), min(raid.length_m[i], from_end_m)
    if from_m < to_m:
        shorten_between(raid.aim[i], from_m, to_m, departure_s, pace_s_m, ends)


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
