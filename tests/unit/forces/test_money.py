"""Planned costs against sums by hand.

Mutations tried, each caught: total and marginal price exchanged; days forgotten in one part; early-warning aircraft
written off on the incremental boundary; euros turned as dollars; shots not capped by the magazine.
"""

import math

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.forces.money import (
    BOUNDARIES,
    PRICE_YEAR,
    WEAPON_PRICES,
    AirPlan,
    at_prices_of,
    expected_weapons,
    planned_cost,
)

HOUR, DAY, YEAR = 3600.0, 86400.0, 365.25 * 86400.0
PRICES = {
    "usd_per_eur": 1.25, "cpfh_marginal": 12_500 / HOUR, "cpfh_press": 40_000 / HOUR,
    "people_per_deployed_fighter": 30.0, "deployed_people_day": 100 / DAY, "basing_aircraft_day": 2000 / DAY,
    "tanker_hour_marginal": 10_000 / HOUR, "tanker_hour_total": 30_000 / HOUR, "aew_hour_marginal": 15_000 / HOUR,
    "aew_hour_total": 50_000 / HOUR, "aew_per_orbit": 5.0, "aew_unit_price": 750e6, "aew_life": 25 * YEAR,
    "aim9_price": 450_000.0, "aim120_price": 1_100_000.0, "apkws_price": 25_000.0}


def numbers(n=1, **changed):
    return {name: np.full(n, value) for name, value in (PRICES | changed).items()}


def plan(n=1):
    one = np.ones(n)
    return AirPlan(48 * one, 120 * one, {"aim9": 5 * one, "apkws": 20 * one}, 40 * one, 24 * one, 1.0 * one)


INCREMENTAL = {"flight_hours_eur": 120 * 10_000 * 30, "weapons_eur": (5 * 360_000 + 20 * 20_000) * 30,
               "people_and_basing_eur": 48 * (30 * 100 + 2000) * 30, "tankers_eur": 40 * 8000 * 30,
               "early_warning_eur": 24 * 12_000 * 30}
LOADED = INCREMENTAL | {"flight_hours_eur": 120 * 32_000 * 30, "tankers_eur": 40 * 24_000 * 30,
                        "early_warning_eur": 24 * 40_000 * 30 + 5 * 600e6 * 30 / (25 * 365.25)}


@pytest.mark.parametrize(("boundary", "by_hand"), [("incremental", INCREMENTAL), ("fully_loaded", LOADED)])
def test_planned_cost_by_hand(boundary, by_hand):
    found = planned_cost(plan(2), 30, numbers(2), boundary)
    for part, amount in by_hand.items():
        assert getattr(found, part) == pytest.approx([amount, amount], rel=1e-12), part
    assert found.total_eur == pytest.approx([sum(by_hand.values())] * 2, rel=1e-12)


def test_what_an_option_does_not_have_costs_nothing():
    bare = AirPlan(np.array([12.0]), np.array([60.0]))
    for boundary in BOUNDARIES:
        found = planned_cost(bare, 30, numbers(), boundary)
        assert found.tankers_eur[0] == found.early_warning_eur[0] == found.weapons_eur[0] == 0.0
        assert found.flight_hours_eur[0] > 0.0 and found.people_and_basing_eur[0] > 0.0


def test_no_aircraft_no_cost():
    zero = np.zeros(1)
    assert planned_cost(AirPlan(zero, zero), 30, numbers(), "fully_loaded").total_eur.tolist() == [0.0]


def test_with_the_catalogue_fully_loaded_costs_more_part_by_part():
    class References(dict):
        def __missing__(self, name):
            return np.array([load_catalogue()[name].reference_si])

    small, full = (planned_cost(plan(), 30, References(), b) for b in BOUNDARIES)
    for part in INCREMENTAL:
        assert getattr(full, part)[0] >= getattr(small, part)[0] > 0.0
    assert full.total_eur[0] > 1.5 * small.total_eur[0]


def test_catalogue_keeps_marginal_below_total_at_every_value():
    catalogue = load_catalogue()
    for low, high in (("cpfh_marginal", "cpfh_press"), ("tanker_hour_marginal", "tanker_hour_total")):
        assert catalogue[low].high < catalogue[high].low
    assert catalogue["aew_hour_marginal"].high <= catalogue["aew_hour_total"].low


def test_prices_are_of_the_price_year():
    keys = ("cpfh_marginal", "cpfh_press", "deployed_people_day", "basing_aircraft_day", "tanker_hour_marginal",
            "tanker_hour_total", "aew_hour_marginal", "aew_hour_total", "aew_unit_price", *WEAPON_PRICES.values())
    assert {load_catalogue()[key].price_year for key in keys} == {PRICE_YEAR}
    dollars = {key for key in keys if "USD" in load_catalogue()[key].unit}
    assert set(keys) - dollars == {"deployed_people_day", "basing_aircraft_day"}


def test_expected_weapons_is_the_mean_of_a_salvo():
    """1 (1 - p)^0 p + ...: shots at one threat, at most three, p = 0.4."""
    mean = 1 * 0.4 + 2 * 0.6 * 0.4 + 3 * 0.6**2
    one = np.ones(1)
    assert expected_weapons(50 * one, 0.8 * one, 0.4 * one, 3 * one, 1e9 * one)[0] == pytest.approx(50 * 0.8 * mean)
    assert expected_weapons(50 * one, 0.8 * one, 0.4 * one, 3 * one, 7 * one)[0] == 7.0
    assert math.isclose(expected_weapons(50 * one, one, one, 3 * one, 1e9 * one)[0], 50.0)


def test_price_years():
    amount, deflator = np.array([100.0]), {"deflator_2026_over_2025": np.array([1.03])}
    assert at_prices_of(2025, amount, {}).tolist() == [100.0]
    assert at_prices_of(2026, amount, deflator) == pytest.approx([103.0])
    with pytest.raises(SkyShieldError, match="price year 2031: has no deflator"):
        at_prices_of(2031, amount, deflator)


def test_refusals():
    with pytest.raises(SkyShieldError, match="boundary 'gross': is not a boundary of costs; use incremental or"):
        planned_cost(plan(), 30, numbers(), "gross")
    with pytest.raises(SkyShieldError, match="weapon 'laser': has no price; use aim9, aim120, apkws"):
        planned_cost(AirPlan(np.ones(1), np.ones(1), {"laser": np.ones(1)}), 30, numbers(), "incremental")
