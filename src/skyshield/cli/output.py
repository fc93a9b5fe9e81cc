"""What several commands print alike: JSON, tables of summaries, progress."""

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from skyshield.record import ReadingReport
    from skyshield.scenario import Finding

HEADLINE = ("prevented_armed_zone", "prevented_armed", "prevented_zone", "leaked_zone", "prevented/uav",
            "redundant/uav", "leaked/uav", "leaked/cruise", "leaked/ballistic", "engaged", "saturated",
            "refused_class", "refused_standoff", "munitions/aam", "sorties", "flight_hours", "cost_eur",
            "planned_cost_eur", "unspent_eur", "own_rounds_saved_eur")
ACCEPT_UNKNOWN = ("Go on though more than 5% of the launches would be left out, because the record names weapons that "
                  "are not in the table.")
_TINY, _DIGITS = 1e-9, 3
LEAST_WIDTH = 220  # differences with their intervals and those of all entries at once


def echo_json(content: dict[str, Any]) -> None:
    """Write one JSON object with 6 significant digits to standard output."""
    from skyshield.study.compare import rounded

    typer.echo(json.dumps(rounded(content), indent=1, ensure_ascii=False, allow_nan=False))


def console() -> "Console":
    """Return a console for standard output that never cuts figures off."""
    from rich.console import Console

    result = Console(markup=False, highlight=False, emoji=False)
    result.width = max(result.width, LEAST_WIDTH)
    return result


def note(text: str) -> None:
    """Say something on standard error, beside what a command prints; nothing if there is nothing to say."""
    if text:
        typer.echo(f"note: {text}", err=True)


def show_findings(findings: Sequence["Finding"]) -> None:
    """Print to standard error what the check of a scenario found worth a second look."""
    for finding in findings:
        typer.echo(f"note: {finding.where}: {finding.what}; {finding.remedy}", err=True)


def show_reading(report: "ReadingReport", path: "Path") -> None:
    """Print what a reading of the record left out or found odd, before it is used."""
    from skyshield.core.errors import one_line

    typer.echo(f"{one_line(path.name)}: {report.kept_rows:,} of {report.rows:,} rows count")
    for line in report.lines():
        typer.echo(f"  {line}")


def figure(value: float | None, error: float | None = None) -> str:
    """Write a number with at most three significant digits, none beyond the first of its error, thousands apart.

    Examples
    --------
    >>> figure(1234567.0), figure(0.01234), figure(None), figure(0.0), figure(14.34, 2.1)
    ('1,230,000', '0.0123', '-', '0', '14')
    """
    from skyshield.study.told import told_digits

    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    digits = told_digits(value, error, _DIGITS) - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text and error is None else text


def summary_table(title: str, rows: dict[str, dict[str, Any]], first: str) -> Any:
    """Return a table of measures; `first` names the leading figure (mean or delta)."""
    from rich.table import Table

    from skyshield.study.told import error_of

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in (first, "95% of expected outcome", "se", "mcse", "95% of single periods", "envelope", "all at once"):
        table.add_column(name, justify="right", no_wrap=True)
    for measure in HEADLINE:
        s = rows[measure]
        if all(s[k] in (0, None) for k in (first, "spread_lo", "spread_hi", "env_lo", "env_hi")):
            continue
        table.add_row(measure, figure(s[first], error_of(s)), expected(s), error(error_of(s)), error(s["mcse"]),
                      span(s["spread_lo"], s["spread_hi"]), span(s["env_lo"], s["env_hi"]),
                      span(s["joint_lo"], s["joint_hi"]))
    return table


def error(value: float | None) -> str:
    """Write an error with at most two significant digits.

    Examples
    --------
    >>> error(0.5183), error(None)
    ('0.52', '-')
    """
    return figure(value if value is None or value == 0 else float(f"{value:.1e}"))


def expected(row: Mapping[str, Any]) -> str:
    """Write the interval of the expected outcome, its digits by its ends' errors; one without a width is told.

    Examples
    --------
    >>> expected({"lo": 5.324, "hi": 31.1, "se": {"lo": 0.76, "hi": 1.9}})
    '5.3 to 31'
    >>> expected({"lo": None, "hi": None, "reason": "within noise"}), expected({"lo": 2.0, "hi": 2.0, "mcse": 0.0})
    ('within noise', '2')
    >>> expected({"lo": 212.9, "hi": 213.1, "mcse": 0.4})
    'within noise'
    """
    from skyshield.study.told import WITHIN_NOISE, error_of

    low, high = row["lo"], row["hi"]
    if low is None or high is None:
        return str(row.get("reason", "-"))
    text = span(low, high, error_of(row, "lo"), error_of(row, "hi"))
    varies = any(noise and noise > _TINY * max(1.0, abs(low)) for noise in (row.get("mcse"), error_of(row)))
    return text if " to " in text or not varies else WITHIN_NOISE


