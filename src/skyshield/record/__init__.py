"""The public raid record and the air-raid alerts: readers, known traps, summaries. Facts only, no model."""

from skyshield.record.alerts import AlertHours, Alerts, night_alert_hours, read_alerts
from skyshield.record.countrywide import alert_hours_of_year, countrywide_events
from skyshield.record.coverage import AlertCoverage, alert_coverage
from skyshield.record.left_out import LeftOut, left_out
from skyshield.record.nights import Daily, Nights, daily, nightly
from skyshield.record.reader import Record, Row, read_record
from skyshield.record.reading_report import Reading, ReadingReport, last_days, read_files
from skyshield.record.summary import summarise

__all__ = ["AlertCoverage", "AlertHours", "Alerts", "Daily", "LeftOut", "Nights", "Reading", "ReadingReport", "Record",
           "Row", "alert_coverage", "alert_hours_of_year", "countrywide_events", "daily", "last_days", "left_out",
           "night_alert_hours", "nightly", "read_alerts", "read_files", "read_record", "summarise"]
