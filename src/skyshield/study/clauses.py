"""The price of a clause: what changes if one clause of an option's rules alone is dropped.

Each difference is the option without the clause minus the option, on the same vectors and the same raids. A clause
keeps people and aircraft out of trouble at the cost of leakers, so both sides stand side by side: `TRADE` names
what a reader weighs, as far as the engine counts it, and `kinds` the incidents. Kinds of incident overlap, so they are
never added up. How many threats a clause refused explains and is no price: most of them are stopped by others, or
could not have been reached.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from skyshield.study.compare import paired, paired_sums
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.told import Summary, is_zero

LEAKED_ZONE, LEAKED, FRATRICIDE = "leaked_zone", "leaked", "fratricide"
CASUALTIES, COST = "casualties", "cost_eur"
REFUSED_BY, INCIDENTS = "refused_by", "incidents/"


class Traded(NamedTuple):
    """What a clause trades: the column, or what all columns that are added up begin with, and its name in words."""

    columns: str
    label: str


TRADE = {LEAKED_ZONE: Traded("leaked_zone", "Leakers in the protected area"),
         LEAKED: Traded("leaked/", "Leakers in the country"),
         FRATRICIDE: Traded("incidents/fratricide", "Friendly fire between aircraft"),
         CASUALTIES: Traded("casualties", "Casualties"), COST: Traded("cost_eur", "Cost, EUR million")}


def columns_of(prefix: str) -> tuple[str, ...]:
    """Return the columns of results that a name stands for; empty if the engine does not count it.

    Examples
    --------
    >>> columns_of("leaked/"), columns_of("leaked_zone"), columns_of("unicorns/")
    (('leaked/uav', 'leaked/cruise', 'leaked/ballistic'), ('leaked_zone',), ())
    """
    return tuple(c for c in MEASURES if c == prefix or (prefix.endswith("/") and c.startswith(prefix)))


def clause_prices(result: StudyResult, dropped: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the price of each clause.

    Parameters
    ----------
    result
        The study.
    dropped
        Option -> the option it is without a clause of, and the clause; see `Scenario.dropped_clauses`.

    Returns
    -------
    list
        For each: ``option``, ``clause``, ``measures`` (every column), ``trade`` (those of `TRADE` that are counted)
        and ``refused`` (threats that the clause refused in the option itself, None if that is not counted).
    """
    priced = {name: dropped[name] for name in result.options if name in dropped}
    pairs = [(name, option) for name, (option, _) in priced.items()]
    measures = paired(result, pairs)
    trades = {key: paired_sums(result, pairs, columns) for key, traded in TRADE.items()
              if (columns := columns_of(traded.columns))}
    return [{"option": option, "clause": clause, "measures": measures[name],
             "trade": {key: rows[name] for key, rows in trades.items()}, "refused": _refused(result, option, clause)}
            for name, (option, clause) in priced.items()]


def _refused(result: StudyResult, option: str, clause: str) -> float | None:
    """Return the mean number of threats that a clause refused in an option."""
    column = f"{REFUSED_BY}/{clause}"
    valid = result.valid[0]
    if column not in MEASURES or not valid.any():
        return None
    return float(result.column(column).values[0][result.options.index(option)][valid].mean())


def kinds(row: Mapping[str, Summary], prefix: str = INCIDENTS) -> dict[str, Summary]:
    """Return the columns of a comparison that begin so, without those that never differ."""
    return {column.removeprefix(prefix): row[column] for column in columns_of(prefix)
            if not is_zero(row[column])}
