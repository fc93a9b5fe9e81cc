"""``skyshield strategy commitments [DIR]`` and ``burden``: who would answer, and who would pay."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skyshield.cli.strategy_ladder import chances

COMMITMENTS = "Example: skyshield strategy commitments --backstop fires --without FRA --set rho=0.3"
BURDEN = "Example: skyshield strategy burden skyshield --option region --by given"
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
Without = Annotated[str, typer.Option("--without", metavar="STATE,STATE",
                                      help="States that drop out, by code or name.")]
_BILLION = 1e9


def commitments(folder: Annotated[Path | None, typer.Argument(
        metavar="DIR", readable=False, show_default=False,
        help="The folder given to 'run --out'; the shipped study of guarantees if not given.")] = None,
                without: Without = "", backstop: Annotated[str, typer.Option(
        "--backstop", metavar="BACKSTOP", help="Of the United States: none, intelligence_and_logistics or fires.",
        )] = "none", before_ceasefire: Annotated[bool, typer.Option(
            "--before-ceasefire", help="The trigger comes before a ceasefire, when few statements hold.")] = False,
                sets: Annotated[list[str] | None, typer.Option(
        "--set", metavar="NAME=VALUE",
        help="An assumption at a value, or NAME=LOW:HIGH. May be given several times.")] = None,
                values: Annotated[Path | None, typer.Option(
        "--values", metavar="YAML", readable=False, help="Values to check the equation by hand: rho and p.")] = None,
                elicited: Annotated[list[Path] | None, typer.Option(
        "--elicited", metavar="YAML", readable=False,
        help="What one person holds. May be given several times: people stand side by side.")] = None,
                as_json: AsJson = False) -> None:
    """Say how likely it is that so many states answer, and with what; who is bound; what attacks leave of promises."""
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import console, echo_json
    from skyshield.core.errors import SkyShieldError
    from skyshield.strategy.assumptions import assumptions, read_elicited, read_values, with_set

    if values is not None:
        from skyshield.strategy.by_hand import commitments_by_hand

        if folder is not None or sets or elicited or without or backstop != "none" or before_ceasefire:
            raise SkyShieldError("--values", "stands alone", "leave DIR and the other options out")
        content = commitments_by_hand(read_values(values), str(values))
        if as_json:
            echo_json(content)
        else:
            _show_by_hand(console(), content)
        return
    from skyshield.strategy.commitments_study import of_study
    from skyshield.strategy.figures import open_figures

    known = with_set(assumptions(load_catalogue(), "commitments"), sets or [])
    people = [(read_elicited(path), str(path)) for path in elicited or []]
    content = of_study(open_figures(folder), known, people, _names(without), backstop, not before_ceasefire)
    if as_json:
        echo_json(content)
        return
    _show_commitments(console(), content)


def burden(scenario: Annotated[str, typer.Argument(metavar="SCENARIO",
                                                   help="A shipped scenario's name or a YAML file.")] = "skyshield",
           option: Annotated[str, typer.Option("--option", metavar="OPTION",
                                               help="The option to pay for.")] = "region",
           by: Annotated[str, typer.Option("--by", metavar="RULE",
                                           help="Shares by gdp, by aid given so far, or equal.")] = "gdp",
           shares: Annotated[str, typer.Option("--shares", metavar="STATE=SHARE",
                                               help="Shares that you state, with commas between them.")] = "",
           without: Without = "", as_json: AsJson = False) -> None:
    """Share an option's planned cost of a year among states, against what each produces and has given so far."""
    from skyshield.cli.output import console, echo_json
    from skyshield.compile.world import prepare_context
    from skyshield.forces import coalition
    from skyshield.raids.fit import embedded_fit
    from skyshield.strategy.burden import burden as share_out
    from skyshield.strategy.burden import shares_by, shares_of_members, stated_shares
    from skyshield.strategy.feasible import asked_of, feasible
    from skyshield.study.prepare import prepare

    states = coalition().without(_names(without), "--without")
    stated = stated_shares(_shares(shares), "--shares") if shares else None
    of_rule = shares_by(states, by)
    asked = prepare(scenario, embedded_fit())
    asked.scenario.option(option)
    members = shares_of_members(asked.scenario.members)
    found = feasible(asked_of(prepare_context(asked.resolved), _names(without)))["options"][option]
    money = found["money_eur_a_year"]
    rule = "stated" if stated else "members" if members else by
    rows = share_out((money["low"], money["high"]), stated or members or of_rule)
    content = {"scenario": asked.scenario.name, "option": option, "by": rule, "eur_a_year": money, "states": rows}
    if as_json:
        echo_json(content)
        return
    _show_burden(console(), content)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _shares(text: str) -> dict[str, float]:
    from skyshield.core.errors import SkyShieldError
    from skyshield.forces.coalition import once

    pairs = [part.partition("=") for part in _names(text)]
    once([name.strip() for name, _, _ in pairs], "--shares")
    result = {}
    for name, _, share in pairs:
        try:
            result[name.strip()] = float(share)
        except ValueError:
            raise SkyShieldError(f"--shares {name}", f"is {share!r}, not a number", "write FRA=0.5,GBR=0.5") from None
    return result


def _show_by_hand(screen: Any, content: dict[str, Any]) -> None:
    from skyshield.cli.output import figure

    for k, p in enumerate(content["p_at_least"]):
        screen.print(f"at least {k}: {figure(p)}")
    screen.print(content["equation"], soft_wrap=True)


