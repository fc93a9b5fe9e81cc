"""The fit as a whole, on a made-up record; that it finds the truth is for the evidence room's checks."""

import datetime as dt

import numpy as np
import pytest
import yaml
from tests.unit.calibrate.conftest import synthetic_rows

from skyshield.calibrate import fit_record, posterior
from skyshield.calibrate.fit import as_nights, run_filter, uav_areas, window_days
from skyshield.calibrate.likelihood import UNNUMBERED
from skyshield.calibrate.observations import observe
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import ALERT_COLUMNS, COLUMNS, STATUSES, Fit, embedded_fit, fit_text
from skyshield.record import read_record

ROWS = 12


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture(scope="module")
def record(write_record):
    return read_record(write_record("2031-01-01", synthetic_rows(150)))


@pytest.fixture(scope="module")
def fit(record, catalogue):
    return fit_record(record, catalogue, n_rows=ROWS)


def test_every_column_is_there_and_sound(fit):
    assert set(COLUMNS) < set(fit.names)
    assert not set(ALERT_COLUMNS) & set(fit.names)
    assert fit.rows.shape == (ROWS, len(fit.names)) and np.isfinite(fit.rows).all()
    assert fit.window == ("2031-01-01", "2031-05-30")
    launch = fit.rows[:, [name.startswith("launch_share_") for name in fit.names]]
    assert launch.sum(axis=1) == pytest.approx(np.ones(ROWS), abs=1e-6)
    assert launch.shape[1] == len(uav_areas())


def test_it_comes_near_what_the_record_was_made_with(fit):
    middle = {name: float(np.median(column)) for name, column in fit.parameters.items()}
    for name, truth, factor in (("front_mean", 90, 1.4), ("massed_deep_median", 330, 1.3), ("leak_deep", 0.04, 1.8),
                                ("leak_front", 0.25, 1.4), ("cruise_p_massed", 0.9, 1.15),
                                ("cruise_mean_massed", 21, 1.2), ("ballistic_p_routine", 0.4, 1.4),
                                ("cruise_intercept", 0.8, 1.1), ("soft_share_of_stops", 0.4, 1.05),
                                ("decoy_share", 0.4, 1.05)):
        assert truth / factor < middle[name] < truth * factor, name
    assert middle["launch_share_kursk"] == pytest.approx(0.5)


def test_the_same_record_gives_the_same_text(write_record, catalogue, monkeypatch):
    """Fitted roughly: how good the fit is, is for others."""
    monkeypatch.setattr(posterior, "_MAX_ITERATIONS", 8)
    path = write_record("2031-01-01", synthetic_rows(40))
    fit = fit_record(read_record(path), catalogue, n_rows=2)
    assert fit_text(fit_record(read_record(path), catalogue, n_rows=2)) == fit_text(fit)
    assert fit.status.startswith("the fit rests on 40 nights")


def test_until_leaves_the_future_out(record, write_record):
    cut = read_record(write_record("2031-01-01", [row for row in synthetic_rows(150) if row["night"] < 100]))
    early, short = observe(record, until=dt.date(2031, 4, 10)), observe(cut)
    for name in early._fields:
        assert getattr(early, name).tolist() == getattr(short, name).tolist() or name.endswith("alert_h")


def test_too_few_nights_are_refused(write_record, catalogue):
    short = read_record(write_record("2031-01-01", synthetic_rows(13)))
    with pytest.raises(SkyShieldError, match="tells of 13 nights"):
        fit_record(short, catalogue)


def test_only_the_window_counts(record, write_record, catalogue):
    days = window_days(catalogue)
    rows = [row | {"night": row["night"] + days} for row in synthetic_rows(150)]
    older = [{"night": night, "kind": "uav", "launched": 5000, "destroyed": 1} for night in range(150)]
    observations = observe(read_record(write_record("2030-01-01", [*older, *rows]))).last(days)
    assert len(observations.date) == days and observations.uav.max() < 2000


