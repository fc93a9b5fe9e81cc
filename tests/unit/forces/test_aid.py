"""What the budget buys: closed forms, the water-filling, its limits and lead times, and the warning of the average.

Mutations tried, each caught: overhead multiplied on instead of divided out; euros of IRIS-T rounds turned as dollars; a
Patriot yield for two rounds; the loosest limit for the tightest; share of production forgotten; the supporting lines
each given their whole share; decoys forgotten in the warhead; the yield not divided by the ceiling; reach left out of
the units, or put on the ceiling as it once was; units without their square; lead time left out of what a line meets, or
of its limit; order date ignored; threats of all regions met from the zone, or the zone given to all; hazard where no
threat goes; worth of a stop ignored; a level where limits bind, or in the wrong measure; lines at work a day late; the
hazard not the logarithm of what survives; the slope of stops without what is stopped already; crew or radar left out of
a drone's price; a jet's missiles at one price; its rockets counted against cruise missiles; its number limited by one
maker's missiles, or without the rockets'. Protection is in test_aid_protection.py, a year in test_aid_year.py.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES
from skyshield.forces.aid import AidPackage, prepare_aid, twin_budget_eur
from skyshield.forces.aid_lines import LINES, SHOOTERS, SUPPORTING, AidLines, aid_lines
from skyshield.forces.aid_rule import spread_over_lines
from support.aid import Drawn, Numbers

UAV, CRUISE, BALLISTIC = range(3)
MONTH_S, DAY_S = 365.25 / 12 * 86400.0, 86400.0
MAKERS = ("aim9x_annual_output", "amraam_annual_output", "apkws_annual_output", "irist_missile_production",
          "pac3mse_production_2025")
OF_LINE = {"interceptor_drones": ("aid_drone_production",), "guns": ("aid_gun_engagements",),
           "light_aircraft": ("aid_light_aircraft_sorties",),
           "own_jets": ("aid_jet_sorties_by_jets", "aid_jet_sorties_by_pilots", *MAKERS[:3]),
           "irist": MAKERS[3:4], "patriot": MAKERS[4:],
           **{line: (f"aid_absorbed_{line}",) for line in SUPPORTING}}
LIMITS = tuple(name for of_line in OF_LINE.values() for name in of_line)
NOTHING = dict.fromkeys(LIMITS, 0.0) | dict.fromkeys(MAKERS[:3], 1.0) | {"share_of_production": 0.0}
HERE = np.array([1, 0, 0], np.uint8)


def one_line(line="interceptor_drones", **more):
    """Numbers with which one line alone is of use, with no limit, lead time or overhead."""
    alone = NOTHING | {f"aid_lead_{name}": 0.0 for name in LINES}
    alone |= {f"aid_reach_{name}": float(name == line) or 1e-300 for name in SHOOTERS}
    alone |= dict.fromkeys(OF_LINE[line], 1e6)
    alone["share_of_production"] = float(line in ("own_jets", "irist", "patriot"))
    alone |= {"aid_support_reach": 0.0, "usd_per_eur": 1.0, "aid_drone_crew_cost": 0.0, "aid_drone_track_cost": 0.0}
    return Numbers(**(alone | more))


def demand(uav=5000.0, cruise=120.0, ballistic=80.0, shares=(0.5, 0.3, 0.2), n=1):
    return np.tile(np.multiply.outer(np.array(shares), [uav, cruise, ballistic]), (n, 1, 1))


def stops(units, total, lines):
    """Latent stops from units, f8[vector, line, class], all lines at work all the time, written down once more."""
    whole = (lines.h_max * total)[:, None] / np.where(lines.stops_per_unit > 0, lines.stops_per_unit, np.inf)
    a = np.divide(units, whole, out=np.zeros_like(units), where=whole > 0)
    q = (1 - lines.reach) / lines.reach
    effort = (np.sqrt(1 + 2 * q * a) - 1) / q
    return total * (1 - np.exp(-lines.h_max * (1 - np.exp(-effort.sum(axis=1)))))


def free_lines(n=1, seed=5):
    """Lines with random numbers, every class with several of them."""
    rng = np.random.default_rng(seed)
    yields = rng.uniform(0.1, 0.9, (n, 4, 3)) * (rng.uniform(size=(n, 4, 3)) < 0.7)
    yields[:, 0] = 0.5
    reach = rng.dirichlet(np.ones(4), (n, 3)).transpose(0, 2, 1)
    return AidLines(rng.uniform(1.0, 5.0, (n, 4)), yields, reach, np.full((n, 4), np.nan), np.zeros((n, 4)),
                    rng.uniform(0.1, 2.0, (n, 3)), np.ones((n, 3)))


# --- one line, one region ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("budget", [1e4, 1e6, 5e7])
@pytest.mark.parametrize("h_max", [0.1, 0.3, 1.7])
def test_one_line_in_one_region(budget, h_max):
    numbers = one_line(aid_h_max_uav=h_max, intercept_drone_price=4000.0, intercept_drone_kill_per_sortie=0.24)
    result = prepare_aid(budget, 30, np.array([[[5000.0, 0.0, 0.0]]]), np.ones(1, np.uint8), numbers,
                         boundary="incremental")
    units = budget / 4000.0
    added = h_max * (1 - math.exp(-(0.24 / h_max) * units / 5000.0))
    assert result.units[0, 0] == pytest.approx(units, rel=1e-9)
    assert result.hazard[0, 0].tolist() == pytest.approx([added, 0.0, 0.0], rel=1e-9)
    assert result.latent_stops[0, 0] == pytest.approx(5000.0 * (1 - math.exp(-added)), rel=1e-9)
    # one more unit: its yield, less what is stopped already, less what the ceiling takes
    marginal = 0.24 * math.exp(-0.24 * units / 5000.0 / h_max) * math.exp(-added)
    assert result.marginal_stops_per_million_eur[0] == pytest.approx(marginal * 1e6 / 4000.0, rel=1e-6)
    assert result.ramp.min() == 0.0 and (result.ramp[0, UAV] == 1.0).all()


def test_overhead_belongs_to_the_fully_loaded_boundary():
    numbers = one_line(intercept_drone_price=4000.0, aid_overhead_drones=0.6)
    bought = [prepare_aid(1e6, 30, demand(), HERE, numbers, boundary=b).units[0, 0]
              for b in ("incremental", "fully_loaded")]
    assert bought == pytest.approx([250.0, 100.0])


def test_regions_share_in_proportion_to_demand():
    """Every region has the same units for each threat bound for it, so the same hazard."""
    result = prepare_aid(2e7, 30, demand(), HERE, one_line())
    assert result.hazard[0, :, UAV] == pytest.approx(np.full(3, result.hazard[0, 0, UAV]))
    assert result.hazard[0, 0, UAV] > 0.01


def test_a_region_without_threats_gets_nothing():
    result = prepare_aid(2e7, 30, demand(shares=(0.6, 0.4, 0.0)), HERE, Numbers(), ordered_before_days=4000)
    assert (result.hazard[0, 2] == 0.0).all() and (result.hazard[0, :2, UAV] > 0.0).all()


def test_zone_against_anywhere():
    """In the zone the same money meets fewer threats: more hazard there, none elsewhere, fewer stops in all."""
    anywhere, zone = (prepare_aid(2e7, 30, demand(), HERE, one_line(), where) for where in ("anywhere", "zone"))
    assert (zone.hazard[0, 1:] == 0.0).all()
    assert zone.hazard[0, 0, UAV] > anywhere.hazard[0, 0, UAV] > 0.0
    assert zone.latent_stops[0, UAV] < anywhere.latent_stops[0, UAV]
    all_of_it = prepare_aid(2e7, 30, demand(), np.ones(3, np.uint8), one_line(), "zone")
    assert all_of_it.hazard.tolist() == anywhere.hazard.tolist()


def test_an_empty_zone_buys_nothing():
    result = prepare_aid(2e7, 30, demand(), np.zeros(3, np.uint8), Numbers(), "zone")
    assert result.unspent_eur.tolist() == [2e7] and not result.hazard.any() and not result.units.any()
    assert result.marginal_stops_per_million_eur.tolist() == [0.0]


# --- who works on what ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("line", "classes"), [
    ("interceptor_drones", {UAV}), ("guns", {UAV}), ("light_aircraft", {UAV}), ("own_jets", {UAV, CRUISE}),
    ("irist", {UAV, CRUISE}), ("patriot", {UAV, CRUISE, BALLISTIC}),
    ("ew_sensors", {UAV}), ("training_repair", {UAV, CRUISE, BALLISTIC}), ("intelligence", {UAV, CRUISE, BALLISTIC})])
def test_classes_a_line_works_on(line, classes):
    lines, of = aid_lines(Numbers(), "incremental"), LINES.index(line)
    assert set(np.flatnonzero(lines.stops_per_unit[0, of])) == classes == set(np.flatnonzero(lines.reach[0, of]))


@pytest.mark.parametrize("line", SHOOTERS)
def test_money_for_one_line_touches_only_its_classes(line):
    result = prepare_aid(1e12, 30, demand(), HERE, one_line(line))
    works = aid_lines(Numbers(), "incremental").stops_per_unit[0, LINES.index(line)] > 0
    assert ((result.hazard[0] > 0) == works).all()
    assert np.flatnonzero(result.units[0]).tolist() == [LINES.index(line)]


def test_yields_and_prices_from_the_catalogue():
    lines = aid_lines(Numbers(aid_support_yield=0.5), "incremental")
    drones, _, light, _, irist, patriot, ew, training, intelligence = range(9)
    drone = 4000 / 1.13 + 20_000 / 30 + 40_000 / 120  # with its share of a crew's and of a radar's month
    jet = 0.25 * (450e3 * 2500 + 1100e3 * 1300) / 3800 / 1.13 + 0.3 * 25e3 / 1.13 + 1.5 * 12_500 / 1.13
    assert lines.price_eur[0] == pytest.approx([drone, 4000 / 1.13, 3000, jet, 5e5, 4.2e6 / 1.13, 1.0, 1.0, 1.0])
    assert lines.stops_per_unit[0, drones].tolist() == [0.24, 0.0, 0.0]
    assert lines.stops_per_unit[0, light].tolist() == [0.2, 0.0, 0.0]
    assert lines.stops_per_unit[0, irist].tolist() == [0.85, 0.85, 0.0]
    assert lines.stops_per_unit[0, patriot, BALLISTIC] == pytest.approx(0.35 / 2)
    # a euro of support stops half of what a euro of drones, IRIS-T or Patriot does
    assert lines.stops_per_unit[0, ew] == pytest.approx([0.5 * 0.24 / drone, 0, 0])
    for line in (training, intelligence):
        assert lines.stops_per_unit[0, line] == pytest.approx(
            [0.5 * 0.24 / drone, 0.5 * 0.85 / 5e5, 0.5 * 0.175 / (4.2e6 / 1.13)])
    assert lines.units_per_s[0, drones] * MONTH_S == pytest.approx(30_000.0)
    assert lines.units_per_s[0, irist] * MONTH_S == pytest.approx(400 / 12 * 0.1)
    assert lines.units_per_s[0, patriot] * MONTH_S == pytest.approx(620 / 12 * 0.1)


def test_crews_and_radars_are_bought_with_the_drones():
    """With fewer sorties of a crew and a radar a sortie costs more, on both boundaries, and no fewer can be had."""
    few = {"aid_drone_sorties_per_crew": 10 / MONTH_S, "aid_drone_sorties_per_track": 50 / MONTH_S}
    for boundary, over in (("incremental", 1.0), ("fully_loaded", 0.8)):
        dear, cheap = (aid_lines(Numbers(**more), boundary) for more in (few, {}))
        added = 20_000 / 10 - 20_000 / 30 + 40_000 / 50 - 40_000 / 120
        assert dear.price_eur[0, 0] - cheap.price_eur[0, 0] == pytest.approx(added / over)
        assert dear.units_per_s[0, 0] == cheap.units_per_s[0, 0]


def test_a_sortie_of_own_jets():
    """It fires a mixture: rockets count against UAVs alone; jets, pilots and each maker's output limit its number."""
    of = LINES.index("own_jets")
    lines = aid_lines(Numbers(), "fully_loaded")
    missiles, rockets = 0.25 * 0.8, 0.3 * 0.7
    assert lines.stops_per_unit[0, of] == pytest.approx([missiles + rockets, missiles, 0.0])
    weapons = 0.25 * (450e3 * 2500 + 1100e3 * 1300) / 3800 + 0.3 * 25e3
    assert lines.price_eur[0, of] == pytest.approx((weapons + 1.5 * 35_000) / 1.13)
    for low, sorties in (({}, 3800 / 12 * 0.1 / 0.25), ({"aid_jet_sorties_by_jets": 90 / MONTH_S}, 90),
                         ({"aid_jet_sorties_by_pilots": 80 / MONTH_S}, 80),
                         ({"share_of_production": 0.05}, 3800 / 240 / 0.25),
                         ({"apkws_annual_output": 3000 / 12 / MONTH_S}, 25 / 0.3)):
        assert aid_lines(Numbers(**low), "incremental").units_per_s[0, of] * MONTH_S == pytest.approx(sorties)


