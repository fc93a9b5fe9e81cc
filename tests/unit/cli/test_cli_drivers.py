"""``skyshield sensitivity`` and ``skyshield explore`` as users run them: small, with a folder, and with bad input.

Tried to fail: the folder not written; another object beside the JSON on standard output; another measure
named than was played. Each fails a test.
"""

import json

import pytest

from skyshield.study.compare import PRIMARY
from support.command_line import parsed, refused
from support.forks import skyshield

SMALL = {"sensitivity": ("--trajectories", 2, "--samples", 4, "--replications", 1, "--days", 1),
         "explore": ("--cases", 20, "--replications", 1, "--days", 1)}
FILES = {"sensitivity": {"sensitivity.json", "tornado.png", "tornado.svg"},
         "explore": {"exploration.json", "regret.png", "regret.svg"}}
KEYS = {"sensitivity": {"screening", "indices", "tornado", "information", "first_five", "note"},
        "explore": {"boxes", "regret", "thresholds", "sweeps"}}


@pytest.mark.parametrize("command", list(SMALL))
def test_json_and_a_folder(command, few, tmp_path):
    result = parsed(skyshield(command, few, *SMALL[command], "--out", tmp_path / "out", "--json"))
    assert KEYS[command] <= set(result)
    assert result["measure"] == PRIMARY
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert FILES[command] <= names
    kept = next(path for path in (tmp_path / "out").iterdir() if path.suffix == ".json")
    assert json.loads(kept.read_text("utf-8")) == result
    for path in (tmp_path / "out").glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 5000


@pytest.mark.parametrize(("words", "what"), [
    (("sensitivity", "--samples", 3), "samples"), (("sensitivity", "--measure", "morale"), "morale"),
    (("sensitivity", "--replications", 0), "replications"), (("explore", "--cases", 1), "cases"),
    (("explore", "--within", -1), "within"), (("explore", "no-such"), "no-such"),
    (("sensitivity", "--options", "nobody"), "nobody")])
def test_bad_input(words, what):
    refused(skyshield(*words, "--json"), 2, what)
