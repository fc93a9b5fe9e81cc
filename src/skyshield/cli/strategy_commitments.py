"""``skyshield strategy commitments`` and ``burden``: who would answer if a guarantee is called in, who would pay."""

from typing import Annotated, Any

import typer

COMMITMENTS = "Example: skyshield strategy commitments --backstop fires --without FRA"
BURDEN = "Example: skyshield strategy burden skyshield --option region --by given"
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
Without = Annotated[str, typer.Option("--without", metavar="STATE,STATE",
                                      help="States that drop out, by code or name.")]
_BILLION = 1e9


def commitments(without: Without = "", backstop: Annotated[str, typer.Option(
        "--backstop", metavar="BACKSTOP", help="Of the United States: none, intelligence_and_logistics or fires.",
        )] = "none", before_ceasefire: Annotated[bool, typer.Option(
            "--before-ceasefire", help="The trigger comes before a ceasefire, when few statements hold.")] = False,
                as_json: AsJson = False) -> None:
    """Say how likely it is that so many states answer an attack, who is bound to what, and what no answer costs."""
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import console, echo_json
    from skyshield.strategy.commitments import commitments as find

    content = find(load_catalogue(), _names(without), backstop, not before_ceasefire)
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


def _show_commitments(screen: Any, content: dict[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import span

    struck = f", without {', '.join(content['without'])}" if content["without"] else ""
    when = "after a ceasefire" if content["ceasefire"] else "before a ceasefire"
    table = Table(title=f"how likely it is that so many of {len(content['states'])} states answer, {when}{struck}",
                  title_justify="left", box=None, pad_edge=False)
    for name in ("at least", "probability, low to high"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in content["at_least"]:
        table.add_row(str(row["at_least"]), _chances(row))
    screen.print(table)
    screen.print(f"US backstop: {content['backstop']} ({content['backstop_means']})")
    for row in content["dropouts"]:
        screen.print(f"without {row['without']}, at least {row['at_least']}: {_chances(row)}")
    left = Table(title="\nwhat one unanswered attack of full severity leaves of each promise", title_justify="left",
                 box=None, pad_edge=False)
    for name in ("promise", "law", "left"):
        left.add_column(name, no_wrap=True)
    for row in content["credibility"]:
        left.add_row(row["stock"], row["law"], span(row["left_low"], row["left_high"]))
    screen.print(left)
    triggers = Table(title="\nwho is bound to what", title_justify="left", box=None, pad_edge=False)
    for name in ("trigger", "responses its texts allow", "bound", "law", "begins"):
        triggers.add_column(name, no_wrap=True)
    for row in content["triggers"]:
        bound = f"{row['n_bound']} states ({row['bound']})" if row["n_bound"] else "nobody"
        triggers.add_row(row["what"], ", ".join(row["responses"]).replace("_", " "), bound, row["law"], row["begins"])
    screen.print(triggers)
    screen.print("nothing measures these probabilities: both ends are judgements, by what each state has said; each "
                 "state: --json")


def _chances(row: dict[str, Any]) -> str:
    """Write two ends of a probability, none nearer to 0 or 1 than anybody could know.

    Examples
    --------
    >>> _chances({"p_low": 1e-9, "p_high": 0.9999}), _chances({"p_low": 0.25, "p_high": 0.5})
    ('under 0.001 to over 0.999', '0.25 to 0.5')
    """
    from skyshield.cli.output import figure

    ends = ["under 0.001" if p < 0.001 else "over 0.999" if p > 0.999 else figure(p)
            for p in (row["p_low"], row["p_high"])]
    return f"{ends[0]} to {ends[1]}"


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
