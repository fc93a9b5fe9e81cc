"""Burden: shares add up, what each pays adds up to the cost, and what they are held against.

Tried to fail: shares of 0.9 let through; aid of 52 months taken for that of a year. Each fails at least one test.
"""

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.forces import Member
from skyshield.forces.coalition import coalition
from skyshield.strategy.burden import BYS, burden, shares_by, shares_of_members, stated_shares

MEMBERS = coalition().members


@pytest.mark.parametrize("by", BYS)
def test_shares_and_money_add_up(by):
    shares = shares_by(MEMBERS, by)
    assert sum(shares.values()) == pytest.approx(1.0) and set(shares) == {state.name for state in MEMBERS}
    rows = burden((1e9, 3e9), shares)
    assert sum(row["eur_a_year_low"] for row in rows) == pytest.approx(1e9)
    assert sum(row["eur_a_year_high"] for row in rows) == pytest.approx(3e9)
    assert [row["share"] for row in rows] == sorted(shares.values(), reverse=True)


def test_by_product_all_pay_alike_and_by_aid_over_aid():
    of_gdp = {round(row["of_gdp_low"], 12) for row in burden((1e9, 3e9), shares_by(MEMBERS, "gdp"))}
    assert len(of_gdp) == 1
    rows = burden((1e9, 3e9), shares_by(MEMBERS, "given"))
    assert len({round(row["of_given_a_year_low"], 9) for row in rows if row["share"]}) == 1
    assert next(row for row in rows if row["iso"] == "ALB")["of_given_a_year_low"] is None


def test_one_state_by_hand():
    (row,) = burden((1e9, 2e9), {"Denmark": 1.0})
    state = coalition().named("DNK")
    assert row["of_gdp_high"] == pytest.approx(2e9 / state.gdp_eur)
    assert row["of_given_a_year_low"] == pytest.approx(1e9 / (state.given_eur / 52 * 12))
    assert row["given_of_gdp"] == pytest.approx(0.0327, abs=2e-4)  # 3.27% of GDP, as the tracker has it


@pytest.mark.parametrize(("shares", "words"), [
    ({"FRA": 0.5, "GBR": 0.4}, "shares: add up to 0.9; let them add up to 1"),
    ({"FRA": 0.7, "GBR": 0.7}, "add up to 1.4"), ({}, "add up to 0"), ({"FRA": 1.5, "GBR": -0.5}, "FRA: is 1.5"),
    ({"FRA": float("nan")}, "FRA: is nan"), ({"FRA": 0.5, "France": 0.5}, "state 'France': is named twice"),
    ({"Narnia": 1.0}, "state 'Narnia': is not a state of the coalition's table")])
def test_shares_that_cannot_be(shares, words):
    with pytest.raises(SkyShieldError) as refused:
        stated_shares(shares)
    assert words in str(refused.value) and refused.value.exit_code == 2


def test_members_of_a_scenario_state_their_shares():
    def member(name, **fields):
        return Member(name=name, **{"money_share": 0.5, **fields})

    assert shares_of_members([member("a"), member("b")]) is None
    assert shares_of_members([member("a", state="FRA"), member("b", state="France")]) == {"France": 1.0}
    with pytest.raises(SkyShieldError, match=r"the members' money shares: add up to 0\.5"):
        shares_of_members([member("a", state="FRA"), member("b", state="GBR", active=False)])
    with pytest.raises(SkyShieldError, match="member 'b': pays and names no state"):
        shares_of_members([member("a", state="FRA"), member("b")])


def test_a_cost_and_a_rule_that_cannot_be():
    with pytest.raises(SkyShieldError, match="cost: is 2 to 1"):
        burden((2.0, 1.0), {"France": 1.0})
    with pytest.raises(SkyShieldError, match="--by 'fairness': is no rule for shares"):
        shares_by(MEMBERS, "fairness")
    with pytest.raises(SkyShieldError, match="--by given: nobody has any of it"):
        shares_by([coalition().named("ALB")], "given")
