"""Commitments: how many answer, against counting every combination; promises and their laws; triggers and backstops.

Tried to fail: the square root left out of the correlation; at least k counted as more than k; the backstop at the other
end; a spill that touches the mission; rho at its reference alone; severity without casualties; attacks on a base that
spill in part; a person's intervals for all. Each fails at least one test.
"""

import itertools

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.forces.coalition import coalition
from skyshield.strategy.assumptions import Elicited, assumptions, with_set
from skyshield.strategy.by_hand import commitments_by_hand
from skyshield.strategy.commitments import (
    BACKSTOPS,
    answers_given,
    bounds,
    commitments,
    credibility_after,
    distribution,
    even_p,
    number_of_answers,
    p_at_least,
    probabilities,
    responses,
    turns_in_rho,
)
from skyshield.strategy.commitments_study import (
    answer_of,
    halved_by,
    left,
    of_study,
    options_json,
    severity,
    unanswered_share,
)
from skyshield.strategy.figures import StudyFigures, open_figures

KNOWN = assumptions(load_catalogue(), "commitments")
ENDS = {name: (one.low, one.high) for name, one in KNOWN.items()}
FIVE = [0.9, 0.8, 0.6, 0.5, 0.3]


def counted(p, k, rho=0.0, nodes=80):
    """Add up every combination of answers, over the common factor by Gauss and Hermite's nodes."""
    from scipy.stats import norm

    at, weights = np.polynomial.hermite_e.hermegauss(nodes)
    total = 0.0
    for z, weight in zip(at, weights / weights.sum(), strict=True):
        given = norm.cdf((norm.ppf(p) - np.sqrt(rho) * z) / np.sqrt(1.0 - rho))
        for who in itertools.product((0, 1), repeat=len(p)):
            if sum(who) >= k:
                total += weight * np.prod(np.where(who, given, 1.0 - given))
    return total


def test_oracle():
    assert p_at_least(FIVE, 3) == pytest.approx(0.738, abs=5e-4)
    assert p_at_least(FIVE, 3) == pytest.approx(0.7380, abs=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("k", range(7))
def test_every_combination_counted(k, rho):
    assert p_at_least(FIVE, k, rho) == pytest.approx(counted(FIVE, k, rho), abs=1e-9)


def test_at_a_high_correlation_too():
    assert p_at_least(FIVE, 2, 0.7) == pytest.approx(counted(FIVE, 2, 0.7, 180), abs=1e-7)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7, 0.95])
def test_each_alone_answers_with_its_own_probability(rho):
    for p in FIVE:
        assert p_at_least([p], 1, rho) == pytest.approx(p, abs=1e-12)
    mean = sum(p_at_least(FIVE, k, rho) for k in range(1, 6))
    assert mean == pytest.approx(sum(FIVE), abs=1e-10)


def test_correlation_spreads_the_number_of_answers():
    assert p_at_least(FIVE, 5, 0.6) > p_at_least(FIVE, 5, 0.3) > p_at_least(FIVE, 5)
    assert p_at_least(FIVE, 1, 0.6) < p_at_least(FIVE, 1, 0.3) < p_at_least(FIVE, 1)


def test_certain_and_impossible_answers():
    assert p_at_least([1.0, 0.0, 1.0], 2, 0.4) == pytest.approx(1.0)
    assert p_at_least([1.0, 0.0, 1.0], 3, 0.4) == pytest.approx(0.0, abs=1e-15)
    assert p_at_least([], 0) == 1.0 and p_at_least([], 1) == 0.0


def test_counts_are_probabilities():
    counts = number_of_answers(np.array([FIVE, FIVE[::-1]]))
    assert counts.shape == (2, 6) and counts.sum(axis=1) == pytest.approx(1.0)
    assert counts[0] == pytest.approx(counts[1])
    assert answers_given(np.array([0.5]), 0.0, np.array([-3.0, 3.0])).ravel().tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("arguments", "words"), [
    (([0.5, 1.2], 1), "is not from 0 to 1"), (([0.5], 1, 1.0), "correlation of answers: is 1"),
    (([0.5], 1, -0.1), "correlation of answers: is -0.1"), (([0.5], -1), "number of answers: is -1")])
def test_what_is_no_probability(arguments, words):
    with pytest.raises(SkyShieldError) as refused:
        p_at_least(*arguments)
    assert words in str(refused.value)


def test_promises_lose_by_their_own_spill():
    assert credibility_after(0.8, 0.5, 0.5) == pytest.approx(0.6)
    assert credibility_after(0.8, 0.5, 0.5, spill=0.0) == 0.8
    assert credibility_after(1.0, 0.5, 1.0, attacks=3) == pytest.approx(0.125)
    for wrong in ({"loss": 1.5}, {"severity": -0.1}, {"spill": 2.0}):
        with pytest.raises(SkyShieldError, match=f"credibility {next(iter(wrong))}"):
            credibility_after(**({"before": 1.0, "loss": 0.5, "severity": 0.5} | wrong))


