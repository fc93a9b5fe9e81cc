"""Records into groups: the posterior of every partition of up to eight neighbours, in several passes.

Candidate pairs join records to components, most likely pairs first, until a component would exceed the limit. Within a
component all partitions are weighed. What lies beyond its edge counts too: a record may belong to a group outside
(`kernels.elsewhere`). Later passes keep the groups found so far together and fill components up with other neighbours,
so that no group is cut by where a component happened to end. A pair's probability is then the least of the passes that
weighed it, each of which had other rivals before it.
"""

import dataclasses
import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Integers
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
from skyshield.monitoring.workers import processors


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


class _Posterior:
    """What is known of each record and pair; a pass writes anew what it looks at."""

    def __init__(self, reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats) -> None:
        n = len(reports.time_s)
        self.reports, self.worth, self.pairs = reports, worth, pairs
        self.outside, self.held = intensity_of(worth, load), held
        self.best = np.tile(np.arange(n), (len(settings()["balances"]), 1))
        self.label, self.p_pair = np.arange(n), np.zeros(len(pairs.first))
        self.share, self.p_alone, self.p_false = np.ones(n), np.ones(n), np.zeros(n)
        self._first = np.searchsorted(pairs.first, np.arange(n + 1))
        self._neighbours = _neighbours(pairs, n)
        self._tables = partition_tables()

    def enumerate(self, rank: Floats, largest: int, active: Booleans, all_balances: bool) -> None:
        """Weigh the partitions of components of the active records, built in order of `rank`, and what lies outside.

        The best groups are found for each balance, or for the first alone; those of the first are what a record of
        another component may join.
        """
        pairs, n = self.pairs, len(active)
        edges = np.flatnonzero(active[pairs.first])
        order = edges[np.argsort(-rank[edges], kind="stable")]
        label = components(n, pairs.first, pairs.second, order, largest)
        members = np.flatnonzero(active)
        members = members[np.argsort(label[members], kind="stable")]
        bounds = np.append(np.flatnonzero(np.diff(label[members], prepend=-1)), len(members))
        self.label = np.where(active, label, self.label)
        self.p_pair[edges] = 0
        balances = np.array(settings()["balances"])
        self._resolve(members, bounds, balances if all_balances else balances[:1])
        out = self._beyond(active)
        self.p_pair[edges] /= 1 + out[pairs.first[edges]] + out[pairs.second[edges]]
        self.share = (self.share + out / 2) / (1 + out)
        self.p_alone, self.p_false = self.p_alone / (1 + out), self.p_false / (1 + out)

    def _resolve(self, members: Integers, bounds: Integers, balances: Floats) -> None:
        """Weigh the components, parts of them at once: none writes what another reads."""
        parts = np.unique(np.append(np.arange(0, len(bounds) - 1, settings()["components_at_once"]), len(bounds) - 1))

        def weigh(part: tuple[int, int]) -> None:
            resolve(self.reports, self.worth, members, bounds[part[0]:part[1] + 1], self.outside, self.held,
                    *self._tables, balances, self._first, self.pairs.second, self.p_pair, self.best, self.share,
                    self.p_alone, self.p_false)

        with ThreadPoolExecutor(processors()) as pool:
            list(pool.map(weigh, itertools.pairwise(parts.tolist())))

    def _beyond(self, active: Booleans) -> Floats:
        group = np.unique(self.best[0], return_inverse=True)[1].ravel()
        members = np.argsort(group, kind="stable")
        begin = np.searchsorted(group[members], np.arange(group.max(initial=-1) + 2))
        return elsewhere(self.reports, self.worth, *self._neighbours, active, self.label, group, members, begin,
                         self.p_alone, self.outside, self.p_pair)


def _neighbours(pairs: Pairs, n: int) -> tuple[Integers, Integers, Integers]:
    """Return the neighbours of all records, by which pair, and where those of each begin."""
    both, other = np.append(pairs.first, pairs.second), np.append(pairs.second, pairs.first)
    order = np.argsort(both, kind="stable")
    edge = np.tile(np.arange(len(pairs.first)), 2)
    return other[order], edge[order], np.searchsorted(both[order], np.arange(n + 1))


def load_of(reports: Reports, worth: Worth, share: Floats, own_source: bool = False) -> Floats:
    """Return the load around each record by kernel: events reported per square metre and second."""
    rules = settings()
    return load_around(reports, share, worth.spread_m, worth.spread_s, float(rules["load_reach"]),
                       rules["load_records"], own_source)


def expect(reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats) -> Groups:
    """Return what a single pass with small components gives: enough to learn from."""
    found = _Posterior(reports, worth, pairs, load, held)
    found.enumerate(pairs.log_odds, settings()["learning_group"], np.ones(len(held), bool), all_balances=False)
    return Groups(found.best[0], found.p_pair, found.share, found.p_alone, found.p_false)


def group_records(reports: Reports, worth: Worth, pairs: Pairs, load: Floats, held: Floats) -> Groups:
    """Return the groups after all passes, at the first balance whose expected precision is that of the settings."""
    rules, n = settings(), len(held)
    found = _Posterior(reports, worth, pairs, load, held)
    above = float(np.ptp(pairs.log_odds)) + 1 if len(pairs.log_odds) else 1.0
    whole = components(n, pairs.first, pairs.second, np.arange(len(pairs.first)), n)
    split = np.bincount(whole, minlength=n)[whole] > LARGEST  # the others are weighed whole, once and for all
    found.enumerate(pairs.log_odds, LARGEST, np.ones(n, bool), all_balances=True)
    least = np.where(split[pairs.first], np.inf, found.p_pair)
    for turn in range(1, rules["passes"]):
        crossing = found.label[pairs.first] != found.label[pairs.second]
        kept_together = found.best[0][pairs.first] == found.best[0][pairs.second]
        found.held = found.share.copy()
        found.enumerate(pairs.log_odds + above * np.where(kept_together, 2, np.where(crossing, 1, 0)), LARGEST, split,
                        all_balances=turn == rules["passes"] - 1)
        crossing = found.label[pairs.first] != found.label[pairs.second]
        least = np.where(crossing, least, np.minimum(least, found.p_pair))
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
