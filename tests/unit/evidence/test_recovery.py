"""The counting of truths held: a right likelihood passes, halved intervals and a biased parameter do not."""

from dataclasses import replace

import numpy as np
import pytest

from skyshield.evidence.fit_checks.generate import full_reporting
from skyshield.evidence.fit_checks.recovery import LEVELS, NOT_COUNTED, counted_names, recover, tally, window_reporting

NAMES = [f"parameter {k}" for k in range(36)]
TRUTHS = 50


def posteriors(seed, spread=1.0, bias=0.0, biased=None):
    """A truth, an estimate one standard error away, and draws around the estimate."""
    g = np.random.default_rng(seed)
    truths, draws = g.standard_normal((TRUTHS, len(NAMES))) * 5, []
    for truth in truths:
        centre = truth + g.standard_normal(len(NAMES))
        if biased is not None:
            centre[biased] += bias
        draws.append(centre + spread * g.standard_normal((128, len(NAMES))))
    return tally(NAMES, truths, draws)


def test_a_right_likelihood_passes():
    assert [posteriors(seed).failures for seed in range(20)] == [()] * 20


def test_intervals_half_as_wide_fail():
    result = posteriors(1, spread=0.5)
    assert any("all parameters" in failure for failure in result.failures)
    assert sum(not row.inside for row in result.parameters) > len(NAMES) / 2


def test_intervals_a_fifth_too_narrow_fail_over_all_parameters():
    assert any("all parameters" in failure for failure in posteriors(1, spread=0.8).failures)


def test_intervals_twice_as_wide_fail():
    assert any("all parameters" in failure for failure in posteriors(1, spread=2.0).failures)


def test_a_biased_parameter_is_named():
    result = posteriors(1, bias=1.7, biased=7)
    assert [failure.split(":")[0] for failure in result.failures] == ["parameter 7"]
    assert result.parameters[7].mean_rank < 0.3


def test_counts_and_bands():
    result = tally(["a"], np.zeros((4, 1)), [np.linspace(-1, 1, 101)[:, None] + shift for shift in (0, 0.4, 0.9, 2.0)])
    row = result.parameters[0]
    assert row.held == (2, 3)
    assert LEVELS == (0.5, 0.95)
    assert result.pooled == (0.5, 0.75)
    assert result.far[:, 0] == pytest.approx([0.0, -0.4 / 0.583, -0.9 / 0.583, -2.0 / 0.583], abs=0.01)


def test_what_no_record_can_tell_is_not_counted(fit):
    names = counted_names(fit)
    assert {"leak_front", "massed_intercept", "west_kills_size_massed", "decoy_share"} <= set(names)
    assert not set(NOT_COUNTED) & set(names)
    assert not [name for name in names if name.startswith(("launch_share", "west_alert"))]
    assert set(NOT_COUNTED) <= set(fit.names)


def test_records_are_made_and_fitted(fit):
    records = []

    def refit(record):
        records.append(record)
        return fit

    result = recover(fit, refit, 3, reporting=full_reporting(np.datetime64("2025-07-20"), 30))
    assert result.n_truths == len(records) == 3
    assert result.ranks.shape == (3, len(counted_names(fit)))
    assert len({record.uav.sum() for record in records}) == 3
    # the truths are the rows in order, so their ranks among all rows differ
    column = list(counted_names(fit)).index("leak_front")
    expected = [(fit.parameters["leak_front"] < fit.parameters["leak_front"][row]).mean() for row in range(3)]
    assert result.ranks[:, column] == pytest.approx(expected, abs=0.01)


def test_records_look_like_the_window(fit):
    days = window_reporting(fit)
    assert (str(days.date[0]), str(days.date[-1])) == fit.window
    assert days.apart.sum() == (days.date < np.datetime64("2025-08-01")).sum()
    assert 0.04 < (days.armed > 0).mean() < 0.1


def test_one_truth_has_no_standard_error(fit):
    result = recover(fit, lambda _: replace(fit, rows=fit.rows[:5]), 1,
                     reporting=full_reporting(np.datetime64("2025-07-20"), 20))
    assert result.pooled_se == (np.inf, np.inf)
