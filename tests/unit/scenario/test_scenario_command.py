"""``skyshield scenario``: list, show, check, new, matrix."""

import json

import pytest
import yaml

from skyshield.scenario import load
from skyshield.scenario.load import LIBRARY, library, parse
from support.command_line import parsed, refused, skyshield, two_options

SMALL = ("--vectors", 2, "--replications", 1)


def test_list(forked):
    rows = parsed(forked("scenario", "list", "--json"))["scenarios"]
    assert [row["name"] for row in rows] == list(library())
    assert rows[0]["options"] == [option.name for option in load(rows[0]["name"]).options]
    text = forked("scenario", "list")
    assert (text.returncode, text.stderr) == (0, "")
    assert text.stdout == "".join(f"{r['name']}: {r['title']} ({', '.join(r['options'])})\n" for r in rows)


@pytest.mark.parametrize("name", library())
def test_what_show_writes_is_the_same_scenario(name, forked, tmp_path):
    text = forked("scenario", "show", name)
    assert (text.returncode, text.stderr) == (0, "")
    path = tmp_path / "my.yaml"
    path.write_text(text.stdout, "utf-8")
    assert load(path) == load(name)
    assert parse(parsed(forked("scenario", "show", name, "--json")), "x") == load(name)
    again = forked("scenario", "show", path)
    assert again.stdout == text.stdout
    assert parsed(forked("scenario", "check", path, "--json")) == parsed(forked("scenario", "check", name, "--json"))


@pytest.mark.parametrize("name", library())
def test_every_shipped_scenario_passes_check_and_is_said_in_short_lines(name, forked):
    text, asked = forked("scenario", "check", name), load(name)
    assert (text.returncode, text.stderr) == (0, "")
    said = parsed(forked("scenario", "check", name, "--json"))
    lines, findings = text.stdout.splitlines(), len(said["findings"])
    assert lines[-1] == f"{name}: {len(asked.options)} options, {findings} finding{'' if findings == 1 else 's'}"
    assert sum(line.startswith("note: ") for line in lines) == findings
    assert max(len(line) for line in lines if not line.startswith("note: ")) <= 100
    for option in asked.options:
        assert any(line.startswith(f"{option.name}: ") for line in lines)
    assert len(said["understood"]["options"]) == len(asked.options)


