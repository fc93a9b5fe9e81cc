"""The price of a clause on the page: the numbers of the study, leakers turned into threats prevented in the figure.

Tried against mutations: ends that do not change places when the sign turns; a kind that falls drawn like one that
rises; money not in millions; kinds of one clause shown under another. Each fails at least one test.
"""

import re

import numpy as np
import pytest

from skyshield.report.sections import clauses
from skyshield.report.sections.incidents_in_full import kind_label
from skyshield.report.text import number
from skyshield.rules import CLAUSES
from skyshield.study.clauses import clause_prices
from skyshield.study.result import MEASURES
from support.handmade import holding, result_of

OPTIONS = ["own", "zone", "zone_without_standoff_russia", "zone_without_zone"]
DROPPED = {name: ("zone", name.removeprefix("zone_without_")) for name in OPTIONS[2:]}
LABELS = {"own": "Own", "zone": "Zone <of> hours"}
POLAND, NEAR = "incidents/crossing_poland", "incidents/engagement_near_front"


@pytest.fixture
def prices():
    wide, two = np.array([[0.0, 0.0], [4.0, 4.0]]), np.full((2, 2), 2.0)
    filled = {("zone", "leaked_zone"): 10.0 + 0.0 * wide, ("zone", "refused_by/standoff_russia"): two,
              (OPTIONS[2], "leaked_zone"): 10.0 - wide, (OPTIONS[2], POLAND): 2.0 * wide, ("zone", NEAR): two,
              (OPTIONS[3], NEAR): two, (OPTIONS[2], "incidents/fratricide"): two / 4,
              (OPTIONS[2], "cost_eur"): 3e6 * two, (OPTIONS[3], "leaked_zone"): 10.0 + 0.0 * wide}
    return clause_prices(result_of(OPTIONS, filled), DROPPED)


def test_a_row_has_both_sides_with_their_intervals(prices):
    table = clauses.trade_table(prices, "zone", "Zone", 30)
    assert table.head == ("Clause dropped", "Leakers in the protected area", "Leakers in the country",
                          "Friendly fire between aircraft", "Casualties", "Cost, EUR million", "Refused because of it")
    first, second = table.rows
    assert str(first[0]) == "the distance from Russia<br><code>standoff_russia</code>"
    assert first[1:] == ("−2 (−4 to −0.1)", "0", "0.50", "0", "6", "2")
    assert second[1:] == ("0", "0", "0", "0", "0", "–")


def test_kinds_stand_under_their_clause_and_are_not_added_up(prices):
    table = clauses.kinds_table(prices, "zone", "Zone", 30)
    assert table.head == ("Kind of incident", "Without the distance from Russia", "Without the zone")
    assert {row[0]: row[1:] for row in table.rows} == {
        "A threat crosses into Poland": ("4 (0.2 to 8)", "0"),
        "A threat is shot at near the front, over Ukraine": ("−2", "0"),
        kind_label("fratricide"): ("0.50", "0")}
    assert clauses.kinds_table(prices[1:], "zone", "Zone", 30) is None


def test_the_figure_sets_prevented_against_incidents(prices):
    figure = clauses.figure(prices, LABELS, 30)
    assert figure.svg == clauses.figure(prices, LABELS, 30).svg
    sentence = figure.svg[figure.svg.index("<desc"):figure.svg.index("</desc>")]
    start = "Zone &lt;of&gt; hours, without the distance from Russia: more prevented in the protected area 2, "
    assert start in sentence
    assert "A threat crosses into Poland 4" in sentence and "near the front, over Ukraine −2" in sentence
    turned = clauses._turned(prices[0]["trade"]["leaked_zone"])
    assert (turned["delta"], number(turned["lo"]), number(turned["hi"])) == (2.0, "0.10", "3.9")
    assert clauses.figure(prices[1:], LABELS, 30).svg  # nothing changes: no mark, no legend


def test_a_kind_that_becomes_rarer_has_a_minus(prices):
    figure = clauses.figure(prices, LABELS, 30)
    words = " ".join(re.findall(r">([^<]+)<", figure.svg))
    assert "Poland +4" in words and "−2" in words and "+−" not in words


def test_without_incidents_the_figure_shows_the_country(monkeypatch):
    columns = tuple(c for c in MEASURES if not c.startswith(("incidents/", "casualties", "refused_by/")))
    holding(monkeypatch, columns)
    actual = clauses.section(clause_prices(result_of(OPTIONS, {
        (OPTIONS[2], "leaked/uav"): np.full((2, 2), -3.0)}, columns), DROPPED), LABELS, 30)
    assert not actual.counted
    assert "fewer leakers in the country 3" in actual.figure.svg
    assert [table.key for table in actual.tables] == ["clauses-zone"]
    assert clauses.section([], LABELS, 30) is None


def test_every_clause_has_words():
    assert all(clauses.clause_text(clause) != clause for clause in CLAUSES)
    assert len({clauses.clause_text(clause) for clause in CLAUSES}) == len(CLAUSES)
