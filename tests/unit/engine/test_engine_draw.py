"""The raid of a day: streams, places, loads and times.

Mutations tried, each caught: deep ids without their own range; missiles given the wrong stream; launch and aim swapped
in the route; the deep stream sent by the fixed shares; a stick taken of the whole, not of what is left; the sticks of
the other regime; one draw for two sticks; the fifth stick with the fourth's draw, or at another address than the
page's; the spread of the first vector for all; the last region left out; day raids every day; a day's UAVs all by day;
the day part of one threat deciding for the day; UAVs given the salvo's time; missiles' salvo spread forgotten; decoys
among missiles; one more missile moving the others' ids.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import ARMED, DECOY, DECOY_ARMED, DEEP_REGIONS, N_STICKS, N_STREAMS, STREAM_CLASSES
from skyshield.engine.scratch import new_raid
from skyshield.engine.steps.draw import MAX_THREATS, draw_raid, first_threat, pick, spread_deep_stream
from skyshield.engine.world import DESTINATION, SALVO
from support.worlds import SEED, make_raids, u


def deep_shares(raids, day=0, word=0, regime=0):
    """Return the cumulative shares of the deep stream's aims on a night."""
    cdf = np.full(raids.aim_cdf.shape[2], np.nan)
    spread_deep_stream(raids, SEED, word, day, regime, cdf)
    return cdf


def drawn(raids, sizes, day=0, word=0, n_variants=1):
    raid = new_raid(sum(sizes))
    by_day = ("decoy_armed", "p_jet", "p_day_raid")
    raids = raids._replace(**{name: getattr(raids, name)[:, :1].repeat(day + 1, axis=1) for name in by_day})
    assert draw_raid(raids, n_variants, SEED, word, day, np.array(sizes), deep_shares(raids, day, word),
                     raid) == sum(sizes)
    return raid


def test_streams_have_their_classes_and_their_own_ids():
    raid = drawn(make_raids(), (3, 2, 2, 3))
    assert raid.stream.tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert raid.threat_class.tolist() == [0] * 5 + [1] * 2 + [2] * 3
    deep = 1 << 22
    assert raid.threat.tolist() == [0, 1, 2, deep, deep + 1, 1 << 24, 1 << 24 | 1, 2 << 24, 2 << 24 | 1, 2 << 24 | 2]
    assert [("uav", "cruise", "ballistic")[raid.threat_class[raid.stream == s][0]] for s in range(N_STREAMS)] == [
        *STREAM_CLASSES]
    assert raid.own_stop_due.all()


def test_no_two_threats_of_the_largest_day_share_an_id():
    first = [first_threat(stream) for stream in range(N_STREAMS)]
    assert first == sorted(first)
    assert min(np.diff([*first, 3 << 24])) > MAX_THREATS


@pytest.mark.parametrize("stream", range(N_STREAMS))
def test_more_threats_of_a_stream_move_no_other(stream):
    shares = np.random.default_rng(1).dirichlet(np.ones(4), N_STREAMS)
    raids = make_raids(n_aims=4, aim_shares=shares, launch_shares=(0.3, 0.7), day_raid=(1.0, 0.3))
    sizes = [40, 50, 6, 4]
    few = drawn(raids, sizes, n_variants=3)
    sizes[stream] += 7
    more = drawn(raids, sizes, n_variants=3)
    kept = np.isin(more.threat, few.threat)
    assert kept.sum() == 100
    for name in ("threat", "stream", "aim", "route", "load", "jet", "departure_s"):
        assert (getattr(more, name)[kept] == getattr(few, name)).all(), name
    assert (more.stream[~kept] == stream).all()


@pytest.mark.parametrize("stream", range(N_STREAMS))
def test_routes_are_launch_aim_and_variant_in_the_stated_order(stream):
    shares, launch = np.full((N_STREAMS, 4), 1 / 4), (0.25, 0.0, 0.75)
    shares[stream] = 0.1, 0.2, 0.0, 0.7
    raids = make_raids(n_aims=4, aim_shares=shares, launch_shares=launch)
    n, sizes = 100_000, [0] * N_STREAMS
    sizes[stream] = n
    raid = drawn(raids, sizes, n_variants=3)
    assert (raid.route // 3 % 4 == raid.aim).all()
    result = np.bincount(raid.route, minlength=36).reshape(3, 4, 3) / n
    expected = np.array(launch)[:, None, None] * shares[stream][:, None] * np.full(3, 1 / 3)
    assert (result[expected == 0.0] == 0.0).all()
    error = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(result - expected) <= 5 * error).all()  # four times eighteen looks


