"""``skyshield record CSV``: what the raid record says by month, and what each trap touched."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "Read the public raid record: months, orphan rows, and what each trap touched."

CANNOT_SAY = (
    "Whether a claim is true: launches and interceptions are the defender's word.",
    "What hit: places hit are not weapons, and launches of UAVs include decoys.",
    "When and where a threat flew: windows are the bulletin's, launch places are lists without counts.",
    "That a day without a row was quiet: give --alerts to compare it with the alerts.",
)

LEAST_WIDTH = 80  # characters: a narrower table would cut figures off

_EXAMPLE = """\b
Example:
  skyshield record missile_attacks_daily.csv
  skyshield record missile_attacks_daily.csv --alerts alerts.csv.gz --json
"""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(name="record", help=HELP, epilog=_EXAMPLE)
def run(
    csv: Annotated[Path, typer.Argument(
        metavar="CSV", readable=False, help="The record: bulletins digitised as CSV, times in Kyiv local.")],
    alerts: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Air-raid alerts, by oblast or as the official siren file, CSV or packed with gzip; times carry their "
             "zone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Summarise the record at `csv`."""
    from skyshield.record import read_alerts, read_record, summarise

    summary = summarise(read_record(csv), read_alerts(alerts) if alerts is not None else None)
    if as_json:
        typer.echo(json.dumps(summary, indent=1, allow_nan=False))
    else:
        _show(summary)


def _show(summary: dict[str, Any]) -> None:
    """Print the summary for a reader."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.width = max(console.width, LEAST_WIDTH)
    console.print(f"{summary['rows']:,} rows from {summary['first']} to {summary['last']}; "
                  f"{summary['kept_rows']:,} count. Every figure is a claim of the defender.\n")
    console.print("By month: launched (L), destroyed (D), lost to jamming; neutralised is destroyed plus lost.")
    console.print(_months(summary["months"], summary["months_without_uav_counts"]), soft_wrap=False)
    if any("partial" in row for row in summary["months"]):
        console.print(f"* The file holds part of this month only: it runs from {summary['first']} to "
                      f"{summary['last']}.")
    console.print(f"\nRegional rows kept because no national bulletin meets them: {len(summary['orphans'])}")
    if summary["orphans"]:
        console.print(_orphans(summary["orphans"]), soft_wrap=False)
    if summary["alerts"] is not None:
        console.print("\nAlerts:")
        for sentence in summary["alerts"]["sentences"]:
            console.print(f"  {sentence}.")
    console.print("\nWhat each trap touched (rows):")
    for warning in summary["warnings"]:
        console.print(f"  {warning['trap']} ({warning['rows']:,}): {warning['what']}.")
    console.print("\nWhat the record cannot say:")
    for sentence in CANNOT_SAY:
        console.print(f"  {sentence}")


def _months(months: list[dict[str, Any]], silent: list[str]) -> Any:
    """Return the table of months; in those that are `silent` on some counts no share is told."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 1, 0, 0))
    for head in ("Month", "UAV L", "D", "lost", "neutr.", "Cruise L", "D", "Ball. L", "D", "Mixed L", "D"):
        table.add_column(head, justify="left" if head == "Month" else "right", no_wrap=True)
    for row in months:
        launched, lost = row["uav_launched"], row["uav_lost"]
        stopped = None if lost is None or row["month"] in silent else row["uav_destroyed"] + lost
        table.add_row(
            row["month"] + ("*" if "partial" in row else ""), f"{launched:,}", f"{row['uav_destroyed']:,}",
            "-" if lost is None else f"{lost:,}",
            f"{stopped / launched:.1%}" if launched and stopped is not None else "-",
            *(f"{row[f'{group}_{what}']:,}" for group in ("cruise", "ballistic", "mixed")
              for what in ("launched", "destroyed")))
    return table


def _orphans(orphans: list[dict[str, Any]]) -> Any:
    """Return the table of regional rows that count."""
    from rich.table import Table

    from skyshield.core.errors import one_line

    table = Table(box=None, padding=(0, 1, 0, 0))
    for head in ("Line", "From", "To", "Weapon", "L", "D", "Source"):
        table.add_column(head, justify="right" if head in ("Line", "L", "D") else "left", no_wrap=True)
    for row in orphans:
        table.add_row(str(row["line"]), row["time_start"], row["time_end"], one_line(row["model"], 24),
                      str(row["launched"]), str(row["destroyed"]), one_line(row["source"], 12))
    return table
