"""``skyshield strategy timing`` as users run it: values by hand, the shipped study, people side by side, bad input.

Mutations tried, each caught: missing values taken as 0; a second person of the same name let through; --values beside
--set let through.
"""

import json

import pytest
import yaml

from skyshield.strategy.timing import EXAMPLE, example
from support import strategy
from support.command_line import made_once, parsed, refused

KEYS = {"m_star", "paradox", "gamma", "chi_star", "agreement"}


def written(folder, name, content):
    path = folder / name
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


def values(folder, **given):
    content = {**example(), **given}
    return written(folder, "values.yaml", {name: of for name, of in content.items() if of is not None})


def person(folder, name, **intervals):
    return written(folder, f"{name}.yaml", {"person": name, "intervals": {"timing": intervals}})


@pytest.fixture(scope="module")
def shipped(forked):
    return parsed(forked("strategy", "timing", "--json"))


def test_the_tables_of_values(forked, tmp_path):
    found = parsed(forked("strategy", "timing", "--values", EXAMPLE, "--json"))
    assert set(found) >= KEYS | {"equation"}
    assert found["m_star"] == {"none": 0.2, "force": 0.55, "shield": 0.0571429}
    assert (found["paradox"], found["gamma"], found["chi_star"]) == (0.35, 0.492857, -0.732143)
    assert found["agreement"] == {"none": -0.8, "force": -0.9, "shield": -0.39}
    other = parsed(forked("strategy", "timing", "--values", values(tmp_path, R=5), "--json"))
    assert (other["m_star"]["none"], other["paradox"], other["gamma"], other["chi_star"]) == (
        1.325, -0.025, 0.171429, 0.0714286)


def test_belief_and_pressure_may_be_left_out_and_no_strikes_leave_chi_star_undefined(forked, tmp_path):
    found = parsed(forked("strategy", "timing", "--values", values(tmp_path, q=None, m=None, dh=0), "--json"))
    assert found["chi_star"] == "undefined" and found["m_star"]["force"] == 0.55


def test_values_are_printed(forked):
    done = forked("strategy", "timing", "--values", EXAMPLE)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("pressure that a ceasefire takes, m*", "0.55", "timing gain of the shield: 0.493", "chi = -0.732"):
        assert words in done.stdout


@pytest.mark.parametrize(("given", "said"), [
    ({"rho": None}, ("rho", "is missing", "give a number")), ({"rho": 0}, ("rho", "is 0", "above 0")),
    ({"q": 1.5}, ("q", "is 1.5", "from 0 to 1")), ({"chi": "much"}, ("chi", "'much'", "finite number")),
    ({"morale": 1}, ("morale", "is not a value of this game", "use rho")),
    ({"force": None}, ("force", "is missing", "give force")),
    ({"force": 3}, ("force", "is not a regime", "give force")),
    ({"shield": {"s": 0.1}}, ("shield: lambda", "is missing", "give a number")),
    ({"none": {"s": 0.0, "lambda": -1}}, ("none: lambda", "is -1", "from 0")),
    ({"none": {"s": 0.0, "lambda": 0.1, "mu": 2}}, ("none: mu", "is not a value of a regime", "use s and lambda"))])
def test_values_that_cannot_be_are_one_line(forked, tmp_path, given, said):
    refused(forked("strategy", "timing", "--values", values(tmp_path, **given), "--json"), 2, "values.yaml", *said)


@pytest.mark.parametrize(("words", "said"), [
    (("--set", "morale=1"), ("--set morale", "is no assumption")), (("--set", "chi"), ("--set", "no equals sign")),
    (("--set", "R=20:5"), ("--set R", "upside down")), (("--set", "rho=0"), ("rho", "is 0", "above 0")),
    (("--set", "q=1.5"), ("--set q", "from 0 to 1")), (("nowhere",), ("nowhere",)),
    (("--values", "nowhere.yaml"), ("nowhere.yaml", "no such file")),
    (("--values", "v.yaml", "--set", "R=5"), ("--values", "beside --set")),
    (("--elicited", "nowhere.yaml"), ("nowhere.yaml", "no such file"))])
