"""What a study says, as the equations and the claims read it: differences by option, phase and arm.

Without a folder it is what the shipped study of `guarantees` says: a digest of its summary, made by
``tools/make_guarantees.py``, so that every question can be asked before anything is played. Intervals are the study's:
95% of the expected outcome over parameter vectors, of paired differences to the baseline unless another option is
named.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.study.by_arm import differences_by_arm
from skyshield.study.moves import moves
from skyshield.study.plan import HEADLINE, JOINT, RELIEF, RIVAL, Arm
from skyshield.study.told import ends
from skyshield.study.view import StudyView

SHIPPED = Path(__file__).parent / "data" / "guarantees.json"
_DIGITS = 4
_HELD = ("study_key", "scenario", "days", "vectors", "replications", "seed", "baseline", "marks")


@dataclass(frozen=True)
class Figure:
    """One figure: its mean, between what the expected outcome lies, its Monte Carlo error; None where not told."""

    mean: float
    lo: float | None
    hi: float | None
    mcse: float | None = None


@dataclass(frozen=True)
class PlayedArm:
    """One arm of a study.

    Attributes
    ----------
    number
        0 is the headline.
    kind
        ``headline``, ``single``, ``bundle`` or ``joint``.
    label
        What it moves, in words.
    ends
        Entry -> ``low`` or ``high``.
    """

    number: int
    kind: str
    label: str
    ends: Mapping[str, str]


@dataclass(frozen=True)
class PlayedOption:
    """One option of a study.

    Attributes
    ----------
    name, label, short
        As the scenario has it.
    kinds
        Of its packages, such as ``fighters``, ``ground`` and ``aid``.
    planned_eur
        What it plans to spend in the study's days.
    """

    name: str
    label: str
    short: str
    kinds: tuple[str, ...]
    planned_eur: float


@dataclass(frozen=True)
class StudyFigures:
    """What a study says.

    Attributes
    ----------
    document
        Plain data, see `digest`.
    view
        The study, where differences of other options than to the baseline may be read by arm; None of a digest.
    """

    document: Mapping[str, Any]
    view: StudyView | None = field(default=None, compare=False, repr=False)

    @property
    def study_key(self) -> str:
        """The study's key."""
        return str(self.document["study_key"])

    @property
    def days(self) -> int:
        """Days played."""
        return int(self.document["days"])

    @property
    def baseline(self) -> str:
        """The option that differences are taken to."""
        return str(self.document["baseline"])

    @property
    def marks(self) -> list[str]:
        """What must be said about how far the study may be trusted."""
        return list(self.document["marks"])

    @functools.cached_property
    def options(self) -> dict[str, PlayedOption]:
        """The options by name, in the scenario's order."""
        return {name: PlayedOption(name, of["label"], of["short"], tuple(of["kinds"]), of["planned_eur"])
                for name, of in self.document["options"].items()}

    @functools.cached_property
    def arms(self) -> tuple[PlayedArm, ...]:
        """The arms, the headline first."""
        return tuple(PlayedArm(k, arm["kind"], arm["label"], arm["ends"])
                     for k, arm in enumerate(self.document["arms"]))

    @property
    def rivals(self) -> dict[str, int]:
        """Which arm plays each rival model of the own defence: ``along`` the way, or ``near`` the aims."""
        ends = {arm.ends[RIVAL]: arm.number for arm in self.arms if arm.kind == "single" and RIVAL in arm.ends}
        return {name: ends[end] for name, end in (("near", "low"), ("along", "high")) if end in ends}

    def has(self, measure: str) -> bool:
        """Say whether the study counted a measure."""
        return measure in self.document["paired"]

    def figure(self, option: str, measure: str) -> Figure:
        """Return an option's paired difference to the baseline, zero for the baseline itself.

        Raises
        ------
        SkyShieldError
            If the study has no such option or measure.

        Examples
        --------
        >>> open_figures().figure("own", "prevented_armed")
        Figure(mean=0.0, lo=0.0, hi=0.0, mcse=0.0)
        """
        self._check(option, measure)
        if option == self.baseline:
            return Figure(0.0, 0.0, 0.0, 0.0)
        return Figure(*self.document["paired"][measure][option])

    def mean(self, option: str, measure: str) -> Figure:
        """Return an option's own figure, not a difference."""
        self._check(option, measure)
        return Figure(*self.document["own"][measure][option])

    def phases(self) -> list[str]:
        """Return the names of the phases; empty of a study that has but one."""
        return list(self.document["phases"])

    def phase(self, phase: str, option: str, measure: str) -> Figure:
        """Return an option's own figure in one phase."""
        try:
            return Figure(*self.document["phases"][phase][measure][option])
        except KeyError:
            raise SkyShieldError(f"phase {phase!r}", f"says nothing of {option}, {measure}",
                                 "run a scenario that has it") from None

    def by_arm(self, measure: str, option: str, to: str | None = None) -> list[Figure | None]:
        """Return the paired difference of an option to another by arm, None where the arm does not play both.

        Raises
        ------
        SkyShieldError
            If the study has no such option, or did not tell the measure by arm.
        """
        self._check(option, measure)
        other = self.baseline if to is None else to
        self._check(other, measure)
        rows = self._rows(measure, option, other)
        return [Figure(*rows[arm.number]) if arm.number in rows
                else Figure(*rows[0]) if arm.kind != JOINT else None for arm in self.arms]

    def baseline_by_arm(self, measure: str) -> list[Figure]:
        """Return by arm how many incidents of a kind the baseline has itself.

        Raises
        ------
        SkyShieldError
            If the study did not tell it.
        """
        rows = self.document.get("baseline_by_arm", {}).get(measure)
        if rows is None:
            raise SkyShieldError(f"measure {measure!r}", "is not told of the baseline by arm", "ask for incidents")
        told = {int(arm): row for arm, row in rows.items()}
        return [Figure(*told.get(arm.number, told[0])) for arm in self.arms]

    def months_with_fire(self, option: str) -> Figure:
        """Return in how many months an option shoots, in the headline; a month of less than one round counts in part.

        Examples
        --------
        >>> open_figures().months_with_fire("own")
        Figure(mean=0, lo=0, hi=0, mcse=None)
        """
        return Figure(*self.document["months_with_fire"][option])

    def _rows(self, measure: str, option: str, other: str) -> Mapping[int, Sequence[Any]]:
        if option == other:
            return {0: (0.0, 0.0, 0.0, 0.0)} | {arm.number: (0.0, 0.0, 0.0, 0.0) for arm in self.arms}
        if self.baseline in (option, other):
            one = other if option == self.baseline else option
            rows = self.document["by_arm"].get(measure, {}).get(one, self._pair(measure, one, self.baseline))
        else:
            one, rows = option, self._pair(measure, option, other)
        if rows is None and self.view is not None:
            rows = differences_by_arm(self.view.result, [(one, self.baseline if one != option else other)], measure)[0]
        if rows is None:
            raise SkyShieldError(f"study {self.study_key[:12]}", f"does not tell {measure} of {option} by arm",
                                 "name the folder of a stored study")
        told = {int(arm): row for arm, row in rows.items()}
        return told if option != self.baseline else {arm: _turned(row) for arm, row in told.items()}

    def _pair(self, measure: str, option: str, other: str) -> Mapping[int, Sequence[Any]] | None:
        rows: Mapping[int, Sequence[Any]] | None = self.document["pairs_by_arm"].get(measure, {}).get(
            f"{option} - {other}")
        return rows

    def _check(self, option: str, measure: str) -> None:
        if option not in self.document["options"]:
            raise SkyShieldError(f"option {option!r}", "is not in the study",
                                 f"choose from {', '.join(self.document['options'])}")
        if not self.has(measure):
            raise SkyShieldError(f"measure {measure!r}", "is not in the study", "run it again with this version")


