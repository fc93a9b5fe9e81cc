"""The price of a clause: what dropping it alone changes, leakers against incidents, as tables and one figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from skyshield.catalogue import measure_of
from skyshield.report.reading import Reading
from skyshield.report.rows import Bar, bars
from skyshield.report.sections.incidents_in_full import kind_label
from skyshield.report.svg import SKYSHIELD, Figure
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import number
from skyshield.rules import RulesOfEngagement
from skyshield.study.clauses import COST, INCIDENTS, LEAKED, LEAKED_ZONE, TRADE, columns_of, kinds
from skyshield.study.told import Summary, error_of

Labels = Mapping[str, str]
Prices = Sequence[Mapping[str, Any]]

_MOST_KINDS = 3  # beside a bar
_LEAST_SHOWN = 0.01  # of an incident, in the picture; the tables hold all


@dataclass(frozen=True)
class Clauses:
    """What the page shows of the price of clauses."""

    tables: tuple[Table, ...]
    figure: Figure
    counted: bool


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if the study dropped no clause."""
    computed = section(reading.view.prices, reading.labels, reading.days)
    return None if computed is None else {"clauses": computed}


def section(prices: Prices, labels: Labels, days: int) -> Clauses | None:
    """Return the section of the price of clauses, None if the study dropped none.

    Parameters
    ----------
    prices
        From `clause_prices`.
    labels
        Of the options.
    days
        Of the period.
    """
    if not prices:
        return None
    tables = []
    for option in dict.fromkeys(price["option"] for price in prices):
        of = [price for price in prices if price["option"] == option]
        tables.append(trade_table(of, option, labels[option], days))
        changed = kinds_table(of, option, labels[option], days)
        tables += [] if changed is None else [changed]
    return Clauses(tuple(tables), figure(prices, labels, days), bool(columns_of(INCIDENTS)))


def clause_text(clause: str) -> str:
    """Return a clause in words.

    Examples
    --------
    >>> clause_text("standoff_russia")
    'the distance from Russia'
    """
    known = RulesOfEngagement.model_fields.get(clause)
    return (known and known.title) or clause


def trade_table(prices: Prices, option: str, label: str, days: int) -> Table:
    """Return leakers against incidents, people and money, a row a clause."""
    shown = list(prices[0]["trade"])
    refused = any(price["refused"] is not None for price in prices)
    rows: list[tuple[Cell, ...]] = []
    for price in prices:
        head = Markup("{}<br><code>{}</code>").format(clause_text(price["clause"]), price["clause"])
        cells = [with_interval(price["trade"][key], COST if key == COST else LEAKED_ZONE, "delta") for key in shown]
        rows.append((head, *cells, *((number(price["refused"]),) if refused else ())))
    return Table(f"clauses-{option}", f"{label}: what dropping one clause alone changes in {days} days, on the same "
                 "raids, with the 95% interval of the expected outcome in brackets",
                 ("Clause dropped", *(TRADE[key].label for key in shown),
                  *(("Refused because of it",) if refused else ())),
                 tuple(rows), numeric=True,
                 note="Refused because of it: threats in the option itself. That explains and is no price: Ukraine "
                      "stops most of them, or they would have been missed." if refused else "")


def kinds_table(prices: Prices, option: str, label: str, days: int) -> Table | None:
    """Return the kinds of incident that any dropped clause changes, None if there are none."""
    changed = [kinds(price["measures"]) for price in prices]
    names = list(dict.fromkeys(kind for row in changed for kind in row))
    if not names:
        return None
    rows = [(kind_label(kind), *(with_interval(row[kind], f"{INCIDENTS}{kind}", "delta") if kind in row else "0"
                                 for row in changed)) for kind in names]
    return Table(f"clause-incidents-{option}", f"{label}: incidents more or fewer in {days} days if one clause is "
                 "dropped, by kind; kinds overlap and are not added up",
                 ("Kind of incident", *(f"Without {clause_text(p['clause'])}" for p in prices)),
                 tuple(rows), numeric=True, dense=len(prices) > len(TRADE))


def figure(prices: Prices, labels: Labels, days: int) -> Figure:
    """Draw the threats that each clause lets through, and write the incidents that it saves beside them."""
    counted = bool(columns_of(INCIDENTS))
    rows = [Bar(f"{labels[price['option']]}, without {clause_text(price['clause'])}", SKYSHIELD,
                _turned(price["trade"][LEAKED_ZONE if counted else LEAKED]), _added(price) if counted else "")
            for price in prices]
    dearest = max(rows, key=lambda row: row.summary["delta"] or 0.0)
    where = "kept from the protected area" if counted else "fewer leakers in the country"
    return bars("figure-clauses", rows,
                f"{dearest.label}: {number(dearest.summary['delta'], error=error_of(dearest.summary))} threats more "
                f"{where}",
                f"Threats more {where} in {days} days if one clause is dropped alone, on the same raids; the line is "
                "95% of the expected outcome" + ("; below, the kinds of incident that change most" if counted else ""),
                "Kinds overlap and are not added up; all of them are in the tables." if counted else "",
                "; ".join(_description(price, labels, counted) for price in prices))


def _added(price: Mapping[str, Any]) -> str:
    """Return the kinds of incident that a dropped clause changes most, with their sign."""
    changed = sorted(((kind, delta) for kind, row in kinds(price["measures"]).items()
                      if (delta := row["delta"]) is not None and abs(delta) >= _LEAST_SHOWN),
                     key=lambda item: -abs(item[1]))[:_MOST_KINDS]
    return "; ".join(f"{_short(kind)} {'+' if delta > 0.0 else ''}{number(delta)}" for kind, delta in changed)


def _description(price: Mapping[str, Any], labels: Labels, counted: bool) -> str:
    texts = [f"more prevented in the protected area {number(_turned(price['trade'][LEAKED_ZONE])['delta'])}"]
    if counted:
        texts += [f"{kind_label(kind)} {number(row['delta'])}" for kind, row in kinds(price["measures"]).items()]
    else:
        texts.append(f"fewer leakers in the country {number(_turned(price['trade'][LEAKED])['delta'])}")
    return f"{labels[price['option']]}, without {clause_text(price['clause'])}: {', '.join(texts)}"


def _turned(row: Summary) -> Summary:
    """Return a difference with its sign turned, ends changing places."""
    turned = {key: None if (value := row[key]) is None else -value for key in ("delta", "lo", "hi")}
    errors = {} if "se" not in row else {"se": row["se"] | {"lo": row["se"]["hi"], "hi": row["se"]["lo"]}}
    return row | turned | {"lo": turned["hi"], "hi": turned["lo"]} | errors


def _short(kind: str) -> str:
    """Return a kind in a few words."""
    return measure_of(INCIDENTS).keys.get(kind, kind.replace("_", " "))
