"""The price of a clause on the page: the numbers of the study, leakers turned into threats prevented in the figure.

Tried against mutations: ends that do not change places when the sign turns; the second panel of another measure; money
not in millions; kinds of one clause shown under another. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.report import clauses
from skyshield.report.words import number
from skyshield.rules import CLAUSES
from skyshield.study.clauses import clause_prices
from support.handmade import counted, holding, result_of

NAMES = ("incidents/crossing_poland", "incidents/fratricide", "casualties", "refused_by/standoff_russia")
OPTIONS = ["own", "zone", "zone_without_standoff_russia", "zone_without_zone"]
DROPPED = {name: ("zone", name.removeprefix("zone_without_")) for name in OPTIONS[2:]}
LABELS = {"own": "Own", "zone": "Zone <of> hours"}


@pytest.fixture
def prices(monkeypatch):
    columns = counted(monkeypatch, *NAMES)
    wide, two = np.array([[0.0, 0.0], [4.0, 4.0]]), np.full((2, 2), 2.0)
    filled = {("zone", "leaked_zone"): 10.0 + 0.0 * wide, ("zone", "refused_by/standoff_russia"): two,
              (OPTIONS[2], "leaked_zone"): 10.0 - wide, (OPTIONS[2], "incidents/crossing_poland"): 2.0 * wide,
              (OPTIONS[2], "cost_eur"): 3e6 * two, (OPTIONS[3], "leaked_zone"): 10.0 + 0.0 * wide}
    return clause_prices(result_of(OPTIONS, filled, columns), DROPPED)


def test_a_row_has_both_sides_with_their_intervals(prices):
    table = clauses.trade_table(prices, "zone", "Zone", 30)
    assert table.head == ("Clause dropped", "Leakers in the protected area", "Leakers in the country", "Incidents",
                          "Of them fratricide", "Casualties", "Cost, EUR million", "Refused because of it")
    first, second = table.rows
    assert str(first[0]) == "the distance from Russia<br><code>standoff_russia</code>"
    assert first[1:] == ("−2 (−3.9 to −0.10)", "0", "4 (0.20 to 7.8)", "0", "0", "6", "2")
    assert second[1:] == ("0", "0", "0", "0", "0", "0", "–")


def test_kinds_stand_under_their_clause(prices):
    table = clauses.kinds_table(prices, "zone", "Zone", 30)
    assert table.head == ("Kind of incident", "Without the distance from Russia", "Without the zone")
    assert table.rows == (("A threat crosses into Poland", "4 (0.20 to 7.8)", "0"),)
    assert clauses.kinds_table(prices[1:], "zone", "Zone", 30) is None


def test_the_figure_sets_prevented_against_incidents(prices):
    figure = clauses.figure(prices, LABELS, 30)
    assert figure.svg == clauses.figure(prices, LABELS, 30).svg
    said = figure.svg[figure.svg.index("<desc"):figure.svg.index("</desc>")]
    assert ("Zone &lt;of&gt; hours, without the distance from Russia: more prevented in the protected area 2, "
            "incidents added 4") in said
    turned = clauses._turned(prices[0]["trade"]["leaked_zone"], -1.0)
    assert (turned["delta"], number(turned["lo"]), number(turned["hi"])) == (2.0, "0.10", "3.9")


def test_without_incidents_the_figure_shows_the_country(monkeypatch):
    columns = tuple(c for c in counted(monkeypatch) if not c.startswith(("incidents/", "casualties", "refused_by/")))
    holding(monkeypatch, columns)
    found = clauses.section(clause_prices(result_of(OPTIONS, {
        (OPTIONS[2], "leaked/uav"): np.full((2, 2), -3.0)}, columns), DROPPED), LABELS, 30)
    assert not found.counted
    assert "fewer leakers in the country 3" in found.figure.svg
    assert [table.key for table in found.tables] == ["clauses-zone"]
    assert clauses.section([], LABELS, 30) is None


def test_every_clause_has_words():
    assert all(clauses.clause_words(clause) != clause for clause in CLAUSES)
    assert len({clauses.clause_words(clause) for clause in CLAUSES}) == len(CLAUSES)
