"""What several commands print alike: JSON, tables of summaries, progress."""

import contextlib
import json
import math
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

HEADLINE = ("prevented_zone", "leaked_zone", "prevented/uav", "redundant/uav", "leaked/uav", "leaked/cruise",
            "leaked/ballistic", "engaged", "saturated", "refused_class", "refused_standoff", "munitions/aam",
            "sorties", "flight_hours", "cost_eur", "planned_cost_eur", "unspent_eur")
LEAST_WIDTH = 150  # differences of money with their signs


def echo_json(content: dict[str, Any]) -> None:
    """Write one JSON object with 6 significant digits to standard output."""
    from skyshield.study.compare import rounded

    typer.echo(json.dumps(rounded(content), indent=1, ensure_ascii=False, allow_nan=False))


def console() -> "Console":
    """Return a console for standard output that never cuts figures off."""
    from rich.console import Console

    found = Console(markup=False, highlight=False, emoji=False)
    found.width = max(found.width, LEAST_WIDTH)
    return found


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
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show progress on standard error while the block runs; None where nobody watches a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("blocks"),
               TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
