"""The figures of break-even and of the months: titles, places and numbers, held against the document.

Tried against mutations: above and below exchanged in the words; bars in the colour of the other; a threshold not drawn;
the country's months drawn in the area's panel; names of lines not moved apart; names that begin too far right for a
telephone. Each fails at least one test.
"""

import dataclasses
import html
import re

import numpy as np
import pytest

from skyshield.report.breakeven_figures import LEVERS as LEVER_WORDS
from skyshield.report.breakeven_figures import breakeven_figure
from skyshield.report.month_figures import month_figure
from skyshield.report.pairs import pair_figure, pair_table, threshold_table, threshold_words
from skyshield.report.svg import AID, SKYSHIELD
from skyshield.report.text import number
from skyshield.scenario import load
from skyshield.study import StudyView, compare, run
from skyshield.study.compare import PRIMARIES
from skyshield.study.document import run_json
from skyshield.study.result import MEASURES
from support.command_line import FIXED
from support.studies import reading_of, resolved

OPEN = ("displacement", "launch_growth", "zone_agreement_time", "zone_basing_time", "zone_early_warning_time",
        "zone_training_time")
LEVERS = {"displacement", "launch_growth", "zone_lead_time", "own_defence_along_share", "aid_absorption"}
WIDTHS_PX, LETTER_PX, LINE_PX = (368.0, 720.0), 7.0, 12.0  # of the column; of letters as `rows` has them
EDGE_PX = 16.0  # beside the column


@pytest.fixture(scope="module")
def played():
    asked = load("month").chosen(("region", "aid_region", "aid_region_zone"))
    fixed = {name: value for name, value in FIXED.items() if name not in OPEN} | {"zone_share": 0.6}
    done = resolved(asked.model_copy(update={"days": 40, "assumptions": fixed}))
    return run(done, seed=1, replications=1, vectors=2), done


def told(played, changes=()):
    """A reading of the study, and its document, with differences of options set: (option, measure, by arm)."""
    result, done = played
    if not changes:
        return reading_of(result, compare(result, "own"), done), run_json(StudyView(result, done))
    values = np.stack(result.values)
    own = result.options.index("own")
    for option, measure, by_arm in changes:
        column = MEASURES.index(measure)
        for arm, more in enumerate(by_arm):
            values[arm, ..., result.options.index(option), column] = values[arm, ..., own, column] + more
    one = dataclasses.replace(result, values=tuple(values))
    return reading_of(one, compare(one, "own"), done), run_json(StudyView(one, done))


@pytest.fixture(scope="module")
def as_played(played):
    return told(played)


@pytest.fixture(scope="module")
def turning(played):
    """The zone leads in the area unless half of the threats are sent elsewhere; in the country aid leads throughout."""
    arms = played[0].arms
    zone = [2.0 if arm.ends == {"displacement": "high"} else 10.0 for arm in arms]
    country = [1.0] * len(arms)
    aid = [6.0] * len(arms)
    return told(played, (("region", PRIMARIES[0], zone), ("region", PRIMARIES[1], country),
                         ("aid_region", PRIMARIES[0], aid), ("aid_region", PRIMARIES[1], aid)))


def texts(svg):
    """Every text: its place across in %, down in px, anchor and words."""
    found = re.findall(r'<text x="([\d.-]+)%" y="([\d.-]+)"([^>]*)>(.*?)</text>', svg, flags=re.DOTALL)
    return [(float(x), float(y), (re.search(r'text-anchor="(\w+)"', rest) or [0, "start"])[1],
             html.unescape(re.sub("<[^>]+>", "", words))) for x, y, rest, words in found]


def boxes(svg, width):
    for x, y, anchor, words in texts(svg):
        wide, at = LETTER_PX * len(words), x / 100.0 * width
        left = at - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * wide
        yield left, left + wide, y, words


