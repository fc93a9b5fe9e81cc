"""``skyshield backtest CSV``: does the model predict the days that it has not seen."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Forecast each day of a window from the days before it, and score the forecasts against simple baselines; "
        "or freeze forecasts of days to come, and score frozen ones.")
EXAMPLE = """\b
Example:
  skyshield backtest missile_attacks_daily.csv --alerts alerts.csv.gz --from 2025-10-01 --to 2025-12-31
  skyshield backtest missile_attacks_daily.csv --from 2026-01-01 --to 2026-01-31 --freeze january.json
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="backtest", help=HELP, epilog=EXAMPLE)
def run(
    csv: Annotated[Path, typer.Argument(
        metavar="CSV", readable=False, help="The raid record: bulletins digitised as CSV, times in Kyiv local.")],
    alerts: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Air-raid alerts by oblast, CSV or CSV packed with gzip, times in UTC.")] = None,
    first: Annotated[str | None, typer.Option(
        "--from", metavar="DATE", help="The first operational day forecast, as 2025-10-01.")] = None,
    last: Annotated[str | None, typer.Option(
        "--to", metavar="DATE", help="The last operational day forecast.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Backtest on a record.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, progress_bar
    from skyshield.evidence.backtest.rolling import as_data, backtest
    from skyshield.record import read_alerts, read_record

    begin, end = _day("--from", first), _day("--to", last)
    record, heard = read_record(csv), None if alerts is None else read_alerts(alerts)
    with progress_bar("backtesting", "targets") as progress:
        scored = backtest(record, begin, end, heard, progress)
    content = {"from": begin.isoformat(), "to": end.isoformat(),
               "targets": {name: as_data(one) for name, one in scored.items()}}
    if as_json:
        echo_json(content)
    else:
        _show(content)


def _day(option: str, text: str | None) -> dt.date:
    from skyshield.core.errors import SkyShieldError

    if text is None:
        raise SkyShieldError(option, "is missing", "give a day, as 2025-10-01")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise SkyShieldError(option, f"is {text!r}, not a date", "write it as 2025-10-01") from None


def _show(content: dict[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import console, figure

    screen = console()
    table = Table(title=f"Forecasts one day ahead, {content['from']} to {content['to']} (CRPS, smaller is better)",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("target", "days", "CRPS", "best baseline", "its CRPS", "skill", "95% interval", "p of calibration"):
        table.add_column(name, justify="left" if name in ("target", "best baseline") else "right", no_wrap=True)
    for name, row in content["targets"].items():
        best = row["best_baseline"]
        table.add_row(name, str(row["n"]), figure(row["crps"]), best or "-",
                      figure(None if best is None else row["baselines"][best]), _percent(row["skill"]),
                      f"{_percent(row['skill_lo'])} to {_percent(row['skill_hi'])}", figure(row["pit_p"]))
    screen.print(table)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * value:.1f}%"
