"""Made-up records, day by day."""

import numpy as np
import pytest

from skyshield.calibrate.observations import Observations
from skyshield.raids.fit import embedded_fit


@pytest.fixture(scope="session")
def synthetic_observations():
    """Return a maker of observations: what is not given is 0, reported and known; the first day is 1 September 2025."""
    def make(first="2025-09-01", **columns):
        n = max(len(values) for values in columns.values())
        floats = {"south_kills", "west_kills", "west_alert_h", "centre_alert_h", "exposure_h", "start_h"}
        filled = {"date": np.datetime64(first) + np.arange(n), "reported": np.ones(n, np.uint8),
                  "by_place": np.zeros((n, 0))}
        for name in Observations._fields:
            if name in columns:
                filled[name] = np.array(columns[name], float if name in floats else np.int64)
            elif name not in filled:
                filled[name] = np.zeros(n, float if name in floats else np.int64)
        return Observations(**filled)

    return make


@pytest.fixture(scope="session")
def fit():
    """The fit that ships with the package."""
    return embedded_fit()


@pytest.fixture(scope="session")
def still(fit):
    """The same with levels that stay where they are: long records then have known means."""
    from dataclasses import replace

    rows = fit.rows.copy()
    rows[:, [fit.names.index(f"{level}_step") for level in ("massed", "front", "deep", "leak")]] = 0.0
    return replace(fit, rows=rows)
