"""Record and alerts read together for a fit, backtest or study, with a report on the reading.

The report gives for the days read what was left out because the weapon's name is not known, how much of them the
alerts cover, and all warnings. More left out than the limit is an error, as is a file of alerts that would not be
used.
"""

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skyshield.record.alerts import Alerts, read_alerts
from skyshield.record.coverage import AlertCoverage, alert_coverage
from skyshield.record.left_out import LeftOut, is_left_out, left_out, refuse_large_omission
from skyshield.record.reader import Record, read_record
from skyshield.record.traps import warnings


@dataclass(frozen=True)
class ReadingReport:
    """A report on a reading of the record.

    Attributes
    ----------
    rows, kept_rows, rows_left_out
        Rows of the file, those that count, and those left out for names that are not known.
    first, last
        The days read, ISO dates.
    left_out
        What of these days is left out for names that are not known.
    alerts
        What the alerts cover of these days; None without alerts.
    warnings
        The entries of `skyshield.record.traps.warnings`, of the whole file.
    """

    rows: int
    kept_rows: int
    rows_left_out: int
    first: str
    last: str
    left_out: LeftOut
    alerts: AlertCoverage | None
    warnings: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"rows": self.rows, "kept_rows": self.kept_rows, "first": self.first, "last": self.last,
                "left_out": self.left_out.to_dict(), "alerts": None if self.alerts is None else self.alerts.to_dict(),
                "warnings": self.warnings}

    def lines(self) -> list[str]:
        """Return lines to print: warnings by name in full, numbered traps by their rows."""
        sentences = [f"{warning['trap']} ({warning['rows']:,} rows): {warning['what']}" for warning in self.warnings
                     if not isinstance(warning["trap"], int)]
        if self.left_out.rows and self.left_out.rows != self.rows_left_out:
            sentences.append(f"of the days from {self.first} to {self.last}, {self.left_out.text()}")
        if self.alerts is not None:
            sentences += [self.alerts.sentence(), *self.alerts.remarks()]
        touched = ", ".join(f"{warning['trap']} ({warning['rows']:,})" for warning in self.warnings
                            if isinstance(warning["trap"], int) and warning["rows"])
        return [*sentences, f"traps that touched rows: {touched or 'none'}; 'skyshield record' explains each"]


@dataclass(frozen=True)
class Reading:
    """A record and its alerts, read for some days, with the report."""

    record: Record
    alerts: Alerts | None
    report: ReadingReport


def last_days(record: Record, n_days: int | None = None, until: dt.date | None = None) -> tuple[dt.date, dt.date]:
    """Return the first and the last of up to `n_days` days of a record that end with `until`, or with the record.

    Rows that are left out for their name belong to the record's days.
    """
    dates = [row.date for row in record.rows if row.kept or is_left_out(row)] or [row.date for row in record.rows]
    last = max(dates) if until is None else max(min(until, max(dates)), min(dates))
    first = min(dates)
    return (first if n_days is None else max(first, last - dt.timedelta(days=n_days - 1))), last


def report_on(record: Record, alerts: Alerts | None, first: dt.date, last: dt.date,
              oblasts: Sequence[str] | None = None) -> ReadingReport:
    """Return the report of a reading of the days from `first` to `last` that uses the alerts of some oblasts.

    Raises
    ------
    SkyShieldError
        If the alerts would not be used (`skyshield.record.alert_coverage`).
    """
    coverage = None if alerts is None else alert_coverage(alerts, first, last, oblasts)
    return ReadingReport(len(record.rows), len(record.kept), left_out(record).rows, first.isoformat(), last.isoformat(),
                         left_out(record, first, last), coverage, warnings(record, alerts))


def read_files(record_path: str | os.PathLike[str], alerts_path: str | os.PathLike[str] | None = None,
               n_days: int | None = None, until: dt.date | None = None, accept_unknown: bool = False,
               oblasts: Sequence[str] | None = None) -> Reading:
    """Read a record and, if given, alerts, for its last days.

    Parameters
    ----------
    record_path, alerts_path
        The files; see `read_record` and `read_alerts`.
    n_days, until
        The days used: up to `n_days` that end with `until`; all of the record if not given.
    accept_unknown
        Continue although more of the launches are left out than the limit allows.
    oblasts
        Whose alert hours are used; all reliable ones if not given.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a file cannot be read, too much would be left out, or the alerts would not be used.
    """
    record = read_record(record_path)
    alerts = None if alerts_path is None else read_alerts(alerts_path)
    report = report_on(record, alerts, *last_days(record, n_days, until), oblasts)
    if not accept_unknown:
        refuse_large_omission(report.left_out, str(record_path))
    return Reading(record, alerts, report)
