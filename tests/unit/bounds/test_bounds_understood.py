"""What was understood is what is played: aircraft as the engine mans them, distances and areas as the rules have them.

Tried against mutations: aircraft on alert not set aside; weather left out; crews forgotten; the buffer added twice.
"""

import json

import numpy as np
import pytest

from skyshield.bounds.understood import understood
from skyshield.bounds.understood_forces import kept_up
from skyshield.catalogue import load_catalogue
from skyshield.compile.parameters import CentralValues
from skyshield.forces import Deployment, prepare_fleets
from skyshield.forces.fighters import patrols
from skyshield.forces.patrols import weather_mean
from skyshield.scenario import load
from skyshield.scenario.load import dump, library, parse
from skyshield.theatre import load_theatre

CATALOGUE, THEATRE = load_catalogue(), load_theatre()


def fighters():
    for name in library():
        asked = load(name)
        for option in asked.options:
            for package in option.packages:
                if package.flies:
                    yield pytest.param(asked, package, id=f"{name}.{option.name}")


@pytest.mark.parametrize(("asked", "package"), list(fighters()))
@pytest.mark.parametrize("crews", [1.0, 0.1])
def test_aircraft_kept_up_are_those_that_the_engine_mans_on_the_first_night(asked, package, crews):
    from skyshield.engine.day import tonight

    class Scarce(CentralValues):
        def __getitem__(self, name):
            return super().__getitem__(name) * (crews if name == "aircrew_per_aircraft" else 1.0)

    central = Scarce(CATALOGUE)
    deployment = Deployment(asked.members, THEATRE, central)
    fleets = prepare_fleets([[package]], deployment)
    takes = [one for _, _, one, _ in patrols(package, deployment)]
    ready, manned = (np.array([getattr(one, what)[0] for one in takes]) for what in ("aircraft", "crews"))
    down = float((1.0 - fleets.p_available[0]) * fleets.aircraft[0, 0])
    for pace in (float(fleets.rest[0, 0]), float(fleets.surge[0, 0]), 1.0):
        expected = np.zeros(len(takes))
        tonight.py_func(fleets, ready, manned, 0, 0, down, pace, float(weather_mean(central)[0]), expected)
        assert kept_up(package, deployment, pace) == pytest.approx(expected.tolist(), abs=1e-12)


@pytest.mark.parametrize("name", library())
def test_it_is_plain_data_of_every_option(name):
    asked = load(name)
    result = understood(asked, CATALOGUE, THEATRE)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert [option["name"] for option in result["options"]] == [option.name for option in asked.options]
    for option, given in zip(result["options"], asked.options, strict=True):
        assert (option["zone"] is None) == (not given.fires)
        assert (option["interests"] is None) == (not given.fires)
        assert option["twin_of"] == given.twin


@pytest.fixture
def region():
    content = dump(load("skyshield").chosen(("region",)))
    content["options"]["region"]["rules"] |= {"standoff_russia": "150 miles", "crewed_buffer": "30 km"}
    content["options"]["region"]["budget"] = "3 million EUR"
    return content


def test_distances_areas_and_money(region):
    option = understood(parse(region, "x"), CATALOGUE, THEATRE)["options"][1]
    kept = {row["from"]: (row["written"], round(row["km"], 1), round(row["with_buffer_km"], 1))
            for row in option["distances"]}
    assert kept == {"Russia": ("150 miles", 241.4, 271.4), "occupied territory": ("100 km", 100.0, 130.0),
                    "Belarus": (None, 0.0, 30.0)}
    assert option["zone"]["left_km2"] < option["zone"]["area_km2"] == pytest.approx(295e3, rel=0.01)
    assert option["budget"] == {"written": "3 million EUR", "eur": 3e6}
    assert option["there_from_day"] == 106 and option["there_from_date"] == "2026-06-14"
    (fighters, _) = option["forces"]
    assert fighters["aircraft"] == 120.0 and 0.0 < fighters["kept_up_ordinary_night"] < fighters["ready"]
    assert fighters["always_over"] == ["Kyiv", "Vinnytsia"]


def test_a_city_left_out_and_what_circles_hold(region):
    region["options"]["region"]["rules"]["zone"] = {"scope": "city", "places": ["Kyiv"], "radius": "40 km"}
    region["protected_area"]["oblasts"].remove("Kyiv City")
    result = understood(parse(region, "x"), CATALOGUE, THEATRE)
    assert result["protected_area"]["without"] == [{"oblast": "Kyiv", "city": "Kyiv City"}]
    zone = result["options"][1]["zone"]
    assert zone["holds"] == ["Kyiv City"] and zone["holds_in_part"] == ["Kyiv"] and zone["radius_km"] == 40.0
    assert result["options"][1]["interests"]["deleted"] == [] or "Embassies" not in str(
        result["options"][1]["interests"]["deleted"])
    assert "Black Sea and Danube ports" in result["options"][1]["interests"]["deleted"]


def test_a_member_that_is_switched_off_takes_its_aircraft_away(region):
    region["members"][0]["active"] = False
    option = understood(parse(region, "x"), CATALOGUE, THEATRE)["options"][1]
    assert option["forces"][0]["aircraft"] == 60.0
    region["members"] = []
    option = understood(parse(region, "x"), CATALOGUE, THEATRE)["options"][1]
    assert option["forces"][0]["aircraft"] == option["forces"][0]["kept_up_massed_night"] == 0.0