def test_reach_is_a_division_of_the_threats():
    lines = aid_lines(Drawn(50), "fully_loaded")
    assert lines.reach.sum(axis=1) == pytest.approx(np.ones((50, 3)))
    assert (lines.reach >= 0.0).all()


def test_prices_are_of_one_year():
    prices = ("intercept_drone_price", "gun_engagement_cost", "irist_missile", "pac3mse_price", "usd_per_eur",
              "aim9_price", "aim120_price", "apkws_price", "aid_drone_crew_cost", "aid_drone_track_cost",
              "aid_light_aircraft_sortie_cost", "aid_protection_scale", "aid_protection_absorbed",
              "aid_absorbed_ew_sensors", "aid_absorbed_training_repair", "aid_absorbed_intelligence")
    assert {load_catalogue()[name].price_year for name in prices} == {2025}
    assert load_catalogue()["irist_missile"].unit == "EUR"


# --- water-filling -------------------------------------------------------------------------------------------------

TOTAL = np.array([3000.0, 400.0, 100.0])


def marginal_per_euro(units, lines):
    """Stops of one more euro on each line and class, by differences of the function itself."""
    result = np.zeros(units.shape)
    for of in np.ndindex(units.shape[1:]):
        step = np.zeros(units.shape)
        step[:, *of] = 1e-4 * units[:, *of] + 1e-9
        more, less = (stops(units + sign * step, TOTAL, lines).sum(axis=1) for sign in (1, -1))
        result[:, *of] = (more - less) / (2 * step[:, *of])
    return result / lines.price_eur[:, :, None]


