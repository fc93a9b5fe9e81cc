"""Each yardstick both ways: inside with a few words, outside with one sentence that says why."""

import dataclasses

import numpy as np
import pytest

from skyshield.bounds import verdicts as judge
from skyshield.report import verdicts
from skyshield.report.verdicts import by_cost, by_interests, by_leakers, cost_each
from skyshield.study import Comparison, compare
from skyshield.study.result import MEASURES
from support.studies import pages_of
from support.yardsticks import NOTHING, STICKS, interest, row


def test_leakers_both_ways():
    inside = by_leakers("Zone", judge.by_leakers(row(5.0, 2.0, 9.0), 30, STICKS))
    assert inside.inside and inside.sentence == ""
    assert inside.brief == "its mean is 30% and 10% of the centres; its upper end passes only the lowest figure"
    outside = by_leakers("Zone", judge.by_leakers(row(90.0, 50.0, 120.0), 30, STICKS))  # 1,461 a year against 1,200
    assert outside.inside is False
    assert outside.sentence.startswith("Zone: the headline comes to 1,100 (610 to 1,500) a year; its mean is 550% of "
                                       "the 200 and 180% of the 600 in the table. It is OUTSIDE the yardsticks: ")
    assert "above 1,200, the most leakers" in outside.sentence
    more = by_leakers("Zone", judge.by_leakers(row(-1.0, -2.0, -0.5), 30, STICKS))
    assert more.inside is False and "makes more threats arrive" in more.sentence
    assert by_leakers("Zone", judge.by_leakers(NOTHING, 30, STICKS)).brief == "no raid was played"


def test_interests_both_ways():
    def said(found_row, interests):
        return by_interests("Zone", judge.by_interests(found_row, interests), found_row["delta"])

    actual = said(row(3.0), [interest("inside", 1.0), interest("outside", 0.0)])
    assert (actual.inside, actual.brief, actual.sentence) == (True, "1 inside, 1 outside", "")
    outside = said(row(3.0), [interest("outside", 0.0)] * 5)
    assert outside.inside is False
    assert "leave NOTHING of the 5 interests inside, and yet it prevents 3 threats" in outside.sentence
    part = said(row(3.0), [interest("outside", 0.0), interest("outside", 0.4)])
    assert (part.inside, part.brief) == (True, "2 outside, of one 40% stays")
    assert said(row(3.0), None).brief == "it has no zone of its own"


def test_cost_both_ways():
    def said(prevented, days, planned):
        return by_cost("Zone", judge.by_cost({"prevented_zone": prevented}, days, STICKS, planned))

    planned = 365.25e6
    each = said(row(1.0), 1, planned)
    assert (each.inside, each.brief) == (True, "EUR 1 million each; at least 0.30")
    many = said(row(1201.0 / 365.25), 1, planned)
    assert many.inside is False
    assert "costs EUR 0.30 million, LESS than the 0.30 million" in many.sentence
    assert said(row(-1.0), 1, planned).brief == "nothing prevented; at least 0.30"
    assert said(row(1.0), 1, None).brief == "no money is planned"
    assert said(row(1.0), 0, planned).brief == "no raid was played"


def test_one_sentence_for_each_that_lies_outside():
    rows = {"near": {"prevented_zone": row(5.0, 4.0, 6.0)}, "far": {"prevented_zone": row(900.0, 800.0, 1000.0)}}
    comparison = Comparison("own", rows)
    judged = judge.verdicts(comparison, 30, STICKS,
                            {"near": [interest("inside", 1.0)], "far": [interest("outside", 0.0)]},
                            {"near": 1e9, "far": 1e6})
    actual = verdicts.verdicts(comparison, {"near": "Near", "far": "Far"}, STICKS, judged)
    assert [sentence.partition(":")[0] for sentence in actual.outside] == ["Far"] * 3
    assert "outside" not in "".join(map(str, actual.table.rows[0]))
    assert [str(cell).count('class="status outside"') for cell in actual.table.rows[1]] == [0, 0, 1, 1, 1]
    assert "200 or 600 a year" in actual.table.head[2]


def test_cost_each_turns_the_interval_over():
    planned = {"planned_cost_eur": row(60e6)}
    assert cost_each(planned, row(10.0, 5.0, 20.0)) == "6 (3 to 12)"
    assert cost_each(planned, row(10.0, -1.0, 20.0)) == "6 (no upper end: the interval reaches zero)"
    assert cost_each(planned, row(10.0)) == "6"
    assert cost_each(planned, row(-1.0, -2.0, 1.0)) == "–"
    assert cost_each({"planned_cost_eur": row(0.0)}, row(10.0, 5.0, 20.0)) == "–"


def test_the_page_judges_every_option_and_names_what_is_wrong(study, annex, parse):
    (cells,) = annex.tables["yardsticks"][1:]
    assert [cell.partition("\n")[0] for cell in cells[2:]] == ["inside"] * 3
    assert cells[3].endswith("3 inside, 1 undecided, 1 outside")
    result, _, resolved = study
    values = np.stack(result.values)
    values[..., 1, MEASURES.index("prevented_zone")] += 1000.0
    far = dataclasses.replace(result, values=tuple(values))
    other = parse(pages_of(far, compare(far, "own"), resolved).annex)
    assert [cell.partition("\n")[0] for cell in other.tables["yardsticks"][1][2:]] == ["outside", "inside", "outside"]
    assert "LESS than the" in other.text and "It is OUTSIDE the yardsticks" in other.text


@pytest.mark.parametrize("word", ["outside", "OUTSIDE", "LESS than", "NOTHING of"])
def test_the_page_does_not_cry_wolf(both, word):
    made = both.annex
    answer = made[made.index("respect the yardsticks?"):made.index("Cost at perfect performance</h3>")]
    assert word not in answer.replace(", 1 outside", "").replace("is not outside", "")
