"""Stored studies as pages and as data: what stands there is what the study says, read from its summary alone."""

import csv
import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

import skyshield
from skyshield.app import charts, results
from skyshield.app.door import SANDBOX
from skyshield.app.first import ROLES
from skyshield.app.results import result
from skyshield.catalogue import load_catalogue
from skyshield.raids.fit import embedded_fit
from skyshield.report import slide
from skyshield.report.marks import SHAPES, Dot, Sign
from skyshield.report.svg import AID, SKYSHIELD
from skyshield.report.text import number
from skyshield.scenario import resolve
from skyshield.scenario.load import parse
from skyshield.study import StudyView, study_key
from skyshield.study.compare import COVERAGE, PRIMARIES, PRIMARY, RIVAL, UNIFORM, rounded
from skyshield.study.document import run_json
from skyshield.study.told import error_of
from skyshield.study.view import summary_text
from skyshield.theatre import load_theatre
from support.app_studies import DAYS, REPLICATIONS, VECTORS

WHOLE = ("zone", "near", "other", "longer", "alone")
OPEN_S = 0.5


@pytest.fixture(scope="module")
def zone(stored) -> dict:
    return stored("GET", "/studies/zone.json").json()


@pytest.fixture(scope="module")
def page(stored) -> str:
    return stored("GET", "/studies/zone").body.decode()


def test_the_list_tells_of_each_study_how_large_and_whether_whole(stored, folder) -> None:
    rows = stored("GET", "/api/studies").json()
    assert rows == stored("GET", "/studies.json").json()
    by_id = {row["id"]: row for row in rows}
    assert set(by_id) == {path.name for path in folder.iterdir()}
    assert [row["date"] for row in rows] == sorted((row["date"] for row in rows), reverse=True)
    zone = by_id["zone"]
    assert (zone["vectors"], zone["replications"], zone["days"], zone["seed"]) == (VECTORS, REPLICATIONS, DAYS, 1)
    assert zone["scenario"] == "month"
    assert zone["complete"]
    assert zone["fault"] is None
    assert zone["date"] == "2023-11-14T22:13Z"
    assert zone["study_key"] == json.loads((folder / "zone" / "study.json").read_text("utf-8"))["study_key"]
    assert not by_id["unfinished"]["complete"]
    assert "resume" in by_id["unfinished"]["fault"]["remedy"]
    text = stored("GET", "/studies").body.decode()
    assert all(f'href="/studies/{name}"' in text for name in by_id)


def test_a_study_is_handed_on_as_run_prints_it(stored, folder) -> None:
    answer = stored("GET", "/api/studies/zone")
    assert answer.header("content-type") == "application/json"
    assert answer.body.decode().rstrip("\n") == summary_text(run_json(StudyView.open(folder / "zone")))


def test_the_page_and_its_twin_say_the_same(zone, page) -> None:
    assert zone["finding"] in page.replace("&#39;", "'")
    assert zone["study_key"][:12] in page
    for mark in zone["marks"]:
        assert mark in page


def test_the_finding_holds_the_number_at_the_digits_that_its_error_allows(zone, folder) -> None:
    rows = StudyView.open(folder / "zone").comparison.rows
    told = number(rows["region"][PRIMARY]["delta"], error=error_of(rows["region"][PRIMARY]))
    aid = number(rows["aid_region"][PRIMARY]["delta"], error=error_of(rows["aid_region"][PRIMARY]))
    assert f"keeps {told} armed threats" in zone["finding"]
    assert zone["finding"].endswith(f"the same money as aid {aid}")


@pytest.mark.parametrize("place", [0, 1])
def test_whiskers_hold_every_kind_of_doubt_of_both_primary_measures(zone, folder, place) -> None:
    view, measure = StudyView.open(folder / "zone"), PRIMARIES[place]
    figure = zone["whiskers"][place]["figure"]
    rows = {row[0]: dict(zip(figure["head"], row, strict=True)) for row in figure["rows"]}
    assert set(rows) == {view.shorts["region"], view.shorts["aid_region"]}
    row, said = view.comparison.rows["region"][measure], rows[view.shorts["region"]]
    assert said["mean"] == row["delta"]
    for key, words in (("spread", "95% of single periods"), ("env", "range over what nobody knows")):
        assert (said[f"{words}, from"], said[f"{words}, to"]) == (row[f"{key}_lo"], row[f"{key}_hi"])
    ends = {one.end: one.arm for one in view.moves if one.name == RIVAL}
    by_arm = view.by_arm[measure]["region"]
    assert said["if it stops them near defended aim points"] == by_arm.get(ends["low"], by_arm[0])[0]
    assert said["if Ukraine stops threats evenly along their way"] == by_arm.get(ends["high"], by_arm[0])[0]
    if measure == PRIMARY:
        by_rival = view.rivals["region"]["by_rival"]
        assert by_arm.get(ends["low"], by_arm[0])[0] == by_rival[COVERAGE]["delta"]
        assert by_arm.get(ends["high"], by_arm[0])[0] == by_rival[UNIFORM]["delta"]


