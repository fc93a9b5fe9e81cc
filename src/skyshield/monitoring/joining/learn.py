r"""What the sources are worth, learnt from their reports without truth: expectation and maximisation.

Expectation: the probability of each pair to be one event (`grouping`). Maximisation, with priors that count for a few
pairs or records:

- the load: each event lies in the even rest or near another, ``f(x) = w₀/(A T) + Σₖ wₖ mean_j κₖ(x - x_j)``; the
  weights are learnt from pairs of one source alone, which cannot be one event: pairs of two sources that are one event
  would otherwise make showers of it (a stochastic declustering, Zhuang, Ogata and Vere-Jones, JASA 97, 2002);
- p: reports that are true and no repeats, over the expected number of events, those seen by none among them; only what
  others saw too tells it, so it rests on pairs;
- errors: of a pair's squared difference the part due to each, E[ε²] = (vᵢ/(vᵢ + vⱼ))² Δ² + vᵢvⱼ/(vᵢ + vⱼ), weighted
  with its probability to be one event, joined or not;
- the clock: the mean difference to others, after a first guess from the most frequent one;
- repeats, false reports, acts at random: their expected shares.
"""

import dataclasses
from collections.abc import Callable

import numpy as np

from skyshield.core.arrays import Booleans, Floats, Integers
from skyshield.monitoring.joining.grouping import Groups, expect, load_of
from skyshield.monitoring.joining.kernels import Reports, Worth, near_pairs
from skyshield.monitoring.joining.pairs import Pairs, candidate_pairs
from skyshield.monitoring.joining.parameters import (
    Declared,
    Parameters,
    Sample,
    covered,
    first_guess,
    intensity_of,
    kept,
    reports_of,
    worth_of,
)
from skyshield.monitoring.joining.settings import prior, settings


def learn(sample: Sample, declared: Declared, told: Callable[[int, int], None] | None = None) -> Parameters:
    """Return the parameters of the sources; `told` hears of each round."""
    rounds = settings()["rounds"]
    parameters = centred(first_guess(sample, declared, first_clocks(sample, declared)), sample, declared)
    share = np.full(len(sample.table.number), 1 / 2)
    for turn in range(rounds):
        reports, order = reports_of(sample, parameters)
        watched = covered(sample.table, reports)
        worth = worth_of(sample, parameters, reports, watched)
        load = load_of(reports, worth, share[order])
        pairs = candidate_pairs(reports, worth, intensity_of(worth, load))
        groups = expect(reports, worth, pairs, load, share[order])
        share[order] = groups.share
        parameters = maximise(sample, declared, parameters, reports, worth, watched, pairs, groups)
        if told is not None:
            told(turn + 1, rounds)
    return parameters


def centred(parameters: Parameters, sample: Sample, declared: Declared) -> Parameters:
    """Return the parameters with the clock of the middle record as the right one, unless a clock was declared."""
    if not np.all(np.isnan(declared.clock_s)):
        return parameters
    count = np.bincount(sample.table.source[sample.chosen], minlength=sample.sources)
    order = np.argsort(parameters.clock_s, kind="stable")
    middle = np.searchsorted(np.cumsum(count[order]), count.sum() / 2)
    right_s = parameters.clock_s[order[middle]]
    return dataclasses.replace(parameters, clock_s=parameters.clock_s - right_s,
                               clock_guess_s=parameters.clock_guess_s - right_s)


