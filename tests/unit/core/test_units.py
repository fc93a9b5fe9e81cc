"""Quantities with their unit: SI numbers out, or one line that says what is missing."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyshield.core import units
from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.core.units import parse_quantity, scale_to

CASES = [
    ("200 km", "m", 200_000.0), ("0 m", "m", 0.0), ("1e3 mm", "m", 1.0), (" 5  nautical_mile ", "m", 9260.0),
    ("180 km/h", "m/s", 50.0), ("100 ft", "m", 30.48), ("2 hours", "s", 7200.0), ("1 day", "s", 86400.0),
    ("5 EUR", "EUR", 5.0), ("3 million EUR", "EUR", 3e6), ("1.2 billion USD", "USD", 1.2e9), ("-5 km", "m", -5000.0),
    ("1 m\n", "m", 1.0), ("4 m * m", "m**2", 4.0), ("3 km**2", "m**2", 3e6), ("2 1/day", "1/s", 2 / 86400),
]


@pytest.mark.parametrize(("text", "target", "value"), CASES)
def test_quantities(text, target, value):
    assert parse_quantity(text, target, "field") == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("value", [
    "200", 200, 200.5, "200 ", "km", "", "two km", "200km", "200 parsnips", "200 kg", "nan m", "inf m", "-inf km",
    "1e400 m", "1e308 million m", "200 km; rm", "5 million", None, True, [], {"a": 1}, b"5 m", "1 " + "m" * 100,
    "1 m**9999999", "1 __import__('os')", "0x10 m m", "1 million million m", "1 9**9**9 m", "1 m**9**9**9",
    "1 (9**9)**(9**9) m", "1 9**99999999 m", "1 2 m"])
def test_what_is_no_distance(value):
    with pytest.raises(SkyShieldError) as caught:
        parse_quantity(value, "m", "options.region.standoff")
    assert caught.value.exit_code == BAD_INPUT
    assert caught.value.where == "options.region.standoff"
    assert "m" in caught.value.remedy or "finite" in caught.value.remedy


def test_money_of_another_currency_is_not_converted():
    with pytest.raises(SkyShieldError, match="'USD' cannot be read as 'EUR'"):
        parse_quantity("5 USD", "EUR", "budget")


def test_a_number_without_unit_says_which():
    with pytest.raises(SkyShieldError) as caught:
        parse_quantity(5000000, "EUR", "budget")
    assert str(caught.value) == "budget: is 5000000 without a unit; write the unit too, like '5000000 EUR'"


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_kilometres_are_a_thousand_metres(value):
    assert parse_quantity(f"{value!r} km", "m", "x") == pytest.approx(value * 1000.0, rel=1e-12)


@pytest.mark.parametrize(("unit", "target", "factor"), [("km/h", "m/s", 1 / 3.6), ("1/day", "1/s", 1 / 86400),
                                                        ("EUR", "EUR", 1.0), ("aircraft", "aircraft", 1.0)])
def test_scales(unit, target, factor):
    assert scale_to(unit, target) == pytest.approx(factor, rel=1e-12)


def test_scales_between_kinds_do_not_exist():
    for unit, target in (("m", "s"), ("USD", "EUR"), ("person", "aircraft"), ("", "m")):
        with pytest.raises(SkyShieldError):
            scale_to(unit, target)


def test_the_usual_factors_are_those_of_pint(monkeypatch):
    usual = dict(units._USUAL)
    monkeypatch.setattr(units, "_USUAL", {})
    assert {pair: scale_to(*pair) for pair in usual} == usual


def test_a_shipped_scenario_starts_no_pint():
    words = ("import sys; from skyshield.study.prepare import choose_fit, prepare; "
             "prepare('skyshield', choose_fit(None, None, None, False)[0]); print('pint' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "False\n"