@pytest.mark.parametrize("width", WIDTHS_PX)
def test_no_words_cover_others_or_leave_the_column(as_played, turning, width):
    for svg in (breakeven_figure(as_played[0]).svg, breakeven_figure(turning[0]).svg, month_figure(as_played[0]).svg):
        placed = list(boxes(svg, width))
        for k, (left, right, y, words) in enumerate(placed):
            assert left >= -EDGE_PX and right <= width + EDGE_PX, words
            for other_left, other_right, other_y, other in placed[:k]:
                apart = abs(y - other_y) >= LINE_PX or left >= other_right or other_left >= right
                assert apart, (words, other)


def test_the_break_evens_drawn_are_those_of_the_document(as_played, turning):
    for reading, content in (as_played, turning):
        area, country = content["breakeven"]["region"]["measures"].values()
        named = [[of[name] for of in (area, country) if name in of] for name, lever in {**area, **country}.items()
                 if lever["unit"] != "ends"]
        levers = [lever for of in named for lever in of]
        assert {*area} & LEVERS == {*country} & LEVERS
        svg = breakeven_figure(reading).svg
        values = [words for x, _, anchor, words in texts(svg) if (x, anchor) == (100.0, "end")]
        assert values == [" and ".join(map(number, lever["thresholds"])) or
                          f"{'zone' if lever['leads_low'] else 'aid'} throughout" for lever in levers]
        ends = [words for x, _, _, words in texts(svg) if x in (16.0, 70.0)]
        assert ends == [number(lever["points"][k][0]) for lever, *_ in named for k in (0, -1)]
        dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)%"', svg)]
        assert dots == [pytest.approx(16.0 + 54.0 * (lever["reference"] - lever["points"][0][0])
                                      / (lever["points"][-1][0] - lever["points"][0][0]), abs=0.01)
                        for lever in levers]


def test_every_number_that_nobody_knows_has_a_row_by_area_and_country(as_played):
    reading, content = as_played
    pair = content["breakeven"]["region"]
    assert pair["aid"] == "aid_region" and list(pair["measures"]) == list(PRIMARIES)
    assert set(pair["measures"][PRIMARIES[0]]) >= LEVERS - {"aid_absorption"}
    figure = breakeven_figure(reading)
    assert figure.title == "What would have to be true for the zone to lead, and for its money as aid"
    beside = [words for x, _, _, words in texts(figure.svg) if x == 0.0 and words in ("area", "country")]
    area, country = pair["measures"].values()
    assert beside == [where for name, lever in {**area, **country}.items() if lever["unit"] != "ends"
                      for where, of in (("area", area), ("country", country)) if name in of]
    assert "in 40 days" in figure.measure and "judgement" in figure.note


def test_bars_change_their_colour_where_the_lead_changes(turning):
    svg = breakeven_figure(turning[0]).svg
    colours = re.findall(r'<rect [^>]*width="([\d.]+)%" height="10" fill="(#\w+)"', svg)
    assert colours[:3] == [("27.00", SKYSHIELD), ("27.00", AID), ("54.00", AID)]  # displacement: half of the way
    assert re.search(rf'fill="{SKYSHIELD}"[^>]*/>\n<rect [^>]*fill="{AID}"[^>]*/>\n<line ', svg)  # and a line there


def test_the_words_say_who_is_ahead_and_what_would_turn_it(turning):
    head, sentences = threshold_words(turning[0])
    assert head == ("On average “Region” is ahead in the area and “Region's money as aid” in the country. One number "
                    "moved alone turns that:")
    said = dict(sentence.split(" (", 1) for sentence in sentences if " here): " in sentence)
    assert said[LEVER_WORDS["displacement"]] == f"0 here): above {number(0.5)} in the area and never in the country."
    never = next(sentence for sentence in sentences if sentence.startswith("Never: "))
    assert "share of this spending that aid can absorb (0.25 to 1)" in never  # 0.17 is below its range
    assert sentences[0].startswith(LEVER_WORDS["displacement"])  # what turns it comes first


def test_nothing_alone_changes_a_lead_that_is_clear(played):
    n = len(played[0].arms)
    reading, _ = told(played, [("region", measure, [5.0] * n) for measure in PRIMARIES]
                      + [("aid_region", measure, [-1.0] * n) for measure in PRIMARIES])
    head, sentences = threshold_words(reading)
    assert head == "On average “Region” is ahead in both. One number moved alone puts “Region's money as aid” ahead:"
    assert not [sentence for sentence in sentences if " here): " in sentence]
    assert sentences[0].startswith("Never: share of threats sent elsewhere (0 to 1), ")


