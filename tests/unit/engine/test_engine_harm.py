"""Harm against a slow loop over oblasts and days: warheads, grid and repair, ports, railway, plants; alerts by place.

Mutations tried, each caught: the day's hits mended at once; no ceiling; protection of ports too, or that of the first
option for all; armed decoys with a whole warhead; the railway's hits by their warheads; the area's mean over all
people; one grid for all options; plants' hits unprotected, those of all oblasts, of an unmended grid; hours under alert
added up, over all aims.
"""

import math

import numpy as np
import pytest

from skyshield.core.vocabulary import N_CARGOES
from skyshield.engine import AMOUNTS
from skyshield.engine import tally as t
from skyshield.engine.scratch import Campaign, new_ends
from skyshield.engine.steps.harm import count_harm
from support.worlds import (
    day_by_day,
    make_forces,
    make_harm,
    make_own,
    make_people,
    make_raids,
    make_routes,
    make_rules,
    make_world,
)

KG = np.array([0.0, 50.0, 5.0, 450.0, 480.0])
POPULATION, IN_AREA, PORTS = np.array([1.0, 4.0, 2.5]), np.array([1, 0, 1], np.uint8), np.array([0, 1, 1], np.uint8)
PLANTS, KYIV, CORRIDORS = (np.array(flags, np.uint8) for flags in ([1, 0, 1], [0, 1, 0], [1, 1, 0]))
WITH = {"warhead_kg": KG, "energy_share": 0.3, "outage_h_per_hit": 1.7, "grid_repair_days": 6.0, "port_share": 0.2,
        "port_days_per_hit": 0.01, "port_repair_days": 9.0, "rail_share": 0.1, "rail_h_per_hit": 8.0,
        "port_aim": PORTS, "plant_days_per_hit": 0.02, "plant_aim": PLANTS, "kyiv_aim": KYIV, "corridor_aim": CORRIDORS}


def lasting(options=1, n_aims=3):
    return Campaign(np.zeros(options), np.zeros(options), np.zeros((options, 1)), np.zeros((options + 1, 3)),
                    np.zeros((options, n_aims)), np.zeros(options), *np.zeros((2, options, 1)))


def harmed(nights, days, option=0, options=1, campaign=None, **fields):
    """Count given leakers i8[night, aim, cargo]; return what each day comes to, f8[day, amount]."""
    harm = make_harm(options, 3, days=days, **WITH | fields)
    campaign = lasting(options) if campaign is None else campaign
    result = np.zeros((days, len(AMOUNTS)))
    for day in range(days):
        ends = new_ends(3)
        ends.leakers[:] = nights[day % len(nights)]
        count_harm(harm, POPULATION, IN_AREA, 0, day, option, ends, campaign, result[day])
    return result


def by_hand(nights, days, protected=None, hours=1.7):
    """The same, written from the description: hits kept one by one with the day on which they fell."""
    fell, fell_on_ports = [[] for _ in POPULATION], []
    rows = []
    for day in range(days):
        leakers = nights[day % len(nights)]
        row = {"outage_h": 0.0, "outage_zone_h": 0.0, "rail_h": 0.0, "rail_zone_h": 0.0, "npp_offsite_power_days": 0.0}
        for aim, of_aim in enumerate(leakers):
            hits = sum(n * kg for n, kg in zip(of_aim, KG, strict=True)) / 50.0
            cut = 0.0 if protected is None else protected[day]
            fell[aim].append((day, 0.3 * hits * (1.0 - cut)))
            row["npp_offsite_power_days"] += 0.02 * 0.3 * hits * (1.0 - cut) * PLANTS[aim]
            if PORTS[aim]:
                fell_on_ports.append((day, 0.2 * hits))
            unmended = sum(size * math.exp(-(day - when) / 6.0) for when, size in fell[aim])
            without = min(24.0, hours * unmended)
            row["outage_h"] += POPULATION[aim] * without / POPULATION.sum()
            row["rail_h"] += 0.1 * 8.0 * sum(of_aim[1:])
            if IN_AREA[aim]:
                row["outage_zone_h"] += POPULATION[aim] * without / POPULATION[IN_AREA == 1].sum()
                row["rail_zone_h"] += 0.1 * 8.0 * sum(of_aim[1:])
        row["port_days"] = min(1.0, 0.01 * sum(size * math.exp(-(day - when) / 9.0) for when, size in fell_on_ports))
        rows.append(row)
    return rows


def nights_of(largest, n=5):
    nights = np.random.default_rng(4).integers(0, largest, (n, 3, N_CARGOES))
    nights[2] = 0  # a quiet one
    return nights


@pytest.mark.parametrize(("largest", "hours"), [(4, 0.05), (40, 1.7)])
def test_harm_accumulates_and_is_mended_as_a_slow_loop_has_it(largest, hours):
    nights, days = nights_of(largest), 30
    result = harmed(nights, days, outage_h_per_hit=hours)
    for day, row in enumerate(by_hand(nights, days, hours=hours)):
        for name, value in row.items():
            assert result[day, AMOUNTS.index(name)] == pytest.approx(value, rel=1e-9), (name, day)
    if largest == 40:
        assert result[:, t.OUTAGE].max() == pytest.approx(24.0) and result[:, t.PORT_DAYS].max() == 1.0
    else:
        assert 0.0 < result[2, t.OUTAGE] < result[1, t.OUTAGE] < 24.0  # the quiet night mends


