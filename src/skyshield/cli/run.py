"""``skyshield run [SCENARIO]``: play a scenario and compare its options."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyshield.cli.output import ACCEPT_UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skyshield.adaptation.summary import Adaptation
    from skyshield.catalogue import Catalogue
    from skyshield.raids import Fit
    from skyshield.record import ReadingReport
    from skyshield.scenario import Resolved, Scenario
    from skyshield.study import StudyResult

HELP = "Play a scenario on the raids and compare its options with the baseline."
EXAMPLE = "Example: skyshield run skyshield --vectors 200 --replications 5 --seed 1 --out study"
DEFAULT_VECTORS, DEFAULT_REPLICATIONS, DEFAULT_SEED = 200, 5, 1

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="run", help=HELP, epilog=EXAMPLE)
def run(
    scenario: Annotated[str, typer.Argument(
        metavar="SCENARIO", help="A shipped scenario's name or a YAML file.")] = "skyshield",
    fit: Annotated[Path | None, typer.Option(
        "--fit", metavar="YAML", readable=False,
        help="A fit that 'skyshield fit' wrote, instead of the shipped one.")] = None,
    record: Annotated[Path | None, typer.Option(
        metavar="CSV", readable=False, help="Fit this raid record first, and use that.")] = None,
    alerts: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False, help="With --record: air-raid alerts, which tell more about the west.")] = None,
    accept_unknown: Annotated[bool, typer.Option("--accept-unknown", help=f"With --record: {ACCEPT_UNKNOWN}")] = False,
    rules: Annotated[bool, typer.Option(
        "--rules", help="Add each option with one clause of its rules dropped, so that 'compare' can price the "
                        "clauses.")] = False,
    adaptation: Annotated[bool, typer.Option(
        "--adaptation", help="Then sweep the attacker's answer (displacement, volume, class shift) on the same raids: "
                             "where each option's benefit is gone, and how dear aid would have to be. With --out it "
                             "is kept and not played again.")] = False,
    relief: Annotated[bool, typer.Option(
        "--relief", help="Play one more arm, which supposes that stops an option saves Ukraine's own defence help it "
                         "elsewhere as much as they can; never part of a headline or an envelope.")] = False,
    dry_run: Annotated[bool, typer.Option(
        "--dry-run", help="Check everything, say what would be played, and stop.")] = False,
    vectors: Annotated[int, typer.Option(metavar="K", help="Parameter vectors.")] = DEFAULT_VECTORS,
    replications: Annotated[int, typer.Option(metavar="N", help="Replications per vector.")] = DEFAULT_REPLICATIONS,
    days: Annotated[int | None, typer.Option(metavar="N", help="Days to play, instead of the scenario's.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1.")] = DEFAULT_SEED,
    options: Annotated[str | None, typer.Option(
        metavar="A,B", help="Options to play, separated by commas; the baseline is always played.")] = None,
    jobs: Annotated[int | None, typer.Option(
        metavar="N", help="Threads; all cores if not given. Results do not depend on it.")] = None,
    dask: Annotated[str | None, typer.Option(
        metavar="ADDRESS", help="Play on a Dask cluster instead: its scheduler's address, or 'local' for one of "
                                "processes on this machine. Results do not depend on it.")] = None,
    until: Annotated[str | None, typer.Option(
        metavar="PCT", help="Add replications until the Monte Carlo error of every option's paired prevented_zone is "
                            "below this percentage of it, or below 0.05 threats.")] = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", readable=False,
        help="Folder to keep the study and its report.html in; run again to resume or extend it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace another study in --out.")] = False,
    timing: Annotated[bool, typer.Option("--timing", help="Say how long it took (timing.json with --out).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Play a scenario.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.adaptation.summary import adaptation_json
    from skyshield.cli.answer import kept_or_note, swept
    from skyshield.cli.output import echo_json, show_reading
    from skyshield.cli.playing import jobs_of, player, study_progress
    from skyshield.study.plan import check_size
    from skyshield.study.precision import parse_share

    check_size(vectors, replications, seed)
    jobs_of(jobs)
    share = None if until is None else parse_share(until)
    used, reading = choose_fit(fit, record, alerts, accept_unknown)
    asked, resolved = prepare(scenario, used, rules, days, options)
    if dry_run:
        if adaptation:
            typer.echo("note: --adaptation: the sweep plays some four arms more, not counted here", err=True)
        _dry_run(asked, resolved, vectors, replications, seed, relief, reading, as_json)
        if reading is not None and record is not None and not as_json:
            show_reading(reading, record)
        return
    from skyshield.study.run import run as play

    adapted = None
    with player(jobs, dask) as played:
        start_s = time.perf_counter()
        with study_progress(f"playing {asked.name}", resolved.baseline) as progress:
            result = play(resolved, seed, replications, out=out, map=played, vectors=vectors, force=force,
                          progress=progress, relief=relief, until=share)
        wall_s = time.perf_counter() - start_s
        if adaptation:
            adapted = swept(result, resolved, played, asked.name, out)
    note_unread(asked, result.parameters)
    content = run_json(result, resolved, asked, share) | _read_words(reading)
    if adapted is not None:
        content["adaptation"] = adaptation_json(adapted)
    elif out is not None:
        adapted = kept_or_note(out, result.manifest, resolved, strict=False)  # for the report
    if timing:
        content["timing"] = {"wall_s": wall_s, "raid_days_per_s": result.raid_days / wall_s}
    if out is not None:
        _write_extras(result, resolved, out, content.get("timing"), adapted)
    if as_json:
        echo_json(content)
    else:
        if reading is not None and record is not None:
            show_reading(reading, record)
        _show(content, out, set(asked.dropped_clauses()))
    if result.failures():
        raise typer.Exit(1)


def choose_fit(fit: Path | None, record: Path | None, alerts: Path | None,
               accept_unknown: bool) -> "tuple[Fit, ReadingReport | None]":
    """Return the fit of a file, of a record with the report of its reading, or the shipped one."""
    from skyshield.core.errors import SkyShieldError
    from skyshield.raids.fit import embedded_fit, read_fit

    if fit is not None and record is not None:
        raise SkyShieldError("--fit, --record", "are both given", "give a fit, or a record to be fitted, not both")
    for option, given in (("--alerts", alerts is not None), ("--accept-unknown", accept_unknown)):
        if given and record is None:
            raise SkyShieldError(option, "is given without --record", "add --record, or leave it out")
    if record is not None:
        from skyshield.cli.fit import fitted, read_for_fit

        reading = read_for_fit(record, alerts, None, accept_unknown)
        return fitted(reading, record), reading.report
    return (embedded_fit() if fit is None else read_fit(fit)), None


def _read_words(reading: "ReadingReport | None") -> dict[str, Any]:
    """Return what JSON says of a record that was read for the study."""
    return {} if reading is None else {"record": reading.to_dict()}


def prepare(name: str, fit: "Fit", rules: bool, days: int | None,
            options: str | None) -> "tuple[Scenario, Resolved]":
    """Load, check and resolve what is asked."""
    from skyshield.catalogue import load_catalogue
    from skyshield.core.errors import SkyShieldError
    from skyshield.scenario import check, load, resolve
    from skyshield.scenario.model import MAX_DAYS
    from skyshield.theatre import load_theatre

    asked = load(name)
    if days is not None:
        if not 1 <= days <= MAX_DAYS:
            raise SkyShieldError("--days", f"is {days}", f"give a whole number from 1 to {MAX_DAYS}")
        asked = asked.model_copy(update={"days": days})
    if options is not None:
        names = tuple(part.strip() for part in options.split(",") if part.strip())
        if not names:
            raise SkyShieldError("--options", "names no option",
                                 f"choose from {', '.join(o.name for o in asked.options)}")
        asked = asked.chosen(names)
    if rules:
        asked = asked.with_clauses_dropped()
    catalogue, theatre = load_catalogue(), load_theatre()
    for finding in check(asked, catalogue, theatre):
        typer.echo(f"note: {finding.where}: {finding.what}; {finding.remedy}", err=True)
    return asked, resolve(asked, catalogue, theatre, fit)


def note_unread(asked: "Scenario", used: "Mapping[str, Any]") -> None:
    """Say which of the scenario's assumptions nothing in the study reads."""
    for name in asked.assumptions:
        if name not in used:
            typer.echo(f"note: assumptions.{name}: is read by nothing in this study; leave it out", err=True)