def test_the_table_of_identification_holds_values(fit):
    assert {row.status for row in fit.identified} <= set(STATUSES)
    for row in fit.identified:
        assert row.low is not None and row.high is not None and row.low <= row.high
        assert row.central is None or row.low <= row.central <= row.high
    table = {row.quantity: row for row in fit.identified}
    leak = table["Deep stream: share that gets through"]
    assert leak.low == pytest.approx(np.quantile(fit.parameters["leak_deep"], 0.025), rel=1e-3)


def test_the_deep_leak_rate_is_the_windows_average_and_its_end_goes_with_it_row_by_row():
    """Nothing moves it: the front stream's rate, far lower at the end of the window, does not take it along."""
    of_fit = embedded_fit().parameters
    average, end = of_fit["leak_deep"], of_fit["leak_deep_end"]
    assert 0.03 < np.median(average) < 0.05 and np.median(of_fit["leak_front"]) < 0.25
    assert np.corrcoef(np.log(average), np.log(end))[0, 1] > 0.05
    assert np.ptp(np.quantile(np.log(end), (0.025, 0.975))) > np.ptp(np.quantile(np.log(average), (0.025, 0.975)))


def test_the_west_named_without_a_number_has_at_least_one_kill_whatever_the_alerts(record):
    o = observe(record)
    named = o._replace(west_kills=np.full(len(o.date), np.nan), west_named=np.ones(len(o.date), np.uint8),
                       west_alert_h=np.full(len(o.date), 6.0))
    assert set(as_nights(named).west_kills) == {UNNUMBERED}
    assert np.isnan(as_nights(named._replace(west_named=np.zeros(len(o.date), np.uint8))).west_kills).all()


def test_text_comes_back(fit):
    back = Fit.from_dict(yaml.safe_load(fit_text(fit)))
    assert back.rows.tolist() == fit.rows.tolist()
    assert (back.names, back.window, back.identified, back.diagnostics) == (
        fit.names, fit.window, fit.identified, fit.diagnostics)


@pytest.mark.parametrize(("change", "words"), [
    ({"form": 3}, "is a fit of form 3, made by another version \\(this one reads form 5\\)"),
    ({"names": []}, "do not match"), ({"rows": []}, "do not match"),
    ({"window": ["2031"]}, "cannot be read"), ({"identified": [{"x": 1}]}, "cannot be read")])
def test_a_broken_fit_is_refused(fit, change, words):
    with pytest.raises(SkyShieldError, match=words):
        Fit.from_dict(fit.to_dict() | change)


def test_a_fit_that_lacks_a_column_or_holds_no_number_is_refused(fit):
    content = fit.to_dict()
    content["names"] = ["x" if name == "leak_deep" else name for name in content["names"]]
    with pytest.raises(SkyShieldError, match="lacks leak_deep"):
        Fit.from_dict(content)
    content = fit.to_dict()
    content["rows"][0][3] = float("nan")
    with pytest.raises(SkyShieldError, match="no finite number"):
        Fit.from_dict(content)


def test_the_shipped_fit_says_where_it_comes_from():
    fit = embedded_fit()
    assert len(fit.rows) == 256 and fit.status == ""
    assert fit.window == ("2025-06-01", "2026-02-28")
    assert len(fit.record_sha256) == len(fit.alerts_sha256) == 64
    assert set(ALERT_COLUMNS) < set(fit.names) and len(fit.identified) > 15


def test_the_shipped_fit_is_that_of_the_real_record(data_dir, catalogue):
    """Not the draws, which take longer, but the likelihood at the shipped rows."""
    record = read_record(data_dir / "raids" / "missile_attacks_daily.csv")
    fit = embedded_fit()
    assert record.sha256 == fit.record_sha256
    nights = as_nights(observe(record).last(window_days(catalogue)))
    assert len(nights.uav) == fit.diagnostics["nights"]
    from skyshield.calibrate.posterior import load_blocks
    block = load_blocks()["raids"]
    middle = {name: float(np.median(fit.parameters.get(name, fit.diagnostics.get(name, 0.0)))) for name in block.names}
    assert run_filter(block.natural(block.free(middle)), nights).log_likelihood == pytest.approx(
        fit.diagnostics["log_likelihood"], abs=25)
