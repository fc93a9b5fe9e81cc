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
    """Print paired differences, the price of each clause where `run --rules` played it, and the answer swept.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study or the option is not in it.
    """
    from skyshield.adaptation.summary import adaptation_json
    from skyshield.cli.answer import answer_lines, kept_or_note
    from skyshield.cli.output import console, echo_json, kind_line, price_table, summary_table
    from skyshield.cli.run import unknowns
    from skyshield.study.clauses import clause_prices
    from skyshield.study.compare import PRIMARY, marks, rival_sentence, rivals
    from skyshield.study.compare import compare as pair
    from skyshield.study.run import read

    result, resolved = read(folder)
    computed = pair(result, to or resolved.baseline)
    adapted = kept_or_note(folder, result.manifest, resolved, strict=True)
    scenario, fit, catalogue, _ = resolved.parts()
    dropped = scenario.dropped_clauses()
    prices = clause_prices(result, dropped)
    said, both = marks(result, fit.status), rivals(result, computed.to)
    if as_json:
        content = {"study_key": result.manifest["study_key"], "to": computed.to, "primary": PRIMARY, "marks": said,
                   "paired": computed.rows, "rivals": both, "unknowns": unknowns(result, computed.to, catalogue),
                   "clauses": prices}
        echo_json(content if adapted is None else content | {"adaptation": adaptation_json(adapted)})
        return
    screen = console()
    for mark in said:
        screen.print(f"! {mark}")
    for option, rows in computed.rows.items():
        if option in dropped:
            continue  # priced below
        screen.print(summary_table(f"\n{option} minus {computed.to}, same raids", rows, "delta"))
        if option in both and computed.to == resolved.baseline:
            screen.print(rival_sentence(both[option]))
    for option in dict.fromkeys(price["option"] for price in prices):
        of = [price for price in prices if price["option"] == option]
        screen.print(price_table(option, of, result.manifest["days"]))
        for line in filter(None, map(kind_line, of)):
            screen.print(line, soft_wrap=True)
    if adapted is not None:
        for line in answer_lines(adaptation_json(adapted)["options"]):
            screen.print(line, soft_wrap=True)
