"""Who decides and what may follow, as an agreement says it.

Tried to fail: a member named twice let through.
"""

import copy

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.monitoring.agreement import load_agreement
from skyshield.monitoring.agreement.load import parse_agreement
from support.week import FOLDER

WEEK = read_yaml(FOLDER / "agreement.yaml")


def test_what_is_not_published_is_open():
    paris = load_agreement("paris-2026")
    assert paris.commission is not None and paris.commission.status == "open" and paris.commission.members == ()
    assert {remedy.status for remedy in paris.remedies.values()} == {"open"}
    assert load_agreement("minsk-2015").commission is None


@pytest.mark.parametrize(("fields", "what"), [
    ({"members": ["chair", "chair"]}, "names a member twice"), ({"members": []}, "members and a majority if agreed"),
    ({"majority": None}, "members and a majority if agreed"), ({"majority": "most"}, "is 'most'"),
    ({"status": "open"}, "open lacks either"), ({"source": "nowhere"}, "'nowhere' is named but not there"),
    ({"quorum": 2}, "is not a known key")])
def test_what_a_commission_may_not_be(fields, what):
    content = copy.deepcopy(WEEK)
    content["commission"].update(fields)
    with pytest.raises(SkyShieldError, match=what):
        parse_agreement(content, "week")
