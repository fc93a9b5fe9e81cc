"""The raid of a day: sizes, streams, places, loads and times.

Mutations tried, each caught: rounding down instead of at random; one draw rounding all classes; the night drawn by
vector only; the threshold off by one; missiles given the wrong stream; launch and aim swapped in the route; the day
part's probability complemented; UAVs given the salvo's time; missiles' salvo spread forgotten; decoys among
missiles; one more missile moving the others' ids.
"""

import numpy as np
import pytest

from skyshield.engine.steps.draw import MAX_THREATS, draw_raid, pick, raid_size
from skyshield.engine.world import NIGHT, SALVO, new_raid
from support.worlds import SEED, make_raids, u


def drawn(raids, sizes, day=0, word=0, n_variants=1):
    raid = new_raid(sum(sizes))
    assert draw_raid(raids, n_variants, SEED, word, day, sizes, raid) == sum(sizes)
    return raid


def test_a_night_of_the_collection_is_drawn_evenly_for_each_day_and_replication():
    raids = make_raids(nights=[(k, 2 * k, 3 * k) for k in range(8)])
    sizes = np.array([raid_size(raids, SEED, word, 0) for word in range(60_000)]
                     + [raid_size(raids, SEED, 60_000, 0) for _ in range(3)])
    assert len(set(map(tuple, sizes[-3:]))) == 1
    assert (sizes[:, 1] == 2 * sizes[:, 0]).all()
    assert (sizes[:, 2] == 3 * sizes[:, 0]).all()
    found = np.bincount(sizes[:, 0], minlength=8) / len(sizes)
    assert (np.abs(found - 1 / 8) < 4.5 * np.sqrt(1 / 8 * 7 / 8 / len(sizes))).all()  # eight looks at once
    many = make_raids(nights=[(k, 0, 0) for k in range(50)], days=40)
    assert len({raid_size(many, SEED, 0, day)[0] for day in range(40)}) > 15


def test_only_the_nights_of_the_vectors_row_are_drawn():
    raids = make_raids(nights=[(k, 0, 0) for k in range(6)], vectors=2)
    raids = raids._replace(night_index=np.array([[1, 1, 4], [2, 5, 5]]), fit_row=np.array([1, 0]))
    first, second = ({raid_size(raids, SEED, vector << 16 | r, 0)[0] for r in range(200)} for vector in (0, 1))
    assert first == {2, 5}
    assert second == {1, 4}


@pytest.mark.parametrize(("scale", "count"), [(1.0, 7), (0.0, 7), (0.5, 7), (0.3, 4), (1.2, 6), (2.0, 3)])
def test_scaled_counts_are_rounded_at_random(scale, count):
    raids = make_raids(nights=[(count, count, count)], scale=[scale])
    sizes = np.array([raid_size(raids, SEED, word, 0) for word in range(40_000)])
    low, share = int(count * scale + 1e-9), count * scale - int(count * scale + 1e-9)
    assert set(np.unique(sizes)) <= ({low, low + 1} if share > 1e-6 else {low})
    # 120,000 draws; four standard errors
    assert abs(sizes.mean() - count * scale) <= 4 * np.sqrt(share * (1 - share) / sizes.size) + 1e-9
    if share > 1e-6:
        assert abs(np.corrcoef(sizes[:, 0], sizes[:, 1])[0, 1]) < 4 / np.sqrt(len(sizes))


def test_the_first_uavs_are_the_front_stream_and_missiles_have_their_own():
    raid = drawn(make_raids(front_threshold=3.0), (5, 2, 3))
    assert raid.stream.tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3, 3]
    assert raid.threat_class.tolist() == [0] * 5 + [1] * 2 + [2] * 3
    assert raid.threat.tolist() == [*range(5), 1 << 24, 1 << 24 | 1, 2 << 24, 2 << 24 | 1, 2 << 24 | 2]
    assert drawn(make_raids(front_threshold=2.5), (5, 0, 0)).stream.tolist() == [0, 0, 0, 1, 1]
    assert drawn(make_raids(front_threshold=0.0), (2, 0, 0)).stream.tolist() == [1, 1]


def test_one_more_threat_of_a_class_moves_no_other():
    raids = make_raids(n_aims=4, launch_shares=(0.3, 0.7), front_threshold=40.0)
    few, more = drawn(raids, (90, 6, 4), n_variants=3), drawn(raids, (91, 7, 5), n_variants=3)
    kept = np.isin(more.threat, few.threat)
    assert kept.sum() == 100
    for name in ("threat", "stream", "aim", "route", "armed", "departure_s"):
        assert (getattr(more, name)[kept] == getattr(few, name)).all(), name


def test_routes_are_launch_aim_and_variant_in_the_stated_order():
    shares, launch = np.array([0.1, 0.2, 0.0, 0.7]), (0.25, 0.0, 0.75)
    raids = make_raids(n_aims=4, aim_shares=shares, launch_shares=launch)
    n = 150_000
    raid = drawn(raids, (n, 0, 0), n_variants=3)
    assert (raid.route // 3 % 4 == raid.aim).all()
    found = np.bincount(raid.route, minlength=36).reshape(3, 4, 3) / n
    expected = np.array(launch)[:, None, None] * shares[:, None] * np.full(3, 1 / 3)
    assert (found[expected == 0.0] == 0.0).all()
    error = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(found - expected) <= 4.5 * error).all()  # eighteen looks at once


def test_loads_and_times():
    n = 120_000
    raids = make_raids(p_decoy=0.38, p_day_part=0.15)
    raid = drawn(raids, (n, 50, 60))
    uav = raid.threat_class == 0
    assert raid.armed[~uav].all()
    assert abs(1 - raid.armed[uav].mean() - 0.38) < 4 * np.sqrt(0.38 * 0.62 / n)
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
    assert abs(np.corrcoef(raid.departure_s[uav][~in_day], raid.armed[uav][~in_day])[0, 1]) < 4 / np.sqrt(n / 2)


def test_the_missiles_of_a_class_leave_as_one_salvo_in_the_night():
    raids = make_raids(salvo_spread_s=600.0)
    starts = []
    for day in range(300):
        raid = drawn(raids, (0, 30, 30), day=day)
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


def test_sizes_use_the_words_after_the_nights():
    raids, scale = make_raids(nights=[(3, 3, 3)], scale=[0.5]), 1.5
    for day_word in range(50):
        _, *parts = u(NIGHT, 0, replication=day_word)
        assert raid_size(raids, SEED, day_word, 0) == tuple(int(scale + part) for part in parts)


def test_the_engine_holds_a_million_threats():
    assert MAX_THREATS <= 1 << 24  # an ordinal has 24 bits
