"""The compiled parts of joining: neighbours, the load around a record, and groups enumerated.

All of it lies in one file, because a compiled function that is kept on the disk does not see a change in another.
Records are in order of time. The model is that of `skyshield.monitoring.joining.assess`.
"""

import math
from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Booleans, Flags, Floats, Integers
from skyshield.core.jit import allocating_kernel

LARGEST = 8
"""Records in a group that is enumerated: Bell(8) = 4,140 partitions."""
_TINY = 1e-300


class Reports(NamedTuple):
    """Records in order of time: seconds, metres on the plane, variances (of place per axis), codes (-1: no act)."""

    time_s: Floats
    x_m: Floats
    y_m: Floats
    variance_m2: Floats
    variance_s2: Floats
    source: Integers
    act: Integers


class Worth(NamedTuple):
    """What the reports are worth.

    `log_odds` [record] is log p/(1 - p) of its source, `unseen` [record] the probability that no source reports an
    event there, `false` [source] its intensity of false reports, `repeat` and `act_error` [source] shares, `act_share`
    [act], `tails` the share and the factor of wide variances of place, then of time. `excitation` [kernel] are events
    that are reported per such event, with widths `spread_m` and `spread_s`; `floor` is the least intensity.
    """

    log_odds: Floats
    unseen: Floats
    false: Floats
    repeat: Floats
    act_error: Floats
    act_share: Floats
    tails: Floats
    spread_m: Floats
    spread_s: Floats
    excitation: Floats
    floor: float


def partition_tables() -> tuple[Flags, Integers]:
    """Return all partitions of 1 to `LARGEST` records, as bit masks of their groups, and where those of n begin.

    Returns
    -------
    u1[partition, LARGEST], i8[LARGEST + 2]
        Groups of a partition by their first record, then zeros; those of n records are rows ``start[n]`` to
        ``start[n + 1]``.

    Examples
    --------
    >>> masks, start = partition_tables()
    >>> [int(start[n + 1] - start[n]) for n in range(1, 9)]
    [1, 2, 5, 15, 52, 203, 877, 4140]
    """
    rows: list[list[int]] = []
    start = [0, 0]
    level: list[list[int]] = [[]]
    for n in range(LARGEST):
        level = [[*part[:k], (part[k] if k < len(part) else 0) | 1 << n, *part[k + 1:]]
                 for part in level for k in range(len(part) + 1)]
        rows += level
        start.append(len(rows))
    masks = np.zeros((len(rows), LARGEST), np.uint8)
    for row, part in enumerate(rows):
        masks[row, :len(part)] = part
    return masks, np.array(start, np.int64)


@allocating_kernel
def near_pairs(reports: Reports, gate_s: Floats, gate_m: Floats, joins: Booleans,
               limit: int) -> tuple[Integers, Integers]:
    """Return i < j of records that lie within the larger of their two gates, in time and place; sorted.

    Only those that `joins` are looked at; a record takes at most `limit` later ones.
    """
    n = len(reports.time_s)
    widest = 0.0
    for i in range(n):
        if joins[i]:
            widest = max(widest, gate_s[i])
    capacity = 4 * n + 1
    first = np.empty(capacity, np.int64)
    second = np.empty(capacity, np.int64)
    count = 0
    for i in range(n):
        taken = 0
        if not joins[i]:
            continue
        for j in range(i + 1, n):
            lag_s = reports.time_s[j] - reports.time_s[i]
            if lag_s > widest or taken >= limit:
                break
            reach_m = max(gate_m[i], gate_m[j])
            dx = reports.x_m[j] - reports.x_m[i]
            dy = reports.y_m[j] - reports.y_m[i]
            if not joins[j] or lag_s > max(gate_s[i], gate_s[j]) or dx * dx + dy * dy > reach_m * reach_m:
                continue
            if count == capacity:
                capacity *= 2
                first = np.append(first, np.empty(capacity - count, np.int64))
                second = np.append(second, np.empty(capacity - count, np.int64))
            first[count] = i
            second[count] = j
            count += 1
            taken += 1
    return first[:count].copy(), second[:count].copy()


@allocating_kernel
def density(dx: float, dy: float, dt: float, spread_m: float, spread_s: float) -> float:
    """Return the Gaussian in place and time, per square metre and second."""
    per_m2 = 1.0 / (2.0 * spread_m * spread_m)
    per_s2 = 1.0 / (2.0 * spread_s * spread_s)
    return per_m2 / math.pi * math.sqrt(per_s2 / math.pi) * math.exp(-(dx * dx + dy * dy) * per_m2 - dt * dt * per_s2)


