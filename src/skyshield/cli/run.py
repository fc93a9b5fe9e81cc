"""``skyshield run [SCENARIO]``: play a scenario and compare its options."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skyshield.cli.output import ACCEPT_UNKNOWN
from skyshield.cli.pairs import AGAINST

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from skyshield.adaptation.summary import Adaptation
    from skyshield.record import ReadingReport
    from skyshield.scenario import Resolved, Scenario
    from skyshield.study.clock import Clock
    from skyshield.study.maps import Map
    from skyshield.study.prepare import Prepared
    from skyshield.study.view import StudyView

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
        "--adaptation", help="Then sweep the attacker's adaptation (displacement, volume, class shift) on the same "
                             "raids: where each option's benefit is gone, and from which price a stop aid does less. "
                             "With --out it is kept and not played again.")] = False,
    relief: Annotated[bool, typer.Option(
        "--relief", help="Play one more arm, which supposes that stops an option spares Ukraine's own defence are "
                         "made elsewhere as far as they can be; never part of the headline or the envelope.")] = False,
    dry_run: Annotated[bool, typer.Option(
        "--dry-run", help="Check everything, say what would be played, and stop.")] = False,
    vectors: Annotated[int, typer.Option(metavar="K", help="Parameter vectors.")] = DEFAULT_VECTORS,
    replications: Annotated[int, typer.Option(metavar="N", help="Replications per vector.")] = DEFAULT_REPLICATIONS,
    days: Annotated[int | None, typer.Option(metavar="N", help="Days to play, instead of the scenario's.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed, 0 to 2**64 - 1.")] = DEFAULT_SEED,
    options: Annotated[str | None, typer.Option(
        metavar="A,B", help="Options to play, separated by commas; the baseline is always played.")] = None,
    against: Annotated[str | None, typer.Option("--against", metavar="A,B", help=AGAINST)] = None,
    jobs: Annotated[int | None, typer.Option(
        metavar="N", help="Threads; all cores if not given. Results do not depend on it.")] = None,
    dask: Annotated[str | None, typer.Option(
        metavar="ADDRESS", help="Play on a Dask cluster instead: its scheduler's address, or 'local' for one of "
                                "processes on this machine. Results do not depend on it.")] = None,
    until: Annotated[str | None, typer.Option(
        metavar="PCT", help="Add vectors or replications, whichever adds more of it, until the standard error (se) of "
                            "every option's paired prevented_armed_zone is below this percentage of it, or below "
                            "0.05 threats.")] = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", readable=False,
        help="Folder to keep the study and its pages in, report.html first; run again to resume or extend it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace another study in --out.")] = False,
    daily: Annotated[bool, typer.Option(
        "--daily", help="With --out: keep a row a day too, beside those by month; takes twenty times the "
                        "disk.")] = False,
    timing: Annotated[bool, typer.Option(
        "--timing", help="Say how long it took, in parts (timing.json with --out).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Play a scenario; `SkyShieldError` has the exit code 2 for bad input, 3 for the machine."""
    from skyshield.cli.output import echo_json, show_findings, spinner
    from skyshield.cli.pairs import names_of
    from skyshield.cli.playing import jobs_of
    from skyshield.study.clock import SUMMARISE, Clock, process_age_s
    from skyshield.study.plan import check_size
    from skyshield.study.precision import parse_share
    from skyshield.study.prepare import choose_fit, prepare

    clock = Clock(process_age_s())
    check_size(vectors, replications, seed)
    jobs_of(jobs)
    share = None if until is None else parse_share(until)
    used, reading = choose_fit(fit, record, alerts, accept_unknown, spinner)
    prepared = prepare(scenario, used, rules, days, options)
    show_findings(prepared.findings)
    held_against = names_of(against, [option.name for option in prepared.scenario.options])
    if dry_run:
        from skyshield.cli.dry_run import dry_run as foresee

        content = foresee(prepared, (vectors, replications, seed, relief), jobs, adaptation, out, as_json)
        if as_json:
            echo_json(content | _record_json(reading))
        else:
            _show_reading(reading, record)
        return
    size = {"vectors": vectors, "replications": replications, "seed": seed, "relief": relief, "until": share,
            "daily": daily}
    view, adapted = _play(prepared, size, (jobs, dask), adaptation, out, force, clock)
    view.against = held_against
    with clock.part(SUMMARISE):
        content = _content(view, share, reading, adapted if adaptation else None)
    if out is not None:
        _write_pages(view, adapted, out, clock)
    if timing:
        content["timing"] = _timing(clock, out)
    _print(content, as_json, reading, record, out, set(view.dropped))
    if view.failures:
        raise typer.Exit(1)


