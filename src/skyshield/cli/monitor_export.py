"""``skyshield monitor export``: the ledger as a folder of tiles for third parties."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Write the ledger as a folder that others can check: records, hashes, checkpoint, agreement."
EXAMPLE = "Example: skyshield monitor export mission published --level parties"


def export(folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The ledger.")],
           out: Annotated[Path, typer.Argument(metavar="OUT", readable=False, help="A new or empty folder.")],
           level: Annotated[str, typer.Option(
               "--level", metavar="LEVEL",
               help="Disclose restricted fields up to public, parties, mission or commission.")] = "public",
           as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
           ) -> None:
    """Write the folder and say what is in it.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or OUT is not empty, 3 if there is no room or permission.
    """
    from skyshield.cli.output import echo_json
    from skyshield.monitoring.ledger.export import export_ledger

    content = export_ledger(folder, out, level)
    if as_json:
        echo_json(content)
        return
    typer.echo(f"{out}: {content['size']:,} records in {content['files']:,} files; restricted fields of "
               f"{content['disclosed']:,} records disclosed (level {level})")
