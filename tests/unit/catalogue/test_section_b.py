"""Numbers of the proposal's own arithmetic: prices, sorties, patrols, distances, horizons.

Where the published number follows from others, the test computes it again.
"""

import math

import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from support.geodesy import geodesic_m


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


STATED = {
    "eastern_sentry_denmark_fighters": 2, "eastern_sentry_france_fighters": 3, "eastern_sentry_germany_fighters": 4,
    "eastern_sentry_czech_helicopters": 3, "csis_minimum_aircraft": 24, "csis_minimum_bases": 3,
    "claimed_equivalent_troops": 10_000, "iiss_force_symbolic": 10_000, "iiss_force_division": 25_000,
    "iiss_force_stretch": 60_000, "sortie_turnaround": 3.0, "sortie_maintenance_fixed": 3.4,
    "sortie_maintenance_per_flight_hour": 0.68, "deny_flight_sorties": 100_420, "deny_flight_length": 983,
    "availability_f16_poland": 0.70, "availability_f35": 0.51, "availability_f22": 0.40,
    "pac3mse_production_2024": 500, "pac3mse_production_2025": 620, "pac3mse_production_planned": 2000,
    "patriot_rounds_per_launcher": 12, "patriot_saturation_raid": 75, "patriot_saturation_stopped": 73,
    "nasams_rounds_per_launcher": 6, "gepard_rounds": 640, "skynex_rounds": 252, "apkws_rounds_per_pod": 7,
    "merops_price": 15_000, "merops_speed": 282, "merops_crew": 4, "fire_group_people": 50_000,
    "ua_fighter_kills": 1300, "kh101_production_2024": 500, "geran_production": 6000, "iskanderM_warhead": 480,
    "kh22_price": 1_000_000, "irist_order_price": 950_000_000, "aerostat_radius_low_fliers": 500,
}
RANGES = {
    "cpfh_f35": (33_000, 42_000), "cpfh_f16": (18_000, 27_000), "cpfh_typhoon": (18_000, 60_000),
    "cpfh_rafale": (16_500, 20_000), "cpfh_gripen": (4_700, 22_000), "cpfh_press": (28_000, 45_000),
    "cpfh_marginal": (10_000, 15_000), "uk_france_plan_aircraft": (18, 35),
    "rusi_deterrent_land_force": (15_000, 20_000), "wp_plan_land_force": (25_000, 30_000),
    "reuters_plan_land_force": (40_000, 100_000), "us_brigade_combat_team": (4_000, 4_700),
    "nfz_full_cost": (100e6, 300e6), "nfz_standoff_cost": (15e6, 25e6), "patriot_launchers": (3, 8),
    "irist_missile_production": (400, 500), "nasams_range": (25, 40), "aim9_per_fighter": (2, 6),
    "aim120_per_fighter": (4, 8), "apkws_per_fighter": (14, 42), "intercept_drones_per_uav": (2, 3),
    "geran2_range": (1000, 2500), "geran3_price": (150_000, 1_400_000), "kh101_range": (2500, 5500),
    "kinzhal_price": (4e6, 10e6), "deny_flight_sorties_per_aircraft_day": (0.4, 1.0),
}


@pytest.mark.parametrize("key", STATED)
def test_stated(catalogue: Catalogue, key: str) -> None:
    assert catalogue[key].central == STATED[key]
    assert catalogue[key].distribution == "constant"


@pytest.mark.parametrize("key", RANGES)
def test_range_without_a_centre(catalogue: Catalogue, key: str) -> None:
    assert (catalogue[key].low, catalogue[key].central, catalogue[key].high) == (RANGES[key][0], None, RANGES[key][1])


def _centre(catalogue: Catalogue, key: str) -> float:
    value = catalogue[key].central
    assert value is not None
    return value


def _surge_rate(catalogue: Catalogue, flight_time_h: float) -> float:
    maintenance = (_centre(catalogue, "sortie_maintenance_fixed")
                   + _centre(catalogue, "sortie_maintenance_per_flight_hour") * flight_time_h)
    return 24 / (flight_time_h + _centre(catalogue, "sortie_turnaround") + maintenance)


def test_coefficients_give_the_published_example(catalogue: Catalogue) -> None:
    rate = _surge_rate(catalogue, _centre(catalogue, "sortie_example_flight_time"))
    assert round(rate, 2) == catalogue["sortie_example_rate"].central