def run_json(result: "StudyResult", resolved: "Resolved", asked: "Scenario",
             until: float | None = None) -> dict[str, Any]:
    """Return what ``run --json`` prints, without timing; `until` is the precision asked for."""
    from skyshield.study.compare import PRIMARY, compare, marks, options_summary, relief_rows, rivals
    from skyshield.study.precision import DEFAULT_SHARE, precision_json

    _, fit, catalogue, theatre = resolved.parts()
    n_vectors, n_replications = result.failed[0].shape
    manifest = result.manifest
    supposed = relief_rows(result, resolved.baseline)
    return {
        "scenario": asked.name, "study_key": manifest["study_key"], "seed": manifest["seed"],
        "vectors": n_vectors, "replications": n_replications, "days": manifest["days"], "primary": PRIMARY,
        "baseline": resolved.baseline, "marks": marks(result, fit.status),
        "options": options_summary(result), "paired": compare(result, resolved.baseline).rows,
        "rivals": rivals(result, resolved.baseline), "without_centre": without_centre(result, asked, catalogue),
        "unknowns": unknowns(result, resolved.baseline, catalogue), "failures": result.failures(),
        "precision": precision_json(result, resolved.baseline, DEFAULT_SHARE if until is None else until),
        "money": money(result, catalogue), **({"relief": supposed} if supposed else {}),
        "provenance": {"versions": manifest["versions"], "resolved_sha256": resolved.sha256,
                       "kernel_sha256": manifest["kernel_sha256"], "catalogue_sha256": catalogue.sha256,
                       "theatre_sha256": theatre.sha256, **fit_provenance(fit)},
    }