def test_pairs_are_drawn_and_tabled_as_the_document_has_them(turning):
    reading, content = turning
    pairs = content["pairs"]
    assert [(row["option"], row["to"]) for row in pairs] == [("region", "aid_region"), ("region", "aid_region_zone")]
    table, figure = pair_table(reading), pair_figure(reading)
    for row, cells, numbers in zip(pairs, table.rows, figure.numbers.rows, strict=True):
        for measure, first in zip(PRIMARIES, (1, 4), strict=True):
            shown = row["measures"][measure]
            ends = "; ".join(number(shown["at_ends"][model]["delta"]) for model in ("coverage", "uniform"))
            assert str(cells[first]).split("<br>")[0] == number(shown["delta"], error=shown["se"]["mean"])
            assert cells[first + 1:first + 3] == (ends, shown["verdict"])
        assert numbers[1] == row["measures"][PRIMARIES[0]]["delta"]
    assert figure.title.startswith(("In the area the first option leads in 1 of 2 pairs, ",
                                    "In the area the first option leads in 2 of 2 pairs, "))
    assert figure.page_note == "Marks as above." and "Marks as above" not in figure.note
    found = threshold_table(reading).rows[0]
    assert "“Region” leads below 0.50, “Region's money as aid” above" in found


def test_a_study_without_a_twin_has_no_break_even(study):
    assert breakeven_figure(reading_of(*study)) is None and threshold_words(reading_of(*study)) == ("", ())
    assert pair_figure(reading_of(*study)) is None and pair_table(reading_of(*study)) is None
    assert month_figure(reading_of(*study)) is None  # a period within a month


def test_the_months_drawn_are_those_of_the_document(as_played):
    reading, content = as_played
    figure, months = month_figure(reading), content["months"]
    assert len(months) == 2
    shown = ("region", "aid_region", "aid_region_zone")
    described = re.search(r"<desc[^>]*>(.*?)</desc>", figure.svg)[1]
    expected = [", ".join(number(month["paired"][option][measure]["delta"]) for month in months)
                for option in shown for measure in PRIMARIES]
    assert [part.rpartition(": ")[2] for part in html.unescape(described).split("; ")] == expected
    both = [" and ".join(number(months[-1]["paired"][option][measure]["delta"]) for measure in PRIMARIES)
            for option in shown]
    assert figure.title == (f"In the last month “Region” keeps {both[0]} armed threats in the area and in the country "
                            f"from their aims, “Region's money as aid” {both[1]}")
    assert [words for _, _, _, words in texts(figure.svg) if words.startswith("In the ")] == [
        "In the protected area", "In the whole country"]
    assert {"zone", "aid", "aid in the zone"} <= {words for _, _, _, words in texts(figure.svg)}


def test_lines_end_where_the_last_month_stands(as_played):
    reading, content = as_played
    svg = month_figure(reading).svg
    panels = svg.split("In the whole country")
    kinds = {(SKYSHIELD, ""): "region", (AID, ""): "aid_region", (AID, "5 3"): "aid_region_zone"}
    for panel, measure in zip(panels, PRIMARIES, strict=True):
        drawn = re.findall(r'<line [^>]*y1="([\d.]+)" y2="([\d.]+)" stroke="(#\w+)" stroke-width="2"'
                           r'(?: stroke-dasharray="([\d ]+)")?/>', panel)
        assert len(drawn) == 3  # from the first to the second month
        zero = next(float(y) for y in re.findall(r'<line [^>]*y2="([\d.]+)" stroke="#1a1a1a"', panel))
        rise = [(zero - float(y), content["months"][month]["paired"][kinds[colour, dash]][measure]["delta"])
                for *ends, colour, dash in drawn for month, y in enumerate(ends)]
        px = max(abs(y) for y, _ in rise) / max(abs(value) for _, value in rise)
        assert [y for y, _ in rise] == pytest.approx([px * value for _, value in rise], abs=0.01)
