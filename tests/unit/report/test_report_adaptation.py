"""The report's section on the attacker's adaptation: what was computed stands there, the same bytes every time.

Tried against mutations: the rival's rows left out; the flag never set; `above` and `below` exchanged in words; an open
end of a price told as a dash. Each fails at least one test.
"""

import re

import pytest

from skyshield.adaptation.atlas import STATUSES
from skyshield.adaptation.summary import adapt
from skyshield.adaptation.sweep import AXES
from skyshield.catalogue import load_catalogue
from skyshield.report.adaptation_figures import atlas_figure, sweep_figure
from skyshield.report.adaptation_text import cost_cell, place_text
from skyshield.report.sections.adaptation import section
from skyshield.report.text import number
from skyshield.study.compare import PRIMARY
from support.command_line import FIXED
from support.studies import pages_of

OPEN = {name: value for name, value in FIXED.items() if name not in AXES}
LABELS = {"own": "Own", "region": "Region <of> the zone"}


@pytest.fixture(scope="module")
def opened(play):
    from skyshield.scenario import load

    return play(load("month").chosen(("region",)).model_copy(update={"days": 3, "assumptions": OPEN}))


@pytest.fixture(scope="module")
def adapted(opened):
    result, _, resolved = opened
    return adapt(resolved, result)


def test_the_page_has_the_section_only_when_it_was_played(opened, adapted, parse, made):
    both = pages_of(*opened, adapted)
    assert both == pages_of(*opened, adapted)
    read, short = parse(both.annex), parse(both.report)
    assert not read.faults and not read.stack and not short.faults
    assert "If the attacker adapts" in read.text and "If the attacker adapts" in short.text
    assert "figure-displacement" in {value for _, name, value in short.attributes if name == "id"}
    assert {"adaptation-region", "atlas-region", "atlas-axes"} <= set(read.tables)
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {"figure-adaptation", "figure-atlas"} <= set(ids)
    assert "#adaptation" not in made and "If the attacker adapts" not in made
    links = {value[1:] for tag, name, value in read.attributes if (tag, name) == ("a", "href") and value[0] == "#"}
    assert links <= set(ids)


def test_the_table_holds_every_point_and_the_rivals(adapted):
    shown = section(adapted, LABELS, 3, load_catalogue())
    (table,) = shown.tables
    assert len(table.rows) == len(adapted.points) + len(adapted.rival.points)
    assert table.rows[0][0] == "Reference: displacement δ 0, volume ν 1, class shift κ 0"
    for row, point in zip(table.rows, adapted.rows["region"], strict=False):
        assert row[1].startswith(number(point[PRIMARY]["delta"]))
        assert row[3].startswith(number(point["avoided"]["delta"]))
    assert table.rows[-1][0] == "The other rival model, displacement δ 1"
    assert table.rows[-1][3].startswith(number(adapted.rival.rows["region"][-1]["avoided"]["delta"]))


def test_break_evens_are_told_as_counts_of_cases(adapted):
    said = section(adapted, LABELS, 3, load_catalogue()).sentences
    assert len(said) == 4  # three answers, and displacement under the rival
    for sentence in said:
        assert "Of the 3 parameter vectors played" in sentence
        assert "not chances" in sentence
        assert not re.search("probab|likel", sentence)
    main, rival = (f.break_even["region"]["displacement"]["avoided"] for f in (adapted, adapted.rival))
    assert ("FLAG" in said[1]) == (main["value_is"] != rival["value_is"])
    assert "evenly along their way and not in part near aims" in said[1]


def test_a_flag_stands_where_only_one_model_has_a_break_even(adapted):
    row = adapted.rival.break_even["region"]["displacement"]["avoided"]
    before = dict(row)
    try:
        row.update(value=None, value_is="below")
        adapted.break_even["region"]["displacement"]["avoided"].update(value_is="above")
        sentence = section(adapted, LABELS, 3, load_catalogue()).sentences[1]
        assert "FLAG: where the benefit is gone depends on which of the two models holds." in sentence
        assert "not above zero even at 0" in sentence
    finally:
        row.update(before)


def test_places_and_prices_in_words():
    row = {"value": None, "value_is": "below", "lo": 1.0275, "lo_is": None, "from": 0.8, "to": 1.3}
    assert (place_text(row), place_text(row, "lo")) == ("below 0.8", "1.028")
    assert place_text({"value": None, "value_is": "above", "from": 0.0, "to": 1.0}) == "above 1"
    slice_ = {"cost": [2.0, 3.0, None, None], "lo": [1.0, 1.5, 4.0, None], "hi": [3.0, None, None, None]}
    assert [cost_cell(slice_, k) for k in range(4)] == [
        "2 (1 to 3)", "3 (1.5 or more)", "aid at any price (4 or more)", "aid at any price"]


def test_figures_are_the_same_bytes_and_say_their_numbers(adapted):
    for draw in (sweep_figure, atlas_figure):
        one, two = (draw(adapted, ["region"], LABELS, 3) for _ in range(2))
        assert one.svg == two.svg
        assert "&lt;of&gt;" in one.svg and "<of>" not in one.svg
    row = adapted.rows["region"][0]["avoided"]
    assert f"at δ 0 {number(row['delta'])}" in sweep_figure(adapted, ["region"], LABELS, 3).svg
    cost = adapted.atlas["region"]["slices"][0]["cost"][0]
    assert f"relief 0: {number(cost)}" in atlas_figure(adapted, ["region"], LABELS, 3).svg


def test_every_axis_shows_its_status(adapted):
    table = section(adapted, LABELS, 3, load_catalogue()).evidence
    assert [row[1] for row in table.rows] == ["not identified", *["assumption interval"] * 3]
    assert {row[1] for row in table.rows} <= set(STATUSES)


def test_a_study_without_forces_has_nothing_to_answer(play, parse):
    from skyshield.scenario import load

    asked = load("month").chosen(("region",))
    asked = asked.model_copy(update={"days": 1, "assumptions": OPEN, "options": (asked.option("own"),)})
    result, comparison, resolved = play(asked, vectors=2)
    read = parse(pages_of(result, comparison, resolved, adapt(resolved, result)).annex)
    assert "there is nothing to adapt to" in read.text
    assert not read.faults
