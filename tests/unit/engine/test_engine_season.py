"""The launches of a period: each night against scipy's quantiles at the same addresses, and their laws over many.

Mutations tried, each caught: the gap counted from zero; no reset of the gap after a massed night; the gap without its
end; the routine deep mean without its front mean; the deep draw used for the front; the missiles' slope on routine
nights; its sign; missiles 0 + NB; kinds exchanged; a level that does not walk, or not in a ceasefire; the level of
the leak rates with the deep stream's draw; the number of threats wrapped round; a level that stays where it is, or
reverts to where it began; the growth of one class for another's, or on the front's size; missiles beyond their hurdle;
growth in a ceasefire.
"""

import numpy as np
import pytest
from scipy import stats

from skyshield.core.vocabulary import MAX_GAP, N_CLASSES
from skyshield.engine.steps.draw import MAX_THREATS
from skyshield.engine.steps.season import draw_season
from skyshield.engine.world import LEVEL, MISSILES, NIGHT
from support.worlds import SEED, make_season, u

GROWN = np.stack([np.linspace(first, last, 40) for first, last in ((1.0, 3.0), (0.5, 1.5), (1.0, 2.0))])
INTENSITY = (1.0, 0.0, 0.3)  # war, ceasefire, something between
BUSY = {"nights_since_massed": 3.0, "massed_intercept": -2.1, "massed_slope": 0.9, "massed_step": 0.05,
        "front_mean": 90.0, "front_size": 9.0, "front_step": 0.02, "routine_deep_ratio": 0.2, "routine_deep_size": 0.6,
        "massed_deep_median": 320.0, "massed_deep_sigma": 0.5, "deep_step": 0.03, "leak_step": 0.04,
        "p_missile": np.array([[0.3, 0.5], [0.9, 0.8]]), "missile_mean": np.array([[2.5, 2.0], [19.0, 7.0]]),
        "missile_size": np.array([[0.5, 0.8], [2.0, 3.0]]), "missile_slope": np.array([0.4, 1.4])}
FAR = {"massed_average": -1.0, "massed_stay": 0.9, "front_average": 60.0, "front_stay": 0.8, "leak_start": 0.7,
       "massed_deep_average": 500.0, "deep_stay": 0.5, "leak_stay": 0.6}  # levels that revert, far from where they are


def drawn(season, days=1, replication=0, phase=None, vector=0, intensity=INTENSITY, growth=None):
    """The launches of each day in the phase that it is in; in all others nothing comes."""
    counts = np.full((len(intensity), days, 4), -1)
    massed, shift = np.full(days, 9, np.uint8), np.full(days, np.nan)
    held = np.zeros(days, np.int64) if phase is None else phase
    played = np.zeros((len(intensity), days), np.uint8)
    played[held, np.arange(days)] = 1
    draw_season(season, played, np.repeat(np.array(intensity)[:, None], N_CLASSES, axis=1),
                np.ones((N_CLASSES, days)) if growth is None else growth, SEED, vector << 16 | replication, counts,
                massed, shift)
    assert not counts[played == 0].any()
    return counts[held, np.arange(days)], massed, shift


def binomial(p, mean, size):
    return int(stats.nbinom.ppf(p, size, size / (size + mean))) if mean > 0.0 else 0


