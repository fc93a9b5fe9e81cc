"""Facts of made-up records whose answers are known."""

import math

import numpy as np
import pytest

from skyshield.calibrate.observations import Observations
from skyshield.evidence.fit_checks.facts import FUNCTIONS, compute, definitions, load_facts, shift_of
from skyshield.raids.fit import COLUMNS

FACTS = load_facts()
BY_NAME = {fact.name: fact for fact in FACTS}


def value(observations: Observations, name: str) -> float:
    return float(compute(observations, [BY_NAME[name]])[0])


def test_table_is_whole():
    labels = [fact.label for fact in FACTS]
    assert len(set(labels)) == len(labels)
    for fact in FACTS:
        assert fact.function in FUNCTIONS
        assert fact.since in ("window", "merged", "apart")
        assert fact.unit in ("share", "count", "rate", "correlation", "number")
        assert fact.guard in COLUMNS
        assert shift_of(fact.guard).farthest > 0
        if fact.interval is not None:
            assert fact.interval[0] < fact.published < fact.interval[1]


def test_every_function_is_a_fact():
    assert {fact.function for fact in FACTS} == set(FUNCTIONS)


def test_launches(synthetic_observations):
    o = synthetic_observations(uav=[100, 400, 100, 300, 100, 500])
    assert value(o, "uav_mean") == 250.0
    assert value(o, "uav_sd") == pytest.approx(np.std([100, 400, 100, 300, 100, 500], ddof=1))
    assert value(o, "uav_q50") == 200.0
    assert value(o, "big_share_of_days") == 0.5
    assert value(o, "big_share_of_uav") == 0.8
    assert value(o, "big_q50") == 400.0
    assert value(o, "big_gap") == 2.0
    assert value(o, "routine_q50") == 100.0


def test_autocorrelation_of_days_that_take_turns_is_minus_one_and_a_gap_breaks_the_pair(synthetic_observations):
    o = synthetic_observations(uav=[10, 20] * 5)
    assert value(o, "uav_autocorrelation") == pytest.approx(-1.0)
    # without day 5 (index 4) the days before and after are no pair
    without_day = Observations(*(np.delete(column, 4, axis=0) for column in o))
    assert value(without_day, "uav_autocorrelation") == pytest.approx(-1.0)


def test_missiles(synthetic_observations):
    o = synthetic_observations(uav=[100, 300, 400, 500], cruise=[0, 15, 25, 35], ballistic=[0, 5, 0, 5])
    assert value(o, "cruise_mean") == 18.75
    assert value(o, "ballistic_nights") == 0.5
    assert value(o, "combined_per_year") == pytest.approx(0.75 * 365.25)
    assert value(o, "combined_uav") == 400.0
    assert value(o, "combined_missiles") == 25.0
    assert value(o, "combined_given_big") == 1.0
    assert value(o, "uav_missile_correlation") == pytest.approx(np.corrcoef([1, 3, 4, 5], [0, 20, 25, 40])[0, 1])
    assert value(o, "uav_missile_correlation_big") == pytest.approx(np.corrcoef([3, 4, 5], [20, 25, 40])[0, 1])


def test_leak_rates_by_size_count_the_upper_end_in(synthetic_observations):
    o = synthetic_observations(uav=[100, 50, 101, 150, 200, 300, 301], leakers=[30, 15, 20, 20, 30, 30, 10])
    assert value(o, "leak_to_100") == 0.3
    assert value(o, "leak_100_150") == pytest.approx(40 / 251)
    assert value(o, "leak_150_200") == 0.15
    assert value(o, "leak_200_300") == 0.1
    assert value(o, "leak_above_300") == pytest.approx(10 / 301)
    assert value(o, "uav_stopped") == pytest.approx(1 - 155 / 1202)


def test_slopes_of_a_broken_line_come_back(synthetic_observations):
    uav = np.array([50, 90, 100, 150, 200, 350, 600])
    leakers = 7 + np.minimum(uav, 150) // 5 + np.maximum(uav - 150, 0) // 25
    o = synthetic_observations(uav=uav, leakers=leakers)
    assert value(o, "leak_slope_below") == pytest.approx(0.2)
    assert value(o, "leak_slope_above") == pytest.approx(0.04)


def test_ballistic_salvos(synthetic_observations):
    o = synthetic_observations(uav=[9] * 7, ballistic=[0, 1, 2, 2, 4, 8, 12], ballistic_stopped=[0, 0, 2, 0, 1, 4, 9])
    assert value(o, "ballistic_none") == pytest.approx(2 / 6)
    assert value(o, "ballistic_all") == pytest.approx(1 / 6)
    assert value(o, "ballistic_1") == 0.0
    assert value(o, "ballistic_2") == 0.5
    assert value(o, "ballistic_3_4") == 0.25
    assert value(o, "ballistic_5_8") == 0.5
    assert value(o, "ballistic_above_8") == 0.75


def test_kills_by_area_treat_the_unknown_as_published(synthetic_observations):
    nan = math.nan
    o = synthetic_observations(uav=[400, 500, 100, 100], leakers=[0, 100, 0, 0], west_kills=[20, nan, 0, 10],
                               west_named=[1, 1, 0, 1], south_kills=[40, nan, 0, 25])
    assert value(o, "west_named_big") == 1.0
    assert value(o, "west_named_small") == 0.5
    assert value(o, "west_share_big") == pytest.approx(20 / 800)  # named without a number counts as 0
    assert value(o, "west_share") == pytest.approx(30 / 1000)
    assert value(o, "west_kills") == 7.5
    assert value(o, "south_share_big") == pytest.approx(40 / 400)  # unknown is left out
    assert value(o, "south_share_small") == pytest.approx(25 / 200)
    assert value(o, "south_none") == pytest.approx(1 / 3)


def test_windows_split_at_the_day_the_bulletins_changed(synthetic_observations):
    assert definitions()["merged_from"] == "2025-08-01"
    o = synthetic_observations("2025-07-31", uav=[100, 100], leakers=[10, 30], soft_stopped=[90, 70],
                               soft_lost=[45, 70])
    assert value(o, "leak_to_100") == 0.3
    assert value(o, "soft_share") == 0.5
    assert value(o, "uav_mean") == 100.0


def test_days_nobody_spoke_of_are_left_out(synthetic_observations):
    o = synthetic_observations(uav=[100, 0, 200], reported=[1, 0, 1])
    assert value(o, "uav_mean") == 150.0


def test_a_record_that_cannot_tell_says_so(synthetic_observations):
    values = dict(zip(BY_NAME, compute(synthetic_observations(uav=[100, 120, 90])), strict=True))
    undefined = {name for name, x in values.items() if math.isnan(x)}
    assert {"big_q50", "big_gap", "leak_slope_above", "leak_above_300", "cruise_stopped", "ballistic_none",
            "soft_share", "combined_given_big", "west_named_big", "uav_missile_correlation"} <= undefined
    assert not {"uav_mean", "leak_to_100", "west_share", "big_share_of_days"} & undefined


def test_no_told_day_at_all_is_untold(synthetic_observations):
    assert np.isnan(compute(synthetic_observations(uav=[5, 5], reported=[0, 0]))).all()
