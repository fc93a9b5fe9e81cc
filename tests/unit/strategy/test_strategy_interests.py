"""The op-ed's interests: what they face without and with each option, by phase, against the days of the study by hand.

Mutations tried, each caught: every phase's figures under the first one's name; products of like ends alone.
"""

import copy
import itertools
import json

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.strategy.interests import (
    PERIOD,
    TABLE,
    _between,
    columns_of,
    days_by_phase,
    exposures,
    exposures_json,
    load_interests,
    read_interests,
)
from skyshield.strategy.ledgers import benefits
from skyshield.study import StudyView
from skyshield.theatre import load_theatre
from support.strategy import broken, single


@pytest.fixture(scope="module")
def view(two_phases):
    return StudyView.open(two_phases)


@pytest.fixture(scope="module")
def rows(view):
    return exposures(view)


def test_the_interests_are_those_of_the_op_ed_in_its_order():
    assert [one.name for one in load_interests()] == [one.name for one in load_theatre().interests] == [
        "embassies", "incursions", "travellers", "ports", "energy"]
    assert "incidents/crossing_moldova" not in columns_of(load_interests())  # no territory of the Alliance
    assert all(what for one in load_interests() for _, what in one.measures)


def test_phases_are_what_their_days_come_to(view, rows):
    assert days_by_phase(view) == {name: dict.fromkeys(view.manifest["options"], 3.0) for name in ("war", "ceasefire")}
    daily = view.result.daily()
    keys = ["vector", "replication"]
    for row in rows:
        if row.measure not in daily or row.phase == PERIOD:
            continue
        days = range(3) if row.phase == "war" else range(3, 6)
        chosen = daily[daily["day"].isin(days)]
        without, with_option = (chosen[chosen["option"] == name].groupby(keys)[row.measure].sum()
                                for name in (view.resolved.baseline, row.option))
        assert row.without["mean"] == pytest.approx(without.mean(), rel=1e-5, abs=1e-12)
        assert row.with_option["mean"] == pytest.approx(with_option.mean(), rel=1e-5, abs=1e-12)
        assert row.difference["delta"] == pytest.approx((with_option - without).mean(), rel=1e-5, abs=1e-12)
    assert any(row.phase == "ceasefire" and row.without["mean"] for row in rows)  # half of war's raids


def test_phases_add_up_to_the_period(rows):
    by = {(row.phase, row.option, row.measure): row for row in rows}
    measures = {row.measure for row in rows if row.measure != "traveller_alert_h"}
    for option, measure in itertools.product(("same", "region", "aid_region"), measures):
        period, war, ceasefire = (by[phase, option, measure] for phase in (PERIOD, "war", "ceasefire"))
        total = war.with_option["mean"] + ceasefire.with_option["mean"]
        assert period.with_option["mean"] == pytest.approx(total, rel=1e-5)  # of the summary, rounded
        assert period.difference["delta"] == pytest.approx(
            war.difference["delta"] + ceasefire.difference["delta"], rel=1e-5, abs=1e-12)


def test_an_option_without_packages_changes_no_exposure(rows):
    same = [row for row in rows if row.option == "same"]
    assert same and all(row.with_option == row.without for row in same)
    assert all(row.difference["lo"] == row.difference["hi"] == 0.0 for row in same)
    assert any(row.difference["delta"] for row in rows if row.option == "region")


def test_what_the_view_compares_with_changes_nothing(view, two_phases, rows):
    other = exposures(StudyView.open(two_phases, "region"))
    key = lambda row: (row.interest, row.measure, row.option, row.phase)  # noqa: E731
    assert {row.option for row in other} == {"same", "region", "aid_region"}
    usual = {key(row): row for row in rows}
    for row in other:
        for figures, same in zip(row[4:], usual[key(row)][4:], strict=True):
            for name in ("lo", "hi"):
                assert (figures[name] is None) == (same[name] is None)
                assert figures[name] is None or figures[name] == pytest.approx(same[name], rel=1e-4, abs=1e-9)


