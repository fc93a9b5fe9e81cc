"""``skyshield scenario``: list, show, check, start and examine scenarios."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "List, show, check and start scenarios, and see what their stand-offs leave of the op-ed's interests."

app = typer.Typer(name="scenario", add_completion=False, pretty_exceptions_enable=False, help=HELP,
                  rich_markup_mode=None, no_args_is_help=True, epilog="Example: skyshield scenario list")
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")]
Name = Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario's name or a YAML file.")]


@app.command("list", epilog="Example: skyshield scenario list")
def list_(as_json: AsJson = False) -> None:
    """List the shipped scenarios."""
    from skyshield.cli.output import echo_json
    from skyshield.scenario import library, load

    rows = [{"name": name, "title": load(name).title, "options": [o.name for o in load(name).options]}
            for name in library()]
    if as_json:
        echo_json({"scenarios": rows})
        return
    for row in rows:
        typer.echo(f"{row['name']}: {row['title']} ({', '.join(row['options'])})")


@app.command(epilog="Example: skyshield scenario show skyshield")
def show(scenario: Name = "skyshield", as_json: AsJson = False) -> None:
    """Print a scenario as YAML, or as JSON."""
    import yaml

    from skyshield.cli.output import echo_json
    from skyshield.scenario import load
    from skyshield.scenario.load import dump

    content = dump(load(scenario))
    if as_json:
        echo_json(content)
        return
    typer.echo(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100), nl=False)


@app.command(epilog="Example: skyshield scenario check my.yaml")
def check(scenario: Name, as_json: AsJson = False) -> None:
    """Check a scenario and say what was understood: errors end with exit code 2, findings are worth a second look."""
    from skyshield.bounds.understood import understood
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import echo_json
    from skyshield.cli.understood import understood_lines
    from skyshield.scenario import check as examine
    from skyshield.scenario import load, second_look
    from skyshield.theatre import load_theatre

    loaded, catalogue, theatre = load(scenario), load_catalogue(), load_theatre()
    findings = examine(loaded, catalogue, theatre) + second_look(loaded, theatre)
    content = understood(loaded, catalogue, theatre)
    if as_json:
        echo_json({"scenario": loaded.name, "understood": content, "findings": [
            {"where": f.where, "what": f.what, "mend": f.remedy} for f in findings]})
        return
    for line in understood_lines(content):
        typer.echo(line)
    for finding in findings:
        typer.echo(f"note: {finding.where}: {finding.what}; {finding.remedy}")
    typer.echo(f"{loaded.name}: {_count(len(loaded.options), 'option')}, {_count(len(findings), 'finding')}")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


@app.command(epilog="Example: skyshield scenario new my.yaml")
def new(path: Annotated[Path, typer.Argument(
            metavar="FILE", readable=False, help="The file to write; it must not exist.")],
        template: Annotated[str, typer.Option(
            "--from", metavar="SCENARIO", help="The shipped scenario to start from.")] = "skyshield",
        as_json: AsJson = False) -> None:
    """Write a shipped scenario in which every possible key is explained, as a start for your own."""
    from skyshield.cli.output import echo_json
    from skyshield.core.errors import SkyShieldError
    from skyshield.core.files import write_bytes
    from skyshield.scenario import library
    from skyshield.scenario.template import commented

    if template not in library():
        raise SkyShieldError(f"--from {template!r}", "is not a shipped scenario", f"choose from {', '.join(library())}")
    if path.exists():
        raise SkyShieldError(str(path), "exists already", "name a new file")
    write_bytes(path, commented(template).encode())
    if as_json:
        echo_json({"written": str(path), "from": template})
        return
    typer.echo(f"wrote {path}; edit it, then: skyshield scenario check {path}")


@app.command(epilog="Example: skyshield scenario matrix skyshield")
def matrix(scenario: Name = "skyshield", as_json: AsJson = False) -> None:
    """Print the interest x restriction matrix: what each stand-off leaves of the five interests."""
    from skyshield.bounds.interests import matrix_of
    from skyshield.catalogue import load_catalogue
    from skyshield.cli.output import console, echo_json
    from skyshield.scenario import load
    from skyshield.theatre import load_theatre

    content = matrix_of(load(scenario), load_catalogue(), load_theatre())
    if as_json:
        echo_json(content)
        return
    _show_matrix(console(), content)


@app.command(epilog="Example: skyshield scenario defence --json")
def defence(scenario: Name = "skyshield", as_json: AsJson = False) -> None:
    """Print Ukraine's own defence by region: who gets through, is stopped and arrives where, and what is told."""
    from skyshield.bounds.defence import defence_of
    from skyshield.cli.output import console, echo_json
    from skyshield.raids.fit import embedded_fit
    from skyshield.study.prepare import prepare

    content = defence_of(prepare(scenario, embedded_fit()).resolved)
    if as_json:
        echo_json(content)
        return
    _show_defence(console(), content)


