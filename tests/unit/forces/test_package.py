"""When a package is there: after the zone's lead time if it needs an agreement, and in its phase."""

import pytest

from skyshield.forces.aid import AidPackage
from skyshield.forces.fighters import FighterPackage

PHASES = ("war", "war", "war", "ceasefire", "ceasefire")
FIGHTERS = {"kind": "fighters", "aircraft": 4, "serves": ("Kyiv",)}
AID = {"kind": "aid", "budget": "1 million EUR"}


@pytest.mark.parametrize(("package", "lead_days", "there"), [
    (FighterPackage(**FIGHTERS), 0, [1, 1, 1, 1, 1]), (FighterPackage(**FIGHTERS), 2, [0, 0, 1, 1, 1]),
    (FighterPackage(**FIGHTERS), 9, [0, 0, 0, 0, 0]),
    (FighterPackage(**FIGHTERS, start="at_ceasefire"), 2, [0, 0, 0, 1, 1]),
    (FighterPackage(**FIGHTERS, start="at_ceasefire"), 4, [0, 0, 0, 0, 1]),
    (FighterPackage(**FIGHTERS, start="after_ceasefire"), 0, [0, 0, 0, 1, 1]),
    (FighterPackage(**FIGHTERS, start="after_ceasefire"), 1, [0, 0, 0, 0, 1]),
    (FighterPackage(**FIGHTERS, start="in_a_few_years"), 0, [0, 0, 0, 0, 0]),
    (FighterPackage(**FIGHTERS, start=2), 4, [0, 1, 1, 1, 1]),
    (AidPackage(**AID), 4, [1, 1, 1, 1, 1])])
def test_what_needs_an_agreement_is_there_after_the_lead_time(package, lead_days, there):
    assert package.presence(PHASES, lead_days).tolist() == there


def test_what_was_decided_before_is_there_sooner_but_no_ceasefire_comes_sooner():
    early, at, after = (FighterPackage(**FIGHTERS, start=start) for start in (
        "before_ceasefire", "at_ceasefire", "after_ceasefire"))
    assert early.presence(PHASES, 4, 3).tolist() == [0, 1, 1, 1, 1]
    assert at.presence(PHASES, 4, 3).tolist() == [0, 0, 0, 1, 1]
    assert after.presence(PHASES, 1, 30).tolist() == [0, 0, 0, 0, 1]


def test_a_ceasefire_lasts_into_a_few_years_and_what_waits_for_these_waits():
    phases = ("war", "ceasefire", "ceasefire", "in_a_few_years", "war")
    after, later = (FighterPackage(**FIGHTERS, start=start) for start in ("after_ceasefire", "in_a_few_years"))
    assert after.presence(phases, 1).tolist() == [0, 0, 1, 1, 0]
    assert later.presence(phases, 9).tolist() == [0, 0, 0, 0, 0]
    assert later.presence(phases, 3).tolist() == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(("start", "days", "said"), [
    ("before_ceasefire", 5, ""), ("at_ceasefire", 5, ""), ("in_a_few_years", 5, "in_a_few_years"), (5, 5, ""),
    (6, 5, "on day 6")])
def test_a_start_that_never_comes_is_told(start, days, said):
    assert FighterPackage(**FIGHTERS, start=start).start_missing({"war", "ceasefire"}, days) == said