def filled(budget, limit, n=40, seed=5):
    lines = free_lines(n, seed)
    units, _, level = spread_over_lines(np.full(n, budget), np.tile(TOTAL, (n, 1)), np.ones((n, 4)),
                                        np.full((n, 4), limit), lines)
    return units, level, lines


@pytest.mark.parametrize("budget", [300.0, 3000.0, 20_000.0])
def test_marginal_yields_are_equal_across_unbound_lines(budget):
    units, level, lines = filled(budget, 1e9)
    inside = units > 0.1
    marginal = marginal_per_euro(units, lines)
    wanted = np.broadcast_to(level[:, None, None], marginal.shape)
    assert inside.any(axis=2).sum() > 40
    assert marginal[inside] == pytest.approx(wanted[inside], rel=1e-4)
    # what is not bought would not stop more
    left = (units == 0) & (lines.stops_per_unit > 0)
    first = marginal_per_euro(np.where(left, 1e-3, units), lines)
    assert left.any() and (first <= level[:, None, None] * (1 + 1e-4))[left].all()
    assert (units.sum(axis=2) * lines.price_eur).sum(axis=1) == pytest.approx(np.full(40, budget), rel=1e-9)


def test_lines_at_their_limit_stand_higher_and_their_classes_level():
    limit = 150.0
    units, level, lines = filled(1200.0, limit)
    of_line = units.sum(axis=2)
    assert (of_line <= limit * (1 + 1e-9)).all()
    bound = of_line > limit * (1 - 1e-6)
    assert 10 < bound.sum() < bound.size
    marginal = np.where(units > 0.1, marginal_per_euro(units, lines), np.nan)
    for vector, line in np.argwhere(bound):
        own = marginal[vector, line][~np.isnan(marginal[vector, line])]
        assert own == pytest.approx(np.full(len(own), own.max()), rel=1e-4)
        assert own.max() >= level[vector] * (1 - 1e-5)


