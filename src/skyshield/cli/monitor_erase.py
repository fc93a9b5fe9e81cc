"""``skyshield monitor erase``: a name out of a ledger, which stays whole."""

from pathlib import Path
from typing import Annotated

import typer

HELP = ("Erase a restricted value, such as an observer's name, from a ledger; that it was erased becomes an entry, and "
        "checkpoints and proofs given out before still hold.")
EXAMPLE = "Example: skyshield monitor erase mission 0 --field observer --reason 'asked to be forgotten'"


def erase(folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder of the ledger.")],
          record: Annotated[int, typer.Argument(metavar="N", help="The record's number, from 0.")],
          field: Annotated[str, typer.Option("--field", metavar="NAME", help="The restricted field: observer, "
                                             "sensor_lon, sensor_lat, bearing_deg or distance_m.")],
          reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stands in the ledger, so it "
                                              "may not say what is erased.")],
          asked_by: Annotated[str | None, typer.Option("--asked-by", metavar="WHO", show_default=False,
                                                       help="Who asked for it; stands in the ledger.")] = None,
          as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
          ) -> None:
    """Erase it and say which entry tells so.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no such record or restricted field, 3 if the machine refuses.
    """
    import dataclasses
    import time

    from skyshield.cli.output import echo_json
    from skyshield.monitoring.ledger.erase import erase as erase_value

    done = erase_value(folder, record, field, reason, time.time(), asked_by)
    if as_json:
        echo_json(dataclasses.asdict(done))
        return
    typer.echo(f"record {done.record}: {done.field} " + ("had been erased, the file was cleaned again" if done.already
                                                       else f"is erased, entry {done.entry} says so"))
    if done.others:
        typer.echo(f"records that hold the same value still: {done.others:,}")
    for path in done.quarantine:
        typer.echo(f"look at, and delete: {path}")
    typer.echo("What was disclosed before, backups and the files that were taken in are out of reach.")
