r"""The compiled parts of joining: neighbours in place and time, the load around a record, and groups enumerated.

All of it lies in one file, because a compiled function that is kept on the disk does not see a change in another.
Records are in order of time; `x`, `y` are metres on the plane, `v` variances of place (per axis) and `t` of time.
"""

import math

import numpy as np

from skyshield.core.jit import allocating_kernel

LARGEST = 8
"""Records in a group that is enumerated: Bell(8) = 4,140 partitions."""
_LOG_TWO_PI = math.log(2.0 * math.pi)
_TINY = 1e-300


def partition_tables() -> tuple[np.ndarray, np.ndarray]:
    """Return all partitions of 1 to `LARGEST` records, as bit masks of their groups, and where those of n begin.

    Returns
    -------
    u1[partition, LARGEST], i8[LARGEST + 2]
        Groups of a partition, then zeros; the partitions of n records are rows ``start[n]`` to ``start[n + 1]``.

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
        level = [[*(part[:k]), (part[k] if k < len(part) else 0) | 1 << n, *part[k + 1:]]
                 for part in level for k in range(len(part) + 1)]
        rows += level
        start.append(len(rows))
    masks = np.zeros((len(rows), LARGEST), np.uint8)
    for row, part in enumerate(rows):
        masks[row, :len(part)] = part
    return masks, np.array(start, np.int64)


@allocating_kernel
def near_pairs(time, x, y, gate_s, gate_m, limit):
    """Return i < j of records within both gates of each other, which are the larger of the two records' own.

    `gate_s`, `gate_m` are per record; a record takes at most `limit` later ones.
    """
    n = len(time)
    widest = 0.0
    for i in range(n):
        widest = max(widest, gate_s[i])
    capacity = 4 * n + 16
    first = np.empty(capacity, np.int64)
    second = np.empty(capacity, np.int64)
    count = 0
    for i in range(n):
        taken = 0
        for j in range(i + 1, n):
            lag = time[j] - time[i]
            if lag > widest or taken >= limit:
                break
            if lag > max(gate_s[i], gate_s[j]):
                continue
            reach = max(gate_m[i], gate_m[j])
            dx = x[j] - x[i]
            dy = y[j] - y[i]
            if abs(dx) > reach or abs(dy) > reach or dx * dx + dy * dy > reach * reach:
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
def load_around(time, x, y, weight, spread_m, spread_s, reach, most):
    """Return f8[record, kernel]: the sum over the other records of weight times a Gaussian in place and time.

    Records over `reach` spreads away in time count nothing; of more than `most` on either side every k-th counts k-fold.
    """
    n, kernels = len(time), len(spread_m)
    result = np.zeros((n, kernels))
    for k in range(kernels):
        per_m = 1.0 / (2.0 * spread_m[k] * spread_m[k])
        per_s = 1.0 / (2.0 * spread_s[k] * spread_s[k])
        norm = per_m / math.pi * math.sqrt(per_s / math.pi)
        window = reach * spread_s[k]
        low = 0
        high = 0
        for i in range(n):
            while time[low] < time[i] - window:
                low += 1
            while high < n and time[high] <= time[i] + window:
                high += 1
            for side in range(2):
                begin, end = (low, i) if side == 0 else (i + 1, high)
                step = 1 + (end - begin) // most
                total = 0.0
                for j in range(begin + i % step, end, step):
                    dx = x[j] - x[i]
                    dy = y[j] - y[i]
                    dt = time[j] - time[i]
                    total += weight[j] * math.exp(-(dx * dx + dy * dy) * per_m - dt * dt * per_s)
                result[i, k] += total * norm * step
    return result


@allocating_kernel
def watch_around(time, x, y, source, sources, weight, spread_m, spread_s, reach, most):
    """Return f8[record, source] and f8[record]: sums over the others of a Gaussian (1 at its middle), and weighted."""
    n = len(time)
    told = np.zeros((n, sources))
    events = np.zeros(n)
    per_m = 1.0 / (2.0 * spread_m * spread_m)
    per_s = 1.0 / (2.0 * spread_s * spread_s)
    window = reach * spread_s
    low = 0
    high = 0
    for i in range(n):
        while time[low] < time[i] - window:
            low += 1
        while high < n and time[high] <= time[i] + window:
            high += 1
        step = 1 + (high - low) // (2 * most)
        for j in range(low + i % step, high, step):
            if j != i:
                dx = x[j] - x[i]
                dy = y[j] - y[i]
                dt = time[j] - time[i]
                near = step * math.exp(-(dx * dx + dy * dy) * per_m - dt * dt * per_s)
                told[i, source[j]] += near
                events[i] += weight[j] * near
    return told, events


@allocating_kernel
def kernel_at(dx, dy, dt, spread_m, spread_s, weight):
    """Return the weighted sum of the Gaussians at a difference."""
    total = 0.0
    for k in range(len(spread_m)):
        per_m = 1.0 / (2.0 * spread_m[k] * spread_m[k])
        per_s = 1.0 / (2.0 * spread_s[k] * spread_s[k])
        total += weight[k] * per_m / math.pi * math.sqrt(per_s / math.pi) * math.exp(
            -(dx * dx + dy * dy) * per_m - dt * dt * per_s)
    return total


@allocating_kernel
def components(n, first, second, order, largest):
    """Return the component of each record: edges are taken in `order` while no component exceeds `largest`."""
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
            if b < a:
                a, b = b, a
            parent[b] = a
            size[a] += size[b]
    label = np.empty(n, np.int64)
    for i in range(n):
        a = i
        while parent[a] != a:
            a = parent[a]
        label[i] = a
    return label


@allocating_kernel
def group_integrals(value_x, value_y, variance, share, factor, planes, result):
    """Fill, for each subset, the integral over the true place (or time) of the product of the records' densities.

    With Gaussian errors of variance vᵢ in d dimensions and n records

        ∫ Π N(zᵢ; z, vᵢ) dz = (2π)^{-d(n-1)/2} (Π vᵢ)^{-d/2} (Σ 1/vᵢ)^{-d/2} exp(-½ [Σ zᵢ²/vᵢ - (Σ zᵢ/vᵢ)² / Σ 1/vᵢ]).

    Each record's error is a mixture: with probability `share` its variance is `factor` times as large.
    """
    m = len(variance)
    for mask in range(1, 1 << m):
        result[mask] = 0.0
    total = 1
    for _ in range(m):
        total *= 3
    for pattern in range(1, total):
        mask, rest = 0, pattern
        a, bx, by, c, logdet, n, weight = 0.0, 0.0, 0.0, 0.0, 0.0, 0, 1.0
        for i in range(m):
            digit = rest % 3
            rest //= 3
            if digit:
                v = variance[i] * (factor if digit == 2 else 1.0)
                weight *= share if digit == 2 else 1.0 - share
                mask |= 1 << i
                n += 1
                a += 1.0 / v
                bx += value_x[i] / v
                by += value_y[i] / v
                c += (value_x[i] * value_x[i] + value_y[i] * value_y[i]) / v
                logdet += math.log(v)
        if weight > 0.0:
            spread = c - (bx * bx + by * by) / a
            result[mask] += weight * math.exp(
                -0.5 * (planes * ((n - 1) * _LOG_TWO_PI + logdet + math.log(a)) + max(spread, 0.0)))


@allocating_kernel
def resolve(members, start, time, x, y, var_m, var_s, source, act, log_odds, unseen, false_rate, repeat, act_error,
            act_share, outside, inside, spread_m, spread_s, kernel_weight, tails, masks, starts, balance, best, first,
            second, p_pair, share_of, p_alone, p_real, evidence):
    """Enumerate the partitions of each component; fill the best grouping, pair probabilities and shares.

    `members[start[c]:start[c + 1]]` are the records of component c. `outside` is the intensity of events around each
    record without those of its component, whose own part is `inside` per kernel weight and pair. Pairs (i, j) of one
    component are rows first[i] to first[i + 1] of `second`, in order of j.
    """
    table_m = np.empty(1 << LARGEST)
    table_s = np.empty(1 << LARGEST)
    group = np.empty(1 << LARGEST)
    chance = np.empty(1 << LARGEST)
    worth = np.empty(1 << LARGEST)
    excite = np.zeros((LARGEST, LARGEST))
    same = np.zeros((LARGEST, LARGEST))
    recall = np.zeros((LARGEST, LARGEST))
    local_x = np.empty(LARGEST)
    local_y = np.empty(LARGEST)
    local_t = np.empty(LARGEST)
    zero = np.zeros(LARGEST)
    v_m = np.empty(LARGEST)
    v_s = np.empty(LARGEST)
    base = np.empty(LARGEST)
    score = np.empty(starts[-1])
    acts = len(act_share)
    for c in range(len(start) - 1):
        begin, m = start[c], start[c + 1] - start[c]
        for i in range(m):
            r = members[begin + i]
            local_x[i] = x[r] - x[members[begin]]
            local_y[i] = y[r] - y[members[begin]]
            local_t[i] = time[r] - time[members[begin]]
            v_m[i], v_s[i] = var_m[r], var_s[r]
        for i in range(m):
            r = members[begin + i]
            base[i] = outside[r]
            for j in range(m):
                if j != i:
                    excite[i, j] = kernel_at(local_x[i] - local_x[j], local_y[i] - local_y[j], local_t[i] - local_t[j],
                                             spread_m, spread_s, kernel_weight)
                    base[i] -= inside[members[begin + j]] * excite[i, j]
            base[i] = max(base[i], kernel_weight[len(spread_m)])
        group_integrals(local_x[:m], local_y[:m], v_m[:m], tails[0], tails[1], 2.0, table_m)
        group_integrals(local_t[:m], zero[:m], v_s[:m], tails[2], tails[3], 1.0, table_s)
        for mask in range(1, 1 << m):
            value = math.log(max(table_m[mask], _TINY)) + math.log(max(table_s[mask], _TINY))
            for i in range(m):
                if mask >> i & 1:
                    r = members[begin + i]
                    again = False
                    for j in range(i):
                        if mask >> j & 1 and source[members[begin + j]] == source[r]:
                            again = True
                    value += math.log(repeat[source[r]]) if again else log_odds[r]
            likely = 0.0
            for a in range(acts):
                part = act_share[a]
                for i in range(m):
                    if mask >> i & 1:
                        r = members[begin + i]
                        if act[r] >= 0:
                            part *= act_error[source[r]] * act_share[act[r]] + (
                                1.0 - act_error[source[r]] if act[r] == a else 0.0)
                likely += part
            group[mask] = value + math.log(max(likely, _TINY))
        highest = -np.inf
        for row in range(starts[m], starts[m + 1]):
            total = 0.0
            for b in range(m):
                mask = masks[row, b]
                if mask == 0:
                    break
                intensity, count, hidden, lone = 0.0, 0, 0.0, -1
                for i in range(m):
                    if mask >> i & 1:
                        count += 1
                        lone = i
                        intensity += base[i]
                        hidden += unseen[members[begin + i]]
                        for e in range(b):
                            other, extra, number = masks[row, e], 0.0, 0
                            for j in range(m):
                                if other >> j & 1:
                                    extra += excite[i, j]
                                    number += 1
                            intensity += extra / number
                weight = group[mask] + math.log(intensity / count * hidden / count)
                if count == 1:
                    r = members[begin + lone]
                    said = act_share[act[r]] if act[r] >= 0 else 1.0
                    weight = math.log(math.exp(weight) + false_rate[source[r]] * said)
                total += weight
            score[row] = total
            highest = max(highest, total)
        norm = 0.0
        for mask in range(1 << m):
            chance[mask] = 0.0
        for row in range(starts[m], starts[m + 1]):
            score[row] = math.exp(score[row] - highest)
            norm += score[row]
        evidence[c] = highest + math.log(norm)
        for row in range(starts[m], starts[m + 1]):
            for b in range(m):
                mask = masks[row, b]
                if mask == 0:
                    break
                chance[mask] += score[row] / norm
        for i in range(m):
            for j in range(m):
                same[i, j] = 0.0
                recall[i, j] = 0.0
            share_of[members[begin + i]] = 0.0
        for mask in range(1, 1 << m):
            if chance[mask] > 0.0:
                count = 0
                for i in range(m):
                    count += mask >> i & 1
                for i in range(m):
                    if mask >> i & 1:
                        share_of[members[begin + i]] += chance[mask] / count
                        for j in range(m):
                            if mask >> j & 1:
                                same[i, j] += chance[mask]
                                recall[i, j] += chance[mask] / count
        for mask in range(1, 1 << m):
            count, hit, told = 0, 0.0, 0.0
            for i in range(m):
                if mask >> i & 1:
                    count += 1
                    for j in range(m):
                        if mask >> j & 1:
                            hit += same[i, j]
                            told += recall[i, j]
            worth[mask] = balance * hit / count + (1.0 - balance) * told
        top, chosen = -np.inf, starts[m]
        for row in range(starts[m], starts[m + 1]):
            total = 0.0
            for b in range(m):
                if masks[row, b] == 0:
                    break
                total += worth[masks[row, b]]
            if balance < 0.0:
                total = score[row]
            if total > top:
                top, chosen = total, row
        for b in range(m):
            mask = masks[chosen, b]
            lowest = -1
            for i in range(m):
                if mask >> i & 1:
                    if lowest < 0:
                        lowest = members[begin + i]
                    best[members[begin + i]] = lowest
        for i in range(m):
            r = members[begin + i]
            alone = chance[1 << i]
            p_alone[r] = alone
            true_one = math.exp(group[1 << i]) * base[i] * unseen[r]
            said = act_share[act[r]] if act[r] >= 0 else 1.0
            p_real[r] = 1.0 - alone * false_rate[source[r]] * said / (true_one + false_rate[source[r]] * said)
            for e in range(first[r], first[r + 1]):
                for j in range(i + 1, m):
                    if second[e] == members[begin + j]:
                        p_pair[e] = same[i, j]


@allocating_kernel
def group_weight(chosen, n, time, x, y, var_m, var_s, source, act, log_odds, repeat, act_error, act_share, tails,
                 scratch, table):
    """Return the log weight of the records `chosen[:n]` as one group, without intensity and unseen sources."""
    full = (1 << n) - 1
    for i in range(n):
        r = chosen[i]
        scratch[0, i] = x[r] - x[chosen[0]]
        scratch[1, i] = y[r] - y[chosen[0]]
        scratch[2, i] = time[r] - time[chosen[0]]
        scratch[3, i] = var_m[r]
        scratch[4, i] = var_s[r]
        scratch[5, i] = 0.0
    value = 0.0
    for part in range(2):
        share, factor = tails[2 * part], tails[2 * part + 1]
        planes = 2.0 - part
        total = 0.0
        for pattern in range(1 << n):
            a, bx, by, c, logdet, weight = 0.0, 0.0, 0.0, 0.0, 0.0, 1.0
            for i in range(n):
                wide = pattern >> i & 1
                v = scratch[3 + part, i] * (factor if wide else 1.0)
                weight *= share if wide else 1.0 - share
                zx = scratch[0, i] if part == 0 else scratch[2, i]
                zy = scratch[1, i] if part == 0 else 0.0
                a += 1.0 / v
                bx += zx / v
                by += zy / v
                c += (zx * zx + zy * zy) / v
                logdet += math.log(v)
            spread = c - (bx * bx + by * by) / a
            total += weight * math.exp(-0.5 * (planes * ((n - 1) * _LOG_TWO_PI + logdet + math.log(a)) + max(spread, 0.0)))
        value += math.log(max(total, _TINY))
    for i in range(n):
        again = False
        for j in range(i):
            if source[chosen[j]] == source[chosen[i]]:
                again = True
        value += math.log(repeat[source[chosen[i]]]) if again else log_odds[chosen[i]]
    likely = 0.0
    for a in range(len(act_share)):
        part_a = act_share[a]
        for i in range(n):
            r = chosen[i]
            if act[r] >= 0:
                part_a *= act_error[source[r]] * act_share[act[r]] + (1.0 - act_error[source[r]] if act[r] == a else 0.0)
        likely += part_a
    return value + math.log(max(likely, _TINY))


@allocating_kernel
def elsewhere(adjacent, adjacent_start, edge, label, group, group_members, group_start, p_alone, intensity, time, x, y, var_m,
              var_s, source, act, log_odds, unseen, false_rate, repeat, act_error, act_share, tails, p_out):
    """Return, for each record, the weight of joining a group outside its component, relative to all within it.

    If Z is the sum of weights of all partitions of the component, those in which record i is alone have the share
    `p_alone`; with i in the outside group h instead the weight is p_alone · W(h + i)/(W(h) W(i)) of Z.
    """
    n = len(time)
    result = np.zeros(n)
    chosen = np.empty(LARGEST + 1, np.int64)
    scratch = np.empty((6, LARGEST + 1))
    table = np.empty(1)
    seen = np.full(n, -1, np.int64)
    for i in range(n):
        chosen[0] = i
        said = act_share[act[i]] if act[i] >= 0 else 1.0
        alone = math.exp(group_weight(chosen, 1, time, x, y, var_m, var_s, source, act, log_odds, repeat, act_error,
                                      act_share, tails, scratch, table)) * intensity[i] * unseen[i] + false_rate[source[i]] * said
        for e in range(adjacent_start[i], adjacent_start[i + 1]):
            j = adjacent[e]
            h = group[j]
            if label[j] == label[i] or seen[h] == i:
                continue
            seen[h] = i
            size = group_start[h + 1] - group_start[h]
            if size > LARGEST - 1:
                continue
            for k in range(size):
                chosen[k] = group_members[group_start[h] + k]
            without = group_weight(chosen, size, time, x, y, var_m, var_s, source, act, log_odds, repeat, act_error,
                                   act_share, tails, scratch, table)
            chosen[size] = i
            joined = group_weight(chosen, size + 1, time, x, y, var_m, var_s, source, act, log_odds, repeat, act_error,
                                  act_share, tails, scratch, table)
            if size == 1:
                said_j = act_share[act[j]] if act[j] >= 0 else 1.0
                without = math.log(math.exp(without) + false_rate[source[j]] * said_j / (intensity[j] * unseen[j]))
            odds = math.exp(joined - without) / alone
            mass = p_alone[i] * odds
            result[i] += mass
            for f in range(adjacent_start[i], adjacent_start[i + 1]):
                if group[adjacent[f]] == h:
                    p_out[edge[f]] = max(p_out[edge[f]], mass)
    return result
