"""Renewal: the oracles, the common quantile, hazards that change, violations, the decisive guarantor.

Mutations tried, each caught: a year of 365.25 days; shape and scale exchanged; the ratio applied to the probability;
a quantile of its own for each option; aid counted in single euros; the ratio of the guarantors upside down.
"""

import math

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.renewal import (
    Weibull,
    decisive_guarantor,
    harm_at_constant_hazard,
    harm_until,
    log_hazard_ratio,
    p_renewal,
    renewal_day,
    renewal_years,
    stationary_violation_share,
    weibull_through,
)

BASE = weibull_through(0.3, 0.5)


def harm(log_ratio):
    return harm_until(BASE, 5.0, 100.0, log_ratio)


def test_the_oracles_of_the_specification():
    assert (round(BASE.shape, 6), round(BASE.scale_years, 4)) == (0.412826, 12.1491)
    assert round(p_renewal(BASE, 30.0 / 365.0), 5) == 0.11939
    for ratio, known in ((0.7, (0.22094, 0.28279, 0.38443)), (0.3, (0.10148, 0.13277, 0.18775))):
        assert tuple(round(p_renewal(BASE, years, math.log(ratio)), 5) for years in (1, 2, 5)) == known
    assert round(harm_at_constant_hazard(0.02, 60.0, 100.0), 2) == 2505.97
    assert round(harm_at_constant_hazard(0.02 * 0.5, 60.0, 100.0), 2) == 1488.12
    assert stationary_violation_share(0.5, 2.0) == 0.2


@pytest.mark.parametrize(("p_1", "p_5"), [(0.1, 0.25), (0.7, 0.9), (0.01, 0.02)])
def test_it_goes_through_both_probabilities(p_1, p_5):
    base = weibull_through(p_1, p_5)
    assert (p_renewal(base, 1.0), p_renewal(base, 5.0)) == (pytest.approx(p_1), pytest.approx(p_5))
    assert p_renewal(base, 0.0) == 0.0


def test_the_catalogue_s_ends_and_references_go_together():
    one, five = (load_catalogue()[f"renewal_within_{name}"] for name in ("1_year", "5_years"))
    assert one.bundle == five.bundle != ""
    for end in ("low", "high", "reference_value"):
        weibull_through(getattr(one, end), getattr(five, end))
    for name in ("aid", "force", "zone", "naval"):
        entry = load_catalogue()[f"log_hazard_ratio_{name}"]
        assert entry.central is None and entry.reference_value == 0.0 and entry.low < 0.0 <= entry.high


def test_one_uniform_gives_every_option_its_time_in_the_order_of_their_hazards():
    for u in (0.0, 0.1, 0.3, 0.9):
        times = [renewal_years(BASE, u, log_ratio) for log_ratio in (0.2, 0.0, -0.5, -1.0)]
        assert times == sorted(times)
        assert p_renewal(BASE, times[2], -0.5) == pytest.approx(u)


def test_the_day_is_that_of_the_time_where_nothing_changes_and_between_where_it_does():
    for u in (0.05, 0.2, 0.4):
        for log_ratio in (0.0, -0.3):
            day = renewal_day(BASE, u, [log_ratio] * 3000)
            assert day == math.ceil(renewal_years(BASE, u, log_ratio) * 365 - 1e-6) - 1
    late = renewal_day(BASE, 0.3, [0.0] * 100 + [-0.3] * 3000)
    assert renewal_day(BASE, 0.3, [0.0] * 3000) < late < renewal_day(BASE, 0.3, [-0.3] * 3000)
    assert renewal_day(BASE, 0.3, [0.0] * 100) is None and renewal_day(BASE, 0.0, [0.0]) == 0
    assert renewal_day(BASE, 0.3, []) is None


def test_packages_add_up_by_what_there_is_of_each():
    numbers = {"aid": -0.5, "force": -1.0, "zone": 0.2, "naval": -0.1}
    assert log_hazard_ratio(numbers) == 0.0
    assert log_hazard_ratio(numbers, 2e10, 0.5, 1.0, 1.0) == pytest.approx(-1.0 - 0.5 + 0.2 - 0.1)
    assert log_hazard_ratio({}, 2e10, 0.5) == 0.0


def test_expected_harm_agrees_with_a_sum_over_days():
    days = np.arange(5 * 365) + 0.5
    by_day = sum(p_renewal(BASE, day / 365, -0.5) for day in days) * 100.0 / 365
    assert harm(-0.5) == pytest.approx(by_day, rel=1e-4)
    assert harm_until(BASE, 0.0, 100.0) == harm_until(BASE, 5.0, 0.0) == 0.0
    for hazard in (1e-9, 0.02, 3.0):
        exact = harm_at_constant_hazard(hazard, 5.0, 100.0)
        assert harm_until(Weibull(1.0, 1.0 / hazard), 5.0, 100.0) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize(("force_eur", "aid_eur", "ratio"), [(2e9, 2e9, 1.0), (2e9, 1e9, 2.0), (1e9, 4e9, 0.25)])
def test_with_the_renewal_alone_the_flip_is_where_both_lower_the_hazard_alike(force_eur, aid_eur, ratio):
    flip = decisive_guarantor(harm, -0.6, force_eur, aid_eur)
    assert (flip.ratio, flip.log_ratio_aid) == (pytest.approx(ratio), pytest.approx(-0.6))


def test_what_aid_prevents_besides_lowers_the_ratio_and_above_it_aid_is_better():
    flip = decisive_guarantor(harm, -0.6, 2e9, 2e9, force_else=20.0, aid_else=10.0)
    assert flip.ratio < 1.0
    for times, better in ((0.9, False), (1.1, True)):
        assert (harm(-0.6 * flip.ratio * times) + 10.0 < harm(-0.6) + 20.0) is better
    provoking = decisive_guarantor(harm, 0.2, 2e9, 2e9, force_else=0.0, aid_else=1.0)
    assert 0.0 < provoking.ratio < 1.0


def test_where_nothing_flips_it_says_why():
    assert decisive_guarantor(harm, 0.0, 1e9, 1e9).ratio is None
    assert "whatever aid does" in decisive_guarantor(harm, -0.5, 1e9, 1e9, aid_else=1e4).why
    assert "whatever it does" in decisive_guarantor(harm, -0.5, 1e9, 1e9, force_else=1e4).why


@pytest.mark.parametrize("wrong", [
    lambda: weibull_through(0.5, 0.3), lambda: weibull_through(0.0, 0.5), lambda: weibull_through(0.3, 1.0),
    lambda: weibull_through(0.3, 0.5, 1.0), lambda: p_renewal(BASE, -1.0), lambda: p_renewal(BASE, math.nan),
    lambda: renewal_years(BASE, 1.0), lambda: renewal_day(BASE, -0.1, [0.0]),
    lambda: stationary_violation_share(0.0, 0.0), lambda: stationary_violation_share(-1.0, 2.0),
    lambda: harm_at_constant_hazard(-0.1, 1.0, 1.0), lambda: harm_until(BASE, -1.0, 1.0),
    lambda: log_hazard_ratio({"army": -1.0}), lambda: log_hazard_ratio({}, -1.0),
    lambda: log_hazard_ratio({"force": -1.0}, 0.0, 1.5), lambda: decisive_guarantor(harm, -0.5, 0.0, 1e9)])
def test_what_cannot_be_is_one_line(wrong):
    with pytest.raises(SkyShieldError) as refused:
        wrong()
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
