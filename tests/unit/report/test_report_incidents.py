"""Incidents and people on the page: numbers of the study beside what the articles name.

Tried against mutations: the articles exchanged; P(any) and P(at least 10) exchanged; the baseline's number shown for
the option's; alert hours shown in full instead of as a difference; the envelope of the option instead of that of the
difference; silent options left out without a word. Each fails at least one test.
"""

import dataclasses

import numpy as np
import pytest

from skyshield.report.sections import incidents_in_full as incidents
from skyshield.rules.legal import load_legal
from skyshield.study import compare
from skyshield.study.compare import options_summary
from skyshield.study.result import MEASURES
from support.handmade import holding, result_of

OPTIONS = ["own", "zone", "money"]
LABELS = {"own": "Own", "zone": "Zone", "money": "Money"}
POLAND, FRATRICIDE = "incidents/crossing_poland", "incidents/fratricide"


def actual(casualties=((0.0, 0.0), (0.0, 0.0)), moved=2.0):
    """Two arms: the headline, and one with twice the fratricide and ten times the casualties."""
    one = np.ones((2, 2, 2))
    hurt = np.stack([np.array(casualties), 10.0 * np.array(casualties)])
    result = result_of(OPTIONS, {
        ("own", POLAND): 3.0 * one, ("zone", POLAND): 5.0 * one, ("money", POLAND): 3.0 * one,
        ("zone", FRATRICIDE): one * np.array([1.0, moved])[:, None, None],
        ("zone", "people_by_role_h/aircrew_over_ukraine"): 70.0 * one, ("zone", "people_exposed_h"): 90.0 * one,
        ("zone", "casualties"): hurt, ("own", "alert_person_hours"): 5e6 * one,
        ("zone", "alert_person_hours"): 4e6 * one}, arms=({}, {"fratricide_per_engagement": "high"}))
    return incidents.section(compare(result, "own"), options_summary(result), LABELS, 30)


def test_kinds_with_their_law():
    shown = actual()
    (table,) = shown.tables
    assert table.key == "incidents-zone"
    rows = {str(row[0]).partition("<code>")[2].removesuffix("</code>"): row for row in table.rows}
    assert set(rows) == {"crossing_poland", "fratricide"}
    assert rows["crossing_poland"][1:7] == ("inside", "inside", "5", "3", "2", "2")
    assert rows["fratricide"][1:7] == ("outside", "outside", "1", "0", "1", "1 to 2")
    law = load_legal()
    for kind, row in rows.items():
        assert row[-1] == law.kind(kind).reason
        assert str(row[0]).startswith(law.kind(kind).what)
    assert law.kind("embassy_struck").what in table.note
    assert shown.silent == "“Money”: the same incidents as in “Own” in every replication."
    assert any(line.startswith("nat6: North Atlantic Treaty") for line in shown.law)


def test_articles_are_not_exchanged():
    law = load_legal()
    odd = dataclasses.replace(law.kind("crossing_poland"), article_6=True, article_42_7=False)
    law = dataclasses.replace(law, kinds=(odd,))
    one = np.ones((1, 1))
    result = result_of(["own", "zone"], {("zone", POLAND): one, ("zone", FRATRICIDE): one})
    table = incidents.incident_table(compare(result, "own"), options_summary(result), "zone", LABELS, 30, law)
    assert [row[1:3] for row in table.rows] == [("inside", "outside"), ("–", "–")]
    assert str(table.rows[1][0]).startswith("fratricide") is False and table.rows[1][-1] == ""


def test_people_casualties_and_alert():
    tables = {table.key: table for table in actual(((0.0, 1.0), (10.0, 3.0))).people}
    people = dict(zip(tables["people"].head, tables["people"].rows[1], strict=True))
    assert (people["Option"], people["aircrew over Ukraine"]) == ("Zone", "70")
    assert people["over and on Ukraine together"] == "90"
    casualties = {row[0]: row[1:] for row in tables["casualties"].rows}
    assert casualties["Own"] == ("0", "0", "0%", "0%", "0%", "0%")
    assert casualties["Zone"][0].startswith("4 ")
    assert casualties["Zone"][2:] == ("75%", "75%", "25%", "25% to 75%")
    assert tables["alert-hours"].rows == (("Zone", "−1", "−1"), ("Money", "−5", "−5"))
    assert "million person-hours" in tables["alert-hours"].caption


def test_without_incidents_there_is_no_section(monkeypatch, study):
    holding(monkeypatch, tuple(c for c in MEASURES if not c.startswith("incidents/")))
    assert incidents.section(study[1], options_summary(study[0]), {}, 3) is None


def test_what_it_cannot_claim_is_said(read, annex):
    for words in ("no casualty of one has been recorded", "most of them assumptions", "for governments to decide"):
        assert words in read.text and words in annex.text
    assert {"incidents-region", "people", "casualties", "alert-hours"} <= set(annex.tables)


def test_the_report_has_the_kinds_that_change_most_and_the_annex_all(read, annex):
    head, *short = read.tables["incidents-in-short"]
    full = {row[0].partition("\n")[0]: row for row in annex.tables["incidents-region"][1:]}
    assert len(head) == 7 and 1 <= len(short) <= 5
    assert all(row == [row[0], *full[row[0]][1:-1]] for row in short)


def test_options_with_the_same_incidents_share_a_table():
    one = np.ones((2, 2))
    same = {(name, POLAND): 2.0 * one for name in ("zone", "money")}
    result = result_of(OPTIONS, same)
    shown = incidents.section(compare(result, "own"), options_summary(result), LABELS, 30)
    (table,) = shown.tables
    assert table.caption.startswith("Zone and Money: expected number")


@pytest.mark.parametrize("column", [c for c in MEASURES if c.startswith("incidents/")])
def test_every_counted_kind_is_in_the_table_of_law(column):
    kind = column.removeprefix("incidents/")
    assert incidents.kind_label(kind) == load_legal().kind(kind).what
