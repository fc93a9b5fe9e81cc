"""The numbers of a year's campaign: keys and units the model asks for, and entries that follow from one another."""

import numpy as np
import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.record.monthly import load_monthly

ASKED = {
    "growth": {"launch_growth": "1", "ballistic_growth": "1", "jet_uav_share": "1", "jet_uav_leak_ratio": "1",
               "jet_uav_kill_loss": "1", "decoy_armed_share": "1", "day_wave_growth": "1", "launch_level_factor": "1"},
    "magazines": {**{f"own_magazine_days_{name}": "day" for name in ("uav", "cruise", "ballistic")},
                  **{f"own_resupply_share_{name}": "1" for name in ("uav", "cruise", "ballistic")},
                  **{f"own_stop_cost_{name}": "EUR" for name in ("uav", "cruise", "ballistic")},
                  "own_rounds_per_stop_cruise": "1", "own_rounds_per_stop_ballistic": "1", "own_ration_share": "1"},
    "posture": {"massed_warning_probability": "1", "massed_false_alarm": "1", "posture_routine_share": "1",
                "posture_surge_nights": "day", "approach_ring_radius": "km", "early_warning_available": "1",
                "tankers_available": "1"},
    "lead_times": {"zone_agreement_time": "day", "zone_basing_time": "day", "zone_early_warning_time": "day",
                   "zone_training_time": "day"},
    "losses": {"aircraft_lost_per_engagement": "1", "fratricide_with_clusters": "1",
               **{f"{what}_loss_{phase}": "1/year" for what in ("base_attack", "early_warning", "tanker")
                  for phase in ("war", "ceasefire")}},
    "harm": {"energy_share_of_armed_leakers": "1", "outage_hours_per_energy_hit": "h/day", "grid_repair_time": "day",
             "port_share_of_armed_leakers": "1", "port_days_per_hit": "day", "port_repair_time": "day",
             "rail_share_of_armed_leakers": "1", "rail_hours_per_hit": "h",
             "npp_offsite_power_days_per_hit": "day"},
}
WITH_A_CENTRE = {"launch_level_factor", "early_warning_available", "aircraft_lost_per_engagement", "own_ration_share"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize("subject", ASKED)
def test_a_subject_holds_what_the_model_asks_for(catalogue: Catalogue, subject: str) -> None:
    entries = catalogue.subjects[subject]
    assert {entry.key: entry.unit for entry in entries} == ASKED[subject]
    for entry in entries:
        assert (entry.distribution == "interval") == (entry.key not in WITH_A_CENTRE), entry.key
        assert entry.low >= 0.0 and entry.note, entry.key


def test_no_share_or_probability_exceeds_one(catalogue: Catalogue) -> None:
    shares = [key for table in ASKED.values() for key in table
              if ("_share" in key and "resupply" not in key) or "probability" in key or "available" in key]
    assert len(shares) == 10 and all(catalogue[key].high <= 1.0 for key in shares)
    assert catalogue["energy_share_of_armed_leakers"].high + catalogue["rail_share_of_armed_leakers"].high < 1.0


@pytest.mark.parametrize(("key", "today"), [("launch_growth", 1.0), ("ballistic_growth", 1.0), ("day_wave_growth", 1.0),
                                            ("own_resupply_share_uav", 1.0), ("own_resupply_share_cruise", 1.0),
                                            ("own_resupply_share_ballistic", 1.0), ("jet_uav_share", 0.02)])
def test_headlines_stand_on_a_year_like_the_window(catalogue: Catalogue, key: str, today: float) -> None:
    assert catalogue[key].reference_value == today


def test_todays_jets(catalogue: Catalogue) -> None:
    assert catalogue["jet_uav_share"].reference_value == catalogue["geran3_share"].reference_value


def test_the_level_factor_is_the_records(catalogue: Catalogue) -> None:
    """exp(1.96 s) of launches a day by month, February 2025 to February 2026; the low end is the window's."""
    record = load_monthly()
    launched = sum(record.counts[f"{name}_launched"] for name in ("uav", "cruise", "ballistic", "mixed"))
    entry = catalogue["launch_level_factor"]
    for first, stated in (("2025-02", entry.central), ("2025-06", entry.low)):
        months = (record.month >= np.datetime64(first)) & (record.month <= np.datetime64("2026-02"))
        n_days = (record.month[months] + 1).astype("M8[D]") - record.month[months].astype("M8[D]")
        a_day = launched[months] / n_days.astype(np.int64)
        assert np.exp(1.96 * np.log(a_day).std(ddof=1)) == pytest.approx(stated, abs=0.05)


def test_a_stop_costs_its_rounds(catalogue: Catalogue) -> None:
    rounds, price = catalogue["own_rounds_per_stop_ballistic"], catalogue["pac3mse_price"]
    cost, rate = catalogue["own_stop_cost_ballistic"], catalogue["usd_per_eur"]
    assert cost.reference_value == pytest.approx(
        rounds.reference_value * price.reference_value / rate.reference_value, rel=0.05)
    assert cost.low == pytest.approx(rounds.low * price.low / rate.high, rel=0.1)
    assert cost.high == pytest.approx(rounds.high * price.high / rate.low, rel=0.1)
    assert [catalogue[f"own_stop_cost_{name}"].reference_value for name in ("uav", "cruise", "ballistic")] == [
        15_000.0, 1_000_000.0, 15_000_000.0]


def test_a_ceasefire_costs_less_than_war(catalogue: Catalogue) -> None:
    for what in ("base_attack", "early_warning", "tanker"):
        war, ceasefire = (catalogue[f"{what}_loss_{phase}"] for phase in ("war", "ceasefire"))
        assert ceasefire.high < war.high and ceasefire.reference_value < war.reference_value


def test_a_mixed_load_is_priced_as_mixed(catalogue: Catalogue) -> None:
    short, medium = catalogue["aim9_price"].reference_value, catalogue["aim120_price"].reference_value
    load = catalogue["fighter_missile_price"]
    assert load.reference_value == pytest.approx((3.0 * short + medium) / 4.0, rel=0.03)
    assert load.low < short < load.reference_value < medium < load.high


def test_anchors_are_facts(catalogue: Catalogue) -> None:
    assert all(entry.distribution == "constant" for entry in catalogue.subjects["public_anchors"])
    assert catalogue["cruise_one_raid_stopped"].reference_value < catalogue["cruise_one_raid_launched"].reference_value
    flown = catalogue["announced_uavs_per_day"].reference_value / catalogue["uav_launch_mean_per_day"].reference_value
    assert flown == pytest.approx(5.8, abs=0.05) and catalogue["launch_growth"].high < flown
