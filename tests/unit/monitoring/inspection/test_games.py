"""What the games are asked, and what they answer.

Tried to fail: ``--teams`` taken beside ``--d``; an undeterrable sector let through as deterred; the high end of a
design's detection taken for the low one. Each fails a test.
"""

import json

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.inspection.asked import asked
from skyshield.monitoring.inspection.of_design import read_design

THRESHOLD = {"d": "1", "b": "3", "f": "0.5", "alpha": "0.1"}


def design_file(folder, rows):
    path = folder / "design.json"
    path.write_text(json.dumps({"sectors": [
        {"name": name, "detection": {"low": low, "central": (low + high) / 2, "high": high}}
        for name, low, high in rows]}), "utf-8")
    return path


def test_a_threshold_that_no_detection_reaches_is_said():
    assert asked(**THRESHOLD) == {"beta_min": 0.2625, "deterrable": "yes", "d": 1.0, "b": 3.0, "f": 0.5, "alpha": 0.1}
    assert asked(**THRESHOLD | {"b": "0"})["deterrable"] == "no"
    assert asked(**THRESHOLD | {"d": "0", "b": "0"})["beta_min"] is None
    spans = asked(**THRESHOLD | {"b": "0:3"})
    assert (spans["beta_min_lo"], spans["beta_min_hi"], spans["deterrable"]) == (0.2625, 1.05, "depends")


def test_a_sector_that_cannot_be_deterred_is_reported():
    content = asked(sectors="1:3:0.8,2:1:0.5", teams="5")
    assert (content["teams_needed"], content["not_deterrable"], content["deterred"]) == (None, [2], False)
    assert content["value"] == pytest.approx(2 - 0.5 * 3)
    enough = asked(sectors="1:3:0.8,2:3:0.8,3:3:0.8", teams="2")
    assert enough["deterred"] and enough["value"] == 0 and enough["teams_spare"] == pytest.approx(2 - 1.4375)
    assert sum(enough["shares"]) == pytest.approx(1.0)
    nobody = asked(sectors="1:3:0.8", teams="0")
    assert (nobody["value"], nobody["shares"]) == (1.0, [0.0])


def test_the_best_point_of_a_curve(tmp_path):
    path = tmp_path / "roc.csv"
    path.write_text("alpha,beta\n0,0\n0.1,0.5\n0.3,0.54\n1,0.9\n", "utf-8")
    content = asked(roc=path, d="1", b="3", f="2")
    assert content["roc"]["alpha"] == 0.1 and content["roc"]["slope"] == 0.5 and content["roc"]["deters"] is True
    assert content["beta_min"] == pytest.approx(0.3)
    assert asked(roc=path, d="1", b="0.2", f="2")["roc"]["deters"] is False


def test_a_design_gives_shares_and_value_only(tmp_path):
    path = design_file(tmp_path, [("north", 0.2, 0.5), ("south", 0.4, 0.8)])
    content = asked(design=path, d="1", b="3", f="0", alpha="0")
    assert content["deterred_sectors"] == {"lo": 1, "hi": 2} and content["law_abiding"] == "in some cases"
    assert content["teams_needed"] == {"lo": pytest.approx(0.25 / 0.5 + 0.25 / 0.8), "hi": None}
    assert content["value"] == {"lo": 0.0, "hi": pytest.approx(1 - 0.2 * 4)}
    assert set(content) == {"beta_min", "deterrable", "d", "b", "f", "alpha", "teams", "sectors", "deterred_sectors",
                            "teams_needed", "value", "law_abiding", "shares"}
    assert sum(content["shares"].values()) == pytest.approx(1.0)
    sure = asked(design=path, d="1", b="9:19", f="0", alpha="0")
    assert sure["law_abiding"] == "in every case" and sure["teams_needed"]["hi"] == pytest.approx(0.1 / 0.2 + 0.1 / 0.4)
    assert asked(design=path, d="1", b="9", f="0", alpha="0", teams="0.3")["law_abiding"] == "in no case"


def test_false_accusations_ask_for_more_teams(tmp_path):
    path = design_file(tmp_path, [("north", 0.5, 0.5)])
    without, with_them = (asked(design=path, d="1", b="3", f="1", alpha=alpha)["teams_needed"]["hi"]
                          for alpha in ("0", "0.2"))
    assert (without, with_them) == (pytest.approx(1 / 2), pytest.approx(1.2 / 2))


