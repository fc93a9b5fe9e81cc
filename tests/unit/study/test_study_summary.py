"""Arms with fewer replications than the headline are told with the help of all of the headline's.

Tried to fail: the arm told as the headline plus its mean change, a slope of nothing, the second control left out, what
is told of another sign than what was seen, the error without what the headline's noise leaves in it, the arm's own
noise not taken out of its ends, the floor left out, a failed replication of either counted, an arm of no difference not
copied. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.study.calibrated import ENOUGH, calibrated
from skyshield.study.summary import by_arm, figures, figures_by_arm, rows_with_reach, summarise, tails
from skyshield.study.told import WITHIN_NOISE, ends

SOUND = np.ones((6, 12), bool)
FEW = 2
REPEATED = 12  # vectors of which an arm plays both


def drawn(rng, vectors=6, replications=12, few=FEW):
    """A headline and an arm over its first replications, whose change goes with what it changes."""
    base = 100.0 + 10.0 * np.arange(vectors)[:, None] + rng.normal(0.0, 8.0, (vectors, replications))
    change = 5.0 + 0.4 * (base[:, :few] - 100.0) + rng.normal(0.0, 2.0, (vectors, few))
    return base, base[:, :few] + change


def counted(rng, vectors, replications):
    """Threats prevented: counts of few, and an arm that keeps each of the first replications' with a chance."""
    base = rng.poisson(rng.gamma(3.0, 2.0, (vectors, 1)) * np.ones((1, replications)))
    return base.astype(float), rng.binomial(base[:, :FEW], 0.15).astype(float)


def whole(x):
    return np.ones(x.shape, bool)


def few(vectors, repeated=REPEATED):
    """Return which replications an arm plays: of the first vectors all, of others one."""
    played = np.ones((vectors, FEW), bool)
    played[repeated:, 1:] = False
    return played


def test_an_arm_that_changes_nothing_says_what_the_headline_says():
    base, _ = drawn(np.random.default_rng(1))
    headline, arm = by_arm([base, base[:, :FEW]], [SOUND, few(6, 3)])
    same = ("mean", "lo", "hi", "mcse")
    assert [arm[key] for key in same] == [headline[key] for key in same]
    moved = base[:, :FEW].copy()
    moved[2, 0] += 1e-3
    assert by_arm([base, moved], [SOUND, few(6, 3)])[1]["lo"] != headline["lo"]


def test_an_arm_of_the_same_size_is_summarised_by_itself():
    base, arm = drawn(np.random.default_rng(2), few=12)
    assert by_arm([base, arm], [SOUND, SOUND])[1] == summarise(arm, SOUND)


def test_mean_and_mcse_are_those_of_many_trials():
    rng = np.random.default_rng(3)
    result = [by_arm(list(drawn(rng, vectors=20)), [np.ones((20, 12), bool), few(20)])[1] for _ in range(1200)]
    means, claimed = np.array([one["mean"] for one in result]), np.array([one["mcse"] for one in result])
    truth = 105.0 + 1.4 * 95.0
    assert abs(means.mean() - truth) < 4.0 * means.std() / np.sqrt(len(means))
    variance, error = means.var(ddof=1), means.var(ddof=1) * np.sqrt(2.0 / len(means))
    assert abs((claimed**2).mean() - variance) < 4.0 * error + 0.04 * variance  # and what b, estimated, adds
    by_itself = ((1.4 * 8.0) ** 2 + 2.0**2) / 20
    assert by_itself - variance > 8.0 * error


def test_what_is_told_is_the_headline_times_a_slope_within_what_was_seen():
    rng = np.random.default_rng(4)
    x = rng.poisson(4.0, (7, 40, 30)).astype(float)
    told = calibrated(3.0 * x[..., :FEW], few(40), [x], whole(x[0]))
    assert told.known and told.means == pytest.approx(3.0 * x.mean(axis=-1))
    assert told.noise == pytest.approx(9.0 * x.var(axis=-1, ddof=1) / 30) and told.own == pytest.approx(0.0, abs=1e-12)
    arm = rng.binomial(x[..., :FEW].astype(int), 0.1).astype(float)
    controls = [np.concatenate([x[..., :FEW], x - 90.0], axis=-1)]
    signs = (calibrated(sign * arm, few(40), controls, np.ones((40, 32), bool)).means * sign for sign in (1.0, -1.0))
    assert all((means >= 0.0).all() and (means == 0.0).any() for means in signs)
    arm[:, 0] -= 1.0
    assert (calibrated(arm, few(40), controls, np.ones((40, 32), bool)).means < 0.0).any()


