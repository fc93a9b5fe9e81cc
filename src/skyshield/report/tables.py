"""The report's tables as plain data: a caption with units, a head, rows of text.

A cell is text, which the template escapes, or markup made here from escaped parts. The first cell of a
row names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from skyshield.catalogue import Catalogue, load_measures, load_threat_classes, measure_of
from skyshield.report.alike import Family
from skyshield.report.text import (
    FEW,
    NOTHING,
    SOME,
    force_text,
    full,
    interval,
    number,
    span,
    standoff_text,
    target_text,
    total,
    zone_text,
)
from skyshield.scenario import Scenario
from skyshield.study.compare import PRIMARIES, PRIMARY, Comparison
from skyshield.study.moves import Moved
from skyshield.study.told import Summary, error_of, is_zero, scaled_row
from skyshield.study.view import StudyView

Cell = str | Markup
Summaries = Mapping[str, Mapping[str, Summary]]

_DOUBTS = ("Difference", "95% interval of the expected outcome", "Standard error (of it Monte Carlo)",
           "95% of single periods", "Envelope, one at a time", "All at once")
_DOUBTS_NOTE = ("Standard error: how far the difference would move with other vectors and other dice. All at once: "
                "from the worst to the best ends of all numbers that nobody knows together.")

_MILLION = 1e6
_AT_FLOOR = 0.05  # of the floor, above it
_BILLION = 1e9


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes
    ----------
    key
        Its anchor.
    caption
        What it shows, with units.
    head
        Column heads.
    rows
        Cells; the first of a row is its head.
    numeric
        Whether the columns after the first are numbers.
    note
        Below the table.
    dense
        Whether it has so many columns that it is set small.
    """

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: bool = False
    note: str = ""
    dense: bool = False


def measure_columns() -> list[str]:
    """Return every column of results in the order of the tables."""
    return [column for measure in load_measures() for column in measure.columns]


def measure_unit(column: str) -> str:
    """Return the unit a column is shown in.

    Examples
    --------
    >>> measure_unit("leaked/uav"), measure_unit("cost_eur")
    ('threats', 'EUR million')
    """
    return measure_of(column).shown


def measure_label(column: str) -> str:
    """Return a column's name in words.

    Examples
    --------
    >>> measure_label("prevented/uav")
    'Prevented, UAVs'
    """
    return measure_of(column).label_of(column.partition("/")[2])


def class_heads() -> dict[str, str]:
    """Return each class of threat with its name in a table."""
    return {one.name: one.short for one in load_threat_classes()}


def scaled(value: float | None, column: str) -> float | None:
    """Return a value in the unit it is shown in."""
    return None if value is None else value / measure_of(column).scale


def with_interval(row: Summary, column: str, middle: str,
                  show: Callable[[float | None, int, float | None], str] = number) -> str:
    """Return ``middle (lo to hi)`` of a summary in the shown unit, the middle alone if nothing varies."""
    shown = scaled_row(row, measure_of(column).scale)
    doubt = interval(shown, show)
    head = show(shown[middle], FEW, error_of(shown))
    return head if doubt in (head, NOTHING) else f"{head} ({doubt})"


def options(scenario: Scenario, catalogue: Catalogue) -> Table:
    """Say what each option is, clause by clause."""
    budgets = any(option.budget_eur is not None for option in scenario.options)
    rows: list[tuple[Cell, ...]] = []
    for option in scenario.options:
        tag = Markup(" <small>(baseline)</small>") if option.name == scenario.baseline else ""
        name = Markup("{}{}<br><code>{}</code>").format(option.label, tag, option.name)
        ruled = (target_text(option.rules), zone_text(option.rules.zone), standoff_text(option.rules))
        budget = NOTHING if option.budget_eur is None else f"EUR {number(option.budget_eur / _MILLION, SOME)} million"
        rows.append((name, force_text(option, catalogue), *(ruled if option.fires else (NOTHING,) * len(ruled)),
                     *((budget,) if budgets else ())))
    return Table("options", "The options and their rules", ("Option", "Forces", "May shoot at", "Zone", "Keeps away",
                                                            *(("Budget",) if budgets else ())), tuple(rows))


