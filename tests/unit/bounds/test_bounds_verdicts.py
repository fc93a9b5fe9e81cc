"""Each yardstick both ways: inside with its reason, outside with another.

Tried against mutations: each comparison turned round; the cost judged at the wrong end of the yardstick; an option with
nothing left of the interests let through; a claim bias that is not the headline's. Each fails at least one test.
"""

import pytest

from skyshield.bounds.verdicts import by_cost, by_interests, by_leakers, verdicts
from skyshield.study import Comparison
from support.yardsticks import NOTHING, STICKS, interest, row


def test_leakers_both_ways():
    inside = by_leakers(row(5.0, 2.0, 9.0), 30, STICKS)
    assert (inside.inside, inside.reason) == (True, "above_least")
    outside = by_leakers(row(90.0, 50.0, 120.0), 30, STICKS)  # 1,461 a year against 1,200
    assert (outside.inside, outside.reason) == (False, "above_most")
    for nothing in (by_leakers(row(5.0), 0, STICKS), by_leakers(NOTHING, 30, STICKS)):
        assert (nothing.inside, nothing.reason, nothing.per_year) == (None, "no_raid", None)


def test_interests_both_ways():
    result = by_interests(row(3.0), [interest("inside", 1.0), interest("outside", 0.0)])
    assert (result.inside, result.reason, result.max_share) == (True, "something_left", 1.0)
    assert result.counts == {"inside": 1, "undecided": 0, "outside": 1}
    all_outside = [interest("outside", 0.0)] * 5
    outside = by_interests(row(3.0), all_outside)
    assert (outside.inside, outside.reason, outside.counts["outside"]) == (False, "nothing_left", 5)
    for claims_nothing in (row(0.0), NOTHING):
        assert by_interests(claims_nothing, all_outside).inside
    part = by_interests(row(3.0), [interest("outside", 0.0), interest("outside", 0.4)])
    assert (part.inside, part.max_share) == (True, 0.4)
    assert by_interests(row(3.0), None).inside is None


def test_cost_both_ways():
    year = 365.25
    headline = {"prevented_zone": row(1.0)}  # in 1 day: 365.25 a year
    planned = 365.25e6
    each = by_cost(headline, 1, STICKS, planned)  # a million each; perfect: 365.25 / 1,200
    assert each.inside
    assert (each.eur_m_per_threat, each.min_eur_m_per_threat) == (pytest.approx(1.0), pytest.approx(0.304375))
    many = by_cost({"prevented_zone": row(1201.0 / year)}, 1, STICKS, planned)
    assert (many.inside, many.reason) == (False, "cheaper")
    assert by_cost({"prevented_zone": row(1199.0 / year)}, 1, STICKS, planned).inside
    none = by_cost({"prevented_zone": row(-1.0)}, 1, STICKS, planned)
    assert (none.inside, none.reason, none.eur_m_per_threat) == (True, "nothing_prevented", None)
    assert by_cost(headline, 1, STICKS, None).reason == "no_money"
    for row_, days in ((headline, 0), ({"prevented_zone": NOTHING}, 1)):
        assert by_cost(row_, days, STICKS, planned).inside is None


def test_every_option_is_judged_by_every_yardstick():
    rows = {"near": {"prevented_zone": row(5.0, 4.0, 6.0)}, "far": {"prevented_zone": row(900.0, 800.0, 1000.0)}}
    result = verdicts(Comparison("own", rows), 30, STICKS,
                      {"near": [interest("inside", 1.0)], "far": [interest("outside", 0.0)]}, {"near": 1e9, "far": 1e6})
    assert [(verdict.leakers.inside, verdict.interests.inside, verdict.cost.inside) for verdict in result.values()] == [
        (True, True, True), (False, False, False)]
