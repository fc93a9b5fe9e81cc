"""Feasibility: the sum over states against the need, on tables small enough to add up by hand, and on the shipped one.

Tried to fail: low ends that count a condition as a yes; people in Ukraine without consent to soldiers there; an offer
that is ignored; the high end of the need held against the high ends of the states; members that are struck and keep
their share. Each fails at least one test.
"""

import math
from types import MappingProxyType

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import BOUNDARIES
from skyshield.forces.coalition import CAPABILITIES, DOMAINS, MONEY, UNKNOWN, Coalition, State, Statement, coalition
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.strategy.feasible import Answer, Asked, AtEnd, Ends, Need, available, feasible, members_of
from skyshield.theatre import load_theatre

CATALOGUE = load_catalogue()
LATER, NOW = Need(Ends(1.0, 1.0), False, True), Need(Ends(1.0, 1.0), False, False)
INSIDE = Need(Ends(1.0, 1.0), True, True)


def state(name, says=None, has=None, offers=None, gdp_eur=0.0):
    said = {domain: Statement(answer) for domain, answer in (says or {}).items()}
    return State(name, name[:3].upper(), True, True, MappingProxyType({d: said.get(d, UNKNOWN) for d in DOMAINS}),
                 MappingProxyType(has or {}), MappingProxyType(offers or {}), 0.0, gdp_eur)


def table(*states, unpublished=()):
    return Coalition(MappingProxyType({one.name: one for one in states}), (), MappingProxyType({}), unpublished, 12)


def ends(key):
    low, _, high = CATALOGUE[key].si()
    return low, high


def product(*keys):
    return math.prod(ends(key)[0] for key in keys), math.prod(ends(key)[1] for key in keys)


def test_the_sum_by_hand():
    two = state("Aland", {"air": "yes"}, {"fighters": (40.0, 50.0)}), state("Bland", {}, {"fighters": (100.0, 100.0)})
    refuses = state("Cland", {"air": "no"}, {"fighters": (1000.0, 1000.0)})
    low, high = product("readiness_fighters", "release_fighters")
    held = ends("committed_share")
    found = available("fighters", LATER, [*two, refuses], table(*two, refuses), CATALOGUE)
    assert found.low == pytest.approx(40.0 * low * (1.0 - held[1]))
    assert found.high == pytest.approx(150.0 * high * (1.0 - held[0]))
    before = available("fighters", NOW, [*two, refuses], table(*two, refuses), CATALOGUE)
    assert before == Ends(0.0, found.high)


def test_who_stands_in_ukraine_needs_consent_to_that_too():
    willing = state("Aland", {"air": "yes", "ground": "no"}, {"irist_batteries": (10.0, 10.0)})
    both = state("Bland", {"air": "yes", "ground": "yes"}, {"irist_batteries": (10.0, 10.0)})
    one, other = table(willing), table(both)
    assert available("irist_batteries", INSIDE, [willing], one, CATALOGUE) == Ends(0.0, 0.0)
    assert available("irist_batteries", LATER, [willing], one, CATALOGUE).low > 0.0
    assert available("irist_batteries", INSIDE, [both], other, CATALOGUE) == available(
        "irist_batteries", LATER, [both], other, CATALOGUE)


def test_a_ship_off_the_coast_is_no_matter_of_the_ground():
    assert INSIDE.domains("frigates") == ("naval",) and INSIDE.domains("soldiers") == ("ground",)
    assert INSIDE.domains("guns") == ("air", "ground") and LATER.domains("guns") == ("air",)


def test_an_offer_stands_instead_of_the_default():
    large = state("Aland", {"ground": "yes"}, {"soldiers": (1e6, 1e6)}, {"soldiers": 100.0})
    found = available("soldiers", LATER, [large], table(large), CATALOGUE)
    assert found == Ends(100.0 * ends("offer_rotation")[1], 100.0 * ends("offer_rotation")[1])
    small = state("Bland", {"ground": "no"}, {"soldiers": (1e6, 1e6)}, {"soldiers": 100.0})
    assert available("soldiers", LATER, [small], table(small), CATALOGUE) == Ends(0.0, 0.0)


def test_what_nobody_has_published_is_endless_unless_refused():
    one, refuses = state("Aland"), state("Bland", {"air": "no"})
    assert available("guns", LATER, [one], table(one, unpublished=("guns",)), CATALOGUE) == Ends(0.0, math.inf)
    assert available("guns", LATER, [refuses], table(refuses, unpublished=("guns",)), CATALOGUE) == Ends(0.0, 0.0)


def test_money_is_a_share_of_the_product():
    one = state("Aland", {"money": "yes"}, gdp_eur=1e12)
    found = available(MONEY, LATER, [one], table(one), CATALOGUE)
    assert found == pytest.approx([1e12 * end for end in ends("release_money")])


