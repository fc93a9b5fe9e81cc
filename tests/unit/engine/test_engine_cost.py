"""Money by line: what each thing used costs, and lines that add up.

Mutations tried, each caught (`tools/mutate.py`): lines rounded down; the incremental boundary at fully loaded
prices; money on days without funds; aircraft that Ukraine hits priced as Ukraine's too; a shot priced as another
weapon's; lines that keep what they held the day before.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import COST_LINES
from skyshield.engine import AMOUNTS, COUNTS, play
from skyshield.engine import tally as t
from skyshield.engine.steps.cost import add_up
from skyshield.engine.world import (
    AIRCRAFT_LOST,
    EARLY_WARNING_LOST,
    FLIGHT_HOUR,
    FRIENDLY_LOST,
    READY,
    TANKER_HOUR,
    TANKER_LOST,
)
from support.worlds import (
    make_costs,
    make_fleets,
    make_forces,
    make_own,
    make_raids,
    make_risks,
    make_routes,
    make_rules,
    make_season,
    make_world,
    of_kinds,
)

ROUTES = make_routes()
LINES = {name: k for k, name in enumerate(COST_LINES)}
BUSY = {"p_missile": np.full((2, 2), 0.5), "missile_mean": np.full((2, 2), 3.0)}


def priced(forces, seed=5):
    """Every item at a price of its own, in a line of its own as far as there are lines; standing money in all lines."""
    costs, draw = make_costs(forces), np.random.default_rng(seed)
    costs.price_eur[:] = draw.uniform(1.0, 1e5, costs.price_eur.shape)
    costs.line[:] = np.arange(len(costs.line)) % len(LINES)
    costs.standing_eur[:] = draw.uniform(0.0, 1e5, costs.standing_eur.shape)
    return costs


def world(days=20, **more):
    forces = make_forces((((20_000.0, 0.0), (40_000.0, 0.0)), ()), reach_m=25_000.0, p_kill=0.5, days=days,
                         n_stations=[1.5, 0.0])
    patrols = np.array([[[2.0, 2.0], [0.0, 0.0]]])  # aircraft, and crews, that keep one up
    forces = forces._replace(shooter_kind=np.array([[0, 0], [-1, -1]]), ready_aircraft=patrols, crews=patrols.copy())
    made = make_world(raids=make_raids(days, 1, season=make_season(**BUSY)), routes=ROUTES, own=make_own(leak=0.4),
                      forces=forces, rules=make_rules(length_m=ROUTES.length_m, options=2))
    risks = make_risks(options=2, p_fratricide=0.02, p_fratricide_cluster=0.02, p_fratricide_own=0.03,
                       accidents_per_h=0.01, aircraft_lost_per_h=0.005, share_over_ukraine=0.5,
                       lost_per_engagement=0.04, lost_at_bases_per_day=0.25,
                       early_warning_lost_per_day=0.125, tankers_lost_per_day=0.0625)
    return made._replace(costs=priced(forces), risks=risks, fleets=make_fleets(2, aircraft=[1e3, 0.0]), **more)


def test_the_lines_of_a_day_by_hand():
    forces = make_forces()
    costs = priced(forces)
    used = np.array([3.0, 2.0, 0.5, 0.25, 0.125, 0.0625, 4.0, 7.0])  # hours, tanker hours, losses, one kind, one weapon
    lines = np.full((2, len(LINES)), 1e9)
    add_up(costs, np.ones(1, np.uint8), 0, 0, used, lines)
    for boundary in range(2):
        expected = costs.standing_eur[0, 0, 0, boundary].copy()
        for item in (FLIGHT_HOUR, TANKER_HOUR, AIRCRAFT_LOST, FRIENDLY_LOST, EARLY_WARNING_LOST, TANKER_LOST, READY,
                     READY + 1):
            expected[item] += used[item] * costs.price_eur[0, boundary, item]
        np.testing.assert_allclose(lines[boundary], expected)


def test_lines_add_up_exactly_over_any_period():
    result = play(world(), 3, 0, 6).amounts
    by_line = result[..., t.COST_BY_LINE:t.COST_BY_LINE + len(LINES)]
    assert AMOUNTS[t.COST_BY_LINE:][:len(LINES)] == tuple(f"cost_by_line_eur/{line}" for line in LINES)
    assert (by_line == np.floor(by_line)).all()
    for axes in ((), (1,), (0, 1)):
        assert (result[..., t.COST].sum(axis=axes) == by_line.sum(axis=-1).sum(axis=axes)).all()
    assert (by_line[:, :, 0] > 0.0).all()


def test_a_day_costs_what_was_used_on_it():
    """The lines of each day again from its sorties, engagements and shots; within the half euro of a rounded line."""
    played = world(days=30)
    costs = played.costs
    result = play(played, 3, 0, 3)
    day = dict(zip(AMOUNTS, np.moveaxis(result.amounts[:, :, 0], -1, 0), strict=True))
    count = dict(zip(COUNTS, np.moveaxis(result.counts[:, :, 0], -1, 0), strict=True))
    hours, shots = day["flight_hours"], count["munitions/aam"]  # one shot an engagement
    assert (shots > count["engaged"]).any()
    hit_by_own = day["incidents/fratricide"] - 0.02 * shots
    assert (hit_by_own > 0.0).any()
    # accidents, shot down over Ukraine, lost at bases, in engagements, hit by Ukraine
    lost = (0.01 + 0.005 * 0.5) * hours + 0.25 + 0.04 * shots + hit_by_own
    used = np.stack([hours, 0 * hours, lost, 0.02 * shots, 0.125 + 0 * hours, 0.0625 + 0 * hours,
                     day["sorties"] / 24.0, shots])
    assert len(used) == len(costs.line)
    for boundary, total in ((0, "cost_eur"), (1, "incremental_cost_eur")):
        lines = costs.standing_eur[0, 0, 0, boundary] + 0 * used[0][..., None]
        for item in range(len(costs.line)):
            lines[..., costs.line[item]] += used[item] * costs.price_eur[0, boundary, item]
        assert np.abs(day[total] - lines.sum(axis=-1)).max() < len(LINES) / 2
        if boundary == 0:
            for name, k in LINES.items():
                assert np.abs(day[f"cost_by_line_eur/{name}"] - lines[..., k]).max() <= 0.5 + 1e-6


def test_on_days_without_packages_nothing_is_spent_nor_planned():
    played = world()
    played.forces.presence[:, :, ::2] = 0
    played.costs.unspent_eur[:] = 7.0
    result = play(played, 3, 0, 3).amounts
    assert not result[:, ::2, :, :t.INCIDENTS].any()
    assert (result[:, 1::2, :, t.UNSPENT] == 7.0).all()
    assert (result[:, 1::2, 1, t.COST] == np.floor(played.costs.standing_eur[0, 1, 0, 0] + 0.5).sum()).all()


@pytest.mark.parametrize("kind", [0, 1])
def test_kinds_and_weapons_have_prices_of_their_own(kind):
    """Two kinds with two weapons each: the price list is kinds ready, then kind by kind its weapons."""
    forces = make_forces(p_kill=1.0)
    two = of_kinds(
        forces, shooter_kind=np.array([[kind]]), **{name: np.repeat(getattr(forces, name), 2, axis=1) for name in (
            "n_channels", "engagement_time_s", "p_track")}, rounds=np.tile([[0, 9]], (1, 2, 1)).astype(np.int64),
        weapon_reach_m=np.full((1, 2, 2), np.inf), p_kill=np.ones((1, 2, 2, 3)), munition=np.array([[0, 1], [2, 3]]))
    costs = make_costs(two)
    costs.line[:] = np.arange(len(costs.line)) % len(LINES)
    costs.price_eur[:] = 1.0 + np.arange(len(costs.line))
    costs.price_eur[:, :, FLIGHT_HOUR] = 0.0
    result = play(make_world(raids=make_raids(1, 1), routes=ROUTES, own=make_own(), forces=two,
                             rules=make_rules(length_m=ROUTES.length_m), costs=costs), 3, 0, 1)
    fired = result.counts[0, 0, 0, t.MUNITIONS:t.MUNITIONS + 4]
    assert fired[1 + 2 * kind] > 0
    assert fired.sum() == fired[1 + 2 * kind]
    shot = READY + 2 + 2 * kind + 1
    assert result.amounts[0, 0, 0, t.COST] == (1 + READY + kind) + fired.sum() * (1 + shot)
