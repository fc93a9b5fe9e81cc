"""``skyshield app``: the application, in a browser of this machine."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "Open the application in a browser: move a lever, see the answer and its doubt."

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(name="app", help=HELP, epilog="Example: skyshield app my-folder")
def run(
    folder: Annotated[Path | None, typer.Argument(
        metavar="FOLDER", readable=False,
        help="Holds studies and scenarios; the user's data folder if not given.")] = None,
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port on 127.0.0.1; 0 takes a free one.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
    as_json: Annotated[bool, typer.Option(
        "--json", help="Print {url, token, port, pid} as one line once it answers, and open no browser.")] = False,
) -> None:
    """Serve `folder` on the loopback address until it is told to end."""
    from skyshield.app.signals import leave_when_told

    leave_when_told()
    from skyshield.app.folder import default_folder
    from skyshield.app.serve import open_browser, print_json, serve

    def tell(told: dict[str, Any]) -> None:
        if as_json:
            print_json(told)
            return
        typer.echo(f"SkyShield: {told['url']}\nIt serves {place} to this machine alone. Ctrl-C ends it.")
        if not no_open:
            open_browser(told["url"])

    place = default_folder() if folder is None else folder
    serve(place, port, tell)
