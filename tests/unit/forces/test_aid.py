"""What the budget buys: closed forms, the water-filling, its limits and lead times, and the warning of the average.

Mutations tried, each caught: overhead multiplied on instead of divided out, or on both boundaries; euros of IRIS-T
rounds turned as dollars; a Patriot yield for two rounds; the loosest limit for the tightest; share of production
forgotten; the supporting lines each given their whole share; decoys forgotten in the warhead; the yield not divided
by the ceiling, in the units or in the hazard; lead time left out of what a line meets, or of its limit; order date
ignored; threats of all regions met from the zone, or the zone given to all; hazard where no threat goes; each class
of a line given its whole limit; worth of a stop ignored, in the units or in the first level; a level where limits
bind; prices ignored; lines at work a day late; the hazard not the logarithm of what survives.
"""

import math
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES
from skyshield.forces.aid import AidPackage, prepare_aid, spread_over_lines, twin_budget_eur
from skyshield.forces.aid_lines import LINES, SHOOTERS, SUPPORTING, AidLines, aid_lines

UAV, CRUISE, BALLISTIC = range(3)
MONTH_S, DAY_S = 365.25 / 12 * 86400.0, 86400.0
LIMITS = ("aid_drone_production", "aid_drone_crews", "aid_drone_tracks", "aid_gun_engagements",
          "aid_share_of_production", "aid_absorbed_ew_sensors", "aid_absorbed_training_repair",
          "aid_absorbed_intelligence")
HERE = np.array([1, 0, 0], np.uint8)


class Numbers(dict):
    """Catalogue references, f8[vector], with some replaced."""

    def __init__(self, n=1, **replaced):
        super().__init__({name: np.broadcast_to(np.asarray(value, float), n) for name, value in replaced.items()})
        self.n = n

    def __missing__(self, name):
        return np.full(self.n, load_catalogue()[name].reference_si)


