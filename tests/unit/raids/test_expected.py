"""Mean launches against the engine's own draws, and against closed forms.

Mutations tried, each caught: the chain cut off at its longest gap; the median of a lognormal for its mean; the levels
of the record's end for its window's averages.
"""

import numpy as np
import pytest

from skyshield.engine.day import draw_war
from skyshield.raids import expected_launches
from skyshield.raids.expected import massed_share
from skyshield.raids.fit import embedded_fit
from skyshield.raids.season import season_of

NIGHTS, ROWS = 40_000, 4


def test_means_are_those_of_long_seasons():
    fit = embedded_fit()
    mean = expected_launches(fit.parameters)
    share = massed_share(fit.parameters)
    for row in range(ROWS):
        still = {f"{level}_step": np.zeros(1) for level in ("massed", "front", "deep", "leak")}
        parameters = {name: values[row:row + 1] for name, values in fit.parameters.items()}
        season = season_of(parameters, np.full(1, 2.0))._replace(**still)
        counts, massed = np.zeros((NIGHTS, 4), np.int64), np.zeros(NIGHTS, np.uint8)
        draw_war(season, np.ones((3, NIGHTS)), np.uint64(5), 0, counts, massed, np.zeros(NIGHTS))
        assert massed.mean() == pytest.approx(share[row], rel=0.05)
        error = counts.std(axis=0) / np.sqrt(NIGHTS)
        assert (np.abs(counts.mean(axis=0) - mean[row].sum(axis=0)) < 6 * error + 0.05 * mean[row].sum(axis=0)).all()


@pytest.mark.parametrize("intercept", [-4.0, -1.0, 2.0])
def test_without_memory_the_share_is_the_chance(intercept):
    share = massed_share({"massed_average": np.array([intercept]), "massed_slope": np.zeros(1)})
    assert share[0] == pytest.approx(1 / (1 + np.exp(-intercept)), rel=1e-12)


def test_the_deep_stream_of_massed_nights_is_lognormal():
    q = embedded_fit().parameters
    mean = q["massed_deep_average"] * np.exp(q["massed_deep_sigma"] ** 2 / 2)
    np.testing.assert_allclose(expected_launches(q)[:, 1, 1], massed_share(q) * mean)