def _turned(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a difference the other way round."""
    mean, lo, hi, mcse = row
    return (-mean, None if hi is None else -hi, None if lo is None else -lo, mcse)


def open_figures(folder: Path | None = None) -> StudyFigures:
    """Return what a stored study says; without a folder, the shipped study of `guarantees`.

    Raises
    ------
    SkyShieldError
        If the folder holds no whole study, or one of an earlier version.

    Examples
    --------
    >>> found = open_figures()
    >>> found.baseline, found.days, found.phases()
    ('own', 365, ['war', 'ceasefire', 'violation', 'collapse'])
    """
    if folder is None:
        return StudyFigures(_shipped())
    view = StudyView.open(folder)
    return StudyFigures(digest(view), view)


@functools.cache
def _shipped() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(read_bytes(SHIPPED))
    return content


def digest(view: StudyView, pairs: Sequence[tuple[str, str, str]] = (), digits: int | None = None) -> dict[str, Any]:
    """Return what a study says of its options, by phase and arm, as plain data.

    Parameters
    ----------
    view
        The study, compared with its baseline.
    pairs
        Measure, option and other option whose difference is told by arm too.
    digits
        Significant digits; all if not given.

    Returns
    -------
    dict
        ``options``, ``arms``; ``months_with_fire``; ``baseline_by_arm``: kind of incident -> arm -> how many the
        baseline has; ``own`` and ``paired``: measure -> option -> mean, lo, hi, mcse; ``by_arm``: measure ->
        option -> arm -> the same; ``pairs_by_arm``; ``phases``: phase -> measure -> option -> mean, lo, hi.
    """
    manifest, dropped = view.manifest, view.dropped
    names = [name for name in manifest["options"] if name not in dropped]
    planned, kinds = manifest["planned"], {option.name: sorted({package.kind for package in option.packages})
                                           for option in view.scenario.options}
    content = {
        **{name: manifest[name] for name in _HELD if name in manifest}, "baseline": view.resolved.baseline,
        "scenario": view.scenario.name, "marks": view.marks,
        "options": {name: {"label": view.labels[name], "short": view.shorts[name], "kinds": kinds[name],
                           "planned_eur": _planned(planned.get(name, {}))} for name in names},
        "arms": _arms(view.played_arms, view.catalogue),
        "own": _by_measure(view.summaries, names, "mean"),
        "paired": _by_measure(view.comparison.rows, [name for name in names if name != view.to], "delta"),
        "by_arm": {measure: {name: row for name, row in of.items() if name not in dropped}
                   for measure, of in view.by_arm.items()},
        "baseline_by_arm": view.baseline_by_arm, "months_with_fire": {name: _fire(view.months, name) for name in names},
        "pairs_by_arm": {}, "phases": {row["phase"]: _by_measure(row["options"], names, "mean") for row in view.phases}}
    for measure, option, other in pairs:
        content["pairs_by_arm"].setdefault(measure, {})[f"{option} - {other}"] = differences_by_arm(
            view.result, [(option, other)], measure)[0]
    return content if digits is None else _rounded(content, digits)


def shipped_text(view: StudyView, pairs: Sequence[tuple[str, str, str]]) -> str:
    """Return the text of the shipped digest."""
    return json.dumps(digest(view, pairs, _DIGITS), ensure_ascii=False, separators=(",", ":")) + "\n"


def _fire(months: Sequence[Mapping[str, Any]], option: str) -> list[float]:
    """Return in how many months munitions are spent: mean, lo, hi, each month with the rounds expected or 1."""
    rows = [month["options"][option]["munitions"] for month in months]
    reach = [(row["mean"], *(ends(row, "mean") or (row["mean"],) * 2)) for row in rows]
    return [sum(min(1.0, max(0.0, of[k])) for of in reach) for k in range(3)]


def _planned(money: Mapping[str, Mapping[str, float]]) -> float:
    return float(sum(money.get("fully_loaded", {}).values()))


def _arms(played: Sequence[Arm], catalogue: Catalogue) -> list[dict[str, Any]]:
    words = {moved.arm: f"{moved.label}: {moved.end} end" for moved in moves(played, catalogue)}
    said = {HEADLINE: "headline", JOINT: "all numbers that nobody knows, together"}
    return [{"kind": arm.kind, "ends": dict(arm.ends), "label": words.get(k, said.get(arm.kind, arm.kind))}
            for k, arm in enumerate(played) if arm.kind != RELIEF]


def _by_measure(rows: Mapping[str, Mapping[str, Any]], names: Sequence[str],
                middle: str) -> dict[str, dict[str, list[Any]]]:
    measures = next((list(rows[name]) for name in names if name in rows), [])
    return {measure: {name: _told(rows[name][measure], middle) for name in names if name in rows}
            for measure in measures}


def _told(row: Mapping[str, Any], middle: str) -> list[Any]:
    return [row[middle], *(ends(row, middle) or (None, None)), row.get("mcse")]


def _rounded(content: Any, digits: int) -> Any:
    if isinstance(content, Mapping):
        return {str(key): _rounded(value, digits) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded(value, digits) for value in content]
    if isinstance(content, float):
        short = float(f"{content:.{digits}g}")
        return int(short) if short.is_integer() else short
    return content