@pytest.mark.parametrize(("need", "have", "word", "part", "short"), [
    ((10, 20), (20, 30), "yes", (1.0, 1.0), (0.0, 0.0)), ((10, 20), (19, 30), "undecided", (0.95, 1.0), (0.0, 1.0)),
    ((10, 20), (0, 10), "undecided", (0.0, 1.0), (0.0, 20.0)), ((10, 20), (0, 5), "no", (0.0, 0.5), (5.0, 20.0)),
    ((10, 20), (0, math.inf), "undecided", (0.0, 1.0), (0.0, 20.0)),
    ((10, 10), (0, 0), "no", (0.0, 0.0), (10.0, 10.0))])
def test_yes_no_and_undecided(need, have, word, part, short):
    answer = Answer(Ends(*map(float, need)), Ends(*map(float, have)), False)
    assert (answer.word, tuple(answer.part), tuple(answer.short_by)) == (word, part, short)


def asked(fields=None, states=(), without=(), option="cities", members=None, cost=0.0):
    content = dump(load("skyshield").chosen((option,)))
    content["options"][option].update(fields or {})
    content |= {"phases": [{"name": "war"}, {"name": "ceasefire", "first_day": 181}]}
    content |= {} if members is None else {"members": members}
    scenario = parse(content, "mine.yaml")
    costs = np.zeros((len(scenario.options), 16, len(BOUNDARIES)))
    costs[-1, 0] = cost
    return Asked(scenario, load_theatre(), CATALOGUE, costs, tuple(without), table(*states) if states else coalition())


BOUNDLESS = dict.fromkeys(CAPABILITIES, (1000000000.0, 1000000000.0))
WILLING = dict.fromkeys(DOMAINS, "yes")
BATTERY = {"kind": "batteries", "system": "irist", "places": ["Kyiv", "Lviv"], "start": "after_ceasefire"}


def test_an_option_that_all_can_provide_and_what_binds_one_that_they_cannot():
    able = state("Aland", WILLING, BOUNDLESS, gdp_eur=1e15)
    found = feasible(asked({"packages": [BATTERY]}, [able]))["options"]["cities"]
    assert (found["answer"], found["binds"], found["fits_low"], found["fits_high"]) == ("yes", None, 1.0, 1.0)
    poor = state("Bland", WILLING, BOUNDLESS | {"irist_batteries": (0.0, 2.0)}, gdp_eur=1e15)
    found = feasible(asked({"packages": [BATTERY, {**BATTERY, "system": "nasams"}]}, [poor]))["options"]["cities"]
    high = 2.0 * product("readiness_batteries", "release_batteries")[1] * (1.0 - ends("committed_share")[0])
    assert (found["answer"], found["binds"], found["fits_low"]) == ("no", "irist_batteries", 0.0)
    assert found["fits_high"] == pytest.approx(high / 2.0)
    assert found["short_by"] == {"low": pytest.approx(2.0 - high), "high": 2.0}
    assert found["capabilities"]["irist_batteries"] == {
        "need_low": 2.0, "need_high": 2.0, "have_low": 0.0, "have_high": pytest.approx(high), "answer": "no",
        "in_ukraine": True}
    assert found["capabilities"]["nasams_batteries"]["answer"] == "yes"


def test_now_no_yes_holds_and_after_a_ceasefire_it_does():
    able = state("Aland", WILLING, BOUNDLESS, gdp_eur=1e15)
    found = feasible(asked({"packages": [BATTERY]}, [able]))["options"]["cities"]
    assert (found["now"]["answer"], found["answer"]) == ("undecided", "yes")
    found = feasible(asked({"packages": [{**BATTERY, "start": "before_ceasefire"}]}, [able]))["options"]["cities"]
    assert (found["now"]["answer"], found["answer"]) == ("undecided", "undecided")


def test_what_is_needed_before_and_after_is_asked_for_before():
    able = state("Aland", WILLING, BOUNDLESS, gdp_eur=1e15)
    both = {"packages": [BATTERY, {**BATTERY, "places": ["Odesa"], "start": "before_ceasefire"}]}
    found = feasible(asked(both, [able]))["options"]["cities"]
    assert found["capabilities"]["irist_batteries"]["need_low"] == 3.0
    assert (found["answer"], found["capabilities"]["irist_batteries"]["have_low"]) == ("undecided", 0.0)


def test_each_start_has_its_days_and_its_answer():
    able = state("Aland", WILLING, BOUNDLESS, gdp_eur=1e15)
    both = {"packages": [BATTERY, {**BATTERY, "system": "nasams", "start": "before_ceasefire"}]}
    content = feasible(asked(both, [able]))["options"]["cities"]
    first, second = content["starts"]
    low, high = (int((at["zone_agreement_time"][0] + max(at[f"zone_{name}_time"][0] for name in (
        "basing", "early_warning", "training"))) / 86400.0) for at in (AtEnd(CATALOGUE, "low"),
                                                                       AtEnd(CATALOGUE, "high")))
    assert (low, high) == (21, 420)
    assert (first["start"], first["first_day_low"], first["first_day_high"]) == ("before_ceasefire", 1 + 21, 1 + 420)
    assert (second["start"], second["first_day_low"], second["first_day_high"]) == ("after_ceasefire", 202, 601)
    assert (first["answer"], second["answer"]) == ("undecided", "undecided") and first["packages"] == ["batteries"]


