"""Fighters over days: what a pace leaves of a fleet, what weather and crews take, and that nothing lasts too long.

Mutations tried, each caught: failures by ready aircraft instead of by sorties; weather on crews forgotten; the pool not
set back at a replication; the pool moved on days without the option; patrols of a fraction flown in full; aircraft on
alert flying patrols.
"""

import itertools

import numpy as np
import pytest

from skyshield.engine import AMOUNTS, play
from skyshield.engine.steps.readiness import flyable, keep_up
from skyshield.engine.world import WEATHER
from support.worlds import SEED, make_fleets, make_forces, make_raids, make_world, u

SORTIES, HOURS, TANKERS = (AMOUNTS.index(name) for name in ("sorties", "flight_hours", "tanker_hours"))
A, Q, F, BREAKS = 100.0, 0.65, 1.0, 0.12
REPAIR_DAYS = (1 - Q) / (BREAKS * F * Q)


def fleet_world(rate, days=60, slots=1_100, options=1, fleet=None, **forces):
    """Patrols so small (a tenth of an aircraft each) that what is flown is the fleet's own number of sorties."""
    of_slot = (1, options, slots)
    built = make_forces((((0.0, 0.0),) * slots,) * options, days=days, **forces)
    built = built._replace(ready_aircraft=np.full(of_slot, 0.1), crews=np.full(of_slot, 0.1 * rate),
                           sorties_per_day=np.full(of_slot, 0.1 * rate), flight_time_h=np.full(of_slot, 3.0))
    pool = {"aircraft": A, "p_available": Q, "p_failure": BREAKS, "repair_time_days": REPAIR_DAYS, **(fleet or {})}
    return make_world(make_raids(days, 1), forces=built, fleets=make_fleets(options, **pool))


def flown(world, replications=1, first=0):
    result = play(world, 7, first, first + replications)
    assert not result.failed.any()
    return result.amounts[..., SORTIES]


def test_the_sustained_pace_keeps_what_it_has():
    result = flown(fleet_world(F))[0, :, 0]
    # a fraction of the last patrol is drawn: a tenth of a sortie
    np.testing.assert_allclose(result, A * Q * F, atol=0.1 + 1e-9)


@pytest.mark.parametrize("surge", [1.5, 2.1, 4.0])
def test_a_surge_starts_high_and_settles_where_the_closed_form_says(surge):
    result = flown(fleet_world(surge, days=120))[0, :, 0]
    assert result[0] == pytest.approx(surge * Q * A, abs=0.1 * surge)
    settled = A * surge * F * Q / (F * Q + surge * (1 - Q))
    assert result[-20:].mean() == pytest.approx(settled, abs=0.05 * surge)
    assert (np.diff(result) <= 0.1 * surge + 1e-9).all()
    assert settled > A * Q * F  # even settled a surge flies more, with fewer aircraft ready
    # day by day, against the recursion written out
    down, keep = A * (1 - Q), np.exp(-1 / REPAIR_DAYS)
    for day in range(120):
        assert result[day] == pytest.approx(surge * (A - down), abs=0.1 * surge + 1e-9)
        down = down * keep + BREAKS * surge * (A - down) * REPAIR_DAYS * (1 - keep)


def test_crews_bind_when_they_are_few():
    assert flown(fleet_world(2.0, fleet={"crews": 30.0}))[0, :, 0] == pytest.approx(np.full(60, 30.0), abs=0.2)
    many = flown(fleet_world(2.0, fleet={"crews": 1e6}))
    assert many.tobytes() == flown(fleet_world(2.0)).tobytes()
    # fewer sorties wear less: the fleet recovers, and shows it when crews come back
    rested = flown(fleet_world(2.0, fleet={"crews": 30.0, "p_available": 0.2}))[0, :, 0]
    assert rested[0] == pytest.approx(30.0, abs=0.2)


@pytest.mark.parametrize(("pool", "expected"), [
    ({"p_bad_weather": 1.0, "bad_weather_flown": 0.5}, 0.5 * Q * A * 2.0),  # of ready aircraft
    ({"p_bad_weather": 1.0, "bad_weather_flown": 0.5, "crews": 40.0}, 0.5 * 40.0),  # of crews, where they bind
    ({"alert_aircraft": 12.0}, (Q * A - 12.0) * 2.0), ({"alert_aircraft": 90.0}, 0.0),
    ({"crews": 40.0, "alert_crews": 25.0}, 15.0), ({"crews": 40.0, "alert_crews": 50.0}, 0.0)])
def test_what_a_first_night_flies(pool, expected):
    """Two sorties an aircraft; weather, alert and crews taken off what 65 ready aircraft would fly."""
    assert flown(fleet_world(2.0, days=1, fleet=pool))[0, 0, 0] == pytest.approx(expected, abs=0.2)


