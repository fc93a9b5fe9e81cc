"""The break-even atlas against closed forms.

Tried against mutations: relief without its cap; absorption that divides; interval ends not turned over; the budget of
the option without the baseline's taken off; a price where nothing is stopped; twins told by their names. Each
fails at least one test.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.adaptation.atlas import (
    AXES,
    STATUSES,
    Axis,
    atlas,
    average_cost,
    boundary,
    break_even_cost,
    load_axes,
    planned_eur,
    skyshield_stops,
)
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.study.result import MEASURES
from support.sweeps import made

GRID = {"marginal_cost": Axis("", "", "", ()), "absorption": Axis("", "", "", (), (0.5,)),
        "relief": Axis("", "", "", (), (0.0, 1.0)), "displacement": Axis("", "", "", (), (), 4)}


def fill(sweep, option, name, value):
    sweep.result.values[..., sweep.result.options.index(option), MEASURES.index(name)] = value


def zone(avoided, redundant=0.0, own=1000.0, budget=60e6):
    sweep = made(avoided, redundant__uav=redundant, planned_cost_eur=budget + 5e6)
    fill(sweep, "own", "stopped_own_hard/uav", own)
    fill(sweep, "own", "planned_cost_eur", 5e6)
    return sweep


def test_every_axis_has_its_evidence():
    axes, catalogue = load_axes(), load_catalogue()
    assert tuple(axes) == AXES
    for axis in axes.values():
        assert axis.status in STATUSES
        assert axis.label and len(axis.evidence) > 40
        assert axis.source and all(key in catalogue.sources for key in axis.source)
    assert axes["relief"].values == (0.0, 0.5, 1.0)
    assert axes["absorption"].values == (0.25, 1.0)


def test_costs_without_relief_by_hand():
    actual = atlas(zone([[30.0] * 3, [10.0] * 3]), GRID)["zone"]
    assert actual["budget_eur"] == 60e6
    first = actual["slices"][0]
    assert (first["absorption"], first["relief"]) == (0.5, 0.0)
    assert first["displacement"] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert first["cost"] == pytest.approx([0.5 * 60 / stops for stops in (30, 25, 20, 15, 10)])
    assert first["lo"] == pytest.approx(first["cost"])


def test_relief_adds_at_most_what_ukraine_saved_and_what_still_leaks():
    def at_full_relief(**changes):
        return skyshield_stops(zone([[30.0, 30.0]], **changes), "zone", (1.0,)).at(1.0, 0.0).tolist()

    assert at_full_relief(redundant=20.0) == [50.0, 50.0]
    assert at_full_relief(redundant=20.0, own=8.0) == [38.0, 38.0]  # Ukraine had only eight stops to save
    assert at_full_relief(redundant=500.0) == [100.0, 100.0]  # seventy still leak: nothing more to stop


def test_where_nothing_is_kept_aid_leads_at_any_price():
    slice_ = atlas(zone([[10.0, 30.0], [-30.0, -10.0]]), GRID)["zone"]["slices"][0]
    assert slice_["cost"][0] == pytest.approx(30 / 20)
    assert slice_["cost"][-1] is None and slice_["lo"][-1] is None and slice_["hi"][-1] is None
    assert slice_["cost"][2] is None  # the mean is zero half way
    assert slice_["lo"][2] == pytest.approx(30 / 9.5)  # its upper end is not: 97.5% between -10 and 10
    assert slice_["hi"][2] is None


def test_the_interval_is_turned_over():
    stops = skyshield_stops(zone([np.linspace(10.0, 50.0, 41)]), "zone", (0.0,))
    actual = boundary(stops, 60e6, 1.0, 0.0, (0.0,))
    assert actual["cost"] == pytest.approx([2.0])
    assert actual["lo"] == pytest.approx([60 / 49])
    assert actual["hi"] == pytest.approx([60 / 11])
    alone = boundary(skyshield_stops(zone([[30.0]]), "zone", (0.0,)), 60e6, 1.0, 0.0, (0.0,))
    assert (alone["lo"], alone["hi"]) == ([], [])


@given(st.floats(0.1, 1e4), st.floats(1e6, 1e10), st.floats(0.01, 1.0))
def test_both_stop_as_many_at_the_boundary(stops, budget, absorption):
    cost = break_even_cost(stops, budget, absorption)
    each = stops / (budget / 1e6)
    for times, advantage in ((1.0, 0.0), (2.0, each / 2), (0.5, -each)):
        by_aid = absorption / (times * cost)  # stops for each planned EUR million
        assert each - by_aid == pytest.approx(advantage, abs=1e-9 * each)


def test_outside_what_was_played_is_refused():
    stops = skyshield_stops(zone([[30.0], [10.0]]), "zone", (0.0,))
    assert stops.at(0.0, 0.25).tolist() == [25.0]
    for relief, displacement in ((0.5, 0.0), (0.0, 1.1)):
        with pytest.raises(SkyShieldError):
            stops.at(relief, displacement)


def test_options_without_a_budget_and_aid_twins_have_no_atlas():
    assert atlas(zone([[30.0]], budget=0.0), GRID) == {}
    sweep = zone([[30.0, 10.0]])
    assert atlas(dataclasses.replace(sweep, aid={"zone": None}), GRID) == {}  # aid with a budget of its own
    sweep.result.manifest["options"] = ["own", "aid_zone"]
    assert set(atlas(sweep, GRID)) == {"aid_zone"}  # a name makes no twin


def test_a_simulated_twin_tells_its_own_cost():
    sweep = zone([[15.0, 15.0], [15.0, 15.0]])
    values = sweep.result.values
    object.__setattr__(sweep.result, "values", np.concatenate([values, values[..., 1:2, :]], axis=-2))
    sweep.result.manifest["options"] = ["own", "zone", "money"]
    sweep = dataclasses.replace(sweep, aid={"money": "zone"})
    actual = atlas(sweep, GRID)
    assert set(actual) == {"zone"}
    twin, = actual["zone"]["twins"]
    assert (twin["option"], twin["avoided"], twin["cost"]) == ("money", 15.0, 4.0)
    assert planned_eur(sweep, "zone") == 60e6


def test_an_option_may_have_several_twins():
    sweep = zone([[15.0, 15.0], [15.0, 15.0]])
    values = sweep.result.values
    object.__setattr__(sweep.result, "values", np.concatenate([values, values[..., 1:2, :], values[..., 1:2, :]], -2))
    sweep.result.manifest["options"] = ["own", "zone", "here", "anywhere"]
    sweep = dataclasses.replace(sweep, aid={"here": "zone", "anywhere": "zone"})
    assert [twin["option"] for twin in atlas(sweep, GRID)["zone"]["twins"]] == ["here", "anywhere"]


def test_the_average_cost_of_a_drone_kill_by_hand():
    actual = average_cost(load_catalogue(), {})
    assert actual["central"] == pytest.approx(4000 / 0.24 / 1.13 / 1e6)
    assert actual["low"] == pytest.approx(2500 / 0.68 / 1.13 / 1e6)
    assert actual["high"] == pytest.approx(15_000 / 0.2 / 1.13 / 1e6)
