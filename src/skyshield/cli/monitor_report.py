"""``skyshield monitor report``: the report of a day, from 19:30 of the evening before to 19:30."""

from pathlib import Path
from typing import Annotated

import typer

HELP = ("Write the report of a day of the watch, in English or Ukrainian: events by area and act against the day "
        "before, restrictions, exercises, a coarse map, every event with its level, and what cannot be said. The day "
        "ends at 19:30 Kyiv time.")
EXAMPLE = "Example: skyshield monitor report mission --day 2015-02-16 --lang uk --format pdf"


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The ledger.")],
    day: Annotated[str, typer.Option("--day", metavar="DAY", help="The date on whose evening the day ends.")],
    language: Annotated[str, typer.Option("--lang", metavar="LANG", help="en or uk.")] = "en",
    kind: Annotated[str, typer.Option(
        "--format", metavar="REPORT", help="html: one page; pdf: A4 pages, needs the extra 'report'; csv: one table; "
                                           "geojson: cells of the map and events in them.")] = "html",
    out: Annotated[Path | None, typer.Option(
        "--out", metavar="FILE", readable=False, show_default=False,
        help="The file to write; daily-DAY with the format's ending if not given. One that is there is "
             "replaced.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Write the report.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input or if Typst is needed and not installed, 3 for the machine.
    """
    import time

    from skyshield.cli.output import echo_json, spinner
    from skyshield.report.daily.job import write_daily

    with spinner(f"reading {folder.name}"):
        written = write_daily(folder, day, kind, language, time.time(), out)
    found = written.day
    counts = {"events": len(found.events), "day_before": found.before, "exercises": len(found.exercises),
              "records": found.records}
    if as_json:
        echo_json({"written": str(written.path), "format": kind, "language": language, "day": str(found.window.day),
                   "start": found.window.start_s, "end": found.window.end_s, **counts, "size": found.size,
                   "root": found.root})
        return
    if not found.records:
        typer.echo(f"The ledger holds no record of {found.window.day}.")
    typer.echo(f"wrote the report of {found.window.day}: {written.path} ({counts['events']} events, "
               f"{counts['day_before']} the day before, {counts['exercises']} exercises)")
