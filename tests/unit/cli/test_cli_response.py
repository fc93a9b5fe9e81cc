"""``skyshield strategy response``: the worked case, a study, several people, one line for what cannot be.

Tried to fail: costs told at L0 though c was given.
"""

import pytest
import yaml

from support import strategy
from support.command_line import made_once, parsed, refused, skyshield
from support.response import MENU

SYMBOLS = ("r", "p_n", "p_r", "L_kin", "k")
CASE = {"L0": 1, "c0": 10, "L_next": 0.5, "L_war": 1, "b": 1, "L_cred": 0.4,
        "actions": {name: dict(zip(SYMBOLS, map(float, answer), strict=True)) for name, answer in MENU.items()}}


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"


def _written(folder, content, name="values.yaml"):
    path = folder / name
    path.write_text(yaml.safe_dump(content), "utf-8")
    return path


def test_values_of_the_specification(tmp_path):
    content = parsed(skyshield("strategy", "response", "--values", _written(tmp_path, CASE), "--json"))
    assert set(content) == {"equation", "costs", "choice", "switches", "e_k"}
    assert content["costs"] == pytest.approx({"none": 0.7, "sanctions": 0.55, "aid": 0.46, "wider_rules": 0.355,
                                              "in_kind": 0.45})
    assert content["choice"] == "wider_rules"
    assert content["switches"] == pytest.approx([0.05, 0.875]) and content["e_k"] == pytest.approx(0.92)
    assert "L_cred = 0.4" in content["equation"] and "Russia attacks, b = 1" in content["equation"]


@pytest.mark.parametrize(("change", "cost_of_none", "said"), [
    ({"L_cred": None, "c": 10}, 0.3 + 0.6321205588, "c = 10"), ({"L_cred": None}, 1.3, "which is L0"),
    ({"b": None}, 0.7, "uniform on [0, 1]")])
def test_values_say_where_l_cred_comes_from(tmp_path, change, cost_of_none, said, forked):
    values = {name: value for name, value in (CASE | change).items() if value is not None}
    content = parsed(forked("strategy", "response", "--values", _written(tmp_path, values), "--json"))
    assert content["costs"]["none"] == pytest.approx(cost_of_none, abs=1e-5) and said in content["equation"]
    assert content["e_k"] == pytest.approx(0.92)


@pytest.mark.parametrize(("change", "said"), [
    ({"L0": None}, "L0: is missing"), ({"L_next": -1}, "L_next: is below 0"), ({"L_cred": 2}, "L_cred: is 2"),
    ({"c": 5}, "L_cred: is given beside c"), ({"rho": 1}, "rho: is unknown"), ({"L_war": "much"}, "L_war: is 'much'"),
    ({"actions": 5}, "actions: is no table"), ({"actions": {}}, "actions: holds no answer"),
    ({"actions": {"none": {"r": 0}}}, "none: p_n: is missing"),
    ({"actions": {"none": dict.fromkeys(SYMBOLS, 0.0) | {"p_n": 2.0}}}, "none: p_n: is 2"),
    ({"actions": {"none": dict.fromkeys(SYMBOLS, 0.0) | {"L_kin": -1.0}}}, "none: holds -1"),
    ({"actions": {"none": dict.fromkeys(SYMBOLS, 0.0) | {"speed": 1.0}}}, "none: speed: is unknown")])
def test_values_that_cannot_be(tmp_path, change, said, forked):
    values = {name: value for name, value in (CASE | change).items() if value is not None}
    refused(forked("strategy", "response", "--values", _written(tmp_path, values), "--json"), 2, said)


def test_the_shipped_study_in_words(forked):
    done = forked("strategy", "response")
    assert (done.returncode, done.stderr) == (0, "")
    told = " ".join(done.stdout.split())
    for words in ("13 of 21 options have people of the coalition in reach", "The trap,", "ground_25k",
                  "nobody in reach, so no strike to answer: own, aid_region", "8 of 160", "0.0239 to 0.0921",
                  "legitimate target", "NATO's war with Russia", "no nuclear weapons",
                  "from aid to wider rules: L_cred", "ground_25k: more than region (c0 from", "L_war 1 to 10"):
        assert words in told, words


def test_a_stored_study_without_people_in_reach(two_phases, forked):
    content = parsed(forked("strategy", "response", two_phases, "--json"))
    assert set(content["options"]) == {"own", "same", "region", "aid_region"} and content["days"] == 6
    assert [name for name, one in content["options"].items() if one["in_reach"]] == ["region"]
    assert content["options"]["region"]["strikes_a_year"]["high"] > 0.0


def test_people_stand_side_by_side(tmp_path, forked):
    files = [_written(tmp_path, {"person": name, "intervals": {"response": {"tolerance": ends}}}, f"{name}.yaml")
             for name, ends in (("Anna", [0.0, 0.01]), ("Boris", [5.0, 5.0]))]
    said = [word for path in files for word in ("--elicited", path)]
    content = parsed(forked("strategy", "response", *said, "--json"))["elicited"]
    assert list(content["people"]) == ["Anna", "Boris"] and content["matters"]
    told = forked("strategy", "response", *said).stdout
    assert "they differ in tolerance; that matters" in told and "Anna: somewhere; Boris: nowhere" in told


@pytest.mark.parametrize(("words", "said"), [
    (("--set", "speed=1"), "speed: is no assumption"), (("--set", "c0=0"), "c0: is 0"),
    (("--set", "r_aid=2"), "r_aid: is 2"), (("nowhere",), "nowhere"),
    (("--elicited", "nobody.yaml"), "nobody.yaml"), (("--values", "none.yaml"), "none.yaml")])
def test_one_line_for_what_cannot_be(words, said, forked):
    refused(forked("strategy", "response", *words, "--json"), 2, said)


def test_values_stand_alone(tmp_path, forked):
    refused(forked("strategy", "response", "--values", _written(tmp_path, CASE), "--set", "b=1"), 2, "give it alone")