def test_with_too_few_repeated_vectors_an_arm_is_told_by_itself():
    base, arm = drawn(np.random.default_rng(5), vectors=20)
    told = calibrated(arm, few(20, ENOUGH - 1), [base], whole(base))
    assert told.means == pytest.approx(np.where(few(20, ENOUGH - 1), arm, arm[:, :1]).mean(axis=1))
    assert told.known and (told.noise == told.own).all()
    alone = calibrated(arm, few(20, 0), [base], whole(base))
    assert not alone.known and (alone.means == arm[:, 0]).all() and not alone.noise.any()


def test_a_difference_goes_with_what_it_is_taken_to():
    """How many more come with an option goes with how many come: what the option prevents says little of it."""
    rng = np.random.default_rng(6)
    base = 400.0 + 5.0 * np.arange(40)[:, None] + rng.normal(0.0, 60.0, (40, 12))
    prevented = rng.poisson(30.0, (40, 12)).astype(float)
    more = 0.3 * base[:, :FEW] - prevented[:, :FEW] + rng.normal(0.0, 1.0, (40, FEW))
    valid = [whole(base), few(40)]
    both, one = (figures_by_arm([-prevented, more], valid, base=control)[1].row() for control in (base, None))
    expected = 0.3 * (400.0 + 5.0 * np.array([0.025 * 39, 0.975 * 39])) - 30.0
    assert [both["lo"], both["hi"]] == pytest.approx(expected, abs=8.0)
    assert both["mcse"] < 0.5 * one["mcse"]
    still = figures_by_arm([-prevented, more], valid, base=np.zeros(base.shape))[1].row()
    assert still["mean"] == one["mean"] and still["lo"] == one["lo"]


def test_an_arms_own_noise_is_taken_out_of_its_ends():
    rng = np.random.default_rng(7)
    base = 100.0 + rng.normal(0.0, 3.0, (200, 12))
    arm = 50.0 + np.linspace(-5.0, 5.0, 200)[:, None] + rng.normal(0.0, 20.0, (200, FEW))
    result = by_arm([base, arm], [whole(base), few(200, 64)])[1]
    reach = 50.0 if result["lo"] is None else result["hi"] - result["lo"]
    assert result.get("reason") == WITHIN_NOISE or reach < 40.0  # 78 with the noise in it, 9.5 without
    assert result["mcse"] == pytest.approx(20.0 / np.sqrt(200 + 64), rel=0.3)


def test_ten_extended_studies_refine_and_never_reverse():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        base, arm = counted(rng, 60, 200)
        still, idle = base[:, :FEW], np.zeros((60, FEW))
        errors, seen = [], []
        for n in (5, 6, 10, 20, 50, 200):
            x = [base[:, :n], arm, still, idle]
            valid = [whole(base[:, :n]), *[few(60)] * 3]
            every = figures_by_arm([one[None] for one in x], valid, spread=False)
            rows = [one.row(0) for one in every]
            told = rows[1]
            assert 0.0 <= told["mean"] <= arm.max(), (seed, n)
            assert told["lo"] is None or 0.0 <= told["lo"] <= told["hi"] <= arm.max(), (seed, n)
            assert [rows[2][key] for key in ("mean", "lo", "hi", "mcse")] == [
                rows[0][key] for key in ("mean", "lo", "hi", "mcse")]
            assert rows[3]["mean"] == rows[3]["lo"] == rows[3]["hi"] == rows[3]["mcse"] == 0.0
            (reach,) = rows_with_reach([one[None] for one in x], valid, [False, True, True, True],
                                       np.ones((60, 3), np.int32), [0, 1, 2, 3], [(1, 2)])
            assert reach["env_lo"] <= min(reach["lo"], reach["mean"]) <= max(reach["hi"], reach["mean"])
            assert reach["env_hi"] >= max(reach["hi"], reach["mean"]) and reach["joint_lo"] <= reach["lo"]
            errors.append(told["mcse"])
            seen.append((told["mean"], ends(told, "mean")[0] > 0.0))
            if "mcse_floor" in told:
                assert told["mcse_floor"] <= told["mcse"] * (1.0 + 1e-12)
        assert errors == sorted(errors, reverse=True), (seed, errors)
        assert errors[-1] < errors[0] and errors[-1] == pytest.approx(told["mcse_floor"], rel=0.02)
        assert len({positive for _, positive in seen}) == 1
        assert max(mean for mean, _ in seen) - min(mean for mean, _ in seen) < 4.0 * errors[0]


