"""Orders: a scenario with levers set, of a size; the command and the file that make the same study."""

import hashlib
import json
import shlex
import shutil
from dataclasses import replace
from urllib.parse import quote

import pytest
import yaml

from skyshield.app.folder import Folder
from skyshield.app.orders import Wish, new_order, order_again, order_of_study, there
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.study.key import study_key
from skyshield.theatre import load_theatre
from support.application import asked
from support.command_line import few_arms
from support.runs import tiny_study


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    return tiny_study(tmp_path_factory)


@pytest.fixture
def folder(tmp_path):
    with Folder(tmp_path / "folder") as opened:
        yield opened


def wish(scenario="month", moves=None, vectors=6, replications=2, seed=1, rules=False, options=None, label=""):
    return Wish(scenario, moves or {}, vectors, replications, seed, rules, options, label)


def key_of(path, seed, options=None, rules=False):
    """Return the key of the study that ``skyshield run PATH`` makes."""
    scenario = load(path)
    scenario = scenario.chosen(options) if options else scenario
    scenario = scenario.with_clauses_dropped() if rules else scenario
    resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    return study_key(resolved, seed, resolved.days)


def test_a_shipped_scenario_is_named_by_its_command(folder):
    order = new_order(folder, wish(seed=3))
    assert order.command("month-1") == "skyshield run month --vectors 6 --replications 2 --seed 3 --out month-1"
    assert order.written == ""
    assert order.key == key_of("month", 3)


@pytest.mark.parametrize(("given", "flags"), [
    ({"moves": {"days": 9, "options.region.rules.standoff_russia": None}}, ""),
    ({"label": "Mine"}, ""),
    ({"moves": {"days": 9}, "rules": True, "options": ("region",)}, " --options region --rules"),
])
def test_a_setting_is_written_as_the_file_that_its_command_names(folder, tmp_path, given, flags):
    order = new_order(folder, wish(**given))
    assert order.command("s") == f"skyshield run s.yaml --vectors 6 --replications 2 --seed 1{flags} --out s"
    path = tmp_path / "s.yaml"
    path.write_text(order.written, "utf-8")
    assert order.key == key_of(path, 1, given.get("options"), given.get("rules", False))
    assert order.title == given.get("label", load("month").title)
    assert order.moves == given.get("moves", {})


def test_clauses_dropped_are_options_more(folder):
    plain, priced = new_order(folder, wish(options=["region"])), new_order(folder, wish(options=["region"], rules=True))
    assert priced.n_options > plain.n_options
    assert priced.key != plain.key


def test_what_is_not_given_is_two_hundred_times_five(folder):
    order = new_order(folder, wish(vectors=None, replications=None))
    assert (order.vectors, order.replications) == (200, 5)


@pytest.mark.parametrize(("given", "where", "what", "code"), [
    ({"scenario": "no_such"}, "scenario 'no_such'", "is neither shipped nor in the folder", 2),
    ({"scenario": "../month"}, "scenario '../month'", "is neither shipped nor in the folder", 2),
    ({"vectors": 0}, "vectors", "is 0", 2),
    ({"vectors": 10**30}, "vectors", f"is {10**30}", 2),
    ({"replications": -1}, "replications", "is -1", 2),
    ({"seed": 2**64}, "seed", f"is {2**64}", 2),
    ({"vectors": 65_536, "replications": 65_535}, "vectors",
     "65,536 vectors x 65,535 replications need more than", 3),
    ({"moves": {"dayz": 3}}, "dayz", "is not a known path", 2),
    ({"moves": {"days": 0}}, "days", "", 2),
    ({"moves": {"options.cities.rules.zone.places": ["Atlantis"]}}, "options.cities.rules.zone.places",
     "Atlantis", 2),
    ({"options": ["nobody"]}, "", "nobody", 2),
    ({"options": []}, "options", "names no option", 2),
    ({"rules": True, "label": "x" * 501}, "label: title", "", 2),
])
def test_what_cannot_be_is_refused_with_where_and_why(folder, given, where, what, code):
    with pytest.raises(SkyShieldError) as refused:
        new_order(folder, wish(**given))
    error = refused.value
    assert error.where.startswith(where)
    assert what in f"{error.where} {error.what}"
    assert "--" not in f"{error.where} {error.remedy}"
    assert (error.exit_code, bool(error.remedy)) == (code, True)


def test_more_of_a_study_is_of_its_own_scenario(tiny, tmp_path):
    place = tmp_path / "tiny"
    shutil.copytree(tiny, place)
    same, larger = order_of_study(place), order_of_study(place, vectors=7)
    assert (same.vectors, same.replications, same.seed, same.days) == (2, 3, 1, 1)
    assert (larger.vectors, larger.replications, larger.plain) == (7, 3, None)
    assert yaml.safe_load(same.written)["days"] == 1
    path = tmp_path / "again.yaml"
    path.write_text(same.written, "utf-8")
    assert key_of(path, 1) == same.key == larger.key
    stored = there(place)
    assert stored.complete
    assert stored.share == 1.0
    with pytest.raises(SkyShieldError, match="vectors"):
        order_of_study(place, vectors=0)