def fit_provenance(fit: "Fit") -> dict[str, Any]:
    """Return where a fit comes from."""
    return {"fit": fit.source, "fit_window": list(fit.window), "fit_status": fit.status,
            "record_sha256": fit.record_sha256, "alerts_sha256": fit.alerts_sha256}


def money(result: "StudyResult", catalogue: "Catalogue") -> dict[str, Any]:
    """Return the price year, the rate and the deflator, and what each option plans to spend by boundary and line."""
    from skyshield.forces import PRICE_YEAR

    rate, deflator = catalogue["usd_per_eur"], catalogue[f"deflator_{PRICE_YEAR + 1}_over_{PRICE_YEAR}"]
    return {"currency": "EUR", "price_year": PRICE_YEAR,
            **{entry.key: {"low": entry.low, "central": entry.central, "high": entry.high}
               for entry in (rate, deflator)},
            "planned": result.manifest["planned"]}


def without_centre(result: "StudyResult", asked: "Scenario", catalogue: "Catalogue") -> list[dict[str, Any]]:
    """Return the entries without a centre that the study used: where the headline has each, and who said so."""
    from skyshield.compile.parameters import headline_value

    entries = [catalogue[name] for name in sorted(result.parameters)
               if name in catalogue and catalogue[name].central is None]
    return [{"entry": entry.key, "unit": entry.unit, "low": entry.low, "high": entry.high,
             "headline": headline_value(entry, asked.assumptions),
             "fixed_by_scenario": entry.key in asked.assumptions} for entry in entries]


def unknowns(result: "StudyResult", to: str, catalogue: "Catalogue") -> dict[str, list[dict[str, Any]]]:
    """Return, for each option, the primary measure with each entry without a centre moved alone to its ends."""
    from skyshield.compile.parameters import end_value
    from skyshield.study.compare import over_arms, single_moves

    return {option: [{"entry": name, "end": end, "value": end_value(catalogue[name], end), **rows[arm]}
                     for arm, name, end in single_moves(result)]
            for option, rows in over_arms(result, to).items()}


