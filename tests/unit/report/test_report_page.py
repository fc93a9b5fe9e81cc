"""The page as a file: the same bytes, nothing fetched, well formed, escaped, marked."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.study import compare
from support.command_line import FIXED
from support.studies import page_of


def scenario(days=2, **changes):
    return load("skyshield").chosen(("region",)).model_copy(update={"days": days, "assumptions": FIXED, **changes})


def test_same_study_same_bytes(study, made):
    result, _, resolved = study
    assert page_of(result, compare(result, "own"), resolved) == made


def test_folder_and_user_settings_do_not_enter(study, made, tmp_path):
    import matplotlib as mpl

    result, comparison, resolved = study
    elsewhere = dataclasses.replace(result, folder=Path(tmp_path))
    with mpl.rc_context({"font.size": 20, "svg.hashsalt": None, "axes.facecolor": "black"}):
        assert page_of(elsewhere, comparison, resolved) == made
        assert mpl.rcParams["font.size"] == 20


def test_no_clock_path_or_host(made):
    import socket

    assert str(Path.home()) + "/" not in made
    assert str(Path(__file__).parents[3]) not in made
    assert socket.gethostname() not in made
    assert not re.search(r"\d{2}:\d{2}:\d{2}", made)


def test_nothing_is_fetched(made, read):
    assert "<script" not in made.lower()
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", made)
    assert "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'" in made
    for tag, name, value in read.attributes:
        assert tag not in {"link", "img", "iframe", "object", "embed", "image", "audio", "video"}
        assert not name.startswith("on")
        if name in {"src", "href", "srcset", "action", "data", "xlink:href"}:
            assert value.startswith("#"), (tag, name, value)


def test_well_formed(made, read):
    assert made.startswith("<!doctype html>\n<html lang=\"en\">")
    assert not read.faults
    assert not read.stack
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for _, name, value in read.attributes:
        if name == "href":
            assert value[1:] in ids
        if name == "aria-labelledby":
            assert set(value.split()) <= set(ids)


def test_tables_have_captions_and_even_rows(read):
    assert len(read.tables) > 8
    for key, rows in read.tables.items():
        assert read.captions[key].strip(), key
        assert len(rows) > 1, key
        assert {len(row) for row in rows} == {len(rows[0])}, key
        assert all(head.strip() for head in rows[0][1:]), key


def test_figures_say_what_they_show_and_stay_small(made):
    drawn = re.findall(r"<svg.*?</svg>", made, flags=re.DOTALL)
    assert len(drawn) == 7
    for svg in drawn:
        assert re.match(r'<svg viewBox="[^"]+" role="img" aria-labelledby="[^"]+"><title id="[^"]+">[^<]+</title>'
                        r'<desc id="[^"]+">[^<]+</desc>', svg)
        assert len(svg) < 300_000
        assert "<style" not in svg
        assert "<metadata" not in svg


def test_marks_stand_before_the_answer(made):
    box = made.index('<div class="mark"')
    assert box < made.index('id="answer"')
    assert "3 parameter vectors, fewer than 200" in made[box:made.index('id="answer"')]


def test_the_mark_of_a_fit_stands_there_and_among_the_limits(play, parse):
    fit = dataclasses.replace(embedded_fit(), status="half of the nights are missing")
    made = page_of(*play(scenario(days=1), vectors=2, replications=1, fit=fit))
    assert "half of the nights are missing" in made[:made.index('id="answer"')]
    assert made.count("half of the nights are missing") == 3  # and where it says what it rests on
    assert not parse(made).faults


def test_failed_replications_are_marked(study, parse):
    result, _, resolved = study
    failed = np.stack(result.failed)
    failed[0, 0, 0] = 3
    broken = dataclasses.replace(result, failed=tuple(failed))
    assert "1 replications failed" in parse(page_of(broken, compare(broken, "own"), resolved)).text


def test_all_failed_is_said_not_drawn_as_zero(study, parse):
    result, _, resolved = study
    broken = dataclasses.replace(result, failed=tuple(map(np.ones_like, result.failed)))
    read = parse(page_of(broken, compare(broken, "own"), resolved))
    assert "every replication failed, so there is no result" in read.text
    assert read.tables["headline"][1][1:] == ["–"] * 5


def test_text_of_a_scenario_is_escaped(play, parse):
    nasty = '<script>alert("x")</script> & -- ]]> $x_1$ {{ 7 * 7 }}'
    options = tuple(o.model_copy(update={"label": f"{nasty} {o.name}"}) for o in load("skyshield").options)
    made = page_of(*play(scenario(title=nasty, question=nasty, options=options), vectors=2, replications=1))
    assert "<script" not in made
    assert "&lt;script&gt;alert" in made
    assert "{{ 7 * 7 }}" in made
    assert not parse(made).faults


def test_baseline_alone(play, parse):
    read = parse(page_of(*play(scenario().chosen(("own",)), vectors=2, replications=1)))
    assert "nothing to compare" in read.text
    assert "absolute-own" in read.tables


def test_one_vector_and_one_replication_has_no_intervals(play, parse):
    read = parse(page_of(*play(scenario(), vectors=1, replications=1)))
    row = read.tables["headline"][1]
    assert row[2] == "–"
    assert row[3] == "–"


def test_several_options_and_another_reference(play, parse):
    region = load("skyshield").option("region")
    wide = region.without("standoff_russia").model_copy(update={"name": "wide", "label": "Nearer to Russia"})
    base = scenario(options=(*load("skyshield").chosen(("region",)).options, wide))
    made = page_of(*play(base, vectors=2, replications=1, to="region"))
    read = parse(made)
    assert [row[0] for row in read.tables["headline"][1:]] == ["Ukraine's own defence alone", "Nearer to Russia"]
    assert {"map-1", "map-2"} <= {value for tag, name, value in read.attributes if tag == "figure" and name == "id"}
    first = read.tables["answer-table"][1]
    assert first[0] == "Ukraine's own defence alone" and first[1][0] in "−0"
    assert {"sites-region", "sites-wide"} <= set(read.tables)


def test_a_ceasefire_throughout_has_no_headline_to_judge(play, parse):
    from skyshield.scenario import Phase

    read = parse(page_of(*play(scenario(phases=(Phase(name="ceasefire"),)), vectors=2, replications=1)))
    assert "no raid was played" in read.text


@pytest.mark.parametrize("label", ["W" * 400, "界" * 200, "a " * 200])
def test_labels_of_any_kind_are_drawn(study, label):
    from skyshield.report import figures, headline_figures
    from skyshield.study.compare import options_summary

    result, comparison, _ = study
    labels = {"own": label, "region": label}
    row = headline_figures.Row(label, True, comparison.rows["region"]["prevented_zone"], {"uniform": None})
    assert headline_figures.intervals([row], 3).svg
    assert headline_figures.doubts(comparison, labels, 3).svg
    assert figures.fates(options_summary(result), comparison, labels).svg


def ends(k):
    from skyshield.report import headline_figures as figures

    row = {"delta": 5.0 + k, "lo": 4.0 + k, "hi": 6.0 + k}
    return [figures.End(f"Entry {k}", "low", f"low of {k}", row | {"delta": 5.0 - k}),
            figures.End(f"Entry {k}", "high", f"high of {k}", row)]


def test_a_tornado_has_the_entry_that_moves_most_on_top():
    from skyshield.report import headline_figures as figures

    headline = {"delta": 5.0, "lo": 4.0, "hi": 6.0}
    figure = figures.unknowns([*ends(1), *ends(3), *ends(2)[1:]], headline, "region", "Region", 30)
    assert figure.key == "figure-unknowns-region"
    sentence = figure.svg[figure.svg.index("<desc"):figure.svg.index("</desc>")]
    assert "Headline 5." in sentence and "Entry 3, moved to low of 3: 2, interval 7 to 9" in sentence
    order = sorted(["Entry 1", "Entry 2", "Entry 3"], key=lambda name: -figures._swing(
        [*ends(1), *ends(3), *ends(2)], name, 5.0))
    assert order == ["Entry 3", "Entry 2", "Entry 1"]
    nothing = {"delta": None, "lo": None, "hi": None, "mcse": None}
    assert figures.unknowns([figures.End("Entry", "low", "0", nothing)], nothing, "region", "Region", 30).svg


def test_a_study_that_moves_nothing_has_neither_tornado_nor_envelope_table(play, parse):
    fixed = FIXED | {"own_defence_rival": 1.0, "zone_share": 0.6}
    made = page_of(*play(scenario(days=1, assumptions=fixed), vectors=2, replications=2))
    read = parse(made)
    assert "arms" not in read.tables and "What the unknowns do" not in read.text
    assert "so the rival model was not played" in read.text
    assert not read.faults


def test_a_conclusion_that_one_rival_alone_bears_is_flagged(study, parse):
    from skyshield.study.compare import RIVAL
    from skyshield.study.result import MEASURES

    result, _, resolved = study
    moved = next(k for k, arm in enumerate(result.arms) if RIVAL in arm.ends)
    values = np.stack(result.values)
    at = MEASURES.index("prevented_zone")
    values[0, ..., 1, at] = values[0, ..., 0, at] + 3.0
    values[moved, ..., 1, at] = values[moved, ..., 0, at]
    one = dataclasses.replace(result, values=tuple(values))
    made = page_of(one, compare(one, "own"), resolved)
    assert ('<p class="outside">SkyShield over the region: FLAG: that it prevents more than zero at 95% holds only if'
            in made)
    assert parse(made).tables["answer-table"][1][-1] == "FLAG: one only\nnear defended aim points"
    values[moved, ..., 1, at] += 2.0
    both = dataclasses.replace(result, values=tuple(values))
    text = parse(page_of(both, compare(both, "own"), resolved)).text
    assert parse(page_of(both, compare(both, "own"), resolved)).tables["answer-table"][1][-1] == "yes"
    assert "FLAG" not in text