@pytest.mark.parametrize(("name", "text"), [("resolved.json", "{}"), ("resolved.json", ""),
                                            ("resolved.json", "another title"),
                                            ("study.json", "{}"),
                                            ("study.json", "[1, 2]"), ("study.json", None)])
def test_a_study_that_cannot_be_read_says_so(tiny, tmp_path, name, text):
    place = tmp_path / "tiny"
    shutil.copytree(tiny, place)
    if text is None:
        (place / name).unlink()
    elif text == "another title":
        there_before = (place / name).read_text("utf-8")
        (place / name).write_text(there_before.replace('"title":"', '"title":"Not '), "utf-8")
    else:
        (place / name).write_text(text, "utf-8")
    with pytest.raises(SkyShieldError):
        order_of_study(place)


def rewritten(place, content):
    """Store another scenario in a study's folder, as if it had been run with it."""
    (place / "resolved.json").write_text(json.dumps(content), "utf-8")
    manifest = json.loads((place / "study.json").read_text("utf-8"))
    manifest["resolved_sha256"] = hashlib.sha256((place / "resolved.json").read_bytes()).hexdigest()
    (place / "study.json").write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize("change", [
    {"fit": None}, {"fit": [1]}, {"fit": {"status": "made up"}}, {"scenario": {}}, {"scenario": [1]},
    *({"scenario": {"name": "x", "options": options}} for options in (None, [1], [{}], [None], "text"))])
def test_a_study_that_is_whole_but_none_of_ours_says_so(tiny, tmp_path, change):
    """One such folder once made every list of runs a fault of the server."""
    place = tmp_path / "tiny"
    shutil.copytree(tiny, place)
    content = json.loads((place / "resolved.json").read_text("utf-8"))
    rewritten(place, {**content, **change})
    with pytest.raises(SkyShieldError, match="does not hold what"):
        order_of_study(place)


def test_an_order_of_nothing_stored_is_ordered_again(folder):
    order = new_order(folder, wish())
    again = order_again(order, 9, None)
    assert (again.vectors, again.replications, again.plain) == (9, 2, order.plain)


def test_an_id_that_is_to_come_is_taken(folder):
    assert folder.free_study("few-1") == "few-1"
    assert folder.free_study("few-1", {"few-1", "few-1-2"}) == "few-1-3"


def test_a_users_scenario_is_written_out_in_full(folder, tmp_path_factory):
    folder.keep_scenario("few", few_arms(tmp_path_factory).read_bytes())
    order = new_order(folder, wish("few"))
    assert order.command("few-1").startswith("skyshield run few-1.yaml ")
    assert set(yaml.safe_load(order.written)["options"]) == {"own", "region"}
    folder.keep_scenario("few", b"name: gone")
    with pytest.raises(SkyShieldError):
        new_order(folder, wish("few"))


def test_a_study_may_have_any_name_that_a_folder_can(tiny, tmp_path):
    name = "Дослід 1#\"2"
    shutil.copytree(tiny, tmp_path / name)
    study = tmp_path / name / "study.json"
    study.write_text(study.read_text("utf-8").replace('"complete": true', '"complete": false'), "utf-8")
    there = quote(name)
    with asked(tmp_path) as ask:
        answer = ask("GET", f"/api/runs/{name}/yaml")
        page = ask("GET", "/runs")
    assert answer.status == 200
    assert answer.header("content-disposition") == 'attachment; filename="-------1--2.yaml"'
    assert f'href="/runs/{there}"' in page.body.decode()


def test_a_study_of_another_fit_says_so_in_its_command(tiny, tmp_path):
    place = tmp_path / "tiny"
    shutil.copytree(tiny, place)
    assert "--fit" not in order_of_study(place).command("tiny")
    resolved = json.loads((place / "resolved.json").read_text("utf-8"))
    resolved["fit"]["status"] = "another"
    rewritten(place, resolved)
    for order in (order_of_study(place), order_of_study(place, vectors=9)):
        assert " --fit FIT.yaml --out tiny" in order.command("tiny")


@pytest.mark.parametrize("study", ["my study; rm -r x", "$HOME", "Дослід 1#\"2", "plain-1"])
def test_a_command_is_quoted_for_a_shell(folder, study):
    order = replace(new_order(folder, wish(moves={"days": 3})), scenario=study)
    words = shlex.split(order.command(study))
    assert words[2] == f"{study}.yaml"
    assert words[-2:] == ["--out", study]
    assert shlex.split(replace(order, written="").command(study))[2] == study