def test_weather_takes_its_share_of_days_and_of_patrols():
    days, p, share = 4_000, 0.2, 0.35
    world = fleet_world(F, days=days, fleet={"p_bad_weather": p, "bad_weather_flown": share, "p_failure": 0.0,
                                                        "p_available": 0.6})
    # no failures: all but those out of use at first fly, more each day as they are mended
    result = flown(world)[0, :, 0]
    settled = result[50:]
    bad = settled < 60.0
    assert np.unique(settled[~bad].round(0)).tolist() == [100.0]
    assert settled[bad] == pytest.approx(np.full(bad.sum(), 35.0), abs=0.11)
    assert abs(bad.mean() - p) < 4 * np.sqrt(p * (1 - p) / len(bad))
    expected = 100.0 * (1 - p * (1 - share))
    assert settled.mean() == pytest.approx(expected, abs=4 * 65.0 * np.sqrt(p * (1 - p) / len(bad)))


def test_weather_is_one_draw_a_day_for_all_options():
    fleets = make_fleets(p_bad_weather=0.3, bad_weather_flown=0.25)
    seen = [flyable(fleets, 0.0, SEED, 0, day) for day in range(200)]
    assert seen == [0.25 if u(WEATHER, 0, day=day)[0] < 0.3 else 1.0 for day in range(200)]
    world = fleet_world(F, options=2, fleet={"p_bad_weather": 0.3, "bad_weather_flown": 0.0})
    result = flown(world)[0]
    assert ((result[:, 0] == 0.0) == (result[:, 1] == 0.0)).all()
    assert 0 < (result[:, 0] == 0.0).sum() < 60


def test_availability_in_any_weather_is_that_of_the_long_run():
    """On flyable days f / w sorties an aircraft: over weathers f, failures as assumed, a share q is available."""
    p, share = 0.3, 0.2
    mean = 1 - p * (1 - share)
    world = fleet_world(F / mean, days=6_000, fleet={"p_bad_weather": p, "bad_weather_flown": share})
    result = flown(world)[0, 200:, 0]
    assert result.mean() == pytest.approx(A * Q * F, rel=0.02)


def test_patrols_are_kept_up_in_order():
    share = np.zeros(5)
    keep_up(np.array([10.0, 0.0, 20.0, 5.0, 5.0]), np.array([1.0, 0.0, 1.0, 1.0, 1.0]), 25.0, 9.0, share)
    assert share.tolist() == [1.0, 0.0, 0.75, 0.0, 0.0]
    keep_up(np.array([10.0, 0.0, 20.0, 5.0, 5.0]), np.array([4.0, 0.0, 4.0, 4.0, 4.0]), 1e9, 9.0, share)
    assert share.tolist() == [1.0, 0.0, 1.0, 0.25, 0.0]
    keep_up(np.full(5, 1.0), np.full(5, 1.0), 0.0, 9.0, share)
    assert not share.any()


def test_hours_and_tankers_are_those_of_the_patrols_flown():
    world = fleet_world(F)
    world = world._replace(forces=world.forces._replace(tanker_time_h=np.full((1, 1, 1_100), 0.7)))
    result = play(world, 7, 0, 1).amounts[0, :, 0]
    np.testing.assert_allclose(result[:, HOURS], result[:, SORTIES] * 3.0)
    np.testing.assert_allclose(result[:, TANKERS], result[:, SORTIES] * 7.0)


def test_a_fleet_rests_while_its_option_is_not_there():
    world = fleet_world(3.0, days=20)
    world.forces.presence[0, :, :8] = 0
    result = flown(world)[0, :, 0]
    assert not result[:8].any()
    assert result[8] == pytest.approx(3.0 * Q * A, abs=0.3)
    np.testing.assert_allclose(result[8:], flown(fleet_world(3.0, days=12))[0, :, 0], atol=0.6)


def test_every_replication_begins_anew_whatever_the_blocks():
    """Stateful over days, not over replications: one block of six, and six of one, are the same bytes."""
    world = fleet_world(2.0, days=12, fleet={"p_bad_weather": 0.3, "bad_weather_flown": 0.4})
    whole = play(world, 7, 0, 6)
    for split in ([0, 1, 2, 3, 4, 5, 6], [0, 2, 6], [0, 5, 6]):
        parts = [play(world, 7, a, b) for a, b in itertools.pairwise(split)]
        for name in ("counts", "amounts"):
            assert b"".join(getattr(part, name).tobytes() for part in parts) == getattr(whole, name).tobytes()
    sorties = whole.amounts[:, 0, 0, SORTIES]
    fair = sorties > 0.9 * 2.0 * Q * A
    np.testing.assert_allclose(sorties[fair], 2.0 * Q * A, atol=0.2)
    assert fair.any() and not fair.all()
