"""``skyshield run --adaptation``: one more key, one more section, the same bytes for any number of jobs."""

import json

import pytest

from support.command_line import FIXED, parsed, skyshield, two_options

SIZE = ("--vectors", 2, "--replications", 2, "--days", 1)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Hold the shipped scenario with everything fixed but displacement and the rivals."""
    place = tmp_path_factory.mktemp("answer") / "answer.yaml"
    fixed = {name: value for name, value in FIXED.items() if name != "displacement"} | {"zone_share": 0.3}
    place.write_text(f"{two_options()}\nassumptions: {json.dumps(fixed)}\n", "utf-8")
    return place


@pytest.fixture(scope="module")
def swept(asked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept") / "study"
    done = skyshield("run", asked, *SIZE, "--adaptation", "--jobs", 1, "--out", folder, "--json")
    return parsed(done), folder, done.stdout


def test_it_adds_one_key_and_changes_no_other(asked, swept):
    content = dict(swept[0])
    found = content.pop("adaptation")
    assert content == parsed(skyshield("run", asked, *SIZE, "--json"))
    assert found["delta"] == [0.0, 0.5, 1.0]
    assert set(found["options"]) == {"region"}
    option = found["options"]["region"]
    assert set(option) == {"points", "break_even", "atlas"}
    assert {"displacement", "volume_response", "class_shift"} == set(option["break_even"])
    assert len(option["atlas"]["slices"]) == 2 * 3


def test_its_reference_is_the_headline(swept):
    content = swept[0]
    main = content["paired"]["region"]["prevented_zone"]
    first = content["adaptation"]["options"]["region"]["points"][0]
    assert first["displacement"] == 0.0
    assert first["prevented_zone"] == {key: main[key] for key in first["prevented_zone"]}


def test_another_number_of_jobs_gives_the_same_bytes(asked, swept, tmp_path):
    _, folder, printed = swept
    again = skyshield("run", asked, *SIZE, "--adaptation", "--jobs", 2, "--out", tmp_path / "study", "--json")
    assert again.stdout == printed
    assert (tmp_path / "study/report.html").read_bytes() == (folder / "report.html").read_bytes()


def test_the_report_has_the_section_and_loses_it_without(asked, swept):
    _, folder, printed = swept
    assert 'id="adaptation"' in (folder / "report.html").read_text("utf-8")
    parsed(skyshield("run", asked, *SIZE, "--out", folder, "--json"))
    assert 'id="adaptation"' not in (folder / "report.html").read_text("utf-8")
    assert skyshield("run", asked, *SIZE, "--adaptation", "--out", folder, "--json").stdout == printed


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
