r"""Two studies compared: what an option of the second comes to, minus the option of the same name in the first.

Where both met the same raids they are paired: vector k, replication r of the one has the raids and the drawn numbers of
vector k, replication r of the other, so the difference is taken replication by replication, over the vectors and the
replications that both have, and summarised as every paired difference is (`skyshield.study.summary`). They met the same
raids if seed, fit, theatre and program are the same, the scenarios agree in what decides raids (`RAID_FIELDS`), and so
do the numbers of the catalogue about raids and Ukraine's own defence (`RAID_SUBJECTS`). As a check, a baseline that is
the same in both must have met as many launches of each class in every replication.

Otherwise the two are independent samples. The difference is that of the means; ``lo, hi`` are 95% of e_b[j] - e_a[i]
over all pairs of vectors, with e the vectors' expected outcomes (noise taken out, as in every interval), which is
wider: what the studies have in common does not cancel. ``mcse`` is the root of the sum of both squares.

With an option to compare with, differences are taken to it inside each study first.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skyshield.core.arrays import Booleans, Floats
from skyshield.core.errors import SkyShieldError
from skyshield.scenario import Scenario
from skyshield.study.reader import read_headline
from skyshield.study.result import MEASURES, StudyResult
from skyshield.study.summary import expected_outcomes, figures, summarise, tails
from skyshield.study.told import WITHIN_NOISE, Summary, is_noise
from skyshield.study.view import StudyView

RAID_FIELDS = ("start_date", "days", "decided_before_days", "phases")
RAID_SUBJECTS = ("raids", "raid_geography", "destinations", "growth", "threats", "own_defence")
OTHER_FIELDS = ("of_days", "baseline", "protected_area", "members")
MANIFEST_PARTS = {"seed": "seed", "kernel_sha256": "the engine", "model_sha256": "the version of the program"}
NUMBERS = ("unit", "low", "central", "high", "distribution", "reference", "bundle")  # of an entry; the rest is words
LAUNCHED = tuple(name for name in MEASURES if name.startswith("launched/"))
_ROUNDING = 1e-12  # means of the same numbers, added in another order
MOST_POINTS = 400  # of each sample in the interval of independent ones


@dataclasses.dataclass(frozen=True)
class TwoStudies:
    """Two studies and what sets them apart.

    Attributes
    ----------
    a, b
        The studies.
    to
        Option that differences are taken to inside each study first, None for none.
    why_not
        Why they are not paired, empty if they are.
    changed
        ``options``: option -> which of its fields differ; ``numbers``: entries of the catalogue, and ``scenario``:
        fields of the scenario, that differ and do not decide the raids.
    """

    a: StudyResult
    b: StudyResult
    to: str | None
    why_not: tuple[str, ...]
    changed: dict[str, Any]

    @property
    def paired(self) -> bool:
        """Whether differences are taken replication by replication."""
        return not self.why_not

    @property
    def shared(self) -> tuple[str, ...]:
        """Options that both have and that are compared, in the order of the second."""
        return tuple(name for name in self.b.options if name in self.a.options and name != self.to)

    @property
    def sizes(self) -> tuple[int, int]:
        """Vectors, and replications of each, over which a paired difference is taken."""
        a, b = self.a.sizes, self.b.sizes
        return min(a[0], b[0]), min(a[1], b[1])

    def only(self, one: StudyResult, other: StudyResult) -> list[str]:
        """Return the options of one that the other has not."""
        return [name for name in one.options if name not in other.options]

    def rows(self, measures: Sequence[str] = MEASURES) -> dict[str, dict[str, Summary]]:
        """Return option -> measure -> {delta, lo, hi, mcse, reason}."""
        every: dict[str, dict[str, Summary]] = {name: {} for name in self.shared}
        valid_a, valid_b = self.a.valid[0], self.b.valid[0]
        for measure in measures:
            values_a, values_b = (_of_options(one, measure, self.shared, self.to) for one in (self.a, self.b))
            for k, name in enumerate(self.shared):
                row = (paired_row(values_a[k], valid_a, values_b[k], valid_b) if self.paired
                       else independent_row(values_a[k], valid_a, values_b[k], valid_b))
                every[name][measure] = row
        return every


def two_studies(first: Path, second: Path, to: str | None = None) -> TwoStudies:
    """Open two stored studies and find what sets them apart.

    Raises
    ------
    SkyShieldError
        Exit code 2 if a folder holds no finished study, they have no option in common, or one lacks the option `to`.
    """
    return of_views(StudyView.open(first), StudyView.open(second), (first, second), to)


def of_views(one: StudyView, other: StudyView, folders: tuple[Path, Path], to: str | None = None) -> TwoStudies:
    """Find what sets two studies apart that lie in folders and were opened.

    Raises
    ------
    SkyShieldError
        As `two_studies`.
    """
    views, (first, second) = (one, other), folders
    for view, folder in zip(views, (first, second), strict=True):
        if to is not None and to not in view.manifest["options"]:
            raise SkyShieldError(f"option {to!r}", f"is not in the study {folder}",
                                 f"choose from {', '.join(view.manifest['options'])}")
    days = [int(view.manifest["days"]) for view in views]
    if days[0] != days[1]:
        raise SkyShieldError(f"{first}, {second}", f"are of {days[0]} and {days[1]} days, which do not compare",
                             f"run one of them with --days {min(days)}, in a new folder")
    a, b = (read_headline(folder, view.manifest) for folder, view in zip((first, second), views, strict=True))
    changed = what_changed(*views)
    found = TwoStudies(a, b, to, tuple(_why_not(*views) or _other_raids(a, b, changed)), changed)
    if not found.shared:
        raise SkyShieldError(f"{first}, {second}", "have no option in common to compare",
                             "compare studies of scenarios that share the names of options")
    return found


def two_json(found: TwoStudies) -> dict[str, Any]:
    """Return what ``compare A B --json`` prints."""
    size = dict(zip(("vectors", "replications"), found.sizes, strict=True)) if found.paired else {}
    return {"a": found.a.manifest["study_key"], "b": found.b.manifest["study_key"], "to": found.to,
            "paired": found.paired, "why_not": list(found.why_not), **size,
            "only_in_a": found.only(found.a, found.b), "only_in_b": found.only(found.b, found.a),
            "changed": found.changed, "differences": found.rows()}


def paired_row(a: Floats, valid_a: Booleans, b: Floats, valid_b: Booleans) -> Summary:
    """Summarise b minus a, [vector, replication] each, over the replications that both have.

    Examples
    --------
    >>> a, b = np.array([[1.0, 3.0], [5.0, 7.0]]), np.array([[2.0, 4.0, 9.0], [8.0, 10.0, 9.0]])
    >>> paired_row(a, a > 0.0, b, b > 0.0)["delta"]
    2.0
    """
    vectors, replications = (min(one, other) for one, other in zip(a.shape, b.shape, strict=True))
    part = np.s_[:vectors, :replications]
    return _row(summarise(b[part] - a[part], valid_a[part] & valid_b[part]))


def independent_row(a: Floats, valid_a: Booleans, b: Floats, valid_b: Booleans) -> Summary:
    """Summarise the difference of two independent samples [vector, replication], which may differ in size.

    Examples
    --------
    >>> a, b = np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([[5.0, 5.0], [5.0, 5.0], [5.0, 5.0]])
    >>> row = independent_row(a, a > 0.0, b, b > 0.0)
    >>> row["delta"], row["lo"], row["hi"], row["mcse"]
    (3.0, 2.0, 4.0, 0.0)
    """
    one, other = (figures(x[None], valid, spread=False).row(0) for x, valid in ((a, valid_a), (b, valid_b)))
    row: Summary = dict.fromkeys(("delta", "lo", "hi", "mcse"))
    if one["mean"] is None or other["mean"] is None:
        return row
    delta = other["mean"] - one["mean"]
    row["delta"] = 0.0 if abs(delta) <= _ROUNDING * abs(one["mean"]) else delta
    if one["mcse"] is not None and other["mcse"] is not None:
        row["mcse"] = float(np.hypot(one["mcse"], other["mcse"]))
    alone = next((of["reason"] for of in (one, other) if of["lo"] is None and of.get("reason") != WITHIN_NOISE), None)
    if alone is not None:
        return row | {"reason": alone}
    ends = [_points(expected_outcomes(x, valid)) for x, valid in ((a, valid_a), (b, valid_b))]
    row["lo"], row["hi"] = (float(end) for end in tails((ends[1][:, None] - ends[0][None, :]).ravel()))
    if is_noise(row["lo"], row["hi"], row["mcse"]):
        row |= {"lo": None, "hi": None, "reason": WITHIN_NOISE}
    return row


def _points(outcomes: Floats) -> Floats:
    """Return expected outcomes, or of very many evenly spaced quantiles."""
    there = outcomes[~np.isnan(outcomes)]
    return there if len(there) <= MOST_POINTS else np.quantile(there, (np.arange(MOST_POINTS) + 1 / 2) / MOST_POINTS)


def _row(summary: Summary) -> Summary:
    return {"delta": summary["mean"], **{name: summary[name] for name in ("lo", "hi", "mcse", "reason")
                                         if name in summary}}


def _of_options(result: StudyResult, measure: str, options: Sequence[str], to: str | None) -> list[Floats]:
    """Return f8[vector, replication] of each option, or its difference to another of the same study."""
    values = result.column(measure).values[0]
    base = 0.0 if to is None else values[result.options.index(to)]
    return [np.asarray(values[result.options.index(name)] - base) for name in options]


def _why_not(a: StudyView, b: StudyView) -> list[str]:
    """Return what differs of all that decides the raids."""
    found = [_told(words, a.manifest.get(name), b.manifest.get(name)) for name, words in MANIFEST_PARTS.items()
             if a.manifest.get(name) != b.manifest.get(name)]
    found += [name for name in ("fit", "theatre") if a.manifest["parts"][name] != b.manifest["parts"][name]]
    found += [_told(name, getattr(a.scenario, name), getattr(b.scenario, name)) for name in RAID_FIELDS
              if getattr(a.scenario, name) != getattr(b.scenario, name)]
    return found + [f"the number {name}" for name in _numbers(a, b) if _decides_raids(a, b, name)]


def _told(what: str, one: object, other: object) -> str:
    plain = all(isinstance(value, int) or type(value).__name__ == "date" for value in (one, other))
    return f"{what} ({one}, not {other})" if plain else what


def what_changed(a: StudyView, b: StudyView) -> dict[str, Any]:
    """Return what differs between two studies besides what decides the raids, as plain data."""
    return {"options": changed_options(a.scenario, b.scenario),
            "numbers": [name for name in _numbers(a, b) if not _decides_raids(a, b, name)],
            "scenario": [name for name in OTHER_FIELDS if getattr(a.scenario, name) != getattr(b.scenario, name)]}


def changed_options(a: Scenario, b: Scenario) -> dict[str, list[str]]:
    """Return, of the options with the same name in both scenarios, which are not the same, and in what.

    Examples
    --------
    >>> from skyshield.scenario import load
    >>> month = load("month")
    >>> loose = month.model_copy(update={"options": tuple(one.without("zone").model_copy(update={"name": one.name})
    ...                                                   for one in month.options)})
    >>> changed_options(month, loose)["region"]
    ['rules']
    """
    others = {option.name: option for option in b.options}
    found = {}
    for option in a.options:
        other = others.get(option.name)
        fields = [] if other is None else [name for name in ("packages", "rules", "budget")
                                           if getattr(option, name) != getattr(other, name)]
        if fields:
            found[option.name] = fields
    return found


def _numbers(a: StudyView, b: StudyView) -> list[str]:
    """Return the entries of the catalogue that differ in a number, or that one of the scenarios fixes elsewhere."""
    fixed_a, fixed_b = a.scenario.assumptions, b.scenario.assumptions

    def of(view: StudyView, fixed: Mapping[str, float], name: str) -> object:
        entry = view.catalogue.get(name)
        return fixed.get(name), None if entry is None else [getattr(entry, field) for field in NUMBERS]

    names = sorted({*a.catalogue, *b.catalogue})
    return [name for name in names if of(a, fixed_a, name) != of(b, fixed_b, name)]


def _decides_raids(a: StudyView, b: StudyView, name: str) -> bool:
    return any(entry.key == name for view in (a, b) for subject in RAID_SUBJECTS
               for entry in view.catalogue.subjects.get(subject, ()))


def _other_raids(a: StudyResult, b: StudyResult, changed: Mapping[str, Any]) -> list[str]:
    """Return that the raids differ, where an option that is the same in both did not meet the same launches."""
    vectors, replications = (min(one, other) for one, other in zip(a.sizes, b.sizes, strict=True))
    part = np.s_[:vectors, :replications]
    sound = a.valid[0][part] & b.valid[0][part]
    name = a.manifest["baseline"]
    if name not in b.options or name in changed["options"]:
        return []
    for measure in LAUNCHED:
        one, other = (result.column(measure).values[0][result.options.index(name)][part] for result in (a, b))
        if not np.array_equal(one[sound], other[sound]):
            return ["the raids themselves"]
    return []