def _show_commitments(screen: Any, content: dict[str, Any]) -> None:
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    struck = f", without {', '.join(content['without'])}" if content["without"] else ""
    when = "after a ceasefire" if content["ceasefire"] else "before a ceasefire"
    screen.print(f"At least three of {len(content['states'])} states answering an attack in kind: "
                 f"{content['at_least_three']}, {when}{struck}.", soft_wrap=True)
    screen.print(_answers_table(content))
    screen.print(f"US backstop: {content['backstop']} ({content['backstop_means']})")
    for row in content["dropouts"]:
        screen.print(f"without {row['without']}, at least {row['at_least']} in kind: {chances(row)}")
    for row in content["thresholds"]:
        screen.print(_turn_line(row), soft_wrap=True)
    screen.print(_stocks_table(content))
    screen.print(_triggers_table(content))
    if "people" in content:
        _show_people(screen, content)
    screen.print("nothing measures these probabilities: both ends are judgements, by what each state has said; each "
                 "state, equations and basis: --json")


def _answers_table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title="\nhow likely it is that so many states give an answer, low to high", title_justify="left",
                  box=None, pad_edge=False)
    table.add_column("at least", justify="right", no_wrap=True)
    for row in content["graded"]:
        table.add_column(row["response"].replace("_", " "), justify="right", no_wrap=True)
    for k, row in enumerate(content["at_least"]):
        table.add_row(str(row["at_least"]), *[chances(graded["at_least"][k]) for graded in content["graded"]])
    return table


def _turn_line(row: dict[str, Any]) -> str:
    """Say where so many answers in kind turn from likelier than not to less likely.

    Examples
    --------
    >>> _turn_line({"at_least": 3, "even_p": [{"rho": 0.0, "p": 0.0757}],
    ...             "rho_at_low_ends": {"less_likely_than_not": "from rho", "rho": [0.4966]},
    ...             "rho_at_high_ends": {"less_likely_than_not": "never"}})
    'at least 3 in kind: even at p 0.076 (rho 0); less likely than not: low ends from rho 0.5, high ends never'
    """
    even = ", ".join(f"{of['p']:.2g} (rho {of['rho']:.2g})" for of in row["even_p"])
    low, high = (" ".join([of["less_likely_than_not"], ", ".join(f"{rho:.2g}" for rho in of.get("rho", []))]).strip()
                 for of in (row["rho_at_low_ends"], row["rho_at_high_ends"]))
    return (f"at least {row['at_least']} in kind: even at p {even}; less likely than not: low ends {low}, high ends "
            f"{high}")


def _stocks_table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    from skyshield.cli.output import span

    laws = {row["stock"]: row["law"] for row in content["credibility"]}
    table = Table(title=f"\nwhat unanswered attacks of {content['days']} days leave of each promise, and one of full "
                        "severity", title_justify="left", box=None, pad_edge=False)
    table.add_column("option", no_wrap=True)
    for name in ("attacks in Ukraine", "on bases", *laws.values()):
        table.add_column(name, justify="right")
    for option, row in content["options"].items():
        if row["in_ukraine"]["attacks_high"] > 0.0 or row["at_bases"]["attacks_high"] > 0.0:
            table.add_row(option, *[span(row[place]["attacks_low"], float(f"{row[place]['attacks_high']:.2g}"))
                                    for place in ("in_ukraine", "at_bases")],
                          *[_left(row["stocks"][stock]) for stock in laws])
    table.add_row("one attack", "-", "-", *map(_left, content["credibility"]))
    return table


def _left(row: dict[str, Any]) -> str:
    from skyshield.cli.output import span

    return span(*(float(f"{row[end]:.2g}") for end in ("left_low", "left_high")))


def _triggers_table(content: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title="\nwho is bound to what", title_justify="left", box=None, pad_edge=False)
    for name in ("trigger", "responses its texts allow", "bound", "law", "begins"):
        table.add_column(name, no_wrap=True)
    for row in content["triggers"]:
        bound = f"{row['n_bound']} states ({row['bound']})" if row["n_bound"] else "nobody"
        table.add_row(row["what"], ", ".join(row["responses"]).replace("_", " "), bound, row["law"], row["begins"])
    return table


def _show_people(screen: Any, content: dict[str, Any]) -> None:
    from skyshield.cli.output import span

    screen.print("\nas each person holds it, side by side", soft_wrap=True)
    for row in content["people"]:
        three = next(of for of in row["at_least"] if of["at_least"] == 3)
        screen.print(f"{row['person']}: at least three in kind {chances(three)}, {row['at_least_three']}")
    for row in content["differ"]:
        held = ", ".join(f"{who} {span(*ends)}" for who, ends in row["intervals"].items())
        screen.print(f"{row['symbol']}: {held}{' (apart)' if row['apart'] else ''}")
    screen.print("It matters: the answer differs." if content["matters"] else "It does not matter to the answer.")


def _show_burden(screen: Any, content: dict[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import span

    money = content["eur_a_year"]
    total = span(money["low"] / _BILLION, money["high"] / _BILLION)
    table = Table(title=f"{content['option']}: {total} billion EUR a year, shared by {content['by']}",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("state", "share", "million EUR a year", "of its product", "aid given, billion EUR", "of its product",
                 "over a year of that aid"):
        table.add_column(name, justify="left" if name == "state" else "right", no_wrap=True)
    for row in content["states"]:
        given = "-" if row["given_of_gdp"] is None else f"{row['given_of_gdp']:.2%}"
        table.add_row(row["state"], f"{row['share']:.1%}",
                      span(row["eur_a_year_low"] / 1e6, row["eur_a_year_high"] / 1e6),
                      f"{row['of_gdp_low']:.3%} to {row['of_gdp_high']:.3%}", f"{row['given_eur'] / _BILLION:.3g}",
                      given, span(row["of_given_a_year_low"], row["of_given_a_year_high"]))
    screen.print(table)
    screen.print("aid from January 2022 to April 2026, product of 2021: Kiel Institute, Ukraine Support Tracker, "
                 "release 29; which share is fair is not said")
