"""``skyshield explore [SCENARIO]``: options over everything that is not known."""

from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "Explore options over what is not known: boxes where they do little, regret, near-optimal sets, thresholds."
EXAMPLE = "Example: skyshield explore month --options region,cities --cases 40 --days 2"
CASES, REPLICATIONS, SEED, WITHIN = 400, 4, 1, 10.0
MOST_CASES, MOST_REPLICATIONS, FEWEST_CASES, WHOLE = 10_000, 1000, 20, 100.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="explore", help=HELP, epilog=EXAMPLE)
def explore(
    scenario: Annotated[str, typer.Argument(
        metavar="SCENARIO", help="A shipped scenario's name or a YAML file.")] = "skyshield",
    options: Annotated[str | None, typer.Option(
        metavar="A,B", help="Options to play, separated by commas; the baseline is always played.")] = None,
    cases: Annotated[int, typer.Option(metavar="N", help="Cases, each one set of all unknowns.")] = CASES,
    replications: Annotated[int, typer.Option(metavar="N", help="Replications per case.")] = REPLICATIONS,
    below: Annotated[float | None, typer.Option(
        metavar="N", help="Tell the cases in which an option prevents fewer than N; the quarter with least if not "
                          "given.")] = None,
    within: Annotated[float, typer.Option(
        metavar="PCT", help="What near the best means, in percent of it.")] = WITHIN,
    days: Annotated[int | None, typer.Option(metavar="N", help="Days to play, instead of the scenario's.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1.")] = SEED,
    jobs: Annotated[int | None, typer.Option(
        metavar="N", help="Threads; all cores if not given. Results do not depend on it.")] = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", readable=False, help="Folder for exploration.json and its figures (PNG and SVG).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Explore a scenario.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    import math

    from skyshield.cli.output import console, echo_json, progress_bar, show_findings
    from skyshield.cli.playing import player
    from skyshield.core.errors import SkyShieldError
    from skyshield.evidence.exploration.analysis import explore as ask
    from skyshield.evidence.exploration.text import NOTE, lines
    from skyshield.evidence.stats_extra import needed
    from skyshield.raids.fit import embedded_fit
    from skyshield.study.compare import PRIMARY, rounded
    from skyshield.study.plan import check_seed
    from skyshield.study.prepare import prepare

    for name, value, least, most in (("--cases", cases, FEWEST_CASES, MOST_CASES),
                                     ("--replications", replications, 1, MOST_REPLICATIONS)):
        if not least <= value <= most:
            raise SkyShieldError(name, f"is {value}", f"give a whole number from {least} to {most:,}")
    if not 0.0 <= within < WHOLE:
        raise SkyShieldError("--within", f"is {within:g}", "give a percentage from 0 to less than 100")
    if below is not None and not math.isfinite(below):
        raise SkyShieldError("--below", f"is {below}", "give a number of threats")
    check_seed(seed)
    needed("ema_workbench")
    if out is not None:
        from skyshield.report.folder import open_folder

        open_folder(out)
    chosen, resolved, findings = prepare(scenario, embedded_fit(), days=days, options=options)
    show_findings(findings)
    with player(jobs, None) as played, progress_bar(f"exploring {chosen.name}", "points") as progress:
        result = ask(resolved, seed, cases, replications, below, within / WHOLE, played, progress)
    content: dict[str, Any] = rounded({
        "scenario": chosen.name, "resolved_sha256": resolved.sha256, "seed": seed, "days": chosen.days,
        "baseline": resolved.baseline, "measure": PRIMARY, "cases": cases, "replications": replications,
        "note": NOTE, **result})
    if out is not None:
        from skyshield.report.exploration_figures import exploration_figures
        from skyshield.report.folder import write_folder

        write_folder(out, "exploration.json", content, exploration_figures(content))
    if as_json:
        echo_json(content)
        return
    screen = console()
    screen.print(f"{content['scenario']}: {PRIMARY}, option minus {content['baseline']}, {content['days']} days; "
                 f"{cases} cases of {replications} replications\n{NOTE}", soft_wrap=True)
    for line in lines(content):
        screen.print(line, soft_wrap=True)
    if out is not None:
        screen.print(f"\nfigures and JSON: {out}", soft_wrap=True)