@pytest.mark.parametrize(("words", "said"), [
    ({}, "names no game"), ({"teams": "1"}, "--teams: names no game"),
    ({**THRESHOLD, "d": "1e-300"}, "under 1e-12"), ({**THRESHOLD, "b": "1e300"}, "over 1e+12"),
    ({**THRESHOLD, "teams": "1"}, "--teams: does not"),
    ({**THRESHOLD, "recursive": "3,1"}, "--d: does not go with --recursive"),
    ({"d": "1", "b": "3", "f": "0.5"}, "--alpha: is missing"), ({"sectors": "1:3:0.8"}, "--teams: is missing"),
    ({**THRESHOLD, "d": "-1"}, "--d: is negative"), ({**THRESHOLD, "b": "nan"}, "--b: is nan, not a finite number"),
    ({**THRESHOLD, "f": "inf"}, "--f: is inf"), ({**THRESHOLD, "alpha": "1.1"}, "--alpha: is 1.1, over 1"),
    ({**THRESHOLD, "d": "3:1"}, "wrong order"), ({**THRESHOLD, "d": "1:2:3"}, "an interval LOW:HIGH"),
    ({**THRESHOLD, "d": "much"}, "--d: is 'much', not a number"), ({"sectors": "", "teams": "1"}, "sector 1"),
    ({"sectors": "1:3", "teams": "1"}, "sector 1: is '1:3'"),
    ({"sectors": "1:3:2", "teams": "1"}, "beta: is 2, over 1"),
    ({"sectors": "1:3:0.5", "teams": "-1"}, "--teams: is negative"), ({"recursive": "3"}, "two whole numbers"),
    ({"recursive": "3,4"}, "4 inspections in 3 periods"), ({"recursive": "0,0"}, "0 periods"),
    ({"recursive": "10,-1"}, "-1 inspections"), ({"recursive": "1" * 5_000 + ",3"}, "at most 1,000 periods"),
    ({"recursive": "2000,3"}, "2,000 periods; give 1 to 1,000"), ({"recursive": "3.5,1"}, "two whole numbers")])
def test_bad_input_is_one_line(words, said):
    with pytest.raises(SkyShieldError) as told:
        asked(**words)
    assert said in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize(("content", "said"), [
    ("{}", "is no list of sectors"), ('{"sectors": []}', "is no list"), ('{"sectors": [1]}', "sectors.0: has no name"),
    ('{"sectors": [{"name": "a"}]}', "detection: has no low and high"),
    ('{"sectors": [{"name": "a", "detection": {"low": 0.9, "high": 0.1}}]}', "wrong order"),
    ('{"sectors": [{"name": "a", "detection": {"low": -1, "high": 0.1}}]}', "low: is negative"),
    ('{"sectors": [{"name": "a", "detection": {"low": true, "high": 0.1}}]}', "has no low"),
    ('{"sectors": [{"name": "a", "detection": {"low": 0, "high": 1}}, '
     '{"name": "a", "detection": {"low": 0, "high": 1}}]}', "names a sector twice")])
def test_what_is_no_design(content, said, tmp_path):
    path = tmp_path / "design.json"
    path.write_text(content, "utf-8")
    with pytest.raises(SkyShieldError) as told:
        read_design(path)
    assert said in str(told.value)


@pytest.mark.parametrize(("content", "said"), [
    ("alpha,gamma\n0,1\n", "lacks the column 'beta'"), ("alpha,beta\n", "holds no point"),
    ("alpha,beta\n0.1,nan\n", "line 2: beta: is nan"), ("alpha,beta\n0.1,1.5\n", "beta: is 1.5, over 1")])
def test_what_is_no_curve(content, said, tmp_path):
    path = tmp_path / "roc.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(SkyShieldError) as told:
        asked(roc=path, d="1", b="3", f="1")
    assert said in str(told.value)
    with pytest.raises(SkyShieldError, match="is an interval, but --roc needs a number"):
        asked(roc=path, d="1:2", b="3", f="1")
