"""The record by month, the orphans kept, and the rows that each trap affects.

Months are those of ``time_end`` as written; empty counts are 0, but where the file has no column of
losses to jamming these are None. Every figure is the defender's claim. `summarise` returns exactly what
``skyshield record --json`` prints.
"""

import calendar
from collections import Counter
from typing import Any

from skyshield.record.alerts import Alerts
from skyshield.record.names import CLASSES, reading
from skyshield.record.nights import rows_without_losses
from skyshield.record.reader import Record, Row
from skyshield.record.reading_report import last_days, report_on

COLUMNS = (("uav", "launched"), ("uav", "destroyed"), ("uav", "lost"), ("cruise", "launched"),
           ("cruise", "destroyed"), ("ballistic", "launched"), ("ballistic", "destroyed"),
           ("mixed", "launched"), ("mixed", "destroyed"))


def months_between(first: str, last: str) -> list[str]:
    """Return every month from `first` to `last`, both ``YYYY-MM``.

    Examples
    --------
    >>> months_between("2024-11", "2025-02")
    ['2024-11', '2024-12', '2025-01', '2025-02']
    """
    year, month = map(int, first.split("-"))
    months = []
    while (name := f"{year:04d}-{month:02d}") <= last:
        months.append(name)
        year, month = (year + 1, 1) if name.endswith("-12") else (year, month + 1)
    return months


def monthly(record: Record) -> list[dict[str, Any]]:
    """Return the counts by month, months without a row as zeros.

    Parameters
    ----------
    record
        What `read_record` returned.

    Returns
    -------
    list of dict
        ``month`` and the nine counts of `COLUMNS`, in order of time; ``uav_lost`` is None where the file has no
        such column.
    """
    if not record.kept:
        return []
    names = [row.month for row in record.kept]
    table: dict[str, dict[str, Any]] = {
        month: {"month": month, **{f"{group}_{what}": 0 for group, what in COLUMNS}}
        for month in months_between(min(names), max(names))}
    for month, row in zip(names, record.kept, strict=True):
        for group, what in COLUMNS:
            if group == row.threat_class:
                table[month][f"{group}_{what}"] += getattr(row, what) or 0
    if not record.losses_reported:
        for counts in table.values():
            counts["uav_lost"] = None
    return list(table.values())


def partial_months(record: Record) -> set[str]:
    """Return the first month if the file begins after its first day, the last if it ends before its last.

    Examples
    --------
    >>> partial_months(Record((), ""))
    set()
    """
    if not record.rows:
        return set()
    first = min(row.start for row in record.rows).date()
    last = max(row.date for row in record.rows)
    partial = set() if first.day == 1 else {first.isoformat()[:7]}
    if last.day < calendar.monthrange(last.year, last.month)[1]:
        partial.add(last.isoformat()[:7])
    return partial


def summarise(record: Record, alerts: Alerts | None = None) -> dict[str, Any]:
    """Summarise a record: counts by month, orphans and warnings by trap.

    Parameters
    ----------
    record
        What `read_record` returned.
    alerts
        What `read_alerts` returned, to distinguish quiet days from days that nobody reported (trap 11).

    Returns
    -------
    dict
        ``rows``, ``kept_rows``, ``orphans``, ``first``, ``last``, ``months`` (with ``partial`` where the
        file holds part of it), ``months_without_uav_counts``, ``left_out``, ``alerts`` and ``warnings``, all
        plain values that JSON holds.

    Raises
    ------
    SkyShieldError
        If the alerts cover none of the record's days, or no oblast whose hours are used.
    """
    report = report_on(record, alerts, *last_days(record)).to_dict()
    partial = partial_months(record)
    return {
        "rows": report["rows"],
        "kept_rows": report["kept_rows"],
        "orphans": [_orphan(row) for row in record.orphans],
        "first": min(row.start for row in record.rows).date().isoformat(),
        "last": max(row.date for row in record.rows).isoformat(),
        "months": [counts | ({"partial": True} if counts["month"] in partial else {}) for counts in monthly(record)],
        "months_without_uav_counts": sorted(_months_without_counts(record)),
        "left_out": report["left_out"],
        "alerts": report["alerts"],
        "warnings": report["warnings"],
    }


def _months_without_counts(record: Record) -> set[str]:
    """Return the months in which UAV rows leave out launches or kills, or losses of more than a few UAVs."""
    uav = [row for row in record.kept if row.threat_class == CLASSES[0]]
    months = {row.month for row in uav if row.launched is None or row.destroyed is None}
    launched, unknown = Counter[str](), Counter[str]()
    for row in uav:
        launched[row.month] += row.launched or 0
    for row in rows_without_losses(record):
        unknown[row.month] += row.launched or 0
    max_share = reading()["limits"]["left_out_share"]
    return months | {month for month, n in unknown.items() if n > max_share * launched[month]}


def _orphan(row: Row) -> dict[str, Any]:
    """Describe a kept regional row; of its source only the publisher."""
    return {"line": row.line, "time_start": row.time_start.strip(), "time_end": row.time_end.strip(),
            "model": row.model, "launched": row.launched or 0, "destroyed": row.destroyed or 0,
            "source": row.source_prefix}
