"""The rule that turns figures into verdicts: by hand, by Holm's steps, and by what must never change one.

Tried to fail: intervals that are not widened; Holm's steps all at 5%; any arm enough for a verdict; a headline that
does not count; `below` not turned over; the clearest arm's p in place of the worst; assumptions counted among the
measured; parts that agree on nothing called untested; a touched threshold passed. Each fails at least one test.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from skyshield.claims.judge import (
    ASSUMPTION,
    CONTRADICTED,
    INTERVAL,
    MISSING,
    NOT_TESTABLE,
    PARTLY,
    SUPPORTED,
    VERDICTS,
    InArm,
    Tried,
    holm,
    judge_all,
    judge_part,
    p_part,
    together,
    widened,
)
from skyshield.claims.table import Claim, Figure, Part, Place, Threshold
from skyshield.core.errors import SkyShieldError


def part_of(threshold: float = 5.0, direction: str = "above") -> Part:
    return Part("part", Figure("prevented_armed", option="region"), Threshold("t", threshold, "1", None, "", ()),
                direction)


def claim_of(*parts: Part) -> Claim:
    return Claim("claim", "op_ed", Place(1, "As"), "", "", "", "effect", tuple(parts))


def arm(lo: float, hi: float, label: str = "headline", assumed: bool = False) -> InArm:
    return InArm(label, (lo + hi) / 2.0, lo, hi, assumed)


CLEAR, AGAINST, ACROSS = (6.0, 10.0), (1.0, 4.0), (4.0, 8.0)


@pytest.mark.parametrize(("arms", "verdict", "why"), [
    ((CLEAR,), SUPPORTED, ""),
    ((CLEAR, CLEAR), SUPPORTED, ""),
    ((AGAINST, AGAINST), CONTRADICTED, ""),
    ((CLEAR, ACROSS), PARTLY, ""),
    ((CLEAR, AGAINST), PARTLY, ""),
    ((AGAINST, CLEAR), NOT_TESTABLE, ASSUMPTION),
    ((AGAINST, ACROSS), NOT_TESTABLE, ASSUMPTION),
    ((ACROSS, CLEAR), NOT_TESTABLE, INTERVAL),
    ((ACROSS,), NOT_TESTABLE, INTERVAL),
])
@pytest.mark.parametrize("direction", ["above", "below"])
def test_every_case_of_the_rule(arms, verdict, why, direction):
    part = part_of(5.0 if direction == "above" else -5.0, direction)
    told = [arm(*(ends if direction == "above" else (-ends[1], -ends[0])), f"arm {k}") for k, ends in enumerate(arms)]
    found = judge_part(part, Tried(tuple(told)), 0.05)
    assert (found.verdict, found.why) == (verdict, why)


def test_a_figure_that_touches_its_threshold_does_not_clear_it():
    assert judge_part(part_of(6.0), Tried((arm(*CLEAR),)), 0.05).verdict == NOT_TESTABLE
    assert judge_part(part_of(4.0), Tried((arm(*AGAINST),)), 0.05).verdict == NOT_TESTABLE


@pytest.mark.parametrize(("direction", "sign"), [("above", 1.0), ("below", -1.0)])
def test_distance_is_the_least_over_arms_with_the_arm_responsible(direction, sign):
    arms = [arm(*sorted((sign * lo, sign * hi)), label)
            for lo, hi, label in ((9, 10, "headline"), (5.5, 7, "volume high"), (8, 9, "displacement high"))]
    found = judge_part(part_of(sign * 5.0, direction), Tried(tuple(arms)), 0.05)
    assert found.verdict == SUPPORTED
    assert (found.distance, found.arm) == (pytest.approx(0.5), "volume high")
    assert found.would_change == "nearest to failing: volume high"


def test_partly_names_the_arms_that_fail():
    arms = (arm(*CLEAR), arm(*ACROSS, "displacement high"), arm(*CLEAR, "volume low"))
    assert judge_part(part_of(), Tried(arms), 0.05).would_change == "it is not borne out: displacement high"


def test_ends_of_assumptions_on_both_sides_are_not_testable_and_name_the_assumption():
    found = judge_part(part_of(), Tried((arm(0.0, 9.0, assumed=True),), turns="chi, from 0.3"), None)
    assert (found.verdict, found.why, found.would_change) == (NOT_TESTABLE, ASSUMPTION, "chi, from 0.3")
    assert judge_part(part_of(), Tried((arm(6.0, 9.0, assumed=True),)), None).verdict == SUPPORTED


def test_what_is_missing_is_said():
    found = judge_part(part_of(), Tried(missing="the study has no option 'naval'"), None)
    assert (found.verdict, found.why, found.would_change) == (NOT_TESTABLE, MISSING, "the study has no option 'naval'")
    bare = judge_part(part_of(), Tried((InArm("headline", 9.0, None, None),)), 0.05)
    assert (bare.verdict, bare.why, bare.distance) == (NOT_TESTABLE, MISSING, None)


def test_an_arm_without_an_interval_never_clears():
    arms = (arm(*CLEAR), InArm("volume low", 9.0, None, None))
    assert judge_part(part_of(), Tried(arms), 0.05).verdict == PARTLY


def test_a_claim_of_several_parts_says_all_of_them():
    assert together([SUPPORTED, CONTRADICTED]) == PARTLY
    assert together([PARTLY, NOT_TESTABLE]) == PARTLY
    assert together([CONTRADICTED, NOT_TESTABLE]) == CONTRADICTED
    for verdict in VERDICTS:
        assert together([verdict, verdict]) == verdict
    claim = claim_of(part_of(), part_of(50.0))
    judged, = judge_all([claim], [[Tried((arm(8.0, 8.5),)), Tried((arm(8.0, 8.5),))]])
    assert (judged.verdict, judged.deciding.part.threshold.value) == (PARTLY, 50.0)


def test_widening_at_a_level_by_hand():
    z = norm.ppf(1 - 0.05 / 48 / 2) / norm.ppf(0.975)
    wide = widened(InArm("headline", 10.0, 8.0, 13.0), 0.05 / 48)
    assert (wide.lo, wide.hi) == (pytest.approx(10.0 - 2.0 * z), pytest.approx(10.0 + 3.0 * z))
    sure = InArm("headline", 2.0, 2.0, 2.0)
    assert widened(sure, 1e-6) == sure


def test_holms_levels_by_hand():
    assert holm([0.0, 0.0, 0.0]) == pytest.approx([0.05 / 3, 0.05 / 2, 0.05])
    assert holm([1.0, 1.0]) == pytest.approx([0.025, 0.025])
    assert holm([0.03, 0.001, 1.0]) == pytest.approx([0.025, 0.05 / 3, 0.025])  # 0.03 fails at 0.05 / 2
    assert holm([]) == []
    with pytest.raises(SkyShieldError):
        holm([math.nan])


def test_p_is_the_level_at_which_the_end_reaches_the_threshold():
    part = part_of()
    for found in (arm(6.0, 10.0), arm(1.0, 4.5)):
        p = p_part(part, Tried((found,)))
        wide = widened(found, p)
        assert min(abs(wide.lo - 5.0), abs(wide.hi - 5.0)) == pytest.approx(0.0, abs=1e-9)
    worst = p_part(part, Tried((arm(6.0, 10.0), arm(5.2, 10.0))))
    assert worst == p_part(part, Tried((arm(5.2, 10.0),))) > p_part(part, Tried((arm(6.0, 10.0),)))
    assert p_part(part, Tried((arm(6.0, 10.0), arm(1.0, 2.0)))) > 0.5


ends = st.tuples(st.floats(-20, 20), st.floats(0.01, 10)).map(lambda c: (c[0] - c[1], c[0] + c[1]))


@given(st.lists(st.lists(ends, min_size=1, max_size=4), min_size=1, max_size=6))
def test_holm_and_the_widened_intervals_decide_alike(claims):
    part = part_of()
    tried = [Tried(tuple(arm(*one, f"arm {k}") for k, one in enumerate(of))) for of in claims]
    judged = judge_all([claim_of(part) for _ in claims], [[one] for one in tried])
    p = [p_part(part, one) for one in tried]
    order = sorted(range(len(p)), key=lambda i: (p[i], i))
    decided = set()
    for k, i in enumerate(order):  # Holm as the textbook has it
        if not p[i] < 0.05 / (len(p) - k):
            break
        decided.add(i)
    assert {k for k, one in enumerate(judged) if one.verdict in (SUPPORTED, CONTRADICTED)} == decided


@given(st.lists(ends, min_size=1, max_size=4), st.integers(1, 40))
def test_more_claims_never_turn_a_verdict_round(arms, others):
    part, tried = part_of(), Tried(tuple(arm(*one, f"arm {k}") for k, one in enumerate(arms)))
    undecided = Tried((arm(4.0, 6.0),))
    alone, = judge_all([claim_of(part)], [[tried]])
    among, *_ = judge_all([claim_of(part)] * (others + 1), [[tried]] + [[undecided]] * others)
    assert (alone.verdict, among.verdict) not in {(a, b) for a in (SUPPORTED, CONTRADICTED)
                                                  for b in (SUPPORTED, CONTRADICTED) if a != b}
    if among.verdict in (SUPPORTED, CONTRADICTED):
        assert alone.verdict == among.verdict


def test_some_verdict_rests_on_luck_in_five_of_a_hundred_at_most():
    """Twelve figures at their thresholds in one arm each: any verdict is luck. And without Holm it is 46 of 100."""
    generator, n, m = np.random.default_rng(20261130), 4000, 12
    z = norm.ppf(0.975)
    part, lucky, unguarded = part_of(0.0), 0, 0
    claims = [claim_of(part)] * m
    for draws in generator.normal(size=(n, m)):
        tried = [[Tried((InArm("headline", d, d - z, d + z),))] for d in draws]
        lucky += any(one.verdict != NOT_TESTABLE for one in judge_all(claims, tried))
        unguarded += any(judge_part(part, one[0], None).verdict != NOT_TESTABLE for one in tried)
    error = math.sqrt(0.05 * 0.95 / n)
    assert lucky / n < 0.05 + 4 * error
    assert unguarded / n > 0.3


def test_assumptions_do_not_count_among_the_measured():
    measured, assumed = Tried((arm(6.0, 10.0),)), Tried((arm(6.0, 10.0, assumed=True),))
    one, two = judge_all([claim_of(part_of()), claim_of(part_of())], [[measured], [assumed]])
    assert one.parts[0].level == 0.05
    assert (two.parts[0].level, two.parts[0].arms) == (None, assumed.arms)


def test_a_claim_without_parts_says_what_would_test_it():
    judged, = judge_all([replace(claim_of(), test="a survey")], [[]])
    assert (judged.verdict, judged.deciding, judged.would_change) == (NOT_TESTABLE, None, "a survey")
