"""Protection of the grid: less harm per hit, no fewer hits.

Mutations tried, each caught: the share taken from the lines and not given to protection, or given and not taken; what
is built counted at the end of the day; works without lead time; no limit of absorption; the price of administration
left out, or on both boundaries; its cost left out of the cost; money that protection cannot use handed to the lines.
"""

import math

import numpy as np
import pytest

from skyshield.core.vocabulary import BOUNDARIES
from skyshield.forces.aid import AidPackage, prepare_aid
from support.aid import Drawn, Numbers

DAY_S, MONTH_S = 86400.0, 365.25 / 12 * 86400.0
YEAR = np.multiply.outer([0.5, 0.3, 0.2], [63_000.0, 1500.0, 900.0])[None]
ALL = np.ones(3, np.uint8)


def year(budget, numbers=None, **more):
    return prepare_aid(budget, 365, YEAR, ALL, Numbers() if numbers is None else numbers, **more)


def test_nothing_is_protected_unless_a_share_is_stated():
    result = year(5e8)
    assert result.harm_cut.shape == (1, 365) and not result.harm_cut.any()
    assert AidPackage(kind="aid", twin_of="region").aid().protection_share == 0.0


def test_a_share_is_taken_from_what_is_spent_on_stops():
    half = year(4e8, protection_share=0.5)
    whole, rest = year(4e8), year(2e8)
    assert half.hazard.tolist() == rest.hazard.tolist() and half.units.tolist() == rest.units.tolist()
    assert (half.hazard[0, :, 0] < whole.hazard[0, :, 0]).all() and half.harm_cut[0, -1] > 0.0
    assert half.marginal_stops_per_million_eur == rest.marginal_stops_per_million_eur
    assert half.spent_eur + half.unspent_eur == pytest.approx([4e8])


def test_all_of_it_on_the_grid_stops_nothing():
    result = year(1e8, protection_share=1.0)
    assert not result.hazard.any() and not result.ramp.any() and not result.units.any()
    assert result.spent_eur[0] == pytest.approx(1e8) and result.unspent_eur[0] == pytest.approx(0.0, abs=1e-6)
    assert result.harm_cut.max() > 0.01


def test_day_by_day():
    """Nothing before the lead time, then evenly: the middle of day d is d - 1/2 - 100 days after it."""
    numbers = Numbers(aid_lead_protection=100.25 * DAY_S, aid_protection_max_cut=0.5, aid_protection_scale=2e8,
                      aid_protection_absorbed=1e9)
    result = year(1e8, numbers, boundary="incremental", protection_share=1.0)
    assert (result.harm_cut[0, :100] == 0.0).all()
    for day in (101, 102, 200, 365):
        stands = 0.375 if day == 101 else day - 0.5 - 100.25
        wanted = 0.5 * (1 - math.exp(-1e8 / 2e8 * stands / 264.75))
        assert result.harm_cut[0, day - 1] == pytest.approx(wanted, rel=1e-9)


def test_what_stands_stays_when_the_money_is_gone():
    at_work = np.array([1] * 200 + [0] * 165, np.uint8)
    cut = year(1e8, at_work=at_work, protection_share=1.0).harm_cut[0]
    assert (np.diff(cut) >= 0.0).all() and (cut[200:] == cut[200]).all() and cut[200] > cut[199] > 0.0


def test_returns_decrease_and_the_cut_never_reaches_its_most():
    cut = np.array([year(money, Numbers(aid_protection_absorbed=1e12), protection_share=1.0).harm_cut[0, -1]
                    for money in (1e8, 2e8, 3e8, 4e8, 1e11)])
    assert (np.diff(cut[:4]) > 0.0).all() and (np.diff(cut[:4], 2) < 0.0).all()
    assert cut[-1] <= 0.2 and cut[-1] == pytest.approx(0.2)


def test_no_more_than_can_be_absorbed_and_the_rest_is_unspent():
    result = year(1e9, protection_share=0.9, boundary="incremental")
    works = 40e6 * 215 * DAY_S / MONTH_S  # reference: 150 days' lead time
    stops = year(1e8, boundary="incremental")
    assert stops.unspent_eur[0] < 1.0 and result.units == pytest.approx(stops.units)  # no more for the lines
    assert result.spent_eur - stops.spent_eur == pytest.approx([works], rel=1e-8)
    assert result.unspent_eur == pytest.approx(1e9 - works - stops.spent_eur)
    assert result.cost_eur[0] - stops.cost_eur[0] == pytest.approx(
        [works / 0.8 if one == "fully_loaded" else works for one in BOUNDARIES])


def test_boundaries_and_order():
    loaded, incremental = (year(1e8, boundary=one, protection_share=1.0) for one in ("fully_loaded", "incremental"))
    assert loaded.harm_cut[0, -1] < incremental.harm_cut[0, -1]
    assert loaded.harm_cut[0, -1] == pytest.approx(0.2 * -math.expm1(-0.08 * 214.5 / 215), rel=1e-9)
    early = year(1e8, boundary="fully_loaded", protection_share=1.0, ordered_before_days=100)
    assert early.harm_cut[0, 60] > 0.0 == loaded.harm_cut[0, 60]


def test_in_words_and_drawn():
    package = AidPackage(kind="aid", twin_of="region", protection_share=0.4)
    assert package.in_words().endswith("anywhere, 40% of it on protection of the grid")
    cut = prepare_aid(1e9, 365, np.tile(YEAR, (50, 1, 1)), ALL, Drawn(50), protection_share=0.5).harm_cut
    assert (cut >= 0.0).all() and (cut < 1.0).all() and len({*cut[:, -1]}) > 40
