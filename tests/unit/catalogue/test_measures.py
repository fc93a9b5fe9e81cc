"""The tables of measures and threat classes."""

from pathlib import Path

import pytest

from skyshield.catalogue import load_catalogue, load_measures, load_threat_classes
from skyshield.catalogue.measures import ROLES, read_measures, read_threat_classes
from skyshield.catalogue.table import DATA
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import COST_LINES, INCIDENT_KINDS, PEOPLE_ROLES

CLASSES = ("uav", "cruise", "ballistic")
BY_CLASS = {**dict.fromkeys(("launched", "stopped_own_hard", "stopped_own_soft", "stopped_aid", "stopped_coalition",
                             "prevented", "redundant", "leaked"), "1"), "warhead_kg": "kg", "warhead_zone_kg": "kg"}
SCALARS = {
    "prevented_zone": "1", "leaked_zone": "1", "leaked_armed": "1", "engaged": "1", "saturated": "1",
    "refused_class": "1", "refused_standoff": "1", "refused_identification": "1",
    "refused_deconfliction": "1", "flight_hours": "h", "sorties": "1", "cost_eur": "EUR",
    "incremental_cost_eur": "EUR", "planned_cost_eur": "EUR", "planned_incremental_cost_eur": "EUR",
    "unspent_eur": "EUR", "relieved": "1", "tanker_hours": "h", "shooter_days_without_rounds": "1",
    "casualties": "person", "people_exposed_h": "person*h",
    "alert_person_hours": "person*h", "prevented_armed_zone": "1", "prevented_armed": "1",
    "own_rounds_saved_eur": "EUR", "outage_h": "h", "outage_zone_h": "h", "port_days": "day", "rail_h": "h",
    "rail_zone_h": "h", "npp_offsite_power_days": "day", "war_days": "day", "ceasefire_days": "day",
    "violation_days": "day", "alert_h_kyiv": "h", "alert_h_corridors": "h",
}


def test_measures() -> None:
    measures = {measure.name: measure for measure in load_measures()}
    assert set(measures) == {*BY_CLASS, *SCALARS, "refused_by", "munitions", "cost_by_line_eur", "incidents",
                             "people_by_role_h", "casualties_by_role"}
    for name, unit in BY_CLASS.items():
        assert (measures[name].per, tuple(measures[name].keys), measures[name].unit) == ("class", CLASSES, unit)
        assert measures[name].columns == tuple(f"{name}/{key}" for key in CLASSES)
    for name, unit in SCALARS.items():
        assert (measures[name].per, measures[name].keys, measures[name].unit) == ("", {}, unit)
        assert measures[name].columns == (name,)
    assert measures["munitions"].columns == tuple(f"munitions/{kind}" for kind in (
        "aam", "guided_rocket", "sam", "gun", "interceptor_drone"))
    assert measures["cost_by_line_eur"].columns == tuple(f"cost_by_line_eur/{line}" for line in COST_LINES)
    assert measures["refused_by"].columns == tuple(f"refused_by/{clause}" for clause in (
        "standoff_russia", "standoff_front", "standoff_belarus", "crewed_buffer", "debris", "several"))
    assert tuple(measures["incidents"].keys) == INCIDENT_KINDS
    assert tuple(measures["people_by_role_h"].keys) == tuple(measures["casualties_by_role"].keys) == PEOPLE_ROLES
    assert [measure.name for measure in load_measures() if measure.status == "headline"] == [
        "prevented_armed_zone", "prevented_armed"]


def test_threat_classes() -> None:
    classes = load_threat_classes()
    assert tuple(threat.name for threat in classes) == CLASSES
    assert [threat.order for threat in classes] == [0, 1, 2]
    assert [threat.decoys for threat in classes] == [True, False, False]
    units = {"speed": "m/s", "altitude": "m", "own_stop": "1", "rho": "1"}
    for threat in classes:
        assert set(threat.entries) == set(ROLES)
        for role, key in threat.entries.items():
            assert load_catalogue()[key].si_unit == units[role]
    assert len({model for threat in classes for model in threat.models}) == sum(len(t.models) for t in classes)


SHORT = {"uav": "UAVs", "cruise": "Cruise missiles", "ballistic": "Ballistic missiles"}
MEASURES = (DATA / "measures.yaml").read_text("utf-8")
MUNITIONS = MEASURES[MEASURES.index("  keys:\n    aam:"):MEASURES.index("  shown: munitions")]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("  unit: h\n", "", "flight_hours: unit: is missing"),
    ("  unit: h\n", "  unit: hours\n", "flight_hours: unit: is the unknown unit"),
    ("  status: headline\n", "  status: main\n", "prevented_armed_zone: status: is 'main'"),
    ("  per: kind\n", "  per: sort\n", "refused_by: per: is 'sort'"),
    (MUNITIONS, "  keys: {}\n", "munitions: keys: is empty"),
    (MUNITIONS, "  keys: aam\n", "munitions: keys: is 'aam', not a name in words for each kind"),
    (MUNITIONS, "  keys: {aam: 3}\n", "munitions: keys: is {'aam': 3}, not a name in words for each kind"),
    ("  keys: [uav, cruise, ballistic]\n", "  keys: [uav]\n", "prevented: keys: are uav"),
    ("  keys: [uav, cruise, ballistic]\n", "  keys: [uav, uav]\n", "has a name twice"),
    ("  direction: more\n", "  direction: up\n", "prevented_armed_zone: direction: is 'up'"),
    ("  label: Sorties\n", "", "sorties: label: is missing"),
    ("  unit: h\n  per: \"\"\n  keys: []", "  unit: h\n  per: \"\"\n  keys: [a]", "are given for a single number"),
    ("  unit: h\n", "  unit: h\n  colour: red\n", "colour: is not a known field"),
])
def test_refused_measures(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in MEASURES
    path = tmp_path / "measures.yaml"
    path.write_text(MEASURES.replace(old, new, 1), "utf-8")
    with pytest.raises(SkyShieldError) as caught:
        read_measures(path, SHORT)
    assert words in str(caught.value) and str(caught.value).startswith("measures.yaml: ")


def test_some_measure_is_the_headline(tmp_path: Path) -> None:
    (tmp_path / "measures.yaml").write_text(MEASURES.replace("  status: headline\n", "  status: secondary\n"), "utf-8")
    with pytest.raises(SkyShieldError, match=r"measures\.yaml: status: makes no measure the headline"):
        read_measures(tmp_path / "measures.yaml", SHORT)


THREATS = (DATA / "threat_classes.yaml").read_text("utf-8")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("  order: 1\n", "  order: 2\n", "cruise: order: is 2, but it is number 1"),
    ("  decoys: true\n", "  decoys: 1\n", "uav: decoys: is 1"),
    ("speed: geran2_speed", "speed: shahed_speed", "uav: entries: speed: names 'shahed_speed'"),
    ("speed: geran2_speed, ", "", "uav: entries: speed: is missing"),
    ("  models: [Shahed-136/131, Shahed-136/131 and Lancet]\n", "  models: []\n", "uav: models: is empty"),
    ("  entries: {speed: geran2_speed", "  entries: 3\n  x: {speed: geran2_speed", "x: is not a known field"),
])
def test_refused_threat_classes(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in THREATS
    path = tmp_path / "threat_classes.yaml"
    path.write_text(THREATS.replace(old, new, 1), "utf-8")
    with pytest.raises(SkyShieldError) as caught:
        read_threat_classes(path, load_catalogue())
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["3", "[]", "{}", "a: 1"])
def test_not_a_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "measures.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SkyShieldError, match=r"^measures\.yaml: "):
        read_measures(path, SHORT)