def test_small_steps_find_the_same():
    """A plain greedy loop, one small step of money after another on the best line and class, comes to the same."""
    limit, budget, n_steps = 150.0, 1000.0, 4000
    for seed in (1, 2, 3):
        units, _, lines = filled(budget, limit, 1, seed)
        bought, step = np.zeros_like(units), budget / n_steps
        for _ in range(n_steps):
            best, most = None, -1.0
            for line, of in np.ndindex(4, 3):
                tried = bought.copy()
                tried[0, line, of] += step / lines.price_eur[0, line]
                if tried[0, line].sum() <= limit and stops(tried, TOTAL, lines).sum() > most:
                    best, most = tried, stops(tried, TOTAL, lines).sum()
            bought = best
        reached = stops(units, TOTAL, lines).sum()
        assert reached == pytest.approx(stops(bought, TOTAL, lines).sum(), rel=1e-3)
        assert reached >= stops(bought, TOTAL, lines).sum() * (1 - 1e-9)


def test_no_exchange_between_lines_and_no_saving_stops_more():
    """With lines that begin at different times: two thousand small exchanges of money find nothing better."""
    rng, n = np.random.default_rng(2), 30
    lines, share = free_lines(n, 8), rng.uniform(0.2, 1.0, (n, 4))
    limit, budget = rng.uniform(20.0, 900.0, (n, 4)), 1500.0
    total = np.tile(TOTAL, (n, 1))
    units, _, level = spread_over_lines(np.full(n, budget), total, share, limit, lines)

    def stopped(units):
        return sum_of_pieces(units, total, share, lines)

    best = stopped(units)
    for _ in range(2000):
        moved = np.maximum(units + rng.normal(0.0, 0.02, units.shape) * units.mean(), 0.0)
        moved *= np.minimum(1.0, limit / np.maximum(moved.sum(axis=2), 1e-9))[:, :, None]
        moved *= np.minimum(1.0, budget / (moved.sum(axis=2) * lines.price_eur).sum(axis=1))[:, None, None]
        assert (stopped(moved) <= best * (1 + 1e-9)).all()
    assert (level > 0.0).any()