@pytest.mark.parametrize("distance_km", [150, 300, 500, 700])
@pytest.mark.parametrize("minutes", [90, 120, 240])
def test_patrol_table_follows_from_the_sortie_model(catalogue: Catalogue, distance_km: int, minutes: int) -> None:
    on_station_h = minutes / 60
    flight_time_h = on_station_h + 2 * distance_km / _centre(catalogue, "fighter_cruise")
    sorties_per_day = 2 * 24 / on_station_h
    aircraft = sorties_per_day / _surge_rate(catalogue, flight_time_h) / 0.70
    key = f"{distance_km}km_{minutes}min"
    assert catalogue[f"patrol_aircraft_{key}"].central == pytest.approx(aircraft, abs=0.55)
    assert catalogue[f"patrol_flight_hours_{key}"].central == pytest.approx(sorties_per_day * flight_time_h, abs=0.55)


def test_patrols_of_120_follow(catalogue: Catalogue) -> None:
    surge = catalogue["patrols_of_120_surge"]
    assert surge.low == round(120 / _centre(catalogue, "patrol_aircraft_500km_90min"))
    assert surge.high == round(120 / _centre(catalogue, "patrol_aircraft_500km_240min"))
    sustained = catalogue["patrols_of_120_sustained"]
    mission_capable = 120 * 0.70
    assert sustained.low == pytest.approx(mission_capable / (48 / 1.5), abs=0.05)
    assert sustained.high == pytest.approx(mission_capable / (48 / 4), abs=0.05)


def test_year_of_a_patrol_costs_what_its_hours_cost(catalogue: Catalogue) -> None:
    hours, cost = catalogue["patrol_flight_hours_per_day"], catalogue["patrol_cost_per_year"]
    assert cost.low == pytest.approx(hours.low * 365 * 25_000, rel=0.01)
    assert cost.high == pytest.approx(hours.high * 365 * 45_000, rel=0.01)


def test_ratios_of_stated_numbers(catalogue: Catalogue) -> None:
    assert _centre(catalogue, "irist_order_price") / 6 == pytest.approx(catalogue["irist_slm_unit"].central, rel=0.01)
    per_soldier = _centre(catalogue, "costed_land_force_ten_years") / 10 / _centre(catalogue, "costed_land_force")
    assert per_soldier == catalogue["ground_cost_per_soldier_year"].low
    kills = _centre(catalogue, "intercept_drone_kills_february_2026")
    sorties = _centre(catalogue, "intercept_drone_sorties_february_2026")
    assert round(kills / sorties, 2) == catalogue["intercept_drone_kill_per_sortie"].central
    launched = _centre(catalogue, "ua_fighter_window_uavs") + _centre(catalogue, "ua_fighter_window_missiles")
    share = _centre(catalogue, "ua_fighter_kills") / launched
    assert round(share, 2) == catalogue["ua_fighter_share_of_launches"].central


PLACES = {  # public coordinates, longitude and latitude
    "rzeszow": (22.02, 50.11), "fetesti": (27.73, 44.39), "campia_turzii": (23.89, 46.50), "lviv": (24.03, 49.84),
    "kyiv": (30.52, 50.45), "odesa": (30.73, 46.48), "uzhhorod": (22.29, 48.62), "vinnytsia": (28.47, 49.23),
    "rivne_plant": (25.89, 51.33), "khmelnytskyi_plant": (26.65, 50.30), "south_ukraine_plant": (31.22, 47.81),
}


def test_distances_are_geodesics(catalogue: Catalogue) -> None:
    keys = [key for key in catalogue if key.startswith("distance_") and "kyiv_" not in key]
    assert len(keys) == 10
    for key in keys:
        base = next(name for name in PLACES if key.startswith(f"distance_{name}_"))
        place = key.removeprefix(f"distance_{base}_")
        assert geodesic_m(*PLACES[base], *PLACES[place]) / 1000 == pytest.approx(catalogue[key].central, abs=4), key


def test_radar_horizon_constant_is_the_four_thirds_earth(catalogue: Catalogue) -> None:
    constant = catalogue["radar_horizon_constant"].si()[1]
    assert constant == pytest.approx(math.sqrt(2 * 4 / 3 * 6_371_000), rel=1e-3)
    published_km = {(30, 60): 54, (30, 100): 64, (30, 1000): 153, (30, 2500): 229, (3000, 60): 258, (9000, 60): 423}
    for (antenna_m, target_m), distance_km in published_km.items():
        assert round(constant * (math.sqrt(antenna_m) + math.sqrt(target_m)) / 1000) == distance_km
