"""Draws from a posterior whose answer is known."""

import numpy as np
import pytest
from scipy import stats

from skyshield.calibrate.posterior import Block, Prior, load_blocks, maximise, profile, sample

FLAT = {"a": Prior("none", 0.0, 1e3), "b": Prior("none", 0.0, 1e3), "c": Prior("none", 0.0, 1e3)}


@pytest.mark.parametrize(("transform", "value"), [("none", -2.0), ("log", 0.3), ("above_one", 4.0), ("logit", 0.9)])
def test_transforms_come_back(transform, value):
    prior = Prior(transform, value, 1.0)
    assert prior.natural(prior.free(value)) == pytest.approx(value)


def test_every_prior_can_be_read_and_its_centre_transformed():
    blocks = load_blocks()
    assert set(blocks) == {"raids", "cruise_stops", "ballistic_stops", "west_alerts"}
    for block in blocks.values():
        assert np.isfinite(block.free({})).all()
        assert block.log_prior(block.free({})) == 0.0


def test_the_maximum_of_a_skewed_density():
    target = np.array([1.0, -2.0, 0.5])
    result = maximise(lambda points: np.array([-np.sum(np.cosh(p - target)) for p in points]), np.zeros(3))
    assert result == pytest.approx(target, abs=1e-4)


def test_a_correlated_normal_is_drawn_as_it_is():
    covariance = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, -0.3], [0.0, -0.3, 4.0]])
    inverse, centre = np.linalg.inv(covariance), np.array([3.0, -1.0, 10.0])
    result = sample(Block(FLAT), lambda x: float(-0.5 * (x - centre) @ inverse @ (x - centre)), {}, 4000, "test", 8000)
    assert result.effective > 0.9
    assert result.mode == pytest.approx(centre, abs=1e-3)
    assert result.draws.mean(axis=0) == pytest.approx(centre, abs=0.12)
    assert np.cov(result.draws.T) == pytest.approx(covariance, abs=0.25)


def test_weights_make_up_for_a_shape_that_is_not_normal():
    gamma = stats.gamma(3.0)  # of exp(x); the normal around the mode alone would miss the mean by far
    result = sample(Block({"x": Prior("log", 1.0, 1e3)}), lambda x: float(gamma.logpdf(np.exp(x[0])) + x[0]), {}, 4000,
                    "test", 8000)
    assert result.draws.mean() == pytest.approx(3.0, rel=0.04)
    assert np.quantile(result.draws, [0.025, 0.975]) == pytest.approx(gamma.ppf([0.025, 0.975]), rel=0.12)


def test_the_prior_counts():
    tight = Block({"x": Prior("none", 2.0, 0.1)})
    result = sample(tight, lambda x: float(-0.5 * (x[0] - 3.0) ** 2 / 0.01), {}, 2000, "test", 4000)
    assert result.draws.mean() == pytest.approx(2.5, abs=0.01)


def test_the_same_data_give_the_same_draws():
    def draws():
        return sample(Block(FLAT), lambda x: float(-np.sum(np.cosh(x))), {}, 50, "test", 200).draws
    assert draws().tolist() == draws().tolist()


def test_a_proposal_that_is_far_off_is_mended():
    """A flat top: the curvature at the mode takes the density for far wider than it is."""
    result = sample(Block(FLAT), lambda x: float(-np.sum(x**4) / 4), {}, 2000, "test", 4000)
    assert result.effective > 0.05
    assert result.draws.std(axis=0) == pytest.approx(np.full(3, 0.822), rel=0.1)


def test_a_profile_is_the_best_of_the_rest_at_each_value():
    """Of a normal of correlation r the other parameter follows by r, and the density falls as that of the one held."""
    r, block = 0.8, Block({"a": Prior("none", 0.0, 1e3), "b": Prior("none", 0.0, 1e3)})

    def log_likelihood(free):
        return float(-0.5 * (free[0] ** 2 - 2 * r * free[0] * free[1] + free[1] ** 2) / (1 - r * r))

    for point in profile(block, log_likelihood, {}, "a", (-1.0, 0.0, 2.0)):
        assert point.parameters["a"] == point.value
        assert point.parameters["b"] == pytest.approx(r * point.value, abs=1e-4)
        assert point.log_density == pytest.approx(-0.5 * point.value**2, abs=1e-5)
