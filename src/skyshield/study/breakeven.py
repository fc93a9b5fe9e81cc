"""What would have to be true for one option to lead another: thresholds of what nobody knows.

An option with forces is held against the same money as aid. Of each number, moved alone from its low to its high end,
the study knows the difference of the two at the reference and at both ends; between these it is taken to go in a
straight line, and where it is zero the lead changes. Absorption is told without an arm: aid that absorbs a share x of
its budget prevents at most x times as much, so aid leads only if it absorbs more than the ratio of what both prevent.
Thresholds are of means; where the lead does not change between the ends there is none, and who leads throughout.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skyshield.catalogue import Catalogue, load_bundles
from skyshield.compile.campaign import zone_lead_days
from skyshield.compile.parameters import end_value, headline_value
from skyshield.core.arrays import Floats
from skyshield.study.plan import BUNDLE, SINGLE, Arm

ABSORPTION = "aid_absorption"
ALONG = "own_defence_along_share"
LEAD_TIME = "zone_lead_time"
# Told whether they change the lead or not, as are the lead time, which is a bundle, and absorption; others if they do.
ENTRIES = ("displacement", ALONG, "launch_growth")
BUNDLE_ENDS = "ends"  # in place of a unit: -1 stands for all low ends of a bundle, 1 for all high ends


@dataclass(frozen=True)
class Lever:
    """A number that nobody knows, and the difference of two options along it.

    Attributes
    ----------
    name, unit
        Its key, and the unit of its values.
    low, reference, high
        Its values.
    label
        It in words.
    evidence
        The grade of its entry in the catalogue, or the worst of a bundle's.
    points
        (value, difference of means) in order of values, at least two.
    """

    name: str
    unit: str
    low: float
    reference: float
    high: float
    label: str
    evidence: str
    points: tuple[tuple[float, float], ...]

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Values at which the lead changes."""
        return crossings(self.points)

    def plain(self) -> dict[str, Any]:
        """Return plain data; ``leads_low`` and ``leads_high`` say whether the option leads at that end."""
        told = _told(self.points)
        return {"label": self.label, "unit": self.unit, "low": self.low, "reference": self.reference, "high": self.high,
                "evidence": self.evidence, "points": [list(point) for point in self.points],
                "thresholds": list(self.thresholds), "leads_low": bool(told) and told[0][1] > 0.0,
                "leads_high": bool(told) and told[-1][1] > 0.0}


