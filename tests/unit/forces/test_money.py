"""Prices on two boundaries against sums by hand.

Mutations tried, each caught (`tools/mutate.py`): total and marginal price exchanged; the share of a ground-based unit
taken on the wrong boundary; a salvo's hit taken for a shot's.
"""

import math

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import BOUNDARIES
from skyshield.forces import batteries, drone_teams, guns
from skyshield.forces.money import PRICE_YEAR, expected_engagements, price_list
from skyshield.forces.sensors import sensor_day_eur

HOUR, DAY, YEAR = 3600.0, 86400.0, 365.25 * 86400.0
PRICES = {
    "usd_per_eur": 1.25, "fighter_hour_marginal": 12_500 / HOUR, "fighter_hour_total": 40_000 / HOUR,
    "people_per_deployed_fighter": 30.0, "deployed_people_day": 100 / DAY, "basing_aircraft_day": 2000 / DAY,
    "tanker_hour_marginal": 10_000 / HOUR, "tanker_hour_total": 30_000 / HOUR, "aew_hour_marginal": 15_000 / HOUR,
    "aew_hour_total": 50_000 / HOUR, "aew_per_orbit": 5.0, "aew_unit_price": 750e6, "aew_life": 25 * YEAR,
    "tanker_price": 300e6,
    "aew_hours_per_orbit_day": 30 * HOUR / DAY, "fighter_price": 100e6, "ukrainian_fighter_price": 50e6,
    "ground_unit_running_share": 0.4, "aerostat_price": 500e6, "aerostat_life": 10 * YEAR, "aerostat_upkeep_share": 0.1,
    "ground_radar_day_cost": 10_000 / DAY, "acoustic_sensors_national": 10_000.0, "acoustic_sensor_price": 500.0,
    "acoustic_sensor_life": 4 * YEAR}


class References(dict):
    def __missing__(self, name):
        return np.array([load_catalogue()[name].reference_si])


def numbers(n=1, **changed):
    return {name: np.full(n, value) for name, value in (PRICES | changed).items()}


INCREMENTAL = {"flight_hour_eur": 10_000, "tanker_hour_eur": 8000, "fighter_day_eur": 30 * 100 + 2000,
               "fighter_lost_eur": 80e6, "friendly_lost_eur": 40e6, "early_warning_lost_eur": 600e6,
               "tanker_lost_eur": 240e6, "ground_share": 0.4}
LOADED = INCREMENTAL | {"flight_hour_eur": 32_000, "tanker_hour_eur": 24_000, "ground_share": 1.0}
SENSOR_DAYS = {  # fully loaded, incremental
    "airborne_early_warning": (30 * 40_000 + 5 * 600e6 / (25 * 365.25), 30 * 12_000),
    "aerostats": (0.1 * 30 * 40_000 + 400e6 / (10 * 365.25), 0.1 * 30 * 40_000),
    "ground_radar": (8000, 0.4 * 8000), "acoustic": (10_000 * 400 / (4 * 365.25), 0.0)}


@pytest.mark.parametrize(("boundary", "by_hand"), [("incremental", INCREMENTAL), ("fully_loaded", LOADED)])
def test_prices_by_hand(boundary, by_hand):
    result = price_list(numbers(2), boundary)
    assert set(vars(result)) == set(by_hand)
    for name, amount in by_hand.items():
        assert getattr(result, name) == pytest.approx([amount, amount], rel=1e-12), name


@pytest.mark.parametrize("sensor", SENSOR_DAYS)
def test_a_sensors_day_by_hand(sensor):
    for boundary, amount in zip(BOUNDARIES, SENSOR_DAYS[sensor], strict=True):
        assert sensor_day_eur(sensor, numbers(2), boundary) == pytest.approx([amount, amount], rel=1e-12)


def test_a_day_kept_ready_is_a_price_of_a_day():
    """In euros a day, not a second: a battery costs more than a hundred thousand."""
    values = References(usd_per_eur=np.array([1.0]))
    kinds = {"battery_day_cost": batteries.irist, "patriot_day_cost": batteries.patriot,
             "gun_day_cost": guns.capabilities, "team_day_cost": drone_teams.capabilities}
    result = {name: float(one(values).day_cost_eur[0]) for name, one in kinds.items()}
    assert result == pytest.approx({name: load_catalogue()[name].central for name in result})


def test_with_the_catalogue_fully_loaded_never_costs_less():
    loaded, small = (price_list(References(), b) for b in BOUNDARIES)
    for name in INCREMENTAL:
        assert getattr(loaded, name)[0] >= getattr(small, name)[0] > 0.0
    for sensor in SENSOR_DAYS:
        more, less = (sensor_day_eur(sensor, References(), b)[0] for b in BOUNDARIES)
        assert more > less >= 0.0


def test_catalogue_keeps_marginal_below_total_at_every_value():
    catalogue = load_catalogue()
    for low, high in (("fighter_hour_marginal", "fighter_hour_total"), ("tanker_hour_marginal", "tanker_hour_total"),
                      ("cpfh_marginal", "cpfh_press")):
        assert catalogue[low].high < catalogue[high].low
    assert catalogue["aew_hour_marginal"].high <= catalogue["aew_hour_total"].low


def test_prices_are_of_the_price_year():
    catalogue = load_catalogue()
    keys = [key for key in PRICES if "USD" in catalogue[key].unit or "EUR" in catalogue[key].unit]
    assert {catalogue[key].price_year for key in keys if key != "usd_per_eur"} == {PRICE_YEAR}
    assert {key for key in keys if "USD" not in catalogue[key].unit} == {"deployed_people_day", "basing_aircraft_day"}


def test_expected_engagements_are_the_mean_of_a_game():
    """1 q + 2 (1 - q) q + 3 (1 - q)^2: at most three, of salvos of two shots that hit with 0.4 each."""
    q = 1 - 0.6**2
    one = np.ones(1)
    mean = 1 * q + 2 * (1 - q) * q + 3 * (1 - q) ** 2
    assert expected_engagements(0.4 * one, 2 * one, 3 * one)[0] == pytest.approx(mean)
    assert math.isclose(expected_engagements(one, one, 3 * one)[0], 1.0)


def test_refusals():
    with pytest.raises(SkyShieldError, match="boundary 'gross': is not a boundary of costs; use fully_loaded or"):
        price_list(numbers(), "gross")
    with pytest.raises(SkyShieldError, match="sensor 'nose': is no sort of sensor; use ground_radar, airborne"):
        sensor_day_eur("nose", numbers(), "incremental")