def test_results_are_pairs_of_ends():
    found = commitments(ENDS)
    rows = {row["stock"]: row for row in found["credibility"]}
    low, high = ENDS["gamma"]
    assert (rows["mission"]["left_low"], rows["mission"]["left_high"]) == pytest.approx((1 - high, 1 - low))
    assert rows["nato"]["left_high"] == rows["eu"]["left_high"] == 1.0
    assert [rows[name]["law"] for name in ("nato", "eu")] == ["Article 5", "Article 42(7)"]
    for row in [*found["at_least"], *found["dropouts"]]:
        assert 0.0 <= row["p_low"] < row["p_high"] <= 1.0
    for which in ("p_low", "p_high"):
        assert [row[which] for row in found["at_least"]] == sorted((row[which] for row in found["at_least"]),
                                                                   reverse=True)


@pytest.mark.parametrize("k", [1, 5, 15])
def test_bounds_hold_whatever_the_correlation(k):
    states = coalition().members[:12]
    (low, high), = bounds(states, [k], ENDS)
    for rho in (0.0, 0.11, 0.35, 0.7):
        assert low - 1e-9 <= p_at_least(probabilities(states, ENDS, 0), k, rho)
        assert high + 1e-9 >= p_at_least(probabilities(states, ENDS, 1), k, rho)


def test_who_drops_out_answers_no_more():
    whole, less = commitments(ENDS), commitments(ENDS, ["GBR", "France", "est"])
    assert len(whole["states"]) - len(less["states"]) == 3
    assert less["without"] == ["United Kingdom", "France", "Estonia"] and less["dropouts"] == []
    for before, after in zip(whole["at_least"], less["at_least"], strict=True):
        assert after["p_low"] < before["p_low"] or before["p_low"] < 1e-12
        assert after["p_high"] <= before["p_high"]
    assert {row["without"] for row in whole["dropouts"]} == {"United Kingdom", "France", "Estonia"}


def test_the_backstop_is_a_switch_that_never_hurts():
    at_five = {name: next(row for row in commitments(ENDS, backstop=name)["at_least"] if row["at_least"] == 20)
               for name in BACKSTOPS}
    highs = [at_five[name]["p_high"] for name in BACKSTOPS]
    assert highs == sorted(highs) and highs[0] < highs[2]
    assert len({at_five[name]["p_low"] for name in BACKSTOPS}) == 1  # at the low end it may add nothing
    assert commitments(ENDS)["backstop"] == "none"
    with pytest.raises(SkyShieldError, match="--backstop 'troops': is no backstop; use none, intelligence"):
        commitments(ENDS, backstop="troops")


def test_before_a_ceasefire_nobody_is_bound_by_the_coalition():
    before = commitments(ENDS, ceasefire=False)
    assert {row["said"] for row in before["states"]} == {"conditional", "unknown", "no"}
    assert not any("mission" in row["bound_by"] for row in before["states"])
    assert all("mission" in row["bound_by"] for row in commitments(ENDS)["states"])
    assert before["dropouts"] == []


def test_triggers_responses_and_laws_agree():
    table = responses()
    assert list(table["responses"]) == ["none", "sanctions", "aid_surge", "wider_rules", "in_kind"]
    for name, trigger in table["triggers"].items():
        assert trigger["responses"] == [one for one in table["responses"] if one in trigger["responses"]], name
        assert trigger["law"] in table["laws"] and trigger["note"] and set(trigger["source"]) <= set(table["sources"])
    for law in table["laws"].values():
        assert set(law["source"]) <= set(table["sources"])
    assert table["laws"]["mission"]["begins"] == "once a ceasefire enters into force"
    assert tuple(table["backstops"]) == BACKSTOPS
    found = {row["trigger"]: row for row in commitments(ENDS)["triggers"]}
    assert found["attack_on_the_force"]["n_bound"] == 0  # outside the area of Article 6
    assert found["renewed_invasion"]["n_bound"] == 35
    assert found["attack_on_a_base_in_a_member_state"]["n_bound"] == sum(s.nato for s in coalition().members)


def test_by_hand_all_numbers_of_answers():
    found = commitments_by_hand({"rho": 0, "p": FIVE}, "values.yaml")
    assert found["p_at_least"][3] == pytest.approx(0.738, abs=1e-12) and len(found["p_at_least"]) == 6
    assert found["p_at_least"][0] == 1.0 and "k from 0 to n" in found["equation"]
    for rho in (0.3, 0.9):
        assert commitments_by_hand({"rho": rho, "p": FIVE}, "v")["p_at_least"] == pytest.approx(
            [p_at_least(FIVE, k, rho) for k in range(6)])


