"""What time since the decision does: growth, lead times and the plan, and the stores of a month that comes later.

Mutations tried, each caught: growth of ballistic missiles on cruise missiles; a year of 366 days; lead times one after
another; a decision that is always of the first day; growth from the first day, not from the decision; a plan by the day
that stands, not its sum; stores used up before the zone was there, or below nothing; Ukraine's stores full whatever has
come, or at a supply of 1.
"""

import functools

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.campaign import expected_growth, growth_by_day, lead_days, years_since
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.planned import planned_shots
from skyshield.compile.stores import stores_by_now
from skyshield.compile.world import ArmCompiler, prepare_context
from skyshield.core.vocabulary import BALLISTIC, CRUISE, N_CLASSES, UAV
from skyshield.forces.shooters import kind_number
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from support.studies import resolved
from support.worlds import make_forces

OWN, ZONE, AID = 0, 1, 2
LEAD = ("zone_agreement_time", "zone_basing_time", "zone_early_warning_time", "zone_training_time")
DAY_S = 86400.0


@functools.cache
def compiler(name, *options):
    context = prepare_context(resolved(load(name).chosen(options)))
    return context, ArmCompiler(context, 3, 2)


def year(end=None):
    ends = {} if end is None else dict.fromkeys(LEAD, end)
    return compiler("skyshield", "region", "aid_region")[1].compile(ends).world


def table(**ends):
    return ParameterTable(load_catalogue(), embedded_fit(), 3, 2, ends)


def of(name, **fields):
    return parse({**dump(load(name)), **fields}, "test")


@pytest.mark.parametrize("end", ["low", "high"])
def test_growth_has_reached_its_factor_a_year_after_the_decision(end):
    entries, numbers = load_catalogue(), table(launch_growth=end, ballistic_growth=end)
    grown = growth_by_day(of("skyshield", days=366), numbers)
    launch, ballistic = (getattr(entries[name], end) for name in ("launch_growth", "ballistic_growth"))
    np.testing.assert_allclose(grown[:, :, 0], 1.0)
    np.testing.assert_allclose(grown[:, UAV, 365], launch)
    np.testing.assert_allclose(grown[:, CRUISE, 365], launch)
    np.testing.assert_allclose(grown[:, BALLISTIC, 365], launch * ballistic)
    assert launch != 1.0 and ballistic != 1.0
    even = np.arange(366) / 365.0 * np.log(grown[:, :, [365]])
    np.testing.assert_allclose(np.log(grown), even, atol=1e-12)


def test_a_thousand_a_day_are_uavs_alone():
    grown = expected_growth(load("thousand"), table())
    average = load_catalogue()["uav_launch_mean_per_day"].reference_value
    np.testing.assert_allclose(grown[:, UAV] * average, 1_000.0, rtol=0.01)
    np.testing.assert_allclose(grown[:, [CRUISE, BALLISTIC]], 1.0)


def test_the_month_is_the_last_of_the_year():
    ends = {"launch_growth": "high", "decoy_armed_share": "high", "jet_uav_share": "high", "day_wave_growth": "high"}
    month, whole = (compiler(name, *options)[1].compile(ends).world.raids for name, options in (
        ("month", ("region",)), ("skyshield", ("region", "aid_region"))))
    assert years_since(load("month")).tolist() == years_since(load("skyshield"))[335:].tolist()
    for name in ("growth", "decoy_armed", "p_jet", "p_day_raid"):
        one, other = getattr(month, name), getattr(whole, name)
        assert one.tobytes() == other[..., 335:].tobytes() and (other[..., -1] != other[..., 0]).any(), name


@pytest.mark.parametrize(("end", "lead"), [("low", 21), (None, 105), ("high", 420)])
def test_nothing_of_a_zone_is_there_before_its_lead_time(end, lead):
    """Agreement first, then the longest of the rest; aid is at work from the first day, as far as its lines come."""
    assert lead_days(load("skyshield"), table(**({} if end is None else dict.fromkeys(LEAD, end)))) == lead
    there = year(end).forces.presence
    assert (there[ZONE] == (np.arange(365) >= lead)).all()
    assert there[AID, 0].all() and not there[OWN].any()


def test_a_zone_that_was_decided_on_long_ago_is_there_at_once():
    assert [lead_days(of("skyshield", decided_before_days=days), table()) for days in (0, 100, 105, 400)] == [
        105, 5, 0, 0]
    assert lead_days(load("month"), table()) == 0
    assert compiler("month", "region")[1].compile({}).world.forces.presence[ZONE].all()


