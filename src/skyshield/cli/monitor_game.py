"""``skyshield monitor game``: what detection makes it best to keep a ceasefire, and how few inspectors are spread."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say what probability of detection makes keeping the agreement best: at a threshold (--d, --b, --f, --alpha), "
        "with teams over sectors (--sectors, --teams), or with inspections over time (--recursive).")
EXAMPLE = """Example: skyshield monitor game --d 1 --b 3 --f 0.5 --alpha 0.1

Example: skyshield monitor game --sectors 1:3:0.8,2:3:0.8,3:3:0.8 --teams 1

Example: skyshield monitor game --recursive 10,3"""


def game(
    d: Annotated[str | None, typer.Option("--d", metavar="VALUE", show_default=False, help=(
        "What a violation gains if it is not detected; a number, or LOW:HIGH."))] = None,
    b: Annotated[str | None, typer.Option("--b", metavar="VALUE", show_default=False, help=(
        "What a violation loses if it is detected; a number, or LOW:HIGH."))] = None,
    f: Annotated[str | None, typer.Option("--f", metavar="VALUE", show_default=False, help=(
        "What a false accusation costs who keeps the agreement; a number, or LOW:HIGH."))] = None,
    alpha: Annotated[str | None, typer.Option("--alpha", metavar="SHARE", show_default=False, help=(
        "The probability of a false accusation."))] = None,
    roc: Annotated[Path | None, typer.Option("--roc", metavar="CSV", readable=False, show_default=False, help=(
        "Instead of --alpha: what can be reached, a file of alpha,beta; its best point is found."))] = None,
    design: Annotated[Path | None, typer.Option("--design", metavar="FILE", readable=False, show_default=False, help=(
        "What 'monitor design --json' printed: how far its detection meets the threshold."))] = None,
    sectors: Annotated[str | None, typer.Option("--sectors", metavar="D:B:BETA,…", show_default=False, help=(
        "Gain, loss and a team's probability of detection of every sector."))] = None,
    teams: Annotated[str | None, typer.Option("--teams", metavar="M", show_default=False, help=(
        "How many teams there are for the sectors."))] = None,
    recursive: Annotated[str | None, typer.Option("--recursive", metavar="N,M", show_default=False, help=(
        "Periods and inspections of a game with one violation at most."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print one of the games.

    Raises
    ------
    SkyShieldError
        Exit code 2 if options do not go together, a number cannot be, or a file cannot be read.
    """
    from skyshield.cli.output import echo_json
    from skyshield.monitoring.inspection.asked import asked

    content = asked(d=d, b=b, f=f, alpha=alpha, roc=roc, design=design, sectors=sectors, teams=teams,
                    recursive=recursive)
    if as_json:
        echo_json(content)
    else:
        _show(content)


_SAID = {"yes": "can be deterred", "no": "cannot be deterred",
         "depends": "can be deterred or not, as the intervals fall"}

_ENDS = ("d", "b", "f")  # which may be intervals


def _show(content: dict[str, Any]) -> None:
    for name, value in content.items():
        if isinstance(value, dict):
            typer.echo(f"{name}: {', '.join(f'{key} {_told(one, name)}' for key, one in value.items())}")
        elif name in _ENDS and isinstance(value, list):
            typer.echo(f"{name}: {' to '.join(map(_told, value))}")
        else:
            typer.echo(f"{name}: {_SAID[value] if name == 'deterrable' else _told(value, name)}")


def _told(value: Any, name: str = "") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "none"
    if value is None:
        return "none is enough" if name.startswith(("teams_needed", "beta_min")) else "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