@pytest.mark.parametrize(("values", "words"), [
    ({"rho": 0.1}, "v.yaml: p: is missing"), ({"p": 0.5}, "v.yaml: p: is 0.5, not a list"),
    ({"p": [0.5], "k": 1}, "v.yaml: k: is no value of this equation; choose from rho, p"),
    ({"p": [1.5]}, "v.yaml: probability of an answer: is not from 0 to 1"),
    ({"p": [0.5], "rho": 1}, "v.yaml: correlation of answers: is 1"),
    ({"p": [True]}, "v.yaml: p: holds True, not a number")])
def test_by_hand_what_cannot_be(values, words):
    with pytest.raises(SkyShieldError) as refused:
        commitments_by_hand(values, "v.yaml")
    assert words in str(refused.value)


@pytest.mark.parametrize(("n", "k", "rho"), [(35, 3, 0.0), (35, 3, 0.7), (35, 10, 0.3), (5, 3, 0.5)])
def test_even_odds_are_even(n, k, rho):
    assert p_at_least([even_p(n, k, rho)] * n, k, rho) == pytest.approx(0.5, abs=1e-8)


def test_the_correlation_at_which_the_answer_turns():
    p = probabilities(coalition().members, ENDS, 0)
    found = turns_in_rho(p, 3)
    assert found["less_likely_than_not"] == "from rho"
    turn, = found["rho"]
    assert p_at_least(p, 3, turn - 0.01) > 0.5 > p_at_least(p, 3, turn + 0.01)
    rising = np.array([0.01] * 20)  # together they answer more often
    assert turns_in_rho(np.array([0.3] * 5), 3)["less_likely_than_not"] == "always"
    assert p_at_least(rising, 3, 0.7) > p_at_least(rising, 3, 0.0)
    assert distribution(rising, 0.975).sum() == pytest.approx(1.0, abs=1e-9)


def test_each_response_goes_by_what_was_said_of_it():
    found = {row["response"]: row for row in commitments(ENDS)["graded"]}
    assert list(found) == ["sanctions", "aid_surge", "wider_rules", "in_kind"]
    assert found["in_kind"]["at_least"] == commitments(ENDS)["at_least"]
    assert found["aid_surge"]["said"]["no"] == 1 and found["in_kind"]["said"]["no"] == 10
    assert sum(found["wider_rules"]["said"].values()) == 35 and found["sanctions"]["said"] == {}
    fewer = commitments(ENDS | {"p_sanctions": (0.0, 0.0)})["graded"][0]["at_least"]
    assert all(row["p_high"] == 0.0 for row in fewer)


def test_what_attacks_leave_is_the_average_over_their_number():
    attacks, unanswered, gamma, v, spill = 3.0, 0.4, 0.5, 0.6, 0.7
    mean, total = attacks * unanswered, 0.0
    chance = np.exp(-mean)
    for n in range(60):
        total += chance * credibility_after(1.0, gamma, v, spill, n)
        chance *= mean / (n + 1)
    assert left(attacks, unanswered, gamma, v, spill) == pytest.approx(total, abs=1e-12)
    assert severity(50.0, 50.0) == pytest.approx(1.0 - np.exp(-1.0)) and severity(0.0, 0.0) == 0.0


def planted(strikes, casualties, place="soldiers_struck_in_ukraine", role="soldiers_in_ukraine"):
    """A study of one arm and one option that has so many strikes and casualties."""
    columns = ("people_struck_in_ukraine", "soldiers_struck_in_ukraine", "ship_struck", "base_struck_in_member_state")
    roles = ("crews_in_ukraine", "soldiers_in_ukraine", "sailors_at_sea", "bases_in_member_states")
    rows = {f"incidents/{name}": strikes if name == place else 0.0 for name in columns} | {
        f"casualties_by_role/{name}": casualties if name == role else 0.0 for name in roles}
    options = {name: {"label": name, "short": name, "kinds": [], "planned_eur": 0.0} for name in ("own", "force")}
    return StudyFigures({
        "study_key": "k", "days": 365, "baseline": "own", "marks": [], "options": options, "phases": {},
        "pairs_by_arm": {},
        "arms": [{"kind": "headline", "ends": {}, "label": "headline"}],
        "own": {name: {"own": [0.0] * 4, "force": [value, value, value, 0.0]} for name, value in rows.items()},
        "paired": {name: {"force": [value, value, value, 0.0]} for name, value in rows.items()},
        "by_arm": {name: {"force": {"0": [value, value, value, 0.0]}} for name, value in rows.items()}})


