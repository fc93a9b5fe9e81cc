"""``skyshield fit CSV``: the raid model and Ukraine's own defence, fitted to the record."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyshield.cli.output import ACCEPT_UNKNOWN

if TYPE_CHECKING:
    from skyshield.raids import Fit

HELP = "Fit the raid model and Ukraine's own defence to the record, and say what the record can tell."
EXAMPLE = "Example: skyshield fit missile_attacks_daily.csv --alerts alerts.csv.gz --until 2025-12-31 --out fit.yaml"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="fit", help=HELP, epilog=EXAMPLE)
def run(
    csv: Annotated[Path, typer.Argument(
        metavar="CSV", readable=False, help="The raid record: bulletins digitised as CSV, times in Kyiv local.")],
    alerts: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Air-raid alerts, by oblast or as the official siren file, CSV or packed with gzip; times carry their "
             "zone.")] = None,
    until: Annotated[str | None, typer.Option(
        metavar="DATE", help="The last operational day to use, as 2025-12-31; all of the record if not given.")] = None,
    out: Annotated[Path | None, typer.Option(
        metavar="YAML", readable=False, help="File to write the fit to; without it the summary is all.")] = None,
    accept_unknown: Annotated[bool, typer.Option("--accept-unknown", help=ACCEPT_UNKNOWN)] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a fit that is there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Fit a record.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, show_reading, spinner
    from skyshield.core.files import write_bytes
    from skyshield.raids.fit import fit_text
    from skyshield.study.prepare import fit_reading, read_for_fit

    if out is not None:
        _check_place(out, force)
    last = None if until is None else _day(until)
    reading = read_for_fit(csv, alerts, last, accept_unknown)
    fit = fit_reading(reading, csv.name, last, spinner)
    if out is not None:
        write_bytes(out, fit_text(fit).encode())
    if as_json:
        echo_json(summary(fit) | {"record": reading.report.to_dict(), "written": None if out is None else str(out)})
    else:
        show_reading(reading.report, csv)
        _show(fit, out)


def summary(fit: "Fit") -> dict[str, Any]:
    """Return what a fit says of itself as plain data, without its rows."""
    content = fit.to_dict()
    del content["rows"], content["form"]
    return content | {"rows": len(fit.rows)}


def _day(text: str) -> dt.date:
    from skyshield.core.errors import SkyShieldError

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise SkyShieldError("--until", f"is {text!r}, not a date", "write it as 2025-12-31") from None


def _check_place(out: Path, force: bool) -> None:
    """Refuse a place that cannot hold the fit before any time is spent on it."""
    from skyshield.core.errors import SkyShieldError

    if out.is_dir():
        raise SkyShieldError(str(out), "is a directory, not a file", "name a file")
    if not out.exists():
        if not out.parent.is_dir():
            raise SkyShieldError(str(out), "there is no such folder", "make it first or name another place")
        return
    if not _is_fit(out):
        raise SkyShieldError(str(out), "exists and is not a fit", "name another file")
    if not force:
        raise SkyShieldError(str(out), "holds a fit already", "name another file, or add --force to replace it")


def _is_fit(path: Path) -> bool:
    from skyshield.core.errors import MACHINE, SkyShieldError
    from skyshield.core.files import read_yaml

    try:
        content = read_yaml(path)
    except SkyShieldError as error:
        if error.exit_code == MACHINE:
            raise
        return False
    return isinstance(content, dict) and {"form", "names", "rows", "window"} <= content.keys()


def _show(fit: "Fit", out: Path | None) -> None:
    from rich.table import Table

    from skyshield.cli.output import console, figure, span

    screen = console()
    for warning in filter(None, fit.status.split("; ")):
        screen.print(f"! {warning}")
    screen.print(f"{fit.source}: {len(fit.rows):,} joint rows of {len(fit.names)} parameters\n")
    table = Table(title="What the record can tell (95% intervals; every figure rests on the defender's claims)",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("quantity", "status", "nights", "estimate", "interval"):
        is_number = name in ("nights", "estimate", "interval")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in fit.identified:
        unit = "" if row.unit == "1" else f" ({row.unit})"
        table.add_row(row.quantity + unit, row.status, "-" if row.nights is None else f"{row.nights:,}",
                      figure(row.central), span(row.low, row.high))
    screen.print(table)
    screen.print("nights: how many nights of the record it rests on. Not identified here: these are too few, or the "
                 "interval too wide; the catalogue's ranges are played for what the record does not tell.\n",
                 soft_wrap=True)
    for name, value in fit.diagnostics.items():
        screen.print(f"{name.replace('_', ' ')}: {figure(value)}")
    screen.print(f"\nwrote {out}; use it: skyshield run --fit {out}" if out is not None
                 else "\nnothing was written; --out YAML keeps the fit", soft_wrap=True)
