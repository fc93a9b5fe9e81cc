"""The exact numbers of a small default study.

They say nothing of right or wrong; they say that something moved. Shown to fail by a digit changed in the file and by
a parameter's centre moved in the catalogue.
"""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("update_baseline", ROOT / "tools" / "update_baseline.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_numbers_are_those_of_the_baseline(tool):
    old = json.loads(tool.OUT.read_text("utf-8"))
    moved = list(tool.differences(old, json.loads(json.dumps(tool.figures()))))
    assert not moved, (
        f"{len(moved)} numbers moved, among them:\n  " + "\n  ".join(moved[:12])
        + "\nIf they were meant to: run 'make baseline' (python tools/update_baseline.py, the one way to change "
        "tests/baseline/baseline.json) and say in the commit why.")


def test_the_baseline_has_every_option_and_measure(tool):
    from skyshield.scenario import load
    from skyshield.study.result import MEASURES

    kept = json.loads(tool.OUT.read_text("utf-8"))
    assert set(kept["options"]) == {option.name for option in load("skyshield").options}
    for of_option in (*kept["options"].values(), *kept["paired"].values()):
        assert set(of_option) == set(MEASURES)
    assert kept["study"] == {"scenario": "skyshield", "vectors": 3, "replications": 2, "days": 5, "seed": 1}
    assert kept["failures"] == []


def test_every_difference_is_told(tool):
    old, new = {"a": {"b": 1.0, "c": [1]}, "d": None}, {"a": {"b": 2.0, "c": [1]}, "e": 0}
    assert list(tool.differences(old, new)) == ["a.b: 1.0 -> 2.0", "e: null -> 0"]
    assert list(tool.differences(old, old)) == []