class Drawn(dict):
    """Catalogue entries drawn from their distributions, each by its name."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def __missing__(self, name):
        entry = load_catalogue()[name]
        u = np.random.default_rng(sum(map(ord, name))).uniform(size=200)[:self.n]
        return np.full(self.n, entry.reference_si) if entry.central is None else entry.ppf(u)


def one_line(line="interceptor_drones", **more):
    """Numbers with which one line alone is of use, with no limit, lead time or overhead."""
    off = (*LIMITS, "irist_missile_production", "pac3mse_production_2025", *(f"aid_lead_{name}" for name in LINES))
    alone = dict.fromkeys(off, 0.0)
    alone |= {f"aid_reach_{name}": float(name == line) or 1e-300 for name in SHOOTERS}
    of_line = {"interceptor_drones": LIMITS[:3], "guns": LIMITS[3:4],
               "irist": ("irist_missile_production", "aid_share_of_production"),
               "patriot": ("pac3mse_production_2025", "aid_share_of_production")}
    alone |= dict.fromkeys(of_line[line], 1e6) | {"aid_support_reach": 0.0, "usd_per_eur": 1.0}
    return Numbers(**(alone | more))


def demand(uav=5000.0, cruise=120.0, ballistic=80.0, shares=(0.5, 0.3, 0.2), n=1):
    return np.tile(np.multiply.outer(np.array(shares), [uav, cruise, ballistic]), (n, 1, 1))


def stops(units, met, lines):
    """Latent stops from units, written down once more."""
    whole = lines.h_max[:, None] * met
    safe = np.where(whole > 0, whole, 1.0)
    return met * (1 - np.exp(-lines.h_max[:, None] * (1 - np.exp(-lines.stops_per_unit * units / safe))))


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
    ("interceptor_drones", {UAV}), ("guns", {UAV}), ("irist", {UAV, CRUISE}), ("patriot", {UAV, CRUISE, BALLISTIC}),
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
    drones, _, irist, patriot, ew, training, intelligence = range(7)
    assert lines.price_eur[0] == pytest.approx([4000 / 1.13, 4000 / 1.13, 5e5, 4.2e6 / 1.13, 1.0, 1.0, 1.0])
    assert lines.stops_per_unit[0, drones].tolist() == [0.24, 0.0, 0.0]
    assert lines.stops_per_unit[0, irist].tolist() == [0.85, 0.85, 0.0]
    assert lines.stops_per_unit[0, patriot, BALLISTIC] == pytest.approx(0.35 / 2)
    # a euro of support stops half of what a euro of drones, IRIS-T or Patriot does
    assert lines.stops_per_unit[0, ew] == pytest.approx([0.5 * 0.24 / (4000 / 1.13), 0, 0])
    for line in (training, intelligence):
        assert lines.stops_per_unit[0, line] == pytest.approx(
            [0.5 * 0.24 / (4000 / 1.13), 0.5 * 0.85 / 5e5, 0.5 * 0.175 / (4.2e6 / 1.13)])
    assert lines.units_per_s[0, drones] * MONTH_S == pytest.approx(6000.0)  # crews, the tightest of three
    assert lines.units_per_s[0, irist] * MONTH_S == pytest.approx(400 / 12 * 0.1)
    assert lines.units_per_s[0, patriot] * MONTH_S == pytest.approx(620 / 12 * 0.1)


def test_reach_is_a_division_of_the_threats():
    lines = aid_lines(Drawn(50), "fully_loaded")
    assert lines.reach.sum(axis=1) == pytest.approx(np.ones((50, 3)))
    assert (lines.reach >= 0.0).all()


def test_prices_are_of_one_year():
    prices = ("intercept_drone_price", "gun_engagement_cost", "irist_missile", "pac3mse_price", "usd_per_eur",
              "aid_absorbed_ew_sensors", "aid_absorbed_training_repair", "aid_absorbed_intelligence")
    assert {load_catalogue()[name].price_year for name in prices} == {2025}
    assert load_catalogue()["irist_missile"].unit == "EUR"


# --- water-filling -------------------------------------------------------------------------------------------------

def marginal_per_euro(units, met, lines):
    """Stops of one more euro on each line and class, by differences of the function itself."""
    step = 1e-4 * met
    return (stops(units + step, met, lines) - stops(np.maximum(units - step, 0.0), met, lines)) / (
        np.minimum(units, step) + step) / lines.price_eur[:, :, None]


def filled(budget, limit, n=40, seed=5):
    lines = free_lines(n, seed)
    met = lines.reach * np.array([3000.0, 400.0, 100.0])
    units, level = spread_over_lines(np.full(n, budget), met, np.full((n, 4), limit), lines)
    return units, level, met, lines


@pytest.mark.parametrize("budget", [300.0, 3000.0, 20_000.0])
def test_marginal_yields_are_equal_across_unbound_lines(budget):
    units, level, met, lines = filled(budget, 1e9)
    inside = units > 2e-4 * met
    marginal = marginal_per_euro(units, met, lines)
    wanted = np.broadcast_to(level[:, None, None], marginal.shape)
    assert inside.any(axis=2).sum() > 40
    assert marginal[inside] == pytest.approx(wanted[inside], rel=1e-5)
    # what is not bought would not stop more
    left = (units == 0) & (lines.stops_per_unit > 0)
    assert (lines.stops_per_unit / lines.price_eur[:, :, None] <= level[:, None, None] * (1 + 1e-9))[left].all()
    assert (units.sum(axis=2) * lines.price_eur).sum(axis=1) == pytest.approx(np.full(40, budget), rel=1e-9)


def test_lines_at_their_limit_stand_higher_and_their_classes_level():
    limit = 150.0
    units, level, met, lines = filled(2500.0, limit)
    of_line = units.sum(axis=2)
    assert (of_line <= limit * (1 + 1e-9)).all()
    bound = of_line > limit * (1 - 1e-9)
    assert 10 < bound.sum() < bound.size
    marginal = np.where(units > 2e-4 * met, marginal_per_euro(units, met, lines), np.nan)
    for vector, line in np.argwhere(bound):
        own = marginal[vector, line][~np.isnan(marginal[vector, line])]
        assert own == pytest.approx(np.full(len(own), own.max()), rel=1e-4)
        assert own.max() >= level[vector] * (1 - 1e-5)


def test_small_steps_find_the_same():
    """A plain greedy loop, one small step of money after another on the best line and class, comes to the same."""
    limit, budget, n_steps = 150.0, 1500.0, 6000
    for seed in (1, 2, 3):
        units, _, met, lines = filled(budget, limit, 1, seed)
        bought, step = np.zeros_like(met), budget / n_steps
        for _ in range(n_steps):
            more = step / lines.price_eur[:, :, None]
            gain = stops(bought + more, met, lines) - stops(bought, met, lines)
            gain[bought.sum(axis=2) + more[:, :, 0] > limit] = -1.0
            best = np.unravel_index(gain.argmax(), gain.shape)
            bought[best] += more[best[:2]][0]
        assert stops(units, met, lines).sum() == pytest.approx(stops(bought, met, lines).sum(), rel=1e-3)
        assert stops(units, met, lines).sum() >= stops(bought, met, lines).sum() * (1 - 1e-9)
        assert units.sum(axis=2) == pytest.approx(bought.sum(axis=2), abs=limit / 50)


def test_monotone_and_concave_in_the_budget():
    budgets = np.linspace(0.0, 1.2e8, 121)
    result = prepare_aid(budgets, 30, demand(n=121), HERE, Numbers(121), ordered_before_days=200)
    total = result.latent_stops.sum(axis=1)
    assert total[0] == 0.0 and result.units[0].tolist() == [0.0] * 7
    gain = np.diff(total)
    assert (gain >= -1e-6).all() and gain[0] > 50 * max(gain[-1], 1e-9)
    assert (np.diff(gain) <= 1e-6).all()
    level = result.marginal_stops_per_million_eur
    assert (np.diff(level) <= 1e-9).all()
    # the level is the slope: of the chords on either side it lies between
    million = 1.2e8 / 120 / 1e6
    assert (gain[1:] / million <= level[1:-1] + 1e-6).all() and (gain[:-1] / million >= level[1:-1] - 1e-6).all()


def test_missile_stops_can_count_by_warhead():
    """With enough money rounds go to UAVs if all stops count alike, to missiles if they count by warhead."""
    numbers = one_line("patriot", aid_share_of_production=1.0, pac3mse_production_2025=50 / MONTH_S)
    alike, by_warhead = (prepare_aid(1e9, 30, demand(), HERE, numbers, counts=c) for c in ("threats", "warhead"))
    assert alike.units[0] == pytest.approx(by_warhead.units[0])  # both at the limit
    assert by_warhead.latent_stops[0, CRUISE] > 3 * alike.latent_stops[0, CRUISE]
    assert alike.latent_stops.sum() > by_warhead.latent_stops.sum()
    worth = aid_lines(Numbers(), "incremental", "warhead").worth[0]
    assert worth == pytest.approx([1.0, 450 / (50 * 0.62), 480 / (50 * 0.62)])


def test_level_counts_by_worth():
    lines = free_lines(20)
    lines = AidLines(**{**vars(lines), "worth": np.tile([1.0, 5.0, 12.0], (20, 1))})
    met = lines.reach * np.array([3000.0, 400.0, 100.0])
    units, level = spread_over_lines(np.full(20, 3000.0), met, np.full((20, 4), 1e9), lines)
    weighted = marginal_per_euro(units, met, lines) * lines.worth[:, None]
    inside = units > 2e-4 * met
    assert weighted[inside] == pytest.approx(np.broadcast_to(level[:, None, None], weighted.shape)[inside], rel=1e-4)


# --- limits, unspent money, lead times -----------------------------------------------------------------------------

def test_monthly_limits_bind_and_the_rest_is_unspent():
    numbers = one_line(intercept_drone_price=4000.0, aid_drone_crews=500 / MONTH_S)
    result = prepare_aid(1e8, 61, demand(), HERE, numbers, boundary="incremental")
    units = 500 * 61 * DAY_S / MONTH_S
    assert result.units[0, 0] == pytest.approx(units, rel=1e-9)
    assert result.spent_eur[0] == pytest.approx(4000 * units)
    assert result.unspent_eur[0] == pytest.approx(1e8 - 4000 * units)
    assert result.marginal_stops_per_million_eur[0] == 0.0
    twice = prepare_aid(2e8, 61, demand(), HERE, numbers, boundary="incremental")
    assert twice.hazard.tolist() == result.hazard.tolist()


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
    numbers = one_line(aid_lead_interceptor_drones=19.5 * DAY_S, aid_drone_crews=3000 / MONTH_S,
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
    assert 0 < result.latent_stops[0, UAV] < launches * (1 - math.exp(-0.3))
    assert result.unspent_eur[0] > 0.2 * budget
    shares = np.array([0.001, 0.01, 0.03, 0.1, 0.3, 1.0])
    level = prepare_aid(shares * budget, 365, demand(launches, 1500, 900, n=6), HERE, Numbers(6), boundary=boundary,
                        ordered_before_days=1200).marginal_stops_per_million_eur
    assert (np.diff(level)[level[:-1] > 0.0] < 0.0).all() and level[4] < level[0] / 8 and level[-1] == 0.0


def test_figures_of_the_page_on_aid():
    """What a year's money can buy at most, fully loaded: 1.5 billion euros, 9,000 latent stops, 1,400 leakers."""
    result = prepare_aid(5e9, 365, demand(63_000, 1500, 900), HERE, Numbers(), ordered_before_days=1200)
    assert result.spent_eur[0] == pytest.approx(1.5e9, rel=0.02)
    assert result.latent_stops.sum() == pytest.approx(9000, rel=0.02)
    assert 0.16 * result.latent_stops.sum() == pytest.approx(1400, rel=0.05)
    page = (Path(__file__).parents[3] / "docs/explanation/aid.md").read_text("utf-8")
    for words in ("about 1.5 billion euros", "some 9,000 latent", "about 1,400 of which"):
        assert words in " ".join(page.split())


