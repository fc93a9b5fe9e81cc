"""The price of a clause: what dropping it alone changes, leakers against incidents, as tables and one figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.catalogue import measure_of
from skyshield.report.drawing import (
    BLUE,
    GREEN,
    GREY,
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
    legend,
    shortened,
)
from skyshield.report.incidents import kind_label
from skyshield.report.tables import Cell, Table, with_interval
from skyshield.report.text import number
from skyshield.rules import RulesOfEngagement
from skyshield.study.clauses import COST, INCIDENTS, LEAKED, LEAKED_ZONE, TRADE, columns_of, kinds
from skyshield.study.summary import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Labels = Mapping[str, str]
Prices = Sequence[Mapping[str, Any]]

_BARE_IN, _ROW_IN = 1.1, 0.34
_LEGEND_IN = 0.25
_ROOM = 1.25
_TICKS = 4
_MARKS = tuple((marker, colour) for marker in "os^Dv" for colour in (ORANGE, INK, GREEN, GREY))
_SPREAD = 0.7  # of a row, over which the marks of the kinds are set apart


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
    """Draw threats prevented beside incidents added by kind, a row a clause; the country where none are counted."""
    counted = bool(columns_of(INCIDENTS))
    lines: list[tuple[str, Mapping[str, Any] | None]] = []  # a name, with a price unless it is that of an option
    for k, price in enumerate(prices):
        if not k or price["option"] != prices[k - 1]["option"]:
            lines.append((labels[price["option"]], None))
        lines.append((f"without {clause_text(price['clause'])}", price))
    names = ["" if line is None else name for name, line in lines]
    changed = [None if line is None else kinds(line["measures"]) for _, line in lines]
    every = list(dict.fromkeys(kind for row in changed for kind in row or ()))
    with drawing():
        height = _BARE_IN + _ROW_IN * len(lines) + (_LEGEND_IN * len(every) / 2 if counted else 0.0)
        canvas_, (left, right) = canvas(WIDTH_IN, height, columns=2)
        _bars(left, [None if line is None else line["trade"][LEAKED_ZONE] for _, line in lines], BLUE)
        if counted:
            _dots(right, changed, every)
            _kind_legend(canvas_, every)
        else:
            _bars(right, [None if line is None else line["trade"][LEAKED] for _, line in lines], PALE)
        for axes, title in ((left, "more prevented in the protected area"),
                            (right, "incidents added, by kind" if counted else "fewer leakers in the country")):
            label_rows(axes, names if axes is left else [""] * len(names), 46, 1, 9.0)
            axes.tick_params(axis="y", length=0)
            axes.set_title(title, loc="left", fontsize=10)
            for place, (_, line) in enumerate(lines):
                if line is None and place:
                    axes.axhline(place - 0.5, color=QUIET, linewidth=0.6)
        for place, (name, line) in enumerate(lines):
            if line is None:
                left.annotate(shortened(name), (0.0, place), xytext=(4, 0), xycoords=("axes fraction", "data"),
                              textcoords="offset points", va="center", fontsize=9, fontweight="bold", zorder=6,
                              annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        text = "; ".join(_description(price, labels, counted) for price in prices)
        return finish(canvas_, "figure-clauses", "What dropping a clause prevents and what it adds", text,
                      f"Each clause dropped alone, in {days} days on the same raids: means, with the 95% interval of "
                      "the expected outcome. Left, threats more kept from the protected area; right, "
                      + ("incidents added, a mark a kind, on a logarithmic scale; a hollow mark is a kind that becomes "
                         "rarer. Kinds overlap and are not added up." if counted else
                         "leakers fewer in the whole country."))


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
    return row | turned | {"lo": turned["hi"], "hi": turned["lo"]}


def _bars(axes: "Axes", rows: Sequence[Summary | None], colour: str) -> None:
    """Draw how many fewer there are, as bars."""
    from matplotlib.ticker import MaxNLocator

    values = [0.0]
    for place, given in enumerate(rows):
        if given is None:
            continue
        row = _turned(given)
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
    axes.set_xlabel("threats", fontsize=9.5)
    grid(axes, "x")


def _dots(axes: "Axes", rows: Sequence[Mapping[str, Summary] | None], every: Sequence[str]) -> None:
    """Draw what each clause adds of each kind, as marks on a logarithmic scale; a hollow mark is a kind that falls."""
    axes.set_xscale("log")
    for place, row in enumerate(rows):
        for k, kind in enumerate(every):
            result = (row or {}).get(kind)
            value = None if result is None else result["delta"]
            if result is None or not value:
                continue
            marker, colour = _MARKS[k % len(_MARKS)]
            y = place + _SPREAD * ((k + 0.5) / len(every) - 0.5)
            middle = ends(result)
            if middle is not None and middle[0] * middle[1] > 0.0:
                axes.plot(sorted(abs(end) for end in middle), (y, y), color=colour, linewidth=1.0, zorder=2)
            axes.plot([abs(value)], [y], marker, color=colour, markerfacecolor=colour if value > 0.0 else "white",
                      markersize=4.5, zorder=3)
    axes.set_xlabel("incidents, a logarithmic scale", fontsize=9.5)
    grid(axes, "x")


def _kind_legend(figure_: "Canvas", every: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], marker=marker, color="none", markerfacecolor=colour, markeredgecolor=colour,
                      markersize=4.5, label=_short(kind))
               for kind, (marker, colour) in zip(every, _MARKS * (1 + len(every) // len(_MARKS)), strict=False)]
    if handles:
        legend(figure_, handles, 2, "outside lower center")


def _short(kind: str) -> str:
    """Return a kind in a few words."""
    return measure_of(INCIDENTS).keys.get(kind, kind.replace("_", " "))
