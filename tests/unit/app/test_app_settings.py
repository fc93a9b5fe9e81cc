"""Values set by path on a scenario."""

import math
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from skyshield.app.settings import apply, changed, named, read, written
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import load

MONTH = load("month")
ZONE = "options.region.rules.zone"


@pytest.mark.parametrize("changes", [
    {}, {"days": 5}, {"options.region.rules.standoff_russia": None}, {"options.own.rules.standoff_front": "10 km"},
    {"options.region.rules.zone": None}, {"options.cities.rules.zone.radius": "80 km"},
    {"options.region.packages.0.aircraft": 48, "options.region.packages.0.ground_alert": 0},
    {"assumptions.displacement": 0.4}, {"protected_area.oblasts": ["Lviv"]}, {"members.0.active": False},
    {f"{ZONE}.oblasts": None, f"{ZONE}.polygon": [[23.0, 49.0], [24.0, 51.0], [30.5, 51.0]]},
    {ZONE: {"scope": "city", "places": ["Lviv"], "radius": "40 km"}}, {"phases.0.raid_intensity": 0.5}])
def test_what_is_changed_makes_the_setting_again(changes: dict[str, Any]) -> None:
    now = apply(MONTH, changes)
    assert (now != MONTH) == bool(changes)
    again = changed(MONTH, now)
    assert apply(MONTH, again) == now
    assert apply(MONTH, read(written(again))) == now


@pytest.mark.parametrize(("changes", "where", "words"), [
    ({"days": math.nan}, "days", "not a finite number"),
    ({"days": "x"}, "days", "not a whole number"),
    ({"days": 10 ** 400}, "days", "more than 1827"),
    ({"days": {"a": {"b": {"c": {"d": {"e": {}}}}}}}, "days", "nested too deep"),
    ({"days.x": 1}, "days.x", "one value"),
    ({"foo": 1}, "foo", "not a known path"),
    ({"": 1}, "set", "not a path"),
    ({"title": "x"}, "title", "not a known path"),
    ({"options.regio.rules.zone": None}, "options.regio.rules.zone", "not a known path"),
    ({"options.region": None}, "options.region", "no single field"),
    ({"options.region.packages": []}, "options.region.packages", "not a known path"),
    ({"options.region.packages.9.aircraft": 5}, "options.region.packages.9.aircraft", "no entry"),
    ({"options.region.packages.0.kind": "guns"}, "options.region.packages.0.kind", "not a known path"),
    ({"options.region.packages.0.aircraft": True}, "options.region.packages.0.aircraft", "not a whole number"),
    ({"options.region.packages.0.aircraft": 5000}, "options.region.packages.0.aircraft", "more than 1000"),
    ({"options.region.rules.standoff_russia": "9000 km"}, "options.region.rules.standoff_russia", "outside 0 to 2,000"),
    ({"options.region.rules.standoff_russia": 200}, "options.region.rules.standoff_russia", "without a unit"),
    ({"options.region.rules.identification": math.inf}, "options.region.rules.identification", "finite"),
    ({"options.region.rules.target_classes": []}, "options.region.rules.target_classes", "empty"),
    ({"options.own.rules.zone.radius": "10 km"}, "options.own.rules.zone.radius", "is missing"),
    ({"protected_area.oblasts": ["Lviv", 3]}, "protected_area.oblasts", "at 1"),
    ({"members.0.aircraft_share": 0.9, "days": 5}, "members.0.aircraft_share", "add up to 1.4"),
    ({f"set{k}": 1 for k in range(501)}, "set", "more than 500")])
def test_what_cannot_be_set_is_said_with_its_path(changes: dict[str, Any], where: str, words: str) -> None:
    with pytest.raises(SkyShieldError) as fault:
        apply(MONTH, changes)
    assert fault.value.where == where
    assert words in fault.value.what
    assert fault.value.remedy


def test_a_remedy_names_what_was_meant() -> None:
    with pytest.raises(SkyShieldError, match="write standoff_russia"):
        apply(MONTH, {"options.region.rules.standoff_rusia": "1 km"})


def test_a_fault_of_the_check_is_named_by_the_path_that_makes_it() -> None:
    fault = SkyShieldError("assumptions.displacement", "is 2, outside the catalogue's 0 to 1", "give a number inside")
    assert named(fault, {"days": 3, "assumptions.displacement": 2}).where == "assumptions.displacement"
    elsewhere = SkyShieldError("options.cities.packages.serves", "place 'X' is not in the theatre", "did you mean Y?")
    changes = {"days": 3, "options.cities.packages.0.serves": ["X"]}
    assert named(elsewhere, changes).where == "options.cities.packages.0.serves"


def test_other_options_cannot_be_compared() -> None:
    with pytest.raises(SkyShieldError, match="same options"):
        changed(MONTH, load("aid"))


VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats()
    | strategies.text(max_size=9),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(max_size=3), inner,
                                                                                 max_size=2), max_leaves=6)
PATHS = strategies.lists(strategies.sampled_from(
    ["options", "region", "own", "rules", "zone", "packages", "0", "-1", "99", "aircraft", "days", "assumptions",
     "displacement", "polygon", "members", "phases", "__class__", "", "x"]), min_size=1, max_size=6).map(".".join)


@given(strategies.dictionaries(PATHS, VALUES, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_is_set_or_refused_in_words(changes: dict[str, Any]) -> None:
    try:
        apply(MONTH, changes)
    except SkyShieldError as fault:
        assert fault.where
        assert fault.remedy


@given(VALUES.filter(lambda value: value == value))
@settings(max_examples=60, deadline=None)
def test_values_in_an_address_come_back(value: Any) -> None:
    back = read(written({"days": value}))["days"]
    assert back == value or (isinstance(value, float) and not math.isfinite(value)) or "NaN" in repr(back) or "nan" in \
        repr(value) or "inf" in repr(value)
