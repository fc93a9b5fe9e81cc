"""How well records are joined: B-cubed, calibration, and the best fixed window, which knows the truth."""

import json

import numpy as np

from skyshield.monitoring.joining.assess import assess
from skyshield.monitoring.ledger.records import Record
from support.reports import LAT, LON, M_PER_DEG, START, place_of, reports_of


def b_cubed(truth, found):
    """Return precision, recall and F of a clustering (Bagga and Baldwin 1998): means over records."""
    truth, found = (np.unique(labels, return_inverse=True)[1] for labels in (truth, found))
    _, cell, size = np.unique(np.stack([truth, found]), axis=1, return_inverse=True, return_counts=True)
    both = size[cell.ravel()]
    precision = float(np.mean(both / np.bincount(found)[found]))
    recall = float(np.mean(both / np.bincount(truth)[truth]))
    return precision, recall, 2 * precision * recall / (precision + recall)


def pairs_within(time_s, x_m, y_m, window_s, window_m):
    """Return i, j, time and distance of the pairs within both windows."""
    order = np.argsort(time_s, kind="stable")
    t = time_s[order]
    last = np.searchsorted(t, t + window_s, side="right")
    count = last - np.arange(len(t)) - 1
    i = np.repeat(np.arange(len(t)), count)
    j = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + i + 1
    i, j = order[i], order[j]
    d = np.hypot(x_m[i] - x_m[j], y_m[i] - y_m[j])
    near = d <= window_m
    return i[near], j[near], np.abs(time_s[i] - time_s[j])[near], d[near]


def linked(n, i, j):
    """Return the component of each of n records."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    return connected_components(coo_array((np.ones(len(i)), (i, j)), (n, n)), directed=False)[1]


TIMES_S = np.array([30, 60, 120, 180, 300, 420, 600, 900, 1200, 1500, 1800, 2700, 3600, 4500, 5400, 7200.0])
PLACES_M = np.array([500, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10000.0])


def best_window(truth, time_s, x_m, y_m, copies=()):
    """Return the scores of the fixed window with the highest F, the window, single linkage; copies are linked."""
    i, j, dt, d = pairs_within(time_s, x_m, y_m, TIMES_S[-1], PLACES_M[-1])
    ci, cj = (np.array([pair[k] for pair in copies], int) for k in (0, 1))
    best = None
    for t in TIMES_S:
        for r in PLACES_M:
            use = (dt <= t) & (d <= r)
            scores = b_cubed(truth, linked(len(truth), np.r_[i[use], ci], np.r_[j[use], cj]))
            if best is None or scores[2] > best[0][2]:
                best = scores, (t, r)
    return best


def calibration_error(p, right, bins=10):
    """Return the expected calibration error: |mean p - share right| over equal bins, weighted by their records."""
    place = np.minimum((np.asarray(p) * bins).astype(int), bins - 1)
    n = np.bincount(place, minlength=bins)
    gap = np.abs(np.bincount(place, p, bins) - np.bincount(place, right, bins))
    return float(gap.sum() / n.sum())


def right_of(truth, found):
    """Return, for each record, three readings of 'it belongs with its group as labelled'.

    Mean share of the others of its group that are of its event (1 or 0 for one alone, as it is alone in truth or not);
    share of the whole group that is of its event, itself among them; and whether the group is the whole event.
    """
    truth, found = (np.unique(labels, return_inverse=True)[1] for labels in (truth, found))
    _, cell, size = np.unique(np.stack([truth, found]), axis=1, return_inverse=True, return_counts=True)
    both, mine, true = size[cell.ravel()], np.bincount(found)[found], np.bincount(truth)[truth]
    others = np.where(mine > 1, (both - 1) / np.maximum(mine - 1, 1), true == 1)
    return others, both / mine, (both == mine) & (both == true)


def records_of(reports):
    """Return the reports as a ledger's reader gives them, numbered in their order."""
    return [Record(number, START + round(report.time_s), json.dumps({
        "kind": "event", "source": report.source, "method": report.method, "act": report.act,
        "position_error_m": round(report.error_m), "time_error_s": round(report.time_error_s),
        "record_id": report.record_id, "lon": place_of(report)[0], "lat": place_of(report)[1],
        **({"derived_from": report.derived_from} if report.derived_from else {})}, sort_keys=True).encode())
        for number, report in enumerate(reports)]


def measured(world, seed, by_window=True):
    """Return how well the records of a made-up world are joined, and the best fixed window's F.

    `calibration` is of records with others in their group: P against the share of those that are of their event;
    `calibration_all` of all, against the share of their group. `detected` are events with a report that have an event
    of their own whose records are mostly theirs, `false_alarms` the share of events of several sources behind which
    most records are of nothing or of other events, `latency_s` the median time from an event to the second source.
    """
    reports = reports_of(world, seed)
    truth = np.array([report.event for report in reports])
    found = assess(records_of(reports))
    precision, recall, f = b_cubed(truth, found.event_of)
    others, share, _ = right_of(truth, found.event_of)
    several = np.bincount(found.event_of)[found.event_of] > 1
    clocks = {source.name: source.clock_offset_s for source in found.sources}
    result = {"records": len(reports), "events": len(set(truth.tolist())), "found": len(found.events),
              "precision": precision, "recall": recall, "f": f,
              "calibration": calibration_error(found.p_same[several], others[several]),
              "calibration_all": calibration_error(found.p_same, share), "clock_s": clocks.get("patrol south", 0.0),
              **_events_found(reports, truth, found)}
    if by_window:
        place = np.array([place_of(report) for report in reports])
        x_m = (place[:, 0] - LON) * M_PER_DEG * np.cos(np.radians(LAT))
        at = {report.record_id: number for number, report in enumerate(reports)}
        copies = [(number, at[report.derived_from]) for number, report in enumerate(reports) if report.derived_from]
        scores, window = best_window(truth, np.array([report.time_s for report in reports]), x_m,
                                     (place[:, 1] - LAT) * M_PER_DEG, copies)
        result |= {"window_precision": scores[0], "window_recall": scores[1], "window_f": scores[2],
                   "window_s": window[0], "window_m": window[1]}
    return result


def _events_found(reports, truth, found):
    groups = {}
    for number, event in enumerate(found.event_of.tolist()):
        groups.setdefault(event, []).append(number)
    mostly = {event: _most(truth[rows]) for event, rows in groups.items()}
    several = [event for event in groups if len(found.events[event].sources) > 1]
    wrong = sum(mostly[event] is None or mostly[event] < 0 for event in several)
    real = {int(event) for event in truth if event >= 0}
    told = {}
    for report in reports:
        told.setdefault(report.event, {}).setdefault(report.source, report.time_s)
    by_two = {event for event in real if len(told[event]) > 1}
    late = [sorted(told[event].values())[1] - min(told[event].values()) for event in by_two]
    joined = {mostly[event] for event in several}
    return {"detected": len(real & set(mostly.values())) / len(real),
            "detected_by_two": len(by_two & joined) / len(by_two), "false_alarms": wrong / max(len(several), 1),
            "latency_s": float(np.median(late))}


def _most(labels):
    """Return the label of more than half, or None."""
    values, counts = np.unique(labels, return_counts=True)
    return int(values[counts.argmax()]) if counts.max() * 2 > len(labels) else None
