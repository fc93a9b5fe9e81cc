"""The history of the levels, read off a record whose history is known."""

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.evidence.fit_checks.generate import full_reporting, generate
from skyshield.evidence.fit_checks.levels import LEVELS, Filtered, backwards, filtered_levels, followed_levels

DAYS = 300
FRONT, LEAK = LEVELS.index("front"), LEVELS.index("leak")


def quick(fit):
    """The shipped fit with front and leak levels that can move within weeks."""
    from dataclasses import replace

    return replace(fit, diagnostics={**fit.diagnostics, **{f"half_life_{level}_days": 30.0 for level in LEVELS}})


def record_along(fit, path):
    days = full_reporting(np.datetime64("2025-05-01"), len(path))
    return generate(fit, 0, len(path), 8, 0, days, levels=path)


def test_a_step_in_the_history_is_found(fit):
    path = np.zeros((DAYS, len(LEVELS)))
    path[:150, FRONT], path[:150, LEAK] = 0.7, -0.8
    result = np.mean([followed_levels(quick(fit), 0, record_along(fit, path), seed) for seed in range(4)], axis=0)
    assert result[20:100, FRONT].mean() == pytest.approx(0.7, abs=0.25)
    assert result[20:100, LEAK].mean() == pytest.approx(-0.8, abs=0.3)
    assert result[220:, [FRONT, LEAK]].mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.25)


def test_no_history_is_found_where_there_is_none(fit):
    result = followed_levels(quick(fit), 0, record_along(fit, np.zeros((DAYS, len(LEVELS)))), 1)
    assert np.abs(result[:, [FRONT, LEAK]].mean(axis=0)).max() < 0.25


def test_every_path_ends_at_the_row_and_seeds_differ(fit):
    record = record_along(fit, np.zeros((80, len(LEVELS))))
    a, b, again = (followed_levels(quick(fit), 0, record, seed) for seed in (1, 2, 1))
    assert np.array_equal(a[-1], np.zeros(len(LEVELS)))
    assert not np.array_equal(a, b)
    assert np.array_equal(a, again)


def test_the_filter_goes_on_where_it_stood(fit):
    """Night by night is what one pass over all nights is."""
    from skyshield.calibrate.fit import as_nights
    from skyshield.calibrate.likelihood import N_LEVELS, RaidParameters, filter_nights
    from skyshield.core.vocabulary import MAX_GAP

    record = record_along(fit, np.zeros((60, len(LEVELS))))
    result = filtered_levels(quick(fit), 0, record, np.zeros(len(LEVELS)))
    values = dict(zip(fit.names, fit.rows[0].tolist(), strict=True))
    step = np.array([values[f"{level}_step"] for level in LEVELS])
    still = np.ones(N_LEVELS - len(LEVELS))  # the deep stream's leak rate does not move
    level, information = np.zeros(N_LEVELS), np.append((1 / result.discount - 1) / step**2, still)
    filter_nights(RaidParameters(*(values[name] for name in RaidParameters._fields)), as_nights(record),
                  np.append(result.discount, still), level, information,
                  np.full(MAX_GAP, 1 / MAX_GAP), np.zeros((60, 3)))
    assert result.level[-1] == pytest.approx(level[:len(LEVELS)]) and level[len(LEVELS):].tolist() == [0.0]
    assert result.information[-1] == pytest.approx(information[:len(LEVELS)])


def test_backward_draws_have_the_conditional_spread():
    n = 20_000
    filtered = Filtered(np.zeros((n, 1)), np.full((n, 1), 25.0), np.array([0.9]))
    path = backwards(filtered, np.random.default_rng(3).standard_normal((n, 1)))
    # stationary: variance (1 - keep) / P / (1 - keep^2)
    assert path.var() == pytest.approx(0.1 / 25 / (1 - 0.81), rel=0.1)


def test_a_fit_without_half_lives_is_refused(fit):
    from dataclasses import replace

    record = record_along(fit, np.zeros((5, len(LEVELS))))
    with pytest.raises(SkyShieldError, match="half_life_massed_days"):
        followed_levels(replace(fit, diagnostics={}), 0, record, 1)
