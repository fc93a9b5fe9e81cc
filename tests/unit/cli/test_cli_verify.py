"""``skyshield verify``: what it prints, its exit codes, and what it refuses before anything is played."""

import json
import math
import re

import pytest

from skyshield.cli.main import main
from skyshield.evidence.verification import registry
from skyshield.evidence.verification.case import Case, CaseResult
from support.command_line import made_once, refused
from support.forks import skyshield

FIELDS = {"name", "model", "exact", "simulated", "se", "tolerance", "passed", "perturbable"}
SOME = ("patrol_aircraft", "horizon_aircraft", "layers_one")


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """Hold the whole verification with one case moved."""
    def make(place):
        done = skyshield("verify", "--perturb", "risks_magazine=+5%", "--json")
        assert (done.returncode, done.stderr) == (1, ""), done.stderr
        (place / "moved.out").write_text(done.stdout, "utf-8")

    return json.loads((made_once(tmp_path_factory, "verified", make) / "moved.out").read_text("utf-8"))


@pytest.fixture
def few(monkeypatch):
    """Let the command play a few cases only."""
    chosen = tuple(registry.case_named(name) for name in SOME)
    only(monkeypatch, chosen)


def only(monkeypatch, cases):
    whole = registry.verify
    monkeypatch.setattr(registry, "verify", lambda seed, moved=None, progress=None: whole(seed, moved, progress, cases))


def asked(*words):
    with pytest.raises(SystemExit) as left:
        main(["verify", *words])
    return left.value.code


def test_every_case_in_the_stable_shape(moved):
    assert {case["name"] for case in moved["cases"]} == {case.name for case in registry.CASES}
    for case in moved["cases"]:
        assert case.keys() >= FIELDS
        for key in ("exact", "simulated", "se", "tolerance"):
            assert isinstance(case[key], int | float) and math.isfinite(case[key]), (case["name"], key)
        assert isinstance(case["passed"], bool) and isinstance(case["perturbable"], bool)
        assert case["model"] and case["se"] >= 0.0 and case["tolerance"] > 0.0
        # what is printed bears the verdict out
        within = abs(case["simulated"] - case["exact"]) <= case["tolerance"] * (1.0 + 1e-6)
        assert within is case["passed"], case["name"]


def test_one_case_moved_fails_alone(moved):
    assert [case["name"] for case in moved["cases"] if not case["passed"]] == ["risks_magazine"]
    assert (moved["perturbed"], moved["seed"]) == ("risks_magazine=+5%", registry.SEED)


def test_all_pass_and_a_reader_is_told(few, capsys):
    assert asked() == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    head, *rows = (line.split() for line in printed.out.splitlines()[1:5])
    assert head[:3] == ["case", "exact", "simulated"]
    assert [row[0] for row in rows] == list(SOME) and all(row[-1] == "passed" for row in rows)
    assert printed.out.splitlines()[-1] == f"3 of 3 cases passed (seed {registry.SEED})"
    assert "…" not in printed.out


@pytest.mark.parametrize("sign", ["+", "-", ""])
def test_a_failure_is_named_and_the_exit_code_is_1(few, capsys, sign):
    assert asked("--perturb", f"layers_one={sign}5%") == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert re.search(r"^layers_one +0\.075 .* FAILED *$", printed.out, re.MULTILINE)
    assert f"layers_one={sign}5% moved the kill probability p of a shot" in printed.out
    assert "FAILED layers_one: threats that leak" in printed.out
    assert "2 of 3 cases passed" in printed.out


def test_json_of_all_that_pass(few, capsys):
    assert asked("--seed", "7", "--json") == 0
    printed = capsys.readouterr()
    content = json.loads(printed.out)
    assert printed.err == "" and content["seed"] == 7 and content["perturbed"] is None
    exact = {case["name"]: case["exact"] for case in content["cases"]}
    assert exact["horizon_aircraft"] == pytest.approx(4120 * (math.sqrt(9000) + math.sqrt(60)), rel=1e-11)
    assert asked("--seed", "7", "--json") == 0
    assert capsys.readouterr().out == printed.out


def test_what_is_no_number_has_failed_and_is_null(monkeypatch, capsys):
    """Without it, JSON would end in a traceback."""
    only(monkeypatch, (Case("lost", "made", "made", lambda seed, factor: CaseResult(1.0, float("nan"))),))
    assert asked("--json") == 1
    case, = json.loads(capsys.readouterr().out)["cases"]
    assert (case["simulated"], case["exact"], case["passed"]) == (None, 1.0, False)


def test_a_world_that_fails_leaves_one_line(monkeypatch, capsys):
    from skyshield.evidence.verification import layers, nights

    world = layers.world_of(days=1)
    broken = world._replace(routes=world.routes._replace(speed_m_s=world.routes.speed_m_s * 0.0))
    only(monkeypatch, (Case("broken", "made", "made", lambda seed, factor: CaseResult(
        0.0, nights.nightly(broken, seed, 1)["engaged"][0])),))
    assert asked("--json") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"error: a hand-made world: failed at route: .*; report it with the seed\n", printed.err)


@pytest.mark.parametrize(("words", "message"), [
    (("--perturb", "layers_on=+5%"), "--perturb: no case is named 'layers_on'; did you mean layers_one"),
    (("--perturb", "conserved_threats=+5%"), "--perturb: conserved_threats has no numeric parameter"),
    (("--perturb", "layers_one=+5"), "--perturb: is 'layers_one=+5', not a case and a percentage; write it as"),
    (("--perturb", "layers_one=+500%"), "--perturb: moves layers_one by 500%; give a percentage from -50 to 50"),
    (("--perturb", "layers_one=-0%"), "--perturb: moves layers_one by -0%"),
    (("--perturb",), "requires an argument"), (("--seed", "x"), "--seed"), (("--seed", "-1"), "--seed: is -1"),
    (("--seed", str(2**64)), "--seed: is 18446744073709551616"), (("layers_one",), "unexpected extra argument"),
    (("--cases",), "No such option")])
@pytest.mark.parametrize("json_too", [False, True])
def test_what_cannot_be_asked(words, message, json_too, forked):
    refused(forked("verify", *(["--json"] if json_too else []), *words), 2, message)


def test_help_has_an_example(forked):
    done = forked("verify", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Example: skyshield verify --json" in done.stdout and "NAME=+5%" in done.stdout


def test_progress_is_for_a_terminal_only(few, capsys, monkeypatch):
    seen = []
    monkeypatch.setattr("skyshield.cli.output.progress_bar", _spy(seen))
    assert asked("--json") == 0
    assert seen == [("verifying", "cases"), (1, 3), (2, 3), (3, 3)]
    json.loads(capsys.readouterr().out)


def _spy(seen):
    import contextlib

    @contextlib.contextmanager
    def progress_bar(what, of="blocks"):
        seen.append((what, of))
        yield lambda done, total: seen.append((done, total))

    return progress_bar