def test_the_plans_whole_cost_stands_when_the_lead_time_moves():
    """A zone that comes earlier spends the same a day less; so its twin's budget is the same too."""
    context, _ = compiler("skyshield", "region", "aid_region")
    total = [(one.costs.planned_eur * one.forces.presence.sum(axis=2)[:, :, None]).sum(axis=1)
             for one in (year(), year("low"))]
    np.testing.assert_allclose(total[1], total[0], rtol=1e-12)
    assert total[0][ZONE, 0] == pytest.approx(total[0][AID, 0], rel=1e-9) and total[0][ZONE, 0] > 1e9
    assert context.planned_lead_days == 105
    assert year("low").aid.hazard.tobytes() == year().aid.hazard.tobytes()
    assert not year("high").forces.presence[ZONE].any()  # it does not come within the year, and spends nothing


@pytest.mark.parametrize("ends", [
    {}, {"launch_growth": "high"}, {f"own_resupply_share_{name}": "low" for name in ("uav", "cruise", "ballistic")},
    {"launch_growth": "high", "ballistic_growth": "high", "own_resupply_share_uav": "high",
     **{f"own_magazine_days_{name}": "high" for name in ("uav", "cruise", "ballistic")}}])
def test_the_month_has_ukraines_stores_as_335_days_have_left_them(ends):
    """Each day has brought r of a day's average use and taken x of it, in kills."""
    context, arms = compiler("month", "region")
    compiled = arms.compile(ends)
    own, numbers = compiled.world.own, table(**ends)
    growth = np.stack([np.broadcast_to(numbers["launch_growth"], 2)] * N_CLASSES, axis=1)
    growth[:, BALLISTIC] = growth[:, BALLISTIC] * numbers["ballistic_growth"]
    use = own.store_most / np.stack([numbers[f"own_magazine_days_{name}"] for name in ("uav", "cruise", "ballistic")],
                                    axis=1) * DAY_S
    left = own.store_most.copy()
    for day in range(context.scenario.decided_before_days):
        left += use * (own.resupply_share - growth ** (day / 365.0))
    np.testing.assert_allclose(own.store_first, np.clip(left, 0.0, own.store_most), rtol=1e-9, atol=1e-9)
    if not ends:
        assert (own.store_first == own.store_most).all()
    elif len(ends) < 6:
        assert (own.store_first < own.store_most).all()


def test_the_year_begins_with_full_stores():
    own, forces = year().own, year().forces
    assert (own.store_first == own.store_most).all() and (forces.store_first == forces.store_most).all()
    assert (own.ration_below < own.store_most).all() and (own.ration_below > 0.0).all()


def test_the_month_has_the_coalitions_stores_as_the_days_since_it_came_have_left_them():
    context, arms = compiler("month", "region")
    forces = arms.compile({}).world.forces
    shots = planned_shots(context)[ZONE]
    patrol, pair = (kind_number(name) for name in ("fighters_with_rockets", "ground_alert_with_rockets"))
    assert set(forces.shooter_kind[ZONE]) == {patrol, pair} and (shots[[patrol, pair], 0] > 1e-3).all()
    rockets, missiles = forces.store[ZONE, 0, forces.magazine[patrol]]
    fired = shots[patrol] + shots[pair]  # patrols and pairs have their rounds from the same stores
    left = forces.store_most[:, ZONE].copy()
    for _ in range(335 - 105):
        left[:, rockets] += forces.store_per_day[:, ZONE, rockets] - fired[0]
        left[:, missiles] += forces.store_per_day[:, ZONE, missiles] - fired[1]
        left = np.clip(left, 0.0, forces.store_most[:, ZONE])
    np.testing.assert_allclose(forces.store_first[:, ZONE], left, rtol=1e-9)
    assert (left[:, rockets] < forces.store_most[:, ZONE, rockets]).all()


@pytest.mark.parametrize(("most", "daily", "first"), [(1e9, 0.0, 1e9 - 230.0 * 7.0), (100.0, 0.0, 0.0),
                                                      (100.0, 7.5, 100.0), (np.inf, 0.0, np.inf)])
def test_stores_never_fall_below_nothing_nor_rise_above_what_they_hold(monkeypatch, most, daily, first):
    """Seven shots a day of one kind and one store of two shooters, over the 230 days that the zone has been there."""
    context, _ = compiler("month", "region")
    shots = np.array([0.0, 7.0]).reshape(2, 1, 1)
    monkeypatch.setattr("skyshield.compile.stores.planned_shots", lambda _: shots)
    forces = make_forces(((), ((0.0, 0.0),) * 2))
    forces = forces._replace(store=np.zeros_like(forces.store), store_most=np.full((1, 2, 1), most),
                             store_per_day=np.full((1, 2, 1), daily))
    assert stores_by_now(context, table(), forces)[0, ZONE, 0] == pytest.approx(first)
