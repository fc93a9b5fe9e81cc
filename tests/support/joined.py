"""How well records are joined: B-cubed, calibration, and the best fixed window, which knows the truth."""

import numpy as np

HOUR_S = 3600.0


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