def doubts(comparison: Comparison, labels: Mapping[str, str]) -> Table:
    """Return the headline of every option with the kinds of doubt side by side."""
    rows = [(labels[option], *_doubts_of(row[PRIMARY])) for option, row in comparison.rows.items()]
    return Table("headline", "Armed threats bound for the protected area kept from their aims, difference to "
                 f"“{labels[comparison.to]}” on the same raids, threats a period", ("Option", *_DOUBTS), tuple(rows),
                 numeric=True, note=_DOUBTS_NOTE)


def _doubts_of(shown: Summary) -> tuple[str, ...]:
    """Return a difference with every kind of doubt, as `_DOUBTS` heads them."""
    error, noise = error_of(shown), shown["mcse"]
    return (number(shown["delta"], error=error), interval(shown),
            NOTHING if error is None and noise is None else f"{number(error)} ({number(noise)})",
            span(shown["spread_lo"], shown["spread_hi"]), span(shown["env_lo"], shown["env_hi"]),
            span(shown["joint_lo"], shown["joint_hi"]))


def arms(view: StudyView, families: Sequence[Family]) -> Table:
    """Return the headline with each number that nobody knows, or bundle, moved alone to its ends."""
    names: list[tuple[int, Cell, str]] = [(0, "Headline: nothing moved", NOTHING)]
    names += [(one.arm, Markup("{}<br><code>{}</code>").format(one.label, ", ".join(one.values)),
               where_to(one)) for one in view.moves]
    rows = [(*name, *(with_interval(view.arms[family.first][arm], PRIMARY, "delta") for family in families))
            for arm, *name in names]
    return Table("arms", "Armed threats bound for the protected area kept from their aims, one entry or bundle moved "
                 "at a time, with the 95% interval of the expected outcome in brackets",
                 ("What is moved", "To", *(family.label for family in families)), tuple(rows), numeric=True,
                 note=_floor_note(view, families))


def where_to(one: Moved) -> str:
    """Return where an arm moves something: a value, or the ends of a bundle."""
    return f"{one.end} ends" if one.value is None else f"{full(one.value)} ({one.end})"


def _floor_note(view: StudyView, families: Sequence[Family]) -> str:
    """Say how many errors of arms that are told through the headline have reached the floor of their own runs."""
    told = [row for family in families for row in view.arms[family.first] if row.get("mcse_floor")]
    if not told:
        return ""
    ended = sum(row["mcse"] <= (1.0 + _AT_FLOOR) * row["mcse_floor"] for row in told)
    return (f"Of {len(told)} figures that are told with the help of the headline's further replications, {ended} are "
            "as exact as their own replications allow: more of the headline's will not make them more so.")


def paired(comparison: Comparison, options_: Sequence[str], labels: Mapping[str, str], label: str) -> Table:
    """Return every measure of options that are alike as paired differences to the reference.

    A measure in which they differ has a row for each; rows that are zero throughout go to the note.
    """
    rows: list[tuple[Cell, ...]] = []
    silent = []
    for column in measure_columns():
        of = {option: comparison.rows[option][column] for option in options_}
        if all(is_zero(row) for row in of.values()):
            silent.append(column)
            continue
        head = Markup("{} <small>({})</small><br><code>{}</code>").format(
            measure_label(column), measure_unit(column), column)
        cells = {option: _paired_cells(row, column) for option, row in of.items()}
        if len(set(cells.values())) == 1:
            rows.append((head, *next(iter(cells.values()))))
        else:
            rows += [(Markup("{}<br>{}").format(head, labels[option]), *of_one) for option, of_one in cells.items()]
    note = f"No difference in any replication: {_together(silent)}." if silent else ""
    return Table(f"paired-{options_[0]}", f"{label}, minus {labels[comparison.to]}, a period; units in brackets",
                 ("Measure", *_DOUBTS), tuple(rows), numeric=True, note=note)


