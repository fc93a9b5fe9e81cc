"""``skyshield compare DIR [DIR]``: paired differences of a stored study, or what sets two studies apart."""

from pathlib import Path
from typing import Annotated

import typer

from skyshield.cli.pairs import AGAINST

HELP = "Compare the options of a stored study on the same raids, or two studies option by option."
EXAMPLE = "Example: skyshield compare study --to own"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="compare", help=HELP, epilog=EXAMPLE)
def compare(
    folder: Annotated[Path, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'.")],
    second: Annotated[Path | None, typer.Argument(
        metavar="DIR2", readable=False,
        help="The folder of a second study: each option of it minus the option of the same name in the first.")] = None,
    to: Annotated[str | None, typer.Option(
        metavar="OPTION", help="Option that differences are taken to; the baseline if not given. With two studies: "
                               "first inside each of them, no option if not given.")] = None,
    against: Annotated[str | None, typer.Option("--against", metavar="A,B", help=AGAINST)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print paired differences, the price of each clause where `run --rules` played it, and the adaptation swept.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study or the option is not in it.
    """
    if second is not None and against is not None:
        from skyshield.core.errors import SkyShieldError

        raise SkyShieldError("--against", "is given with two studies", "leave one of them out")
    if second is not None:
        from skyshield.cli.compare_two import compare_two

        compare_two(folder, second, to, as_json)
        return
    from skyshield.cli.adaptation import adaptation_lines, cached_json
    from skyshield.cli.output import HEADLINE, console, echo_json, kind_line, price_table, summary_table
    from skyshield.cli.pairs import names_of, pair_lines, pairs_table
    from skyshield.study.compare import rival_sentence
    from skyshield.study.document import compare_json
    from skyshield.study.view import StudyView

    view = StudyView.open(folder, to)
    view.against = names_of(against, view.manifest["options"])
    swept = cached_json(folder, view)
    if as_json:
        echo_json(compare_json(view) | swept)
        return
    rows = view.shown(HEADLINE).rows
    screen = console()
    for mark in view.marks:
        screen.print(f"! {mark}")
    if view.pairs:
        screen.print(pairs_table(view.pairs, view.manifest["days"]))
        for line in pair_lines(view.pairs, view.more_launches):
            screen.print(line, soft_wrap=True)
    for option, row in rows.items():
        if option in view.dropped:
            continue  # priced below
        screen.print(summary_table(f"\n{option} minus {view.to}, same raids", row, "delta"))
        if option in view.rivals:
            screen.print(rival_sentence(view.rivals[option], "" if view.to == view.resolved.baseline else view.to),
                         soft_wrap=True)
    for option in dict.fromkeys(price["option"] for price in view.prices):
        of = [price for price in view.prices if price["option"] == option]
        screen.print(price_table(option, of, view.manifest["days"]))
        for line in filter(None, map(kind_line, of)):
            screen.print(line, soft_wrap=True)
    for line in adaptation_lines(swept.get("adaptation", {}).get("options", {})):
        screen.print(line, soft_wrap=True)