def test_what_cannot_be_asked_is_one_line(forked, words, said):
    refused(forked("strategy", "timing", *words, "--json"), 2, *said)


def test_the_shipped_study_answers(forked, shipped):
    assert set(shipped) >= {"equation", "basis", "options", "force", "hazard", "surface", "pressure"}
    assert set(shipped["options"]) >= {"region", "aid_region", "ground_25k", "ground_25k_region", "neighbouring_soil"}
    for of in shipped["options"].values():
        assert of["sign"] in ("positive", "negative", "both", "zero")


def test_set_narrows(forked, shipped):
    found = parsed(forked("strategy", "timing", "--set", "chi=0.2", "--set", "R=5:20", "--json"))
    chi, = (row for row in found["basis"] if row["symbol"] == "chi")
    assert (chi["low"], chi["high"], chi["basis"]) == (0.2, 0.2, "elicited")
    narrow, wide = (of["options"]["region"]["gamma"] for of in (found, shipped))
    assert wide["low"] <= narrow["low"] <= narrow["high"] < wide["high"]


def test_the_answer_is_three_sentences_a_table_and_thresholds(forked):
    done = forked("strategy", "timing")
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    for words in ("Promising a ground force may raise or lower", "rho R > x - s", "What would settle a sign",
                  "who pays for pressure", "assumed, measured by nobody", "undefined for"):
        assert words in said, words
    assert len(done.stdout.splitlines()) < 50


def test_one_person_is_the_assumption_and_two_stand_side_by_side(forked, tmp_path):
    ann = person(tmp_path, "Ann", q=[0.9, 1.0], R=[0.0, 1.0])
    ben = person(tmp_path, "Ben", q=[0.0, 0.1], R=[15.0, 20.0])
    one = parsed(forked("strategy", "timing", "--elicited", ann, "--json"))
    told = {row["symbol"]: row for row in one["basis"]}
    assert (told["R"]["basis"], told["R"]["source"], told["R"]["high"]) == ("elicited", ["Ann"], 1.0)
    assert one["people_differ"] == {}
    two = parsed(forked("strategy", "timing", "--elicited", ann, "--elicited", ben, "--json"))
    assert [row["person"] for row in two["people"]] == ["Ann", "Ben"]
    assert two["people_differ"]["intervals"]["R"] == {"by_person": {"Ann": [0.0, 1.0], "Ben": [15.0, 20.0]},
                                                      "overlap": False}
    assert {row["basis"] for row in two["basis"] if row["symbol"] == "R"} == {"assumed"}  # nothing is averaged
    done = forked("strategy", "timing", "--elicited", ann, "--elicited", ben)
    assert "People side by side, never averaged" in done.stdout and "they do not overlap" in done.stdout


def test_people_who_cannot_be_are_one_line(forked, tmp_path):
    ann = person(tmp_path, "Ann", R=[0.0, 1.0])
    refused(forked("strategy", "timing", "--elicited", ann, "--elicited", ann), 2, "Ann", "twice")
    refused(forked("strategy", "timing", "--elicited", person(tmp_path, "Eve", morale=[0.0, 1.0])), 2, "morale",
            "is no assumption")
    refused(forked("strategy", "timing", "--elicited", person(tmp_path, "Kim", rho=[0.0, 1.0])), 2, "rho", "above 0")


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"


def test_a_stored_study_gives_its_own_strikes(forked, two_phases):
    content = parsed(forked("strategy", "timing", two_phases, "--json"))
    study = json.loads((two_phases / "study.json").read_text("utf-8"))
    assert content["study_key"] == study["study_key"] and content["days"] == study["days"]
    summary = json.loads((two_phases / "summary.json").read_text("utf-8"))
    assert set(content["options"]) == set(study["options"]) - {study["baseline"]}
    for name, of in content["options"].items():
        row, war_days = summary["paired"][name]["prevented_armed"], summary["options"][name]["war_days"]["mean"]
        if row["lo"] is not None:
            assert of["dh"]["headline"]["high"] == pytest.approx(row["hi"] * 365.0 / war_days / 1000.0, rel=1e-4), name
