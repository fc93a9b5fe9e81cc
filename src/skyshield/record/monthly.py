"""The shipped aggregates of the record: monthly counts, and how the days of a month spread.

The package ships no rows of the record. What it ships, ``data/monthly.yaml``, is written by
``tools/make_monthly.py`` from a file the user has: per month the counts of `summarise`, the UAV
bulletins' windows and exposure, the days without a UAV row, the mass and combined raids, and
quantiles of the daily launches by class. Days are operational (`skyshield.record.nights`), dated by
their end. A month of fewer than 20 days in the file has no quantiles. Daily launches are per
bulletin window: read them with the exposure beside them.
"""

import functools
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Days, Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import parse_yaml
from skyshield.record.names import CLASSES, reading
from skyshield.record.nights import Daily, daily, nightly, window_s
from skyshield.record.reader import LOSSES, Record
from skyshield.record.summary import COLUMNS, monthly

DAY_COLUMNS = ("n_days", "n_days_without_uav_row", "n_uav_windows", "n_mass_raids", "n_combined_raids")
CLAIM = "claims by the defender (Ukrainian Air Force bulletins), confirmed by nobody; aggregates only"


@dataclass(frozen=True)
class Monthly:
    """Aggregates by month, one element per month in order of time.

    Attributes
    ----------
    month
        datetime64[M], shape (n,).
    counts
        The nine counts of the record (``uav_launched`` …), int64, shape (n,) each.
    days
        ``n_days``, ``n_days_without_uav_row``, ``n_uav_windows``, ``n_mass_raids`` (operational days
        of at least 300 UAVs), ``n_combined_raids`` (at least 20 missiles), int64, shape (n,) each.
    exposure_h
        Hours of the clock UAV bulletins speak of, shape (n,).
    levels
        Levels of the quantiles, shape (q,).
    quantiles
        Daily launches by class, shape (n, q) each; NaN where the month is too short.
    provenance
        ``source``, ``window_first``, ``window_last``, ``sha256``, ``date``, ``note``.
    """

    month: Days
    counts: dict[str, Integers]
    days: dict[str, Integers]
    exposure_h: Floats
    levels: Floats
    quantiles: dict[str, Floats]
    provenance: dict[str, str]


@functools.cache
def load_monthly() -> Monthly:
    """Load the aggregates that ship with the package.

    Returns
    -------
    Monthly
        Arrays must not be written to; every caller gets the same ones.

    Examples
    --------
    >>> import numpy as np
    >>> months = load_monthly()
    >>> int(months.counts["uav_launched"][months.month == np.datetime64("2025-10")][0])
    5298
    """
    path = "data/monthly.yaml"
    text = resources.files("skyshield.record").joinpath(path).read_text("utf-8")
    return parse_monthly(parse_yaml(text, f"record/{path}"))


def parse_monthly(table: dict[str, Any]) -> Monthly:
    """Turn what `build_monthly` returned, or its YAML, into arrays that cannot be written to."""
    columns = list(zip(*table["rows"], strict=True))
    by_name = dict(zip(table["columns"], columns, strict=True))

    def frozen(values: Any, kind: Any) -> Any:
        array = np.array(values, kind)
        array.flags.writeable = False
        return array

    n_levels = len(table["quantile_levels"])
    return Monthly(
        month=frozen(by_name["month"], "datetime64[M]"),
        counts={name: frozen(by_name[name], np.int64) for name in _count_names()},
        days={name: frozen(by_name[name], np.int64) for name in DAY_COLUMNS},
        exposure_h=frozen(by_name["exposure_h"], np.float64),
        levels=frozen(table["quantile_levels"], np.float64),
        quantiles={name: frozen([[np.nan] * n_levels if row is None else row for row in rows], np.float64)
                   for name, rows in table["daily_quantiles"].items()},
        provenance=dict(table["provenance"]))


def build_monthly(record: Record, source: str, date: str) -> dict[str, Any]:
    """Aggregate a record by month.

    Parameters
    ----------
    record
        What `read_record` returned.
    source
        Where the file comes from, one line.
    date
        The date of the aggregates, ``YYYY-MM-DD``.

    Returns
    -------
    dict
        Plain values, as they stand in ``data/monthly.yaml``.

    Raises
    ------
    SkyShieldError
        If the record has no column of losses to jamming.
    """
    if not record.losses_reported:
        raise SkyShieldError("record", f"has no column {LOSSES}, so its months lack a count", "give a file that has it")
    days = daily(nightly(record))
    facts = reading()["facts"]
    uav = [row for row in record.kept if row.threat_class == CLASSES[0]]
    has_uav_row = np.isin(days.date, np.array([row.date for row in uav], "datetime64[D]"))
    windows: dict[str, set[tuple[float, float]]] = {}
    for row in uav:
        windows.setdefault(row.month, set()).add(window_s(row))
    rows: list[list[Any]] = []
    quantiles: dict[str, list[list[float] | None]] = {name: [] for name in CLASSES}
    for counts in monthly(record):
        month = counts["month"]
        in_month = days.date.astype("datetime64[M]") == np.datetime64(month)
        missiles = (days.cruise + days.ballistic + days.mixed)[in_month]
        rows.append([
            *counts.values(), int(in_month.sum()), int((in_month & ~has_uav_row).sum()), len(windows.get(month, ())),
            int((days.uav[in_month] >= facts["mass_raid_uav"]).sum()),
            int((missiles >= facts["combined_raid_missiles"]).sum()), round(float(days.exposure_h[in_month].sum()), 2)])
        for name in CLASSES:
            quantiles[name].append(_quantiles(days, name, in_month))
    return {
        "provenance": {
            "source": source, "window_first": min(row.date for row in record.kept).isoformat(),
            "window_last": max(row.date for row in record.kept).isoformat(), "sha256": record.sha256, "date": date,
            "note": CLAIM},
        "columns": ["month", *_count_names(), *DAY_COLUMNS, "exposure_h"],
        "rows": rows,
        "quantile_levels": list(facts["quantiles"]),
        "daily_quantiles": quantiles,
    }


def _count_names() -> list[str]:
    return [f"{group}_{what}" for group, what in COLUMNS]


def _quantiles(days: Daily, name: str, in_month: Booleans) -> list[float] | None:
    """Return quantiles of a month's daily launches, None if the file has too few days of the month."""
    facts = reading()["facts"]
    if in_month.sum() < facts["min_days_for_quantiles"]:
        return None
    return [round(float(value), 2) for value in np.quantile(getattr(days, name)[in_month], facts["quantiles"])]
