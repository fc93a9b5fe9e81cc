"""Items of evidence: what is weighed, what is not, and that no party's name matters.

Tried to fail: a party's name in the weighing, copies taken for witnesses, the line's error left out.
"""

import dataclasses

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from skyshield.core.geodesy import to_plane
from skyshield.monitoring.agreement import load_agreement
from skyshield.monitoring.attribution import words
from skyshield.monitoring.attribution.assess import describe, weighed_parties
from skyshield.monitoring.attribution.evidence import Place, Record, combined, items_of
from skyshield.monitoring.attribution.ground import ground_of
from skyshield.monitoring.attribution.posterior import attribute
from skyshield.monitoring.joining.model import Event
from support.attributed import LAT, LON, agreement

SWAP = {"RU": "UA", "UA": "RU"}
BASE = Event("e", (0,), (0,), 1.6e9, 60.0, LON, LAT, 100.0, "V2", {"V2": 1.0}, 0.95, ("patrol",), ("heard",))


def event(**fields):
    return dataclasses.replace(BASE, **fields)


def described(leaves, of=None, decisions=None, **fields):
    numbers = tuple(range(len(leaves)))
    one = event(records=numbers, **{"witnesses": numbers, **fields})
    [found] = describe([one], {k: {"source": f"s{k}", "method": "heard", **leaf} for k, leaf in enumerate(leaves)},
                       of or agreement(), decisions or {})
    return found


LEAVES = st.fixed_dictionaries({}, optional={
    "fire_bearing_deg": st.floats(0.0, 360.0), "bearing_error_deg": st.floats(1.0, 40.0),
    "weapon": st.sampled_from(["Tornado-S", "HIMARS", "120mm mortar", "Grad", "stone"]),
    "direction": st.sampled_from(["incoming", "outgoing", "airborne", "undetermined"]),
    "party": st.sampled_from(["RU", "UA"])})


@settings(max_examples=60, deadline=None)
@given(st.lists(LEAVES, min_size=1, max_size=3), st.floats(-0.2, 0.2), st.sampled_from([0.0, 500.0, 5_000.0]))
def test_swapped_labels_swap_the_results_exactly(leaves, east, error_m):
    swapped = [dict(leaf) for leaf in leaves]
    for leaf in swapped:
        if "party" in leaf:
            leaf["party"] = SWAP[leaf["party"]]
        leaf["weapon"] = {"Tornado-S": "HIMARS", "HIMARS": "Tornado-S"}.get(leaf.get("weapon"), leaf.get("weapon"))
    one = described(leaves, agreement(error_m), lon=LON + east)
    other = described(swapped, agreement(error_m, west="RU", east="UA"), lon=LON + east)
    assert {party: dataclasses.astuple(share) for party, share in one.attribution.shares.items()} == {
        SWAP[party]: dataclasses.astuple(share) for party, share in other.attribution.shares.items()}
    assert SWAP.get(one.attribution.party, one.attribution.party) == other.attribution.party
    assert [(row["source"], SWAP[row["party"]]) for row in one.dissent] == [
        (row["source"], row["party"]) for row in other.dissent]
    assert (one.level, one.severity) == (other.level, other.severity)


def test_without_evidence_nobody_is_named():
    found = described([{}])
    assert found.attribution.party == "undetermined" and found.to_dict()["evidence"] == []
    assert found.to_dict()["attribution"] == {"UA": {"p": 0.5, "lo": 0.0, "hi": 1.0},
                                              "RU": {"p": 0.5, "lo": 0.0, "hi": 1.0}}


def test_an_agreement_without_lines_weighs_only_weapons():
    paris = load_agreement("paris-2026")
    leaf = {"fire_bearing_deg": 90.0, "direction": "incoming", "weapon": "Tornado-S"}
    found = described([leaf], paris)
    assert [row["kind"] for row in found.to_dict()["evidence"]] == ["weapon"]
    assert found.attribution.party == "undetermined" and len(found.attribution.shares) == 4


def test_what_a_source_says_of_the_author_is_told_and_never_weighed():
    silent, told = described([{}, {}]), described([{"party": "RU"}, {"party": "UA"}])
    assert silent.attribution.shares == told.attribution.shares
    assert [(row["source"], row["party"], row["records"]) for row in told.dissent] == [
        ("s0", "RU", [0]), ("s1", "UA", [1])]


def test_copies_say_nothing_of_their_own():
    leaf = {"fire_bearing_deg": 40.0, "bearing_error_deg": 20.0}
    once, copied = described([leaf]), described([leaf, leaf, leaf], witnesses=(0,))
    twice = described([leaf, leaf])
    assert once.attribution.shares == copied.attribution.shares
    assert twice.attribution.shares["RU"].p > once.attribution.shares["RU"].p


def test_the_error_of_the_line_widens_the_interval():
    leaf = {"direction": "outgoing"}
    sharp, blunt = (described([leaf], agreement(error_m), lon=LON + 0.05).attribution.shares["RU"]
                    for error_m in (0.0, 10_000.0))
    assert sharp.lo > 0.5 > blunt.lo and sharp.p == blunt.p


def test_a_weapon_that_cannot_reach_speaks_against_who_is_far():
    near, far = (described([{"weapon": "82mm mortar"}], lon=LON - east).attribution.shares["RU"]
                 for east in (0.01, 0.5))
    assert near.p == pytest.approx(0.5, abs=1e-6) and far.p == pytest.approx(0.1 / 1.1, abs=1e-3)


def test_bearings_that_disagree_are_not_sharper_for_being_two():
    assert combined([90.0, 90.0], [10.0, 10.0])[1] == pytest.approx(10.0 / 2**0.5)
    assert combined([60.0, 120.0], [10.0, 10.0])[1] == pytest.approx(30.0)


def test_a_place_where_no_ground_is_drawn():
    ground = ground_of(agreement())
    place = Place(LON, LAT, 0.0, ground.inside_m(*to_plane(LON, LAT))[:, 0])
    items = items_of([Record(0, {"direction": "incoming", "weapon": "Grad"})], place, ground, ground.parties)
    assert attribute(items, ground.parties).party == "undetermined"


@pytest.mark.parametrize(("name", "kind"), [
    ("RPG-7 grenade", "grenade"), ("heavy machine gun", "small_arms"), ("Tochka-U missile", "heavy_rocket"),
    ("BM-21 Grad", "rocket_artillery"), ("Shahed drone", "long_range"), ("FPV drone", "small_drone"),
    ("2S19 Msta 152mm howitzer", "artillery"), ("long-range-rockets", "heavy_rocket"), ("artillery", "artillery"),
    ("rocket-artillery", "rocket_artillery"), ("KAB-500 glide bomb", "glide_bomb"), ("anti-tank missile", "grenade"),
    ("T-72 tank", "tank"), ("stone", None)])
def test_words_for_weapons(name, kind):
    assert words.weapon_of(name).kind == kind


def test_whom_an_agreement_lets_weigh():
    assert weighed_parties(load_agreement("measures-2020")) == ("UA", "OTHER")
