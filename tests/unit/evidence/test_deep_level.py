"""Made windows with and without a level of the deep stream's leak rate."""

import math

import pytest

from skyshield.calibrate.deep_leak import deep_leak_profile
from skyshield.evidence.fit_checks.deep_level import MadeWindow, made_windows


def test_collapse_is_told_for_the_still_rate_and_for_the_end():
    window = MadeWindow(0.04, 0.039, 0.003, -0.2)
    assert (window.has_collapsed, window.end_has_collapsed) == (False, True)
    assert MadeWindow(0.04, 0.0039, 0.03, 0.0).has_collapsed


@pytest.mark.slow
def test_a_made_window_keeps_its_rate_and_gains_next_to_nothing(fit):
    window, = made_windows(fit, 60.0, 1, seed=3)
    assert window.truth == fit.parameters["leak_deep"][0]
    assert 0.2 < window.still / window.truth < 5.0
    assert -3.0 < window.gain < 3.0


@pytest.mark.slow
def test_the_profile_begins_with_the_rate_that_stands_still(fit):
    from skyshield.evidence.fit_checks.generate import generate

    still, moving = deep_leak_profile(generate(fit, 0, 120, 1, 0), (60.0,))
    assert math.isinf(still.half_life_days) and still.leak_deep == still.leak_deep_end
    assert moving.leak_deep != moving.leak_deep_end