def test_every_picture_has_its_table(page) -> None:
    figures = re.findall(r"<figure id=.*?</figure>", page, re.DOTALL)
    assert len(figures) >= 6
    for figure in figures:
        assert "<svg" in figure
        assert re.search(r"<details><summary>.*<table", figure, re.DOTALL), figure[:80]


def test_cost_against_protection_names_the_option_that_beats_another(zone, folder) -> None:
    view = StudyView.open(folder / "zone")
    heads = zone["cost"]["head"]
    rows = {row[0]: dict(zip(heads, row, strict=True)) for row in zone["cost"]["rows"]}
    for name in ("region", "aid_region"):
        row, said = view.comparison.rows[name], rows[view.shorts[name]]
        assert said["EUR million planned"] == rounded(row["planned_cost_eur"]["delta"] / 1e6)
        assert said["kept from their aims, mean"] == row[PRIMARY]["delta"]
    money = {name: view.comparison.rows[name]["planned_cost_eur"]["delta"] for name in ("region", "aid_region")}
    kept = {name: view.comparison.rows[name][PRIMARY]["delta"] for name in money}
    worse, better = ("aid_region", "region") if kept["region"] >= kept["aid_region"] else ("region", "aid_region")
    assert abs(money[worse] - money[better]) <= 1e-9 * money[worse]
    assert rows[view.shorts[worse]]["as much or more for as much or less (means)"] == view.shorts[better]


def test_what_moves_the_answer_most_stands_first(zone, stored) -> None:
    heads, rows = zone["drivers"]["head"], zone["drivers"]["rows"]
    middle = rows[0][heads.index("mean")]
    swings: dict[str, float] = {}
    for row in rows[1:]:
        swings[row[0]] = max(swings.get(row[0], 0.0), abs(row[heads.index("mean")] - middle))
    assert list(swings.values()) == sorted(swings.values(), reverse=True)
    other = stored("GET", "/studies/zone.json?of=aid_region").json()
    assert other["drivers_of"] == "aid_region"
    assert other["drivers"] != zone["drivers"]
    assert stored("GET", "/studies/zone.json?of=nobody").status == 400


def test_each_clause_has_its_price(zone, folder, stored) -> None:
    prices = StudyView.open(folder / "zone").prices
    assert len(prices) == len(zone["clauses"]["figure"]["rows"]) > 2
    assert [row[1] for row in zone["clauses"]["figure"]["rows"]] == [
        -price["trade"]["leaked_zone"]["delta"] for price in prices]
    assert stored("GET", "/studies/near.json").json()["clauses"] is None


def test_a_study_of_the_baseline_alone_is_shown(stored) -> None:
    answer = stored("GET", "/studies/alone")
    assert answer.status == 200
    assert b"baseline alone" in answer.body


@pytest.mark.parametrize("name", WHOLE)
def test_every_view_of_every_whole_study_answers(stored, name) -> None:
    for address in (f"/studies/{name}", f"/studies/{name}.json", f"/studies/{name}/csv", f"/studies/{name}/yaml",
                    f"/api/studies/{name}"):
        assert stored("GET", address).status == 200, address


def test_the_csv_holds_every_difference(stored, folder) -> None:
    answer = stored("GET", "/studies/zone/csv")
    assert answer.header("content-type") == "text/csv; charset=utf-8"
    assert answer.header("content-disposition") == 'attachment; filename="zone.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert list(rows[0]) == ["option", "measure", "delta", "lo", "hi", "mcse", "spread_lo", "spread_hi", "env_lo",
                             "env_hi", "joint_lo", "joint_hi", "unit"]
    paired = StudyView.open(folder / "zone").comparison.rows
    assert len(rows) == sum(len(of) for of in paired.values())
    for row in rows:
        of = paired[row["option"]][row["measure"]]
        for key in list(row)[2:-1]:
            assert (float(row[key]) if row[key] else None) == of.get(key), (row, key)
    assert next(row["unit"] for row in rows if row["measure"] == "cost_eur") == "EUR"


