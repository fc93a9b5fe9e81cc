"""``skyshield monitor verify``: whether a ledger or an export is what was signed."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Check a ledger or an export: any change in it, and against a published checkpoint what is gone or signed anew."
EXAMPLE = "Example: skyshield monitor verify mission --checkpoint published.txt"


def verify(folder: Annotated[Path, typer.Argument(metavar="DIR|EXPORT", readable=False,
                                                  help="A ledger, or a folder that 'monitor export' wrote.")],
           checkpoint: Annotated[Path | None, typer.Option(
               "--checkpoint", metavar="FILE", readable=False, show_default=False,
               help="A checkpoint published earlier: shows a rollback or a history signed anew.")] = None,
           key: Annotated[str | None, typer.Option("--key", metavar="VKEY", show_default=False,
                                                   help="The verifier key that 'monitor init' printed; without it "
                                                        "the ledger's own word is taken.")] = None,
           witness: Annotated[list[str] | None, typer.Option(
               "--witness", metavar="VKEY", show_default=False,
               help="A witness that must have signed an export. May be given several times.")] = None,
           jobs: Annotated[int | None, typer.Option(
               metavar="N", help="Processes that check; for a large ledger all cores if not given.")] = None,
           as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
           ) -> None:
    """Print whether all is as it was signed, and the places where it is not; then leave with 1.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or an argument cannot be read, 3 if a file may not be read.
    """
    from skyshield.cli.output import echo_json
    from skyshield.core.errors import FAILED, SkyShieldError
    from skyshield.monitoring.ledger.note import WITNESS, parse_verifier
    from skyshield.monitoring.ledger.verify import verify_ledger
    from skyshield.monitoring.ledger.verify_export import is_export, verify_export

    own = None if key is None else parse_verifier(key, "--key")
    witnesses = [parse_verifier(text, "--witness", WITNESS) for text in witness or []]
    if is_export(folder):
        found = verify_export(folder, checkpoint, own, witnesses, jobs)
    elif witnesses:
        raise SkyShieldError("--witness", "goes with an export", "write one with 'skyshield monitor export'")
    else:
        found = verify_ledger(folder, checkpoint, own, jobs)
    if as_json:
        echo_json(dict(found))
    elif found["valid"]:
        typer.echo(f"{found['origin']}: all {found['size']:,} records are as they were signed; root {found['root']}")
    else:
        for fault in found["faults"]:
            typer.echo(f"{fault['table']} {fault['place']}: {fault['what']}")
        typer.echo(f"{found['origin']}: {found['faults_found']:,} faults")
    if found["valid"] and key is None and checkpoint is None:
        typer.echo("note: checked with the ledger's own key; give --key or --checkpoint to rule out one signed anew",
                   err=True)
    raise typer.Exit(0 if found["valid"] else FAILED)
