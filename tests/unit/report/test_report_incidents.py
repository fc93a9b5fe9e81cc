"""Incidents and people on the page: numbers of the study beside what the articles name.

Tried against mutations: the articles exchanged; P(at least 10) read as more than 10; shares taken of the mean; the
baseline's number shown for the option's; alert hours shown in full instead of as a difference; silent options left
out without a word. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.report import incidents
from skyshield.rules.legal import load_legal
from skyshield.study import compare
from skyshield.study.compare import options_summary
from skyshield.study.result import MEASURES
from support.handmade import counted, holding, result_of

NAMES = ("incidents/crossing_poland", "incidents/fratricide", "incidents/ship_struck", "incidents/of_our_own",
         "people_by_role_h/pilots", "people_exposed_h", "casualties", "alert_person_hours")
OPTIONS = ["own", "zone", "money"]
LABELS = {"own": "Own", "zone": "Zone", "money": "Money"}


def found(monkeypatch, casualties=((0.0, 0.0), (0.0, 0.0))):
    columns = counted(monkeypatch, *NAMES)
    one = np.ones((2, 2))
    result = result_of(OPTIONS, {
        ("own", "incidents/crossing_poland"): 3.0 * one, ("zone", "incidents/crossing_poland"): 5.0 * one,
        ("money", "incidents/crossing_poland"): 3.0 * one, ("zone", "incidents/fratricide"): one,
        ("zone", "incidents/of_our_own"): one, ("zone", "people_by_role_h/pilots"): 70.0 * one,
        ("zone", "people_exposed_h"): 90.0 * one, ("zone", "casualties"): np.array(casualties),
        ("own", "alert_person_hours"): 5000.0 * one, ("zone", "alert_person_hours"): 4000.0 * one}, columns)
    return incidents.section(result, compare(result, "own"), options_summary(result), LABELS, 30), result


def test_kinds_with_their_law(monkeypatch):
    shown, _ = found(monkeypatch)
    (table,) = shown.tables
    assert table.key == "incidents-zone"
    rows = {str(row[0]).partition("<code>")[2].removesuffix("</code>"): row for row in table.rows}
    assert set(rows) == {"crossing_poland", "fratricide", "of_our_own"}
    assert rows["crossing_poland"][1:7] == ("inside", "inside", "5", "3", "2", "2")
    assert rows["fratricide"][1:6] == ("outside", "outside", "1", "0", "1")
    law = load_legal()
    for kind in ("crossing_poland", "fratricide"):
        assert rows[kind][-1] == law.kind(kind).reason
        assert str(rows[kind][0]).startswith(law.kind(kind).what)
    assert rows["of_our_own"][1:3] == ("–", "–") and rows["of_our_own"][-1] == ""
    assert "A coalition warship is struck on the high seas of the Black Sea" in table.note
    assert shown.silent == "“Money”: the same incidents as in “Own” in every replication."
    assert any(line.startswith("nat6: North Atlantic Treaty") for line in shown.law)


def test_articles_are_not_exchanged(monkeypatch):
    import dataclasses

    law = load_legal()
    place = dataclasses.replace(law.kind("crossing_poland"), article_6=True, article_42_7=False)
    assert (incidents._side(place, "article_6"), incidents._side(place, "article_42_7")) == ("inside", "outside")


def test_people_casualties_and_alert(monkeypatch):
    shown, _ = found(monkeypatch, ((0.0, 1.0), (10.0, 3.0)))
    tables = {table.key: table for table in shown.people}
    people = dict(zip(tables["people"].head, tables["people"].rows[1], strict=True))
    assert (people["Option"], people["pilots"], people["together"]) == ("Zone", "70", "90")
    casualties = {row[0]: row[1:] for row in tables["casualties"].rows}
    assert casualties["Own"][:3] == ("0", "0%", "0%")
    assert casualties["Zone"][0].startswith("3.5")
    assert casualties["Zone"][1].startswith("75%") and casualties["Zone"][2].startswith("25%")
    assert [row[:2] for row in tables["alert-hours"].rows] == [("Zone", "−1,000"), ("Money", "−5,000")]


def test_shares_are_those_of_the_periods_played(monkeypatch):
    numbers = np.random.default_rng(2).poisson(0.6, (40, 30)).astype(float)
    columns = counted(monkeypatch, *NAMES)
    failed = np.zeros((1, 40, 30), np.uint8)
    failed[0, 3] = 1
    numbers[3] = 50.0
    result = result_of(["own", "zone"], {("zone", "casualties"): numbers}, columns, failed=failed)
    sound = numbers[failed[0] == 0]
    shown = incidents.chance(result, "zone", 1.0)
    assert shown.startswith(f"{100 * (sound >= 1).mean():.0f}%")
    assert incidents.chance(result, "zone", incidents.TEN) == "0%"
    result.failed[:] = 1
    assert incidents.chance(result, "zone", 1.0) == "–"


def test_without_incidents_there_is_no_section(monkeypatch, study):
    holding(monkeypatch, tuple(c for c in MEASURES if not c.startswith("incidents/")))
    result = study[0]
    assert incidents.section(result, study[1], options_summary(result), {}, 3) is None


def test_what_it_cannot_claim_is_said(read):
    if incidents.counted():
        for words in ("no casualty of one has been recorded", "most of them assumptions", "for governments to decide"):
            assert words in read.text
    else:
        assert "Nothing here says that there would be none" in read.text


@pytest.mark.parametrize("column", [c for c in MEASURES if c.startswith("incidents/")])
def test_every_counted_kind_is_in_the_table_of_law(column):
    kind = column.removeprefix("incidents/")
    assert incidents.kind_label(kind) == load_legal().kind(kind).what
