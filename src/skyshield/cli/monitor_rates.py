"""``skyshield monitor rates CSV``: how often agreements with a ceasefire provide for enforcement."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Count, in a CSV of the peace agreements of PA-X, how many of those with a ceasefire provide for a mechanism "
        "of enforcement: all, those on Ukraine, by decade and stage. Observational.")
EXAMPLE = "Example: skyshield monitor rates pax.csv"


def rates(path: Annotated[Path, typer.Argument(metavar="CSV", readable=False,
                                               help="A file of PA-X with the columns Ce, ImE, Dat, Stage, Loc1ISO.")],
          as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
          ) -> None:
    """Print the shares with their intervals.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file lacks a column or a row cannot be read.
    """
    from skyshield.cli.output import console, echo_json
    from skyshield.monitoring.base_rates import rates_content, read_agreements

    content = rates_content(read_agreements(path))
    if as_json:
        echo_json(content)
    else:
        console().print(_table(content))
        typer.echo(f"{content['definition']}\n{content['caution']}")


def _table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title=f"Enforcement in agreements with a ceasefire ({content['agreements']:,} agreements read, "
                        f"{content['not_coded']:,} without a code)", title_justify="left", box=None, pad_edge=False)
    for name in ("agreements", "with a ceasefire", "of these with enforcement", "share", "95%"):
        table.add_column(name, justify="left" if name == "agreements" else "right", no_wrap=True)
    rows = [("all", content["all"]), ("on Ukraine", content["ukraine"]),
            *((row["decade"], row) for row in content["by_decade"]),
            *((row["stage"], row) for row in content["by_stage"])]
    for name, row in rows:
        if row["share"] is None:
            table.add_row(name, "0", "0", "-", "-")
        else:
            table.add_row(name, f"{row['n']:,}", f"{row['k']:,}", f"{row['share']:.3f}",
                          f"{row['lo']:.3f} to {row['hi']:.3f}")
    return table
