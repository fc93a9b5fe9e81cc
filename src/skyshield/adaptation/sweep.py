r"""The sweep over the attacker's adaptation: the same study at chosen values of displacement, volume and class shift.

The three entries have no centre and no evidence (no zone has existed), so they are never drawn and never optimised:
the study is played again at values put into the scenario's assumptions, everything else where the headline has it,
on the same parameter vectors and the same raids. Draws are addressed, so a point of the sweep that is also the
headline or an arm of the envelope has the same totals, bit by bit, and may be taken from there instead.

An option's outcomes at a point, x[vector, replication], option minus baseline on the same raids:

- ``prevented_armed_zone``: the primary measure, armed threats bound for the protected area that reach no aim. What is
  sent elsewhere and gets through there counts against the option.
- ``avoided_zone``: leakers in the protected area that there would be without the option minus those there are.
- ``avoided``: the same in the whole country, all classes. Displacement moves leakers elsewhere; this counts them.
- ``avoided_armed``: the same without decoys (armed UAVs and missiles).
"""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from skyshield.catalogue import Catalogue, Entry
from skyshield.compile.context import CompileContext
from skyshield.compile.parameters import end_value, headline_value
from skyshield.compile.world import compile_world, prepare_context
from skyshield.core.arrays import Booleans, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.vocabulary import CLASSES
from skyshield.scenario import Resolved, resolve
from skyshield.study.compare import PRIMARY
from skyshield.study.key import study_key
from skyshield.study.maps import Map, thread_map
from skyshield.study.plan import JOINT, POINT, Arm
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.runner import Progress, play_arms
from skyshield.study.summary import summarise
from skyshield.study.told import Summary

AVOIDED_ZONE, AVOIDED, AVOIDED_ARMED = "avoided_zone", "avoided", "avoided_armed"
OUTCOMES = (PRIMARY, AVOIDED_ZONE, AVOIDED, AVOIDED_ARMED)
_LEAKED = {AVOIDED_ZONE: ("leaked_zone",), AVOIDED: tuple(f"leaked/{kind}" for kind in CLASSES),
           AVOIDED_ARMED: ("leaked_armed", *(f"leaked/{kind}" for kind in CLASSES[1:]))}


class Point(NamedTuple):
    """One adaptation of the attacker; the names are those of the catalogue's entries."""

    displacement: float
    volume_response: float
    class_shift: float


AXES = Point._fields


@dataclass(frozen=True)
class Sweep:
    """A sweep that was played.

    Attributes
    ----------
    points
        What was played; the first is the reference, where the headline stands.
    axes
        For each entry the numbers of the points in which it alone may differ from the reference, ascending.
    result
        Totals, ``values[point][vector, replication, option, measure]``, as many replications at every point.
    baseline
        What options are compared with.
    aid
        Each option that is money for Ukraine's own defence -> the option whose planned cost it spends, None if it has
        a budget of its own.
    """

    points: tuple[Point, ...]
    axes: dict[str, tuple[int, ...]]
    result: StudyResult
    baseline: str
    aid: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def options(self) -> list[str]:
        """Options other than the baseline."""
        return [option for option in self.result.options if option != self.baseline]

    def twins(self, option: str) -> list[str]:
        """Return the options that spend an option's planned cost on aid."""
        return [name for name, of in self.aid.items() if of == option]

    def outcome(self, option: str, name: str, point: int) -> Floats:
        """Return f8[vector, replication]: one of `OUTCOMES` of an option, minus the baseline, at a point."""
        if name == PRIMARY:
            return self.total(option, (PRIMARY,), point) - self.total(self.baseline, (PRIMARY,), point)
        return self.total(self.baseline, _LEAKED[name], point) - self.total(option, _LEAKED[name], point)

    def total(self, option: str, measures: Iterable[str], point: int) -> Floats:
        """Return f8[vector, replication]: measures of an option at a point, added up."""
        column = self.result.options.index(option)
        summed: Floats = np.sum([self.result.values[point][..., column, MEASURES.index(m)] for m in measures], axis=0)
        return summed

    def valid_everywhere(self) -> Booleans:
        """Return which replications [vector, replication] failed at no point."""
        every: Booleans = np.all(self.result.valid, axis=0)
        return every


