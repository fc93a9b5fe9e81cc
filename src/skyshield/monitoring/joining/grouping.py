"""Records into groups: the posterior of every partition of up to eight neighbours, in several passes.

Candidate pairs join records to components, most likely pairs first, until a component would exceed the limit. Within a
component all partitions are weighed. What lies beyond its edge counts too: a record may belong to a group outside
(`kernels.elsewhere`). Later passes keep the groups found so far together and fill components up with other neighbours,
so that no group is cut by where a component happened to end. A pair's probability is then the least of the passes that
weighed it, each of which had other rivals before it.
"""

import dataclasses

import numpy as np

from skyshield.core.arrays import Floats, Integers
from skyshield.monitoring.joining.kernels import (
    LARGEST,
    Reports,
    Worth,
    components,
    elsewhere,
    load_around,
    partition_tables,
    resolve,
)
from skyshield.monitoring.joining.pairs import Pairs
from skyshield.monitoring.joining.parameters import intensity_of
from skyshield.monitoring.joining.settings import settings


@dataclasses.dataclass(frozen=True)
class Groups:
    """Groups and how sure they are; arrays are [record] in order of time, `p_pair` [pair].

    `group` is named by its first record, `share` the expected 1/size of a record's event, so that their sum is the
    expected number of events.
    """

    group: Integers
    p_pair: Floats
    share: Floats
    p_alone: Floats
    p_false: Floats


@dataclasses.dataclass(frozen=True)
class _Posterior:
    best: Integers
    label: Integers
    p_pair: Floats
    share: Floats
    p_alone: Floats
    p_false: Floats


def load_of(reports: Reports, worth: Worth, share: Floats, own_source: bool = False) -> Floats:
    """Return the load around each record by kernel: events reported per square metre and second."""
    rules = settings()
    return load_around(reports, share, worth.spread_m, worth.spread_s, float(rules["load_reach"]),
                       rules["load_records"], own_source)


def enumerate_once(reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats, rank: Floats,
                   largest: int, balances: Floats) -> _Posterior:
    """Weigh the partitions of components built in order of `rank`, and what their records could be outside.

    `load` is that of all records, of which `held` counts each. The best groups are returned for each balance; those of
    the first are what a record outside may join.
    """
    n = len(reports.time_s)
    masks, starts = partition_tables()
    label = components(n, pairs.first, pairs.second, np.argsort(-rank, kind="stable"), largest)
    members = np.argsort(label, kind="stable")
    bounds = np.append(np.flatnonzero(np.diff(label[members], prepend=-1)), n)
    first = np.searchsorted(pairs.first, np.arange(n + 1))
    best = np.empty((len(balances), n), np.int64)
    p_pair, share, p_alone, p_false = np.zeros(len(rank)), np.empty(n), np.empty(n), np.empty(n)
    outside = intensity_of(worth, load)
    resolve(reports, worth, members, bounds, outside, held, masks, starts, balances, first, pairs.second, p_pair, best,
            share, p_alone, p_false)
    out = _beyond(reports, worth, pairs, label, best[0], p_alone, outside, p_pair)
    p_pair = p_pair / (1 + out[pairs.first] + out[pairs.second])
    return _Posterior(best, label, p_pair, (share + out / 2) / (1 + out), p_alone / (1 + out), p_false / (1 + out))


def _beyond(reports: Reports, worth: Worth, pairs: Pairs, label: Integers, best: Integers, p_alone: Floats,
            intensity: Floats, p_pair: Floats) -> Floats:
    both, other = np.append(pairs.first, pairs.second), np.append(pairs.second, pairs.first)
    order = np.argsort(both, kind="stable")
    start = np.searchsorted(both[order], np.arange(len(label) + 1))
    edge = np.tile(np.arange(len(pairs.first)), 2)[order]
    group = np.unique(best, return_inverse=True)[1].ravel()
    members = np.argsort(group, kind="stable")
    begin = np.searchsorted(group[members], np.arange(group.max(initial=-1) + 2))
    return elsewhere(reports, worth, other[order], edge, start, label, group, members, begin, p_alone, intensity,
                     p_pair)


def expect(reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats) -> Groups:
    """Return what a single pass with small components gives: enough to learn from."""
    balances = np.array(settings()["balances"][:1])
    found = enumerate_once(reports, worth, pairs, load, held, pairs.log_odds, settings()["learning_group"],
                           balances)
    return Groups(found.best[0], found.p_pair, found.share, found.p_alone, found.p_false)


def group_records(reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats) -> Groups:
    """Return the groups after all passes, at the first balance whose expected precision is that of the settings."""
    rules = settings()
    balances = np.array(rules["balances"])
    rank, above = pairs.log_odds, float(np.ptp(pairs.log_odds)) + 1 if len(pairs.log_odds) else 1.0
    least = np.full(len(rank), np.inf)
    for turn in range(rules["passes"]):
        last = turn == rules["passes"] - 1
        found = enumerate_once(reports, worth, pairs, load, held, rank, LARGEST,
                               balances if last else balances[:1])
        best = found.best[0]
        crossing = found.label[pairs.first] != found.label[pairs.second]
        if turn:
            least = np.where(crossing, least, np.minimum(least, found.p_pair))
        kept_together = best[pairs.first] == best[pairs.second]
        rank = pairs.log_odds + above * np.where(kept_together, 2, np.where(crossing, 1, 0))
        held = found.share
    p_pair = np.where(np.isinf(least), found.p_pair, least)
    for best in found.best:
        if expected_precision(best, pairs, p_pair) >= rules["precision"]:
            break
    return Groups(best, p_pair, found.share, found.p_alone, found.p_false)


def expected_precision(group: Integers, pairs: Pairs, p_pair: Floats) -> float:
    """Return the expected B-cubed precision: the mean over records of Σ P(i ~ j)/size over its group, itself too."""
    total, size = others_of(group, pairs, p_pair)
    return float(np.mean((1 + total) / size))


def others_of(group: Integers, pairs: Pairs, p_pair: Floats) -> tuple[Floats, Integers]:
    """Return, for each record, the sum of the probabilities that it is one event with others of its group; its size."""
    inside = group[pairs.first] == group[pairs.second]
    n = len(group)
    total = np.zeros(n)
    for end in (pairs.first, pairs.second):
        total += np.bincount(end[inside], p_pair[inside], n)
    return total, np.bincount(group, minlength=n)[group].astype(np.int64)
