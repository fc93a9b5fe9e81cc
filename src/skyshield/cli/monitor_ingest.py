"""``skyshield monitor ingest DIR FILE``: observations of a file into the ledger, bad rows into quarantine."""

from pathlib import Path
from typing import Annotated

import typer

HELP = ("Take the observations of a file into a ledger; rows that cannot be used go to its folder 'quarantine' with "
        "line, code and reason.")
EXAMPLE = "Example: skyshield monitor ingest mission patrol.csv --source 'patrol 4' --zone Europe/Kyiv"


def ingest(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder of the ledger.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", readable=False,
                                        help="CSV in UTF-8, GeoJSON or CAP 1.2, plain or gzip.")],
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Who gives the file; its records are told "
                                        "from those of others by it.")],
    format_name: Annotated[str | None, typer.Option(
        "--format", metavar="NAME", show_default=False,
        help="native, osce, ucdp, acled, geojson, cap, raids, alerts or firms; without it the header decides.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", metavar="ZONE", show_default=False,
                                             help="The zone of times that have none, such as Europe/Kyiv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print what became of the rows.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is refused whole or the folder holds no ledger, 3 if the machine refuses.
    """
    import dataclasses
    import time

    from skyshield.cli.output import echo_json
    from skyshield.monitoring.ingest.intake import ingest as take_in
    from skyshield.monitoring.ledger.store import Ledger

    with Ledger.open(folder) as ledger:
        report = take_in(ledger, file, source, time.time(), format_name, zone)
    if as_json:
        content = dataclasses.asdict(report)
        if not report.quarantine:
            del content["quarantine"]
        echo_json(content)
        return
    typer.echo(f"{report.rows:,} rows ({report.format}): {report.accepted:,} accepted, {report.duplicates:,} known "
               f"already, {report.quarantined:,} in quarantine")
    for code, count in report.reasons.items():
        typer.echo(f"  {code}: {count:,}")
    for flag, count in report.flagged.items():
        typer.echo(f"  flagged {flag}: {count:,}")
    if report.quarantine:
        typer.echo(f"quarantine: {report.quarantine}")
    typer.echo(f"ledger: {report.size:,} entries, root {report.root}")
