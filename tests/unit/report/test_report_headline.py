"""The headline: each row recomputed from the replications, each sentence from what it says.

Tried against mutations: twins told by name; the rivals' range of the intervals instead of the means; redundant over
stopped; a cost of the area shown for the whole country; the weakest unknown instead of the strongest; the flag set
where both hold; unspent money of the option instead of its twin; planned money in
the place of spent. Each fails at least one test.
"""

import dataclasses
import types
from typing import Any, NamedTuple

import numpy as np
import pytest

from skyshield.report import option_rows, reading
from skyshield.report.sections import answer, drivers
from skyshield.report.text import interval, number, span
from skyshield.scenario import load
from skyshield.study import compare
from skyshield.study.clauses import columns_of
from skyshield.study.compare import PRIMARIES, PRIMARY, RIVAL
from skyshield.study.resampling import vector_counts
from skyshield.study.result import MEASURES
from skyshield.study.summary import figures
from support.command_line import FIXED
from support.studies import pages_of, reading_of


@pytest.fixture(scope="module")
def pair(play):
    asked = load("month").chosen(("region", "aid_region", "cities"))
    return play(asked.model_copy(update={"days": 3, "assumptions": FIXED}))


@pytest.fixture(scope="module")
def shown(pair):
    return section(*pair)


class Shown(NamedTuple):
    headline: Any
    table: Any
    drivers: list

    @property
    def flags(self):
        return self.headline.flags

    @property
    def played(self):
        return self.headline.played


def section(result, comparison, resolved):
    """The headline, the table with a row for every option, and what drives it."""
    of = reading_of(result, comparison, resolved)
    return Shown(answer.headline(of), answer.full_table(of), drivers.drivers(of))


def total(result, option, start, arm=0):
    at = [k for k, name in enumerate(MEASURES) if name == start or (start.endswith("/") and name.startswith(start))]
    of, base = (result.values[arm][..., result.options.index(o), :][..., at].sum(-1) for o in (option, "own"))
    counts = vector_counts(result.manifest["seed"], len(of))
    return figures(of - base, result.failed[arm] == 0, counts=counts).row()


def lines(cell):
    return str(cell).replace("<br><small>", "\n").replace("</small>", "").split("\n")


def test_each_zone_stands_above_its_own_money(shown):
    labels = [str(row[0]) for row in shown.table.rows]
    assert labels == ["SkyShield over the region",
                      '<span class="twin">The money of SkyShield over the region, as aid</span>',
                      "SkyShield over Uzhhorod, Lviv and Kyiv"]
    assert reading.in_pairs(["x_aid", "x"], {"x_aid": None}) == ["x_aid", "x"]  # a name makes no twin
    assert reading.in_pairs(["x", "y", "one", "two"], {"one": "x", "two": "x"}) == ["x", "one", "two", "y"]
    assert reading.in_pairs(["lost"], {"lost": "not played"}) == ["lost"]


def test_rows_by_hand(pair, shown):
    result = pair[0]
    head = shown.table.head
    for option, row in zip(("region", "aid_region", "cities"), shown.table.rows, strict=True):
        cells = dict(zip(head, row, strict=True))
        area, country = (total(result, option, name) for name in PRIMARIES)
        stops, anywhere = total(result, option, "prevented_zone"), total(result, option, "prevented/")
        redundant = total(result, option, "redundant/")
        for name, actual in (("Armed, in the area", area), ("Armed, in the country", country),
                             ("Stopped in the area, decoys too", stops)):
            assert lines(cells[name])[0] == number(actual["mean"], error=actual["se"]["mean"])
            assert lines(cells[name])[-1] in (interval(actual), lines(cells[name])[0])
        if anywhere["mean"] > 0.0:
            assert cells["Redundant for each prevented"] == number(redundant["mean"] / anywhere["mean"])
        money = {name: total(result, option, f"{column}cost_eur")["mean"] / 1e6
                 for name, column in (("planned", "planned_"), ("spent", ""))}
        assert cells["Planned cost, EUR million"] == number(money["planned"])
        for name, cost in money.items():
            for where, actual in (("in the area", area), ("in the country", country)):
                expected = number(cost / actual["mean"]) if actual["mean"] > 0.0 else "–"
                assert lines(cells[f"EUR million {name} for one armed {where}"])[0].startswith(expected)
        saved = total(result, option, "own_rounds_saved_eur")
        assert lines(cells["Own rounds saved, EUR million"])[0] == number(
            saved["mean"] / 1e6, error=saved["se"]["mean"] / 1e6)
        moved = [k for k, arm in enumerate(result.arms) if RIVAL in arm.ends and arm.in_envelope]
        means = sorted(total(result, option, PRIMARY, k)["mean"] for k in moved)
        assert cells["Under the two rival models"] == span(*means)


