"""Truth recovery in small: a few truths, fitted again, none absurdly far. `make recovery` is the real test."""

import numpy as np

from skyshield.evidence.fit_checks.recovery import CatalogueRefit, recover, window_reporting
from skyshield.raids.fit import embedded_fit

TRUTHS = 4
NIGHTS = 120
FARTHEST = 7.0  # standard deviations of the new fit; on one kind of processor a truth lies at 6.39, 3.57 the next


def test_no_truth_is_missed_grossly():
    fit = embedded_fit()
    days = window_reporting(fit)
    days = type(days)(*(column[:NIGHTS] for column in days))
    result = recover(fit, CatalogueRefit(64, 1500), TRUTHS, 1, reporting=days, jobs=2)
    held = result.pooled[1]
    assert held > 0.8
    assert np.median(np.abs(result.far)) < 1.5
    names = np.array([row.name for row in result.parameters])
    assert names[(np.abs(result.far) > FARTHEST).any(axis=0)].tolist() == []
