"""Grain: the oracle, the interval, and what cannot be.

Mutations tried, each caught: elasticities multiplied; the ends of world use exchanged; what is made up for added.
"""

import math

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.strategy.grain import delayed_share, price_change, price_interval


def test_the_oracle_of_the_specification():
    assert price_change(0.005, 0.25) == pytest.approx(0.02, abs=1e-15)


def test_what_is_delayed_is_the_share_of_port_days_of_what_goes_by_sea():
    assert delayed_share(10.0, 100.0, 40e6, 2000e6) == pytest.approx(0.002)
    assert delayed_share(10.0, 100.0, 40e6, 2000e6, made_up=0.75) == pytest.approx(0.0005)
    assert delayed_share(0.0, 100.0, 40e6, 2000e6) == 0.0


def test_the_interval_holds_its_reference_and_every_end():
    low, reference, high = price_interval(20.0, 100.0)
    assert low < reference < high
    assert (low, high) == (pytest.approx(0.2 * 25e6 / 3000e6 / 0.6), pytest.approx(0.2 * 50e6 / 2700e6 / 0.2))
    assert price_interval(20.0, 100.0, 0.5).high == pytest.approx(high / 2.0)
    assert set(price_interval(0.0, 100.0)) == {0.0}


@pytest.mark.parametrize("wrong", [
    lambda: price_change(0.01, 0.0), lambda: price_change(0.01, -0.2), lambda: price_change(math.nan, 0.2),
    lambda: delayed_share(2.0, 1.0, 1.0, 1.0), lambda: delayed_share(-1.0, 1.0, 1.0, 1.0),
    lambda: delayed_share(1.0, 0.0, 1.0, 1.0), lambda: delayed_share(1.0, 1.0, 1.0, 0.0),
    lambda: delayed_share(1.0, 1.0, math.inf, 1.0), lambda: delayed_share(1.0, 1.0, 1.0, 1.0, 1.5)])
def test_what_cannot_be_is_one_line(wrong):
    with pytest.raises(SkyShieldError) as refused:
        wrong()
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
