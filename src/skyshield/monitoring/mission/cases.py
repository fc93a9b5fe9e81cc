"""A design as problems to solve: the central one, and detection and costs at either end."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.mission.model import MOST_UNITS, Design, Means, Sector
from skyshield.monitoring.mission.problem import MOST_RATE, Problem, roomy

LOW, CENTRAL, HIGH = range(3)
FIELDS = {"q": "detection", "people": "people", "money_eur": "cost", "night": "night", "cloud": "cloud",
          "jamming": "jamming"}  # of a means, and how the catalogue names them
CONDITIONS = ("night", "cloud", "jamming")
Three = tuple[float, float, float]


@dataclass(frozen=True)
class Case:
    """At which end detection with its factors, and people with money, are taken."""

    name: str
    detection: int
    cost: int


CASES = (Case("central", CENTRAL, CENTRAL), Case("detection_low", LOW, CENTRAL), Case("detection_high", HIGH, CENTRAL),
         Case("cost_low", CENTRAL, LOW), Case("cost_high", CENTRAL, HIGH))


def entry_name(means: str, field: str) -> str:
    """Return the catalogue's key of a field of a means.

    Examples
    --------
    >>> entry_name("uav", "q")
    'mission_uav_detection'
    """
    return f"mission_{means}_{FIELDS[field]}"


def numbers(design: Design) -> tuple[dict[str, dict[str, Three]], tuple[str, ...]]:
    """Return low, central and high of every field of every means, and the catalogue's entries among them.

    Where the catalogue knows no centre, its reference stands for it.
    """
    catalogue = load_catalogue()
    result: dict[str, dict[str, Three]] = {}
    entries = []
    for means, given in design.means.items():
        result[means] = {}
        for field in FIELDS:
            told = getattr(given or Means(), field)
            if told is None:
                entry = catalogue[entry_name(means, field)]
                told = (entry.low, entry.reference_value, entry.high)
                if _matters(design, field, means):
                    entries.append(entry.key)
            result[means][field] = told
    return result, tuple(entries)


def _matters(design: Design, field: str, means: str) -> bool:
    """Whether a field of a means can change the design at all."""
    if field in CONDITIONS:
        return any(share_of(design, sector, field) > 0 for sector in design.sectors)
    if field == "q":
        return any(means not in sector.q for sector in design.sectors)
    return getattr(design.budget, field) is not None


def share_of(design: Design, sector: Sector, condition: str) -> float:
    """Return the part of the time with a condition in a sector."""
    own = getattr(sector, condition)
    return float(getattr(design, condition) if own is None else own)


def cases(design: Design, known: Mapping[str, Mapping[str, Three]]) -> tuple[Case, ...]:
    """Return the cases that differ from the central one, and that one first."""
    wide = {field for means, of in known.items() for field, three in of.items()
            if three[LOW] != three[HIGH] and _matters(design, field, means)}
    wide |= {"q" for sector in design.sectors for three in sector.q.values() if three[LOW] != three[HIGH]}
    detection, cost = wide & {"q", *CONDITIONS}, wide & {"people", "money_eur"}
    return tuple(case for case in CASES if case.name == "central" or (detection and case.detection != CENTRAL)
                 or (cost and case.cost != CENTRAL))


def problem_of(design: Design, known: Mapping[str, Mapping[str, Three]], case: Case) -> Problem:
    """Return the problem of a case.

    Raises
    ------
    SkyShieldError
        Exit code 2 if nothing limits the number of units of a means.
    """
    use, limit = _resources(design, known, case.cost)
    p, rate = _conditions(design, known, case.detection)
    return Problem(np.array([sector.weight for sector in design.sectors]), p, rate, use, limit,
                   _most(design, use, limit))


def _resources(design: Design, known: Mapping[str, Mapping[str, Three]], end: int) -> tuple[Floats, Floats]:
    names = list(design.means)
    rows: list[list[float]] = []
    limits: list[float] = []
    for field in ("people", "money_eur"):
        limit = getattr(design.budget, field)
        if limit is not None:
            rows.append([known[means][field][end] for means in names])
            limits.append(limit)
    units = design.budget.units
    if isinstance(units, int):
        rows.append([1.0] * len(names))
        limits.append(units)
    elif units is not None:
        for means, number in units.items():
            rows.append([float(name == means) for name in names])
            limits.append(number)
    return np.array(rows), np.array(limits, np.float64)


def _conditions(design: Design, known: Mapping[str, Mapping[str, Three]], end: int) -> tuple[Floats, Floats]:
    """Return p f8[sector, condition] and the rates f8[sector, condition, means] over the conditions that occur."""
    there = [name for name in CONDITIONS if any(share_of(design, sector, name) for sector in design.sectors)]
    worlds = list(itertools.product((False, True), repeat=len(there)))
    shares = np.array([[share_of(design, sector, name) for name in there] for sector in design.sectors])
    p = np.ones((len(design.sectors), len(worlds)))
    factor = np.ones((len(worlds), len(design.means)))
    for c, world in enumerate(worlds):
        for place, (name, holds) in enumerate(zip(there, world, strict=True)):
            p[:, c] *= shares[:, place] if holds else 1 - shares[:, place]
            if holds:
                factor[c] *= [known[means][name][end] for means in design.means]
    clear = np.array([[sector.q.get(means, known[means]["q"])[end] for means in design.means]  # type: ignore[call-overload]
                      for sector in design.sectors])
    with np.errstate(divide="ignore"):
        rate = np.minimum(MOST_RATE, -np.log1p(-clear[:, None, :] * factor))
    return p, rate


def _most(design: Design, use: Floats, limit: Floats) -> "np.typing.NDArray[np.int64]":
    names = list(design.means)
    result = np.full((len(design.sectors), len(names)), np.iinfo(np.int64).max)
    for k, means in enumerate(names):
        taken = use[:, k] > 0
        if taken.any():
            result[:, k] = int(min(MOST_UNITS, np.floor(np.min(roomy(limit)[taken] / use[taken, k]))))
        for s, sector in enumerate(design.sectors):
            result[s, k] = min(result[s, k], sector.most.get(means, result[s, k]))  # type: ignore[call-overload]
        if (result[:, k] > MOST_UNITS).any():
            raise SkyShieldError(f"means.{means}", "is limited by nothing", "give what one unit takes of a limit of the "
                                                                            "budget, or budget.units")
    return result
