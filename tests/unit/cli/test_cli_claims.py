"""``skyshield claims`` as users run it: on the shipped study and on another, with people, and with bad input."""

import json

import pytest

from skyshield.claims import VERDICTS, load_claims
from support import strategy
from support.command_line import made_once, parsed, refused, skyshield

PERSON = "person: {}\nintervals:\n  response:\n    p_r_in_kind: {}\n"


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"


@pytest.fixture
def people(tmp_path):
    for name, ends in (("A", [0.0, 0.01]), ("B", [0.3, 0.4])):
        (tmp_path / f"{name}.yaml").write_text(PERSON.format(name, ends), "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def shipped():
    return parsed(skyshield("claims", "--json"))


def test_one_object_holds_every_claim_with_its_verdict(shipped):
    assert [row["claim"] for row in shipped["claims"]] == [claim.name for claim in load_claims()]
    assert (shipped["days"], shipped["fixed"], shipped["people"]) == (365, "2026-11-30", [])
    assert list(shipped["counts"]) == list(VERDICTS)
    assert sum(shipped["counts"].values()) == len(shipped["claims"])
    for row in shipped["claims"]:
        assert {"claim", "side", "place", "says", "verdict", "figure", "threshold", "distance", "arm", "would_change",
                "parts"} <= set(row)
        assert row["verdict"] in VERDICTS and row["would_change"]
        for part in row["parts"]:
            assert part["verdict"] in VERDICTS and part["reason"]
            assert (part["why"] is None) == (part["verdict"] != "not testable here")


def test_the_shipped_study_lacks_nothing_that_a_claim_asks_for(shipped):
    lacking = [(row["claim"], part["would_change"]) for row in shipped["claims"] for part in row["parts"]
               if not part["arms"]]
    assert lacking == []


def test_verdicts_follow_from_the_intervals_that_are_printed(shipped):
    for row in shipped["claims"]:
        for part in row["parts"]:
            stands = [arm["stands"] for arm in part["arms"]]
            assert part["verdict"] == (
                "supported" if set(stands) == {"beyond"} else "contradicted" if set(stands) == {"short"} else
                "partly" if stands[0] == "beyond" else "not testable here"), row["claim"]
            sign = 1.0 if part["direction"] == "above" else -1.0
            near = min(sign * (arm["lo" if sign > 0 else "hi"] - part["threshold"]) for arm in part["arms"])
            assert part["distance"] == pytest.approx(near, rel=1e-4, abs=1e-4), row["claim"]


def test_the_table_names_every_claim_and_says_what_verdicts_mean(forked):
    done = forked("claims")
    assert (done.returncode, done.stderr) == (0, "")
    for claim in load_claims():
        assert claim.name in done.stdout, claim.name
    for words in ("The op-ed", "For a ground force", "For ships", "For aid", "Moscow", "before any study was"):
        assert words in done.stdout, words


def test_one_claim_in_full(forked):
    done = forked("claims", "--claim", "less_escalation")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("paragraph 16", "It is true if:", "strategy ladder, step_up", "naval", "what would change it:"):
        assert words in done.stdout, words
    one = parsed(forked("claims", "--claim", "talk_hurts_talks", "--json"))
    assert [row["claim"] for row in one["claims"]] == ["talk_hurts_talks"]
    assert one["claims"][0]["verdict"] == "not testable here"
    assert "What would test it:" in forked("claims", "--claim", "talk_hurts_talks").stdout


def test_a_study_that_lacks_what_claims_need_says_so_claim_by_claim(two_phases, forked):
    content = parsed(forked("claims", two_phases, "--json"))
    rows = {row["claim"]: row for row in content["claims"]}
    assert "has no option naval" in rows["ships_keep_trade_going"]["would_change"]
    assert "for 365 days and the study has 6" in rows["sensible_now"]["would_change"]
    assert len(rows) == len(load_claims())
    assert forked("claims", two_phases).returncode == 0


def test_people_stand_side_by_side(people, forked):
    words = ("claims", "--elicited", people / "A.yaml", "--elicited", people / "B.yaml")
    content = parsed(forked(*words, "--json"))
    row = next(row for row in content["claims"] if row["claim"] == "hitting_back_draws_in")
    assert [(one["person"], one["verdict"]) for one in row["people"]] == [("A", "contradicted"), ("B", "supported")]
    assert "where they differ" in forked(*words).stdout
    assert "A: contradicted" in forked(*words, "--claim", "hitting_back_draws_in").stdout


def test_bad_input_is_one_line(two_phases, people, tmp_path, forked):
    refused(forked("claims", "--claim", "less_escalaton"), 2, "'less_escalaton'", "is no claim", "less_escalation")
    refused(forked("claims", tmp_path / "nowhere", "--json"), 2, "nowhere")
    refused(forked("claims", "--elicited", people / "A.yaml", "--elicited", people / "A.yaml"), 2, "'A'", "given twice")
    (tmp_path / "C.yaml").write_text("person: C\nintervals: {response: {mood: [0, 1]}}\n", "utf-8")
    refused(forked("claims", "--elicited", tmp_path / "C.yaml"), 2, "C mood", "is no assumption")


def test_a_study_of_another_version_is_one_line(two_phases, tmp_path, forked):
    import shutil

    shutil.copytree(two_phases, tmp_path / "old")
    path = tmp_path / "old" / "study.json"
    manifest = json.loads(path.read_text("utf-8"))
    for arm in manifest["arms"]:
        arm.pop("kind")
    manifest["summary_code_sha256"] = "of another version"
    path.write_text(json.dumps(manifest), "utf-8")
    refused(forked("claims", tmp_path / "old"), 2, "run it again")
