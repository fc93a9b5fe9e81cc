"""Every number of the tables is the study's number, rounded as the page says."""

import dataclasses
import math
import re
from pathlib import Path

import pytest

import skyshield
from skyshield.catalogue import load_catalogue, measure_of
from skyshield.raids.fit import STATUSES
from skyshield.report import basis, tables
from skyshield.report.text import FEW, interval, number, span, total
from skyshield.rules.places import DISTANCES
from skyshield.scenario import load
from skyshield.study.compare import PRIMARY, rounded
from skyshield.study.result import MEASURES
from skyshield.study.summary import summarise
from skyshield.study.told import is_zero, scaled_row
from support.command_line import FIXED
from support.studies import pages_of


def value(text):
    return None if text == "–" else float(text.replace(",", "").replace("−", "-"))


def ends(text):
    parts = [value(part) for part in text.split(" to ")]
    return parts if len(parts) == 2 else parts * 2


def test_paired_table_is_the_comparison_rounded(study, annex):
    _, comparison, _ = study
    actual = {row[0].rpartition("\n")[2]: row for row in annex.tables["paired-region"][1:]}
    assert len(actual) > 10
    for column in MEASURES:
        row = comparison.rows["region"][column]
        if is_zero(row):
            assert column not in actual
            continue
        whole = scaled_row(row, measure_of(column).scale)
        shown = {key: rounded(v, FEW) for key, v in whole.items() if isinstance(v, float)}
        _, delta, between, error, spread, envelope, joint = actual.pop(column)
        step = 10.0 ** math.floor(math.log10(whole["se"]["mean"])) if whole["se"]["mean"] else 0.0
        assert value(delta) == pytest.approx(shown["delta"], abs=max(1e-12, step)), column
        assert error == f"{number(whole['se']['mean'])} ({number(whole['mcse'])})", column
        if between == "within noise":
            wide = whole["lo"] is not None and whole["hi"] - whole["lo"] > max(whole["se"]["lo"], whole["se"]["hi"])
            assert shown["mcse"] > 0.0 and not wide, column
        else:
            assert between == interval(whole) and ends(between)[0] <= ends(between)[1], column
        assert ends(spread) == pytest.approx([shown["spread_lo"], shown["spread_hi"]]), column
        assert ends(envelope) == pytest.approx([shown["env_lo"], shown["env_hi"]]), column
        assert joint == span(whole["joint_lo"], whole["joint_hi"]), column
    assert not actual


def test_a_plan_is_a_constant_and_not_noise(study, annex):
    planned = next(row for row in annex.tables["paired-region"] if row[0].endswith("planned_cost_eur"))
    assert planned[2] == planned[1] == planned[4]
    assert "within noise" not in planned


def test_silent_rows_are_named(annex):
    assert "No difference in any replication:" in annex.text
    assert re.search(r"Launched \(UAVs, Cruise missiles, Ballistic missiles\)", annex.text)


def test_headline_table_and_answer_agree(study, read, annex):
    row = study[1].rows["region"][PRIMARY]
    _, delta, between, error, spread, envelope, joint = annex.tables["headline"][1]
    assert delta == number(row["delta"], error=row["se"]["mean"])
    assert between == interval(row)
    assert error == f"{number(row['se']['mean'])} ({number(row['mcse'])})"
    assert joint == span(row["joint_lo"], row["joint_hi"])
    assert spread == span(row["spread_lo"], row["spread_hi"])
    assert envelope == span(row["env_lo"], row["env_hi"])
    for cell in (read.tables["answer-table"][1][1], annex.tables["answer-full"][1][1]):
        assert cell == delta if between == delta else cell.split("\n") == [delta, between]


def test_arms_table_spans_the_envelope(study, annex):
    result, comparison, _ = study
    column, base, option = MEASURES.index(PRIMARY), 0, 1
    rows = annex.tables["arms"][1:]
    assert [arm.ends for arm in result.arms if arm.in_envelope] == [
        {}, {"own_defence_along_share": "low"}, {"own_defence_along_share": "high"}, {"zone_share": "low"}]
    assert [row[0].rpartition("\n")[2] for row in rows] == ["Headline: nothing moved", "own_defence_along_share",
                                                            "own_defence_along_share", "zone_share"]
    assert [row[1] for row in rows] == ["–", "0 (low)", "1 (high)", "0.2 (low)"]
    actual = [summarise(result.values[a][..., option, column] - result.values[a][..., base, column],
                        result.failed[a] == 0) for a in range(len(rows))]
    reach = comparison.rows["region"][PRIMARY]
    assert min(s["mean"] if s["lo"] is None else min(s["mean"], s["lo"]) for s in actual) == reach["env_lo"]
    assert max(s["mean"] if s["hi"] is None else max(s["mean"], s["hi"]) for s in actual) == reach["env_hi"]
    for row, s in zip(rows, actual, strict=True):
        alone = number(s["mean"])
        assert row[-1] == (alone if interval(s) == alone else f"{alone} ({interval(s)})")


def test_identification_table_is_the_fit_s_own_and_what_it_does_not_cover(study, annex):
    fit = study[2].parts()[1]
    head, *rows = annex.tables["identification"]
    assert head == ["Quantity", "Status", "Estimate", "95% interval, or range", "Which means"]
    assert len(fit.identified) > 10
    for row, sentence in zip(rows, fit.identified, strict=False):
        assert (row[0], row[1], row[4]) == (sentence.quantity, sentence.status, sentence.means)
        if sentence.central is None:
            assert row[2] == "–" and ends(row[3]) == [sentence.low, sentence.high]
        else:
            assert value(row[2]) == pytest.approx(sentence.central, rel=5e-3)
            assert ends(row[3]) == pytest.approx([sentence.low, sentence.high], rel=5e-3)
    beside = {row[0]: row for row in rows[len(fit.identified):]}
    assert len(beside) == 6
    assert beside["Threats sent elsewhere because of a zone"][1:4] == ["assumption interval", "–", "0 to 1"]
    assert beside["Deliberate attacks on the coalition, escalation"][3] == "–"
    assert {row[1] for row in rows} <= set(STATUSES)


