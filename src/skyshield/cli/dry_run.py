"""What ``skyshield run --dry-run`` says: what would be played, how long that takes, and what it leaves on the disk."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from skyshield.study.foreseen import Planned
    from skyshield.study.prepare import Prepared



def dry_run(prepared: "Prepared", size: tuple[int, int, int, bool], jobs: int | None, adaptation: bool,
            out: Path | None, as_json: bool) -> dict[str, Any]:
    """Say what would be played; return what JSON prints of it.

    `size` holds vectors, replications, seed and whether relief is played.
    """
    from skyshield.cli.output import note
    from skyshield.cli.playing import jobs_of
    from skyshield.study.already import already, before_words
    from skyshield.study.clock import process_age_s
    from skyshield.study.foreseen import planned

    before_s = process_age_s()
    if adaptation:
        note("--adaptation: the sweep plays the study some four times more, not counted here")
    plan = planned(prepared.resolved, *size)
    note_unread(prepared, plan)
    there = None if out is None else already(out, prepared.resolved, size[2])
    if out is not None and there is not None:
        note(before_words(out, there, size[0], size[1]) or f"study {out} is there already; what follows is the whole")
    content = plan.content | {"estimate": _estimate(prepared, plan, before_s, jobs_of(jobs))}
    if not as_json:
        _show(prepared, content)
    return content


def note_unread(prepared: "Prepared", plan: "Planned") -> None:
    """Say which of the scenario's assumptions nothing in the study reads."""
    from skyshield.cli.run import note_unread as say

    say(prepared.scenario, plan.headline.parameters)


def _estimate(prepared: "Prepared", plan: "Planned", before_s: float, jobs: int) -> dict[str, float | None]:
    """Return the seconds and the bytes of a run that is kept; None where the engine is yet to be compiled."""
    from skyshield.core.jit import is_ready
    from skyshield.engine.day import play_block
    from skyshield.study.foreseen import estimate, measured
    from skyshield.study.months import month_starts
    from skyshield.study.words import two_digits

    if not is_ready(play_block):
        return {"wall_s": None, "disk_bytes": None}
    found = measured(plan, prepared.resolved, jobs)
    months = len(month_starts(prepared.scenario.start_date, prepared.scenario.days))
    return {name: two_digits(value) for name, value in estimate(plan, found, before_s, jobs, True, months).items()}


def _show(prepared: "Prepared", content: "Mapping[str, Any]") -> None:
    arms = content["arm_list"]
    for mark in content["marks"]:
        typer.echo(f"! {mark}")
    typer.echo(f"{prepared.scenario.title}\n{', '.join(content['options'])}; baseline {content['baseline']}\n"
               f"{content['vectors']} vectors x {content['replications']} replications x {content['days']} days x "
               f"{len(content['options'])} options,\nand {len(arms) - 1} arms, each of fewer replications and of the "
               f"options that it touches: {content['raid_days']:,} raid-days in {content['blocks']:,} blocks\n"
               f"and at most {content['joint_arms_at_most']} arms more, with all numbers that nobody knows moved "
               "together")
    for arm in arms[1:]:
        typer.echo(f"  {arm_words(arm)}")
    typer.echo(f"{estimate_words(content['estimate'])}\nstudy key {content['study_key']}")


def arm_words(arm: "Mapping[str, Any]") -> str:
    """Say what an arm moves, to which end, and how many options it is played for.

    Examples
    --------
    >>> arm_words({"what": "Share sent elsewhere", "end": "high", "value": 1.0, "unit": "1", "options": 4})
    'Share sent elsewhere: at its high end, 1; 4 options'
    >>> arm_words({"what": "Time until the zone is there", "end": "low", "value": None, "unit": "", "options": 1})
    'Time until the zone is there: at its low end; 1 option'
    """
    end = f": at its {arm['end']} end" if "end" in arm else ""
    unit = "" if arm.get("unit") in (None, "", "1") else f" {arm['unit']}"
    value = f", {arm['value']:g}{unit}" if arm.get("value") is not None else ""
    return f"{arm['what']}{end}{value}; {arm['options']} option{'' if arm['options'] == 1 else 's'}"


def estimate_words(estimate: "Mapping[str, float | None]") -> str:
    """Say how long a run will take and what it leaves on the disk.

    Examples
    --------
    >>> estimate_words({"wall_s": 340.0, "disk_bytes": 32_000_000.0})
    'takes about 5.7 minutes here, told by playing it for a second; with --out, about 32 MB on the disk'
    """
    from skyshield.study.words import duration, size

    wall_s, disk_bytes = estimate["wall_s"], estimate["disk_bytes"]
    if wall_s is None or disk_bytes is None:
        return ("how long it takes cannot be told yet: the first run compiles the engine, once, which takes a minute "
                "or more")
    return (f"takes about {duration(wall_s)} here, told by playing it for a second; with --out, about "
            f"{size(disk_bytes)} on the disk")