@allocating_kernel
def load_around(reports: Reports, weight: Floats, spread_m: Floats, spread_s: Floats, reach: float,
                most: int, own_source: bool) -> Floats:
    """Return f8[record, kernel]: the sum over the other records of weight times the kernel, per m² and second.

    Records over `reach` widths away in time count nothing; of more than `most` on either side every k-th counts
    k-fold. With `own_source` only those of the same source count.
    """
    n, kernels = len(reports.time_s), len(spread_m)
    result = np.zeros((n, kernels))
    time_s = reports.time_s
    for k in range(kernels):
        window_s = reach * spread_s[k]
        low = 0
        high = 0
        for i in range(n):
            while time_s[low] < time_s[i] - window_s:
                low += 1
            while high < n and time_s[high] <= time_s[i] + window_s:
                high += 1
            for side in range(2):
                begin, end = (low, i) if side == 0 else (i + 1, high)
                step = 1 + (end - begin) // most
                total = 0.0
                for j in range(begin + i % step, end, step):
                    if not own_source or reports.source[j] == reports.source[i]:
                        total += weight[j] * density(reports.x_m[j] - reports.x_m[i], reports.y_m[j] - reports.y_m[i],
                                                     time_s[j] - time_s[i], spread_m[k], spread_s[k])
                result[i, k] += total * step
    return result


@allocating_kernel
def components(n: int, first: Integers, second: Integers, order: Integers, largest: int) -> Integers:
    """Return the component of each record, named by its first: edges are taken in `order` unless it gets too large."""
    parent = np.arange(n)
    size = np.ones(n, np.int64)
    for e in order:
        a, b = first[e], second[e]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a != b and size[a] + size[b] <= largest:
            parent[max(a, b)] = min(a, b)
            size[min(a, b)] += size[max(a, b)]
    label = np.empty(n, np.int64)
    for i in range(n):
        label[i] = i if parent[i] == i else label[parent[i]]
    return label


@allocating_kernel
def mixed_integral(x: Floats, y: Floats, variance: Floats, n: int, planes: int, share: float, factor: float) -> float:
    """Return the integral over the true place of the product of n records' densities, in `planes` dimensions d.

    With Gaussian errors of variance vᵢ

        ∫ Π N(zᵢ; z, vᵢ) dz = (2π)^{-d(n-1)/2} (Π vᵢ · Σ 1/vᵢ)^{-d/2} exp(-½ [Σ zᵢ²/vᵢ - (Σ zᵢ/vᵢ)² / Σ 1/vᵢ]).

    Each record's error is a mixture: with probability `share` its variance is `factor` times as large.
    """
    total = 0.0
    for pattern in range(1 << n):
        a, b, c, d, product, weight = 0.0, 0.0, 0.0, 0.0, 1.0, 1.0
        for i in range(n):
            wide = pattern >> i & 1
            v = variance[i] * factor if wide else variance[i]
            weight *= share if wide else 1.0 - share
            a += 1.0 / v
            b += x[i] / v
            c += y[i] / v
            d += (x[i] * x[i] + y[i] * y[i]) / v
            product *= v
        part = weight * math.exp(-0.5 * max(d - (b * b + c * c) / a, 0.0)) / math.sqrt(product * a)
        total += part / math.sqrt(product * a) if planes == 2 else part
    return float(total * (2.0 * math.pi) ** (-0.5 * planes * (n - 1)))


@allocating_kernel
def subset_integrals(x: Floats, y: Floats, variance: Floats, m: int, planes: int, share: float, factor: float,
                     work: Floats, result: Floats) -> None:
    """Fill `mixed_integral` of every subset of m records, by mask.

    A case is a number in base three: a record is left out, usual, or wide. Its sums are those of the case without its
    last record, and one more. `work` is f8[7, 3**m].
    """
    result[:1 << m] = 0.0
    work[:, 0] = 0.0
    work[4:6, 0] = 1.0
    cases = 1
    for i in range(m):
        for digit in range(1, 2 + 1):
            v = variance[i] * factor if digit == 2 else variance[i]
            weight = share if digit == 2 else 1.0 - share
            for case in range(cases):
                new = case + digit * cases
                work[0, new] = work[0, case] + 1.0 / v
                work[1, new] = work[1, case] + x[i] / v
                work[2, new] = work[2, case] + y[i] / v
                work[3, new] = work[3, case] + (x[i] * x[i] + y[i] * y[i]) / v
                work[4, new] = work[4, case] * v
                work[5, new] = work[5, case] * weight
                work[6, new] = work[6, case] + (1 << i)
                a, b, c = work[0, new], work[1, new], work[2, new]
                part = work[5, new] * math.exp(-0.5 * max(work[3, new] - (b * b + c * c) / a, 0.0))
                square = work[4, new] * a
                result[int(work[6, new])] += part / square if planes == 2 else part / math.sqrt(square)
        cases *= 3
    for mask in range(1, 1 << m):
        result[mask] *= (2.0 * math.pi) ** (-0.5 * planes * (size_of(mask) - 1))


