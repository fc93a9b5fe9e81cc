"""What each trap of the record touched, told in figures."""

from typing import Any

from skyshield.record.reader import Record


def warnings(record: Record) -> list[dict[str, Any]]:
    """Return one entry per trap: its number or name, the rows it touched, and one sentence."""
    return [{"trap": 2, "rows": sum(1 for row in record.rows if not row.national), "what": "regional rows"}]
