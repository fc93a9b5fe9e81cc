"""The attacker's answer: how many come under an option, and where those go who were bound for its zone.

Mutations tried, each caught: the answer given on idle days or by options without forces; numbers rounded down; one
draw rounding all streams; the shift before the volume; UAVs kept beside the missiles that replace them; missiles one
for one; displacement of those bound elsewhere, or by the wrong tail; a new aim inside the zone; the fixed shares for
the deep stream; the new aim by the draw that decides; launch area or variant lost on the way; the old length kept; a
displaced threat with its old stop, or a stop drawn anew, or with the hazard of its stream at the front; the last
threats of a stream met, not the first; the cover of the drawn salvo for the option's; the own raid of the option
before; a raid smaller than what comes without an option.
"""

import numpy as np
import pytest

from skyshield.core.vocabulary import BALLISTIC_STREAM, N_STREAMS
from skyshield.engine import COUNTS, play
from skyshield.engine.scratch import new_raid
from skyshield.engine.steps.adapt import adapted_sizes, copy_raid, displace, pick_outside
from skyshield.engine.world import DISPLACE, OWN_STOP, ROUTE, VOLUME
from skyshield.study.sharing import cut_options
from support.worlds import (
    SEED,
    given_period,
    make_forces,
    make_own,
    make_raids,
    make_response,
    make_routes,
    make_rules,
    make_world,
    play_nights,
    u,
)

NIGHT = np.array([100, 250, 10, 20])


def sizes_of(counts=NIGHT, active=((0,), (1,)), day=0, replication=0, **response):
    active = np.array(active, np.uint8)
    sizes, most = np.full((len(active), N_STREAMS), -1), np.full(N_STREAMS, -1)
    launches = np.tile(np.array(counts), (len(active) + 1, 1))
    total = adapted_sizes(make_response(len(active), **response), active, SEED, replication, day, launches, sizes, most)
    assert most.tolist() == np.maximum(sizes.max(axis=0), counts).tolist()
    assert total == most.sum()
    return sizes


def test_without_an_answer_every_option_meets_what_comes():
    for replication in range(50):
        assert (sizes_of(replication=replication) == NIGHT).all()
        assert (sizes_of(replication=replication, displacement=1.0) == NIGHT).all()


def test_an_option_meets_what_comes_in_its_phase_and_the_night_holds_the_most_of_each():
    launches = np.array([[5, 40, 0, 2], [0, 0, 0, 0], [9, 30, 1, 2]])  # two options, and last without any
    for volume, expected in ((1.0, [[5, 40, 0, 2], [0, 0, 0, 0]]), (2.0, [[10, 80, 0, 4], [0, 0, 0, 0]])):
        sizes, most = np.zeros((2, N_STREAMS), np.int64), np.zeros(N_STREAMS, np.int64)
        adapted_sizes(make_response(2, volume=volume), np.ones((2, 1), np.uint8), SEED, 0, 0, launches, sizes, most)
        assert sizes.tolist() == expected
        assert most.tolist() == np.maximum(sizes.max(axis=0), launches[-1]).tolist()


def test_only_options_at_work_are_answered():
    result = [sizes_of(active=((0, 0), (1, 1), (0, 1)), day=day, volume=2.0, class_shift=0.5) for day in (0, 1)]
    assert (result[0][[0, 2]] == NIGHT).all()
    assert (result[1][0] == NIGHT).all()
    assert (result[1][1] == result[1][2]).all()
    assert result[0][1, 0] == result[1][1, 0] == 200


@pytest.mark.parametrize("volume", [0.8, 0.85, 1.0, 1.3, 0.0])
def test_volume_scales_every_stream_and_is_rounded_at_random(volume):
    counts = np.array([7, 13, 5, 3])
    n = 25_000
    sizes = np.array([sizes_of(counts, volume=volume, replication=r)[1] for r in range(n)])
    exact = counts * volume
    share = exact - np.floor(exact)
    assert ((sizes == np.floor(exact)) | (sizes == np.floor(exact) + 1)).all()
    assert (np.abs(sizes.mean(axis=0) - exact) <= 4.5 * np.sqrt(share * (1 - share) / n) + 1e-9).all()
    if volume == 1.3:
        pairs = np.corrcoef(sizes.T)[np.triu_indices(4, 1)]
        assert (np.abs(pairs) < 4.5 / np.sqrt(n)).all()
        assert all(sizes[r, 1] == int(16.9 + u(VOLUME, 0, replication=r)[1]) for r in range(50))


