"""What strategy answers to claims about politics: turned into figures by hand, and people side by side.

Tried to fail: "less risk" against the safest, or the riskiest, rival alone; belief in a promise left in; a price that
rises when port-days are saved. Each fails at least one test.
"""

import math
from dataclasses import replace

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.claims import CONTRADICTED, NOT_TESTABLE, SUPPORTED, claims_json, judged, load_claims
from skyshield.claims.answers import ANSWERS, PROBABILITIES, Answers
from skyshield.claims.judge import judge_part
from skyshield.claims.table import Figure
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import Elicited
from skyshield.strategy.commitments import credibility_after
from skyshield.strategy.figures import open_figures
from skyshield.strategy.grain import price_interval
from support.planted import study, truth


@pytest.fixture
def answers():
    return Answers(open_figures(), load_catalogue())


def part_of(claim, name=None):
    parts = next(one for one in load_claims() if one.name == claim).parts
    return parts[0] if name is None else next(part for part in parts if part.name == name)


def verdict(answers, part):
    return judge_part(part, answers.tried(part.figure), None).verdict


def test_every_answer_that_a_claim_asks_for_is_there_and_is_asked_for(answers):
    figures = [part.figure for claim in load_claims() for part in claim.parts if part.figure.answer]
    assert {(figure.answer, figure.quantity) for figure in figures} == {
        (answer, quantity) for answer, of in ANSWERS.items() for quantity in of}
    for figure in figures:
        tried = answers.tried(figure)
        assert tried.arms and all(arm.assumed for arm in tried.arms), figure.name
        assert all(arm.lo <= arm.hi for arm in tried.arms), figure.name
        if (figure.answer, figure.quantity) in PROBABILITIES and not figure.to:
            assert all(0.0 <= arm.lo <= arm.hi <= 1.0 for arm in tried.arms), figure.name


@pytest.mark.parametrize(("others", "zone", "expected"), [
    ((0.4, 0.6), (0.1, 0.3), SUPPORTED), ((0.2, 0.6), (0.1, 0.3), NOT_TESTABLE),
    ((0.3, 0.6), (0.1, 0.3), NOT_TESTABLE), ((0.1, 0.2), (0.3, 0.4), CONTRADICTED)])
def test_less_escalation_takes_intervals_that_lie_apart(answers, others, zone, expected):
    part = part_of("less_escalation")
    ladder = {name: {"p_low": others[0], "p_high": others[1], "decides": None} for name in part.figure.to}
    answers.__dict__["ladder"] = {**ladder, "region": {"p_low": zone[0], "p_high": zone[1], "decides": None}}
    assert verdict(answers, part) == expected
    assert ("region", *zone) in answers.tried(part.figure).beside


def test_one_overlap_is_enough_to_leave_less_escalation_open(answers):
    part = part_of("less_escalation")
    ladder = {name: {"p_low": 0.5, "p_high": 0.6, "decides": None} for name in part.figure.to}
    ladder["naval"] = {"p_low": 0.05, "p_high": 0.6, "decides": None}
    answers.__dict__["ladder"] = {**ladder, "region": {"p_low": 0.1, "p_high": 0.2, "decides": None}}
    assert verdict(answers, part) == NOT_TESTABLE


@pytest.mark.parametrize(("holds", "of_force", "of_zone"), [
    ("everywhere", SUPPORTED, CONTRADICTED), ("nowhere", CONTRADICTED, SUPPORTED),
    ("somewhere", NOT_TESTABLE, NOT_TESTABLE), ("not settled", NOT_TESTABLE, NOT_TESTABLE)])
def test_the_dilemma_is_asked_of_the_force_and_of_the_zone_alike(answers, holds, of_force, of_zone):
    row = {"strikes": {"severe": {"trap": holds, "no_trap_if": {"tolerance_at_least": 1.0, "b_at_most": 0.0}}}}
    answers.__dict__["responses"] = {"ground_25k": row, "region": row}
    assert verdict(answers, part_of("attack_is_a_dilemma")) == of_force
    assert verdict(answers, part_of("air_escapes_dilemma")) == of_zone


@pytest.mark.parametrize(("best", "expected"), [
    (["aid", "in_kind"], SUPPORTED), (["none"], CONTRADICTED), (["none", "aid"], NOT_TESTABLE)])
def test_silence_costs_more_where_it_is_never_the_best_answer(answers, best, expected):
    answers.__dict__["responses"] = {"ground_25k": {"strikes": {"severe": {"answers": best}}}}
    assert verdict(answers, part_of("silence_devalues", "silence_costs_more")) == expected