def test_travellers_are_the_hours_times_an_interval(view, rows):
    entry = view.catalogue["travellers_on_the_way"]
    assert entry.central is None and 0 < entry.low < entry.high
    hours = [row for row in rows if row.measure == "alert_h_corridors"]
    times = [row for row in rows if row.measure == "traveller_alert_h"]
    assert len(hours) == len(times) == 9
    for row, product in zip(hours, times, strict=True):
        assert (row.option, row.phase) == (product.option, product.phase)
        assert product.without["mean"] is None and product.difference["delta"] is None
        if row.without["lo"] is not None:
            assert product.without["lo"] == pytest.approx(entry.low * row.without["lo"])
            assert product.without["hi"] == pytest.approx(entry.high * row.without["hi"])


@pytest.mark.parametrize(("lo", "hi"), [(1.0, 2.0), (-2.0, -1.0), (-1.0, 3.0), (0.0, 0.0)])
def test_a_product_of_intervals_holds_every_product(lo, hi):
    row = _between({"delta": (lo + hi) / 2, "lo": lo, "hi": hi}, "delta", 10.0, 100.0)
    every = [people * hours for people in (10.0, 55.0, 100.0) for hours in (lo, (lo + hi) / 2, hi)]
    assert (row["lo"], row["hi"]) == (min(every), max(every))
    assert _between({"delta": 1.0, "lo": None, "hi": None, "reason": "one vector"}, "delta", 1.0, 2.0) == {
        "delta": None, "lo": None, "hi": None, "reason": "one vector"}


def test_a_study_of_one_phase_has_the_figures_of_its_period():
    content = exposures_json(single())
    assert content["phases"] == {"war": dict.fromkeys(single().manifest["options"], 3.0)}
    assert all(set(one["exposure"]) == {PERIOD} for one in content["interests"].values())


def test_war_that_comes_back_is_told_as_collapse():
    view = broken()
    days = days_by_phase(view)
    assert days["war"] == dict.fromkeys(view.manifest["options"], 1.0)
    assert all(of > 0.0 for of in days["collapse"].values())
    assert sum(of["own"] for of in days.values()) == pytest.approx(view.manifest["days"])
    found = {(row.phase, row.option, row.measure): row for row in exposures(view)}
    assert found["collapse", "region", "alert_h_kyiv"].without["mean"] > 0.0


@pytest.mark.parametrize("read", [exposures, benefits])
def test_a_study_stored_before_a_measure_was_counted_is_refused(two_phases, read):
    old = StudyView.open(two_phases)
    for told in old.summary["options"].values():
        del told["npp_offsite_power_days"]
    with pytest.raises(SkyShieldError, match="was stored before npp_offsite_power_days was counted; run it again"):
        read(old)


def test_plain_data(view, rows):
    content = exposures_json(view)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert set(content["phases"]) == {"war", "ceasefire"}
    told = sum(len(of) for one in content["interests"].values() for of_phase in one["exposure"].values()
               for of in of_phase.values())
    assert told == len(rows)
    for one in content["interests"].values():
        assert set(one["exposure"]) == {PERIOD, "war", "ceasefire"}
        assert all(words["label"] and words["shown"] for words in one["measures"].values())


def product_of(table):
    return table["travellers"]["times"]["traveller_alert_h"]


@pytest.mark.parametrize(("change", "words"), [
    (lambda table: table.pop("ports"), "does not hold just the interests of the theatre"),
    (lambda table: table["ports"]["measures"].update(morale="x"), "ports: names the unknown measure 'morale'"),
    (lambda table: product_of(table).update(entry="nobody"), "is 'nobody', not an entry"),
    (lambda table: product_of(table).update(of="port_days"), "is 'port_days', which is"),
    (lambda table: product_of(table).pop("shown"), "shown: is missing"),
    (lambda table: table["ports"].update(weight=1), "ports: weight: is not a known field")])
def test_refused_tables(change, words):
    content = copy.deepcopy(read_yaml(TABLE))
    change(content["interests"])
    with pytest.raises(SkyShieldError) as caught:
        read_interests(content, "test.yaml")
    assert words in str(caught.value) and "\n" not in str(caught.value) and caught.value.exit_code == 2
