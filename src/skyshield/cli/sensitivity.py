"""``skyshield sensitivity [SCENARIO]``: which numbers drive the answer, and which to find out first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = "Say which uncertain numbers drive the answer: screening, Sobol indices, tornado, value of information."
EXAMPLE = "Example: skyshield sensitivity month --options region,cities --trajectories 2 --samples 4 --days 2"
TRAJECTORIES, SAMPLES, REPLICATIONS, SEED = 8, 128, 4, 1

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="sensitivity", help=HELP, epilog=EXAMPLE)
def sensitivity(
    scenario: Annotated[str, typer.Argument(
        metavar="SCENARIO", help="A shipped scenario's name or a YAML file.")] = "skyshield",
    options: Annotated[str | None, typer.Option(
        metavar="A,B", help="Options to play, separated by commas; the baseline is always played.")] = None,
    measure: Annotated[str, typer.Option(
        metavar="NAME", help="Measure, option minus baseline on the same raids.")] = "prevented_armed_zone",
    trajectories: Annotated[int, typer.Option(
        metavar="N", help="Morris trajectories; each plays one point an input.")] = TRAJECTORIES,
    samples: Annotated[int, typer.Option(
        metavar="N", help="Rows of the Sobol designs, a power of two; each plays one point an input.")] = SAMPLES,
    replications: Annotated[int, typer.Option(
        metavar="N", help="Replications per point; two or more tell the noise of raids apart.")] = REPLICATIONS,
    days: Annotated[int | None, typer.Option(metavar="N", help="Days to play, instead of the scenario's.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1.")] = SEED,
    jobs: Annotated[int | None, typer.Option(
        metavar="N", help="Threads; all cores if not given. Results do not depend on it.")] = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", readable=False, help="Folder for sensitivity.json and its figures (PNG and SVG).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Ask what drives the answer.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, progress_bar, show_findings
    from skyshield.cli.playing import player
    from skyshield.evidence.sensitivity.analysis import sensitivity as ask
    from skyshield.evidence.sensitivity.sizes import check_sizes
    from skyshield.evidence.sensitivity.text import STAND_IN_WARNING, first_five
    from skyshield.evidence.stats_extra import needed
    from skyshield.raids.fit import embedded_fit
    from skyshield.study.compare import rounded
    from skyshield.study.prepare import prepare

    check_sizes(measure, trajectories, samples, replications, seed)
    needed("SALib")
    if out is not None:
        from skyshield.report.folder import open_folder

        open_folder(out)
    chosen, resolved, findings = prepare(scenario, embedded_fit(), days=days, options=options)
    show_findings(findings)
    with player(jobs, None) as played, progress_bar(f"asking what drives {chosen.name}", "points") as progress:
        result = ask(resolved, seed, trajectories, samples, replications, measure, played, progress)
    content: dict[str, Any] = rounded({
        "scenario": chosen.name, "resolved_sha256": resolved.sha256, "seed": seed, "days": chosen.days,
        "baseline": resolved.baseline, "measure": measure, "trajectories": trajectories, "samples": samples,
        "replications": replications, "note": STAND_IN_WARNING, **result, "first_five": first_five(result)})
    if out is not None:
        from skyshield.report.folder import write_folder
        from skyshield.report.sensitivity_figures import sensitivity_figures

        write_folder(out, "sensitivity.json", content, sensitivity_figures(content))
    if as_json:
        echo_json(content)
    else:
        _show(content, out)


def _show(content: Mapping[str, Any], out: Path | None) -> None:
    from skyshield.cli.output import console
    from skyshield.evidence.sensitivity.text import index_line, information_lines

    screen = console()
    points = sum(content["points"].values())
    screen.print(f"{content['scenario']}: {content['measure']}, option minus {content['baseline']}, {content['days']} "
                 f"days; {points:,} points, {content['raid_days']:,} raid-days", soft_wrap=True)
    inputs = content["inputs"]
    screen.print(f"{inputs['with_distribution']} inputs with a distribution, {inputs['without_centre']} without a "
                 f"centre; {len(inputs['left_out'])} cannot move this measure", soft_wrap=True)
    for part, title in (("with_distribution", "Total Sobol index (95%), inputs with a distribution"),
                        ("without_centre", "Total Sobol index (95%), numbers that nobody knows")):
        if part in content["indices"]:
            screen.print(f"\n{title}:")
            for option, result in content["indices"][part].items():
                screen.print(f"  {index_line(option, part, result)}", soft_wrap=True)
    screen.print(f"  {content['note']}", soft_wrap=True)
    screen.print("\nEach alone from its low to its high, the widest:")
    for option, result in content["tornado"].items():
        text = ", ".join(f"{row['name']} {row['at_low']:.3g} to {row['at_high']:.3g}" for row in result["inputs"][:5])
        screen.print(f"  {option} ({result['base']:.3g} at the base): {text}", soft_wrap=True)
    screen.print()
    for line in information_lines(content):
        screen.print(line, soft_wrap=True)
    if out is not None:
        screen.print(f"\nfigures and JSON: {out}", soft_wrap=True)
