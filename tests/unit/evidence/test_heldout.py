"""Months held back: a right fit covers them, a wrong one does not, and nobody sees the month itself."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from skyshield.calibrate.observations import Observations
from skyshield.evidence.fit_checks.generate import full_reporting, generate, reporting_of
from skyshield.evidence.fit_checks.heldout import TARGETS, coverage, held_out, month_ends

ORIGINS = month_ends(dt.date(2026, 1, 15), dt.date(2026, 4, 1))


@pytest.fixture(scope="module")
def record(still):
    return generate(still, 0, 181, 2, 5, full_reporting(np.datetime64("2026-01-01"), 181))


@pytest.fixture(scope="module")
def right(still):
    return replace(still, rows=np.repeat(still.rows[:1], 4, axis=0))


def test_a_right_fit_covers(record, right):
    result = held_out(record, lambda _: right, ORIGINS, 1, 200)
    assert len(result) == len(ORIGINS) * len(TARGETS)
    counted = coverage(result)
    assert counted.as_expected
    assert all(0 < forecast.pit < 1 for forecast in result)
    assert list(result[0].quantiles) == sorted(result[0].quantiles)


def test_a_wrong_fit_does_not(record, right):
    rows = right.rows.copy()
    rows[:, [right.names.index(name) for name in ("front_mean", "massed_deep_median")]] *= 2.0
    result = held_out(record, lambda _: replace(right, rows=rows), ORIGINS, 1, 200)
    uav = [forecast for forecast in result if forecast.target == "uav"]
    assert not any(forecast.inside for forecast in uav)
    assert all(forecast.pit < 0.03 for forecast in uav)
    assert not coverage(result).as_expected


def test_the_fit_is_asked_for_nothing_later_than_the_origin(record, right):
    origins = []

    def fit_until(day):
        origins.append(day)
        return right

    result = held_out(record, fit_until, ORIGINS, 1, 5)
    assert origins == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31), dt.date(2026, 4, 30)]
    assert [forecast.month for forecast in result[::len(TARGETS)]] == ["2026-02", "2026-03", "2026-04", "2026-05"]


def test_totals_are_of_the_month_and_of_known_kills(record, right):
    south = record.south_kills.copy()
    in_may = record.date.astype("datetime64[M]") == np.datetime64("2026-05")
    south[np.flatnonzero(in_may)[:10]] = np.nan
    result = held_out(record._replace(south_kills=south), lambda _: right, ORIGINS[-1:], 1, 50)
    by_target = {forecast.target: forecast for forecast in result}
    assert by_target["uav"].observed == record.uav[in_may].sum()
    assert by_target["south_kills"].observed == np.nansum(south[in_may])
    by_target_whole = {forecast.target: forecast for forecast in held_out(record, lambda _: right, ORIGINS[-1:], 1, 50)}
    assert by_target["south_kills"].quantiles[2] < by_target_whole["south_kills"].quantiles[2]
    zeros = (record.ballistic[in_may] > 0) & (record.ballistic_stopped[in_may] == 0)
    assert by_target["ballistic_none"].observed == zeros.sum()


def test_levels_wander_on_from_the_fit(record, right):
    """The month begins where the levels stood: its first days are hardly spread, its last days widely."""
    rows = right.rows.copy()
    rows[:, right.names.index("front_step")] = 0.3
    wandering = replace(right, rows=rows)
    result = {forecast.target: forecast for forecast in held_out(record, lambda _: wandering, ORIGINS[:1], 1, 60)}
    days = reporting_of(Observations(*(c[31:59] for c in record)))
    drawn = [generate(wandering, k % 4, 28, 1, k, days, ends_at_fit=False).uav.sum() for k in range(60)]
    assert result["uav"].quantiles[2] == np.median(drawn)


def test_the_record_type_is_kept(record):
    assert isinstance(record, Observations)
