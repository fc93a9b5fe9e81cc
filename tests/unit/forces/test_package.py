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
    (FighterPackage(**FIGHTERS, start="after_ceasefire"), 2, [0, 0, 0, 1, 1]),
    (FighterPackage(**FIGHTERS, start="after_ceasefire"), 4, [0, 0, 0, 0, 1]),
    (AidPackage(**AID), 4, [1, 1, 1, 1, 1])])
def test_what_needs_an_agreement_is_there_after_the_lead_time(package, lead_days, there):
    assert package.presence(PHASES, lead_days).tolist() == there