def _paired_cells(row: Summary, column: str) -> tuple[str, ...]:
    return _doubts_of(scaled_row(row, measure_of(column).scale))


def _together(columns: Sequence[str]) -> str:
    """Name columns, the classes of one measure together."""
    by_measure: dict[str, list[str]] = {}
    for column in columns:
        name, _, key = column.partition("/")
        keys = by_measure.setdefault(name, [])
        if key:
            keys.append(measure_of(name).keys[key])
    return "; ".join(measure_label(name) + (f" ({', '.join(keys)})" if keys else "")
                     for name, keys in by_measure.items())


def overview(comparison: Comparison, labels: Mapping[str, str]) -> Table:
    """Return options × main measures, differences with their 95% intervals."""
    columns = (*PRIMARIES, "prevented_zone", "redundant/uav", "leaked_zone", "munitions/aam", "flight_hours",
               "cost_eur", "planned_cost_eur")
    heads = tuple(f"{measure_label(c)} ({measure_unit(c)})" for c in columns)
    rows = [(labels[option], *(with_interval(row[c], c, "delta") for c in columns), per_billion(row))
            for option, row in comparison.rows.items()]
    return Table("overview", f"Differences to “{labels[comparison.to]}” a period, with the 95% interval of the "
                 "expected outcome in brackets",
                 ("Option", *heads, f"{measure_label(PRIMARY)}, per EUR billion planned; spent"), tuple(rows),
                 numeric=True)


def per_billion(row: Mapping[str, Summary]) -> str:
    """Return the headline per billion euros planned, and per billion spent; a dash where there is no money."""
    money = [row[column]["delta"] for column in ("planned_cost_eur", "cost_eur")]
    if any(euros is None or euros <= 0.0 for euros in money):
        return NOTHING
    planned, spent = (scaled_row(row[PRIMARY], euros / _BILLION) for euros in money)
    return f"{with_interval(planned, PRIMARY, 'delta')}; {number(spent['delta'], error=error_of(spent))}"


def absolute(summary: Mapping[str, Summary], option: str, label: str) -> Table:
    """Return an option's own figures by class, in threats a period."""
    rows: list[tuple[Cell, ...]] = [
        (measure_label(measure.name), *(_absolute(summary[c], c) for c in measure.columns), NOTHING)
        for measure in load_measures()
        if measure.per == "class" and any(summary[c]["mean"] for c in measure.columns)]
    rows += [(measure_label(c), *[NOTHING] * len(class_heads()), _absolute(summary[c], c))
             for c in ("leaked_armed", "leaked_zone")]
    return Table(f"absolute-{option}", f"{label}: threats a period, the mean with the 95% interval of the expected "
                 "outcome in brackets and, below it, 95% of single periods",
                 ("", *class_heads().values(), "Not by class"), tuple(rows), numeric=True)


def _absolute(row: Summary, column: str) -> Markup:
    head = with_interval(row, column, "mean", total)
    ends = [total(row["spread_lo"]), total(row["spread_hi"])]
    if ends[0] == ends[1]:
        return Markup("{}").format(head)
    return Markup("{}<br><small>{} to {}</small>").format(head, *ends)


def measures() -> Table:
    """Say what each measure counts."""
    rows = [(Markup("{}<br><code>{}</code>").format(measure.label, measure.name),
             "EUR" if measure.unit == "EUR" else measure.shown, measure.what, measure.status)
            for measure in load_measures()]
    return Table("measures", "What is counted", ("Measure", "Unit", "Definition", "Role"), tuple(rows),
                 note="Role “explains”: says why a threat was not stopped; it is no outcome to rank options by. "
                      "The price of a clause is the paired difference with that clause alone removed.")
