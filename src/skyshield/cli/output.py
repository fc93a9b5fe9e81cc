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

HEADLINE = ("prevented_zone", "leaked_zone", "prevented/uav", "redundant/uav", "leaked/uav", "leaked/cruise",
            "leaked/ballistic", "engaged", "saturated", "refused_class", "refused_standoff", "munitions/aam",
            "sorties", "flight_hours", "cost_eur", "planned_cost_eur", "unspent_eur")
ACCEPT_UNKNOWN = ("Go on though more than 5% of the launches would be left out, because the record names weapons that "
                  "are not in the table.")
_TINY = 1e-9
LEAST_WIDTH = 190  # differences with their intervals, six columns of them


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


def figure(value: float | None) -> str:
    """Write a number with at most three significant digits, thousands apart.

    Examples
    --------
    >>> figure(1234567.0), figure(0.01234), figure(None), figure(0.0)
    ('1,230,000', '0.0123', '-', '0')
    """
    if value is None or not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def summary_table(title: str, rows: dict[str, dict[str, Any]], first: str) -> Any:
    """Return a table of measures; `first` names the leading figure (mean or delta)."""
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in (first, "95% of expected outcome", "mcse", "95% of single periods", "envelope"):
        table.add_column(name, justify="right", no_wrap=True)
    for measure in HEADLINE:
        s = rows[measure]
        if all(s[k] in (0, None) for k in (first, "spread_lo", "spread_hi", "env_lo", "env_hi")):
            continue
        table.add_row(measure, figure(s[first]), span(s["lo"], s["hi"]), figure(s["mcse"]),
                      span(s["spread_lo"], s["spread_hi"]), span(s["env_lo"], s["env_hi"]))
    return table


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
        table.add_row(option, figure(row["delta"]), span(row["lo"], row["hi"]), *map(figure, leaked))
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


def with_span(row: Mapping[str, float | None], scale: float = 1.0) -> str:
    """Write a difference over a scale with its interval, alone if nothing varies.

    Ends that coincide in spite of noise are told.

    Examples
    --------
    >>> with_span({"delta": 1.234, "lo": 0.5, "hi": 2.0, "mcse": 0.1})
    '1.23 (0.5 to 2)'
    >>> with_span({"delta": 0.0, "lo": 0.0, "hi": 0.0, "mcse": 0.0})
    '0'
    >>> with_span({"delta": -2.8, "lo": -2.8, "hi": -2.8, "mcse": 0.4})
    '-2.8 (within noise)'
    """
    delta, low, high, mcse = (None if value is None else value / scale
                              for value in (row["delta"], row["lo"], row["hi"], row["mcse"]))
    head = figure(delta)
    if low is None or high is None:
        return head
    if math.isclose(low, high, rel_tol=_TINY, abs_tol=_TINY):
        return f"{head} (within noise)" if mcse and mcse > _TINY * max(1.0, abs(low)) else head
    return f"{head} ({span(low, high)})"


def span(low: float | None, high: float | None) -> str:
    """Write an interval, a dash if it is not known."""
    return "-" if low is None or high is None else f"{figure(low)} to {figure(high)}"


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
