"""The radar horizon on a 4/3 earth, as a table of mast and target heights and kilometres.

Mutation tried and caught: the square root of the sum for the sum of the roots; 3.57 (no refraction) for 4.12.
"""

import numpy as np
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.forces.capabilities import radar_horizon_m

TABLE = [(30, 60, 54), (30, 100, 64), (30, 1_000, 153), (30, 2_500, 229), (3_000, 60, 258), (9_000, 60, 423)]


@pytest.mark.parametrize(("height_m", "target_m", "km"), TABLE)
def test_published_horizons(height_m, target_m, km):
    constant = load_catalogue()["radar_horizon_constant"].reference_si
    result = radar_horizon_m(np.array([float(height_m)]), np.array([float(target_m)]), np.array([constant]))
    assert result.shape == (1,)
    assert round(result[0] / 1e3) == km


def test_the_constant_is_that_of_a_four_thirds_earth():
    constant = load_catalogue()["radar_horizon_constant"].reference_si
    assert constant == pytest.approx(np.sqrt(2 * 4 / 3 * 6_371_008.8), rel=1e-3)
