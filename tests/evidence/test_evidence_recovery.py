"""Truth recovery in small: a few truths, fitted again, none absurdly far. `make recovery` is the real test.

Part of `make test-long`, for its four fits; `tests/unit/calibrate/test_fit.py` recovers one truth in every `make test`.
"""

import functools

import numpy as np
import pytest

from skyshield.evidence.fit_checks.generate import generate
from skyshield.evidence.fit_checks.recovery import CatalogueRefit, recover, window_reporting
from skyshield.evidence.fit_checks.season import draw_launches
from skyshield.raids.fit import embedded_fit

pytestmark = pytest.mark.slow
TRUTHS, SEED = 4, 1
NIGHTS = 120
FARTHEST = 7.0  # standard deviations of the new fit; on one kind of processor a truth lies at 6.39, 3.57 the next


def few_days(fit):
    days = window_reporting(fit)
    return type(days)(*(column[:NIGHTS] for column in days))


@functools.cache
def made(row):
    """The record of one truth, the same in both tests."""
    fit = embedded_fit()
    return generate(fit, row, NIGHTS, SEED, row, few_days(fit))


@functools.cache
def refitted(row):
    return CatalogueRefit(64, 1500)(made(row))


def fitted_again(record):
    """The new fit of a record that is that of a truth, to the byte."""
    bytes_of = [column.tobytes() for column in record]
    return refitted(next(row for row in range(TRUTHS) if [column.tobytes() for column in made(row)] == bytes_of))


def test_no_truth_is_missed_grossly():
    fit = embedded_fit()
    result = recover(fit, fitted_again, TRUTHS, SEED, reporting=few_days(fit))
    held = result.pooled[1]
    assert held > 0.8
    assert np.median(np.abs(result.far)) < 1.5
    names = np.array([row.name for row in result.parameters])
    assert names[(np.abs(result.far) > FARTHEST).any(axis=0)].tolist() == []


def test_averages_are_those_of_the_record_that_was_made():
    """Not those of the row it was made from: its levels walked, which leaves the row's 2.8 deviations off."""
    fit, far = embedded_fit(), []
    for row in range(TRUTHS):
        record = made(row)
        key = int(np.random.SeedSequence([SEED, row, row]).generate_state(1, np.uint64)[0])
        drawn = draw_launches(fit, row, NIGHTS, key, True)
        front, deep = drawn.counts[:, 0], np.maximum(drawn.counts[drawn.massed == 1, 1], 1)
        assert np.array_equal(drawn.counts[:, :2].sum(axis=1), record.uav)
        odds = fit.parameters["leak_front"][row] / (1.0 - fit.parameters["leak_front"][row]) * np.exp(drawn.leak_shift)
        truths = {"front_average": front.mean(), "massed_deep_average": np.exp(np.log(deep).mean()),
                  "leak_front_average": np.average(odds / (1.0 + odds), weights=front)}
        told = refitted(row).parameters
        far.append([(truth - np.median(told[name])) / told[name].std() for name, truth in truths.items()])
    assert np.median(np.abs(far)) < 1.5
    assert np.abs(far).max() < FARTHEST
