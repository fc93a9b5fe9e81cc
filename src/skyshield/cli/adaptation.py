"""The attacker's adaptation as the commands use it: played once, cached in the study's folder, shown in lines."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from skyshield.adaptation.summary import Adaptation
    from skyshield.study.maps import Map
    from skyshield.study.view import StudyView


def swept(view: "StudyView", played: "Map", name: str, out: Path | None) -> "Adaptation":
    """Return the sweep cached with a study; play it where there is none that can be used, and cache it."""
    from skyshield.adaptation.cached import cache, usable
    from skyshield.adaptation.summary import adapt
    from skyshield.cli.output import note
    from skyshield.cli.playing import study_progress

    computed = None if out is None else usable(out, view.manifest, view.catalogue)
    if computed is not None:
        note("the sweep of the attacker's adaptation is kept with the study and was not played again")
        return computed
    with study_progress(f"sweeping the adaptation to {name}") as progress:
        computed = adapt(view.resolved, view.result, played, progress)
    if out is not None:
        cache(out, computed, view.manifest)
    return computed


def cached_or_note(folder: Path, view: "StudyView", strict: bool) -> "Adaptation | None":
    """Return the sweep cached with a study, None with a note if it cannot be used (`strict`: refuse it)."""
    from skyshield.study.store import ADAPTATION

    if not (folder / ADAPTATION).exists():
        return None
    from skyshield.adaptation import cached

    computed, note = cached.cached_or_note(folder, view.manifest, view.catalogue, strict)
    if note:
        typer.echo(f"note: {note}", err=True)
    return computed


def cached_json(folder: Path, view: "StudyView") -> dict[str, Any]:
    """Return what JSON says of the sweep cached with a study, nothing if there is none."""
    computed = cached_or_note(folder, view, strict=True)
    if computed is None:
        return {}
    from skyshield.adaptation.summary import adaptation_json

    return {"adaptation": adaptation_json(computed)}


def adaptation_lines(options: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return one line an option on where its benefit is gone, from the JSON's ``options``."""
    return [_break_even_line(option, result) for option, result in options.items() if result["break_even"]]


def _break_even_line(option: str, result: Mapping[str, Any]) -> str:
    from skyshield.adaptation.sweep import AVOIDED
    from skyshield.cli.output import figure

    def place(row: Mapping[str, Any], key: str) -> str:
        beyond = {"above": f"above {row['to']:g}", "below": f"below {row['from']:g}"}
        return figure(row[key]) if row[f"{key}_is"] is None else beyond[row[f"{key}_is"]]

    rows = {axis: outcomes[AVOIDED] for axis, outcomes in result["break_even"].items()}
    places = [f"{axis} {place(row, 'value')} (95% of vectors {place(row, 'lo')} to {place(row, 'hi')})"
            for axis, row in rows.items()]
    return f"{option}: fewer leakers in the country until {', '.join(places)}"
