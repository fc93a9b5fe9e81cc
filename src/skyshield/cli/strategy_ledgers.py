"""``skyshield strategy ledgers DIR``: benefit by country group, legitimacy by audience, and the op-ed's interests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say of a stored study which countries gain by each option, what the op-ed's five interests face without and "
        "with it, and how it could be justified to whom, the contrary statement beside it.")
EXAMPLE = "Example: skyshield strategy ledgers study --to own"


def ledgers(
    folder: Annotated[Path, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'.")],
    to: Annotated[str | None, typer.Option(
        metavar="OPTION", help="Option that benefits are taken to; the baseline if not given. Interests are always "
                               "told against the baseline.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the ledgers of a study.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study or the option is not in it.
    """
    from skyshield.cli.output import console, echo_json
    from skyshield.strategy.interests import exposures_json
    from skyshield.strategy.ledgers import benefits_json
    from skyshield.strategy.legitimacy import legitimacy_json
    from skyshield.strategy.reading import label_of, limits
    from skyshield.study.view import StudyView

    view = StudyView.open(folder, to)
    asked = {option.name: option.packages for option in view.scenario.options if option.name not in view.dropped}
    content: dict[str, Any] = {
        "study_key": view.manifest["study_key"], "to": view.to, "baseline": view.resolved.baseline,
        "days": view.manifest["days"], "marks": view.marks, "limits": dict(limits()),
        "benefits": benefits_json(view), **exposures_json(view),
        "legitimacy": legitimacy_json(asked)}
    if as_json:
        echo_json(content)
        return
    screen = console()
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    for group in content["benefits"].values():
        screen.print(_benefit_table(group, content["to"]))
        for line in group["unmeasured"]:
            screen.print(f"  not measured: {line}", soft_wrap=True)
    for name, days in content["phases"].items():
        screen.print(f"\nPhase {name}: {_days_words(days)} on average", soft_wrap=True)
    for interest in content["interests"].values():
        for phase, exposure in interest["exposure"].items():
            screen.print(_exposure_table(interest, phase, exposure))
    screen.print("\nWhat the figures cannot carry")
    for measure, said in content["limits"].items():
        screen.print(f"  {label_of(measure)}: {said}", soft_wrap=True)
    for line in _legitimacy_lines(content["legitimacy"]):
        screen.print(line, soft_wrap=True)


def _days_words(days: Mapping[str, float]) -> str:
    """Return the days of a phase, a range where options differ."""
    from skyshield.cli.output import figure, span

    low, high = min(days.values()), max(days.values())
    return f"{figure(low) if low == high else span(low, high)} days"


def _benefit_table(group: Mapping[str, Any], to: str) -> Any:
    from rich.table import Table

    table = Table(title=f"\n{group['label']}: option minus {to}, same raids; below zero is a gain",
                  title_justify="left", box=None, pad_edge=False)
    table.add_column("option", no_wrap=True)
    for words in group["measures"].values():
        table.add_column(f"{words['label']} ({words['shown']})", justify="right")
    for option, row in group["options"].items():
        table.add_row(option, *[_cell(row[measure], "delta") for measure in group["measures"]])
    return table


def _exposure_table(interest: Mapping[str, Any], phase: str, exposure: Mapping[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title=f"\n{interest['label']}, {phase}", title_justify="left", box=None, pad_edge=False)
    for name in ("measure", "option"):
        table.add_column(name, no_wrap=True)
    for name in ("without", "with", "difference"):
        table.add_column(name, justify="right", no_wrap=True)
    for option, row in exposure.items():
        for measure, figures in row.items():
            words = interest["measures"][measure]
            table.add_row(f"{words['label']} ({words['shown']})", option, _cell(figures["without"], "mean"),
                          _cell(figures["with"], "mean"), _cell(figures["difference"], "delta"))
    return table


def _cell(row: Mapping[str, Any], middle: str) -> str:
    from skyshield.cli.output import figure, span

    interval = "" if row["lo"] is None else f" ({span(row['lo'], row['hi'])})"
    return interval.strip(" ()") if row[middle] is None else f"{figure(row[middle])}{interval}"


def _legitimacy_lines(content: Mapping[str, Any]) -> Sequence[str]:
    from skyshield.strategy.legitimacy import AUDIENCES

    lines = ["\nHow each option could be justified, and what is said against it; no verdict"]
    for name, kind in content["kinds"].items():
        options = [option for option, kinds in content["options"].items() if name in kinds]
        lines.append(f"\n{kind['label']}: {', '.join(options) if options else 'no option of this study'}")
        for audience, cell in kind["audiences"].items():
            basis = content["bases"][cell["basis"]]["label"]
            lines.append(f"  {AUDIENCES[audience]} ({basis})")
            for side, word in (("statement", "for"), ("contrary", "against")):
                said = cell[side]
                lines.append(f"    {word}: {said['says']} ({said['who']}, {said['date']}; {', '.join(said['source'])})")
    lines.append("\nThe op-ed's wording of law")
    lines += [f"  {one['wording']} {one['correct']} ({', '.join(one['source'])})" for one in content["corrections"]]
    return lines