def test_missiles_take_the_place_of_deep_uavs():
    n = 25_000
    sizes = np.array([sizes_of(class_shift=0.3, volume=1.2, uav_per_cruise=40.0, replication=r)[1] for r in range(n)])
    assert (sizes[:, 0] == 120).all()
    assert (sizes[:, 3] == 24).all()
    taken, added = 300 - sizes[:, 1], sizes[:, 2] - 12
    assert (taken == 90).all()  # a share of what comes after the volume
    assert set(added) == {2, 3}
    assert abs(added.mean() - 90 / 40) < 4 * np.sqrt(0.25 * 0.75 / n)
    sizes = np.array([sizes_of(class_shift=0.1, counts=(0, 33, 0, 0), uav_per_cruise=7.0, replication=r)[1]
                      for r in range(n)])
    assert abs(sizes[:, 1].mean() - 29.7) < 4 * np.sqrt(0.21 / n)
    assert abs(sizes[:, 2].mean() - 3.3 / 7) < 4 * np.sqrt(0.25 / n)


def test_an_aim_outside_the_zone_in_proportion():
    cdf, declared = np.cumsum([0.1, 0.2, 0.0, 0.3, 0.4]), np.array([0, 1, 0, 0, 1], np.uint8)
    result = [pick_outside(cdf, declared, share) for share in (2.0**-33, 0.2499, 0.2501, 1 - 2.0**-33)]
    assert result == [0, 0, 3, 3]
    assert pick_outside(cdf, np.ones(5, np.uint8), 0.5) == -1
    assert pick_outside(np.cumsum([0.5, 0.5, 0.0]), np.array([1, 1, 0], np.uint8), 0.5) == -1


AIM_CDF = np.cumsum([[0.4, 0.1, 0.2, 0.3], [0.25] * 4, [0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 1.0, 0.0]], axis=1)
DEEP_CDF = np.cumsum([0.1, 0.6, 0.2, 0.1])
DECLARED = np.array([0, 1, 0, 1], np.uint8)
FRONT = np.array([1, 1, 0, 0], np.uint8)


def sent(displacement, n=40_000, streams=None, declared=DECLARED):
    """Displace threats with aims, launch areas (3) and variants (2) of all kinds; return before and after."""
    g = np.random.default_rng(2)
    raids = [new_raid(n), new_raid(n)]
    aim, launch, variant = g.integers(0, 4, n), g.integers(0, 3, n), g.integers(0, 2, n)
    length = g.uniform(1e5, 9e5, 24)
    for raid in raids:
        raid.threat[:] = np.arange(n)
        raid.stream[:] = g.integers(0, 4, n) if streams is None else streams
        raid.aim[:] = aim
        raid.route[:] = (launch * 4 + aim) * 2 + variant
        raid.length_m[:] = length[raid.route]
    raids[1].stream[:] = raids[0].stream
    raids[0].met_stream[:] = raids[1].met_stream[:] = raids[0].stream
    displace(AIM_CDF, DEEP_CDF, declared, FRONT, displacement, length, 2, SEED, 0, 0, n, raids[1])
    return *raids, length


def test_a_copied_raid_is_what_was_drawn():
    """Every field that is known before an option, of the first threats of each stream."""
    g, most, sizes = np.random.default_rng(3), np.array([4, 3, 2, 5]), np.array([2, 3, 0, 4])
    raid, other = new_raid(int(most.sum())), new_raid(int(most.sum()))
    raid.stream[:] = np.repeat(np.arange(N_STREAMS), most)
    flags = ("load", "jet", "own_soft")
    known = (*flags, "threat", "threat_class", "aim", "route", "bound", "departure_s", "pace_s_m", "length_m",
             "own_stop_m", "own_margin", "soft_u", "track_u", "identify_u", "joint_u", "ring_u", "aid_u", "met_stream")
    for name in known:
        getattr(raid, name)[:] = g.integers(0, 2 if name in flags else 10**6, len(raid.stream))
    met = np.concatenate([np.flatnonzero(raid.stream == k)[:size] for k, size in enumerate(sizes)])
    assert copy_raid(raid, sizes, most, other) == len(met)
    for name in (*known, "stream"):
        assert getattr(other, name)[:len(met)].tolist() == getattr(raid, name)[met].tolist(), name
    assert not other.own_stop_due[:len(met)].any()


