"""Members: what share each has in aircraft, people, ships and money, and what the active ones have together.
"""

import pytest
from pydantic import ValidationError

from skyshield.core.errors import SkyShieldError
from skyshield.forces import CONTRIBUTIONS, Member, contributed
from skyshield.forces.members import with_aircraft
from skyshield.scenario import check, load
from skyshield.scenario.load import dump, parse

FOUR = [Member(name="air", base="Rzeszów", aircraft_share=0.5, money_share=0.25),
        Member(name="land", people_share=0.75), Member(name="sea", base="Fetești", ships_share=1.0, active=False),
        Member(name="purse", money_share=0.5)]


def scenario(*members):
    return parse({**dump(load("month")), "members": list(members)}, "mine.yaml")


def test_each_has_a_share_of_each():
    assert [tuple(member.contributes) for member in FOUR] == [CONTRIBUTIONS] * 4
    assert FOUR[0].contributes == {"aircraft": 0.5, "people": 0.0, "ships": 0.0, "money": 0.25}


def test_those_that_are_switched_off_take_their_shares_with_them():
    assert contributed(FOUR) == {"aircraft": 0.5, "people": 0.75, "ships": 0.0, "money": 0.75}
    assert contributed(FOUR, idle=True) == {"aircraft": 0.5, "people": 0.75, "ships": 1.0, "money": 0.75}
    assert set(contributed([]).values()) == {0.0}
    assert with_aircraft(FOUR) == [("Rzeszów", 0.5)]
    assert with_aircraft([FOUR[0].model_copy(update={"active": False})]) == []


@pytest.mark.parametrize(("fields", "what"), [
    ({}, "has no share of anything; give it an aircraft_share, people_share, ships_share or money_share above 0"),
    ({"base": "Rzeszów", "aircraft_share": 0}, "has no share of anything"),
    ({"aircraft_share": 0.5}, "has aircraft and no base; name one of the theatre's bases"),
    ({"people_share": 1.5}, "less than or equal to 1"), ({"ships_share": -0.1}, "greater than or equal to 0"),
    ({"money_share": float("nan")}, "finite number"), ({"base": "Rzeszów", "planes": 3}, "Extra inputs")])
def test_what_is_no_member(fields, what):
    with pytest.raises(ValidationError) as refused:
        Member(name="one", **fields)
    assert what in str(refused.value)


@pytest.mark.parametrize("name", CONTRIBUTIONS)
def test_shares_of_each_add_up_to_one_at_most(name):
    one = {"name": "a", "base": "Rzeszów", f"{name}_share": 0.7}
    two = scenario(one, {**one, "name": "b", f"{name}_share": 0.3}).members
    assert sum(member.contributes[name] for member in two) == 1.0
    with pytest.raises(SkyShieldError) as refused:
        scenario(one, {**one, "name": "b", "active": False})
    assert str(refused.value) == (f"mine.yaml: the members' {name} shares add up to 1.4; "
                                  "let them add up to at most 1")


def test_a_member_without_aircraft_needs_no_base_and_a_misspelt_one_is_found():
    flying = {"name": "a", "base": "Rzeszów", "aircraft_share": 1.0}
    assert check(scenario(flying, {"name": "b", "money_share": 1.0})) == []
    with pytest.raises(SkyShieldError, match="base 'Rzeszow' is not in the theatre"):
        check(scenario(flying, {"name": "b", "money_share": 1.0, "base": "Rzeszow"}))