def sum_of_pieces(units, total, share, lines):
    """Stops by hand: the period cut at every beginning of work."""
    result = np.zeros(len(units))
    for v, of in np.ndindex(*total.shape):
        y, r, h = lines.stops_per_unit[v, :, of], lines.reach[v, :, of], lines.h_max[v, of]
        a = y * units[v, :, of] / (h * total[v, of] * share[v])
        q = (1 - r) / r
        effort = (np.sqrt(1 + 2 * q * a) - 1) / q
        edges = sorted({0.0, *(1 - share[v])})
        for begin, end in zip(edges, [*edges[1:], 1.0], strict=True):
            at_work = effort[1 - share[v] <= begin].sum()
            result[v] += (end - begin) * total[v, of] * (1 - np.exp(-h * (1 - np.exp(-at_work))))
    return result


def test_monotone_and_concave_in_the_budget():
    budgets = np.linspace(0.0, 1.2e8, 121)
    result = prepare_aid(budgets, 30, demand(n=121), HERE, Numbers(121), ordered_before_days=200)
    total = result.latent_stops.sum(axis=1)
    assert total[0] == 0.0 and result.units[0].tolist() == [0.0] * 9
    gain = np.diff(total)
    assert (gain >= -1e-6).all() and gain[0] > 10 * gain[-1]
    assert (np.diff(gain) <= 1e-6).all()
    level = result.marginal_stops_per_million_eur
    assert (np.diff(level) <= 1e-9).all()
    # the level is the slope: of the chords on either side it lies between
    million = 1.2e8 / 120 / 1e6
    assert (gain[1:] / million <= level[1:-1] + 1e-6).all() and (gain[:-1] / million >= level[1:-1] - 1e-6).all()


def test_missile_stops_can_count_by_warhead():
    """With enough money rounds go to UAVs if all stops count alike, to missiles if they count by warhead."""
    numbers = one_line("patriot", pac3mse_production_2025=50 / MONTH_S)
    alike, by_warhead = (prepare_aid(1e9, 30, demand(), HERE, numbers, counts=c) for c in ("threats", "warhead"))
    assert alike.units[0] == pytest.approx(by_warhead.units[0])  # both at the limit
    assert by_warhead.latent_stops[0, CRUISE] > 3 * alike.latent_stops[0, CRUISE]
    assert alike.latent_stops.sum() > by_warhead.latent_stops.sum()
    worth = aid_lines(Numbers(), "incremental", "warhead").worth[0]
    assert worth == pytest.approx([1.0, 450 / (50 * 0.62), 480 / (50 * 0.62)])


def test_level_counts_by_worth():
    lines = free_lines(20)
    lines = AidLines(**{**vars(lines), "worth": np.tile([1.0, 5.0, 12.0], (20, 1))})
    units, _, level = spread_over_lines(np.full(20, 3000.0), np.tile(TOTAL, (20, 1)), np.ones((20, 4)),
                                        np.full((20, 4), 1e9), lines)
    weighted = marginal_per_euro(units, lines) * lines.worth[:, None]
    inside = units > 0.1
    assert weighted[inside] == pytest.approx(np.broadcast_to(level[:, None, None], weighted.shape)[inside], rel=1e-4)


