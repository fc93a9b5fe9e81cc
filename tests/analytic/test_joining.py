"""Closed forms of joining against the enumeration.

Shown to fail: lambda left out of a second group; 1 - p and p exchanged; the wide share of errors taken as the usual.
"""

import itertools
import math

import numpy as np
import pytest

from skyshield.monitoring.joining import kernels
from skyshield.monitoring.joining.pairs import odds_of_one_event

DAY_S, KM2_100 = 86400.0, 100e6
RATE = 1 / (KM2_100 * DAY_S)
BELL = (1, 1, 2, 5, 15, 52, 203, 877, 4140)


def worth(n, sources, p=0.5, false=1e-30, rate=RATE, tails=(0.0, 4.0), repeat=1e-9, spread=1e6):
    """Sources that are all alike, no acts, an even load."""
    return kernels.Worth(np.full(n, math.log(p / (1 - p))), np.full(n, (1 - p) ** sources), np.full(sources, false),
                         np.full(sources, repeat), np.full(sources, 0.1), np.ones(1), np.array([*tails, *tails]),
                         np.array([spread]), np.array([spread]), np.array([0.0]), rate)


def reports(places, errors_m=1000.0, errors_s=300.0):
    t, x, y = (np.array(column, float) for column in zip(*places, strict=True))
    n = len(t)
    return kernels.Reports(t, x, y, np.full(n, errors_m ** 2), np.full(n, errors_s ** 2), np.arange(n),
                           np.full(n, -1))


def resolved(rep, wor, rate=RATE):
    """Return P of each pair, the best groups at balance 1/2, P alone."""
    n = len(rep.time_s)
    first, second = (np.array(side) for side in zip(*itertools.combinations(range(n), 2), strict=True))
    masks, starts = kernels.partition_tables()
    p_pair, best = np.zeros(len(first)), np.empty((1, n), np.int64)
    share, alone, false = np.empty(n), np.empty(n), np.empty(n)
    kernels.resolve(rep, wor, np.arange(n), np.array([0, n]), np.full(n, rate), np.zeros(n), masks, starts,
                    np.array([0.5]), np.searchsorted(first, np.arange(n + 1)), second, p_pair, best, share, alone,
                    false)
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return dict(zip(pairs, p_pair.tolist(), strict=True)), best[0], alone, share


def test_the_odds_of_the_two_source_case():
    odds = odds_of_one_event(2000, 600, (1000, 1000), (300, 300), RATE, (0.5, 0.5))
    assert odds == pytest.approx(349.98, abs=0.005)


def test_the_enumeration_gives_these_odds():
    p, _, alone, share = resolved(reports([(0, 0, 0), (600, 2000, 0)]), worth(2, 2))
    assert p[0, 1] / (1 - p[0, 1]) == pytest.approx(349.98, abs=0.005)
    assert alone[0] == pytest.approx(1 - p[0, 1]) and share.sum() == pytest.approx(2 - p[0, 1])


@pytest.mark.parametrize("sources", [2, 3, 5])
def test_more_sources_that_saw_nothing(sources):
    p = resolved(reports([(0, 0, 0), (300, 1500, 500)]), worth(2, sources, p=0.3))[0][0, 1]
    two = odds_of_one_event(math.hypot(1500, 500), 300, (1000, 1000), (300, 300), RATE, (0.7, 0.7))
    assert p / (1 - p) == pytest.approx(two / 0.7 ** (sources - 2), rel=1e-9)


@pytest.mark.parametrize("p", [0.5, 0.3])
def test_false_reports_lower_the_odds(p):
    """With the intensity phi of false ones: g lambda p p / ((lambda p q + phi)(lambda p q + phi))."""
    false, lone = RATE / 2, RATE * p * (1 - p)
    found = resolved(reports([(0, 0, 0), (600, 2000, 0)]), worth(2, 2, p=p, false=false))[0][0, 1]
    honest = odds_of_one_event(2000, 600, (1000, 1000), (300, 300), RATE, (1 - p, 1 - p))
    assert found / (1 - found) == pytest.approx(honest * lone ** 2 / (lone + false) ** 2, rel=1e-9)