@pytest.mark.parametrize("displacement", [0.0, 0.35, 1.0])
def test_the_share_of_those_bound_for_the_zone_is_sent_elsewhere(displacement):
    before, after, length = sent(displacement)
    inside = DECLARED[before.aim] == 1
    moved = before.aim != after.aim
    assert not moved[~inside].any()
    expected = [u(DISPLACE, i)[0] < displacement for i in np.flatnonzero(inside)]
    assert moved[inside].tolist() == expected
    assert not DECLARED[after.aim[moved]].any()
    assert (after.own_stop_due == moved).all()
    # UAVs of the deep stream meet the front stream's hazard in front oblasts
    to_front = moved & (before.stream == 1) & (after.aim == 0)
    assert (after.met_stream == np.where(to_front, 0, before.stream)).all()
    # launch area and variant stay
    assert (after.route // 8 == before.route // 8).all()
    assert (after.route % 2 == before.route % 2).all()
    assert (after.route // 2 % 4 == after.aim).all()
    assert (after.length_m == length[after.route]).all()


def test_they_go_where_their_stream_goes_tonight():
    before, after, _ = sent(1.0, 100_000)
    for stream, shares in ((0, (0.4, 0.2)), (1, (0.1, 0.2)), (2, (0.1, 0.3)), (3, (0.0, 1.0))):
        some = after.aim[(before.stream == stream) & (DECLARED[before.aim] == 1)]
        p = shares[0] / sum(shares)
        assert set(np.unique(some)) <= {0, 2}
        assert abs((some == 0).mean() - p) <= 4 * np.sqrt(p * (1 - p) / len(some))


def test_nobody_is_sent_away_where_everything_is_inside():
    before, after, _ = sent(1.0, 1_000, declared=np.ones(4, np.uint8))
    assert (before.aim == after.aim).all()
    assert not after.own_stop_due.any()


# --- whole days -----------------------------------------------------------------------------------------------------

ROUTES = make_routes([((0.0, 0.0), (100_000.0, 0.0)), ((0.0, 0.0), (0.0, 160_000.0)), ((0.0, 0.0), (-60_000.0, 0.0))],
                     weight=(1.3, 1.6, 0.6))
NIGHTS = [(30, 60, 6, 4), (12, 5, 0, 1), (0, 0, 0, 0), (20, 200, 12, 9)]
DAYS = 8


def small_world(declared=(0, 1, 0), **response):
    """Option 0 has no forces; 1 starts on day 2; 2 is there from the beginning with a zone of its own."""
    forces = make_forces((((20_000.0, 0.0),),) * 3, reach_m=40_000.0, p_kill=0.6, shots=6, relief_s=7_200.0, days=DAYS,
                         n_stations=[0.0, 1.0, 1.0])
    forces.presence[0] = 0
    forces.presence[1, :, :2] = 0
    declared = np.array([(0, 0, 0), declared, (1, 0, 0)])
    return make_world(make_raids(DAYS, 3, aim_shares=(0.3, 0.5, 0.2)), ROUTES,
                      make_own(leak=0.4, p_soft=0.3, cover=(-1.0, 0.7)), forces,
                      make_rules(length_m=ROUTES.length_m, options=3, aim_in_area=[1, 1, 0]),
                      make_response(3, 3, declared=declared, **response))


def counts_of(world, replications=12):
    result = play_nights(world, NIGHTS, replications=replications)
    assert not result.failed.any()
    return result.counts


def by(counts, name):
    return counts[..., COUNTS.index(name)]


ANSWERS = [{"displacement": 1.0}, {"displacement": 0.4}, {"volume": 1.3}, {"volume": 0.8}, {"class_shift": 0.3},
           {"displacement": 0.5, "volume": 1.25, "class_shift": 0.2, "uav_per_cruise": 6.0}]


def test_a_null_answer_is_none_byte_for_byte():
    plain = counts_of(small_world(declared=(0, 0, 0)))
    assert counts_of(small_world()).tobytes() == plain.tobytes()
    assert counts_of(small_world(uav_per_cruise=3.0)).tobytes() == plain.tobytes()


@pytest.mark.parametrize("response", ANSWERS)
def test_the_baseline_and_idle_days_know_of_no_answer(response):
    plain, result = counts_of(small_world()), counts_of(small_world(**response))
    assert result[:, :, 0].tobytes() == plain[:, :, 0].tobytes()
    assert result[:, :2, 1].tobytes() == plain[:, :2, 1].tobytes()
    assert (result[:, 2:, 1] != plain[:, 2:, 1]).any()


@pytest.mark.parametrize("response", ANSWERS)
def test_an_option_is_the_same_whatever_the_others_are(response):
    """Option 2 alone, and beside others whose answers make the day's raid larger, or smaller than what comes alone."""
    world = small_world(**response)
    alone = cut_options(world, [2])
    assert counts_of(alone)[:, :, 0].tobytes() == counts_of(world)[:, :, 2].tobytes()


@pytest.mark.parametrize("response", ANSWERS)
def test_threats_are_conserved_in_every_option(response):
    result = counts_of(small_world(**response))
    for kind in ("uav", "cruise", "ballistic"):
        ended = sum(by(result, f"{name}/{kind}") for name in ("stopped_own_hard", "stopped_own_soft",
                                                              "stopped_coalition", "leaked"))
        assert (ended == by(result, f"launched/{kind}")).all()


def test_launches_follow_volume_and_shift():
    plain = by(counts_of(small_world()), "launched/uav")
    for volume in (0.8, 1.3):
        result = by(counts_of(small_world(volume=volume), 40), "launched/uav")[..., 2]
        given = np.resize([sum(night[:2]) for night in NIGHTS], result.shape)
        assert (np.abs(result - volume * given) < 2.0).all()
    result = counts_of(small_world(class_shift=0.25, uav_per_cruise=5.0))
    gone = (plain - by(result, "launched/uav"))[:, 2:, 1]
    more = (by(result, "launched/cruise") - by(counts_of(small_world()), "launched/cruise"))[:, 2:, 1]
    deep = np.resize([night[1] for night in NIGHTS], (12, DAYS))[:, 2:]
    assert (np.abs(gone - 0.25 * deep) < 1.0).all()
    assert (np.abs(more - gone / 5.0) < 1.0).all()
    assert gone.any()


def test_with_full_displacement_nobody_reaches_the_zone():
    """Aims 0 and 1 are the protected area; option 1 declares both, so all go to aim 2."""
    world = small_world(declared=(1, 1, 0), displacement=1.0)
    result, plain = counts_of(world), counts_of(small_world())
    assert not by(result, "leaked_zone")[:, 2:, 1].any()
    assert by(plain, "leaked_zone")[:, 2:, 1].any()
    assert (by(result, "launched/uav") == by(plain, "launched/uav")).all()
    # they are met as threats bound for aim 2: its short route has 0.6 of the hazard
    leaked = by(result, "leaked/uav")[:, 2:, 1].sum() + by(result, "prevented/uav")[:, 2:, 1].sum()
    launched = by(result, "launched/uav")[:, 2:, 1].sum()
    p = 0.4**0.6
    assert abs(leaked / launched - p) < 4 * np.sqrt(p * (1 - p) / launched)


LEAK_FRONT, LEAK_DEEP = 0.3, 0.05


def front_world(front_aim=(0, 1, 0), displacement=1.0):
    """Three aims, the first declared by option 1, which never hits; the second in a front oblast."""
    forces = make_forces(((), ((0.0, 0.0),)), p_kill=0.0, days=1, reach_m=1.0)
    forces.presence[0] = 0
    own = make_own(quantiles=[[LEAK_FRONT] * 2, [LEAK_DEEP] * 2, [0.5] * 2, [0.5] * 2], n_aims=3,
                   front_aim=np.array(front_aim, np.uint8), aim_factor=[1.0, 1.2, 0.9])
    return make_world(make_raids(1, 3, aim_shares=SHARES), make_routes([((0.0, 0.0), (100_000.0, 0.0))] * 3), own,
                      forces, make_rules(length_m=[100_000.0] * 3, options=2),
                      make_response(2, 3, declared=np.array([(0, 0, 0), (1, 0, 0)]), displacement=displacement))


SHARES = (0.5, 0.3, 0.2)


@pytest.mark.parametrize("front_aim", [(0, 1, 0), (0, 0, 0), (1, 0, 0)])
def test_who_is_sent_to_the_front_meets_the_defence_there(front_aim):
    """The deep stream's exact leak rate without and with an option, n = 200,000 and four standard errors.

    Who goes to the front of its own accord keeps the deep stream's hazard; so does who is sent elsewhere.
    """
    world = front_world(front_aim)
    counts = play_nights(world, [(0, 2_000, 0, 0)], replications=100).counts
    assert not (counts[..., COUNTS.index("stopped_coalition/uav")]).any()
    launched, leaked = (by(counts, f"{name}/uav").sum(axis=(0, 1)) for name in ("launched", "leaked"))
    assert launched.tolist() == [200_000, 200_000]
    deep = LEAK_DEEP ** np.array([1.0, 1.2, 0.9])
    sent = np.where(np.array(front_aim) == 1, LEAK_FRONT ** np.array([1.0, 1.2, 0.9]), deep)
    others = np.array([0.0, 0.6, 0.4])
    exact = [deep @ SHARES, deep[1:] @ SHARES[1:] + SHARES[0] * (sent @ others)]
    for result, p in zip(leaked / launched, exact, strict=True):
        assert abs(result - p) < 4 * np.sqrt(p * (1 - p) / 200_000)
    if front_aim[1]:  # leakers do not fall where the attacker sends all of them past the front
        assert leaked[1] > 1.5 * leaked[0]


def test_the_front_is_no_place_for_missiles():
    """Only the deep stream of UAVs meets another hazard; a cruise missile keeps its own wherever it is sent."""
    nights = [(50, 0, 40, 10)]
    assert (counts_of_all(front_world(), nights) == counts_of_all(front_world((0, 0, 0)), nights)).all()
    deep = [(0, 50, 0, 0)]
    assert (counts_of_all(front_world(), deep) != counts_of_all(front_world((0, 0, 0)), deep)).any()


def counts_of_all(world, nights):
    return play_nights(world, nights, replications=20).counts


def test_a_displaced_threat_keeps_its_draws():
    """By hand, threat by threat: who leaks under the option follows from the draws at their addresses."""
    world = small_world(declared=(0, 1, 0), displacement=0.5)
    world = world._replace(forces=world.forces._replace(p_kill=np.full((1, 1, 1, 3), 1e-300)))
    night = [(400, 0, 0, 0)]
    result = play_nights(world, night, seed=int(SEED))
    plain = play_nights(small_world(), night, seed=int(SEED))
    weight = ROUTES.piece_near_aim * -np.log(0.4)  # one piece a route, one strength
    cdf = np.cumsum([0.3, 0.5, 0.2])
    for day in (2, 5):
        leaked = {"before": 0, "after": 0}
        for threat in range(400):
            aim = int(np.searchsorted(cdf, u(ROUTE, threat, day=day)[1], side="right"))
            met = -np.log(u(OWN_STOP, threat, day=day)[0])
            leaked["before"] += met >= weight[aim]
            u_moved, u_aim, _, _ = u(DISPLACE, threat, day=day)
            if aim == 1 and u_moved < 0.5:
                aim = 0 if u_aim < 0.6 else 2
            leaked["after"] += met >= weight[aim]
        assert by(plain.counts, "leaked/uav")[0, day, 0] == leaked["before"]
        assert by(result.counts, "leaked/uav")[0, day, 0] == leaked["before"]
        assert by(result.counts, "leaked/uav")[0, day, 1] == leaked["after"] != leaked["before"]


def test_a_salvo_made_larger_is_covered_by_its_own_size():
    """Cover by a steep slope: salvos of 4 are bare, salvos of 8 covered; in between nobody is stopped or nearly all."""
    world = small_world(volume=2.0)._replace(own=make_own(leak=0.0, n_aims=3, cover=(-60.0, 60.0 / np.log(6.0))))
    result = counts_of(world._replace(forces=world.forces._replace(p_kill=np.full((1, 1, 1, 3), 1e-300))))
    hit = COUNTS.index("stopped_own_hard/ballistic")
    nights = np.resize([night[BALLISTIC_STREAM] for night in NIGHTS], (12, DAYS))
    for option, larger in ((0, 1), (2, 2)):
        salvo = larger * nights
        assert (result[:, :, option, hit] == np.where(salvo > 6, salvo, 0)).all()


def test_failures_know_the_answers_size():
    """A night that fits fails under an answer that does not, and the whole replication with it."""
    result = play_nights(small_world(volume=1.5), [(0, 700_000, 0, 0)])
    assert result.failed.tolist() == [1]
    assert not result.counts.any()


def test_the_own_raid_of_an_option_is_not_the_next_ones():
    """Options in another order: each the same as before."""
    world = small_world(displacement=0.5, volume=1.2, class_shift=0.1)
    order = [2, 1, 0]
    other = world._replace(
        forces=world.forces._replace(presence=world.forces.presence[order].copy(),
                                     fires=world.forces.fires[order].copy(),
                                     p_ready=world.forces.p_ready[:, order].copy()),
        response=world.response._replace(aim_declared=world.response.aim_declared[order].copy()))
    assert (counts_of(other)[:, :, order] == counts_of(world)).all()


def test_answers_are_the_vectors_own_and_play_draws_its_own_nights():
    world = small_world(volume=1.2)
    result = play(world, 3, 0, 4)
    assert (by(result.counts, "launched/uav")[..., 2] >= by(result.counts, "launched/uav")[..., 0]).all()
    assert given_period(NIGHTS, 1, 4).counts[0, 0].tolist() == [list(night) for night in NIGHTS]
