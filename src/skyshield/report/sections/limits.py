"""What the study cannot say: the limits that hold for it, from a table in which each says when it holds."""

from typing import Any

from skyshield.report.limits import holding
from skyshield.report.reading import Reading


def make(reading: Reading) -> dict[str, Any]:
    """Return the limits that hold."""
    return {"limits": holding(reading)}