def crossings(points: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Return where straight lines between points (x, y), x ascending, change their sign.

    A line that ends at zero, as where neither of two options is there any more, does not change it.

    Examples
    --------
    >>> crossings([(0.0, 4.0), (1.0, -4.0), (2.0, -1.0)]), crossings([(0.0, 1.0), (1.0, 2.0)])
    ((0.5,), ())
    >>> crossings([(0.0, 4.0), (1.0, 0.0)]), crossings([(0.0, 4.0), (1.0, 0.0), (2.0, -4.0)])
    ((), (1.0,))
    """
    found = []
    for (x_0, y_0), (x_1, y_1) in itertools.pairwise(_told(points)):
        if (y_0 > 0.0) != (y_1 > 0.0):
            at_zero = [x for x, y in points if x_0 < x < x_1 and y == 0.0]
            found.append(at_zero[0] if at_zero else x_0 + (x_1 - x_0) * y_0 / (y_0 - y_1))
    return tuple(found)


def _told(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points at which one of the two leads."""
    return [point for point in points if point[1] != 0.0]


def levers(differences: Sequence[float | None], arms: Sequence[Arm], catalogue: Catalogue,
           assumptions: Mapping[str, float], along_share: Floats | None) -> list[Lever]:
    """Return the levers of a pair of options that a study moved.

    Parameters
    ----------
    differences
        By arm, the headline first: the mean of one option minus that of the other; None where all failed.
    arms
        What each plays.
    catalogue, assumptions
        Where entries stand.
    along_share
        f8[vector]: the reference of `own_defence_along_share`, None if the scenario fixes it.
    """
    mean = None if along_share is None or ALONG in assumptions else float(along_share.mean())
    singles = dict.fromkeys([*ENTRIES, *(name for arm in arms if arm.kind == SINGLE for name in arm.ends)])
    found = [lever(name, differences, arms, catalogue, assumptions, mean if name == ALONG else None)
             for name in singles]
    told = [one for one in found if one is not None and (one.name in ENTRIES or one.thresholds)]
    named = [one for one in told if one.name in ENTRIES]
    return [*named, *_lead_time(differences, arms, catalogue, assumptions),
            *(one for one in told if one.name not in ENTRIES), *_bundles(differences, arms, catalogue)]


def lever(name: str, differences: Sequence[float | None], arms: Sequence[Arm], catalogue: Catalogue,
          assumptions: Mapping[str, float], reference: float | None = None) -> Lever | None:
    """Return one entry as a lever, None if no arm moves it; `reference` is where the headline has it, if not as usual.

    Other parameters are those of `levers`.
    """
    if differences[0] is None:
        return None
    entry = catalogue[name]
    here = headline_value(entry, assumptions) if reference is None else reference
    points = {here: differences[0]}
    for arm, of in zip(arms, differences, strict=True):
        if set(arm.ends) == {name} and of is not None:
            points[end_value(entry, arm.ends[name])] = of
    if len(points) < 2:
        return None
    return Lever(name, entry.unit, entry.low, here, entry.high, entry.label, entry.grade, tuple(sorted(points.items())))


def _bundles(differences: Sequence[float | None], arms: Sequence[Arm], catalogue: Catalogue) -> list[Lever]:
    """Return the bundles, other than the lead time, whose low or high ends change the lead: from -1 to 1."""
    points: dict[str, dict[float, float]] = {}
    for arm, of in zip(arms, differences, strict=True):
        if arm.kind == BUNDLE and of is not None and differences[0] is not None:
            name, end = next(iter(arm.ends.items()))
            if not catalogue[name].bundle:
                continue
            known = points.setdefault(catalogue[name].bundle, {0.0: differences[0]})
            known[-1.0 if end == "low" else 1.0] = of
    grades = {bundle: max(entry.grade for entry in catalogue.values() if entry.bundle == bundle) for bundle in points}
    found = [Lever(bundle, BUNDLE_ENDS, -1.0, 0.0, 1.0, load_bundles()[bundle], grades[bundle],
                   tuple(sorted(of.items()))) for bundle, of in points.items() if bundle != LEAD_TIME]
    return [one for one in found if one.thresholds]


def _lead_time(differences: Sequence[float | None], arms: Sequence[Arm], catalogue: Catalogue,
               assumptions: Mapping[str, float]) -> list[Lever]:
    """Return the time until the zone is there, its parts moved together."""
    if differences[0] is None:
        return []
    names = [name for name, entry in catalogue.items() if entry.bundle == LEAD_TIME]

    def days(ends: Mapping[str, str]) -> float:
        return float(zone_lead_days({name: np.array([catalogue[name].si_of(
            end_value(catalogue[name], ends[name]) if name in ends else headline_value(catalogue[name], assumptions))])
            for name in names}))

    points = {days({}): differences[0]}
    for arm, of in zip(arms, differences, strict=True):
        if arm.ends and set(arm.ends) <= set(names) and of is not None:
            points[days(arm.ends)] = of
    if len(points) < 2:
        return []
    held = sorted((value, of) for value, of in points.items() if of is not None)
    return [Lever(LEAD_TIME, "day", held[0][0], days({}), held[-1][0], load_bundles()[LEAD_TIME],
                  max(catalogue[name].grade for name in names), tuple(held))]


def absorption(of_forces: float | None, of_aid: float | None, catalogue: Catalogue) -> Lever | None:
    """Return the share of its budget that aid must absorb to lead, as a lever within its range."""
    if of_forces is None or of_aid is None or of_aid <= 0.0:
        return None
    entry = catalogue[ABSORPTION]
    return Lever(ABSORPTION, entry.unit, entry.low, entry.reference_value, entry.high, entry.label, entry.grade,
                 tuple((share, of_forces - share * of_aid) for share in (entry.low, entry.high)))
