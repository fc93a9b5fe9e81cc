"""Rows of the record that are left out because the name of the weapon is not in the table.

A row counts as left out if its model is not in the table; a regional one only if no national bulletin of such a
weapon or one of the classes overlaps it, for then it would be dropped as a repeat anyway. Its launches are compared
with those that count in the same days; where such a row gives no number, rows are compared if these are the
larger share.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from skyshield.core.errors import SkyShieldError, one_line
from skyshield.record.names import is_combination, nearest_model, reading
from skyshield.record.reader import UNKNOWN_MODEL, Record, Row

_SHOWN = 3


@dataclass(frozen=True)
class UnknownModel:
    """A name that is not in the table: its rows, their launches, and the most similar known name."""

    name: str
    rows: int
    launched: int
    nearest: str | None

    def text(self) -> str:
        """Return the name with the most similar known one."""
        shown = repr(one_line(self.name, 60)) if self.name else "no name at all"
        if is_combination(self.name):
            return f"{shown}, a combination that is in no class"
        return f"{shown}, nearest {self.nearest!r}" if self.nearest else f"{shown}, like nothing in the table"


@dataclass(frozen=True)
class LeftOut:
    """What is left out of some days.

    Attributes
    ----------
    rows, launched
        Rows left out and their launches.
    without_number
        Of these rows, those without a number launched.
    share
        Of the launches of these days, counted or not (of the rows, where that is more and some give no number).
    models
        The names, those with most launches first.
    """

    rows: int
    launched: int
    without_number: int
    share: float
    models: tuple[UnknownModel, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"rows": self.rows, "launched": self.launched,
                "without_number": self.without_number, "share": float(f"{self.share:.6g}"),
                "models": [{"name": model.name, "rows": model.rows, "launched": model.launched,
                            "nearest": model.nearest} for model in self.models]}

    def text(self) -> str:
        """Return a sentence on what is left out, without a full stop."""
        named = "; ".join(model.text() for model in self.models[:_SHOWN])
        more = f"; and {len(self.models) - _SHOWN} more" if len(self.models) > _SHOWN else ""
        without_number = f", {self.without_number:,} of them without a number," if self.without_number else ""
        return (f"{self.launched:,} launches ({self.share:.1%}) in {self.rows:,} rows{without_number} are left out, "
                f"whose model is not in the table: {named}{more}")


def is_left_out(row: Row) -> bool:
    """Return whether a row counts nowhere because its model is not known."""
    return row.why_dropped == UNKNOWN_MODEL


def left_out(record: Record, first: dt.date | None = None, last: dt.date | None = None) -> LeftOut:
    """Return what is left out of the days from `first` to `last`, of the whole record if not given."""
    inside = [row for row in record.rows
              if (first is None or row.date >= first) and (last is None or row.date <= last)]
    omitted = [row for row in inside if is_left_out(row)]
    launched = sum(row.launched or 0 for row in omitted)
    counted = [row for row in inside if row.kept]
    without_number = sum(1 for row in omitted if row.launched is None)
    share = launched / (launched + sum(row.launched or 0 for row in counted)) if launched else 0.0
    if without_number:
        share = max(share, len(omitted) / (len(omitted) + len(counted)))
    by_name: dict[str, list[Row]] = {}
    for row in omitted:
        by_name.setdefault(row.model, []).append(row)
    models = [UnknownModel(name, len(rows), sum(row.launched or 0 for row in rows), nearest_model(name))
              for name, rows in by_name.items()]
    return LeftOut(len(omitted), launched, without_number, share,
                   tuple(sorted(models, key=lambda model: (-model.launched, model.name))))


def refuse_large_omission(omitted: LeftOut, path: str) -> None:
    """Refuse a record of which more would be left out than the limit allows.

    Raises
    ------
    SkyShieldError
        Exit code 2, naming the models and what is nearest to them.
    """
    limit = reading()["limits"]["left_out_share"]
    if omitted.share > limit:
        raise SkyShieldError(path, f"{omitted.text().replace(';', ',')} (limit {limit:.0%})",
                             "mend the names, or add --accept-unknown to go on without these rows")