def test_costs_planned_and_spent_stand_side_by_side(pair, shown):
    """Of a twin that cannot spend its budget what one costs on planned money is many times that on spent money."""
    result = pair[0]
    planned = total(result, "aid_region", "planned_cost_eur")["mean"]
    values = np.stack(result.values)
    at, own = result.options.index("aid_region"), result.options.index("own")
    for measure, more in ((PRIMARIES[0], 5.0), (PRIMARIES[1], 20.0), ("cost_eur", planned / 8.0)):
        values[..., at, MEASURES.index(measure)] = values[..., own, MEASURES.index(measure)] + more
    one = dataclasses.replace(result, values=tuple(values))
    actual = section(one, compare(one, "own"), pair[2])
    (short,) = [row for row in actual.headline.table.rows if "as aid" in str(row[0])]
    costs = dict(zip(actual.headline.table.head, short, strict=True))
    for name, divided in (("Cost, EUR million", 1.0), ("EUR million for one in the area", 5.0),
                          ("EUR million for one in the country", 20.0)):
        assert lines(costs[name]) == [number(planned / 1e6 / divided),
                                      f"{number(planned / 8e6 / divided)} spent"], name
    full = dict(zip(actual.table.head, actual.table.rows[1], strict=True))
    for where, divided in (("in the area", 5.0), ("in the country", 20.0)):
        assert lines(full[f"EUR million planned for one armed {where}"])[0] == number(planned / 1e6 / divided)
        assert lines(full[f"EUR million spent for one armed {where}"])[0] == number(planned / 8e6 / divided)


def test_at_most_four_sentences_of_what_drives_it(pair, shown):
    result = pair[0]
    assert 1 <= len(shown.drivers) <= 4
    (anyway,) = [said for said in shown.drivers if said.startswith("Of the ")]
    redundant, prevented = (total(result, "region", f"{what}/")["mean"] for what in ("redundant", "prevented"))
    assert f"stopped {number(100 * redundant / (redundant + prevented))}% later" in anyway


def reported(pair, changes, option="region"):
    """Return the section with some of an option's columns set."""
    result, _, resolved = pair
    values = np.stack(result.values)
    for name, number_ in changes.items():
        values[..., result.options.index(option), MEASURES.index(name)] = number_
    other = dataclasses.replace(result, values=tuple(values))
    return section(other, compare(other, "own"), resolved)


def test_what_holds_it_back_is_the_largest_gate(pair):
    gates = {"saturated": 5.0, "refused_class": 7.0, "refused_identification": 0.0, "refused_deconfliction": 0.0,
             "engaged": 40.0}
    blame = {"refused_by/standoff_russia": 60.0, "refused_by/standoff_front": 20.0, "refused_by/several": 10.0}
    drivers = reported(pair, gates | blame | {"refused_standoff": 90.0}).drivers
    (said,) = [s for s in drivers if s.startswith("What holds")]
    assert said.endswith("it fires at 40 threats, and 90 more were left alone because of the distances that the rules "
                         "keep, 60 of them by the distance from Russia alone.")
    several = blame | {"refused_by/several": 70.0, "refused_standoff": 90.0}
    (said,) = [s for s in reported(pair, gates | several).drivers if s.startswith("What holds")]
    assert said.endswith("the distances that the rules keep.")
    (said,) = [s for s in reported(pair, gates | {"refused_standoff": 6.0}).drivers if s.startswith("What holds")]
    assert said.endswith("7 more were left alone because of their class.")


