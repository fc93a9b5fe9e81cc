"""A study as every output sees it: each figure that more than one of them needs is worked out once, when first needed.

The document that ``--json`` prints, the report and the tables on a terminal all read the same `StudyView`, so they
cannot differ, and a study is compared once however many outputs are written.
"""

import functools
from typing import Any

from skyshield.core.arrays import Floats
from skyshield.scenario import Resolved
from skyshield.study.clauses import LEAKED, clause_prices, columns_of
from skyshield.study.compare import (
    Comparison,
    compare,
    marks,
    options_summary,
    over_arms,
    paired_sum,
    relief_rows,
    rivals,
    single_moves,
)
from skyshield.study.plan import Arm, arm_replications
from skyshield.study.result import StudyResult
from skyshield.study.summary import Summary

SUMMED = {"prevented": "prevented/", "redundant": "redundant/", "leaked": LEAKED}  # measures added up over the classes


class StudyView:
    """A study with the scenario it was run with, compared with one of its options.

    Parameters
    ----------
    result
        The study.
    resolved
        The scenario that it was run with.
    to
        The option that differences are taken to; the scenario's baseline if not given.
    """

    def __init__(self, result: StudyResult, resolved: Resolved, to: str | None = None) -> None:
        self.result, self.resolved = result, resolved
        self.to = resolved.baseline if to is None else to
        self.scenario, self.fit, self.catalogue, self.theatre = resolved.parts()

    @property
    def manifest(self) -> dict[str, Any]:
        """The study's manifest: key, sizes, options, versions."""
        return self.result.manifest

    @property
    def parameters(self) -> dict[str, Floats]:
        """Name -> f8[vector]: the parameters of the headline arm, SI units."""
        return self.result.parameters

    @functools.cached_property
    def played_arms(self) -> tuple[Arm, ...]:
        """What each arm plays, the headline first."""
        return self.result.arms

    @property
    def replications(self) -> tuple[int, ...]:
        """How many replications a vector each arm plays."""
        return arm_replications(len(self.played_arms), int(self.manifest["replications"]))

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """Option -> its label."""
        return {option.name: option.label for option in self.scenario.options}

    @functools.cached_property
    def dropped(self) -> dict[str, tuple[str, str]]:
        """Option that only prices a clause -> the option it is without a clause of, and the clause."""
        return self.scenario.dropped_clauses()

    @functools.cached_property
    def comparison(self) -> Comparison:
        """Paired differences of every option."""
        return compare(self.result, self.to)

    @functools.cached_property
    def compared(self) -> Comparison:
        """The same without the options that only price a clause."""
        return Comparison(self.to, {option: row for option, row in self.comparison.rows.items()
                                    if option not in self.dropped})

    @functools.cached_property
    def sums(self) -> dict[str, dict[str, Summary]]:
        """Option -> prevented, redundant, leaked -> its paired difference with all classes added up."""
        return {option: {name: paired_sum(self.result, option, self.to, columns_of(prefix))
                         for name, prefix in SUMMED.items()} for option in self.comparison.rows}

    @functools.cached_property
    def summaries(self) -> dict[str, dict[str, Summary]]:
        """Option -> measure -> its own summary."""
        return options_summary(self.result)

    @functools.cached_property
    def arms(self) -> dict[str, list[Summary]]:
        """Option -> one paired difference of the primary measure an arm of the envelope, the headline first."""
        return over_arms(self.result, self.to)

    @functools.cached_property
    def moves(self) -> list[tuple[int, str, str]]:
        """Each arm that moves one entry without a centre alone: arm, entry, end."""
        return single_moves(self.result)

    @functools.cached_property
    def rivals(self) -> dict[str, dict[str, Any]]:
        """Option -> under which rival models of the own defence it prevents more than zero."""
        return rivals(self.result, self.arms)

    @functools.cached_property
    def relief(self) -> dict[str, dict[str, Summary]]:
        """Option -> measure -> paired difference in the arm that supposes relief; empty if it was not played."""
        return relief_rows(self.result, self.to)

    @functools.cached_property
    def marks(self) -> list[str]:
        """What every output must say about how far the study may be trusted."""
        return marks(self.result, self.fit.status)

    @functools.cached_property
    def prices(self) -> list[dict[str, Any]]:
        """The price of each clause that was dropped."""
        return clause_prices(self.result, self.dropped)
