"""``skyshield monitor proof``: that one record is in the ledger."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Prove that one record is in the ledger: a text that the verifier key alone can check."
EXAMPLE = "Example: skyshield monitor proof mission 0 --out 0.tlog-proof"


def proof(folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The ledger.")],
          number: Annotated[int, typer.Argument(metavar="N", help="The record's number, from 0.")],
          out: Annotated[Path | None, typer.Option("--out", metavar="FILE", readable=False, show_default=False,
                                                   help="Where to write the proof; without it, it is "
                                                        "printed.")] = None,
          as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
          ) -> None:
    """Print or write the proof.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no ledger or no such record, 3 if the file cannot be written.
    """
    from skyshield.cli.output import echo_json
    from skyshield.core.files import write_bytes
    from skyshield.monitoring.ledger.export import prove

    found = prove(folder, number)
    if out is not None:
        write_bytes(out, found.text.encode())
    if as_json:
        echo_json({"number": found.number, "size": found.size, "leaf": found.leaf.decode("utf-8", "replace"),
                   "proof": found.text})
    elif out is None:
        typer.echo(found.text, nl=False)
    else:
        typer.echo(f"{out}: record {found.number} of {found.size:,}")
