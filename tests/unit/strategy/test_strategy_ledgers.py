"""Benefit by group of countries: the table, and its figures against sums of the study by hand.

Mutations tried, each caught: the baseline minus the option; the figures of another measure; options that only price a
clause told; a measure of which more is better let in; a crossing counted for the wrong group.
"""

import copy
from types import SimpleNamespace

import numpy as np
import pytest

from skyshield.catalogue import measure_of
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.core.vocabulary import INCIDENT_KINDS
from skyshield.rules.legal import load_legal
from skyshield.strategy.interests import columns_of, load_interests
from skyshield.strategy.ledgers import TABLE, benefits, benefits_json, load_beneficiaries, read_beneficiaries
from skyshield.strategy.reading import limits, options_compared
from skyshield.study import StudyView
from skyshield.study.result import MEASURES
from support.strategy import single

GROUPS = ("sending_states", "eastern_eu", "moldova", "belarus", "russia", "grain_importers")


def test_the_groups_are_those_of_the_op_ed_and_each_has_a_gap_that_no_measure_fills():
    table = load_beneficiaries()
    assert tuple(group.name for group in table.groups) == GROUPS
    cited = {key for group in table.groups for one in group.measures for key in one.source}
    assert cited == {key for key, _ in table.sources}
    for group in table.groups:
        assert group.measures and group.unmeasured and group.who
        assert all(measure_of(one.measure).direction == "less" and one.why for one in group.measures)


def test_every_measure_told_has_its_limit_said():
    counted = {one.measure for group in load_beneficiaries().groups for one in group.measures}
    assert set(limits()) == counted | set(columns_of(load_interests()))


def test_crossings_count_for_members_of_alliance_and_union_or_for_moldova():
    states = {f"incidents/crossing_{state.state.lower()}": state for state in load_legal().states}
    crossings = {f"incidents/{kind}" for kind in INCIDENT_KINDS if kind.startswith("crossing_")}
    counted = {group.name: {one.measure for one in group.measures} & crossings for group in load_beneficiaries().groups}
    assert counted["eastern_eu"] == {name for name in crossings if states[name].nato and states[name].eu}
    assert counted["moldova"] == crossings - counted["eastern_eu"] == {"incidents/crossing_moldova"}
    assert not any(counted[name] for name in GROUPS if name not in ("eastern_eu", "moldova"))


def test_a_benefit_is_the_option_minus_the_baseline_on_the_same_raids():
    view = single()
    values, options = view.result.values[0], view.result.options
    told = benefits(view)
    assert {row.option for row in told} == {"same", "region", "aid_region"}
    assert len(told) == 3 * sum(len(group.measures) for group in load_beneficiaries().groups)
    moved = set()
    for row in told:
        k = MEASURES.index(row.measure)
        differences = values[:, :, options.index(row.option), k] - values[:, :, options.index("own"), k]
        assert row.figures["delta"] == pytest.approx(differences.mean(), abs=1e-12), row
        if row.option == "same":
            assert row.figures["delta"] == row.figures["lo"] == row.figures["hi"] == 0.0
        elif row.figures["delta"] != 0.0:
            moved.add(row.measure)
            assert row.figures["lo"] is None or row.figures["lo"] <= row.figures["hi"]
    assert {"alert_h_corridors", "npp_offsite_power_days", "outage_h"} <= moved


def test_plain_data_holds_the_same_and_nothing_is_added_up():
    view = single()
    content = benefits_json(view)
    assert tuple(content) == GROUPS
    flat = {(name, option, measure): figures for name, group in content.items()
            for option, row in group["options"].items() for measure, figures in row.items()}
    assert flat == {(row.group, row.option, row.measure): row.figures for row in benefits(view)}
    for group in content.values():
        assert all(set(row) == set(group["measures"]) for row in group["options"].values())


def test_another_option_to_compare_with():
    view = single()
    other = StudyView(view.result, view.resolved, "region")
    rows = {(row.option, row.measure): row.figures["delta"] for row in benefits(other)}
    assert {option for option, _ in rows} == {"own", "same", "aid_region"}
    usual = {(row.option, row.measure): row.figures["delta"] for row in benefits(view)}
    for (option, measure), delta in rows.items():
        if option == "own":
            assert delta == pytest.approx(-usual["region", measure], abs=1e-12)
    assert np.isfinite(list(rows.values())).all()


def test_options_that_only_price_a_clause_are_left_out():
    view = SimpleNamespace(manifest={"options": ["own", "a", "a_without_debris"]}, to="own",
                           dropped={"a_without_debris": ("a", "debris")})
    assert options_compared(view) == ["a"]


def changed(change):
    content = copy.deepcopy(read_yaml(TABLE))
    change(content["groups"]["moldova"], content)
    return content


@pytest.mark.parametrize(("change", "words"), [
    (lambda group, _: group.pop("who"), "moldova: who: is missing"),
    (lambda group, _: group.update(weight=1), "moldova: weight: is not a known field"),
    (lambda group, _: group.update(measures={}), "moldova: measures: are none"),
    (lambda group, _: group["measures"].update(morale={"why": "x", "source": ["K"]}), "unknown measure 'morale'"),
    (lambda group, _: group["measures"].update(prevented_armed={"why": "x", "source": ["K"]}),
     "moldova: prevented_armed: is not better the lower it is"),
    (lambda group, _: group["measures"]["outage_h"].pop("why"), "moldova: outage_h: why: is missing"),
    (lambda group, _: group["measures"]["outage_h"].update(source=["nobody"]), "is the unknown source 'nobody'"),
    (lambda group, _: group["measures"].update(outage_h=3), "moldova: outage_h: is not a list of fields"),
    (lambda _, content: content.pop("sources"), "test.yaml: sources: is missing")])
def test_refused_tables(change, words):
    with pytest.raises(SkyShieldError) as caught:
        read_beneficiaries(changed(change), "test.yaml")
    assert words in str(caught.value) and "\n" not in str(caught.value) and caught.value.exit_code == 2