def axis_values(entry: Entry, headline: float) -> tuple[float, ...]:
    """Return the values an entry is played at if none are given: ends, middle or reference, headline.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> catalogue = load_catalogue()
    >>> axis_values(catalogue["displacement"], 0.0), axis_values(catalogue["volume_response"], 1.0)
    ((0.0, 0.5, 1.0), (0.8, 1.0, 1.3))
    >>> axis_values(catalogue["class_shift"], 0.1)
    (0.0, 0.1, 0.15, 0.3)
    """
    middle = (entry.low + entry.high) / 2 if isinstance(entry.reference, str) else entry.reference_value
    return tuple(sorted({float(v) for v in (entry.low, middle, entry.high, headline)}))


def sweep_points(catalogue: Catalogue, assumptions: Mapping[str, float],
                 values: Mapping[str, Sequence[float]] | None = None,
                 factorial: bool = False) -> tuple[tuple[Point, ...], dict[str, tuple[int, ...]]]:
    """Return the points of a sweep, the reference first, and which of them lie on each axis.

    Parameters
    ----------
    catalogue
        For the ends of the entries.
    assumptions
        What the scenario fixes; the reference stands there.
    values
        For some of `AXES` the values to play instead of those of `axis_values`; the reference's own is added.
    factorial
        Play every combination, not only one entry at a time.

    Raises
    ------
    SkyShieldError
        If a name is not of an axis, or a value outside its entry's interval.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> points, axes = sweep_points(load_catalogue(), {})
    >>> len(points), tuple(points[0]), [points[k].displacement for k in axes["displacement"]]
    (7, (0.0, 1.0, 0.0), [0.0, 0.5, 1.0])
    >>> len(sweep_points(load_catalogue(), {}, factorial=True)[0])
    27
    """
    requested = dict(values or {})
    if unknown := sorted(set(requested) - set(AXES)):
        raise SkyShieldError(f"sweep of {unknown[0]!r}", "is no adaptation of the attacker",
                             f"choose from {', '.join(AXES)}")
    reference = Point(*(float(headline_value(catalogue[name], assumptions)) for name in AXES))
    values_by_axis = {}
    for name, reference_value in zip(AXES, reference, strict=True):
        entry = catalogue[name]
        axis_points = requested.get(name, axis_values(entry, reference_value))
        for value in axis_points:
            if not entry.low <= value <= entry.high:
                raise SkyShieldError(f"sweep of {name}", f"asks for {value}",
                                     f"give values from {entry.low} to {entry.high}")
        values_by_axis[name] = sorted({*map(float, axis_points), reference_value})
    candidates = [reference._replace(**{name: value}) for name in AXES for value in values_by_axis[name]]
    if factorial:
        candidates += [Point(*values) for values in itertools.product(*values_by_axis.values())]
    points = tuple(dict.fromkeys([reference, *candidates]))
    return points, {name: tuple(points.index(reference._replace(**{name: v})) for v in values_by_axis[name])
                    for name in AXES}


def adaptation_sweep(resolved: Resolved, seed: int, vectors: int, replications: int,
                     values: Mapping[str, Sequence[float]] | None = None, factorial: bool = False,
                     map: Map = thread_map, progress: Progress | None = None,  # noqa: A002
                     played: StudyResult | None = None, ends: Mapping[str, str] | None = None) -> Sweep:
    """Play a scenario at each adaptation of the attacker, on the same vectors and the same raids.

    Parameters
    ----------
    resolved
        The self-contained scenario. Its options that only price a clause are left out.
    seed, vectors, replications, map, progress
        As in `run`. With `played` the sizes are that study's.
    values, factorial
        See `sweep_points`.
    played
        A study of the same key: points that it holds already, as its headline or in its envelope, are taken from it,
        with as many replications as its arms have.
    ends
        Other entries without a centre to stand at ``low`` or ``high`` throughout, such as the rival own defence.

    Returns
    -------
    Sweep
        The same for any number of jobs.

    Raises
    ------
    SkyShieldError
        For a value outside its interval, or a study of another key.
    """
    swept = _without_dropped(resolved)
    context = prepare_context(swept)
    catalogue, assumptions = context.catalogue, context.scenario.assumptions
    points, axes = sweep_points(catalogue, assumptions, values, factorial)
    already_played: dict[Point, int] = {}
    if played is not None:
        if played.manifest["study_key"] != study_key(resolved, seed, context.days):
            raise SkyShieldError("sweep", "is given another study", "give the study of the same scenario and seed")
        vectors, replications = played.failed[-1].shape  # an arm's, if there is one
        played = _of_options(played, swept.options)
        already_played = {point: arm for arm, moved in enumerate(played.arms)
                          if moved.kind != JOINT  # kept for some of the options alone
                          and (point := _point_of(moved.ends, points[0], catalogue, ends or {})) is not None}
    missing = [point for point in points if point not in already_played]
    newly_played = None
    if missing:
        worlds = [compile_world(_at_point(context, point), seed, vectors, ends) for point in missing]
        newly_played = play_arms(swept, worlds, [Arm(POINT, p._asdict()) for p in missing], seed, replications,
                                 map, vectors, progress)
    aid = {option.name: option.twin for option in context.scenario.options
           if any(package.aid() is not None for package in option.packages)}
    return Sweep(points, axes, _in_order(points, already_played, missing, played, newly_played), resolved.baseline, aid)