def test_a_start_on_a_day_is_that_day():
    able = state("Aland", WILLING, BOUNDLESS, gdp_eur=1e15)
    (first,) = feasible(asked({"packages": [{**BATTERY, "start": 90}]}, [able]))["options"]["cities"]["starts"]
    assert (first["start"], first["first_day_low"], first["first_day_high"]) == (90, 90, 90)


def test_members_that_are_struck_take_their_shares_along():
    members = [{"name": "a", "base": "Rzeszów", "aircraft_share": 0.75, "state": "Poland"},
               {"name": "b", "base": "Fetești", "aircraft_share": 0.25, "state": "France"}]
    fighters = {"packages": [{"kind": "fighters", "aircraft": 4, "serves": ["Kyiv"]}]}
    whole = feasible(asked(fighters, members=members))["options"]["cities"]
    assert (whole["states"], whole["size_left"]) == (2, 1.0)
    assert whole["capabilities"]["fighters"]["need_high"] == 4.0
    less = feasible(asked(fighters, members=members, without=["France"]))["options"]["cities"]
    assert (less["answer"], less["binds"], less["states"], less["size_left"]) == ("no", "members", 1, 0.75)
    assert less["capabilities"]["fighters"]["need_high"] == 4.0 and less["fits_high"] == 0.75
    idle = [members[0], {**members[1], "active": False}]
    assert feasible(asked(fighters, members=idle))["options"]["cities"]["size_left"] == 0.75


def test_a_state_that_is_struck_never_helps():
    one = asked()
    before = feasible(one)["options"]["cities"]["capabilities"]
    for struck in ("Germany", "France", "Iceland"):
        after = feasible(Asked(one.scenario, one.theatre, one.catalogue, one.cost_eur_a_year, (struck,), one.table))
        for name, answer in after["options"]["cities"]["capabilities"].items():
            assert answer["have_low"] <= before[name]["have_low"], name
            assert (answer["have_high"] or math.inf) <= (before[name]["have_high"] or math.inf), name
    assert feasible(Asked(one.scenario, one.theatre, one.catalogue, one.cost_eur_a_year, ("Sweden",), one.table)
                    )["options"]["cities"]["capabilities"]["irist_batteries"]["have_high"] \
        < before["irist_batteries"]["have_high"]


def test_the_shipped_table_added_up_another_way():
    held, ready, released = (ends(f"{name}") for name in (
        "committed_share", "readiness_fighters", "release_fighters"))
    high = sum(one.has.get("fighters", (0, 0))[1] for one in coalition().members
               if one.says["air"].answer != "no") * ready[1] * released[1] * (1 - held[0])
    low = sum(one.has.get("fighters", (0, 0))[0] for one in coalition().members
              if one.says["air"].answer == "yes") * ready[0] * released[0] * (1 - held[1])
    assert available("fighters", LATER, coalition().members, coalition(), CATALOGUE) == pytest.approx((low, high))
    assert 100 < high < 1000 and 0 < low < 10


def test_money_is_the_planned_cost_on_both_boundaries():
    found = feasible(asked({"packages": [BATTERY]}, cost=np.array([2e9, 1e9])))["options"]["cities"]
    assert found["money_eur_a_year"] == {"low": 1e9, "high": 2e9}
    assert found["capabilities"][MONEY]["need_low"] == 1e9


def test_an_option_without_packages_needs_nothing():
    found = feasible(asked())["options"]["own"]
    assert (found["answer"], found["binds"], found["capabilities"], found["starts"]) == ("yes", None, {}, [])


def test_the_need_of_a_drawn_number_has_its_ends():
    found = feasible(asked(option="region"))["options"]["region"]["capabilities"]["fighters"]
    entry = CATALOGUE["skyshield_aircraft"]
    assert (found["need_low"], found["need_high"]) == (entry.low, entry.high)


def test_members_that_an_option_names():
    class Named:
        name, members = "mine", ("b", "a")

    people = [type("Person", (), {"name": name})() for name in "abc"]
    assert [member.name for member in members_of(Named, people)] == ["b", "a"]
    assert len(members_of(load("skyshield").options[0], people)) == 3
    Named.members = ("b", "b")
    with pytest.raises(SkyShieldError, match="option mine: member 'b': stands there twice"):
        members_of(Named, people)
    Named.members = ("z",)
    with pytest.raises(SkyShieldError, match="option mine: member 'z': is not a member of the scenario"):
        members_of(Named, people)
