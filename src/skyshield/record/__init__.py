"""The public raid record and the air-raid alerts: what was reported, read with care. Fact only."""

from skyshield.record.nights import Daily, Nights, daily, nightly
from skyshield.record.reader import Record, Row, read_record
from skyshield.record.summary import summarise

__all__ = ["Daily", "Nights", "Record", "Row", "daily", "nightly", "read_record", "summarise"]