def by_scipy(q, days, replication, phase, growth=None):
    """The model, written again from its description, at the same addresses."""
    level = {"massed": q["massed_intercept"], "front": np.log(q["front_mean"]), "deep": np.log(q["massed_deep_median"]),
             "leak": q.get("leak_start", 0.0)}
    average = {"massed": q.get("massed_average", level["massed"]), "leak": 0.0,
               "front": np.log(q.get("front_average", q["front_mean"])),
               "deep": np.log(q.get("massed_deep_average", q["massed_deep_median"]))}
    growth = np.ones((N_CLASSES, days)) if growth is None else growth
    gap, result = q["nights_since_massed"], []
    for day in range(days):
        scale = INTENSITY[phase[day]]
        for name, share in zip(level, u(LEVEL, 0, day=day, replication=replication), strict=True):
            away = q.get(f"{name}_stay", 1.0) * (level[name] - average[name])
            level[name] = average[name] + away + q[f"{name}_step"] * stats.norm.ppf(share)
        uavs, missiles = scale * growth[0, day], scale * growth[1:, day]
        u_regime, u_front, u_deep, _ = u(NIGHT, 0, day=day, replication=replication)
        regime = int(u_regime < 1 / (1 + np.exp(-level["massed"] - q["massed_slope"] * np.log(gap))))
        gap = 1 if regime else min(MAX_GAP, gap + 1)
        front, z = np.exp(level["front"]), stats.norm.ppf(u_deep)
        deep = (max(1, round(uavs * np.exp(level["deep"] + q["massed_deep_sigma"] * z))) if regime
                else binomial(u_deep, uavs * q["routine_deep_ratio"] * front, q["routine_deep_size"]))
        night = [binomial(u_front, uavs * front, q["front_size"]), deep]
        draws = u(MISSILES, 0, day=day, replication=replication)
        for kind in (0, 1):
            mean = q["missile_mean"][regime, kind] * (np.exp(q["missile_slope"][kind] * z) if regime else 1.0)
            mean *= max(1.0, missiles[kind])
            night.append(1 + binomial(draws[2 * kind + 1], mean - 1, q["missile_size"][regime, kind])
                         if draws[2 * kind] < min(1.0, missiles[kind]) * q["p_missile"][regime, kind] else 0)
        result.append((night if scale else [0, 0, 0, 0], regime, level["leak"]))
    counts, massed, shift = zip(*result, strict=True)
    return np.array(counts), np.array(massed), np.array(shift)


@pytest.mark.parametrize(("levels", "growth"), [({}, None), (FAR, GROWN)])
def test_every_night_is_what_scipy_makes_of_its_draws(levels, growth):
    phase = np.zeros(40, np.int64)
    phase[10:15], phase[25:30] = 1, 2
    n_massed = 0
    for replication in range(30):
        result = drawn(make_season(**BUSY | levels), 40, replication, phase, growth=growth)
        expected = by_scipy(BUSY | levels, 40, replication, phase, growth)
        assert (result[0] == expected[0]).all()
        assert (result[1] == expected[1]).all()
        np.testing.assert_allclose(result[2], expected[2], atol=1e-12)
        n_massed += result[1].sum()
    assert 100 < n_massed < 600
    assert not result[0][10:15].any()
    assert len(set(result[2][9:15])) == 6  # levels move on in a ceasefire


def test_whoever_is_at_war_on_a_day_meets_the_same_raid():
    """Raids belong to the calendar: what came before, war or not, changes nothing."""
    war, truce = np.zeros(30, np.int64), np.repeat([0, 1, 0], 10)
    season = make_season(**BUSY | FAR)
    always, twice = drawn(season, 30, 3, war, growth=GROWN[:, :30]), drawn(season, 30, 3, truce, growth=GROWN[:, :30])
    assert (always[0][truce == 0] == twice[0][truce == 0]).all() and always[0][truce == 1].any()
    assert all((one == other).all() for one, other in zip(always[1:], twice[1:], strict=True))


def test_several_phases_of_one_day_are_the_same_raid_and_more():
    counts = np.full((3, 30, 4), -1)
    draw_season(make_season(**BUSY), np.ones((3, 30), np.uint8), np.repeat(np.array(INTENSITY)[:, None], 3, axis=1),
                np.ones((N_CLASSES, 30)), SEED, 4, counts, np.zeros(30, np.uint8), np.zeros(30))
    assert (counts[0] >= counts[2]).all() and (counts[2] >= counts[1]).all() and counts[2].any()
    assert (counts[0] == drawn(make_season(**BUSY), 30, 4)[0]).all()