def _play(prepared: "Prepared", size: dict[str, Any], where: "tuple[int | None, str | None]", adaptation: bool,
          out: Path | None, force: bool, clock: "Clock") -> "tuple[StudyView, Adaptation | None]":
    """Play the study, or open it if all of it is stored, and, where it is asked for, its sweep.

    `where` is the number of threads and the address of a cluster.
    """
    from skyshield.cli.adaptation import cached_or_note, swept
    from skyshield.cli.output import note
    from skyshield.cli.playing import player
    from skyshield.study.already import after_words, already, before_words

    resolved = prepared.resolved
    there = None if out is None else already(out, resolved, size["seed"])
    view, adapted = None if out is None else _stored(out, resolved, size), None
    if view is None and out is not None and there is not None and sys.stderr.isatty():
        note(before_words(out, there, size["vectors"], size["replications"]))
    if view is None or adaptation:
        with player(*where) as map_:
            if view is None:
                view = _played(prepared, size, map_, out, force, clock)
            if adaptation:
                adapted = swept(view, map_, prepared.scenario.name, out)
    if out is not None and there is not None:
        note(after_words(out, there, *view.sizes, clock.raid_days, of_it=adaptation))
    note_unread(prepared.scenario, view.parameter_names)
    if not adaptation and out is not None:
        adapted = cached_or_note(out, view, strict=False)  # for the report
    return view, adapted


def _stored(out: Path, resolved: "Resolved", size: "Mapping[str, Any]") -> "StudyView | None":
    """Return a stored study that is all that is asked for."""
    from skyshield.study.precision import precision_json
    from skyshield.study.view import reopened

    view = reopened(out, resolved, *(size[name] for name in ("seed", "vectors", "replications", "relief", "daily")))
    if view is None or size["until"] is None:
        return view
    precise = precision_json(view.comparison, view.sizes, size["until"])["met"]
    return view if precise else None


def _played(prepared: "Prepared", size: dict[str, Any], map_: "Map", out: Path | None, force: bool,
            clock: "Clock") -> "StudyView":
    """Play what is not stored."""
    from skyshield.cli.playing import study_progress
    from skyshield.core.memory import give_back_what_is_freed
    from skyshield.study.runner import run as play
    from skyshield.study.view import StudyView

    resolved = prepared.resolved
    give_back_what_is_freed()
    with study_progress(f"playing {prepared.scenario.name}", resolved.baseline) as progress:
        result = play(resolved, out=out, map=map_, force=force, progress=progress, clock=clock, **size)
    if out is None:
        return StudyView(result, resolved)
    view = StudyView.open(out)  # so that what is printed is what is stored, digit by digit
    view.result = result
    return view


def _content(view: "StudyView", until: float | None, reading: "ReadingReport | None",
             adapted: "Adaptation | None") -> dict[str, Any]:
    """Return what is printed, without timing; `adapted` is the sweep if it was asked for."""
    from skyshield.study.document import run_json

    content = run_json(view, until) | _record_json(reading)
    if adapted is not None:
        from skyshield.adaptation.summary import adaptation_json

        content["adaptation"] = adaptation_json(adapted)
    return content


def _write_pages(view: "StudyView", adapted: "Adaptation | None", out: Path, clock: "Clock") -> None:
    from skyshield.report.keep import keep_pages
    from skyshield.study.clock import REPORT

    with clock.part(REPORT):
        keep_pages(out, view, adapted)


def _timing(clock: "Clock", out: Path | None) -> dict[str, float]:
    """Return where the time went, and write it beside the study if that is kept."""
    from skyshield.core.files import write_bytes
    from skyshield.study.store import TIMING

    timing = clock.timing()
    if out is not None:
        write_bytes(out / TIMING, (json.dumps(timing) + "\n").encode())
    return timing


