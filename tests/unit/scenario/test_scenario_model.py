"""Scenarios as data: what they hold, how they change, how they are resolved and hashed."""

import json

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.rules import CLAUSES
from skyshield.scenario import check, load, resolve
from skyshield.scenario.load import dump, library, parse
from skyshield.scenario.model import LONGEST_NAME, MAX_OPTIONS
from skyshield.scenario.resolve import canonical
from skyshield.study import study_key
from skyshield.theatre import load_theatre


@pytest.fixture(scope="module")
def inputs():
    catalogue = load_catalogue()
    return catalogue, load_theatre(), embedded_fit()


@pytest.fixture
def content():
    return dump(load("skyshield").chosen(("region",)))


@pytest.mark.parametrize("name", library())
def test_shipped_scenarios_are_sound_and_named_by_their_file(name):
    scenario = load(name)
    assert scenario.name == name
    assert check(scenario) == []
    assert scenario.baseline in [option.name for option in scenario.options]
    assert parse(dump(scenario), "again") == scenario


def test_the_default_has_the_options_and_clauses_of_the_proposal():
    scenario = load("skyshield")
    variants = ["region", "cities", "sites", "region_cruise"]
    assert [option.name for option in scenario.options] == [
        "own", *variants, "aid_region", "aid_region_zone", *(f"aid_{name}" for name in variants[1:])]
    assert scenario.option("aid_region_zone").packages[0].where == "zone"
    assert {"Uzhhorod", "Lviv", "Kyiv"} == set(scenario.option("cities").rules.zone.places)
    assert scenario.option("own").packages == ()
    rules = scenario.option("region").rules
    assert rules.target_classes == ("uav",)
    assert (rules.standoff_m("russia"), rules.standoff_m("front"), rules.standoff_m("belarus")) == (2e5, 1e5, 0.0)


def test_a_scenario_is_frozen():
    scenario = load("skyshield")
    with pytest.raises(ValueError, match="frozen"):
        scenario.days = 3


def test_chosen_options_keep_the_order_and_the_baseline():
    scenario = load("skyshield")
    assert [o.name for o in scenario.chosen(("region",)).options] == ["own", "region"]
    assert [o.name for o in scenario.chosen(()).options] == ["own"]
    with pytest.raises(SkyShieldError, match="choose from own, region"):
        scenario.chosen(("own", "regoin"))


def test_each_clause_an_option_holds_is_dropped_once():
    scenario = load("skyshield").chosen(("region",)).with_clauses_dropped()
    region = scenario.option("region")
    held = [clause for clause in CLAUSES if getattr(region.rules, clause) is not None]
    assert [option.name for option in scenario.options[2:]] == [f"region_without_{clause}" for clause in held]
    for clause in held:
        without = scenario.option(f"region_without_{clause}")
        assert getattr(without.rules, clause) is None
        assert without.packages == region.packages
        assert [c for c in CLAUSES if getattr(without.rules, c) != getattr(region.rules, c)] == [clause]


def test_dropping_clauses_has_its_limits(content):
    region = content["options"]["region"]
    many = {f"region_{k}": region for k in range(13)}
    with pytest.raises(SkyShieldError, match=f"more than {MAX_OPTIONS}"):
        parse(content | {"options": {"own": content["options"]["own"], **many}}, "x").with_clauses_dropped()
    long = {"own": content["options"]["own"], "r" * LONGEST_NAME: region}
    with pytest.raises(SkyShieldError, match="taken or too long"):
        parse(content | {"options": long}, "x").with_clauses_dropped()
    taken = content["options"] | {"region_without_zone": region}
    with pytest.raises(SkyShieldError, match="taken or too long"):
        parse(content | {"options": taken}, "x").with_clauses_dropped()


def test_phases(content):
    phases = [{"name": "war"}, {"name": "ceasefire", "first_day": 4}, {"name": "war", "first_day": 6}]
    scenario = parse(content | {"phases": phases}, "x")
    assert [scenario.phase_of_day(day) for day in range(1, 8)] == ["war"] * 3 + ["ceasefire"] * 2 + ["war"] * 2
    assert scenario.phase_index_by_day()[:7] == (0, 0, 0, 1, 1, 2, 2)
    assert scenario.phase_by_day()[:7] == tuple(scenario.phase_of_day(day) for day in range(1, 8))
    assert [phase.intensity for phase in scenario.phases] == [1.0, 0.0, 1.0]