def test_launch_areas_are_the_vectors_own():
    raids = make_raids(vectors=2)._replace(launch_cdf=np.cumsum(np.array(
        [[[1.0, 0.0]] * N_STREAMS, [[0.0, 1.0]] * N_STREAMS]), axis=2))
    for vector in (0, 1):
        assert (drawn(raids, (5, 5, 5, 5), word=vector << 16).route == vector).all()


REGION_AIMS = np.array([[0.5, 0.5, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0.25, 0.75, 0, 0, 0],
                        [0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 1]])


def stick_raids(days=1):
    """Sticks that rise evenly between ends, each its own, in each regime."""
    low = np.array([[0.0, 0.1, 0.2, 0.3, 0.35], [0.4, 0.3, 0.2, 0.1, 0.05]])
    sticks = low[:, :, None] + np.linspace(0.0, 0.5, 9)
    return make_raids(days=days, n_aims=8, sticks=sticks, region_aims=REGION_AIMS), low


@pytest.mark.parametrize("regime", [0, 1])
def test_regions_share_a_night_by_sticks(regime):
    raids, low = stick_raids()
    assert len(DEEP_REGIONS) == N_STICKS + 1 == len(REGION_AIMS)
    for day in range(20):
        stick = low[regime] + 0.5 * np.array([*u(DESTINATION, 0, day=day), u(DESTINATION, 0, 1, day=day)[0]])
        share = np.append(stick, 1.0) * np.cumprod(np.append(1.0, 1.0 - stick))
        np.testing.assert_allclose(np.diff(deep_shares(raids, day, regime=regime), prepend=0.0), share @ REGION_AIMS,
                                   atol=1e-12)


def test_the_fifth_stick_has_a_draw_of_its_own():
    """The first four are those of the one address there was before; the fifth is another number, tied to none."""
    raids, low = stick_raids()
    share = np.array([np.diff(deep_shares(raids, day), prepend=0.0) for day in range(2_000)])
    region = np.stack([share @ (REGION_AIMS[k] > 0.0) for k in range(N_STICKS + 1)], axis=1)
    left = 1.0 - np.cumsum(region, axis=1) + region
    sticks = (region[:, :N_STICKS] / left[:, :N_STICKS] - low[0]) / 0.5
    first_four = np.array([u(DESTINATION, 0, day=day) for day in range(2_000)])
    np.testing.assert_allclose(sticks[:, :4], first_four, atol=1e-9)
    assert (np.abs(sticks[:, 4:] - first_four).min(axis=0) > 1e-9).all()
    others = np.corrcoef(np.concatenate([first_four, sticks[:, 4:]], axis=1).T)[4, :4]
    assert (np.abs(others) < 4 / np.sqrt(2_000)).all()
    assert abs(sticks[:, 4].mean() - 0.5) < 4 / np.sqrt(12 * 2_000)


def test_regions_spread_as_their_vector_says():
    raids, _ = stick_raids()
    other = np.roll(REGION_AIMS, 1, axis=1)
    two = make_raids(vectors=2, n_aims=8, sticks=raids.sticks[0], region_aims=REGION_AIMS)
    two = two._replace(region_aims=np.stack([REGION_AIMS, other]))
    first, second = (np.diff(deep_shares(two, word=vector << 16), prepend=0.0) for vector in (0, 1))
    third = np.diff(deep_shares(two._replace(region_aims=np.stack([other, REGION_AIMS])), word=1 << 16), prepend=0.0)
    np.testing.assert_allclose(np.roll(third, 1), second, atol=1e-12)
    assert np.abs(np.roll(first, 1) - second).max() > 1e-3  # another vector, another night


def test_the_deep_stream_of_a_night_goes_where_its_sticks_say_as_a_whole():
    raids, _ = stick_raids()
    n = 20_000
    for day in range(5):
        raid = drawn(raids, (0, n, 0, 0), day=day)
        share = np.diff(deep_shares(raids, day), prepend=0.0)
        result = np.bincount(raid.aim, minlength=8) / n
        assert (np.abs(result - share) <= 4.5 * np.sqrt(share * (1 - share) / n) + 1e-12).all()


