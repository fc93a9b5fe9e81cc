"""Commitments: how many answer, against counting every combination; promises and their laws; triggers and backstops.

Tried to fail: the square root left out of the correlation; at least k counted as more than k; the backstop at the other
end; a spill that touches the mission; rho at its reference alone. Each fails at least one test.
"""

import itertools

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.forces.coalition import coalition
from skyshield.strategy.commitments import (
    BACKSTOPS,
    answers_given,
    bounds,
    commitments,
    credibility_after,
    number_of_answers,
    p_at_least,
    probabilities,
    responses,
)

CATALOGUE = load_catalogue()
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
    found = commitments(CATALOGUE)
    rows = {row["stock"]: row for row in found["credibility"]}
    low, _, high = CATALOGUE["credibility_loss"].si()
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
    (low, high), = bounds(states, [k], CATALOGUE)
    for rho in (0.0, 0.11, 0.35, 0.7):
        assert low - 1e-9 <= p_at_least(probabilities(states, CATALOGUE, "low"), k, rho)
        assert high + 1e-9 >= p_at_least(probabilities(states, CATALOGUE, "high"), k, rho)


def test_who_drops_out_answers_no_more():
    whole, less = commitments(CATALOGUE), commitments(CATALOGUE, ["GBR", "France", "est"])
    assert len(whole["states"]) - len(less["states"]) == 3
    assert less["without"] == ["United Kingdom", "France", "Estonia"] and less["dropouts"] == []
    for before, after in zip(whole["at_least"], less["at_least"], strict=True):
        assert after["p_low"] < before["p_low"] or before["p_low"] < 1e-12
        assert after["p_high"] <= before["p_high"]
    assert {row["without"] for row in whole["dropouts"]} == {"United Kingdom", "France", "Estonia"}


def test_the_backstop_is_a_switch_that_never_hurts():
    at_five = {name: next(row for row in commitments(CATALOGUE, backstop=name)["at_least"] if row["at_least"] == 20)
               for name in BACKSTOPS}
    highs = [at_five[name]["p_high"] for name in BACKSTOPS]
    assert highs == sorted(highs) and highs[0] < highs[2]
    assert len({at_five[name]["p_low"] for name in BACKSTOPS}) == 1  # at the low end it may add nothing
    assert commitments(CATALOGUE)["backstop"] == "none"
    with pytest.raises(SkyShieldError, match="--backstop 'troops': is no backstop; use none, intelligence"):
        commitments(CATALOGUE, backstop="troops")


def test_before_a_ceasefire_nobody_is_bound_by_the_coalition():
    before = commitments(CATALOGUE, ceasefire=False)
    assert {row["said"] for row in before["states"]} == {"conditional", "unknown", "no"}
    assert not any("mission" in row["bound_by"] for row in before["states"])
    assert all("mission" in row["bound_by"] for row in commitments(CATALOGUE)["states"])
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
    found = {row["trigger"]: row for row in commitments(CATALOGUE)["triggers"]}
    assert found["attack_on_the_force"]["n_bound"] == 0  # outside the area of Article 6
    assert found["renewed_invasion"]["n_bound"] == 35
    assert found["attack_on_a_base_in_a_member_state"]["n_bound"] == sum(s.nato for s in coalition().members)