def test_a_phase_may_say_its_intensity(content):
    phases = [{"name": "war", "raid_intensity": 0.8}, {"name": "ceasefire", "first_day": 4, "raid_intensity": 0.1}]
    scenario = parse(content | {"phases": phases}, "x")
    assert [phase.intensity for phase in scenario.phases] == [0.8, 0.1] and parse(dump(scenario), "x") == scenario
    for wrong in (-0.1, 1.1, float("nan"), "half"):
        with pytest.raises(SkyShieldError, match=r"phases\.0\.raid_intensity"):
            parse(content | {"phases": [{"name": "war", "raid_intensity": wrong}]}, "x")


@pytest.mark.parametrize(("change", "where"), [
    ({"phases": [{"name": "war"}, {"name": "ceasefire", "first_day": 366}]}, "phases"),
    ({"members": []}, "options.region"),
    ({"members": [{"name": "A", "base": "Rzeszów", "aircraft_share": 0.5, "active": False}]}, "members")])
def test_findings(content, change, where):
    assert [finding.where for finding in check(parse(content | change, "x"))] == [where]


def test_stand_offs_that_leave_nothing_are_told(content):
    content["options"]["region"]["rules"]["standoff_russia"] = "2000 km"
    result = check(parse(content, "x"))
    assert [(f.where, f.what) for f in result] == [("options.region", "the stand-offs leave nothing of the zone")]


def test_an_error_names_the_option_not_its_number(content):
    content["options"]["region"]["colour"] = "red"
    with pytest.raises(SkyShieldError, match=r"^x: options\.region\.colour: is not a known key"):
        parse(content, "x")


def test_several_errors_are_counted(content):
    content["colour"], content["days"] = "red", 0
    del content["title"]
    with pytest.raises(SkyShieldError, match=r"\(and 2 more\)"):
        parse(content, "x")


def test_resolved_text_is_whole_and_rebuilds_its_parts(inputs):
    catalogue, theatre, fit = inputs
    scenario = load("skyshield")
    resolved = resolve(scenario, catalogue, theatre, fit)
    again, fit_again, catalogue_again, theatre_again = resolved.parts()
    assert again == scenario
    assert resolved.options == tuple(option.name for option in scenario.options)
    assert catalogue_again.sha256 == catalogue.sha256
    assert theatre_again.sha256 == theatre.sha256
    assert resolve(again, catalogue_again, theatre_again, fit_again) == resolved
    assert (resolved.options[:2], resolved.baseline) == (("own", "region"), "own")


def test_resolved_text_is_canonical(inputs):
    catalogue, theatre, fit = inputs
    resolved = resolve(load("skyshield"), catalogue, theatre, fit)
    assert resolved.json == canonical(json.loads(resolved.json))
    assert "\n" not in resolved.json and ".yaml" not in resolved.json


@pytest.mark.parametrize("change", [
    {"days": 29}, {"start_date": "2026-03-02"}, {"name": "another"}, {"baseline": "region"},
    {"phases": [{"name": "war"}, {"name": "ceasefire", "first_day": 20}]}, {"assumptions": {"displacement": 0.5}}])
def test_whatever_changes_the_scenario_changes_the_key(inputs, content, change):
    catalogue, theatre, fit = inputs
    keys = {study_key(resolved, 1, 30) for resolved in (
        resolve(parse(content, "x"), catalogue, theatre, fit),
        resolve(parse(content | change, "x"), catalogue, theatre, fit))}
    assert len(keys) == 2


@pytest.mark.parametrize("change", [{"title": "Another"}, {"question": "What else?"}, {"pairs": [["region", "own"]]}])
def test_wording_changes_the_scenario_and_not_the_key(inputs, content, change):
    catalogue, theatre, fit = inputs
    one, other = (resolve(parse(of, "x"), catalogue, theatre, fit) for of in (content, content | change))
    assert one.sha256 != other.sha256 and study_key(one, 1, 30) == study_key(other, 1, 30)
    assert one.part_sha256() == other.part_sha256()


