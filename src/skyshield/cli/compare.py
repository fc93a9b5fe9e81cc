"""``skyshield compare DIR``: paired differences of a stored study."""

from pathlib import Path
from typing import Annotated

import typer

HELP = "Compare the options of a stored study on the same raids."
EXAMPLE = "Example: skyshield compare study --to own"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="compare", help=HELP, epilog=EXAMPLE)
def compare(
    folder: Annotated[Path, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'.")],
    to: Annotated[str | None, typer.Option(
        metavar="OPTION", help="Option that differences are taken to; the baseline if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print paired differences, and the price of each clause where `run --rules` played it.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study or the option is not in it.
    """
    from skyshield.cli.output import console, echo_json, figure, span, summary_table
    from skyshield.cli.run import unknowns
    from skyshield.study.compare import PRIMARY, clause_prices, marks, rival_sentence, rivals
    from skyshield.study.compare import compare as pair
    from skyshield.study.run import read

    result, resolved = read(folder)
    found = pair(result, to or resolved.baseline)
    prices = clause_prices(result)
    _, fit, catalogue, _ = resolved.parts()
    said, both = marks(result, fit.status), rivals(result, found.to)
    if as_json:
        echo_json({"study_key": result.manifest["study_key"], "to": found.to, "primary": PRIMARY, "marks": said,
                   "paired": found.rows, "rivals": both, "unknowns": unknowns(result, found.to, catalogue),
                   "clauses": prices})
        return
    screen = console()
    for mark in said:
        screen.print(f"! {mark}")
    for option, rows in found.rows.items():
        screen.print(summary_table(f"\n{option} minus {found.to}, same raids", rows, "delta"))
        if option in both and found.to == resolved.baseline:
            screen.print(rival_sentence(both[option]))
    for price in prices:
        row = price["measures"][PRIMARY]
        screen.print(f"without the clause {price['clause']}, {price['option']}: {PRIMARY} {figure(row['delta'])} more "
                     f"(95% {span(row['lo'], row['hi'])})")
