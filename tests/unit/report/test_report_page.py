"""Both pages as files: the same bytes, nothing fetched, well formed, escaped, marked, linked to each other."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.study import compare
from support.command_line import FIXED
from support.studies import pages_of


def scenario(days=2, **changes):
    return load("month").chosen(("region",)).model_copy(update={"days": days, "assumptions": FIXED, **changes})


@pytest.fixture(params=["report", "annex"])
def page(request, both):
    """The text of either page."""
    return getattr(both, request.param)


def test_same_study_same_bytes(study, both):
    result, _, resolved = study
    assert pages_of(result, compare(result, "own"), resolved) == both


def test_the_folder_does_not_enter(study, both, tmp_path):
    result, comparison, resolved = study
    assert pages_of(dataclasses.replace(result, folder=Path(tmp_path)), comparison, resolved) == both


def test_the_pages_need_no_library_of_figures():
    program = "import sys; import skyshield.report; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_clock_path_or_host(page):
    import socket

    made = re.sub(r"base64,[^)]+", "", page)

    assert str(Path.home()) + "/" not in made
    assert str(Path(__file__).parents[3]) not in made
    assert socket.gethostname() not in made
    assert not re.search(r"\d{2}:\d{2}:\d{2}", made)


def test_nothing_is_fetched(page, parse):
    made, read = page, parse(page)
    assert "<script" not in made.lower()
    assert not re.search(r"@import|url\(\s*['\"]?(?!#|data:font/woff2;base64,)", made)
    assert ("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src "
            'data:"') in made
    for tag, name, value in read.attributes:
        assert tag not in {"link", "img", "iframe", "object", "embed", "image", "audio", "video"}
        assert not name.startswith("on")
        if name in {"src", "href", "srcset", "action", "data", "xlink:href"}:
            own = value.startswith(("data:text/csv;charset=utf-8,", "data:image/svg+xml;charset=utf-8,"))
            ours = re.match(r"((report|annex|guarantees)\.html)?(#|$)", value)
            assert (own and tag == "a") or ours, (tag, name, value)


def test_well_formed(page, parse):
    made, read = page, parse(page)
    assert made.startswith("<!doctype html>\n<html lang=\"en\">")
    assert not read.faults
    assert not read.stack
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for _, name, value in read.attributes:
        if name == "aria-labelledby":
            assert set(value.split()) <= set(ids)


def test_every_link_leads_somewhere(both, parse):
    pages = {"report.html": parse(both.report), "annex.html": parse(both.annex)}
    ids = {file: {value for _, name, value in read.attributes if name == "id"} for file, read in pages.items()}
    across = dict.fromkeys(pages, 0)
    for file, read in pages.items():
        for _, name, value in read.attributes:
            if name == "href" and not value.startswith("data:"):
                where, _, anchor = value.partition("#")
                assert (where or file) in ids, value
                assert not anchor or anchor in ids[where or file], value
                across[file] += where not in ("", file)
    assert across["report.html"] > 10 and across["annex.html"] >= 1


def test_tables_have_captions_and_even_rows(page, parse):
    read = parse(page)
    assert len(read.tables) >= 2
    for key, rows in read.tables.items():
        assert read.captions[key].strip(), key
        assert len(rows) > 1, key
        assert {len(row) for row in rows} == {len(rows[0])}, key
        assert all(head.strip() for head in rows[0][1:]), key


def test_figures_say_what_they_show_and_stay_small(page):
    drawn = re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)
    assert drawn and len(drawn) == page.count("<svg")
    for figure in drawn:
        finding = re.search(r'<p class="finding" id="([^"]+)">([^<]+)</p>', figure)
        assert re.search(r"\d", finding[2]), finding[2]
        assert re.search(r'<p class="measure">[^<]+</p>', figure)
        svg = figure[figure.index("<svg"):figure.index("</svg>")]
        named = re.match(r'<svg role="(img|group)" [^>]*aria-labelledby="([^"]+)">', svg)
        assert named[2].split()[0] == finding[1]
        assert ("<desc" in svg) == (named[1] == "img")  # else its words say the numbers
        assert "<text" in svg and len(svg) < 60_000
        assert 'class="source">Source: SkyShield, study ' in figure


def test_no_two_figures_are_alike(both):
    drawn = [re.sub(r'(id|href|aria-labelledby)="[^"]+"|url\([^)]+\)', "", svg)
             for svg in re.findall(r"<svg.*?</svg>", both.report + both.annex, flags=re.DOTALL)]
    assert len(set(drawn)) == len(drawn)


def test_marks_stand_before_the_answer(made):
    box = made.index('<div class="mark"')
    assert box < made.index('id="answer"')
    assert "3 parameter vectors, fewer than 200" in made[box:made.index('id="answer"')]


def test_the_mark_of_a_fit_stands_there_and_among_the_limits(play, parse):
    fit = dataclasses.replace(embedded_fit(), status="half of the nights are missing")
    both = pages_of(*play(scenario(days=1), vectors=2, replications=1, fit=fit))
    made, annex = (re.sub(r'"data:image/svg[^"]*"', "", page) for page in (both.report, both.annex))
    assert "half of the nights are missing" in made[:made.index('id="answer"')]
    assert made.count("half of the nights are missing") == 3  # and where it says what it rests on
    assert annex.count("half of the nights are missing") == 2
    assert not parse(made).faults


def test_failed_replications_are_marked(study, parse):
    result, _, resolved = study
    failed = np.stack(result.failed)
    failed[0, 0, 0] = 3
    broken = dataclasses.replace(result, failed=tuple(failed))
    assert "1 replications failed" in parse(pages_of(broken, compare(broken, "own"), resolved).report).text


def test_all_failed_is_said_not_drawn_as_zero(study, parse):
    result, _, resolved = study
    broken = dataclasses.replace(result, failed=tuple(map(np.ones_like, result.failed)))
    both = pages_of(broken, compare(broken, "own"), resolved)
    assert "every replication failed, so there is no result" in parse(both.report).text
    assert parse(both.annex).tables["headline"][1][1:] == ["–"] * 6


def test_text_of_a_scenario_is_escaped(play, parse):
    nasty = '<script>alert("x")</script> & -- ]]> $x_1$ {{ 7 * 7 }}'
    options = tuple(o.model_copy(update={"label": f"{nasty} {o.name}"}) for o in load("month").options)
    both = pages_of(*play(scenario(title=nasty, question=nasty, options=options), vectors=2, replications=1))
    for made in (both.report, both.annex):
        assert "<script" not in made
        assert "&lt;script&gt;alert" in made
        assert "{{ 7 * 7 }}" in made
        assert not parse(made).faults


def test_baseline_alone(play, parse):
    both = pages_of(*play(scenario().chosen(("own",)), vectors=2, replications=1))
    assert "nothing to compare" in parse(both.report).text
    assert "absolute-own" in parse(both.annex).tables


def test_one_vector_and_one_replication_has_no_intervals(play, parse):
    read = parse(pages_of(*play(scenario(), vectors=1, replications=1)).annex)
    row = read.tables["headline"][1]
    assert row[2] == "–"
    assert row[3] == "–"


def test_several_options_and_another_reference(play, parse):
    region = load("month").option("region")
    wide = region.without("standoff_russia").model_copy(update={"name": "wide", "label": "Nearer to Russia"})
    base = scenario(options=(*load("month").chosen(("region",)).options, wide))
    both = pages_of(*play(base, vectors=2, replications=1, to="region"))
    read, annex = parse(both.report), parse(both.annex)
    assert [row[0] for row in annex.tables["headline"][1:]] == ["Ukraine's own defence alone", "Nearer to Russia"]
    maps = [{value for tag, name, value in page.attributes if tag == "figure" and name == "id" and "map" in value}
            for page in (read, annex)]
    assert maps == [{"map-1"}, {"map-2"}]
    first = read.tables["answer-table"][1]
    assert first[0] == "Ukraine alone\nUkraine's own defence alone" and first[1][0] in "−0"
    assert {"sites-region", "sites-wide"} <= set(annex.tables)


def test_a_ceasefire_throughout_has_no_headline_to_judge(play, parse):
    from skyshield.scenario import Phase

    read = parse(pages_of(*play(scenario(phases=(Phase(name="ceasefire"),)), vectors=2, replications=1)).report)
    assert "no raid was played" in read.text


@pytest.mark.parametrize("label", ["W" * 400, "界" * 200, "a " * 200, "<b>"])
def test_labels_of_any_kind_are_drawn(label):
    from skyshield.report import rows

    row = {"delta": 3.0, "lo": 1.0, "hi": 5.0, "mcse": 0.1}
    drawn = [rows.intervals("a", [rows.Row(label, "#0072B2", row)], "Title 1", "threats"),
             rows.bars("b", [rows.Bar(label, "#0072B2", row, label)], "Title 1", "threats"),
             rows.moves("c", [rows.Move(label, (("1", row),))], row, "#0072B2", "Title 1", "threats"),
             rows.stacks("d", [rows.Stack(label, (1.0, 2.0), 3.0)], [("x", "#000"), ("y", "#fff")], "Title 1", "t")]
    for figure in drawn:
        assert figure.svg.count("<text") > 1 and "<b>" not in figure.svg
        lines = re.findall(r">([^<>]+)</text>", figure.svg)
        assert max(len(line) for line in lines) <= 52


def test_the_marks_of_doubt_stand_where_the_numbers_say():
    from skyshield.report import rows

    row = {"delta": 5.0, "lo": 2.0, "hi": 8.0, "spread_lo": 0.0, "spread_hi": 10.0, "env_lo": 1.0, "env_hi": 9.0,
           "mcse": 0.1}
    one = rows.Row("Zone", "#0072B2", row, rivals={"uniform": 2.0, "coverage": 5.0})
    svg = rows.intervals("a", [one], "Title 1", "threats").svg

    def at(value):
        return f"{2.0 + 9.6 * value:.2f}%"

    assert f'<circle cx="{at(5)}"' in svg
    assert f'<rect x="{at(2)}"' in svg and f'width="{6 * 9.6:.2f}%"' in svg
    assert f'<line x1="{at(0)}" x2="{at(10)}"' in svg
    assert f'href="#a-open-1a1a1a" x="{at(1)}"' in svg and f'href="#a-close-1a1a1a" x="{at(9)}"' in svg
    assert f'href="#a-triangle-1a1a1a" x="{at(2)}"' in svg
    assert re.search(rf'<rect x="{at(5)}" y="[^"]+" width="8" height="8"', svg)


def ends(k):
    row = {"delta": 5.0 + k, "lo": 4.0 + k, "hi": 6.0 + k}
    return ((f"low of {k}", row | {"delta": 5.0 - k}), (f"high of {k}", row))


def test_a_tornado_writes_what_each_end_comes_to():
    from skyshield.report import rows

    headline = {"delta": 5.0, "lo": 4.0, "hi": 6.0}
    moved = [rows.Move(f"Entry {k}", ends(k)) for k in (1, 3)]
    svg = rows.moves("figure-unknowns-region", moved, headline, "#0072B2", "Title 1", "threats").svg
    words = " ".join(re.sub(r"<[^>]+>", " ", svg).split())
    assert "headline 5" in words and "low of 3 → 2" in words and "high of 3 → 8" in words
    assert [move.swing(5.0) for move in moved] == [1.0, 3.0]
    nothing = {"delta": None, "lo": None, "hi": None, "mcse": None}
    assert rows.moves("x", [rows.Move("Entry", (("0", nothing),))], nothing, "#000000", "Title", "threats").svg


def test_a_tornado_has_the_entry_that_moves_most_on_top(study):
    from skyshield.report.sections.drivers import tornado
    from support.studies import reading_of

    reading = reading_of(*study)
    rows = reading.view.arms["region"]
    swing = {one.label: 0.0 for one in reading.view.moves}
    for one in reading.view.moves:
        swing[one.label] = max(swing[one.label], abs(rows[one.arm]["delta"] - rows[0]["delta"]))
    strongest = max(swing, key=swing.get)
    figure = tornado(reading, "region", "figure-drivers", 1)
    assert figure.title.startswith(f"{strongest} matters most: at ")
    assert figure.note.startswith("1 more change") or "of no effect" in figure.note or len(swing) == 1


def test_a_study_that_moves_nothing_has_neither_tornado_nor_envelope_table(play, parse):
    fixed = FIXED | {"own_defence_along_share": 0.0, "zone_share": 0.6}
    both = pages_of(*play(scenario(days=1, assumptions=fixed), vectors=2, replications=2))
    read, annex = parse(both.report), parse(both.annex)
    assert "arms" not in annex.tables and "What the unknowns do" not in annex.text
    assert "figure-drivers" not in both.report
    assert "so the rival model was not played" in read.text and "so the rival model was not played" in annex.text
    assert not read.faults and not annex.faults


def test_a_conclusion_that_one_rival_alone_bears_is_flagged(study, parse):
    from skyshield.study.compare import PRIMARY, RIVAL
    from skyshield.study.result import MEASURES

    result, _, resolved = study
    near_aims, moved = (next(k for k, arm in enumerate(result.arms) if arm.ends == {RIVAL: end})
                        for end in ("low", "high"))
    values = np.stack(result.values)
    at = MEASURES.index(PRIMARY)
    values[near_aims, ..., 1, at] = values[near_aims, ..., 0, at] + 3.0
    values[moved, ..., 1, at] = values[moved, ..., 0, at]
    one = dataclasses.replace(result, values=tuple(values))
    pages = pages_of(one, compare(one, "own"), resolved)
    made, full = pages.report, pages.annex
    assert ('<p class="outside">SkyShield over the region: FLAG: that it prevents more than zero at 95% holds only if'
            in made)
    assert parse(full).tables["answer-full"][1][-1] == "FLAG: one only\nnear defended aim points"
    values[moved, ..., 1, at] += 2.0
    both = dataclasses.replace(result, values=tuple(values))
    pages = pages_of(both, compare(both, "own"), resolved)
    assert parse(pages.annex).tables["answer-full"][1][-1] == "yes"
    assert "FLAG" not in parse(pages.report).text