def test_a_unit_is_named_where_there_is_one():
    from skyshield.catalogue import load_catalogue
    from skyshield.raids.fit import Identified, embedded_fit

    fit = dataclasses.replace(embedded_fit(), identified=(
        Identified("Way", STATUSES[0], 1.0, 2.0, 3.0, "km", "x"), Identified("Share", STATUSES[0], 0.1, 0.2, 0.3, "1",
                                                                             "x")))
    rows = basis.identification(fit, [], load_catalogue()).rows
    assert [str(row[0]) for row in rows] == ["Way <small>(km)</small>", "Share"]


def test_absolute_table_of_the_baseline(study, annex):
    from skyshield.study.compare import options_summary

    own = options_summary(study[0])["own"]
    launched = next(row for row in annex.tables["absolute-own"] if row[0] == "Launched")
    for cell, kind in zip(launched[1:4], ("uav", "cruise", "ballistic"), strict=True):
        s = own[f"launched/{kind}"]
        assert cell.split("\n") == [f"{total(s['mean'], error=s['se']['mean'])} ({interval(s, total)})",
                                    f"{total(s['spread_lo'])} to {total(s['spread_hi'])}"]


def test_headline_per_planned_billion():
    row = {"planned_cost_eur": {"delta": 2e8}, "cost_eur": {"delta": 1e8},
           PRIMARY: {"delta": 10.0, "lo": 5.0, "hi": 20.0, "mcse": 1.0}}
    assert tables.per_billion(row) == "50 (25 to 100); 100"
    assert tables.per_billion(row | {"cost_eur": {"delta": 0.0}}) == "–"
    assert tables.per_billion(row | {"planned_cost_eur": {"delta": 0.0}}) == "–"


def test_parameter_table_states_the_catalogue(study, annex):
    result, _, resolved = study
    _, fit, catalogue, _ = resolved.parts()
    actual = {row[0].rpartition("\n")[2]: row for row in annex.tables["parameters"][1:]}
    without = {row[0].rpartition("\n")[2]: row for row in annex.tables["without-centre"][1:]}
    assert not {*actual, *without} & set(fit.names)
    from_catalogue = [key for key in result.parameters if key in catalogue and key not in fit.names]
    assert len(from_catalogue) > 30
    for key in from_catalogue:
        entry = catalogue[key]
        row = actual[key] if entry.central is not None else without[key]
        assert row[1] == entry.unit
        assert value(row[2]) == entry.low
        assert value(row[4] if entry.central is not None else row[3]) == entry.high
        assert entry.grade in row
    assert value(actual["fighter_hour_total"][3]) == catalogue["fighter_hour_total"].central
    assert (actual["fighter_hour_total"][5], actual["route_bend"][5]) == ("drawn", "fixed")


def test_where_the_headline_has_each_number_without_a_centre(annex, play, parse):
    actual = {row[0].rpartition("\n")[2]: row[4] for row in annex.tables["without-centre"][1:]}
    assert actual["zone_share"] == "0.6, its high end"
    assert actual["leak_west_over_leak_deep"] == "1, fixed by the scenario"
    free = {k: v for k, v in FIXED.items() if k != "volume_response"} | {"own_defence_along_share": 1.0,
                                                                         "displacement": 0.25}
    scenario = load("month").chosen(("region",)).model_copy(update={"days": 1, "assumptions": free})
    other = parse(pages_of(*play(scenario, vectors=2, replications=1)).annex)
    actual = {row[0].rpartition("\n")[2]: row[4] for row in other.tables["without-centre"][1:]}
    assert (actual["volume_response"], actual["displacement"]) == ("1", "0.25, fixed by the scenario")
    assert "moves 2 such numbers" in other.text
    reported = other.text.partition("The scenario fixes ")[2].partition(", so nothing")[0]
    assert set(re.split(", | and ", reported)) == {name for name in free if name in actual}


def test_every_central_value_the_program_reads_is_in_the_table():
    package = Path(skyshield.__file__).parent
    named = set()
    # what a fit reads stands in the fit's own rows
    for room in ("study", "compile", "adaptation", "raids", "forces", "rules", "scenario"):
        for path in sorted((package / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            named |= set(re.findall(r'catalogue\["(\w+)"\]', text))
            if room == "compile" and "incident_marks(" in text:
                named |= set(DISTANCES)
    catalogue = load_catalogue()
    named = {name for name in named if catalogue[name].central is not None}  # the others have a table of their own
    assert named
    assert named <= set(basis.CONSTANT_KEYS), "add it to CONSTANT_KEYS, or the report hides a number it stands on"


def test_sources_of_the_used_numbers_are_listed(study, annex):
    catalogue = study[2].parts()[2]
    listed = {v.removeprefix("source-") for _, name, v in annex.attributes if name == "id" and v.startswith("source-")}
    assert set(catalogue["fighter_hour_total"].source) <= listed
    assert "s103" not in listed


def test_every_measure_has_a_label_and_a_unit():
    for column in tables.measure_columns():
        assert tables.measure_label(column) != column
        assert tables.measure_unit(column) in {"threats", "munitions", "sorties", "h", "EUR million", "incidents",
                                                "people", "days", "kg", "person-hours", "million person-hours"}
    assert sorted(tables.measure_columns()) == sorted(MEASURES)
