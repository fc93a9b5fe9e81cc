"""``skyshield strategy response``: what a strike on an option's people leaves the West to choose from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Say for every option what a strike on its people would leave the West to choose from, what silence would "
        "cost, and whether both to answer and not to is bad.")
EXAMPLE = "Example: skyshield strategy response study --set b=0.5 --set L_war=1:3"
_WORDS = {"none": "no answer", "sanctions": "sanctions", "aid": "aid", "wider_rules": "wider rules",
          "in_kind": "in kind"}
_HOLDS = {"everywhere": "is certain whatever else holds", "somewhere": "is possible and not certain",
          "nowhere": "is ruled out", "not settled": "is not settled"}


def response(
    folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'; the shipped study of guarantees if not "
                                            "given.")] = None,
    chosen: Annotated[list[str] | None, typer.Option(
        "--set", metavar="NAME=VALUE", help="An assumption at a value, or in an interval NAME=LOW:HIGH; may be "
                                            "repeated.")] = None,
    values: Annotated[Path | None, typer.Option(
        "--values", metavar="YAML", help="Points of every number, to check the equations by hand: L0, c0, L_next, "
                                         "L_war, b, L_cred or c, and actions.")] = None,
    elicited: Annotated[list[Path] | None, typer.Option(
        "--elicited", metavar="FILE", help="What one person holds; may be repeated, each stands beside the others.",
        )] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the response dilemma.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no finished study, or a number cannot be.
    """
    from skyshield.cli.output import console, echo_json
    from skyshield.core.errors import SkyShieldError

    if values is not None:
        from skyshield.strategy.response_study import values_json

        if folder is not None or chosen or elicited:
            raise SkyShieldError("--values", "stands beside a study, --set or --elicited", "give it alone")
        content = values_json(values)
        if as_json:
            echo_json(content)
        else:
            _show_values(console(), content)
        return
    content = _asked(folder, chosen or [], elicited or [])
    if as_json:
        echo_json(content)
    else:
        _show(console(), content)


def _asked(folder: Path | None, chosen: Sequence[str], elicited: Sequence[Path]) -> dict[str, Any]:
    from skyshield.catalogue import load_catalogue
    from skyshield.scenario import load
    from skyshield.strategy.assumptions import assumptions, read_elicited, with_set
    from skyshield.strategy.figures import open_figures
    from skyshield.strategy.response_study import response_json

    people = [read_elicited(path) for path in elicited]
    known = with_set(assumptions(load_catalogue(), "response"), chosen)
    figures = open_figures(folder)
    scenario = load(str(figures.document["scenario"])) if figures.view is None else figures.view.scenario
    catalogue = load_catalogue() if figures.view is None else figures.view.catalogue
    packages = {option.name: option.packages for option in scenario.options}
    return response_json(figures, packages, catalogue, known, people)


