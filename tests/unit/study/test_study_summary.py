"""Arms with fewer replications than the headline are told with the help of all of the headline's.

Tried to fail: the arm told as the headline plus its mean change, weights that may be negative, the error without what
the headline's noise leaves in it, the floor left out, a failed replication of either counted, an arm of no difference
not copied. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.study.summary import by_arm, figures_by_arm, rows_with_reach, summarise, tails
from skyshield.study.tilting import tilted_weights
from skyshield.study.told import WITHIN_NOISE, ends

SOUND = np.ones((6, 12), bool)
FEW = 5


def drawn(rng, vectors=6, replications=12, few=4):
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


def test_an_arm_that_changes_nothing_says_what_the_headline_says():
    base, _ = drawn(np.random.default_rng(1))
    headline, arm = by_arm([base, base[:, :4]], [SOUND, SOUND[:, :4]])
    same = ("mean", "lo", "hi", "mcse")
    assert [arm[key] for key in same] == [headline[key] for key in same]
    moved = base[:, :4].copy()
    moved[2, 1] += 1e-3
    assert by_arm([base, moved], [SOUND, SOUND[:, :4]])[1]["lo"] != headline["lo"]


def test_an_arm_of_the_same_size_is_summarised_by_itself():
    base, arm = drawn(np.random.default_rng(2), few=12)
    assert by_arm([base, arm], [SOUND, SOUND])[1] == summarise(arm, SOUND)


def test_mean_and_mcse_are_those_of_many_trials():
    rng = np.random.default_rng(3)
    result = [by_arm(list(drawn(rng, vectors=20)), [np.ones((20, 12), bool), np.ones((20, 4), bool)])[1]
              for _ in range(1200)]
    means, claimed = np.array([one["mean"] for one in result]), np.array([one["mcse"] for one in result])
    truth = 105.0 + 1.4 * 95.0
    assert abs(means.mean() - truth) < 4.0 * means.std() / np.sqrt(len(means))
    variance, error = means.var(ddof=1), means.var(ddof=1) * np.sqrt(2.0 / len(means))
    assert abs((claimed**2).mean() - variance) < 4.0 * error + 0.02 * variance  # and what r, estimated, adds
    by_itself = ((1.4 * 8.0) ** 2 + 2.0**2) / 4 / 20
    assert by_itself - variance > 8.0 * error


def test_the_weights_give_the_headline_its_mean_and_are_never_below_zero():
    rng = np.random.default_rng(4)
    x = rng.poisson(0.7, (7, 40, 30)).astype(float)
    target = x.mean(axis=(1, 2))
    weights = tilted_weights(x[..., :FEW], np.ones((40, FEW), bool), target)
    assert (weights > 0.0).all() and weights.sum(axis=-1) == pytest.approx(1.0)
    assert (weights * x[..., :FEW]).sum(axis=-1).mean(axis=-1) == pytest.approx(target)
    beyond = tilted_weights(x[..., :FEW], np.ones((40, FEW), bool), target + 1e3)  # no weights reach it
    assert (beyond > 0.0).all()


def test_ten_extended_studies_refine_and_never_reverse():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        base, arm = counted(rng, 60, 200)
        still, idle = base[:, :FEW], np.zeros((60, FEW))
        errors, seen = [], []
        for n in (5, 6, 10, 20, 50, 200):
            x = [base[:, :n], arm, still, idle]
            every = figures_by_arm([one[None] for one in x], [whole(one) for one in x], spread=False)
            rows = [one.row(0) for one in every]
            told = rows[1]
            assert arm.min() <= told["lo"] <= told["mean"] <= told["hi"] <= arm.max(), (seed, n)
            assert [rows[2][key] for key in ("mean", "lo", "hi", "mcse")] == [
                rows[0][key] for key in ("mean", "lo", "hi", "mcse")]
            assert rows[3]["mean"] == rows[3]["lo"] == rows[3]["hi"] == rows[3]["mcse"] == 0.0
            (reach,) = rows_with_reach([one[None] for one in x], [whole(one) for one in x], [False, True, True, True],
                                       np.ones((60, 3), np.int32), [0, 1, 2, 3], [(1, 2)])
            assert reach["env_lo"] <= min(reach["lo"], reach["mean"]) <= max(reach["hi"], reach["mean"])
            assert reach["env_hi"] >= max(reach["hi"], reach["mean"]) and reach["joint_lo"] <= reach["lo"]
            errors.append(told["mcse"])
            seen.append((told["mean"], told["lo"] > 0.0))
            if n > FEW:
                assert told["mcse_floor"] <= told["mcse"] * (1.0 + 1e-12)
        assert errors == sorted(errors, reverse=True), (seed, errors)
        assert errors[-1] < errors[0] and errors[-1] == pytest.approx(told["mcse_floor"], rel=0.02)
        assert len({positive for _, positive in seen}) == 1
        assert max(mean for mean, _ in seen) - min(mean for mean, _ in seen) < 4.0 * errors[0]


def test_the_rule_before_would_have_reversed():
    reversed_ = 0
    for seed in range(10):
        base, arm = counted(np.random.default_rng(seed), 60, 200)
        told = base.mean(axis=1) + (arm - base[:, :FEW]).mean(axis=1)
        reversed_ += told.min() < 0.0
    assert reversed_ == 10


def test_the_interval_is_of_expected_outcomes():
    rng = np.random.default_rng(4)
    base, arm = drawn(rng, vectors=4000)
    result = by_arm([base, arm], [np.ones(base.shape, bool), np.ones(arm.shape, bool)])[1]
    expected = [105.0 + 14.0 * 3999 * tail for tail in (0.025, 0.975)]
    assert [result["lo"], result["hi"]] == pytest.approx(expected, rel=1e-2)


def test_failed_replications_of_either_are_left_out():
    base, arm = drawn(np.random.default_rng(5))
    sound, few = SOUND.copy(), SOUND[:, :4].copy()
    sound[0, 1], few[2, 3], few[5] = False, False, False
    wrong_base, wrong_arm = np.where(sound, base, 1e9), np.where(few, arm, -1e9)
    result = by_arm([wrong_base, wrong_arm], [sound, few])[1]
    both = (few & sound[:, :4])[:5]
    weights = tilted_weights(base[:5, :4], both, np.mean([base[v][sound[v]].mean() for v in range(5)]))
    assert result["mean"] == pytest.approx((weights * np.where(both, arm[:5], 0.0)).sum(axis=1).mean())
    nothing = by_arm([base, arm], [SOUND, np.zeros((6, 4), bool)])[1]
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