def test_without_limits_the_ceiling_still_holds():
    """All the money in the world, no limit, the catalogue's highest ceilings: still exp(-h_max) of threats get by."""
    unlimited = dict.fromkeys(LIMITS, 1e12) | {name: load_catalogue()[name].high for name in
                                               ("aid_h_max_uav", "aid_h_max_cruise", "aid_h_max_ballistic")}
    result = prepare_aid(1e15, 365, demand(63_000, 1500, 900), HERE, Numbers(aid_support_yield=1.0, **unlimited),
                         ordered_before_days=1200)
    ceiling = np.array([63_000 * -math.expm1(-1.0), 1500 * -math.expm1(-0.7), 900 * -math.expm1(-0.7)])
    assert (result.latent_stops[0] <= ceiling * (1 + 1e-9)).all()
    assert result.latent_stops[0] == pytest.approx(ceiling, rel=1e-3)


def test_what_has_no_evidence_has_no_centre():
    for name in (*(f"aid_h_max_{c}" for c in CLASSES), "aid_share_of_production", "aid_support_yield"):
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
    ({"twin_of": "a", "lines": 1}, "Extra inputs"), ({"twin_of": "a", "ordered_before_days": -1}, "greater than")])
def test_package_refusals(fields, message):
    with pytest.raises(ValidationError) as caught:
        AidPackage(kind="aid", **fields)
    (error,) = caught.value.errors()
    assert message in error["msg"] and "\n" not in error["msg"]