def test_the_headline_plus_the_change_would_tell_less_than_nothing():
    below = 0
    for seed in range(10):
        base, arm = counted(np.random.default_rng(seed), 60, 200)
        below += (base.mean(axis=1) + (arm - base[:, :FEW]).mean(axis=1)).min() < 0.0
    assert below == 10


def test_the_interval_is_of_expected_outcomes():
    rng = np.random.default_rng(4)
    base, arm = drawn(rng, vectors=4000)
    result = by_arm([base, arm], [np.ones(base.shape, bool), np.ones(arm.shape, bool)])[1]
    expected = [105.0 + 14.0 * 3999 * tail for tail in (0.025, 0.975)]
    assert [result["lo"], result["hi"]] == pytest.approx(expected, rel=1e-2)


def test_failed_replications_of_either_are_left_out():
    base, arm = drawn(np.random.default_rng(5), vectors=14)
    sound, played = np.ones((14, 12), bool), few(14)
    sound[0, 1], played[2, 1], played[5] = False, False, False
    wrong_base, wrong_arm = np.where(sound, base, 1e9), np.where(played, arm, -1e9)
    result = by_arm([wrong_base, wrong_arm], [sound, played])[1]
    used = np.arange(14) != 5
    told = calibrated(arm[used], (played & sound[:, :FEW])[used], [base[used]], sound[used])
    assert result["mean"] == pytest.approx(told.means.mean()) and 0.0 < result["mean"] < 1e3
    nothing = by_arm([base, arm], [sound, np.zeros((14, FEW), bool)])[1]
    assert set(nothing.values()) == {None}


def test_an_interval_without_a_width_is_none_and_says_why():
    noisy = np.tile([[212.0, 214.0]], (30, 4))
    row = summarise(noisy, whole(noisy))
    assert (row["mean"], row["lo"], row["hi"], row["reason"]) == (213.0, None, None, WITHIN_NOISE)
    low, high = ends(row, "mean")
    assert low < 213.0 < high and high - low == pytest.approx(2 * 1.96 * row["mcse"])
    one = summarise(noisy[:1], whole(noisy[:1]))
    assert (one["lo"], one["reason"]) == (None, "one vector") and ends(one, "mean") is None
    constant = summarise(np.full((4, 3), 7.0), np.ones((4, 3), bool))
    assert (constant["lo"], constant["hi"]) == (7.0, 7.0) and "reason" not in constant


@pytest.mark.parametrize("n", [1, 2, 3, 20, 21, 41, 999, 1000])
def test_tails_are_those_of_numpy(n):
    rng = np.random.default_rng(n)
    for x in (rng.normal(size=n), rng.integers(0, 4, n) * 1e-3, 1e12 + rng.normal(size=n), np.zeros(n)):
        assert list(tails(x)) == np.quantile(x, (0.025, 0.975)).tolist()
    assert np.isnan(tails(np.append(np.zeros(n), np.nan))).all()


def test_a_study_of_the_baseline_alone_has_no_figures_to_tell() -> None:
    told = figures(np.zeros((0, 8, 4, 3)), np.ones((4, 3), bool))
    assert told.mean.shape == told.spread_lo.shape == (0, 8)
