"""``strategy ladder`` and what ``strategy commitments`` says over a study, as users run them.

Tried to fail: values printed with a study; two people averaged; a key of the values misnamed. Each fails a test.
"""

import pytest

from support import strategy
from support.command_line import made_once, parsed, refused, skyshield

VALUES = """months: 12
rates: [0.15]
q: [0.262]
lower: [[0.9, 0.01, 0], [0.2, 0.5, 0.02], [0, 0, 1]]
upper: [[0.99, 0.1, 0], [0.4, 0.75, 0.1], [0, 0, 1]]
from: 0
to: 2
steps: 12
"""


@pytest.fixture(scope="session")
def two_phases(tmp_path_factory):
    return made_once(tmp_path_factory, "two-phases", lambda place: strategy.stored(place / "study")) / "study"


@pytest.fixture
def people(tmp_path):
    said = {"Bold": "ladder: {q_fire: [0, 0.001]}\n  commitments: {rho: [0, 0.1]}",
            "Wary": "ladder: {q_fire: [0.8, 0.9]}\n  commitments: {rho: [0.6, 0.7]}"}
    paths = []
    for name, games in said.items():
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(f"person: {name}\nintervals:\n  {games}\n")
    return [word for path in paths for word in ("--elicited", path)]


def test_values_give_the_oracles(tmp_path, forked):
    path = tmp_path / "values.yaml"
    path.write_text(VALUES)
    found = parsed(forked("strategy", "ladder", "--values", path, "--json"))
    assert found["p_up"] == pytest.approx(0.375997, abs=5e-7)
    assert found["bounds"] == pytest.approx([0.00449531, 0.222589], abs=5e-7) and "value iteration" in found["equation"]
    path.write_text("months: 12\nrates: [0.15]\nq: [0.05]\n")
    assert set(parsed(forked("strategy", "ladder", "--values", path, "--json"))) == {"p_up", "equation"}
    done = forked("strategy", "ladder", "--values", path)
    assert "at least one rung up: 0.0861" in done.stdout and done.stderr == ""
    path.write_text("rho: 0\np: [0.9, 0.8, 0.6, 0.5, 0.3]\n")
    answers = parsed(forked("strategy", "commitments", "--values", path, "--json"))
    assert answers["p_at_least"][3] == pytest.approx(0.738) and len(answers["p_at_least"]) == 6
    assert "at least 3: 0.738" in forked("strategy", "commitments", "--values", path).stdout


def test_without_a_folder_it_is_the_shipped_study(forked):
    done = forked("strategy", "ladder", "--set", "weight_so_far=1")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("intervals of all 21 options overlap", "is not testable here", "None of the events is coalition fire",
                  "at least one rung up within 365 days", "NATO's war with Russia",
                  "region: surely more rungs than own if "):
        assert words in " ".join(done.stdout.split()), words
    assert len(done.stdout.splitlines()) < 50


def test_a_stored_study_is_told(two_phases, forked):
    found = parsed(forked("strategy", "ladder", two_phases, "--json"))
    assert list(found["options"]) == ["own", "same", "region", "aid_region"] and found["days"] == 6
    assert found["options"]["same"]["difference"]["rungs_a_year_high"] == 0.0
    assert found["marks"] == ["3 parameter vectors, fewer than 200: intervals are rough"]
    told = parsed(forked("strategy", "commitments", two_phases, "--json"))
    assert list(told["options"]) == list(found["options"]) and told["options"]["own"]["stocks"]["eu"]["left_low"] == 1.0


def test_people_are_told_apart(people, forked):
    done = forked("strategy", "ladder", *people)
    said = " ".join(done.stdout.split())
    assert "q_fire: Bold 0 to 0.001, Wary 0.8 to 0.9 (apart)" in said
    assert "It matters: the answer to 'less risk than own' differs for " in said
    said = " ".join(forked("strategy", "commitments", *people).stdout.split())
    assert "rho: Bold 0 to 0.1, Wary 0.6 to 0.7 (apart)" in said and "Bold: at least three in kind" in said


@pytest.mark.parametrize(("content", "where"), [
    ("months: 12\n", "values.yaml: rates: is missing"), ("a: 1\n", "values.yaml: a: is no value of this equation"),
    ("months: -1\nrates: [1]\nq: [0.1]\n", "values.yaml: months: -1 cannot be"),
    ("months: 1\nrates: [1, 2]\nq: [0.1]\n", "values.yaml: q: has 1 values for 2 rates"),
    ("months: 1\nrates: 1\nq: [0.1]\n", "values.yaml: rates: is 1, not a list"),
    (VALUES.replace("steps: 12", "steps: 1.5"), "values.yaml: steps: is 1.5, not a whole number"),
    (VALUES.replace("to: 2", "to: 3"), "values.yaml: to: 3 is no state; give 0 to 2"),
    (VALUES.replace("[0.9, 0.01, 0]", "[0.9, 0.01]"), "values.yaml: lower: is not a square table"),
    (VALUES.replace("[0.9, 0.01, 0]", "0.9"), "values.yaml: lower: is 0.9, not a list"),
    ("- 1\n", "values.yaml: is not a table of values")])
def test_values_that_cannot_be(tmp_path, forked, content, where):
    path = tmp_path / "values.yaml"
    path.write_text(content)
    refused(forked("strategy", "ladder", "--values", path, "--json"), 2, where)


@pytest.mark.parametrize(("words", "where"), [
    (("ladder", "--set", "luck=1"), "--set luck: is no assumption of this question; choose from weight_fire"),
    (("ladder", "--set", "q_fire=2"), "--set q_fire: is 2; give a share from 0 to 1"),
    (("ladder", "--set", "q_fire=0.5:0.2"), "--set q_fire: is upside down"),
    (("ladder", "nowhere"), "nowhere"), (("ladder", "--values", "nowhere.yaml"), "nowhere.yaml: no such file"),
    (("ladder", "--elicited", "nowhere.yaml"), "nowhere.yaml: no such file"),
    (("ladder", "--values", "x.yaml", "--set", "q_fire=0"), "--values: stands alone"),
    (("commitments", "--values", "x.yaml", "--without", "FRA"), "--values: stands alone"),
    (("commitments", "--set", "rho=1"), "rho: is 1; give a correlation below 1"),
    (("commitments", "nowhere"), "nowhere")])
def test_what_cannot_be_is_one_line(words, where):
    refused(skyshield("strategy", *words), 2, where)