def test_the_integral_over_the_place_is_that_of_numbers():
    """Three records in one dimension against a sum over a fine grid, with tails."""
    x, v = np.array([0.0, 1.5, -0.7]), np.array([1.0, 2.0, 0.5])
    at = np.linspace(-60, 60, 60_001)
    product = np.ones_like(at)
    for a, b in zip(x, v, strict=True):
        product *= sum(w * np.exp(-(a - at) ** 2 / 2 / c) / np.sqrt(2 * np.pi * c) for w, c in ((0.8, b), (0.2, 6 * b)))
    exact = float(product.sum() * (at[1] - at[0]))
    assert kernels.mixed_integral(x, np.zeros(3), v, 3, 1, 0.2, 6.0) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("planes", [1, 2])
def test_the_integrals_of_all_subsets_are_those_one_by_one(planes):
    rng = np.random.default_rng(3)
    x, y, v = rng.normal(0, 2, 6), rng.normal(0, 2, 6) * (planes - 1), rng.uniform(0.5, 3, 6)
    found = np.empty(64)
    kernels.subset_integrals(x, y, v, 6, planes, 0.1, 6.0, np.empty((7, 3 ** 6)), found)
    for mask in range(1, 64):
        inside = [i for i in range(6) if mask >> i & 1]
        one = kernels.mixed_integral(x[inside], y[inside], v[inside], len(inside), planes, 0.1, 6.0)
        assert found[mask] == pytest.approx(one, rel=1e-9)


def test_the_partitions_are_all_and_each_once():
    masks, starts = kernels.partition_tables()
    for n in range(1, 9):
        rows = masks[starts[n]:starts[n + 1]].astype(int)
        assert len(rows) == BELL[n] and len({tuple(sorted(row)) for row in rows.tolist()}) == BELL[n]
        assert (rows.sum(1) == (1 << n) - 1).all()
        assert (np.bitwise_or.reduce(rows, axis=1) == (1 << n) - 1).all()


def test_four_records_against_a_sum_over_partitions_by_hand():
    """All partitions of four records, weighed in plain Python from the integrals alone."""
    places = [(0, 0, 0), (200, 800, 0), (900, 500, 1500), (1000, 2500, 900)]
    rep, wor = reports(places), worth(4, 4, p=0.4)
    weights = {}
    for size in range(1, 5):
        for group in itertools.combinations(range(4), size):
            inside = list(group)
            at = kernels.mixed_integral(rep.x_m[inside], rep.y_m[inside], rep.variance_m2[inside], size, 2, 0.0, 4.0)
            when = kernels.mixed_integral(rep.time_s[inside], np.zeros(size), rep.variance_s2[inside], size, 1, 0.0,
                                          4.0)
            weights[group] = RATE * 0.4 ** size * 0.6 ** (4 - size) * at * when

    def partitions(left):
        if not left:
            yield ()
            return
        for size in range(len(left)):
            for others in itertools.combinations(left[1:], size):
                group = (left[0], *others)
                for rest in partitions(tuple(i for i in left if i not in group)):
                    yield (group, *rest)

    total, joint = 0.0, dict.fromkeys(itertools.combinations(range(4), 2), 0.0)
    for partition in partitions((0, 1, 2, 3)):
        weight = math.prod(weights[group] for group in partition)
        total += weight
        for group in partition:
            for pair in itertools.combinations(group, 2):
                joint[pair] += weight
    found = resolved(rep, wor)[0]
    for pair, weight in joint.items():
        assert found[pair] == pytest.approx(weight / total, rel=1e-9)


def test_what_a_record_could_be_outside_its_component():
    """Two records in components of their own: the weight of joining is the odds of one event."""
    rep = reports([(0, 0, 0), (600, 2000, 0)])
    p_pair, each = np.zeros(1), np.arange(2)
    out = kernels.elsewhere(rep, worth(2, 2), np.array([1, 0]), np.zeros(2, np.int64), np.array([0, 1, 2]),
                            np.ones(2, bool), each, each, each, np.array([0, 1, 2]), np.ones(2), np.full(2, RATE),
                            p_pair)
    assert out == pytest.approx([349.98] * 2, abs=0.005) and p_pair[0] == pytest.approx(349.98, abs=0.005)


def test_a_source_that_repeats_itself():
    """Two records of the only source: g lambda p r against (lambda p)^2."""
    rep = reports([(0, 0, 0), (600, 2000, 0)])._replace(source=np.zeros(2, np.int64))
    p = resolved(rep, worth(2, 1, p=0.3, repeat=0.01))[0][0, 1]
    g = odds_of_one_event(2000, 600, (1000, 1000), (300, 300), 1.0, (1.0, 1.0))
    assert p / (1 - p) == pytest.approx(g * 0.01 / (RATE * 0.3), rel=1e-9)
