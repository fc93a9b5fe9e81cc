"""``skyshield monitor design YAML``: how many units of which means a monitoring mission needs in each sector."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Find whole numbers of patrols, cameras, drones, aerostats, arrays and satellite tasks by sector that detect "
        "most under people, money, night, cloud and jamming, with a bound that no plan exceeds.")
EXAMPLE = "Example: skyshield monitor design design.yaml"


def design(path: Annotated[Path, typer.Argument(metavar="YAML", readable=False, help="The design: name, budget, means "
                                                                                     "and sectors.")],
           as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
           ) -> None:
    """Print the plan, its bound, and what of it holds where numbers are not known.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file cannot be read, a field cannot be, or nothing limits a means.
    """
    from skyshield.cli.output import echo_json, progress_bar
    from skyshield.monitoring.mission.content import design_content
    from skyshield.monitoring.mission.load import load_design

    asked = load_design(path)
    with progress_bar("solving", "cases") as progress:
        content = design_content(asked, progress)
    if as_json:
        echo_json(content)
    else:
        _show(content)


def _show(content: dict[str, Any]) -> None:
    from skyshield.cli.output import console, figure

    typer.echo(f"{content['name']}: value {content['value']:.4f} of {content['weight']:.6g}; no plan exceeds "
               f"{content['bound']:.4f} (gap {content['gap']:.2%}); {figure(content['people'])} people, "
               f"{figure(content['money_eur'])} EUR a year")
    console().print(_units_table(content))
    console().print(_cases_table(content))
    for row in content["conclusions"]:
        typer.echo(f"{row['what']}: {row['holds']} ({row['lo']:.4g} to {row['hi']:.4g})")
    for text in content["assumptions"]:
        typer.echo(text)


def _units_table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title="Units by sector", title_justify="left", box=None, pad_edge=False)
    for name in ("sector", "weight", *content["units"], "detection", "at both ends"):
        table.add_column(name, justify="left" if name == "sector" else "right", no_wrap=True)
    for row in content["sectors"]:
        found = row["detection"]
        table.add_row(row["name"], f"{row['weight']:g}", *map(str, row["units"].values()), f"{found['central']:.3f}",
                      f"{found['low']:.3f} to {found['high']:.3f}")
    return table


def _cases_table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import figure

    table = Table(title="Cases, each with its own best plan", title_justify="left", box=None, pad_edge=False)
    for name in ("case", "value", "bound", *content["units"], "people", "EUR a year", "central plan"):
        table.add_column(name, justify="left" if name == "case" else "right", no_wrap=True)
    for row in content["cases"]:
        kept = row["central_plan_value"]
        table.add_row(row["case"], f"{row['value']:.4f}", f"{row['bound']:.4f}", *map(str, row["units"].values()),
                      figure(row["people"]), figure(row["money_eur"]), "not payable" if kept is None else f"{kept:.4f}")
    return table
