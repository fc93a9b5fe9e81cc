"""The page of guarantees: which scenarios have it, and that its cells are the study's, phase by phase.

Mutations tried, each caught: the page made for every scenario; the phases in another order; the people at sea counted
as inside of Article 6; the ratios' ends swapped.
"""

import re

import pytest

from skyshield.report.guarantees.exposed import LAW
from skyshield.report.guarantees.folding import folded, joined
from skyshield.report.keep import keep_pages
from skyshield.report.pages import figures, pages
from skyshield.report.reading import Reading
from skyshield.report.text import NOTHING, number
from skyshield.scenario import load
from skyshield.scenario.model import Phase
from skyshield.strategy.exposure import laws
from skyshield.strategy.feasible import asked_of, feasible
from skyshield.strategy.legitimacy import load_legitimacy
from skyshield.study import StudyView, run
from skyshield.study.compare import PRIMARIES
from support.command_line import FIXED
from support.studies import resolved

MOVED = ("log_hazard_ratio_zone", "own_defence_along_share")
DAYS, WAR = 60, 30
PHASES = (Phase(name="war", first_day=1), Phase(name="ceasefire", first_day=WAR + 1), Phase(name="violation"),
          Phase(name="collapse"))


@pytest.fixture(scope="module")
def view():
    fixed = {name: value for name, value in FIXED.items() if name not in MOVED}
    fixed |= {"renewal_within_1_year": 0.7, "renewal_within_5_years": 0.9}
    asked = load("guarantees").chosen(("region", "aid_region", "ground_25k", "naval"))
    options = tuple(option.model_copy(update={"packages": tuple(  # so early that a short period holds all of them
        package.model_copy(update={"start": "at_ceasefire"}) if package.start == "after_ceasefire" else package
        for package in option.packages)}) for option in asked.options)
    done = resolved(asked.model_copy(update={"days": DAYS, "phases": PHASES, "assumptions": fixed, "options": options,
                                             "decided_before_days": 335}))
    return StudyView(run(done, seed=2, replications=3, vectors=3), done)


@pytest.fixture(scope="module")
def made(view):
    return pages(view)


@pytest.fixture(scope="module")
def page(made, parse):
    return parse(made.guarantees)


@pytest.fixture(scope="module")
def reading(view):
    return Reading(view)


def by_option(table):
    """Name -> cells by head, options that share a row each by itself."""
    head, *rows = table
    return {name: dict(zip(head[1:], row[1:], strict=True)) for row in rows for name in row[0].split("; ")}


def test_zones_and_aid_in_one_phase_have_no_such_page(both, study):
    assert both.guarantees is None
    assert "guarantees.html" not in both.report
    assert "guarantees-in-full" not in both.annex


def test_ships_alone_are_enough_for_the_page(view):
    one = Reading(view)
    assert one.has_guarantees
    one.scenario = one.scenario.model_copy(update={"phases": PHASES[:1]})
    assert one.has_guarantees
    one.scenario = one.scenario.model_copy(update={"options": one.scenario.options[:3]})
    assert {package.kind for option in one.scenario.options for package in option.packages} == {
        "fighters", "sensors", "aid"}
    assert not one.has_guarantees


def test_well_formed_and_linked_both_ways(made, page):
    assert not page.faults and not page.stack
    assert 'href="guarantees.html"' in made.report and 'href="report.html"' in made.guarantees
    assert made.guarantees.count("<figure") == made.guarantees.count("<svg") > 0
    assert "<script" not in made.guarantees
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for _, name, value in page.attributes:
        if name in ("href", "src") and not value.startswith("data:"):
            assert re.match(r"((report|annex)\.html)?(#|$)", value), value


def test_its_pictures_can_be_taken_away(view, made):
    keys = [figure.key for figure in figures(view)]
    for key in re.findall(r'<figure id="([^"]+)"', made.guarantees):
        assert key in keys and f'id="numbers-{key}"' in made.annex


def test_an_option_a_row_side_by_side(view, reading, page):
    told = by_option(page.tables["guarantees"])
    assert list(told) == [reading.shorts[name] for name in reading.ordered]
    answers = feasible(asked_of_context(view))["options"]
    for name in reading.ordered:
        cells = told[reading.shorts[name]]
        assert cells["Possible? What binds"].split("\n")[0] == answers[name]["answer"]
        assert cells["People there"] == number(answers[name]["people"])
        worse = view.dominated.get(name, [])
        assert (cells["Dominated by"] == NOTHING) == (not [one for one in worse if one != "own"])


def asked_of_context(view):
    """What is asked of a compiled scenario, not of what the study stored."""
    from skyshield.compile.world import prepare_context

    return asked_of(prepare_context(view.resolved))


def test_feasibility_from_the_study_is_that_from_the_scenario(view, reading):
    assert view.manifest["planned_by_package"]
    assert reading.feasible == feasible(asked_of_context(view))["options"]