def test_nobody_in_reach_is_no_dilemma(answers):
    answers.__dict__["responses"] = {"region": {"in_reach": False}, "ground_25k": {"in_reach": False}}
    assert verdict(answers, part_of("air_escapes_dilemma")) == SUPPORTED
    assert verdict(answers, part_of("attack_is_a_dilemma")) == CONTRADICTED


@pytest.mark.parametrize(("word", "expected"), [
    ("yes", SUPPORTED), ("no", CONTRADICTED), ("undecided", NOT_TESTABLE)])
def test_feasible_says_yes_no_or_neither(answers, word, expected):
    answers.__dict__["feasible"] = {"ground_15k": word}
    assert verdict(answers, part_of("fifteen_thousand_feasible")) == expected


def test_what_silence_takes_is_what_is_not_left(answers):
    ends = answers.ends("commitments")
    loss, spill = ends["gamma"], ends["sigma_nato"]
    mission, nato = (answers.tried(Figure(answer="commitments", quantity=f"lost_{stock}")).arms[0]
                     for stock in ("mission", "nato"))
    assert (mission.lo, mission.hi) == pytest.approx(loss)
    assert nato.hi == pytest.approx(1.0 - credibility_after(1.0, loss[1], 1.0, spill[1]))


@pytest.mark.parametrize("saved", [-30.0, 0.0, 30.0])
def test_the_price_of_grain_follows_the_port_days(saved):
    table = truth()
    table["port_days"]["sites"] = saved
    tried = Answers(study(table), load_catalogue()).tried(part_of("ports_and_grain", "price").figure)
    ends = sorted((saved * 0.9, saved * 1.1))
    prices = [math.copysign(end, days) for days in ends for end in price_interval(abs(days), 365.0) if days] or [0.0]
    assert (tried.arms[0].lo, tried.arms[0].hi) == (pytest.approx(min(prices)), pytest.approx(max(prices)))


def test_aid_over_force_by_hand():
    catalogue = load_catalogue()
    tried = Answers(study(truth()), catalogue).tried(part_of("decisive_guarantor", "renewal").figure)
    (a_low, a_high), (f_low, f_high), scale = (
        (catalogue[key].low, catalogue[key].high) for key in ("log_hazard_ratio_aid", "log_hazard_ratio_force",
                                                               "ground_force_scale"))
    most = 1.0 - math.exp(-25_000 / scale[0])
    assert f_low < 0.0 < f_high
    arm = tried.arms[0]
    assert arm.lo == pytest.approx(f_low * most - max(a_low * 0.1, a_high * 0.1))  # a billion EUR in 365 days
    assert arm.hi == pytest.approx(f_high * most - min(a_low * 0.1, a_high * 0.1))


def test_the_timing_gain_is_tried_in_every_arm_of_the_study(answers):
    tried = answers.tried(part_of("shield_now_eases_pressure").figure)
    labels = [arm.label for arm in tried.arms]
    assert labels[0] == "over all assumptions, headline"
    assert len(labels) == len(set(labels)) > 10
    assert tried.turns


def test_a_promise_that_is_believed_is_judged_whatever_belief_is(answers):
    part = part_of("promise_raises_pressure")
    doubting = Answers(answers.study, answers.catalogue, Elicited("A", {"timing": {"q": (0.0, 0.1)}}))
    assert answers.tried(part.figure).arms == doubting.tried(part.figure).arms


A = Elicited("A", {"response": {"p_r_in_kind": (0.0, 0.01)}})
B = Elicited("B", {"response": {"p_r_in_kind": (0.3, 0.4)}})


def test_people_stand_side_by_side_and_are_never_averaged():
    content = claims_json(open_figures(), [A, B])
    rows = {row["claim"]: row for row in content["claims"]}
    back = rows["hitting_back_draws_in"]
    assert [(one["person"], one["verdict"]) for one in back["people"]] == [("A", CONTRADICTED), ("B", SUPPORTED)]
    assert back["people_differ"]
    assert not rows["less_escalation"]["people_differ"]
    assert "people" not in rows["sensible_now"]  # no assumption of a game enters
    assert content["people"] == ["A", "B"]
    alone = {one.claim.name: one.verdict for one in judged(open_figures(), person=A)}
    assert alone["hitting_back_draws_in"] == CONTRADICTED


def test_the_same_person_twice_and_what_cannot_be_are_refused():
    with pytest.raises(SkyShieldError, match="'A': is given twice"):
        claims_json(open_figures(), [A, replace(B, person="A")])
    with pytest.raises(SkyShieldError, match="C mood: is no assumption of this question"):
        claims_json(open_figures(), [Elicited("C", {"response": {"mood": (0.0, 1.0)}})])