@allocating_kernel
def size_of(mask: int) -> int:
    """Return how many records a mask holds."""
    n = 0
    while mask:
        mask &= mask - 1
        n += 1
    return n


@allocating_kernel
def told_weight(reports: Reports, worth: Worth, chosen: Integers, n: int) -> float:
    """Return the log weight of what was told: Π p/(1 - p) over the sources, Σₐ πₐ Π ((1 - eᵢ)[aᵢ = a] + eᵢ π(aᵢ))."""
    value = 0.0
    for i in range(n):
        again = False
        for j in range(i):
            again = again or reports.source[chosen[j]] == reports.source[chosen[i]]
        value += math.log(worth.repeat[reports.source[chosen[i]]]) if again else worth.log_odds[chosen[i]]
    likely = 0.0
    for a in range(len(worth.act_share)):
        part = worth.act_share[a]
        for i in range(n):
            said = reports.act[chosen[i]]
            if said >= 0:
                error = worth.act_error[reports.source[chosen[i]]]
                part *= error * worth.act_share[said] + (1.0 - error if said == a else 0.0)
        likely += part
    return value + math.log(max(likely, _TINY))


@allocating_kernel
def place(reports: Reports, chosen: Integers, n: int, scratch: Floats) -> None:
    """Fill x, y, time after the first record, the variances of place and time, and zeros: f8[6, > n]."""
    for i in range(n):
        r = chosen[i]
        scratch[0, i] = reports.x_m[r] - reports.x_m[chosen[0]]
        scratch[1, i] = reports.y_m[r] - reports.y_m[chosen[0]]
        scratch[2, i] = reports.time_s[r] - reports.time_s[chosen[0]]
        scratch[3, i] = reports.variance_m2[r]
        scratch[4, i] = reports.variance_s2[r]
        scratch[5, i] = 0.0


@allocating_kernel
def group_weight(reports: Reports, worth: Worth, chosen: Integers, n: int, scratch: Floats) -> float:
    """Return the log weight of one event behind `chosen[:n]`, but for its intensity and the sources that missed it."""
    place(reports, chosen, n, scratch)
    tails = worth.tails
    at = mixed_integral(scratch[0], scratch[1], scratch[3], n, 2, tails[0], tails[1])
    when = mixed_integral(scratch[2], scratch[5], scratch[4], n, 1, tails[2], tails[3])
    return math.log(max(at, _TINY)) + math.log(max(when, _TINY)) + told_weight(reports, worth, chosen, n)


@allocating_kernel
def group_weights(reports: Reports, worth: Worth, members: Integers, work: Floats, tables: Floats,
                  group: Floats) -> None:
    """Fill the log weight of every subset of the members, as `group_weight` gives it. `tables` is f8[2, 1 << m]."""
    m = len(members)
    chosen = np.empty(LARGEST, np.int64)
    scratch = np.empty((6, LARGEST + 1))
    place(reports, members, m, scratch)
    tails = worth.tails
    subset_integrals(scratch[0], scratch[1], scratch[3], m, 2, tails[0], tails[1], work, tables[0])
    subset_integrals(scratch[2], scratch[5], scratch[4], m, 1, tails[2], tails[3], work, tables[1])
    for mask in range(1, 1 << m):
        n = 0
        for i in range(m):
            if mask >> i & 1:
                chosen[n] = members[i]
                n += 1
        group[mask] = (math.log(max(tables[0, mask], _TINY)) + math.log(max(tables[1, mask], _TINY))
                       + told_weight(reports, worth, chosen, n))


@allocating_kernel
def false_weight(reports: Reports, worth: Worth, r: int) -> float:
    """Return the intensity of a false report such as this one."""
    said = worth.act_share[reports.act[r]] if reports.act[r] >= 0 else 1.0
    return float(worth.false[reports.source[r]] * said)