def first_clocks(sample: Sample, declared: Declared) -> Floats:
    """Return a guess of the clocks: for each source the most frequent difference to the others, if it stands out."""
    rules = settings()
    table, chosen = sample.table, sample.chosen
    order = chosen[np.lexsort((table.ident[chosen], table.time_s[chosen]))]
    source = table.source[order]
    n, reach_s = len(order), float(rules["clock_reach_s"])
    errors_m = np.hypot(table.error_m[order], table.floor_m[order])
    reports = Reports(table.time_s[order], table.x_m[order], table.y_m[order], errors_m, errors_m, source,
                      table.act[order])
    first, second = near_pairs(reports, np.full(n, reach_s), 2 * errors_m, np.ones(n, bool),
                               rules["pairs_of_a_record"])
    crosses = source[first] != source[second]
    first, second = first[crosses], second[crosses]
    step_s = max(float(rules["clock_bin_s"]), float(np.median(table.error_s[order])))
    half = int(reach_s / step_s)
    clock_s = kept(declared.clock_s, np.zeros(sample.sources))
    if half <= 2:
        return clock_s  # times too vague to tell clocks by
    count = np.bincount(source, minlength=sample.sources)
    smooth = np.exp(-np.arange(-2, 2 + 1) ** 2 / 2.0)
    lag_s = reports.time_s[second] - reports.time_s[first]
    for _ in range(2):
        for one in np.argsort(-count, kind="stable"):
            if not np.isnan(declared.clock_s[one]) or count[one] == 0:
                continue
            mine, other = source[second] == one, source[first] == one
            lags = np.append(lag_s[mine] + clock_s[source[first[mine]]], clock_s[source[second[other]]] - lag_s[other])
            place = np.clip(np.round(lags / step_s).astype(int), -half, half) + half
            seen = np.convolve(np.bincount(place, minlength=2 * half + 1)[1:-1], smooth, "same")
            top, none = int(np.argmax(seen)), half - 1
            stands_out = seen[top] - seen[none] > rules["clock_deviations"] * np.sqrt(seen[none] + 1)
            clock_s[one] = (top - none) * step_s if stands_out else 0.0
    return clock_s


def maximise(sample: Sample, declared: Declared, old: Parameters, reports: Reports, worth: Worth,
             watched: dict[int, Booleans], pairs: Pairs, groups: Groups) -> Parameters:
    """Return the parameters that fit the expected groups best."""
    rules, n = settings(), sample.sources
    low, high = rules["smallest_share"], rules["largest_share"]
    source, crosses = reports.source, pairs.crosses
    count = np.bincount(source, minlength=n).astype(float)
    false = np.bincount(source, groups.p_false, n)
    again = np.bincount(source[pairs.first], groups.p_pair * ~crosses, n)
    true_first = np.asarray(count - false - again, float)
    strength, start = rules["records_for_prior"], prior()
    factor_m, factor_s, clock_s, tails, weight = _errors(old, reports, pairs, groups.p_pair, n)
    trust = weight / (weight + rules["pairs_for_prior"])
    p = trust * _detection(sample, old, reports, watched, groups, true_first) + (1 - trust) * start.p
    result = dataclasses.replace(
        old, p=kept(declared.p, p),
        repeat=kept(declared.repeat, np.clip((again + strength * start.repeats) / (count + strength), low, high)),
        false_share=kept(declared.false_share,
                         np.clip((false + strength * start.false_share) / (count + strength), low, high)),
        factor_m=kept(declared.error_factor, factor_m), factor_s=kept(declared.error_factor, factor_s),
        clock_s=kept(declared.clock_s, clock_s), tail_m=tails[0], tail_s=tails[1],
        act_error=kept(declared.act_error, _acts(old, reports, pairs, groups.p_pair, n)),
        weights=_weights(sample, old, reports, worth, groups), events=float(groups.share.sum()), pairs=weight)
    return centred(result, sample, declared)


def _detection(sample: Sample, old: Parameters, reports: Reports, watched: dict[int, Booleans], groups: Groups,
               told: Floats) -> Floats:
    """Return p of each source: its true first reports over the events that it could have seen, unseen ones too."""
    rules, start = settings(), prior()
    real = groups.share * (1 - groups.p_false)
    p = old.p
    for _ in range(rules["rounds"]):
        unseen = worth_of(sample, dataclasses.replace(old, p=p), reports, watched).unseen
        events = real / (1 - unseen)
        could = np.array([events[watched[one]].sum() if one in watched else events.sum() for one in range(len(p))])
        p = np.clip((told + start.p * 2) / (could + 2), rules["smallest_p"], rules["largest_p"])
    return p


