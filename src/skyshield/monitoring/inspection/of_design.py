r"""From a mission's design to the threshold: whether the units detect enough to deter.

Each sector's units of the design are a team with the design's probability of detection β, at its low and its high end.
A violation is worth d - cβ(b + d) + αf over keeping the agreement, c the part of the time that the team watches. The
game over sectors (`inspection.sectors`) says how many of the teams must watch at once, and how they are spread.

The answer holds the inspectors' shares and the value only. What would pay best for a violator is not in it.
"""

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_json
from skyshield.monitoring.inspection.numbers import Span, read_number
from skyshield.monitoring.inspection.sectors import MOST_SECTORS, Sector, Spread, spread_teams
from skyshield.monitoring.inspection.threshold import threshold_content


@dataclass(frozen=True)
class Watched:
    """A sector of a design, and the ends of its units' probability of detection."""

    name: str
    beta: Span


def read_design(path: str | os.PathLike[str]) -> tuple[Watched, ...]:
    """Read the sectors of what ``monitor design --json`` printed.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file is not JSON, or has no sectors with a name and the ends of a probability.
    """
    content, where = read_json(path), str(path)
    rows = content.get("sectors") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows or len(rows) > MOST_SECTORS:
        raise SkyShieldError(f"{where}: sectors", "is no list of sectors", "give what 'monitor design --json' printed")
    found = tuple(_watched(row, f"{where}: sectors.{place}") for place, row in enumerate(rows))
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise SkyShieldError(f"{where}: sectors", "names a sector twice", "give what 'monitor design --json' printed")
    return found


def _watched(row: Any, where: str) -> Watched:
    remedy = "give what 'monitor design --json' printed"
    if not isinstance(row, dict) or not isinstance(row.get("name"), str):
        raise SkyShieldError(where, "has no name", remedy)
    ends = row.get("detection")
    if not isinstance(ends, dict) or not all(
            isinstance(ends.get(end), int | float) and not isinstance(ends[end], bool) for end in ("low", "high")):
        raise SkyShieldError(f"{where}: detection", "has no low and high", remedy)
    low, high = (read_number(repr(ends[end]), f"{where}: detection.{end}", 1.0) for end in ("low", "high"))
    if low > high:
        raise SkyShieldError(f"{where}: detection", "has its ends in the wrong order", remedy)
    return Watched(row["name"], Span(low, high))


def design_content(watched: Sequence[Watched], d: Span, b: Span, f: Span, alpha: float,
                   teams: float | None) -> dict[str, Any]:
    """Return what ``monitor game --design`` prints.

    Parameters
    ----------
    watched
        The design's sectors.
    d, b, f, alpha
        Of the game, the same in every sector.
    teams
        How many sectors' units watch at once; all if None.

    Examples
    --------
    >>> content = design_content([Watched("Sumy", Span(0.2, 0.5))], Span(1, 1), Span(3, 3), Span(0, 0), 0.0, None)
    >>> content["beta_min"], content["deterred_sectors"], content["teams_needed"]
    (0.25, {'lo': 0, 'hi': 1}, {'lo': 0.5, 'hi': None})
    """
    number = float(len(watched)) if teams is None else teams
    corners = list(itertools.product((d.low, d.high), (b.low, b.high), (f.low, f.high), (True, False)))
    played = [_play(watched, corner, alpha, number) for corner in corners]
    worst = max(range(len(played)), key=lambda place: (played[place].value, -place))
    deterred = [len(watched) - len(one.not_deterrable) for one in played]
    needed = [one.teams_needed for one in played]
    known = [one for one in needed if one is not None]
    values = [one.value for one in played]
    holds = "in every case" if max(values) == 0 else "in no case" if min(values) > 0 else "in some cases"
    return threshold_content(d, b, f, alpha) | {
        "teams": number, "sectors": len(watched), "deterred_sectors": {"lo": min(deterred), "hi": max(deterred)},
        "teams_needed": {"lo": min(known) if known else None, "hi": max(known) if len(known) == len(needed) else None},
        "value": {"lo": min(values), "hi": max(values)}, "law_abiding": holds,
        "shares": _shares(watched, played[worst])}


def _play(watched: Sequence[Watched], corner: tuple[float, float, float, bool], alpha: float, teams: float) -> Spread:
    d, b, f, is_low = corner
    sectors = [Sector(d, b, one.beta.low if is_low else one.beta.high) for one in watched]
    return spread_teams(sectors, teams, alpha * f)


def _shares(watched: Sequence[Watched], spread: Spread) -> Mapping[str, float]:
    """Return the shares of the teams by sector where a violation would be worth most in all."""
    total = float(np.sum(spread.coverage))
    return {one.name: float(c) / total if total else 0.0 for one, c in zip(watched, spread.coverage, strict=True)}
