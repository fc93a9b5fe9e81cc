"""The public raid record and the air-raid alerts: what was reported, read with care. Fact only."""

from skyshield.record.alerts import AlertHours, Alerts, night_alert_hours, read_alerts
from skyshield.record.nights import Daily, Nights, daily, nightly
from skyshield.record.reader import Record, Row, read_record
from skyshield.record.summary import summarise

__all__ = ["AlertHours", "Alerts", "Daily", "Nights", "Record", "Row", "daily", "night_alert_hours", "nightly",
           "read_alerts", "read_record", "summarise"]