POINT = {"gamma": (0.5, 0.5), "sigma_nato": (0.4, 0.4), "sigma_eu": (0.0, 0.0), "c0": (10.0, 10.0)}


def test_attacks_in_ukraine_spill_and_those_on_bases_strike_every_law():
    row = options_json(planted(2.0, 20.0), POINT, (0.5, 0.5))["force"]
    v = 1.0 - np.exp(-1.0)  # ten casualties an attack
    assert row["in_ukraine"] == pytest.approx({"attacks_low": 2.0, "attacks_high": 2.0, "severity_low": v,
                                               "severity_high": v})
    for stock, spill in (("mission", 1.0), ("nato", 0.4), ("eu", 0.0)):
        stated = row["stocks"][stock]
        assert stated["left_low"] == stated["left_high"] == pytest.approx(np.exp(-2.0 * 0.5 * spill * 0.5 * v))
    bases = options_json(planted(2.0, 20.0, "base_struck_in_member_state", "bases_in_member_states"), POINT, (0.5, 0.5))
    lows = {stock: one["left_low"] for stock, one in bases["force"]["stocks"].items()}
    assert lows["nato"] == lows["eu"] == lows["mission"] == pytest.approx(np.exp(-0.5 * v))
    laws = [one["law"] for one in row["stocks"].values()]
    assert laws == ["The coalition's commitments", "Article 5", "Article 42(7)"]


def test_severity_is_open_where_the_study_saw_no_casualty():
    row = options_json(planted(0.1, 0.0), POINT, (0.0, 1.0))["force"]
    assert (row["in_ukraine"]["severity_low"], row["in_ukraine"]["severity_high"]) == (0.0, 1.0)
    nobody = options_json(planted(0.0, 0.0), POINT, (0.0, 1.0))["force"]["stocks"]["mission"]
    assert (nobody["left_low"], nobody["left_high"]) == (1.0, 1.0)


def test_unanswered_is_what_fewer_than_three_answer():
    found = commitments(ENDS)
    three = next(row for row in found["at_least"] if row["at_least"] == 3)
    assert unanswered_share(found) == (1.0 - three["p_high"], 1.0 - three["p_low"])
    assert answer_of(found) == "undecided"
    assert answer_of(commitments(ENDS | {"rho": (0.0, 0.0), "p_conditional": (0.7, 0.8)})) == "likelier than not"
    nobody = dict.fromkeys(("p_yes", "p_conditional", "p_unknown", "p_no"), (0.0, 0.01))
    assert answer_of(commitments(ENDS | nobody)) == "less likely than not"
    with pytest.raises(SkyShieldError, match="rho: is 1; give a correlation below 1"):
        commitments(ENDS | {"rho": (0.0, 1.0)})


def test_how_many_attacks_halve_it():
    found = halved_by({"gamma": (0.1, 0.8)})
    for gamma, n in ((0.8, found["attacks_low"]), (0.1, found["attacks_high"])):
        assert (1.0 - gamma) ** n == pytest.approx(0.5)


def test_over_the_shipped_study():
    found = of_study(open_figures(), KNOWN)
    assert list(found["options"]) == list(open_figures().options) and "Phi^-1" in found["equation"]
    assert {row["basis"] for row in found["basis"]} == {"data", "assumed"}
    force, zone = found["options"]["ground_25k"], found["options"]["region"]
    assert force["in_ukraine"]["attacks_high"] > 0.0 == zone["in_ukraine"]["attacks_high"]
    assert zone["at_bases"]["attacks_high"] > 0.0
    assert force["stocks"]["mission"]["left_low"] < zone["stocks"]["mission"]["left_low"] < 1.0
    assert force["stocks"]["nato"]["left_high"] == 1.0
    alone = of_study(open_figures(), with_set(KNOWN, ["sigma_nato=0", "sigma_eu=0"]))["options"]["ground_25k"]["stocks"]
    assert alone["nato"]["left_low"] == alone["eu"]["left_low"] == 1.0 > alone["mission"]["left_low"]


def test_people_stand_side_by_side():
    sure = Elicited("Sure", {"commitments": {"rho": (0.0, 0.1), "p_conditional": (0.6, 0.75)}})
    wary = Elicited("Wary", {"commitments": {"rho": (0.5, 0.7)}})
    found = of_study(open_figures(), KNOWN, [(sure, "a.yaml"), (wary, "b.yaml")])
    assert [row["at_least_three"] for row in found["people"]] == ["likelier than not", "undecided"] and found["matters"]
    assert found["at_least"] == of_study(open_figures(), KNOWN)["at_least"]
    differ = {row["symbol"]: row for row in found["differ"]}
    assert differ["rho"]["apart"] and differ["p_conditional"]["intervals"] == {"Sure": [0.6, 0.75]}