@pytest.mark.parametrize(("pairs", "said"), [
    ([["region", "nowhere"]], "'nowhere' is not among the options"), ([["region", "region"]], "is paired with itself")])
def test_pairs_are_of_two_options(content, pairs, said):
    with pytest.raises(SkyShieldError, match=said):
        parse(content | {"pairs": pairs}, "x")


def test_the_order_of_options_is_part_of_the_key_and_of_mappings_not(inputs, content):
    catalogue, theatre, fit = inputs
    first = resolve(parse(content, "x"), catalogue, theatre, fit)
    shuffled = {key: content[key] for key in sorted(content, reverse=True)}
    assert resolve(parse(shuffled, "y"), catalogue, theatre, fit).sha256 == first.sha256
    turned = content | {"options": dict(reversed(content["options"].items()))}
    assert resolve(parse(turned, "x"), catalogue, theatre, fit).sha256 != first.sha256


def test_the_key_knows_seed_and_days(inputs):
    catalogue, theatre, fit = inputs
    resolved = resolve(load("skyshield"), catalogue, theatre, fit)
    assert len({study_key(resolved, 1, 30), study_key(resolved, 2, 30), study_key(resolved, 1, 31)}) == 3


def test_canonical_refuses_what_json_does_not_know():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_an_assumption_within_its_ends(content, value):
    scenario = parse(content | {"assumptions": {"displacement": value}}, "x")
    assert check(scenario) == []
    assert scenario.assumptions == {"displacement": float(value)}
    assert parse(dump(scenario), "again") == scenario
    assert load("skyshield").assumptions == {}


@pytest.mark.parametrize(("name", "value", "words"), [
    ("displacement", 1.01, "assumptions.displacement: is 1.01, outside the catalogue's 0 to 1; give a number inside"),
    ("leak_west_over_leak_deep", 0.0, "is 0, outside the catalogue's 0.5 to 7"),
    ("leak_west", 0.05, "assumptions.leak_west: has gone; use leak_west_over_leak_deep, a ratio"),
    ("nasams_range", 41, "is 41, outside the catalogue's 25 to 40 km"),
    ("decoy_share", 0.4, "assumptions.decoy_share: has a centre in the catalogue"),
    ("displacment", 0.5, "assumptions.displacment: is not in the catalogue; did you mean displacement"),
    ("own_defence_rival", 1, "assumptions.own_defence_rival: has gone; use own_defence_along_share, which is 0")])
def test_an_assumption_that_cannot_be(content, name, value, words):
    with pytest.raises(SkyShieldError) as caught:
        check(parse(content | {"assumptions": {name: value}}, "x"))
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("clauses", "words"), [
    ({"debris": "5 km", "crewed_buffer": "10 km", "identification": 0.95}, None),
    ({"standoff_russia": "1900 km", "debris": "5 km"}, "the stand-offs leave nothing"),
    ({"crewed_buffer": "1900 km"}, "the stand-offs with the crewed buffer and the debris clause leave nothing"),
    ({"debris": "1900 km"}, "the stand-offs with the crewed buffer and the debris clause leave nothing")])
def test_what_leaves_nothing_of_the_zone_is_noted_and_every_clause_travels(content, inputs, clauses, words):
    content["options"]["region"]["rules"] |= clauses
    scenario = parse(content, "x")
    assert [finding.what.startswith(words) for finding in check(scenario)] == ([] if words is None else [True])
    back, *_ = resolve(scenario, *inputs).parts()
    assert back == scenario
    names = [option.name for option in scenario.with_clauses_dropped().options]
    assert {f"region_without_{clause}" for clause in clauses} <= set(names)


def test_a_power_of_ten_is_a_number_with_or_without_a_point():
    text = dump(load("skyshield"))
    for written in (1e-05, "1e-05", "1.0e-5"):
        asked = parse({**text, "assumptions": {"displacement": written}}, "test")
        assert asked.assumptions["displacement"] == 1e-05
    with pytest.raises(SkyShieldError, match="valid number"):
        parse({**text, "assumptions": {"displacement": "1e-5 km"}}, "test")