def _without_dropped(resolved: Resolved) -> Resolved:
    """Return the scenario without the options that only price a clause."""
    scenario, fit, catalogue, theatre = resolved.parts()
    reduced = scenario.without_dropped()
    return resolved if len(reduced.options) == len(scenario.options) else resolve(reduced, catalogue, theatre, fit)


def _of_options(played: StudyResult, options: tuple[str, ...]) -> StudyResult:
    """Return a study's totals of some of its options, in this order."""
    if tuple(played.options) == options:
        return played
    columns = [played.options.index(option) for option in options]
    return dataclasses.replace(played, values=[played.values[arm][:, :, columns] for arm in range(len(played.values))],
                               manifest={**played.manifest, "options": list(options)})


def _at_point(context: CompileContext, point: Point) -> CompileContext:
    """Return the context with a point among the scenario's assumptions; its computed parts stay shared."""
    assumptions = {**context.scenario.assumptions, **point._asdict()}
    return dataclasses.replace(context, scenario=context.scenario.model_copy(update={"assumptions": assumptions}))


def _point_of(arm_ends: Mapping[str, str], reference: Point, catalogue: Catalogue,
              ends: Mapping[str, str]) -> Point | None:
    """Return the point that an arm of an envelope plays, None if it is none of a sweep with these other ends."""
    if {name: end for name, end in arm_ends.items() if name not in AXES} != ends:
        return None
    coordinates = {name: float(end_value(catalogue[name], end)) for name, end in arm_ends.items() if name in AXES}
    return reference._replace(**coordinates)


def _in_order(points: Sequence[Point], already_played: Mapping[Point, int], missing: Sequence[Point],
              played: StudyResult | None, newly_played: StudyResult | None) -> StudyResult:
    """Return one result with the points in their order."""
    sources = [(newly_played, missing.index(p)) if p in missing else (played, already_played[p]) for p in points]
    parts = [(study, arm) for study, arm in sources if study is not None]
    first = parts[0][0]
    manifest: dict[str, Any] = {**first.manifest, "arms": [Arm(POINT, p._asdict()).plain() for p in points]}
    n = min(study.failed[arm].shape[1] for study, arm in parts)
    return StudyResult(tuple(study.values[arm][:, :n] for study, arm in parts),
                       tuple(study.failed[arm][:, :n] for study, arm in parts), first.parameters, manifest, None)


def sweep_rows(sweep: Sweep) -> dict[str, list[dict[str, float | Summary]]]:
    """Return option -> one row a point: its values, and each outcome as {delta, lo, hi, mcse, spread_lo, spread_hi}."""
    valid = sweep.result.valid
    rows: dict[str, list[dict[str, float | Summary]]] = {}
    for option in sweep.options:
        rows[option] = []
        for number, point in enumerate(sweep.points):
            row: dict[str, float | Summary] = {**point._asdict()}
            for name in OUTCOMES:
                summary = summarise(sweep.outcome(option, name, number), valid[number])
                row[name] = {"delta": summary.pop("mean"), **summary}
            rows[option].append(row)
    return rows