def test_each_phase_has_its_own_figures(view, reading, page):
    told = by_option(page.tables["prevented-means"])
    heads = {"War": "war", "Ceasefire": "ceasefire", "Violations": "violation", "War renewed": "collapse"}
    assert list(next(iter(told.values()))) == list(heads)
    phases = {one["phase"]: one["paired"] for one in view.phases}
    some = 0
    for name in reading.ordered:
        for head, phase in heads.items():
            cell, rows = told[reading.shorts[name]][head], phases[phase][name]
            expected = [rows[measure]["delta"] for measure in PRIMARIES]
            if cell != NOTHING:
                some += 1
                told_numbers = [0.0 if part == NOTHING else float(part.replace("−", "-").replace(",", ""))
                                for part in cell.split("/")]
                assert told_numbers == pytest.approx(expected, rel=0.5, abs=0.06)
            else:
                assert expected == [0.0, 0.0]
    assert some >= 3


def test_people_stand_where_the_law_has_them(view, reading, page):
    assert laws()["in_ukraine"].article_6 == "outside" and laws()["base_in_member_state"].article_6 == "inside"
    assert laws()["at_sea"].article_6 == "open" and LAW["open"] == ("sailors_at_sea",)
    told = by_option(page.tables["exposed-people"])
    assert set(told) == {reading.shorts[name] for name in reading.ordered if name != "aid_region"}
    assert "Nobody of the coalition is there with aid." in page.text
    for name in ("region", "ground_25k", "naval"):
        own = view.summaries[name]
        cell = told[reading.shorts[name]]["People, outside/inside/open"]
        expected = [sum(own[f"people_by_role_h/{role}"]["mean"] for role in LAW[side]) / 24.0 / DAYS
                    for side in ("outside", "inside", "open")]
        assert cell == "/".join(number(value) for value in expected)


def test_the_ratios_stand_at_no_effect_and_their_ends_are_told(view, page):
    assert "The hazard ratios stand at “no effect”" in page.text
    head, *rows = page.tables["hazard"]
    assert head == ["Ratio of", "Option", "Low end: less war", "High end", "Headline"]
    row = next(row for row in rows if row[0] == "Zone")
    assert row[1] == "Region"
    assert {row[0] for row in rows} <= {"Zone", "Force", "Naval", "Aid"}
    ends = {one.end: view.arms["region"][one.arm]["delta"] for one in view.moves if MOVED[0] in one.values}
    assert row[2:] == [number(ends["low"]), number(ends.get("high", view.arms["region"][0]["delta"])),
                       number(view.arms["region"][0]["delta"])]


def test_interests_groups_and_statements_stand_side_by_side(reading, page):
    assert len(page.tables["five"][0]) == 6 and page.tables["five"][1][0].startswith("“Ukraine")
    assert page.tables["gains"][0][:2] == ["Measure", "Counts for"]
    table = load_legitimacy()
    kinds = {name for option in reading.options.values() for name in table.kinds_of(option.packages)}
    rows = page.tables["legitimacy-table"][1:]
    assert len(rows) == len(kinds) == 5
    for kind in table.kinds:
        if kind.name in kinds:
            row = next(row for row in rows if row[0] == kind.label)
            cell = next(cell for cell in kind.cells if cell.audience == "moscow")
            assert cell.statement.says in row[1] and cell.contrary.says in row[2]
    assert all(" ".join(one.correct.split()) in page.text for one in table.corrections)


@pytest.mark.parametrize("words", [
    "their shares are an assumption", "general knowledge of inventories (grade K)", "the headline has no effect"])
def test_what_the_page_cannot_claim(words, page):
    assert words in page.text


def test_the_annex_has_all_of_it(made, parse):
    annex = parse(made.annex)
    for key in ("prevented-area", "prevented-country", "feasible", "legitimacy-ground_force", "legitimacy-aid"):
        assert len(annex.tables[key]) > 1, key


def test_the_page_stands_in_the_folder_and_is_made_again_if_it_is_gone(view, tmp_path):
    folder = tmp_path / "study"
    run(view.resolved, seed=2, replications=1, vectors=2, out=folder)
    stored = StudyView.open(folder)
    assert keep_pages(folder, stored, None)
    page = folder / "guarantees.html"
    text = page.read_text("utf-8")
    assert not keep_pages(folder, StudyView.open(folder), None)
    page.unlink()
    assert keep_pages(folder, StudyView.open(folder), None) and page.read_text("utf-8") == text


def test_options_with_the_same_cells_share_a_row(reading):
    rows = folded(reading, {"region": ("1",), "ground_25k": ("0",), "naval": ("0",), "aid_region": ("0",)})
    assert [row[0] for row in rows] == ["Region", joined(["25,000 soldiers", "Ships"]), "Region's money as aid"]