@allocating_kernel
def intensities(reports: Reports, worth: Worth, members: Integers, outside: Floats, held: Floats, base: Floats,
                beside: Floats) -> None:
    """Fill the intensity at each member without the others, and what a group beside it adds: [member, mask]."""
    m = len(members)
    for i in range(m):
        a = members[i]
        base[i] = outside[a]
        beside[i, 0] = 0.0
        for j in range(m):
            b = members[j]
            added = 0.0
            if j != i:
                for k in range(len(worth.spread_m)):
                    added += worth.excitation[k] * density(
                        reports.x_m[b] - reports.x_m[a], reports.y_m[b] - reports.y_m[a],
                        reports.time_s[b] - reports.time_s[a], worth.spread_m[k], worth.spread_s[k])
                added /= 1.0 - worth.unseen[a]
                base[i] -= held[b] * added
            for mask in range(1 << j):
                beside[i, mask | 1 << j] = beside[i, mask] + added
        for mask in range(1, 1 << m):
            beside[i, mask] /= size_of(mask)
        base[i] = max(base[i], worth.floor)


@allocating_kernel
def weigh(reports: Reports, worth: Worth, members: Integers, group: Floats, base: Floats, beside: Floats,
          masks: Flags, low: int, high: int, score: Floats, table: Floats, whole: Floats) -> None:
    """Fill the probability of each partition in rows `low` to `high`.

    All weights are relative to those of the records by themselves, which every partition has in common, so that none
    overflows. `table` is f8[3, 1 << m], `whole` f8[1 << m, 1 << m].
    """
    m = len(members)
    for mask in range(1, 1 << m):
        alone, n, sum_base, sum_unseen = 0.0, 0, 0.0, 0.0
        for i in range(m):
            if mask >> i & 1:
                n += 1
                alone += group[1 << i]
                sum_base += base[i]
                sum_unseen += worth.unseen[members[i]]
        table[0, mask] = math.exp(group[mask] - alone) * sum_unseen / n
        table[1, mask] = sum_base / n
        table[2, mask] = 0.0
        if n == 1:
            table[2, mask] = math.exp(math.log(false_weight(reports, worth, members[top_of(mask)])) - alone)
        rest = ((1 << m) - 1) & ~mask
        other = rest
        while other:
            total = 0.0
            for i in range(m):
                if mask >> i & 1:
                    total += beside[i, other]
            whole[mask, other] = total / n
            other = (other - 1) & rest
    total = 0.0
    for row in range(low, high):
        value = 1.0
        for b in range(m):
            mask = masks[row, b]
            if mask == 0:
                break
            intensity = table[1, mask]
            for e in range(b):
                intensity += whole[mask, masks[row, e]]
            value *= table[0, mask] * intensity + table[2, mask]
        score[row] = value
        total += value
    for row in range(low, high):
        score[row] /= total


@allocating_kernel
def top_of(mask: int) -> int:
    """Return the place of the highest record of a mask."""
    place_of = 0
    while mask > 1:
        mask >>= 1
        place_of += 1
    return place_of


@allocating_kernel
def together(m: int, masks: Flags, low: int, high: int, score: Floats, chance: Floats, same: Floats,
             recall: Floats) -> None:
    """Fill P of each group, P that i and j are one event, and its expectation over the size of their event."""
    chance[:1 << m] = 0.0
    same[:m, :m] = 0.0
    recall[:m, :m] = 0.0
    for row in range(low, high):
        for b in range(m):
            if masks[row, b] == 0:
                break
            chance[masks[row, b]] += score[row]
    for mask in range(1, 1 << m):
        n = 0
        for i in range(m):
            n += mask >> i & 1
        for i in range(m):
            for j in range(m):
                if mask >> i & 1 and mask >> j & 1:
                    same[i, j] += chance[mask]
                    recall[i, j] += chance[mask] / n


@allocating_kernel
def choose(m: int, masks: Flags, low: int, high: int, same: Floats, recall: Floats, balance: float,
           worthy: Floats) -> int:
    """Return the partition with the highest expected B-cubed score: balance · precision + (1 - balance) · recall.

    Both are sums over the pairs of a group g: precision Σ P(i ~ j)/|g|, recall Σ E[[i ~ j]/|event|].
    """
    for mask in range(1, 1 << m):
        n, hit, told = 0, 0.0, 0.0
        for i in range(m):
            if mask >> i & 1:
                n += 1
                for j in range(m):
                    if mask >> j & 1:
                        hit += same[i, j]
                        told += recall[i, j]
        worthy[mask] = balance * hit / n + (1.0 - balance) * told
    top, chosen = -np.inf, low
    for row in range(low, high):
        total = 0.0
        for b in range(m):
            if masks[row, b] == 0:
                break
            total += worthy[masks[row, b]]
        if total > top:
            top, chosen = total, row
    return chosen


