"""Arms with fewer replications than the headline are told by what they change in its first ones.

Tried to fail: the covariance left out of the noise, the arm's own mean taken instead of the headline's and the change,
a failed replication of either counted. Each fails at least one test.
"""

import numpy as np
import pytest

from skyshield.study.summary import by_arm, rows_with_envelope, summarise, tails

SOUND = np.ones((6, 12), bool)


def drawn(rng, vectors=6, replications=12, few=4):
    """A headline and an arm over its first replications, whose change goes with what it changes."""
    base = 100.0 + 10.0 * np.arange(vectors)[:, None] + rng.normal(0.0, 8.0, (vectors, replications))
    change = 5.0 + 0.4 * (base[:, :few] - 100.0) + rng.normal(0.0, 2.0, (vectors, few))
    return base, base[:, :few] + change


def test_an_arm_that_changes_nothing_says_what_the_headline_says():
    base, _ = drawn(np.random.default_rng(1))
    headline, arm = by_arm([base, base[:, :4]], [SOUND, SOUND[:, :4]])
    same = ("mean", "lo", "hi", "mcse")
    assert [arm[key] for key in same] == [headline[key] for key in same]
    (row,) = rows_with_envelope([base[None], base[None, :, :4]], [SOUND, SOUND[:, :4]], [False, True])
    assert row["env_hi"] == headline["hi"]


def test_an_arm_of_the_same_size_is_summarised_by_itself():
    base, arm = drawn(np.random.default_rng(2), few=12)
    assert by_arm([base, arm], [SOUND, SOUND])[1] == summarise(arm, SOUND)


def test_mean_and_mcse_are_those_of_many_trials():
    rng = np.random.default_rng(3)
    result = [by_arm(list(drawn(rng)), [SOUND, SOUND[:, :4]])[1] for _ in range(4000)]
    means, claimed = np.array([one["mean"] for one in result]), np.array([one["mcse"] for one in result])
    truth = 105.0 + 1.4 * 25.0 - 0.0
    assert abs(means.mean() - truth) < 4.0 * means.std() / np.sqrt(len(means))
    variance, error = means.var(ddof=1), means.var(ddof=1) * np.sqrt(2.0 / len(means))
    assert abs((claimed**2).mean() - variance) < 4.0 * error
    without_covariance = (8.0**2 / 12 + (0.4 * 8.0) ** 2 / 4 + 2.0**2 / 4) / 6
    assert abs(without_covariance - variance) > 8.0 * error


def test_the_interval_is_of_expected_outcomes():
    rng = np.random.default_rng(4)
    base, arm = drawn(rng, vectors=4000)
    result = by_arm([base, arm], [np.ones(base.shape, bool), np.ones(arm.shape, bool)])[1]
    ends = [105.0 + 14.0 * 3999 * tail for tail in (0.025, 0.975)]
    assert [result["lo"], result["hi"]] == pytest.approx(ends, rel=1e-2)


def test_failed_replications_of_either_are_left_out():
    base, arm = drawn(np.random.default_rng(5))
    whole, few = SOUND.copy(), SOUND[:, :4].copy()
    whole[0, 1], few[2, 3], few[5] = False, False, False
    wrong_base, wrong_arm = np.where(whole, base, 1e9), np.where(few, arm, -1e9)
    result = by_arm([wrong_base, wrong_arm], [whole, few])[1]
    both = few & whole[:, :4]
    means = [base[v][whole[v]].mean() + (arm - base[:, :4])[v][both[v]].mean() for v in range(5)]
    assert result["mean"] == pytest.approx(np.mean(means))
    nothing = by_arm([base, arm], [SOUND, np.zeros((6, 4), bool)])[1]
    assert set(nothing.values()) == {None}


@pytest.mark.parametrize("n", [1, 2, 3, 20, 21, 41, 999, 1000])
def test_tails_are_those_of_numpy(n):
    rng = np.random.default_rng(n)
    for x in (rng.normal(size=n), rng.integers(0, 4, n) * 1e-3, 1e12 + rng.normal(size=n), np.zeros(n)):
        assert list(tails(x)) == np.quantile(x, (0.025, 0.975)).tolist()
    assert np.isnan(tails(np.append(np.zeros(n), np.nan))).all()
