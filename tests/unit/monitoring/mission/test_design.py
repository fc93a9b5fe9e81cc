"""A design's file, its conditions, its cases and what is said of them.

Tried to fail: the factor of a condition left out; a sector's own night read as the file's; the costs' ends swapped; a
budget of 0 taken. Each fails a test.
"""

import copy
import math

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.mission.cases import CASES, FIELDS, cases, entry_name, numbers, problem_of
from skyshield.monitoring.mission.content import design_content
from skyshield.monitoring.mission.load import load_design, parse_design
from skyshield.monitoring.mission.model import MEANS
from skyshield.monitoring.mission.problem import fits

SMALL = {"name": "small", "budget": {"people": 20, "money_eur": 2.0e6},
         "means": {"patrol": {"q": [0.1, 0.2, 0.3], "people": 4, "money_eur": 2.0e5, "night": 0.5, "cloud": 0.8},
                   "uav": {"q": 0.3, "people": [5, 6, 7], "money_eur": 5.0e5, "night": 0.9, "cloud": 0.5}},
         "night": 0.4,
         "sectors": [{"name": "north"}, {"name": "south", "weight": 2, "night": 0.0, "cloud": 0.25,
                                         "q": {"uav": 0.6}}]}


def changed(**fields):
    return {**copy.deepcopy(SMALL), **fields}


def test_conditions_and_factors_by_hand():
    design = parse_design(SMALL, "a")
    problem = problem_of(design, numbers(design)[0], CASES[0])
    q = -np.expm1(-problem.rate)
    assert problem.p.tolist() == [[0.6, 0.0, 0.4, 0.0], [0.75, 0.25, 0.0, 0.0]]  # clear, cloud, night, both
    assert q[0] == pytest.approx(np.array([[0.2, 0.3], [0.16, 0.15], [0.1, 0.27], [0.08, 0.135]]))
    assert q[1, 0] == pytest.approx([0.2, 0.6]) and q[1, 3] == pytest.approx([0.2 * 0.5 * 0.8, 0.6 * 0.9 * 0.5])
    assert problem.use.tolist() == [[4.0, 6.0], [2.0e5, 5.0e5]] and problem.limit.tolist() == [20.0, 2.0e6]
    assert problem.most.tolist() == [[5, 3], [5, 3]]


def test_the_content_is_the_best_plan_of_every_case():
    design = parse_design(SMALL, "a")
    content = design_content(design)
    assert [row["case"] for row in content["cases"]] == ["central", "detection_low", "detection_high", "cost_low",
                                                         "cost_high"]
    value = {row["case"]: row["value"] for row in content["cases"]}
    assert value["detection_low"] < value["central"] < value["detection_high"]
    assert value["cost_high"] <= value["central"] <= value["cost_low"]
    assert content["value"] == pytest.approx(sum(one["weight"] * one["detection"]["central"]
                                                 for one in content["sectors"]))
    for one in content["sectors"]:
        assert set(one) == {"name", "weight", "units", "detection"}  # numbers only, no place
        assert one["detection"]["low"] <= one["detection"]["central"] <= one["detection"]["high"]
    totals = {means: sum(one["units"][means] for one in content["sectors"]) for means in ("patrol", "uav")}
    assert totals == content["units"]
    assert content["people"] == 4 * totals["patrol"] + 6 * totals["uav"] <= 20
    assert content["money_eur"] == 2e5 * totals["patrol"] + 5e5 * totals["uav"] <= 2e6
    problem = problem_of(design, numbers(design)[0], CASES[0])
    assert fits(problem, np.array([list(one["units"].values()) for one in content["sectors"]]))


def test_what_holds_is_said_only_where_it_does():
    told = {row["what"]: row for row in design_content(parse_design(SMALL, "a"))["conclusions"]}
    assert told["uav is used"]["holds"] == ("in every case" if told["uav is used"]["lo"] else "in some cases")
    numbers_only = changed(means={"patrol": {"q": 0.2, "people": 4, "money_eur": 1e5, "night": 1, "cloud": 1},
                                  "uav": {"q": 0.0, "people": 4, "money_eur": 1e5, "night": 1, "cloud": 1}})
    numbers_only["sectors"][1].pop("q")
    content = design_content(parse_design(numbers_only, "a"))
    assert len(content["cases"]) == 1 and content["catalogue"] == []
    told = {row["what"]: row["holds"] for row in content["conclusions"]}
    assert told["patrol is used"] == "in every case" and told["uav is used"] == "in no case"


def test_what_a_file_leaves_out_comes_from_the_catalogue():
    design = parse_design(changed(means={"camera": None}, sectors=[{"name": "a", "length_km": 50.0}]), "a")
    known, entries = numbers(design)
    entry = load_catalogue()["mission_camera_watched"]
    assert known["camera"]["watched_km"] == (entry.low, entry.reference_value, entry.high)
    assert set(entries) == {f"mission_camera_{name}" for name in ("watched", "people", "cost", "night")}
    problem = problem_of(design, known, CASES[0])
    assert -math.expm1(-problem.rate[0, 0, 0]) == pytest.approx(-math.expm1(-entry.reference_value / 50.0))
    assert [case.name for case in cases(design, known)] == [case.name for case in CASES]