@pytest.mark.parametrize("name", ["zone", "near", "longer", "alone"])
def test_yaml_and_command_make_the_same_study(stored, folder, name) -> None:
    """The scenario handed out, with the flags of the command, has the study's key."""
    command = stored("GET", f"/studies/{name}.json").json()["command"]
    scenario = parse(yaml.safe_load(stored("GET", f"/studies/{name}/yaml").body), name)
    if "--rules" in command:
        scenario = scenario.with_clauses_dropped()
    seed = int(re.search(r"--seed (\d+)", command)[1])
    key = study_key(resolve(scenario, load_catalogue(), load_theatre(), embedded_fit()), seed, scenario.days)
    manifest = json.loads((folder / name / "study.json").read_text("utf-8"))
    assert key == manifest["study_key"]
    assert f"--vectors {VECTORS} --replications {REPLICATIONS}" in command
    assert command.startswith("skyshield run month.yaml ")


def test_a_shipped_scenario_is_asked_for_by_its_name() -> None:
    month = skyshield.load("month")
    assert results.shipped_as(month) == "month"
    assert results.shipped_as(month.first(5).chosen(("region",))) == "month --days 5 --options region"


def test_a_stored_page_is_shown_without_script_and_as_if_from_nowhere(stored) -> None:
    answer = stored("GET", "/studies/zone/report.html")
    assert answer.status == 200
    assert answer.header("content-security-policy") == SANDBOX
    assert "allow-scripts" not in SANDBOX
    assert "allow-same-origin" not in SANDBOX
    for kind in ("annex", "guarantees"):
        assert stored("GET", f"/studies/zone/{kind}.html").status == 404
    assert stored("GET", "/studies/zone/study.html").status in (404, 422)


def test_a_study_is_opened_without_its_totals(folder, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("reads totals")

    monkeypatch.setattr("skyshield.study.view.read", refuse)
    assert results.result("zone", folder / "zone")["pairs"] is not None
    assert results.csv_of("zone", folder / "zone")


def test_a_study_is_opened_within_half_a_second(folder) -> None:
    results.result("zone", folder / "zone")
    begin_s = time.process_time()
    results.result("zone", folder / "zone")
    assert time.process_time() - begin_s <= OPEN_S


def test_the_server_shows_and_compares_without_the_compiler(folder) -> None:
    code = ("import sys; from pathlib import Path; from skyshield.app import comparing, results; "
            f"folder = Path({str(folder)!r}); results.result('zone', folder / 'zone'); "
            "comparing.comparison(('zone', 'near'), (folder / 'zone', folder / 'near')); "
            "print([name for name in ('numba', 'skyshield.core.jit', 'matplotlib', 'pandas') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"


def test_cost_against_protection_has_a_shape_for_each_role(stored, folder) -> None:
    """Aid and forces are told apart without colour: as the picture and as its words say."""
    shown = result("zone", folder / "zone")["cost"]
    shapes = {(mark.shape, mark.colour) for mark in shown.drawn.marks if isinstance(mark, Sign)}
    assert shapes == {("skyshield", SKYSHIELD), ("aid", AID)}
    assert not [mark for mark in shown.drawn.marks if isinstance(mark, Dot)]
    assert shown.note.startswith("Circle: fighters; square: money as aid. Hollow: ")
    assert not any(mark.hollow for mark in shown.drawn.marks if isinstance(mark, Sign) and mark.shape == "skyshield")


def test_each_role_has_a_shape_on_pages_slides_and_in_the_lab() -> None:
    """The lab's shapes are the same in a square of 12 px, so that who knows one view knows the other."""
    lab = (Path(charts.__file__).parent / "static" / "figures.js").read_text("utf-8")
    assert set(ROLES.values()) == set(charts.SHAPE_WORDS) <= set(SHAPES) <= set(slide._SIGNS)
    for role in ROLES.values():
        assert re.search(rf"\b{role}: \"M", lab), role
    assert len({SHAPES[role][0] for role in ROLES.values()}) == len(ROLES)
