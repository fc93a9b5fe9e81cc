"""``skyshield backtest CSV``: does the model predict the days that it has not seen."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyshield.cli.output import ACCEPT_UNKNOWN

if TYPE_CHECKING:
    from skyshield.record import Reading

Answer = tuple[dict[str, Any], "Reading"]
HELP = ("Let the simulator forecast each day of a window from the days before it, and score it, and experts beside it, "
        "against simple rules; or freeze the experts' forecasts of days to come, and score frozen ones.")
EXAMPLE = """\b
Example:
  skyshield backtest missile_attacks_daily.csv --alerts alerts.csv.gz --from 2025-12-29 --to 2025-12-31
  skyshield backtest missile_attacks_daily.csv --from 2026-01-01 --to 2026-01-31 --freeze january.json
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="backtest", help=HELP, epilog=EXAMPLE)
def run(
    csv: Annotated[Path, typer.Argument(
        metavar="CSV", readable=False, help="The raid record: bulletins digitised as CSV, times in Kyiv local.")],
    alerts: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Air-raid alerts, by oblast or as the official siren file, CSV or packed with gzip; times carry their "
             "zone.")] = None,
    first: Annotated[str | None, typer.Option(
        "--from", metavar="DATE", help="The first operational day forecast, as 2025-10-01.")] = None,
    last: Annotated[str | None, typer.Option(
        "--to", metavar="DATE", help="The last operational day forecast.")] = None,
    freeze: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Write forecasts of the window, made from the days before it, to a new file, dated and hashed.")] = None,
    score: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Judge forecasts frozen earlier by this record; a window, if given, picks days.")] = None,
    accept_unknown: Annotated[bool, typer.Option("--accept-unknown", help=ACCEPT_UNKNOWN)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Backtest on a record.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, show_reading
    from skyshield.core.errors import SkyShieldError

    if freeze is not None and score is not None:
        raise SkyShieldError("--score", "cannot go with --freeze", "freeze first, score when the days are known")
    if alerts is not None and (freeze is not None or score is not None):
        raise SkyShieldError(f"--alerts {alerts}", "would not be used: nobody knows alerts beforehand",
                             "leave it out with --freeze and --score")
    if score is not None:
        content, reading = _scored(csv, score, first, last, accept_unknown)
    elif freeze is not None:
        content, reading = _frozen(csv, _day("--from", first), _day("--to", last), freeze, accept_unknown)
    else:
        content, reading = _rolling(csv, alerts, _day("--from", first), _day("--to", last), accept_unknown)
    if as_json:
        echo_json(content)
        return
    show_reading(reading.report, csv)
    if freeze is not None:
        typer.echo(f"froze {content['days']} days of {content['targets']} targets, made on {content['made_on']}, "
                   f"in {freeze}\nsha256 {content['sha256']}")
        if content["hindsight"]:
            typer.echo("the record has some of these days already: a rehearsal, no forecast")
    else:
        _show(content)


def _read(csv: Path, alerts: Path | None, first: dt.date | None, until: dt.date | None,
          accept_unknown: bool) -> "Reading":
    """Return the files read for the days up to `until` and, before `first`, as many as a fit reads."""
    from skyshield.calibrate.fit import window_days
    from skyshield.catalogue import load_catalogue
    from skyshield.evidence.backtest.series import SOUTH_OBLASTS
    from skyshield.record import read_files
    from skyshield.record.coverage import fitted_oblasts

    ahead = 0 if first is None or until is None else max(0, (until - first).days + 1)
    n_days = None if first is None else window_days(load_catalogue()) + ahead
    return read_files(csv, alerts, n_days, until, accept_unknown, (*fitted_oblasts(), *SOUTH_OBLASTS))


def _rolling(csv: Path, alerts: Path | None, begin: dt.date, end: dt.date, accept_unknown: bool) -> Answer:
    from skyshield.cli.output import progress_bar
    from skyshield.evidence.backtest.rolling import as_data, backtest
    from skyshield.version import VERSION

    reading = _read(csv, alerts, begin, end, accept_unknown)
    record, heard = reading.record, reading.alerts
    with progress_bar("backtesting", "steps") as progress:
        scored = backtest(record, begin, end, heard, progress)
    return {"from": begin.isoformat(), "to": end.isoformat(), "ahead": "one day ahead",
            "simulator": "a fit of the days before, played by the engine; fitted on the first day and on each month's "
                         "first, levels follow every day",
            "targets": {name: as_data(one) for name, one in scored.items()}, "record": reading.report.to_dict(),
            "provenance": {"version": VERSION, "record_sha256": record.sha256,
                           "alerts_sha256": None if heard is None else heard.sha256}}, reading


def _frozen(csv: Path, begin: dt.date, end: dt.date, out: Path, accept_unknown: bool) -> Answer:
    from skyshield.cli.output import spinner
    from skyshield.evidence.backtest.freeze import check_path, freeze, write_frozen

    check_path(out)
    reading = _read(csv, None, begin, begin - dt.timedelta(days=1), accept_unknown)
    with spinner(f"forecasting {begin} to {end}"):
        content = freeze(reading.record, begin, end)
    write_frozen(out, content)
    return {"written": str(out), "days": (end - begin).days + 1, "targets": len(content["targets"]),
            "record": reading.report.to_dict(),
            **{key: content[key] for key in ("made_on", "hindsight", "record_sha256", "sha256", "version")}}, reading


def _scored(csv: Path, frozen: Path, first: str | None, last: str | None,
            accept_unknown: bool) -> Answer:
    from skyshield.evidence.backtest.freeze import read_frozen, score_frozen
    from skyshield.evidence.backtest.rolling import as_data

    content = read_frozen(frozen)
    begin, end = (None if text is None else _day(name, text) for name, text in (("--from", first), ("--to", last)))
    reading = _read(csv, None, begin, end, accept_unknown)
    record = reading.record
    scored, missing = score_frozen(content, record, begin, end)
    return {"from": content["from"] if begin is None else begin.isoformat(),
            "to": content["to"] if end is None else end.isoformat(), "ahead": f"frozen on {content['made_on']}",
            "hindsight": content["hindsight"],
            "targets": {name: {**as_data(one), "missing": missing[name]} for name, one in scored.items()},
            "record": reading.report.to_dict(),
            "provenance": {"version": content["version"], "frozen_sha256": content["sha256"],
                           "frozen_record_sha256": content["record_sha256"], "record_sha256": record.sha256}}, reading


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
    table = Table(title=f"Forecasts {content['ahead']}, {content['from']} to {content['to']} (CRPS, smaller is better)",
                  title_justify="left", box=None, pad_edge=False)
    words = ("target", "best rule", "verdict")
    for name in ("target", "days", "CRPS", "best rule", "its CRPS", "skill", "95% interval", "verdict", "experts", "p"):
        table.add_column(name, justify="left" if name in words else "right", no_wrap=True)
    for name, row in content["targets"].items():
        best = row["best_baseline"]
        table.add_row(name, str(row["n"]), figure(row["crps"]), best or "-",
                      figure(None if best is None else row["baselines"][best]), _percent(row["skill"]),
                      f"{_percent(row['skill_lo'])} to {_percent(row['skill_hi'])}", row["verdict"],
                      figure(row["experts"]["crps"]), figure(row["pit_p"]))
    screen.print(table)
    for line in _notes(content["targets"]):
        screen.print(line)
    if content.get("hindsight"):
        screen.print("\nfrozen from a record that had some of these days already: a rehearsal, no forecast")


def _notes(targets: dict[str, Any]) -> list[str]:
    """Return what has to be said of a table: whose forecasts it is about, and the days that it leaves out."""
    from skyshield.evidence.backtest.unjudged import sentences

    by_experts = [name for name, row in targets.items() if row["forecaster"] == "experts"]
    lines = []
    if len(by_experts) == len(targets):
        lines.append("\nCRPS and skill are the experts': the simulator has no forecast here")
    days = {name: row["unjudged_days"] for name, row in targets.items()}
    lines += [f"\nnot judged: {line}" for line in sentences(days)]
    return lines


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * value:.1f}%"