@app.command(epilog="Example: skyshield scenario feasible skyshield --without FRA,GBR")
def feasible(scenario: Name = "skyshield", without: Annotated[str, typer.Option(
        "--without", metavar="STATE,STATE", help="States that give nothing, by code or name.")] = "",
             as_json: AsJson = False) -> None:
    """Say of each option whether the coalition's states could provide it: yes, no or undecided, and what binds."""
    from skyshield.cli.feasibility import show_feasible
    from skyshield.cli.output import console, echo_json
    from skyshield.compile.world import prepare_context
    from skyshield.forces import coalition
    from skyshield.raids.fit import embedded_fit
    from skyshield.strategy.feasible import asked_of
    from skyshield.strategy.feasible import feasible as find
    from skyshield.study.prepare import prepare

    struck = [name.strip() for name in without.split(",") if name.strip()]
    coalition().without(struck, "--without")
    content = find(asked_of(prepare_context(prepare(scenario, embedded_fit()).resolved), struck))
    if as_json:
        echo_json(content)
        return
    show_feasible(console(), content)


def _show_defence(screen: Any, content: dict[str, Any]) -> None:
    from rich.table import Table

    words = {"0": "near aims alone (omega 0)", "reference": "reference", "1": "along the way alone (omega 1)"}
    for name, rows in content["omega"].items():
        solved = content["solved"][name]
        how = f"omega {solved['mean']:.2f} on average, solved by {solved['met']} of {solved['vectors']} vectors"
        table = Table(title=f"deep stream of massed nights, hazard {words[name]}: {how}", title_justify="left",
                      pad_edge=False)
        table.add_column("region")
        for label in ("bound for", "leak of these", "leak of arrivals", "stopped there, of launches"):
            table.add_column(label, justify="right")
        for region, row in rows.items():
            table.add_row(region, *(f"{row[key]:.1%}" for key in ("share", "leak", "leak_arrivals", "kills_share")))
        screen.print(table)
    told = content["fit"]
    parts = [f"{told[key]['lo']:.1%} to {told[key]['hi']:.1%} in the {key.split('_')[0]}" for key in told]
    screen.print(f"the record, stopped of launches at 95%: {', '.join(parts)}")


def _show_matrix(screen: Any, content: dict[str, Any]) -> None:
    from rich.table import Table

    words = {standoff["name"]: standoff["label"] for standoff in content["standoffs"]}
    table = Table(title="share of each interest inside the zone, and minutes in which a UAV to it can be engaged "
                        "(median over launch areas, central speed)", title_justify="left", pad_edge=False)
    interests = {row["interest"]: row["label"] for row in content["interests"]}
    table.add_column("restriction")
    for label in interests.values():
        table.add_column(label, justify="left", overflow="fold")
    for standoff, label in words.items():
        cells = {row["interest"]: _cell(row) for row in content["interests"] if row["standoff"] == standoff}
        table.add_row(label, *(cells[interest] for interest in interests))
    screen.print(table)
    screen.print("inside: more than half of the interest, by the weights of its sites; the share says how much\n"
                 "undecided: inside or outside by less than the error of the coarse geometry; site by site: --json")


def _cell(row: dict[str, Any]) -> str:
    uav = next(w for w in row["windows"] if w["threat_class"] == "uav")
    minutes = uav["minutes_central"]["median"] if uav["minutes_central"] else uav["minutes_slow"]["median"]
    return f"{row['status']} {row['share']:.0%}\n{minutes:.0f} min"
