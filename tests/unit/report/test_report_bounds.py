"""Page one: yardsticks in words and tables, and what the rules leave of the interests."""

import dataclasses

import numpy as np
import pytest

from skyshield.bounds.yardsticks import Range, yardsticks
from skyshield.catalogue import load_catalogue
from skyshield.report.verdicts import model_sentence
from support.command_line import FIXED
from support.studies import pages_of


def test_the_model_is_judged_in_words():
    sticks = yardsticks(load_catalogue(), 30)
    assert "agrees" in model_sentence(Range(500.0, 700.0, 900.0), sticks)
    assert "NOT agree" in model_sentence(Range(4300.0, 4500.0, 4900.0), sticks)


def test_page_says_when_the_headline_is_outside(study, parse):
    from skyshield.study import compare
    from skyshield.study.result import MEASURES

    result, _, resolved = study
    values = np.stack(result.values)
    values[..., 1, MEASURES.index("prevented_zone")] += 1000.0
    far = dataclasses.replace(result, values=tuple(values))
    made = pages_of(far, compare(far, "own"), resolved)
    for page in (made.report, made.annex):
        assert '<p class="outside">SkyShield over the region: the headline comes to' in page
        assert "It is OUTSIDE the yardsticks" in parse(page).text
    assert parse(made.report).tables["yardsticks-in-short"][1][1] == "outside"


def test_page_does_not_cry_wolf(made, annex):
    for text in (made, annex.text):
        assert "It is OUTSIDE" not in text and "NOT agree" not in text


def test_addressable_table_on_the_page(annex):
    rows = annex.tables["addressable"][1:]
    assert [row[1:3] for row in rows] == [["0", "530 (160 to 930)"], ["0", "1,080 (390 to 2,360)"],
                                          ["0.5", "1,060 (320 to 1,860)"], ["0.5", "2,160 (780 to 4,720)"]]
    assert rows[0][3] == f"{530 * 3 / 365.25:.1f} (1.3 to 7.6)"


def test_cost_table_on_the_page(study, annex):
    planned = study[1].rows["region"]["planned_cost_eur"]["delta"] / 3 * 365.25 / 1e6
    cells = annex.tables["perfect"][1]
    assert float(cells[1].replace(",", "")) == pytest.approx(planned, rel=0.05)
    assert float(cells[2].partition(" ")[0]) == pytest.approx(planned / 530, rel=0.05)


def test_the_matrix_names_the_interests_the_stand_offs_delete(read, annex):
    assert "delete half or more of “Black Sea and Danube ports” (50% stays in)" in read.text
    assert "“Embassies and their staff in Kyiv” undecided" in read.text
    assert "delete half or more of “Black Sea and Danube ports” (50% stays in)" in annex.text
    head, *rows = annex.tables["interests"]
    assert len(rows) == 5
    own = next(k for k, name in enumerate(head) if "(as region)" in name)
    assert [row[own].partition("\n")[0] for row in rows] == ["undecided", "inside", "inside", "outside", "inside"]
    assert rows[0][head.index("Russia 300 km")].partition("\n")[0] == "outside"


def test_a_narrower_zone_deletes_more_than_its_stand_offs(play, parse):
    from skyshield.rules import ZoneClause
    from skyshield.scenario import load

    region = load("month").option("region")
    lviv = region.model_copy(update={"name": "lviv", "label": "Lviv alone", "rules": region.rules.model_copy(
        update={"zone": ZoneClause(scope="city", places=("Lviv",), radius="50 km")})})
    two = load("month").chosen(("region",))
    base = two.model_copy(update={"days": 1, "options": (*two.options, lviv), "assumptions": FIXED})
    read = parse(pages_of(*play(base, vectors=2, replications=1)).annex)
    assert "The zone and stand-offs of “Lviv alone” delete “Embassies and their staff in Kyiv”" in read.text
    sites = {row[0]: row[1] for row in read.tables["sites-lviv"]}
    assert sites["Rivne NPP"] == "outside"
    assert {row[0]: row[1] for row in read.tables["sites-region"]}["Rivne NPP"] == "inside"
