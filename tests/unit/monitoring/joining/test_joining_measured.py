"""Joining measured on reports of another model, against the best fixed window, which knows the truth.

`tools/joining_measured.py` is the long form, whose figures stand in docs/explanation/joining.md.

Shown to fail: an even load (`load_spreads` of one wide kernel), no clock sought, copies joined as witnesses.
"""

import numpy as np
import pytest

from support.joined import b_cubed, calibration_error, measured, right_of
from support.reports import World


@pytest.mark.parametrize(("load", "days", "gain"), [(60, 20, 0.0), (300, 4, 0.02)])
def test_better_than_the_best_window(load, days, gain):
    found = measured(World(load=load, days=days), 101)
    assert found["f"] >= found["window_f"] + gain
    assert found["precision"] >= 0.88 and found["calibration"] <= 0.05
    assert found["clock_s"] == pytest.approx(3600, abs=300)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(201, 207))
@pytest.mark.parametrize(("load", "days", "gain"), [(60, 8, 0.0), (300, 3, 0.02)])
def test_on_more_worlds(load, days, gain, seed):
    found = measured(World(load=load, days=days), seed)
    assert found["f"] >= found["window_f"] + gain and found["precision"] >= 0.88


def test_b_cubed_of_known_cases():
    """Bagga and Baldwin's example: two right of three and one alone."""
    truth = np.array([1, 1, 2, 2])
    assert b_cubed(truth, truth) == (1.0, 1.0, 1.0)
    assert b_cubed(truth, np.zeros(4)) == (0.5, 1.0, pytest.approx(2 / 3))
    assert b_cubed(truth, np.arange(4)) == (1.0, 0.5, pytest.approx(2 / 3))
    others, share, whole = right_of(truth, np.array([0, 0, 0, 1]))
    assert others.tolist() == [0.5, 0.5, 0.0, 0.0] and share.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1])
    assert not whole.any()
    assert calibration_error([0.8, 0.8, 0.3], [1, 0, 0]) == pytest.approx((0.6 + 0.3) / 3)
