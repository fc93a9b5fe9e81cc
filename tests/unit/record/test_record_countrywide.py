"""Countrywide alerts: which leave the hours, on made-up alerts and in the real file."""

import datetime as dt

import numpy as np
import pytest

from skyshield.record import (
    Alerts,
    alert_coverage,
    alert_hours_of_year,
    countrywide_events,
    night_alert_hours,
    read_alerts,
)
from skyshield.record.coverage import covered_hours
from skyshield.record.names import reading

WEST = reading()["alert_oblasts"]["west"]
NOON = np.datetime64("2031-05-02T12:00:00")


def made(*alerts):
    """Alerts from (oblast, start in minutes after noon, minutes long)."""
    start = np.array([NOON + np.timedelta64(round(60 * minute), "s") for _, minute, _ in alerts])
    length = np.array([np.timedelta64(round(60 * long), "s") for *_, long in alerts])
    return Alerts(np.array([name for name, *_ in alerts]), start, start + length, ())


def test_the_west_has_the_eight_oblasts_of_the_rule():
    assert {name.split()[0] for name in WEST} == {
        "Lvivska", "Volynska", "Rivnenska", "Ternopilska", "Khmelnytska", "Zakarpatska", "Ivano-Frankivska",
        "Chernivetska"}
    assert reading()["countrywide"] == {"min_oblasts": 6, "starts_within_min": 5, "under_min": 90}


@pytest.mark.parametrize(("alerts", "n"), [
    ([(name, 0, 40) for name in WEST[:6]], 1),
    ([(name, 0, 40) for name in WEST[:5]], 0),
    ([(name, 0, 40) for name in [*WEST[:5], *WEST[:5]]], 0),  # oblasts, not alerts
    ([(name, k, 40) for k, name in enumerate(WEST[:6])], 1),  # the sixth five minutes after the first
    ([(name, 1.01 * k, 40) for k, name in enumerate(WEST[:6])], 0),
    ([*((name, 0, 40) for name in WEST[:5]), (WEST[5], 0, 89.99)], 1),
    ([*((name, 0, 40) for name in WEST[:5]), (WEST[5], 0, 90)], 0),
    ([*((name, 0, 40) for name in WEST[:6]), *((name, 60, 40) for name in WEST[:6])], 2),
    ([(WEST[0], -4, 40), (WEST[1], -1, 40), *((name, 3 + k / 10, 40) for k, name in enumerate(WEST[2:7]))], 1)])
def test_what_is_countrywide(alerts, n):
    assert len(countrywide_events(made(*alerts)).start) == n


def test_alerts_of_every_oblast_leave_if_they_begin_with_it_and_are_short():
    others = [("Kyiv City", 3, 40), ("Sumska oblast", -5, 40), ("Odeska oblast", 5.1, 40), ("Poltavska oblast", 0, 90),
              ("Vinnytska oblast", -30, 80), (WEST[7], 4, 300), (WEST[0], 200, 30)]
    alerts = made(*((name, 0, 40) for name in WEST[:6]), *others)
    events = countrywide_events(alerts)
    assert events.belongs.tolist() == [True] * 6 + [True, True, False, False, False, False, False]
    assert ((events.end - events.start).astype(int) / 60).tolist() == [40.0]
    assert events.in_days(np.datetime64("2031-05-02"), np.datetime64("2031-05-02")) == (1, pytest.approx(40 / 60))
    assert events.in_days(np.datetime64("2031-05-03"), np.datetime64("2031-05-09")) == (0, 0.0)


def test_hours_leave_it_out_and_the_oblast_is_still_covered():
    alerts = made(*((name, 0, 40) for name in WEST[:6]), (WEST[0], 180, 30))
    assert night_alert_hours(alerts, WEST[:2]).day_h.sum(axis=0) == pytest.approx([40 / 60] * 2)
    covered = covered_hours(alerts, WEST[:2])
    assert covered.hours.sum(axis=0) == pytest.approx([30 / 60, 0.0])
    coverage = alert_coverage(alerts, dt.date(2031, 5, 2), dt.date(2031, 5, 2))
    assert (coverage.n_countrywide, coverage.countrywide_h) == (1, pytest.approx(40 / 60))
    assert "1 countrywide alerts of these days" in " ".join(coverage.remarks())
    assert "countrywide" not in " ".join(alert_coverage(made((WEST[0], 0, 40)), dt.date(2031, 5, 2),
                                                        dt.date(2031, 5, 2)).remarks())


def test_a_year_is_that_of_its_operational_days():
    start = np.array(["2030-12-31T15:00", "2031-06-01T20:00", "2031-12-31T15:00"], "datetime64[s]")  # Kyiv is ahead 2 h
    alerts = Alerts(np.array([WEST[0]] * 3), start, start + np.timedelta64(2, "h"), ())
    hours = alert_hours_of_year(alerts, 2031, WEST[:1])
    assert (hours.night_h.tolist(), hours.all_h.tolist()) == ([1.0 + 2.0], [1.0 + 2.0 + 1.0])


def test_the_real_file(data_dir):
    real = read_alerts(data_dir / "alerts" / "oblast_alert_intervals.csv.gz")
    events = countrywide_events(real)
    n, hours = events.in_days(np.datetime64("2025-01-01"), np.datetime64("2025-12-31"))
    assert (n, round(hours)) == (89, 48)
    names = ["Lvivska oblast", "Vinnytska oblast", "Sumska oblast"]
    left = alert_hours_of_year(real, 2025, names)
    table = night_alert_hours(real, names)
    in_2025 = table.date.astype("datetime64[Y]") == np.datetime64("2025")
    gone_h = (table.night_h + table.day_h)[in_2025].sum(axis=0) - left.all_h
    assert np.round(gone_h).tolist() == [45, 30, 8]
