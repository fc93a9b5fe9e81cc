"""Ukraine's own rounds: they last, run down and are saved as `steps.magazines` says.

Mutations tried, each caught: no floor of diversions under what is left; the ration told by the most that stores hold;
growth left out of what comes; stores above what they hold; kills not taken from them; money saved with its sign turned;
rounds for diversions too.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import N_CLASSES
from skyshield.engine import play
from skyshield.engine import tally as t
from skyshield.engine.steps.magazines import fill_supply
from support.worlds import (
    day_by_day,
    make_forces,
    make_own,
    make_raids,
    make_routes,
    make_rules,
    make_season,
    make_world,
    play_nights,
)

OWN, ZONE = 0, 1
DAYS = 12
ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])


def supplied(own, most, share=1.0, ration=0.0, first=None, price_eur=0.0):
    """Give an own defence stores; each is one number or f8[class]."""
    return own._replace(**{name: np.broadcast_to(np.asarray(value, float), own.p_soft.shape).copy() for name, value in (
        ("store_most", most), ("store_first", most if first is None else first), ("resupply_share", share),
        ("ration_below", ration), ("kill_cost_eur", price_eur))})


def year(own, growth=1.0, days=DAYS, season=None):
    """A world of two aims: Ukraine alone, and an option that meets whoever comes by the first route."""
    forces = make_forces(((), ((0.0, 0.0),)), n_stations=[0.0, 1.0], days=days, channels=400, work_s=1.0)
    raids = make_raids(days, 2, season=season, p_decoy=0.0)
    raids.growth[:] = np.reshape(growth, (-1, 1))
    rules = make_rules([[[], []], [[(0.0, 100_000.0)], []]], ROUTES.length_m, aim_in_area=[1, 0])
    return make_world(raids, ROUTES, own, forces, rules)


def test_the_hazard_left_is_told_by_the_ration():
    own, supply = supplied(make_own(p_soft=0.3), 100.0, ration=[40.0, 40.0, 0.0]), np.zeros(N_CLASSES)
    fill_supply(own, 0, np.array([10.0, 40.0, 0.0]), supply)
    assert supply.tolist() == [0.3 + 0.7 / 4, 1.0, 1.0]
    fill_supply(own, 0, np.zeros(N_CLASSES), supply)
    assert supply.tolist() == [0.3, 0.3, 1.0]


@pytest.mark.parametrize("p_soft", [0.0, 0.3])
@pytest.mark.parametrize("left", [0.0, 0.25, 0.8, 1.5])
def test_a_night_with_few_rounds_has_the_closed_form(left, p_soft):
    """Of a leak rate L there is L^g; of the stops (g - p) / g take rounds, so kills go with the rounds left."""
    n, leak, ration = 100_000, 0.3, 1e6
    own = supplied(make_own(leak=leak, p_soft=p_soft), 2.0 * ration, ration=ration, first=left * ration)
    result = play_nights(year(own, days=1), [(0, n, 0, 0)]).counts[0, 0, OWN]
    g = p_soft + (1.0 - p_soft) * min(1.0, left)
    for measure, share in ((t.LEAKED, leak**g), (t.OWN_HARD, (1 - leak**g) * (1 - p_soft / g) if g else 0.0)):
        assert abs(result[measure] / n - share) <= 4.0 * np.sqrt(share * (1.0 - share) / n), measure


def test_what_comes_replaces_what_is_fired_and_nothing_runs_short():
    """At a supply of 1 and without growth: full every evening, and the same bytes as with a ration of nothing."""
    season = make_season(front_mean=30.0, p_missile=np.full((2, 2), 0.7))
    own = make_own(quantiles=np.tile(np.linspace(0.1, 0.6, 6), (4, 1)), p_soft=0.2, n_aims=2)
    limited, endless = (year(supplied(own, 25.0, ration=ration), season=season, days=40) for ration in (25.0, 0.0))
    one, other = (play(world, 7, 0, 3) for world in (limited, endless))
    assert one.counts[..., t.OWN_HARD].max() > 25
    assert one.counts[:, :, ZONE, t.REDUNDANT].sum() > 0
    assert (one.counts.tobytes(), one.amounts.tobytes()) == (other.counts.tobytes(), other.amounts.tobytes())
    for _, _, lasts in day_by_day(limited, [(40, 3, 1, 2), (5, 0, 0, 0)]):
        assert (lasts.own_stock == 25.0).all()
    short = play(year(supplied(own, 25.0, share=0.5, ration=25.0), season=season, days=40), 7, 0, 3)
    assert short.counts[:, :, OWN, t.LEAKED].sum() > one.counts[:, :, OWN, t.LEAKED].sum()


@pytest.mark.parametrize(("share", "growth"), [(1.0, [2.0, 1.0, 4.0]), (0.6, 1.0), ([0.5, 1.0, 0.0], [2.0, 0.5, 1.0])])
def test_stores_run_down_at_the_rate_told(share, growth):
    """Whoever comes is killed as long as there is a round: each day k kills less r k / x of supply, by class."""
    nightly, full = np.array([30.0, 8.0, 5.0]), np.array([400.0, 60.0, 80.0])
    world = year(supplied(make_own(leak=1e-300, n_aims=2), full, share, ration=1e-3), growth)
    change = nightly * (1.0 - np.asarray(share) / np.asarray(growth))
    for day, (counts, _, lasts) in enumerate(day_by_day(world, [(10, 20, 8, 5)]), 1):
        assert counts[OWN, t.OWN_HARD:t.OWN_HARD + N_CLASSES].tolist() == nightly.tolist()
        np.testing.assert_allclose(lasts.own_stock[-1], np.minimum(full, full - day * change), rtol=1e-12)
    assert lasts.own_stock[-1].min() > 0.0


def test_diversions_take_no_rounds_and_bring_none():
    """Half of the stops: with growth of 2 the stores lose half of the kills, whatever else is diverted."""
    world = year(supplied(make_own(leak=0.3, p_soft=0.5, n_aims=2), 900.0, ration=1e-3), 2.0)
    left = np.full(N_CLASSES, 900.0)
    for counts, _, lasts in day_by_day(world, [(40, 60, 8, 6)]):
        assert counts[OWN, t.OWN_SOFT:t.OWN_SOFT + N_CLASSES].sum() > 20
        left -= counts[OWN, t.OWN_HARD:t.OWN_HARD + N_CLASSES] / 2.0
        np.testing.assert_allclose(lasts.own_stock[-1], left, rtol=1e-12)


def test_without_a_round_nothing_is_killed():
    empty = year(supplied(make_own(leak=1e-300, n_aims=2), 30.0, 0.0, ration=1e-3))
    kills = [counts[OWN, t.OWN_HARD] for counts, _, _ in day_by_day(empty, [(30, 0, 0, 0)])]
    assert kills == [30] + [0] * (DAYS - 1)


def test_what_an_option_stops_in_place_of_ukraine_is_saved_and_stops_others_later():
    """Raids have doubled: alone Ukraine runs short; redundant stops leave rounds, which are worth their price."""
    own = supplied(make_own(leak=0.2, n_aims=2), 200.0, 1.0, ration=150.0, price_eur=[1e4, 2e5, 3e6])
    days = list(day_by_day(year(own, 2.0), [(60, 40, 3, 2)]))
    saved = np.zeros(N_CLASSES)
    for counts, amounts, lasts in days:
        hard = counts[:, t.OWN_HARD:t.OWN_HARD + N_CLASSES]
        assert amounts[:, t.ROUNDS_SAVED].tolist() == [0.0, float((hard[OWN] - hard[ZONE]) @ own.kill_cost_eur[0])]
        saved += hard[OWN] - hard[ZONE]
        assert (lasts.own_stock[OWN] == lasts.own_stock[-1]).all()
        assert lasts.own_stock[ZONE, 0] > lasts.own_stock[-1, 0]
    first, last = days[0][0], days[-1][0]
    assert first[ZONE, t.REDUNDANT] > 0
    outside = [counts[:, t.LEAKED] - counts[:, t.LEAKED_ZONE] for counts in (first[:, :], last[:, :])]
    assert outside[0][OWN] == outside[0][ZONE]  # the option touches nobody there
    assert outside[1][OWN] > outside[1][ZONE]  # but on the last day Ukraine has rounds for them
    assert (last[ZONE, t.PREVENTED_ARMED] - last[ZONE, t.PREVENTED_ARMED_ZONE]) == (
        last[OWN, t.LEAKED:t.LEAKED + N_CLASSES] - last[ZONE, t.LEAKED:t.LEAKED + N_CLASSES]).sum() - (
        last[OWN, t.LEAKED_ZONE] - last[ZONE, t.LEAKED_ZONE])