def test_unspent_money_has_a_column(pair):
    planned = total(pair[0], "aid_region", "planned_cost_eur")["mean"]
    actual = reported(pair, {"unspent_eur": planned / 4}, "aid_region")
    at = actual.table.head.index("Money left unspent, EUR million")
    assert actual.table.rows[1][at] == number(planned / 4e6)
    assert actual.table.rows[0][at] == "–"
    assert "As aid, 25% of that money is left unspent." in actual.drivers
    assert not any("left unspent" in said for said in reported(pair, {"unspent_eur": 0.0}, "aid_region").drivers)


def test_without_that_measure_there_is_no_column(pair, monkeypatch):
    monkeypatch.setattr(option_rows, "columns_of", lambda what: () if what == option_rows.UNSPENT else columns_of(what))
    assert "Money left unspent, EUR million" not in section(*pair).table.head


def test_a_conclusion_of_one_model_alone_is_flagged_in_its_row(pair):
    result, _, resolved = pair
    near_aims, along = (next(k for k, arm in enumerate(result.arms) if arm.ends == {RIVAL: end})
                        for end in ("low", "high"))
    at, base, column = result.options.index("region"), result.options.index("own"), MEASURES.index(PRIMARY)

    def judged(here, there):
        values = np.stack(result.values)
        for arm, more in ((near_aims, here), (along, there)):
            values[arm, ..., at, column] = values[arm, ..., base, column] + more
        other = dataclasses.replace(result, values=tuple(values))
        actual = section(other, compare(other, "own"), resolved)
        flags = [flag for flag in actual.flags if flag.startswith("SkyShield over the reg")]
        return str(actual.table.rows[0][-1]), flags

    assert judged(2.0, 2.0) == ("yes", [])
    assert judged(0.0, 0.0) == ("no, under neither", [])
    cell, flags = judged(2.0, 0.0)
    assert "FLAG: one only" in cell and "near defended aim points" in cell
    assert len(flags) == 1 and "FLAG: that it prevents more than zero" in flags[0]
    cell, flags = judged(0.0, 2.0)
    assert "evenly along their way" in cell and len(flags) == 1


def test_one_vector_has_no_flag_and_no_interval(play):
    asked = load("month").chosen(("region",)).model_copy(update={"days": 1, "assumptions": FIXED})
    actual = section(*play(asked, vectors=1, replications=1))
    assert actual.table.rows[0][-1] == "–" and actual.flags == ()


def test_a_study_that_failed_throughout_says_so(pair):
    result, _, resolved = pair
    broken = dataclasses.replace(result, failed=tuple(map(np.ones_like, result.failed)))
    actual = section(broken, compare(broken, "own"), resolved)
    assert actual.played.endswith("every replication failed, so there is no result.")
    assert actual.drivers == []
    assert actual.headline.sentence == "There is no result: every replication failed."
    assert {cell for row in actual.table.rows for cell in row[1:]} == {"–"}


def test_options_that_only_price_a_clause_are_not_among_the_answers(play, parse):
    asked = load("month").chosen(("region",)).model_copy(
        update={"days": 1, "assumptions": FIXED | {"own_defence_along_share": 0.0, "zone_share": 0.6}})
    made = pages_of(*play(asked.with_clauses_dropped(), vectors=2))
    read, annex = parse(made.report), parse(made.annex)
    assert [row[0] for row in read.tables["answer-table"][1:]] == ["Region\nSkyShield over the region"]
    assert [row[0] for row in annex.tables["headline"][1:]] == ["SkyShield over the region"]
    assert not [key for key in {**read.tables, **annex.tables} if "_without_" in key]
    assert "The clause that costs most is" in read.text or "No clause of the rules" in read.text
    assert [row[0].partition("\n")[2] for row in annex.tables["clauses-region"][1:]] == [
        "target_classes", "zone", "standoff_russia", "standoff_front"]
    assert not read.faults and not annex.faults


