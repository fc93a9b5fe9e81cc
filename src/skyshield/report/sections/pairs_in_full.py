"""Options against one another in full: every pair, and where its lead would change."""

from typing import Any

from skyshield.report.breakeven_figures import breakeven_figure
from skyshield.report.pairs import pair_table, threshold_table
from skyshield.report.reading import Reading


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if no option is held against another."""
    table = pair_table(reading, None)
    if table is None:
        return None
    return {"table": table, "thresholds": threshold_table(reading), "figure": breakeven_figure(reading)}
