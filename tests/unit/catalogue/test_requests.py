"""Entries the engine asks for beyond the default table: stated as assumptions, with their ranges."""

import pytest

from skyshield.catalogue import load_catalogue

ASKED = {
    "front_stream_threshold": (75, 90, 115, "1"), "p_missiles_given_big_raid": (0.60, 0.73, 0.85, "1"),
    "launch_window_start_local_h": (18, 18, 18, "h"), "launch_window_length_h": (5, 9, 13, "h"),
    "day_part_share": (0.05, 0.15, 0.35, "1"), "route_detour_factor": (1.0, 1.15, 1.4, "1"),
    "fighter_track_probability": (0.6, 0.8, 0.95, "1"), "fighter_track_rho": (0.02, 0.1, 0.3, "1"),
    "fighter_reach": (60, 100, 150, "km"), "fighter_engagement_time": (4, 7, 12, "min"),
    "fighter_shots_per_sortie": (4, 6, 8, "1"), "fighter_max_shots_per_threat": (2, 2, 2, "1"),
    "fighters_per_station": (2, 2, 2, "1"), "cruise_speed": (700, 800, 970, "km/h"),
    "cruise_altitude": (30, 60, 100, "m"), "ballistic_speed": (1.2, 2.1, 3.0, "km/s"),
    "usd_per_eur": (1.02, 1.13, 1.19, "USD/EUR"), "deflator_2026_over_2025": (1.01, 1.02, 1.03, "1"),
    "addressable_leakers_linear": (160, 530, 930, "1/year"), "addressable_leakers_mixture": (390, 1080, 2360, "1/year"),
    "leakers_per_year": (9600, 9800, 9900, "1/year"),
    "claim_bias": (0, None, 0.5, "1"), "deep_share_north": (0.20, 0.35, 0.50, "1"),
    "deep_share_kyiv": (0.15, 0.30, 0.50, "1"), "deep_share_east": (0.20, 0.35, 0.50, "1"),
    "own_defence_along_share": (0, None, 1, "1"), "own_sea_share": (0.05, None, 1, "1"),
    "leak_deep_at_end": (0, None, 1, "1"), "stop_track_correlation": (0, None, 0.6, "1"),
    "own_terminal_distance": (50, 50, 50, "km"),
    "own_regional_spread": (0.2, 0.4, 0.8, "1"), "leak_west_over_leak_deep": (0.5, None, 7, "1"),
    "decoy_leak_ratio": (0.5, None, 2, "1"), "displacement": (0, None, 1, "1"),
    "volume_response": (0.8, None, 1.3, "1"), "class_shift": (0, None, 0.3, "1"), "uav_per_cruise": (20, 40, 80, "1"),
    "calibration_window": (273, 273, 273, "day"),
}
ASSUMED = ("day_part_share", "route_detour_factor", "fighter_track_probability",
           "fighter_track_rho", "fighter_reach", "fighter_engagement_time", "deep_share_north",
           "own_defence_along_share", "own_sea_share", "leak_deep_at_end", "stop_track_correlation",
           "own_regional_spread", "leak_west_over_leak_deep", "decoy_leak_ratio", "displacement", "volume_response",
           "class_shift", "uav_per_cruise")
HEADLINE = {"claim_bias": 0.0, "displacement": 0.0, "volume_response": 1.0, "class_shift": 0.0,
            "decoy_leak_ratio": 1.0, "leak_west_over_leak_deep": 1.0}


@pytest.mark.parametrize("key", ASKED)
def test_asked(key: str) -> None:
    entry = load_catalogue()[key]
    assert (entry.low, entry.central, entry.high, entry.unit) == ASKED[key]


@pytest.mark.parametrize("key", ASSUMED)
def test_an_assumption_says_so(key: str) -> None:
    entry = load_catalogue()[key]
    assert entry.grade == "K" and "judgement" in entry.source and entry.note


@pytest.mark.parametrize("key", HEADLINE)
def test_in_the_headline_claims_hold_and_the_attacker_does_not_answer(key: str) -> None:
    assert load_catalogue()[key].reference_value == HEADLINE[key]


def test_a_cruise_missile_is_worth_what_it_costs_in_uavs() -> None:
    result = load_catalogue()
    worth, uav, missile = (result[key] for key in ("uav_per_cruise", "geran2_price", "kh101_price"))
    assert worth.low < missile.reference_value / uav.reference_value < worth.high
    assert missile.reference_value / uav.reference_value == pytest.approx(worth.reference_value, rel=0.15)