def test_a_comparison_with_no_rows_has_no_answer(play, parse):
    asked = load("month").chosen(("own",)).model_copy(update={"days": 1, "assumptions": FIXED})
    read = parse(pages_of(*play(asked, vectors=2, replications=1)).report)
    assert "nothing to compare" in read.text and "answer-table" not in read.tables


def test_the_answer_is_a_sentence_of_the_study(pair, shown):
    result = pair[0]
    area, country = (total(result, "region", measure) for measure in PRIMARIES)
    sentence = shown.headline.sentence
    here, everywhere = (number(row["mean"], error=row["se"]["mean"]) for row in (area, country))
    assert sentence.startswith(f"In 3 days, “SkyShield over the region” keeps {here} armed threats bound for the ")
    assert f" and {everywhere} in the whole country from their aims" in sentence
    twin = " and ".join(number(total(result, "aid_region", measure)["mean"]) for measure in PRIMARIES)
    assert f"; the same money as aid keeps {twin}. " in sentence
    ends = [total(result, "region", PRIMARY, k)["mean"] for end in ("high", "low")
            for k, arm in enumerate(result.arms) if arm.ends == {RIVAL: end}]
    assert sentence.endswith("Where Ukraine stops threats nobody knows: in the area it is "
                             f"{number(ends[0])} if all evenly along their way and {number(ends[1])} if all near "
                             "defended aim points.")


def test_the_short_table_has_a_row_for_options_that_are_alike(pair):
    result, _, resolved = pair
    values = np.stack(result.values)
    one, other, cost = (result.options.index("region"), result.options.index("cities"),
                        MEASURES.index("planned_cost_eur"))
    kept = values[..., other, cost].copy()
    values[..., other, :] = values[..., one, :]
    values[..., other, cost] = kept
    twins = dataclasses.replace(result, values=tuple(values))
    table = section(twins, compare(twins, "own"), resolved).headline.table
    (row,) = [row for row in table.rows if "alike" in str(row[0])]
    costs = [total(result, option, "planned_cost_eur")["mean"] / 1e6 for option in ("cities", "region")]
    assert row[0] == "SkyShield over the region, and one more option alike"
    assert lines(row[3])[0] == span(min(costs), max(costs))
    assert len(table.rows) == 2 and len(table.head) == 6


def test_the_picture_tells_the_first_option_and_no_other_by_its_bar(pair):
    result, comparison, resolved = pair
    means = {"region": 2.0, "aid_region": 30.0, "cities": 4.0}
    rows = {name: {**row, PRIMARY: {**row[PRIMARY], "delta": means[name]}} for name, row in comparison.rows.items()}
    of = reading_of(result, comparison, resolved)
    of.comparison = dataclasses.replace(comparison, rows=rows)
    assert answer._finding(of) == "“Region” keeps 2 armed threats bound for the area from their aims"
    assert "Bars side by side do not say how two options differ" in answer.headline(of).figure.note


@pytest.mark.parametrize(("together", "undone"), [((0.0, 9.0), True), ((-5.0, 5.0), True), ((-5.0, 9.0), False)])
def test_ends_that_undo_one_another_are_said_to(together, undone):
    row = {"env_lo": -2.0, "env_hi": 7.0, "joint_lo": together[0], "joint_hi": together[1]}
    view = types.SimpleNamespace(joint={"x": None}, played_arms=[])
    said = drivers._all_at_once(view, types.SimpleNamespace(name="x", short="X", row={PRIMARY: row}))
    assert ("some undo one another" in said) == undone
