"""A study as every output sees it: each figure that more than one of them needs is worked out once, when first needed.

The document that ``--json`` prints, the report and the tables on a terminal all read the same `StudyView`, so they
cannot differ, and a study is compared once however many outputs are written. A stored study keeps that document as
``summary.json``: `StudyView.open` says from it what the study says, and reads totals only for what it does not hold,
such as differences to another option than the baseline.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from skyshield.catalogue import Catalogue
from skyshield.core.arrays import Floats
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes
from skyshield.raids import Fit
from skyshield.scenario import Resolved, Scenario
from skyshield.study import store
from skyshield.study.breakeven import ALONG, absorption, lever, levers
from skyshield.study.by_arm import by_arm_json, levels_by_arm
from skyshield.study.by_month import months_json
from skyshield.study.by_phase import phases_json
from skyshield.study.clauses import clause_prices, columns_of
from skyshield.study.compare import (
    PRIMARIES,
    Comparison,
    compare,
    marks,
    options_summary,
    over_arms,
    paired_sums,
    relief_rows,
    rivals,
    rounded,
)
from skyshield.study.dominance import dominated
from skyshield.study.key import study_key
from skyshield.study.moves import Moved, moves
from skyshield.study.pairs import AID, VOLUME, fewer_armed_leakers, pair_differences, pairs_of
from skyshield.study.parquet import Parquet
from skyshield.study.plan import RELIEF, Arm, arm_replications, read_arms
from skyshield.study.reader import read, read_resolved, read_whole
from skyshield.study.result import StudyResult
from skyshield.study.told import Summary
from skyshield.theatre import Theatre

# Measures that are added up over the classes, by the beginning of their columns.
SUMMED = {"prevented": "prevented/", "redundant": "redundant/", "leaked": "leaked/"}
_ROOM = Path(__file__).parent


class StudyView:
    """A study with the scenario it was run with, compared with one of its options.

    Parameters
    ----------
    result
        The study; None if it is opened by its summary.
    resolved
        The scenario that it was run with.
    to
        The option that differences are taken to; the scenario's baseline if not given.
    manifest, folder
        Of a study that is stored and whose totals are read when first needed.
    against
        Options that every other one is held against, besides the pairs of the scenario.

    Attributes
    ----------
    summary
        What ``run --json`` prints of a study that is opened by its summary; empty if the view works it out.
    """

    def __init__(self, result: StudyResult | None, resolved: Resolved, to: str | None = None,
                 manifest: dict[str, Any] | None = None, folder: Path | None = None,
                 against: Sequence[str] = ()) -> None:
        if result is not None:
            self.result, manifest, folder = result, result.manifest, result.folder
        self.resolved, self.folder, self.against = resolved, folder, tuple(against)
        self.manifest: dict[str, Any] = manifest or {}
        self.to = resolved.baseline if to is None else to
        self.summary: dict[str, Any] = {}

    @classmethod
    def open(cls, folder: Path, to: str | None = None, against: Sequence[str] = ()) -> "StudyView":
        """Open a stored study by its summary.

        Raises
        ------
        SkyShieldError
            If it is not whole, or has no such option.
        """
        manifest = read_whole(folder)
        view = cls(None, read_resolved(folder, manifest), to, manifest, folder, against)
        if view.to not in manifest["options"]:
            raise SkyShieldError(f"option {to!r}", "is not in the study",
                                 f"choose from {', '.join(manifest['options'])}")
        if view.to == manifest["baseline"] and manifest.get("summary_code_sha256") == summary_code_sha256():
            view.summary = json.loads(read_bytes(folder / store.SUMMARY))
        return view

    @functools.cached_property
    def result(self) -> StudyResult:
        """The study with its totals, read when first needed."""
        if self.folder is None:
            raise SkyShieldError("study", "has no totals", "run it again")
        return read(self.folder)[0]

    @functools.cached_property
    def _parts(self) -> tuple[Scenario, Fit, Catalogue, Theatre]:
        return self.resolved.parts()

    @property
    def scenario(self) -> Scenario:
        """The scenario that the study was run with."""
        return self._parts[0]

    @property
    def fit(self) -> Fit:
        """Its fit of the record."""
        return self._parts[1]

    @property
    def catalogue(self) -> Catalogue:
        """Its numbers."""
        return self._parts[2]

    @property
    def theatre(self) -> Theatre:
        """Its places."""
        return self._parts[3]

    @functools.cached_property
    def parameters(self) -> dict[str, Floats]:
        """Name -> f8[vector]: the parameters of the headline arm, SI units."""
        if "result" in self.__dict__ or self.folder is None:
            return self.result.parameters
        with Parquet() as parquet:
            columns = parquet.read(self.folder / store.PARAMETERS)
        columns.pop("vector")
        return columns

    @property
    def parameter_names(self) -> list[str]:
        """Names of the parameters."""
        return list(self.manifest["parameters"])

    @functools.cached_property
    def played_arms(self) -> tuple[Arm, ...]:
        """What each arm plays, the headline first."""
        return read_arms(self.manifest)

    @property
    def replications(self) -> tuple[int, ...]:
        """How many replications a vector each arm plays."""
        return arm_replications(len(self.played_arms), int(self.manifest["replications"]))

    @property
    def sizes(self) -> tuple[int, int]:
        """Vectors, and replications a vector of the headline."""
        return int(self.manifest["vectors"]), int(self.manifest["replications"])

    @property
    def joint(self) -> dict[str, list[int]]:
        """Option -> the numbers of the arms that are worst and best for it; empty in studies that have none."""
        return dict(self.manifest.get("joint", {}))

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """Option -> its label."""
        return {option.name: option.label for option in self.scenario.options}

    @functools.cached_property
    def shorts(self) -> dict[str, str]:
        """Option -> its short label; its label where it has none."""
        return {option.name: option.short or option.label for option in self.scenario.options}

    @functools.cached_property
    def dropped(self) -> dict[str, tuple[str, str]]:
        """Option that only prices a clause -> the option it is without a clause of, and the clause."""
        return self.scenario.dropped_clauses()

    @functools.cached_property
    def comparison(self) -> Comparison:
        """Paired differences of every option."""
        return Comparison(self.to, self.summary["paired"]) if self.summary else compare(self.result, self.to)

    def shown(self, measures: Sequence[str]) -> Comparison:
        """Return paired differences of some measures alone, where those of all are not there already."""
        if self.summary or "comparison" in self.__dict__:
            return self.comparison
        return compare(self.result, self.to, measures)

    @functools.cached_property
    def compared(self) -> Comparison:
        """The same without the options that only price a clause."""
        return Comparison(self.to, {option: row for option, row in self.comparison.rows.items()
                                    if option not in self.dropped})

    @functools.cached_property
    def sums(self) -> dict[str, dict[str, Summary]]:
        """Option -> prevented, redundant, leaked -> its paired difference with all classes added up."""
        if self.summary:
            return dict(self.summary["sums"])
        pairs = [(option, self.to) for option in self.result.options if option != self.to]
        rows = {name: paired_sums(self.result, pairs, columns_of(prefix)) for name, prefix in SUMMED.items()}
        return {option: {name: rows[name][option] for name in rows} for option, _ in pairs}

    @functools.cached_property
    def summaries(self) -> dict[str, dict[str, Summary]]:
        """Option -> measure -> its own summary."""
        return self.summary["options"] if self.summary else options_summary(self.result)

    @functools.cached_property
    def arms(self) -> dict[str, list[Summary]]:
        """Option -> one paired difference of the primary measure an arm of the envelope, the headline first."""
        return self.summary["arms"] if self.summary else over_arms(self.result, self.to)

    @functools.cached_property
    def by_arm(self) -> dict[str, dict[str, dict[int, list[float | None]]]]:
        """Measure -> option -> arm -> delta, lo, hi, mcse to the baseline, see `skyshield.study.by_arm`."""
        if self.summary:
            return {measure: {option: {int(arm): row for arm, row in rows.items()} for option, rows in of.items()}
                    for measure, of in self.summary["by_arm"].items()}
        return by_arm_json(self.result, self.resolved.baseline)

    @functools.cached_property
    def baseline_by_arm(self) -> dict[str, dict[int, list[float | None]]]:
        """Kind of incident -> arm -> how many the baseline has, its ends and error, see `skyshield.study.by_arm`."""
        if self.summary:
            return {measure: {int(arm): row for arm, row in rows.items()}
                    for measure, rows in self.summary["baseline_by_arm"].items()}
        return levels_by_arm(self.result, self.resolved.baseline)

    @functools.cached_property
    def months(self) -> list[dict[str, Any]]:
        """What each month says of every option, see `skyshield.study.by_month`."""
        if self.summary:
            return list(self.summary["months"])
        return months_json(self.result, self.scenario.start_date, self.to)

    @functools.cached_property
    def phases(self) -> list[dict[str, Any]]:
        """What each phase says of every option, see `skyshield.study.by_phase`; empty where there is but one."""
        if self.summary:
            return list(self.summary.get("phases", []))
        return phases_json(self.result, [phase.name for phase in self.scenario.phases], self.to)

    @functools.cached_property
    def dominated(self) -> dict[str, list[str]]:
        """Option -> those that keep more from its aim in every arm, see `skyshield.study.dominance`."""
        if self.summary:
            return dict(self.summary["dominated"])
        return dominated(self.result, [name for name in self.result.options if name not in self.dropped])

    @functools.cached_property
    def moves(self) -> list[Moved]:
        """Each arm that moves one entry without a centre, or one bundle of them, alone to an end."""
        return moves(self.played_arms, self.catalogue)

    @functools.cached_property
    def pairs(self) -> list[dict[str, Any]]:
        """Options held against one another, see `skyshield.study.pairs`, each measure with where the lead changes."""
        stored = self.summary.get("pairs", [])
        there = {(row["option"], row["to"]) for row in stored}
        missing = [pair for pair in pairs_of(self.scenario, self.against)
                   if pair[:2] not in there and {*pair[:2]} <= {*self.manifest["options"]}]
        made = pair_differences(self.result, missing) if missing else []
        for row in made:
            for measure, told in row["measures"].items():
                told["levers"] = self._levers(row["option"], row["to"], measure)
        return [*stored, *made]

    def _levers(self, option: str, to: str, measure: str) -> dict[str, Any]:
        """Return lever -> where the lead of two options changes."""
        by_arm = self._by_arm[measure]
        still = [{"delta": 0.0}] * len(next(iter(by_arm.values()), []))  # the baseline
        one, other = by_arm.get(option, still), by_arm.get(to, still)
        minus = [None if a["delta"] is None or b["delta"] is None else a["delta"] - b["delta"]
                 for a, b in zip(one, other, strict=True)]
        arms = [arm for arm in self.played_arms if arm.in_envelope]
        found = levers(minus, arms, self.catalogue, self.scenario.assumptions, self.parameters.get(ALONG))
        aided = self.scenario.option(to).role == "aid" and self.scenario.option(option).role != "aid"
        least = absorption(one[0]["delta"], other[0]["delta"], self.catalogue) if aided else None
        return {lever.name: lever.plain() for lever in (*found, *([least] if least else []))}

    @functools.cached_property
    def _by_arm(self) -> dict[str, dict[str, list[Summary]]]:
        """Primary measure -> option -> its difference to the baseline, by arm of the envelope.

        Whatever the view compares with: what aid must absorb is told from what each prevents, not from a difference.
        """
        return {measure: over_arms(self.result, self.resolved.baseline, measure) for measure in PRIMARIES}

    @property
    def breakeven(self) -> dict[str, dict[str, Any]]:
        """Option with forces -> the first aid with its money; primary measure -> lever -> where the lead changes."""
        return {row["option"]: {"aid": row["to"], "measures": {
            measure: told["levers"] for measure, told in row["measures"].items()}}
            for row in reversed(self.pairs) if row["why"] == AID}

    @functools.cached_property
    def more_launches(self) -> dict[str, dict[str, Any]]:
        """Option -> by how many times more launches its lead over the baseline in the country is made up for.

        As a lever, see `skyshield.study.breakeven`; empty if launches were not moved.
        """
        if self.summary:
            return dict(self.summary["more_launches"])
        arms = [arm for arm in self.played_arms if arm.in_envelope]
        found = {option: lever(VOLUME, by_arm, arms, self.catalogue, self.scenario.assumptions)
                 for option, by_arm in fewer_armed_leakers(self.result, self.resolved.baseline).items()}
        return {option: one.plain() for option, one in found.items() if one is not None}

    @functools.cached_property
    def rivals(self) -> dict[str, dict[str, Any]]:
        """Option -> under which rival models of the own defence it prevents more than zero."""
        return self.summary["rivals"] if self.summary else rivals(self.result, self.arms)

    @functools.cached_property
    def relief(self) -> dict[str, dict[str, Summary]]:
        """Option -> measure -> paired difference in the arm that supposes relief; empty if it was not played."""
        return self.summary.get("relief", {}) if self.summary else relief_rows(self.result, self.to)

    @functools.cached_property
    def failures(self) -> list[dict[str, Any]]:
        """One row a failed replication: arm, vector, replication, stage, error."""
        return self.summary["failures"] if self.summary else self.result.failures()

    @functools.cached_property
    def marks(self) -> list[str]:
        """What every output must say about how far the study may be trusted."""
        return self.summary["marks"] if self.summary else marks(self.result, self.fit.status)

    @functools.cached_property
    def prices(self) -> list[dict[str, Any]]:
        """The price of each clause that was dropped."""
        return self.summary.get("clauses", []) if self.summary else clause_prices(self.result, self.dropped)


def reopened(folder: Path, resolved: Resolved, seed: int, vectors: int, replications: int, relief: bool = False,
             daily: bool = False) -> StudyView | None:
    """Return a stored study that holds all that is asked, None if anything of it is still to be played or summarised.

    Raises
    ------
    SkyShieldError
        If another process is at work in the folder.
    """
    try:
        manifest = store.read_manifest(folder)
        days = int(manifest["days"])
        if manifest["study_key"] != study_key(resolved, seed, days) or days != resolved.days \
                or manifest["resolved_sha256"] != resolved.sha256:  # the same study in other words
            return None
        view = StudyView.open(folder)
    except SkyShieldError:
        return None
    with store.locked(folder):
        enough = manifest["vectors"] >= vectors and manifest["replications"] >= replications
        kept = (manifest["daily"] or not daily) and (not relief or any(a.kind == RELIEF for a in view.played_arms))
        clean = not store.leftovers(folder)
        return view if enough and kept and clean and view.summary else None


@functools.cache
def summary_code_sha256() -> str:
    """Return the hash of the code that makes summaries: another version makes the summary of a stored study anew."""
    digest = hashlib.sha256()
    for path in sorted(_ROOM.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def summary_text(document: dict[str, Any]) -> str:
    """Return a document as ``--json`` prints it and ``summary.json`` keeps it: 6 significant digits."""
    return json.dumps(rounded(document), indent=1, ensure_ascii=False, allow_nan=False)