def _weights(sample: Sample, old: Parameters, reports: Reports, worth: Worth, groups: Groups) -> Floats:
    """Return the shares of events near another, by kernel, and of the rest, from pairs of one source."""
    count = np.bincount(reports.source, minlength=sample.sources)[reports.source]
    near = load_of(reports, worth, np.ones(len(count)), own_source=True) / count[:, None]
    parts = np.column_stack([near, np.full(len(count), 1 / (sample.area_m2 * sample.span_s))]) * old.weights
    parts *= (groups.share / parts.sum(1))[:, None]
    weights = np.maximum(parts.sum(0) / groups.share.sum(), settings()["smallest_share"])
    return np.asarray(weights / weights.sum(), float)


def _errors(old: Parameters, reports: Reports, pairs: Pairs, p_pair: Floats,
            n: int) -> tuple[Floats, Floats, Floats, tuple[float, float], Floats]:
    """Return the factors of place and time, the clocks, the shares of tails, and the pairs they rest on."""
    rules, start = settings(), prior()
    weight = p_pair * pairs.crosses
    source = reports.source
    one, two = source[pairs.first], source[pairs.second]
    rests = np.asarray(np.bincount(one, weight, n) + np.bincount(two, weight, n), float)
    factors, tails = [], []
    for old_factor, variance, square, parts, sums in (
            (old.factor_m, reports.variance_m2, pairs.square_m2, pairs.part_m, pairs.sum_m2),
            (old.factor_s, reports.variance_s2, pairs.lag_s ** 2, pairs.part_s, pairs.sum_s2)):
        ratio = np.zeros(n)
        wide = 0.0
        for case in range(parts.shape[1]):
            for who, record, is_wide in ((one, pairs.first, case // 2), (two, pairs.second, case % 2)):
                own = variance[record] * (start.tail_factor if is_wide else 1)
                due = (own / sums[:, case]) ** 2 * square + own * (sums[:, case] - own) / sums[:, case]
                ratio += np.bincount(who, weight * parts[:, case] * due / own, n)
                wide += is_wide * float((weight * parts[:, case]).sum()) / 2
        strength = rules["pairs_for_prior"]
        factors.append(old_factor * np.sqrt((ratio + strength * (start.error_factor / old_factor) ** 2)
                                            / (rests + strength)))
        tails.append(float(np.clip((wide + start.tail_share * strength) / (weight.sum() + strength),
                                   rules["smallest_share"], rules["largest_share"])))
    pull = weight * (pairs.part_s / pairs.sum_s2).sum(1)
    late = np.bincount(two, pull * pairs.lag_s, n) - np.bincount(one, pull * pairs.lag_s, n)
    total = np.bincount(one, pull, n) + np.bincount(two, pull, n)
    clock_s = old.clock_s + np.divide(late, total, out=np.zeros(n), where=total > 0) / 2
    clock_s = old.clock_guess_s + (clock_s - old.clock_guess_s) * rests / (rests + rules["pairs_for_prior"])
    return factors[0], factors[1], clock_s, (tails[0], tails[1]), rests


def _acts(old: Parameters, reports: Reports, pairs: Pairs, p_pair: Floats, n: int) -> Floats:
    """Return how often each source names an act at random; of two that differ, more often the one that errs more."""
    strength, start = settings()["pairs_for_prior"], prior()
    one, two = reports.act[pairs.first], reports.act[pairs.second]
    who, whom = reports.source[pairs.first], reports.source[pairs.second]
    weight = p_pair * pairs.crosses * (one >= 0) * (two >= 0)
    error = old.act_error[who] / (old.act_error[who] + old.act_error[whom])
    differ = weight * (one != two)
    wrong = np.bincount(who, differ * error, n) + np.bincount(whom, differ * (1 - error), n)
    known = np.bincount(who, weight, n) + np.bincount(whom, weight, n)
    by_chance = 1 - float((old.act_share ** 2).sum())
    rate = (wrong / max(by_chance, start.act_error) + strength * start.act_error) / (known + strength)
    return np.asarray(np.clip(rate, settings()["smallest_share"], 1 - start.act_error), float)


def stretches(n: int) -> list[Integers]:
    """Return the places of n records in order of time from which to learn: all, or equal parts spread evenly."""
    rules = settings()
    most, parts = rules["learnt_from"], rules["stretches"]
    if n <= most:
        return [np.arange(n)]
    starts = np.linspace(0, n - most // parts, parts).astype(int)
    return [np.arange(start, start + most // parts) for start in starts]