def relief_table(relief: dict[str, dict[str, Any]], paired: dict[str, dict[str, Any]], baseline: str) -> Any:
    """Return a table of what the arm of relief changes: own stops elsewhere, and leakers without and with it."""
    from rich.table import Table

    table = Table(title=f"If stops that an option saves Ukraine help it elsewhere as much as they can (relief): minus "
                        f"{baseline}, same raids", title_justify="left", box=None, pad_edge=False)
    for name in ("option", "relieved", "95% of expected outcome", "leaked, headline", "leaked, with relief"):
        table.add_column(name, justify="left" if name == "option" else "right", no_wrap=True)
    for option, rows in relief.items():
        row = rows["relieved"]
        leaked = [sum(of[option][column]["delta"] or 0.0 for column in rows if column.startswith("leaked/"))
                  for of in (paired, relief)]
        table.add_row(option, figure(row["delta"]), expected(row), *map(figure, leaked))
    return table


def price_table(option: str, prices: Sequence[Mapping[str, Any]], days: int) -> Any:
    """Return what dropping each clause of an option changes: leakers against incidents, people and money."""
    from rich.table import Table

    from skyshield.catalogue import measure_of
    from skyshield.study.clauses import TRADE

    trade = {key: measure_of(TRADE[key].columns).scale for key in prices[0]["trade"]}
    table = Table(title=f"\n{option}: what dropping one clause changes in {days} days, same raids (95% of the expected "
                  "outcome)", title_justify="left", box=None, pad_edge=False)
    table.add_column("clause dropped", no_wrap=True)
    for key in trade:
        table.add_column(TRADE[key].label, justify="right", no_wrap=True)
    for price in prices:
        table.add_row(price["clause"], *(with_span(price["trade"][key], scale) for key, scale in trade.items()))
    return table


def kind_line(price: Mapping[str, Any]) -> str:
    """Return one line on the kinds of incident that a dropped clause changes, empty if it changes none."""
    from skyshield.study.clauses import kinds

    changed = [f"{kind} {with_span(row)}" for kind, row in kinds(price["measures"]).items()]
    return f"incidents of {price['option']} without {price['clause']}: {', '.join(changed)}" if changed else ""


def with_span(row: Mapping[str, Any], scale: float = 1.0) -> str:
    """Write a difference over a scale with its interval, alone if nothing varies.

    Ends that coincide in spite of noise are told.

    Examples
    --------
    >>> with_span({"delta": 1.234, "lo": 0.5, "hi": 2.0, "mcse": 0.1})
    '1.23 (0.5 to 2)'
    >>> with_span({"delta": 0.0, "lo": 0.0, "hi": 0.0, "mcse": 0.0})
    '0'
    >>> with_span({"delta": -2.8, "lo": None, "hi": None, "mcse": 0.4, "reason": "within noise"})
    '-2.8 (within noise)'
    """
    from skyshield.study.told import error_of, scaled_row

    shown = scaled_row(row, scale)
    head, doubt = figure(shown["delta"], error_of(shown)), expected(shown)
    return head if doubt == "-" or shown["lo"] == shown["hi"] is not None else f"{head} ({doubt})"


def span(low: float | None, high: float | None, low_error: float | None = None, high_error: float | None = None) -> str:
    """Write an interval, a dash if it is not known, one number if both ends are written alike.

    Examples
    --------
    >>> span(0.5, 2.0), span(None, None), span(2.0, 2.0)
    ('0.5 to 2', '-', '2')
    """
    if low is None or high is None:
        return "-"
    ends = [figure(low, low_error), figure(high, high_error)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


@contextlib.contextmanager
def spinner(what: str) -> Iterator[None]:
    """Show on standard error that something goes on while the block runs, where somebody watches a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


@contextlib.contextmanager
def progress_bar(what: str, of: str = "blocks") -> Iterator[Callable[[int, int], None] | None]:
    """Show progress on standard error while the block runs; None where nobody watches a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(of),
               TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