def test_what_was_understood_is_said_in_plain_words(forked, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(two_options().replace("standoff_russia: 200 km", "standoff_russia: 150 miles").replace(
        "Kyiv City, ", ""), "utf-8")
    words = " ".join(forked("scenario", "check", path).stdout.split())
    for part in ("Kyiv oblast without Kyiv City", "150 miles = 241 km from Russia", "100 km from occupied territory",
                 "120 fighters (skyshield_aircraft, 48 to 160): 78 ready", "one-way attack UAVs only",
                 "deleted, at least half of each being outside: Black Sea and Danube ports", "(baseline)"):
        assert part in words, part


def test_findings_are_no_errors(forked, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(two_options().replace("200 km", "2000 km"), "utf-8")
    result = parsed(forked("scenario", "check", path, "--json"))
    assert [finding["where"] for finding in result["findings"]] == ["options.region"]
    assert set(result["findings"][0]) == {"where", "what", "mend"}
    printed = forked("scenario", "check", path)
    assert printed.returncode == 0
    assert "\nnote: options.region: the stand-offs leave nothing of the zone; " in printed.stdout
    assert printed.stdout.endswith("month: 2 options, 1 finding\n")
    noted = forked("run", path, "--dry-run", "--json")
    assert noted.returncode == 0 and json.loads(noted.stdout)
    assert noted.stderr in printed.stdout and noted.stderr.startswith("note: ")


def test_pairs_are_echoed_and_a_pair_of_nobody_is_refused(forked, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(two_options() + "pairs: [[region, own]]\n", "utf-8")
    assert "compared   region minus own\n" in forked("scenario", "check", path).stdout
    path.write_text(two_options() + "pairs: [[region, nobody]]\n", "utf-8")
    refused(forked("scenario", "check", path), 2, "'nobody' is not among the options; choose from own, region")
    path.write_text(two_options() + "pairs: [region, own]\n", "utf-8")
    refused(forked("scenario", "check", path), 2, "is 'region', not a list", "write [[region, another]]")
    (tmp_path / "mine.yaml").write_text(two_options(), "utf-8")
    refused(forked("scenario", "check", "mine", cwd=tmp_path), 2, "did you mean mine.yaml? Or choose from ")


def test_an_assumption_nothing_reads_is_noted_and_fixed_ones_make_no_arm(forked, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(f"{(LIBRARY / 'skyshield.yaml').read_text('utf-8')}\nassumptions:\n  displacement: 0.5\n"
                    "  nasams_range: 30\n", "utf-8")
    done = forked("run", path, *SMALL, "--dry-run", "--json")
    assert done.returncode == 0
    assert done.stderr == "note: assumptions.nasams_range: is read by nothing in this study; leave it out\n"
    plain = parsed(forked("run", *SMALL, "--dry-run", "--json"))
    result = json.loads(done.stdout)
    assert result["arms"] == plain["arms"] - 1  # displacement has one end that is not its reference
    assert result["study_key"] != plain["study_key"]


def test_new_starts_from_the_shipped_scenario(forked, tmp_path):
    path = tmp_path / "my.yaml"
    done = parsed(forked("scenario", "new", path, "--json"))
    assert done == {"written": str(path), "from": "skyshield"}
    assert [file.name for file in tmp_path.iterdir()] == ["my.yaml"]
    shipped = parsed(forked("scenario", "check", "skyshield", "--json"))
    assert parsed(forked("scenario", "check", path, "--json")) == shipped
    refused(forked("scenario", "new", path, "--json"), 2, "exists already")
    relative = forked("scenario", "new", "here.yaml", cwd=tmp_path)
    assert relative.stdout == "wrote here.yaml; edit it, then: skyshield scenario check here.yaml\n"
    assert load(tmp_path / "here.yaml") == load("skyshield")


def test_a_file_without_a_suffix_and_one_named_like_a_shipped_scenario(forked, tmp_path):
    text = (LIBRARY / "skyshield.yaml").read_text("utf-8").replace("days: 365", "days: 12")
    (tmp_path / "mine").write_text(text, "utf-8")
    (tmp_path / "skyshield").write_text(text, "utf-8")
    assert parsed(forked("scenario", "show", "mine", "--json", cwd=tmp_path))["days"] == 12
    assert parsed(forked("scenario", "show", "skyshield", "--json", cwd=tmp_path))["days"] == 365  # the shipped one
    assert parsed(forked("scenario", "show", "./skyshield", "--json", cwd=tmp_path))["days"] == 12


def test_the_matrix(forked):
    result = parsed(forked("scenario", "matrix", "--json"))
    standoffs = [row["name"] for row in result["standoffs"]]
    interests = {row["interest"] for row in result["interests"]}
    assert result["scenario"] == "skyshield" and len(standoffs) == len(set(standoffs)) == 10 and len(interests) == 5
    pairs = {(row["interest"], row["standoff"]) for row in result["interests"]}
    assert pairs == {(interest, standoff) for interest in interests for standoff in standoffs}
    for row in result["interests"]:
        assert row["status"] in ("inside", "outside", "undecided")
        assert 0.0 <= row["share"] <= 1.0
        assert {window["threat_class"] for window in row["windows"]} == {"uav", "cruise", "ballistic"}
    share = {(row["interest"], row["standoff"]): row["share"] for row in result["interests"]}
    for interest in interests:  # a wider stand-off never adds
        assert share[interest, "none"] >= share[interest, "russia_100"] >= share[interest, "russia_300"]
        assert share[interest, "oped"] <= min(share[interest, "russia_200"], share[interest, "front_100"])


def test_the_matrix_for_a_reader(forked):
    done = forked("scenario", "matrix")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("no stand-off", "200 km from Russia", "Embassies", "Black Sea", "undecided:"):
        assert words in done.stdout


def test_the_matrix_follows_the_scenario(forked, tmp_path):
    content = yaml.safe_load((LIBRARY / "skyshield.yaml").read_text("utf-8"))
    content["protected_area"] = {"scope": "city", "places": ["Lviv"], "radius": "30 km"}
    path = tmp_path / "lviv.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    result = parsed(forked("scenario", "matrix", path, "--json"))
    kyiv = [row for row in result["interests"] if row["interest"] == "embassies" and row["standoff"] == "none"]
    assert [row["share"] for row in kyiv] == [0.0]


def test_the_installed_command_says_the_same(forked):
    for words in (("scenario", "show"), ("scenario", "check", "skyshield", "--json")):
        assert skyshield(*words).stdout == forked(*words).stdout
