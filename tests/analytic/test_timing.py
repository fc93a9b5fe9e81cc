"""The timing game's tables to the digits of the specification, and against answers found by search.

The search knows no closed form: what war and a ceasefire are worth is added up over small steps of time, Russia accepts
where the ceasefire is worth more, and the least pressure or concession at which it does is found on a grid.

Mutations tried, each caught: the status cost added; the hazard left out of the discounting; a promise that lowers phi;
belief that scales phi; psi left out of what Ukraine accepts; R counted against Russia.
"""

import math

import numpy as np
import pytest

from skyshield.strategy.timing import (
    Regime,
    agreement,
    chi_star,
    closed_form,
    example,
    hazard_sign,
    least_wanted,
    most_conceded,
    pressure_at_zero,
    read_closed_form,
    required_pressure,
    timing_gain,
)

# R: m* none, force, shield, paradox, gain, chi*
PRESSURES = {20.0: (0.2, 0.55, 0.057143, 0.35, 0.492857, -0.732143),
             5.0: (1.325, 1.30, 1.128571, -0.025, 0.171429, 0.071429)}
REGIMES = ("none", "force", "shield")
STEP, HORIZON = 2e-3, 300.0  # years
_TIMES = np.arange(STEP / 2.0, HORIZON, STEP)


def values(**given):
    return read_closed_form({**example(), **given}, "test")


def stopped(one, name):
    return one.dh if name == "shield" else 0.0


def summed_ceasefire(one, x, regime):
    """Add up what a ceasefire brings, step by step, until war is back at a time that nobody knows."""
    holds = np.exp(-regime.hazard * _TIMES)
    worth = np.exp(-one.rho * _TIMES) * holds * STEP
    return float((worth * (x - regime.status)).sum() + (worth * regime.hazard * one.R).sum())


def summed_war(one, pressure, dh):
    flow = one.phi0 - one.chi * dh - pressure
    return float((np.exp(-one.rho * _TIMES) * flow * STEP).sum())


def first(accepts, grid):
    return float(next(value for value in grid if accepts(value)))


@pytest.mark.parametrize("war", PRESSURES)
def test_the_table_of_required_pressure(war):
    one = values(R=war)
    found = closed_form(one)
    told = (*(found["m_star"][name] for name in REGIMES), found["paradox"], found["gamma"], found["chi_star"])
    assert told == pytest.approx(PRESSURES[war], abs=5e-7)
    assert found["gamma"] == pytest.approx(found["m_star"]["force"] - found["m_star"]["shield"], abs=1e-12)
    assert found["gamma"] == pytest.approx(sum(found["gamma_brackets"].values()), abs=1e-12)


def test_half_a_belief():
    assert closed_form(values(q=0.5))["m_star"]["force"] == pytest.approx(0.375, abs=1e-12)


def test_the_table_of_agreement():
    found = closed_form(values())
    assert [found["agreement"][name] for name in REGIMES] == pytest.approx([-0.8, -0.9, -0.39], abs=1e-9)
    assert [found["pressure_at_zero"][name] for name in REGIMES] == pytest.approx([0.2, 0.45, 0.111429], abs=5e-7)


@pytest.mark.parametrize("war", PRESSURES)
@pytest.mark.parametrize("name", REGIMES)
def test_required_pressure_is_where_russia_turns_on_a_grid(war, name):
    one = values(R=war)
    regime, grid = getattr(one, name), np.arange(-1.0, 3.0, 1e-3)
    worth = summed_ceasefire(one, one.x, regime)
    found = first(lambda m: worth >= summed_war(one, m, stopped(one, name)), grid)
    assert found == pytest.approx(required_pressure(one, regime, stopped(one, name)), abs=1.5e-3)


@pytest.mark.parametrize("name", REGIMES)
def test_the_zone_of_agreement_is_what_both_accept_on_a_grid(name):
    one, step = values(m=0.15), 1e-2
    regime, dh = getattr(one, name), stopped(values(), name)
    grid = np.arange(-4.0, 5.0, step)
    war = summed_war(one, one.m, dh)
    holds = np.exp(-regime.hazard * _TIMES) * np.exp(-one.rho * _TIMES) * STEP
    per_concession, fixed = float(holds.sum()), summed_ceasefire(one, 0.0, regime)
    russia = first(lambda x: fixed + x * per_concession >= war, grid)
    at_war, renewals = one.d - one.psi * dh, regime.hazard
    ukraine = first(lambda x: x + renewals * one.L <= at_war, grid[::-1])
    assert russia == pytest.approx(least_wanted(one, regime, dh), abs=2 * step)
    assert ukraine == pytest.approx(most_conceded(one, regime, dh), abs=2 * step)
    assert ukraine - russia == pytest.approx(agreement(one, regime, dh), abs=3 * step)


@pytest.mark.parametrize("name", REGIMES)
def test_the_pressure_at_which_the_zone_vanishes_is_found_by_search(name):
    one = values()
    regime, dh = getattr(one, name), stopped(one, name)
    found = first(lambda m: agreement(values(m=float(m)), regime, dh) >= 0.0, np.arange(0.0, 0.6, 1e-3))
    assert found == pytest.approx(pressure_at_zero(one, regime, dh), abs=1.5e-3)


@pytest.mark.parametrize("war", PRESSURES)
def test_the_gain_changes_sign_at_chi_star(war):
    at = chi_star(values(R=war))
    assert timing_gain(values(R=war, chi=at)) == pytest.approx(0.0, abs=1e-12)
    assert timing_gain(values(R=war, chi=at - 0.01)) < 0.0 < timing_gain(values(R=war, chi=at + 0.01))


@pytest.mark.parametrize("war", PRESSURES)
def test_deterrence_raises_the_pressure_only_if_renewal_is_preferred(war):
    """A force that costs no status and only makes war rarer: the sign is that of rho R - x."""
    one = values(R=war, force={"s": 0.0, "lambda": 0.1})
    sign = hazard_sign(one.rho, one.x, one.R, 0.0)
    assert math.copysign(1.0, closed_form(one)["paradox"]) == math.copysign(1.0, sign)


def test_a_shield_lowers_what_ukraine_concedes_by_psi_dh():
    one = values()
    less = most_conceded(one, one.shield, 0.0) - most_conceded(one, one.shield, one.dh)
    assert less == pytest.approx(0.24, abs=1e-12)


def test_both_multiply_hazards_and_add_status_costs():
    one = values()
    both = one.force.with_(one.shield, one.none)
    assert (both.status, both.hazard) == (pytest.approx(0.4), pytest.approx(0.1 * 0.25 / 0.3))
    assert closed_form(values(q=0.0))["m_star_both"] == pytest.approx(closed_form(one)["m_star"]["shield"], abs=1e-12)
    assert one.none.with_(one.force, Regime(0.0, 0.0)).hazard == one.none.hazard  # no hazard has no ratio
