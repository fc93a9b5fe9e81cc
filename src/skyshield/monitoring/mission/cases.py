"""A design as problems to solve: the central one, and detection and costs at either end."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats, Integers
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.mission.model import MOST_UNITS, Design, Means, MeansName, Sector
from skyshield.monitoring.mission.problem import MOST_RATE, Problem, roomy

LOW, CENTRAL, HIGH = range(3)
FIELDS = {"watched_km": "watched", "people": "people", "money_eur": "cost", "night": "night", "cloud": "cloud",
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
    >>> entry_name("uav", "money_eur")
    'mission_uav_cost'
    """
    return f"mission_{means}_{FIELDS[field]}"


def numbers(design: Design) -> tuple[dict[str, dict[str, Three]], tuple[str, ...]]:
    """Return low, central and high of every field of every means, and the catalogue's entries among them.

    A field q is there where the file gives it. Where the catalogue knows no centre, its reference stands for it.
    """
    catalogue = load_catalogue()
    result: dict[str, dict[str, Three]] = {}
    entries = []
    for means, given in design.means.items():
        of = given or Means()
        result[means] = {} if of.q is None else {"q": of.q}
        for field in FIELDS:
            told = getattr(of, field)
            if told is None:
                entry = catalogue[entry_name(means, field)]
                told = (entry.low, entry.reference_value, entry.high)
                if field in ("people", "money_eur") or _matters(design, result[means], field, means):
                    entries.append(entry.key)
            result[means][field] = told
    return result, tuple(entries)


def _matters(design: Design, known: Mapping[str, Three], field: str, means: str) -> bool:
    """Whether a field of a means can change the design at all."""
    if field in CONDITIONS:
        return any(share_of(design, sector, field) > 0 for sector in design.sectors)
    if field in ("q", "watched_km"):
        return any(means not in sector.q for sector in design.sectors) and (field == "q" or "q" not in known)
    return getattr(design.budget, field) is not None


def share_of(design: Design, sector: Sector, condition: str) -> float:
    """Return the part of the time with a condition in a sector."""
    own = getattr(sector, condition)
    return float(getattr(design, condition) if own is None else own)


def cases(design: Design, known: Mapping[str, Mapping[str, Three]]) -> tuple[Case, ...]:
    """Return the cases that differ from the central one, and that one first."""
    wide = {field for means, of in known.items() for field, three in of.items()
            if three[LOW] != three[HIGH] and _matters(design, of, field, means)}
    wide |= {"q" for sector in design.sectors for three in sector.q.values() if three[LOW] != three[HIGH]}
    detection, cost = wide & {"q", "watched_km", *CONDITIONS}, wide & {"people", "money_eur"}
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
    clear = np.array([[_by_day(sector, means, known[means], end) for means in design.means]
                      for sector in design.sectors])
    with np.errstate(divide="ignore"):
        rate = np.minimum(MOST_RATE, -np.log1p(-clear[:, None, :] * factor))
    return p, rate


def _by_day(sector: Sector, means: MeansName, known: Mapping[str, Three], end: int) -> float:
    """Return the probability q of one unit by clear day without jamming."""
    told = sector.q.get(means, known.get("q"))
    if told is not None:
        return told[end]
    if sector.length_km is None:
        raise SkyShieldError(f"sectors: {sector.name}: length_km", "is missing",
                             f"give it, or q of {means}: the probability that one unit detects a violation there")
    return -math.expm1(-known["watched_km"][end] / sector.length_km)


def _most(design: Design, use: Floats, limit: Floats) -> Integers:
    names = list(design.means)
    result = np.full((len(design.sectors), len(names)), np.iinfo(np.int64).max)
    for k, means in enumerate(names):
        taken = use[:, k] > 0
        if taken.any():
            result[:, k] = int(min(MOST_UNITS, np.floor(np.min(roomy(limit)[taken] / use[taken, k]))))
        own = (design.means[means] or Means()).most
        for s, sector in enumerate(design.sectors):
            here = sector.most.get(means, own)
            result[s, k] = result[s, k] if here is None else min(result[s, k], here)
        if (result[:, k] > MOST_UNITS).any():
            raise SkyShieldError(f"means.{means}", "is limited by nothing",
                                 "give what one unit takes of a limit of the budget, or budget.units")
    return result
