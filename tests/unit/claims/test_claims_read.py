"""The shipped tables hold together, and whatever is wrong in one is told in one line.

Tried to fail: thresholds that nobody checks for being upside down; directions likewise. Each fails at least one test.
"""

import copy
import re
from pathlib import Path

import pytest

from skyshield.claims.read import DATA, PARAGRAPHS, load_claims, load_thresholds, read_claims, read_thresholds
from skyshield.claims.table import EFFECT, OP_ED
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.scenario import load

OPTIONS = tuple(option.name for option in load("guarantees").options)


def test_the_op_ed_has_twenty_claims_and_its_rivals_six():
    sides = [claim.side for claim in load_claims()]
    assert sides.count(OP_ED) >= 20
    assert len(sides) - sides.count(OP_ED) >= 6
    assert {"ground", "naval", "aid"} <= set(sides)


def test_names_are_unique_and_every_claim_says_what_would_test_it_or_how_it_is_tested():
    names = [claim.name for claim in load_claims()]
    assert len(names) == len(set(names))
    for claim in load_claims():
        assert bool(claim.parts) != bool(claim.test), claim.name
        assert claim.place.source, claim.name
        assert claim.says != claim.short and claim.true_if, claim.name


def test_places_in_the_op_ed_stand_in_its_order_but_for_what_is_said_twice():
    paragraphs = {claim.place.paragraph for claim in load_claims() if claim.side == OP_ED}
    assert all(1 <= paragraph <= PARAGRAPHS for paragraph in paragraphs)
    assert paragraphs >= {7, 8, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27}


@pytest.fixture(scope="module")
def op_ed_paragraphs() -> list[str]:
    import os

    place = os.environ.get("SKYSHIELD_DATA")
    if place is None:
        pytest.skip("SKYSHIELD_DATA is not set, so the op-ed's text is not here to test against")
    text = (Path(place).parent / "op-ed.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.split("\n\n") if line.strip()]
    first = next(k for k, line in enumerate(lines) if line.startswith("As President"))
    last = next(k for k, line in enumerate(lines) if line.startswith("After all"))
    skipped = ("Article image", "Soldiers of the German")
    return [line for line in lines[first:last + 1] if not line.startswith(skipped)]


def test_each_place_begins_with_the_words_of_its_paragraph(op_ed_paragraphs):
    assert len(op_ed_paragraphs) == PARAGRAPHS
    for claim in load_claims():
        if claim.side == OP_ED:
            paragraph = op_ed_paragraphs[claim.place.paragraph - 1]
            assert paragraph.startswith(claim.place.words), claim.name


def test_thresholds_are_few_dated_and_give_their_reason():
    used = {part.threshold.name for claim in load_claims() for part in claim.parts}
    assert used == set(load_thresholds())
    assert all(len(one.reason) > 40 and one.source for one in load_thresholds().values())
    fixed = {read_yaml(DATA / name)["fixed"] for name in ("op_ed.yaml", "rivals.yaml", "thresholds.yaml")}
    assert fixed == {"2026-11-30"}


def test_no_effect_would_pass_no_claim_of_an_effect():
    for claim in load_claims():
        for part in claim.parts:
            if claim.kind == EFFECT and part.figure.measure:
                assert (part.threshold.value >= 0) if part.direction == "above" else (part.threshold.value <= 0)


@pytest.fixture
def table():
    return copy.deepcopy(read_yaml(DATA / "op_ed.yaml"))


def refused(content: object, words: str) -> None:
    with pytest.raises(SkyShieldError, match=words) as caught:
        read_claims(content, "a.yaml", load_thresholds(), OPTIONS)
    assert "\n" not in str(caught.value)
    assert re.match(r"a\.yaml: ", str(caught.value))


def part(table: dict, name: str = "sensible_now", key: str = "country") -> dict:
    return table["claims"][name]["parts"][key]


@pytest.mark.parametrize(("change", "words"), [
    (lambda t: part(t)["figure"].update(measure="morale"), "unknown measure 'morale'"),
    (lambda t: part(t)["figure"].update(option="moon"), "unknown 'moon'"),
    (lambda t: part(t)["figure"].update(to="moon"), "unknown 'moon'"),
    (lambda t: part(t)["figure"].update(week=3), "not a known field"),
    (lambda t: part(t, "promise_raises_pressure", "pressure")["figure"].update(answer="astrology"), "'astrology'"),
    (lambda t: part(t, "promise_raises_pressure", "pressure")["figure"].update(quantity="mood"), "'mood'"),
    (lambda t: part(t).update(threshold="a_lot"), "unknown 'a_lot'"),
    (lambda t: part(t).update(direction="sideways"), "unknown 'sideways'"),
    (lambda t: part(t).update(threshold="one_fewer"), "upside down: no effect at all would pass it"),
    (lambda t: part(t).update(direction="below", threshold="one_fewer"), "upside down for prevented_armed"),
    (lambda t: part(t, "hitting_back_draws_in", "war").update(threshold="mass_event"), "upside down.*probability"),
    (lambda t: part(t).update(tried_in="headline"), "unknown 'headline'"),
    (lambda t: part(t).update(tried_in="phases", because="so"), "does not go with its figure"),
    (lambda t: part(t, "possible_now", "works_in_war")["figure"].update(measure="leaked/uav"), "of a phase, and the"),
    (lambda t: part(t, "possible_now", "works_in_war").pop("because"), "does not go with its figure"),
    (lambda t: t["claims"]["sensible_now"].update(parts={}), "holds nothing"),
    (lambda t: t["claims"]["sensible_now"].pop("parts"), "either parts or what would test it"),
    (lambda t: t["claims"]["sensible_now"].update(not_testable="a survey"), "either parts or what would test it"),
    (lambda t: t["claims"]["sensible_now"].update(kind="hope"), "unknown 'hope'"),
    (lambda t: t["claims"]["sensible_now"].pop("says"), "is missing"),
    (lambda t: t["claims"]["sensible_now"]["place"].update(paragraph=99), "is 99"),
    (lambda t: t["claims"]["sensible_now"].update(side="martians"), "unknown 'martians'"),
    (lambda t: t["claims"]["sensible_now"].update(side="aid", place={"source": "x"}), "unknown source 'x'"),
    (lambda t: t.update(claims=[]), "holds nothing"),
    (lambda t: t.update(claims=None), "holds nothing"),
    (lambda t: t.pop("fixed"), "is missing"),
])
def test_whatever_is_wrong_in_a_table_is_told_in_one_line(table, change, words):
    change(table)
    refused(table, words)


@pytest.mark.parametrize("content", [None, [], "claims", 3])
def test_a_file_that_is_no_table_is_told(content):
    with pytest.raises(SkyShieldError, match="is not a list of fields"):
        read_claims(content, "a.yaml", load_thresholds(), OPTIONS)


@pytest.mark.parametrize(("field", "value", "words"), [
    ("value", "much", "is 'much'"), ("value", True, "is True"), ("value", float("nan"), "is nan"),
    ("days", 0, "is 0"), ("days", True, "is True"), ("days", 1.5, "is 1.5"), ("source", ["nobody"], "unknown source"),
])
def test_whatever_is_wrong_in_a_threshold_is_told(field, value, words):
    content = copy.deepcopy(read_yaml(DATA / "thresholds.yaml"))
    content["thresholds"]["one_fewer"][field] = value
    with pytest.raises(SkyShieldError, match=words):
        read_thresholds(content, "t.yaml")