def test_every_means_has_its_entries_in_the_catalogue():
    catalogue = load_catalogue()
    for means in MEANS:
        for field in FIELDS:
            entry = catalogue[entry_name(means, field)]
            assert (entry.grade, entry.central, entry.distribution) == ("K", None, "interval")


@pytest.mark.parametrize("units", [9, {"patrol": 9}])
def test_nine_units_as_in_the_design(units):
    content = design_content(parse_design(
        {"name": "a", "budget": {"units": units}, "means": {"patrol": None},
         "sectors": [{"name": str(q), "q": {"patrol": q}} for q in (0.1, 0.2, 0.3)]}, "a"))
    assert [one["units"]["patrol"] for one in content["sectors"]] == [1, 4, 4]
    assert round(content["value"], 4) == 1.4503 and content["gap"] == 0.0


def test_limits_by_sector_are_kept():
    design = changed(budget={"units": {"patrol": 9, "uav": 1}})
    design["means"]["patrol"]["most"] = 2
    design["sectors"][0]["most"] = {"patrol": 1, "uav": 0}
    content = design_content(parse_design(design, "a"))
    assert [one["units"] for one in content["sectors"]] == [{"patrol": 1, "uav": 0}, {"patrol": 2, "uav": 1}]


@pytest.mark.parametrize(("fields", "said"), [
    ({"budget": {}}, "budget: is empty; give people, money_eur or units"),
    ({"budget": None}, "budget: "), ({"budget": {"units": 0}}, "budget: is empty"),
    ({"budget": {"people": 0}}, "budget.people: is 0: input should be greater than 0"),
    ({"budget": {"people": -5}}, "budget.people: is -5"), ({"budget": {"people": math.nan}}, "budget.people: is nan"),
    ({"budget": {"people": math.inf}}, "budget.people: is inf"), ({"budget": {"persons": 5}}, "budget.persons: is not"),
    ({"means": {}}, "means: "), ({"means": {"balloon": {"q": 0.1}}}, "balloon: is 'balloon', which is no means known"),
    ({"means": {"patrol": {"q": 1.5}, "uav": None}}, "means.patrol.q: is 1.5: input should be less than"),
    ({"budget": {"units": {"patrol": -1}}}, "budget.units.patrol: is -1"),
    ({"budget": {"units": "x"}}, "units: is 'x'"),
    ({"means": {"patrol": {"q": [0.3, 0.2, 0.1]}, "uav": None}}, "means.patrol.q: is not in order"),
    ({"means": {"patrol": {"q": [0.3, 0.2]}, "uav": None}}, "means.patrol.q: has 2 numbers; give one number, or three"),
    ({"means": {"patrol": {"q": 0.1, "watched_km": 3}, "uav": None}}, "has both q and watched_km"),
    ({"sectors": []}, "sectors: "), ({"sectors": [{"name": "a"}, {"name": "a"}]}, "names the sector 'a' twice"),
    ({"sectors": [{"name": "a", "weight": -1}]}, "sectors.0.weight: is -1"),
    ({"sectors": [{"name": "a", "weight": 0}]}, "has no sector with a weight over 0"),
    ({"sectors": [{"name": "a", "q": {"camera": 0.1}}]}, "a.q names camera, which the design does not have"),
    ({"sectors": [{"name": "a", "most": {"uav": 1.5}}]}, "sectors.0.most.uav: is 1.5"),
    ({"sectors": [{"weight": 1}]}, "sectors.0.name: is missing; add it"), ({"night": 1.2}, "night: is 1.2"),
    ({"night": "half"}, "night: is 'half'"), ({"name": "two\nlines"}, "name: ")])
def test_bad_input_is_told_with_its_place(fields, said):
    with pytest.raises(SkyShieldError) as told:
        parse_design(changed(**fields), "my.yaml")
    assert str(told.value).startswith("my.yaml: ") and said in str(told.value)
    assert "constrained" not in str(told.value) and "function" not in str(told.value)


def test_what_only_the_numbers_show():
    with pytest.raises(SkyShieldError, match=r"sectors: a: length_km: is missing; give it, or q of uav"):
        design_content(parse_design(changed(means={"uav": None}, sectors=[{"name": "a"}]), "a"))
    with pytest.raises(SkyShieldError, match=r"means\.uav: is limited by nothing"):
        design_content(parse_design(changed(budget={"units": {"patrol": 3}}), "a"))


def test_a_file_is_read(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: a\nbudget: {people: 9}\nmeans: {uav: }\nsectors: [{name: b, length_km: 30}]\n", "utf-8")
    assert load_design(path).sectors[0].length_km == 30.0
    path.write_text("- a\n", "utf-8")
    with pytest.raises(SkyShieldError, match="is not a mapping"):
        load_design(path)
