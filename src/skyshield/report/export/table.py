"""A table that leaves the house: named columns with a type, a unit and what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

STRING, INTEGER, NUMBER, BOOLEAN, ANY = "string", "integer", "number", "boolean", "any"
_TYPES = {STRING: "object", INTEGER: "Int64", NUMBER: "float64", BOOLEAN: "boolean", ANY: "object"}
BY_ROW = "see the column unit"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        Its head.
    type
        ``string``, ``integer``, ``number``, ``boolean`` or ``any``, as a Frictionless table schema names them.
    title
        Its name in words.
    description
        What it holds.
    unit
        Of its numbers; `BY_ROW` where each row names its own, empty where there is none.
    """

    name: str
    type: str
    title: str
    description: str
    unit: str = ""


@dataclass(frozen=True)
class DataTable:
    """A table of a study.

    Attributes
    ----------
    name
        Its name: of the sheet, of the file, of the resource.
    title
        The same in words.
    description
        What it is.
    columns
        Its columns, in order.
    frame
        Its rows, with these columns.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    frame: "pd.DataFrame"


def framed(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column]) -> "pd.DataFrame":
    """Return rows as a frame with these columns, each of its type; what a row lacks is missing.

    Examples
    --------
    >>> columns = (Column("name", STRING, "Name", "A name"), Column("n", INTEGER, "Number", "How many"))
    >>> framed([{"name": "a", "n": 1}, {"name": "b"}], columns)["n"].tolist()
    [1, <NA>]
    """
    import pandas as pd

    held = list(rows)
    return pd.DataFrame({column.name: pd.Series([row.get(column.name) for row in held], dtype=_TYPES[column.type])
                         for column in columns})


def text_of(frame: "pd.DataFrame") -> str:
    """Return a frame as CSV: UTF-8, commas, one line feed a row, an empty cell for what is missing."""
    return frame.to_csv(index=False, lineterminator="\n")
