"""The price of a clause: what dropping it alone changes, leakers against incidents, as tables and one figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.report.drawing import (
    BLUE,
    INK,
    ORANGE,
    PALE,
    QUIET,
    WIDTH_IN,
    Figure,
    canvas,
    drawing,
    ends,
    finish,
    grid,
    label_rows,
    shortened,
)
from skyshield.report.incidents import kind_label
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.words import number
from skyshield.rules import RulesOfEngagement
from skyshield.study.clauses import COST, INCIDENTS, LEAKED, LEAKED_ZONE, TRADE, columns_of, kinds
from skyshield.study.compare import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Labels = Mapping[str, str]
Prices = Sequence[Mapping[str, Any]]

_HEADS = {"leaked_zone": "Leakers in the protected area", "leaked": "Leakers in the country", "incidents": "Incidents",
          "fratricide": "Of them fratricide", "casualties": "Casualties", "cost_eur": "Cost, EUR million"}
_BARE_IN, _ROW_IN = 1.1, 0.34
_ROOM = 1.25
_TICKS = 4


@dataclass(frozen=True)
class Clauses:
    """What the page shows of the price of clauses."""

    tables: tuple[Table, ...]
    figure: Figure
    counted: bool


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
    return Clauses(tuple(tables), figure(prices, labels, days), bool(columns_of(TRADE[INCIDENTS])))


def clause_words(clause: str) -> str:
    """Return a clause in words.

    Examples
    --------
    >>> clause_words("standoff_russia")
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
        head = Markup("{}<br><code>{}</code>").format(clause_words(price["clause"]), price["clause"])
        cells = [with_interval(price["trade"][key], COST if key == COST else LEAKED_ZONE, "delta") for key in shown]
        rows.append((head, *cells, *((number(price["refused"]),) if refused else ())))
    return Table(f"clauses-{option}", f"{label}: what dropping one clause alone changes in {days} days, on the same "
                 "raids, with the 95% interval of the expected outcome in brackets",
                 ("Clause dropped", *(_HEADS[key] for key in shown), *(("Refused because of it",) if refused else ())),
                 tuple(rows), numeric=True,
                 note="Refused because of it: threats in the option itself. That explains and is no price: Ukraine "
                      "stops most of them, or they would have been missed." if refused else "")


def kinds_table(prices: Prices, option: str, label: str, days: int) -> Table | None:
    """Return the kinds of incident that any dropped clause changes, None if there are none."""
    changed = [kinds(price["measures"]) for price in prices]
    names = list(dict.fromkeys(kind for row in changed for kind in row))
    if not names:
        return None
    rows = [(kind_label(kind), *(with_interval(row[kind], LEAKED_ZONE, "delta") if kind in row else "0"
                                 for row in changed)) for kind in names]
    return Table(f"clause-incidents-{option}", f"{label}: incidents more or fewer in {days} days if one clause is "
                 "dropped, by kind", ("Kind of incident", *(f"Without {clause_words(p['clause'])}" for p in prices)),
                 tuple(rows), numeric=True, dense=len(prices) > len(_HEADS))


def figure(prices: Prices, labels: Labels, days: int) -> Figure:
    """Draw leakers prevented beside incidents added, a row a clause."""
    panels: list[tuple[str, float, str, str]] = [(LEAKED_ZONE, -1.0, BLUE, "more prevented in the protected area"),
                                                 (LEAKED, -1.0, PALE, "fewer leakers in the country")]
    if columns_of(TRADE[INCIDENTS]):
        panels[1] = (INCIDENTS, 1.0, ORANGE, "incidents added")
    lines: list[tuple[str, Mapping[str, Any] | None]] = []  # a name, with a price unless it is that of an option
    for k, price in enumerate(prices):
        if not k or price["option"] != prices[k - 1]["option"]:
            lines.append((labels[price["option"]], None))
        lines.append((f"without {clause_words(price['clause'])}", price))
    names = ["" if price is None else name for name, price in lines]
    with drawing():
        canvas_, every = canvas(WIDTH_IN, _BARE_IN + _ROW_IN * len(lines), columns=len(panels))
        for panel, (axes, (key, sign, colour, title)) in enumerate(zip(every, panels, strict=True)):
            _panel(axes, [None if line is None else line["trade"][key] for _, line in lines], sign, colour)
            label_rows(axes, names if panel == 0 else [""] * len(names), 46, 1, 9.0)
            axes.tick_params(axis="y", length=0)
            axes.set_title(title, loc="left", fontsize=10)
            for place, (name, line) in enumerate(lines):
                if line is None and place:
                    axes.axhline(place - 0.5, color=QUIET, linewidth=0.6)
                if line is None and panel == 0:
                    axes.annotate(shortened(name), (0.0, place), xytext=(4, 0),
                                  xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
                                  fontsize=9, fontweight="bold", annotation_clip=False, zorder=6,
                                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        canvas_.supxlabel(f"in {days} days, mean and 95% interval of the expected outcome; each panel has its own "
                          "scale", fontsize=9.5)
        said = "; ".join(f"{name}: " + ", ".join(
            f"{title} {number(_turned(price['trade'][key], sign)['delta'])}" for key, sign, _, title in panels)
            for price in prices for name in [f"{labels[price['option']]}, without {clause_words(price['clause'])}"])
        return finish(canvas_, "figure-clauses", "What dropping a clause prevents and what it adds", said,
                      "Each clause dropped alone, on the same raids. Left, threats more kept from the protected area; "
                      "right, " + ("incidents of all kinds added." if panels[1][0] == INCIDENTS else
                                   "leakers fewer in the whole country."))


def _turned(row: Summary, sign: float) -> Summary:
    """Return a difference with its sign turned, ends changing places."""
    if sign > 0.0:
        return row
    turned = {key: None if row[key] is None else -row[key] for key in ("delta", "lo", "hi")}  # type: ignore[operator]
    return row | turned | {"lo": turned["hi"], "hi": turned["lo"]}


def _panel(axes: "Axes", rows: Sequence[Summary | None], sign: float, colour: str) -> None:
    from matplotlib.ticker import MaxNLocator

    values = [0.0]
    for place, given in enumerate(rows):
        if given is None:
            continue
        row = _turned(given, sign)
        value, middle = row["delta"] or 0.0, ends(row)
        axes.barh(place, value, color=colour, edgecolor=QUIET, linewidth=0.6, height=0.62)
        if middle is not None:
            axes.plot(middle, (place, place), color=INK, linewidth=1.3)
        axes.annotate(number(value), (max(value, *(middle or (value,)), 0.0), place), xytext=(5, 0),
                      textcoords="offset points", va="center", fontsize=8.5)
        values += [value, *(middle or ())]
    low, high = min(values), max(values)
    width = (high - low) or 1.0
    axes.set_xlim(low - (0.05 * width if low < 0.0 else 0.0), high + (_ROOM - 1.0) * width)
    axes.xaxis.set_major_locator(MaxNLocator(_TICKS))
    axes.axvline(0.0, color=INK, linewidth=0.8)
    grid(axes, "x")
