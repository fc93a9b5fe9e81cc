"""Planted studies flip the claims that they should, and no others.

Tried to fail: a threshold of a year held against thirty days; the headline alone tried; the worst joint arm called the
best. Each fails at least one test.
"""

from dataclasses import replace

import pytest

from skyshield.claims import CONTRADICTED, NOT_TESTABLE, PARTLY, SUPPORTED, judged, load_claims
from skyshield.claims.table import EFFECT, GEOGRAPHY, Claims
from support.planted import OPTIONS, doubled, exchanged, lifted, no_kills, study, truth

ORDER = {CONTRADICTED: 0, NOT_TESTABLE: 1, PARTLY: 2, SUPPORTED: 3}


def measured() -> Claims:
    """The claims with the parts alone that a study measures."""
    claims = [replace(claim, parts=tuple(part for part in claim.parts if part.figure.measure))
              for claim in load_claims()]
    return Claims("", tuple(claim for claim in claims if claim.parts))


def verdicts(table, claims=None, **more):
    return {one.claim.name: one.verdict for one in judged(study(table, **more), claims or measured())}


@pytest.fixture(scope="module")
def told():
    return verdicts(truth())


EFFECTS = [claim.name for claim in measured() if claim.kind == EFFECT]
PLACES = [claim.name for claim in measured() if claim.kind == GEOGRAPHY]


def test_where_the_op_ed_is_right_its_claims_of_effect_and_geography_hold(told):
    assert {name: told[name] for name in [*EFFECTS, *PLACES]} == dict.fromkeys([*EFFECTS, *PLACES], SUPPORTED)
    assert len(EFFECTS) >= 12
    assert len(PLACES) >= 2


def test_no_kill_probability_flips_every_claim_of_effect(told):
    found = verdicts(no_kills(truth()))
    assert {name: found[name] for name in EFFECTS} == dict.fromkeys(EFFECTS, CONTRADICTED)
    unmoved = {claim.name for claim in measured() if claim.kind not in (EFFECT, "aid")}
    assert {name: found[name] for name in unmoved} == {name: told[name] for name in unmoved}


def test_a_double_effect_weakens_no_claim(told):
    found = verdicts(doubled(truth()))
    weaker = {name for name in EFFECTS if ORDER[found[name]] < ORDER[told[name]]}
    assert weaker == set()
    half = {measure: {name: value * (0.05 if measure.startswith("prevented") else 1.0) for name, value in of.items()}
            for measure, of in truth().items()}  # some claims fail to begin with
    before, after = verdicts(half), verdicts(doubled(half))
    assert [name for name in EFFECTS if ORDER[after[name]] < ORDER[before[name]]] == []
    assert any(ORDER[before[name]] < ORDER[SUPPORTED] for name in EFFECTS)


def test_a_double_effect_never_shortens_a_distance():
    one, two = (judged(study(table), measured()) for table in (truth(), doubled(truth())))
    for before, after in zip(one, two, strict=True):
        if before.claim.kind == EFFECT:
            for first, second in zip(before.parts, after.parts, strict=True):
                assert second.distance >= first.distance, before.claim.name


def test_lifted_stand_offs_flip_claims_of_geography_alone(told):
    found = verdicts(lifted(truth()))
    assert {name for name in found if found[name] != told[name]} == set(PLACES)
    assert {found[name] for name in PLACES} == {CONTRADICTED}


@pytest.mark.parametrize("rename", [lambda name: f"{name}_x", lambda name: OPTIONS[OPTIONS.index(name) - 1]])
def test_options_under_exchanged_names_change_nothing_but_names(told, rename):
    """Every option bears another name, in the study and in the claims: the verdicts are the same."""
    renamed = [replace(claim, parts=tuple(replace(part, figure=replace(
        part.figure, option=rename(part.figure.option), to=tuple(map(rename, part.figure.to))))
        for part in claim.parts)) for claim in measured()]
    assert verdicts(truth(), Claims("", tuple(renamed)), rename=rename) == told


def test_options_exchanged_in_the_study_move_the_verdicts_of_those_options_alone(told):
    found = verdicts(exchanged(no_kills(truth()), "region", "aid_region"))
    moved = {name for name in found if found[name] != verdicts(no_kills(truth()))[name]}
    of = {claim.name for claim in measured() for part in claim.parts
          if {"region", "aid_region"} & set(part.figure.options)}
    assert moved
    assert moved <= of


def test_an_option_against_another_one_is_turned_over_when_they_change_places():
    part = next(claim.parts[0] for claim in load_claims() if claim.name == "ships_lose_fewer")
    claim = next(claim for claim in load_claims() if claim.name == "ships_lose_fewer")
    over = replace(part, figure=replace(part.figure, option="ground_25k", to=("naval",)), direction="above")
    one = judged(study(truth()), Claims("", (claim,)))[0]
    other = study(truth())
    pairs = other.document["pairs_by_arm"]["casualties"]
    pairs["ground_25k - naval"] = {arm: [-mean, -hi, -lo, mcse]
                                   for arm, (mean, lo, hi, mcse) in pairs["naval - ground_25k"].items()}
    two = judged(other, Claims("", (replace(claim, parts=(over,)),)))[0]
    assert (one.verdict, one.parts[0].distance) == (two.verdict, pytest.approx(two.parts[0].distance))


def test_a_study_of_other_days_says_so_and_the_rest_goes_on():
    found = judged(study(truth(), days=30), measured())
    of = {one.claim.name: one for one in found}
    assert "for 365 days and the study has 30" in of["sensible_now"].would_change
    assert of["sensible_now"].verdict == NOT_TESTABLE
    assert of["small_contingent"].verdict == SUPPORTED  # a difference in direction alone


def test_a_study_without_an_option_says_so_and_the_rest_goes_on(told):
    small = study(truth())
    for table in (small.document["options"], *small.document["by_arm"].values(), *small.document["paired"].values()):
        table.pop("naval")
    found = {one.claim.name: one for one in judged(small, measured())}
    assert "no option naval" in found["ships_keep_trade_going"].would_change
    assert found["air_less_problematic"].verdict == PARTLY  # two of its parts hold, one asks for ships
    assert found["sensible_now"].verdict == told["sensible_now"]


def test_a_study_without_a_measure_says_so():
    small = study({measure: of for measure, of in truth().items() if measure != "rail_h"})
    found = next(one for one in judged(small, measured()) if one.claim.name == "travellers")
    assert [part.verdict for part in found.parts] == [SUPPORTED, NOT_TESTABLE]
    assert "'rail_h' is not in the study" in found.parts[1].would_change


def test_arms_are_all_tried_and_the_joint_ones_named():
    found = next(one for one in judged(study(truth()), measured()) if one.claim.name == "sensible_now")
    assert [arm.label for arm in found.parts[0].arms] == [
        "headline", "rival near", "rival along", "consequences low", "all together, at their worst for the option",
        "all together, at their best for the option"]
    assert found.parts[0].arm == "all together, at their worst for the option"