def many(n, **fields):
    season = make_season(**fields)
    days = 50
    return np.concatenate([drawn(season, days, replication)[0] for replication in range(n // days)]).astype(float)


def test_routine_streams_have_their_means_and_spreads():
    counts = many(100_000, front_mean=95.0, front_size=9.0, routine_deep_ratio=0.2, routine_deep_size=0.6)
    for stream, mean, size in ((0, 95.0, 9.0), (1, 19.0, 0.6)):
        law = stats.nbinom(size, size / (size + mean))
        assert abs(counts[:, stream].mean() - mean) < 4 * law.std() / np.sqrt(len(counts))
        fourth = (law.stats(moments="k") + 3) * law.var() ** 2
        assert abs(counts[:, stream].var() - law.var()) < 4 * np.sqrt((fourth - law.var() ** 2) / len(counts))
    assert abs(np.corrcoef(counts[:, 0], counts[:, 1])[0, 1]) < 4 / np.sqrt(len(counts))


def test_missiles_follow_the_deep_stream_on_massed_nights_only():
    fields = {**BUSY, "massed_intercept": 50.0, "massed_step": 0.0, "front_step": 0.0, "deep_step": 0.0}
    massed, routine = many(20_000, **fields), many(20_000, **{**fields, "massed_intercept": -50.0})
    z = (np.log(massed[:, 1]) - np.log(320.0)) / 0.5
    assert abs(z.mean()) < 4 / np.sqrt(len(z)) + 1e-3  # numbers are whole
    for kind, slope in ((0, 0.4), (1, 1.4)):
        for low, high in ((-1.5, -0.5), (-0.5, 0.5), (0.5, 1.5)):
            some = massed[(z > low) & (z < high), 2 + kind]
            here = np.exp(slope * z[(z > low) & (z < high)]) * BUSY["missile_mean"][1, kind]
            exact = BUSY["p_missile"][1, kind] * np.maximum(1.0, here)
            assert abs(some.mean() - exact.mean()) < 4.5 * some.std() / np.sqrt(len(some))
        assert abs(np.corrcoef(routine[:, 1], routine[:, 2 + kind])[0, 1]) < 4.5 / np.sqrt(len(routine))
        mean = BUSY["p_missile"][0, kind] * BUSY["missile_mean"][0, kind]
        assert abs(routine[:, 2 + kind].mean() - mean) < 4.5 * routine[:, 2 + kind].std() / np.sqrt(len(routine))


def test_after_the_longest_gap_the_probability_stays():
    rare = {**BUSY, "massed_intercept": -9.0, "massed_slope": 2.5, "nights_since_massed": 10.0}
    for replication in range(40):
        massed = drawn(make_season(**rare), 60, replication)[1]
        assert (massed == by_scipy(rare, 60, replication, np.zeros(60, np.int64))[1]).all()


@pytest.mark.parametrize("gap", [1, 4, MAX_GAP])
def test_the_longer_since_a_massed_night_the_likelier_the_next(gap):
    season = make_season(nights_since_massed=float(gap), massed_intercept=-2.0, massed_slope=0.8)
    n = 20_000
    first = np.array([drawn(season, 1, replication)[1][0] for replication in range(n)])
    p = 1 / (1 + np.exp(2.0 - 0.8 * np.log(gap)))
    assert abs(first.mean() - p) < 4 * np.sqrt(p * (1 - p) / n)


def test_levels_walk_from_their_values_at_the_records_end():
    season = make_season(leak_step=0.1)
    walk = np.array([drawn(season, 40, replication)[2] for replication in range(2_500)])
    step = np.diff(walk, axis=1, prepend=0.0)
    assert abs(step.std() - 0.1) < 4 * 0.1 / np.sqrt(2 * step.size)
    assert abs(np.corrcoef(step[:, :-1].ravel(), step[:, 1:].ravel())[0, 1]) < 4 / np.sqrt(step.size)
    assert abs(walk[:, -1].std() - 0.1 * np.sqrt(40)) < 4 * 0.1 * np.sqrt(40) / np.sqrt(2 * len(walk))


def test_days_and_vectors_stand_on_their_own():
    season = make_season(vectors=2, **BUSY)
    season.front_mean[1] = 9.0
    longer, shorter = drawn(season, 60, 5), drawn(season, 30, 5)
    assert all((a[:30] == b).all() for a, b in zip(longer, shorter, strict=True))
    assert drawn(season, 60, 5, vector=1)[0][:, 0].mean() < longer[0][:, 0].mean() / 3


@pytest.mark.parametrize("fields", [{"front_mean": 1e200, "front_step": 200.0}, {"massed_deep_sigma": 1e3,
                                     "massed_intercept": 50.0}, {"missile_slope": np.full(2, 1e3),
                                     "massed_intercept": 50.0, "p_missile": np.ones((2, 2))}])
def test_a_night_beyond_all_measure_is_too_large_and_never_negative(fields):
    counts = np.concatenate([drawn(make_season(**fields), 5, replication)[0] for replication in range(40)])
    assert (counts >= 0).all()
    assert counts.sum(axis=1).max() > MAX_THREATS