def _record_json(reading: "ReadingReport | None") -> dict[str, Any]:
    """Return what JSON says of a record that was read for the study."""
    return {} if reading is None else {"record": reading.to_dict()}


def _show_reading(reading: "ReadingReport | None", record: Path | None) -> None:
    """Print what the reading of a record left out, where one was read."""
    from skyshield.cli.output import show_reading

    if reading is not None and record is not None:
        show_reading(reading, record)


def note_unread(scenario: "Scenario", used: "Collection[str]") -> None:
    """Print which of the scenario's assumptions nothing in the study reads."""
    from skyshield.study.prepare import unread_assumptions

    for name in unread_assumptions(scenario, used):
        typer.echo(f"note: assumptions.{name}: is read by nothing in this study; leave it out", err=True)


def _print(content: dict[str, Any], as_json: bool, reading: "ReadingReport | None", record: Path | None,
           out: Path | None, dropped: set[str]) -> None:
    from skyshield.cli.output import echo_json

    if as_json:
        echo_json(content)
    else:
        _show_reading(reading, record)
        _show(content, out, dropped)


def _show(content: dict[str, Any], out: Path | None, dropped: set[str]) -> None:
    from skyshield.cli.adaptation import adaptation_lines
    from skyshield.cli.output import console, expected, figure, relief_table, summary_table
    from skyshield.cli.pairs import pair_lines, pairs_table
    from skyshield.study.compare import rival_sentence
    from skyshield.study.precision import precision_words
    from skyshield.study.told import error_of

    screen = console()
    for mark in content["marks"]:
        screen.print(f"! {mark}")
    if content["pairs"]:
        screen.print(pairs_table(content["pairs"], content["days"]))
        for line in pair_lines(content["pairs"], content["more_launches"]):
            screen.print(line, soft_wrap=True)
    for option, rows in content["paired"].items():
        if option in dropped:
            continue
        screen.print()
        for measure in content["primary"]:
            lead = rows[measure]
            screen.print(f"{option}: {measure} {figure(lead['delta'], error_of(lead))} in "
                         f"{content['days']} days (95% of the expected outcome: {expected(lead)})")
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
    screen.print(f"\n{joint_words(content['joint'])}\n{precision_words(content['precision'])}", soft_wrap=True)
    for line in adaptation_lines(content.get("adaptation", {}).get("options", {})):
        screen.print(line, soft_wrap=True)
    if "timing" in content:
        screen.print(f"\n{timing_words(content['timing'])}", soft_wrap=True)
    if out is not None:
        screen.print(f"\nreport: {out / 'report.html'}", soft_wrap=True)


def joint_words(joint: "Mapping[str, Any]") -> str:
    """Say what the column "all at once" is.

    Examples
    --------
    >>> joint_words({"arms": 2, "vectors": 16, "replications": 2})[:75]
    'All at once: all numbers that nobody knows together at the ends that are wo'
    """
    arms = joint["arms"]
    return ("All at once: all numbers that nobody knows together at the ends that are worst, and best, for the option, "
            f"in {arms} arm{'' if arms == 1 else 's'} more. se: the error of so few vectors; mcse: its "
            "part that more replications would take away.")


def timing_words(timing: "Mapping[str, float]") -> str:
    """Say where the time went.

    Examples
    --------
    >>> timing_words({"wall_s": 21.0, "raid_days_per_s": 5.5e5, "compile_s": 3.0, "play_s": 14.0, "store_s": 1.0,
    ...               "summarise_s": 1.0, "report_s": 2.0})
    '21.0 s: 3.0 before the first raid-day, 14.0 play (550,000 raid-days/s), 1.0 storing, 1.0 summarising, 2.0 report'
    """
    return (f"{timing['wall_s']:.1f} s: {timing['compile_s']:.1f} before the first raid-day, {timing['play_s']:.1f} "
            f"play ({timing['raid_days_per_s']:,.0f} raid-days/s), {timing['store_s']:.1f} storing, "
            f"{timing['summarise_s']:.1f} summarising, {timing['report_s']:.1f} report")
