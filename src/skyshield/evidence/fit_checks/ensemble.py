"""Many synthetic records from the rows of a fit in turn, and their facts; on several processes if asked for."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from skyshield.calibrate.observations import Observations
from skyshield.core.arrays import Floats
from skyshield.evidence.fit_checks.facts import Fact, compute, load_facts
from skyshield.evidence.fit_checks.generate import Reporting, generate
from skyshield.evidence.fit_checks.levels import followed_levels
from skyshield.raids.fit import Fit, fit_text

In = TypeVar("In")
Out = TypeVar("Out")

N_RECORDS = 1000
_CHUNKS_PER_JOB = 8


@dataclass(frozen=True)
class Ensemble:
    """Records to be made: of which fit, on which days, how many, with which history of the levels.

    Attributes
    ----------
    fit
        Its rows are used in turn.
    reporting
        Which days the records have and what they tell.
    seed
        Addresses the records.
    n_records
        How many.
    paths
        f8[record, day, level], the history of the levels each record follows; None lets them wander freely, to the
        row's values on the last day.
    """

    fit: Fit
    reporting: Reporting
    seed: int
    n_records: int = N_RECORDS
    paths: Floats | None = None

    def row(self, record: int) -> int:
        """Return the row of the fit a record is made from."""
        return record % len(self.fit.rows)

    def record(self, record: int) -> Observations:
        """Return one record."""
        return generate(self.fit, self.row(record), len(self.reporting.date), self.seed, record, self.reporting,
                        levels=None if self.paths is None else self.paths[record])


@dataclass(frozen=True)
class _FactsOf:
    ensemble: Ensemble
    facts: tuple[Fact, ...]

    def __call__(self, record: int) -> Floats:
        return compute(self.ensemble.record(record), self.facts)


@dataclass(frozen=True)
class _PathOf:
    fit: Fit
    observations: Observations
    seed: int

    def __call__(self, record: int) -> Floats:
        return followed_levels(self.fit, record % len(self.fit.rows), self.observations, self.seed + record)


def fit_sha256(fit: Fit) -> str:
    """Return the hash of a fit's numbers and window, by which stored evidence names the fit it is about.

    Words, statuses and diagnostics are left out: they change nothing that is played.

    Examples
    --------
    >>> from skyshield.raids.fit import embedded_fit
    >>> len(fit_sha256(embedded_fit()))
    64
    """
    bare = replace(fit, source="", status="", identified=(), diagnostics={})
    return hashlib.sha256(fit_text(bare).encode()).hexdigest()


def parallel_map(function: Callable[[In], Out], items: Iterable[In], jobs: int) -> Iterator[Out]:
    """Map over items in order, on several processes if more than one job is asked for.

    Examples
    --------
    >>> list(parallel_map(abs, [-1, 2], 1))
    [1, 2]
    """
    pending = list(items)
    if jobs <= 1 or len(pending) <= 1:
        yield from map(function, pending)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(function, pending, chunksize=max(1, len(pending) // (_CHUNKS_PER_JOB * jobs)))


def history(fit: Fit, observations: Observations, seed: int, n_records: int = N_RECORDS, jobs: int = 1) -> Floats:
    """Return draws of the levels' history in a record, f8[record, day, level], one for each record to be made."""
    return np.array(list(parallel_map(_PathOf(fit, observations, seed), range(n_records), jobs)))


def facts_of(ensemble: Ensemble, facts: Sequence[Fact] | None = None, jobs: int = 1) -> Floats:
    """Return the facts of every record of an ensemble.

    Parameters
    ----------
    ensemble
        The records.
    facts
        All of the table if not given.
    jobs
        Processes; the result does not depend on it.

    Returns
    -------
    numpy.ndarray
        f8[record, fact].
    """
    selected = load_facts() if facts is None else tuple(facts)
    return np.array(list(parallel_map(_FactsOf(ensemble, selected), range(ensemble.n_records), jobs)))
