"""Each yardstick both ways: inside with a few words, outside with one sentence that says why.

Tried against mutations: each comparison turned round; the cost judged at the wrong end of the yardstick; an option with
nothing left of the interests let through; a claim bias that is not the headline's. Each fails at least one test.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.report import page, verdicts
from skyshield.report.bounds import Range, Yardstick
from skyshield.report.verdicts import by_cost, by_interests, by_leakers, cost_each
from skyshield.study import Comparison, compare
from skyshield.study.result import MEASURES
from skyshield.theatre.matrix import InterestRow

STICKS = [Yardstick("addressable_leakers_linear", 0.0, Range(100.0, 200.0, 400.0), Range(1.0, 2.0, 4.0)),
          Yardstick("addressable_leakers_mixture", 0.0, Range(300.0, 600.0, 1200.0), Range(3.0, 6.0, 12.0)),
          Yardstick("addressable_leakers_mixture", 0.5, Range(600.0, 1200.0, 9e9), Range(6.0, 12.0, 24.0))]
NOTHING = {"delta": None, "lo": None, "hi": None, "mcse": None}


def row(delta, lo=None, hi=None, **more):
    return {"delta": delta, "lo": lo, "hi": hi, "mcse": 0.1} | more


def interest(status, share):
    fields = {field.name: None for field in dataclasses.fields(InterestRow)}
    return InterestRow(**(fields | {"interest": "x", "label": "X", "standoff": "s", "status": status, "share": share,
                                    "windows": ()}))


def test_leakers_both_ways():
    inside = by_leakers("Zone", row(5.0, 2.0, 9.0), 30, STICKS)
    assert inside.inside and inside.sentence == ""
    assert inside.brief.startswith("its mean is 30% and 10% of the centres; ")
    outside = by_leakers("Zone", row(90.0, 50.0, 120.0), 30, STICKS)  # 1,461 a year against 1,200
    assert outside.inside is False and outside.sentence.startswith("Zone: the headline comes to")
    assert by_leakers("Zone", row(5.0), 0, STICKS).inside is None
    assert by_leakers("Zone", NOTHING, 30, STICKS).inside is None


def test_interests_both_ways():
    found = by_interests("Zone", row(3.0), [interest("inside", 1.0), interest("outside", 0.0)])
    assert (found.inside, found.brief, found.sentence) == (True, "1 inside, 1 outside", "")
    gone = [interest("outside", 0.0)] * 5
    outside = by_interests("Zone", row(3.0), gone)
    assert outside.inside is False
    assert "leave NOTHING of the 5 interests inside, and yet it prevents 3 threats" in outside.sentence
    assert by_interests("Zone", row(0.0), gone).inside  # nothing is claimed
    assert by_interests("Zone", NOTHING, gone).inside
    part = by_interests("Zone", row(3.0), [interest("outside", 0.0), interest("outside", 0.4)])
    assert (part.inside, part.brief) == (True, "2 outside, of one 40% stays")
    assert by_interests("Aid", row(3.0), None).inside is None


def test_cost_both_ways():
    year = 365.25
    whole = {"prevented_zone": row(1.0)}  # in 1 day: 365.25 a year
    planned = 365.25e6
    each = by_cost("Zone", whole, 1, STICKS, planned)  # a million each; perfect: 365.25 / 1,200
    assert (each.inside, each.brief) == (True, "EUR 1 million each; at least 0.30")
    many = by_cost("Zone", {"prevented_zone": row(1201.0 / year)}, 1, STICKS, planned)
    assert many.inside is False
    assert "costs EUR 0.30 million, LESS than the 0.30 million" in many.sentence
    assert by_cost("Zone", {"prevented_zone": row(1199.0 / year)}, 1, STICKS, planned).inside
    none = by_cost("Zone", {"prevented_zone": row(-1.0)}, 1, STICKS, planned)
    assert none.brief == "nothing prevented; at least 0.30"
    assert by_cost("Zone", whole, 1, STICKS, None).inside is None
    assert by_cost("Zone", whole, 0, STICKS, planned).inside is None
    assert by_cost("Zone", {"prevented_zone": NOTHING}, 1, STICKS, planned).inside is None


def test_one_sentence_for_each_that_lies_outside():
    rows = {"near": {"prevented_zone": row(5.0, 4.0, 6.0)}, "far": {"prevented_zone": row(900.0, 800.0, 1000.0)}}
    found = verdicts.verdicts(Comparison("own", rows), {"near": "Near", "far": "Far"}, 30, STICKS,
                              {"near": [interest("inside", 1.0)], "far": [interest("outside", 0.0)]},
                              {"near": 1e9, "far": 1e6})
    assert [said.partition(":")[0] for said in found.outside] == ["Far"] * 3
    assert "outside" not in "".join(map(str, found.table.rows[0]))
    assert [str(cell).count('class="status outside"') for cell in found.table.rows[1]] == [0, 0, 1, 1, 1]
    assert "200 or 600 a year" in found.table.head[2]


def test_cost_each_turns_the_interval_over():
    planned = {"planned_cost_eur": row(60e6)}
    assert cost_each(planned, row(10.0, 5.0, 20.0)) == "6 (3 to 12)"
    assert cost_each(planned, row(10.0, -1.0, 20.0)) == "6 (no upper end: the interval reaches zero)"
    assert cost_each(planned, row(10.0)) == "6"
    assert cost_each(planned, row(-1.0, -2.0, 1.0)) == "–"
    assert cost_each({"planned_cost_eur": row(0.0)}, row(10.0, 5.0, 20.0)) == "–"


def test_the_page_judges_every_option_and_names_what_is_wrong(study, read, parse):
    (cells,) = read.tables["yardsticks"][1:]
    assert [cell.partition("\n")[0] for cell in cells[2:]] == ["inside"] * 3
    assert cells[3].endswith("3 inside, 1 undecided, 1 outside")
    result, _, resolved = study
    values = np.stack(result.values)
    values[..., 1, MEASURES.index("prevented_zone")] += 1000.0
    far = dataclasses.replace(result, values=tuple(values))
    other = parse(page(far, compare(far, "own"), resolved))
    assert [cell.partition("\n")[0] for cell in other.tables["yardsticks"][1][2:]] == ["outside", "inside", "outside"]
    assert "LESS than the" in other.text and "It is OUTSIDE the yardsticks" in other.text


@pytest.mark.parametrize("word", ["outside", "OUTSIDE", "LESS than", "NOTHING of"])
def test_the_page_does_not_cry_wolf(made, word):
    answer = made[made.index("respect the yardsticks?"):made.index("Cost at perfect performance</h3>")]
    assert word not in answer.replace(", 1 outside", "").replace("is not outside", "")
