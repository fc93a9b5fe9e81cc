"""Two studies side by side: paired where they met the same raids, said not to be where they did not."""

import json

import pytest

from skyshield.app.comparing import changes, finding, with_errors
from skyshield.scenario import load
from skyshield.study.compare import PRIMARY, rounded
from skyshield.study.two_studies import two_json, two_studies
from support.app_studies import REPLICATIONS, VECTORS


def test_two_studies_are_handed_on_as_compare_prints_them(stored, folder) -> None:
    answer = stored("GET", "/api/compare?a=zone&b=near")
    assert answer.status == 200
    assert answer.json() == json.loads(json.dumps(rounded(two_json(two_studies(folder / "zone", folder / "near")))))


def test_studies_on_the_same_raids_are_paired(stored, folder) -> None:
    two = stored("GET", "/compare.json?a=zone&b=near").json()
    assert two["paired"]
    assert two["why_not"] == []
    assert f"{VECTORS} vectors x {REPLICATIONS} replications" in two["pairing"]
    assert two["changed"]["options"] == {"region": ["rules"]}
    rows = two_studies(folder / "zone", folder / "near").rows((PRIMARY,))
    row = two["differences"]["region"][PRIMARY]
    assert {key: row[key] for key in ("delta", "lo", "hi", "mcse")} == rounded(
        {key: rows["region"][PRIMARY][key] for key in ("delta", "lo", "hi", "mcse")})
    assert two["differences"]["own"][PRIMARY]["delta"] == 0.0
    figure = two["figures"][0]
    assert [row[1] for row in figure["rows"]] == [of[PRIMARY]["delta"] for of in two["differences"].values()]


def test_the_scenarios_are_compared_line_by_line(stored) -> None:
    two = stored("GET", "/compare.json?a=zone&b=near").json()
    lines = [(line["kind"], line["text"].strip()) for line in two["yaml"] if line["kind"] in ("gone", "new")]
    assert lines == [("gone", "standoff_russia: 200 km"), ("new", "standoff_russia: 50 km")]
    text = stored("GET", "/compare?a=zone&b=near").body.decode()
    assert '<span class="gone">− ' in text
    assert '<span class="new">+ ' in text


def test_studies_on_other_raids_are_said_not_to_be_paired(stored) -> None:
    two = stored("GET", "/compare.json?a=near&b=other").json()
    assert not two["paired"]
    assert "seed (1, not 2)" in two["why_not"]
    assert two["pairing"].startswith("Not paired: seed (1, not 2)")
    assert "Not paired: seed" in stored("GET", "/compare?a=near&b=other").body.decode()


def test_a_study_differs_in_nothing_from_itself(stored) -> None:
    two = stored("GET", "/compare.json?a=near&b=near").json()
    assert two["paired"]
    assert two["yaml"] == []
    assert "no difference at all" in two["finding"]
    assert all(row["delta"] == 0.0 for of in two["differences"].values() for row in of.values())


def test_differences_inside_each_study_come_first_where_an_option_is_named(stored, folder) -> None:
    two = stored("GET", "/compare.json?a=zone&b=near&to=aid_region").json()
    rows = two_studies(folder / "zone", folder / "near", "aid_region").rows((PRIMARY,))
    assert two["differences"]["region"][PRIMARY]["delta"] == rounded(rows["region"][PRIMARY]["delta"])
    assert "aid_region" not in two["differences"]
    assert two["command"] == "skyshield compare zone near --to aid_region"
    assert "aid_region" in two["options"]


@pytest.mark.parametrize(("query", "status", "words"), [
    ("a=zone&b=nothing", 404, "is not in the folder"), ("a=zone&b=near&to=nobody", 400, "is not in the study zone"),
    ("a=zone&b=longer", 400, "are of 2 and 3 days"), ("a=zone&b=unfinished", 409, "is not finished"),
    ("a=lying&b=near", 200, ""), ("a=damaged&b=near", 409, "is damaged"),
    ("a=..%2f&b=near", 404, "is not in the folder")])
def test_what_cannot_be_compared_says_why(stored, folder, query, status, words) -> None:
    for address in (f"/compare?{query}", f"/compare.json?{query}", f"/api/compare?{query}"):
        answer = stored("GET", address)
        assert answer.status == status, answer.body[:300]
        assert words in answer.body.decode()
        assert str(folder) not in answer.body.decode()


def test_without_two_studies_the_page_asks_for_them(stored) -> None:
    text = stored("GET", "/compare?a=zone").body.decode()
    assert '<option value="zone" selected>' in text
    assert '<option value="near">' in text
    assert "unfinished" not in text
    assert stored("GET", "/compare.json?a=zone").status == 422


def test_within_noise_is_written() -> None:
    options = {option.name: option for option in load("month").options}

    def row(delta: float, mcse: float) -> dict:
        return {"region": {PRIMARY: {"delta": delta, "lo": None, "hi": None, "mcse": mcse, "reason": "within noise"}}}

    assert finding(with_errors(row(0.4, 0.3)), options).startswith("No difference that can be told from noise")
    assert finding(with_errors(row(-4.3, 0.3)), options).startswith("“Region” keeps 4.3 fewer armed threats")
    assert finding(with_errors(row(-4.3, 1.3)), options).startswith("“Region” keeps 4 fewer armed threats")


def test_a_difference_whose_interval_holds_zero_is_not_sure() -> None:
    options = {option.name: option for option in load("month").options}
    row = {"delta": 9.0, "lo": -2.1, "hi": 18.0, "mcse": 0.5}
    said = [finding(with_errors({"region": {PRIMARY: {**row, "lo": low}}}), options) for low in (-2.1, 2.1)]
    assert said[0].startswith("No difference that is sure: “Region” differs most, by 9")
    assert said[1].startswith("“Region” keeps 9 more armed threats")


def test_lines_that_are_the_same_in_both_are_no_difference() -> None:
    assert changes("a: 1\n", "a: 1\n") == []
