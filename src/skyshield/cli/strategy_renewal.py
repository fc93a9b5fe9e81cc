"""``skyshield strategy renewal``: how likely war is to come back, and which guarantor decides."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say how likely war is to come back after a ceasefire, and how much more a euro of aid must do to that than a "
        "euro of a ground force for the aid to be worth more.")
EXAMPLE = "Example: skyshield strategy renewal --years 2"


def renewal(
    folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'; the shipped study of guarantees if "
                                              "not given.")] = None,
    years: Annotated[float, typer.Option("--years", metavar="YEARS", help="Years from the ceasefire on.")] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print what is assumed of renewed war, and the ratio at which aid and force change places.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study of several phases.
    """
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import console, echo_json
    from skyshield.strategy.figures import open_figures
    from skyshield.strategy.guarantor import renewal as find

    content = find(open_figures(folder), load_catalogue(), years)
    if as_json:
        echo_json(content)
        return
    _show(console(), content)


def _show(screen: Any, content: dict[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import figure, span

    for row in content["p_renewal"]:
        screen.print(f"war is back within {figure(row['years'])} year{'s' if row['years'] > 1.0 else ''} with a "
                     f"probability of {span(row['low'], row['high'])}: nobody knows")
    table = Table(title=f"\nhow many times as much as a euro of force a euro of aid must do, in {content['years']:g} "
                  "years", title_justify="left", box=None, pad_edge=False)
    for name in ("force", "aid", "if the force lowers the hazard most", "", "if it raises it most", ""):
        table.add_column(name, no_wrap=True)
    for row in content["guarantors"]:
        table.add_row(row["force"], row["aid"] or "-", *(cell for one in row["flips"] for cell in (
            one["why"] or _words(one, figure(one["ratio"])),
            f"may be {span(one['allowed_low'], one['allowed_high'])}: {one['worth_more']}")))
    screen.print(table)
    screen.print("by armed threats that reach their aims in the country, in the war that goes on and in war renewed; "
                 "'may be': what the interval of the aid's effect allows, and who is worth more in all of it; all "
                 "intervals are judgements", soft_wrap=True)


def _words(flip: dict[str, Any], ratio: str) -> str:
    """Say on which side of the ratio aid is worth more."""
    return f"aid worth more {'above' if flip['log_ratio_force'] < 0.0 else 'below'} {ratio}"