def _show_values(screen: Any, content: Mapping[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import figure

    table = Table(title="what each answer costs", title_justify="left", box=None, pad_edge=False)
    table.add_column("answer", no_wrap=True)
    table.add_column("cost", justify="right", no_wrap=True)
    for name, value in content["costs"].items():
        table.add_row(_WORDS.get(name, name), figure(value))
    screen.print(table)
    screen.print(f"least: {_WORDS.get(content['choice'], content['choice'])}; the choice turns at L_cred "
                 f"{', '.join(map(figure, content['switches'])) or 'nowhere'}; E[k] {figure(content['e_k'])}")
    screen.print(content["equation"], soft_wrap=True)


def _show(screen: Any, content: Mapping[str, Any]) -> None:
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    for sentence in sentences(content):
        screen.print(sentence, soft_wrap=True)
    screen.print(_table(content))
    screen.print("no trap for an option where the high end of its cost of the best is tolerated; the trap's boundary "
                 "in L0 and b, by L_war: --json", soft_wrap=True)
    for line in _costlier_lines(content["costlier"]["options"]):
        screen.print(line, soft_wrap=True)
    screen.print("\nWhere the choice turns, between the ends of what is assumed")
    for line in _threshold_lines(content["thresholds"]):
        screen.print(f"  {line}", soft_wrap=True)
    for line in _elicited_lines(content["elicited"]):
        screen.print(line, soft_wrap=True)
    screen.print("\nBeside the figures")
    for said in content["moscow"].values():
        screen.print(f"  {said['who']}, {said['date']}: {said['says']}", soft_wrap=True)
    for anchor in content["anchors"].values():
        screen.print(f"  {anchor['what']}: {anchor['answered']} of {anchor['attacks']}, "
                     f"{_span(anchor['full_weight'])}; at a weight of {anchor['weight_at_most']:g}, "
                     f"{_span(anchor['fitting_weight'])}", soft_wrap=True)
    screen.print(f"  {content['caveat']}", soft_wrap=True)
    rows = [row for row in content["basis"] if row["basis"] != "data"]
    screen.print("\nAssumed, nothing measures it (set by --set or --elicited)")
    screen.print(f"  {', '.join(_assumption(row) for row in rows)}", soft_wrap=True)


def sentences(content: Mapping[str, Any]) -> list[str]:
    """Return the answer in three sentences: who is in reach, what can be best, where the trap holds."""
    options = content["options"]
    there = {name: one for name, one in options.items() if one["in_reach"]}
    if not there:
        return ["No option of this study has people of the coalition in reach of a strike.",
                "The dilemma of how to answer one does not arise.", "Nothing assumed about losses matters to it."]
    most = max(there, key=lambda name: there[name]["strikes"]["average"]["casualties"]["high"])
    least = min(there, key=lambda name: there[name]["strikes"]["average"]["casualties"]["high"])
    first = (f"{len(there)} of {len(options)} options have people of the coalition in reach; a strike costs most where "
             f"{most} is struck, {_span(there[most]['strikes']['average']['casualties'])} people on average, and least "
             f"where {least} is, {_span(there[least]['strikes']['average']['casualties'])}.")
    alone = sorted({one["strikes"]["average"]["answers"][0] for one in there.values()
                    if len(one["strikes"]["average"]["answers"]) == 1})
    every = sorted({answer for one in there.values() for answer in one["strikes"]["average"]["answers"]},
                   key=list(_WORDS).index)
    second = (f"Within what is assumed, the answer that costs least to a strike can be {_listed(every)}"
              + (", the same for every option." if len(every) == len(alone) == 1 else
                 ": the assumptions decide it, no figure of the study does."))
    by: dict[str, list[str]] = {}
    for name, one in there.items():
        by.setdefault(one["strikes"]["average"]["trap"], []).append(name)
    third = "The trap, that the best answer is intolerable and Russia attacks all the same, " + "; ".join(
        f"{_HOLDS[where]} for {'all of them' if len(names) == len(there) else ', '.join(names)}"
        for where, names in by.items()) + "."
    return [first, second, third]


def _table(content: Mapping[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title="\nA strike on each option, on average (severe: as one in twenty); the headline of the study, "
                        "then all its arms", title_justify="left", box=None, pad_edge=False)
    for name in ("option", "strikes a year", "all arms", "anybody hurt", "ten or more", "casualties", "of a severe one",
                 "L_cred", "cost of silence", "cost of the best", "trap"):
        table.add_column(name, justify="left" if name in ("option", "trap") else "right", no_wrap=True)
    nobody = [name for name, one in content["options"].items() if not one["in_reach"]]
    for name, one in content["options"].items():
        if one["in_reach"]:
            average, severe = one["strikes"]["average"], one["strikes"]["severe"]
            table.add_row(name, _span(one["strikes_a_year_headline"]), _span(one["strikes_a_year"]),
                          _chance(one["p_any_a_year_headline"]), _chance(one["p_at_least_10_a_year_headline"]),
                          _span(average["casualties"]), _span(severe["casualties"]),
                          _span(average["L_cred"]), _span(average["cost_of_silence"]), _span(average["cost_of_best"]),
                          average["trap"] if average["trap"] == severe["trap"]
                          else f"{average['trap']}; severe: {severe['trap']}")
    if nobody:
        table.caption = f"nobody in reach, so no strike to answer: {', '.join(nobody)}"
        table.caption_justify = "left"
    return table


def _costlier_lines(options: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return which option's strike costs more credibility than which other's."""
    from skyshield.cli.output import figure

    lines = [f"  {name}: more than {', '.join(f'{other} (c0 from {figure(at)})' for other, at in others.items())}"
             for name, others in options.items() if others]
    return ["\nWhat a strike costs in credibility, at the same L0 and c0, whatever else holds", *lines] if lines else []


def _threshold_lines(thresholds: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the turns between neighbours of the menu."""
    from skyshield.cli.output import figure

    order = list(_WORDS)
    lines = []
    for row in thresholds:
        if order.index(row["after"]) != order.index(row["before"]) + 1:
            continue
        low, high = row["L_cred"]["low"], row["L_cred"]["high"]
        until = "no end, since it need not restore more" if high is None else figure(high)
        hurt = row["casualties"]
        people = "never" if hurt["low"] is None else f"{figure(hurt['low'])} casualties to " + (
            "never" if hurt["high"] is None else figure(hurt["high"]))
        lines.append(f"from {_WORDS[row['before']]} to {_WORDS[row['after']]}: L_cred {figure(low)} to {until}; "
                     f"{people}")
    return lines


def _elicited_lines(content: Mapping[str, Any]) -> list[str]:
    if not content["people"]:
        return []
    names = list(content["people"])
    lines = [f"\nSide by side: {', '.join(names)}"]
    if len(names) > 1:
        apart = ", ".join(row["symbol"] for row in content["differ_in"]) or "nothing"
        lines.append(f"  they differ in {apart}; that {'matters' if content['matters'] else 'changes nothing'}")
    for row in content["changes"]:
        said = "; ".join(f"{person}: {', '.join(of) if isinstance(of, list) else of}"
                         for person, of in row["by"].items())
        lines.append(f"  {row['option']}, {row['strike']} strike, {row['what']}: {said}")
    return lines


def _assumption(row: Mapping[str, Any]) -> str:
    from skyshield.cli.output import figure, span

    ends = figure(row["low"]) if row["low"] == row["high"] else span(row["low"], row["high"])
    return f"{row['symbol']} {ends}" + ("" if row["basis"] == "assumed" else f" ({', '.join(row['source'])})")


def _listed(answers: Sequence[str]) -> str:
    words = [_WORDS[answer] for answer in answers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _chance(interval: Mapping[str, float]) -> str:
    """Write two ends of a probability, none nearer to 0 or 1 than anybody could know.

    Examples
    --------
    >>> _chance({"low": 1e-9, "high": 0.25})
    'under 0.001 to 0.25'
    """
    from skyshield.cli.output import figure

    ends = ["under 0.001" if p < 0.001 else "over 0.999" if p > 0.999 else figure(p) for p in interval.values()]
    return " to ".join(dict.fromkeys(ends))


def _span(interval: Mapping[str, float]) -> str:
    from skyshield.cli.output import span

    return span(interval["low"], interval["high"])
