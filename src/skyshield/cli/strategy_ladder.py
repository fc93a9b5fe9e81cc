"""``skyshield strategy ladder [DIR]``: how likely at least one rung up is with each option, and what decides it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say for each option of a study between what the probability of at least one rung up lies, an answer by open "
        "force between Russia and a state of the coalition; what decides it, and what is said against it. Without DIR: "
        "the shipped study of guarantees.")
EXAMPLE = "Example: skyshield strategy ladder --set weight_fire=1"
_LEAST, _MOST = 0.01, 0.99
_SAID = 4  # statements, the rest stands in the JSON


def ladder(
    folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, show_default=False, help="The folder given to 'run --out'.")] = None,
    sets: Annotated[list[str] | None, typer.Option(
        "--set", metavar="NAME=VALUE",
        help="An assumption at a value, or NAME=LOW:HIGH. May be given several times.")] = None,
    values: Annotated[Path | None, typer.Option(
        "--values", metavar="YAML", readable=False,
        help="Values to check the equations by hand: months, rates, q; or lower, upper, from, to, steps.")] = None,
    elicited: Annotated[list[Path] | None, typer.Option(
        "--elicited", metavar="YAML", readable=False,
        help="What one person holds. May be given several times: people stand side by side.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print what a study says of the ladder.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study, an assumption is unknown or a value cannot be.
    """
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import console, echo_json
    from skyshield.core.errors import SkyShieldError
    from skyshield.strategy.assumptions import assumptions, read_elicited, read_values, with_set

    if values is not None:
        from skyshield.strategy.by_hand import ladder_by_hand

        if folder is not None or sets or elicited:
            raise SkyShieldError("--values", "stands alone", "leave DIR, --set and --elicited out")
        content = ladder_by_hand(read_values(values), str(values))
        if as_json:
            echo_json(content)
        else:
            _show_values(console(), content)
        return
    from skyshield.strategy.figures import open_figures
    from skyshield.strategy.ladder_study import ladder as find

    known = with_set(assumptions(load_catalogue(), "ladder"), sets or [])
    people = [(read_elicited(path), str(path)) for path in elicited or []]
    content = find(open_figures(folder), known, people)
    if as_json:
        echo_json(content)
        return
    _show(console(), content)


def _show_values(screen: Any, content: Mapping[str, Any]) -> None:
    from skyshield.cli.output import figure, span

    if "p_up" in content:
        screen.print(f"at least one rung up: {figure(content['p_up'])}")
    if "bounds" in content:
        screen.print(f"reached: {span(*content['bounds'])}")
    screen.print(content["equation"], soft_wrap=True)


def _show(screen: Any, content: Mapping[str, Any]) -> None:
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    options, comparisons = content["options"], content["comparisons"]
    apart = (f"The intervals of all {len(options)} options overlap: that one carries less risk of escalation than "
             "another is not testable here." if comparisons["all_overlap"] else
             "Less risk: " + "; ".join(f"{row['less']} than {row['more']}" for row in comparisons["apart"]) + ".")
    screen.print(apart, soft_wrap=True)
    screen.print(f"{content['baseline']} has a ladder of its own: drones cross borders and embassies are damaged with "
                 "any option or none.", soft_wrap=True)
    screen.print(content["selection"], soft_wrap=True)
    screen.print(_table(content))
    for row in content["thresholds"]:
        if "q_low" in row:
            screen.print(_balance(row, content["baseline"]), soft_wrap=True)
    for said in content["statements"][:_SAID]:
        screen.print(f"{said['who']}, {said['date']}: {said['says']} Against: {said['against']}", soft_wrap=True)
    if "people" in content:
        _show_people(screen, content)
    screen.print("kinds of incident, events, more statements, surfaces and what each assumption rests on: --json")


def _table(content: Mapping[str, Any]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import span

    table = Table(title=f"\nat least one rung up within {content['days']} days", title_justify="left", box=None,
                  pad_edge=False)
    table.add_column("option", no_wrap=True)
    more_than = f"rungs a year more than {content['baseline']}"
    for name in ("probability", "events at full weight", more_than, "second rung"):
        table.add_column(name, justify="right")
    table.add_column("narrowed most by")
    for option, row in content["options"].items():
        difference = row.get("difference")
        more = (span(*(float(f"{difference[f'rungs_a_year_{end}']:.2g}") for end in ("low", "high"))) if difference
                else "-")
        decides = (difference or row)["decides"]
        table.add_row(option, chances(row), chances(row["by_weight"][-1]), more, chances(row["second_rung"]),
                      decides["symbol"] if decides else "-")
    return table


def _balance(row: Mapping[str, Any], baseline: str) -> str:
    """Say at which share of answered months of fire an option and the baseline are alike.

    Examples
    --------
    >>> _balance({"option": "region", "q_low": -1.5, "q_high": 0.29}, "own")
    'region: surely more rungs than own if over 0.29 of its months of fire are answered; surely fewer at no share.'
    """
    fewer = f"below {row['q_low']:.2g}" if row["q_low"] > 0.0 else "at no share"
    return (f"{row['option']}: surely more rungs than {baseline} if over {row['q_high']:.2g} of its months of fire are "
            f"answered; surely fewer {fewer}.")


def _show_people(screen: Any, content: Mapping[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import span

    table = Table(title="\nas each person holds it, side by side", title_justify="left", box=None, pad_edge=False)
    table.add_column("option", no_wrap=True)
    for row in content["people"]:
        table.add_column(row["person"], justify="right", no_wrap=True)
    for option in content["options"]:
        table.add_row(option, *[chances(row["options"][option]) for row in content["people"]])
    screen.print(table)
    for row in content["differ"]:
        held = ", ".join(f"{who} {span(*ends)}" for who, ends in row["intervals"].items())
        screen.print(f"{row['symbol']}: {held}{' (apart)' if row['apart'] else ''}")
    changed = content["matters"]["options"]
    said = (f"It matters: the answer to 'less risk than {content['baseline']}' differs for {', '.join(changed)}."
            if changed else "It matters: which options lie apart differs." if content["matters"]["comparisons"]
            else "It does not matter to any answer.")
    screen.print(said, soft_wrap=True)


def chances(row: Mapping[str, Any]) -> str:
    """Write two ends of a probability with two digits, none nearer to 0 or 1 than anybody could know.

    Examples
    --------
    >>> chances({"p_low": 1e-9, "p_high": 0.9999}), chances({"p_low": 0.0, "p_high": 0.4567})
    ('under 0.01 to over 0.99', '0 to 0.46')
    """
    ends = [f"under {_LEAST}" if 0.0 < p < _LEAST else f"over {_MOST}" if p > _MOST else f"{p:.2g}"
            for p in (row["p_low"], row["p_high"])]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
