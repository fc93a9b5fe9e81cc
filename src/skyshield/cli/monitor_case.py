"""``skyshield monitor case``: the commission's file of an event, each step an entry of the ledger."""

from pathlib import Path
from typing import Annotated

import typer

HELP = ("Open the case of an event or take its next steps, and write its file: clause, evidence with proofs, "
        "attribution, votes, dissent, decision, remedy. Each step becomes an entry of the ledger. EVENT is an id from "
        "'monitor assess'.")
EXAMPLE = ("Example: skyshield monitor case mission 1f3a9c04b7de --out case\n\n"
           "Example: skyshield monitor case mission 1f3a9c04b7de --out case --step vote.yaml")


def case(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The ledger.")],
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id.")],
    out: Annotated[Path, typer.Option(
        "--out", metavar="OUT", readable=False,
        help="A new or empty folder, or that of the same case, which is replaced.")],
    step: Annotated[Path | None, typer.Option(
        "--step", metavar="YAML", readable=False, show_default=False,
        help="A file with one step or a list of steps: vote, dissent, decision, remedy.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Take the steps and write the folder.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    import time

    from skyshield.cli.output import echo_json, spinner
    from skyshield.report.case_file.job import write_case

    with spinner(f"reading {folder.name}"):
        written = write_case(folder, event, out, time.time(), step)
    content = written.content
    if as_json:
        echo_json({"out": str(out), "entries_added": written.new, **content})
        return
    clause, of = content["clause"], content["attribution"]
    typer.echo(f"case {content['case']}: {content['status']}, level {content['level']}, severity "
               f"{content['severity']}\nbreach: {clause['breach']} ({clause['why']})\nattribution: {of['party']}")
    for party, share in (of["shares"] or {}).items():
        typer.echo(f"  {party}: P = {share['p']:.3g} ({share['lo']:.2g} to {share['hi']:.2g})")
    if content["votes"]:
        tally = content["tally"]
        yes = ", ".join(f"{n} yes for {party}" for party, n in tally["yes"].items()) or "0 yes"
        typer.echo(f"votes: {yes}, {tally['no']} no, {tally['abstain']} abstain; dissent: {len(content['dissent'])}")
    if content["decision"] is not None:
        typer.echo(f"decision: {content['decision']['party']} (majority: {content['decision']['majority']})")
    typer.echo(f"{written.new} new entries in the ledger; wrote {out}: {len(content['evidence'])} records and "
               f"{len(content['steps'])} steps with their proofs")
