"""``skyshield monitor init``: a new ledger, and the key that signs it."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Make an empty ledger under an agreement, and the key that signs it, which stays outside the folder."
EXAMPLE = "Example: skyshield monitor init mission --agreement minsk-2015 --origin example.org/mission"


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="A new or empty folder.")],
         agreement: Annotated[Path, typer.Option("--agreement", metavar="FILE", readable=False,
                                                 help="The agreement that is watched: a YAML file or "
                                                      "a shipped one's name.")],
         origin: Annotated[str, typer.Option("--origin", metavar="NAME", help="The ledger's name, such as "
                                             "example.org/mission.")] = "skyshield.local/ledger",
         key: Annotated[Path | None, typer.Option("--key", metavar="FILE", readable=False, show_default=False,
                                                  help="Where to write the private key; without it, in your data "
                                                       "folder.")] = None,
         as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
         ) -> None:
    """Make the folder and print the verifier key.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder is not empty or a file cannot be used, 3 if there is no room or no permission.
    """
    from skyshield.cli.output import echo_json
    from skyshield.core.files import read_bytes
    from skyshield.monitoring.agreement import load_agreement
    from skyshield.monitoring.agreement.load import LIBRARY, library
    from skyshield.monitoring.ledger.store import create

    load_agreement(agreement)
    content = read_bytes(LIBRARY / f"{agreement}.yaml" if str(agreement) in library() else agreement)
    verifier, saved = create(folder, content, origin, key)
    if as_json:
        echo_json({"folder": str(folder), "origin": verifier.name, "verifier_key": str(verifier), "key": str(saved)})
        return
    typer.echo(f"verifier key: {verifier}\nprivate key: {saved}\n"
               "Give the verifier key to every party; keep the private key safe, without it nothing can be added.")
