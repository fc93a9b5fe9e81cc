"""The attacker's answer as the commands use it: played once, kept in the study's folder, told in lines."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from skyshield.adaptation.summary import Adaptation
    from skyshield.scenario import Resolved
    from skyshield.study import StudyResult
    from skyshield.study.maps import Map


def swept(result: "StudyResult", resolved: "Resolved", played: "Map", name: str, out: Path | None) -> "Adaptation":
    """Return the sweep kept with a study; play it where there is none or it is not whole, and keep it."""
    from skyshield.adaptation.cached import cache, cached
    from skyshield.adaptation.summary import adapt
    from skyshield.cli.playing import study_progress
    from skyshield.core.errors import BAD_INPUT, SkyShieldError

    if out is not None:
        try:
            computed = cached(out, result.manifest, resolved.parts()[2])
        except SkyShieldError as error:
            if error.exit_code != BAD_INPUT:
                raise
            computed = None
        if computed is not None:
            return computed
    with study_progress(f"sweeping the answer to {name}") as progress:
        computed = adapt(resolved, result, played, progress)
    if out is not None:
        cache(out, computed, result.manifest)
    return computed


def kept_or_note(folder: Path, manifest: Mapping[str, Any], resolved: "Resolved", strict: bool) -> "Adaptation | None":
    """Return the sweep kept with a study, None if there is none; a note says so if it is of the study before it grew.

    Parameters
    ----------
    folder, manifest, resolved
        Of the study.
    strict
        Refuse a damaged file or one of another study; otherwise a note says that it is left out.

    Raises
    ------
    SkyShieldError
        If `strict`, in those cases.
    """
    from skyshield.adaptation.cached import cached, is_outgrown
    from skyshield.core.errors import BAD_INPUT, SkyShieldError

    try:
        return cached(folder, manifest, resolved.parts()[2])
    except SkyShieldError as error:
        if error.exit_code != BAD_INPUT or (strict and not is_outgrown(folder, manifest)):
            raise
        typer.echo(f"note: {error}", err=True)
        return None


def answer_lines(options: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return one line an option on where its benefit is gone, from the JSON's ``options``."""
    return [_break_even_line(option, result) for option, result in options.items() if result["break_even"]]


def _break_even_line(option: str, result: Mapping[str, Any]) -> str:
    from skyshield.adaptation.sweep import AVOIDED
    from skyshield.cli.output import figure

    def place(row: Mapping[str, Any], key: str) -> str:
        beyond = {"above": f"above {row['to']:g}", "below": f"below {row['from']:g}"}
        return figure(row[key]) if row[f"{key}_is"] is None else beyond[row[f"{key}_is"]]

    rows = {axis: outcomes[AVOIDED] for axis, outcomes in result["break_even"].items()}
    said = [f"{axis} {place(row, 'value')} (95% of vectors {place(row, 'lo')} to {place(row, 'hi')})"
            for axis, row in rows.items()]
    return f"{option}: fewer leakers in the country until {', '.join(said)}"
