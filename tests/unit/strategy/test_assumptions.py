"""Assumptions: what is set, elicited or wrong."""

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import (
    Assumption,
    as_elicited,
    read_elicited,
    value_of,
    with_set,
)

KNOWN = {"q": Assumption("q", "Belief", "1", 0.0, 1.0, "assumed", ("judgement",), ""),
         "R": Assumption("R", "Worth", "1/year", 5.0, 20.0, "assumed", ("judgement",), "")}


@pytest.mark.parametrize(("pairs", "words"), [
    (["z=1"], "is no assumption of this question; choose from q, R"),
    (["q"], "has no equals sign"),
    (["q=0.1", "q=0.2"], "is set twice"),
    (["q=a"], "is 'a', not a number"),
    (["q=nan"], "not a number"),
    (["q=0.1:0.2:0.3"], "write one value, or two"),
    (["q=0.3:0.2"], "is upside down, 0.3 to 0.2"),
    (["q=1.5"], "is 1.5; give a share from 0 to 1"),
    (["q=-0.5:0.5"], "is -0.5; give a share"),
])
def test_what_cannot_be_set(pairs, words):
    with pytest.raises(SkyShieldError, match=words.replace("(", r"\(")):
        with_set(KNOWN, pairs)


def test_what_is_set_is_elicited_and_no_share_may_be_large():
    found = with_set(KNOWN, ["R=30", "q=0.25:0.5"])
    assert (found["R"].low, found["R"].high, found["R"].basis) == (30.0, 30.0, "elicited")
    assert (found["q"].low, found["q"].high) == (0.25, 0.5)
    assert KNOWN["q"].high == 1.0


def test_two_people_stand_side_by_side(tmp_path):
    for name, low in (("A", 0.1), ("B", 0.6)):
        (tmp_path / f"{name}.yaml").write_text(f"person: {name}\nintervals:\n  timing: {{q: [{low}, 0.9]}}\n")
    one, other = (as_elicited(KNOWN, "timing", read_elicited(tmp_path / f"{name}.yaml"), "x") for name in "AB")
    assert (one["q"].low, one["q"].source) == (0.1, ("A",))
    assert (other["q"].low, other["q"].source) == (0.6, ("B",))
    assert one["R"] == KNOWN["R"]


@pytest.mark.parametrize(("text", "words"), [
    ("person: A\n", "is no elicitation"),
    ("person: A\nintervals: [1]\n", "is not a table"),
    ("person: A\nintervals: {chess: {q: [0, 1]}}\n", "chess: is no question; choose from timing"),
    ("person: A\nintervals: {timing: {q: 0.5}}\n", "timing.q: is no interval"),
    ("person: A\nintervals: {timing: {q: [0.5, x]}}\n", "timing.q: is 'x', not a number"),
])
def test_a_file_that_says_something_else(tmp_path, text, words):
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(SkyShieldError, match=words):
        read_elicited(tmp_path / "a.yaml")


def test_a_value_that_is_missing_or_none():
    with pytest.raises(SkyShieldError, match="v: rho: is missing"):
        value_of({}, "rho", "v")
    with pytest.raises(SkyShieldError, match="v: rho: is True, not a number"):
        value_of({"rho": True}, "rho", "v")
