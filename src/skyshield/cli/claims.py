"""``skyshield claims``: the op-ed claim by claim, its rivals beside it, under one rule."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Judge the op-ed claim by claim, and what its rivals say, by a study: supported, partly, contradicted, or not "
        "testable here.")
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(help=HELP, epilog="Example: skyshield claims study --claim embassies")
def claims(
    folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'; without it, the shipped study of "
                                            "guarantees.")] = None,
    elicited: Annotated[list[Path] | None, typer.Option(
        "--elicited", metavar="FILE", readable=False, show_default=False,
        help="What one person holds of the assumptions; give it again for others, to stand beside.")] = None,
    claim: Annotated[str, typer.Option("--claim", metavar="NAME", help="Tell one claim in full.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the verdicts.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study, a file is no elicitation, or there is no such claim.
    """
    from skyshield.claims import claims_json, named
    from skyshield.cli.output import console, echo_json
    from skyshield.strategy.assumptions import read_elicited
    from skyshield.strategy.figures import open_figures

    people = [read_elicited(path) for path in elicited or []]
    content = claims_json(open_figures(folder), people)
    if claim:
        content["claims"] = [named(claim, content["claims"])]
    if as_json:
        echo_json(content)
        return
    screen = console()
    for mark in content["marks"]:
        screen.print(f"! {mark}", soft_wrap=True)
    for line in _in_full(content["claims"][0]) if claim else ():
        screen.print(line, soft_wrap=True)
    if not claim:
        _show(screen, content)


def _people_table(content: Mapping[str, Any]) -> Any:
    """Return the claims on which what people hold has a bearing, a person a column."""
    from rich.table import Table

    table = Table(title="\nWhat each person's assumptions make of the claims about politics; * where they differ",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("claim", *content["people"], ""):
        table.add_column(name)
    for row in content["claims"]:
        if "people" in row:
            table.add_row(row["short"], *[one["verdict"] for one in row["people"]], "*" if row["people_differ"] else "")
    return table


def _show(screen: Any, content: Mapping[str, Any]) -> None:
    from skyshield.claims import SIDES

    for side, words in SIDES.items():
        if rows := [row for row in content["claims"] if row["side"] == side]:
            screen.print(_table(words, rows))
    if content["people"]:
        screen.print(_people_table(content))
    counts = ", ".join(f"{count} {verdict}" for verdict, count in content["counts"].items())
    screen.print(f"\n{counts}. Thresholds were fixed on {content['fixed']}, before any study was looked at; "
                 f"study {content['study_key'][:12]}, {content['days']} days.", soft_wrap=True)
    screen.print("supported: beyond the threshold in every arm; contradicted: short of it in every arm; partly: the "
                 "headline is beyond it and some arm is not,\nor parts of the claim differ; not testable here: what "
                 "nobody knows decides, or the study lacks what it takes. Distance to the threshold: above 0 is "
                 "beyond it.\nOne in full: --claim NAME", soft_wrap=True)


def _table(words: str, rows: Sequence[Mapping[str, Any]]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import figure

    table = Table(title=f"\n{words[0].upper()}{words[1:]}", title_justify="left", box=None, pad_edge=False)
    for name in ("claim", "verdict", "distance", "arm, or what it would take", "name"):
        table.add_column(name, justify="right" if name == "distance" else "left", overflow="fold",
                         ratio=None if name in ("distance", "name", "verdict") else 1)
    for row in rows:
        table.add_row(row["short"], row["verdict"], figure(row["distance"]),
                      row["would_change"] if row["distance"] is None else row["arm"], row["claim"])
    return table


def _in_full(row: Mapping[str, Any]) -> list[str]:
    """Return all that is known of a claim, a line each."""
    from skyshield.claims import SIDES

    place = row["place"]
    where = f"paragraph {place['paragraph']} (“{place['words']} …”), " if "paragraph" in place else ""
    lines = [f"{row['short']}: {row['verdict'].upper()}", f"Said by: {SIDES[row['side']]}, {where}{place['source']}",
             f"It says: {row['says']}", f"It is true if: {row['true_if']}"]
    for part in row["parts"]:
        lines += _part_lines(part)
    lines += [f"{one['person']}: {one['verdict']}; {one['would_change']}" for one in row.get("people", ())]
    return lines if row["parts"] else [*lines, f"What would test it: {row['would_change']}"]


def _part_lines(part: Mapping[str, Any]) -> list[str]:
    from skyshield.cli.output import figure, span

    word = "more" if part["direction"] == "above" else "less"
    lines = [f"\n{part['part']}: {part['verdict']}" + (f", {part['why']}" if part["why"] else ""),
             f"  {part['figure']['name']}; it must be {word} than {figure(part['threshold'])}"
             + (f" ({part['unit']})" if part["threshold"] else ""),
             f"  why so much: {part['reason']}"]
    if part["because"]:
        lines.append(f"  tried in {part['tried_in']}: {part['because']}")
    if part["level"] is not None:
        lines.append(f"  told at {100.0 * (1.0 - part['level']):.3g}%, widened for the number of claims")
    lines += _arm_lines(part)
    lines += [f"    {span(one['lo'], one['hi'])}  {one['option']}" for one in part["beside"]]
    if part["distance"] is not None:
        lines.append(f"  distance {figure(part['distance'])}, least in: {part['arm']}")
    return [*lines, f"  what would change it: {part['would_change']}"]


def _arm_lines(part: Mapping[str, Any]) -> list[str]:
    """Return the headline, the arm nearest to failing, and those that stand elsewhere than the headline."""
    from skyshield.cli.output import figure, span

    told = [arm for k, arm in enumerate(part["arms"])
            if k == 0 or arm["arm"] == part["arm"] or arm["stands"] != part["arms"][0]["stands"]]
    lines = [f"    {figure(arm['mean']) + ' (' if arm['mean'] is not None else ''}{span(arm['lo'], arm['hi'])}"
              f"{')' if arm['mean'] is not None else ''}  {arm['stands']}: {arm['arm']}" for arm in told]
    more = len(part["arms"]) - len(told)
    return [*lines, f"    and {more} more that stand as the headline does"] if more else lines
