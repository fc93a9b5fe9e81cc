"""``monitor design``, ``monitor game`` and ``monitor rates`` as users run them.

Tried to fail: floats in full length; a note on standard output beside the object. Each fails a test.
"""

import json
import random

import pytest

from support.command_line import parsed, refused, skyshield

DESIGN = """name: front
budget: {people: 60, money_eur: 2.0e+7}
means:
  patrol: {q: 0.15, people: 6, money_eur: 5.0e+5}
  camera: {q: 0.08, people: 0.5, money_eur: 6.0e+4, night: 0.6, cloud: 0.7}
  uav: {q: 0.3, people: 6, money_eur: 1.0e+6, night: 0.8, cloud: 0.5, jamming: 0.3}
night: 0.5
cloud: 0.6
jamming: 0.3
sectors:
  - {name: Kharkiv oblast}
  - {name: Donetsk oblast, weight: 2}
  - {name: Kherson oblast, jamming: 0.6}
"""


@pytest.fixture
def design(tmp_path):
    path = tmp_path / "front.yaml"
    path.write_text(DESIGN, "utf-8")
    return path


def test_a_design_as_an_object_and_as_tables(design, forked):
    found = parsed(forked("monitor", "design", design, "--json"))
    assert found["gap"] <= 0.01 and found["value"] <= found["bound"]
    assert found["people"] <= 60 and found["money_eur"] <= 2e7
    assert [row["name"] for row in found["sectors"]] == ["Kharkiv oblast", "Donetsk oblast", "Kherson oblast"]
    assert all(set(row["units"]) == {"patrol", "camera", "uav"} for row in found["sectors"])
    done = forked("monitor", "design", design)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"value {found['value']:.4f}"[:10] in done.stdout and "Units by sector" in done.stdout
    assert parsed(forked("monitor", "design", design, "--json")) == found


def test_nothing_but_the_object_is_on_standard_output(tmp_path):
    drawn = random.Random(5)
    sectors = [{"name": f"s{k}", "weight": round(drawn.uniform(0.2, 3), 2),
                "q": {means: round(drawn.uniform(0.03, 0.4), 3) for means in ("patrol", "camera", "uav")}}
               for k in range(100)]
    means = {"patrol": {"people": 6, "money_eur": 5e5}, "camera": {"people": 0.7, "money_eur": 7e4},
             "uav": {"people": 5, "money_eur": 1.1e6}}
    path = tmp_path / "many.yaml"
    path.write_text(json.dumps({"name": "many", "budget": {"people": 150, "money_eur": 3.1e7}, "means": means,
                                "sectors": sectors}), "utf-8")
    found = parsed(skyshield("monitor", "design", path, "--json"))
    assert found["gap"] <= 0.01 and len(found["sectors"]) == 100


def test_from_a_design_to_the_threshold(design, tmp_path, forked):
    path = tmp_path / "design.json"
    path.write_text(forked("monitor", "design", design, "--json").stdout, "utf-8")
    found = parsed(forked("monitor", "game", "--design", path, "--d", "1", "--b", "2:4", "--f", "0.5", "--alpha", "0.1",
                          "--json"))
    assert found["sectors"] == 3 and set(found["shares"]) == {"Kharkiv oblast", "Donetsk oblast", "Kherson oblast"}
    assert set(found["value"]) == {"lo", "hi"}


def test_the_games_of_the_issue(forked):
    found = parsed(forked("monitor", "game", "--d", "1", "--b", "3", "--f", "0.5", "--alpha", "0.1", "--json"))
    assert found["beta_min"] == 0.2625
    found = parsed(forked("monitor", "game", "--sectors", "1:3:0.8,2:3:0.8,3:3:0.8", "--teams", "1", "--json"))
    assert found["teams_needed"] == 1.4375 and found["value"] == 0.567568
    assert [round(one, 3) for one in found["shares"]] == [0.135, 0.358, 0.507]
    found = parsed(forked("monitor", "game", "--recursive", "10,3", "--json"))
    assert (found["value"], found["fraction"]) == (0.477273, "84/176")
    done = forked("monitor", "game", "--d", "2", "--b", "0", "--f", "1", "--alpha", "0.1")
    assert "cannot be deterred" in done.stdout and done.returncode == 0


def test_rates_as_an_object_and_as_a_table(tmp_path, forked):
    path = tmp_path / "pax.csv"
    path.write_text("\ufeffCon,Dat,Stage,Loc1ISO,Ce,ImE\nA,2014-09-05,Cea,UKR,2,0\nB,1994-05-14,Cea,GEO,3,1\n", "utf-8")
    found = parsed(forked("monitor", "rates", path, "--json"))
    assert (found["all"]["n"], found["all"]["k"], found["ukraine"]["n"], found["observational"]) == (2, 1, 1, True)
    done = forked("monitor", "rates", path)
    assert "on Ukraine" in done.stdout and "Observational" in done.stdout


@pytest.mark.parametrize(("old", "new", "said"), [
    ("people: 60", "people: -60", "budget.people: is -60"), ("money_eur: 2.0e+7", "money: 1", "budget.money: is not a"),
    ("patrol:", "balloon:", "balloon: is 'balloon'"), ("Donetsk", "Kharkiv", "names the sector 'Kharkiv oblast' twice"),
    ("{people: 60, money_eur: 2.0e+7}", "{}", "budget: is empty"), ("q: 0.15", "q: .nan", "means.patrol.q: is nan"),
    ("{people: 60, money_eur: 2.0e+7}", "", "budget: is not a mapping of fields; write field: value"),
    ("money_eur: 2.0e+7", "money_eur: 2e7", "is '2e7': input should be a valid number; write a number without quotes"),
    ("name: front", "name: [", "line ")])
def test_a_design_that_cannot_be_is_one_line(old, new, said, design, forked):
    design.write_text(DESIGN.replace(old, new), "utf-8")
    refused(forked("monitor", "design", design, "--json"), 2, "front.yaml", said)


def test_a_design_without_means_or_sectors_is_one_line(tmp_path, forked):
    path = tmp_path / "none.yaml"
    for means, sectors in (("{}", "[{name: a}]"), ("{patrol: {q: 0.1}}", "[]")):
        path.write_text(f"name: a\nbudget: {{people: 9}}\nmeans: {means}\nsectors: {sectors}\n", "utf-8")
        refused(forked("monitor", "design", path, "--json"), 2, "is empty; give at least one")


@pytest.mark.parametrize(("words", "said"), [
    (("design", "nowhere.yaml"), "no such file"), (("game",), "names no game"), (("rates", "nowhere.csv"), "no such"),
    (("game", "--recursive", "3,4"), "4 inspections in 3 periods"),
    (("game", "--sectors", "1:3:0.8", "--teams", "-1"), "--teams: is negative"),
    (("game", "--d", "1", "--b", "x", "--f", "1", "--alpha", "0"), "--b: is 'x'")])
def test_bad_input_is_one_line(words, said, forked):
    refused(forked("monitor", *words, "--json"), 2, said)
