"""What a reading of the record leaves out because it does not know the name of the weapon.

A row counts as left out if its model is not in the table and no national bulletin of a known weapon meets a
regional one (which the rule for repeats would have dropped all the same). Its launches are compared with
those that count in the same days.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from skyshield.core.errors import SkyShieldError, one_line
from skyshield.record.names import nearest_model, reading
from skyshield.record.reader import UNKNOWN_MODEL, Record, Row

_SHOWN = 3


@dataclass(frozen=True)
class UnknownModel:
    """A name that is not in the table: its rows, what they say was launched, and the known name most like it."""

    name: str
    rows: int
    launched: int
    nearest: str | None

    def words(self) -> str:
        """Return the name with what is like it."""
        shown = repr(one_line(self.name, 60)) if self.name else "no name at all"
        return f"{shown}, nearest {self.nearest!r}" if self.nearest else f"{shown}, like nothing in the table"


@dataclass(frozen=True)
class LeftOut:
    """What is left out of some days.

    Attributes
    ----------
    rows, launched
        Rows left out and what they say was launched.
    share
        Of the launches of these days, counted or not; 0 if there are none.
    models
        The names, those with most launches first.
    """

    rows: int
    launched: int
    share: float
    models: tuple[UnknownModel, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"rows": self.rows, "launched": self.launched, "share": float(f"{self.share:.6g}"),
                "models": [{"name": one.name, "rows": one.rows, "launched": one.launched, "nearest": one.nearest}
                           for one in self.models]}

    def words(self) -> str:
        """Say what is left out, without a full stop."""
        named = "; ".join(one.words() for one in self.models[:_SHOWN])
        more = f"; and {len(self.models) - _SHOWN} more" if len(self.models) > _SHOWN else ""
        return (f"{self.launched:,} launches ({self.share:.1%}) in {self.rows:,} rows are left out, whose model is not "
                f"in the table: {named}{more}")


def is_left_out(row: Row) -> bool:
    """Tell whether a row counts nowhere because its model is not known."""
    return row.why_dropped == UNKNOWN_MODEL


def left_out(record: Record, first: dt.date | None = None, last: dt.date | None = None) -> LeftOut:
    """Return what is left out of the days from `first` to `last`, of the whole record if not given."""
    inside = [row for row in record.rows
              if (first is None or row.date >= first) and (last is None or row.date <= last)]
    lost = [row for row in inside if is_left_out(row)]
    launched = sum(row.launched or 0 for row in lost)
    counted = sum(row.launched or 0 for row in inside if row.kept)
    by_name: dict[str, list[Row]] = {}
    for row in lost:
        by_name.setdefault(row.model, []).append(row)
    models = [UnknownModel(name, len(rows), sum(row.launched or 0 for row in rows), nearest_model(name))
              for name, rows in by_name.items()]
    return LeftOut(len(lost), launched, launched / (launched + counted) if launched else 0.0,
                   tuple(sorted(models, key=lambda one: (-one.launched, one.name))))


def refuse_large_loss(lost: LeftOut, path: str) -> None:
    """Refuse a record of which more would be left out than the limit allows.

    Raises
    ------
    SkyShieldError
        Exit code 2, naming the models and what is nearest to them.
    """
    limit = reading()["limits"]["left_out_share"]
    if lost.share > limit:
        raise SkyShieldError(path, f"{lost.words().replace(';', ',')} (limit {limit:.0%})",
                             "mend the names, or add --accept-unknown to go on without these rows")