def test_loads_and_times_of_a_day_with_a_day_raid():
    n = 120_000
    raids = make_raids(p_decoy=0.38, day_raid=(1.0, 0.15))
    raid = drawn(raids, (n // 2, n // 2, 50, 60))
    uav = raid.threat_class == 0
    armed = raid.load == ARMED
    assert armed[~uav].all()
    assert abs(1 - armed[uav].mean() - 0.38) < 4 * np.sqrt(0.38 * 0.62 / n)
    in_day = raid.departure_s[uav] >= 54_000.0
    assert abs(in_day.mean() - 0.15) < 4 * np.sqrt(0.15 * 0.85 / n)
    for part, start_s, length_s in ((raid.departure_s[uav][~in_day], 7_200.0, 21_600.0),
                                    (raid.departure_s[uav][in_day], 54_000.0, 32_400.0)):
        assert part.min() >= start_s
        assert part.max() <= start_s + length_s
        # evenly: mean and mean square of a uniform
        share = (part - start_s) / length_s
        assert abs(share.mean() - 1 / 2) < 4 / np.sqrt(12 * share.size)
        assert abs((share**2).mean() - 1 / 3) < 4 * np.sqrt(4 / 45 / share.size)
    assert abs(np.corrcoef(raid.departure_s[uav][~in_day], armed[uav][~in_day])[0, 1]) < 4 / np.sqrt(n / 2)


def test_jets_and_armed_decoys_have_their_shares_of_the_day():
    """Of UAVs some are jets whatever they carry; of decoys some have a small warhead; missiles are neither."""
    n = 60_000
    raids = make_raids(p_decoy=0.4)
    raids.decoy_armed[:], raids.p_jet[:] = 0.25, 0.15
    raid = drawn(raids, (n // 2, n // 2, 50, 60))
    uav = raid.threat_class == 0
    assert not raid.jet[~uav].any() and (raid.load[~uav] == ARMED).all()
    jet, load = raid.jet[uav], raid.load[uav]
    shares = [(jet, 0.15), (load == DECOY_ARMED, 0.1), (load == DECOY, 0.3), (jet[load == ARMED], 0.15)]
    for drawn_share, p in shares:
        assert abs(drawn_share.mean() - p) < 4.0 * np.sqrt(p * (1.0 - p) / len(drawn_share))
    for other in (raid.departure_s[uav], load == ARMED):
        assert abs(np.corrcoef(jet, other)[0, 1]) < 4.0 / np.sqrt(n)
    raids.decoy_armed[:] = 0.0
    plain = drawn(raids, (n // 2, n // 2, 50, 60))
    assert ((plain.load == DECOY) == (raid.load != ARMED)).all()  # armed decoys are decoys otherwise


def test_a_day_has_a_day_raid_or_none():
    n_days, p = 4_000, 0.3
    raids = make_raids(day_raid=(p, 0.4))
    result = []
    for day in range(n_days):
        by_day = (drawn(raids, (20, 20, 2, 2), day=day).departure_s[:40] >= 54_000.0).mean()
        assert (by_day > 0.0) == (u(SALVO, 0, day=day)[0] < p) or by_day == 0.0
        result.append(by_day)
    with_raid = np.array([u(SALVO, 0, day=day)[0] < p for day in range(n_days)])
    assert abs(with_raid.mean() - p) < 4 * np.sqrt(p * (1 - p) / n_days)
    assert not np.array(result)[~with_raid].any()
    share = np.array(result)[with_raid]
    assert abs(share.mean() - 0.4) < 4 * np.sqrt(0.4 * 0.6 / 40 / share.size)


def test_the_missiles_of_a_class_leave_as_one_salvo_in_the_night():
    raids = make_raids(salvo_spread_s=600.0, day_raid=(1.0, 1.0))
    starts = []
    for day in range(300):
        raid = drawn(raids, (0, 0, 30, 30), day=day)
        for kind in (1, 2):
            times = raid.departure_s[raid.threat_class == kind]
            start_s = 7_200.0 + 21_600.0 * u(SALVO, kind, day=day)[0]
            assert start_s <= times.min() <= times.max() <= start_s + 600.0
            assert np.ptp(times) > 300.0
            starts.append(start_s)
    assert max(starts) - min(starts) > 20_000.0
    assert abs(np.corrcoef(starts[::2], starts[1::2])[0, 1]) < 4 / np.sqrt(300)


def test_pick_skips_what_has_no_share():
    cdf = np.cumsum([0.0, 0.25, 0.0, 0.75, 0.0])
    assert [pick(cdf, share) for share in (2.0**-33, 0.2499, 0.25, 0.9, 1 - 2.0**-33)] == [1, 1, 3, 3, 3]