def test_a_twin_must_exist():
    with pytest.raises(SkyShieldError, match=r"options.aid.twin_of: is 'x', which is no option .*; use a, b"):
        twin_budget_eur(AidPackage(kind="aid", twin_of="x").aid(), {"b": 1.0, "a": 2.0}, "options.aid")


@pytest.mark.parametrize(("change", "message"), [
    ({"demand": np.ones((1, 3, 2))}, "aid demand: has the shape"), ({"demand": -demand()}, "aid demand: is negative"),
    ({"in_zone": np.ones(2, np.uint8)}, "aid zone: has the shape"), ({"days": 0}, "aid days: are 0"),
    ({"budget_eur": -1.0}, "aid budget: is negative"), ({"budget_eur": np.nan}, "aid budget"),
    ({"budget_eur": np.ones(3)}, "aid budget: has the shape"), ({"where": "front"}, "aid where: is 'front'"),
    ({"boundary": "net"}, "boundary 'net'"),
    ({"counts": "euros"}, "aid counts 'euros'"), ({"ordered_before_days": -1}, "aid days")])
def test_refusals(change, message):
    call = {"budget_eur": 1e6, "days": 30, "demand": demand(), "in_zone": HERE, "parameters": Numbers()} | change
    with pytest.raises(SkyShieldError, match=message) as caught:
        prepare_aid(**call)
    assert "\n" not in str(caught.value)