@allocating_kernel
def resolve(reports: Reports, worth: Worth, members: Integers, start: Integers, outside: Floats, held: Floats,
            masks: Flags, starts: Integers, balances: Floats, first: Integers, second: Integers, p_pair: Floats,
            best: Integers, share: Floats, p_alone: Floats, p_false: Floats) -> None:
    """Enumerate the partitions of each component, `members[start[c]:start[c + 1]]` in order of time.

    `outside` is the intensity of events at each record with all others there, of which `held` counts each. Filled are
    `p_pair` of the pairs within a component (those of record i are rows first[i] to first[i + 1] of `second`), `best`
    [balance, record], named by the first record of its group, `share` (the expected 1/size of its event), and the
    probabilities that it is alone and that it is false.
    """
    group, chance, worthy = (np.empty(1 << LARGEST), np.empty(1 << LARGEST), np.empty(1 << LARGEST))
    same, recall = np.empty((LARGEST, LARGEST)), np.empty((LARGEST, LARGEST))
    base, score, beside = np.empty(LARGEST), np.empty(starts[-1]), np.empty((LARGEST, 1 << LARGEST))
    work, tables = np.empty((7, 3 ** LARGEST)), np.empty((3, 1 << LARGEST))
    whole = np.empty((1 << LARGEST, 1 << LARGEST))
    for c in range(len(start) - 1):
        inside = members[start[c]:start[c + 1]]
        m = len(inside)
        low, high = starts[m], starts[m + 1]
        group_weights(reports, worth, inside, work, tables, group)
        intensities(reports, worth, inside, outside, held, base, beside)
        weigh(reports, worth, inside, group, base, beside, masks, low, high, score, tables, whole)
        together(m, masks, low, high, score, chance, same, recall)
        for level in range(len(balances)):
            row = choose(m, masks, low, high, same, recall, balances[level], worthy)
            for b in range(m):
                leader = -1
                for i in range(m):
                    if masks[row, b] >> i & 1:
                        leader = inside[i] if leader < 0 else leader
                        best[level, inside[i]] = leader
        for i in range(m):
            r = inside[i]
            share[r] = recall[i, i]
            p_alone[r] = chance[1 << i]
            untrue = false_weight(reports, worth, r)
            p_false[r] = p_alone[r] * untrue / (untrue + math.exp(group[1 << i]) * base[i] * worth.unseen[r])
            for e in range(first[r], first[r + 1]):
                for j in range(i + 1, m):
                    if second[e] == inside[j]:
                        p_pair[e] = same[i, j]


@allocating_kernel
def elsewhere(reports: Reports, worth: Worth, adjacent: Integers, edge: Integers, start: Integers, active: Booleans,
              label: Integers, group: Integers, members: Integers, begin: Integers, p_alone: Floats, intensity: Floats,
              p_pair: Floats) -> Floats:
    """Return, for each record, the weight of joining a group outside its component, relative to all within it.

    If Z is the sum of weights of all partitions of the component, those in which record i is alone have the share
    `p_alone`; with i in the outside group h instead the weight is ``p_alone · W(h + i) / (W(h) W(i))`` of Z. Neighbours
    of i are rows start[i] to start[i + 1] of `adjacent`, by pair `edge`, whose `p_pair` is filled where it leads out;
    the records of group h are `members[begin[h]:begin[h + 1]]`.
    """
    n = len(reports.time_s)
    result = np.zeros(n)
    chosen = np.empty(LARGEST + 1, np.int64)
    scratch = np.empty((6, LARGEST + 1))
    seen = np.full(n, -1, np.int64)
    for i in range(n):
        if not active[i]:
            continue
        chosen[0] = i
        alone = false_weight(reports, worth, i) + intensity[i] * worth.unseen[i] * math.exp(
            group_weight(reports, worth, chosen, 1, scratch))
        for e in range(start[i], start[i + 1]):
            h = group[adjacent[e]]
            size = begin[h + 1] - begin[h]
            if label[adjacent[e]] == label[i] or seen[h] == i or size >= LARGEST:
                continue
            seen[h] = i
            chosen[:size] = members[begin[h]:begin[h + 1]]
            without = group_weight(reports, worth, chosen, size, scratch)
            if size == 1:
                j = chosen[0]
                without = math.log(math.exp(without) + false_weight(reports, worth, j)
                                   / (intensity[j] * worth.unseen[j]))
            chosen[size] = i
            mass = p_alone[i] * math.exp(group_weight(reports, worth, chosen, size + 1, scratch) - without) / alone
            result[i] += mass
            for f in range(start[i], start[i + 1]):
                if group[adjacent[f]] == h:
                    p_pair[edge[f]] = max(p_pair[edge[f]], mass)
    return result