def _dry_run(asked: "Scenario", resolved: "Resolved", vectors: int, replications: int, seed: int,
             relief: bool, reading: "ReadingReport | None", as_json: bool) -> None:
    from skyshield.cli.output import echo_json
    from skyshield.compile.world import compile_world
    from skyshield.study.compare import size_marks
    from skyshield.study.plan import arm_replications, arms, missing_blocks, study_key

    compiled = compile_world(resolved, seed, 1)
    note_unread(asked, compiled.parameters)
    _, fit, catalogue, _ = resolved.parts()
    sizes = arm_replications(len(arms(compiled.without_centre, catalogue, relief)), replications)
    marks = size_marks(fit.status, vectors, replications)
    content = {"scenario": asked.name, "study_key": study_key(resolved, seed, asked.days), "seed": seed,
               "vectors": vectors, "replications": replications, "days": asked.days, "arms": len(sizes),
               "options": list(resolved.options), "baseline": resolved.baseline, "marks": marks,
               "blocks": sum(1 for _ in missing_blocks(sizes, vectors, set())),
               "raid_days": vectors * sum(sizes) * asked.days * len(resolved.options), **_read_words(reading)}
    if as_json:
        echo_json(content)
        return
    for mark in marks:
        typer.echo(f"! {mark}")
    played = (f"{replications} replications x {asked.days} days x {len(resolved.options)} options x {len(sizes)} arms"
              if sizes[-1] == replications else
              f"({replications} replications + {len(sizes) - 1} arms x {sizes[-1]}) x {asked.days} days x "
              f"{len(resolved.options)} options")
    typer.echo(f"{asked.title}\n{', '.join(resolved.options)}; baseline {resolved.baseline}\n"
               f"{vectors} vectors x {played} = {content['raid_days']:,} raid-days in {content['blocks']:,} blocks\n"
               f"study key {content['study_key']}")


def _write_extras(result: "StudyResult", resolved: "Resolved", out: Path, timing: dict[str, float] | None,
                  adapted: "Adaptation | None") -> None:
    import json

    from skyshield.core.files import write_bytes
    from skyshield.report import page
    from skyshield.study import compare, store

    text = page(result, compare(result, resolved.baseline), resolved, adapted)
    write_bytes(out / store.REPORT, text.encode())
    if timing is not None:
        write_bytes(out / store.TIMING, (json.dumps(timing) + "\n").encode())


def _show(content: dict[str, Any], out: Path | None, dropped: set[str]) -> None:
    from skyshield.cli.answer import answer_lines
    from skyshield.cli.output import console, figure, relief_table, span, summary_table
    from skyshield.study.compare import rival_sentence
    from skyshield.study.precision import precision_words

    screen = console()
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    for option, rows in content["paired"].items():
        if option in dropped:
            continue
        lead = rows[content["primary"]]
        screen.print(f"\n{option}: {content['primary']} {figure(lead['delta'])} in {content['days']} days "
                     f"(95% of the expected outcome {span(lead['lo'], lead['hi'])})")
        if option in content["rivals"]:
            screen.print(rival_sentence(content["rivals"][option]))
        screen.print(summary_table(f"{option} minus {content['baseline']}, same raids", rows, "delta"))
    if dropped:
        screen.print(f"\nplayed too, to price clauses: {len(dropped)} options with one clause dropped; "
                     + ("'skyshield compare' on the folder says what each changes" if out else
                        "with --out, 'skyshield compare' says what each changes"), soft_wrap=True)
    screen.print()
    screen.print(summary_table(f"{content['baseline']}, per {content['days']} days",
                               content["options"][content["baseline"]], "mean"))
    if "relief" in content:
        screen.print()
        screen.print(relief_table(content["relief"], content["paired"], content["baseline"]))
    screen.print(f"\n{precision_words(content['precision'])}", soft_wrap=True)
    for line in answer_lines(content.get("adaptation", {}).get("options", {})):
        screen.print(line, soft_wrap=True)
    if "timing" in content:
        screen.print(f"\n{content['timing']['wall_s']:.1f} s, {content['timing']['raid_days_per_s']:,.0f} raid-days/s")
    if out is not None:
        screen.print(f"\nreport: {out / 'report.html'}", soft_wrap=True)