# --- the ceiling of a class ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("line", [*SHOOTERS, None])
@pytest.mark.parametrize("end", ["low", "high"])
def test_all_the_money_in_the_world_adds_the_ceiling_of_the_class_once(line, end):
    """Through one line or all of them, whatever its reach: before, drones alone came to 0.109 of 0.3."""
    h_max = {f"aid_h_max_{name}": getattr(load_catalogue()[f"aid_h_max_{name}"], end) for name in CLASSES}
    made = {"share_of_production": float(line in ("own_jets", "irist", "patriot", None))}
    limits = dict.fromkeys(LIMITS, 1e12) if line is None else NOTHING | dict.fromkeys(OF_LINE[line], 1e12)
    numbers = Numbers(**(limits | made | h_max))
    result = prepare_aid(1e18, 30, demand(), HERE, numbers, ordered_before_days=4000)
    used = slice(None) if line is None else slice(LINES.index(line), LINES.index(line) + 1)
    works = (aid_lines(numbers, "incremental").stops_per_unit[0, used] > 0).any(axis=0)
    assert result.hazard[0, 0] == pytest.approx(np.where(works, list(h_max.values()), 0.0), abs=1e-9)
    assert (result.hazard[0, 0] <= np.array(list(h_max.values()))).all()


def test_reach_says_how_lines_share_the_threats():
    """The same first unit; of many units, those of a line with less reach do less."""
    few, many = ([prepare_aid(budget, 30, demand(), HERE, one_line(aid_reach_guns=weight, intercept_drone_price=4000.0))
                  .latent_stops[0, UAV] for weight in (1e-300, 4.0)] for budget in (1e2, 1e7))
    assert few[1] == pytest.approx(few[0], rel=1e-3)
    assert many[1] < 0.9 * many[0]


def test_units_from_effort_by_the_square():
    """With reach r, S + (1 - r) / r S^2 / 2 units in the ceiling's measure make an effort S."""
    numbers = one_line(aid_reach_guns=3.0, intercept_drone_price=4000.0, aid_h_max_uav=0.5)
    result = prepare_aid(1e7, 30, demand(), HERE, numbers, boundary="incremental")
    effort = -math.log(1 - result.hazard[0, 0, UAV] / 0.5)
    reach = aid_lines(numbers, "incremental").reach[0, 0, UAV]
    assert reach == pytest.approx(0.25)
    assert effort + 3.0 * effort**2 / 2 == pytest.approx(0.24 * 2500 / (0.5 * 5000), rel=1e-9)


# --- limits, unspent money, lead times -----------------------------------------------------------------------------

def test_monthly_limits_bind_and_the_rest_is_unspent():
    numbers = one_line(intercept_drone_price=4000.0, aid_drone_production=500 / MONTH_S)
    result = prepare_aid(1e8, 61, demand(), HERE, numbers, boundary="incremental")
    units = 500 * 61 * DAY_S / MONTH_S
    assert result.units[0, 0] == pytest.approx(units, rel=1e-9)
    assert result.spent_eur[0] == pytest.approx(4000 * units)
    assert result.unspent_eur[0] == pytest.approx(1e8 - 4000 * units)
    assert result.marginal_stops_per_million_eur[0] == 0.0  # more money buys the same, and this says so
    twice = prepare_aid(2e8, 61, demand(), HERE, numbers, boundary="incremental")
    assert twice.hazard == pytest.approx(result.hazard, rel=1e-12)
    assert twice.marginal_stops_per_million_eur[0] == 0.0
    assert twice.unspent_eur - result.unspent_eur == pytest.approx(1e8)
    short = prepare_aid(3900.0 * units, 61, demand(), HERE, numbers, boundary="incremental")
    assert short.marginal_stops_per_million_eur[0] > 0.0 and short.unspent_eur[0] < 1e-3


def test_nothing_is_overspent_and_no_limit_passed():
    rng, n = np.random.default_rng(1), 200
    numbers, budgets = Drawn(n), rng.uniform(0.0, 4e8, n)
    for days, before, boundary in ((30, 0, "incremental"), (30, 90, "fully_loaded"), (365, 0, "fully_loaded")):
        result = prepare_aid(budgets, days, demand(n=n), HERE, numbers, boundary=boundary, ordered_before_days=before)
        lines = aid_lines(numbers, boundary)
        assert result.spent_eur + result.unspent_eur == pytest.approx(budgets, rel=1e-12)
        assert (result.spent_eur <= budgets).all() and (result.units >= 0.0).all()
        assert result.spent_eur == pytest.approx((result.units * lines.price_eur).sum(axis=1), rel=1e-9)
        assert (result.units <= lines.units_per_s * days * DAY_S * (1 + 1e-9)).all()
        short = result.unspent_eur > 1e-6 * budgets
        assert (result.marginal_stops_per_million_eur[short] == 0.0).all() and short.any() == (days == 30)
        assert (result.marginal_stops_per_million_eur[~short] > 0.0).all()


