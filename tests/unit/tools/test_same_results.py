"""The script that shows equal results tells every difference. Shown to fail when it compared lists by length only."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("same_results", ROOT / "tools" / "same_results.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("old", "new", "paths"), [
    ({"a": {"b": 1.5}}, {"a": {"b": 1.5000001}}, ["a.b"]),
    ({"a": 1}, {"a": 1.0}, ["a"]),
    ({"a": 1}, {"a": True}, ["a"]),
    ({"a": 0.0}, {"a": None}, ["a"]),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["(top)"]),
    ({"a": 1}, {"a": 1, "b": 2}, ["(top)"]),
    ({"a": [1, 2]}, {"a": [1]}, ["a"]),
    ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["a[1].b"]),
    ({"a": "own"}, {"a": "region"}, ["a"])])
def test_what_differs_is_an_error(tool, old, new, paths):
    result = list(tool.differences(old, new))
    assert [one.path for one in result] == paths
    assert not any(one.is_sentence for one in result)
    assert list(tool.differences(old, old)) == list(tool.differences(new, new)) == []


def test_a_sentence_worded_anew_is_none(tool):
    result = list(tool.differences({"marks": ["few vectors"]}, {"marks": ["too few vectors"]}))
    assert [(one.path, one.is_sentence) for one in result] == [("marks[0]", True)]


def test_only_provenance_and_the_study_key_stand_apart(tool):
    assert tool.comparable_part('{"study_key": "x", "seed": 1, "provenance": {"versions": 2}}') == {"seed": 1}


def test_every_shipped_scenario_is_a_case(tool):
    shipped = {path.stem for path in (ROOT / "src/skyshield/scenario/library").glob("*.yaml")}
    assert shipped and shipped < set(tool.cases(ROOT))
