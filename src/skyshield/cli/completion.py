"""``skyshield completion SHELL``: the script that lets a shell complete the program's words."""

from typing import Annotated

import typer

HELP = "Print the script that completes commands, options, scenarios and option names by the tabulator key."
EXAMPLE = "Example: skyshield completion bash"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="completion", help=HELP, epilog=EXAMPLE)
def completion(
    shell: Annotated[str, typer.Argument(
        metavar="SHELL", help="bash, zsh or fish; put 'eval \"$(skyshield completion bash)\"' into ~/.bashrc, the same "
                              "with zsh into ~/.zshrc, or 'skyshield completion fish | source' into "
                              "~/.config/fish/config.fish.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the script of a shell.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is none for it.
    """
    from skyshield.cli.completing import SCRIPTS
    from skyshield.core.errors import SkyShieldError

    if shell not in SCRIPTS:
        raise SkyShieldError(f"shell {shell!r}", "has no completion here", f"choose from {', '.join(SCRIPTS)}")
    if as_json:
        import json

        typer.echo(json.dumps({"shell": shell, "script": SCRIPTS[shell]}, indent=1))
    else:
        typer.echo(SCRIPTS[shell], nl=False)