def test_lead_time_delays_limits_and_wastes_nothing_on_the_days_before():
    """Ten and a half days of thirty are left: a third of the limit, and the threats of those days alone are met."""
    numbers = one_line(aid_lead_interceptor_drones=19.5 * DAY_S, aid_drone_production=3000 / MONTH_S,
                       intercept_drone_price=4000.0, intercept_drone_kill_per_sortie=0.24, aid_h_max_uav=0.3)
    result = prepare_aid(1e9, 30, demand(), HERE, numbers, boundary="incremental")
    units = 3000 * 10.5 * DAY_S / MONTH_S
    added = 0.3 * (1 - math.exp(-0.24 / 0.3 * units / (5000 * 10.5 / 30)))
    assert result.units[0, 0] == pytest.approx(units)
    assert result.hazard[0, 0, UAV] == pytest.approx(added)
    half = -math.log(1 - (1 - math.exp(-added)) / 2) / added
    assert result.ramp[0, UAV] == pytest.approx([0.0] * 19 + [half] + [1.0] * 10)
    # the days' stops, from hazard and ramp as an engine plays them, add up to those of the period
    per_day = 5000 / 30 * (1 - np.exp(-result.hazard[0, 0, UAV] * result.ramp[0, UAV]))
    assert per_day.sum() == pytest.approx(result.latent_stops[0, UAV])


def test_an_order_placed_before_shortens_the_lead_time():
    numbers = one_line(aid_lead_interceptor_drones=40 * DAY_S)
    late, early, ready = (prepare_aid(1e7, 30, demand(), HERE, numbers, ordered_before_days=before)
                          for before in (0, 20, 40))
    assert not late.hazard.any() and late.unspent_eur[0] == 1e7
    assert early.ramp[0, UAV].tolist() == [0.0] * 20 + [1.0] * 10
    assert ready.ramp[0, UAV].tolist() == [1.0] * 30
    assert 0 < early.latent_stops[0, UAV] < ready.latent_stops[0, UAV]


def test_days_add_up_to_the_period_with_every_line():
    n = 30
    result = prepare_aid(5e8, 200, demand(35_000, 800, 500, n=n), HERE, Drawn(n))
    daily = np.array([35_000, 800, 500])[:, None] / 200 * -np.expm1(-result.hazard[:, 0, :, None] * result.ramp)
    assert daily.sum(axis=2) == pytest.approx(result.latent_stops, rel=1e-9)
    assert (np.diff(result.ramp, axis=2) >= -1e-12).all() and result.ramp.max() <= 1.0
    assert not np.allclose(result.ramp[:, UAV], result.ramp[:, CRUISE])


def test_a_vector_depends_on_itself_alone():
    numbers = Drawn(200)
    many = prepare_aid(1e8, 60, demand(n=200), HERE, numbers, ordered_before_days=30)
    few = prepare_aid(1e8, 60, demand(n=7), HERE, Drawn(7), ordered_before_days=30)
    assert many.hazard[:7].tobytes() == few.hazard.tobytes() and many.ramp[:7].tobytes() == few.ramp.tobytes()


# --- the warning of the average ------------------------------------------------------------------------------------

@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("boundary", ["incremental", "fully_loaded"])
def test_six_patrols_do_not_buy_more_stops_than_there_are_launches(end, boundary):
    """At average cost the money of six patrols is 220,000 to 500,000 stops a year; launches are some 63,000."""
    launches = 63_000.0
    year = getattr(load_catalogue()["patrol_cost_per_year"], end)
    budget = 6 * year / 1.13
    at_average_cost = budget / (4000 / 1.13) * 0.24
    assert at_average_cost > 3 * launches
    result = prepare_aid(budget, 365, demand(launches, 1500, 900), HERE, Numbers(), boundary=boundary,
                         ordered_before_days=1200)
    assert 0 < result.latent_stops[0, UAV] < launches * (1 - math.exp(-0.35)) < at_average_cost / 10
    shares = np.array([0.001, 0.01, 0.03, 0.1, 0.3, 1.0])
    level = prepare_aid(shares * budget, 365, demand(launches, 1500, 900, n=6), HERE, Numbers(6), boundary=boundary,
                        ordered_before_days=1200).marginal_stops_per_million_eur
    assert (np.diff(level)[level[:-1] > 0.0] < 0.0).all() and level[4] < level[0] / 5 and level[-1] < level[0] / 100
    assert (level[-1] == 0.0) == (result.unspent_eur[0] > 1e-6 * budget)


