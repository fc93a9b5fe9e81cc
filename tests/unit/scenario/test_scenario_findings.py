"""What a scenario may say but probably does not mean: each finding where it belongs, and none where it does not.

Tried against mutations: the error of the map read for another line; enclosure told by the name; a place compared with
the declared zone twice; options compared by their labels.
"""

import dataclasses

import pytest

from skyshield.rules import ZoneClause
from skyshield.scenario import check, load, second_look
from skyshield.scenario.findings import LONGEST_LABEL, doubtful, enclosed_left_out
from skyshield.scenario.load import dump, library, parse
from skyshield.theatre import load_theatre

THEATRE = load_theatre()


@pytest.fixture
def content():
    return dump(load("skyshield").chosen(("region",)))


def found(content):
    return [(one.where, one.what) for one in doubtful(parse(content, "x"), THEATRE)]


@pytest.mark.parametrize("name", library())
def test_nothing_is_doubtful_in_what_is_shipped(name):
    assert doubtful(load(name), THEATRE) == []
    assert doubtful(load(name).chosen(("region",)).with_clauses_dropped(), THEATRE) == []


@pytest.mark.parametrize("name", library())
def test_of_what_is_shipped_only_ports_beyond_a_stand_off_are_looked_at_twice(name):
    looked = [one for one in second_look(load(name), THEATRE) if not one.where.endswith(".label")]
    ports = [("options.sites", "serves Greater Odesa ports, where its own distances forbid it to shoot")]
    has_sites = name in ("guarantees", "month", "skyshield", "thousand")
    assert [(one.where, one.what) for one in looked] == (ports if has_sites else [])


@pytest.mark.parametrize(("clause", "written", "what", "remedy"), [
    ("standoff_russia", "150 m", "is 150 m, that is 0.15 km, less than the 3.5 km to which the map is known",
     "write 150 km if that is meant, or leave it out"),
    ("standoff_front", "9 km", "is 9 km, less than the 10 km to which the map is known",
     "check number and unit, or leave it out"),
    ("standoff_front", "10 km", None, None),
    ("standoff_belarus", "3 km", "is 3 km, less than the 3.5 km to which the map is known",
     "check number and unit, or leave it out"),
    ("standoff_belarus", "0 km", None, None),
    ("crewed_buffer", "30 m", "is 30 m, that is 0.03 km, less than the 3.5 km to which the map is known",
     "write 30 km if that is meant, or leave it out"),
    ("debris", "5 km", None, None)])
def test_a_distance_that_the_map_cannot_tell(content, clause, written, what, remedy):
    content["options"]["region"]["rules"][clause] = written
    result = doubtful(parse(content, "x"), THEATRE)
    where = f"options.region.rules.{clause}"
    assert [(f.where, f.what, f.remedy) for f in result] == ([] if what is None else [(where, what, remedy)])


def test_an_oblast_without_the_city_in_its_middle(content):
    content["protected_area"]["oblasts"].remove("Kyiv City")
    content["options"]["region"]["rules"]["zone"]["oblasts"].remove("Kyiv City")
    what = "has Kyiv oblast without Kyiv City, which lies in its middle and counts by itself"
    assert found(content) == [("protected_area.oblasts", what), ("options.region.rules.zone.oblasts", what)]


def test_what_is_enclosed_is_told_by_the_map_not_by_the_name():
    outer = ZoneClause(scope="region", oblasts=("Kyiv",))
    assert enclosed_left_out(outer, THEATRE) == [("Kyiv", "Kyiv City")]
    renamed = dataclasses.replace(THEATRE, oblasts=tuple(
        dataclasses.replace(oblast, name="Middle") if oblast.name == "Kyiv City" else oblast
        for oblast in THEATRE.oblasts))
    assert enclosed_left_out(outer, renamed) == [("Kyiv", "Middle")]
    assert enclosed_left_out(ZoneClause(scope="region", oblasts=("Kyiv City", "Crimea")), THEATRE) == []


@pytest.mark.parametrize(("radius", "what"), [
    ("150 m", "is 150 m, that is 0.15 km, less than the 5.6 km to which the map is known"),
    ("1500 km", "is 1500 km, so that the circles hold all that Ukraine holds"),
    ("60 km", None), ("300 km", None)])
def test_a_radius_that_cannot_be_meant(content, radius, what):
    content["options"]["region"]["rules"]["zone"] = {"scope": "city", "places": ["Kyiv", "Lviv"], "radius": radius}
    assert found(content) == ([] if what is None else [("options.region.rules.zone.radius", what)])


def test_a_zone_that_has_no_ground_in_common_with_the_protected_area(content):
    content["options"]["region"]["rules"]["zone"] = {"scope": "region", "oblasts": ["Kharkiv"]}
    assert [where for where, _ in found(content)] == ["options.region.rules.zone"]
    content["options"]["region"]["rules"]["zone"] = {"scope": "region", "oblasts": ["Kharkiv", "Lviv"]}
    assert found(content) == []


def test_two_options_that_are_one(content):
    content["options"]["again"] = {**content["options"]["region"], "label": "Again"}
    assert found(content) == [("options.again", "is region under another name, so both come out alike")]
    content["options"]["again"]["budget"] = "3 EUR"
    assert found(content) == []


def test_places_without_a_shot(content):
    region = content["options"]["region"]
    region["packages"][0]["serves"] = ["Kyiv", "Kharkiv", "Greater Odesa ports"]
    result = second_look(parse(content, "x"), THEATRE)
    assert [(f.where, f.what) for f in result] == [
        ("options.region", "serves Kharkiv, outside its own zone, where it may not shoot"),
        ("options.region", "serves Greater Odesa ports, where its own distances forbid it to shoot")]
    region["rules"]["standoff_front"] = "60 km"
    assert len(second_look(parse(content, "x"), THEATRE)) == 1
    region["packages"][0]["serves"].remove("Kharkiv")
    region["rules"]["debris"] = "20 km"  # a disc round every city is no reason
    assert second_look(parse(content, "x"), THEATRE) == []


def test_batteries_at_a_base_and_sensors_may_stand_outside(content):
    content["options"]["region"]["packages"] = [
        {"kind": "batteries", "system": "patriot", "places": ["Rzeszów"], "stand": "base"},
        {"kind": "sensors", "sensor": "ground_radar", "serves": ["Kharkiv"]}]
    assert second_look(parse(content, "x"), THEATRE) == []


def test_a_label_too_long_for_a_chart(content):
    short = content["options"]["region"].pop("short")
    content["options"]["region"]["label"] = "x" * LONGEST_LABEL
    assert second_look(parse(content, "x"), THEATRE) == []
    content["options"]["region"]["label"] += "x"
    (only,) = second_look(parse(content, "x"), THEATRE)
    assert (only.where, only.what) == ("options.region.label", "has 61 letters, more than 60, so charts break it")
    content["options"]["region"]["short"] = short
    assert second_look(parse(content, "x"), THEATRE) == []


def test_who_plays_a_scenario_is_told_what_is_doubtful(content):
    content["options"]["region"]["rules"]["standoff_russia"] = "200 m"
    assert [one.where for one in check(parse(content, "x"))] == ["options.region.rules.standoff_russia"]
