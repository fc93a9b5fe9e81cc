"""``skyshield monitor cosign``: a witness's line on a checkpoint."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Add a witness's line to a checkpoint, after a check that nothing the witness signed before has changed."
EXAMPLE = "Example: skyshield monitor cosign published --key witness.key --name ua.example"


def cosign(source: Annotated[Path, typer.Argument(metavar="DIR|EXPORT", readable=False,
                                                  help="A ledger, or a folder that 'monitor export' wrote.")],
           key: Annotated[Path, typer.Option("--key", metavar="FILE", readable=False,
                                             help="The witness's private key; made if there is no such file.")],
           name: Annotated[str | None, typer.Option("--name", metavar="NAME", show_default=False,
                                                    help="The witness's name, for a new key.")] = None,
           log_key: Annotated[str | None, typer.Option("--log-key", metavar="VKEY", show_default=False,
                                                       help="The ledger's verifier key.")] = None,
           out: Annotated[Path | None, typer.Option("--out", metavar="FILE", readable=False, show_default=False,
                                                    help="Where the signed checkpoint goes; without it, to "
                                                         "'checkpoint' in the folder.")] = None,
           as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
           ) -> None:
    """Check, sign and say what was signed.

    Raises
    ------
    SkyShieldError
        Exit code 1 if the log does not verify or lost what the witness saw, 2 if a file cannot be used.
    """
    from skyshield.cli.output import echo_json
    from skyshield.monitoring.ledger.note import parse_verifier
    from skyshield.monitoring.ledger.witness import cosign as witnessed

    given = None if log_key is None else parse_verifier(log_key, "--log-key")
    content = witnessed(source, key, name, given, out)
    if as_json:
        echo_json(content)
        return
    before = "for the first time" if content["before"] is None else f"all {content['before']:,} of before are there"
    typer.echo(f"{content['checkpoint']}: {content['size']:,} records signed, {before}\n"
               f"witness's key: {content['witness']}")
