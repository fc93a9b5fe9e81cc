r"""Few teams over many sectors, so that a violation pays least.

A team in a sector detects a violation there with probability β; inspectors choose the probability c, the coverage, that
a team is there. A violation in sector s is worth d - cβ(b + d), beside -αf for keeping the agreement. Inspectors who
commit to coverages first (inspector leadership) minimise the greatest worth v under Σc ≤ M, 0 ≤ c ≤ 1:

.. math:: c_s(v) = \frac{(d_s + αf - v)^+}{β_s (b_s + d_s)}, \qquad Σ_s c_s(v) = M.

``teams_needed`` is Σ c(0); a sector with c(0) > 1 cannot be deterred, and v stays at or above what it is worth with a
team always there.

Source: R. Avenhaus, B. von Stengel and S. Zamir, "Inspection games", in Handbook of Game Theory 3 (2002).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.inspection.numbers import read_number

MOST_SECTORS = 10_000
_WHOLE = 1e-12


@dataclass(frozen=True)
class Sector:
    """What a violation in one sector is worth undetected (d) and detected (-b), and how well one team detects it."""

    d: float
    b: float
    beta: float


@dataclass(frozen=True)
class Spread:
    """How teams are spread.

    Attributes
    ----------
    value
        What a violation is worth at best, over keeping the agreement; 0 if all is deterred.
    coverage
        f8[sector], the probability that a team is there.
    teams_needed
        That deter everywhere; None if some sector cannot be deterred.
    not_deterrable
        Places, from 1, of the sectors that no team deters.
    """

    value: float
    coverage: Floats
    teams_needed: float | None
    not_deterrable: tuple[int, ...]


def parse_sectors(text: str) -> tuple[Sector, ...]:
    """Read sectors written ``d:b:beta,d:b:beta``.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a sector is no three numbers, or one of them cannot be.

    Examples
    --------
    >>> parse_sectors("1:3:0.8,2:3:0.8")[1]
    Sector(d=2.0, b=3.0, beta=0.8)
    """
    sectors = []
    for place, part in enumerate(text.split(","), start=1):
        where = f"--sectors: sector {place}"
        words = part.split(":")
        if len(words) != len(Sector.__dataclass_fields__):
            raise SkyShieldError(where, f"is {part.strip()!r}", "write d:b:beta, sectors with commas between them")
        d, b = read_number(words[0], f"{where}: d"), read_number(words[1], f"{where}: b")
        sectors.append(Sector(d, b, read_number(words[-1], f"{where}: beta", 1.0)))
    if len(sectors) > MOST_SECTORS:
        raise SkyShieldError("--sectors", f"names more than {MOST_SECTORS:,}", "join some of them")
    return tuple(sectors)


def spread_teams(sectors: Sequence[Sector], teams: float, false_loss: float = 0.0) -> Spread:
    """Return the coverages that make the best violation worth least.

    Parameters
    ----------
    sectors
        At least one.
    teams
        M, 0 or more; a part of a team is one that is there part of the time.
    false_loss
        αf, what keeping the agreement costs by false accusations.

    Examples
    --------
    >>> sectors = parse_sectors("1:3:0.8,2:3:0.8,3:3:0.8")
    >>> found = spread_teams(sectors, 1.0)
    >>> round(found.teams_needed, 4), [round(float(c), 3) for c in found.coverage], round(found.value, 4)
    (1.4375, [0.135, 0.358, 0.507], 0.5676)
    """
    unit = max(one.d + false_loss for one in sectors)  # of value
    if unit == 0:
        return Spread(0.0, np.zeros(len(sectors)), 0.0, ())
    worth = np.array([one.d + false_loss for one in sectors]) / unit
    fall = np.array([one.beta * (one.b + one.d) for one in sectors]) / unit  # of the worth with full coverage
    stuck = worth > fall * (1 + _WHOLE)
    floor = float(np.max(worth - fall, initial=0.0, where=stuck))
    open_to_teams = (worth > 0) & (fall > _WHOLE)
    needed = float(np.sum(worth[open_to_teams] / fall[open_to_teams]))
    value = max(floor, _level(worth[open_to_teams], fall[open_to_teams], teams))
    value = value if value > _WHOLE else 0.0
    coverage = np.zeros(len(sectors))
    coverage[open_to_teams] = np.minimum(
        1.0, np.maximum(0.0, worth[open_to_teams] - value) / fall[open_to_teams])
    if coverage.sum() > teams:  # by rounding
        coverage *= teams / coverage.sum()
    return Spread(value * unit, coverage, None if stuck.any() else needed,
                  tuple(int(place) + 1 for place in np.flatnonzero(stuck)))


def _level(worth: Floats, fall: Floats, teams: float) -> float:
    """Return the v >= 0 at which the coverages Σ(worth - v)^+/fall come to the teams, 0 if there are more."""
    if not len(worth):
        return 0.0
    order = np.argsort(-worth, kind="stable")
    top, rate = worth[order], 1 / fall[order]
    inside, rates = np.cumsum(top * rate), np.cumsum(rate)
    for last, (total, slope) in enumerate(zip(inside, rates, strict=True)):
        level = (total - teams) / slope
        below = top[last + 1] if last + 1 < len(top) else 0.0
        if level >= below:
            return float(level)
    return 0.0


def sectors_content(sectors: Sequence[Sector], teams: float) -> dict[str, Any]:
    """Return what ``monitor game --sectors --teams`` prints; ``shares`` are of the teams and come to 1."""
    found = spread_teams(sectors, teams)
    used = math.fsum(found.coverage)
    spare = teams - used if found.value == 0 and teams - used > _WHOLE * teams else 0.0
    return {"teams_needed": found.teams_needed, "value": found.value, "deterred": found.value == 0,
            "shares": [float(c) / used if used else 0.0 for c in found.coverage],
            "coverage": [float(c) for c in found.coverage], "teams": teams, "teams_spare": spare,
            "not_deterrable": list(found.not_deterrable)}

