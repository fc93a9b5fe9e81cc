"""``skyshield run --adaptation``: one more key, one more section, kept with the study, the same bytes for any jobs.

Tried against mutations: the sweep played again though it is kept; the report made again without it; a damaged file read
past; a smaller study's sweep shown as the study's. Each fails at least one test.
"""

import json
import shutil

import pytest

from skyshield.study.compare import PRIMARY
from support.command_line import FIXED, hashes, made_once, parsed, refused, stamps, two_options, unstored
from support.forks import skyshield

SIZE = ("--vectors", 2, "--replications", 2, "--days", 1)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Hold the shipped month with everything fixed but displacement and the rivals."""
    def make(place):
        fixed = {name: value for name, value in FIXED.items() if name != "displacement"} | {"zone_share": 0.3}
        (place / "answer.yaml").write_text(f"{two_options()}\nassumptions: {json.dumps(fixed)}\n", "utf-8")

    return made_once(tmp_path_factory, "answer", make) / "answer.yaml"


@pytest.fixture(scope="module")
def swept(asked, tmp_path_factory):
    def make(place):
        done = skyshield("run", asked, *SIZE, "--adaptation", "--jobs", 1, "--out", place / "study", "--json")
        parsed(done)
        (place / "study.out").write_text(done.stdout, "utf-8")

    place = made_once(tmp_path_factory, "swept", make)
    printed = (place / "study.out").read_text("utf-8")
    return json.loads(printed), place / "study", printed


def test_it_adds_one_key_and_changes_no_other(asked, swept):
    content = dict(swept[0])
    result = content.pop("adaptation")
    assert content == parsed(skyshield("run", asked, *SIZE, "--json"))
    assert result["delta"] == [0.0, 0.5, 1.0]
    assert set(result["options"]) == {"region"}
    option = result["options"]["region"]
    assert set(option) == {"points", "break_even", "atlas"}
    assert {"displacement", "volume_response", "class_shift"} == set(option["break_even"])
    assert len(option["atlas"]["slices"]) == 2 * 3


def test_its_reference_is_the_headline(swept):
    content = swept[0]
    main = content["paired"]["region"][PRIMARY]
    first = content["adaptation"]["options"]["region"]["points"][0]
    assert first["displacement"] == 0.0
    assert first[PRIMARY] == {key: main[key] for key in first[PRIMARY]}


def test_another_number_of_jobs_gives_the_same_bytes(asked, swept, tmp_path):
    _, folder, printed = swept
    again = skyshield("run", asked, *SIZE, "--adaptation", "--jobs", 2, "--out", tmp_path / "study", "--json")
    assert again.stdout == printed
    assert hashes(tmp_path / "study") == hashes(folder)
    assert "adaptation.json" in hashes(folder)


def test_a_report_made_again_keeps_the_section(asked, swept, tmp_path):
    content, folder, _ = swept
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    (study / "annex.html").unlink()
    plain = parsed(skyshield("run", asked, *SIZE, "--out", study, "--json"))
    assert plain == {name: value for name, value in content.items() if name != "adaptation"}
    assert 'id="adaptation"' in (study / "annex.html").read_text("utf-8")
    assert hashes(study) == hashes(folder)
    (study / "adaptation.json").unlink()
    parsed(skyshield("run", asked, *SIZE, "--out", study, "--json"))
    assert 'id="adaptation"' not in (study / "annex.html").read_text("utf-8")


def test_the_screen_says_where_the_benefit_is_gone(asked):
    done = skyshield("run", asked, *SIZE, "--adaptation")
    assert done.returncode == 0, done.stderr
    start = "region: fewer leakers in the country until"
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(start)]
    assert "displacement " in line and "95% of vectors" in line


def test_a_dry_run_says_what_it_does_not_count(asked):
    done = skyshield("run", asked, *SIZE, "--adaptation", "--dry-run")
    assert done.returncode == 0
    assert "note: --adaptation: " in done.stderr


def test_it_is_kept_and_not_played_again(asked, swept, tmp_path):
    _, folder, printed = swept
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    before = stamps(study, "adaptation.json")
    again = skyshield("run", asked, *SIZE, "--adaptation", "--out", study, "--json")
    assert again.stdout == printed
    assert before and stamps(study, "adaptation.json") == before
    assert hashes(study) == hashes(folder)


def test_compare_tells_what_is_kept(swept):
    content, folder, _ = swept
    result = parsed(skyshield("compare", folder, "--json"))
    assert result["adaptation"] == content["adaptation"]
    done = skyshield("compare", folder)
    assert any(line.startswith("region: fewer leakers in the country until") for line in done.stdout.splitlines())


@pytest.mark.parametrize("text", ["", "{", '{"kind": "a shopping list"}'])
def test_a_damaged_one_is_refused_told_and_played_again(asked, swept, tmp_path, text):
    _, folder, printed = swept
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    (study / "adaptation.json").write_text(text, "utf-8")
    refused(skyshield("compare", study, "--json"), 2, "adaptation.json")
    done = skyshield("run", asked, *SIZE, "--out", study, "--json")
    said = unstored(done.stderr)
    assert done.returncode == 0 and said.startswith(f"note: {study / 'adaptation.json'}: ")
    assert said.count("\n") == 1
    assert 'id="adaptation"' not in (study / "annex.html").read_text("utf-8")
    assert skyshield("run", asked, *SIZE, "--adaptation", "--out", study, "--json").stdout == printed
    assert hashes(study) == hashes(folder)


def test_a_study_that_grew_says_that_its_sweep_is_of_before(asked, swept, tmp_path):
    _, folder, _ = swept
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    more = ("--vectors", 2, "--replications", 3, "--days", 1)
    done = skyshield("run", asked, *more, "--out", study, "--json")
    assert "is of 2 vectors x 2 replications, the study now of 2 x 3" in done.stderr
    done = skyshield("compare", study, "--json")
    assert (done.returncode, done.stderr[:6]) == (0, "note: ")
    assert "adaptation" not in json.loads(done.stdout)
    whole = parsed(skyshield("run", asked, *more, "--adaptation", "--out", study, "--json"))
    assert parsed(skyshield("compare", study, "--json"))["adaptation"] == whole["adaptation"]


def test_a_full_disk_is_the_machine_s_fault(asked, swept, tmp_path):
    _, folder, _ = swept
    study = tmp_path / "study"
    shutil.copytree(folder, study)
    (study / "adaptation.json").unlink()
    (study / "adaptation.json").mkdir()
    refused(skyshield("run", asked, *SIZE, "--adaptation", "--out", study, "--json"), 2, "adaptation.json")
