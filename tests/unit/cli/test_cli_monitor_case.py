"""``skyshield monitor case``: from the event to the decision, each step in the ledger, the folder read without us.

Tried to fail: a leaf changed beside its proof; entries appended before the folder is known to be writable; L4 without a
decision.
"""

import json
import subprocess
import sys

import pytest

from skyshield.cli.main import main
from support.week import SALVO, copied, week


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    place = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skyshield.monitoring.ledger.keys.key_folder", lambda: place)
        yield place


@pytest.fixture(scope="module")
def whole(keys, tmp_path_factory):
    return week(tmp_path_factory.mktemp("week"))


@pytest.fixture
def run(keys, capsys):
    def said(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["monitor", *map(str, words)])
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err
    return said


def event_of(run, mission):
    code, out, err = run("assess", mission, "--json")
    assert code == 0, err
    return next(row for row in json.loads(out)["events"] if row["time"].startswith(SALVO))


def test_the_whole_way(whole, run, tmp_path):
    mission, out = copied(whole, tmp_path), tmp_path / "case"
    event = event_of(run, mission)
    assert (event["level"], event["party"], event["severity"]) == ("L3", "OTHER", 4)
    step = tmp_path / "step.yaml"
    code, said, err = run("case", mission, event["id"], "--out", out, "--json")
    opened = json.loads(said)
    assert code == 0 and opened["entries_added"] == 3 and opened["level"] == "L3", err
    assert [row["step"] for row in opened["steps"]] == ["opened", "evidence", "attribution"]
    assert opened["clause"]["breach"] == "yes" and opened["decision"] is None
    assert [one["witness"] for one in opened["evidence"]].count(False) == 1  # the bulletin's copy
    for content, code in (("{step: decision, party: OTHER}", 2),
                          ("[{step: vote, member: chair, vote: yes}, {step: vote, member: side-one, vote: yes}]", 0),
                          ("{step: vote, member: chair, vote: no}", 2),
                          ("{step: vote, member: side-two, vote: no, dissent: The drone came late}", 0),
                          ("[{step: decision, party: OTHER, intent: local}, {step: remedy, remedy: fine}]", 2),
                          ("[{step: decision, party: OTHER, intent: local}, {step: remedy, remedy: withdraw}]", 0)):
        step.write_text(content)
        before = (out / "case.json").read_bytes()
        done, _, err = run("case", mission, event["id"], "--out", out, "--step", step)
        assert done == code, (content, err)
        assert (err.count("\n") == 1 and (out / "case.json").read_bytes() == before) == (code == 2), err
    assert run("case", mission, event["id"], "--out", out)[0] == 0  # nothing new
    content = json.loads((out / "case.json").read_text())
    assert (content["level"], content["status"], content["intent"]) == ("L4", "decided", "local")
    assert [row["step"] for row in content["steps"][3:]] == ["vote", "vote", "vote", "decision", "remedy"]
    assert content["tally"] == {"yes": {"OTHER": 2}, "no": 1, "abstain": 0}
    assert content["dissent"][0]["text"] == "The drone came late"
    assert content["decision"]["majority"] == "two_thirds" and content["remedy"][0]["status"] == "agreed"
    assert event_of(run, mission)["level"] == "L4"
    assert run("verify", mission)[0] == 0
    page = (out / "case.html").read_text()
    assert "<script" not in page and "The drone came late" in page and "Patrol Mira" not in page
    assert not list(tmp_path.glob(".case.tmp-*"))
    _proofs_hold(out, content)


def _proofs_hold(out, content):
    """Run the folder's own check, and see it fail on a leaf that was changed."""
    def check():
        return subprocess.run([sys.executable, "-I", str(out / "check_proofs.py"), content["ledger"]["verifier_key"]],
                              capture_output=True, text=True, check=False)
    done = check()
    assert done.returncode == 0 and f"{len(content['evidence']) + len(content['steps'])} records" in done.stdout
    leaf = out / content["evidence"][0]["proof"].replace(".tlog-proof", ".json")
    leaf.write_bytes(leaf.read_bytes().replace(b"Grad", b"Gram"))
    assert check().returncode == 1


def test_what_is_refused_leaves_nothing(whole, run, tmp_path):
    mission, out = copied(whole, tmp_path), tmp_path / "case"
    size = json.loads(run("verify", mission, "--json")[1])["size"]
    event = event_of(run, mission)["id"]
    step = tmp_path / "step.yaml"
    step.write_text("{step: vote, member: chair, vote: yes}")
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "mine.txt").write_text("x")
    for words, code, what in (
            (("abc", "--out", out), 2, "is not in this ledger"),
            ((event, "--out", out, "--step", step), 2, "is not open"),
            ((event, "--out", out, "--step", tmp_path / "none.yaml"), 2, "no such file"),
            ((event, "--out", tmp_path / "held"), 2, "holds other files"),
            ((event, "--out", step), 2, "is no folder"),
            ((event, "--out", mission / "case"), 2, "lies in the ledger's folder"),
            ((event, "--out", tmp_path / "no" / "case"), 2, "no such folder"),
            ((event, "--out", "/proc/case"), 3, "/proc/case")):
        done, said, err = run("case", mission, *words)
        assert (done, said, err.count("\n")) == (code, "", 1) and what in err, (words, err)
    assert not out.exists() and json.loads(run("verify", mission, "--json")[1])["size"] == size


def test_an_empty_ledger(keys, run, tmp_path):
    from skyshield.monitoring.ledger.store import create
    from support.week import FOLDER

    create(tmp_path / "empty", (FOLDER / "agreement.yaml").read_bytes(), "example.org/empty", tmp_path / "empty.key")
    done, _, err = run("case", tmp_path / "empty", "abc", "--out", tmp_path / "case")
    assert done == 2 and "add records first" in err