def test_no_resident_is_without_power_for_more_than_a_day():
    nights = np.zeros((1, 3, N_CARGOES), int)
    nights[0, 0, 1] = 10_000  # all in one oblast: the others have power
    result = harmed(nights, 20)
    assert (result[:, t.OUTAGE] == pytest.approx(24.0 * 1.0 / 7.5))
    assert (result[:, t.OUTAGE_ZONE] == pytest.approx(24.0 * 1.0 / 3.5))


def test_warheads_add_up_exactly():
    nights = nights_of(50)
    result = harmed(nights, len(nights))
    for night, row in zip(nights, result, strict=True):
        of_class = np.array([night[:, 1] * 50.0 + night[:, 2] * 5.0, night[:, 3] * 450.0, night[:, 4] * 480.0])
        assert row[t.WARHEAD:t.WARHEAD + 3].tolist() == of_class.sum(axis=1).tolist()
        assert row[t.WARHEAD_ZONE:t.WARHEAD_ZONE + 3].tolist() == of_class[:, IN_AREA == 1].sum(axis=1).tolist()


def test_protection_takes_its_share_off_what_hits_do_from_its_day_on_and_off_nothing_else():
    nights, days = nights_of(4), 12
    protected = np.where(np.arange(days) < 5, 0.0, 0.6)
    cut = harmed(nights, days, option=1, options=2, grid_protected=[[[0.0] * days, protected]], outage_h_per_hit=0.05)
    plain = harmed(nights, days, outage_h_per_hit=0.05)
    for day, row in enumerate(by_hand(nights, days, protected, 0.05)):
        assert cut[day, t.OUTAGE] == pytest.approx(row["outage_h"], rel=1e-9)
        assert cut[day, t.PLANT_DAYS] == pytest.approx(row["npp_offsite_power_days"], rel=1e-9)
    assert (cut[:5, t.OUTAGE] == plain[:5, t.OUTAGE]).all() and (cut[5:, t.OUTAGE] < plain[5:, t.OUTAGE]).all()
    others = [k for k in range(len(AMOUNTS)) if k not in (t.OUTAGE, t.OUTAGE_ZONE, t.PLANT_DAYS)]
    assert (cut[:, others] == plain[:, others]).all()


def test_hours_under_alert_of_the_capital_and_on_average_of_the_corridors():
    ends, amounts = new_ends(3), np.zeros(len(AMOUNTS))
    ends.alert_bins[:] = [12, 30, 90]  # two, five and fifteen hours
    count_harm(make_harm(1, 3, **WITH), POPULATION, IN_AREA, 0, 0, 0, ends, lasting(), amounts)
    assert amounts[t.ALERT_KYIV] == pytest.approx(5.0) and amounts[t.ALERT_CORRIDORS] == pytest.approx(3.5)
    nowhere = make_harm(1, 3, **WITH | {"kyiv_aim": 0, "corridor_aim": 0})
    amounts[:] = 0.0
    count_harm(nowhere, POPULATION, IN_AREA, 0, 0, 0, ends, lasting(), amounts)
    assert amounts[t.ALERT_KYIV] == amounts[t.ALERT_CORRIDORS] == 0.0


def test_options_have_grids_and_ports_of_their_own():
    campaign = lasting(options=2)
    first = harmed(nights_of(4), 5, option=0, options=2, campaign=campaign)
    assert not campaign.grid[1].any() and campaign.port[1] == 0.0
    second = harmed(nights_of(4), 5, option=1, options=2, campaign=campaign)
    assert first.tobytes() == second.tobytes()


def test_a_played_day_does_the_harm_of_its_armed_leakers():
    """Decoys, armed ones among them, and missiles, some stopped; each replication begins with all mended."""
    routes = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 100_000.0))])
    raids = make_raids(8, 2, p_decoy=0.5)
    raids.decoy_armed[:] = 0.3
    rules = make_rules([[[], []], [[(0.0, 100_000.0)], []]], routes.length_m, aim_in_area=[1, 0])
    world = make_world(
        raids, routes, make_own(leak=0.6, n_aims=2), make_forces(((), ((0.0, 0.0),)), n_stations=[0.0, 1.0], days=8),
        rules, people=make_people(options=2, n_aims=2, population=[3.0, 1.0]),
        harm=make_harm(2, 2, days=8, energy_share=0.2, outage_h_per_hit=0.5, grid_repair_days=3.0))
    for counts, amounts, lasts in day_by_day(world, [(40, 60, 6, 4), (0, 10, 0, 0)]):
        kg, leaked = amounts[:, t.WARHEAD:t.WARHEAD + 3], counts[:, t.LEAKED:t.LEAKED + 3]
        assert (kg[:, 1:] == 450.0 * leaked[:, 1:]).all()
        small = 50.0 * counts[:, t.LEAKED_ARMED] - kg[:, 0]  # of armed decoys among the armed
        assert (small % 45.0 == 0.0).all() and (small >= 0.0).all()
        zone = np.minimum(24.0, 0.5 * lasts.grid[:, 0])
        np.testing.assert_allclose(amounts[:, t.OUTAGE_ZONE], zone, rtol=1e-12)
        np.testing.assert_allclose(amounts[:, t.OUTAGE], 0.75 * zone + 0.25 * np.minimum(24.0, 0.5 * lasts.grid[:, 1]))
        assert amounts[1, t.OUTAGE_ZONE] < amounts[0, t.OUTAGE_ZONE]