def test_figures_of_the_page_on_aid():
    """What a year's money can buy at most, fully loaded: 3.4 billion euros, 16,000 latent stops, 2,500 leakers."""
    result = prepare_aid(5e9, 365, demand(63_000, 1500, 900), HERE, Numbers(), ordered_before_days=1200)
    assert result.spent_eur[0] == pytest.approx(3.4e9, rel=0.02)
    assert result.latent_stops.sum() == pytest.approx(16_000, rel=0.02)
    assert 0.16 * result.latent_stops.sum() == pytest.approx(2500, rel=0.05)
    page = (Path(__file__).parents[3] / "docs/explanation/aid.md").read_text("utf-8")
    for words in ("about 3.4 billion euros", "some 16,000 latent", "about 2,500 of which"):
        assert words in " ".join(page.split())


def test_what_has_no_evidence_has_no_centre():
    for name in (*(f"aid_h_max_{c}" for c in CLASSES), "aid_protection_max_cut", "share_of_production",
                 "aid_support_yield"):
        assert load_catalogue()[name].central is None and load_catalogue()[name].grade == "K"
    assert len(SUPPORTING) + len(SHOOTERS) == len(LINES)


# --- package and refusals ------------------------------------------------------------------------------------------

def test_package():
    package = AidPackage(kind="aid", twin_of="region", where="zone")
    assert (package.start, package.boundary, package.ordered_before_days) == ("before_ceasefire", "fully_loaded", 0)
    assert twin_budget_eur(package.aid(), {"region": 5.0}) == 5.0
    assert twin_budget_eur(AidPackage(kind="aid", budget="2 million EUR").aid(), {}) == 2e6
    assert AidPackage.model_validate(package.model_dump(mode="json", exclude_none=True)) == package


@pytest.mark.parametrize(("fields", "message"), [
    ({}, "has neither twin_of nor budget; name"), ({"twin_of": "a", "budget": "1 EUR"}, "has both twin_of and budget"),
    ({"budget": "-1 EUR"}, "a negative amount; give"), ({"budget": 5}, "without a unit; write"),
    ({"budget": "5 km"}, "cannot be read as 'EUR'"), ({"twin_of": "a", "where": "front"}, "anywhere"),
    ({"twin_of": "a", "start": "now"}, "before_ceasefire"), ({"twin_of": "a", "boundary": "net"}, "incremental"),
    ({"twin_of": "a", "protection_share": 1.1}, "less than or equal"),
    ({"twin_of": "a", "lines": 1}, "Extra inputs"), ({"twin_of": "a", "ordered_before_days": -1}, "greater than")])
def test_package_refusals(fields, message):
    with pytest.raises(ValidationError) as caught:
        AidPackage(kind="aid", **fields)
    errors = caught.value.errors()
    assert len(errors) == (2 if "start" in fields else 1)  # a start is a word or a day
    assert message in errors[0]["msg"] and "\n" not in errors[0]["msg"]


def test_a_twin_must_exist():
    with pytest.raises(SkyShieldError, match=r"options.aid.twin_of: is 'x', which is no option .*; use a, b"):
        twin_budget_eur(AidPackage(kind="aid", twin_of="x").aid(), {"b": 1.0, "a": 2.0}, "options.aid")


@pytest.mark.parametrize(("change", "message"), [
    ({"demand": np.ones((1, 3, 2))}, "aid demand: has the shape"), ({"demand": -demand()}, "aid demand: is negative"),
    ({"in_zone": np.ones(2, np.uint8)}, "aid zone: has the shape"), ({"days": 0}, "aid days: are 0"),
    ({"budget_eur": -1.0}, "aid budget: is negative"), ({"budget_eur": np.nan}, "aid budget"),
    ({"budget_eur": np.ones(3)}, "aid budget: has the shape"), ({"where": "front"}, "aid where: is 'front'"),
    ({"boundary": "net"}, "boundary 'net'"),
    ({"counts": "euros"}, "aid counts 'euros'"), ({"ordered_before_days": -1}, "aid days"),
    ({"protection_share": 1.2}, "aid protection_share: is 1.2"),
    ({"protection_share": np.nan}, "aid protection_share")])
def test_refusals(change, message):
    call = {"budget_eur": 1e6, "days": 30, "demand": demand(), "in_zone": HERE, "parameters": Numbers()} | change
    with pytest.raises(SkyShieldError, match=message) as caught:
        prepare_aid(**call)
    assert "\n" not in str(caught.value)
